/* What was acknowledged outlives a power cut; a full or failing disk harms
 * nothing. LONG=1 tries every operation, otherwise a sample. */
#include "service/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/drop_vfs.h"
#include "store/stmt.h"

enum { BATCH = 8, SINGLES = 4, MAX_ACKS = 64 };

struct acks {
    int64_t id[MAX_ACKS], rev[MAX_ACKS];
    size_t n;
};

static void
acknowledge(struct acks *a, const struct change *c)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->id[i] == c->out_id) {
            a->rev[i] = c->out_rev;
            return;
        }
    assert_true(a->n < MAX_ACKS);
    a->id[a->n] = c->out_id;
    a->rev[a->n++] = c->out_rev;
}

struct queued {
    struct job j;
    struct change c;
};

static bool
queued_run(struct tx *tx, void *arg, struct err *e)
{
    struct queued *q = arg;

    return change_run(tx, &q->c, e);
}

static void
queued_done(struct job *j)
{
    (void)j;
}

/* A batch of changes in one commit: the queue is full before the thread
 * starts, and empty when it has ended. */
static void
a_batch(struct world *w, struct acks *a)
{
    struct queued *q = calloc(BATCH, sizeof(*q));
    char key[BATCH][32];
    struct err e;

    for (size_t i = 0; i < BATCH; i++) {
        q[i].c = world_report(w, wet_floor, N_OF(wet_floor));
        snprintf(key[i], sizeof(key[i]), "batch-%zu-%ld", i, (long)world_now);
        q[i].c.idem = str_of(key[i]);
        q[i].j = (struct job){ .run = queued_run,
                               .done = queued_done,
                               .arg = &q[i] };
        assert_true(writer_put(w->w, &q[i].j));
    }
    assert_true(writer_start(w->w, &e));
    writer_free(w->w);
    w->w = NULL;
    for (size_t i = 0; i < BATCH; i++)
        if (q[i].j.ok)
            acknowledge(a, &q[i].c);
    free(q);
}

/* Reports and steps one by one, a checkpoint between them. */
static void
singles(struct world *w, struct acks *a)
{
    struct err e = { 0 };

    for (int i = 0; i < SINGLES; i++) {
        struct change c = world_report(w, wet_floor, N_OF(wet_floor));
        char key[32];

        world_now += 1000;
        snprintf(key, sizeof(key), "one-%d-%ld", i, (long)world_now);
        c.idem = str_of(key);
        if (!writer_run(w->w, change_job, &c, &e))
            continue;
        acknowledge(a, &c);
        c.idem = STR("");
        c.input = assigned;
        c.n_inputs = N_OF(assigned);
        if (world_step(w, &c, w->manager, "assign", &e))
            acknowledge(a, &c);
        if (i == SINGLES / 2)
            store_checkpoint(writer_store(w->w));
    }
}

/* The whole story; with a fault somewhere in it. */
static void
story(struct world *w, struct acks *a)
{
    struct err e;

    singles(w, a);
    a_batch(w, a);
    if ((w->w = writer_new(w->dir, world_clock, &e)) == NULL)
        return;
    singles(w, a);
    store_checkpoint(writer_store(w->w));
    singles(w, a);
}

static void
check_acks(struct world *w, const struct acks *a)
{
    ARENA(arena, 4 << 20);

    for (size_t i = 0; i < a->n; i++) {
        struct hazard h;
        struct err e = { 0 };

        if (!store_rec_get(writer_store(w->w), w->tenant, &hazard_ledger,
                           a->id[i], arena, &h, &e))
            fail_msg("an acknowledged record is gone");
        assert_true(h.r.rev >= a->rev[i]);
    }
}

static void
goes_on(struct world *w)
{
    struct change c = world_report(w, wet_floor, N_OF(wet_floor));
    struct err e = { 0 };
    char text[256];

    if (!writer_run(w->w, change_job, &c, &e))
        fail_msg("no change any more: %s", err_text(&e, text, sizeof(text)));
}

/* ---- a district to begin with, copied for each run ------------------------- */

static struct world *first;
static unsigned char *first_db;
static size_t first_n;
static int64_t first_now;

static void
read_first(void)
{
    char path[128];
    FILE *f;

    snprintf(path, sizeof(path), "%s/anlan.db", first->dir);
    f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    first_n = (size_t)ftell(f);
    rewind(f);
    first_db = malloc(first_n);
    assert_int_equal(fread(first_db, 1, first_n, f), first_n);
    fclose(f);
}

static int
make_first(void **state)
{
    drop_install();
    if (world_set_up((void **)&first) != 0)
        return 1;
    (void)state;
    writer_free(first->w);
    first->w = NULL;
    read_first();
    first_now = world_now;
    return 0;
}

