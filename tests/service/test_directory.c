/* The directory: units, people, posts, places, calendar, own rules. What may
 * not be is refused, and what is changed counts from then on. */
#include "service/world.h"

#include <stdio.h>
#include <string.h>

#include "service/account.h"
#include "service/actor.h"
#include "service/dir.h"
#include "store/stmt.h"

/* A step by somebody on a record of the directory. Its id, or 0 and *e. */
static int64_t
act(struct world *w, int64_t who, const struct ledger *l, int64_t id,
    const char *verb, const char *const *in, struct err *e)
{
    struct input input[8];
    struct change c = { .ledger = l,
                        .tenant = w->tenant,
                        .person = who,
                        .org = w->school,
                        .id = id,
                        .verb = str_of(verb),
                        .input = input };

    *e = (struct err){ 0 };
    for (; in != NULL && in[2 * c.n_inputs] != NULL; c.n_inputs++)
        input[c.n_inputs] = (struct input){ str_of(in[2 * c.n_inputs]),
                                            str_of(in[2 * c.n_inputs + 1]) };
    return writer_run(w->w, change_job, &c, e) ? c.out_id : 0;
}

#define IN_(...) ((const char *const[]){ __VA_ARGS__, NULL, NULL })

static int64_t
done(struct world *w, const struct ledger *l, const char *const *in)
{
    struct err e;
    char text[256];
    int64_t id = act(w, 0, l, 0, "add", in, &e);

    if (id == 0)
        fail_msg("%s: %s", l->name, err_text(&e, text, sizeof(text)));
    return id;
}

static void
refused(struct world *w, const struct ledger *l, int64_t id, const char *verb,
        const char *const *in, const char *field)
{
    struct err e;

    if (act(w, 0, l, id, verb, in, &e) != 0)
        fail_msg("%s: %s was allowed", l->name, verb);
    assert_non_null(e.field);
    assert_string_equal(e.field, field);
}

static const char *
text_of(int64_t id)
{
    static char text[8][24];
    static unsigned at;
    char *t = text[at++ % N_OF(text)];

    snprintf(t, sizeof(text[0]), "%ld", (long)id);
    return t;
}

static struct dir *
load(struct world *w)
{
    struct err e = { 0 };
    struct dir *d = dir_load(writer_store(w->w), w->tenant, &e);

    assert_non_null(d);
    return d;
}

static void
a_unit_stands_below_one_other_and_never_below_itself(void **state)
{
    struct world *w = *state;
    const char *school = text_of(w->school), *root = text_of(w->root);
    struct err e;
    struct dir *d;
    int64_t dept =
        done(w, &org_ledger,
             IN_("name_en", "Grade 1", "kind", "department", "parent", school));
    int64_t below = done(
        w, &org_ledger,
        IN_("name_zh", "一班", "kind", "department", "parent", text_of(dept)));

    refused(w, &org_ledger, 0, "add", IN_("name_en", "x", "kind", "junior"),
            "parent");
    refused(w, &org_ledger, dept, "edit", IN_("parent", text_of(below)),
            "parent");
    refused(w, &org_ledger, dept, "edit", IN_("parent", text_of(dept)),
            "parent");
    refused(w, &org_ledger, 0, "add",
            IN_("name_en", "x", "kind", "junior", "code", "S1", "parent", root),
            "code");
    d = load(w);
    assert_true(dir_below(d, below, w->school));
    assert_true(dir_below(d, below, below));
    assert_false(dir_below(d, w->school, below));
    assert_false(dir_below(d, w->school, 4711));
    assert_int_equal(dir_school(d, below), w->school);
    assert_int_equal(dir_school(d, w->school), w->school);
    assert_true(str_is(text2_in(dir_org(d, below)->name, false), "一班"));
    assert_true(str_is(text2_in(dir_org(d, dept)->name, true), "Grade 1"));
    assert_null(dir_org(d, 4711));
    dir_free(d);
    /* moved: it counts for its new place from then on */
    assert_true(
        act(w, 0, &org_ledger, below, "edit", IN_("parent", root), &e) != 0);
    d = load(w);
    assert_false(dir_below(d, below, w->school));
    assert_true(dir_below(d, below, w->root));
    dir_free(d);
}

