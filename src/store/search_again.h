#ifndef STORE_SEARCH_AGAIN_H
#define STORE_SEARCH_AGAIN_H

#include "store/store.h"

/*
 * How far an index of words that is made anew has come: setting "search_again",
 * "TENANT TAG BELOW" or "begin". Tenants and the tags of their ledgers go up,
 * ids go down, so that what is newest is found first; what has been passed is
 * in the index.
 */
struct search_again {
    bool known; /* what follows was read, and nothing was taken back since */
    bool pending;
    int64_t tenant, tag, below;
};

/* Is a record in the index, or on its way there? One that is not is left alone:
 * its turn comes. */
bool search_has(struct store *, int64_t tenant, const struct ledger *,
                int64_t id, bool *yes, struct err *) MUST_USE;
/* Nothing waits any more: whoever says so puts all words in. */
bool search_is_whole(struct store *, struct err *) MUST_USE;

#endif
