#include "base/fold.h"

#include <stdio.h>

/* clang-format off */
static const struct { int32_t from, to; int first; } circled[] = {
    { 0x2460, 0x2473, 1 },  /* ① to ⑳ */
    { 0x2474, 0x2487, 1 },  /* ⑴ to ⒇ */
    { 0x2488, 0x249b, 1 },  /* ⒈ to ⒛ */
    { 0x24f5, 0x24fe, 1 },  /* ⓵ to ⓾ */
    { 0x2776, 0x277f, 1 },  /* ❶ to ❿ */
    { 0x2780, 0x2789, 1 },  /* ➀ to ➉ */
    { 0x278a, 0x2793, 1 },  /* ➊ to ➓ */
    { 0x3251, 0x325f, 21 }, /* ㉑ to ㉟ */
    { 0x32b1, 0x32bf, 36 }, /* ㊱ to ㊿ */
};

static const struct { int32_t cp; const char *to; } single[] = {
    { 0x00a0, " " },  { 0x00ad, "" },   { 0x00b2, "2" },  { 0x00b3, "3" },
    { 0x200b, "" },   { 0x200c, "" },   { 0x200d, "" },   { 0x2010, "-" },
    { 0x2011, "-" },  { 0x2012, "-" },  { 0x2013, "-" },  { 0x2014, "-" },
    { 0x2018, "'" },  { 0x2019, "'" },  { 0x201c, "\"" }, { 0x201d, "\"" },
    { 0x2024, "." },  { 0x202f, " " },  { 0x2060, "" },   { 0x2212, "-" },
    { 0x2236, ":" },  { 0x3000, " " },  { 0x3001, "、" }, { 0x301c, "~" },
    { 0x338e, "mg" }, { 0x338f, "kg" }, { 0x339c, "mm" }, { 0x339d, "cm" },
    { 0x339e, "km" }, { 0x33a1, "m2" }, { 0x33a5, "m3" }, { 0xfe50, "," },
    { 0xfe54, ";" },  { 0xfe55, ":" },  { 0xfeff, "" },   { 0xffe5, "¥" },
};
/* clang-format on */

int
fold_circled(int32_t cp)
{
    for (size_t i = 0; i < N_OF(circled); i++) {
        if (cp >= circled[i].from && cp <= circled[i].to)
            return (int)(cp - circled[i].from) + circled[i].first;
    }
    return 0;
}

size_t
fold_cp(int32_t cp, char out[4])
{
    size_t lo = 0, hi = N_OF(single);
    int n;

    if (cp < 0x80)
        return utf8_put(out, cp);
    if (cp >= 0xff01 && cp <= 0xff5e)
        return utf8_put(out, cp - 0xff01 + '!');
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (single[mid].cp == cp) {
            n = (int)strlen(single[mid].to);
            memcpy(out, single[mid].to, (size_t)n);
            return (size_t)n;
        }
        if (single[mid].cp < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (cp >= 0x2000 && cp <= 0x200a)
        return utf8_put(out, ' ');
    if ((n = fold_circled(cp)) > 0) {
        if (n >= 10) {
            out[0] = (char)('0' + n / 10);
            out[1] = (char)('0' + n % 10);
            return 2;
        }
        return utf8_put(out, '0' + n);
    }
    return utf8_put(out, cp);
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct str
fold(struct arena *a, struct str s, bool key)
{
    /* No code point folds to more bytes than it had, and a bad byte, which
     * is kept, is one. */
    char *out = arena_alloc(a, s.n + 4);
    size_t n = 0;

    if (out == NULL)
        return STR("");
    for (size_t at = 0; at < s.n;) {
        size_t was = at;
        int32_t cp = utf8_next(s, &at);
        size_t got;

        if (cp < 0) {
            out[n++] = s.p[was];
            continue;
        }
        got = fold_cp(cp, out + n);
        if (key && got == 1 && is_space(out[n]))
            continue;
        if (key && got == 1 && out[n] >= 'A' && out[n] <= 'Z')
            out[n] = (char)(out[n] - 'A' + 'a');
        n += got;
    }
    return (struct str){ out, n };
}

struct str
fold_text(struct arena *a, struct str s)
{
    return fold(a, s, false);
}

struct str
fold_key(struct arena *a, struct str s)
{
    return fold(a, s, true);
}
