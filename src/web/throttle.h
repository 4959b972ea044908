#ifndef WEB_THROTTLE_H
#define WEB_THROTTLE_H

#include "base/err.h"

/*
 * Who may try again, and when: buckets in memory that fill with failures and
 * empty with time.  Sign-in counts failures by (address, account) and by
 * address; a browser that has signed in before has a bucket of its own, so
 * that nobody can lock another out.
 */
struct throttle;

struct throttle *throttle_new(struct err *) MUST_USE;
void throttle_free(struct throttle *);

/* May `who` (any text) try in `kind`? max failures, one forgotten every
 * `every_ms`. Errors: ERR_RATE, with the seconds to wait in it. */
bool throttle_check(struct throttle *, char kind, struct str who, unsigned max,
                    int64_t every_ms, int64_t now, struct err *) MUST_USE;
/* Count a failure. */
void throttle_add(struct throttle *, char kind, struct str who,
                  int64_t every_ms, int64_t now);
/* Forget the failures: it was the right person after all. */
void throttle_forget(struct throttle *, char kind, struct str who);

#endif
