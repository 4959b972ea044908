#ifndef WEB_ANSWER_H
#define WEB_ANSWER_H

#include "web/app.h"

/* Put an HTML page out: sets the type and that nobody but its reader keeps it. */
void answer_html(struct rq *);
/* Plain text or another type without caching. */
void answer_type(struct rq *, const char *type);

#endif
