/* What was given out of a log binds it: nobody gets two stories. */
#include "service/world.h"

#include <stdio.h>

#include "service/backup.h"
#include "service/logkey.h"
#include "service/place.h"
#include "service/publish.h"
#include "service/verify.h"
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_checkpoint_kept_outside_names_what_was_put_back, set_up,
            world_tear_down),
    };

    if (place_elsewhere()) /* copies of files */
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
