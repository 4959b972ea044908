#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

#include <errno.h>

/* clang-format off */
const struct err_info err_info[ERR__MAX] = {
    [ERR_NONE]      = { "none",       200, FAULT_NONE },
    [ERR_INVALID]   = { "invalid",    422, FAULT_CLIENT },
    [ERR_SIGN_IN]   = { "sign_in",    401, FAULT_CLIENT },
    [ERR_DENIED]    = { "denied",     403, FAULT_CLIENT },
    [ERR_MISSING]   = { "missing",    404, FAULT_CLIENT },
    [ERR_METHOD]    = { "method",     405, FAULT_CLIENT },
    [ERR_CONFLICT]  = { "conflict",   409, FAULT_CLIENT },
    [ERR_BLIND]     = { "invalid",    428, FAULT_CLIENT },
    [ERR_STALE]     = { "conflict",   412, FAULT_CLIENT },
    [ERR_TOO_LARGE] = { "too_large",  413, FAULT_CLIENT },
    [ERR_TYPE]      = { "type",       415, FAULT_CLIENT },
    [ERR_RATE]      = { "rate",       429, FAULT_CLIENT },
    [ERR_BUSY]      = { "busy",       503, FAULT_SERVER },
    [ERR_FULL]      = { "disk_full",  507, FAULT_SERVER },
    [ERR_STORE]     = { "store",      500, FAULT_SERVER },
};
/* clang-format on */

const char err_ours[] =
    N_("Something failed on the server; it was not your fault. The "
       "administrator finds the cause in the log. Try again later");

/* One conversion of a format: what stands between '%' and its letter. */
struct conv {
    int index;       /* of "%2$s", from 1; 0 = the next */
    bool star, wide; /* ".*" ; 'l' or 'z' */
    char letter;
};

static const char *
conv_parse(const char *p, struct conv *c)
{
    *c = (struct conv){ 0 };
    if (isdigit((unsigned char)p[0]) && p[1] == '$') {
        c->index = p[0] - '0';
        p += 2;
    }
    if (p[0] == '.' && p[1] == '*') {
        c->star = true;
        p += 2;
    }
    for (; *p == 'l' || *p == 'z'; p++)
        c->wide = true;
    c->letter = *p;
    return *p != '\0' ? p + 1 : p;
}

static void
arg_text(struct err_arg *a, struct str s)
{
    a->type = 's';
    utf8_fit(s, a->s, sizeof(a->s));
}

void
err_take(struct err *e, const char *fmt, va_list ap)
{
    struct conv c;

    *e = (struct err){ .msg = fmt };
    for (const char *p = fmt; *p != '\0' && e->n < N_OF(e->arg);) {
        struct err_arg *a = &e->arg[e->n];

        if (*p++ != '%')
            continue;
        p = conv_parse(p, &c);
        if (c.letter == 's' && c.star) {
            int n = va_arg(ap, int);

            arg_text(a, (struct str){ va_arg(ap, const char *), (size_t)n });
        } else if (c.letter == 's') {
            arg_text(a, str_of(va_arg(ap, const char *)));
        } else if (c.letter == '%') {
            continue;
        } else {
            a->type = 'd';
            a->d = c.wide ? va_arg(ap, long) : va_arg(ap, int);
        }
        e->n++;
    }
}

struct err *
err_put(struct err *e, enum err_code code, const char *field, const char *fmt,
        ...)
{
    va_list ap;

    va_start(ap, fmt);
    err_take(e, fmt, ap);
    va_end(ap);
    e->code = code;
    e->field = field;
    return e;
}

bool
err_label(struct err *e, unsigned i)
{
    if (i < e->n && e->arg[i].type == 's')
        e->arg[i].type = 'm';
    return false;
}

void
err_format(const struct err *e, const char *fmt, struct buf *b)
{
    unsigned next = 0;
    struct conv c;

    for (const char *p = fmt; p != NULL && *p != '\0';) {
        unsigned i;

        if (*p != '%') {
            size_t n = strcspn(p, "%");

            buf_put(b, p, n);
            p += n;
            continue;
        }
        p = conv_parse(p + 1, &c);
        if (c.letter == '%') {
            buf_putc(b, '%');
            continue;
        }
        i = c.index > 0 ? (unsigned)c.index - 1 : next++;
        if (i >= e->n)
            continue;
        if (e->arg[i].type == 'd')
            buf_i64(b, e->arg[i].d);
        else
            buf_puts(b, e->arg[i].s);
    }
}

enum err_code
err_disk(int errnum)
{
    return errnum == ENOSPC || errnum == EDQUOT ? ERR_FULL : ERR_STORE;
}

const char *
err_text(const struct err *e, char *out, size_t cap)
{
    BUF(b, 4096);

    err_format(e, e->msg, &b);
    utf8_fit(buf_str(&b), out, cap);
    return out;
}
