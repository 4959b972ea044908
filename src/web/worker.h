#ifndef WEB_WORKER_H
#define WEB_WORKER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

/* A thread with a short queue, for what would hold up an I/O thread. */
struct worker;

typedef bool worker_fn(void *arg, struct err *);

struct work {
    worker_fn *run;
    void (*done)(struct work *); /* on the worker's thread */
    void *arg;
    bool ok;
    struct err err;
    struct work *next;
};

/* give_way: added to the threads' nice value; at 10 they get a tenth of what
 * others get of a core that all want, and all of it when nobody else does. */
struct worker *worker_new(unsigned threads, unsigned queue, int give_way,
                          struct err *) MUST_USE;
/* Of the thread that calls, which one of its worker's it is, from 0; *of: that
 * worker, NULL: the thread is no worker's. */
unsigned worker_slot(const struct worker **of);
/* Finish what waits, then stop. */
void worker_free(struct worker *);
/* False: the queue is full; done() is then not called. */
bool worker_put(struct worker *, struct work *) MUST_USE;

#endif
