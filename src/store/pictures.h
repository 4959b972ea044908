#ifndef STORE_PICTURES_H
#define STORE_PICTURES_H

#include "codec/picture.h"
#include "store/store.h"

/*
 * Clean small copies of photographs, DIR/cache/TENANT/ab/SHA256.s and .l (the
 * small and the large one); .x says that there are none to be had.  A cache:
 * all of it may be removed at any time; it is in no backup.  SHA256 is that of
 * the original.
 */
enum picture_state {
    PICTURE_UNKNOWN, /* not made yet */
    PICTURE_READY,
    PICTURE_NONE, /* tried, in vain */
};

/* *w, *h: of the small copy, when ready. Reads a few bytes of one file. */
enum picture_state picture_state(const char *data_dir, int64_t tenant,
                                 struct str sha, unsigned *w, unsigned *h);
/* Open a copy for reading; -1: it is not there. */
int picture_open(const char *data_dir, int64_t tenant, struct str sha,
                 int which, int64_t *size);
/* Errors: ERR_FULL, ERR_STORE. */
bool picture_keep(const char *data_dir, int64_t tenant, struct str sha,
                  const struct picture_copy copy[PICTURE_COPIES],
                  struct err *) MUST_USE;
/* There are no copies of this one; a failure is no harm. */
void picture_mark(const char *data_dir, int64_t tenant, struct str sha);
void picture_drop(const char *data_dir, int64_t tenant, struct str sha);

#endif
