/* Bringing over, lists and secrets, at the level of services. */
#include "service/world.h"

#include <stdio.h>
#include <unistd.h>

#include "domain/notice.h"
#include "service/actor.h"
#include "service/device.h"
#include "service/import.h"
#include "service/token.h"
#include "store/stmt.h"

static const char ledger[] =
    "学校名称,检查部位,存在问题,整改措施,整改期限,"
    "整改情况\n"
    "School One,食堂,地面湿滑,铺垫,2026-12-01,已整改\n"
    "School One,操场,球门未固定,打地锚,立即整改,整改中\n"
    ",门卫室,灭火器压力不足,更换,2026-12-05,\n";

static int64_t
bring(struct world *w, const char *text, bool clean, struct import_row *row)
{
    struct import_new n = { .tenant = w->tenant,
                            .org = w->school,
                            .person = w->manager,
                            .name = STR("old.csv") };
    char path[128];
    struct err e = { 0 };
    struct import_run run;
    FILE *f;
    static char memory[4096];
    ARENA(a, sizeof(memory));

    snprintf(path, sizeof(path), "%s/old.csv", w->dir);
    f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    n.path = str_of(path);
    assert_true(writer_run(w->w, import_add_job, &n, &e));
    run = (struct import_run){ .writer = w->w,
                               .data_dir = w->dir,
                               .tenant = w->tenant,
                               .id = n.id,
                               .org = w->school,
                               .person = w->manager,
                               .clean_only = clean,
                               .path = n.path,
                               .head = STR("h|"),
                               .mapping = STR("2=description") };
    if (!import_run(&run, &e))
        assert_int_not_equal(e.code, ERR_NONE);
    unlink(path);
    assert_true(import_get(writer_store(w->w), w->tenant, n.id, a, row, &e));
    return n.id;
}

static void
the_same_file_twice_adds_nothing(void **state)
{
    struct world *w = *state;
    struct import_row row;
    struct str columns;
    struct err e = { 0 };
    ARENA(a, 4096);

    bring(w, ledger, false, &row);
    assert_int_equal(row.state, IMPORT_DONE);
    assert_int_equal(row.done, 3);
    bring(w, ledger, false, &row);
    assert_int_equal(row.done, 0);
    assert_int_equal(row.skipped, 3);
    assert_int_equal(world_check(writer_store(w->w), w->tenant), 3);
    assert_true(import_mapping_get(writer_store(w->w), w->tenant, w->school,
                                   STR("h|"), a, &columns, &e));
    assert_true(str_is(columns, "2=description"));
}

static void
a_row_of_a_school_that_is_not_known_is_a_doubt(void **state)
{
    static const char strange[] = "学校名称,检查部位,存在问题\n"
                                  "School One,食堂,地面湿滑\n"
                                  "第九十九小学,操场,球门未固定\n";
    struct world *w = *state;
    struct err e = { 0 };
    struct import_row row;
    struct dir *d = dir_load(writer_store(w->w), w->tenant, &e);
    struct actor who = { .dir = d, .person = w->manager, .now = world_now };
    bool known;

    assert_non_null(d);
    assert_int_equal(
        import_school(&who, STR("第九十九小学"), w->school, &known), w->school);
    assert_false(known);
    assert_int_equal(import_school(&who, STR(" School One"), w->root, &known),
                     w->school);
    assert_true(known);
    assert_int_equal(import_school(&who, STR(""), w->school, &known),
                     w->school);
    assert_true(known);
    /* the district's own name in other words is no school either */
    import_school(&who, STR("一中"), w->root, &known);
    assert_false(known);
    dir_free(d);
    bring(w, strange, true, &row);
    assert_int_equal(row.done, 1);
    assert_int_equal(row.skipped, 1);
    /* what was left out for a doubt can still be brought over */
    bring(w, strange, false, &row);
    assert_int_equal(row.done, 1);
}

static void
rows_alike_in_one_file_are_both_kept(void **state)
{
    struct world *w = *state;
    struct import_row row;

    bring(w, "存在问题,整改措施\n门锁损坏,更换\n门锁损坏,更换\n窗户破损,更换\n",
          false, &row);
    assert_int_equal(row.done, 3);
}

static void
rows_alike_are_kept_across_chunks_and_known_again(void **state)
{
    struct world *w = *state;
    struct import_row row;
    BUF(b, 1 << 20);

    buf_puts(&b, "存在问题,整改措施\n");
    for (int i = 0; i < 700; i++)
        buf_puts(&b, "走廊灯管损坏,更换\n");
    bring(w, b.p, false, &row);
    assert_int_equal(row.done, 700);
    bring(w, b.p, false, &row);
    assert_int_equal(row.done, 0);
    assert_int_equal(row.skipped, 700);
}

