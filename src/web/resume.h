#ifndef WEB_RESUME_H
#define WEB_RESUME_H

#include "web/app.h"

/*
 * A form that cannot be taken because its session is over keeps its words: the
 * door carries them in a hidden field, and whoever signs in gets the form
 * filled in again. Nothing is done with them before a person sends that form:
 * it goes with fill=1, which a handler answers with the form.
 */

/* The request was refused with e by may_enter(). True: the door, or the way
 * back to the form, was answered instead. */
bool resume_offer(struct rq *, struct err *) MUST_USE;

/* After signing in with a new session: on to `to`, with the words of a form
 * if some were carried there. */
bool resume_or_go(struct rq *, struct str to, const char *csrf, struct err *);

/* The request only asks for its form, filled in. */
bool resume_fills(struct rq *);
/* Without scripts the switch at the top of a page loses what was typed; a form
 * has one of its own (part_switch): fill=2 asks for it in English, fill=3 in
 * Chinese, which stays. */
void resume_language(struct rq *);
bool resume_switches(struct rq *);

#endif
