#include "base/str.h"

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
    while (s.n > 0 && is_blank(s.p[0]))
        s.p++, s.n--;
    while (s.n > 0 && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool
str_split(struct str *rest, char sep, struct str *piece)
{
    const char *at;

    if (rest->p == NULL)
        return false;
    at = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
    if (at == NULL) {
        *piece = *rest;
        *rest = (struct str){ NULL, 0 };
        return true;
    }
    *piece = (struct str){ rest->p, (size_t)(at - rest->p) };
    *rest = (struct str){ at + 1, rest->n - piece->n - 1 };
    return true;
}

ptrdiff_t
str_find(struct str s, struct str needle)
{
    const char *at;

    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return -1;
    at = memmem(s.p, s.n, needle.p, needle.n);
    return at != NULL ? at - s.p : -1;
}

static char
low(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

ptrdiff_t
str_find_fold(struct str s, struct str needle)
{
    for (size_t at = 0; needle.n > 0 && at + needle.n <= s.n; at++) {
        size_t i = 0;

        while (i < needle.n && low(s.p[at + i]) == low(needle.p[i]))
            i++;
        if (i == needle.n)
            return (ptrdiff_t)at;
    }
    return -1;
}

bool
str_i64(struct str s, int64_t *out)
{
    bool neg = s.n > 0 && s.p[0] == '-';
    int64_t v = 0;
    size_t i = neg ? 1 : 0;

    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        int d = s.p[i] - '0';

        if (d < 0 || d > 9 || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_sub_overflow(v, d, &v))
            return false;
    }
    if (!neg && v == INT64_MIN)
        return false;
    *out = neg ? v : -v;
    return true;
}

bool
str_in_words(struct str word, const char *words)
{
    struct str rest = str_of(words), piece;

    while (str_split(&rest, ' ', &piece))
        if (piece.n > 0 && str_eq(piece, word))
            return true;
    return false;
}

/* Length that a lead byte announces, and the bits of it that count. */
static size_t
lead(unsigned char c, int32_t *bits)
{
    if (c < 0x80) {
        *bits = c;
        return 1;
    }
    if (c >= 0xc2 && c <= 0xdf) {
        *bits = c & 0x1f;
        return 2;
    }
    if ((c & 0xf0) == 0xe0) {
        *bits = c & 0x0f;
        return 3;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        *bits = c & 0x07;
        return 4;
    }
    return 0;
}

int32_t
utf8_next(struct str s, size_t *at)
{
    static const int32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    int32_t cp;
    size_t n;

    if (*at >= s.n)
        return -1;
    n = lead((unsigned char)s.p[*at], &cp);
    if (n == 0 || *at + n > s.n) {
        *at += 1;
        return -1;
    }
    for (size_t i = 1; i < n; i++) {
        unsigned char c = (unsigned char)s.p[*at + i];

        if ((c & 0xc0) != 0x80) {
            *at += 1;
            return -1;
        }
        cp = cp << 6 | (c & 0x3f);
    }
    if (cp < least[n] || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff)) {
        *at += 1;
        return -1;
    }
    *at += n;
    return cp;
}

bool
utf8_valid(struct str s)
{
    for (size_t at = 0; at < s.n;)
        if (utf8_next(s, &at) < 0)
            return false;
    return true;
}

size_t
utf8_count(struct str s)
{
    size_t n = 0;

    for (size_t at = 0; at < s.n; n++)
        utf8_next(s, &at);
    return n;
}

struct str
utf8_head(struct str s, size_t max)
{
    if (s.n <= max)
        return s;
    while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
        max--;
    return (struct str){ s.p, max };
}

struct str
utf8_first(struct str s, size_t max)
{
    size_t at = 0;

    for (size_t n = 0; n < max && at < s.n; n++)
        utf8_next(s, &at);
    return str_cut(s, 0, at);
}

size_t
utf8_fit(struct str s, char *out, size_t cap)
{
    static const struct str more = STR_INIT("…");
    struct str head = s.n < cap ? s : utf8_head(s, cap - 1 - more.n);

    if (head.n > 0)
        memcpy(out, head.p, head.n);
    if (head.n < s.n) {
        memcpy(out + head.n, more.p, more.n);
        head.n += more.n;
    }
    out[head.n] = '\0';
    return head.n;
}

size_t
utf8_put(char out[4], int32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

struct str
i64_digits(int64_t v, char out[24])
{
    static const char two[] = "00010203040506070809"
                              "10111213141516171819"
                              "20212223242526272829"
                              "30313233343536373839"
                              "40414243444546474849"
                              "50515253545556575859"
                              "60616263646566676869"
                              "70717273747576777879"
                              "80818283848586878889"
                              "90919293949596979899";
    char *end = out + 24, *p = end;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    for (; u >= 100; u /= 100)
        memcpy(p -= 2, two + u % 100 * 2, 2);
    if (u >= 10)
        memcpy(p -= 2, two + u * 2, 2);
    else
        *--p = (char)('0' + u);
    if (v < 0)
        *--p = '-';
    return (struct str){ p, (size_t)(end - p) };
}
