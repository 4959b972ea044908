#include <strings.h>

#include "web/form.h"

static int
hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t
form_decode(char *p, size_t n, bool plus)
{
    size_t to = 0;

    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        int high, low;

        if (c == '+' && plus)
            c = ' ';
        else if (c == '%' && n - i > 2 && (high = hex(p[i + 1])) >= 0 &&
                 (low = hex(p[i + 2])) >= 0) {
            c = (char)(high << 4 | low);
            i += 2;
        }
        p[to++] = c;
    }
    return to;
}

static bool
is_clean(struct str s)
{
    return memchr(s.p, 0, s.n) == NULL && utf8_valid(s);
}

static bool
field_parse(char *p, size_t n, struct http_param *f, struct err *e)
{
    char *eq = memchr(p, '=', n);
    size_t n_name = eq != NULL ? (size_t)(eq - p) : n;

    f->name = (struct str){ p, form_decode(p, n_name, true) };
    f->value = STR("");
    if (eq != NULL)
        f->value =
            (struct str){ eq + 1, form_decode(eq + 1, n - n_name - 1, true) };
    if (is_clean(f->name) && is_clean(f->value))
        return true;
    return err_set(e, ERR_INVALID, NULL, "The text is not valid UTF-8.");
}

bool
form_parse(struct arena *a, char *p, size_t n, const struct http_param **fields,
           size_t *n_fields, struct err *e)
{
    struct http_param *f;
    size_t count = 0;
    char *end = p + n, *amp;

    for (const char *q = p; q < end; q++) {
        count++;
        if ((q = memchr(q, '&', (size_t)(end - q))) == NULL)
            break;
    }
    if (count > FORM_FIELDS_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL, "The form has too many fields.");
    if ((f = arena_new_array(a, struct http_param, count + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is busy.");
    count = 0;
    for (; p < end; p = amp + 1) {
        if ((amp = memchr(p, '&', (size_t)(end - p))) == NULL)
            amp = end;
        if (amp > p && !field_parse(p, (size_t)(amp - p), &f[count++], e))
            return false;
    }
    *fields = f;
    *n_fields = count;
    return true;
}

bool
form_type_is(struct str content_type, const char *type)
{
    struct str rest = content_type, head = STR("");

    if (!str_split(&rest, ';', &head))
        return false;
    head = str_trim(head);
    return head.n == strlen(type) && strncasecmp(head.p, type, head.n) == 0;
}

/* Where the value that begins at p ends: at the quote, or before ';'. Browsers
 * write a quote inside as %22 or \", and leave other backslashes alone. */
static const char *
value_end(const char *p, const char *end, bool quoted)
{
    while (p < end && *p != (quoted ? '"' : ';'))
        p += quoted && *p == '\\' && end - p > 1 && p[1] == '"' ? 2 : 1;
    return p;
}

/* Take one name=value; of a header off *rest; quoted values may hold ';'. */
static bool
param_next(struct str *rest, struct str *name, struct str *value)
{
    const char *p = rest->n > 0 ? rest->p : "", *end = p + rest->n, *from;

    while (p < end && (*p == ';' || *p == ' ' || *p == '\t'))
        p++;
    for (from = p; p < end && *p != '=' && *p != ';';)
        p++;
    *name = str_trim((struct str){ from, (size_t)(p - from) });
    *value = STR("");
    if (p < end && *p == '=') {
        bool quoted = ++p < end && *p == '"';

        from = p + quoted;
        p = value_end(from, end, quoted);
        *value = (struct str){ from, (size_t)(p - from) };
        if (!quoted)
            *value = str_trim(*value);
        p = value_end(p, end, false);
    }
    *rest = (struct str){ p, (size_t)(end - p) };
    return name->n > 0;
}

struct str
form_header_param(struct str value, const char *want)
{
    struct str rest = value, name, v;

    if (!str_split(&rest, ';', &name))
        return STR("");
    while (param_next(&rest, &name, &v))
        if (name.n == strlen(want) && strncasecmp(name.p, want, name.n) == 0)
            return v;
    return STR("");
}
