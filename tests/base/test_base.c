#include "unit.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
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
    zone_close(z);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_where_they_are_written),
        cmocka_unit_test(an_error_keeps_its_message_and_values_apart),
        cmocka_unit_test(days_go_to_civil_dates_and_back),
        cmocka_unit_test(a_local_day_ends_at_midnight_of_its_zone),
        cmocka_unit_test(ids_grow_even_when_the_clock_goes_back),
        cmocka_unit_test(an_arena_beyond_its_quota_says_so_and_stays_usable),
        cmocka_unit_test(broken_utf8_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
