/* Laws over statements and tables, and over the writer's clock and lock. */
#include "service/world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/place.h"
#include "store/engine.h"
#include "store/schema.h"
#include "store/stmt.h"

/* ---- statements -------------------------------------------------------------- */

/* Those that need no tenant: transactions, settings, and secrets found by
 * their hash. */
static const char *const reviewed[] = {
    "BEGIN_READ",    "BEGIN_WRITE",         "COMMIT",          "SAVE",
    "RELEASE",       "MIGRATIONS_SETTINGS", "MIGRATION_TABLE", "MIGRATIONS",
    "MIGRATION_ADD", "SETTING_GET",         "SETTINGS",        "SETTING_PUT",
    "TENANT_ADD",    "TENANT_EACH",         "DIRECTORY_GET",   "DIRECTORY_PUT",
    "SECRET_ONCE",   "SESSION_ADD",         "SESSION_GET",     "SESSION_DEL",
    "SESSION_PURGE", "SESSION_USED",        "SESSION_ONE",     "TOKEN_GET",
    "SEARCH_FORGET", "SEARCH_WIPE",         "SEARCH_ADD",      "SETTING_DEL",
    "TENANT_ORIGIN", "RECEIPT_GET",         "DEVICE_GET",      "LEASE_LOCK",
    "LEASE_HELD",    "LEASE_ADD",           "LEASE_NUMBERS",   "LEASE_PUT",
    "LEASE_DEL",     "LEASE_BEAT",          "LEASE_TAKE",
};

static const char *const names[] = {
#define Q(name, sql) #name,
#define W(name, sql) #name,
#include "store/statements.h"
#undef Q
#undef W
};

static bool
is_reviewed(const char *name)
{
    for (size_t i = 0; i < N_OF(reviewed); i++)
        if (strcmp(reviewed[i], name) == 0)
            return true;
    return false;
}

/* "WHERE a.tenant_id = $1", and every other table joined by its tenant too. */
static bool
joined_by_tenant(const char *sql)
{
    const char *where = strstr(sql, "WHERE "), *join = sql;

    while ((join = strstr(join, " JOIN ")) != NULL) {
        const char *on = strstr(join, " ON ");

        if (on == NULL || strncmp(on + 5, ".tenant_id = ", 13) != 0)
            return false;
        join = on;
    }
    return where != NULL && strlen(where) > 7 &&
           strncmp(where + 7, ".tenant_id = $1", 15) == 0;
}

/* The tenant is $1 and nothing else: in a WHERE, or the first column. */
static bool
tenant_first(const char *sql)
{
    const char *into = strstr(sql, "INSERT INTO "), *cols;

    if (into == sql) {
        cols = strchr(sql, '(');
        return cols != NULL && (strncmp(cols, "(tenant_id, ", 12) == 0 ||
                                (strncmp(cols, "(id, tenant_id, ", 16) == 0 &&
                                 strstr(sql, "VALUES ($2, $1, ") != NULL));
    }
    return strstr(sql, "WHERE tenant_id = $1") != NULL || joined_by_tenant(sql);
}

static void
every_statement_names_its_tenant(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(names); i++)
        if (tenant_first(stmts[i].sql) == is_reviewed(names[i]))
            fail_msg("%s: %s", names[i], stmts[i].sql);
}

static size_t
params(const char *sql)
{
    size_t max = 0;

    for (const char *p = strchr(sql, '$'); p != NULL; p = strchr(p + 1, '$'))
        if (strtoul(p + 1, NULL, 10) > max)
            max = strtoul(p + 1, NULL, 10);
    return max;
}

static const char *
own_text(size_t i)
{
    const char *own = postgres_engine.instead[i];

    return own != NULL ? own : stmts[i].sql;
}

static void
every_statement_prepares(void **state)
{
    struct world *w = *state;
    char text[256];

    for (size_t i = 0; i < N_OF(names); i++) {
        if (place_elsewhere()) { /* which tells texts from numbers */
            place_prepare(w->dir, own_text(i));
            continue;
        }
        struct arg args[16];
        struct rows r;
        struct err e = { 0 };

        for (size_t k = 0; k < N_OF(args); k++)
            args[k] = ARG((int64_t)0);
        if (!rows_open(&r, writer_store(w->w), &stmts[i], args,
                       params(stmts[i].sql), &e))
            fail_msg("%s: %s", names[i], err_text(&e, text, sizeof(text)));
        rows_close(&r);
    }
}

