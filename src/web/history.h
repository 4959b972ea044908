#ifndef WEB_HISTORY_H
#define WEB_HISTORY_H

#include "pages/pages.h"
#include "web/app.h"

/* The history of a record in words, newest first; entries behind revision
 * `seen` are marked. */
bool history_view(struct rq *, const struct ledger *, const void *rec,
                  int64_t seen, const struct v_event **, size_t *n,
                  struct err *) MUST_USE;

#endif
