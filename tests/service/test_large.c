/* Jobs that touch much: one that is large succeeds, and what can be cut into
 * slices is, so that others write in between. */
#include "service/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "service/purge.h"
#include "service/rebuild.h"
#include "service/seal.h"

enum { ROWS = 25000, ROW = 4096, OLD = 3500 };

/* ---- one savepoint -------------------------------------------------------------- */

static bool
fill_job(struct tx *tx, void *arg, struct err *e)
{
    const char *letter = arg;
    static char text[ROW];
    char name[32];

    memset(text, *letter, sizeof(text));
    for (int i = 0; i < ROWS; i++) {
        snprintf(name, sizeof(name), "large.%d", i);
        if (!QRUN(tx->st, SETTING_PUT, e, ARG(str_of(name)),
                  ARG(((struct str){ text, sizeof(text) }))))
            return false;
    }
    return true;
}

static bool
refused_job(struct tx *tx, void *arg, struct err *e)
{
    return fill_job(tx, arg, e) && err_set(e, ERR_DENIED, NULL, "No");
}

static char
letter_of(struct world *w)
{
    struct str v = STR("");
    struct err e;
    ARENA(a, 64 * 1024);

    assert_true(stmt_one(writer_store(w->w), &stmts[Q_SETTING_GET],
                         ARGS(ARG(STR("large.24999"))), a, COLS(COL(&v)), &e));
    return v.p[0];
}

/* What a savepoint keeps to go back to is as large as what it changes. */
static void
a_job_changes_100_MB_and_is_taken_back_as_a_whole(void **state)
{
    struct world *w = *state;
    char a = 'a', b = 'b', c = 'c';
    struct err e = { 0 };
    char text[256];

    if (!writer_run(w->w, fill_job, &a, &e) ||
        !writer_run(w->w, fill_job, &b, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    assert_int_equal(letter_of(w), 'b');
    assert_false(writer_run(w->w, refused_job, &c, &e));
    assert_int_equal(e.code, ERR_DENIED);
    assert_int_equal(letter_of(w), 'b');
}

/* ---- slices ---------------------------------------------------------------------- */

static bool
old_job(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    const int64_t long_ago = tx->now - 400 * MS_PER_DAY;
    char key[32];

    for (int i = 0; i < OLD; i++) {
        int64_t at = i == 0 ? tx->now : long_ago;
        int64_t id = at == tx->now ? tx_id(tx) : id_from_time(long_ago) + i;

        snprintf(key, sizeof(key), "key-%d", i);
        if (!seal_add(tx, SEAL_REQUEST, &stmts[Q_IDEM_ADD],
                      ARGS(ARG(w->tenant), ARG(w->teacher), ARG(str_of(key)),
                           ARG(id), ARG((int64_t)1), BLOB(STR("d")), ARG(at)),
                      e) ||
            !seal_add(tx, SEAL_NOTICE, &stmts[Q_OUT_ADD],
                      ARGS(ARG(w->tenant), ARG(id), ARG(at), ARG(w->teacher),
                           ARG((int64_t)1), ARG(id), ARG(STR("late")),
                           ARG((int64_t)0), ARG((int64_t)0), ARG(STR(""))),
                      e) ||
            !seal_add(tx, SEAL_DELIVERY, &stmts[Q_DELIVERY_ADD],
                      ARGS(ARG(w->tenant), ARG(id), ARG((int64_t)1),
                           ARG(w->teacher), ARG((int64_t)1), ARG((int64_t)1),
                           ARG((int64_t)0), ARG((int64_t)0), ARG(at),
                           ARG((int64_t)0), ARG((int64_t)0), ARG(STR("")),
                           ARG(STR("")), ARG(STR(""))),
                      e) ||
            !QRUN(tx->st, ITEM_ADD, e, ARG(w->tenant), ARG(id), ARG((int64_t)1),
                  ARG((int64_t)1), ARG(id), ARG(at)) ||
            !seal_add(tx, SEAL_SESSION, &stmts[Q_SESSION_ADD],
                      ARGS(ARG(str_of(key)), ARG(w->tenant), ARG(w->teacher),
                           ARG(at), ARG(at + 1), ARG(STR("c")), ARG(at)),
                      e))
            return false;
    }
    return true;
}

static int64_t
left_in(struct world *w, const char *table)
{
    int64_t n = -1;
    struct err e;
    char sql[128];
    size_t len;

    len = (size_t)snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s", table);
    assert_true(stmt_one(writer_store(w->w),
                         stmt_composed((struct str){ sql, len }), NULL, 0, NULL,
                         COLS(COL(&n)), &e));
    return n;
}

static void
years_of_a_stop_are_forgotten_in_slices(void **state)
{
    static const char *const tables[] = { "idempotency", "outbox", "delivery",
                                          "delivery_item", "session" };
    struct world *w = *state;
    int64_t was[N_OF(tables)], all = 0, jobs, jobs_after;
    struct err e = { 0 };

    for (size_t i = 0; i < N_OF(tables); i++)
        was[i] = left_in(w, tables[i]);
    assert_true(writer_run(w->w, old_job, w, &e));
    jobs = writer_counts(w->w).jobs;
    assert_true(purge_round(w->w, w->tenant, &e));
    jobs_after = writer_counts(w->w).jobs;
    for (size_t i = 0; i < N_OF(tables); i++) {
        assert_int_equal(left_in(w, tables[i]), was[i] + 1);
        all += OLD - 1;
    }
    assert_true(jobs_after - jobs >= all / PURGE_SLICE);
    jobs = writer_counts(w->w).jobs;
    assert_true(purge_round(w->w, w->tenant, &e));
    jobs_after = writer_counts(w->w).jobs;
    assert_int_equal(jobs_after - jobs, 1); /* nothing is left to do */
}

/* ---- a check that could not be made ------------------------------------------------ */

static bool
steal_job(struct tx *tx, void *arg, struct err *e)
{
    return stmt_run(tx->st,
                    stmt_composed(STR("UPDATE person SET tenant_id = $1"
                                      " WHERE tenant_id = $2")),
                    ARGS(ARG((int64_t)999), ARG(((struct world *)arg)->tenant)),
                    NULL, e);
}

/* "Taken already" is what a rebuild meets, not what a check ends with. */
static void
a_check_that_failed_compares_nothing(void **state)
{
    struct world *w = *state;
    struct rebuild r = { .check = true };
    struct err e = { 0 };

    assert_true(rebuild_run(w->w, &r, &e));
    assert_true(r.compared);
    assert_int_equal(r.n_told, 0);
    if (store_is_shared(writer_store(w->w)))
        return; /* there each tenant's ids are its own */
    assert_true(writer_run(w->w, steal_job, w, &e));
    assert_false(rebuild_run(w->w, &r, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_false(r.compared);
}

#define WORLD(fn)                                                              \
    cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD(a_job_changes_100_MB_and_is_taken_back_as_a_whole),
        WORLD(years_of_a_stop_are_forgotten_in_slices),
        WORLD(a_check_that_failed_compares_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
