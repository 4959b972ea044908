/* Searching: words are split in one place, so whatever is typed finds what it
 * should or nothing; an index that is made anew is right at every moment. */
#include "service/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "service/rebuild.h"
#include "service/words.h"
#include "store/stmt.h"

static struct change
report(struct world *w, const char *words)
{
    const struct input in[] = { { STR("description"), str_of(words) },
                                { STR("place_text"), STR("canteen") } };
    struct change c = world_report(w, in, 2);
    struct err e = { 0 };
    char text[256];

    if (!writer_run(w->w, change_job, &c, &e))
        fail_msg("%s: %s", words, err_text(&e, text, sizeof(text)));
    return c;
}

/* How many hazards are found. */
static size_t
found_by(struct world *w, struct str typed)
{
    struct list_query q = {
        .tenant = w->tenant, .ledger = &hazard_ledger, .all = true, .limit = 100
    };
    struct err e = { 0 };
    void *recs;
    size_t n = 0;
    bool more;
    char text[256];
    ARENA(a, 16 << 20);
    BUF(match, 1 << 20);

    store_match(&match, w->tenant, &hazard_ledger, typed);
    q.match = buf_str(&match);
    if (q.match.n == 0)
        return 0;
    if (!store_list(writer_store(w->w), &q, a, &recs, &n, &more, &e))
        fail_msg("%.*s: %s", STR_ARG(typed), err_text(&e, text, sizeof(text)));
    return n;
}

static const struct {
    const char *words, *typed;
    size_t n;
    bool signs; /* no word at all is typed */
} cases[] = {
    { "灭火器压力不足", "灭火器", 1 },
    { "灭火器压力不足", "器", 1 },
    { "灭火器压力不足", "火压", 0 },
    { "a rate of 5÷2 a day", "5÷2", 1 },
    { "a rate of 5÷2 a day", "÷", 0, true },
    { "हिन्दी में लिखा", "हिन्दी", 1 },
    { "हिन्दी में लिखा", "हिन", 0 },
    { "เด็ก เล่น", "เด็ก", 1 },
    { "x˝y apart", "x˝y", 1 },
    { "x˝y apart", "x", 1 },
    { "Café Élan", "cafe", 1 },
    { "Cafe\xcc\x81 by two", "café two", 1 },
    { "ÜBUNG Straße", "übung", 1 },
    { "ЩИТ на стене", "щит", 1 },
    { "한국어 표지판", "한국어", 1 },
    { "ＡＢＣ１２３ wide", "abc123", 1 },
    { "ﾊﾝﾄﾞ half", "ハンド", 0 }, /* two signs for one: as they are written */
    { "\xef\xa4\x80\xe5\xad\x90 old", "豈子", 1 }, /* U+F900 */
    { "豈有此理", "\xef\xa4\x80有", 1 },
    { "\xf0\xaf\xa0\x80 rare", "丽", 1 }, /* U+2F800 */
    { "⽕灾 radical", "火灾", 1 },
    { "时时々々", "时々", 1 },
    { "fire 🔥 out", "fire out", 1 },
    { "fire 🔥 out", "🔥", 0, true },
    { "say \"wet\" AND (floor) OR NOT near*", "\"wet\" AND (floor)", 1 },
    { "say \"wet\" AND (floor) OR NOT near*", "NEAR(wet floor, 2)", 0 },
    { "plain", "description:plain", 0 },
    { "plain", "plain*", 1 },
    { "plain", "pla*", 0 },
    { "plain", "-plain ^plain {plain}", 1 },
    { "under_score", "under_score", 1 },
    { "under_score", "score", 1 },
    { "\xe2\x80\x8f\xd7\xa9\xd6\xb8\xd7\x9c\xd7\x95\xd6\xb9\xd7\x9d",
      "\xd7\xa9\xd6\xb8\xd7\x9c\xd7\x95\xd6\xb9\xd7\x9d", 1 },
    { "plain", "\xff\xfe\xc3", 0, true },
    { "plain", "' OR 1=1 --", 0 },
};

