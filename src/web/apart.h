#ifndef WEB_APART_H
#define WEB_APART_H

#include "web/app.h"

/* The reader of the worker's thread that calls. */
struct reader *apart_reader(struct app *);
/* Park: run work on a heavy worker, in a snapshot of its own (rq->st and
 * rq->who.dir are the worker's meanwhile), then go on with next. next == NULL:
 * the answer stands. */
bool rq_apart(struct rq *, handler *work, handler *next, struct err *) MUST_USE;

#endif
