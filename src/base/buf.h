#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/str.h"

/*
 * A growing byte buffer with a ceiling.  The first write that would pass the
 * ceiling, or that finds no memory, sets .over and every later write is
 * ignored: check once, at the end.
 */
struct buf {
    char *p;
    size_t n, cap, max;
    bool over;
    bool no_memory; /* why .over is set: not the ceiling, but no memory */
};

void buf_init(struct buf *, size_t max);
void buf_fini(struct buf *);
/* Empty it, but keep its memory for the next use. */
void buf_clear(struct buf *);
/* What does not fit in the memory at hand, and what must not be written. */
void buf_put_grow(struct buf *, const void *, size_t);
void buf_str_put(struct buf *, struct str);
void buf_puts(struct buf *, const char *);
void buf_putc(struct buf *, char);
void buf_i64(struct buf *, int64_t);
void buf_printf(struct buf *, const char *, ...) PRINTF(2, 3);
struct str buf_str(const struct buf *);
/* The text with "…" wherever these words stand in it, ASCII letters small or
 * large; returns how often that is. No words stand nowhere. */
size_t buf_put_without(struct buf *, struct str text, struct str words);

static inline void
buf_put(struct buf *b, const void *p, size_t n)
{
    if (b->over || n >= b->cap - b->n) {
        buf_put_grow(b, p, n);
        return;
    }
    if (n == 0)
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

static inline void
buf_cleanup(struct buf *b)
{
    buf_fini(b);
}

#define BUF(name, max_bytes)                                                   \
    struct buf name CLEANUP(buf_cleanup) = { .max = (max_bytes) }

#endif
