/* Child rows, recurrence, schedules, judging: all of it pure. */
#include <stdlib.h>

#include "base/time.h"
#include "domain/comply.h"
#include "domain/hazard.h"
#include "domain/inspection.h"
#include "domain/parts.h"
#include "domain/programme_report.h"
#include "domain/recur.h"
#include "domain/schedule.h"
#include "unit.h"

/* ---- child rows -------------------------------------------------------------------- */

static unsigned seed = 7;

static unsigned
dice(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

/* A random change of a few rows: taken out, moved, changed, added. */
static size_t
change_rows(struct answer *a, size_t n, int64_t *top)
{
    for (int k = 0; k < 4; k++) {
        size_t i = n > 0 ? dice((unsigned)n) : 0,
               j = n > 0 ? dice((unsigned)n) : 0;

        switch (dice(4)) {
        case 0:
            if (n > 0) {
                memmove(a + i, a + i + 1, (n - i - 1) * sizeof(*a));
                n--;
            }
            break;
        case 1:
            if (n > 0) {
                struct answer x = a[i];

                a[i] = a[j];
                a[j] = x;
            }
            break;
        case 2:
            if (n > 0)
                a[i].verdict = 1 + dice(3);
            break;
        default:
            a[n] = (struct answer){ .id = ++*top, .verdict = 1 + dice(3) };
            a[n++].comment = dice(2) ? STR("地面湿滑") : STR("a\nb");
        }
    }
    return n;
}

static void
a_delta_brings_the_old_rows_to_the_new_ones(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        ARENA(a, 1 << 20);
        struct answer row[64] = { 0 };
        int64_t top = 0;
        size_t n = change_rows(row, change_rows(row, 0, &top), &top);
        struct str before = parts_write(&answer_parts, row, n, a), after, got;
        struct err e = { 0 };
        BUF(delta, 1 << 16);

        n = change_rows(row, n, &top);
        after = parts_write(&answer_parts, row, n, a);
        parts_delta(before, after, &delta);
        assert_true(parts_apply(before, buf_str(&delta), a, &got, &e));
        if (!str_eq(got, after))
            fail_msg("round %d: \"%.*s\" is not \"%.*s\"", round, STR_ARG(got),
                     STR_ARG(after));
        if (str_eq(before, after))
            assert_int_equal(delta.n, 0);
    }
}

static void
a_delta_holds_only_what_changed(void **state)
{
    ARENA(a, 1 << 20);
    struct answer row[200] = { 0 };
    struct str before;
    BUF(delta, 1 << 16);

    (void)state;
    for (int i = 0; i < 200; i++)
        row[i] = (struct answer){ .id = i + 1, .comment = STR("in order") };
    before = parts_write(&answer_parts, row, 200, a);
    row[7].verdict = V_FAIL;
    parts_delta(before, parts_write(&answer_parts, row, 200, a), &delta);
    assert_in_range(delta.n, 1, 40);
}

static void
malformed_rows_are_refused(void **state)
{
    static const char *const bad[] = {
        "x\x1f"
        "1=1\x1e",
        "1\x1f"
        "1=9\x1e",
        "0\x1f"
        "1=1\x1e",
        "1\x1f"
        "1\x1e",
        "1\x1f"
        "1=1",
        "1\x1f"
        "1=x\x1e",
        "1\x1e"
        "1\x1e",
        "-1\x1f"
        "1=1\x1e",
        "1\x1f"
        "3=\xff\x1e",
        "\x1e",
        "99999999999999999999\x1e",
    };
    const struct field f = { .name = "answers",
                             .kind = FK_PARTS,
                             .parts = &answer_parts };
    BUF(many, 1 << 16);
    struct err e;

    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++)
        if (parts_check(&f, str_of(bad[i]), &e))
            fail_msg("row set %zu passed", i);
    for (int i = 1; i <= CHECK_ITEMS_MAX + 1; i++)
        buf_printf(&many,
                   "%d\x1f"
                   "1=1\x1e",
                   i);
    assert_false(parts_check(&f, buf_str(&many), &e));
    assert_true(parts_check(&f,
                            STR("1\x1f"
                                "1=1\x1e"),
                            &e));
    assert_true(parts_check(&f, STR(""), &e));
}

