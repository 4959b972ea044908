/* What lets somebody in stands in the log, and its rows are held against it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "domain/event.h"
#include "service/channel.h"
#include "service/credential.h"
#include "service/device.h"
#include "service/place.h"
#include "service/token.h"
#include "service/verify.h"
#include "service/world.h"
#include "store/stmt.h"

static int64_t
ask(struct world *w, const char *sql)
{
    int64_t n = -1;
    struct err e = { 0 };

    assert_true(stmt_one(writer_store(w->w), stmt_composed(str_of(sql)), NULL,
                         0, NULL, COLS(COL(&n)), &e));
    return n;
}

static int64_t
events(struct world *w)
{
    return ask(w, "SELECT CAST(COUNT(*) AS BIGINT) FROM event WHERE ledger = 0"
                  " AND verb LIKE 'credential-%'");
}

struct found {
    char text[4096];
};

static void
take(const struct finding *f, void *arg)
{
    struct found *all = arg;
    BUF(b, 1024);

    finding_format(&b, f);
    snprintf(all->text + strlen(all->text),
             sizeof(all->text) - strlen(all->text), "%.*s\n",
             STR_ARG(buf_str(&b)));
}

static void
verify_says(struct world *w, const char *what)
{
    struct found all = { "" };
    struct verify v = {
        .dir = w->dir, .found = take, .arg = &all, .only = VERIFY_LOG
    };
    struct err e = { 0 };

    assert_non_null(v.st = store_open(w->dir, STORE_READ, &e));
    assert_true(verify_run(&v, &e));
    store_close(v.st);
    if (what == NULL ? v.findings != 0
                     : v.findings != 1 || strstr(all.text, what) == NULL)
        fail_msg("%ld findings: %s", (long)v.findings, all.text);
}

static struct token_new
token(struct world *w, const char *name)
{
    struct token_new t = { .tenant = w->tenant,
                           .person = w->teacher,
                           .kind = TOKEN_OWN,
                           .name = str_of(name),
                           .scopes = STR("read") };
    struct err e = { 0 };

    assert_true(writer_run(w->w, token_add_job, &t, &e));
    return t;
}

static void
each_kind_leaves_an_event(void **state)
{
    struct world *w = *state;
    struct once_new once = { .tenant = w->tenant, .person = w->teacher };
    struct password_set set = { .tenant = w->tenant,
                                .person = w->teacher,
                                .hash = "$x" };
    struct pin_set pin = { w->tenant, w->teacher, "$p" };
    struct device_new dev = { .tenant = w->tenant,
                              .org = w->school,
                              .person = w->manager,
                              .name = STR("gate") };
    struct channel_put robot = { .tenant = w->tenant,
                                 .person = w->manager,
                                 .way = { .c = { .org = w->root,
                                                 .kind = 1,
                                                 .state = CHANNEL_ON,
                                                 .name = STR("g") },
                                          .url = STR(
                                              "https://oapi.dingtalk.com/robot/"
                                              "send?access_token=x") } };
    struct token_new t;
    struct token_end end;
    struct err e = { 0 };
    int64_t n = events(w);

    assert_true(writer_run(w->w, once_new_job, &once, &e));
    assert_int_equal(events(w), ++n);
    assert_true(writer_run(w->w, pin_set_job, &pin, &e));
    assert_int_equal(events(w), ++n);
    t = token(w, "t");
    assert_int_equal(events(w), ++n);
    assert_true(writer_run(w->w, device_add_job, &dev, &e));
    assert_int_equal(events(w), ++n);
    assert_true(writer_run(w->w, channel_put_job, &robot, &e));
    assert_int_equal(events(w), ++n);
    /* the password, the PIN that ends, the token that ends */
    assert_true(writer_run(w->w, password_set_job, &set, &e));
    assert_int_equal(events(w), n += 3);
    end = (struct token_end){ w->tenant, t.id, w->teacher };
    assert_false(writer_run(w->w, token_end_job, &end, &e));
    assert_int_equal(events(w), n);
    verify_says(w, NULL);
}

static void
who_it_is_about_is_told(void **state)
{
    struct world *w = *state;
    struct once_new once = { .tenant = w->tenant,
                             .person = w->teacher,
                             .by = w->manager };
    struct err e = { 0 };

    assert_true(writer_run(w->w, once_new_job, &once, &e));
    assert_int_equal(ask(w, "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE"
                            " kind = 'own-link' AND person_id = record_id AND"
                            " actor <> person_id"),
                     1);
}

static void
no_secret_stands_in_the_log(void **state)
{
    struct world *w = *state;
    struct token_new t = token(w, "t");
    char holds[512];

    world_reopen(w);
    assert_string_equal(place_holds(w->dir, t.text, holds), "");
    assert_string_equal(place_holds(w->dir, t.text + 10, holds), "");
}