static void
a_file_that_is_none_fails_and_leaves_nothing(void **state)
{
    struct world *w = *state;
    struct import_row row;

    bring(w, "\x89PNG\r\n\x1a\n", false, &row);
    assert_int_equal(row.state, IMPORT_FAILED);
    assert_int_equal(row.done, 0);
    assert_true(row.message.n > 0);
}

static void
count(struct world *w, struct list_query *q, int64_t want)
{
    struct err e = { 0 };
    size_t n, seen = 0;
    int64_t counted;
    bool more = true;
    void *recs;

    q->tenant = w->tenant;
    q->ledger = &hazard_ledger;
    q->limit = 2;
    assert_true(store_list_count(writer_store(w->w), q, 1000, &counted, &e));
    assert_int_equal(counted, want);
    while (more) {
        ARENA(a, 1 << 20);
        const struct rec *last;

        assert_true(store_list(writer_store(w->w), q, a, &recs, &n, &more, &e));
        seen += n;
        if (n == 0)
            break;
        last =
            (const void *)((const char *)recs + (n - 1) * hazard_ledger.size);
        q->after_id = last->id;
        q->after_key = last->due_at;
    }
    assert_int_equal(seen, want);
}

static void
a_list_paged_by_key_holds_every_row_once(void **state)
{
    static const uint64_t open = IN(HZ_REPORTED) | IN(HZ_RECTIFYING);
    struct world *w = *state;
    struct import_row row;
    const int64_t orgs[] = { w->root, w->school };
    const int64_t nowhere[] = { 1, 2 };
    BUF(match, 256);

    bring(w, ledger, false, &row);
    store_match(&match, w->tenant, &hazard_ledger, STR("灭火器"));
    count(w, &(struct list_query){ .all = true }, 3);
    count(w, &(struct list_query){ .all = true, .sort = SORT_OLD }, 3);
    count(w, &(struct list_query){ .all = true, .states = open }, 2);
    count(w,
          &(struct list_query){ .all = true, .states = open, .sort = SORT_DUE },
          2);
    count(w, &(struct list_query){ .all = true, .states = IN(HZ_CLOSED) }, 1);
    count(w, &(struct list_query){ .org = orgs, .n_org = 2 }, 3);
    count(w, &(struct list_query){ .org = orgs, .n_org = 1 }, 0);
    count(w, &(struct list_query){ .org = nowhere, .n_org = 2 }, 0);
    count(w, &(struct list_query){ 0 }, 0);
    count(w, &(struct list_query){ .all = true, .match = buf_str(&match) }, 1);
    count(w,
          &(struct list_query){ .all = true,
                                .due_before = world_now + MS_PER_DAY * 400 },
          2);
    count(w, &(struct list_query){ .all = true, .since_from = world_now + 1 },
          0);
}

static void
the_age_of_an_old_finding_counts_from_its_day(void **state)
{
    static const char old[] = "检查部位,检查日期,存在问题,整改情况\n"
                              "食堂,2026-01-05,地面湿滑,整改中\n"
                              "操场,,球门未固定,整改中\n";
    const struct field *day = ledger_field(&hazard_ledger, STR("found_on"));
    struct world *w = *state;
    struct import_row row;

    bring(w, old, false, &row);
    assert_int_equal(row.done, 2);
    count(w,
          &(struct list_query){ .all = true,
                                .since_from = world_now - 90 * MS_PER_DAY },
          2);
    count(w,
          &(struct list_query){ .all = true,
                                .since_from = world_now - 90 * MS_PER_DAY,
                                .since_day = day },
          1);
    count(w,
          &(struct list_query){ .all = true,
                                .since_until = world_now - 90 * MS_PER_DAY,
                                .since_day = day },
          1);
}

