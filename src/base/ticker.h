#ifndef BASE_TICKER_H
#define BASE_TICKER_H

#include "base/err.h"

/*
 * A thread that does something now and again until it is stopped. The time
 * between is told by a clock that nobody sets.
 */
struct ticker;

/* What is done, never twice at a time; returns the milliseconds until the next
 * time, 0 = at once. */
typedef unsigned ticker_fn(void *arg);

/* The first time is at once. Errors: ERR_BUSY, no thread or no memory. */
struct ticker *ticker_start(ticker_fn *, void *arg, struct err *) MUST_USE;
/* The next time is now. NULL: nothing happens. */
void ticker_wake(struct ticker *);
/* Returns when what is under way has ended; arg is touched no more. NULL:
 * nothing happens. */
void ticker_stop(struct ticker *);

#endif