static void
whatever_is_typed_finds_what_it_should_or_nothing(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < N_OF(cases); i++) {
        char other[512], key[64];
        size_t n;

        /* a word that nothing else has, so that cases do not see each other */
        snprintf(key, sizeof(key), "case%zux", i);
        snprintf(other, sizeof(other), "%s %s", cases[i].words, key);
        report(w, other);
        snprintf(other, sizeof(other), "%s %s", cases[i].typed,
                 cases[i].signs ? "" : key);
        n = found_by(w, str_of(other));
        if (n != cases[i].n)
            fail_msg("\"%s\" finds %zu of \"%s\"", cases[i].typed, n,
                     cases[i].words);
    }
}

static void
nothing_that_is_typed_is_an_error(void **state)
{
    struct world *w = *state;
    const struct str nul = { "wet\0floor", 9 };
    char *all = malloc(4 * 0x110000 + 1), *at = all;
    struct str part;

    report(w, "wet floor");
    assert_int_equal(found_by(w, nul), 1);
    for (int32_t c = 1; c < 0x110000; c++)
        if (c < 0xd800 || c > 0xdfff)
            at += utf8_put(at, c);
    for (const char *p = all; p < at; p += part.n) {
        part = utf8_head((struct str){ p, (size_t)(at - p) }, 6000);
        (void)found_by(w, part);
    }
    /* each sign by itself between letters, as in 5÷2 */
    for (int32_t c = 1; c < 0x3000; c++) {
        char text[16];
        size_t n = 0;

        text[n++] = 'x';
        n += utf8_put(text + n, c);
        text[n++] = 'y';
        (void)found_by(w, (struct str){ text, n });
    }
    memset(all, 'a', 10 * 1000);
    assert_int_equal(found_by(w, (struct str){ all, 10 * 1000 }), 0);
    memset(all, '"', 10 * 1000);
    assert_int_equal(found_by(w, (struct str){ all, 10 * 1000 }), 0);
    free(all);
}

/* ---- made anew ----------------------------------------------------------------- */

static bool
forget_job(struct tx *tx, void *arg, struct err *e)
{
    (void)arg;
    return stmt_run(tx->st, &stmts[Q_SEARCH_WIPE], NULL, 0, NULL, e) &&
           QRUN(tx->st, SETTING_PUT, e, ARG(STR("search_again")),
                ARG(STR("begin")));
}

static bool
slice_job(struct tx *tx, void *arg, struct err *e)
{
    int64_t tenant;
    bool *more = arg;

    return store_search_next(tx->st, &tenant, e) && tx_turn(tx, tenant, e) &&
           store_search_again(tx->st, 3, more, e);
}

static bool
slice_taken_back(struct tx *tx, void *arg, struct err *e)
{
    return slice_job(tx, arg, e) && err_set(e, ERR_DENIED, NULL, "No");
}

static bool
lacks(struct world *w)
{
    bool yes;
    struct err e;

    assert_true(store_search_lacks(writer_store(w->w), w->tenant,
                                   &hazard_ledger, &yes, &e));
    return yes;
}

static void
differs_nowhere(struct world *w)
{
    struct rebuild r = { .check = true };
    struct err e = { 0 };

    assert_true(rebuild_run(w->w, &r, &e));
    if (r.n_told != 0)
        fail_msg("%s", r.told[0]);
}

/* Records that are changed, made and erased between two pieces are in the index
 * once, as they are. */
static void
an_index_made_anew_is_right_at_every_piece(void **state)
{
    struct world *w = *state;
    struct change c[20];
    struct err e = { 0 };
    bool more = true;
    char words[64];

    for (int i = 0; i < 20; i++) {
        snprintf(words, sizeof(words), "quokka number %d", i);
        c[i] = report(w, words);
    }
    assert_false(lacks(w));
    assert_true(writer_run(w->w, forget_job, NULL, &e));
    assert_true(lacks(w));
    for (int i = 0; more; i++) {
        bool ignored;
        const struct input in[] = { { STR("place_text"), STR("wombat") } };
        struct change edit = c[(7 * i) % 20];

        assert_true(i < 200);
        assert_false(writer_run(w->w, slice_taken_back, &ignored, &e));
        assert_int_equal(e.code, ERR_DENIED);
        edit.input = in;
        edit.n_inputs = 1;
        if (i < 20 && world_step(w, &edit, w->teacher, "edit", &e))
            c[(7 * i) % 20] = edit;
        if (i % 3 == 0) {
            snprintf(words, sizeof(words), "numbat number %d", i);
            report(w, words);
        }
        assert_true(writer_run(w->w, slice_job, &more, &e));
        if (i == 3)
            world_reopen(w);
    }
    assert_false(lacks(w));
    assert_int_equal(found_by(w, STR("quokka")), 20);
    assert_true(found_by(w, STR("wombat")) > 0);
    differs_nowhere(w);
}

