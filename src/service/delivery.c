#include "service/delivery.h"
#include "service/seal.h"

/* Mail and SMS go out by one gateway for all tenants. */
static int64_t
bucket_tenant(int64_t tenant, int64_t channel)
{
    return channel <= CHANNEL_SMS ? 0 : tenant;
}

struct delivery_new {
    int64_t tenant, id, channel, person, urgent, at;
    struct str address;
};

static bool
add(struct tx *tx, const struct delivery_new *d, struct err *e)
{
    const int64_t none = 0, open = DLV_PLANNED;

    return seal_add(tx, SEAL_DELIVERY, &stmts[Q_DELIVERY_ADD],
                    ARGS(ARG(d->tenant), ARG(d->id), ARG(d->channel),
                         ARG(d->person), ARG(d->urgent), ARG(open), ARG(d->at),
                         ARG(none), ARG(tx->now), ARG(none), ARG(none),
                         ARG(STR("")), ARG(STR("")), ARG(d->address)),
                    e);
}

bool
delivery_put(struct tx *tx, const struct item *i, struct err *e)
{
    int64_t id, urgent = i->urgent;

    if (!stmt_one(tx->st, &stmts[Q_DELIVERY_OPEN],
                  ARGS(ARG(i->tenant), ARG(i->person), ARG(i->channel),
                       ARG(urgent), ARG((int64_t)0), ARG(i->address)),
                  NULL, COLS(COL(&id)), e)) {
        if (e->code != ERR_MISSING)
            return false;
        id = tx_id(tx);
        if (!add(tx,
                 &(struct delivery_new){ i->tenant, id, i->channel, i->person,
                                         urgent, i->at, i->address },
                 e))
            return false;
    }
    return QRUN(tx->st, ITEM_ADD, e, ARG(i->tenant), ARG(id), ARG(i->kind),
                ARG(i->ledger), ARG(i->record), ARG(tx->now));
}

/* ---- trying --------------------------------------------------------------------- */

static bool
bucket_at(struct store *st, int64_t tenant, int64_t channel, int64_t n,
          int64_t *at, struct err *e)
{
    *at = 0;
    return stmt_one(
               st, &stmts[Q_BUCKET_GET],
               ARGS(ARG(bucket_tenant(tenant, channel)), ARG(channel), ARG(n)),
               NULL, COLS(COL(at)), e) ||
           e->code == ERR_MISSING;
}

static bool
bucket_put(struct tx *tx, int64_t tenant, int64_t channel, int64_t n,
           int64_t at, struct err *e)
{
    return QRUN(tx->st, BUCKET_PUT, e, ARG(bucket_tenant(tenant, channel)),
                ARG(channel), ARG(n), ARG(at));
}

/* Bucket 0 says until when the channel rests; the others keep the time at
 * which they are full again (a token bucket in one number). */
static bool
buckets(struct tx *tx, struct delivery_try *t, struct err *e)
{
    int64_t at[1 + CHAT_LIMITS] = { 0 };

    if (!bucket_at(tx->st, t->tenant, t->channel, 0, &at[0], e))
        return false;
    t->wait_until = at[0] > tx->now ? at[0] : 0;
    for (size_t i = 0; i < t->n_limits; i++) {
        const struct limit *l = &t->limit[i];
        int64_t room = (l->burst - 1) * l->every_ms;

        if (!bucket_at(tx->st, t->tenant, t->channel, (int64_t)i + 1,
                       &at[i + 1], e))
            return false;
        /* a clock that was set back must not silence us */
        if (at[i + 1] > tx->now + room + l->every_ms)
            at[i + 1] = tx->now;
        if (at[i + 1] - room > tx->now && at[i + 1] - room > t->wait_until)
            t->wait_until = at[i + 1] - room;
    }
    if (t->wait_until != 0)
        return true;
    t->taken = true;
    for (size_t i = 0; i < t->n_limits; i++) {
        int64_t from = at[i + 1] > tx->now ? at[i + 1] : tx->now;

        if (!bucket_put(tx, t->tenant, t->channel, (int64_t)i + 1,
                        from + t->limit[i].every_ms, e))
            return false;
    }
    return true;
}

bool
delivery_try_job(struct tx *tx, void *arg, struct err *e)
{
    struct delivery_try *t = arg;
    int64_t changed;

    t->taken = false;
    if (!buckets(tx, t, e) || !t->taken)
        return t->wait_until != 0;
    if (!seal_change(tx, SEAL_TRY,
                     ARGS(ARG(t->tenant), ARG(t->id), ARG(tx->now),
                          ARG(tx->now + DELIVERY_LEASE_MS)),
                     &changed, e))
        return false;
    t->taken = changed == 1;
    return true;
}

static bool
forget(struct tx *tx, const struct delivery_end *d, struct err *e)
{
    return QRUN(tx->st, ITEM_PURGE, e, ARG(d->tenant), ARG(d->id)) &&
           QRUN(tx->st, DELIVERY_DEL, e, ARG(d->tenant), ARG(d->id));
}