static void
rows_without_a_number_get_one_that_was_never_given(void **state)
{
    ARENA(a, 1 << 16);
    struct str got = parts_number(STR("7\x1f"
                                      "1=1\x1e"),
                                  STR("0\x1f"
                                      "1=2\x1e"
                                      "0\x1f"
                                      "1=3\x1e"),
                                  a);

    (void)state;
    assert_true(str_is(got, "8\x1f"
                            "1=2\x1e"
                            "9\x1f"
                            "1=3\x1e"));
}

/* ---- recurrence: RFC 5545 ------------------------------------------------------------ */

static int64_t
day(const char *text)
{
    int64_t d = 0;

    assert_true(day_parse(str_of(text), &d));
    return d;
}

/* rule, first day, then the days it falls on */
static void
a_rule_falls_on_its_days(void **state)
{
    static const struct {
        const char *rule, *start, *days[6];
    } t[] = {
        { "FREQ=DAILY",
          "2026-03-30",
          { "2026-03-30", "2026-03-31", "2026-04-01" } },
        { "FREQ=DAILY;INTERVAL=3",
          "2026-02-26",
          { "2026-02-26", "2026-03-01", "2026-03-04" } },
        { "RRULE:FREQ=WEEKLY;BYDAY=MO,TH",
          "2026-03-03",
          { "2026-03-05", "2026-03-09", "2026-03-12" } },
        { "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
          "2026-03-02",
          { "2026-03-06", "2026-03-20", "2026-04-03" } },
        { "FREQ=WEEKLY", "2026-03-04", { "2026-03-04", "2026-03-11" } },
        { "FREQ=MONTHLY",
          "2026-01-31",
          { "2026-01-31", "2026-03-31", "2026-05-31" } },
        { "FREQ=MONTHLY;BYDAY=2TU,4TU",
          "2026-12-01",
          { "2026-12-08", "2026-12-22", "2027-01-12", "2027-01-26" } },
        { "FREQ=MONTHLY;BYDAY=1MO,2MO,-1MO",
          "2026-03-01",
          { "2026-03-02", "2026-03-09", "2026-03-30", "2026-04-06" } },
        { "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
          "2026-02-02",
          { "2026-02-15", "2026-02-28", "2026-03-01", "2026-03-15" } },
        { "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,1",
          "2026-05-02",
          { "2026-05-29", "2026-06-01", "2026-06-30", "2026-07-01" } },
        { "FREQ=YEARLY;BYDAY=1MO",
          "2026-03-01",
          { "2027-01-04", "2028-01-03", "2029-01-01" } },
        { "FREQ=YEARLY;BYDAY=-1FR,20MO",
          "2026-01-01",
          { "2026-05-18", "2026-12-25", "2027-05-17" } },
        { "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO",
          "2026-03-01",
          { "2026-03-02", "2026-09-07", "2027-03-01" } },
        { "FREQ=YEARLY;BYMONTHDAY=15",
          "2026-11-01",
          { "2026-11-15", "2026-12-15", "2027-01-15" } },
        { "freq=weekly;interval=2;byday=tu,su;wkst=su",
          "2026-03-03",
          { "2026-03-03", "2026-03-15", "2026-03-17", "2026-03-29" } },
        { "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
          "2026-03-03",
          { "2026-03-03", "2026-03-08", "2026-03-17", "2026-03-22" } },
        { "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD",
          "2026-12-31",
          { "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31",
            "2027-04-30", "2027-05-31" } },
        { "FREQ=MONTHLY;BYMONTHDAY=30,31;RSCALE=GREGORIAN;SKIP=BACKWARD",
          "2027-01-31",
          { "2027-01-31", "2027-02-28", "2027-03-30", "2027-03-31",
            "2027-04-30", "2027-05-30" } },
        { "FREQ=MONTHLY;BYMONTHDAY=1,31;COUNT=4;RSCALE=GREGORIAN;SKIP=FORWARD",
          "2027-02-02",
          { "2027-03-01", "2027-03-31", "2027-04-01", "2027-05-01", "" } },
        { "FREQ=YEARLY;RSCALE=GREGORIAN;SKIP=BACKWARD",
          "2028-02-29",
          { "2028-02-29", "2029-02-28", "2030-02-28" } },
        { "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", { "" } },
        { "FREQ=MONTHLY;BYMONTHDAY=-1",
          "2026-01-15",
          { "2026-01-31", "2026-02-28", "2026-03-31" } },
        { "FREQ=MONTHLY;BYDAY=1MO",
          "2026-03-01",
          { "2026-03-02", "2026-04-06", "2026-05-04" } },
        { "FREQ=MONTHLY;BYDAY=-1FR",
          "2026-03-01",
          { "2026-03-27", "2026-04-24", "2026-05-29" } },
        { "FREQ=MONTHLY;INTERVAL=3",
          "2026-01-10",
          { "2026-01-10", "2026-04-10", "2026-07-10" } },
        { "FREQ=YEARLY", "2024-02-29", { "2024-02-29", "2028-02-29" } },
        { "FREQ=YEARLY;BYMONTH=3,9",
          "2026-03-05",
          { "2026-03-05", "2026-09-05", "2027-03-05" } },
        { "FREQ=DAILY;COUNT=2",
          "2026-03-01",
          { "2026-03-01", "2026-03-02", "" } },
        { "FREQ=WEEKLY;UNTIL=20260310",
          "2026-03-03",
          { "2026-03-03", "2026-03-10", "" } },
        { "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", { "" } },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(t); i++) {
        struct recur r;
        struct err e;
        int64_t at = day(t[i].start);

        assert_true(recur_parse(str_of(t[i].rule), &r, &e));
        for (size_t k = 0; k < 6 && t[i].days[k] != NULL; k++) {
            int64_t want = t[i].days[k][0] != '\0' ? day(t[i].days[k]) : 0;
            int64_t got = recur_next(&r, day(t[i].start), at);
            BUF(b, 32);

            day_format(&b, got);
            if (got != want)
                fail_msg("%s: %s, not %s", t[i].rule, b.p, t[i].days[k]);
            at = got + 1;
        }
    }
}

