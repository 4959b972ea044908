#ifndef WEB_BEARER_H
#define WEB_BEARER_H

#include "web/route.h"

/* Programs: who a bearer token speaks for, and what it may do where. */

/* Fill in who asks, from the text of a token.
 * Errors: ERR_SIGN_IN, unknown or over; ERR_STORE, ERR_BUSY. */
bool bearer_find(struct rq *, struct str text, struct err *) MUST_USE;
/* With the directory at hand: is it still in force? Notes, at most hourly, that
 * it was used. Errors: ERR_SIGN_IN, its post has ended. */
bool bearer_in_force(struct rq *, struct err *) MUST_USE;

/* May the token use this route? Asked once for every request, before anything
 * else: a token that reads may GET and HEAD, forms are for people, and what a
 * row shows is asked for by its ledger's "read" or "export". Steps, files and
 * records are asked about again where they are known. A request without a token
 * may go on. Errors: ERR_DENIED. */
bool bearer_may(const struct rq *, struct err *) MUST_USE;

#endif
