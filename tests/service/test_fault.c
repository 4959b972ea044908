/* Whatever fails on the way: a verification never calls well what it could not
 * read, a copy that lacks a file is none, and nothing happens by half. */
#include "service/world.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/hash.h"
#include "service/backup.h"
#include "service/import.h"
#include "service/proof.h"
#include "service/publish.h"
#include "service/rebuild.h"
#include "service/restore.h"
#include "service/scheduler.h"
#include "service/verify.h"
#include "store/files.h"
#include "store/stmt.h"

enum { CALLS_MAX = 4000 };

static int
remove_one(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)s;
    (void)type;
    (void)f;
    return remove(path);
}

static void
sweep(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
must(bool ok, const struct err *e)
{
    char text[256];

    if (!ok)
        fail_msg("%s", err_text(e, text, sizeof(text)));
}

static const char photo_bytes[] = "not really a photograph";
static int64_t photo, hazard;

static bool
add_photo(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    char tmp[128];
    struct hash h;
    BUF(hex, 128);
    struct file_row f = { .size = sizeof(photo_bytes) - 1,
                          .type = STR("image/png"),
                          .name = STR("a.png"),
                          .added_at = tx->now,
                          .added_by = w->teacher };
    FILE *out;

    snprintf(tmp, sizeof(tmp), "%s/upload", w->dir);
    out = fopen(tmp, "we");
    assert_non_null(out);
    fwrite(photo_bytes, 1, sizeof(photo_bytes) - 1, out);
    fclose(out);
    hash_of(&h, &STR("not really a photograph"), 1);
    hex_put(&hex, hash_str(&h));
    f.id = photo = tx_id(tx);
    f.sha = buf_str(&hex);
    return files_keep(w->dir, w->tenant, tmp, f.sha, e) &&
           files_add(tx->st, w->tenant, &f, e);
}

/* The world with a key, a photograph, a hazard that is overdue, checkpoints. */
static int
set_up(void **state)
{
    struct world *w;
    struct err e = { 0 };
    char id[32];
    struct change c;

    world_now = INT64_C(1785000000000);
    world_set_up(state);
    w = *state;
    must(writer_run(w->w, logkey_make_job, NULL, &e), &e);
    must(writer_run(w->w, add_photo, w, &e), &e);
    snprintf(id, sizeof(id), "%ld", (long)photo);
    c = world_report(
        w,
        (const struct input[]){
            wet_floor[0], wet_floor[1], { STR("photos_before"), str_of(id) } },
        3);
    must(writer_run(w->w, change_job, &c, &e), &e);
    hazard = c.out_id;
    c.input = assigned;
    c.n_inputs = N_OF(assigned);
    assert_true(world_step(w, &c, w->manager, "assign", &e));
    world_now += 7 * MS_PER_HOUR;
    must(scheduler_round(w->w, &e), &e);
    return 0;
}

static int
tear_down(void **state)
{
    struct world *w = *state;
    char dir[64];

    snprintf(dir, sizeof(dir), "%s", w->dir);
    world_tear_down(state);
    sweep(dir);
    return 0;
}

/* ---- reading ------------------------------------------------------------------- */

static void
hear(const struct finding *f, void *arg)
{
    (void)f;
    ++*(int *)arg;
}

static bool
verify(struct world *w, struct store *st, struct err *e)
{
    int heard = 0;
    struct verify v = { .st = st, .dir = w->dir, .found = hear, .arg = &heard };

    return verify_run(&v, e) && heard == 0;
}

static bool
prove(struct world *w, struct store *st, struct err *e)
{
    ARENA(a, 8 << 20);
    struct dir *d = dir_load(st, w->tenant, e);
    struct actor who = { .dir = d, .person = w->principal, .now = world_now };
    struct hazard hz;
    struct loghead *heads;
    struct prover p;
    bool ok;
    BUF(out, 1 << 20);

    if (d == NULL)
        return false;
    assert_non_null(heads = loghead_open(w->dir, 0, e));
    if (!store_rec_get(st, w->tenant, &hazard_ledger, hazard, a, &hz, e) ||
        !prover_init(&p, st, heads, &d->tenant, a, e)) {
        loghead_close(heads);
        dir_free(d);
        return false;
    }
    ok = proof_of_record(&p, &who, &hazard_ledger, &hz, &out, e);
    prover_fini(&p);
    loghead_close(heads);
    dir_free(d);
    return ok;
}

/* Fail the nth call and all behind it, for every n: only the run in which no
 * call failed may say yes. */
static void
every_call_fails(struct world *w,
                 bool (*fn)(struct world *, struct store *, struct err *))
{
    bool through = false;
    int n = 1;

    for (; n < CALLS_MAX && !through; n++) {
        struct err e = { 0 };
        struct store *st = store_open(w->dir, STORE_READ, &e);
        int before, used;
        bool ok;

        must(st != NULL, &e);
        before = store_calls(st);
        store_fault_at(st, n);
        ok = fn(w, st, &e);
        store_fault_at(st, 0);
        used = store_calls(st) - before;
        through = used < n;
        if (ok != through)
            fail_msg("call %d of %d failed, and the answer was %d", n, used,
                     ok);
        if (!ok && e.code != ERR_STORE && e.code != ERR_NONE)
            fail_msg("call %d: error %d", n, (int)e.code);
        store_close(st);
    }
    assert_true(through && n > 5);
}

static void
what_could_not_be_read_is_not_called_well(void **state)
{
    every_call_fails(*state, verify);
}

static void
a_proof_is_whole_or_there_is_none(void **state)
{
    every_call_fails(*state, prove);
}

/* ---- writing -------------------------------------------------------------------- */

static bool
rebuild(struct world *w, struct err *e)
{
    struct rebuild r = { .check = false };

    return rebuild_run(w->w, &r, e);
}

static bool
new_origin(struct world *w, struct err *e)
{
    static int n;
    char name[64];
    struct str origin;

    snprintf(name, sizeof(name), "example.org/n%d", n++);
    origin = str_of(name);
    return writer_run(w->w, restore_new_origin_job, &origin, e);
}

static bool
round_of_the_scheduler(struct world *w, struct err *e)
{
    world_now += 7 * MS_PER_HOUR;
    return scheduler_round(w->w, e);
}

static bool
bring_over(struct world *w, struct err *e)
{
    static int serial;
    struct import_new n = { .tenant = w->tenant,
                            .org = w->school,
                            .person = w->manager,
                            .name = STR("old.csv") };
    struct import_run run = { .writer = w->w,
                              .data_dir = w->dir,
                              .tenant = w->tenant,
                              .org = w->school,
                              .person = w->manager,
                              .head = STR("h|") };
    char path[128];
    FILE *f;
    bool ok;

    snprintf(path, sizeof(path), "%s/old.csv", w->dir);
    f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "部位,隐患,整改资金(元),隐患类别\n食堂,灯%d坏,12.5,消防\n",
            serial++);
    fclose(f);
    n.path = run.path = str_of(path);
    ok = writer_run(w->w, import_add_job, &n, e);
    run.id = n.id;
    ok = ok && import_run(&run, e);
    unlink(path);
    return ok;
}

