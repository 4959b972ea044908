/* Nobody raises themselves: who may give a post, end it, make a link, change how
 * somebody signs in. A table of everybody against everybody. */
#include "service/world.h"

#include <stdio.h>
#include <string.h>

#include "service/rank.h"
#include "store/stmt.h"

enum { ROOT, SCHOOL, OTHER, PLACES };

static const struct {
    const char *name;
    int role, at;
    int rank; /* the larger stands higher */
} people[] = {
    { "district admin", ROLE_ADMIN, ROOT, 8 },
    { "officer", ROLE_DISTRICT_OFFICER, ROOT, 7 },
    { "inspector", ROLE_INSPECTOR, ROOT, 6 },
    { "auditor", ROLE_AUDITOR, ROOT, 6 },
    { "police", ROLE_POLICE, SCHOOL, 6 },
    { "school admin", ROLE_ADMIN, SCHOOL, 5 },
    { "other admin", ROLE_ADMIN, OTHER, 5 },
    { "principal", ROLE_PRINCIPAL, SCHOOL, 4 },
    { "deputy", ROLE_DEPUTY_HEAD, SCHOOL, 3 },
    { "manager", ROLE_SAFETY_MANAGER, SCHOOL, 2 },
    { "guard", ROLE_GUARD, SCHOOL, 1 },
    { "teacher", ROLE_STAFF, SCHOOL, 1 },
};

struct all {
    struct world *w;
    int64_t org[PLACES], id[N_OF(people)], post[N_OF(people)];
};

struct deed {
    int64_t by, org, id;
    const struct ledger *ledger;
    const char *verb;
    const char *in[8];
    bool by_hand;
};

static int64_t
act(struct world *w, const struct deed *d, struct err *e)
{
    struct input input[4];
    struct change c = { .ledger = d->ledger,
                        .tenant = w->tenant,
                        .person = d->by,
                        .org = d->org,
                        .id = d->id,
                        .verb = str_of(d->verb),
                        .by_hand = d->by_hand,
                        .input = input };

    *e = (struct err){ 0 };
    for (; d->in[2 * c.n_inputs] != NULL; c.n_inputs++)
        input[c.n_inputs] = (struct input){ str_of(d->in[2 * c.n_inputs]),
                                            str_of(d->in[2 * c.n_inputs + 1]) };
    return writer_run(w->w, change_job, &c, e) ? c.out_id : 0;
}

static int64_t
must(struct world *w, struct deed d)
{
    struct err e;
    char text[256];
    int64_t id = act(w, &d, &e);

    if (id == 0)
        fail_msg("%s %s: %s", d.ledger->name, d.verb,
                 err_text(&e, text, sizeof(text)));
    return id;
}

static const char *
digits(int64_t id)
{
    static char text[4][24];
    static int i;

    snprintf(text[i = (i + 1) % 4], sizeof(text[0]), "%ld", (long)id);
    return text[i];
}

static const char *
role_key(int64_t role)
{
    return choice_of(role_choices, role)->key;
}

static int64_t
give(struct world *w, int64_t person, int64_t role, int64_t org)
{
    return must(w, (struct deed){ .ledger = &post_ledger,
                                  .verb = "add",
                                  .org = org,
                                  .in = { "person", digits(person), "role",
                                          role_key(role) } });
}

static void
set_up(struct all *a, struct world *w)
{
    a->w = w;
    a->org[ROOT] = w->root;
    a->org[SCHOOL] = w->school;
    a->org[OTHER] =
        must(w, (struct deed){ .ledger = &org_ledger,
                               .verb = "add",
                               .org = w->root,
                               .in = { "name_en", "Other", "kind", "junior",
                                       "parent", digits(w->root) } });
    for (size_t i = 0; i < N_OF(people); i++) {
        char login[24];

        snprintf(login, sizeof(login), "p%zu", i);
        a->id[i] = must(w, (struct deed){ .ledger = &person_ledger,
                                          .verb = "add",
                                          .org = a->org[people[i].at],
                                          .in = { "name", people[i].name,
                                                  "login", login } });
        a->post[i] = give(w, a->id[i], people[i].role, a->org[people[i].at]);
    }
}

