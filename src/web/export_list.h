#ifndef WEB_EXPORT_LIST_H
#define WEB_EXPORT_LIST_H

#include "web/export.h"
#include "web/query.h"

/* What a list says outside the window: its cells, and what it was narrowed by. */

/* A field as view_cell() shows it, with the value behind it. What is counted for
 * each record (F_COUNT) is 0 where it is 0. */
struct sink_cell export_cell(struct rq *, const struct ledger *,
                             const struct field *, const void *rec);
/* The day on which a record falls due. */
struct sink_cell export_due(struct rq *, const struct rec *);
/* "State: closed · School: Bell School · due first · times in Asia/Shanghai":
 * what q was made of, in the reader's language. */
struct str export_narrowed(struct rq *, const struct query *);
/* Of each column the widest that may not be broken in two lines; f: NULL for the
 * last three, which are state, due time and number. */
void export_least(struct rq *, const struct ledger *,
                  const struct field *const *f, size_t n, struct str *least);
/* Below the last row: how many there are, as of when, and what is not there as
 * it was: columns and texts that the file had no room for, signs that no file
 * carries. heads: n of them. */
struct str export_footer(struct rq *, const struct sink *,
                         const struct str *heads, size_t n);

#endif
