/* Personal data go when the rules say so, and nothing else does. */
#include "service/world.h"

#include <stdio.h>

#include "domain/checklist.h"
#include "service/erase.h"
#include "service/mention.h"
#include "service/place.h"
#include "service/rebuild.h"
#include "service/retention.h"
#include "service/verify.h"
#include "store/files.h"
#include "store/stmt.h"

#define DAY MS_PER_DAY

static bool
step_on_person(struct world *w, int64_t id, const char *verb, struct err *e)
{
    const struct input in = { STR("comment"), STR_INIT("why") };
    struct change c = { .ledger = &person_ledger,
                        .tenant = w->tenant,
                        .id = id,
                        .verb = str_of(verb),
                        .input = &in,
                        .n_inputs = 1 };

    return writer_run(w->w, change_job, &c, e);
}

static struct person
person_of(struct world *w, int64_t id, struct arena *a)
{
    struct person p;
    struct err e = { 0 };
    struct store *st = store_open(w->dir, STORE_READ, &e);

    memset(&p, 0, sizeof(p));
    assert_non_null(st);
    assert_true(store_begin(st, &e));
    assert_true(store_rec_get(st, w->tenant, &person_ledger, id, a, &p, &e));
    store_rollback(st);
    store_close(st);
    return p;
}

static long
round_of(struct world *w, const struct ledger *l)
{
    struct err e = { 0 };
    struct store *st = store_open(w->dir, STORE_READ, &e);
    long n = 0;

    assert_non_null(st);
    assert_true(retention_round(st, w->w, w->tenant, l, world_now, &n, &e));
    store_close(st);
    return n;
}

static void
who_left_is_forgotten_after_the_rules_time(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    ARENA(a, 1 << 20);

    assert_false(step_on_person(w, w->teacher, "erase", &e));
    assert_int_equal(e.code, ERR_CONFLICT); /* still works here */
    assert_true(step_on_person(w, w->teacher, "end", &e));
    world_now += 1094 * DAY;
    assert_int_equal(round_of(w, &person_ledger), 0);
    assert_true(person_of(w, w->teacher, a).name.n > 0);
    world_now += 3 * DAY;
    assert_int_equal(round_of(w, &person_ledger), 1);
    assert_int_equal(person_of(w, w->teacher, a).name.n, 0);
    assert_true(person_of(w, w->manager, a).name.n > 0);
    assert_int_equal(round_of(w, &person_ledger), 0); /* once */
    world_check(writer_store(w->w), w->tenant);
}

static void
an_erased_part_is_gone_from_the_events(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    int64_t left = 0;
    struct rows r;
    bool more = false;

    assert_true(step_on_person(w, w->teacher, "end", &e));
    assert_true(step_on_person(w, w->teacher, "erase", &e));
    assert_true(rows_open(&r, writer_store(w->w), &stmts[Q_EVENT_PART_ALL],
                          ARGS(ARG(w->tenant)), &e));
    while (rows_next(&r, &more, &e) && more)
        left += rows_i64(&r, 1) == w->teacher && rows_str(&r, 3).n > 0;
    rows_close(&r);
    assert_int_equal(left, 0);
    assert_true(step_on_person(w, w->teacher, "erase", &e)); /* no harm */
}

static void
an_open_hazard_keeps_what_it_needs(void **state)
{
    struct world *w = *state;
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct err e = { 0 };

    assert_true(writer_run(w->w, change_job, &c, &e));
    world_now += 40 * 365 * DAY;
    assert_int_equal(round_of(w, &hazard_ledger), 0);
    for (size_t i = 0; i < n_ledgers; i++)
        if (ledgers[i] != &person_ledger)
            assert_int_equal(round_of(w, ledgers[i]), 0);
}

/* ---- words that people wrote -------------------------------------------------- */

static const struct input named[] = {
    { STR_INIT("description"), STR_INIT("李小明摔倒的地方 (Li Xiaoming)") },
    { STR_INIT("place_text"), STR_INIT("李小明宿舍") },
};
static const struct input renamed[] = {
    { STR_INIT("place_text"), STR_INIT("三号宿舍") },
    { STR_INIT("comment"), STR_INIT("李小明已转学") },
};
static const struct input why[] = {
    { STR_INIT("comment"), STR_INIT("asked for by the parents") },
};

