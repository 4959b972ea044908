/* What was given out of a log binds it: nobody gets two stories. */
#include "service/world.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/backup.h"
#include "service/logkey.h"
#include "service/place.h"
#include "service/proof.h"
#include "service/publish.h"
#include "service/restore.h"
#include "service/verify.h"
#include "store/folder.h"
#include "store/stmt.h"

static void
job(struct writer *w, bool (*fn)(struct tx *, void *, struct err *), void *arg)
{
    struct err e = { 0 };

    world_must(writer_run(w, fn, arg, &e), &e);
}

static void
publish(struct world *w, struct writer *at)
{
    world_now += PUBLISH_HOURS * MS_PER_HOUR;
    job(at, publish_job, &w->tenant);
}

static struct str
newest(struct world *w, struct arena *a)
{
    struct err e = { 0 };
    int64_t at, size;
    struct str note = STR("");

    world_must(stmt_one(writer_store(w->w), &stmts[Q_CHECKPOINT_LAST],
                        ARGS(ARG(w->tenant)), a,
                        COLS(COL(&at), COL(&size), COL(&note)), &e),
               &e);
    return note;
}

static int
set_up(void **state)
{
    int rc = world_set_up(state);
    struct world *w = *state;

    job(w->w, logkey_make_job, NULL);
    publish(w, w->w);
    return rc;
}

static void
copied(const struct world *w, char dir[64])
{
    struct err e = { 0 };
    struct backup b = { .from = w->dir, .to = dir, .with_key = true };

    snprintf(dir, 64, "%.40s-copy", w->dir);
    world_wipe(dir);
    world_must(backup_copy(&b, &e), &e);
}

static void
report(struct world *w, struct writer *at)
{
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));

    job(at, change_job, &c);
}

/* What verify says of that folder when it is shown the note. */
static void
shown(const char *dir, struct str note, const char *want)
{
    struct verify_outside o = { .name = STR("kept.txt"),
                                .note = note,
                                .at_ms = world_now };
    struct verify v = { .dir = dir, .outside = &o, .n_outside = 1 };
    struct world_heard h = { .want = want };

    world_listen(&v, &h);
    if (want == NULL ? h.all.n > 0 : !h.wanted)
        fail_msg("wanted %s, heard: %.*s", want == NULL ? "nothing" : want,
                 STR_ARG(buf_str(&h.all)));
    buf_fini(&h.all);
}

static void
a_checkpoint_kept_outside_names_what_was_put_back(void **state)
{
    struct world *w = *state;
    ARENA(a, 64 * 1024);
    struct str old = newest(w, a), note, bad;
    struct err e = { 0 };
    struct writer *x;
    char dir[64];

    copied(w, dir);
    report(w, w->w);
    publish(w, w->w);
    note = newest(w, a);
    bad = arena_dup(a, note);
    ((char *)(uintptr_t)bad.p)[bad.n - 10] ^= 1;
    shown(w->dir, note, NULL);
    shown(w->dir, old, NULL);
    shown(w->dir, bad, "kept.txt is no checkpoint that a log of this");
    shown(dir, old, NULL);
    shown(dir, note, "an older database was put back");
    x = writer_new(dir, world_clock, &e);
    world_must(x != NULL, &e);
    for (int i = 0; i < 3; i++)
        report(w, x);
    publish(w, x);
    writer_free(x);
    shown(dir, note, "it tells another story");
    shown(dir, old, NULL);
    world_wipe(dir);
}

/* ---- between two checkpoints --------------------------------------------------------- */

static struct loghead *
heads_of(const char *dir, struct writer *w)
{
    struct err e = { 0 };
    struct loghead *h = loghead_open(dir, 0, &e);

    world_must(h != NULL && loghead_begin(h, w, &e), &e);
    return h;
}

