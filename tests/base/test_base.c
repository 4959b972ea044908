#include "unit.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/contact.h"
#include "base/err.h"
#include "base/id.h"
#include "base/ticker.h"
#include "base/time.h"

static void
an_error_keeps_its_message_and_values_apart(void **state)
{
    struct err e;
    char text[64];
    BUF(b, 256);

    (void)state;
    assert_false(err_set(&e, ERR_INVALID, "title", "%s has %zu of %d", "it",
                         (size_t)7, 5));
    assert_string_equal(err_text(&e, text, sizeof(text)), "it has 7 of 5");
    err_format(&e, "%3$d / %1$s / %2$zu", &b);
    assert_string_equal(b.p, "5 / it / 7");
}

static void
an_address_is_one_or_is_not_used(void **state)
{
    static const char *const good[] = { "a@b.example", "li.4+x@mail.d.example",
                                        "a@b", "o'neil@x-y.example" };
    static const char *const bad[] = { "",
                                       "a",
                                       "@b",
                                       "a@",
                                       "a@b@c",
                                       "a b@c",
                                       "a@b\r\nX",
                                       "<a@b>",
                                       "a@b,c@d",
                                       "张@b",
                                       "\"a\"@b.c",
                                       "a@-b",
                                       "a＠b.cn",
                                       "a@b.cn。",
                                       "mailto:a@b.cn",
                                       "a@b.cn.",
                                       "a@b..cn",
                                       ".a@b.cn",
                                       "a..b@c.cn",
                                       "a.@b.cn",
                                       "a@b-.cn",
                                       "a@b_c.cn",
                                       "a@b.cn/x",
                                       "a@b.cn;c@d.cn",
                                       "a@b.cn c@d.cn",
                                       "a@学校.cn" };

    (void)state;
    for (size_t i = 0; i < N_OF(good); i++)
        if (!mail_address_ok(str_of(good[i])))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < N_OF(bad); i++)
        if (mail_address_ok(str_of(bad[i])))
            fail_msg("%s", bad[i]);
}

static void
a_telephone_number_is_one_or_is_not_dialled(void **state)
{
    static const char *const plain[] = { "13800000000",       "138 0000-0000",
                                         "+86 138 0000 0000", "0871-6512345",
                                         "(0871) 651.23",     "12345",
                                         "+1 (202) 555-0100", "0000-0000000" };
    static const char *const extended[] = {
        "0871-6512345转8012",   "0871-6512345 转 8012", "0871-6512345 ext 12",
        "0871-6512345 Ext. 12", "0871-6512345x12",      "0871-6512345#12"
    };
    static const char *const bad[] = { "",
                                       "1",
                                       "110",
                                       "phone",
                                       "138 0000 0000 139 0000 0000",
                                       "13800000000,13900000000",
                                       "13800000000/13900000000",
                                       "13800000000、139",
                                       "1380000000O",
                                       "86+13800",
                                       "+",
                                       "(0871 6512345",
                                       "0871) 6512345(",
                                       "tel:13800000000",
                                       "１３８００００００００",
                                       "13800000000转",
                                       "转8012",
                                       "0871-6512345转-5",
                                       "0871-6512345转8012345" };

    (void)state;
    for (size_t i = 0; i < N_OF(plain); i++)
        if (!phone_number_ok(str_of(plain[i]), false) ||
            !phone_number_ok(str_of(plain[i]), true))
            fail_msg("%s", plain[i]);
    for (size_t i = 0; i < N_OF(extended); i++)
        if (phone_number_ok(str_of(extended[i]), false) ||
            !phone_number_ok(str_of(extended[i]), true))
            fail_msg("%s", extended[i]);
    for (size_t i = 0; i < N_OF(bad); i++)
        if (phone_number_ok(str_of(bad[i]), true))
            fail_msg("%s", bad[i]);
}

static void
days_go_to_civil_dates_and_back(void **state)
{
    int64_t day;

    (void)state;
    for (day = -800000; day < 800000; day += 7) {
        struct civil c = civil_of(day);

        assert_int_equal(day_of(c), day);
    }
    assert_int_equal(weekday_of(0), 4); /* 1970-01-01 was a Thursday */
    assert_true(day_parse(STR("2024-02-29"), &day));
    assert_false(day_parse(STR("2023-02-29"), &day));
    assert_false(day_parse(STR("2023-2-29x"), &day));
}

static void
a_local_day_ends_at_midnight_of_its_zone(void **state)
{
    struct zone *z = zone_open("Asia/Shanghai");
    struct zone *ny = zone_open("America/New_York");
    int64_t day;

    (void)state;
    assert_non_null(z);
    assert_null(zone_open("../etc/passwd"));
    assert_true(day_parse(STR("2024-03-05"), &day));
    assert_int_equal(zone_time(z, day, 0), day * MS_PER_DAY - 8 * MS_PER_HOUR);
    assert_int_equal(zone_day(z, zone_time(z, day, 0)), day);
    assert_int_equal(zone_day(z, zone_time(z, day, 0) - 1), day - 1);
    assert_non_null(ny);
    assert_int_equal(zone_offset_ms(ny, INT64_C(1720000000000)),
                     -4 * MS_PER_HOUR);
    zone_close(ny);
    zone_close(z);
}

static void
ids_grow_even_when_the_clock_goes_back(void **state)
{
    struct idgen g = { .server = 3 };
    int64_t now = INT64_C(1700000000000), last = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        int64_t id = id_next(&g, i % 3 == 0 ? now - 5000 : now + i / 50000);

        assert_true(id > last);
        last = id;
    }
    assert_in_range(id_time_ms(last), now, now + 20);
}