static void
a_rule_that_is_none_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "DAILY",
        "FREQ=SECONDLY",
        "FREQ=HOURLY;INTERVAL=1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999999999",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=9MO",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=DAILY;COUNT=100000",
        "FREQ=DAILY;COUNT=2;UNTIL=20260101",
        "FREQ=DAILY;BYSETPOS=1",
        "FREQ=DAILY;UNTIL=2026",
        "FREQ=DAILY;;;INTERVAL",
        "FREQ=DAILY;BYDAY=",
        "FREQ=MONTHLY;SKIP=BACKWARD",
        "FREQ=MONTHLY;RSCALE=CHINESE;SKIP=BACKWARD",
        "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=AROUND",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=20MO",
        "FREQ=YEARLY;BYDAY=54MO",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=DAILY;WKST=XX",
        "FREQ=MONTHLY;BYMONTHDAY=+-1",
        "FREQ=MONTHLY;BYDAY=1MO,,3MO",
    };
    /* taken once: stored rules go on, new ones are refused */
    static const char *const odd[] = {
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYMONTHDAY=13",
        "FREQ=DAILY;UNTIL=20270101 or so",
    };
    struct recur r;
    struct err e;
    BUF(bomb, 1 << 16);

    (void)state;
    for (size_t i = 0; i < N_OF(bad); i++)
        if (recur_parse(str_of(bad[i]), &r, &e))
            fail_msg("\"%s\" was taken", bad[i]);
    for (size_t i = 0; i < N_OF(odd); i++)
        if (!recur_parse(str_of(odd[i]), &r, &e) || recur_check(&r, &e))
            fail_msg("\"%s\" was taken, or can no longer be read", odd[i]);
    assert_true(recur_parse(STR("FREQ=DAILY;UNTIL=20270101T080000Z"), &r, &e) &&
                recur_check(&r, &e));
    buf_puts(&bomb, "FREQ=YEARLY;BYMONTHDAY=1");
    for (int i = 0; i < 1000; i++)
        buf_puts(&bomb, ",1");
    assert_false(recur_parse(buf_str(&bomb), &r, &e));
}