/* Somebody takes a proof along: a head of now is signed. */
static bool
proven(struct world *w, const char *dir, struct loghead *h, struct err *e)
{
    struct store *st = store_open(dir, STORE_READ, e);
    struct tenant *list = NULL;
    struct prover p;
    ARENA(a, 1 << 20);
    size_t n;
    bool ok;

    world_must(st != NULL && tenants_read(st, a, &list, &n, e), e);
    assert_int_equal(list[0].id, w->tenant);
    ok = prover_init(&p, st, h, &list[0], a, e);
    prover_fini(&p);
    store_close(st);
    return ok;
}

static struct str
file_of(const char *dir, const char *name, struct arena *a)
{
    char path[128], text[2048];
    size_t n;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    if ((f = fopen(path, "r")) == NULL)
        return STR("");
    n = fread(text, 1, sizeof(text), f);
    fclose(f);
    return arena_dup(a, (struct str){ text, n });
}

static void
put_file(const char *dir, const char *name, struct str bytes)
{
    struct err e = { 0 };

    world_must(folder_replace(dir, name, bytes, &e), &e);
}

static struct writer *
put_back(const char *dir)
{
    struct err e = { 0 };
    struct writer *x = writer_new(dir, world_clock, &e);

    world_must(x != NULL, &e);
    job(x, restore_mark_job, NULL);
    writer_free(x);
    x = writer_new(dir, world_clock, &e);
    world_must(x != NULL, &e);
    return x;
}

static void
refused(struct writer *x, struct restore_proof *p, const char *why)
{
    struct err e = { 0 };
    char text[512];

    assert_false(writer_run(x, restore_continue_job, p, &e));
    if (strstr(err_text(&e, text, sizeof(text)), why) == NULL)
        fail_msg("wanted \"%s\", heard \"%s\"", why, text);
}

/* A backup, five more events, a proof of the newest; then the backup is put
 * back, with the newest checkpoint that was ever published. */
