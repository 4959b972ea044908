#ifndef CODEC_SVG_H
#define CODEC_SVG_H

#include "base/buf.h"

/* Charts as SVG text: no script, colours by class names so that a page's
 * sheet can change them; every bar says its number. Page shows the same
 * figures as a table beside it. */

/* Text as it stands in markup and in quoted attributes. */
void svg_text(struct buf *, struct str);

struct svg_bar {
    struct str label;
    int64_t a, b; /* two parts, one behind the other; b may be 0 */
};

/* Each chart is drawn twice, of class wide and of class narrow: a page's sheet
 * shows the one that fits, so that letters never shrink. */

/* Horizontal bars, one for each row; widths in proportion to the largest.
 * class: of the parts a and b. */
void svg_bars(struct buf *, const struct svg_bar *, size_t n, struct str title,
              const char *const class[2]);
/* Two columns side by side for each row: e.g. found and closed by month. */
void svg_columns(struct buf *, const struct svg_bar *, size_t n,
                 struct str title, const char *const class[2]);

/* A picture with numbered marks on it, each a link. Coordinates are thousandths
 * of the picture's width, for both axes. */
struct svg_pin {
    int64_t x, y;
    struct str no, label, href, class;
};
void svg_plan(struct buf *, struct str picture, int64_t height,
              struct str title, const struct svg_pin *, size_t n);

#endif