bool
delivery_end_job(struct tx *tx, void *arg, struct err *e)
{
    const struct delivery_end *d = arg;
    int64_t state = DLV_SENT, next = 0;

    if (d->nothing)
        return forget(tx, d, e);
    if (d->untried)
        return seal_change(tx, SEAL_UNTRY,
                           ARGS(ARG(d->tenant), ARG(d->id), ARG(tx->now)), NULL,
                           e);
    if (d->verdict == SENT_NEVER)
        state = DLV_DEAD;
    else if (d->verdict != SENT_TAKEN) {
        next = message_back_off(d->tries);
        state = next > 0 ? DLV_FAILED : DLV_DEAD;
        next += next > 0 ? tx->now : 0;
        if (next > 0 && next < d->wait_until)
            next = d->wait_until;
    }
    if (d->wait_until > tx->now &&
        !bucket_put(tx, d->tenant, d->channel, 0, d->wait_until, e))
        return false;
    return seal_change(tx, SEAL_END,
                       ARGS(ARG(d->tenant), ARG(d->id), ARG(state), ARG(next),
                            ARG(tx->now), ARG(str_of(d->reason)),
                            ARG(str_of(d->answer))),
                       NULL, e);
}

bool
delivery_again_job(struct tx *tx, void *arg, struct err *e)
{
    const struct delivery_ref *d = arg;
    int64_t changed;

    if (!seal_change(tx, SEAL_AGAIN,
                     ARGS(ARG(d->tenant), ARG(d->id), ARG(tx->now)), &changed,
                     e))
        return false;
    return changed == 1 ||
           err_set(e, ERR_CONFLICT, NULL,
                   "Only a message that was given up can be tried again");
}

bool
delivery_test_job(struct tx *tx, void *arg, struct err *e)
{
    struct delivery_ref *d = arg;

    d->id = tx_id(tx);
    return add(tx,
               &(struct delivery_new){ d->tenant, d->id, d->channel, d->person,
                                       1, tx->now, STR("") },
               e) &&
           QRUN(tx->st, ITEM_ADD, e, ARG(d->tenant), ARG(d->id),
                ARG((int64_t)MSG_TEST), ARG((int64_t)0), ARG((int64_t)0),
                ARG(tx->now));
}

/* ---- reads ------------------------------------------------------------------------ */

static bool
open_list(struct rows *r, struct store *st, int64_t tenant, int64_t state,
          int64_t person, int64_t below, size_t limit, struct err *e)
{
    int64_t n = (int64_t)limit;

    if (person != 0)
        return rows_open(r, st, &stmts[Q_DELIVERY_OF],
                         ARGS(ARG(tenant), ARG(person), ARG(n)), e);
    if (state != 0)
        return rows_open(r, st, &stmts[Q_DELIVERY_IN],
                         ARGS(ARG(tenant), ARG(state), ARG(below), ARG(n)), e);
    return rows_open(r, st, &stmts[Q_DELIVERY_NEW],
                     ARGS(ARG(tenant), ARG(below), ARG(n)), e);
}

bool
deliveries_read(struct store *st, int64_t tenant, int64_t state, int64_t person,
                int64_t below, size_t limit, struct arena *a,
                struct delivery **list, size_t *n, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if ((*list = arena_new_array(a, struct delivery, limit)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!open_list(&r, st, tenant, state, person, below, limit, e))
        return false;
    r.arena = a;
    while ((ok = rows_next(&r, &more, e)) && more && *n < limit) {
        struct delivery *d = &(*list)[(*n)++];

        rows_get(&r, COLS(COL(&d->id), COL(&d->channel), COL(&d->person),
                          COL(&d->urgent), COL(&d->state), COL(&d->next_at),
                          COL(&d->tries), COL(&d->made_at), COL(&d->tried_at),
                          COL(&d->done_at), COL(&d->reason), COL(&d->answer)));
    }
    rows_close(&r);
    return ok;
}

bool
delivery_due(struct store *st, int64_t tenant, int64_t channel, int64_t now,
             struct delivery *d, struct err *e)
{
    *d = (struct delivery){ .channel = channel };
    for (d->urgent = 1; d->urgent >= 0; d->urgent--) {
        if (stmt_one(st, &stmts[Q_DELIVERY_DUE],
                     ARGS(ARG(tenant), ARG(channel), ARG(d->urgent), ARG(now)),
                     NULL, COLS(COL(&d->id), COL(&d->person), COL(&d->tries)),
                     e))
            return true;
        if (e->code != ERR_MISSING)
            return false;
    }
    d->id = 0;
    return true;
}

bool
delivery_counts(struct store *st, const struct tenant *t, size_t n,
                int64_t *waiting, int64_t *dead, struct err *e)
{
    static const int64_t of[] = { DLV_PLANNED, DLV_FAILED, DLV_DEAD };
    int64_t count;

    *waiting = *dead = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < N_OF(of); k++) {
            if (!stmt_one(st, &stmts[Q_DELIVERY_COUNT],
                          ARGS(ARG(t[i].id), ARG(of[k])), NULL,
                          COLS(COL(&count)), e))
                return false;
            *(of[k] == DLV_DEAD ? dead : waiting) += count;
        }
    return true;
}
