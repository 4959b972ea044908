#ifndef WEB_LET_IN_H
#define WEB_LET_IN_H

#include "web/app.h"

/* Who has shown who it is, by a password or by setting one through a link. */
struct letting {
    struct account who;
    struct str name;     /* the sign-in name, folded */
    int64_t network;     /* its hash, to be noted; 0: not */
    struct str to, done; /* where to go on; else to the start page, which says
                          * what was done ("done=2"); "" = nothing */
};
/* Begin a session and go on there; of PIN_HOURS on a shared device. Parks.
 * Errors: ERR_STORE, ERR_BUSY. */
bool let_in(struct rq *, const struct letting *, struct err *) MUST_USE;

#endif