static void
an_arena_beyond_its_quota_says_so_and_stays_usable(void **state)
{
    ARENA(a, 1024);

    (void)state;
    assert_non_null(arena_alloc(a, 512));
    assert_false(arena_failed(a));
    assert_null(arena_alloc(a, 600));
    assert_true(arena_failed(a));
    assert_int_equal(arena_dup(a, STR("x")).n, 1);
}

static void
broken_utf8_is_seen(void **state)
{
    (void)state;
    assert_true(utf8_valid(STR("安澜 a")));
    assert_false(utf8_valid(STR("\xc0\x80")));
    assert_false(utf8_valid(STR("\xed\xa0\x80")));
    assert_false(utf8_valid(STR("\xe5\xae")));
    assert_int_equal(utf8_count(STR("安澜")), 2);
    assert_int_equal(utf8_head(STR("安澜"), 5).n, 3);
}

static void
times_are_read_where_they_are_written(void **state)
{
    static const struct {
        const char *text;
        int64_t ms; /* 0: none */
    } at[] = {
        { "1970-01-02T09:30", INT64_C(86400000) + 5400000 },
        { "1970-01-02 09:30", INT64_C(86400000) + 5400000 },
        { "1970-01-02T01:30Z", INT64_C(86400000) + 5400000 },
        { "1970-01-02T01:30:00.123Z", INT64_C(86400000) + 5400000 },
        { "1970-01-02T09:30:05", INT64_C(86400000) + 5405000 },
        { "1970-01-02T09:30:00+08:00", INT64_C(86400000) + 5400000 },
        { "1970-01-01T20:30-05:00", INT64_C(86400000) + 5400000 },
        { "1970-01-02T24:00", 0 },
        { "1970-01-02T09:60", 0 },
        { "1970-01-02T09:30x", 0 },
        { "1970-01-02T09:30+8", 0 },
        { "1970-01-02T09:3", 0 },
        { "1970-13-02T09:30", 0 },
        { "1970-01-02", 0 },
        { "", 0 },
    };
    struct zone *z = zone_open("Asia/Shanghai");
    int64_t ms;
    (void)state;

    for (size_t i = 0; i < N_OF(at); i++) {
        bool ok = time_parse(str_of(at[i].text), z, &ms);

        if (ok != (at[i].ms != 0) || (ok && ms != at[i].ms))
            fail_msg("%s: %ld", at[i].text, ok ? (long)ms : 0L);
    }
    assert_false(time_parse(STR("1970-01-02T09:30"), NULL, &ms));
    assert_false(moment_parse(STR("1970-01-02T09:30"), &ms));
    assert_true(moment_parse(STR("1970-01-02T01:30:00.0429Z"), &ms));
    assert_int_equal(ms, INT64_C(86400000) + 5400042);
    assert_true(moment_parse(STR("1970-01-02T09:30:00.5+08:00"), &ms));
    assert_int_equal(ms, INT64_C(86400000) + 5400500);
    zone_close(z);
}

/* ---- a thread that ticks -------------------------------------------------------- */

struct ticks {
    pthread_mutex_t lock;
    pthread_cond_t more;
    int n;
    unsigned pause;
};

static unsigned
count(void *arg)
{
    struct ticks *k = arg;

    pthread_mutex_lock(&k->lock);
    k->n++;
    pthread_cond_signal(&k->more);
    pthread_mutex_unlock(&k->lock);
    return k->pause;
}

static void
wait_for(struct ticks *k, int n)
{
    pthread_mutex_lock(&k->lock);
    while (k->n < n)
        pthread_cond_wait(&k->more, &k->lock);
    pthread_mutex_unlock(&k->lock);
}

static void
a_ticker_ticks_until_it_is_stopped(void **state)
{
    struct ticks often = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
                           0, 1 },
                 seldom = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
                            0, 1000 * 1000 * 1000 };
    struct err e;
    struct ticker *t = ticker_start(count, &often, &e);
    int n;

    (void)state;
    assert_non_null(t);
    wait_for(&often, 5);
    ticker_stop(t);
    n = often.n;
    assert_true(n >= 5);
    t = ticker_start(count, &seldom, &e);
    assert_non_null(t);
    for (int i = 1; i < 5; i++) {
        wait_for(&seldom, i); /* the first at once, each other when woken */
        ticker_wake(t);
    }
    wait_for(&seldom, 5);
    ticker_stop(t);
    assert_int_equal(seldom.n, 5);
    assert_int_equal(often.n, n); /* stopped is stopped */
    ticker_wake(NULL);
    ticker_stop(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_where_they_are_written),
        cmocka_unit_test(a_ticker_ticks_until_it_is_stopped),
        cmocka_unit_test(an_error_keeps_its_message_and_values_apart),
        cmocka_unit_test(days_go_to_civil_dates_and_back),
        cmocka_unit_test(a_local_day_ends_at_midnight_of_its_zone),
        cmocka_unit_test(an_address_is_one_or_is_not_used),
        cmocka_unit_test(a_telephone_number_is_one_or_is_not_dialled),
        cmocka_unit_test(ids_grow_even_when_the_clock_goes_back),
        cmocka_unit_test(an_arena_beyond_its_quota_says_so_and_stays_usable),
        cmocka_unit_test(broken_utf8_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
