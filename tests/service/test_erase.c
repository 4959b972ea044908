/* Personal data go when the rules say so, and nothing else does. */
#include "service/world.h"

#include "service/retention.h"
#include "store/stmt.h"

#define DAY MS_PER_DAY

static bool
step_on_person(struct world *w, int64_t id, const char *verb, struct err *e)
{
    const struct input in = { STR("comment"), STR_INIT("why") };
    struct change c = { .ledger = &person_ledger,
                        .tenant = w->tenant,
                        .id = id,
                        .verb = str_of(verb),
                        .input = &in,
                        .n_inputs = 1 };

    return writer_run(w->w, change_job, &c, e);
}

static struct person
person_of(struct world *w, int64_t id, struct arena *a)
{
    struct person p;
    struct err e = { 0 };
    struct store *st = store_open(w->dir, STORE_READ, &e);

    memset(&p, 0, sizeof(p));
    assert_non_null(st);
    assert_true(store_begin(st, &e));
    assert_true(store_rec_get(st, w->tenant, &person_ledger, id, a, &p, &e));
    store_rollback(st);
    store_close(st);
    return p;
}

static long
round_of(struct world *w, const struct ledger *l)
{
    struct err e = { 0 };
    struct store *st = store_open(w->dir, STORE_READ, &e);
    long n = 0;

    assert_non_null(st);
    assert_true(retention_round(st, w->w, w->tenant, l, world_now, &n, &e));
    store_close(st);
    return n;
}

static void
who_left_is_forgotten_after_the_rules_time(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    ARENA(a, 1 << 20);

    assert_false(step_on_person(w, w->teacher, "erase", &e));
    assert_int_equal(e.code, ERR_CONFLICT); /* still works here */
    assert_true(step_on_person(w, w->teacher, "end", &e));
    world_now += 1094 * DAY;
    assert_int_equal(round_of(w, &person_ledger), 0);
    assert_true(person_of(w, w->teacher, a).name.n > 0);
    world_now += 3 * DAY;
    assert_int_equal(round_of(w, &person_ledger), 1);
    assert_int_equal(person_of(w, w->teacher, a).name.n, 0);
    assert_true(person_of(w, w->manager, a).name.n > 0);
    assert_int_equal(round_of(w, &person_ledger), 0); /* once */
    world_check(writer_store(w->w), w->tenant);
}

static void
an_erased_part_is_gone_from_the_events(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    int64_t left = 0;
    struct rows r;
    bool more = false;

    assert_true(step_on_person(w, w->teacher, "end", &e));
    assert_true(step_on_person(w, w->teacher, "erase", &e));
    assert_true(rows_open(&r, writer_store(w->w), &stmts[Q_EVENT_PART_ALL],
                          ARGS(ARG(w->tenant)), &e));
    while (rows_next(&r, &more, &e) && more)
        left += rows_i64(&r, 1) == w->teacher && rows_str(&r, 3).n > 0;
    rows_close(&r);
    assert_int_equal(left, 0);
    assert_true(step_on_person(w, w->teacher, "erase", &e)); /* no harm */
}

static void
an_open_hazard_keeps_what_it_needs(void **state)
{
    struct world *w = *state;
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct err e = { 0 };

    assert_true(writer_run(w->w, change_job, &c, &e));
    world_now += 40 * 365 * DAY;
    assert_int_equal(round_of(w, &hazard_ledger), 0);
    for (size_t i = 0; i < n_ledgers; i++)
        if (ledgers[i] != &person_ledger)
            assert_int_equal(round_of(w, ledgers[i]), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            who_left_is_forgotten_after_the_rules_time, world_set_up,
            world_tear_down),
        cmocka_unit_test_setup_teardown(an_erased_part_is_gone_from_the_events,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(an_open_hazard_keeps_what_it_needs,
                                        world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
