/* How fast is anlan verify?  verify_speed DIR EVENTS makes an installation of
 * so many events in DIR (which must not exist) and times each part of a check
 * on one core.  Numbers for README and docs; never a test. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "domain/hazard.h"
#include "service/install.h"
#include "service/logkey.h"
#include "service/publish.h"
#include "service/verify.h"

enum { CHUNK = 1000 };

static int64_t now = INT64_C(1785000000000);

static int64_t
clock_fixed(void)
{
    return now += 1000;
}

static double
seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct filling {
    int64_t tenant, org;
    int done, until;
};

static const struct input said[] = {
    { STR_INIT("description"),
      STR_INIT("食堂门口地面湿滑 the floor in front of the canteen is wet") },
    { STR_INIT("place_text"), STR_INIT("食堂") },
};
static const struct input assigned[] = {
    { STR_INIT("measures"), STR_INIT("铺防滑垫 lay mats") },
    { STR_INIT("responsible_unit"), STR_INIT("总务处") },
    { STR_INIT("deadline"), STR_INIT("2026-12-30") },
};
static const struct input finished[] = { { STR_INIT("situation"),
                                           STR_INIT("垫子已铺好 done") } };

static bool
fill(struct tx *tx, void *arg, struct err *e)
{
    static const struct {
        const char *verb;
        const struct input *in;
        size_t n;
    } step[] = { { "report", said, N_OF(said) },
                 { "assign", assigned, N_OF(assigned) },
                 { "submit", finished, 1 } };
    struct filling *f = arg;
    int64_t id = 0;

    for (int i = f->done; i < f->until; i++) {
        size_t k = (size_t)i % N_OF(step);

        if (!install_change(tx, f->tenant, &hazard_ledger, k == 0 ? 0 : id,
                            step[k].verb, f->org, step[k].in, step[k].n, &id,
                            e))
            return false;
    }
    return true;
}

static int
fail(const struct err *e)
{
    char text[256];

    fprintf(stderr, "%s\n", err_text(e, text, sizeof(text)));
    return 1;
}

static bool
make(const char *dir, int events, struct err *e)
{
    struct install_tenant t = { .code = STR("bench"),
                                .name = { STR("Bench"), STR("测") },
                                .zone = STR("Asia/Shanghai"),
                                .origin = STR("example.org/bench") };
    struct writer *w = writer_new(dir, clock_fixed, e);
    struct filling f = { .done = 0 };
    bool ok = w != NULL && writer_run(w, install_tenant_job, &t, e) &&
              writer_run(w, logkey_make_job, NULL, e);

    f.tenant = t.id;
    f.org = t.root;
    while (ok && f.done < events) {
        f.until = f.done + CHUNK - CHUNK % 3;
        ok = writer_run(w, fill, &f, e);
        f.done = f.until;
    }
    ok = ok && writer_run(w, publish_job, &t.id, e);
    writer_free(w);
    return ok;
}

static void
count(const struct finding *f, void *arg)
{
    BUF(b, 1024);

    (void)arg;
    finding_format(&b, f);
    printf("%.*s\n", (int)b.n, b.p);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        unsigned part;
    } part[] = { { "database file", VERIFY_FILE },
                 { "log", VERIFY_LOG },
                 { "rows", VERIFY_ROWS },
                 { "all", 0 } };
    struct err e = { 0 };
    double from;

    if (argc != 3 || (mkdir(argv[1], 0700) == 0 &&
                      !make(argv[1], (int)strtol(argv[2], NULL, 10), &e)))
        return fail(&e);
    for (size_t i = 0; i < N_OF(part); i++) {
        struct verify v = { .dir = argv[1],
                            .found = count,
                            .only = part[i].part };

        if ((v.st = store_open(argv[1], STORE_READ, &e)) == NULL)
            return fail(&e);
        from = seconds();
        if (!verify_run(&v, &e))
            return fail(&e);
        from = seconds() - from;
        printf("%-14s %6.2f s  %8ld events  %8.0f/s  %8ld rows  %8.0f/s  "
               "%ld findings\n",
               part[i].name, from, (long)v.events, (double)v.events / from,
               (long)v.rows, (double)v.rows / from, (long)v.findings);
        store_close(v.st);
    }
    return 0;
}
