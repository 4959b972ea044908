#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/str.h"

/*
 * Memory that lives as long as one request or one job: allocated piece by
 * piece, freed at once.  An allocation beyond the quota, or without memory,
 * gives NULL and sets a sticky mark; arena_dup then gives an empty string.
 * Who hands out what was built asks arena_failed() once, at the end.
 */
struct arena;
typedef void arena_fn(void *);

/* NULL when there is no memory. */
struct arena *arena_new(size_t quota);
void arena_free(struct arena *);
/* Zeroed, aligned to 16. NULL: see above. */
void *arena_alloc(struct arena *, size_t) MUST_USE;
/* The copy ends in a NUL that its length does not count. */
struct str arena_dup(struct arena *, struct str);
/* The same; of more than max characters the first max - 1, and "…". */
struct str arena_cut(struct arena *, struct str, size_t max);
char *arena_dupz(struct arena *, struct str);
/* The number in decimal. */
struct str arena_i64(struct arena *, int64_t);
struct str arena_printf(struct arena *, const char *, ...) PRINTF(2, 3);
/* fn(arg) runs when the arena is freed, last registered first. */
void arena_defer(struct arena *, arena_fn *, void *);
bool arena_failed(const struct arena *);
size_t arena_used(const struct arena *);

#define arena_new_obj(a, T)      ((T *)arena_alloc((a), sizeof(T)))
#define arena_new_array(a, T, n) ((T *)arena_array((a), (n), sizeof(T)))

static inline void *
arena_array(struct arena *a, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes))
        bytes = SIZE_MAX;
    return arena_alloc(a, bytes);
}

static inline void
arena_cleanup(struct arena **a)
{
    arena_free(*a);
}

#define ARENA(name, quota)                                                     \
    struct arena *name CLEANUP(arena_cleanup) = arena_new(quota)

#endif
