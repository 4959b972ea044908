#ifndef WEB_APART_H
#define WEB_APART_H

#include "web/app.h"

/* Park: run work on the heavy worker, in a snapshot of its own (rq->st and
 * rq->who.dir are the worker's meanwhile), then go on with next. next == NULL:
 * the answer stands. */
bool rq_apart(struct rq *, handler *work, handler *next, struct err *) MUST_USE;

#endif