/* Any column of any such row, changed past the program. */
static void
a_row_changed_behind_the_log_is_named(void **state)
{
    static const struct {
        const char *change, *back, *says;
    } ways[] = {
        { "UPDATE token SET scopes = 'read write'",
          "UPDATE token SET scopes = 'read'", "token " },
        { "UPDATE token SET person_id = person_id + 1",
          "UPDATE token SET person_id = person_id - 1", "token " },
        { "UPDATE token SET revoked_at = 5", "UPDATE token SET revoked_at = 0",
          "not the one that was logged" },
        { "UPDATE token SET post_id = 5", "UPDATE token SET post_id = 0",
          "not the one that was logged" },
        { "UPDATE token SET used_at = 5", "UPDATE token SET used_at = 0",
          NULL },
        { "UPDATE secret SET hash = hash || 'x' WHERE once <> ''",
          "UPDATE secret SET hash = '' WHERE once <> ''", "secret " },
        { "INSERT INTO pin (tenant_id, person_id, hash, changed_at)"
          " SELECT tenant_id, person_id, 'x', 1 FROM secret WHERE once <> ''",
          "DELETE FROM pin", "put in past the program" },
        { "DELETE FROM secret WHERE once <> ''", NULL, "it is missing" },
    };
    struct world *w = *state;
    struct once_new once = { .tenant = w->tenant, .person = w->teacher };
    struct err e = { 0 };

    assert_true(writer_run(w->w, once_new_job, &once, &e));
    token(w, "t");
    for (size_t i = 0; i < N_OF(ways); i++) {
        place_sql(w->dir, ways[i].change);
        verify_says(w, ways[i].says);
        if (ways[i].back != NULL)
            place_sql(w->dir, ways[i].back);
    }
}

/* What was there before such events were: one for each, however often it is
 * interrupted, and never twice. */
static void
what_was_there_before_is_found_once(void **state)
{
    struct world *w = *state;
    struct credential_finding f = { 0 };
    struct err e = { 0 };
    int64_t n, before;
    char sql[256];

    for (int i = 0; i < 700; i++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO pin (tenant_id, person_id, hash, changed_at)"
                 " VALUES (%ld, %d, 'x', 1)",
                 (long)w->tenant, 1000 + i);
        place_sql(w->dir, sql);
    }
    place_sql(w->dir, "DELETE FROM setting WHERE name = 'credentials'");
    verify_says(w, "anlan migrate");
    before = events(w);
    for (n = 0; !f.done && n < 50; n++) {
        world_reopen(w); /* each slice by another process */
        assert_true(writer_run(w->w, credential_find_job, &f, &e));
    }
    assert_true(f.done && n > 3);
    n = events(w);
    assert_true(n >= before + 700);
    assert_int_equal(
        ask(w, "SELECT CAST(COUNT(*) AS BIGINT) FROM event WHERE verb ="
               " 'credential-found'"),
        n - before);
    assert_true(credential_find_all(w->w, &e));
    assert_int_equal(events(w), n);
    verify_says(w, NULL);
}

/* A verb beside a running server writes into the same log, and each sees what
 * the other wrote. */
static void
a_verb_beside_the_server_goes_on_with_the_log(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct writer *aside = writer_new_aside(w->dir, world_clock, &e);
    struct writer *own = w->w;

    assert_non_null(aside);
    for (int i = 0; i < 10; i++) {
        w->w = aside;
        token(w, "aside");
        w->w = own;
        token(w, "server");
        token(w, "server");
    }
    writer_free(aside);
    assert_int_equal(ask(w, "SELECT CAST(COUNT(*) AS BIGINT) FROM token"), 30);
    world_check(writer_store(w->w), w->tenant);
    verify_says(w, NULL);
}

/* The bytes of such an event are permanent. */
static void
its_bytes_never_alter(void **state)
{
    const struct credential c = { .kind = CRED_TOKEN,
                                  .id = 77,
                                  .until = INT64_C(1785000000000),
                                  .print = STR("00ff"),
                                  .person = 9,
                                  .scopes = STR("hazard:read") };
    const struct event ev = { .verb = STR(CRED_MADE),
                              .actor = 5,
                              .at_ms = INT64_C(1784000000000) };
    char path[512], line[4096] = "";
    struct credential back = { .kind = 0 };
    struct err e = { 0 };
    BUF(body, 4096);
    BUF(part, 4096);
    BUF(hex, 8192);
    ARENA(a, 4096);
    FILE *f;

    (void)state;
    event_encode(&credential_ledger, &ev, NULL, &c, &body, &part);
    hex_put(&hex, buf_str(&body));
    buf_putc(&hex, ' ');
    hex_put(&hex, buf_str(&part));
    snprintf(path, sizeof(path), "%s/tests/golden/event-credential-v1.hex",
             getenv("SRCDIR"));
    if (getenv("GOLDEN") != NULL) {
        assert_non_null(f = fopen(path, "w"));
        fprintf(f, "%s\n", hex.p);
        fclose(f);
    }
    assert_non_null(f = fopen(path, "r"));
    assert_non_null(fgets(line, sizeof(line), f));
    fclose(f);
    line[strcspn(line, "\n")] = '\0';
    assert_string_equal(hex.p, line);
    assert_true(event_apply(&credential_ledger, buf_str(&body), &back, a, &e));
    assert_int_equal(back.id, 77);
    assert_int_equal(back.person, 0); /* goes with the erasable part */
    assert_true(event_apply(&credential_ledger, buf_str(&part), &back, a, &e));
    assert_int_equal(back.person, 9);
    assert_true(str_is(back.scopes, "hazard:read"));
}

#define T(t) cmocka_unit_test_setup_teardown(t, world_set_up, world_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(each_kind_leaves_an_event),
        T(who_it_is_about_is_told),
        T(no_secret_stands_in_the_log),
        T(a_row_changed_behind_the_log_is_named),
        T(what_was_there_before_is_found_once),
        T(a_verb_beside_the_server_goes_on_with_the_log),
        cmocka_unit_test(its_bytes_never_alter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
