#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

#define BLOCK_SIZE (16u * 1024)

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(16) char data[];
};

struct defer {
    struct defer *next;
    arena_fn *fn;
    void *arg;
};

struct arena {
    struct block *blocks;
    struct defer *defers;
    size_t used, quota;
    bool failed;
};

struct arena *
arena_new(size_t quota)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (a != NULL)
        a->quota = quota;
    return a;
}

static struct block *
block_for(struct arena *a, size_t need)
{
    size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
    struct block *b = a->blocks;

    if (b != NULL && b->size - b->used >= need)
        return b;
    if ((b = malloc(sizeof(*b) + size)) == NULL)
        return NULL;
    *b = (struct block){ .next = a->blocks, .size = size };
    a->blocks = b;
    return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
    size_t need = (n + 15) & ~(size_t)15;
    struct block *b;
    void *p;

    if (a == NULL)
        return NULL;
    if (need < n || need > a->quota - a->used ||
        (b = block_for(a, need)) == NULL) {
        a->failed = true;
        return NULL;
    }
    p = b->data + b->used;
    b->used += need;
    a->used += need;
    return memset(p, 0, n);
}

char *
arena_dupz(struct arena *a, struct str s)
{
    char *p = s.n < SIZE_MAX ? arena_alloc(a, s.n + 1) : NULL;

    if (p != NULL && s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

struct str
arena_dup(struct arena *a, struct str s)
{
    char *p = arena_dupz(a, s);

    return p != NULL ? (struct str){ p, s.n } : STR("");
}

struct str
arena_cut(struct arena *a, struct str s, size_t max)
{
    if (utf8_first(s, max).n == s.n)
        return arena_dup(a, s);
    return arena_printf(a, "%.*s…", STR_ARG(utf8_first(s, max - 1)));
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
    char small[256];
    va_list ap;
    char *p;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(small, sizeof(small), fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof(small))
        return arena_dup(a, (struct str){ small, (size_t)n });
    if (n < 0 || (p = arena_alloc(a, (size_t)n + 1)) == NULL)
        return STR("");
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct str){ p, (size_t)n };
}

struct str
arena_i64(struct arena *a, int64_t v)
{
    char digits[24];

    return arena_dup(a, i64_digits(v, digits));
}

void
arena_defer(struct arena *a, arena_fn *fn, void *arg)
{
    struct defer *d = arena_new_obj(a, struct defer);

    if (d == NULL) {
        fn(arg);
        return;
    }
    *d = (struct defer){ a->defers, fn, arg };
    a->defers = d;
}

bool
arena_failed(const struct arena *a)
{
    return a == NULL || a->failed;
}

size_t
arena_used(const struct arena *a)
{
    return a->used;
}

void
arena_free(struct arena *a)
{
    struct block *b, *next;

    if (a == NULL)
        return;
    for (struct defer *d = a->defers; d != NULL; d = d->next)
        d->fn(d->arg);
    for (b = a->blocks; b != NULL; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}