static void
parameters_in_scrambled_order_bind_rightly(void **state)
{
    struct world *w = *state;
    int64_t a = 0, b = 0, c = 0;
    struct err e;

    assert_true(
        stmt_one(writer_store(w->w), stmt_composed(STR("SELECT $3, $1, $2")),
                 ARGS(ARG((int64_t)1), ARG((int64_t)2), ARG((int64_t)3)), NULL,
                 COLS(COL(&c), COL(&a), COL(&b)), &e));
    assert_int_equal(a, 1);
    assert_int_equal(b, 2);
    assert_int_equal(c, 3);
}

struct column_set {
    struct str name[200];
    bool seen[200];
    size_t n;
};

static void
read_columns(struct store *st, const struct ledger *l, struct arena *a,
             struct column_set *out)
{
    char sql[256];
    struct rows r;
    struct err e;
    bool more = false;

    snprintf(sql, sizeof(sql),
             place_elsewhere()
                 ? "SELECT 0, column_name FROM information_schema.columns"
                   " WHERE table_schema = current_schema AND table_name = '%s'"
                 : "PRAGMA table_info(%s)",
             l->name);
    out->n = 0;
    assert_true(rows_open(&r, st, stmt_composed(str_of(sql)), NULL, 0, &e));
    while (rows_next(&r, &more, &e) && more) {
        assert_true(out->n < N_OF(out->name));
        out->seen[out->n] = false;
        out->name[out->n++] = arena_dup(a, rows_str(&r, 1));
    }
    rows_close(&r);
}

static void
tick_off(struct column_set *c, const struct ledger *l, const char *name,
         const char *suffix)
{
    char want[96];

    snprintf(want, sizeof(want), "%s%s", name, suffix);
    for (size_t i = 0; i < c->n; i++)
        if (str_is(c->name[i], want)) {
            assert_false(c->seen[i]);
            c->seen[i] = true;
            return;
        }
    fail_msg("%s has no column %s", l->name, want);
}

/* A table has the columns that its ledger declares and no other; in which order
 * is a matter of its history. */
static void
the_tables_are_as_declared(void **state)
{
    struct world *w = *state;
    struct store *st = writer_store(w->w);

    for (size_t k = 0; k < n_ledgers; k++) {
        ARENA(a, 64 * 1024);
        const struct ledger *l = ledgers[k];
        struct column_set c;

        read_columns(st, l, a, &c);
        tick_off(&c, l, "id", "");
        tick_off(&c, l, "tenant_id", "");
        tick_off(&c, l, "rev", "");
        for (size_t i = 0; i < n_rec_fields; i++)
            tick_off(&c, l, rec_fields[i].name, "");
        for (size_t i = 0; i < l->n_fields; i++) {
            const struct field *f = &l->fields[i];
            bool two = field_ctype(f) == CT_TEXT2;

            tick_off(&c, l, f->name, two ? "_en" : "");
            if (two)
                tick_off(&c, l, f->name, "_zh");
        }
        for (size_t i = 0; i < c.n; i++)
            if (!c.seen[i])
                fail_msg("%s does not declare its column %.*s", l->name,
                         STR_ARG(c.name[i]));
    }
}