static void
a_copy_older_than_a_proof_does_not_go_on(void **state)
{
    struct world *w = *state;
    ARENA(a, 64 * 1024);
    struct str note = newest(w, a), origin = STR("test/two"), kept;
    struct restore_proof p = { &note, 1 };
    struct loghead *h = heads_of(w->dir, w->w);
    struct err e = { 0 };
    struct writer *x;
    char dir[64];

    report(w, w->w);
    world_must(proven(w, w->dir, h, &e), &e);
    copied(w, dir);
    assert_int_equal(file_of(dir, "log.head", a).n, 0); /* in no copy */
    kept = file_of(w->dir, "log.head", a);
    for (int i = 0; i < 5; i++)
        report(w, w->w);
    x = put_back(dir);
    refused(x, &p, "Put log.head back");
    put_file(dir, "log.head", file_of(w->dir, "log.head", a));
    job(x, restore_continue_job, &p); /* nothing was given away since */
    job(x, restore_mark_job, NULL);
    world_must(proven(w, w->dir, h, &e), &e);
    assert_false(str_eq(kept, file_of(w->dir, "log.head", a)));
    put_file(dir, "log.head", file_of(w->dir, "log.head", a));
    refused(x, &p, "it is older than what was given away");
    put_file(dir, "log.head",
             kept); /* what another server signed counts, too */
    put_file(dir, "log.head.3", file_of(w->dir, "log.head", a));
    refused(x, &p, "it is older than what was given away");
    put_file(dir, "log.head", STR("x\n"));
    refused(x, &p, "is damaged");
    put_file(dir, "log.head", kept);
    job(x, restore_new_origin_job, &origin);
    origin = STR("test/one");
    assert_false(writer_run(x, restore_new_origin_job, &origin, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    writer_free(x);
    loghead_close(h);
    world_wipe(dir);
}

/* Under its new name a log has published nothing yet. */
static void
the_old_names_checkpoint_is_not_served(void **state)
{
    struct world *w = *state;
    ARENA(a, 1 << 20);
    struct str origin = STR("test/two");
    struct tenant *list;
    struct published p;
    struct err e = { 0 };
    size_t n;

    world_must(tenants_read(writer_store(w->w), a, &list, &n, &e), &e);
    world_must(publish_newest(writer_store(w->w), &list[0], a, &p, &e), &e);
    assert_int_equal(p.size, 64);
    job(w->w, restore_new_origin_job, &origin);
    world_must(tenants_read(writer_store(w->w), a, &list, &n, &e), &e);
    world_must(publish_newest(writer_store(w->w), &list[0], a, &p, &e), &e);
    assert_int_equal(p.size, 0);
    publish(w, w->w);
    world_must(publish_newest(writer_store(w->w), &list[0], a, &p, &e), &e);
    assert_int_equal(p.size, 128);
}

/* A database file that is put back in place, past restore: nothing is signed. */
static void
a_server_signs_no_second_story(void **state)
{
    struct world *w = *state;
    ARENA(a, 64 * 1024);
    struct loghead *h = heads_of(w->dir, w->w);
    struct err e = { 0 };
    struct writer *x;
    char dir[64];

    copied(w, dir);
    report(w, w->w);
    world_must(proven(w, w->dir, h, &e), &e);
    world_must(proven(w, w->dir, h, &e), &e);
    put_file(dir, "log.head", file_of(w->dir, "log.head", a));
    loghead_close(h);
    x = writer_new(dir, world_clock, &e);
    world_must(x != NULL, &e);
    h = heads_of(dir, x);
    for (int i = 0; i < 4; i++)
        report(w, x);
    assert_false(proven(w, dir, h, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    writer_free(x);
    loghead_close(h);
    shown(dir, newest(w, a), "it tells another story");
    world_wipe(dir);
}

static void
the_file_comes_back_and_forgets_nothing(void **state)
{
    struct world *w = *state;
    ARENA(a, 64 * 1024);
    struct loghead *h = heads_of(w->dir, w->w), *other;
    struct str first = file_of(w->dir, "log.head", a), line;
    struct hash root = { { 1 } };
    struct err e = { 0 };
    char path[128];

    assert_true(str_starts(first, STR("test/one/one ")));
    world_must(loghead_reach(h, STR("test/one/one"), 9000, &root, &e), &e);
    other = loghead_open(w->dir, 0, &e);
    world_must(loghead_reach(other, STR("test/one/two"), 7, &root, &e), &e);
    /* smaller than what it noted: no file is written */
    snprintf(path, sizeof(path), "%s/log.head", w->dir);
    assert_int_equal(unlink(path), 0);
    world_must(loghead_reach(h, STR("test/one/one"), 8999, &root, &e), &e);
    assert_int_equal(file_of(w->dir, "log.head", a).n, 0);
    world_must(loghead_reach(h, STR("test/one/one"), 9001, &root, &e), &e);
    line = file_of(w->dir, "log.head", a);
    assert_true(str_find(line, STR("test/one/one 9001 01")) >= 0);
    /* what cannot be noted may not leave, now or the next time */
    snprintf(path, sizeof(path), "%s/log.head", w->dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(loghead_reach(h, STR("test/one/one"), 9002, &root, &e));
    assert_false(loghead_reach(h, STR("test/one/one"), 9002, &root, &e));
    assert_int_equal(rmdir(path), 0);
    world_must(loghead_reach(h, STR("test/one/one"), 9002, &root, &e), &e);
    assert_true(str_find(file_of(w->dir, "log.head", a), STR(" 9002 01")) >= 0);
    loghead_close(h);
    loghead_close(other);
}

#define ONE(t) cmocka_unit_test_setup_teardown(t, set_up, world_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(a_checkpoint_kept_outside_names_what_was_put_back),
        ONE(a_copy_older_than_a_proof_does_not_go_on),
        ONE(the_old_names_checkpoint_is_not_served),
        ONE(a_server_signs_no_second_story),
        ONE(the_file_comes_back_and_forgets_nothing),
    };

    if (place_elsewhere()) /* copies of files */
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
