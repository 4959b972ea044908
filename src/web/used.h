#ifndef WEB_USED_H
#define WEB_USED_H

#include "web/app.h"

/* Note that the token or the session of a request was used: at most once an
 * hour, outside the log, and nobody waits for it. */
void used_token(struct rq *);
void used_session(struct rq *);

#endif
