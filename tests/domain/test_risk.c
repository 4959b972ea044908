/* The bands of the four colours: half-open, at their very edges. */
#include "unit.h"

#include <stdlib.h>

#include "domain/risk.h"

/* clang-format off */
static const struct { enum risk_method method; int64_t score; enum risk_grade grade; } edges[] = {
    { RISK_LEC, 32000, RISK_MAJOR },
    { RISK_LEC, 31999, RISK_LARGER },
    { RISK_LEC, 16000, RISK_LARGER },
    { RISK_LEC, 15999, RISK_GENERAL },
    { RISK_LEC, 7000, RISK_GENERAL },
    { RISK_LEC, 6999, RISK_LOW },
    { RISK_LEC, 2000, RISK_LOW },
    { RISK_LEC, 1999, RISK_SLIGHT },
    { RISK_LEC, 5, RISK_SLIGHT },
    { RISK_LEC, 1000000, RISK_MAJOR },
    { RISK_LS, 2500, RISK_MAJOR },
    { RISK_LS, 2000, RISK_MAJOR },
    { RISK_LS, 1600, RISK_LARGER },
    { RISK_LS, 900, RISK_LARGER },
    { RISK_LS, 800, RISK_GENERAL },
    { RISK_LS, 400, RISK_GENERAL },
    { RISK_LS, 300, RISK_LOW },
    { RISK_LS, 100, RISK_LOW },
};

/* As the tables write them: L, E and C. */
static const struct { const char *l, *e, *c, *score; enum risk_grade grade; } lec[] = {
    { "10", "10", "100", "10000", RISK_MAJOR },
    { "3", "6", "40", "720", RISK_MAJOR },
    { "3", "6", "15", "270", RISK_LARGER },
    { "6", "6", "3", "108", RISK_GENERAL },
    { "3", "6", "3", "54", RISK_LOW },
    { "1", "0.5", "40", "20", RISK_LOW },
    { "0.5", "6", "3", "9", RISK_SLIGHT },
    { "0.5", "3", "3", "4.5", RISK_SLIGHT },
    { "0.1", "0.5", "1", "0.05", RISK_SLIGHT },
};
/* clang-format on */

struct graded {
    struct rules rules;
    struct arena *a;
    struct zone *zone;
};

static int
load(void **state)
{
    struct graded *g = calloc(1, sizeof(*g));
    struct err e;

    assert_non_null(g);
    g->a = arena_new(1024 * 1024);
    assert_true(rules_load_packs(&g->rules, g->a, &e));
    assert_non_null(g->zone = zone_open("Asia/Shanghai"));
    g->rules.zone = g->zone;
    *state = g;
    return 0;
}

static int
unload(void **state)
{
    struct graded *g = *state;

    zone_close(g->zone);
    arena_free(g->a);
    free(g);
    return 0;
}

static void
who_reaches_a_band_is_in_it(void **state)
{
    const struct graded *g = *state;

    for (size_t i = 0; i < N_OF(edges); i++)
        if (risk_grade_of(&g->rules, edges[i].method, edges[i].score) !=
            edges[i].grade)
            fail_msg("%d: %ld", edges[i].method, (long)edges[i].score);
}

static void
put(struct risk *k, const char *field, const char *value)
{
    struct err e;

    assert_true(field_parse(ledger_field(&risk_ledger, str_of(field)),
                            str_of(value), k, &e));
}

/* The step as the service takes it: refuse, then set what follows. */
static bool
take(const struct graded *g, struct risk *k, const char *verb,
     const struct risk *before, struct err *e)
{
    struct step_ctx c = { .rules = &g->rules,
                          .arena = g->a,
                          .now = 1700000000000,
                          .today = 19675,
                          .before = before };
    const struct step *s = ledger_step(&risk_ledger, before, str_of(verb), e);

    assert_non_null(s);
    if (s->check != NULL && !s->check(k, &c, e))
        return false;
    if (s->to >= 0)
        k->r.state = s->to;
    if (s->apply != NULL)
        s->apply(k, &c);
    risk_ledger.settle(k, &c);
    return true;
}

