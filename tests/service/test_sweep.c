/* What nobody needs any more goes, and nothing else; and what the program that
 * decodes photographs is believed. */
#include "service/world.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "service/pictures.h"
#include "service/scheduler.h"
#include "service/sweep.h"
#include "store/files.h"
#include "store/stmt.h"

enum { HOUR = 3600 * 1000, DAY = 24 * HOUR };

static int
remove_one(const char *path, const struct stat *s, int kind, struct FTW *f)
{
    (void)s, (void)kind, (void)f;
    return remove(path);
}

static int
tear_down(void **state)
{
    char dir[64];

    snprintf(dir, sizeof(dir), "%s", ((struct world *)*state)->dir);
    world_tear_down(state);
    (void)nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}

/* The bytes' name: 64 times the letter. */
static struct str
sha_of(char letter)
{
    static char names[128][65];
    char *p = names[(int)letter];

    memset(p, letter, 64);
    return (struct str){ p, 64 };
}

static void
put_bytes(struct world *w, char letter)
{
    char tmp[128];
    struct err e = { 0 };
    FILE *f;

    snprintf(tmp, sizeof(tmp), "%s/upload", w->dir);
    assert_non_null(f = fopen(tmp, "wb"));
    fputc(letter, f);
    fclose(f);
    assert_true(files_keep(w->dir, w->tenant, tmp, sha_of(letter), &e));
    unlink(tmp);
}

static bool
has_bytes(const struct world *w, char letter)
{
    struct err e = { 0 };
    int fd = files_open(w->dir, w->tenant, sha_of(letter), &e);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Bytes and files are as old as the file system says. */
static void
age(const char *path, int64_t by_ms)
{
    struct timespec t[2];

    clock_gettime(CLOCK_REALTIME, &t[0]);
    t[0].tv_sec -= by_ms / 1000;
    t[1] = t[0];
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static void
age_bytes(const struct world *w, char letter, int64_t by_ms)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/files/%ld/%c%c/%.64s", w->dir,
             (long)w->tenant, letter, letter, sha_of(letter).p);
    age(path, by_ms);
}

static int64_t
real_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000;
}

struct adding {
    struct world *w;
    char letter;
    int64_t id;
};

static bool
add_job(struct tx *tx, void *arg, struct err *e)
{
    struct adding *a = arg;

    a->id = tx_id(tx);
    return files_add(tx->st, a->w->tenant,
                     &(struct file_row){ .id = a->id,
                                         .sha = sha_of(a->letter),
                                         .size = 1,
                                         .type = STR("image/jpeg"),
                                         .name = STR("a.jpg"),
                                         .added_at = tx->now,
                                         .added_by = a->w->teacher },
                     e);
}

static int64_t
upload(struct world *w, char letter)
{
    struct adding a = { .w = w, .letter = letter };
    struct err e = { 0 };

    put_bytes(w, letter);
    assert_true(writer_run(w->w, add_job, &a, &e));
    return a.id;
}

static bool
has_row(struct world *w, int64_t id)
{
    struct store *st = writer_store(w->w);
    struct file_row f;
    struct err e = { 0 };
    ARENA(a, 64 * 1024);
    bool ok;

    assert_true(store_begin(st, &e));
    ok = files_get(st, w->tenant, id, a, &f, &e);
    store_rollback(st);
    return ok;
}

/* A hazard by who, with this file; whether it was taken. */
static bool
report_with(struct world *w, int64_t who, int64_t id)
{
    char text[32];
    struct input in[3] = { wet_floor[0], wet_floor[1] };
    struct change c = world_report(w, in, 3);
    struct err e = { 0 };

    snprintf(text, sizeof(text), "%ld", (long)id);
    in[2] = (struct input){ STR("photos_before"), str_of(text) };
    c.person = who;
    return writer_run(w->w, change_job, &c, &e);
}

static long
sweep_all(struct world *w, int64_t now)
{
    struct store *st = store_open(w->dir, STORE_READ, &(struct err){ 0 });
    struct err e = { 0 };
    long n = 0;

    assert_non_null(st);
    for (unsigned i = 0; i < SWEEP_FOLDERS; i++)
        assert_true(sweep_bytes(st, w->dir, w->tenant, i, now, &n, &e));
    store_close(st);
    return n;
}