static void
a_rebuild_finishes_an_index_that_is_made_anew(void **state)
{
    struct world *w = *state;
    struct rebuild r = { .check = false };
    struct err e = { 0 };
    bool more;

    for (int i = 0; i < 9; i++)
        report(w, "quokka");
    assert_true(writer_run(w->w, forget_job, NULL, &e));
    assert_true(writer_run(w->w, slice_job, &more, &e));
    differs_nowhere(w);
    assert_true(lacks(w)); /* a check changes nothing */
    assert_true(rebuild_run(w->w, &r, &e));
    assert_false(lacks(w));
    assert_int_equal(found_by(w, STR("quokka")), 9);
    assert_true(words_fill(w->w, &more, &e));
    assert_false(more);
}

static void
at_night_the_index_becomes_one_piece(void **state)
{
    struct world *w = *state;
    struct words_night n = { 0 };
    struct err e = { 0 };
    int64_t jobs, after;

    for (int i = 0; i < 20; i++)
        report(w, "quokka");
    jobs = writer_counts(w->w).jobs;
    for (int64_t hour = 0; hour < 24; hour++)
        assert_true(words_tidy(w->w, &n, world_now + hour * MS_PER_HOUR, &e));
    assert_false(n.more);
    after = writer_counts(w->w).jobs;
    assert_true(after > jobs);
    assert_int_equal(found_by(w, STR("quokka")), 20);
    differs_nowhere(w);
}

/* One that cannot read what it wants is no reason to run the others again. */
static bool
wrong_job(struct tx *tx, void *arg, struct err *e)
{
    int64_t n;

    (void)arg;
    return stmt_one(tx->st,
                    stmt_composed(STR("SELECT 1 FROM no_such_table"
                                      " WHERE tenant_id = $1")),
                    ARGS(ARG((int64_t)1)), NULL, COLS(COL(&n)), e);
}

struct counted {
    struct job j;
    int runs;
};

static bool
count_job(struct tx *tx, void *arg, struct err *e)
{
    struct counted *c = arg;

    (void)tx, (void)e;
    c->runs++;
    return true;
}

static void
over(struct job *j)
{
    (void)j;
}

static void
a_job_that_fails_runs_nobody_again(void **state)
{
    struct world *w = *state;
    struct counted c[3] = { 0 };
    struct job bad = { .run = wrong_job, .done = over };
    struct err e;

    for (size_t i = 0; i < N_OF(c); i++) {
        c[i].j = (struct job){ .run = count_job, .done = over, .arg = &c[i] };
        if (i == 1)
            assert_true(writer_put(w->w, &bad));
        assert_true(writer_put(w->w, &c[i].j));
    }
    assert_true(writer_start(w->w, &e));
    writer_free(w->w);
    assert_non_null(w->w = writer_new(w->dir, world_clock, &e));
    assert_false(bad.ok);
    for (size_t i = 0; i < N_OF(c); i++) {
        assert_true(c[i].j.ok);
        assert_int_equal(c[i].runs, 1);
    }
}

#define WORLD(fn)                                                              \
    cmocka_unit_test_setup_teardown(fn, world_set_up, world_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD(whatever_is_typed_finds_what_it_should_or_nothing),
        WORLD(nothing_that_is_typed_is_an_error),
        WORLD(an_index_made_anew_is_right_at_every_piece),
        WORLD(a_rebuild_finishes_an_index_that_is_made_anew),
        WORLD(at_night_the_index_becomes_one_piece),
        WORLD(a_job_that_fails_runs_nobody_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