static void
the_value_is_computed_and_the_bands_are_named(void **state)
{
    const struct graded *g = *state;
    struct err e;

    for (size_t i = 0; i < N_OF(lec); i++) {
        struct risk k = { .method = RISK_LEC };

        put(&k, "lec_l", lec[i].l);
        put(&k, "lec_e", lec[i].e);
        put(&k, "lec_c", lec[i].c);
        assert_true(take(g, &k, "identify", NULL, &e));
        if (!str_is(k.score, lec[i].score) || k.grade != lec[i].grade)
            fail_msg("%s: %.*s, %ld", lec[i].score, STR_ARG(k.score),
                     (long)k.grade);
        assert_true(str_is(k.graded_by, "risk.lec.major@1 risk.lec.larger@1 "
                                        "risk.lec.general@1 risk.lec.low@1"));
        assert_int_equal(k.identified_on, 19675);
        assert_true(str_is(k.r.due_rule, "risk.control_within@1"));
    }
}

static void
an_input_that_is_missing_is_asked_for(void **state)
{
    const struct graded *g = *state;
    struct risk k = { .method = RISK_LEC, .lec_l = 10, .lec_e = 10 };
    struct err e;

    assert_false(take(g, &k, "identify", NULL, &e));
    assert_string_equal(e.field, "lec_c");
    k = (struct risk){ .method = RISK_LS, .ls_l = 5, .lec_c = 100 };
    assert_false(take(g, &k, "identify", NULL, &e));
    assert_string_equal(e.field, "ls_s");
}

static void
a_changed_band_grades_only_who_is_identified_anew(void **state)
{
    const struct graded *g = *state;
    struct risk k = { .method = RISK_LS, .ls_l = 3, .ls_s = 5 }, was, now;
    const struct rule own = { .key = STR("risk.ls.major"),
                              .version = 2,
                              .value = 15,
                              .unit = UNIT_COUNT,
                              .own = true };
    struct graded changed = *g;
    struct err e;

    assert_true(take(g, &k, "identify", NULL, &e));
    assert_int_equal(k.grade, RISK_LARGER);
    was = k;
    assert_true(rules_override(&changed.rules, &own, &e));
    now = was;
    assert_true(take(&changed, &now, "edit", &was, &e));
    assert_int_equal(now.grade, RISK_LARGER);
    assert_true(str_eq(now.graded_by, was.graded_by));
    assert_int_equal(now.r.due_at, was.r.due_at);
    now.management = STR("Patrol");
    assert_true(take(&changed, &now, "control", &was, &e));
    was = now;
    assert_true(str_is(now.r.due_rule, "risk.reidentify_every@1"));
    assert_true(take(&changed, &now, "reidentify", &was, &e));
    assert_int_equal(now.grade, RISK_MAJOR);
    assert_true(str_find(now.graded_by, STR("risk.ls.major@own2")) >= 0);
}

static void
without_a_control_nothing_is_controlled(void **state)
{
    const struct graded *g = *state;
    struct risk k = { .method = RISK_LS, .ls_l = 1, .ls_s = 1 }, was;
    struct err e;

    assert_true(take(g, &k, "identify", NULL, &e));
    was = k;
    assert_false(take(g, &k, "control", &was, &e));
    k.engineering = STR("A guard rail");
    assert_true(take(g, &k, "control", &was, &e));
}

static void
each_grade_has_its_colour(void **state)
{
    (void)state;
    assert_string_equal(risk_colour(RISK_MAJOR), "red");
    assert_string_equal(risk_colour(RISK_LARGER), "orange");
    assert_string_equal(risk_colour(RISK_GENERAL), "yellow");
    assert_string_equal(risk_colour(RISK_LOW), "blue");
    assert_string_equal(risk_colour(RISK_SLIGHT), "blue");
    assert_string_equal(risk_colour(0), "");
}

int
main(void)
{
#define RULES(t) cmocka_unit_test_setup_teardown(t, load, unload)
    const struct CMUnitTest tests[] = {
        RULES(who_reaches_a_band_is_in_it),
        RULES(the_value_is_computed_and_the_bands_are_named),
        RULES(an_input_that_is_missing_is_asked_for),
        RULES(a_changed_band_grades_only_who_is_identified_anew),
        RULES(without_a_control_nothing_is_controlled),
        cmocka_unit_test(each_grade_has_its_colour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
