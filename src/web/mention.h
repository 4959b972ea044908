#ifndef WEB_MENTION_H
#define WEB_MENTION_H

#include "service/mention.h"
#include "web/app.h"

/* What was sent: words, comment, rev, for the record of the address.
 * NULL: ERR_BUSY, ERR_INVALID. */
struct mention_erase *mention_asked(struct rq *, struct err *) MUST_USE;

#endif