static void
every_write_fails(struct world *w, bool (*fn)(struct world *, struct err *))
{
    struct store *st;
    bool through = false;
    struct err e = { 0 };
    int n = 1, heard = 0;
    struct verify v = { .dir = w->dir, .found = hear, .arg = &heard };

    for (; n < CALLS_MAX && !through; n++) {
        int before, used;
        bool ok;

        st = writer_store(w->w);
        world_now += 1000;
        before = store_calls(st);
        store_fault_at(st, n);
        ok = fn(w, &e);
        store_fault_at(st, 0);
        used = store_calls(st) - before;
        through = used < n;
        if (ok != through)
            fail_msg("call %d of %d failed, and the answer was %d", n, used,
                     ok);
        world_check(st, w->tenant);
    }
    assert_true(through && n > 5);
    world_reopen(w);
    v.st = store_open(w->dir, STORE_READ, &e);
    must(v.st != NULL, &e);
    must(verify_run(&v, &e), &e);
    store_close(v.st);
    assert_int_equal(heard, 0);
}

static void
rebuilding_is_all_or_nothing(void **state)
{
    every_write_fails(*state, rebuild);
}

static void
a_new_name_of_the_log_is_all_or_nothing(void **state)
{
    every_write_fails(*state, new_origin);
}

static void
a_round_of_the_scheduler_says_what_failed(void **state)
{
    every_write_fails(*state, round_of_the_scheduler);
}

static void
bringing_over_leaves_no_half_chunk(void **state)
{
    every_write_fails(*state, bring_over);
}

/* ---- escalation ------------------------------------------------------------------ */

static int64_t
told(struct world *w, int64_t person)
{
    int64_t n = -1;
    struct err e = { 0 };

    must(stmt_one(writer_store(w->w),
                  stmt_composed(STR("SELECT count(*) FROM outbox WHERE"
                                    " person_id = $1 AND kind = 'escalate'")),
                  ARGS(ARG(person)), NULL, COLS(COL(&n)), &e),
         &e);
    return n;
}

