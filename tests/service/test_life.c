/* The lives of a hazard, told as tables: who takes which step with which
 * words, and where that leads or why it is refused. */
#include "service/world.h"

#include "service/history.h"
#include "service/scheduler.h"
#include "store/stmt.h"

struct telling {
    const char *who, *verb;
    const char *in[20]; /* name, value */
    int state;          /* where it is afterwards; 0 = refused */
    const char *field;  /* of a refusal; NULL = any */
};

struct cast {
    struct world *w;
    int64_t officer, inspector;
};

static int64_t
add_person(struct world *w, int64_t org, const char *login, enum role role)
{
    struct err e = { 0 };
    struct install_person p = { .tenant = w->tenant,
                                .org = org,
                                .name = str_of(login),
                                .login = str_of(login),
                                .role = role };

    assert_true(writer_run(w->w, install_person_job, &p, &e));
    return p.id;
}

static int64_t
who_is(const struct cast *c, const char *name)
{
    const struct {
        const char *name;
        int64_t id;
    } all[] = { { "manager", c->w->manager },
                { "principal", c->w->principal },
                { "teacher", c->w->teacher },
                { "officer", c->officer },
                { "inspector", c->inspector } };

    for (size_t i = 0; i < N_OF(all); i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].id;
    fail_msg("nobody is called %s", name);
    return 0;
}

static void
tell(const struct cast *cast, struct change *c, const struct telling *t)
{
    struct input in[10];
    struct err e = { 0 };
    char text[256];
    bool ok;

    c->input = in;
    c->n_inputs = 0;
    for (size_t i = 0; t->in[i] != NULL; i += 2)
        in[c->n_inputs++] =
            (struct input){ str_of(t->in[i]), str_of(t->in[i + 1]) };
    c->person = who_is(cast, t->who);
    c->verb = str_of(t->verb);
    ok = writer_run(cast->w->w, change_job, c, &e);
    if (ok != (t->state != 0))
        fail_msg("%s by %s: %s %s", t->verb, t->who,
                 e.field != NULL ? e.field : "",
                 ok ? "was allowed" : err_text(&e, text, sizeof(text)));
    if (!ok && t->field != NULL) {
        assert_non_null(e.field);
        assert_string_equal(e.field, t->field);
    }
    if (ok) {
        assert_int_equal(c->out_state, t->state);
        c->id = c->out_id;
    }
    world_now += 60000;
}

static void
tell_all(struct world *w, const struct telling *t, size_t n, struct change *out)
{
    struct cast cast = {
        .w = w,
        .officer = add_person(w, w->root, "officer", ROLE_DISTRICT_OFFICER),
        .inspector = add_person(w, w->root, "inspector", ROLE_INSPECTOR),
    };
    struct change c = world_report(w, NULL, 0);

    for (size_t i = 0; i < n; i++)
        tell(&cast, &c, &t[i]);
    assert_true(world_check(writer_store(w->w), w->tenant) > 0);
    if (out != NULL)
        *out = c;
}

#define REPORT                                                                 \
    {                                                                          \
        "teacher", "report",                                                   \
            { "description", "疏散通道堆放杂物", "place_text", "二楼" },       \
            HZ_REPORTED                                                        \
    }
#define SIX                                                                    \
    "plan_goal", "a", "measures", "b", "plan_means", "c", "plan_duty", "d",    \
        "plan_time", "e", "contingency", "f", "funds_need", "needed"