/* A hazard that names a child in its words, in what they were, in a remark. */
static struct change
a_named_child(struct world *w)
{
    struct change c = world_report(w, named, N_OF(named));
    struct err e = { 0 };

    assert_true(writer_run(w->w, change_job, &c, &e));
    c.input = renamed;
    c.n_inputs = N_OF(renamed);
    assert_true(world_step(w, &c, w->teacher, "edit", &e));
    return c;
}

static size_t
mentions(struct world *w, const char *words, int64_t who, struct mention *first,
         struct arena *a)
{
    struct err e = { 0 };
    struct store *st = store_open(w->dir, STORE_READ, &e);
    struct mention *m;
    struct dir_cache *dirs = dir_cache_new();
    struct actor actor = { .person = who, .now = world_now };
    bool more;
    size_t n;

    assert_non_null(st);
    assert_true(store_begin(st, &e));
    actor.dir = dir_get(dirs, st, w->tenant, &e);
    assert_non_null(actor.dir);
    assert_true(
        mention_find(st, &actor, str_of(words), 0, a, &m, &n, &more, &e));
    if (n > 0 && first != NULL)
        *first = m[0];
    store_rollback(st);
    store_close(st);
    dir_cache_free(dirs);
    return n;
}

static bool
take_out(struct world *w, int64_t id, int64_t who, const char *words,
         struct err *e)
{
    struct mention_erase m = { .c = { .ledger = &hazard_ledger,
                                      .tenant = w->tenant,
                                      .person = who,
                                      .id = id,
                                      .input = why,
                                      .n_inputs = 1 },
                               .words = str_of(words) };

    *e = (struct err){ 0 };
    return writer_run(w->w, mention_erase_job, &m, e);
}

static void
hear(const struct finding *f, void *arg)
{
    finding_format(arg, f);
    buf_putc(arg, '\n');
}

/* What verify says; "" = nothing. */
static const char *
verified(struct world *w, struct buf *b)
{
    struct verify v = { .dir = w->dir, .found = hear, .arg = b };
    struct err e = { 0 };

    buf_clear(b);
    v.st = store_open(w->dir, STORE_READ, &e);
    assert_non_null(v.st);
    assert_true(verify_run(&v, &e));
    store_close(v.st);
    buf_putc(b, '\0');
    return b->p;
}

static void
a_name_is_found_in_fields_remarks_and_history(void **state)
{
    struct world *w = *state;
    struct change c = a_named_child(w);
    struct mention m = { .id = 0 };
    ARENA(a, 8 << 20);

    assert_int_equal(mentions(w, "李小明", 0, &m, a), 1);
    assert_int_equal(m.id, c.out_id);
    assert_int_equal(m.n_fields, 2); /* one of them only as it was */
    assert_true(m.in_comment);
    assert_true(m.may);
    assert_int_equal(mentions(w, "li xiaoming", 0, NULL, a), 1);
    assert_int_equal(mentions(w, "王小明", 0, NULL, a), 0);
    assert_int_equal(mentions(w, "李小明", w->teacher, &m, a), 1);
    assert_false(m.may); /* who reads it need not erase it */
}

static void
words_are_taken_out_of_row_search_and_history_and_it_verifies(void **state)
{
    struct world *w = *state;
    struct change c = a_named_child(w);
    struct rebuild r = { .check = true };
    struct hazard h = { .grade = 0 };
    struct err e = { 0 };
    struct store *st;
    ARENA(a, 8 << 20);
    BUF(b, 1 << 20);

    assert_false(take_out(w, c.out_id, w->teacher, "李小明", &e));
    assert_int_equal(e.code, ERR_DENIED);
    assert_int_equal(mentions(w, "李小明", 0, NULL, a), 1); /* all or nothing */
    assert_false(take_out(w, c.out_id, 0, "李", &e));
    assert_false(take_out(w, c.out_id, 0, "parents", &e)); /* in the reason */
    assert_string_equal(e.field, "comment");
    assert_true(take_out(w, c.out_id, 0, "李小明", &e));
    assert_int_equal(mentions(w, "李小明", 0, NULL, a), 0);
    assert_int_equal(mentions(w, "Li Xiaoming", 0, NULL, a), 1);
    st = store_open(w->dir, STORE_READ, &e);
    assert_true(store_begin(st, &e));
    assert_true(
        store_rec_get(st, w->tenant, &hazard_ledger, c.out_id, a, &h, &e));
    assert_true(str_is(h.description, "…摔倒的地方 (Li Xiaoming)"));
    assert_true(str_is(h.place_text, "三号宿舍")); /* says nothing of it */
    store_rollback(st);
    store_close(st);
    assert_string_equal(verified(w, &b), "");
    assert_true(rebuild_run(w->w, &r, &e));
    assert_int_equal(r.n_told, 0);
    world_check(writer_store(w->w), w->tenant);
    assert_false(take_out(w, c.out_id, 0, "李小明", &e));
    assert_int_equal(e.code, ERR_CONFLICT); /* nothing is left of it */
}

