#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"

/* A view of n bytes of UTF-8; it owns nothing and need not end in NUL. */
struct str {
    const char *p;
    size_t n;
};

#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_INIT(lit)                                                          \
    {                                                                          \
        "" lit, sizeof(lit) - 1                                                \
    }
/* For printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) (int)(s).n, (s).p

static inline struct str
str_of(const char *z)
{
    return (struct str){ z != NULL ? z : "", z != NULL ? strlen(z) : 0 };
}

static inline bool
str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
str_is(struct str a, const char *z)
{
    if (a.n == 0 || z == NULL)
        return a.n == 0 && (z == NULL || *z == '\0');
    return a.p[0] == z[0] && str_eq(a, str_of(z)); /* most differ at once */
}

static inline bool
str_starts(struct str a, struct str head)
{
    return a.n >= head.n && memcmp(a.p, head.p, head.n) == 0;
}

/* Bytes [from, to) of s, clamped to s. */
static inline struct str
str_cut(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){ s.p + from, to - from };
}

/* Without ASCII white space at either end. */
struct str str_trim(struct str);

/* Take the text up to the next sep off the front of *rest.
 * False when nothing is left. An empty piece between two seps is given. */
bool str_split(struct str *rest, char sep, struct str *piece);

/* Where needle first stands in s, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);

/* The same; ASCII letters are the same, small or large. */
ptrdiff_t str_find_fold(struct str s, struct str needle);

/* A whole decimal number with optional '-', nothing else beside it.
 * False, *out untouched: not a number, or beyond 64 bits. */
bool str_i64(struct str, int64_t *out) MUST_USE;

/* The number in decimal, written into out (24 bytes), which it is a view of. */
struct str i64_digits(int64_t v, char out[24]);

/* True when word stands in the blank-separated list, e.g. "a" in "b a c". */
bool str_in_words(struct str word, const char *words);

/* UTF-8 (RFC 3629): the code point at *at, which moves past it.
 * -1 at the end or at a byte that starts no valid sequence (moves by one). */
int32_t utf8_next(struct str, size_t *at);
bool utf8_valid(struct str);
/* Code points in s; an invalid byte counts as one. */
size_t utf8_count(struct str);
/* The longest prefix of at most max bytes that ends on a code point. */
struct str utf8_head(struct str, size_t max);
/* The first max characters; all of s where it has no more. */
struct str utf8_first(struct str, size_t max);
/* Copy s into out, ended by NUL; what has no room in cap bytes (4 at least) ends
 * at a character with "…". Bytes written, without the NUL. */
size_t utf8_fit(struct str, char *out, size_t cap);
/* Encode cp (0 to 10FFFF) to out; bytes written, 1 to 4. */
size_t utf8_put(char out[4], int32_t cp);

#endif
