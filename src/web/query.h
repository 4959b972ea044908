#ifndef WEB_QUERY_H
#define WEB_QUERY_H

#include "web/app.h"

/* The parameters of a list, as the page, the API and the exports share them:
 * q, org, own, state, overdue, sort, after, key, and the ledger's filters; of the
 * API also limit, whole, changed_since and the days of query_span(). */
struct query {
    struct list_query list;
    struct scope scope;
    struct str text;   /* what was typed into q */
    bool filtered;     /* anything at all is narrowed */
    bool whole;        /* of the API: records with all their fields */
    struct str params; /* the same again as a query string, without paging */
};

/* Errors: ERR_INVALID; ERR_DENIED when nothing of the ledger is readable. */
bool query_read(struct rq *, const struct ledger *, const char *right,
                struct query *, struct err *) MUST_USE;

/* Whether a list can be narrowed by that field's days: not by what only some may
 * read, nor by what the program keeps for itself. */
bool query_has_days(const struct field *);
/* The field of which a parameter names the first or the last day, both
 * included: "found_on_from", "found_on_to", "created_at_from". Days, and times by
 * the district's day, that whoever reads the ledger may read. NULL: no such. */
const struct field *query_span(const struct ledger *, struct str name,
                               bool *last);
/* Whether such a parameter came: the list is found by walking, which is not for
 * an I/O thread. */
bool query_walks(const struct rq *);

#endif