/* Who has the right at all where the other one is. */
static bool
covers(size_t by, size_t whom)
{
    return (people[by].role == ROLE_ADMIN ||
            people[by].role == ROLE_DISTRICT_OFFICER) &&
           (people[by].at == ROOT || people[by].at == people[whom].at);
}

static void
judge(const struct all *a, const char *what, size_t by, size_t whom,
      const struct deed *deed)
{
    bool may =
        covers(by, whom) && by != whom && people[by].rank >= people[whom].rank;
    bool equal = people[by].rank == people[whom].rank;
    struct deed d = *deed;
    struct err e;

    d.by = a->id[by];
    d.by_hand = false;
    if ((act(a->w, &d, &e) != 0) != (may && !equal))
        fail_msg("%s %s %s: %s", people[by].name, what, people[whom].name,
                 e.msg);
    if (may && equal) {
        assert_string_equal(e.field, "sign_password");
        d.by_hand = true;
        if (act(a->w, &d, &e) == 0)
            fail_msg("%s %s %s by hand: %s", people[by].name, what,
                     people[whom].name, e.msg);
    } else if (!may) {
        d.by_hand = true;
        assert_int_equal(act(a->w, &d, &e), 0);
        assert_true(e.code == ERR_DENIED || e.code == ERR_MISSING);
    }
}

static void
who_changes_how_somebody_signs_in(void **state)
{
    struct all a;

    set_up(&a, *state);
    for (size_t by = 0; by < N_OF(people); by++)
        for (size_t whom = 0; whom < N_OF(people); whom++) {
            char mail[48];

            if (by == whom)
                continue; /* see below */
            snprintf(mail, sizeof(mail), "a%zu-%zu@example.org", by, whom);
            judge(&a, "changes", by, whom,
                  &(struct deed){ .ledger = &person_ledger,
                                  .verb = "edit",
                                  .id = a.id[whom],
                                  .in = { "email", mail } });
        }
}

/* One's own address by hand, one's own sign-in name never. */
static void
of_oneself_only_the_address(void **state)
{
    struct all a;
    struct err e;

    set_up(&a, *state);
    for (size_t i = 0; i < 2; i++) {
        struct deed d = { .by = a.id[i],
                          .ledger = &person_ledger,
                          .verb = "edit",
                          .id = a.id[i],
                          .in = { "email", "own@example.org" } };

        assert_int_equal(act(a.w, &d, &e), 0);
        assert_string_equal(e.field, "sign_password");
        d.by_hand = true;
        assert_true(act(a.w, &d, &e) != 0);
        d.in[0] = "login";
        d.in[1] = "other";
        assert_int_equal(act(a.w, &d, &e), 0);
        assert_int_equal(e.code, ERR_DENIED);
        d = (struct deed){ .by = a.id[i],
                           .ledger = &person_ledger,
                           .verb = "end",
                           .id = a.id[i],
                           .by_hand = true };
        assert_int_equal(act(a.w, &d, &e), 0);
        assert_int_equal(e.code, ERR_DENIED);
    }
}

static void
who_ends_whose_post(void **state)
{
    struct all a;
    struct err e;

    set_up(&a, *state);
    for (size_t by = 0; by < N_OF(people); by++)
        for (size_t whom = 0; whom < N_OF(people); whom++) {
            struct deed again = { .ledger = &post_ledger,
                                  .verb = "resume",
                                  .id = a.post[whom] };

            judge(&a, "ends", by, whom,
                  &(struct deed){ .ledger = &post_ledger,
                                  .verb = "end",
                                  .id = a.post[whom] });
            act(a.w, &again, &e);
        }
}

