/* Messages from the outbox to the other side's hands, past servers that are
 * slow, refuse, greylist, break off and answer garbage. */
#include "service/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "service/delivery.h"
#include "service/letter.h"
#include "service/plan.h"
#include "service/scheduler.h"
#include "service/sender.h"
#include "service/wish.h"
#include "store/stmt.h"

#define MINUTE (INT64_C(60) * 1000)
#define HOUR   (60 * MINUTE)

/* Monday 2026-07-27 10:00 in Shanghai; a working day without holidays. */
#define MONDAY INT64_C(1785117600000)

static const struct plan_ways both = { .mail = true, .sms = true };

struct held {
    pid_t pid;
    int in;
    int smtp, http;
    char log[128];
};

static void
hold(struct held *h, const char *dir)
{
    char script[512];
    int in[2], out[2];
    FILE *f;

    snprintf(h->log, sizeof(h->log), "%s/held.log", dir);
    snprintf(script, sizeof(script), "%s/tests/held/held.py", getenv("SRCDIR"));
    assert_int_equal(pipe(in) | pipe(out), 0);
    if ((h->pid = fork()) == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execlp("python3", "python3", script, h->log, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    h->in = in[1];
    f = fdopen(out[0], "r");
    assert_int_equal(fscanf(f, "%d %d", &h->smtp, &h->http), 2);
    fclose(f);
}

static void
let_go(struct held *h)
{
    close(h->in);
    waitpid(h->pid, NULL, 0);
    unlink(h->log);
}

/* How many lines of what arrived hold all of up to three texts. */
static int
arrived(const struct held *h, const char *a, const char *b, const char *c)
{
    static char line[1 << 20];
    FILE *f = fopen(h->log, "r");
    int n = 0;

    while (f != NULL && fgets(line, sizeof(line), f) != NULL)
        n += strstr(line, a) != NULL && strstr(line, b) != NULL &&
             strstr(line, c) != NULL;
    if (f != NULL)
        fclose(f);
    return n;
}

static int64_t
number(struct world *w, const char *sql)
{
    struct err e = { 0 };
    int64_t v = -1;
    struct store *st = store_open(w->dir, STORE_READ, &e);

    assert_non_null(st);
    assert_true(store_begin(st, &e));
    assert_true(stmt_one(st, stmt_composed(str_of(sql)), NULL, 0, NULL,
                         COLS(COL(&v)), &e));
    store_rollback(st);
    store_close(st);
    return v;
}

struct person_edit {
    struct world *w;
    int64_t id;
    struct input in[3];
};

static bool
edit_person(struct tx *tx, void *arg, struct err *e)
{
    struct person_edit *p = arg;
    int64_t id;

    /* that it was changed is news as well, which is not what is asked here */
    return install_change(tx, p->w->tenant, &person_ledger, p->id, "edit", 0,
                          p->in, 3, &id, e) &&
           stmt_run(tx->st,
                    stmt_composed(
                        STR("DELETE FROM outbox WHERE kind = 'own-sign-in'")),
                    NULL, 0, NULL, e);
}

static void
address(struct world *w, int64_t id, const char *email, const char *phone,
        const char *lang)
{
    struct person_edit p = { .w = w,
                             .id = id,
                             .in = { { STR("email"), str_of(email) },
                                     { STR("phone"), str_of(phone) },
                                     { STR("lang"), str_of(lang) } } };
    struct err e = { 0 };
    char text[256];

    if (!writer_run(w->w, edit_person, &p, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
}

static void
plan(struct world *w)
{
    struct err e = { 0 };
    char text[256];

    if (!plan_round(w->w, w->tenant, &both, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
}

static struct change
report(struct world *w, const char *what)
{
    struct input in[2] = { { STR("description"), str_of(what) },
                           { STR("place_text"), STR("食堂") } };
    struct change c = world_report(w, in, 2);
    struct err e = { 0 };

    assert_true(writer_run(w->w, change_job, &c, &e));
    return c;
}

static int
set_up(void **state)
{
    world_now = MONDAY;
    return world_set_up(state);
}

/* ---- when, to whom ------------------------------------------------------------------ */

static void
the_night_is_quiet_and_a_digest_comes_on_working_days(void **state)
{
    struct world *w = *state;
    struct wish own = wish_preset;
    struct err e = { 0 };
    const struct rules *r;
    struct dir *d = dir_load(writer_store(w->w), w->tenant, &e);

    assert_non_null(d);
    r = &d->rules;
    assert_true(wish_awake(&own, r->zone, MONDAY) == MONDAY);
    assert_true(wish_awake(&own, r->zone, MONDAY + 11 * HOUR) ==
                MONDAY + 21 * HOUR);
    assert_true(wish_awake(&own, r->zone, MONDAY - 4 * HOUR) ==
                MONDAY - 3 * HOUR);
    own.quiet_from = own.quiet_until = 0;
    assert_true(wish_awake(&own, r->zone, MONDAY + 11 * HOUR) ==
                MONDAY + 11 * HOUR);
    /* after Monday's 07:30: on Tuesday; after Friday's: on Monday */
    assert_true(wish_digest(&wish_preset, r, MONDAY) ==
                MONDAY + 21 * HOUR + 30 * MINUTE);
    assert_true(wish_digest(&wish_preset, r, MONDAY + 4 * 24 * HOUR) ==
                MONDAY + (4 * 24 + 69) * HOUR + 30 * MINUTE);
    /* an hour in the quiet ones is moved to their end */
    own = wish_preset;
    own.digest_at = 5 * 60;
    assert_true(wish_digest(&own, r, MONDAY) == MONDAY + 21 * HOUR);
    dir_free(d);
}

static void
what_happened_becomes_one_digest_for_each(void **state)
{
    struct world *w = *state;

    address(w, w->manager, "ok.m@d.example", "", "en");
    address(w, w->principal, "", "", "");
    plan(w); /* what was before is past */
    report(w, "one");
    report(w, "two");
    plan(w);
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 1);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery_item"), 2);
    assert_int_equal(number(w, "SELECT kind FROM delivery_item LIMIT 1"),
                     MSG_WAITING);
    assert_true(number(w, "SELECT next_at FROM delivery") ==
                MONDAY + 21 * HOUR + 30 * MINUTE);
}

/* The mail's words, or "" when there is nothing to say. */
static void
words(struct world *w, char *out, size_t cap)
{
    ARENA(a, 1 << 20);
    struct err e = { 0 };
    struct store *st = store_open(w->dir, STORE_READ, &e);
    struct dir *d = dir_load(st, w->tenant, &e);
    struct letter_for f = { .st = st,
                            .dir = d,
                            .arena = a,
                            .now = world_now,
                            .public_url = "https://a.example/" };
    struct delivery *list;
    struct letter l;
    size_t n;

    assert_true(store_begin(st, &e));
    assert_true(
        deliveries_read(st, w->tenant, 0, 0, INT64_MAX, 9, a, &list, &n, &e));
    assert_int_equal(n, 1);
    assert_true(letter_write(&f, &list[0], NULL, &l, &e));
    snprintf(out, cap, "%.*s|%.*s", STR_ARG(l.subject), STR_ARG(l.text));
    if (l.nothing)
        out[0] = '\0';
    store_rollback(st);
    dir_free(d);
    store_close(st);
}

static void
a_mail_says_what_is_still_so_and_no_names(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct change c;
    char text[8192];

    address(w, w->manager, "ok.m@d.example", "", "en");
    plan(w);
    c = report(w, "wet\r\nfloor 危");
    plan(w);
    words(w, text, sizeof(text));
    assert_non_null(strstr(text, "Anlan: 1 waiting|Waiting for you\n"));
    assert_non_null(strstr(text, "-0001 wet  floor 危 · School One"));
    assert_non_null(strstr(text, "https://a.example/t/one/hazard/"));
    assert_non_null(strstr(text, "https://a.example/stop/"));
    assert_null(strstr(text, "teacher"));
    /* somebody else did it: nothing is left to say */
    c.input = (const struct input[]){ { STR("comment"), STR("it was dry") } };
    c.n_inputs = 1;
    assert_true(world_step(w, &c, w->principal, "not_hazard", &e));
    words(w, text, sizeof(text));
    assert_string_equal(text, "");
}

static void
what_is_discreet_is_only_a_number(void **state)
{
    struct world *w = *state;
    struct input in[3] = { { STR("description"), STR("camera is dark") },
                           { STR("place_text"), STR("gate") },
                           { STR("category"), STR("security") } };
    struct change c = world_report(w, in, 3);
    struct err e = { 0 };
    char text[8192];

    address(w, w->manager, "ok.m@d.example", "", "en");
    plan(w);
    assert_true(writer_run(w->w, change_job, &c, &e));
    plan(w);
    words(w, text, sizeof(text));
    assert_null(strstr(text, "camera"));
    assert_non_null(strstr(text, "-0001 Hazard · School One"));
}

/* A stranger's words do not go round in the school's name before somebody has
 * looked at them. */
static void
what_the_public_wrote_is_only_a_number_at_first(void **state)
{
    struct world *w = *state;
    struct input in[3] = { { STR("description"), STR("see http://evil") },
                           { STR("place_text"), STR("gate") },
                           { STR("source"), STR("public") } };
    struct change c = world_report(w, in, 3);
    struct err e = { 0 };
    char text[8192];

    address(w, w->manager, "ok.m@d.example", "", "en");
    plan(w);
    assert_true(writer_run(w->w, change_job, &c, &e));
    plan(w);
    words(w, text, sizeof(text));
    assert_null(strstr(text, "evil"));
    c.input = assigned;
    c.n_inputs = 3;
    assert_true(world_step(w, &c, w->principal, "assign", &e));
    words(w, text, sizeof(text));
    assert_non_null(strstr(text, "evil"));
}

static void
put_wish(struct world *w, int64_t person, int64_t off, bool all_off)
{
    struct wish_new n = { .tenant = w->tenant,
                          .person = person,
                          .all_off = all_off,
                          .wish = wish_preset };
    struct err e = { 0 };

    n.wish.off = off;
    assert_true(writer_run(w->w, wish_put_job, &n, &e));
}

static void
what_is_a_duty_cannot_be_turned_off(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct change c;

    address(w, w->manager, "ok.m@d.example", "13800000000", "en");
    plan(w);
    put_wish(w, w->manager, 0, true);
    c = report(w, "one");
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 0);
    /* left to lie: the ladder's first step, to the manager, at once by day */
    world_now += 8 * 24 * HOUR + 9 * HOUR; /* Tuesday 19:00 */
    assert_true(scheduler_round(w->w, &e));
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery WHERE urgent = 1"
                               " AND channel = 1"),
                     1);
    /* who has mail gets no SMS, unless asked for */
    assert_int_equal(number(w, "SELECT count(*) FROM delivery WHERE"
                               " channel = 2"),
                     0);
    assert_true(number(w, "SELECT next_at FROM delivery WHERE urgent = 1") ==
                world_now);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery_item"
                               " WHERE kind <> 1"),
                     0);
    (void)c;
}