/* Whatever the rule: days in order, each once, and an end to it. */
static void
days_of_a_rule_are_in_order(void **state)
{
    static const char *const rules[] = {
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;INTERVAL=400;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=400;BYDAY=53MO",
        "FREQ=MONTHLY;BYMONTHDAY=-31,1,30,31;RSCALE=GREGORIAN;SKIP=BACKWARD",
        "FREQ=MONTHLY;BYMONTHDAY=-31,1,30,31;RSCALE=GREGORIAN;SKIP=FORWARD",
        "FREQ=YEARLY;BYDAY=1MO,MO,-1MO;BYSETPOS=-1,1,2,-366",
        "FREQ=DAILY;COUNT=1000",
    };

    (void)state;
    for (size_t i = 0; i < N_OF(rules); i++) {
        int64_t start = day("2027-01-31"), at = start, last = 0;
        struct recur r;
        struct err e;
        int n = 0;

        assert_true(recur_parse(str_of(rules[i]), &r, &e));
        while ((at = recur_next(&r, start, at)) != 0) {
            assert_true(at > last && at <= start + 3660);
            /* asked from any day between, it is the same */
            assert_int_equal(recur_next(&r, start, last + 1), at);
            last = at++;
            assert_true(++n <= 3661);
        }
    }
}

static void
days_left_out_are_named(void **state)
{
    static const struct {
        const char *rule, *days;
    } t[] = {
        { "FREQ=MONTHLY", "2027-2-31 2027-4-31 2027-6-31 2027-9-31 "
                          "2027-11-31 " },
        { "FREQ=MONTHLY;BYMONTHDAY=30,31", "2027-2-30 2027-2-31 " },
        { "FREQ=MONTHLY;COUNT=2", "2027-2-31 " },
        { "FREQ=MONTHLY;BYMONTHDAY=28", "" },
        { "FREQ=MONTHLY;BYDAY=1MO", "" },
        { "FREQ=WEEKLY", "" },
        { "FREQ=YEARLY;BYMONTH=3,9", "2027-9-31 " },
        { "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD", "" },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(t); i++) {
        int64_t start = day("2027-01-31");
        struct civil c[8];
        struct recur r;
        struct err e;
        BUF(b, 256);
        size_t n;

        assert_true(recur_parse(str_of(t[i].rule), &r, &e));
        n = recur_left_out(&r, start, start, start + 365, c, N_OF(c));
        for (size_t k = 0; k < n; k++)
            buf_printf(&b, "%d-%d-%d ", (int)c[k].year, c[k].month, c[k].day);
        if (!str_eq(buf_str(&b), str_of(t[i].days)))
            fail_msg("%s: \"%s\"", t[i].rule, b.p);
    }
}

/* ---- schedules ---------------------------------------------------------------------- */

static void
a_schedule_keeps_to_school_days(void **state)
{
    const struct off_days off[] = { { day("2026-10-01"), day("2026-10-07"),
                                      false } };
    const struct off_days term[] = { { day("2026-09-01"), day("2027-01-20"),
                                       false } };
    const struct rules rules = {
        .off = off, .n_off = 1, .term = term, .n_term = 1
    };
    struct schedule s = { .pattern = 1, /* each day */
                          .days = 3,    /* school days */
                          .from_on = day("2026-08-20"),
                          .to_on = day("2027-07-01") };

    (void)state;
    /* the first day of school; then over a weekend; then over the holiday */
    assert_int_equal(schedule_next(&s, &rules, s.from_on), day("2026-09-01"));
    assert_int_equal(schedule_next(&s, &rules, day("2026-09-05")),
                     day("2026-09-07"));
    assert_int_equal(schedule_next(&s, &rules, day("2026-10-01")),
                     day("2026-10-08"));
    assert_int_equal(schedule_next(&s, &rules, day("2027-01-21")), 0);
    /* a weekly one is not lost to a holiday: it moves on */
    s.pattern = 2;
    s.from_on = day("2026-09-03"); /* a Thursday */
    assert_int_equal(schedule_next(&s, &rules, day("2026-09-28")),
                     day("2026-10-08"));
}

