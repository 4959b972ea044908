#include <stdlib.h>

#include "store/kept.h"

/* FNV-1a. Nobody gains by a collision: the text is compared as well. */
static uint64_t
hash(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h;
}

struct kept *
kept_find(struct kept_set *set, struct str sql)
{
    uint64_t h = hash(sql);

    for (unsigned i = 0; i < set->n; i++) {
        struct kept *k = &set->at[i];

        if (k->hash == h && k->sql != NULL && str_is(sql, k->sql)) {
            k->used = ++set->clock;
            return k;
        }
    }
    return NULL;
}

static struct kept *
oldest(struct kept_set *set)
{
    struct kept *best = NULL;

    if (set->n < KEPT_MAX)
        return &set->at[set->n++];
    for (unsigned i = 0; i < set->n; i++)
        if (!set->at[i].busy && (best == NULL || set->at[i].used < best->used))
            best = &set->at[i];
    return best;
}

struct kept *
kept_place(struct kept_set *set, struct str sql)
{
    char *text = malloc(sql.n + 1);
    struct kept *k = text != NULL ? oldest(set) : NULL;

    if (k == NULL) {
        free(text);
        return NULL;
    }
    memcpy(text, sql.p, sql.n);
    text[sql.n] = '\0';
    free(k->sql);
    k->sql = text;
    k->hash = hash(sql);
    k->used = ++set->clock;
    return k;
}

void
kept_fini(struct kept_set *set)
{
    for (unsigned i = 0; i < set->n; i++)
        free(set->at[i].sql);
    set->n = 0;
}
