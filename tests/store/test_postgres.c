/* What only a database behind a wire can do to us: answers that never come, other
 * servers, refusals. Needs TEST_DATABASE, as tests/postgres.sh sets it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "service/lease.h"
#include "service/move.h"
#include "service/place.h"
#include "service/rebuild.h"
#include "service/world.h"
#include "store/proxy.h"
#include "store/stmt.h"

static bool
report(struct world *w, struct writer *at, struct change *c, struct err *e)
{
    *c = world_report(w, wet_floor, N_OF(wet_floor));
    return writer_run(at, change_job, c, e);
}

static void
must_report(struct world *w, struct writer *at)
{
    struct change c;
    struct err e = { 0 };
    char text[256];

    if (!report(w, at, &c, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
}

static int64_t
hazards(struct world *w)
{
    return world_check(writer_store(w->w), w->tenant);
}

/* ---- several servers --------------------------------------------------------- */

static void
a_second_server_goes_on_where_the_first_left_the_log(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct writer *other = writer_new(w->dir, world_clock, &e);

    assert_non_null(other);
    assert_int_not_equal(writer_server(other), writer_server(w->w));
    for (int i = 0; i < 20; i++) {
        must_report(w, w->w);
        must_report(w, other);
        must_report(w, other);
    }
    assert_int_equal(hazards(w), 60);
    writer_free(other);
}

struct in_between {
    struct world *w;
    struct writer *other;
    int runs;
};

static bool
refused_report(struct tx *tx, void *arg, struct err *e)
{
    const struct in_between *b = arg;
    struct change c = world_report(b->w, wet_floor, N_OF(wet_floor));

    c.verb = STR("accept");
    return change_run(tx, &c, e);
}

static bool
report_behind_another(struct tx *tx, void *arg, struct err *e)
{
    struct in_between *b = arg;
    struct change c = world_report(b->w, wet_floor, N_OF(wet_floor));

    b->runs++;
    must_report(b->w, b->other);
    return change_run(tx, &c, e);
}

static void
heed(struct job *j)
{
    (void)j;
}

/* A lock goes with the savepoint behind which it was taken. */
static void
a_job_that_fails_gives_its_turn_back(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct in_between b = { w, writer_new(w->dir, world_clock, &e), 0 };
    struct job bad = { .run = refused_report,
                       .done = heed,
                       .arg = &b,
                       .tenant = w->tenant },
               good = { .run = report_behind_another,
                        .done = heed,
                        .arg = &b,
                        .tenant = w->tenant };

    assert_non_null(b.other);
    must_report(w, w->w);
    assert_true(writer_put(w->w, &bad) && writer_put(w->w, &good));
    assert_true(writer_start(w->w, &e));
    writer_free(w->w); /* when both are done */
    w->w = NULL;
    assert_false(bad.ok);
    assert_true(good.ok);
    assert_int_equal(b.runs, 1);
    writer_free(b.other);
    world_reopen(w);
    assert_int_equal(hazards(w), 3);
}

struct crowd {
    struct world *w;
    struct writer *at;
};

static void *
report_many(void *arg)
{
    const struct crowd *c = arg;

    for (int i = 0; i < 50; i++)
        must_report(c->w, c->at);
    return NULL;
}

