#include "codec/csv.h"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* An optional sign, digits with at most one point, perhaps a per cent sign. */
static bool
plain_number(struct str s)
{
    size_t i = 0, digits = 0, points = 0;

    if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
        i++;
    for (; i < s.n && (is_digit(s.p[i]) || s.p[i] == '.'); i++) {
        digits += is_digit(s.p[i]);
        points += s.p[i] == '.';
    }
    if (i < s.n && s.p[i] == '%')
        i++;
    return i == s.n && digits > 0 && points <= 1;
}

static bool
needs_quotes(struct str s)
{
    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\0' && strchr(",;\t\r\n\"", s.p[i]) != NULL)
            return true;
    }
    return s.p[0] == ' ' || s.p[s.n - 1] == ' ';
}

static bool
runs_as_formula(struct str s)
{
    return s.n > 0 && s.p[0] != '\0' && strchr("=+-@\t\r", s.p[0]) != NULL &&
           !plain_number(s);
}

void
csv_put_cell(struct buf *b, struct str s)
{
    bool quote = needs_quotes(s);

    if (quote)
        buf_putc(b, '"');
    if (runs_as_formula(s))
        buf_putc(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_putc(b, '"');
        buf_putc(b, s.p[i]);
    }
    if (quote)
        buf_putc(b, '"');
}

void
csv_put_row(struct buf *b, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_putc(b, ',');
        csv_put_cell(b, cells[i]);
    }
    buf_puts(b, "\r\n");
}

void
csv_put_mark(struct buf *b)
{
    buf_puts(b, "\xef\xbb\xbf");
}
