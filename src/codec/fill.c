#include "codec/fill.h"

void
url_put(struct buf *b, struct str s)
{
    static const char digit[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
            (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' ||
            c == '~') {
            buf_putc(b, (char)c);
            continue;
        }
        buf_putc(b, '%');
        buf_putc(b, digit[c >> 4]);
        buf_putc(b, digit[c & 15]);
    }
}

static void
json_inside(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            buf_puts(b, "\\n");
        else if (c < ' ' || c == 0x7f)
            buf_printf(b, "\\u%04x", c);
        else
            buf_putc(b, (char)c);
    }
}

static void
put(struct buf *b, struct str value, enum fill_how how)
{
    if (how == FILL_URL)
        url_put(b, value);
    else if (how == FILL_JSON)
        json_inside(b, value);
    else
        buf_str_put(b, value);
}

void
fill(struct buf *b, struct str text, const struct hole *hole, size_t n,
     enum fill_how how)
{
    for (size_t i = 0; i < text.n; i++) {
        struct str rest = str_cut(text, i, text.n);
        size_t k = n;

        if (text.p[i] == '{')
            for (k = 0; k < n; k++) {
                size_t len = strlen(hole[k].name);

                if (rest.n >= len + 2 && rest.p[len + 1] == '}' &&
                    memcmp(rest.p + 1, hole[k].name, len) == 0)
                    break;
            }
        if (k == n) {
            buf_putc(b, text.p[i]);
            continue;
        }
        put(b, hole[k].value, how);
        i += strlen(hole[k].name) + 1;
    }
}
