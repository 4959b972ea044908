#ifndef WEB_CHARTS_H
#define WEB_CHARTS_H

#include "codec/svg.h"
#include "pages/pages.h"
#include "web/app.h"

/* Charts with their tables, for the overview and what is like it. */

struct str chart_number(struct rq *, int64_t);
/* The heads of the table; NULL without memory. names: message ids. */
const struct v_cell *chart_columns(struct rq *, struct v_chart *,
                                   const char *const *names, size_t n);

/* What the colours stand for: one word alone needs no key. */
struct chart_colours {
    const char *class[2], *label[2];
    bool upright;
};
/* Units side by side: what of each is overdue, what else is open, and the cells
 * of its line under those heads. False: no memory. */
struct chart_unit {
    int64_t org;
    struct url url; /* "" = no further page */
    int64_t open, overdue;
    int64_t cell[5];
};
bool chart_units(struct rq *, struct v_chart *, const char *const *heads,
                 size_t n_heads, const struct chart_unit *, size_t n) MUST_USE;
void chart_draw(struct rq *, struct v_chart *, const struct svg_bar *, size_t n,
                const struct chart_colours *);

/* The same place and category more than once in twelve months. */
bool chart_again(struct rq *, const struct ledger *, const struct scope *,
                 struct v_chart *, struct err *) MUST_USE;

#endif
