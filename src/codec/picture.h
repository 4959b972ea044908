#ifndef CODEC_PICTURE_H
#define CODEC_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * What the program that decodes pictures answers: "ANLP", version 1, a fault,
 * two zero bytes; and with PICTURE_OK and PICTURE_CUT two copies, the small
 * one first: width (2 bytes, big-endian), height (2), size (4), size bytes of
 * JPEG. Nothing follows. Who reads it believes nothing.
 */
enum picture_fault {
    PICTURE_OK,
    PICTURE_CUT,    /* some of it is missing */
    PICTURE_BROKEN, /* cannot be read */
    PICTURE_PIXELS, /* more pixels than are taken */
    PICTURE_MEMORY, /* the same, found out on the way */
    PICTURE_KIND,   /* a kind that is not decoded, such as an animation */
    PICTURE_CAGE,   /* the process could not be locked in: nothing was read */
    PICTURE__MAX
};

/* Small for lists and pages, large for looking: the longest side in pixels. */
enum { PICTURE_SMALL, PICTURE_LARGE, PICTURE_COPIES };
enum {
    PICTURE_SMALL_PX = 320,
    PICTURE_LARGE_PX = 1600,
    PICTURE_COPY_MAX = 4 << 20,
    PICTURE_HEAD = 8,
    PICTURE_COPY_HEAD = 8,
    PICTURE_ANSWER_MAX =
        PICTURE_HEAD + PICTURE_COPIES * (PICTURE_COPY_HEAD + PICTURE_COPY_MAX),
};

struct picture_copy {
    unsigned w, h;
    struct str jpeg;
};

/* The head of an answer, and of a copy. */
void picture_head_put(unsigned char out[PICTURE_HEAD], enum picture_fault);
void picture_copy_put(unsigned char out[PICTURE_COPY_HEAD],
                      const struct picture_copy *);

/* Take a whole answer apart; the copies point into it. False: it is not one.
 * Each copy is a JPEG that picture_is_clean() and of the size it says. */
bool picture_parse(struct str answer, enum picture_fault *,
                   struct picture_copy copy[PICTURE_COPIES]) MUST_USE;

/* A baseline JPEG of the tables and one scan, nothing else: no EXIF, no
 * colour profile, no comment, no bytes behind its end. *w, *h: its size. */
bool picture_is_clean(struct str jpeg, unsigned *w, unsigned *h) MUST_USE;
/* Its size from the first bytes alone. */
bool picture_size(struct str head, unsigned *w, unsigned *h) MUST_USE;

#endif