/* A pattern of before keeps its days; what is chosen now has the last day. */
static void
a_pattern_of_before_keeps_its_days(void **state)
{
    const struct rules rules = { 0 };
    struct schedule s = { .pattern = SP_MONTHLY,
                          .days = 1,
                          .from_on = day("2027-01-31"),
                          .to_on = day("2027-12-31") };
    struct civil out[8];

    (void)state;
    assert_int_equal(schedule_next(&s, &rules, day("2027-02-01")),
                     day("2027-03-31"));
    assert_int_equal(schedule_left_out(&s, s.from_on, out, N_OF(out)), 5);
    s.rrule = STR("FREQ=DAILY"); /* written beside it, and never of meaning */
    assert_int_equal(schedule_next(&s, &rules, day("2027-02-01")),
                     day("2027-03-31"));
    s.rrule = STR("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD");
    assert_int_equal(schedule_next(&s, &rules, day("2027-02-01")),
                     day("2027-02-28"));
    assert_int_equal(schedule_left_out(&s, s.from_on, out, N_OF(out)), 0);
}

static void
a_rule_is_given_with_its_pattern_or_stays(void **state)
{
    struct schedule was = { .pattern = SP_OWN,
                            .rrule = STR("FREQ=WEEKLY;BYDAY=1MO") },
                    s = was;
    struct err e;
    ARENA(a, 4096);

    (void)state;
    assert_true(schedule_check_rule(&s, &was, &e)); /* another field changed */
    assert_false(schedule_check_rule(&s, NULL, &e));
    s.pattern = SP_MONTHLY; /* the form sends the old rule back */
    assert_true(schedule_check_rule(&s, &was, &e));
    assert_false(schedule_check_rule(&s, NULL, &e));
    assert_true(str_is(schedule_rule_chosen(&s, &was),
                       "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD"));
    was = (struct schedule){ .pattern = SP_MONTHLY };
    s.rrule = STR("");
    assert_true(str_is(schedule_rule_chosen(&s, &was), "FREQ=MONTHLY"));
    s = (struct schedule){ .pattern = SP_OWN,
                           .rrule = STR("freq=monthly;bymonthday=31;") };
    assert_true(str_is(schedule_rule_last_day(&s, a),
                       "freq=monthly;bymonthday=31;RSCALE=GREGORIAN;"
                       "SKIP=BACKWARD"));
    s.rrule = STR("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=OMIT");
    assert_int_equal(schedule_rule_last_day(&s, a).n, 0);
}

/* ---- judging ------------------------------------------------------------------------- */

static const struct check_item list[] = {
    { .id = 1, .text = { STR_INIT("floor"), { "", 0 } }, .weight = 2 },
    { .id = 2,
      .text = { STR_INIT("fridge"), { "", 0 } },
      .kind = CK_NUMBER,
      .low = STR_INIT("0"),
      .high = STR_INIT("8") },
    { .id = 3,
      .text = { STR_INIT("clean"), { "", 0 } },
      .kind = CK_CHOICE,
      .choices = { STR_INIT("clean; dusty; dirty!"), { "", 0 } } },
    { .id = 4,
      .text = { STR_INIT("why"), { "", 0 } },
      .kind = CK_TEXT,
      .when = STR_INIT("1=fail") },
    { .id = 5, .text = { STR_INIT("exit"), { "", 0 } }, .critical = 1 },
    { .id = 6, .text = { STR_INIT("sign"), { "", 0 } }, .kind = CK_SIGN },
};

static bool
judge(struct answer *a, size_t m, struct judged *j)
{
    struct err e;

    return inspection_judge(list, N_OF(list), a, m, true, j, &e);
}

