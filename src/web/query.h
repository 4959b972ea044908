#ifndef WEB_QUERY_H
#define WEB_QUERY_H

#include "web/app.h"

/* The parameters of a list, as the page, the API and the exports share them:
 * q, org, state, overdue, sort, after, key, and the ledger's filters. */
struct query {
    struct list_query list;
    struct scope scope;
    struct str text;   /* what was typed into q */
    bool filtered;     /* anything at all is narrowed */
    struct str params; /* the same again as a query string, without paging */
};

/* Errors: ERR_INVALID; ERR_DENIED when nothing of the ledger is readable. */
bool query_read(struct rq *, const struct ledger *, const char *right,
                struct query *, struct err *) MUST_USE;

#endif
