/* The office's figures: what counts where, and statements that stay. */
#include "service/world.h"

#include <stdlib.h>

#include "domain/blank.h"
#include "service/figures.h"
#include "store/stmt.h"

enum { DAY0 = 20000 }; /* 2024-10-04 */

static unsigned seed = 7;

static int64_t
dice(int64_t n)
{
    return (int64_t)((seed = seed * 1664525u + 1013904223u) >> 8) % n;
}

static struct hazard
some_hazard(void)
{
    struct hazard h = {
        .r = { .state = 1 + dice(HZ_STANDING),
               .created_at = (DAY0 + dice(400)) * MS_PER_DAY },
        .grade = dice(3),
        .funds_need = dice(4),
        .funds = dice(1000),
        .funds_spent = dice(1000),
    };

    h.found_on = dice(3) ? DAY0 + dice(400) : 0;
    h.deadline = dice(2) ? DAY0 + dice(400) : 0;
    h.accepted_at = dice(2) ? (DAY0 + dice(400)) * MS_PER_DAY : 0;
    h.closed_at = dice(2) ? (DAY0 + dice(400)) * MS_PER_DAY : 0;
    h.finished_on = dice(2) ? DAY0 + dice(400) : 0;
    return h;
}

static void
carried_over_and_found_are_rectified_or_open(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct hazard h = some_hazard();
        struct period p = { .from = DAY0 + dice(300), .today = DAY0 + 500 };
        struct period was;
        struct sums s = { 0 }, b = { 0 };

        p.to = p.from + dice(100);
        was = period_before(&p);
        sums_add(&s, &h, &p);
        sums_add(&b, &h, &was);
        for (int g = 0; g < 2; g++) {
            assert_int_equal(s.v[FIG_before][g] + s.v[FIG_found][g],
                             s.v[FIG_done][g] + s.v[FIG_still_open][g]);
            assert_true(s.v[FIG_found_done][g] <= s.v[FIG_done][g]);
            assert_true(s.v[FIG_late][g] <= s.v[FIG_still_open][g]);
            /* what is open at the end of one period is the next one's */
            assert_true(b.v[FIG_still_open][g] == 0 || s.v[FIG_before][g] == 1);
        }
        if (!hazard_counts(&h))
            for (size_t k = 0; k < N_FIGURES; k++)
                assert_int_equal(sums_all(&s, (enum figure_no)k), 0);
    }
}

static void
periods_are_quarters_and_years(void **state)
{
    static const struct {
        int64_t year, quarter;
        struct civil from, to;
    } rows[] = {
        { 2024, 1, { 2024, 1, 1 }, { 2024, 3, 31 } },
        { 2024, 2, { 2024, 4, 1 }, { 2024, 6, 30 } },
        { 2023, 4, { 2023, 10, 1 }, { 2023, 12, 31 } },
        { 2024, PERIOD_YEAR, { 2024, 1, 1 }, { 2024, 12, 31 } },
        { 2024, 0, { 2024, 1, 1 }, { 2024, 12, 31 } },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(rows); i++) {
        struct period p = period_of(rows[i].year, rows[i].quarter, 0, NULL);

        assert_int_equal(p.from, day_of(rows[i].from));
        assert_int_equal(p.to, day_of(rows[i].to));
    }
}

static void
figures_of_schools_survive_as_text(void **state)
{
    struct sums in[3], out;
    struct str rest;
    int64_t org;
    BUF(b, 64 * 1024);

    (void)state;
    for (size_t i = 0; i < N_OF(in); i++) {
        for (size_t k = 0; k < 2 * N_FIGURES; k++)
            in[i].v[k / 2][k % 2] = dice(100000);
        school_sums_put(&b, (int64_t)i + 5, &in[i]);
    }
    rest = buf_str(&b);
    for (size_t i = 0; i < N_OF(in); i++) {
        assert_true(school_sums_next(&rest, &org, &out));
        assert_int_equal(org, i + 5);
        assert_memory_equal(&out, &in[i], sizeof(out));
    }
    assert_false(school_sums_next(&rest, &org, &out));
    rest = STR("5:1,x;");
    assert_false(school_sums_next(&rest, &org, &out));
}

