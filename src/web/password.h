#ifndef WEB_PASSWORD_H
#define WEB_PASSWORD_H

#include "web/view.h"

/* A question for a password that is being chosen, or for the one so far. */
struct v_input password_ask(struct rq *, const char *name, const char *label);

#endif