static void
what_is_overdue_climbs_one_step_at_a_time(void **state)
{
    struct world *w = *state;
    struct hazard hz;
    struct err e = { 0 };
    ARENA(a, 1 << 20);
    int64_t was = 0;

    world_now =
        INT64_C(1798700000000); /* 2026-12-31, a day after the deadline */
    for (int day = 0; day < 14; day++) {
        must(scheduler_round(w->w, &e), &e);
        must(scheduler_round(w->w, &e), &e); /* once is enough */
        must(store_rec_get(writer_store(w->w), w->tenant, &hazard_ledger,
                           hazard, a, &hz, &e),
             &e);
        assert_in_range(hz.r.escalated, was, was + 1);
        was = hz.r.escalated;
        if (day == 0) {
            assert_int_equal(hz.r.escalated, 1);
            assert_int_equal(told(w, w->manager), 1);
            assert_int_equal(told(w, w->principal), 0);
        }
        world_now += MS_PER_DAY;
    }
    assert_int_equal(was, 3);
    assert_int_equal(told(w, w->principal), 1);
    assert_int_equal(told(w, w->teacher), 0);
}

static void
the_scheduler_starts_works_and_stops(void **state)
{
    const struct plan_ways ways = { .mail = true };
    struct world *w = *state;
    struct err e = { 0 };
    struct scheduler *s;

    must(writer_start(w->w, &e), &e);
    s = scheduler_start(w->w, w->dir, world_clock, &ways, &e);
    must(s != NULL, &e);
    scheduler_stop(s);
    scheduler_stop(NULL);
    assert_null(scheduler_start(w->w, "/nonexistent", world_clock, &ways, &e));
    assert_int_not_equal(e.code, ERR_NONE);
}

/* ---- copies ------------------------------------------------------------------------ */

static bool
copy_to(const char *from, const char *to, bool with_key, long *n, struct err *e)
{
    struct backup b = { .from = from, .to = to, .with_key = with_key };
    bool ok = backup_copy(&b, e);

    *n = b.files;
    return ok;
}

static void
a_copy_that_lacks_a_file_is_no_copy(void **state)
{
    struct world *w = *state;
    char to[80], files[80];
    struct err e = { 0 };
    long n = 0;

    snprintf(to, sizeof(to), "%s-copy", w->dir);
    snprintf(files, sizeof(files), "%s/files", w->dir);
    must(copy_to(w->dir, to, true, &n, &e), &e);
    assert_int_equal(n, 1);
    sweep(to);
    sweep(files);
    assert_false(copy_to(w->dir, to, true, &n, &e));
    assert_int_equal(e.code, ERR_STORE);
    sweep(to);
}

static bool
disclaim(struct tx *tx, void *arg, struct err *e)
{
    (void)arg;
    return stmt_run(tx->st,
                    stmt_composed(STR("UPDATE attachment SET record_id = 0")),
                    NULL, 0, NULL, e);
}

static void
an_upload_nobody_claimed_may_be_gone(void **state)
{
    struct world *w = *state;
    char to[80], files[80];
    struct err e = { 0 };
    long n = 0;

    must(writer_run(w->w, disclaim, NULL, &e), &e);
    snprintf(to, sizeof(to), "%s-copy", w->dir);
    snprintf(files, sizeof(files), "%s/files", w->dir);
    sweep(files);
    must(copy_to(w->dir, to, false, &n, &e), &e);
    assert_int_equal(n, 0);
    sweep(to);
}

static void
a_copy_says_why_it_cannot_be_made(void **state)
{
    struct world *w = *state;
    char to[80], key[96], moved[96];
    char *deep = calloc(1, 3200);
    struct err e = { 0 };
    long n = 0;

    assert_non_null(deep);
    memset(deep, 'x', 3100);
    snprintf(to, sizeof(to), "%s-copy", w->dir);
    assert_false(copy_to(w->dir, deep, false, &n, &e));
    assert_int_equal(e.code, ERR_INVALID);
    assert_false(copy_to(w->dir, "/nonexistent/copy", false, &n, &e));
    assert_int_equal(e.code, ERR_STORE);
    assert_false(copy_to("/nonexistent", to, false, &n, &e));
    assert_int_not_equal(e.code, ERR_NONE);
    sweep(to);
    /* a key that cannot be read is an error, one that is not there is none */
    snprintf(key, sizeof(key), "%s/log.key", w->dir);
    snprintf(moved, sizeof(moved), "%s/log.key.away", w->dir);
    assert_int_equal(rename(key, moved), 0);
    must(copy_to(w->dir, to, true, &n, &e), &e);
    sweep(to);
    assert_int_equal(mkdir(key, 0700), 0);
    assert_false(copy_to(w->dir, to, true, &n, &e));
    assert_int_equal(e.code, ERR_STORE);
    sweep(to);
    assert_int_equal(rmdir(key), 0);
    assert_int_equal(symlink("log.key", key), 0); /* to itself */
    assert_false(copy_to(w->dir, to, true, &n, &e));
    assert_int_equal(e.code, ERR_STORE);
    sweep(to);
    free(deep);
}

