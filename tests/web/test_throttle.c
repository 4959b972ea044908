#include "unit.h"

#include <stdio.h>

#include "web/throttle.h"

enum { TRIES = 5, EVERY = 60000 };

static bool
may(struct throttle *t, const char *who, int64_t now)
{
    struct err e;

    return throttle_check(t, 'p', str_of(who), TRIES, EVERY, now, &e);
}

static void
tries_run_out_and_come_back_with_time(void **state)
{
    struct err e;
    struct throttle *t = throttle_new(&e);

    (void)state;
    for (int i = 0; i < TRIES; i++) {
        assert_true(may(t, "here/zhang", 1000));
        throttle_add(t, 'p', STR("here/zhang"), EVERY, 1000);
    }
    assert_false(may(t, "here/zhang", 1000));
    assert_true(may(t, "here/zhang", 1000 + EVERY));
    throttle_forget(t, 'p', STR("here/zhang"));
    assert_true(may(t, "here/zhang", 1000));
    throttle_free(t);
}

static void
who_fails_elsewhere_locks_nobody_else_out(void **state)
{
    struct err e;
    struct throttle *t = throttle_new(&e);

    (void)state;
    for (int i = 0; i < 1000; i++)
        throttle_add(t, 'p', STR("attacker/zhang"), EVERY, 1000);
    assert_false(may(t, "attacker/zhang", 1000));
    assert_true(may(t, "here/zhang", 1000));
    assert_true(may(t, "attacker/li", 1000));
    throttle_free(t);
}

static void
a_flood_of_names_cannot_fill_another_ones_bucket(void **state)
{
    struct err e;
    struct throttle *t = throttle_new(&e);
    char who[64];

    (void)state;
    for (int i = 0; i < 200000; i++) {
        snprintf(who, sizeof(who), "attacker/%d", i);
        throttle_add(t, 'p', str_of(who), EVERY, 1000 + i);
    }
    assert_true(may(t, "here/zhang", 201000));
    throttle_free(t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tries_run_out_and_come_back_with_time),
        cmocka_unit_test(who_fails_elsewhere_locks_nobody_else_out),
        cmocka_unit_test(a_flood_of_names_cannot_fill_another_ones_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
