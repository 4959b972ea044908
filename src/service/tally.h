#ifndef SERVICE_TALLY_H
#define SERVICE_TALLY_H

#include "domain/ledger.h"

/* Counters of one tenant in memory: what effects_each_count() tells, added up.
 * Init to zero. */
struct tally {
    const struct ledger *ledger;
    const char *dim; /* NULL: a free slot */
    int64_t org, v, n;
};

struct tallies {
    struct tally *at; /* open addressing; room is a power of two */
    size_t n, room;
};

/* An effects_count_fn; arg: struct tallies. dim is kept, not copied.
 * Errors: ERR_BUSY. */
bool tally_add(const struct ledger *, int64_t org, const char *dim, int64_t v,
               void *arg, struct err *) MUST_USE;
/* NULL: nothing was counted there. */
struct tally *tally_find(const struct tallies *, const struct ledger *,
                         int64_t org, struct str dim, int64_t v);
void tally_fini(struct tallies *);

#endif
