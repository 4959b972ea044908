#include "service/tally.h"

#include <stdlib.h>

static uint64_t
mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

static struct tally *
slot_of(const struct tallies *w, const struct ledger *l, int64_t org,
        struct str dim, int64_t v)
{
    uint64_t h = mix(mix(mix(l->tag, (uint64_t)org), (uint64_t)v), dim.n);
    struct tally *t;

    for (;; h++) {
        t = &w->at[h & (w->room - 1)];
        if (t->dim == NULL || (t->ledger == l && t->org == org && t->v == v &&
                               str_is(dim, t->dim)))
            return t;
    }
}

static bool
grow(struct tallies *w, struct err *e)
{
    struct tallies big = { .room = w->room == 0 ? 1024 : 2 * w->room };

    if ((big.at = calloc(big.room, sizeof(*big.at))) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < w->room; i++) {
        const struct tally *t = &w->at[i];

        if (t->dim != NULL)
            *slot_of(&big, t->ledger, t->org, str_of(t->dim), t->v) = *t;
    }
    free(w->at);
    w->at = big.at;
    w->room = big.room;
    return true;
}

bool
tally_add(const struct ledger *l, int64_t org, const char *dim, int64_t v,
          void *arg, struct err *e)
{
    struct tallies *w = arg;
    struct tally *t;

    if (2 * (w->n + 1) > w->room && !grow(w, e))
        return false;
    t = slot_of(w, l, org, str_of(dim), v);
    if (t->dim == NULL) {
        *t = (struct tally){ .ledger = l, .dim = dim, .org = org, .v = v };
        w->n++;
    }
    t->n++;
    return true;
}

struct tally *
tally_find(const struct tallies *w, const struct ledger *l, int64_t org,
           struct str dim, int64_t v)
{
    struct tally *t = w->room > 0 ? slot_of(w, l, org, dim, v) : NULL;

    return t != NULL && t->dim != NULL ? t : NULL;
}

void
tally_fini(struct tallies *w)
{
    free(w->at);
    *w = (struct tallies){ .n = 0 };
}