static int
drop_first(void **state)
{
    (void)state;
    free(first_db);
    return world_tear_down((void **)&first);
}

/* The first district again, as if nothing had happened to it. */
static void
begin(void)
{
    char path[128];
    struct err e;
    FILE *f;

    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s/anlan.db%s", first->dir,
                 i == 0 ? "-wal" : "-shm");
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/anlan.db", first->dir);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(first_db, 1, first_n, f), first_n);
    fclose(f);
    drop_reset();
    world_now = first_now;
    first->w = writer_new(first->dir, world_clock, &e);
    assert_non_null(first->w);
}

static void
end(void)
{
    writer_free(first->w);
    first->w = NULL;
}

static void
again(void)
{
    struct err e = { 0 };
    char text[256];

    first->w = writer_new(first->dir, world_clock, &e);
    if (first->w == NULL)
        fail_msg("it does not open again: %s",
                 err_text(&e, text, sizeof(text)));
}

static int
how_many(void)
{
    struct acks a = { .n = 0 };
    int before, n;

    begin();
    before = drop_ops();
    story(first, &a);
    n = drop_ops() - before;
    assert_int_equal(a.n, BATCH + 3 * SINGLES);
    end();
    return n;
}

static int
stride(int n, int runs)
{
    const char *all = getenv("LONG");

    return all != NULL && *all == '1' ? 1 : n / runs + 1;
}

/* ---- tests -------------------------------------------------------------------- */

static void
what_was_acknowledged_outlives_a_power_cut(void **state)
{
    static const unsigned keep[] = { 0, 128, 250 };
    int n = how_many(), by = stride(n, 40);
    unsigned runs = 0;

    (void)state;
    for (int at = 1; at <= n; at += by) {
        struct acks a = { .n = 0 };

        begin();
        drop_cut_at(at);
        story(first, &a);
        assert_true(drop_is_cut());
        end();
        drop_restore((unsigned)at, keep[runs++ % N_OF(keep)]);
        drop_reset();
        again();
        check_acks(first, &a);
        world_check(writer_store(first->w), first->tenant);
        goes_on(first);
        end();
    }
    print_message("%u of %d operations cut\n", runs, n);
}

static void
check_reader(struct world *w)
{
    ARENA(arena, 1 << 20);
    struct err e = { 0 };
    struct store *st = store_open(w->dir, STORE_READ, &e);
    struct list_query q = {
        .tenant = w->tenant, .ledger = &hazard_ledger, .all = true, .limit = 10
    };
    void *recs;
    size_t n;
    bool more;

    assert_non_null(st);
    assert_true(store_list(st, &q, arena, &recs, &n, &more, &e));
    store_close(st);
}

static void
a_full_disk_refuses_changes_and_harms_nothing(void **state)
{
    int n = how_many(), by = stride(n, 30), refused = 0;

    (void)state;
    for (int at = 1; at <= n; at += by) {
        struct acks a = { .n = 0 };
        struct change c;
        struct err e = { 0 };

        begin();
        drop_full_at(at);
        singles(first, &a);
        c = world_report(first, wet_floor, N_OF(wet_floor));
        if (!writer_run(first->w, change_job, &c, &e)) {
            refused++;
            assert_true(e.code == ERR_FULL || e.code == ERR_BUSY);
        } else {
            acknowledge(&a, &c);
        }
        check_reader(first);
        check_acks(first, &a);
        drop_full_at(0);
        goes_on(first); /* the same process, once there is room */
        check_acks(first, &a);
        world_check(writer_store(first->w), first->tenant);
        end();
        again();
        check_acks(first, &a);
        world_check(writer_store(first->w), first->tenant);
        end();
    }
    assert_true(refused > 0);
}

static void
one_failed_write_or_sync_leaves_no_half_change(void **state)
{
    int n = how_many(), by = stride(n, 30);

    (void)state;
    for (int at = 1; at <= n; at += by) {
        struct acks a = { .n = 0 };

        begin();
        drop_fail_at(at);
        singles(first, &a);
        singles(first, &a);
        drop_fail_at(0);
        goes_on(first);
        check_acks(first, &a);
        world_check(writer_store(first->w), first->tenant);
        /* and then the power goes */
        drop_cut_at(1);
        end();
        drop_restore((unsigned)at, 0);
        drop_reset();
        again();
        check_acks(first, &a);
        world_check(writer_store(first->w), first->tenant);
        end();
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_outlives_a_power_cut),
        cmocka_unit_test(a_full_disk_refuses_changes_and_harms_nothing),
        cmocka_unit_test(one_failed_write_or_sync_leaves_no_half_change),
    };
    return cmocka_run_group_tests(tests, make_first, drop_first);
}