static void
a_file_that_no_record_names_goes_after_a_day(void **state)
{
    struct world *w = *state;
    int64_t left = upload(w, 'a'), named = upload(w, 'b'), young;
    struct err e = { 0 };

    assert_true(report_with(w, w->teacher, named));
    world_now += DAY - 1;
    young = upload(w, 'c');
    assert_true(scheduler_round(w->w, &e));
    assert_true(has_row(w, left));
    world_now += 2;
    assert_true(scheduler_round(w->w, &e));
    assert_false(has_row(w, left));
    assert_true(has_row(w, named) && has_row(w, young));
    assert_false(report_with(w, w->teacher, left)); /* too late: said so */
    world_now += 400 * (int64_t)DAY;
    assert_true(scheduler_round(w->w, &e));
    assert_true(has_row(w, named));
}

static void
somebody_elses_file_cannot_be_claimed(void **state)
{
    struct world *w = *state;
    int64_t id = upload(w, 'a');

    assert_false(report_with(w, w->manager, id));
    assert_true(report_with(w, w->teacher, id));
    assert_false(report_with(w, w->teacher, id)); /* it has its record */
}

static void
bytes_go_when_no_row_names_them_and_they_are_old(void **state)
{
    struct world *w = *state;
    int64_t now = real_now();

    (void)upload(w, 'a');
    put_bytes(w, 'b'); /* an upload that was cut off before its row */
    put_bytes(w, 'c');
    put_bytes(w, 'd');
    age_bytes(w, 'a', 2 * DAY);
    age_bytes(w, 'b', 2 * DAY);
    age_bytes(w, 'd', 2 * DAY);
    put_bytes(w, 'd'); /* the same bytes arrive again meanwhile */
    assert_int_equal(sweep_all(w, now), 1);
    assert_true(has_bytes(w, 'a') && has_bytes(w, 'c') && has_bytes(w, 'd'));
    assert_false(has_bytes(w, 'b'));
    assert_int_equal(sweep_all(w, now), 0);
}

static void
copies_go_with_their_original(void **state)
{
    static const struct picture_copy copy[PICTURE_COPIES] = {
        { 1, 1, STR_INIT("s") }, { 1, 1, STR_INIT("l") }
    };
    struct world *w = *state;
    struct err e = { 0 };
    int64_t size;
    int fd;

    put_bytes(w, 'a');
    assert_true(picture_keep(w->dir, w->tenant, sha_of('a'), copy, &e));
    assert_true((fd = picture_open(w->dir, w->tenant, sha_of('a'),
                                   PICTURE_LARGE, &size)) >= 0);
    close(fd);
    age_bytes(w, 'a', 2 * DAY);
    assert_int_equal(sweep_all(w, real_now()), 1);
    assert_true(
        picture_open(w->dir, w->tenant, sha_of('a'), PICTURE_LARGE, &size) < 0);
}

static void
make_file(const struct world *w, const char *name, int64_t age_ms)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", w->dir, name);
    assert_non_null(f = fopen(path, "wb"));
    fclose(f);
    age(path, age_ms);
}

static bool
there(const struct world *w, const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", w->dir, name);
    return access(path, F_OK) == 0;
}