/* Twice out of the same event: the newer step states what is left. */
static void
more_words_are_taken_out_of_what_is_left(void **state)
{
    struct world *w = *state;
    struct change c = a_named_child(w);
    struct err e = { 0 };
    BUF(b, 1 << 20);

    assert_true(take_out(w, c.out_id, 0, "已转学", &e));
    assert_true(take_out(w, c.out_id, 0, "三号宿舍", &e));
    assert_true(take_out(w, c.out_id, 0, "李小明", &e));
    assert_string_equal(verified(w, &b), "");
}

static void
what_nobody_took_out_is_named(void **state)
{
    static const char *const sql[] = {
        "UPDATE event SET salt = substr(salt, 1, 0) WHERE seq ="
        " (SELECT max(seq) FROM event)",
        "UPDATE event SET body = body || substr(body, 1, 1)"
        " WHERE length(salt) = 0 AND length(body) > 0",
    };
    struct world *w = *state;
    struct change c = a_named_child(w);
    struct err e = { 0 };
    BUF(b, 1 << 20);

    assert_true(take_out(w, c.out_id, 0, "李小明", &e));
    assert_string_equal(verified(w, &b), "");
    for (size_t i = N_OF(sql); i-- > 0;) {
        place_sql(w->dir, sql[i]);
        if (strstr(verified(w, &b), "nobody took them out") == NULL)
            fail_msg("%s: %s", sql[i], b.p);
    }
}

/* ---- everywhere ---------------------------------------------------------------- */

static const struct input everywhere[] = {
    { STR_INIT("description"), STR_INIT("qwombatina fell here") },
    { STR_INIT("place_text"), STR_INIT("beside qwombatina") },
};
static const struct input firm[] = {
    { STR_INIT("measures"), STR_INIT("mats") },
    { STR_INIT("contractor"), STR_INIT("qwombatina 13900000000") },
    { STR_INIT("deadline"), STR_INIT("2099-12-30") },
    { STR_INIT("comment"), STR_INIT("as qwombatina says") },
};
/* rows: one whose text names her, one whose clause does, one without */
static const struct input rows[] = {
    { STR_INIT("title_en"), STR_INIT("Canteen") },
    { STR_INIT("topic"), STR_INIT("canteen") },
    { STR_INIT("items"), STR_INIT("0\x1f"
                                  "2=Ask qwombatina\x1f"
                                  "4=1\x1e"
                                  "0\x1f"
                                  "2=Floor\x1f"
                                  "4=1\x1f"
                                  "5=as qwombatina wrote\x1e"
                                  "0\x1f"
                                  "2=Lamp\x1f"
                                  "4=1\x1e") },
};
static const struct input fewer_rows[] = {
    { STR_INIT("items"), STR_INIT("3\x1f"
                                  "2=Lamp for qwombatina\x1f"
                                  "4=1\x1e"
                                  "1\x1f"
                                  "2=Ask the cook\x1f"
                                  "4=1\x1e"
                                  "2\x1f"
                                  "2=Floor\x1f"
                                  "4=1\x1f"
                                  "5=as qwombatina wrote\x1e") },
};

