#include "domain/reading_part.h"

static bool
next_word(struct str *rest, struct str *word)
{
    return str_split(rest, '|', word);
}

bool
rt_has(struct str s, const char *words)
{
    return rt_find(s, words, NULL) >= 0;
}

ptrdiff_t
rt_find(struct str s, const char *words, size_t *len)
{
    struct str rest = str_of(words), w;
    ptrdiff_t best = -1;

    while (next_word(&rest, &w)) {
        ptrdiff_t at = w.n > 0 ? str_find(s, w) : -1;

        if (at >= 0 && (best < 0 || at < best)) {
            best = at;
            if (len != NULL)
                *len = w.n;
        }
    }
    return best;
}

bool
rt_is(struct str s, const char *words)
{
    const char *p = words, *end = words + strlen(words);

    /* Asked for every character of every cell: one search, not a split. */
    while (s.n > 0 && (p = memmem(p, (size_t)(end - p), s.p, s.n)) != NULL) {
        if ((p == words || p[-1] == '|') && (p + s.n == end || p[s.n] == '|') &&
            memchr(s.p, '|', s.n) == NULL)
            return true;
        p++;
    }
    return false;
}

bool
rt_starts(struct str s, const char *words)
{
    struct str rest = str_of(words), w;

    while (next_word(&rest, &w)) {
        if (w.n > 0 && str_starts(s, w))
            return true;
    }
    return false;
}

bool
rt_ends(struct str s, const char *words)
{
    struct str rest = str_of(words), w;

    while (next_word(&rest, &w)) {
        if (w.n > 0 && s.n >= w.n && str_eq(str_cut(s, s.n - w.n, s.n), w))
            return true;
    }
    return false;
}

/* White space at s[at]: its length, or 0. */
static size_t
space_at(struct str s, size_t at)
{
    if (s.p[at] == ' ' || (s.p[at] >= '\t' && s.p[at] <= '\r'))
        return 1;
    if (at + 2 <= s.n && memcmp(s.p + at, "\xc2\xa0", 2) == 0)
        return 2;
    if (at + 3 <= s.n && (memcmp(s.p + at, "\xe3\x80\x80", 3) == 0 ||
                          memcmp(s.p + at, "\xef\xbb\xbf", 3) == 0))
        return 3;
    return 0;
}

struct str
rt_trim(struct str s)
{
    size_t n;

    while (s.n > 0 && (n = space_at(s, 0)) > 0)
        s = str_cut(s, n, s.n);
    for (;;) {
        if (s.n >= 1 && space_at(s, s.n - 1) == 1)
            s.n -= 1;
        else if (s.n >= 2 && space_at(s, s.n - 2) == 2)
            s.n -= 2;
        else if (s.n >= 3 && space_at(s, s.n - 3) == 3)
            s.n -= 3;
        else
            return s;
    }
}

struct str
rt_trim_end(struct str s)
{
    for (;;) {
        s = rt_trim(s);
        if (rt_ends(s, "。|；"))
            s.n -= 3;
        else if (rt_ends(s, ";") && rt_has_cjk(s))
            s.n -= 1;
        else
            return s;
    }
}

bool
rt_is_cjk(int32_t cp)
{
    return (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0x20000 && cp <= 0x3ffff);
}

bool
rt_has_cjk(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        if (rt_is_cjk(utf8_next(s, &at)))
            return true;
    }
    return false;
}

bool
rt_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool
rt_number(struct str s, size_t *at, int64_t *out)
{
    size_t i = *at;
    int64_t v = 0;

    while (i < s.n && rt_digit(s.p[i])) {
        if (i - *at >= 15)
            return false;
        v = v * 10 + (s.p[i++] - '0');
    }
    if (i == *at)
        return false;
    *at = i;
    *out = v;
    return true;
}

static int
cjk_digit(struct str s)
{
    static const char *const digits[] = { "零|〇", "一|壹", "二|贰|两", "三|叁",
                                          "四|肆", "五|伍", "六|陆",    "七|柒",
                                          "八|捌", "九|玖" };

    for (size_t i = 0; i < N_OF(digits); i++) {
        if (rt_is(s, digits[i]))
            return (int)i;
    }
    return -1;
}

static int64_t
cjk_unit(struct str s)
{
    if (rt_is(s, "十|拾"))
        return 10;
    if (rt_is(s, "百|佰"))
        return 100;
    if (rt_is(s, "千|仟"))
        return 1000;
    if (rt_is(s, "万"))
        return 10000;
    return 0;
}

bool
rt_any_number(struct str s, int64_t *out)
{
    int64_t total = 0, below = 0, digit = 0, u;
    size_t at = 0, was;
    int d;

    if (s.n > 0 && rt_digit(s.p[0]))
        return rt_number(s, &at, out) && at == s.n;
    if (s.n == 0 || s.n > 36)
        return false;
    for (; at < s.n;) {
        struct str c;

        was = at;
        utf8_next(s, &at);
        c = str_cut(s, was, at);
        if ((d = cjk_digit(c)) >= 0) {
            digit = digit * 10 + d;
        } else if ((u = cjk_unit(c)) == 10000) {
            total = (total + below + digit) * u;
            below = digit = 0;
        } else if (u > 0) {
            below += (digit > 0 ? digit : 1) * u;
            digit = 0;
        } else {
            return false;
        }
        if (total > INT64_C(1000000000000) || digit > 1000000)
            return false;
    }
    *out = total + below + digit;
    return true;
}
