#include <stdio.h>

#include "store/copy.h"
#include "store/engine.h"

enum { TABLES_MAX = 128, COLUMNS_MAX = 200, KEYS_MAX = 6, CHUNK = 500 };

struct column {
    struct str name;
    char kind; /* as struct arg's */
};

struct table {
    struct str name;
    struct column *column;
    size_t n;
    unsigned key[KEYS_MAX]; /* columns, in the key's order */
    unsigned n_key;
};

struct copying {
    struct store *from, *to;
    struct arena *arena;
    struct table table[TABLES_MAX];
    size_t n;
    store_copy_fn *progress;
    void *arg;
};

/* ---- what there is ------------------------------------------------------------- */

static bool
is_ours(struct str table)
{
    /* who leads, what ran and words are made anew by whoever has them */
    return !str_is(table, "lease") && !str_is(table, "mark") &&
           !str_is(table, "migration") && !str_starts(table, STR("search")) &&
           !str_starts(table, STR("sqlite_"));
}

static struct table *
table_of(struct copying *c, struct str name)
{
    struct table *t = c->n > 0 ? &c->table[c->n - 1] : NULL;

    if (t != NULL && str_eq(t->name, name))
        return t;
    if (c->n == TABLES_MAX)
        return NULL;
    t = &c->table[c->n++];
    *t = (struct table){ .name = arena_dup(c->arena, name),
                         .column = arena_new_array(c->arena, struct column,
                                                   COLUMNS_MAX) };
    return t;
}

static char
kind_of(struct str type)
{
    if (str_is(type, "TEXT") || str_is(type, "text"))
        return 's';
    return str_is(type, "BLOB") || str_is(type, "bytea") ? 'b' : 'i';
}

static bool
read_tables(struct copying *c, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, c->from, stmt_composed(str_of(c->from->engine->columns)),
                   NULL, 0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str name = rows_str(&r, 0);
        int64_t key = rows_i64(&r, 3);
        struct table *t = is_ours(name) ? table_of(c, name) : NULL;

        if (t == NULL)
            continue;
        if (t->column == NULL || t->n == COLUMNS_MAX || key > KEYS_MAX) {
            ok = err_set(e, ERR_BUSY, NULL, "The server is short of memory");
            break;
        }
        if (key > 0) {
            t->key[key - 1] = (unsigned)t->n;
            t->n_key = t->n_key < key ? (unsigned)key : t->n_key;
        }
        t->column[t->n++] = (struct column){
            .name = arena_dup(c->arena, rows_str(&r, 1)),
            .kind = kind_of(rows_str(&r, 2)),
        };
    }
    rows_close(&r);
    return ok;
}

/* ---- one table ------------------------------------------------------------------ */

static void
put_columns(struct buf *b, const struct table *t)
{
    for (size_t i = 0; i < t->n; i++)
        buf_printf(b, "%s%.*s", i > 0 ? ", " : "", STR_ARG(t->column[i].name));
}

static void
put_key(struct buf *b, const struct table *t, const char *after)
{
    for (unsigned i = 0; i < t->n_key; i++)
        buf_printf(b, "%s%.*s%s", i > 0 ? ", " : "",
                   STR_ARG(t->column[t->key[i]].name), after);
}

static struct arg
value(struct rows *r, int col, char kind)
{
    if (kind == 'i')
        return ARG(rows_i64(r, col));
    return kind == 's' ? ARG(rows_str(r, col)) : BLOB(rows_str(r, col));
}

/* The last key in the new table; *any: there is one. */
static bool
last_key(struct copying *c, const struct table *t, struct arg *key, bool *any,
         struct err *e)
{
    struct rows r;
    bool ok;
    BUF(sql, 4096);

    buf_puts(&sql, "SELECT ");
    put_key(&sql, t, "");
    buf_printf(&sql, " FROM %.*s ORDER BY ", STR_ARG(t->name));
    put_key(&sql, t, " DESC");
    buf_puts(&sql, " LIMIT 1");
    if (!rows_open(&r, c->to, stmt_composed(buf_str(&sql)), NULL, 0, e))
        return false;
    r.arena = c->arena;
    if ((ok = rows_next(&r, any, e)) && *any)
        for (unsigned i = 0; i < t->n_key; i++)
            key[i] = value(&r, (int)i, t->column[t->key[i]].kind);
    rows_close(&r);
    return ok;
}

