#include <inttypes.h>

#include "base/contact.h"
#include "base/fold.h"
#include "base/time.h"
#include "domain/parts.h"

enum { FOLD_ROOM = 256 };

bool
field_is_free(const struct field *f)
{
    bool is_free =
        f->kind == FK_LINE || f->kind == FK_TEXT || f->kind == FK_TEXT2;

    for (size_t i = 0; f->kind == FK_PARTS && i < f->parts->n_fields; i++)
        is_free |= field_is_free(&f->parts->fields[i]);
    return is_free &&
           !(f->flags & (F_MACHINE | F_PERSONAL | F_UNIQUE | F_APART));
}

bool
field_empty(const struct field *f, const void *rec)
{
    switch (field_ctype(f)) {
    case CT_I64:
        return *field_i64(f, rec) == 0;
    case CT_STR:
        return field_str(f, rec)->n == 0;
    case CT_TEXT2:
        return field_text2(f, rec)->en.n == 0 && field_text2(f, rec)->zh.n == 0;
    }
    return true;
}

bool
field_equal(const struct field *f, const void *a, const void *b)
{
    switch (field_ctype(f)) {
    case CT_I64:
        return *field_i64(f, a) == *field_i64(f, b);
    case CT_STR:
        return str_eq(*field_str(f, a), *field_str(f, b));
    case CT_TEXT2:
        return str_eq(field_text2(f, a)->en, field_text2(f, b)->en) &&
               str_eq(field_text2(f, a)->zh, field_text2(f, b)->zh);
    }
    return true;
}

const struct choice *
choice_of(const struct choice *c, int64_t v)
{
    for (; c != NULL && c->v != 0; c++)
        if (c->v == v)
            return c;
    return NULL;
}

const struct choice *
choice_find(const struct choice *c, struct str key)
{
    for (; c != NULL && c->v != 0; c++)
        if (str_is(key, c->key))
            return c;
    return NULL;
}

/* Commas stand between thousands, if at all: "1,234.50", never "3,50". */
static bool
commas_fit(struct str s)
{
    const char *point = memchr(s.p, '.', s.n);
    size_t whole = point != NULL ? (size_t)(point - s.p) : s.n;

    if (memchr(s.p, ',', whole) == NULL)
        return true;
    for (size_t i = 0; i < whole; i++)
        if ((s.p[i] == ',') != ((whole - i) % 4 == 0))
            return false;
    return whole > 4 && s.p[0] != ',';
}

/* "12", "12.5", "1,234.50" -> hundredths. */
static bool
money_parse(struct str s, int64_t *out)
{
    int64_t v = 0;
    int decimals = -1;

    if (s.n == 0 || !commas_fit(s))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == ',' && decimals < 0)
            continue;
        if (c == '.' && decimals < 0)
            decimals = 0;
        else if (c >= '0' && c <= '9' && decimals < 2) {
            decimals += decimals >= 0;
            if (__builtin_mul_overflow(v, 10, &v) ||
                __builtin_add_overflow(v, c - '0', &v))
                return false;
        } else
            return false;
    }
    return __builtin_mul_overflow(v,
                                  decimals < 1   ? 100
                                  : decimals < 2 ? 10
                                                 : 1,
                                  out) == 0;
}

static bool
i64_parse(const struct field *f, struct str s, int64_t *v, struct err *e)
{
    const struct choice *c;

    switch (f->kind) {
    case FK_ENUM:
        if ((c = choice_find(f->choices, s)) == NULL)
            return err_set(e, ERR_INVALID, f->name,
                           "\"%.*s\" is not one of the choices", STR_ARG(s));
        *v = c->v;
        return true;
    case FK_DAY:
        return day_parse(s, v) ||
               err_set(e, ERR_INVALID, f->name,
                       "\"%.*s\" is not a date such as 2024-03-05", STR_ARG(s));
    case FK_TIME:
        return str_i64(s, v) || time_parse(s, NULL, v) ||
               err_set(e, ERR_INVALID, f->name,
                       "\"%.*s\" is not a time such as 2024-03-05T09:30",
                       STR_ARG(s));
    case FK_MONEY:
        return money_parse(s, v) ||
               err_set(e, ERR_INVALID, f->name,
                       "\"%.*s\" is not an amount such as 1200.50", STR_ARG(s));
    case FK_FLAG:
        *v = str_in_words(s, "1 true on yes 是");
        return *v != 0 || str_in_words(s, "0 false off no 否") ||
               err_set(e, ERR_INVALID, f->name,
                       "\"%.*s\" is neither yes nor no", STR_ARG(s));
    default:
        return str_i64(s, v) ||
               err_set(e, ERR_INVALID, f->name,
                       "\"%.*s\" is not a whole number", STR_ARG(s));
    }
}

/* UTF-8 without the signs that end a text elsewhere: NUL, and what stands
 * between child rows. */
static bool
check_text(const struct field *f, struct str text, struct err *e)
{
    bool bad = !utf8_valid(text);

    for (size_t i = 0; i < text.n && f->kind != FK_PARTS; i++)
        bad |= text.p[i] == 0 || text.p[i] == 0x1e || text.p[i] == 0x1f;
    return !bad || err_set(e, ERR_INVALID, f->name,
                           "This text is not valid Unicode (UTF-8)");
}