static void
headings_in_either_language_are_understood(void **state)
{
    static const char *const rows[][2] = {
        { "一般隐患 排查数(项)", "found_g" },
        { "重大隐患 已整改销号（项）", "found_done_m" },
        { "整改率", "rate_a" },
        { "一般隐患 整改率(%)", "rate_g" },
        { "重大隐患 挂牌督办", "listed_m" },
        { "列入治理计划 落实治理机构人员", "five_duty_a" },
        { "落实安全措施应急预案", "five_plan_a" },
        { "累计落实治理资金（万元）", "need_aw" },
        { "资金落实", "five_funds_a" },
        { "上年结转", "before_a" },
        { "未整改数", "still_open_a" },
        { "Major hazards: found", "found_m" },
        { "General: rectified", "found_done_g" },
        { "Rate of rectification", "rate_a" },
        { "Overdue", "late_a" },
        { "School", "school" },
        { "学校名称", "school" },
        { "序号", "no" },
        { "填报单位：", "unit" },
        { "备注", "" },
        { "其中：列入治理计划的重大隐患", "" },
        { "未落实资金（万元）", "lacking_aw" },
        { "报表期：", "period" },
        { "本季度排查一般隐患", "found_g" },
        { "本季度发现重大隐患数", "found_m" },
        { "填报季度：", "period" },
        { "逾期未整改", "late_a" },
        { "落实治理经费物资（万元）", "five_funds_a" },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(rows); i++) {
        struct meaning m = blank_guess(str_of(rows[i][0])), back;
        char key[BLANK_KEY], again[BLANK_KEY];

        blank_key(&m, key);
        if (strcmp(key, rows[i][1]) != 0)
            fail_msg("%s: %s, not %s", rows[i][0], key, rows[i][1]);
        if (key[0] != '\0') {
            assert_true(blank_meaning(str_of(key), &back));
            blank_key(&back, again);
            assert_string_equal(key, again);
        }
    }
}

/* ---- in a district ------------------------------------------------------- */

struct doing {
    struct change c;
    const struct dir *dir;
    bool bare; /* without what the service gives */
};

static bool
give_and_run(struct tx *tx, void *arg, struct err *e)
{
    struct doing *d = arg;

    return (d->bare || figures_give(tx->st, tx_dir(tx, d->c.tenant, e), tx->now,
                                    tx->arena, &d->c, e)) &&
           change_run(tx, &d->c, e);
}

static enum err_code
act(struct world *w, struct doing *d, int64_t who, const char *verb,
    const char *const *in, struct err *e)
{
    struct input inputs[6];

    *e = (struct err){ 0 };
    d->c.ledger = &statistic_ledger;
    d->c.tenant = w->tenant;
    d->c.person = who;
    d->c.verb = str_of(verb);
    d->c.input = inputs;
    d->c.n_inputs = d->c.n_given = 0;
    for (size_t i = 0; in != NULL && in[i] != NULL; i += 2)
        inputs[d->c.n_inputs++] =
            (struct input){ str_of(in[i]), str_of(in[i + 1]) };
    if (!writer_run(w->w, give_and_run, d, e))
        return e->code;
    d->c.id = d->c.out_id;
    return ERR_NONE;
}

static struct statistic
read_back(struct world *w, int64_t id, struct arena *a)
{
    struct statistic s;
    struct err e = { 0 };

    assert_true(store_rec_get(writer_store(w->w), w->tenant, &statistic_ledger,
                              id, a, &s, &e));
    return s;
}

/* The world's clock stands in July 2026. */
static const char *const this_quarter[] = { "year", "2026", "quarter", "q3",
                                            NULL };