static bool
put_row(struct copying *c, const struct table *t, const struct stmt *add,
        struct rows *r, struct err *e)
{
    struct arg args[COLUMNS_MAX];

    for (size_t i = 0; i < t->n; i++)
        args[i] = value(r, (int)i, t->column[i].kind);
    return stmt_run(c->to, add, args, t->n, NULL, e);
}

static const struct stmt *
adding(const struct table *t)
{
    BUF(sql, 16 * 1024);

    buf_printf(&sql, "INSERT INTO %.*s (", STR_ARG(t->name));
    put_columns(&sql, t);
    buf_puts(&sql, ") VALUES (");
    for (size_t i = 1; i <= t->n; i++)
        buf_printf(&sql, "%s$%zu", i > 1 ? ", " : "", i);
    buf_puts(&sql, ")");
    if (str_is(t->name, "setting")) /* it has its migrations already */
        buf_puts(&sql, " ON CONFLICT (name) DO NOTHING");
    return sql.over ? NULL : stmt_composed(buf_str(&sql));
}

static const struct stmt *
reading(const struct table *t, bool behind)
{
    BUF(sql, 16 * 1024);

    buf_puts(&sql, "SELECT ");
    put_columns(&sql, t);
    buf_printf(&sql, " FROM %.*s", STR_ARG(t->name));
    if (behind) {
        buf_puts(&sql, " WHERE (");
        put_key(&sql, t, "");
        buf_puts(&sql, ") > (");
        for (unsigned i = 1; i <= t->n_key; i++)
            buf_printf(&sql, "%s$%u", i > 1 ? ", " : "", i);
        buf_puts(&sql, ")");
    }
    buf_puts(&sql, " ORDER BY ");
    put_key(&sql, t, "");
    buf_printf(&sql, " LIMIT %d", CHUNK);
    return sql.over ? NULL : stmt_composed(buf_str(&sql));
}