static void
a_sign_in_name_belongs_to_one_person(void **state)
{
    struct world *w = *state;
    struct session_new ses = { .tenant = w->tenant, .person = w->teacher };
    struct session found;
    struct account acct;
    struct err e;
    ARENA(a, 1 << 16);
    struct store *st;

    refused(w, &person_ledger, 0, "add", IN_("name", "x", "login", "teacher"),
            "login");
    refused(w, &person_ledger, 0, "add", IN_("name", "x", "login", "a b"),
            "login");
    done(w, &person_ledger, IN_("name", "nobody signs in as me"));
    assert_true(act(w, 0, &person_ledger, w->teacher, "edit",
                    IN_("login", "lehrer"), &e) != 0);
    done(w, &person_ledger, IN_("name", "another", "login", "teacher"));
    assert_true(writer_run(w->w, session_add_job, &ses, &e));
    /* who leaves is signed out, and the name is free again */
    assert_true(act(w, 0, &person_ledger, w->teacher, "end", NULL, &e) != 0);
    st = writer_store(w->w);
    assert_false(
        session_find(st, str_of(ses.secret), world_now, a, &found, &e));
    assert_int_equal(e.code, ERR_SIGN_IN);
    assert_false(account_find(st, STR("lehrer"), a, &acct, &e));
    done(w, &person_ledger, IN_("name", "third", "login", "lehrer"));
    refused(w, &person_ledger, w->teacher, "resume", NULL, "login");
}

static void
a_post_holds_from_its_first_day_to_its_last(void **state)
{
    struct world *w = *state;
    struct err e;
    struct dir *d;
    struct actor who;
    static const struct {
        const char *day;
        bool holds;
    } days[] = { { "2026-08-31", false },
                 { "2026-09-01", true },
                 { "2026-09-30", true },
                 { "2026-10-01", false } };
    int64_t guest =
        done(w, &person_ledger, IN_("name", "guest", "login", "guest"));
    int64_t post = done(w, &post_ledger,
                        IN_("person", text_of(guest), "role", "safety_manager",
                            "from_on", "2026-09-01", "to_on", "2026-09-30"));

    d = load(w);
    for (size_t i = 0; i < N_OF(days); i++) {
        int64_t day = 0;

        assert_true(day_parse(str_of(days[i].day), &day));
        who = (struct actor){
            .dir = d,
            .person = guest,
            .now = zone_time(d->rules.zone, day, 8 * 60),
        };
        if (actor_may(&who, &hazard_ledger, "read", w->school) != days[i].holds)
            fail_msg("%s: %d", days[i].day, !days[i].holds);
    }
    dir_free(d);
    assert_true(act(w, 0, &post_ledger, post, "end", NULL, &e) != 0);
    d = load(w);
    who.dir = d;
    who.now = world_now + 40 * MS_PER_DAY;
    assert_int_equal(actor_roles(&who, w->school), 0);
    dir_free(d);
}

static void
a_place_keeps_its_name_and_where_it_lies(void **state)
{
    struct world *w = *state;
    int64_t house = done(w, &place_ledger,
                         IN_("name_en", "Main building", "kind", "building"));
    int64_t room =
        done(w, &place_ledger,
             IN_("name_zh", "食堂", "kind", "room", "parent", text_of(house)));
    struct dir *d = load(w);
    const struct dir_place *p = dir_place(d, room);

    assert_non_null(p);
    assert_int_equal(p->parent, house);
    assert_int_equal(p->org, w->school);
    assert_true(str_is(text2_in(p->name, false), "食堂"));
    assert_null(dir_place(d, w->school));
    dir_free(d);
}

static int64_t
due_of_new_hazard(struct world *w)
{
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct err e = { 0 };

    assert_true(writer_run(w->w, change_job, &c, &e));
    return c.out_due;
}

