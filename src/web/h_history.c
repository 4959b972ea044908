/* The past of a record, for programs: what each event changed, from what to
 * what. A reader sees of it what the record's page shows. */
#include <inttypes.h>

#include "domain/parts.h"
#include "service/history.h"
#include "web/answer.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/json.h"
#include "web/look.h"

/* A record that the reader may read, and its events. */
struct past {
    struct history_eyes eyes;
    struct history_entry *h;
    size_t n;
};

static bool
past_read(struct rq *rq, const struct change *of, struct arena *a,
          struct past *p, struct err *e)
{
    const struct ledger *l = of->ledger;
    void *rec = arena_alloc(a, l->size);
    int64_t tenant = rq->who.dir->tenant.id;

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, tenant, l, of->id, a, rec, e))
        return false;
    if (!actor_reads(&rq->who, l, rec))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    p->eyes = (struct history_eyes){ &rq->who, l, rec };
    return history_read(rq->st, tenant, l, of->id, a, &p->h, &p->n, e);
}

static void
put_state(struct buf *b, const struct ledger *l, const struct rec *r)
{
    const struct state *s = r != NULL ? ledger_state(l, r->state) : NULL;

    if (s == NULL)
        buf_puts(b, "null");
    else
        json_str(b, str_of(s->key));
}

/* A state by its key, as in the record. */
static void
put_side(struct rq *rq, struct buf *b, const struct ledger *l,
         const struct field *f, const void *rec)
{
    if (f->tag == 11)
        put_state(b, l, rec);
    else if (rec == NULL)
        buf_puts(b, "null");
    else
        json_value(rq, b, l, f, rec);
}

/* Of child rows only which they are: those that came or changed, and those that
 * went. */
static void
put_rows(struct buf *b, struct str delta)
{
    struct part_change c;

    for (int gone = 0; gone < 2; gone++) {
        struct str rest = delta;
        bool first = true;

        buf_puts(b, gone ? ",\"rows_gone\":[" : ",\"rows\":[");
        while (parts_changed(&rest, &c)) {
            if (c.gone != (gone == 1))
                continue;
            buf_printf(b, "%s%ld", first ? "" : ",", (long)c.id);
            first = false;
        }
        buf_puts(b, "]");
    }
}

static void
put_change(struct rq *rq, struct buf *b, const struct past *p,
           const struct history_delta *d, bool before, bool after)
{
    buf_printf(b, "{\"field\":\"%s\"", d->field->name);
    if (d->field->kind == FK_PARTS) {
        put_rows(b, d->bytes);
        before = after = false;
    }
    if (before) {
        buf_puts(b, ",\"before\":");
        put_side(rq, b, p->eyes.l, d->field, d->before);
    }
    if (after) {
        buf_puts(b, ",\"after\":");
        put_side(rq, b, p->eyes.l, d->field, d->after);
    }
    buf_putc(b, '}');
}

static void
put_changes(struct rq *rq, struct buf *b, const struct past *p,
            const struct history_entry *h)
{
    bool first = true;

    for (size_t i = 0; i < h->n; i++) {
        bool before, after;

        history_shows(&p->eyes, h, &h->delta[i], &before, &after);
        if (!before && !after)
            continue;
        buf_puts(b, first ? "" : ",");
        put_change(rq, b, p, &h->delta[i], before, after);
        first = false;
    }
}

/* The names alone, which came before there were values. */
static void
put_names(struct buf *b, const struct past *p, const struct history_entry *h)
{
    bool first = true;

    for (size_t i = 0; i < h->n; i++) {
        bool before, after;

        history_shows(&p->eyes, h, &h->delta[i], &before, &after);
        if (!before && !after)
            continue;
        buf_printf(b, "%s\"%s\"", first ? "" : ",", h->delta[i].field->name);
        first = false;
    }
}