bool
field_check_contact(const struct field *f, const void *rec, struct err *e)
{
    struct str s;

    if (!(f->flags & (F_MAIL | F_PHONE)) || (s = *field_str(f, rec)).n == 0)
        return true;
    if ((f->flags & F_MAIL) && !mail_address_ok(s))
        return err_set(e, ERR_INVALID, f->name,
                       "\"%.*s\" is not an e-mail address: write one alone, "
                       "such as wang@school.example",
                       STR_ARG(s));
    if ((f->flags & F_PHONE) &&
        !phone_number_ok(s, (f->flags & F_EXTENSION) != 0))
        return f->flags & F_EXTENSION
                   ? err_set(e, ERR_INVALID, f->name,
                             "\"%.*s\" is not a telephone number: write one "
                             "alone, such as 0871-6512345 or 0871-6512345 ext "
                             "12",
                             STR_ARG(s))
                   : err_set(e, ERR_INVALID, f->name,
                             "\"%.*s\" is not a telephone number: write one "
                             "alone, without extension, such as 138 0000 0000",
                             STR_ARG(s));
    return true;
}

/* Full-width digits and signs are read as the plain ones. */
static struct str
folded(struct str text, char room[FOLD_ROOM])
{
    size_t n = 0;

    if (text.n + 4 > FOLD_ROOM) /* no number, and the message shows it */
        return text;
    for (size_t at = 0; at < text.n;)
        n += fold_cp(utf8_next(text, &at), room + n);
    return str_trim((struct str){ room, n });
}

bool
field_parse(const struct field *f, struct str text, void *rec, struct err *e)
{
    char room[FOLD_ROOM];
    int64_t v = 0;

    if (field_ctype(f) == CT_TEXT2)
        return field_parse2(f, text, false, rec, e);
    if (!check_text(f, text, e))
        return false;
    if (f->kind == FK_PARTS) {
        *field_str(f, rec) = text;
        return true;
    }
    if (f->kind != FK_TEXT)
        text = str_trim(text);
    if (field_ctype(f) == CT_STR) {
        *field_str(f, rec) = str_trim(text);
        return true;
    }
    text = folded(text, room);
    if (text.n > 0 && !i64_parse(f, text, &v, e))
        return false;
    *field_i64(f, rec) = v;
    return true;
}

bool
field_parse2(const struct field *f, struct str text, bool zh, void *rec,
             struct err *e)
{
    if (!check_text(f, text, e))
        return false;
    *(zh ? &field_text2(f, rec)->zh : &field_text2(f, rec)->en) =
        str_trim(text);
    return true;
}

static void
i64_format(const struct field *f, int64_t v, struct buf *b)
{
    const struct choice *c;

    if (v == 0)
        return;
    switch (f->kind) {
    case FK_ENUM:
        if ((c = choice_of(f->choices, v)) != NULL)
            buf_puts(b, c->key);
        break;
    case FK_DAY:
        day_format(b, v);
        break;
    case FK_MONEY:
        buf_printf(b, "%ld.%02d", v / 100, (int)(v % 100));
        break;
    default:
        buf_i64(b, v);
    }
}

void
field_format(const struct field *f, const void *rec, bool zh, struct buf *b)
{
    switch (field_ctype(f)) {
    case CT_I64:
        i64_format(f, *field_i64(f, rec), b);
        break;
    case CT_STR:
        buf_str_put(b, *field_str(f, rec));
        break;
    case CT_TEXT2:
        buf_str_put(b, zh ? field_text2(f, rec)->zh : field_text2(f, rec)->en);
        break;
    }
}

static bool
check_i64(const struct field *f, int64_t v, struct err *e)
{
    if (v != 0 && (f->min != 0 || f->max != 0) && (v < f->min || v > f->max))
        return err_set(e, ERR_INVALID, f->name,
                       "must be from %ld to %ld, not %ld", f->min, f->max, v);
    if (v < 0 && (f->kind == FK_MONEY || f->kind == FK_REF))
        return err_set(e, ERR_INVALID, f->name, "must not be negative");
    if (f->kind == FK_ENUM && v != 0 && choice_of(f->choices, v) == NULL)
        return err_set(e, ERR_INVALID, f->name, "is not one of the choices");
    return true;
}

static bool
check_str(const struct field *f, struct str s, struct err *e)
{
    size_t n;

    if (f->kind == FK_LINE || f->kind == FK_TEXT2)
        for (size_t i = 0; i < s.n; i++)
            if ((unsigned char)s.p[i] < ' ')
                return err_set(e, ERR_INVALID, f->name,
                               "must be one line, without control characters");
    if (f->kind == FK_FILES) {
        n = s.n > 0;
        for (size_t i = 0; i < s.n; i++)
            n += s.p[i] == ',';
        if ((int64_t)n > f->max)
            return err_set(e, ERR_INVALID, f->name,
                           "has %zu files; at most %ld are kept", n, f->max);
        return true;
    }
    n = utf8_count(s);
    if (f->max > 0 && n > (size_t)f->max)
        return err_set(e, ERR_INVALID, f->name,
                       "has %zu characters; at most %ld fit", n, f->max);
    return true;
}

bool
field_check(const struct field *f, const void *rec, struct err *e)
{
    switch (field_ctype(f)) {
    case CT_I64:
        return check_i64(f, *field_i64(f, rec), e);
    case CT_STR:
        return f->kind == FK_PARTS ? parts_check(f, *field_str(f, rec), e)
                                   : check_str(f, *field_str(f, rec), e);
    case CT_TEXT2:
        return check_str(f, field_text2(f, rec)->en, e) &&
               check_str(f, field_text2(f, rec)->zh, e);
    }
    return true;
}
