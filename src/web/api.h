#ifndef WEB_API_H
#define WEB_API_H

#include "web/app.h"

/* What the handlers of the JSON API share. */

/* How many one call makes or steps at most. */
enum { API_BULK_MAX = 100 };

/* The address of the next page, as a JSON text and as a header. */
void api_next(struct rq *, struct buf *, struct str address);

/* Where a change was refused because its revision is not the newest: members of a
 * problem that say the newest and, field by field, what has changed since. Nothing
 * of other refusals, nor to who may not read the record. */
void api_differs(struct rq *, const struct change *, const struct err *why,
                 struct buf *more);
/* The end of a change that was refused for such a revision: answered with what
 * differs, 409 for a rev of the body and 412 for If-Match. False: it was refused
 * for something else, which is still to be told. */
bool api_refused(struct rq *, const struct change *, const struct err *);

#endif