static void
reminders_come_on_working_days_while_something_is_due(void **state)
{
    struct world *w = *state;
    struct change c;
    struct err e = { 0 };

    address(w, w->manager, "ok.m@d.example", "", "en");
    plan(w);
    world_now = MONDAY + 3 * 24 * HOUR; /* Thursday */
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 0);
    c = report(w, "one"); /* to be graded by Tuesday night */
    put_wish(w, w->manager, 1 << MSG_WAITING, false);
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 0);
    world_now += 2 * 24 * HOUR; /* Saturday */
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 0);
    world_now += 42 * HOUR; /* Monday 04:00 */
    plan(w);
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery_item WHERE"
                               " kind = 2"),
                     1);
    assert_true(number(w, "SELECT next_at FROM delivery") ==
                world_now + 3 * HOUR + 30 * MINUTE);
    {
        struct wish_new n = { .tenant = w->tenant,
                              .person = w->manager,
                              .wish = wish_preset };

        n.wish.digest_at = 12 * 60; /* and what is planned comes then */
        n.wish.off = 1 << MSG_WAITING;
        assert_true(writer_run(w->w, wish_put_job, &n, &e));
        assert_true(number(w, "SELECT next_at FROM delivery") ==
                    world_now + 8 * HOUR);
    }
    world_now += 48 * HOUR; /* Wednesday 04:00: it is late now */
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery_item WHERE"
                               " kind = 1"),
                     1);
    /* done with: silence, though messages were planned */
    c.input = (const struct input[]){ { STR("comment"), STR("dry") } };
    c.n_inputs = 1;
    assert_true(world_step(w, &c, w->principal, "not_hazard", &e));
    {
        char text[8192];

        words(w, text, sizeof(text));
        assert_string_equal(text, "");
    }
    world_now += 200 * 24 * HOUR;
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 1);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery_item WHERE"
                               " at_ms > 1790000000000"),
                     0);
}

