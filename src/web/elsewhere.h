#ifndef WEB_ELSEWHERE_H
#define WEB_ELSEWHERE_H

#include "web/app.h"

/* The browser inside a chat program keeps no files: a tap on one does nothing.
 * There a route that is RT_KEEP answers with a page that gives the address to
 * open in the telephone's own browser. */
bool elsewhere_needed(const struct rq *);
bool elsewhere_page(struct rq *, struct err *) MUST_USE;

#endif
