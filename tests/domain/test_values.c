/* Values at their limits: fields, rules with their calendar, and what the
 * reading of an old ledger says of a file that is not as it should be. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>

#include "domain/campaign.h"
#include "domain/rules.h"
#include "service/ledger_read.h"
#include "sheet_file.h"

/* ---- fields ---------------------------------------------------------------- */

struct thing {
    struct rec r;
    int64_t day, at, money, kind, flag, count, ref;
    struct str line, text, files;
    struct text2 name;
};

static const struct choice kinds[] = { { 3, "three", "3" },
                                       { 7, "seven", "7" },
                                       { 0 } };

enum { DAY, AT, MONEY, KIND_, FLAG, COUNT, REF, LINE, TEXT, FILES, NAME };

static const struct field fields[] = {
    FIELD(struct thing, 32, day, FK_DAY, "Day"),
    FIELD(struct thing, 33, at, FK_TIME, "At"),
    FIELD(struct thing, 34, money, FK_MONEY, "Money"),
    FIELD(struct thing, 35, kind, FK_ENUM, "Kind", .choices = kinds),
    FIELD(struct thing, 36, flag, FK_FLAG, "Flag"),
    FIELD(struct thing, 37, count, FK_INT, "Count", .min = -5, .max = 99),
    FIELD(struct thing, 38, ref, FK_REF, "Ref", .ref = "thing"),
    FIELD(struct thing, 39, line, FK_LINE, "Line", .max = 4),
    FIELD(struct thing, 40, text, FK_TEXT, "Text", .max = 6),
    FIELD(struct thing, 41, files, FK_FILES, "Files", .max = 2),
    FIELD(struct thing, 42, name, FK_TEXT2, "Name", .max = 3),
};

/* What a field makes of a text: printed again, "!" refused when parsed, "?"
 * refused when checked. */
static const struct {
    int field;
    const char *text, *said;
} values[] = {
    { DAY, "2024-02-29", "2024-02-29" },
    { DAY, " 2024-02-29 ", "2024-02-29" },
    { DAY, "2023-02-29", "!" },
    { DAY, "29.2.2024", "!" },
    { DAY, "", "" },
    { AT, "1785000000000", "1785000000000" },
    { AT, "1970-01-02T01:01Z", "90060000" },
    { AT, "1970-01-02T09:01+08:00", "90060000" },
    { AT, "1970-01-02T01:01", "!" },
    { AT, "1970-01-02 01:01Z", "90060000" },
    { AT, "1970-01-02T24:00Z", "!" },
    { AT, "1970-01-02T23:60Z", "!" },
    { AT, "1970-01-02T2:3Z", "!" },
    { AT, "1970-02-30T01:01Z", "!" },
    { AT, "1970-01-02x01:01Z", "!" },
    { MONEY, "1", "1.00" },
    { MONEY, "1,234.5", "1234.50" },
    { MONEY, "0.07", "0.07" },
    { MONEY, "1.234", "!" },
    { MONEY, "3,50", "!" },
    { MONEY, "12,34,567", "!" },
    { MONEY, ",123", "!" },
    { MONEY, "1,234,567", "1234567.00" },
    { MONEY, "1,234.5,6", "!" },
    { MONEY, "３５００．５", "3500.50" },
    { DAY, "２０２４－０２－２９", "2024-02-29" },
    { COUNT, "１２", "12" },
    { MONEY, "1.2.3", "!" },
    { MONEY, "1.2,3", "!" },
    { MONEY, "-1", "!" },
    { MONEY, "1e3", "!" },
    { MONEY, "9999999999999999", "9999999999999999.00" },
    { MONEY, "92233720368547758.07", "92233720368547758.07" },
    { MONEY, "92233720368547758.08", "!" },
    { MONEY, "92233720368547759", "!" },
    { KIND_, "seven", "seven" },
    { KIND_, "7", "!" },
    { KIND_, "eight", "!" },
    { FLAG, "1", "1" },
    { FLAG, "true", "1" },
    { FLAG, "on", "1" },
    { FLAG, "no", "" },
    { COUNT, "99", "99" },
    { COUNT, "100", "?" },
    { COUNT, "-5", "-5" },
    { COUNT, "-6", "?" },
    { COUNT, "9x", "!" },
    { COUNT, "9223372036854775808", "!" },
    { REF, "-1", "?" },
    { REF, "12", "12" },
    { LINE, " abcd ", "abcd" },
    { LINE, "abcde", "?" },
    { LINE, "安全办公", "安全办公" },
    { LINE, "a\tb", "?" },
    { LINE, "a\nb", "?" },
    { LINE, "\xc3(", "!" },
    { TEXT, "a\nb", "a\nb" },
    { TEXT, "abcdefg", "?" },
    { FILES, "1,2", "1,2" },
    { FILES, "1,2,3", "?" },
    { NAME, "一二三", "一二三" },
    { NAME, "abcd", "?" },
    { NAME, "a\rb", "?" },
    { NAME, "\xff", "!" },
};