static void
an_inspection_adds_up(void **state)
{
    struct answer good[] = { { .id = 1, .verdict = V_PASS },
                             { .id = 2, .value = STR("4.5") },
                             { .id = 3, .value = STR("2") },
                             { .id = 5, .verdict = V_PASS },
                             { .id = 6, .verdict = V_PASS } };
    struct judged j;

    (void)state;
    assert_true(judge(good, N_OF(good), &j));
    assert_int_equal(j.failed, 0);
    assert_int_equal(j.points, 6);
    assert_int_equal(j.of, 6);
    assert_false(j.critical);
    /* what does not apply counts neither way */
    good[1].verdict = V_NA;
    assert_true(judge(good, N_OF(good), &j));
    assert_int_equal(j.of, 5);
}

static void
what_is_not_in_order_needs_its_reason(void **state)
{
    struct answer a[] = { { .id = 1, .verdict = V_PASS },
                          { .id = 2, .value = STR("8.1") },
                          { .id = 3, .value = STR("1") },
                          { .id = 5, .verdict = V_PASS },
                          { .id = 6, .verdict = V_PASS } };
    struct judged j;

    (void)state;
    assert_false(judge(a, N_OF(a), &j)); /* too warm, and not a word why */
    a[1].comment = STR("door left open");
    assert_true(judge(a, N_OF(a), &j));
    assert_int_equal(j.failed, 1);
    assert_int_equal(a[1].verdict, V_FAIL);
    /* or the hazard that is known already */
    a[1].comment = STR("");
    a[1].hazard = 77;
    assert_true(judge(a, N_OF(a), &j));
    /* the verdict follows from the value, whatever was sent */
    a[1] = (struct answer){
        .id = 2, .value = STR("99"), .verdict = V_PASS, .comment = STR("x")
    };
    assert_true(judge(a, N_OF(a), &j));
    assert_int_equal(j.failed, 1);
    a[1].value = STR("warm");
    assert_false(judge(a, N_OF(a), &j));
}

static void
limits_include_themselves(void **state)
{
    static const struct {
        const char *v;
        int64_t want;
    } t[] = {
        { "0", V_PASS },    { "8", V_PASS },        { "8.0", V_PASS },
        { "-0.1", V_FAIL }, { "8.001", V_FAIL },    { "", 0 },
        { "8,1", 0 },       { "1e3", 0 },           { "--1", 0 },
        { ".", 0 },         { "9999999999999", 0 },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(t); i++) {
        struct answer a = { .id = 2, .value = str_of(t[i].v) };

        if (inspection_verdict(&list[1], &a) != t[i].want)
            fail_msg("\"%s\"", t[i].v);
    }
}

static void
a_condition_asks_only_then(void **state)
{
    struct answer a[] = {
        { .id = 1, .verdict = V_FAIL, .comment = STR("wet") }
    };

    (void)state;
    assert_true(inspection_asks(list, N_OF(list), 3, a, 1));
    a[0].verdict = V_PASS;
    assert_false(inspection_asks(list, N_OF(list), 3, a, 1));
    assert_false(inspection_asks(list, N_OF(list), 3, a, 0));
}

static void
items_of_another_version_are_refused(void **state)
{
    struct answer a[] = { { .id = 99, .verdict = V_PASS } };
    struct judged j;
    struct err e;

    (void)state;
    assert_false(inspection_judge(list, N_OF(list), a, 1, false, &j, &e));
}

/* ---- rules that are kept or not ---------------------------------------------------------- */

