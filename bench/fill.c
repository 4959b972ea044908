/* Fill an installation that `anlan init --example` made: 200 schools and N
 * hazards, through the service layer, 500 changes a commit.
 *	anlan-fill DIR N */
#include <stdio.h>
#include <stdlib.h>

#include "domain/hazard.h"
#include "service/install.h"

enum { SCHOOLS = 200, CHUNK = 500 };

struct fill {
    int64_t tenant, person, root, school[SCHOOLS];
    int64_t from, to;
};

static bool
find_office(struct tx *tx, void *arg, struct err *e)
{
    struct fill *f = arg;
    struct account a;
    const struct dir *d;

    if (!account_find(tx->st, STR("office"), tx->arena, &a, e) ||
        (d = tx_dir(tx, a.tenant, e)) == NULL)
        return false;
    f->tenant = a.tenant;
    f->person = a.person;
    f->root = d->root;
    return true;
}

static bool
add_schools(struct tx *tx, void *arg, struct err *e)
{
    struct fill *f = arg;

    for (int i = 0; i < SCHOOLS; i++)
        if (!install_change(
                tx, f->tenant, &org_ledger, 0, "add", f->root,
                (const struct input[]){
                    { STR("name_zh"),
                      arena_printf(tx->arena, "第 %d 小学", i + 1) },
                    { STR("name_en"),
                      arena_printf(tx->arena, "School No. %d", i + 1) },
                    { STR("kind"), STR("central_primary") },
                    { STR("code"), arena_printf(tx->arena, "B%03d", i + 1) },
                    { STR("parent"),
                      arena_printf(tx->arena, "%ld", (long)f->root) } },
                5, &f->school[i], e))
            return false;
    return true;
}

static bool
add_hazards(struct tx *tx, void *arg, struct err *e)
{
    static const char *const what[] = { "食堂门口地面湿滑", "灭火器压力不足",
                                        "楼梯扶手松动", "电线老化裸露",
                                        "校门口车辆拥堵" };
    struct fill *f = arg;

    for (int64_t i = f->from; i < f->to; i++) {
        const struct input in[] = {
            { STR("description"),
              arena_printf(tx->arena, "%s，第 %ld 处", what[i % 5], (long)i) },
            { STR("place_text"), STR("教学楼二层东侧") },
        };
        struct change c = { .ledger = &hazard_ledger,
                            .tenant = f->tenant,
                            .person = f->person,
                            .org = f->school[i * 7 % SCHOOLS],
                            .verb = STR("report"),
                            .input = in,
                            .n_inputs = N_OF(in) };

        if (!change_run(tx, &c, e))
            return false;
    }
    return true;
}

int
main(int argc, char **argv)
{
    struct err e = { 0 };
    struct writer *w;
    struct fill f = { .tenant = 0 };
    int64_t n;
    char text[256];
    bool ok;

    if (argc != 3 || !str_i64(str_of(argv[2]), &n))
        return 2;
    w = writer_new(argv[1], clock_now_ms, &e);
    ok = w != NULL && writer_run(w, find_office, &f, &e) &&
         writer_run(w, add_schools, &f, &e);
    for (f.from = 0; ok && f.from < n; f.from = f.to) {
        f.to = f.from + CHUNK < n ? f.from + CHUNK : n;
        ok = writer_run(w, add_hazards, &f, &e);
    }
    if (!ok)
        fprintf(stderr, "anlan-fill: %s\n", err_text(&e, text, sizeof(text)));
    writer_free(w);
    return ok ? 0 : 1;
}
