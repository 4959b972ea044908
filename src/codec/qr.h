#ifndef CODEC_QR_H
#define CODEC_QR_H

#include "base/arena.h"
#include "base/buf.h"

/* A QR code (ISO/IEC 18004), level M: still read with 15 % of it damaged. */
struct qr {
    int side;                /* squares in a row */
    const unsigned char *at; /* side * side, row by row: 1 is dark */
};

/* False: the text is too long (about 2,300 bytes), or no memory. */
bool qr_make(struct arena *, struct str text, struct qr *out) MUST_USE;
/* As SVG with the four light squares around it that readers need; label: what
 * it says, for those who cannot see it. */
void qr_svg(struct buf *, const struct qr *, struct str label);
/* As lines of half blocks for a terminal, light on its dark ground. */
void qr_text(struct buf *, const struct qr *);

#endif