static void
a_plan_that_breaks_off_is_made_again_whole(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    int failed = 0;

    address(w, w->manager, "ok.m@d.example", "", "en");
    address(w, w->principal, "ok.p@d.example", "", "zh");
    plan(w);
    report(w, "one");
    for (int n = 1; n < 60; n++) {
        store_fault_at(writer_store(w->w), n);
        failed += !plan_round(w->w, w->tenant, &both, &e);
        store_fault_at(writer_store(w->w), 0);
    }
    plan(w);
    assert_true(failed > 10);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 2);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery_item"), 2);
}

static void
a_link_opens_for_its_person_only(void **state)
{
    struct world *w = *state;
    ARENA(a, 1 << 16);
    struct err e = { 0 };
    int64_t t, p;
    struct str word;

    plan(w);
    word = link_word(writer_store(w->w), a, w->tenant, w->manager, &e);
    assert_true(word.n > 30);
    assert_true(link_read(writer_store(w->w), a, word, &t, &p, &e));
    assert_true(t == w->tenant && p == w->manager);
    for (size_t i = 0; i < word.n; i++) {
        struct str bad = arena_dup(a, word);

        ((char *)(uintptr_t)bad.p)[i] ^= 1;
        assert_false(link_read(writer_store(w->w), a, bad, &t, &p, &e));
    }
    assert_false(link_read(writer_store(w->w), a, STR(""), &t, &p, &e));
    assert_false(link_read(writer_store(w->w), a, STR("--"), &t, &p, &e));
}

