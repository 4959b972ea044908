/* Numbered migrations, each once and for ever. */
#include "base/time.h"
#include "store/engine.h"
#include "store/migrations.h"
#include "store/stmt.h"

static struct str
hash_hex_of(struct arena *a, const struct migration *m)
{
    BUF(b, 128);

    hash_hex(&b, str_of(m->text));
    return arena_dup(a, buf_str(&b));
}

static bool
note(struct store *st, const struct migration *m, struct err *e)
{
    ARENA(a, 1024);

    return QRUN(st, MIGRATION_ADD, e, ARG(str_of(m->name)),
                ARG(hash_hex_of(a, m)), ARG(clock_now_ms()));
}

static bool
migrate_one(struct store *st, const struct migration *m, struct err *e)
{
    if (!store_begin(st, e))
        return false;
    if (engine_script(st, m->text, e) && note(st, m, e) && store_commit(st, e))
        return true;
    store_rollback(st);
    return false;
}

/* ---- the table of those that ran ------------------------------------------- */

static bool
has_table(struct store *st, bool *has, struct err *e)
{
    int64_t n = 0;

    if (!stmt_one(st, &stmts[Q_MIGRATION_TABLE], NULL, 0, NULL, COLS(COL(&n)),
                  e))
        return false;
    *has = n > 0;
    return true;
}

static const struct migration *
migration_find(struct str name)
{
    const struct migration *m = migrations;

    while (m->name != NULL && !str_is(name, m->name))
        m++;
    return m->name != NULL ? m : NULL;
}

static bool
newer(struct str name, struct err *e)
{
    return err_set(e, ERR_STORE, NULL,
                   "The database was made by a newer Anlan (%.*s); use that "
                   "version",
                   STR_ARG(name));
}

/* Up to 0032 a setting "done" stood for each, without a hash: what ran then is
 * taken to be what we have. */
static bool
adopt(struct store *st, struct err *e)
{
    const struct migration *ran[64];
    struct rows r;
    size_t n = 0;
    bool ok, more = true;

    if (!rows_open(&r, st, &stmts[Q_MIGRATIONS_SETTINGS], NULL, 0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str name = rows_str(&r, 0);
        const struct migration *m = migration_find(name);

        if (m == NULL || n == N_OF(ran)) {
            ok = newer(name, e);
            break;
        }
        ran[n++] = m;
    }
    rows_close(&r);
    for (size_t i = 0; ok && i < n; i++)
        ok = note(st, ran[i], e);
    return ok;
}

static bool
make_table(struct store *st, struct err *e)
{
    bool has;

    if (!has_table(st, &has, e))
        return false;
    if (has)
        return true;
    if (!store_begin(st, e))
        return false;
    if (engine_script(st,
                      "CREATE TABLE migration (name TEXT NOT NULL PRIMARY KEY,"
                      " sha256 TEXT NOT NULL, at_ms BIGINT NOT NULL)",
                      e) &&
        adopt(st, e) &&
        QRUN(st, SETTING_PUT, e, ARG(STR(MIGRATION_STOPS)), ARG(STR("done"))) &&
        store_commit(st, e))
        return true;
    store_rollback(st);
    return false;
}

/* ---- what is left to run ----------------------------------------------------- */

static bool
is_the_same(const struct migration *m, struct str sha, struct err *e)
{
    ARENA(a, 1024);

    return str_eq(hash_hex_of(a, m), sha) ||
           err_set(e, ERR_STORE, NULL,
                   "Migration %s is not the one that this database ran: this "
                   "program was built from changed files; use a release",
                   m->name);
}

/* done: by place in migrations[]. */
static bool
read_done(struct store *st, bool *done, struct err *e)
{
    struct rows r;
    bool ok, more = true;

    if (!rows_open(&r, st, &stmts[Q_MIGRATIONS], NULL, 0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str name = rows_str(&r, 0);
        const struct migration *m = migration_find(name);

        ok = m != NULL ? is_the_same(m, rows_str(&r, 1), e) : newer(name, e);
        if (!ok)
            break;
        done[m - migrations] = true;
    }
    rows_close(&r);
    return ok;
}

static size_t
n_migrations(void)
{
    size_t n = 0;

    while (migrations[n].name != NULL)
        n++;
    return n;
}

bool
store_migrate(struct store *st, struct err *e)
{
    ARENA(a, 4096);
    size_t n = n_migrations();
    bool *done = arena_alloc(a, n), ok;

    ok = done != NULL ||
         err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    ok = ok && make_table(st, e) && read_done(st, done, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = done[i] || migrate_one(st, &migrations[i], e);
    return ok;
}

bool
store_is_current(struct store *st, struct err *e)
{
    ARENA(a, 4096);
    size_t n = n_migrations();
    bool *done = arena_alloc(a, n), has = false;

    if (done == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!has_table(st, &has, e) || (has && !read_done(st, done, e)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!done[i])
            return err_set(e, ERR_STORE, NULL,
                           "The database was made by an older Anlan: run "
                           "\"anlan migrate\" (or start the server) once");
    return true;
}
