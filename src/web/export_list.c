#include "web/export_list.h"
#include "web/view.h"

struct sink_cell
export_cell(struct rq *rq, const struct ledger *l, const struct field *f,
            const void *rec)
{
    struct sink_cell c = { .text = view_cell(rq, l, f, rec) };

    if (field_empty(f, rec) && f->instead != NULL)
        f = ledger_field(l, str_of(f->instead));
    if (field_ctype(f) != CT_I64)
        return c;
    if (c.text.n == 0 && f->flags & F_COUNT && actor_sees(&rq->who, l, rec, f))
        c.text = f->kind == FK_MONEY
                     ? say_money(&(struct say){ .arena = rq->arena }, 0)
                     : STR("0");
    c.v = *field_i64(f, rec);
    c.kind = f->kind == FK_INT     ? SINK_NUMBER
             : f->kind == FK_MONEY ? SINK_MONEY
             : f->kind == FK_DAY   ? SINK_DAY
             : f->kind == FK_TIME  ? SINK_TIME
                                   : SINK_TEXT;
    return c;
}

struct sink_cell
export_due(struct rq *rq, const struct rec *r)
{
    int64_t day =
        r->due_at != 0 ? zone_day(rq->who.dir->rules.zone, r->due_at - 1) : 0;

    return (struct sink_cell){ view_day(rq, day), SINK_DAY, day };
}

/* ---- what it was narrowed by ------------------------------------------------ */

static void
put_part(struct rq *rq, struct buf *b, const char *label, struct str value)
{
    buf_puts(b, b->n > 0 ? " · " : "");
    buf_puts(b, rq_tr(rq, label));
    if (value.n > 0) {
        buf_puts(b, rq->lang == LANG_ZH ? "：" : ": ");
        buf_str_put(b, value);
    }
}

static struct str
value_word(struct rq *rq, const struct field *f, int64_t v)
{
    const struct choice *c;

    switch (f->kind) {
    case FK_ENUM:
        c = choice_of(f->choices, v);
        return str_of(c != NULL ? rq_tr(rq, c->label) : "");
    case FK_FLAG:
        return str_of(rq_tr(rq, v != 0 ? N_("yes") : N_("no")));
    case FK_REF:
        return strcmp(f->ref, "person") == 0  ? view_person(rq, v)
               : strcmp(f->ref, "org") == 0   ? view_org(rq, v)
               : strcmp(f->ref, "place") == 0 ? view_place(rq, v)
                                              : arena_i64(rq->arena, v);
    default:
        return arena_i64(rq->arena, v);
    }
}

static void
put_filter(struct rq *rq, struct buf *b, const struct list_filter *f)
{
    BUF(words, 4096);

    for (size_t i = 0; i < f->n; i++) {
        buf_puts(&words, i > 0 ? ", " : "");
        buf_str_put(&words, value_word(rq, f->field, f->v[i]));
    }
    put_part(rq, b, f->field->label, buf_str(&words));
}

static void
put_states(struct rq *rq, struct buf *b, const struct ledger *l)
{
    struct str rest = rq_query(rq, "state"), one;
    BUF(words, 4096);

    while (str_split(&rest, ',', &one)) {
        buf_puts(&words, words.n > 0 ? ", " : "");
        if (str_is(one, "open"))
            buf_puts(&words, rq_tr(rq, N_("all that are open")));
        else if (str_is(one, "ended"))
            buf_puts(&words, rq_tr(rq, N_("all that have ended")));
        else
            for (size_t i = 0; i < l->n_states; i++)
                if (str_is(one, l->states[i].key))
                    buf_puts(&words, rq_tr(rq, l->states[i].label));
    }
    if (words.n > 0)
        put_part(rq, b, N_("State"), buf_str(&words));
}

static void
put_zone(struct rq *rq, struct buf *b)
{
    int64_t off = zone_offset_ms(rq->who.dir->rules.zone, rq->who.now) / 60000;
    int64_t far = off < 0 ? -off : off;

    put_part(rq, b, N_("Times"),
             arena_printf(rq->arena, "%.*s (UTC%c%02d:%02d)",
                          STR_ARG(rq->who.dir->tenant.zone),
                          off < 0 ? '-' : '+', (int)far / 60, (int)far % 60));
}

