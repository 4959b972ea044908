#include <sodium.h>
#include <stdio.h>

#include "service/lease.h"
#include "store/stmt.h"

/* A number whose server has not been heard of for so long is free again. */
enum { NUMBER_MS = 3600 * 1000 };
/* One that has not is not taken for running. */
enum { ALIVE_MS = 60 * 1000 };

struct row {
    struct str holder;
    int64_t beat, fence;
};

static bool
look(struct store *st, struct str name, struct arena *a, struct row *r,
     bool *there, struct err *e)
{
    *there = stmt_one(st, &stmts[Q_LEASE_LOCK], ARGS(ARG(name)), a,
                      COLS(COL(&r->holder), COL(&r->beat), COL(&r->fence)), e);
    return *there || e->code == ERR_MISSING;
}

static bool
add(struct store *st, struct str name, struct str holder, int64_t beat,
    bool *mine, struct err *e)
{
    int64_t changed = 0;
    bool ok = stmt_run(st, &stmts[Q_LEASE_ADD],
                       ARGS(ARG(name), ARG(holder), ARG(beat)), &changed, e);

    *mine = changed == 1;
    return ok;
}

static bool
take_number(struct lease *l, struct store *st, int64_t now, bool *mine,
            struct err *e)
{
    struct row r;
    bool there;
    ARENA(a, 4096);

    if (!look(st, str_of(l->name), a, &r, &there, e))
        return false;
    if (!there)
        return add(st, str_of(l->name), str_of(l->holder), now, mine, e);
    *mine = r.beat < now - NUMBER_MS;
    return !*mine || QRUN(st, LEASE_PUT, e, ARG(str_of(l->name)),
                          ARG(str_of(l->holder)), ARG(now), ARG(r.fence + 1));
}

bool
lease_number(struct lease *l, struct store *st, int64_t now, uint32_t *number,
             struct err *e)
{
    unsigned char random[16];
    bool mine = false;

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(l->holder, sizeof(l->holder), random, sizeof(random));
    if (!store_begin(st, e))
        return false;
    for (uint32_t n = 0; n < SERVERS_MAX && !mine; n++) {
        snprintf(l->name, sizeof(l->name), "server/%u", n);
        if (!take_number(l, st, now, &mine, e))
            break;
        *number = n;
    }
    if (mine && store_commit(st, e))
        return true;
    store_rollback(st);
    l->name[0] = '\0';
    return e->code != ERR_NONE && e->code != ERR_MISSING
               ? false
               : err_set(e, ERR_BUSY, NULL,
                         "Too many servers use this database");
}

void
lease_give_back(const struct lease *l, struct store *st)
{
    struct err e;

    if (store_begin(st, &e) &&
        QRUN(st, LEASE_DEL, &e, ARG(str_of(l->name)), ARG(str_of(l->holder))) &&
        store_commit(st, &e))
        return;
    store_rollback(st);
}

/* Has the leader that is not us been silent for too long? */
static bool
is_silent(struct lease_beat *b, const struct row *r)
{
    if (!str_is(r->holder, b->seen) || r->beat != b->seen_beat) {
        snprintf(b->seen, sizeof(b->seen), "%.*s", STR_ARG(r->holder));
        b->seen_beat = r->beat;
        b->seen_at = b->watch;
    }
    return r->holder.n == 0 || b->watch - b->seen_at >= LEASE_MS;
}

bool
lease_beat_job(struct tx *tx, void *arg, struct err *e)
{
    struct lease_beat *b = arg;
    const struct str name = str_of(b->name), me = writer_name(tx->w);
    struct row r;
    bool there;

    b->held = false;
    if (!QRUN(tx->st, LEASE_PUT, e, ARG(writer_number(tx->w)), ARG(me),
              ARG(tx->now), ARG((int64_t)1)) ||
        !look(tx->st, name, tx->arena, &r, &there, e))
        return false;
    if (!there)
        return add(tx->st, name, me, 1, &b->held, e);
    if (!str_eq(r.holder, me) && !is_silent(b, &r))
        return true;
    if (!QRUN(tx->st, LEASE_PUT, e, ARG(name), ARG(me), ARG(r.beat + 1),
              ARG(r.fence + !str_eq(r.holder, me))))
        return false;
    b->held = true;
    return true;
}

bool
lease_end_job(struct tx *tx, void *arg, struct err *e)
{
    const struct lease_beat *b = arg;
    struct row r;
    bool there;

    if (!look(tx->st, str_of(b->name), tx->arena, &r, &there, e))
        return false;
    return !there || !str_eq(r.holder, writer_name(tx->w)) ||
           QRUN(tx->st, LEASE_PUT, e, ARG(str_of(b->name)), ARG(STR("")),
                ARG(r.beat + 1), ARG(r.fence));
}

bool
lease_alone(struct tx *tx, struct err *e)
{
    struct rows r;
    bool ok, more = false;
    int64_t others = 0;

    if (!rows_open(&r, tx->st, &stmts[Q_LEASE_NUMBERS],
                   ARGS(ARG(writer_name(tx->w)), ARG(tx->now - ALIVE_MS)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        others++;
    rows_close(&r);
    return ok &&
           (others == 0 || err_set(e, ERR_CONFLICT, NULL,
                                   "%ld servers use this database: stop them "
                                   "first (one that was killed is forgotten "
                                   "after a minute)",
                                   (long)others));
}

bool
lease_holds(struct tx *tx, const char *name, struct err *e)
{
    int64_t fence;

    return stmt_one(tx->st, &stmts[Q_LEASE_HELD],
                    ARGS(ARG(str_of(name)), ARG(writer_name(tx->w))), NULL,
                    COLS(COL(&fence)), e) ||
           (e->code == ERR_MISSING &&
            err_set(e, ERR_BUSY, NULL, "Another server does this now"));
}
