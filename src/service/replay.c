#include "service/replay.h"
#include "store/stmt.h"

enum { FIELDS_MAX = 256, RECORD_QUOTA = 64 << 20 };

struct run {
    struct store *st;
    int64_t tenant;
    const struct replay_sink *sink;
    struct replayed now;
    int64_t seq_of[FIELDS_MAX];
    int64_t rev, seq;
    struct arena *arena;
};

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
give(struct run *r, struct err *e)
{
    bool ok = true;

    if (r->now.rec != NULL) {
        ((struct rec *)r->now.rec)->rev = r->rev;
        ok = r->sink->record(&r->now, r->sink->arg, e);
    }
    arena_free(r->arena);
    r->arena = NULL;
    r->now = (struct replayed){ .id = 0 };
    return ok;
}

static bool
take_field(const struct field *f, struct str bytes, void *arg, struct err *e)
{
    struct run *r = arg;
    const struct ledger *l = r->now.ledger;
    size_t at = f >= rec_fields && f < rec_fields + n_rec_fields
                    ? (size_t)(f - rec_fields)
                    : n_rec_fields + (size_t)(f - l->fields);

    r->seq_of[at] = r->seq;
    return event_value(f, bytes, r->now.rec, r->arena, e);
}

static bool
begin(struct run *r, int64_t record, const struct event *ev, struct err *e)
{
    const struct ledger *l = ledger_by_tag((uint16_t)ev->ledger);

    r->now.id = record;
    r->now.ledger = l;
    r->now.arena = r->arena;
    r->now.seq_of = r->seq_of;
    r->rev = 0;
    if (l == NULL || ev->ledger > UINT16_MAX)
        return err_set(e, ERR_STORE, NULL, "This program knows no ledger %ld",
                       (long)ev->ledger);
    for (size_t i = 0; i < FIELDS_MAX; i++)
        r->seq_of[i] = -1;
    if (n_rec_fields + l->n_fields > FIELDS_MAX ||
        (r->now.rec = arena_alloc(r->arena, l->size)) == NULL)
        return short_of_memory(e);
    ((struct rec *)r->now.rec)->id = record;
    return true;
}

/* The personal parts of an event that has any. */
static bool
take_parts(struct run *r, struct err *e)
{
    struct rows q;
    bool ok, more = false;

    if (!rows_open(&q, r->st, &stmts[Q_EVENT_PARTS],
                   ARGS(ARG(r->tenant), ARG(r->seq)), e))
        return false;
    q.arena = r->arena;
    while ((ok = rows_next(&q, &more, e)) && more)
        if (!(ok =
                  event_each(r->now.ledger, rows_str(&q, 2), take_field, r, e)))
            break;
    rows_close(&q);
    return ok;
}

static bool
has_parts(struct str commits)
{
    for (size_t i = 32; i < commits.n; i++)
        if (commits.p[i] != 0)
            return true;
    return false;
}

static bool
apply(struct run *r, int64_t record, struct str body, struct str commits,
      struct err *e)
{
    struct event ev;

    if (!event_decode(body, &ev, e) ||
        (r->now.rec == NULL && !begin(r, record, &ev, e)))
        return false;
    if (ev.record != record || ev.ledger != r->now.ledger->tag)
        return err_set(e, ERR_STORE, NULL, "The event is of another record");
    if (ev.rev != r->rev + 1) {
        int64_t was = r->rev;

        r->rev = ev.rev;
        return err_set(e, ERR_STORE, NULL,
                       "Change %ld of the record follows on change %ld",
                       (long)ev.rev, (long)was);
    }
    r->rev = ev.rev;
    return event_each(r->now.ledger, body, take_field, r, e) &&
           (!has_parts(commits) || take_parts(r, e));
}

static bool
one(struct run *r, struct rows *q, struct err *e)
{
    int64_t record = rows_i64(q, 0);
    struct err why = { 0 };

    if (record != r->now.id && !give(r, e))
        return false;
    if (r->arena == NULL && (r->arena = arena_new(RECORD_QUOTA)) == NULL)
        return short_of_memory(e);
    r->seq = r->now.seq = rows_i64(q, 1);
    if (apply(r, record, arena_dup(r->arena, rows_str(q, 2)), rows_str(q, 3),
              &why))
        return !arena_failed(r->arena) || short_of_memory(e);
    r->now.id = record;
    if (r->sink->bad != NULL)
        return r->sink->bad(record, r->seq, &why, r->sink->arg, e);
    return err_set(e, ERR_STORE, NULL,
                   "Event %ld cannot be read; run anlan verify", (long)r->seq);
}

bool
replay_each(struct store *st, int64_t tenant, const struct replay_sink *sink,
            struct err *e)
{
    struct run r = { .st = st, .tenant = tenant, .sink = sink };
    struct rows q;
    bool ok, more = false;

    if (!rows_open(&q, st, &stmts[Q_EVENT_BY_RECORD], ARGS(ARG(tenant)), e))
        return false;
    while ((ok = rows_next(&q, &more, e)) && more)
        if (!(ok = one(&r, &q, e)))
            break;
    rows_close(&q);
    ok = ok && give(&r, e);
    arena_free(r.arena);
    return ok;
}