static void
uploaded_ledgers_go_a_week_after_they_were_last_read(void **state)
{
    static const char *const folders[] = { "imports", "tmp" };
    struct world *w = *state;
    char path[128];
    long n = 0;

    for (size_t i = 0; i < N_OF(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", w->dir, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    make_file(w, "imports/old", 7 * (int64_t)DAY + HOUR);
    make_file(w, "imports/new", 7 * (int64_t)DAY - HOUR);
    make_file(w, "tmp/old", DAY + HOUR);
    make_file(w, "tmp/new", HOUR);
    sweep_folders(w->dir, real_now(), &n);
    assert_int_equal(n, 2);
    assert_true(there(w, "imports/new") && there(w, "tmp/new"));
    assert_false(there(w, "imports/old") || there(w, "tmp/old"));
}

/* ---- the program that decodes ------------------------------------------------ */

/* Does it answer well when it is given nothing? */
static bool works = true;

/* Ask a program that does as the script says, or the true one (NULL). */
static bool
decode(struct world *w, const char *script, const char *picture,
       enum picture_fault *fault)
{
    char path[128], from[4096];
    struct pictures p = { .program = path, .data_dir = w->dir };
    struct err e = { 0 };
    FILE *f;
    bool ok;
    int fd;

    if (script == NULL) {
        p.program = getenv("IMAGE");
    } else {
        snprintf(path, sizeof(path), "%s/program", w->dir);
        assert_non_null(f = fopen(path, "w"));
        fprintf(f, "#!/bin/sh\nread -r x || { %s; exit; }\n%s\n",
                works ? "printf 'ANLP\\001\\005\\000\\000'" : "exit 1", script);
        fclose(f);
        assert_int_equal(chmod(path, 0700), 0);
        p.deadline_ms = 3000;
    }
    snprintf(from, sizeof(from), "%s/tests/data/pictures/%s", getenv("SRCDIR"),
             picture);
    assert_true((fd = open(from, O_RDONLY)) >= 0);
    ok = pictures_make(&p, w->tenant, sha_of('a'), fd, true, fault, &e);
    close(fd);
    return ok;
}

static void
the_locked_in_program_makes_both_copies(void **state)
{
    static const struct {
        const char *name;
        enum picture_fault fault;
    } t[] = { { "turned.jpg", PICTURE_OK },   { "plain.png", PICTURE_OK },
              { "phone.heic", PICTURE_OK },   { "lossy.webp", PICTURE_OK },
              { "bomb.png", PICTURE_PIXELS }, { "README", PICTURE_KIND } };
    struct world *w = *state;
    enum picture_fault fault;
    unsigned wide, high;

    for (size_t i = 0; i < N_OF(t); i++) {
        picture_drop(w->dir, w->tenant, sha_of('a'));
        if (!decode(w, NULL, t[i].name, &fault)) {
            assert_int_equal(fault, PICTURE_CAGE);
            skip(); /* a kernel or container without seccomp */
        }
        assert_int_equal(fault, t[i].fault);
        assert_int_equal(
            picture_state(w->dir, w->tenant, sha_of('a'), &wide, &high),
            fault == PICTURE_OK ? PICTURE_READY : PICTURE_UNKNOWN);
    }
}

static void
nothing_that_it_says_is_believed(void **state)
{
    static const char *const scripts[] = {
        "exit 0",
        "kill -9 $$",
        "echo hello",
        "printf 'ANLP\\001\\000\\000\\000'", /* well, but without copies */
        "yes",                               /* without an end */
        ("printf 'ANLP\\001\\000\\000\\000\\000\\001\\000\\001\\000\\000\\000"
         "\\002ab\\000\\001\\000\\001\\000\\000\\000\\002ab'"),
    };
    struct world *w = *state;
    enum picture_fault fault;
    unsigned wide, high;

    for (size_t i = 0; i < N_OF(scripts); i++) {
        assert_true(decode(w, scripts[i], "plain.png", &fault));
        assert_int_equal(fault, PICTURE_BROKEN);
        assert_int_equal(
            picture_state(w->dir, w->tenant, sha_of('a'), &wide, &high),
            PICTURE_UNKNOWN);
    }
}

static void
a_picture_is_not_blamed_for_a_program_that_cannot_work(void **state)
{
    struct world *w = *state;
    enum picture_fault fault;

    works = false;
    assert_false(decode(w, "kill -9 $$", "plain.png", &fault));
    works = true;
    assert_true(decode(w, "kill -9 $$", "plain.png", &fault));
    assert_int_equal(fault, PICTURE_BROKEN);
}

static void
it_gets_neither_environment_nor_descriptors(void **state)
{
    struct world *w = *state;
    enum picture_fault fault;

    /* PICTURE_MEMORY stands for yes */
    assert_true(decode(w,
                       "[ -z \"$SRCDIR\" ] && [ ! -e /proc/$$/fd/3 ] && "
                       "printf 'ANLP\\001\\004\\000\\000'",
                       "plain.png", &fault));
    assert_int_equal(fault, PICTURE_MEMORY);
}

static void
one_that_does_not_end_is_ended(void **state)
{
    struct world *w = *state;
    struct pictures p = { .program = "/nowhere/anlan-image",
                          .data_dir = w->dir };
    enum picture_fault fault;
    struct err e = { 0 };

    assert_false(decode(w, "while :; do :; done", "plain.png", &fault));
    assert_false(pictures_make(&p, w->tenant, sha_of('a'), STDIN_FILENO, true,
                               &fault, &e));
    p.program = NULL;
    assert_false(pictures_make(&p, w->tenant, sha_of('a'), STDIN_FILENO, true,
                               &fault, &e));
}

#define WORLD(fn) cmocka_unit_test_setup_teardown(fn, world_set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD(a_file_that_no_record_names_goes_after_a_day),
        WORLD(somebody_elses_file_cannot_be_claimed),
        WORLD(bytes_go_when_no_row_names_them_and_they_are_old),
        WORLD(copies_go_with_their_original),
        WORLD(uploaded_ledgers_go_a_week_after_they_were_last_read),
        WORLD(the_locked_in_program_makes_both_copies),
        WORLD(nothing_that_it_says_is_believed),
        WORLD(a_picture_is_not_blamed_for_a_program_that_cannot_work),
        WORLD(it_gets_neither_environment_nor_descriptors),
        WORLD(one_that_does_not_end_is_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