static void
every_field_survives_its_row(void **state)
{
    struct world *w = *state;
    struct store *st = writer_store(w->w);
    struct err e = { 0 };

    assert_true(store_begin(st, &e));
    for (size_t k = 0; k < n_ledgers; k++) {
        ARENA(a, 1 << 20);
        const struct ledger *l = ledgers[k];
        void *rec = arena_alloc(a, l->size), *back = arena_alloc(a, l->size);

        ((struct rec *)rec)->id = 4711 + (int64_t)k;
        ((struct rec *)rec)->rev = 3;
        ((struct rec *)rec)->no = STR("no' \"1");
        for (size_t i = 0; i < l->n_fields; i++) {
            const struct field *f = &l->fields[i];
            struct str s =
                arena_printf(a, "%zu %s 危\xf0\x9f\x94\xa5'\"%%", i, f->name);

            if (field_ctype(f) == CT_I64)
                *field_i64(f, rec) = INT64_C(1) << (i % 62);
            else if (field_ctype(f) == CT_STR)
                *field_str(f, rec) = s;
            else
                *field_text2(f, rec) = (struct text2){ s, STR("中") };
        }
        assert_true(store_rec_add(st, w->tenant, l, rec, &e));
        assert_true(
            store_rec_get(st, w->tenant, l, 4711 + (int64_t)k, a, back, &e));
        for (size_t i = 0; i < l->n_fields; i++)
            if (!field_equal(&l->fields[i], rec, back))
                fail_msg("%s.%s does not survive its row", l->name,
                         l->fields[i].name);
        /* another district's: it is not there */
        assert_false(store_rec_get(st, w->tenant + 1, l, 4711 + (int64_t)k, a,
                                   back, &e));
    }
    store_rollback(st);
}

static void
quietly(struct world *w, const char *sql)
{
    struct err e;

    assert_true(stmt_run(writer_store(w->w), stmt_composed(str_of(sql)), NULL,
                         0, NULL, &e));
}

/* A page of a list costs the same however long the list is. */
static void
no_list_is_sorted_when_it_is_read(void **state)
{
    struct world *w = *state;
    const bool there = place_elsewhere();

    if (there) {
        quietly(w, "SET enable_seqscan = off");
        quietly(w, "SET enable_bitmapscan = off");
        quietly(w, "SET enable_sort = off"); /* as far as there is a way */
    }
    for (size_t k = 0; k < n_ledgers; k++) {
        BUF(sql, 512);
        struct rows r;
        struct err e;
        bool more = false;

        buf_printf(&sql,
                   "EXPLAIN %s SELECT t.created_at FROM %s t WHERE"
                   " t.tenant_id = 1 AND t.id < 99 ORDER BY t.id DESC LIMIT 50",
                   there ? "" : "QUERY PLAN", ledgers[k]->name);
        assert_true(rows_open(&r, writer_store(w->w),
                              stmt_composed(buf_str(&sql)), NULL, 0, &e));
        while (rows_next(&r, &more, &e) && more)
            if (str_find(rows_str(&r, there ? 0 : 3),
                         there ? STR("Sort") : STR("TEMP B-TREE")) >= 0)
                fail_msg("%s is sorted: it needs an index (tenant_id, id)",
                         ledgers[k]->name);
        rows_close(&r);
    }
}

static void
the_schema_is_the_golden_one(void **state)
{
    struct world *w = *state;
    BUF(now, 1 << 20);
    BUF(was, 1 << 20);
    ARENA(a, 1 << 20);
    struct str *line;
    struct err e;
    char path[512], block[4096];
    size_t n, lines;
    FILE *f;

    assert_true(store_schema(writer_store(w->w), a, &line, &lines, &e));
    for (size_t i = 0; i < lines; i++) {
        buf_str_put(&now, line[i]);
        buf_putc(&now, '\n');
    }
    snprintf(path, sizeof(path), "%s/tests/golden/schema%s.txt",
             getenv("SRCDIR"), place_elsewhere() ? "-postgres" : "");
    if (getenv("GOLDEN") != NULL) {
        assert_non_null(f = fopen(path, "w"));
        fwrite(now.p, 1, now.n, f);
        fclose(f);
    }
    assert_non_null(f = fopen(path, "r"));
    while ((n = fread(block, 1, sizeof(block), f)) > 0)
        buf_put(&was, block, n);
    fclose(f);
    if (!str_eq(buf_str(&now), buf_str(&was)))
        fail_msg("the schema differs from %s: a new migration? GOLDEN=1 writes"
                 " it anew",
                 path);
}

/* ---- the writer ---------------------------------------------------------------- */

