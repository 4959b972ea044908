#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/app.h"

/*
 * Threads that render, each with a connection of its own, for a database that
 * answers over a wire: an I/O thread would stand still while it waits. The
 * request is parked meanwhile.
 */
struct pages *pages_new(const char *data_dir, unsigned threads,
                        struct err *) MUST_USE;
/* False: too many wait already. */
bool pages_put(struct pages *, struct rq *) MUST_USE;
/* After the I/O threads have stopped. */
void pages_free(struct pages *);

#endif