static void
a_value_is_read_and_written_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(values); i++) {
        const struct field *f = &fields[values[i].field];
        struct thing t = { .r = { .id = 1 } };
        struct err e = { 0 };
        BUF(b, 256);

        if (!field_parse(f, str_of(values[i].text), &t, &e))
            buf_puts(&b, "!");
        else if (!field_check(f, &t, &e))
            buf_puts(&b, "?");
        else
            field_format(f, &t, false, &b);
        if (!str_is(buf_str(&b), values[i].said))
            fail_msg("%s \"%s\": %.*s, not %s", f->name, values[i].text,
                     STR_ARG(buf_str(&b)), values[i].said);
        if (e.code != ERR_NONE &&
            (e.code != ERR_INVALID || e.field != f->name || e.msg == NULL))
            fail_msg("%s \"%s\": nobody can tell what is wrong", f->name,
                     values[i].text);
    }
}

static void
a_refused_value_leaves_the_record_as_it_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(values); i++) {
        const struct field *f = &fields[values[i].field];
        struct thing t, was;
        struct err e;

        memset(&t, 0, sizeof(t));
        t.day = t.at = t.money = t.kind = t.count = t.ref = 7;
        t.line = t.text = t.files = t.name.en = STR("x");
        was = t;
        if (!field_parse(f, str_of(values[i].text), &t, &e))
            assert_memory_equal(&t, &was, sizeof(t));
    }
}

static void
a_value_no_parser_gives_is_refused_as_well(void **state)
{
    struct thing t = { .kind = 5, .money = -1 };
    struct err e;

    (void)state;
    assert_false(field_check(&fields[KIND_], &t, &e));
    assert_string_equal(e.msg, "is not one of the choices");
    assert_false(field_check(&fields[MONEY], &t, &e));
    assert_string_equal(e.msg, "must not be negative");
}

static void
both_sides_of_a_name_are_compared(void **state)
{
    const struct field *f = &fields[NAME];
    struct thing a = { .name = { STR("a"), STR("") } }, b = a;

    (void)state;
    assert_true(field_equal(f, &a, &b));
    assert_false(field_empty(f, &a));
    b.name.zh = STR("一");
    assert_false(field_equal(f, &a, &b));
    a.name.en = STR("");
    assert_true(field_empty(f, &a));
    assert_false(field_empty(f, &b));
}

static void
a_campaign_does_not_end_before_it_begins(void **state)
{
    struct campaign c = { .from_on = 20000, .to_on = 20000 };
    const struct step_ctx ctx = { .now = 1 };
    struct err e = { 0 };

    (void)state;
    for (size_t i = 0; i < campaign_ledger.n_steps; i++) {
        const struct step *s = &campaign_ledger.steps[i];

        if (s->check == NULL)
            continue;
        c.to_on = 20000;
        assert_true(s->check(&c, &ctx, &e));
        c.to_on = 19999;
        assert_false(s->check(&c, &ctx, &e));
        assert_string_equal(e.field, "to_on");
    }
}

/* ---- rules ------------------------------------------------------------------ */

static int64_t
day(const char *text)
{
    int64_t d = 0;

    assert_true(day_parse(str_of(text), &d));
    return d;
}

struct rules_world {
    struct arena *a;
    struct rules r;
};

static int
load_rules(void **state)
{
    static struct rules_world w;
    /* National Day 2026, and a Sunday worked for it */
    static struct off_days off[2];
    struct err e;

    off[0] = (struct off_days){ day("2026-10-01"), day("2026-10-07"), false };
    off[1] = (struct off_days){ day("2026-09-27"), day("2026-09-27"), true };
    w = (struct rules_world){ .a = arena_new(1 << 20) };
    assert_true(rules_load_packs(&w.r, w.a, &e));
    w.r.zone = zone_open("Asia/Shanghai");
    assert_non_null(w.r.zone);
    w.r.off = off;
    w.r.n_off = 2;
    *state = &w;
    return 0;
}

static int
free_rules(void **state)
{
    struct rules_world *w = *state;

    zone_close((struct zone *)(uintptr_t)w->r.zone);
    arena_free(w->a);
    return 0;
}

static void
weekends_holidays_and_worked_sundays_are_told_apart(void **state)
{
    const struct rules_world *w = *state;

    assert_true(rules_is_workday(&w->r, day("2026-09-25")));  /* Friday */
    assert_false(rules_is_workday(&w->r, day("2026-09-26"))); /* Saturday */
    assert_true(rules_is_workday(&w->r, day("2026-09-27"))); /* worked Sunday */
    assert_false(rules_is_workday(&w->r, day("2026-10-01")));
    assert_false(rules_is_workday(&w->r, day("2026-10-07")));
    assert_true(rules_is_workday(&w->r, day("2026-10-08")));
}