static int64_t
make(struct world *w, const struct ledger *l, const char *verb,
     const struct input *in, size_t n, const char *then,
     const struct input *with, size_t m)
{
    struct change c = { .ledger = l,
                        .tenant = w->tenant,
                        .org = w->school,
                        .verb = str_of(verb),
                        .input = in,
                        .n_inputs = n };
    struct err e = { 0 };
    char text[256];

    if (!writer_run(w->w, change_job, &c, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    c.input = with;
    c.n_inputs = m;
    if (!world_step(w, &c, 0, then, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    return c.out_id;
}

static bool
add_file(struct tx *tx, void *arg, struct err *e)
{
    const struct world *w = arg;
    const struct file_row f = { .id = tx_id(tx),
                                .name = STR("qwombatina.jpg"),
                                .type = STR("image/jpeg"),
                                .sha = STR("00") };

    return files_add(tx->st, w->tenant, &f, e);
}

static void
take_all_out(struct world *w, size_t expected)
{
    ARENA(a, 8 << 20);
    struct mention m = { .id = 0 };
    struct err e = { 0 };
    char text[256];

    for (; expected > 0; expected--) {
        struct mention_erase x = {
            .c = { .tenant = w->tenant, .input = why, .n_inputs = 1 },
            .words = STR("qwombatina")
        };

        assert_int_equal(mentions(w, "qwombatina", 0, &m, a), expected);
        assert_true(m.may);
        x.c.ledger = m.ledger;
        x.c.id = m.id;
        if (!writer_run(w->w, mention_erase_job, &x, &e))
            fail_msg("%s: %s", m.ledger->name,
                     err_text(&e, text, sizeof(text)));
    }
    assert_int_equal(mentions(w, "qwombatina", 0, NULL, a), 0);
}

static void
when_all_is_taken_out_no_table_holds_the_words(void **state)
{
    struct world *w = *state;
    struct rebuild r = { .check = true };
    struct checklist c = { .version = 0 };
    struct err e = { 0 };
    struct store *st;
    int64_t list = make(w, &checklist_ledger, "draft", rows, N_OF(rows), "edit",
                        fewer_rows, N_OF(fewer_rows));
    ARENA(a, 8 << 20);
    BUF(b, 1 << 20);
    char where[512], sql[100];

    make(w, &hazard_ledger, "report", everywhere, N_OF(everywhere), "assign",
         firm, N_OF(firm));
    assert_true(writer_run(w->w, add_file, w, &e));
    snprintf(sql, sizeof(sql), "UPDATE attachment SET record_id = %ld",
             (long)w->manager);
    place_sql(w->dir, sql);
    place_holds(w->dir, "wombatina", where);
    assert_non_null(strstr(where, "event.body"));
    assert_non_null(strstr(where, "event_part.body"));
    assert_non_null(strstr(where, "checklist.items"));
    assert_non_null(strstr(where, "attachment.name"));
    assert_non_null(strstr(where, "search"));
    take_all_out(w, 3);
    assert_true(erase_from_index(w->w, &e));
    assert_string_equal(place_holds(w->dir, "wombatina", where), "");
    place_sql(w->dir, "DELETE FROM attachment"); /* it had a name, no bytes */
    assert_string_equal(verified(w, &b), "");
    assert_true(rebuild_run(w->w, &r, &e));
    assert_int_equal(r.n_told, 0);
    st = store_open(w->dir, STORE_READ, &e);
    assert_true(store_begin(st, &e));
    assert_true(
        store_rec_get(st, w->tenant, &checklist_ledger, list, a, &c, &e));
    assert_true(str_is(c.items, "3\x1f"
                                "2=Lamp for …\x1f"
                                "4=1\x1e"
                                "1\x1f"
                                "2=Ask the cook\x1f"
                                "4=1\x1e"
                                "2\x1f"
                                "2=Floor\x1f"
                                "4=1\x1f"
                                "5=as … wrote\x1e"));
    store_rollback(st);
    store_close(st);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            who_left_is_forgotten_after_the_rules_time, world_set_up,
            world_tear_down),
        cmocka_unit_test_setup_teardown(an_erased_part_is_gone_from_the_events,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(an_open_hazard_keeps_what_it_needs,
                                        world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(
            a_name_is_found_in_fields_remarks_and_history, world_set_up,
            world_tear_down),
        cmocka_unit_test_setup_teardown(
            words_are_taken_out_of_row_search_and_history_and_it_verifies,
            world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(
            more_words_are_taken_out_of_what_is_left, world_set_up,
            world_tear_down),
        cmocka_unit_test_setup_teardown(
            when_all_is_taken_out_no_table_holds_the_words, world_set_up,
            world_tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_took_out_is_named,
                                        world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