static void
put_event(struct rq *rq, struct buf *b, const struct past *p,
          const struct history_entry *h)
{
    BUF(when, 64);

    time_format_utc(&when, h->ev.at_ms);
    buf_printf(b, "{\"seq\":%" PRId64 ",\"rev\":%" PRId64 ",\"verb\":", h->seq,
               h->ev.rev);
    json_str(b, h->ev.verb);
    buf_printf(b, ",\"actor\":\"%" PRId64 "\",\"at\":",
               history_shows_actor(&p->eyes, h) ? h->ev.actor : 0);
    json_str(b, buf_str(&when));
    buf_puts(b, ",\"comment\":");
    json_str(b, history_shows_words(&p->eyes, h) ? h->ev.comment : STR(""));
    buf_puts(b, ",\"fields\":[");
    put_names(b, p, h);
    buf_puts(b, "],\"changes\":[");
    put_changes(rq, b, p, h);
    buf_puts(b, "]}");
}

static bool
history_now(struct rq *rq, struct err *e)
{
    struct buf *b = &rq->rs->body;
    struct past p;

    if (!past_read(rq, &(struct change){ .ledger = rq->ledger, .id = rq->id },
                   rq->arena, &p, e))
        return false;
    answer_type(rq, "application/json");
    buf_puts(b, "{\"events\":[");
    for (size_t i = 0; i < p.n; i++) {
        buf_puts(b, i > 0 ? "," : "");
        put_event(rq, b, &p, &p.h[i]);
    }
    buf_puts(b, "]}\n");
    return true;
}

bool
api_history(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_HISTORY, history_now, e);
}

/* ---- somebody was faster ------------------------------------------------------ */

/* One field's whole change since a revision: its first value before and its
 * last after. False: it did not change, or not for these eyes. */
static bool
since_of(const struct past *p, int64_t rev, const struct field *f,
         struct history_delta *out, bool *before, bool *after)
{
    bool some = false;

    *before = *after = true;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; p->h[i].ev.rev > rev && k < p->h[i].n; k++) {
            const struct history_delta *d = &p->h[i].delta[k];
            bool b, a;

            if (d->field != f)
                continue;
            history_shows(&p->eyes, &p->h[i], d, &b, &a);
            if (!some) {
                *out = *d;
                *before = b;
            }
            out->after = d->after;
            out->bytes = d->bytes;
            *after = a;
            some = true;
        }
    return some && (*before || *after);
}

static void
put_since(struct rq *rq, struct buf *b, const struct past *p, int64_t rev)
{
    const struct ledger *l = p->eyes.l;
    bool first = true, before, after;

    for (size_t i = 0; i < n_rec_fields + l->n_fields; i++) {
        const struct field *f =
            i < n_rec_fields ? &rec_fields[i] : &l->fields[i - n_rec_fields];
        struct history_delta d;

        if (!since_of(p, rev, f, &d, &before, &after))
            continue;
        buf_puts(b, first ? "" : ",");
        put_change(rq, b, p, &d, before, after);
        first = false;
    }
}

/* The revision that was named is not the newest. */
static bool
is_old(const struct err *why)
{
    return why->code == ERR_CONFLICT && why->field != NULL &&
           strcmp(why->field, "rev") == 0;
}

void
api_differs(struct rq *rq, const struct change *c, const struct err *why,
            struct buf *more)
{
    ARENA(own, 16 << 20); /* of many, each has its own past */
    struct err ignored;
    struct past p;

    if (!is_old(why) || c->id == 0 || !past_read(rq, c, own, &p, &ignored))
        return;
    buf_printf(more, ",\"rev\":%" PRId64 ",\"changes\":[",
               ((const struct rec *)p.eyes.rec)->rev);
    put_since(rq, more, &p, c->rev);
    buf_puts(more, "]");
    if (more->over)
        buf_clear(more);
}

bool
api_refused(struct rq *rq, const struct change *c, const struct err *e)
{
    struct err why = *e;
    BUF(more, 1 << 20);

    if (!is_old(e))
        return false;
    if (http_header(rq->http, "If-Match").n > 0)
        why.code = ERR_STALE;
    api_differs(rq, c, e, &more);
    json_problem(rq, &why, buf_str(&more));
    return true;
}