struct str
export_narrowed(struct rq *rq, const struct query *q)
{
    int64_t org = rq_query_i64(rq, "org");
    BUF(b, 8192);

    if (org != 0)
        put_part(rq, &b, N_("School"), view_org(rq, org));
    if (org != 0 && rq_query_i64(rq, "own") != 0)
        put_part(rq, &b, N_("without the schools below it"), STR(""));
    put_states(rq, &b, q->list.ledger);
    for (unsigned i = 0; i < q->list.n_filters; i++)
        put_filter(rq, &b, &q->list.filter[i]);
    if (q->list.due_before != 0)
        put_part(rq, &b, N_("overdue only"), STR(""));
    if (q->text.n > 0)
        put_part(rq, &b, N_("Search"), q->text);
    if (q->list.sort == SORT_DUE_FIRST && q->list.match.n == 0)
        put_part(rq, &b, N_("what is due first stands first"), STR(""));
    else if (q->list.sort == SORT_OLD)
        put_part(rq, &b, N_("the oldest first"), STR(""));
    put_zone(rq, &b);
    return arena_dup(rq->arena, buf_str(&b));
}

struct str
export_footer(struct rq *rq, const struct sink *s, const struct str *heads,
              size_t n)
{
    const char *colon = rq->lang == LANG_ZH ? "：" : ": ";
    const char *stop = rq->lang == LANG_ZH ? "。" : ". ";
    BUF(b, 8192);

    buf_str_put(&b,
                view_said(rq, N_("Rows in all: %ld. As of %.*s"), (long)s->rows,
                          STR_ARG(view_time(rq, rq->who.now))));
    if (s->n_cut > 0) {
        buf_puts(&b, stop);
        buf_str_put(
            &b, view_said(rq,
                          N_("Texts cut for want of room, with dots at their "
                             "end: %ld. CSV holds them whole"),
                          (long)s->n_cut));
    }
    for (size_t i = s->room; s->room > 0 && i < n; i++) {
        buf_puts(&b, i > s->room ? ", " : stop);
        if (i == s->room) {
            buf_puts(&b, rq_tr(rq, N_("Columns that have no room here")));
            buf_puts(&b, colon);
        }
        buf_str_put(&b, heads[i]);
    }
    if (s->n_spoiled > 0) {
        buf_puts(&b, stop);
        buf_puts(&b, rq_tr(rq, N_("Characters that no file can carry were "
                                  "replaced in")));
        buf_puts(&b, colon);
        buf_str_put(&b, buf_str(&s->spoiled));
    }
    return arena_dup(rq->arena, buf_str(&b));
}

/* A number as the district's records have them, of the longest code, in letters
 * as wide as most. */
static struct str
longest_number(struct rq *rq, const struct ledger *l)
{
    static const struct str wide = STR_INIT("NNNNNNNNNNNNNNNNNNNN");
    const struct dir *d = rq->who.dir;
    size_t n = 0;

    if (!(l->flags & L_NUMBERED))
        return STR("");
    for (size_t i = 0; i < d->n_org; i++)
        n = d->org[i].code.n > n ? d->org[i].code.n : n;
    n = n < wide.n ? n : wide.n;
    return arena_printf(rq->arena, "%.*s-%s-2000-0000",
                        STR_ARG(str_cut(wide, 0, n)), l->code);
}

void
export_least(struct rq *rq, const struct ledger *l,
             const struct field *const *f, size_t n, struct str *least)
{
    for (size_t i = 0; i < n; i++) {
        least[i] = STR("");
        if (f[i] == NULL)
            continue;
        if (f[i]->kind == FK_DAY || f[i]->kind == FK_TIME)
            least[i] = STR("2000-00-00");
        else if (f[i]->kind == FK_MONEY)
            least[i] = STR("¥00,000,000.00");
        else if (f[i]->flags & F_PHONE)
            least[i] = STR("00000000000");
    }
    least[n - 2] = STR("2000-00-00");
    least[n - 1] = longest_number(rq, l);
}
