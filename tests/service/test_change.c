#include "service/world.h"

#include "store/stmt.h"

static void
a_general_hazard_goes_from_report_to_close(void **state)
{
    struct world *w = *state;
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct err e = { 0 };
    char text[256];
    const struct input done[] = { { STR("situation"), STR("垫子已铺好") } };

    if (!writer_run(w->w, change_job, &c, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    assert_int_equal(c.out_state, HZ_REPORTED);
    assert_true(c.out_due > world_now);
    c.input = assigned;
    c.n_inputs = N_OF(assigned);
    assert_false(world_step(w, &c, w->teacher, "assign", &e));
    assert_int_equal(e.code, ERR_DENIED);
    if (!world_step(w, &c, w->manager, "assign", &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    c.input = done;
    c.n_inputs = 1;
    assert_true(world_step(w, &c, w->manager, "submit", &e));
    c.n_inputs = 0;
    assert_false(world_step(w, &c, w->manager, "accept", &e));
    assert_int_equal(e.code, ERR_DENIED);
    assert_true(world_step(w, &c, w->principal, "accept", &e));
    assert_int_equal(c.out_state, HZ_CLOSED);
    assert_int_equal(c.out_due, 0);
}

static void
the_second_of_two_people_is_told(void **state)
{
    struct world *w = *state;
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct err e = { 0 };

    assert_true(writer_run(w->w, change_job, &c, &e));
    c.id = c.out_id;
    c.rev = 1;
    c.person = w->manager;
    c.verb = STR("assign");
    c.input = assigned;
    c.n_inputs = N_OF(assigned);
    assert_true(writer_run(w->w, change_job, &c, &e));
    c.verb = STR("control");
    c.input = (const struct input[]){ { STR("control"), STR("x") } };
    c.n_inputs = 1;
    assert_false(writer_run(w->w, change_job, &c, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_string_equal(e.field, "rev");
}

static void
a_key_used_twice_gives_the_first_answer(void **state)
{
    struct world *w = *state;
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct err e = { 0 };
    int64_t first;

    c.idem = STR("key-1");
    assert_true(writer_run(w->w, change_job, &c, &e));
    first = c.out_id;
    assert_true(writer_run(w->w, change_job, &c, &e));
    assert_true(c.repeated);
    assert_int_equal(c.out_id, first);
    c.input = assigned;
    c.n_inputs = 1;
    assert_false(writer_run(w->w, change_job, &c, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
}

static void
count_events(struct world *w, int64_t *n)
{
    struct err e;

    assert_true(stmt_one(writer_store(w->w), &stmts[Q_HEAD_GET],
                         ARGS(ARG(w->tenant)), NULL, COLS(COL(n)), &e));
}

/* Fail each database call in turn: the step happens once, or not at all. */
static void
a_step_is_all_or_nothing(void **state)
{
    struct world *w = *state;
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct store *st = writer_store(w->w);
    struct err e = { 0 };
    int64_t before, after;
    int n;

    assert_true(writer_run(w->w, change_job, &c, &e)); /* warm statements */
    count_events(w, &before);
    c.id = c.out_id;
    c.person = w->manager;
    c.verb = STR("assign");
    c.input = assigned;
    c.n_inputs = N_OF(assigned);
    for (n = 1; n < 400; n++) {
        bool ok;

        store_fault_at(st, n);
        ok = writer_run(w->w, change_job, &c, &e);
        store_fault_at(st, 0);
        count_events(w, &after);
        if (ok)
            break;
        assert_int_equal(after, before);
    }
    assert_in_range(n, 8, 300);
    assert_int_equal(after, before + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_general_hazard_goes_from_report_to_close, world_set_up,
            world_tear_down),
        cmocka_unit_test_setup_teardown(the_second_of_two_people_is_told,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(a_key_used_twice_gives_the_first_answer,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(a_step_is_all_or_nothing, world_set_up,
                                        world_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