/* ---- past hostile servers ------------------------------------------------------------- */

static struct gateways
ways_out(const struct held *h)
{
    static char smtp[64], http[64], sms[64];

    snprintf(smtp, sizeof(smtp), "smtp://127.0.0.1:%d", h->smtp);
    snprintf(http, sizeof(http), "http://127.0.0.1:%d", h->http);
    snprintf(sms, sizeof(sms), "http://127.0.0.1:%d/sms?to={phone}", h->http);
    return (struct gateways){ .public_url = "https://a.example",
                              .smtp_url = smtp,
                              .smtp_user = "",
                              .smtp_password_file = "",
                              .mail_from = "anlan@d.example",
                              .smtp_plain = true,
                              .mail_per_minute = 600,
                              .sms_url = sms,
                              .sms_body = "{\"t\":\"{text}\"}",
                              .sms_key_file = "",
                              .sms_ok = "",
                              .sms_per_minute = 600,
                              .chat_relay = http,
                              .ca_file = "",
                              .seconds = 2 };
}

/* Let the clock run by steps until the number is there. */
static void
run_until(struct world *w, struct sender *s, const char *sql, int64_t want,
          int64_t step)
{
    const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };

    for (int i = 0; i < 1500; i++) {
        if (number(w, sql) == want)
            return;
        sender_wake(s);
        nanosleep(&pause, NULL);
        if (i % 10 == 9)
            __atomic_add_fetch(&world_now, step, __ATOMIC_RELAXED);
    }
    fail_msg("%s: %ld, not %ld", sql, (long)number(w, sql), (long)want);
}

static void
a_mail_is_lost_nowhere_and_doubled_only_as_stated(void **state)
{
    static const char *const how[] = { "ok",      "grey", "busy",  "close",
                                       "garbage", "late", "silent" };
    struct world *w = *state;
    struct gateways g;
    struct sender *s;
    struct held h;
    struct err e = { 0 };

    hold(&h, w->dir);
    g = ways_out(&h);
    assert_true(writer_start(w->w, &e));
    plan(w);
    /* one after the other: what a server does to one, it does to its channel */
    for (size_t i = 0; i < N_OF(how); i++) {
        char to[64], sql[128];

        snprintf(to, sizeof(to), "%s.m@d.example", how[i]);
        address(w, w->manager, to, "", "en");
        report(w, how[i]);
        plan(w);
        world_now = number(w, "SELECT next_at FROM delivery ORDER BY id DESC"
                              " LIMIT 1");
        world_lead(w);
        s = sender_start(w->w, w->dir, &g, world_clock, &e);
        assert_non_null(s);
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM delivery"
                 " WHERE state = 2");
        run_until(w, s, sql, (int64_t)i + 1, 30 * 1000);
        sender_stop(s);
        snprintf(to, sizeof(to), "\"%s.m@d.example", how[i]);
        assert_int_equal(arrived(&h, "\"mail\"", to, "Message-ID"),
                         strcmp(how[i], "late") == 0 ? 2 : 1);
    }
    /* the one that came twice came with the same number */
    assert_int_equal(number(w, "SELECT tries FROM delivery WHERE id = (SELECT"
                               " max(id) FROM delivery)"),
                     2);
    let_go(&h);
}