static void
two_servers_at_once_keep_one_log(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct writer *other = writer_new(w->dir, world_clock, &e);
    struct crowd crowd[4];
    pthread_t t[4];

    assert_non_null(other);
    assert_true(writer_start(other, &e) && writer_start(w->w, &e));
    for (int i = 0; i < 4; i++) {
        crowd[i] = (struct crowd){ w, i % 2 == 0 ? w->w : other };
        assert_int_equal(pthread_create(&t[i], NULL, report_many, &crowd[i]),
                         0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    writer_free(other);
    world_reopen(w);
    assert_int_equal(hazards(w), 200);
}

static bool
beat(struct writer *w, struct lease_beat *b, int64_t watch)
{
    struct err e = { 0 };

    b->name = LEASE_OFFICE;
    b->watch = watch;
    assert_true(writer_run(w, lease_beat_job, b, &e));
    return b->held;
}

static bool
report_leading(struct world *w, struct writer *at, struct err *e)
{
    struct change c;
    bool ok;

    writer_lead(LEASE_OFFICE);
    ok = report(w, at, &c, e);
    writer_lead(NULL);
    return ok;
}

static void
one_leads_and_another_takes_over_when_it_is_silent(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct writer *other = writer_new(w->dir, world_clock, &e);
    struct lease_beat a = { 0 }, b = { 0 };

    assert_non_null(other);
    assert_true(beat(w->w, &a, 0));
    assert_false(beat(other, &b, 500000)); /* another machine's watch */
    assert_true(beat(w->w, &a, 8000));
    assert_false(beat(other, &b, 500000 + LEASE_MS));
    assert_false(beat(other, &b, 500000 + 2 * LEASE_MS - 1));
    assert_true(report_leading(w, w->w, &e));
    assert_true(beat(other, &b, 500000 + 2 * LEASE_MS));
    /* who was silent for so long finds out before anything is changed */
    assert_false(report_leading(w, w->w, &e));
    assert_int_equal(e.code, ERR_BUSY);
    assert_true(report_leading(w, other, &e));
    assert_false(beat(w->w, &a, 8000 + LEASE_MS));
    assert_true(writer_run(other, lease_end_job, &b, &e));
    assert_true(beat(w->w, &a, 8000 + LEASE_MS + 1)); /* at once */
    writer_free(other);
    assert_int_equal(hazards(w), 2);
}

/* ---- numbers ------------------------------------------------------------------- */

static int64_t
clock_ahead(void)
{
    return world_now + 8 * MS_PER_HOUR; /* local time, taken for UTC */
}

static void
a_clock_ahead_takes_no_number_of_a_running_server(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct writer *other = writer_new(w->dir, clock_ahead, &e);

    assert_non_null(other);
    assert_int_not_equal(writer_server(other), writer_server(w->w));
    must_report(w, w->w);
    must_report(w, other);
    writer_free(other);
    assert_int_equal(hazards(w), 2);
}

/* As a server does that has taken the number for free. */
static bool
steal(struct tx *tx, void *arg, struct err *e)
{
    char name[16];

    snprintf(name, sizeof(name), "server/%u", writer_server(arg));
    return QRUN(tx->st, LEASE_DEL, e, ARG(str_of(name)),
                ARG(writer_name(arg))) &&
           QRUN(tx->st, LEASE_ADD, e, ARG(str_of(name)), ARG(STR("thief")),
                ARG(tx->now));
}

static void
who_slept_while_his_number_was_taken_goes_on_with_another(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct writer *other = writer_new(w->dir, world_clock, &e);
    struct lease_beat b = { 0 };
    uint32_t was = writer_server(other);

    assert_non_null(other);
    must_report(w, other);
    assert_true(writer_run(w->w, steal, other, &e));
    (void)beat(other, &b, 0);
    must_report(w, other);
    assert_int_not_equal(writer_server(other), was);
    assert_int_not_equal(writer_server(other), writer_server(w->w));
    must_report(w, other);
    writer_free(other);
    assert_int_equal(hazards(w), 3);
}

static void
numbers_of_killed_servers_are_free_again_after_an_hour_of_the_leader(
    void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct writer *other = writer_new(w->dir, world_clock, &e), *third;
    struct lease_beat a = { 0 }, b = { 0 };
    int64_t hour = MS_PER_HOUR;
    uint32_t number = writer_server(other);

    assert_non_null(other);
    assert_true(writer_run(w->w, steal, other, &e));
    for (int64_t t = 0; t <= hour + 120000; t += 30000) {
        assert_true(beat(w->w, &a, t));
        if (t <= hour) /* this one beats, by its number */
            (void)beat(other, &b, t);
        third = writer_new(w->dir, world_clock, &e);
        assert_non_null(third);
        if (t < hour)
            assert_int_not_equal(writer_server(third), number);
        if (t > hour + 60000)
            assert_int_equal(writer_server(third), number);
        writer_free(third);
    }
    must_report(w, other);
    writer_free(other);
}

static bool beaten;

static void *
beat_on(void *arg)
{
    struct lease_beat b = { 0 };
    const struct timespec pause = { .tv_nsec = 50 * 1000000L };

    while (!__atomic_load_n(&beaten, __ATOMIC_SEQ_CST)) {
        (void)beat(arg, &b, clock_watch_ms());
        nanosleep(&pause, NULL);
    }
    return NULL;
}

/* ---- answers that never come ---------------------------------------------------- */

static void
point_at(struct world *w, const char *socket_dir)
{
    char path[96], line[512], *host, *end;
    FILE *f;

    snprintf(path, sizeof(path), "%s/database", w->dir);
    assert_non_null(f = fopen(path, "r"));
    assert_non_null(fgets(line, sizeof(line), f));
    fclose(f);
    assert_non_null(host = strstr(line, "host="));
    assert_non_null(end = strchr(host, '&'));
    assert_non_null(f = fopen(path, "w"));
    fprintf(f, "%.*shost=%s%s", (int)(host - line), line, socket_dir, end);
    fclose(f);
}

static const char *
socket_dir(void)
{
    static char dir[108];
    const char *host = strstr(getenv("TEST_DATABASE"), "host=");

    assert_non_null(host);
    snprintf(dir, sizeof(dir), "%.*s", (int)strcspn(host + 5, "&"), host + 5);
    return dir;
}

static void
a_commit_whose_answer_is_lost_is_neither_lost_nor_doubled(void **state)
{
    struct world *w = *state;
    struct proxy *p = proxy_start(socket_dir());

    point_at(w, proxy_dir(p));
    world_reopen(w);
    must_report(w, w->w);
    for (int i = 0; i < 10; i++) {
        proxy_arm(p, i % 2 == 0 ? CUT_BEFORE : CUT_AFTER);
        must_report(w, w->w);
        assert_int_equal(proxy_cuts(p), i + 1);
        must_report(w, w->w);
    }
    assert_int_equal(hazards(w), 21);
    writer_free(w->w);
    point_at(w, socket_dir());
    w->w = NULL;
    proxy_stop(p);
    world_reopen(w);
    assert_int_equal(hazards(w), 21);
}

/* ---- refusals ------------------------------------------------------------------- */

/* Every new event meets that error, as often as `times` says. */
static void
raise(struct world *w, const char *sqlstate, int times)
{
    char sql[700];

    snprintf(sql, sizeof(sql),
             "DROP TABLE IF EXISTS trouble CASCADE;"
             "DROP SEQUENCE IF EXISTS met;"
             "CREATE SEQUENCE met;"
             "CREATE OR REPLACE FUNCTION meet() RETURNS trigger LANGUAGE"
             " plpgsql AS $$ BEGIN IF nextval('met') <= %d THEN"
             " RAISE EXCEPTION 'met' USING ERRCODE = '%s'; END IF;"
             " RETURN NEW; END $$;"
             "DROP TRIGGER IF EXISTS met ON event;"
             "CREATE TRIGGER met BEFORE INSERT ON event FOR EACH ROW"
             " EXECUTE FUNCTION meet()",
             times, sqlstate);
    place_sql(w->dir, sql);
}

static void
what_may_succeed_is_tried_again(void **state)
{
    static const char *const again[] = { "40001", "40P01" };
    struct world *w = *state;

    for (size_t i = 0; i < N_OF(again); i++) {
        raise(w, again[i], 3);
        must_report(w, w->w);
    }
    assert_int_equal(hazards(w), 2);
}

static void
what_cannot_is_said_and_leaves_no_trace(void **state)
{
    static const struct {
        const char *sqlstate;
        enum err_code code;
    } all[] = { { "53100", ERR_FULL },     { "53200", ERR_BUSY },
                { "25006", ERR_BUSY },     { "55P03", ERR_BUSY },
                { "23505", ERR_CONFLICT }, { "XX001", ERR_STORE } };
    struct world *w = *state;
    struct change c;
    char text[256];
    struct err e;

    for (size_t i = 0; i < N_OF(all); i++) {
        raise(w, all[i].sqlstate, 1000);
        e = (struct err){ 0 };
        assert_false(report(w, w->w, &c, &e));
        if (e.code != all[i].code)
            fail_msg("%s: %s", all[i].sqlstate,
                     err_text(&e, text, sizeof(text)));
        assert_int_equal(hazards(w), i);
        raise(w, all[i].sqlstate, 0);
        must_report(w, w->w); /* and goes on without a restart */
    }
}

static void
cannot_open(struct world *w, const char *url, const char *why)
{
    char path[96], text[512];
    struct err e = { 0 };
    struct store *st;
    FILE *f;

    snprintf(path, sizeof(path), "%s/database", w->dir);
    assert_non_null(f = fopen(path, "w"));
    fprintf(f, "%s\n", url);
    fclose(f);
    st = store_open(w->dir, STORE_WRITE, &e);
    if (st != NULL)
        fail_msg("%s was opened", url);
    err_text(&e, text, sizeof(text));
    if (strstr(text, why) == NULL)
        fail_msg("%s: %s", url, text);
    assert_null(strchr(text, '\n'));
}

static void
a_database_that_will_not_do_is_named_in_one_line(void **state)
{
    struct world *w = *state;
    char path[96], was[512], url[600];
    FILE *f;

    snprintf(path, sizeof(path), "%s/database", w->dir);
    assert_non_null(f = fopen(path, "r"));
    assert_non_null(fgets(was, sizeof(was), f));
    fclose(f);
    was[strcspn(was, "\n")] = '\0';
    writer_free(w->w);
    w->w = NULL;
    cannot_open(w, "mysql://somewhere", "postgresql://user@host/name");
    cannot_open(w, "postgresql://anlan@/anlan?host=/nowhere",
                "cannot be reached");
    snprintf(url, sizeof(url), "postgresql://anlan@/nosuch?host=%s",
             socket_dir());
    cannot_open(w, url, "nosuch");
    snprintf(url, sizeof(url), "postgresql://stranger@/anlan?host=%s",
             socket_dir());
    cannot_open(w, url, "stranger");
    snprintf(url, sizeof(url),
             "postgresql://anlan@/anlan?host=%s&options=-csearch_path%%3Dno",
             socket_dir());
    cannot_open(w, url, "schema");
    snprintf(url, sizeof(url), "%s%%20-cdefault_transaction_read_only%%3Don",
             was);
    cannot_open(w, url, "read-only"); /* as a standby */
    place_sql(w->dir,
              "INSERT INTO migration VALUES ('9999_later.sql', 'x', 0)");
    cannot_open(w, was, "newer Anlan");
    place_sql(w->dir, "DELETE FROM migration WHERE name = '9999_later.sql'");
    place_sql(w->dir, "INSERT INTO setting VALUES ('copying', 'yes')");
    world_cannot_reopen(w, "cut short");
    place_sql(w->dir, "DELETE FROM setting WHERE name = 'copying'");
    world_reopen(w);
}

/* ---- Citus ------------------------------------------------------------------------ */

static int64_t
number(struct world *w, const char *sql)
{
    struct err e = { 0 };
    int64_t n = -1;

    assert_true(stmt_one(writer_store(w->w), stmt_composed(str_of(sql)), NULL,
                         0, NULL, COLS(COL(&n)), &e));
    return n;
}

/* The extension's two functions, which here only note what they are asked. */
static void
every_table_is_distributed_as_it_is_made(void **state)
{
    struct world *w = *state;

    writer_free(w->w);
    w->w = NULL;
    place_empty(w->dir);
    place_sql(w->dir,
              "CREATE TABLE told (name text, by text, n serial);"
              "CREATE FUNCTION create_distributed_table(t regclass, k text,"
              " colocate_with text DEFAULT 'default') RETURNS void LANGUAGE"
              " sql AS $$ INSERT INTO told VALUES (t::text, k) $$;"
              "CREATE FUNCTION create_reference_table(t regclass) RETURNS void"
              " LANGUAGE sql AS $$ INSERT INTO told VALUES (t::text, '') $$");
    world_reopen(w);
    assert_int_equal(number(w, "SELECT count(*) FROM told WHERE by = ''"), 3);
    assert_int_equal(number(w,
                            "SELECT count(*) FROM told WHERE name = 'session'"
                            " AND by = 'hash'"),
                     1);
    assert_int_equal(
        number(w, "SELECT count(*) FROM told WHERE by = 'tenant_id'"
                  " AND name IN ('hazard', 'event', 'search', 'mark')"),
        4);
    /* none is forgotten, none told twice: all but ours above and the lease */
    assert_int_equal(
        number(
            w,
            "SELECT count(*) FROM pg_class c WHERE c.relkind = 'r'"
            " AND c.relnamespace = current_schema::regnamespace"
            " AND c.relname NOT IN ('told', 'lease', 'migration') AND 1 <> (SELECT"
            " count(*) FROM told WHERE told.name = c.relname)"),
        0);
}

/* Citus wants the key of distribution in every unique index. */
static void
every_unique_index_leads_with_its_tenant(void **state)
{
    struct world *w = *state;

    assert_int_equal(
        number(w, "SELECT count(*) FROM pg_indexes WHERE schemaname ="
                  " current_schema AND indexdef LIKE 'CREATE UNIQUE%'"
                  " AND indexdef NOT LIKE '%(tenant_id%' AND tablename NOT IN"
                  " ('setting', 'tenant', 'directory', 'session', 'lease',"
                  " 'migration')"),
        0);
}

/* ---- moving -------------------------------------------------------------------------- */

static void
here(struct world *w, char url[512])
{
    char path[96];
    FILE *f;

    snprintf(path, sizeof(path), "%s/database", w->dir);
    assert_non_null(f = fopen(path, "r"));
    assert_non_null(fgets(url, 512, f));
    fclose(f);
    url[strcspn(url, "\n")] = '\0';
}

static void
heads(struct world *w, struct hash *root)
{
    ARENA(a, 4096);
    struct err e = { 0 };
    int64_t size, last;
    struct str r;

    assert_true(stmt_one(writer_store(w->w), &stmts[Q_HEAD_GET],
                         ARGS(ARG(w->tenant)), a,
                         COLS(COL(&size), COL(&last), COL(&r)), &e));
    memcpy(root, r.p, sizeof(*root));
}

static void
cut_short(const char *table, int64_t rows, void *arg)
{
    (void)rows;
    if (strcmp(table, "hazard") == 0)
        store_fault_at(arg, 1);
}

/* There, back, and there again after it was cut short in the middle. */
static void
an_installation_moves_and_stays_itself(void **state)
{
    pthread_t t;
    struct world *w = *state;
    struct move m = { .dir = w->dir, .clock = world_clock };
    struct err e = { 0 };
    char url[512], path[96], text[512];
    struct hash was, is;
    struct store *from, *to;

    for (int i = 0; i < 700; i++)
        must_report(w, w->w);
    heads(w, &was);
    here(w, url);
    writer_free(w->w);
    w->w = NULL;
    if (!move_run(&m, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    world_reopen(w); /* from anlan.db now */
    assert_int_equal(hazards(w), 700);
    heads(w, &is);
    assert_memory_equal(&was, &is, sizeof(was));
    must_report(w, w->w);
    heads(w, &was);
    writer_free(w->w);
    w->w = NULL;
    place_empty(w->dir);
    snprintf(path, sizeof(path), "%s/moving", w->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_true(store_point(path, url, &e));
    assert_non_null(from = store_open(w->dir, STORE_READ, &e));
    assert_non_null(to = store_open(path, STORE_WRITE, &e));
    assert_true(store_begin(from, &e));
    assert_false(store_copy(from, to, cut_short, to, &e));
    store_rollback(from);
    store_close(from);
    store_close(to);
    m.url = url;
    e = (struct err){ 0 };
    if (!move_run(&m, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    world_reopen(w);
    assert_int_equal(hazards(w), 701);
    heads(w, &is);
    assert_memory_equal(&was, &is, sizeof(was));
    /* and not a second time, nor while somebody works */
    assert_false(move_run(&m, &e));
    m.url = NULL;
    pthread_create(&t, NULL, beat_on, w->w);
    assert_false(move_run(&m, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    __atomic_store_n(&beaten, true, __ATOMIC_SEQ_CST);
    pthread_join(t, NULL);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_set_up, world_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_second_server_goes_on_where_the_first_left_the_log),
        T(a_job_that_fails_gives_its_turn_back),
        T(two_servers_at_once_keep_one_log),
        T(one_leads_and_another_takes_over_when_it_is_silent),
        T(a_clock_ahead_takes_no_number_of_a_running_server),
        T(who_slept_while_his_number_was_taken_goes_on_with_another),
        T(numbers_of_killed_servers_are_free_again_after_an_hour_of_the_leader),
        T(a_commit_whose_answer_is_lost_is_neither_lost_nor_doubled),
        T(what_may_succeed_is_tried_again),
        T(what_cannot_is_said_and_leaves_no_trace),
        T(a_database_that_will_not_do_is_named_in_one_line),
        T(every_table_is_distributed_as_it_is_made),
        T(every_unique_index_leads_with_its_tenant),
        T(an_installation_moves_and_stays_itself),
    };

    if (!place_elsewhere()) {
        fprintf(stderr, "TEST_DATABASE is not set: see tests/postgres.sh\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
