#ifndef STORE_KEPT_H
#define STORE_KEPT_H

#include <stdint.h>

#include "base/str.h"

/*
 * Prepared statements of one connection whose text was composed from what was
 * asked: found by their text, the longest unused makes room. However many
 * shapes people ask for, a connection holds so many and no more.
 */
enum { KEPT_MAX = 192 };

struct kept {
    uint64_t hash;
    char *sql;
    void *ps;
    uint64_t used;
    bool busy; /* being read: not to be given away */
};

struct kept_set {
    struct kept at[KEPT_MAX];
    unsigned n;
    uint64_t clock;
};

/* The statement with this text, or NULL. */
struct kept *kept_find(struct kept_set *, struct str sql);
/* A place for it, with a copy of the text; what was prepared there before is
 * in .ps and must be closed. NULL: no memory, or all are being read. */
struct kept *kept_place(struct kept_set *, struct str sql);
/* Frees the texts; the statements are the caller's. */
void kept_fini(struct kept_set *);

#endif
