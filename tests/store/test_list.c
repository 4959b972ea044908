/* Lists under strange questions: many shapes, wide scopes. */
#include "service/world.h"
#include "store/kept.h"

static int64_t
found(struct world *w, struct list_query *q)
{
    struct err e = { 0 };
    int64_t counted;
    bool more;
    void *recs;
    size_t n;
    ARENA(a, 1 << 20);

    q->tenant = w->tenant;
    q->ledger = &hazard_ledger;
    q->limit = 10;
    if (!store_list(writer_store(w->w), q, a, &recs, &n, &more, &e) ||
        !store_list_count(writer_store(w->w), q, 100, &counted, &e))
        return -1;
    assert_int_equal(counted, n);
    return counted;
}

static void
report(struct world *w)
{
    struct err e = { 0 };
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));

    assert_true(writer_run(w->w, change_job, &c, &e));
}

/* The ith of 480 shapes, each a statement of its own; the one hazard fits. */
static struct list_query
shape(const struct world *w, const int64_t *org, unsigned i)
{
    static const size_t orgs[] = { 0, 1, 20, 40, 100 };
    struct list_query q = { .states = IN(HZ_REPORTED), .org = org };
    unsigned filters;

    q.n_org = orgs[i % 5], i /= 5;
    q.all = q.n_org == 0;
    q.not_id = i % 2, i /= 2;
    q.since_from = i % 2, i /= 2;
    q.since_until = i % 2 ? world_now * 2 : 0, i /= 2;
    q.sort = i % 2 ? SORT_DUE_FIRST : SORT_NEW, i /= 2;
    q.after_id = i % 2 && q.sort == SORT_NEW ? INT64_MAX : 0, i /= 2;
    for (filters = i % 3; filters > 0; filters--)
        q.filter[q.n_filters++] =
            (struct list_filter){ .field = ledger_field(&hazard_ledger,
                                                        STR("created_by")),
                                  .v = { w->teacher },
                                  .n = 1 };
    return q;
}

static void
questions_of_more_shapes_than_are_kept_are_answered(void **state)
{
    struct world *w = *state;
    int64_t org[100] = { w->school };

    for (int64_t i = 1; i < 100; i++)
        org[i] = i;
    report(w);
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < 480; i++) {
            struct list_query q = shape(w, org, i);

            assert_int_equal(found(w, &q), 1);
        }
}

static void
a_scope_of_thousands_of_schools_is_one_question(void **state)
{
    enum { N = 5000 };
    struct world *w = *state;
    int64_t *org = test_calloc(N, sizeof(*org));

    report(w);
    for (int i = 0; i < N; i++)
        org[i] = i + 1;
    assert_int_equal(found(w, &(struct list_query){ .org = org, .n_org = N }),
                     0);
    org[N / 2] = w->school;
    assert_int_equal(found(w, &(struct list_query){ .org = org, .n_org = N }),
                     1);
    assert_int_equal(
        found(w,
              &(struct list_query){ .org = org, .n_org = N, .sort = SORT_DUE }),
        1);
    test_free(org);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            questions_of_more_shapes_than_are_kept_are_answered, world_set_up,
            world_tear_down),
        cmocka_unit_test_setup_teardown(
            a_scope_of_thousands_of_schools_is_one_question, world_set_up,
            world_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
