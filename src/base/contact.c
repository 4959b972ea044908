#include <string.h>

#include "base/contact.h"

enum { LOCAL_MAX = 64, MAIL_MAX = 254, DIGITS_MIN = 5, DIGITS_MAX = 15 };

static bool
local_ok(struct str s)
{
    if (s.n == 0 || s.n > LOCAL_MAX || s.p[0] == '.' || s.p[s.n - 1] == '.')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c <= ' ' || c > '~' || strchr("()<>[]\\,;:\"@", c) != NULL ||
            (c == '.' && s.p[i - 1] == '.'))
            return false;
    }
    return true;
}

static bool
is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

static bool
domain_ok(struct str s)
{
    char before = '.';

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!is_letter_or_digit(c) && c != '-' && c != '.')
            return false;
        if ((c == '.' && !is_letter_or_digit(before)) ||
            (c == '-' && before == '.'))
            return false;
        before = c;
    }
    return is_letter_or_digit(before);
}

bool
mail_address_ok(struct str s)
{
    ptrdiff_t at = str_find(s, STR("@"));

    return at > 0 && s.n <= MAIL_MAX && local_ok(str_cut(s, 0, (size_t)at)) &&
           domain_ok(str_cut(s, (size_t)at + 1, s.n));
}

/* An extension of digits at the end is taken off; false: there is none. */
static bool
without_extension(struct str *s)
{
    static const char *const mark[] = { "转", "轉", "ext.", "ext", "x", "#" };

    for (size_t i = 0; i < N_OF(mark); i++) {
        ptrdiff_t at = str_find_fold(*s, str_of(mark[i]));
        struct str digits;
        int64_t v;

        if (at < 0)
            continue;
        digits = str_trim(str_cut(*s, (size_t)at + strlen(mark[i]), s->n));
        *s = str_trim(str_cut(*s, 0, (size_t)at));
        return digits.n > 0 && digits.n <= 6 && digits.p[0] != '-' &&
               digits.p[0] != '+' && str_i64(digits, &v);
    }
    return false;
}

static bool
is_number(struct str s)
{
    size_t digits = 0;
    int open = 0;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c >= '0' && c <= '9')
            digits++;
        else if (c == '(' || c == ')')
            open += c == '(' ? 1 : -1;
        else if (!(c == '+' && i == 0) && strchr(" -.", c) == NULL)
            return false;
        if (open < 0 || open > 1)
            return false;
    }
    return open == 0 && digits >= DIGITS_MIN && digits <= DIGITS_MAX;
}

bool
phone_number_ok(struct str s, bool extension)
{
    struct str rest = s;

    return is_number(s) ||
           (extension && without_extension(&rest) && is_number(rest));
}
