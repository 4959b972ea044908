#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "service/lease.h"
#include "store/stmt.h"

/* A number whose server the leader has not seen move for so long is free again;
 * it looks now and then. */
enum { NUMBER_MS = 3600 * 1000, NUMBER_LOOK_MS = 60 * 1000 };

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

/* ---- numbers ---------------------------------------------------------------- */

/* Read the numbers that others have. seen: by number; what is not there has no
 * holder. */
static bool
read_numbers(struct store *st, struct str me, struct lease_seen *seen,
             struct err *e)
{
    static const size_t head = sizeof("server/") - 1;
    struct rows r;
    bool ok, more = false;

    memset(seen, 0, SERVERS_MAX * sizeof(*seen));
    if (!rows_open(&r, st, &stmts[Q_LEASE_NUMBERS], ARGS(ARG(me)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str name = rows_str(&r, 0), holder = rows_str(&r, 1);
        int64_t n;

        if (!str_i64(str_cut(name, head, name.n), &n) || n < 0 ||
            n >= SERVERS_MAX)
            continue;
        snprintf(seen[n].holder, sizeof(seen[n].holder), "%.*s",
                 STR_ARG(holder));
        seen[n].beat = rows_i64(&r, 2);
    }
    rows_close(&r);
    return ok;
}

static void
name_number(struct lease *l, uint32_t n)
{
    struct lease is;

    snprintf(is.name, sizeof(is.name), "server/%u", n);
    memcpy(l->name, is.name, sizeof(is.name));
}

/* One that nobody has, in a transaction of its own. */
static bool
add_number(struct lease *l, struct store *st, int64_t now, uint32_t *number,
           bool *mine, struct err *e)
{
    bool ok = store_begin(st, e);

    *mine = false;
    for (uint32_t n = 0; ok && n < SERVERS_MAX && !*mine; n++) {
        name_number(l, n);
        ok = add(st, str_of(l->name), str_of(l->holder), now, mine, e);
        *number = n;
    }
    if (ok && store_commit(st, e))
        return true;
    store_rollback(st);
    return false;
}

/* One whose server was silent for as long as we looked. */
static bool
take_silent(struct lease *l, struct store *st, const struct lease_seen *seen,
            uint32_t *number, bool *mine, struct err *e)
{
    bool ok = store_begin(st, e);

    for (uint32_t n = 0; ok && n < SERVERS_MAX && !*mine; n++) {
        int64_t changed = 0;

        name_number(l, n);
        ok = stmt_run(st, &stmts[Q_LEASE_TAKE],
                      ARGS(ARG(str_of(l->name)), ARG(str_of(l->holder)),
                           ARG(str_of(seen[n].holder)), ARG(seen[n].beat)),
                      &changed, e);
        *mine = changed == 1;
        *number = n;
    }
    if (ok && store_commit(st, e))
        return true;
    store_rollback(st);
    return false;
}

static bool
read_alone(struct store *st, struct str me, struct lease_seen *seen,
           struct err *e)
{
    bool ok = store_begin(st, e) && read_numbers(st, me, seen, e);

    store_rollback(st);
    return ok;
}

static void
look_on(void)
{
    struct timespec t = { .tv_sec = LEASE_LOOK_MS / 1000 };

    while (nanosleep(&t, &t) != 0)
        ;
}

bool
lease_number(struct lease *l, struct store *st, int64_t now, uint32_t *number,
             struct err *e)
{
    struct lease_seen *seen = calloc(SERVERS_MAX, sizeof(*seen));
    unsigned char random[16];
    bool mine = false, ok;

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(l->holder, sizeof(l->holder), random, sizeof(random));
    ok = seen != NULL && add_number(l, st, now, number, &mine, e);
    if (ok && !mine && (ok = read_alone(st, str_of(l->holder), seen, e))) {
        look_on();
        ok = take_silent(l, st, seen, number, &mine, e);
    }
    free(seen);
    if (ok && mine)
        return true;
    l->name[0] = '\0';
    return ok ? err_set(e, ERR_BUSY, NULL, "Too many servers use this database")
              : seen != NULL ||
                    err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

bool
lease_keep(const struct lease *l, struct store *st, int64_t now, bool *ours,
           struct err *e)
{
    int64_t changed = 0;
    bool ok =
        stmt_run(st, &stmts[Q_LEASE_BEAT],
                 ARGS(ARG(str_of(l->name)), ARG(str_of(l->holder)), ARG(now)),
                 &changed, e);

    *ours = changed == 1;
    return ok;
}

/* Those of killed servers go, by the leader's own watch. */
static bool
forget_silent(struct tx *tx, struct lease_beat *b, struct err *e)
{
    struct lease_seen *now =
        arena_new_array(tx->arena, struct lease_seen, SERVERS_MAX);
    struct lease other;

    if (now == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!read_numbers(tx->st, writer_name(tx->w), now, e))
        return false;
    for (uint32_t n = 0; n < SERVERS_MAX; n++) {
        struct lease_seen *was = &b->number[n];
        struct row r;
        bool there;

        if (strcmp(was->holder, now[n].holder) != 0 ||
            was->beat != now[n].beat) {
            *was = now[n];
            was->at = b->watch;
        }
        if (was->holder[0] == '\0' || b->watch - was->at < NUMBER_MS)
            continue;
        name_number(&other, n);
        if (!look(tx->st, str_of(other.name), tx->arena, &r, &there, e))
            return false;
        if (there && r.beat == was->beat &&
            !QRUN(tx->st, LEASE_DEL, e, ARG(str_of(other.name)),
                  ARG(str_of(was->holder))))
            return false;
    }
    b->looked_at = b->watch;
    return true;
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
    if (!tx_number(tx, e) || !look(tx->st, name, tx->arena, &r, &there, e))
        return false;
    if (!there)
        return add(tx->st, name, me, 1, &b->held, e);
    if (!str_eq(r.holder, me) && !is_silent(b, &r))
        return true;
    if (!QRUN(tx->st, LEASE_PUT, e, ARG(name), ARG(me), ARG(r.beat + 1),
              ARG(r.fence + !str_eq(r.holder, me))))
        return false;
    b->held = true;
    return b->watch - b->looked_at < NUMBER_LOOK_MS || forget_silent(tx, b, e);
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

static bool
numbers_job(struct tx *tx, void *arg, struct err *e)
{
    return read_numbers(tx->st, writer_name(tx->w), arg, e);
}

static int
count_moved(const struct lease_seen *was, const struct lease_seen *is,
            int *there)
{
    int moved = 0;

    *there = 0;
    for (size_t n = 0; n < SERVERS_MAX; n++) {
        bool same = strcmp(was[n].holder, is[n].holder) == 0 &&
                    was[n].beat == is[n].beat;

        moved += is[n].holder[0] != '\0' && !same;
        *there += is[n].holder[0] != '\0';
    }
    return moved;
}

bool
lease_alone(struct writer *w, struct err *e)
{
    struct lease_seen *seen = calloc(SERVERS_MAX * 2, sizeof(*seen));
    bool ok = seen != NULL && writer_run(w, numbers_job, seen, e);
    int there, moved = 0;

    /* against nothing, whatever is there has moved */
    if (ok && count_moved(seen + SERVERS_MAX, seen, &there) > 0) {
        look_on();
        ok = writer_run(w, numbers_job, seen + SERVERS_MAX, e);
        moved = count_moved(seen, seen + SERVERS_MAX, &there);
    }
    if (seen == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    free(seen);
    return ok &&
           (moved == 0 || err_set(e, ERR_CONFLICT, NULL,
                                  "%d servers use this database: stop them "
                                  "first",
                                  moved));
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