static void
a_server_that_is_shut_is_called_so_and_asked_again(void **state)
{
    struct world *w = *state;
    struct gateways g;
    struct sender *s;
    struct held h;
    struct err e = { 0 };

    assert_int_equal(setenv("HELD_SHUT", "1", 1), 0);
    hold(&h, w->dir);
    assert_int_equal(unsetenv("HELD_SHUT"), 0);
    g = ways_out(&h);
    assert_true(writer_start(w->w, &e));
    plan(w);
    address(w, w->manager, "ok.m@d.example", "", "en");
    report(w, "shut");
    plan(w);
    world_now = number(w, "SELECT next_at FROM delivery");
    world_lead(w);
    s = sender_start(w->w, w->dir, &g, world_clock, &e);
    assert_non_null(s);
    run_until(w, s,
              "SELECT count(*) FROM delivery WHERE answer = 'SMTP 421'"
              " AND reason LIKE 'not now%' AND tries = 1",
              1, 30 * 1000);
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 2", 1,
              30 * 1000);
    sender_stop(s);
    assert_int_equal(arrived(&h, "\"mail\"", "\"ok.m@d.example", "Message-ID"),
                     1);
    let_go(&h);
}

static void
what_is_refused_is_dead_and_can_be_tried_again(void **state)
{
    struct world *w = *state;
    struct gateways g;
    struct sender *s;
    struct held h;
    struct err e = { 0 };
    struct delivery_ref again = { .tenant = w->tenant };

    hold(&h, w->dir);
    g = ways_out(&h);
    assert_true(writer_start(w->w, &e));
    plan(w);
    address(w, w->manager, "refuse.m@d.example", "", "zh");
    address(w, w->principal, "not an address", "", "");
    report(w, "one");
    plan(w);
    world_now = number(w, "SELECT max(next_at) FROM delivery");
    world_lead(w);
    s = sender_start(w->w, w->dir, &g, world_clock, &e);
    assert_non_null(s);
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 4", 2, 0);
    assert_int_equal(arrived(&h, "\"rcpt\"", "", ""), 1);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery WHERE"
                               " answer = 'SMTP 550' AND reason LIKE 'ref%'"),
                     1);
    /* nothing of an address is kept with it */
    assert_int_equal(number(w, "SELECT count(*) FROM delivery WHERE"
                               " answer LIKE '%@%' OR reason LIKE '%@%'"),
                     0);
    address(w, w->manager, "ok.m@d.example", "", "zh");
    again.id = number(w, "SELECT id FROM delivery WHERE answer = 'SMTP 550'");
    assert_true(writer_run(w->w, delivery_again_job, &again, &e));
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 2", 1, 0);
    assert_false(writer_run(w->w, delivery_again_job, &again, &e));
    sender_stop(s);
    let_go(&h);
}

