#ifndef CODEC_MERKLE_H
#define CODEC_MERKLE_H

#include <stdint.h>

#include "base/err.h"
#include "codec/hash.h"

/* Merkle trees as in RFC 6962, 2.1. */
void merkle_leaf(struct hash *out, struct str entry);
void merkle_node(struct hash *out, const struct hash *l, const struct hash *r);
/* The root of a tree without leaves. */
void merkle_empty(struct hash *out);

/* The right edge of a growing tree: the roots of its perfect subtrees. */
struct merkle_edge {
    uint64_t size;
    struct hash at[64]; /* at[k] counts when bit k of size is set */
};

void merkle_append(struct merkle_edge *, const struct hash *leaf);
void merkle_root(const struct merkle_edge *, struct hash *out);

/* ---- proofs: RFC 6962, 2.1.1 and 2.1.2; verified as in RFC 9162, 2.1.3 -- */

/* Gives the root of the perfect subtree `index` of 2^level leaves. */
typedef bool merkle_load_fn(void *arg, unsigned level, uint64_t index,
                            struct hash *out, struct err *);
struct merkle_source {
    merkle_load_fn *load;
    void *arg;
};

enum { MERKLE_PROOF_MAX = 128 };
struct merkle_proof {
    size_t n;
    struct hash at[MERKLE_PROOF_MAX];
};

/* The root of the first size leaves. */
bool merkle_root_at(const struct merkle_source *, uint64_t size,
                    struct hash *out, struct err *) MUST_USE;
/* That leaf `index` is in the tree of size leaves, leaf's sibling first.
 * Errors: ERR_INVALID, index >= size; what the source says. */
bool merkle_include(const struct merkle_source *, uint64_t index, uint64_t size,
                    struct merkle_proof *, struct err *) MUST_USE;
/* That the tree of size leaves begins with the tree of old leaves.
 * Errors: ERR_INVALID, old == 0 or old > size; what the source says. */
bool merkle_extend(const struct merkle_source *, uint64_t old, uint64_t size,
                   struct merkle_proof *, struct err *) MUST_USE;

bool merkle_included(const struct hash *leaf, uint64_t index, uint64_t size,
                     const struct merkle_proof *, const struct hash *root);
/* False as well for an empty old tree: it proves nothing. */
bool merkle_extended(const struct hash *old_root, uint64_t old,
                     const struct hash *root, uint64_t size,
                     const struct merkle_proof *);

#endif
