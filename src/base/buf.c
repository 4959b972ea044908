#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

void
buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){ .max = max };
}

void
buf_fini(struct buf *b)
{
    free(b->p);
    *b = (struct buf){ .max = b->max };
}

void
buf_clear(struct buf *b)
{
    b->n = 0;
    b->over = b->no_memory = false;
}

static bool
room_for(struct buf *b, size_t n)
{
    size_t cap = b->cap > 0 ? b->cap : 256;
    char *p;

    if (b->over || n > b->max - b->n) {
        b->over = true;
        return false;
    }
    while (cap < b->n + n + 1)
        cap *= 2;
    if (cap - 1 > b->max) /* buf_put() looks only at the memory at hand */
        cap = b->max + 1;
    if (cap != b->cap) {
        if ((p = realloc(b->p, cap)) == NULL) {
            b->over = b->no_memory = true;
            return false;
        }
        b->p = p;
        b->cap = cap;
    }
    return true;
}

void
buf_put_grow(struct buf *b, const void *p, size_t n)
{
    if (n == 0 || !room_for(b, n))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void
buf_str_put(struct buf *b, struct str s)
{
    buf_put(b, s.p, s.n);
}

void
buf_puts(struct buf *b, const char *z)
{
    buf_put(b, z, strlen(z));
}

void
buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void
buf_i64(struct buf *b, int64_t v)
{
    char digits[24];

    buf_str_put(b, i64_digits(v, digits));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
    size_t room = b->over || b->cap == 0 ? 0 : b->cap - b->n;
    va_list ap, again;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(room > 0 ? b->p + b->n : NULL, room, fmt, ap);
    if (n > 0 && (size_t)n < room && (size_t)n <= b->max - b->n) {
        b->n += (size_t)n;
    } else if (n > 0) {
        if (room > 0)
            b->p[b->n] = '\0';
        if (room_for(b, (size_t)n)) {
            vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
            b->n += (size_t)n;
        }
    }
    va_end(again);
    va_end(ap);
}

struct str
buf_str(const struct buf *b)
{
    return (struct str){ b->p != NULL ? b->p : "", b->n };
}

size_t
buf_put_without(struct buf *b, struct str text, struct str words)
{
    size_t n = 0;
    ptrdiff_t at;

    while (words.n > 0 && (at = str_find_fold(text, words)) >= 0) {
        buf_str_put(b, str_cut(text, 0, (size_t)at));
        buf_puts(b, "…");
        text = str_cut(text, (size_t)at + words.n, text.n);
        n++;
    }
    buf_str_put(b, text);
    return n;
}
