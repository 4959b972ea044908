#ifndef CODEC_IMAGE_H
#define CODEC_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "codec/picture.h"

/*
 * Pictures of strangers: decoded, turned upright, made small, written anew.
 * Only the program anlan-image is linked with this; the server never is. The
 * bytes come from anybody, so whoever calls this is a process that may do
 * nothing but read and write (cmd/image.c).
 */

/* A picture taken in row by row and made smaller on the way: memory is that
 * of the result, whatever comes in. */
struct image_sink {
    unsigned from_w, from_h, w, h;
    unsigned y;            /* rows taken so far */
    unsigned at;           /* the row of the result under way */
    unsigned char *pixels; /* w * h * 3 */
    uint64_t *sum;         /* of the row under way */
    uint32_t *line;        /* one source row, narrowed */
};

/* The size that fits into max by max; never larger than it was. */
void image_fit(unsigned w, unsigned h, unsigned max, unsigned *to_w,
               unsigned *to_h);
/* False: no memory. */
bool image_sink_begin(struct image_sink *, unsigned w, unsigned h,
                      unsigned max) MUST_USE;
/* One row of from_w pixels, three bytes each. */
void image_sink_row(struct image_sink *, const unsigned char *rgb);
/* The same of four bytes each, on white. buf: room for from_w * 3. */
void image_sink_rgba(struct image_sink *, const unsigned char *rgba,
                     unsigned char *buf);
/* Rows that never came are left white. */
void image_sink_end(struct image_sink *);
void image_sink_fini(struct image_sink *);

/* As EXIF says (CIPA DC-008, tag 0x0112): 1 upright to 8. False: no memory. */
bool image_turn(struct image_sink *, int orientation) MUST_USE;
/* The orientation in an EXIF block ("II*\0" or "MM\0*" first); 1 when there
 * is none or it makes no sense. */
int image_exif_orientation(const unsigned char *p, size_t n);

/* Each decoder: the sink is begun, filled and ended. */
enum picture_fault image_from_jpeg(struct str in, struct image_sink *);
enum picture_fault image_from_png(struct str in, struct image_sink *);
enum picture_fault image_from_webp(struct str in, struct image_sink *);
enum picture_fault image_from_heif(struct str in, struct image_sink *);

/* Baseline JPEG without any metadata; *out is freed by the caller. */
enum picture_fault image_to_jpeg(const struct image_sink *, int quality,
                                 unsigned char **out, size_t *n);

/* Both copies of a picture. copy[i].jpeg is freed by the caller, also after a
 * fault. PICTURE_CUT: part of it is missing, the copies show the rest. */
enum picture_fault image_copies(struct str in,
                                struct picture_copy copy[PICTURE_COPIES]);

#endif
