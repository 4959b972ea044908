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
    return ok;
}
