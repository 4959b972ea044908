#include "html/html.h"

bool
html_url_vet(struct str s, struct url *out)
{
    if (s.n == 0 || (s.p[0] != '/' && s.p[0] != '?' && s.p[0] != '#'))
        return false;
    if (s.n > 1 && s.p[0] == '/' && s.p[1] == '/')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        /* browsers read a backslash as a slash, and skip tabs and newlines */
        if (c <= ' ' || c == 0x7f || c == '\\')
            return false;
    }
    out->s = s;
    return true;
}

void
html_esc(struct buf *b, struct str s)
{
    static const struct str esc[256] = {
        ['&'] = STR_INIT("&amp;"),  ['<'] = STR_INIT("&lt;"),
        ['>'] = STR_INIT("&gt;"),   ['"'] = STR_INIT("&quot;"),
        ['\''] = STR_INIT("&#39;"),
    };
    const unsigned char *p = (const unsigned char *)s.p;
    size_t from = 0, i = 0;

    for (;;) {
        while (i < s.n && esc[p[i]].n == 0)
            i++;
        if (i > from)
            buf_put(b, s.p + from, i - from);
        if (i == s.n)
            return;
        buf_put(b, esc[p[i]].p, esc[p[i]].n);
        from = ++i;
    }
}

static bool
is_unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

void
html_pct(struct buf *b, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t from = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (is_unreserved(c))
            continue;
        if (i > from)
            buf_put(b, s.p + from, i - from);
        buf_put(b, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
        from = i + 1;
    }
    if (s.n > from)
        buf_put(b, s.p + from, s.n - from);
}

void
html_esc_z(struct buf *b, const char *z)
{
    html_esc(b, str_of(z));
}

void
html_pct_z(struct buf *b, const char *z)
{
    html_pct(b, str_of(z));
}

void
html_int(struct buf *b, int v)
{
    buf_i64(b, v);
}

void
html_uint(struct buf *b, unsigned v)
{
    buf_i64(b, v);
}

void
html_i64(struct buf *b, int64_t v)
{
    buf_i64(b, v);
}

void
html_size(struct buf *b, size_t v)
{
    buf_printf(b, "%zu", v);
}

void
html_markup(struct buf *b, struct markup m)
{
    buf_put(b, m.s.p, m.s.n);
}

void
html_url(struct buf *b, struct url u)
{
    html_esc(b, u.s);
}