static void
a_major_hazard_keeps_its_clause_its_plan_and_its_listing(void **state)
{
    static const struct telling story[] = {
        REPORT,
        { "manager", "grade", { "grade", "major" }, 0, "clause" },
        { "manager",
          "grade",
          { "grade", "major", "clause", "消防 8" },
          HZ_GRADED },
        { "manager", "fix", { "situation", "x" }, 0 },
        { "manager",
          "assign",
          { "measures", "x", "responsible_unit", "u", "deadline",
            "2027-01-01" },
          0,
          "state" },
        { "teacher",
          "control",
          { "control", "拉警戒线", "in_use", "stopped" },
          HZ_GRADED },
        { "officer", "order", { "deadline", "2027-01-01" }, 0, "responsible" },
        { "officer",
          "order",
          { "deadline", "2020-01-01", "responsible_unit", "u" },
          0,
          "deadline" },
        { "officer",
          "order",
          { "deadline", "2027-01-01", "responsible_unit", "u" },
          HZ_ORDERED },
        { "manager",
          "plan",
          { "measures", "b", "contingency", "f", "funds_need", "none" },
          0,
          "plan_goal" },
        { "manager", "plan", { SIX }, 0, "funds" },
        { "manager", "plan", { SIX, "funds", "8000" }, HZ_PLANNED },
        { "manager", "start", { NULL }, 0, "approved_at" },
        { "manager", "approve", { NULL }, 0 },
        { "principal", "approve", { NULL }, HZ_PLANNED },
        { "manager", "start", { NULL }, 0, "reported_up_at" },
        { "manager", "report_up", { "up_state", "a" }, 0 },
        { "manager",
          "report_up",
          { "up_state", "a", "up_harm", "b", "up_plan", "c" },
          HZ_PLANNED },
        { "principal", "receive_up", { NULL }, 0 },
        { "officer", "receive_up", { NULL }, HZ_PLANNED },
        { "officer",
          "list",
          { "listing_level", "county", "listing_by", "学区", "listing_deadline",
            "2029-01-01" },
          0,
          "listing_deadline" },
        { "officer",
          "list",
          { "listing_level", "county", "listing_by", "学区", "listing_deadline",
            "2020-01-01" },
          0,
          "listing_deadline" },
        { "officer",
          "list",
          { "listing_level", "county", "listing_by", "学区", "listing_deadline",
            "2027-02-01" },
          HZ_PLANNED },
        { "officer", "publish", { NULL }, HZ_PLANNED },
        { "officer",
          "extend_listing",
          { "listing_deadline", "2027-03-01", "comment", "供货延迟" },
          HZ_PLANNED },
        { "manager", "start", { NULL }, HZ_RECTIFYING },
        { "manager", "submit", { "situation", "通道已清" }, HZ_SUBMITTED },
        { "manager", "accept", { NULL }, 0 },
        { "inspector", "accept", { "opinion", "合格" }, HZ_ACCEPTED },
        { "principal", "close", { NULL }, 0, "listing" },
        { "officer", "delist", { NULL }, HZ_ACCEPTED },
        { "principal", "close", { NULL }, HZ_CLOSED },
        { "officer", "end_listing", { NULL }, HZ_CLOSED },
        { "officer", "end_listing", { NULL }, 0 },
    };

    tell_all(*state, story, N_OF(story), NULL);
}

static void
a_general_hazard_may_be_rejected_extended_and_opened_again(void **state)
{
    static const struct telling story[] = {
        REPORT,
        { "manager",
          "assign",
          { "measures", "清理", "responsible_unit", "总务处", "deadline",
            "2026-12-01" },
          HZ_RECTIFYING },
        { "manager",
          "ask_extension",
          { "ext_day", "2026-11-01", "ext_reason", "x" },
          0,
          "ext_day" },
        { "manager",
          "ask_extension",
          { "ext_day", "2026-12-20", "ext_reason", "假期" },
          HZ_RECTIFYING },
        { "manager", "grant_extension", { NULL }, 0 },
        { "principal", "grant_extension", { NULL }, HZ_RECTIFYING },
        { "manager",
          "ask_extension",
          { "ext_day", "2026-12-30", "ext_reason", "y" },
          HZ_RECTIFYING },
        { "principal", "refuse_extension", { NULL }, 0, "comment" },
        { "principal",
          "refuse_extension",
          { "comment", "不行" },
          HZ_RECTIFYING },
        { "manager", "submit", { "situation", "清了" }, HZ_SUBMITTED },
        { "principal", "reject", { "comment", "还有" }, HZ_RECTIFYING },
        { "manager", "submit", { "situation", "全清了" }, HZ_SUBMITTED },
        { "principal", "accept", { NULL }, HZ_CLOSED },
        { "manager", "reopen", { "comment", "又堆了" }, HZ_RECTIFYING },
        { "manager", "submit", { "situation", "再清" }, HZ_SUBMITTED },
        { "principal", "accept", { NULL }, HZ_CLOSED },
    };
    struct world *w = *state;
    struct change c;
    struct err e = { 0 };

    tell_all(w, story, N_OF(story), &c);
    world_now += 200 * MS_PER_DAY;
    c.person = w->manager;
    c.verb = STR("reopen");
    c.input = (const struct input[]){ { STR("comment"), STR("太晚") } };
    c.n_inputs = 1;
    assert_false(writer_run(w->w, change_job, &c, &e));
    assert_string_equal(e.field, "closed_at");
}

