#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "domain/hazard.h"
#include "service/install.h"
#include "store/stmt.h"

static int64_t now = INT64_C(1785000000000);

static int64_t
test_clock(void)
{
    return now;
}

struct world {
    char dir[64];
    struct writer *w;
    int64_t tenant, root, school, manager, principal, teacher;
};

static void
sweep(const char *dir)
{
    static const char *const names[] = { "anlan.db", "anlan.db-wal",
                                         "anlan.db-shm", "lock" };
    char path[128];

    for (size_t i = 0; i < N_OF(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

static bool
add_school(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;

    return install_change(
        tx, w->tenant, &org_ledger, 0, "add", w->root,
        (const struct input[]){
            { STR("name_en"), STR("School One") },
            { STR("kind"), STR("central_primary") },
            { STR("code"), STR("S1") },
            { STR("parent"), arena_printf(tx->arena, "%ld", (long)w->root) } },
        4, &w->school, e);
}

static int64_t
person(struct world *w, const char *login, enum role role)
{
    struct err e = { 0 };
    struct install_person p = { .tenant = w->tenant,
                                .org = w->school,
                                .name = str_of(login),
                                .login = str_of(login),
                                .role = role };

    assert_true(writer_run(w->w, install_person_job, &p, &e));
    return p.id;
}

static int
set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct install_tenant t = { .code = STR("one"),
                                .name = { STR("One"), STR("一") },
                                .zone = STR("Asia/Shanghai"),
                                .origin = STR("test/one") };
    struct err e = { 0 };
    char text[256];

    snprintf(w->dir, sizeof(w->dir), "/tmp/anlan-test-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->w = writer_new(w->dir, test_clock, &e);
    if (w->w == NULL)
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    if (!writer_run(w->w, install_tenant_job, &t, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    w->tenant = t.id;
    w->root = t.root;
    assert_true(writer_run(w->w, add_school, w, &e));
    w->manager = person(w, "manager", ROLE_SAFETY_MANAGER);
    w->principal = person(w, "principal", ROLE_PRINCIPAL);
    w->teacher = person(w, "teacher", ROLE_STAFF);
    *state = w;
    return 0;
}

static int
tear_down(void **state)
{
    struct world *w = *state;

    writer_free(w->w);
    sweep(w->dir);
    free(w);
    return 0;
}

static struct change
report(struct world *w, const struct input *in, size_t n)
{
    return (struct change){ .ledger = &hazard_ledger,
                            .tenant = w->tenant,
                            .person = w->teacher,
                            .org = w->school,
                            .verb = STR("report"),
                            .input = in,
                            .n_inputs = n };
}

static const struct input wet_floor[] = {
    { STR_INIT("description"), STR_INIT("食堂门口地面湿滑") },
    { STR_INIT("place_text"), STR_INIT("食堂") },
};

static const struct input assigned[] = {
    { STR_INIT("measures"), STR_INIT("铺防滑垫") },
    { STR_INIT("responsible_unit"), STR_INIT("总务处") },
    { STR_INIT("deadline"), STR_INIT("2026-12-30") },
};

static bool
step(struct world *w, struct change *c, int64_t who, const char *verb,
     struct err *e)
{
    c->id = c->out_id;
    c->person = who;
    c->verb = str_of(verb);
    c->rev = 0;
    return writer_run(w->w, change_job, c, e);
}

static void
a_general_hazard_goes_from_report_to_close(void **state)
{
    struct world *w = *state;
    struct change c = report(w, wet_floor, N_OF(wet_floor));
    struct err e = { 0 };
    char text[256];
    const struct input done[] = { { STR("situation"), STR("垫子已铺好") } };

    if (!writer_run(w->w, change_job, &c, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    assert_int_equal(c.out_state, HZ_REPORTED);
    assert_true(c.out_due > now);
    c.input = assigned;
    c.n_inputs = N_OF(assigned);
    assert_false(step(w, &c, w->teacher, "assign", &e));
    assert_int_equal(e.code, ERR_DENIED);
    if (!step(w, &c, w->manager, "assign", &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    c.input = done;
    c.n_inputs = 1;
    assert_true(step(w, &c, w->manager, "submit", &e));
    c.n_inputs = 0;
    assert_false(step(w, &c, w->manager, "accept", &e));
    assert_int_equal(e.code, ERR_DENIED);
    assert_true(step(w, &c, w->principal, "accept", &e));
    assert_int_equal(c.out_state, HZ_CLOSED);
    assert_int_equal(c.out_due, 0);
}

static void
the_second_of_two_people_is_told(void **state)
{
    struct world *w = *state;
    struct change c = report(w, wet_floor, N_OF(wet_floor));
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
    struct change c = report(w, wet_floor, N_OF(wet_floor));
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
    struct change c = report(w, wet_floor, N_OF(wet_floor));
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
            a_general_hazard_goes_from_report_to_close, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_second_of_two_people_is_told,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_used_twice_gives_the_first_answer,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_step_is_all_or_nothing, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