static void
a_finished_copy_gets_its_name_and_takes_no_others(void **state)
{
    struct world *w = *state;
    char tmp[80], to[80], full[96];
    struct err e = { 0 };
    long n = 0;

    snprintf(tmp, sizeof(tmp), "%s-tmp", w->dir);
    snprintf(to, sizeof(to), "%s-copy", w->dir);
    snprintf(full, sizeof(full), "%s/x", to);
    must(copy_to(w->dir, tmp, false, &n, &e), &e);
    assert_int_equal(mkdir(to, 0700), 0);
    assert_int_equal(mkdir(full, 0700), 0);
    assert_false(backup_rename(tmp, to, &e));
    assert_int_equal(e.code, ERR_STORE);
    assert_int_equal(rmdir(full), 0);
    must(backup_rename(tmp, to, &e), &e);
    assert_int_equal(access(tmp, F_OK), -1);
    sweep(to);
}

/* ---- the key ------------------------------------------------------------------------ */

static void
put_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int
findings(struct world *w)
{
    int heard = 0;
    struct err e = { 0 };
    struct verify v = { .dir = w->dir, .found = hear, .arg = &heard };

    v.st = store_open(w->dir, STORE_READ, &e);
    must(v.st != NULL, &e);
    must(verify_run(&v, &e), &e);
    store_close(v.st);
    return heard;
}

static void
a_key_that_is_gone_broken_or_anothers_is_noticed(void **state)
{
    struct world *w = *state, other;
    void *second = NULL;
    char key[96], moved[96], theirs[96];
    struct str origin = STR("test/two"), same = STR("test/one"),
               bad = STR("with blank");
    struct restore_proof none = { NULL, 0 };
    struct err e = { 0 };

    snprintf(key, sizeof(key), "%s/log.key", w->dir);
    snprintf(moved, sizeof(moved), "%s/log.key.away", w->dir);
    /* it is there: making it again changes nothing */
    must(writer_run(w->w, logkey_make_job, NULL, &e), &e);
    assert_int_equal(findings(w), 0);
    assert_int_equal(rename(key, moved), 0);
    assert_false(writer_run(w->w, logkey_make_job, NULL, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_false(writer_run(w->w, restore_continue_job, &none, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_int_equal(findings(w), 0); /* a copy need not have it */
    put_text(key, "no key at all\n");
    assert_false(writer_run(w->w, logkey_make_job, NULL, &e));
    assert_int_equal(e.code, ERR_STORE);
    assert_true(findings(w) > 0);
    world_now += 7 * MS_PER_HOUR;
    assert_false(writer_run(w->w, publish_job, &w->tenant, &e));
    assert_int_equal(e.code, ERR_STORE);
    /* another installation's */
    world_set_up(&second);
    other = *(struct world *)second;
    must(writer_run(other.w, logkey_make_job, NULL, &e), &e);
    snprintf(theirs, sizeof(theirs), "%s/log.key", other.dir);
    assert_int_equal(unlink(key), 0);
    assert_int_equal(rename(theirs, key), 0);
    assert_true(findings(w) > 0);
    assert_false(writer_run(w->w, restore_continue_job, &none, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_false(writer_run(w->w, publish_job, &w->tenant, &e));
    assert_int_equal(e.code, ERR_STORE);
    assert_int_equal(rename(moved, key), 0);
    must(writer_run(w->w, publish_job, &w->tenant, &e), &e);
    /* a new name must be one, and new */
    assert_false(writer_run(w->w, restore_new_origin_job, &bad, &e));
    assert_int_equal(e.code, ERR_INVALID);
    assert_false(writer_run(w->w, restore_new_origin_job, &same, &e));
    assert_int_equal(e.code, ERR_INVALID);
    must(writer_run(w->w, restore_new_origin_job, &origin, &e), &e);
    assert_int_equal(findings(w), 0);
    world_tear_down(&second);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(what_could_not_be_read_is_not_called_well),
        T(a_proof_is_whole_or_there_is_none),
        T(rebuilding_is_all_or_nothing),
        T(a_new_name_of_the_log_is_all_or_nothing),
        T(a_round_of_the_scheduler_says_what_failed),
        T(bringing_over_leaves_no_half_chunk),
        T(what_is_overdue_climbs_one_step_at_a_time),
        T(the_scheduler_starts_works_and_stops),
        T(a_copy_that_lacks_a_file_is_no_copy),
        T(an_upload_nobody_claimed_may_be_gone),
        T(a_copy_says_why_it_cannot_be_made),
        T(a_finished_copy_gets_its_name_and_takes_no_others),
        T(a_key_that_is_gone_broken_or_anothers_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