static void
a_rule_is_broken_from_the_day_after_its_time(void **state)
{
    const struct rules rules = { 0 };
    const struct rule month = { .value = 31, .unit = UNIT_DAY };
    const struct rule each_day = { .value = 1, .unit = UNIT_WORKDAY };
    const struct comply_rule m = { &month, 7, true },
                             d = { &each_day, 1, true },
                             used = { &month, 6, false };
    int64_t on = day("2026-03-06"), since; /* a Friday */
    int64_t last = on * MS_PER_DAY + 1;

    (void)state;
    assert_int_equal(comply_judge(&rules, &m, last, on + 31, &since),
                     COMPLY_KEPT);
    assert_int_equal(comply_judge(&rules, &m, last, on + 32, &since),
                     COMPLY_BROKEN);
    assert_int_equal(since, on + 32);
    /* over the weekend nobody inspects; on Tuesday Monday's is missing */
    assert_int_equal(comply_judge(&rules, &d, last, on + 3, &since),
                     COMPLY_KEPT);
    assert_int_equal(comply_judge(&rules, &d, last, on + 4, &since),
                     COMPLY_BROKEN);
    assert_int_equal(since, on + 4);
    assert_int_equal(comply_judge(&rules, &m, 0, on, &since), COMPLY_BROKEN);
    assert_int_equal(since, 0);
    assert_int_equal(comply_judge(&rules, &used, 0, on, &since), COMPLY_UNUSED);
}

/* hazard_by_item and the statement it serves leave out 8, 9 and 10 */
static void
what_is_open_from_an_item_is_open_for_the_ledger(void **state)
{
    (void)state;
    for (size_t i = 0; i < hazard_ledger.n_states; i++) {
        int64_t v = hazard_ledger.states[i].v;

        assert_int_equal((ledger_states(&hazard_ledger, ST_OPEN) & IN(v)) == 0,
                         v == 8 || v == 9 || v == 10);
    }
}

static void
lines_of_a_closing_report_are_read_as_they_were_kept(void **state)
{
    static const char *const bad[] = {
        "1",
        "1:",
        ":1",
        "1:1,2",
        "x:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
        "1:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
        "1:0,0,0,0,0,0,0,0,0,0,0,0,0,0,x",
        "1:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0;1,2",
        "1:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0;1,2,3,4",
    };
    struct programme_line in[3] = { 0 }, out;
    struct str rest;
    BUF(b, 4096);

    (void)state;
    for (size_t i = 0; i < N_OF(in); i++) {
        in[i].org = (int64_t)(1000 + i);
        for (size_t k = 0; k < N_PROGRAMME_FIGURES; k++)
            in[i].v[k] = (int64_t)(i * 100 + k);
        for (size_t k = 0; k < i; k++) {
            in[i].all[k] = 9;
            in[i].done[k] = (int64_t)k;
            in[i].missed[k] = 1;
        }
        programme_line_put(&b, &in[i], i);
    }
    rest = buf_str(&b);
    for (size_t i = 0; i < N_OF(in); i++) {
        assert_true(programme_line_next(&rest, &out));
        assert_memory_equal(&in[i], &out, sizeof(out));
    }
    assert_false(programme_line_next(&rest, &out));
    for (size_t i = 0; i < N_OF(bad); i++) {
        rest = str_of(bad[i]);
        if (programme_line_next(&rest, &out))
            fail_msg("\"%s\" was read", bad[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delta_brings_the_old_rows_to_the_new_ones),
        cmocka_unit_test(a_delta_holds_only_what_changed),
        cmocka_unit_test(malformed_rows_are_refused),
        cmocka_unit_test(rows_without_a_number_get_one_that_was_never_given),
        cmocka_unit_test(a_rule_falls_on_its_days),
        cmocka_unit_test(a_rule_that_is_none_is_refused),
        cmocka_unit_test(days_of_a_rule_are_in_order),
        cmocka_unit_test(days_left_out_are_named),
        cmocka_unit_test(a_schedule_keeps_to_school_days),
        cmocka_unit_test(a_pattern_of_before_keeps_its_days),
        cmocka_unit_test(a_rule_is_given_with_its_pattern_or_stays),
        cmocka_unit_test(an_inspection_adds_up),
        cmocka_unit_test(what_is_not_in_order_needs_its_reason),
        cmocka_unit_test(limits_include_themselves),
        cmocka_unit_test(a_condition_asks_only_then),
        cmocka_unit_test(items_of_another_version_are_refused),
        cmocka_unit_test(lines_of_a_closing_report_are_read_as_they_were_kept),
        cmocka_unit_test(what_is_open_from_an_item_is_open_for_the_ledger),
        cmocka_unit_test(a_rule_is_broken_from_the_day_after_its_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
