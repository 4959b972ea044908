#include "domain/login.h"
#include "base/clean.h"
#include "base/fold.h"

/* Sets of letters that may stand in one name: bits. */
enum script {
    SC_NONE = 0, /* digits and marks: with anything */
    SC_LATIN = 1 << 0,
    SC_GREEK = 1 << 1,
    SC_CYRILLIC = 1 << 2,
    SC_EAST = 1 << 3, /* Chinese, Japanese, Korean */
    SC_OTHER = 1 << 4,
    SC_NEVER = 1 << 5, /* letters that are pictures of letters, and blanks */
};

/* clang-format off */
static const struct { int32_t from, to; enum script script; } ranges[] = {
    { 0x0000, 0x0020, SC_NEVER },    { 0x0021, 0x0040, SC_NONE },
    { 0x0041, 0x005a, SC_LATIN },    { 0x005b, 0x0060, SC_NONE },
    { 0x0061, 0x007a, SC_LATIN },    { 0x007b, 0x007e, SC_NONE },
    { 0x007f, 0x00a0, SC_NEVER },    { 0x00a1, 0x00a9, SC_NONE },
    { 0x00aa, 0x00aa, SC_NEVER },    { 0x00ab, 0x00b7, SC_NONE },
    { 0x00b8, 0x00ba, SC_NEVER },    { 0x00bb, 0x00bf, SC_NONE },
    { 0x00c0, 0x024f, SC_LATIN },    { 0x0250, 0x036f, SC_NEVER },
    { 0x0370, 0x03ff, SC_GREEK },    { 0x0400, 0x052f, SC_CYRILLIC },
    { 0x0530, 0x109f, SC_OTHER },    { 0x10a0, 0x10ff, SC_OTHER },
    { 0x1100, 0x11ff, SC_EAST },     { 0x1200, 0x139f, SC_OTHER },
    { 0x13a0, 0x13ff, SC_NEVER },    { 0x1400, 0x1cff, SC_OTHER },
    { 0x1d00, 0x1dff, SC_NEVER },    { 0x1e00, 0x1eff, SC_LATIN },
    { 0x1f00, 0x1fff, SC_GREEK },    { 0x2000, 0x200f, SC_NEVER },
    { 0x2010, 0x2027, SC_NONE },     { 0x2028, 0x209f, SC_NEVER },
    { 0x20a0, 0x20cf, SC_NONE },     { 0x20d0, 0x24ff, SC_NEVER },
    { 0x2500, 0x2c5f, SC_NONE },     { 0x2c60, 0x2c7f, SC_NEVER },
    { 0x2c80, 0x2ddf, SC_NEVER },    { 0x2de0, 0x2dff, SC_CYRILLIC },
    { 0x2e00, 0x2fff, SC_NONE },     { 0x3000, 0x3000, SC_NEVER },
    { 0x3001, 0x3004, SC_NONE },     { 0x3005, 0x9fff, SC_EAST },
    { 0xa000, 0xa4cf, SC_OTHER },    { 0xa4d0, 0xa4ff, SC_NEVER },
    { 0xa500, 0xa63f, SC_OTHER },    { 0xa640, 0xa69f, SC_NEVER },
    { 0xa6a0, 0xa71f, SC_OTHER },    { 0xa720, 0xa7ff, SC_NEVER },
    { 0xa800, 0xab2f, SC_OTHER },    { 0xab30, 0xabbf, SC_NEVER },
    { 0xabc0, 0xabff, SC_OTHER },    { 0xac00, 0xd7ff, SC_EAST },
    { 0xf900, 0xfaff, SC_EAST },     { 0xfb00, 0xfb4f, SC_NEVER },
    { 0xfb50, 0xfdff, SC_OTHER },    { 0xfe00, 0xfe6f, SC_NEVER },
    { 0xfe70, 0xfefe, SC_OTHER },    { 0xfeff, 0xffff, SC_NEVER },
    { 0x10000, 0x1039f, SC_OTHER },  { 0x103a0, 0x1cfff, SC_NEVER },
    { 0x1d000, 0x1d7ff, SC_NEVER },  { 0x1d800, 0x1efff, SC_OTHER },
    { 0x1f000, 0x1faff, SC_NEVER },  { 0x20000, 0x323af, SC_EAST },
};
/* clang-format on */