static void
a_password_a_link_and_a_token_work_once_or_until_they_end(void **state)
{
    struct world *w = *state;
    struct store *st = writer_store(w->w);
    struct once_new once = { .tenant = w->tenant, .person = w->teacher };
    struct token_new tok = { .tenant = w->tenant,
                             .person = w->teacher,
                             .kind = TOKEN_OWN,
                             .name = STR("t"),
                             .scopes = STR("read") };
    struct session_new ses = { .tenant = w->tenant, .person = w->teacher };
    struct session_end end = { .tenant = w->tenant, .person = w->teacher };
    struct password_set set = { .tenant = w->tenant, .person = w->teacher };
    struct account acct;
    struct session found;
    struct token token;
    struct str renewed;
    struct err e = { 0 };
    char hash[128];
    ARENA(a, 1 << 16);

    assert_true(writer_run(w->w, once_new_job, &once, &e));
    assert_true(once_find(st, str_of(once.secret), world_now, &acct, &e));
    assert_int_equal(acct.person, w->teacher);
    assert_false(once_find(st, str_of(once.secret),
                           world_now + 73 * MS_PER_HOUR, &acct, &e));
    assert_false(account_check_password(STR("short"), STR("x"), &e));
    assert_false(account_check_password(STR("teacher-teacher"),
                                        STR("teacher-teacher"), &e));
    assert_true(account_check_password(STR("vier gute worte"), STR("x"), &e));
    assert_true(account_hash(STR("vier gute worte"), hash, &e));
    assert_true(writer_run(w->w, session_add_job, &ses, &e));
    set.hash = hash;
    set.keep = str_of(ses.secret);
    assert_true(writer_run(w->w, password_set_job, &set, &e));
    assert_false(once_find(st, str_of(once.secret), world_now, &acct, &e));
    assert_true(account_find(st, STR("teacher"), a, &acct, &e));
    assert_true(account_verify(acct.hash, STR("vier gute worte")));
    assert_false(account_verify(acct.hash, STR("vier gute Worte")));
    assert_false(account_verify(STR(""), STR("")));
    /* its own session goes on under another secret */
    renewed = str_of(set.secret);
    assert_false(
        session_find(st, str_of(ses.secret), world_now, a, &found, &e));
    assert_true(session_find(st, renewed, world_now, a, &found, &e));
    assert_false(
        session_find(st, renewed, world_now + 91 * MS_PER_DAY, a, &found, &e));
    end.everywhere = true;
    assert_true(writer_run(w->w, session_end_job, &end, &e));
    assert_false(session_find(st, renewed, world_now, a, &found, &e));
    tok.until = world_now + MS_PER_DAY;
    assert_true(writer_run(w->w, token_add_job, &tok, &e));
    assert_true(token_find(st, str_of(tok.text), world_now, a, &token, &e));
    assert_false(token_find(st, str_of(tok.text), world_now + 2 * MS_PER_DAY, a,
                            &token, &e));
    assert_false(token_find(st, STR("x"), world_now, a, &token, &e));
    /* one sign mistyped is told without a look at the database */
    tok.text[20] = tok.text[20] == 'a' ? 'b' : 'a';
    assert_false(token_find(st, str_of(tok.text), world_now, a, &token, &e));
    assert_string_equal(e.msg, "This is not a token of Anlan: is it whole?");
}

/* Whoever comes second with a link finds that it was used. */
static void
a_link_sets_one_password_however_many_use_it(void **state)
{
    struct world *w = *state;
    struct once_new once = { .tenant = w->tenant, .person = w->teacher };
    struct password_set set = { .tenant = w->tenant,
                                .person = w->teacher,
                                .hash = "$first" };
    struct account acct;
    struct err e = { 0 };
    ARENA(a, 1 << 16);

    assert_true(writer_run(w->w, once_new_job, &once, &e));
    set.once = str_of(once.secret);
    assert_true(writer_run(w->w, password_set_job, &set, &e));
    for (int i = 0; i < 4; i++) {
        set.hash = "$later";
        assert_false(writer_run(w->w, password_set_job, &set, &e));
        assert_int_equal(e.code, ERR_MISSING);
    }
    assert_true(account_find(writer_store(w->w), STR("teacher"), a, &acct, &e));
    assert_true(str_is(acct.hash, "$first"));
}

static void
a_new_password_ends_pins_and_own_tokens(void **state)
{
    struct world *w = *state;
    struct store *st = writer_store(w->w);
    struct token_new own = { .tenant = w->tenant,
                             .person = w->teacher,
                             .kind = TOKEN_OWN,
                             .name = STR("own"),
                             .scopes = STR("read") },
                     old = own;
    struct pin_set pin = { .tenant = w->tenant,
                           .person = w->teacher,
                           .hash = "$pin" };
    struct password_set set = { .tenant = w->tenant,
                                .person = w->teacher,
                                .hash = "$new" };
    struct token found;
    struct str hash;
    struct err e = { 0 };
    ARENA(a, 1 << 16);

    old.kind = TOKEN_OLD;
    assert_true(writer_run(w->w, token_add_job, &own, &e));
    assert_true(writer_run(w->w, token_add_job, &old, &e));
    assert_true(writer_run(w->w, pin_set_job, &pin, &e));
    assert_true(pin_find(st, w->tenant, w->teacher, a, &hash, &e));
    assert_true(token_find(st, str_of(own.text), world_now, a, &found, &e));
    assert_true(writer_run(w->w, password_set_job, &set, &e));
    assert_false(pin_find(st, w->tenant, w->teacher, a, &hash, &e));
    assert_false(token_find(st, str_of(own.text), world_now, a, &found, &e));
    assert_true(token_find(st, str_of(old.text), world_now, a, &found, &e));
}

