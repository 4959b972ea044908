#ifndef WEB_ANSWER_H
#define WEB_ANSWER_H

#include "web/app.h"

/* Put an HTML page out: sets the type and that nobody but its reader keeps it. */
void answer_html(struct rq *);
/* The policy of a picture that a window shows (rq->csp): nothing in it can act,
 * and a browser puts its own style around it. */
#define CSP_PICTURE                                                            \
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "         \
    "form-action 'none'; frame-ancestors 'none'; sandbox"
/* The same for an empty form that is of nobody in particular: the browser's own
 * history keeps it, so that "back" leads to the very form that was sent. */
void answer_form(struct rq *);
/* Plain text or another type without caching. */
void answer_type(struct rq *, const char *type);
/* What a browser saves the answer as, or shows it as (RFC 6266). For programs
 * that read ASCII alone the ledger's name stands for other letters. */
void answer_file_name(struct rq *, bool shown, struct str name);

#endif