static enum script
script_of(int32_t cp)
{
    size_t lo = 0, hi = N_OF(ranges);

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (cp > ranges[mid].to)
            lo = mid + 1;
        else if (cp < ranges[mid].from)
            hi = mid;
        else
            return ranges[mid].script;
    }
    return SC_NEVER;
}

/* Small letters of Greek and Cyrillic that look like one of Latin. */
static bool
looks_latin(int32_t cp)
{
    static const int32_t alike[] = {
        0x3b1, 0x3b3, 0x3b9, 0x3ba, 0x3bd, 0x3bf, 0x3c1, 0x3c5, 0x3c7, 0x3f2,
        0x3f3, 0x430, 0x432, 0x433, 0x435, 0x43a, 0x43c, 0x43d, 0x43e, 0x43f,
        0x440, 0x441, 0x442, 0x443, 0x445, 0x455, 0x456, 0x457, 0x458, 0x45e,
        0x475, 0x4af, 0x4bb, 0x4cf, 0x501, 0x51b, 0x51d,
    };

    for (size_t i = 0; i < N_OF(alike); i++)
        if (alike[i] == cp)
            return true;
    return false;
}

/* The small letter of a large one. */
static int32_t
small(int32_t cp)
{
    /* add 0: of a pair the large one is even */
    static const struct {
        int32_t from, to, add;
    } large[] = {
        { 'A', 'Z', 0x20 },     { 0xc0, 0xd6, 0x20 },   { 0xd8, 0xde, 0x20 },
        { 0x100, 0x12f, 0 },    { 0x132, 0x137, 0 },    { 0x14a, 0x177, 0 },
        { 0x391, 0x3a9, 0x20 }, { 0x400, 0x40f, 0x50 }, { 0x410, 0x42f, 0x20 },
        { 0x460, 0x481, 0 },    { 0x48a, 0x4bf, 0 },    { 0x4d0, 0x52f, 0 },
    };

    for (size_t i = 0; i < N_OF(large); i++)
        if (cp >= large[i].from && cp <= large[i].to)
            return large[i].add != 0 ? cp + large[i].add : (cp | 1);
    return cp;
}

struct str
login_fold(struct arena *a, struct str typed)
{
    struct str s = fold_text(a, text_clean_line(a, typed));
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;

    if (out == NULL)
        return STR("");
    for (size_t at = 0; at < s.n;) {
        size_t was = at;
        int32_t cp = utf8_next(s, &at);

        if (cp < 0)
            out[n++] = s.p[was];
        else /* a small letter has as many bytes as its large one */
            n += utf8_put(out + n, small(cp));
    }
    return str_trim((struct str){ out, n });
}

bool
login_check(struct str s, struct err *e)
{
    unsigned scripts = 0;
    bool latin = true;

    for (size_t at = 0; at < s.n;) {
        int32_t cp = utf8_next(s, &at);
        enum script is = script_of(cp);

        if (cp <= ' ' && cp >= 0)
            return err_set(e, ERR_INVALID, "login",
                           "A sign-in name has no blanks");
        scripts |= is;
        latin &= is == SC_NONE || looks_latin(cp);
    }
    scripts = scripts == (SC_LATIN | SC_EAST) ? SC_EAST : scripts;
    if ((scripts & (scripts - 1)) != 0 || (scripts & SC_NEVER) ||
        ((scripts & (SC_GREEK | SC_CYRILLIC)) && latin))
        return err_set(e, ERR_INVALID, "login",
                       "This sign-in name has letters that look like others: "
                       "take letters of one script, such as a to z");
    return true;
}
