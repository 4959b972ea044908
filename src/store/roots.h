#ifndef STORE_ROOTS_H
#define STORE_ROOTS_H

#include "store/store.h"

/* Roots of tiles that are full, as a connection has computed them: such a tile
 * never changes, and computing its root takes 255 hashes. One of many places
 * for each; what is newer takes the place of what is older. */
enum { ROOTS_MAX = 2048 };
struct roots {
    struct root_slot {
        int64_t tenant;
        uint64_t n;
        unsigned level;
        bool set;
        struct hash root;
    } at[ROOTS_MAX];
};

/* Of a connection that only reads: what it sees is committed. NULL: the writer,
 * or no memory. */
struct roots *store_roots(struct store *);
struct root_slot *roots_slot(struct roots *, int64_t tenant, unsigned level,
                             uint64_t n);

#endif