/* Ninety days at most, and thirty without use. */
static void
a_session_that_nobody_uses_is_over(void **state)
{
    struct world *w = *state;
    struct store *st = writer_store(w->w);
    struct session_new ses = { .tenant = w->tenant, .person = w->teacher };
    const int64_t was = world_now;
    struct session s;
    struct session_use use;
    struct err e = { 0 };
    ARENA(a, 1 << 16);

    assert_true(writer_run(w->w, session_add_job, &ses, &e));
    assert_true(
        session_find(st, str_of(ses.secret), was + 29 * MS_PER_DAY, a, &s, &e));
    assert_false(
        session_find(st, str_of(ses.secret), was + 31 * MS_PER_DAY, a, &s, &e));
    assert_int_equal(e.code, ERR_SIGN_IN);
    assert_true(session_is_stale(&s, was + 2 * MS_PER_HOUR));
    assert_false(session_is_stale(&s, was + MS_PER_HOUR / 2));
    world_now = was + 29 * MS_PER_DAY;
    use.hash = s.hash;
    assert_true(writer_run(w->w, session_use_job, &use, &e));
    assert_true(
        session_find(st, str_of(ses.secret), was + 58 * MS_PER_DAY, a, &s, &e));
    assert_false(
        session_find(st, str_of(ses.secret), was + 60 * MS_PER_DAY, a, &s, &e));
    world_now = was;
}

static void
a_scope_is_a_ledger_and_a_verb(void **state)
{
    const struct ledger *hz = &hazard_ledger, *nt = &notice_ledger;
    struct err e = { 0 };

    (void)state;
    assert_true(token_scope_has(STR("read"), hz, "read"));
    assert_true(token_scope_has(STR("read"), NULL, "read"));
    assert_true(token_scope_has(STR("read"), hz, "see_people"));
    assert_false(token_scope_has(STR("read"), hz, "export"));
    assert_false(token_scope_has(STR("read"), hz, "report"));
    assert_false(token_scope_has(STR("hazard:read"), nt, "read"));
    assert_false(token_scope_has(STR("hazard:read"), NULL, "read"));
    assert_true(token_scope_has(STR("hazard:*"), hz, "accept"));
    assert_true(token_scope_has(STR("write"), hz, "export"));
    assert_false(token_scope_has(STR("write"), hz, "sign"));
    assert_false(token_scope_has(STR("hazard:*"), hz, "sign"));
    assert_true(token_scope_has(STR("hazard:* hazard:sign"), hz, "sign"));
    assert_true(token_scope_has(STR("*:sign"), nt, "sign"));
    assert_false(token_scope_writes(STR("read hazard:export")));
    assert_true(token_scope_writes(STR("read hazard:files")));
    assert_true(token_scope_check(STR("read write sign"), &e));
    assert_true(token_scope_check(STR("hazard:accept *:erase"), &e));
    assert_false(token_scope_check(STR("hazard:issue"), &e));
    assert_false(token_scope_check(STR("dragon:read"), &e));
    assert_false(token_scope_check(STR("writ"), &e));
    assert_false(token_scope_check(STR(""), &e));
    assert_false(token_scope_check(STR(":"), &e));
}

static void
nobody_reads_or_steps_beyond_his_post(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    struct dir *d = dir_load(writer_store(w->w), w->tenant, &e);
    struct actor teacher = { .dir = d, .person = w->teacher, .now = world_now };
    struct actor nobody = { .dir = d, .person = 1, .now = world_now };
    struct scope sc;
    ARENA(a, 1 << 16);

    assert_non_null(d);
    assert_true(actor_may(&teacher, &hazard_ledger, "read", w->school));
    assert_false(actor_may(&teacher, &hazard_ledger, "read", w->root));
    assert_false(actor_may(&teacher, &hazard_ledger, "export", w->school));
    assert_false(actor_may_somewhere(&nobody, &hazard_ledger, "read"));
    assert_true(actor_scope(&teacher, &hazard_ledger, "read", a, &sc, &e));
    assert_false(sc.all);
    assert_int_equal(sc.n, 1);
    assert_true(actor_scope(&nobody, &hazard_ledger, "read", a, &sc, &e));
    assert_int_equal(sc.n, 0);
    dir_free(d);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        T(the_same_file_twice_adds_nothing),
        T(a_row_of_a_school_that_is_not_known_is_a_doubt),
        T(rows_alike_in_one_file_are_both_kept),
        T(rows_alike_are_kept_across_chunks_and_known_again),
        T(a_file_that_is_none_fails_and_leaves_nothing),
        T(a_list_paged_by_key_holds_every_row_once),
        T(the_age_of_an_old_finding_counts_from_its_day),
        T(a_password_a_link_and_a_token_work_once_or_until_they_end),
        T(a_link_sets_one_password_however_many_use_it),
        T(a_new_password_ends_pins_and_own_tokens),
        T(a_session_that_nobody_uses_is_over),
        cmocka_unit_test(a_scope_is_a_ledger_and_a_verb),
        T(nobody_reads_or_steps_beyond_his_post),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
