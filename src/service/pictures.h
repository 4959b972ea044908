#ifndef SERVICE_PICTURES_H
#define SERVICE_PICTURES_H

#include "store/pictures.h"

/*
 * Having a photograph decoded by a process that is locked in (anlan-image):
 * it gets the bytes on standard input and gives two clean copies on standard
 * output.  It has 30 seconds, and nothing that it answers is believed.  Takes
 * long: for worker threads only.
 */
struct pictures {
    const char *program; /* NULL: photographs are kept, but not shown */
    const char *data_dir;
    int deadline_ms; /* 0: 30 seconds */
};

/* Is this a type that can be had small? "image/jpeg" is, GIF and PDF are not.
 */
bool pictures_takes(struct str type);

/* Decode what fd gives, and keep the copies under sha. With whole, copies of
 * a picture of which some is missing are not kept. *fault: what it found;
 * PICTURE_OK: the copies are there.
 * Errors: ERR_BUSY (it does not work here; or took too long, then *fault is
 * PICTURE_PIXELS), ERR_FULL,
 * ERR_STORE. */
bool pictures_make(const struct pictures *, int64_t tenant, struct str sha,
                   int fd, bool whole, enum picture_fault *,
                   struct err *) MUST_USE;

/* Put the clean large copy in place of the file at path and tell its hash
 * (64 hex digits), so that nothing of the original stays: only for what was
 * decoded just now. Errors: ERR_FULL, ERR_STORE. */
bool pictures_replace(const struct pictures *, int64_t tenant, struct str sha,
                      const char *path, char new_sha[65], int64_t *size,
                      struct err *) MUST_USE;

/* For somebody who looks: the original stands in the store of files. What
 * cannot be had small is marked, and not tried again. */
bool pictures_look(const struct pictures *, int64_t tenant, struct str sha,
                   struct err *) MUST_USE;

#endif
