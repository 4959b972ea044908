#ifndef WEB_SECURITY_H
#define WEB_SECURITY_H

#include "web/app.h"

/*
 * The security log, one line each on standard error, which an operator and
 * fail2ban read (docs/operations/running.md):
 *
 *	security WHAT from=ADDRESS person=ID id=REQUEST [route="POST /sign-in"]
 *
 * It says what happened at the door and beside it: who signed in, who failed,
 * was slowed or refused, what was made that lets somebody in. Never a secret, a
 * name or what was typed; of who sends a report, no address.
 */
void security_note(const struct rq *, const char *what);
/* Of another person than the one who asks; 0: nobody is known. */
void security_note_of(const struct rq *, const char *what, int64_t person);
/* A request that was refused or slowed, with its route. Says nothing of other
 * errors, nor of who has only to sign in. */
void security_refused(const struct rq *, const struct err *);

#endif
