#include "service/world.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/merkle.h"
#include "service/lease.h"
#include "service/place.h"
#include "store/sound.h"
#include "store/stmt.h"
#include "store/tlog.h"

int64_t world_now = INT64_C(1785000000000);

int64_t
world_clock(void)
{
    return world_now;
}

static bool
add_school(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;

    return install_change(
        tx, w->tenant, &org_ledger, 0, "add", w->root,
        (const struct input[]){
            { STR("name_en"), STR("School One") },
            { STR("kind"), STR("central_primary") },
            { STR("code"), STR("S1") },
            { STR("parent"), arena_printf(tx->arena, "%ld", (long)w->root) } },
        4, &w->school, e);
}

static int64_t
person(struct world *w, const char *login, enum role role)
{
    struct err e = { 0 };
    struct install_person p = { .tenant = w->tenant,
                                .org = w->school,
                                .name = str_of(login),
                                .login = str_of(login),
                                .role = role };

    assert_true(writer_run(w->w, install_person_job, &p, &e));
    return p.id;
}

int
world_set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct install_tenant t = { .code = STR("one"),
                                .name = { STR("One"), STR("一") },
                                .zone = STR("Asia/Shanghai"),
                                .origin = STR("test/one") };
    struct err e = { 0 };
    char text[256];

    snprintf(w->dir, sizeof(w->dir), "/tmp/anlan-test-XXXXXX");
    place_make(w->dir);
    w->w = writer_new(w->dir, world_clock, &e);
    if (w->w == NULL)
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    if (!writer_run(w->w, install_tenant_job, &t, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    w->tenant = t.id;
    w->root = t.root;
    assert_true(writer_run(w->w, add_school, w, &e));
    w->manager = person(w, "manager", ROLE_SAFETY_MANAGER);
    w->principal = person(w, "principal", ROLE_PRINCIPAL);
    w->teacher = person(w, "teacher", ROLE_STAFF);
    *state = w;
    return 0;
}

int
world_tear_down(void **state)
{
    struct world *w = *state;

    writer_free(w->w);
    place_remove(w->dir);
    free(w);
    return 0;
}

struct change
world_report(const struct world *w, const struct input *in, size_t n)
{
    return (struct change){ .ledger = &hazard_ledger,
                            .tenant = w->tenant,
                            .person = w->teacher,
                            .org = w->school,
                            .verb = STR("report"),
                            .input = in,
                            .n_inputs = n };
}

const struct input wet_floor[2] = {
    { STR_INIT("description"), STR_INIT("食堂门口地面湿滑") },
    { STR_INIT("place_text"), STR_INIT("食堂") },
};

const struct input assigned[3] = {
    { STR_INIT("measures"), STR_INIT("铺防滑垫") },
    { STR_INIT("responsible_unit"), STR_INIT("总务处") },
    { STR_INIT("deadline"), STR_INIT("2026-12-30") },
};

bool
world_step(struct world *w, struct change *c, int64_t who, const char *verb,
           struct err *e)
{
    c->id = c->out_id;
    c->person = who;
    c->verb = str_of(verb);
    c->rev = 0;
    return writer_run(w->w, change_job, c, e);
}

void
world_lead(struct world *w)
{
    struct lease_beat b = { .name = LEASE_OFFICE };
    struct err e = { 0 };

    if (!place_elsewhere())
        return;
    assert_true(writer_run(w->w, lease_beat_job, &b, &e));
    assert_true(b.held);
}

void
world_cannot_reopen(struct world *w, const char *why)
{
    struct err e = { 0 };
    char text[512];

    writer_free(w->w);
    w->w = writer_new(w->dir, world_clock, &e);
    assert_null(w->w);
    if (strstr(err_text(&e, text, sizeof(text)), why) == NULL)
        fail_msg("%s", text);
}

void
world_reopen(struct world *w)
{
    struct err e = { 0 };

    writer_free(w->w);
    w->w = writer_new(w->dir, world_clock, &e);
    assert_non_null(w->w);
}

/* ---- does it contradict itself? -------------------------------------------- */

static int64_t
one(struct store *st, const char *sql, const struct arg *args, size_t n)
{
    struct err e = { 0 };
    char text[256];
    int64_t v = -1;

    if (!stmt_one(st, stmt_composed(str_of(sql)), args, n, NULL, COLS(COL(&v)),
                  &e))
        fail_msg("%s: %s", sql, err_text(&e, text, sizeof(text)));
    return v;
}

static void
check_tree(struct store *st, int64_t tenant)
{
    ARENA(a, 1 << 20);
    struct merkle_edge edge = { .size = 0 };
    struct err e = { 0 };
    struct rows r;
    bool more = false;
    int64_t size, last;
    struct str root;
    struct hash h;

    assert_true(rows_open(&r, st, &stmts[Q_EVENT_LEAVES],
                          ARGS(ARG(tenant), ARG((int64_t)0), ARG(INT64_MAX)),
                          &e));
    while (rows_next(&r, &more, &e) && more) {
        unsigned char entry[TLOG_ENTRY];

        assert_int_equal(rows_i64(&r, 0), edge.size);
        tlog_entry(entry, tenant, rows_i64(&r, 0), rows_i64(&r, 1),
                   (const unsigned char *)rows_str(&r, 2).p);
        merkle_leaf(&h, (struct str){ (const char *)entry, sizeof(entry) });
        merkle_append(&edge, &h);
    }
    rows_close(&r);
    merkle_root(&edge, &h);
    assert_true(stmt_one(st, &stmts[Q_HEAD_GET], ARGS(ARG(tenant)), a,
                         COLS(COL(&size), COL(&last), COL(&root)), &e));
    assert_int_equal(size, edge.size);
    assert_true(str_eq(root, hash_str(&h)));
}

void
world_must(bool ok, const struct err *e)
{
    char text[512];

    if (!ok)
        fail_msg("%s", err_text(e, text, sizeof(text)));
}

static int
remove_one(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)s;
    (void)type;
    (void)f;
    return remove(path);
}

