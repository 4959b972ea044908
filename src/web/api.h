#ifndef WEB_API_H
#define WEB_API_H

#include "web/app.h"

/* What the handlers of the JSON API share. */

/* A change was refused because its revision is not the newest: problem+json that
 * also says the newest and, field by field, what has changed since, as far as the
 * reader may see it. 409 for a rev of the body, 412 for If-Match.
 *	*e	the refusal; another error when this fails */
bool api_conflict(struct rq *, const struct change *, struct err *) MUST_USE;

#endif
