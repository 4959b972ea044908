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

static void
tell(struct throttle *from, struct throttle *to)
{
    struct throttle_news news[16];

    throttle_heard(to, news, throttle_changed(from, news, N_OF(news)));
}

static void
tries_at_several_servers_are_counted_together(void **state)
{
    static const unsigned char key[16] = "the same for all";
    struct throttle_news news[16];
    struct err e;
    struct throttle *a = throttle_new(&e), *b = throttle_new(&e);

    (void)state;
    throttle_set_key(a, key);
    throttle_set_key(b, key);
    for (int i = 0; i < 3; i++)
        throttle_add(a, 'p', STR("here/zhang"), EVERY, 1000);
    throttle_add(b, 'p', STR("here/zhang"), EVERY, 1000);
    assert_true(may(a, "here/zhang", 1000) && may(b, "here/zhang", 1000));
    tell(a, b);
    assert_true(may(b, "here/zhang", 1000)); /* one is left */
    throttle_add(b, 'p', STR("here/zhang"), EVERY, 1000);
    assert_false(may(b, "here/zhang", 1000));
    tell(b, a);
    assert_false(may(a, "here/zhang", 1000));
    tell(b, a); /* nothing new is nothing forgotten */
    assert_false(may(a, "here/zhang", 1000));
    assert_true(may(a, "here/li", 1000));
    assert_true(may(a, "here/zhang", 1000 + 3 * EVERY));
    /* it was the right person after all, and the others hear of it */
    throttle_forget(b, 'p', STR("here/zhang"));
    tell(b, a);
    assert_true(may(a, "here/zhang", 1000));
    /* what the public's door counts is told to nobody */
    throttle_add(a, 'r', STR("192.0.2.1"), EVERY, 1000);
    throttle_add(a, 'g', STR("192.0.2.1"), EVERY, 1000);
    assert_int_equal(throttle_changed(a, news, N_OF(news)), 0);
    throttle_free(a);
    throttle_free(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tries_run_out_and_come_back_with_time),
        cmocka_unit_test(who_fails_elsewhere_locks_nobody_else_out),
        cmocka_unit_test(tries_at_several_servers_are_counted_together),
        cmocka_unit_test(a_flood_of_names_cannot_fill_another_ones_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
