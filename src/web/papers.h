#ifndef WEB_PAPERS_H
#define WEB_PAPERS_H

#include "pages/pages.h"
#include "web/app.h"
#include "web/paper.h"

/* What can be printed of a record, by its ledger: see papers.c for the table.
 * Fits made.make; rq->id is the record's, which the reader may read. */
typedef bool draw_fn(struct rq *, const char *path, void *, struct err *);
draw_fn draw_poster, draw_notice, draw_programme, draw_risk, draw_statistic;

/* The link to it for the record's page; *n = 0: there is none. */
const struct v_link *papers_of(struct rq *, const struct ledger *, int64_t id,
                               size_t *n);
/* What can be done with a blank: say what it means, fill it. */
struct blank;
const struct v_link *papers_of_blank(struct rq *, const struct blank *,
                                     size_t *n);
/* To what it says of a period, and for whom; org 0: all that may be seen. */
struct v_link papers_filled(struct rq *, int64_t id, int64_t year,
                            int64_t quarter, int64_t org, bool current);

#endif