static void
a_statement_is_signed_as_it_was_seen_and_replaced_only_by_another(void **state)
{
    struct world *w = *state;
    struct doing first = { .c = { .org = w->school } },
                 second = { .c = { .org = w->school } };
    struct change h = world_report(w, wet_floor, N_OF(wet_floor)), h2;
    int64_t then = world_now;
    struct statistic s;
    struct err e = { 0 };
    ARENA(a, 4 << 20);

    assert_true(writer_run(w->w, change_job, &h, &e));
    assert_int_equal(act(w, &first, w->manager, "draft", this_quarter, &e),
                     ERR_NONE);
    assert_int_equal(act(w, &first, w->principal, "sign", NULL, &e),
                     ERR_CONFLICT);
    assert_string_equal(e.field, "quarter");
    /* a hazard found in the quarter is entered after the draft */
    h2 = world_report(w, wet_floor, N_OF(wet_floor));
    assert_true(writer_run(w->w, change_job, &h2, &e));
    world_now += 100 * MS_PER_DAY;
    assert_int_equal(act(w, &first, w->principal, "sign", NULL, &e),
                     ERR_CONFLICT);
    assert_string_equal(e.field, "as_of");
    assert_int_equal(act(w, &first, w->manager, "refresh", NULL, &e), ERR_NONE);
    assert_int_equal(act(w, &first, w->manager, "sign", NULL, &e), ERR_DENIED);
    assert_int_equal(act(w, &first, w->principal, "sign", NULL, &e), ERR_NONE);
    s = read_back(w, first.c.id, a);
    assert_int_equal(s.found_g, 2);
    assert_int_equal(s.still_open_g, 2);
    assert_int_equal(s.signer, w->principal);
    assert_true(str_is(s.title, "2026 Q3"));
    /* a correction names it and needs a reason */
    assert_int_equal(act(w, &second, w->manager, "draft", this_quarter, &e),
                     ERR_NONE);
    assert_int_equal(act(w, &second, w->principal, "sign", NULL, &e),
                     ERR_CONFLICT);
    assert_string_equal(e.field, "reason");
    assert_int_equal(
        act(w, &second, w->manager, "refresh",
            (const char *const[]){ "reason", "one forgotten", NULL }, &e),
        ERR_NONE);
    assert_int_equal(act(w, &second, w->principal, "sign", NULL, &e), ERR_NONE);
    assert_int_equal(read_back(w, second.c.id, a).previous, first.c.id);
    assert_int_equal(read_back(w, first.c.id, a).r.state, STAT_REPLACED);
    assert_int_equal(read_back(w, first.c.id, a).found_g, 2);
    world_now = then;
    world_check(writer_store(w->w), w->tenant);
}

static void
a_draft_is_due_so_long_after_the_end_of_its_period(void **state)
{
    static const struct {
        const char *const in[5];
        struct civil end; /* the day before which it is signed */
    } rows[] = {
        { { "year", "2026", "quarter", "q2", NULL }, { 2026, 7, 16 } },
        { { "year", "2026", "quarter", "q3", NULL }, { 2026, 10, 16 } },
        { { "year", "2026", "quarter", "year", NULL }, { 2027, 2, 1 } },
    };
    struct world *w = *state;
    struct err e = { 0 };
    ARENA(a, 4 << 20);

    for (size_t i = 0; i < N_OF(rows); i++) {
        struct doing d = { .c = { .org = w->school } };
        struct statistic s;

        assert_int_equal(act(w, &d, w->manager, "draft", rows[i].in, &e),
                         ERR_NONE);
        s = read_back(w, d.c.id, a);
        assert_int_equal(s.r.due_at,
                         day_of(rows[i].end) * MS_PER_DAY - 8 * MS_PER_HOUR);
        assert_true(str_starts(s.r.due_rule, STR("statistic.")));
        assert_int_equal(act(w, &d, w->manager, "drop", NULL, &e), ERR_NONE);
        assert_int_equal(read_back(w, d.c.id, a).r.due_at, 0);
    }
}

static void
what_is_entered_late_counts_for_the_day_it_was_seen(void **state)
{
    struct world *w = *state;
    struct doing d = { .c = { .org = w->school } };
    const struct input late[] = { wet_floor[0],
                                  wet_floor[1],
                                  { STR("occurred_at"),
                                    STR("2026-06-30T23:30") } };
    struct change h = world_report(w, late, N_OF(late));
    struct err e = { 0 };
    ARENA(a, 4 << 20);
    struct statistic s;

    assert_true(writer_run(w->w, change_job, &h, &e));
    assert_int_equal(act(w, &d, w->manager, "draft", this_quarter, &e),
                     ERR_NONE);
    s = read_back(w, d.c.id, a);
    assert_int_equal(s.found_g, 0);
    assert_int_equal(s.before_g, 1);
}

