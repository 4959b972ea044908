#ifndef STORE_TLOG_READ_H
#define STORE_TLOG_READ_H

#include "store/tlog.h"

/* Reads a tenant's tree through one tile of each level, so that many proofs
 * in a row cost a few queries. 66 kB: for the arena, not the stack. It sees
 * the store's snapshot. */
struct tlog_slot {
    bool loaded;
    uint64_t n;
    bool have[TLOG_TILE];
    struct hash at[TLOG_TILE];
};

struct tlog_reader {
    struct store *st;
    int64_t tenant;
    struct tlog_slot slot[8];
};

void tlog_reader_init(struct tlog_reader *, struct store *, int64_t tenant);

/* codec/merkle's loader; arg is a tlog_reader.
 * Errors: ERR_MISSING, not that many leaves; ERR_STORE. */
bool tlog_reader_node(void *arg, unsigned level, uint64_t index,
                      struct hash *out, struct err *) MUST_USE;
/* The first width hashes of a tile. Errors: the same. */
bool tlog_reader_tile(struct tlog_reader *, unsigned level, uint64_t n,
                      unsigned width, struct hash *out, struct err *) MUST_USE;
/* The root of width (a power of two) hashes of a tile. Errors: the same. */
bool tlog_reader_fold(struct tlog_reader *, unsigned level, uint64_t n,
                      unsigned from, unsigned width, struct hash *out,
                      struct err *) MUST_USE;

#endif