void
world_wipe(const char *dir)
{
    if (access(dir, F_OK) == 0)
        nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
hear(const struct finding *f, void *arg)
{
    struct world_heard *h = arg;
    BUF(b, 4096);

    finding_format(&b, f);
    buf_str_put(&h->all, buf_str(&b));
    buf_putc(&h->all, '\n');
    if (h->want != NULL && str_find(buf_str(&b), str_of(h->want)) >= 0)
        h->wanted = true;
}

void
world_listen(struct verify *v, struct world_heard *h)
{
    struct err e = { 0 };

    buf_init(&h->all, 1 << 20);
    v->found = hear;
    v->arg = h;
    world_must((v->st = store_open(v->dir, STORE_READ, &e)) != NULL, &e);
    world_must(verify_run(v, &e), &e);
    store_close(v->st);
}

static void
is_damaged(const struct store_wrong *w, void *arg)
{
    char text[256];

    (void)arg;
    fail_msg("%s", err_text(w->what, text, sizeof(text)));
}

int64_t
world_check(struct store *st, int64_t tenant)
{
    struct err e = { 0 };
    char text[256];
    int64_t n;

    if (!store_integrity(st, is_damaged, NULL, &e))
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    check_tree(st, tenant);
    n = one(st, "SELECT count(*) FROM hazard WHERE tenant_id = $1",
            ARGS(ARG(tenant)));
    assert_int_equal(
        one(st,
            "SELECT count(*) FROM hazard h WHERE tenant_id = $1 AND rev <>"
            " (SELECT count(*) FROM event e WHERE e.tenant_id = $1"
            " AND e.record_id = h.id)",
            ARGS(ARG(tenant))),
        0);
    assert_int_equal(
        one(st,
            "SELECT CAST(COALESCE(sum(n), 0) AS BIGINT) FROM counter WHERE tenant_id = $1"
            " AND ledger = $2 AND dim = 'state'",
            ARGS(ARG(tenant), ARG((int64_t)hazard_ledger.tag))),
        n);
    assert_int_equal(
        one(st,
            "SELECT count(*) FROM counter c WHERE tenant_id = $1"
            " AND ledger = $2 AND dim = 'state' AND n <> (SELECT count(*)"
            " FROM hazard h WHERE h.tenant_id = $1 AND h.org = c.org_id"
            " AND h.state = c.v)",
            ARGS(ARG(tenant), ARG((int64_t)hazard_ledger.tag))),
        0);
    /* a key is kept with its change, or neither is */
    assert_int_equal(
        one(st,
            "SELECT count(*) FROM idempotency i WHERE tenant_id = $1"
            " AND NOT EXISTS (SELECT 1 FROM event e WHERE e.tenant_id = $1"
            " AND e.record_id = i.record_id AND e.rev = i.rev)",
            ARGS(ARG(tenant))),
        0);
    return n;
}
