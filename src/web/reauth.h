#ifndef WEB_REAUTH_H
#define WEB_REAUTH_H

#include "web/app.h"

/* A telephone stays signed in for months; a signature, a token, a right given
 * to somebody else are confirmed by hand: with the password, once more. */

/* A form was refused because it wants the password once more. */
bool reauth_asked(const struct err *);

/* Check the password of who is signed in on the thread of the hashers, then go
 * on with next, whose rq->work is what it was. rq->work_ok says whether it was
 * right; else rq->work_err is ERR_INVALID with that field. Few tries, counted
 * for each person.
 * Errors: ERR_RATE, ERR_MISSING (no password was set), ERR_STORE, ERR_BUSY. */
bool reauth(struct rq *, struct str password, const char *field, handler *next,
            struct err *) MUST_USE;

#endif
