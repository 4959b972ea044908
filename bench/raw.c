/* What the database alone can do: rows of the same two tables that a step
 * writes (its record and its event), inserted in batches, each committed
 * durably; no logic, no tree, no counters, no HTTP. Prints rows pairs a second
 * and CPU microseconds a pair.
 *	anlan-raw DIR BATCH SECONDS [hash]	hash: with the event's hashes and
 *	the tree, nothing else beside */
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/time.h"
#include "domain/hazard.h"
#include "store/stmt.h"
#include "store/tlog.h"

static double
seconds(clockid_t which)
{
    struct timespec t;

    clock_gettime(which, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
one(struct store *st, int64_t n, bool hash, struct merkle_edge *edge,
    struct err *e)
{
    static const char body[300] = "x";
    unsigned char salt[32] = { 1 }, commits[64] = { 2 };
    struct str s = { (const char *)salt, sizeof(salt) },
               b = { body, sizeof(body) };
    struct hazard h = { .r = { .id = (INT64_C(1) << 62) + n,
                               .rev = 1,
                               .org = n % 200,
                               .state = 1,
                               .no = STR("B001-YH-2026-0001"),
                               .due_rule = STR("hazard.grade_within@1"),
                               .due_at = n },
                        .description = STR("食堂门口地面湿滑，第 1 处"),
                        .place_text = STR("教学楼二层东侧") };
    struct hash x;

    if (hash) {
        randombytes_buf(salt, sizeof(salt));
        tlog_commit(&x, s, b);
        merkle_leaf(&x, (struct str){ (const char *)commits, 64 });
        merkle_append(edge, &x);
    }
    return store_rec_add(st, 999, &hazard_ledger, &h, e) &&
           QRUN(st, EVENT_ADD, e, ARG((int64_t)999), ARG(n), ARG(n),
                ARG((int64_t)16), ARG(h.r.id), ARG((int64_t)1),
                ARG(STR("report")), ARG((int64_t)7), BLOB(s), BLOB(b),
                BLOB(((struct str){ (const char *)commits, 64 })));
}

int
main(int argc, char **argv)
{
    struct merkle_edge edge = { .size = 0 };
    struct err e = { 0 };
    struct store *st;
    int64_t n = 0, batch, length;
    double began, cpu;
    char text[256];
    bool ok = true;

    if (argc < 4 || !str_i64(str_of(argv[2]), &batch) ||
        !str_i64(str_of(argv[3]), &length) ||
        (st = store_open(argv[1], STORE_WRITE, &e)) == NULL)
        return 2;
    began = seconds(CLOCK_MONOTONIC);
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    while (ok && seconds(CLOCK_MONOTONIC) - began < (double)length) {
        ok = store_begin(st, &e);
        for (int64_t i = 0; ok && i < batch; i++)
            ok = one(st, n++, argc > 4, &edge, &e);
        ok = ok && store_commit(st, &e);
    }
    if (!ok)
        fprintf(stderr, "anlan-raw: %s\n", err_text(&e, text, sizeof(text)));
    printf("%.0f %.2f\n", (double)n / (seconds(CLOCK_MONOTONIC) - began),
           (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e6 / (double)n);
    store_close(st);
    return ok ? 0 : 1;
}
