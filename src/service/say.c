#include <inttypes.h>
#include <stdio.h>

#include "base/err.h"
#include "service/say.h"

struct str
say_count(const struct say *s, const char *text, int64_t n)
{
    const struct err e = { .n = 1, .arg = { { .type = 'd', .d = n } } };
    BUF(out, 1024);

    err_format(&e, text, &out);
    return arena_dup(s->arena, buf_str(&out));
}

struct str
say_vtext(const struct say *s, const char *msgid, va_list ap)
{
    struct err e;
    BUF(out, 2048);

    err_take(&e, msgid, ap);
    err_format(&e, tr(s->lang, msgid), &out);
    return arena_dup(s->arena, buf_str(&out));
}

struct str
say_text(const struct say *s, const char *msgid, ...)
{
    struct str out;
    va_list ap;

    va_start(ap, msgid);
    out = say_vtext(s, msgid, ap);
    va_end(ap);
    return out;
}

struct str
say_due(const struct say *s, int64_t due)
{
    const struct zone *z = s->dir->rules.zone;
    int64_t left, n;
    BUF(day, 64);

    if (due == 0)
        return STR("");
    /* due is the end of a day: 24:00 belongs to the day before */
    left = zone_day(z, due - 1) - zone_day(z, s->now);
    n = left < 0 ? -left : left;
    if (due < s->now)
        return n == 0
                   ? str_of(tr(s->lang, N_("late since today")))
                   : say_count(s,
                               trn(s->lang, "%ld day late", "%ld days late", n),
                               n);
    if (left == 0)
        return str_of(tr(s->lang, N_("due today")));
    if (left <= 14)
        return say_count(
            s, trn(s->lang, "due in %ld day", "due in %ld days", n), n);
    day_format(&day, zone_day(z, due - 1));
    return say_text(s, N_("due on %.*s"), STR_ARG(buf_str(&day)));
}

struct str
say_org(const struct say *s, int64_t id)
{
    const struct dir_org *o = dir_org(s->dir, id);

    return o != NULL ? text2_in(o->name, s->lang == LANG_ZH) : STR("");
}

struct str
say_cut(const struct say *s, struct str text, size_t max)
{
    size_t at = 0, n = 0;

    while (at < text.n && n + 1 < max) {
        utf8_next(text, &at);
        n++;
    }
    if (utf8_count(str_cut(text, at, text.n)) <= 1)
        return text;
    return arena_printf(s->arena, "%.*s…", (int)at, text.p);
}

/* Signs that turn the direction of what follows, U+202A..E and U+2066..9: a
 * due date behind one would read backwards. */
static bool
turns(const char *p, size_t left)
{
    const unsigned char *u = (const unsigned char *)p;

    return left >= 3 && u[0] == 0xe2 &&
           ((u[1] == 0x80 && u[2] >= 0xaa && u[2] <= 0xae) ||
            (u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9));
}

/* A line: what people typed over several becomes one. */
static struct str
one_line(const struct say *s, struct str text)
{
    char *p = arena_dupz(s->arena, text);
    size_t n = 0;

    for (size_t i = 0; p != NULL && i < text.n; i++)
        if (turns(p + i, text.n - i))
            i += 2;
        else
            p[n++] = (unsigned char)p[i] < ' ' || p[i] == 0x7f ? ' ' : p[i];
    return str_trim((struct str){ p, n });
}

struct str
say_title(const struct say *s, const struct ledger *l, const void *rec,
          size_t max)
{
    const struct field *f = ledger_name_field(l);
    struct str text = STR("");

    if (f == NULL || f->see != NULL || (f->flags & F_PERSONAL) ||
        (l->discreet != NULL && l->discreet(rec)))
        return str_of(tr(s->lang, l->title_one));
    if (field_ctype(f) == CT_STR)
        text = *field_str(f, rec);
    else if (field_ctype(f) == CT_TEXT2)
        text = text2_in(*field_text2(f, rec), s->lang == LANG_ZH);
    if (text.n == 0)
        return str_of(tr(s->lang, l->title_one));
    return say_cut(s, one_line(s, text), max);
}

struct str
say_link(const struct say *s, const struct ledger *l, int64_t id)
{
    struct str base = s->base;

    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    if (base.n == 0)
        return STR("");
    return arena_printf(s->arena, "%.*s/t/%.*s/%s/%ld", STR_ARG(base),
                        STR_ARG(s->dir->tenant.code), l->name, (long)id);
}

/* A line's end: the school, the state, when it is due. */
struct line_end {
    struct str org, due;
    const char *state;
};

static struct str
line_end(const struct say *s, const struct line_end *t)
{
    BUF(b, 2048);

    if (t->org.n > 0)
        buf_printf(&b, " · %.*s", STR_ARG(say_cut(s, t->org, 40)));
    if (t->state[0] != '\0')
        buf_printf(&b, " · %s", t->state);
    if (t->due.n > 0)
        buf_printf(&b, " · %.*s", STR_ARG(t->due));
    return arena_dup(s->arena, buf_str(&b));
}

struct str
say_line(const struct say *s, const struct ledger *l, const void *rec,
         size_t max)
{
    enum { WORDS = 24 }; /* of the title, that tell what it is about */
    const struct rec *r = rec;
    const struct state *st = ledger_state(l, r->state);
    struct line_end t = { .org = say_org(s, r->org),
                          .due = say_due(s, r->due_at),
                          .state = st != NULL ? tr(s->lang, st->label) : "" };
    struct str end = line_end(s, &t), title = say_title(s, l, rec, max);
    size_t head = r->no.n + 1, words = utf8_count(title), left;

    words = head + (words < WORDS ? words : WORDS);
    if (words + utf8_count(end) > max &&
        r->no.n > 0) { /* it tells the school */
        t.org = STR("");
        end = line_end(s, &t);
    }
    if (words + utf8_count(end) > max && t.due.n > 0) {
        t.state = "";
        end = line_end(s, &t);
    }
    left = utf8_count(end) + head;
    title = say_cut(s, title, max > left + 8 ? max - left : 8);
    return say_cut(s,
                   arena_printf(s->arena, "%.*s%s%.*s%.*s", STR_ARG(r->no),
                                r->no.n > 0 ? " " : "", STR_ARG(title),
                                STR_ARG(end)),
                   max);
}

struct str
say_money(const struct say *s, int64_t fen)
{
    char digits[32];
    BUF(b, 64);
    int n = snprintf(digits, sizeof(digits), "%" PRId64, fen / 100);

    buf_puts(&b, "¥");
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            buf_putc(&b, ',');
        buf_putc(&b, digits[i]);
    }
    buf_printf(&b, ".%02d", (int)(fen % 100));
    return arena_dup(s->arena, buf_str(&b));
}

struct str
say_day_paper(const struct say *s, int64_t day)
{
    struct civil c = civil_of(day);
    BUF(b, 64);

    if (day == 0)
        return STR("");
    if (s->lang == LANG_ZH)
        return arena_printf(s->arena, "%d年%d月%d日", (int)c.year, c.month,
                            c.day);
    day_format(&b, day);
    return arena_dup(s->arena, buf_str(&b));
}
