#ifndef WEB_DOOR_H
#define WEB_DOOR_H

#include "web/app.h"

/*
 * Forms that need no session let somebody in: signing in, a PIN, a one-time
 * link. Another site must not send them in somebody's name (login CSRF). A page
 * of ours gives the form a key that is bound to a mark in the browser; of a
 * browser both are wanted, and what it says of where the form came from must be
 * this site. What is no browser keeps no cookies that others could use, so a
 * program may do without.
 */

/* The key for a form of the page that is made now; sets the mark. */
struct str door_key(struct rq *);
/* Is the form from here? Asked for routes with RT_DOOR.
 * Errors: ERR_DENIED (.field "csrf"). */
bool door_may(struct rq *, struct err *) MUST_USE;

#endif