/* A post is given by who stands above it, to who stands below. */
static void
who_gives_which_post(void **state)
{
    struct all a;
    int64_t fresh;

    set_up(&a, *state);
    fresh = must(a.w, (struct deed){ .ledger = &person_ledger,
                                     .verb = "add",
                                     .org = a.org[SCHOOL],
                                     .in = { "name", "fresh" } });
    for (size_t by = 0; by < N_OF(people); by++)
        for (size_t as = 0; as < N_OF(people); as++) {
            bool watch = people[as].rank == 6;
            struct deed d = { .by = a.id[by],
                              .ledger = &post_ledger,
                              .verb = "add",
                              .org = a.org[people[as].at],
                              .by_hand = true,
                              .in = { "person", digits(fresh), "role",
                                      role_key(people[as].role) } };
            bool may = covers(by, as) && people[by].rank >= people[as].rank &&
                       (!watch || people[by].rank > 6);
            struct err e;
            int64_t post = act(a.w, &d, &e);

            if ((post != 0) != may)
                fail_msg("%s makes a %s: %s", people[by].name, people[as].name,
                         e.msg);
            if (post != 0)
                must(a.w, (struct deed){ .ledger = &post_ledger,
                                         .verb = "end",
                                         .id = post });
        }
}

/* A person of the school who has a post at the district stands there. */
static void
all_posts_of_a_person_count(void **state)
{
    struct all a;
    struct err e;
    int64_t teacher, post;

    set_up(&a, *state);
    teacher = a.id[N_OF(people) - 1];
    post = give(a.w, teacher, ROLE_DISTRICT_OFFICER, a.org[ROOT]);
    for (size_t i = 0; i < 2; i++) {
        const size_t admin = 5;
        struct deed d = { .by = a.id[admin],
                          .ledger = &person_ledger,
                          .verb = "edit",
                          .id = teacher,
                          .by_hand = true,
                          .in = { "login", i == 0 ? "mine" : "yours" } };

        assert_int_equal(act(a.w, &d, &e) != 0, i == 1);
        if (i == 0)
            must(a.w, (struct deed){
                          .ledger = &post_ledger, .verb = "end", .id = post });
    }
}

static void
who_it_is_about_is_told_of_it(void **state)
{
    struct all a;
    int64_t n = 0;
    struct err e;

    set_up(&a, *state);
    must(a.w, (struct deed){ .by = a.id[1],
                             .ledger = &person_ledger,
                             .verb = "edit",
                             .id = a.id[9],
                             .in = { "email", "old@example.org" } });
    must(a.w, (struct deed){ .by = a.id[1],
                             .ledger = &person_ledger,
                             .verb = "edit",
                             .id = a.id[9],
                             .in = { "email", "new@example.org" } });
    assert_true(stmt_one(
        writer_store(a.w->w),
        stmt_composed(STR("SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE"
                          " kind = 'own-sign-in' AND (address = '' OR address"
                          " = 'old@example.org')")),
        NULL, 0, NULL, COLS(COL(&n)), &e));
    assert_int_equal(n, 3); /* twice, and once where it went before */
}

/* The table is a total order of the roles that matter, and names none twice. */
static void
the_table_of_ranks_is_sound(void **state)
{
    (void)state;
    for (const struct role_rank *r = role_ranks; r->role != 0; r++) {
        assert_non_null(choice_of(role_choices, r->role));
        for (const struct role_rank *o = r + 1; o->role != 0; o++)
            assert_int_not_equal(r->role, o->role);
        for (int i = 0; i < BELOW; i++)
            assert_true(r->at[i] >= r->at[i + 1]);
        assert_true(r->at[BELOW] > RANK_OTHERS);
    }
    assert_true(role_rank(ROLE_ADMIN, AT_INSTALLATION) >
                role_rank(ROLE_ADMIN, AT_TOP));
    assert_true(role_rank(ROLE_ADMIN, AT_TOP) >
                role_rank(ROLE_DISTRICT_OFFICER, AT_TOP));
    assert_true(role_rank(ROLE_DISTRICT_OFFICER, BELOW) > RANK_WATCH);
    assert_true(RANK_WATCH > role_rank(ROLE_ADMIN, BELOW));
    assert_int_equal(role_rank(ROLE_GUARD, BELOW), RANK_OTHERS);
}

#define T(t) cmocka_unit_test_setup_teardown(t, world_set_up, world_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_ranks_is_sound),
        T(who_changes_how_somebody_signs_in),
        T(of_oneself_only_the_address),
        T(who_ends_whose_post),
        T(who_gives_which_post),
        T(all_posts_of_a_person_count),
        T(who_it_is_about_is_told_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