static void
a_clock_set_back_keeps_the_order(void **state)
{
    struct world *w = *state;
    struct change c;
    struct err e = { 0 };
    struct rows r;
    bool more = false;
    int64_t last_id = 0, last_ms = 0;

    for (int i = 0; i < 8; i++) {
        world_now += i % 2 == 0 ? 5000 : -90000;
        if (i == 5)
            world_reopen(w);
        c = world_report(w, wet_floor, N_OF(wet_floor));
        assert_true(writer_run(w->w, change_job, &c, &e));
        assert_true(c.out_id > last_id);
        last_id = c.out_id;
    }
    assert_true(rows_open(&r, writer_store(w->w), &stmts[Q_EVENT_LEAVES],
                          ARGS(ARG(w->tenant), ARG((int64_t)0), ARG(INT64_MAX)),
                          &e));
    while (rows_next(&r, &more, &e) && more) {
        assert_true(rows_i64(&r, 1) >= last_ms);
        last_ms = rows_i64(&r, 1);
    }
    rows_close(&r);
    world_check(writer_store(w->w), w->tenant);
}

static struct install_person
newcomer(const struct world *w, const char *login)
{
    return (struct install_person){ .tenant = w->tenant,
                                    .org = w->school,
                                    .name = str_of(login),
                                    .login = str_of(login),
                                    .role = ROLE_STAFF };
}

static bool
add_and_regret(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    struct install_person p = newcomer(w, "never");

    assert_true(install_person_job(tx, &p, e));
    assert_non_null(tx_dir(tx, w->tenant, e)); /* with the newcomer in it */
    return err_set(e, ERR_INVALID, NULL, "changed my mind");
}

static bool
look(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    const struct dir *d = tx_dir(tx, w->tenant, e);
    bool here = false;

    for (size_t i = 0; d != NULL && i < d->n_person; i++) {
        assert_false(str_is(d->person[i].login, "never"));
        here |= str_is(d->person[i].login, "comes");
    }
    return here;
}

static void
a_directory_that_was_rolled_back_is_forgotten(void **state)
{
    struct world *w = *state;
    struct install_person p = newcomer(w, "comes");
    struct err e = { 0 };

    assert_false(writer_run(w->w, add_and_regret, w, &e));
    assert_true(writer_run(w->w, install_person_job, &p, &e));
    assert_true(writer_run(w->w, look, w, &e));
}

/* ---- two at once ------------------------------------------------------------- */

struct rival {
    struct world *w;
    struct change c;
    bool ok;
    struct err e;
};

static void *
assign_it(void *arg)
{
    struct rival *r = arg;

    r->ok = writer_run(r->w->w, change_job, &r->c, &r->e);
    return NULL;
}

static void
of_many_who_take_the_same_step_one_wins(void **state)
{
    enum { RIVALS = 8 };
    struct world *w = *state;
    struct err e = { 0 };

    assert_true(writer_start(w->w, &e));
    for (int round = 0; round < 20; round++) {
        struct change c = world_report(w, wet_floor, N_OF(wet_floor));
        struct rival r[RIVALS];
        pthread_t t[RIVALS];
        int won = 0;

        assert_true(writer_run(w->w, change_job, &c, &e));
        for (size_t i = 0; i < RIVALS; i++) {
            r[i] = (struct rival){ .w = w, .c = c };
            r[i].c.id = c.out_id;
            r[i].c.rev = 1;
            r[i].c.person = i % 2 == 0 ? w->manager : w->principal;
            r[i].c.verb = STR("assign");
            r[i].c.input = assigned;
            r[i].c.n_inputs = N_OF(assigned);
            pthread_create(&t[i], NULL, assign_it, &r[i]);
        }
        for (size_t i = 0; i < RIVALS; i++) {
            pthread_join(t[i], NULL);
            won += r[i].ok;
            if (!r[i].ok)
                assert_int_equal(r[i].e.code, ERR_CONFLICT);
        }
        assert_int_equal(won, 1);
    }
}

#define WORLD(t)                                                               \
    cmocka_unit_test_setup_teardown(t, world_set_up, world_tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_names_its_tenant),
        WORLD(every_statement_prepares),
        WORLD(parameters_in_scrambled_order_bind_rightly),
        WORLD(the_tables_are_as_declared),
        WORLD(every_field_survives_its_row),
        WORLD(no_list_is_sorted_when_it_is_read),
        WORLD(the_schema_is_the_golden_one),
        WORLD(a_clock_set_back_keeps_the_order),
        WORLD(a_directory_that_was_rolled_back_is_forgotten),
        WORLD(of_many_who_take_the_same_step_one_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