static void
other_ends_can_be_objected_to_answered_or_taken_back(void **state)
{
    static const struct telling story[] = {
        REPORT,
        { "manager", "not_hazard", { NULL }, 0, "comment" },
        { "manager", "not_hazard", { "comment", "已处理" }, HZ_NOT_HAZARD },
        { "teacher", "object", { "comment", "还在" }, HZ_REPORTED },
        { "principal",
          "duplicate",
          { "duplicate_of", "12345", "comment", "x" },
          0,
          "duplicate_of" },
        { "manager",
          "refer",
          { "referred_to", "交管站", "control", "人工引导" },
          HZ_REFERRED },
        { "manager", "answer", { "referral_answer", "下月处理" }, HZ_REFERRED },
        { "manager", "take_back", { NULL }, HZ_GRADED },
        { "manager",
          "stand",
          { "control", "警示牌", "comment", "水塘" },
          HZ_STANDING },
        { "manager", "recheck", { "comment", "看过" }, HZ_STANDING },
        { "manager", "take_back", { NULL }, HZ_GRADED },
        { "teacher", "edit", { "description", "疏散通道堆放床架" }, HZ_GRADED },
        { "teacher", "fix", { "situation", "当场清走" }, 0, "photos_after" },
        { "teacher", "nonsense", { NULL }, 0, "verb" },
        { "teacher", "control", { "unknown", "x" }, 0 },
    };

    tell_all(*state, story, N_OF(story), NULL);
}

static void
after_an_objection_somebody_else_decides(void **state)
{
    static const struct telling story[] = {
        REPORT,
        { "manager", "not_hazard", { "comment", "已处理" }, HZ_NOT_HAZARD },
        { "teacher", "object", { "comment", "还在" }, HZ_REPORTED },
        { "manager", "not_hazard", { "comment", "还是没有" }, 0 },
        { "manager", "grade", { "grade", "general" }, HZ_GRADED },
        { "manager", "not_hazard", { "comment", "还是没有" }, 0 },
        { "principal", "not_hazard", { "comment", "去看过" }, HZ_NOT_HAZARD },
        { "teacher", "object", { "comment", "还在" }, HZ_REPORTED },
        { "principal", "not_hazard", { "comment", "去看过" }, 0 },
        /* who decided before the last one has decided too */
        { "manager", "not_hazard", { "comment", "第三次" }, 0 },
        { "manager", "duplicate", { "comment", "第三次" }, 0, NULL },
        { "officer", "not_hazard", { "comment", "到场看过" }, HZ_NOT_HAZARD },
        { "teacher", "object", { "comment", "还在" }, HZ_REPORTED },
        { "principal", "not_hazard", { "comment", "去看过" }, 0 },
        { "officer", "not_hazard", { "comment", "到场看过" }, 0 },
        { "manager",
          "assign",
          { "measures", "修", "responsible_unit", "总务处", "deadline",
            "2026-12-30" },
          HZ_RECTIFYING },
    };

    tell_all(*state, story, N_OF(story), NULL);
}

static void
what_is_overdue_climbs_to_the_district(void **state)
{
    struct world *w = *state;
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct store *st = writer_store(w->w);
    struct hazard h;
    struct err e = { 0 };
    ARENA(a, 1 << 20);

    assert_true(writer_run(w->w, change_job, &c, &e));
    for (int64_t level = 1; level <= 3; level++) {
        world_now = c.out_due + (level - 1) * 5 * MS_PER_DAY + 1;
        assert_true(scheduler_round(w->w, &e));
        assert_true(scheduler_round(w->w, &e)); /* told once */
        assert_true(
            store_rec_get(st, w->tenant, &hazard_ledger, c.out_id, a, &h, &e));
        assert_in_range(h.r.escalated, level, 3);
    }
    assert_int_equal(h.r.escalated, 3);
    assert_true(h.r.rev <= 4);
}

static void
the_history_tells_who_changed_what_from_what(void **state)
{
    struct world *w = *state;
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct history_entry *h;
    struct err e = { 0 };
    size_t n;
    ARENA(a, 1 << 20);

    assert_true(writer_run(w->w, change_job, &c, &e));
    c.input = assigned;
    c.n_inputs = N_OF(assigned);
    assert_true(world_step(w, &c, w->manager, "assign", &e));
    assert_true(history_read(writer_store(w->w), w->tenant, &hazard_ledger,
                             c.out_id, a, &h, &n, &e));
    assert_int_equal(n, 2);
    assert_true(str_is(h[1].ev.verb, "assign"));
    assert_int_equal(h[1].ev.actor, w->manager);
    for (size_t i = 0; i < h[1].n; i++)
        if (strcmp(h[1].delta[i].field->name, "measures") == 0) {
            assert_true(field_empty(h[1].delta[i].field, h[1].delta[i].before));
            return;
        }
    fail_msg("the measures are not in the history");
}

/* The stories move the clock: each begins on the same day. */
static int
set_up(void **state)
{
    world_now = INT64_C(1785000000000);
    return world_set_up(state);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        T(a_major_hazard_keeps_its_clause_its_plan_and_its_listing),
        T(a_general_hazard_may_be_rejected_extended_and_opened_again),
        T(other_ends_can_be_objected_to_answered_or_taken_back),
        T(after_an_objection_somebody_else_decides),
        T(what_is_overdue_climbs_to_the_district),
        T(the_history_tells_who_changed_what_from_what),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
