#include "codec/merkle.h"

void
merkle_leaf(struct hash *out, struct str entry)
{
    hash_of(out, (const struct str[]){ { "\0", 1 }, entry }, 2);
}

void
merkle_node(struct hash *out, const struct hash *l, const struct hash *r)
{
    hash_of(out, (const struct str[]){ { "\1", 1 }, hash_str(l), hash_str(r) },
            3);
}

void
merkle_empty(struct hash *out)
{
    hash_of(out, NULL, 0);
}

void
merkle_append(struct merkle_edge *t, const struct hash *leaf)
{
    struct hash h = *leaf;
    unsigned k = 0;

    for (; t->size >> k & 1; k++)
        merkle_node(&h, &t->at[k], &h);
    t->at[k] = h;
    t->size++;
}

void
merkle_root(const struct merkle_edge *t, struct hash *out)
{
    bool any = false;
    struct hash h;

    if (t->size == 0) {
        merkle_empty(out);
        return;
    }
    for (unsigned k = 0; k < 64; k++) {
        if (!(t->size >> k & 1))
            continue;
        if (any)
            merkle_node(&h, &t->at[k], &h);
        else
            h = t->at[k];
        any = true;
    }
    *out = h;
}