static int64_t
robot(struct world *w, int64_t kind, const char *url)
{
    struct channel_put p = {
        .tenant = w->tenant,
        .way = { .c = { .org = w->school,
                        .kind = kind,
                        .name = STR("robot"),
                        .kinds = -1,
                        .state = CHANNEL_ON },
                 .url = str_of(url),
                 .secret = STR("SECabc") },
    };
    struct err e = { 0 };
    char text[256];

    if (!writer_run(w->w, channel_put_job, &p, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    return number(w, "SELECT max(id) FROM channel");
}

static void
robots_that_misbehave_lose_nothing(void **state)
{
#define DING  "https://oapi.dingtalk.com/robot/send?access_token="
#define WECOM "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
#define LARK  "https://open.feishu.cn/open-apis/bot/v2/hook/"
    static const struct {
        int64_t kind;
        const char *url;
    } robots[] = {
        { CHAT_DINGTALK, DING "ok" },    { CHAT_DINGTALK, DING "fast" },
        { CHAT_WECOM, WECOM "limit" },   { CHAT_WECOM, WECOM "huge" },
        { CHAT_FEISHU, LARK "garbage" }, { CHAT_FEISHU, LARK "close" },
        { CHAT_FEISHU, LARK "silent" },  { CHAT_WECOM, WECOM "broken" },
    };
    struct world *w = *state;
    struct gateways g;
    struct sender *s;
    struct held h;
    struct err e = { 0 };

    hold(&h, w->dir);
    g = ways_out(&h);
    assert_true(writer_start(w->w, &e));
    plan(w);
    for (size_t i = 0; i < N_OF(robots); i++)
        robot(w, robots[i].kind, robots[i].url);
    robot(w, CHAT_WECOM, WECOM "redirect");
    robot(w, CHAT_DINGTALK, DING "bad");
    report(w, "one <at user_id=\\\"all\\\">");
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 10);
    world_now = number(w, "SELECT max(next_at) FROM delivery");
    world_lead(w);
    s = sender_start(w->w, w->dir, &g, world_clock, &e);
    assert_non_null(s);
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 2", 8,
              60 * 1000);
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 4", 2, 0);
    sender_stop(s);
    assert_int_equal(arrived(&h, "\"http\"", "stolen", ""), 0);
    assert_int_equal(arrived(&h, "\"http\"", "<at", ""), 0);
    assert_int_equal(arrived(&h, "\"http\"", "\"ok\"", "sign="), 1);
    assert_int_equal(arrived(&h, "\"http\"", "\"fast\"", ""), 2);
    /* nothing that they say is kept but their number */
    assert_int_equal(number(w, "SELECT count(*) FROM delivery WHERE"
                               " answer LIKE '%token%'"),
                     0);
    let_go(&h);
}

static void
what_cannot_wait_goes_by_sms_to_who_has_no_mail(void **state)
{
    struct world *w = *state;
    struct gateways g;
    struct sender *s;
    struct held h;
    struct err e = { 0 };
    char key[128];
    FILE *f;

    hold(&h, w->dir);
    g = ways_out(&h);
    snprintf(key, sizeof(key), "%s/key", w->dir);
    assert_non_null(f = fopen(key, "w"));
    fputs("sms-key\n", f);
    fclose(f);
    g.sms_body = "{\"t\":\"{text}\",\"k\":\"{key}\"}";
    g.sms_key_file = key;
    g.sms_ok = "\"errcode\": 0";
    assert_true(writer_start(w->w, &e));
    address(w, w->manager, "", "138 0000-0000", "en");
    plan(w);
    report(w, "wet \"floor\"");
    world_now += 8 * 24 * HOUR;
    assert_true(scheduler_round(w->w, &e));
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 1);
    world_lead(w);
    s = sender_start(w->w, w->dir, &g, world_clock, &e);
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 2", 1, 1000);
    assert_int_equal(
        arrived(&h, "sms?to=13800000000", "Anlan: 1 overdue", "sms-key"), 1);
    /* a gateway that answers 200 and means no; a number that is none */
    g.sms_ok = "never";
    report(w, "two");
    world_now += 8 * 24 * HOUR;
    assert_true(scheduler_round(w->w, &e));
    plan(w);
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 3", 1, 0);
    address(w, w->manager, "", "call me", "en");
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 4", 1,
              60 * 1000);
    sender_stop(s);
    unlink(key);
    let_go(&h);
}

static bool
add_school(struct tx *tx, void *arg, struct err *e)
{
    const struct world *w = arg;
    struct str root = arena_i64(tx->arena, w->root);
    int64_t id;

    return install_change(
        tx, w->tenant, &org_ledger, 0, "add", w->root,
        (const struct input[]){ { STR("name_en"), STR("School Two") },
                                { STR("kind"), STR("junior") },
                                { STR("code"), STR("S2") },
                                { STR("parent"), root } },
        4, &id, e);
}