static void
holidays_and_own_rules_count_for_what_starts_after_them(void **state)
{
    struct world *w = *state;
    struct err e;
    struct dir *d = load(w);
    int64_t thursday = 0, first, moved, own, id;

    assert_true(day_parse(STR("2026-08-27"), &thursday));
    world_now = zone_time(d->rules.zone, thursday, 8 * 60);
    dir_free(d);
    first = due_of_new_hazard(w); /* three working days: Tuesday night */
    refused(w, &calendar_ledger, 0, "add",
            IN_("name_en", "x", "kind", "holiday", "from_on", "2026-08-28",
                "to_on", "2026-08-27"),
            "to_on");
    done(w, &calendar_ledger,
         IN_("name_en", "Flood", "kind", "holiday", "from_on", "2026-08-28",
             "to_on", "2026-08-31"));
    done(w, &calendar_ledger,
         IN_("name_en", "Autumn", "kind", "term", "from_on", "2026-09-01",
             "to_on", "2027-01-20"));
    moved = due_of_new_hazard(w);
    assert_int_equal(moved - first, 2 * MS_PER_DAY);
    id = done(w, &calendar_ledger,
              IN_("name_en", "Made up for", "kind", "workday", "from_on",
                  "2026-08-29", "to_on", "2026-08-29"));
    assert_int_equal(due_of_new_hazard(w) - first, MS_PER_DAY);
    assert_true(act(w, 0, &calendar_ledger, id, "end", NULL, &e) != 0);
    assert_int_equal(due_of_new_hazard(w), moved);
    refused(w, &rule_ledger, 0, "add",
            IN_("rule_key", "hazard.nothing", "value", "1", "unit", "day",
                "note", "n"),
            "rule_key");
    id = done(w, &rule_ledger,
              IN_("rule_key", "hazard.grade_within", "value", "12", "unit",
                  "hour", "note", "the county wants it so"));
    own = due_of_new_hazard(w);
    assert_in_range(own, world_now + 12 * MS_PER_HOUR,
                    world_now + 12 * MS_PER_HOUR + 1000);
    assert_true(act(w, 0, &rule_ledger, id, "end", NULL, &e) != 0);
    assert_int_equal(due_of_new_hazard(w), moved);
}

static void
many_districts_are_kept_apart_in_the_cache(void **state)
{
    struct world *w = *state;
    struct dir_cache *cache = dir_cache_new();
    struct err e = { 0 };
    const struct dir *d, *again;

    assert_non_null(cache);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 70; i++) {
            struct install_tenant t = { .code = str_of(text_of(1000 + i)),
                                        .name = { STR("x"), STR("") },
                                        .zone = STR("Asia/Shanghai"),
                                        .origin = STR("test/one") };

            if (round == 0)
                assert_true(writer_run(w->w, install_tenant_job, &t, &e));
            d = dir_get(cache, writer_store(w->w), w->tenant + 1 + i, &e);
            assert_non_null(d);
            assert_int_equal(d->tenant.id, w->tenant + 1 + i);
            assert_true(str_is(d->tenant.code, text_of(1000 + i)));
        }
    d = dir_get(cache, writer_store(w->w), w->tenant, &e);
    again = dir_get(cache, writer_store(w->w), w->tenant, &e);
    assert_ptr_equal(d, again);
    assert_null(dir_get(cache, writer_store(w->w), 4711, &e));
    assert_int_equal(e.code, ERR_MISSING);
    dir_cache_free(cache);
    dir_cache_free(NULL);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        T(a_unit_stands_below_one_other_and_never_below_itself),
        T(a_sign_in_name_belongs_to_one_person),
        T(a_post_holds_from_its_first_day_to_its_last),
        T(a_place_keeps_its_name_and_where_it_lies),
        T(holidays_and_own_rules_count_for_what_starts_after_them),
        T(many_districts_are_kept_apart_in_the_cache),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
