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

typedef unsigned char v16 __attribute__((vector_size(16)));

/* How many bytes from p on, of n, stand for themselves: sixteen at a time. */
static size_t
plain(const char *p, size_t n)
{
    size_t i = 0;

    for (; n - i >= 16; i += 16) {
        uint64_t half[2];
        v16 v;

        memcpy(&v, p + i, sizeof(v));
        v = (v16)((v == '&') | (v == '<') | (v == '>') | (v == '"') |
                  (v == '\''));
        memcpy(half, &v, sizeof(half));
        if ((half[0] | half[1]) != 0)
            break;
    }
    while (i < n && p[i] != '&' && p[i] != '<' && p[i] != '>' && p[i] != '"' &&
           p[i] != '\'')
        i++;
    return i;
}

static struct str
escaped(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    default:
        return STR("&#39;");
    }
}

void
html_esc(struct buf *b, struct str s)
{
    for (;;) {
        size_t n = plain(s.p, s.n);

        buf_put(b, s.p, n);
        if (n == s.n)
            return;
        buf_str_put(b, escaped(s.p[n]));
        s = str_cut(s, n + 1, s.n);
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
