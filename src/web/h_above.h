#ifndef WEB_H_ABOVE_H
#define WEB_H_ABOVE_H

#include "web/app.h"

/* The overview in the installation's own tenant: its tree of authorities and
 * districts, ?at=NODE. Errors: ERR_MISSING, no such node or not theirs. */
bool above_overview(struct rq *, struct err *) MUST_USE;

#endif
