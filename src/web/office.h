#ifndef WEB_OFFICE_H
#define WEB_OFFICE_H

#include "pages/office.h"
#include "service/figures.h"
#include "web/app.h"

/* The office's tables, as pages and papers share them. */

/* What was asked for: the parameters year, quarter and org, or the quarter
 * that runs and everything the reader may see. */
struct asked {
    int64_t year, quarter, org; /* org 0 = all that may be seen */
    struct figures_query q;
};
/* Errors: ERR_INVALID, ERR_DENIED, ERR_BUSY. */
bool office_ask(struct rq *, struct asked *, struct err *) MUST_USE;

/* "2026, third quarter", "2026" */
struct str office_period(struct rq *, int64_t year, int64_t quarter);
/* "12", "¥1,200.00", "98.5 %"; grade as in sums_rate(). */
struct str office_number(struct rq *, enum figure_no, int64_t v);
struct str office_rate(struct rq *, const struct sums *, int grade);

/* The hazards that a figure counts; grade: 0 general, 1 major, 2 both. */
struct url office_leads_to(struct rq *, const struct asked *, enum figure_no,
                           int grade, int64_t org);

/* The table of all figures; now == NULL, or what differs from it is marked.
 * asked: where numbers lead; NULL: nowhere. */
void office_figures(struct rq *, const struct sums *, const struct sums *now,
                    const struct asked *, struct v_grid *);
/* A line for each school, of the figures with that flag, and their sum. */
void office_schools(struct rq *, const struct school_sums *, size_t n,
                    const struct sums *all, enum figure_flag,
                    const struct asked *, struct v_grid *);

/* The tables of the last quarter and the last year that are over: who of those
 * asked for has signed. v has room for two. */
bool office_clocks(struct rq *, const struct asked *, struct v_clock *,
                   size_t *n, struct err *) MUST_USE;

/* What a statement's page shows beside its facts. compare: with today. */
bool office_statement(struct rq *, const void *rec, bool compare,
                      struct page_record_view *, struct err *) MUST_USE;
/* The schools of a statement, from its text. */
size_t office_stated(struct rq *, const struct statistic *,
                     struct school_sums **);

#endif