static void
a_chat_hears_of_its_own_school_only(void **state)
{
    struct world *w = *state;
    struct world other = *w;
    struct err e = { 0 };

    plan(w);
    assert_true(writer_run(w->w, add_school, w, &e));
    other.school = number(w, "SELECT max(id) FROM org");
    robot(&other, CHAT_WECOM, WECOM "other");
    other.school = w->root;
    robot(&other, CHAT_WECOM, WECOM "district");
    report(w, "one");
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 0);
    robot(w, CHAT_WECOM, WECOM "own");
    report(w, "two");
    plan(w);
    assert_int_equal(number(w, "SELECT count(*) FROM delivery"), 1);
    /* told up to the district: its chat hears */
    world_now += 21 * 24 * HOUR; /* a Monday */
    assert_true(scheduler_round(w->w, &e));
    plan(w);
    assert_int_equal(number(w, "SELECT count(DISTINCT channel) FROM delivery"),
                     2);
}

static void
a_robot_is_never_asked_faster_than_it_allows(void **state)
{
    struct world *w = *state;
    struct gateways g;
    struct sender *s;
    struct held h;
    struct err e = { 0 };
    int64_t at, started;

    hold(&h, w->dir);
    g = ways_out(&h);
    assert_true(writer_start(w->w, &e));
    at = robot(w, CHAT_WECOM, WECOM "ok");
    for (int i = 0; i < 25; i++) {
        struct delivery_ref t = { .tenant = w->tenant, .channel = at };

        assert_true(writer_run(w->w, delivery_test_job, &t, &e));
    }
    started = world_now;
    world_lead(w);
    s = sender_start(w->w, w->dir, &g, world_clock, &e);
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 2", 4, 0);
    sender_stop(s);
    /* the bucket is as empty after a restart */
    world_lead(w);
    s = sender_start(w->w, w->dir, &g, world_clock, &e);
    run_until(w, s, "SELECT count(*) FROM delivery WHERE state = 2", 10, 1000);
    assert_true(world_now - started >= 6 * 4000);
    sender_stop(s);
    let_go(&h);
}

static void
a_try_that_was_never_ended_is_made_again(void **state)
{
    struct world *w = *state;
    const struct limit limit = { .burst = 5, .every_ms = 1000 };
    struct delivery_ref d = { .tenant = w->tenant,
                              .channel = CHANNEL_MAIL,
                              .person = w->manager };
    struct delivery_try t = { .tenant = w->tenant,
                              .channel = CHANNEL_MAIL,
                              .limit = &limit,
                              .n_limits = 1 };
    struct delivery due;
    struct err e = { 0 };

    assert_true(writer_run(w->w, delivery_test_job, &d, &e));
    t.id = d.id;
    assert_true(writer_run(w->w, delivery_try_job, &t, &e));
    assert_true(t.taken);
    assert_true(delivery_due(writer_store(w->w), w->tenant, CHANNEL_MAIL,
                             world_now, &due, &e));
    assert_true(due.id == 0); /* nobody else takes it meanwhile */
    assert_true(writer_run(w->w, delivery_try_job, &t, &e));
    assert_false(t.taken);
    world_now += DELIVERY_LEASE_MS;
    assert_true(delivery_due(writer_store(w->w), w->tenant, CHANNEL_MAIL,
                             world_now, &due, &e));
    assert_true(due.id == d.id);
    assert_int_equal(due.tries, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, world_tear_down)
        T(the_night_is_quiet_and_a_digest_comes_on_working_days),
        T(what_happened_becomes_one_digest_for_each),
        T(a_mail_says_what_is_still_so_and_no_names),
        T(what_is_discreet_is_only_a_number),
        T(what_the_public_wrote_is_only_a_number_at_first),
        T(what_is_a_duty_cannot_be_turned_off),
        T(reminders_come_on_working_days_while_something_is_due),
        T(a_plan_that_breaks_off_is_made_again_whole),
        T(a_link_opens_for_its_person_only),
        T(a_mail_is_lost_nowhere_and_doubled_only_as_stated),
        T(a_server_that_is_shut_is_called_so_and_asked_again),
        T(what_is_refused_is_dead_and_can_be_tried_again),
        T(robots_that_misbehave_lose_nothing),
        T(what_cannot_wait_goes_by_sms_to_who_has_no_mail),
        T(a_chat_hears_of_its_own_school_only),
        T(a_robot_is_never_asked_faster_than_it_allows),
        T(a_try_that_was_never_ended_is_made_again),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
