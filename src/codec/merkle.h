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

#endif
