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
void chart_draw(struct rq *, struct v_chart *, const struct svg_bar *, size_t n,
                const struct chart_colours *);

/* The same place and category more than once in twelve months. */
bool chart_again(struct rq *, const struct ledger *, const struct scope *,
                 struct v_chart *, struct err *) MUST_USE;

#endif
