#ifndef WEB_GIVEN_H
#define WEB_GIVEN_H

#include "web/app.h"

/* What the service gives a step that is S_GIVEN is found out apart: it may
 * walk a whole district. rq->work is the change. */
bool given_needed(const struct change *);
bool given_find(struct rq *, handler *next, struct err *) MUST_USE;

#endif
