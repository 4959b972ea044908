/* Numbered migrations, each once and for ever. */
#include "store/engine.h"
#include "store/migrations.h"
#include "store/stmt.h"

static bool
migrate_one(struct store *st, const struct migration *m, struct err *e)
{
    if (!store_begin(st, e))
        return false;
    if (engine_script(st, m->text, e) &&
        QRUN(st, SETTING_PUT, e, ARG(str_of(m->name)), ARG(STR("done"))) &&
        store_commit(st, e))
        return true;
    store_rollback(st);
    return false;
}

static bool
is_done(struct store *st, const char *name)
{
    struct err e;
    struct str v;
    ARENA(a, 4096);

    return stmt_one(st, &stmts[Q_SETTING_GET], ARGS(ARG(str_of(name))), a,
                    COLS(COL(&v)), &e);
}

/* A newer program has been here: its migrations are not ours to undo. */
static bool
schema_known(struct store *st, struct err *e)
{
    struct rows r;
    bool more = true, ok;

    if (!rows_open(&r, st, &stmts[Q_MIGRATIONS_DONE], NULL, 0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str name = rows_str(&r, 0);
        const struct migration *m = migrations;

        while (m->name != NULL && !str_is(name, m->name))
            m++;
        if (m->name == NULL) {
            ok = err_set(e, ERR_STORE, NULL,
                         "The database was made by a newer Anlan (%.*s); use "
                         "that version",
                         STR_ARG(name));
            break;
        }
    }
    rows_close(&r);
    return ok;
}

bool
store_migrate(struct store *st, struct err *e)
{
    for (const struct migration *m = migrations; m->name != NULL; m++)
        if (!is_done(st, m->name) && !migrate_one(st, m, e))
            return false;
    return schema_known(st, e);
}