/* The year turns at midnight of the district, not of the machine. */
static void
at_new_year_what_is_open_is_carried_over(void **state)
{
    struct world *w = *state;
    const int64_t was = world_now;
    const int64_t midnight =
        day_of((struct civil){ 2027, 1, 1 }) * MS_PER_DAY - 8 * MS_PER_HOUR;
    struct doing old = { .c = { .org = w->school } }, new = old;
    struct err e = { 0 };
    ARENA(a, 4 << 20);
    struct statistic s;

    for (int i = 0; i < 2; i++) {
        struct change h = world_report(w, wet_floor, N_OF(wet_floor));

        world_now = midnight + (i == 0 ? -60 * 1000 : 60 * 1000);
        assert_true(writer_run(w->w, change_job, &h, &e));
    }
    assert_int_equal(
        act(w, &old, w->manager, "draft",
            (const char *const[]){ "year", "2026", "quarter", "year", NULL },
            &e),
        ERR_NONE);
    assert_int_equal(
        act(w, &new, w->manager, "draft",
            (const char *const[]){ "year", "2027", "quarter", "year", NULL },
            &e),
        ERR_NONE);
    world_now = was;
    s = read_back(w, old.c.id, a);
    assert_int_equal(s.before_g, 0);
    assert_int_equal(s.found_g, 1);
    s = read_back(w, new.c.id, a);
    assert_int_equal(s.before_g, 1);
    assert_int_equal(s.found_g, 1);
}

static void
nobody_sends_figures_and_no_step_goes_without(void **state)
{
    struct world *w = *state;
    struct doing d = { .c = { .org = w->school } };
    struct err e;

    assert_int_equal(act(w, &d, w->manager, "draft",
                         (const char *const[]){ "year", "2026", "quarter", "q3",
                                                "found_g", "9", NULL },
                         &e),
                     ERR_INVALID);
    assert_int_equal(
        act(w, &d, w->manager, "draft",
            (const char *const[]){ "year", "2027", "quarter", "q3", NULL }, &e),
        ERR_INVALID);
    assert_string_equal(e.field, "year");
    d.bare = true;
    assert_int_equal(act(w, &d, w->manager, "draft", this_quarter, &e),
                     ERR_STORE);
    d.bare = false;
    assert_int_equal(act(w, &d, w->teacher, "draft", this_quarter, &e),
                     ERR_DENIED);
}

static void
set_open(int64_t org, int64_t n, void *arg)
{
    (void)org;
    *(int64_t *)arg += n;
}

/* Walking the district and walking its schools must give the same. */
static void
the_district_is_the_sum_of_its_schools(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    ARENA(a, 8 << 20);
    struct dir *d;
    struct figures_query all = { 0 }, one = { 0 };
    struct school_sums *of;
    struct sums whole, school;
    int64_t listed = 0, then = world_now;
    size_t n;

    for (int i = 0; i < 12; i++) {
        struct change h = world_report(w, wet_floor, N_OF(wet_floor));

        assert_true(writer_run(w->w, change_job, &h, &e));
        if (i % 3 == 0)
            assert_true(world_step(w, &h, w->manager, "not_hazard", &e) ||
                        true);
        world_now += 20 * MS_PER_DAY;
    }
    d = dir_load(writer_store(w->w), w->tenant, &e);
    assert_non_null(d);
    for (int64_t q = 1; q <= PERIOD_YEAR; q++) {
        all = (struct figures_query){
            .dir = d,
            .period = period_of(2026, q, zone_day(d->rules.zone, world_now),
                                d->rules.zone),
        };
        one = all;
        assert_true(figures_scope(d, w->root, a, &all.scope, &e));
        assert_true(figures_scope(d, w->school, a, &one.scope, &e));
        assert_true(all.scope.all);
        assert_true(
            figures_sum(writer_store(w->w), &all, a, &of, &n, &whole, &e));
        assert_int_equal(n, 2); /* the district's own node, and the school */
        assert_true(
            figures_sum(writer_store(w->w), &one, a, &of, &n, &school, &e));
        assert_int_equal(n, 1);
        assert_memory_equal(&whole, &school, sizeof(whole));
    }
    assert_true(store_list_orgs(writer_store(w->w),
                                &(struct list_query){ .tenant = w->tenant,
                                                      .ledger = &hazard_ledger,
                                                      .all = true },
                                set_open, &listed, &e));
    assert_int_equal(listed, 12);
    dir_free(d);
    world_now = then;
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carried_over_and_found_are_rectified_or_open),
        cmocka_unit_test(periods_are_quarters_and_years),
        cmocka_unit_test(figures_of_schools_survive_as_text),
        cmocka_unit_test(headings_in_either_language_are_understood),
        T(a_statement_is_signed_as_it_was_seen_and_replaced_only_by_another),
        T(a_draft_is_due_so_long_after_the_end_of_its_period),
        T(what_is_entered_late_counts_for_the_day_it_was_seen),
        T(at_new_year_what_is_open_is_carried_over),
        T(nobody_sends_figures_and_no_step_goes_without),
        T(the_district_is_the_sum_of_its_schools),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
