#include "unit.h"

#include <pthread.h>
#include <stdio.h>

#include "web/network.h"
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

/* ---- tries that are counted before the work ------------------------------------ */

static const struct throttle_rule hard = { 'p', 5, 60000, 0 },
                                  slow = { 'a', 3, 600000, 60000 };

/* 0: it was counted; else how many seconds it is told to wait. */
static int64_t
told(struct throttle *t, const struct throttle_rule *r, const char *who,
     int64_t now)
{
    const struct throttle_try x = { r, str_of(who) };
    struct err e = { 0 };

    if (throttle_take(t, &x, 1, now, &e))
        return 0;
    assert_int_equal(e.code, ERR_RATE);
    assert_int_equal(e.arg[0].type, 'd');
    assert_true(e.arg[0].d > 0);
    return e.arg[0].d;
}

struct crowd {
    struct throttle *t;
    pthread_barrier_t *at_once;
    int passed;
};

static void *
one_of_many(void *arg)
{
    struct crowd *c = arg;

    pthread_barrier_wait(c->at_once);
    c->passed = told(c->t, &hard, "here/zhang", 1000) == 0;
    return NULL;
}

static void
of_fifty_at_once_no_more_pass_than_are_free(void **state)
{
    enum { MANY = 50 };
    struct err e;
    struct throttle *t = throttle_new(&e);
    pthread_barrier_t at_once;
    struct crowd c[MANY];
    pthread_t thread[MANY];
    int passed = 0;

    (void)state;
    pthread_barrier_init(&at_once, NULL, MANY);
    for (int i = 0; i < MANY; i++) {
        c[i] = (struct crowd){ t, &at_once, 0 };
        assert_int_equal(pthread_create(&thread[i], NULL, one_of_many, &c[i]),
                         0);
    }
    for (int i = 0; i < MANY; i++) {
        pthread_join(thread[i], NULL);
        passed += c[i].passed;
    }
    assert_int_equal(passed, 5);
    pthread_barrier_destroy(&at_once);
    throttle_free(t);
}

static void
the_time_that_is_told_is_the_time_that_it_takes(void **state)
{
    struct err e;
    struct throttle *t = throttle_new(&e);
    int64_t now = 1000, wait;

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(told(t, &hard, "zhang", now += 700), 0);
    for (int i = 0; i < 20; i++) {
        wait = told(t, &hard, "zhang", now);
        assert_true(wait > 0);
        assert_int_equal(told(t, &hard, "zhang", now + (wait - 1) * 1000), 1);
        now += wait * 1000;
        assert_int_equal(told(t, &hard, "zhang", now), 0);
    }
    /* failures that were counted all at once, by the older way */
    for (int i = 0; i < 50; i++)
        throttle_add(t, 'p', STR("li"), 60000, now);
    wait = told(t, &hard, "li", now);
    assert_int_equal(wait, 46 * 60);
    assert_int_equal(told(t, &hard, "li", now + wait * 1000), 0);
    throttle_free(t);
}

static void
who_is_slowed_waits_longer_each_time_and_never_for_good(void **state)
{
    static const int64_t expect[] = { 2, 4, 8, 16, 32, 60, 60, 60 };
    struct err e;
    struct throttle *t = throttle_new(&e);
    int64_t now = 1000;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(told(t, &slow, "net", now), 0);
    for (size_t i = 0; i < N_OF(expect); i++) {
        assert_int_equal(told(t, &slow, "net", now), expect[i]);
        assert_int_equal(told(t, &slow, "net", now + expect[i] * 1000 - 1), 1);
        now += expect[i] * 1000;
        assert_int_equal(told(t, &slow, "net", now), 0);
    }
    assert_int_equal(told(t, &slow, "elsewhere", now), 0);
    throttle_free(t);
}

static void
a_try_counts_in_all_buckets_or_in_none(void **state)
{
    const struct throttle_try both[] = { { &hard, STR_INIT("zhang") },
                                         { &slow, STR_INIT("net") } };
    struct err e;
    struct throttle *t = throttle_new(&e);

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(throttle_take(t, both, 2, 1000, &e));
    assert_false(throttle_take(t, both, 2, 1000, &e));
    assert_int_equal(throttle_count(t, &both[0], 1000), 3);
    /* it was the right person: both are as before */
    throttle_back(t, both, 2);
    assert_int_equal(throttle_count(t, &both[0], 1000), 2);
    assert_int_equal(throttle_count(t, &both[1], 1000), 2);
    assert_true(throttle_take(t, both, 2, 1000, &e));
    throttle_free(t);
}

static void
a_network_is_what_one_line_gets(void **state)
{
    static const struct {
        const char *peer, *of, *wide;
    } row[] = {
        { "192.0.2.77", "192.0.2.0/24", "192.0.2.0/24" },
        { "::ffff:192.0.2.77", "192.0.2.0/24", "192.0.2.0/24" },
        { "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48" },
        { "2001:DB8:1:2::", "2001:db8:1:2::/64", "2001:db8:1::/48" },
        { "fe80::1%eth0", "fe80::/64", "fe80::/48" },
        { "::1", "::/64", "::/48" },
        { "", "", "" },
        { "unix", "unix", "unix" },
    };
    ARENA(a, 4096);

    (void)state;
    for (size_t i = 0; i < N_OF(row); i++)
        if (!str_is(network_of(a, str_of(row[i].peer)), row[i].of) ||
            !str_is(network_wide(a, str_of(row[i].peer)), row[i].wide))
            fail_msg("%s", row[i].peer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tries_run_out_and_come_back_with_time),
        cmocka_unit_test(who_fails_elsewhere_locks_nobody_else_out),
        cmocka_unit_test(of_fifty_at_once_no_more_pass_than_are_free),
        cmocka_unit_test(the_time_that_is_told_is_the_time_that_it_takes),
        cmocka_unit_test(
            who_is_slowed_waits_longer_each_time_and_never_for_good),
        cmocka_unit_test(a_try_counts_in_all_buckets_or_in_none),
        cmocka_unit_test(a_network_is_what_one_line_gets),
        cmocka_unit_test(tries_at_several_servers_are_counted_together),
        cmocka_unit_test(a_flood_of_names_cannot_fill_another_ones_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
