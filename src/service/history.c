#include "service/history.h"
#include "store/stmt.h"

struct reading {
    struct store *st;
    int64_t tenant;
    const struct ledger *l;
    struct arena *arena;
    const void *before;
    void *after;
    struct history_entry *entry;
};

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
note_field(const struct field *f, struct str bytes, void *arg, struct err *e)
{
    struct reading *r = arg;

    /* child rows would be long, and were longer before */
    if (f->kind != FK_PARTS && !event_value(f, bytes, r->after, r->arena, e))
        return false;
    r->entry->delta[r->entry->n++] =
        (struct history_delta){ f, r->before, r->after, bytes };
    return true;
}

/* The personal part of an entry, if it is still there. */
static bool
part_of(struct reading *r, int64_t seq, struct str *out, struct err *e)
{
    int64_t subject;
    struct str salt;

    *out = STR("");
    return stmt_one(r->st, &stmts[Q_EVENT_PARTS],
                    ARGS(ARG(r->tenant), ARG(seq)), r->arena,
                    COLS(COL(&subject), COL(&salt), COL(out)), e) ||
           e->code == ERR_MISSING;
}

static bool
read_one(struct reading *r, struct history_entry *h, int64_t seq,
         struct str body, struct err *e)
{
    void *next = arena_alloc(r->arena, r->l->size);
    struct str part;

    h->seq = seq;
    h->delta = arena_new_array(r->arena, struct history_delta,
                               r->l->n_fields + n_rec_fields);
    if (next == NULL || h->delta == NULL)
        return short_of_memory(e);
    if (r->after != NULL)
        memcpy(next, r->after, r->l->size);
    r->before = r->after;
    r->after = next;
    r->entry = h;
    if (!event_decode(body, &h->ev, e) || !part_of(r, seq, &part, e) ||
        !event_each(r->l, body, note_field, r, e) ||
        !event_each(r->l, part, note_field, r, e))
        return false;
    h->occurred_at = ((struct rec *)next)->occurred_at;
    h->origin = ((struct rec *)next)->origin;
    return true;
}

/* ---- what was veiled ------------------------------------------------------- */

static const struct step *
veil_of(const struct ledger *l, struct str verb)
{
    for (size_t i = 0; i < l->n_steps; i++)
        if ((l->steps[i].flags & S_VEIL) && str_is(verb, l->steps[i].verb))
            return &l->steps[i];
    return NULL;
}

static bool
looks_behind(const struct history_eyes *k)
{
    return actor_may(k->who, k->l, SEE_VEILED,
                     ((const struct rec *)k->rec)->org);
}

void
history_shows(const struct history_eyes *k, const struct history_entry *h,
              const struct history_delta *d, bool *before, bool *after)
{
    const struct step *now = veil_of(k->l, h->ev.verb);
    bool behind = looks_behind(k);

    *before = *after = actor_sees(k->who, k->l, k->rec, d->field);
    *before &= behind || ((now == NULL || !step_writes(now, d->field)) &&
                          (h->veil == NULL || !step_writes(h->veil, d->field)));
    *after &= behind || h->veil == NULL || !step_writes(h->veil, d->field);
}

bool
history_shows_actor(const struct history_eyes *k, const struct history_entry *h)
{
    return h->ev.rev != 1 || actor_sees(k->who, k->l, k->rec,
                                        ledger_field(k->l, STR("created_by")));
}

bool
history_shows_words(const struct history_eyes *k, const struct history_entry *h)
{
    return h->veil == NULL || h->ev.actor != PERSON_PUBLIC || looks_behind(k);
}

bool
history_veiled(struct store *st, int64_t tenant, const struct history_eyes *k,
               int64_t *seq, struct err *e)
{
    struct event ev;
    struct rows q;
    bool ok, more = false;

    *seq = 0;
    if (ledger_roles(k->l, SEE_VEILED) == 0 || looks_behind(k))
        return true;
    if (!rows_open(&q, st, &stmts[Q_EVENT_OF],
                   ARGS(ARG(tenant), ARG(((const struct rec *)k->rec)->id)), e))
        return false;
    while ((ok = rows_next(&q, &more, e)) && more &&
           (ok = event_decode(rows_str(&q, 5), &ev, e)))
        if (veil_of(k->l, ev.verb) != NULL)
            *seq = rows_i64(&q, 0);
    rows_close(&q);
    return ok;
}

bool
history_read(struct store *st, int64_t tenant, const struct ledger *l,
             int64_t id, struct arena *a, struct history_entry **out, size_t *n,
             struct err *e)
{
    enum { MOST = 1000 };
    struct reading r = { .st = st, .tenant = tenant, .l = l, .arena = a };
    struct rows q;
    bool ok, more = false;

    *n = 0;
    if ((*out = arena_new_array(a, struct history_entry, MOST)) == NULL)
        return short_of_memory(e);
    if (!rows_open(&q, st, &stmts[Q_EVENT_OF], ARGS(ARG(tenant), ARG(id)), e))
        return false;
    q.arena = a;
    while ((ok = rows_next(&q, &more, e)) && more && *n < MOST)
        if (!(ok = read_one(&r, &(*out)[(*n)++], rows_i64(&q, 0),
                            rows_str(&q, 5), e)))
            break;
    rows_close(&q);
    for (size_t i = *n; ok && i > 1; i--) {
        const struct step *veil = veil_of(l, (*out)[i - 1].ev.verb);

        (*out)[i - 2].veil = veil != NULL ? veil : (*out)[i - 1].veil;
    }
    return ok;
}
