#ifndef WEB_LOOK_H
#define WEB_LOOK_H

#include "pages/pages.h"
#include "service/look.h"
#include "web/app.h"

/* Where the request shows data of people who are not the reader: note it first,
 * then go on with next; elsewhere go on at once. What cannot be noted is not
 * shown. LOOK_LIST notes a list of people with more than their names. */
bool look_first(struct rq *, enum look_how, handler *next,
                struct err *) MUST_USE;

/* Who looked at a person lately, for that person and the administrator.
 *	*out	NULL: not for this reader */
bool look_view(struct rq *, int64_t person, const struct v_event **out,
               size_t *n, struct err *) MUST_USE;

#endif