/* Some rows more, behind a key; *n: how many there were. */
static bool
copy_chunk(struct copying *c, const struct table *t, const struct arg *key,
           bool behind, int64_t *n, struct err *e)
{
    const struct stmt *add = adding(t);
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if (!rows_open(&r, c->from, reading(t, behind), key, behind ? t->n_key : 0,
                   e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        if (!(ok = put_row(c, t, add, &r, e)))
            break;
        ++*n;
    }
    rows_close(&r);
    return ok;
}

static bool
copy_table(struct copying *c, const struct table *t, struct err *e)
{
    struct arg key[KEYS_MAX];
    int64_t n, all = 0;
    bool behind = false, whole = str_is(t->name, "setting");

    do {
        bool ok = store_begin(c->to, e) &&
                  (whole || last_key(c, t, key, &behind, e)) &&
                  copy_chunk(c, t, key, behind, &n, e) &&
                  store_commit(c->to, e);

        if (!ok) {
            store_rollback(c->to);
            return false;
        }
        if (store_log(c->to) == LOG_LONG)
            (void)store_checkpoint(c->to);
        all += n;
        if (c->progress != NULL) {
            char name[64];

            snprintf(name, sizeof(name), "%.*s", STR_ARG(t->name));
            c->progress(name, all, c->arg);
        }
    } while (n == CHUNK && !whole);
    return true;
}

static bool
row_count(struct store *st, const struct table *t, int64_t *n, struct err *e)
{
    BUF(sql, 256);

    buf_printf(&sql, "SELECT count(*) FROM %.*s", STR_ARG(t->name));
    return stmt_one(st, stmt_composed(buf_str(&sql)), NULL, 0, NULL,
                    COLS(COL(n)), e);
}

static bool
all_there(struct copying *c, struct err *e)
{
    for (size_t i = 0; i < c->n; i++) {
        int64_t was, is;

        if (str_is(c->table[i].name, "setting"))
            continue;
        if (!row_count(c->from, &c->table[i], &was, e) ||
            !row_count(c->to, &c->table[i], &is, e))
            return false;
        if (was != is)
            return err_set(e, ERR_CONFLICT, NULL,
                           "Table %.*s has %ld rows, its copy %ld: remove the "
                           "copy and begin anew",
                           STR_ARG(c->table[i].name), (long)was, (long)is);
    }
    return true;
}

/* ---- words ------------------------------------------------------------------------ */

struct wording {
    struct store *to;
    int64_t tenant;
    const struct ledger *ledger;
};

static bool
put_words(void *rec, void *arg, struct err *e)
{
    const struct wording *w = arg;

    return store_search_put(w->to, w->tenant, w->ledger, NULL, rec, e);
}

static bool
words_of(struct copying *c, int64_t tenant, struct err *e)
{
    for (size_t i = 0; i < n_ledgers; i++) {
        struct wording w = { c->to, tenant, ledgers[i] };

        if (!store_rec_each(c->to, tenant, ledgers[i], NULL, put_words, &w, e))
            return false;
    }
    return true;
}

static bool
all_words(struct copying *c, struct err *e)
{
    int64_t tenant[256];
    size_t n = 0;
    struct rows r;
    bool ok, more = false;

    if (!stmt_run(c->to, &stmts[Q_SEARCH_WIPE], NULL, 0, NULL, e) ||
        !rows_open(&r, c->to, &stmts[Q_TENANT_EACH], NULL, 0, e))
        return false;
    for (;;) {
        ok = rows_next(&r, &more, e);
        if (!ok || !more)
            break;
        if (n < N_OF(tenant))
            tenant[n++] = rows_i64(&r, 0);
    }
    rows_close(&r);
    for (size_t i = 0; ok && i < n; i++)
        ok = words_of(c, tenant[i], e);
    return ok;
}

/* ---- all of it ---------------------------------------------------------------------- */

static bool
has(struct store *st, const char *sql, bool *yes, struct err *e)
{
    int64_t one;

    *yes = stmt_one(st, stmt_composed(str_of(sql)), NULL, 0, NULL,
                    COLS(COL(&one)), e);
    return *yes || e->code == ERR_MISSING;
}

/* The new one is empty, or a copy that was cut short. */
static bool
may_begin(struct store *to, struct err *e)
{
    bool tenants, under_way;

    return has(to, "SELECT id FROM tenant LIMIT 1", &tenants, e) &&
           has(to, "SELECT 1 FROM setting WHERE name = '" COPY_UNDER_WAY "'",
               &under_way, e) &&
           (!tenants || under_way ||
            err_set(e, ERR_CONFLICT, NULL,
                    "The new database holds an installation already"));
}

static bool
begin_copy(struct store *to, struct err *e)
{
    if (store_begin(to, e) && may_begin(to, e) &&
        QRUN(to, SETTING_PUT, e, ARG(STR(COPY_UNDER_WAY)), ARG(STR("yes"))) &&
        store_commit(to, e))
        return true;
    store_rollback(to);
    return false;
}

static bool
end_copy(struct copying *c, struct err *e)
{
    if (store_begin(c->to, e) && search_is_whole(c->to, e) && all_words(c, e) &&
        QRUN(c->to, SETTING_DEL, e, ARG(STR(COPY_UNDER_WAY))) &&
        store_commit(c->to, e))
        return true;
    store_rollback(c->to);
    return false;
}

bool
store_copy(struct store *from, struct store *to, store_copy_fn *progress,
           void *arg, struct err *e)
{
    ARENA(a, 64 << 20);
    struct copying *c = a != NULL ? arena_new_obj(a, struct copying) : NULL;

    if (c == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *c = (struct copying){
        .from = from, .to = to, .arena = a, .progress = progress, .arg = arg
    };
    if (!begin_copy(to, e) || !read_tables(c, e))
        return false;
    for (size_t i = 0; i < c->n; i++)
        if (!copy_table(c, &c->table[i], e))
            return false;
    return all_there(c, e) && end_copy(c, e);
}
