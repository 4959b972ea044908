#ifndef WEB_FIRST_STEPS_H
#define WEB_FIRST_STEPS_H

#include "web/view.h"

/* What is still to be set up, each with the page where it is done: for the
 * board of who sets up the whole district; nothing for others.
 * Errors: ERR_STORE, ERR_BUSY. */
bool first_steps(struct rq *, const struct v_link **, size_t *n,
                 struct err *) MUST_USE;

#endif