static void
due(struct rules *r, const char *from, int64_t value, enum rule_unit unit,
    const char *want)
{
    const struct rule own = { .key = STR("hazard.grade_within"),
                              .version = 1000 + (int64_t)unit * 100 + value,
                              .value = value,
                              .unit = unit };
    const int64_t noon = zone_time(r->zone, day(from), 12 * 60);
    struct err e;
    BUF(b, 64);

    ((struct rule *)(uintptr_t)rules_find(r, own.key))->own = false;
    assert_true(rules_override(r, &own, &e));
    time_format_local(&b, r->zone, rules_due(r, "hazard.grade_within", noon));
    if (!str_is(buf_str(&b), want))
        fail_msg("%s + %ld (%d): %.*s, not %s", from, (long)value, (int)unit,
                 STR_ARG(buf_str(&b)), want);
}

static void
a_deadline_counts_hours_days_or_working_days(void **state)
{
    struct rules *r = &((struct rules_world *)*state)->r;

    due(r, "2026-09-24", 36, UNIT_HOUR, "2026-09-26 00:00");
    due(r, "2026-09-24", 0, UNIT_DAY, "2026-09-25 00:00");
    due(r, "2026-09-24", 3, UNIT_DAY, "2026-09-28 00:00");
    due(r, "2026-09-24", 0, UNIT_WORKDAY, "2026-09-25 00:00");
    due(r, "2026-09-24", 1, UNIT_WORKDAY, "2026-09-26 00:00");
    due(r, "2026-09-25", 1, UNIT_WORKDAY, "2026-09-28 00:00"); /* the Sunday */
    due(r, "2026-09-30", 1, UNIT_WORKDAY,
        "2026-10-09 00:00"); /* the holidays */
    due(r, "2026-10-01", 2, UNIT_WORKDAY, "2026-10-10 00:00");
    assert_int_equal(rules_due(r, "no.such_rule", 1), 0);
}

static void
a_district_overrides_only_rules_that_are(void **state)
{
    struct rules_world *w = *state;
    struct rule own = { .key = STR("hazard.plan_within"),
                        .version = 1,
                        .value = 9,
                        .unit = UNIT_DAY },
                none = { .key = STR("hazard.nothing"), .version = 1 };
    struct str pack = rules_find(&w->r, own.key)->pack;
    struct err e;

    assert_true(str_is(rules_name(&w->r, w->a, "hazard.plan_within"),
                       "hazard.plan_within@1"));
    assert_true(rules_override(&w->r, &own, &e));
    assert_true(str_is(rules_name(&w->r, w->a, "hazard.plan_within"),
                       "hazard.plan_within@own1"));
    assert_true(str_eq(rules_find(&w->r, own.key)->pack, pack));
    own.version = 3;
    own.value = 30;
    assert_true(rules_override(&w->r, &own, &e));
    own.version = 2;
    own.value = 20; /* read later, yet older */
    assert_true(rules_override(&w->r, &own, &e));
    assert_int_equal(rules_find(&w->r, own.key)->value, 30);
    assert_false(rules_override(&w->r, &none, &e));
    assert_int_equal(e.code, ERR_INVALID);
    assert_true(str_is(rules_name(&w->r, w->a, "hazard.nothing"), ""));
}

/* ---- doubts about a file -------------------------------------------------------- */

struct heard {
    struct buf codes;
    const char *stop_at; /* the doubt at which the reader has enough */
    int64_t rows, progress, stop_progress;
};

static bool
hear_row(void *ctx, const struct reading_row *row)
{
    struct heard *h = ctx;

    (void)row;
    h->rows++;
    return true;
}

static bool
hear_doubt(void *ctx, const struct reading_doubt *d)
{
    struct heard *h = ctx;

    buf_puts(&h->codes, d->code);
    buf_putc(&h->codes, ' ');
    return h->stop_at == NULL || strcmp(h->stop_at, d->code) != 0;
}

static bool
hear_progress(void *ctx, int64_t rows)
{
    struct heard *h = ctx;

    h->progress = rows;
    return h->stop_progress == 0 || rows < h->stop_progress;
}

static bool
read_bytes(const char *p, size_t n, struct heard *h, struct err *e)
{
    const struct reading_opts opts = { .on_row = hear_row,
                                       .on_doubt = hear_doubt,
                                       .on_progress = hear_progress,
                                       .ctx = h };
    struct reading_counts counts;
    struct ledger_read_job job = { .fd = file_of(p, n),
                                   .opts = &opts,
                                   .counts = &counts };
    bool ok = ledger_read(&job, e);

    close(job.fd);
    return ok;
}

