#include <string.h>

#include "domain/parts.h"
#include "service/history.h"
#include "web/history.h"
#include "web/view.h"

/* Characters: of a text, and of them what stands before a change. */
enum { SHOWN_MAX = 400, SHOWN_BEFORE = 60 };

/* Fields that tell a person nothing: what the program keeps for itself. */
static bool
is_inner(const struct field *f)
{
    return f->tag >= 12 && f->tag <= 22;
}

static struct str
words(struct rq *rq, const struct ledger *l, const struct field *f,
      const void *rec)
{
    if (rec == NULL)
        return STR("");
    if (f->tag == 11)
        return view_state(rq, l, *field_i64(f, rec));
    if (f->kind == FK_FILES && !field_empty(f, rec))
        return str_of(rq_tr(rq, N_("file")));
    return view_value(rq, f, rec);
}

/* Long texts from shortly before where they begin to differ, so that the
 * change is seen; what is left out at either end is marked. */
static void
show_change(struct rq *rq, struct v_delta *d)
{
    struct str *side[] = { &d->from, &d->to };
    size_t at = 0, from = 0, same = 0, start[SHOWN_BEFORE] = { 0 };

    if (utf8_first(d->from, SHOWN_MAX).n == d->from.n &&
        utf8_first(d->to, SHOWN_MAX).n == d->to.n)
        return;
    while (at < d->from.n && at < d->to.n && utf8_next(d->from, &at) >= 0 &&
           at <= d->to.n &&
           memcmp(d->from.p + from, d->to.p + from, at - from) == 0) {
        start[same++ % SHOWN_BEFORE] = from;
        from = at;
    }
    /* the oldest that was kept: as many characters before the difference */
    from = same > SHOWN_BEFORE ? start[same % SHOWN_BEFORE] : 0;
    for (size_t i = 0; i < N_OF(side); i++) {
        struct str s = *side[i],
                   rest = str_cut(s, from < s.n ? from : s.n, s.n);
        struct str head = utf8_first(rest, SHOWN_MAX);

        if (s.n > 0)
            *side[i] = arena_printf(rq->arena, "%s%.*s%s", from > 0 ? "…" : "",
                                    STR_ARG(head), head.n < rest.n ? "…" : "");
    }
}

/* "2, 3, without 4" */
static struct str
parts_words(struct rq *rq, struct str delta)
{
    struct part_change c;
    BUF(b, 400);

    while (parts_changed(&delta, &c) && !b.over)
        buf_printf(&b, "%s%s%ld", b.n > 0 ? ", " : "",
                   c.gone ? rq_tr(rq, N_("without ")) : "", (long)c.id);
    return arena_dup(rq->arena, buf_str(&b));
}

static void
deltas(struct rq *rq, const struct history_eyes *eyes,
       const struct history_entry *h, struct v_event *v)
{
    const struct ledger *l = eyes->l;
    struct v_delta *d = arena_new_array(rq->arena, struct v_delta, h->n + 1);

    v->deltas = d;
    for (size_t i = 0; d != NULL && i < h->n; i++) {
        const struct history_delta *x = &h->delta[i];

        bool before, after;

        history_shows(eyes, h, x, &before, &after);
        if (is_inner(x->field) || (x->field->flags & F_APART) ||
            (!before && !after) ||
            strstr(x->field->name, "step_") == x->field->name)
            continue;
        if (x->field->kind == FK_PARTS) {
            d[v->n_deltas++] = (struct v_delta){
                .label = str_of(rq_tr(rq, x->field->label)),
                .to = parts_words(rq, x->bytes),
            };
            continue;
        }
        d[v->n_deltas++] = (struct v_delta){
            .label = str_of(rq_tr(rq, x->field->label)),
            .from = before ? words(rq, l, x->field, x->before) : STR(""),
            .to = after ? words(rq, l, x->field, x->after) : STR(""),
        };
        show_change(rq, &d[v->n_deltas - 1]);
    }
}

bool
history_view(struct rq *rq, const struct ledger *l, const void *rec,
             int64_t seen, const struct v_event **out, size_t *n, struct err *e)
{
    const struct history_eyes eyes = { &rq->who, l, rec };
    struct history_entry *h;
    struct v_event *v;

    if (!history_read(rq->st, rq->who.dir->tenant.id, l,
                      ((const struct rec *)rec)->id, rq->arena, &h, n, e))
        return false;
    if ((v = arena_new_array(rq->arena, struct v_event, *n + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < *n; i++) {
        const struct history_entry *x = &h[*n - 1 - i];

        v[i] = (struct v_event){
            .when = view_time(rq, x->ev.at_ms),
            .who = history_shows_actor(&eyes, x)
                       ? view_person_of(rq, ((const struct rec *)rec)->org,
                                        x->ev.actor)
                       : str_of(rq_tr(rq, N_("a member of staff"))),
            .what = view_verb(rq, l, x->ev.verb),
            .comment = history_shows_words(&eyes, x)
                           ? x->ev.comment
                           : str_of(rq_tr(rq, N_("(covered)"))),
            .seq = x->seq,
            .fresh = x->ev.rev > seen,
        };
        if (x->ev.rev == 1 && x->occurred_at != 0)
            v[i].entered = view_said(rq, N_("Happened, as was said, at %.*s"),
                                     STR_ARG(view_time(rq, x->occurred_at)));
        deltas(rq, &eyes, x, &v[i]);
    }
    *out = v;
    return true;
}
