#ifndef WEB_SIGN_LIMIT_H
#define WEB_SIGN_LIMIT_H

#include "web/app.h"

/*
 * How often passwords may be tried: a browser in which the name has signed in
 * before has an allowance of its own and is never held up by its network; any
 * other counts by name and network, by network, and for the whole district, and
 * is slowed, never shut out.  In a network that is a school's
 * (service/networks.h) strangers slow each browser for itself: nobody there can
 * hold the others up.
 */
struct sign_limit {
    struct throttle_try count[3];
    size_t n;
    int64_t network; /* its hash, for service/networks.h */
};

/* Count a try for that folded name, before the password is looked at.
 *	tenant	whose name it is; 0 = nobody's
 * Errors: ERR_RATE, with the seconds; ERR_STORE. */
bool sign_limit_take(struct rq *, struct str login, int64_t tenant,
                     struct sign_limit *, struct err *) MUST_USE;
/* It was the right password. */
void sign_limit_right(struct rq *, const struct sign_limit *);

/* Mark this browser as one in which the name has signed in: anew each time. */
void browser_mark(struct rq *, struct str login);
/* Mark one that nobody has signed in with yet, so that it can be told from the
 * others of its network. */
struct str browser_number(struct rq *);
/* The key of a form for the browser of that number; "" for none. */
struct str browser_key(struct rq *, struct str number);
/* It has such a mark. */
bool browser_is(const struct rq *);

#endif