/* clang-format off */
static const struct { const char *what, *csv, *code; } odd[] = {
    { "bytes of no encoding", "部位,隐患\n食堂,\xff\xfe灯坏\n操场,门坏\n", "bytes-unread" },
    { "a quote never closed", "部位,隐患\n食堂,\"灯坏\n操场,门坏\n", "quote-open" },
    { "ditto below nothing", "部位,隐患\n同上,灯坏\n", "ditto-nothing" },
    { "no heading", "甲,乙\n丙,丁\n", "no-heading" },
    { "a column nobody knows", "部位,隐患,星座\n食堂,灯坏,狮子\n", "column-unknown" },
};
/* clang-format on */

static void
a_file_that_is_odd_is_said_to_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(odd); i++) {
        struct heard h = { .codes = { .max = 65536 } },
                     stopped = { .codes = { .max = 65536 },
                                 .stop_at = odd[i].code };
        struct err e = { 0 };

        if (!read_bytes(odd[i].csv, strlen(odd[i].csv), &h, &e))
            fail_msg("%s: not read", odd[i].what);
        if (str_find(buf_str(&h.codes), str_of(odd[i].code)) < 0)
            fail_msg("%s: %.*s", odd[i].what, STR_ARG(buf_str(&h.codes)));
        if (read_bytes(odd[i].csv, strlen(odd[i].csv), &stopped, &e))
            fail_msg("%s: went on after \"stop\"", odd[i].what);
        assert_int_equal(e.code, ERR_NONE);
        buf_fini(&h.codes);
        buf_fini(&stopped.codes);
    }
}

static void
a_long_file_can_be_stopped_on_the_way(void **state)
{
    struct heard h = { .codes = { .max = 65536 } },
                 first = { .codes = { .max = 65536 }, .stop_progress = 512 };
    struct err e = { 0 };
    BUF(b, 1 << 20);

    (void)state;
    buf_puts(&b, "部位,隐患\n");
    for (int i = 0; i < 1500; i++)
        buf_printf(&b, "食堂,灯%d坏\n", i);
    assert_true(read_bytes(b.p, b.n, &h, &e));
    assert_int_equal(h.rows, 1500);
    assert_int_equal(h.progress, 1024);
    assert_false(read_bytes(b.p, b.n, &first, &e));
    assert_int_equal(first.rows, 0);
    assert_int_equal(first.progress, 512);
    buf_fini(&h.codes);
    buf_fini(&first.codes);
}

static void
of_one_kind_two_hundred_doubts_are_told(void **state)
{
    struct heard h = { .codes = { .max = 1 << 20 } };
    struct err e = { 0 };
    size_t told = 0;
    struct str rest, one;
    BUF(b, 1 << 20);

    (void)state;
    buf_puts(&b, "单位,隐患情况,隐患等级\n");
    for (int i = 0; i < 300; i++)
        buf_puts(&b, "甲小学,,重大\n");
    assert_true(read_bytes(b.p, b.n, &h, &e));
    rest = buf_str(&h.codes);
    while (str_split(&rest, ' ', &one))
        told += str_is(one, "description-missing");
    assert_int_equal(told, 200);
    assert_int_equal(h.rows, 300);
    buf_fini(&h.codes);
}

static void
a_column_or_sheet_that_is_not_there_is_nothing(void **state)
{
    const struct reading_opts opts = { .on_row = hear_row };
    struct reading *r = reading_new(&opts);

    (void)state;
    assert_non_null(r);
    assert_null(reading_sheet_at(r, 0));
    assert_int_equal(reading_sheet_count(r), 0);
    reading_column_set(r, 0, 0, RF_PLACE);
    assert_true(reading_scan_end(r));
    reading_free(r);
    reading_free(NULL);
}

int
main(void)
{
#define RULES(t) cmocka_unit_test_setup_teardown(t, load_rules, free_rules)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_read_and_written_or_refused),
        cmocka_unit_test(a_refused_value_leaves_the_record_as_it_was),
        cmocka_unit_test(a_value_no_parser_gives_is_refused_as_well),
        cmocka_unit_test(both_sides_of_a_name_are_compared),
        cmocka_unit_test(a_campaign_does_not_end_before_it_begins),
        RULES(weekends_holidays_and_worked_sundays_are_told_apart),
        RULES(a_deadline_counts_hours_days_or_working_days),
        RULES(a_district_overrides_only_rules_that_are),
        cmocka_unit_test(a_file_that_is_odd_is_said_to_be),
        cmocka_unit_test(a_long_file_can_be_stopped_on_the_way),
        cmocka_unit_test(of_one_kind_two_hundred_doubts_are_told),
        cmocka_unit_test(a_column_or_sheet_that_is_not_there_is_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
