#ifndef WEB_PARTS_H
#define WEB_PARTS_H

#include "domain/notice.h"
#include "web/view.h"

/* The child rows of a field as a page shows them, with its heading; the way to
 * change them where the reader may (edit). False, *v untouched: there are none
 * and they cannot be added. Errors: none; an exhausted arena is noticed later. */
bool parts_view(struct rq *, const struct ledger *, const struct field *,
                const void *rec, struct v_parts *);

/* All of a record's, and the ways to what is done on a page of its own.
 * Errors: ERR_STORE, ERR_BUSY. */
bool record_parts(struct rq *, const void *rec, struct page_record_view *,
                  struct err *) MUST_USE;

/* A notice on which findings of an inspection stand, in one of the states, as
 * far as the reader may read it. False: none. */
bool record_notice(struct rq *, const struct rec *inspection, uint64_t states,
                   struct notice **);
/* The one that stands, or is to stand, in the place of that one. */
bool record_second(struct rq *, const struct rec *first, uint64_t states,
                   struct notice *);

/* Child rows in one hidden question of a form: what stands between them is no
 * sign that HTML may hold. parts_sent() gives back what parts_hidden() was given;
 * of anything else, what it was. */
struct str parts_hidden(struct rq *, struct str rows);
struct str parts_sent(struct rq *, struct str value);

#endif
