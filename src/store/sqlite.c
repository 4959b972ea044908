#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/engine.h"
#include "store/kept.h"
#include "store/roots.h"
#include "store/search_queue.h"
#include "store/stmt.h"

struct store {
    sqlite3 *db;
    enum store_mode mode;
    int fault_in;        /* statements until an injected failure */
    struct roots *roots; /* made when first asked for */
    bool inside;         /* a transaction was begun and not yet ended by us */
    int calls;
    sqlite3_stmt *ready[STMT_SLOTS];
    struct kept_set kept;
    sqlite3_stmt *rollback, *back_to_job, *drop_job; /* see give_up() */
    struct search_queue words;
};

struct stmt stmts[Q__MAX] = {
#define Q(name, text) [Q_##name] = { text, Q_##name },
#include "store/statements.h"
#undef Q
};

/* Statements composed from declarations: so many, found by text, for ever. */
static struct {
    pthread_mutex_t lock;
    struct stmt at[STMT_SLOTS - Q__MAX];
    unsigned n;
} composed = { .lock = PTHREAD_MUTEX_INITIALIZER };

const struct stmt *
stmt_composed(struct str sql)
{
    const struct stmt *found = NULL;
    char *text;

    pthread_mutex_lock(&composed.lock);
    for (unsigned i = 0; i < composed.n && found == NULL; i++)
        if (str_is(sql, composed.at[i].sql))
            found = &composed.at[i];
    if (found == NULL && composed.n < N_OF(composed.at) &&
        (text = malloc(sql.n + 1)) != NULL) {
        memcpy(text, sql.p, sql.n);
        text[sql.n] = '\0';
        composed.at[composed.n] =
            (struct stmt){ text, (unsigned)Q__MAX + composed.n };
        found = &composed.at[composed.n++];
    }
    pthread_mutex_unlock(&composed.lock);
    return found;
}

static bool
fail(struct store *st, struct err *e, const char *what)
{
    int rc = sqlite3_errcode(st->db);

    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
        return err_set(e, ERR_BUSY, NULL,
                       "The database is busy; try again in a moment");
    case SQLITE_CONSTRAINT:
        return err_set(e, ERR_CONFLICT, NULL, "This value is taken already");
    case SQLITE_FULL:
        return err_set(e, ERR_FULL, NULL,
                       "The disk is full: nothing can be saved until the "
                       "administrator makes room. Reading goes on");
    default:
        return err_set(e, ERR_STORE, NULL, "The database failed: %s (%s)",
                       sqlite3_errmsg(st->db), what);
    }
}

static bool
faulted(struct store *st, struct err *e)
{
    /* Out of memory or disk, SQLite takes the whole transaction back. What came
     * after would each be a transaction of its own, and stay. */
    if (st->inside && sqlite3_get_autocommit(st->db))
        return !err_set(e, ERR_STORE, NULL, "The transaction was taken back");
    st->calls++;
    if (st->fault_in == 0 || --st->fault_in > 0)
        return false;
    st->fault_in = 1; /* and so do all that follow */
    err_set(e, ERR_STORE, NULL, "injected");
    return true;
}

static bool
exec(struct store *st, const char *sql, struct err *e)
{
    if (faulted(st, e))
        return false;
    return sqlite3_exec(st->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           fail(st, e, sql);
}

/* $n -> ?n: SQLite numbers $n by first appearance, not by n. {id} and the
 * like are the few types that differ between engines. */
static void
rewrite(struct buf *b, const char *sql)
{
    static const struct {
        const char *from, *to;
    } type[] = { { "{id}", "INTEGER PRIMARY KEY" },
                 { "{pk}", "" },
                 { "{wr}", "WITHOUT ROWID" } };

    while (*sql != '\0') {
        size_t n = strcspn(sql, "${");

        buf_put(b, sql, n);
        sql += n;
        if (*sql == '$') {
            buf_putc(b, '?');
            sql++;
        } else if (*sql == '{') {
            size_t i = 0;

            while (i < N_OF(type) &&
                   strncmp(sql, type[i].from, strlen(type[i].from)) != 0)
                i++;
            if (i == N_OF(type))
                abort();
            buf_puts(b, type[i].to);
            sql += strlen(type[i].from);
        }
    }
}

static sqlite3_stmt *
prepare(struct store *st, const char *sql, struct err *e)
{
    sqlite3_stmt *ps = NULL;
    BUF(b, 256 * 1024);

    rewrite(&b, sql);
    if (b.over || sqlite3_prepare_v3(st->db, b.p, -1, SQLITE_PREPARE_PERSISTENT,
                                     &ps, NULL) != SQLITE_OK)
        fail(st, e, sql);
    return ps;
}

static struct kept *
kept_prepared(struct store *st, struct str sql, struct err *e)
{
    struct kept *k = kept_find(&st->kept, sql);

    if (k != NULL && k->ps != NULL)
        return k;
    if (k == NULL && (k = kept_place(&st->kept, sql)) == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    sqlite3_finalize(k->ps);
    k->ps = prepare(st, k->sql, e);
    return k->ps != NULL ? k : NULL;
}

static bool
bind(struct store *st, sqlite3_stmt *ps, const struct arg *args, size_t n,
     struct err *e)
{
    if ((int)n != sqlite3_bind_parameter_count(ps))
        return err_set(e, ERR_STORE, NULL,
                       "%zu parameters given, %d wanted: %s", n,
                       sqlite3_bind_parameter_count(ps), sqlite3_sql(ps));
    for (size_t i = 0; i < n; i++) {
        const struct arg *a = &args[i];
        int rc;

        if (a->type == 'i')
            rc = sqlite3_bind_int64(ps, (int)i + 1, a->u.i);
        else if (a->type == 's')
            rc = sqlite3_bind_text64(ps, (int)i + 1,
                                     a->u.s.p != NULL ? a->u.s.p : "", a->u.s.n,
                                     SQLITE_STATIC, SQLITE_UTF8);
        else
            rc = sqlite3_bind_blob64(ps, (int)i + 1,
                                     a->u.s.p != NULL ? a->u.s.p : "", a->u.s.n,
                                     SQLITE_STATIC);
        if (rc != SQLITE_OK)
            return fail(st, e, sqlite3_sql(ps));
    }
    return true;
}

bool
rows_open(struct rows *r, struct store *st, const struct stmt *q,
          const struct arg *args, size_t n, struct err *e)
{
    sqlite3_stmt **ps;

    *r = (struct rows){ .st = st };
    if (q == NULL)
        return err_set(e, ERR_STORE, NULL, "Too many kinds of statements");
    ps = &st->ready[q->slot];
    if (faulted(st, e) ||
        (*ps == NULL && (*ps = prepare(st, q->sql, e)) == NULL))
        return false;
    r->ps = *ps;
    if (bind(st, r->ps, args, n, e))
        return true;
    rows_close(r);
    return false;
}

bool
rows_open_text(struct rows *r, struct store *st, const struct buf *sql,
               const struct arg *args, size_t n, struct err *e)
{
    *r = (struct rows){ .st = st };
    if (sql->over)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "That asks for too much at once: narrow it down");
    if (faulted(st, e) ||
        (r->kept = kept_prepared(st, buf_str(sql), e)) == NULL)
        return false;
    r->ps = r->kept->ps;
    r->kept->busy = true;
    if (bind(st, r->ps, args, n, e))
        return true;
    rows_close(r);
    return false;
}

bool
rows_next(struct rows *r, bool *more, struct err *e)
{
    switch (sqlite3_step(r->ps)) {
    case SQLITE_ROW:
        *more = true;
        return true;
    case SQLITE_DONE:
        *more = false;
        return true;
    default:
        return fail(r->st, e, sqlite3_sql(r->ps));
    }
}

int64_t
rows_i64(struct rows *r, int col)
{
    return sqlite3_column_int64(r->ps, col);
}

struct str
rows_str(struct rows *r, int col)
{
    const void *p = sqlite3_column_blob(r->ps, col);
    struct str s = { p, (size_t)sqlite3_column_bytes(r->ps, col) };

    if (s.n == 0)
        return STR("");
    return r->arena != NULL ? arena_dup(r->arena, s) : s;
}

void
rows_get(struct rows *r, const struct col *cols, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cols[i].type == 'i')
            *(int64_t *)cols[i].to = rows_i64(r, (int)i);
        else
            *(struct str *)cols[i].to = rows_str(r, (int)i);
}

void
rows_close(struct rows *r)
{
    if (r->ps == NULL)
        return;
    sqlite3_reset(r->ps);
    sqlite3_clear_bindings(r->ps);
    r->ps = NULL;
    if (r->kept != NULL)
        r->kept->busy = false;
}

bool
rows_one(struct rows *r, const struct col *cols, size_t n_cols, struct err *e)
{
    bool more = false, ok = rows_next(r, &more, e);

    if (ok && more)
        rows_get(r, cols, n_cols);
    else if (ok)
        ok = err_set(e, ERR_MISSING, NULL, "There is no such record");
    rows_close(r);
    return ok;
}

bool
stmt_one(struct store *st, const struct stmt *q, const struct arg *args,
         size_t n, struct arena *a, const struct col *cols, size_t n_cols,
         struct err *e)
{
    struct rows r;

    if (!rows_open(&r, st, q, args, n, e))
        return false;
    r.arena = a;
    return rows_one(&r, cols, n_cols, e);
}

bool
stmt_run(struct store *st, const struct stmt *q, const struct arg *args,
         size_t n, int64_t *changed, struct err *e)
{
    struct rows r;
    bool ok, more;

    if (!rows_open(&r, st, q, args, n, e))
        return false;
    ok = rows_next(&r, &more, e);
    rows_close(&r);
    if (ok && changed != NULL)
        *changed = sqlite3_changes64(st->db);
    return ok;
}

bool
engine_script(struct store *st, const char *text, struct err *e)
{
    BUF(sql, 1 << 20);

    rewrite(&sql, text);
    if (sql.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return exec(st, sql.p, e);
}

/* What must stand before the first migration. */
static const char bare[] =
    "CREATE TABLE IF NOT EXISTS setting (name TEXT NOT NULL PRIMARY KEY,"
    " value TEXT NOT NULL);"
    "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5 ("
    " words, content = '', detail = none, tokenize = 'unicode61')";
static const char writer_setup[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -16000;"
    "PRAGMA foreign_keys = OFF; PRAGMA mmap_size = 2147418112;";
static const char reader_setup[] =
    "PRAGMA query_only = 1; PRAGMA cache_size = -2000;"
    "PRAGMA mmap_size = 2147418112;";

/* The way back is prepared when all is well: it must not need memory. */
static bool
prepare_way_back(struct store *st, struct err *e)
{
    const struct {
        const char *sql;
        sqlite3_stmt **to;
    } all[] = { { "ROLLBACK", &st->rollback },
                { "ROLLBACK TO job", &st->back_to_job },
                { "RELEASE job", &st->drop_job } };

    for (size_t i = 0; i < N_OF(all); i++)
        if (sqlite3_prepare_v3(st->db, all[i].sql, -1,
                               SQLITE_PREPARE_PERSISTENT, all[i].to,
                               NULL) != SQLITE_OK)
            return fail(st, e, all[i].sql);
    return true;
}

struct store *
store_open(const char *dir, enum store_mode mode, struct err *e)
{
    struct store *st = calloc(1, sizeof(*st));
    char path[4096];

    if (st == NULL ||
        snprintf(path, sizeof(path), "%s/anlan.db", dir) >= (int)sizeof(path)) {
        free(st);
        err_set(e, ERR_STORE, NULL, "The data folder's name is too long");
        return NULL;
    }
    st->mode = mode;
    if (sqlite3_open_v2(path, &st->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                            (mode == STORE_WRITE ? SQLITE_OPEN_CREATE : 0),
                        NULL) != SQLITE_OK) {
        err_set(e, ERR_STORE, NULL, "Cannot open %s: %s", path,
                sqlite3_errmsg(st->db));
        store_close(st);
        return NULL;
    }
    sqlite3_busy_timeout(st->db, 10000);
    if (exec(st, mode == STORE_WRITE ? writer_setup : reader_setup, e) &&
        prepare_way_back(st, e) &&
        (mode == STORE_READ || (exec(st, bare, e) && store_migrate(st, e))))
        return st;
    store_close(st);
    return NULL;
}

void
store_close(struct store *st)
{
    if (st == NULL)
        return;
    for (size_t i = 0; i < N_OF(st->ready); i++)
        sqlite3_finalize(st->ready[i]);
    for (size_t i = 0; i < st->kept.n; i++)
        sqlite3_finalize(st->kept.at[i].ps);
    kept_fini(&st->kept);
    search_queue_fini(&st->words);
    free(st->roots);
    sqlite3_finalize(st->rollback);
    sqlite3_finalize(st->back_to_job);
    sqlite3_finalize(st->drop_job);
    sqlite3_close(st->db);
    free(st);
}

/* Transactions are statements like others, so that they are counted, fail on
 * demand, and are prepared once. */
static bool
control(struct store *st, enum stmt_id id, struct err *e)
{
    return stmt_run(st, &stmts[id], NULL, 0, NULL, e);
}

bool
store_begin(struct store *st, struct err *e)
{
    st->words.saved = 0;
    st->words.early = false;
    st->inside = false;
    st->inside =
        control(st, st->mode == STORE_WRITE ? Q_BEGIN_WRITE : Q_BEGIN_READ, e);
    return st->inside;
}

bool
store_commit(struct store *st, struct err *e)
{
    if (!search_queue_flush(&st->words, st, e) || !control(st, Q_COMMIT, e))
        return false;
    st->inside = false;
    return true;
}

static bool
give_up(sqlite3_stmt *ps)
{
    bool ok = sqlite3_step(ps) == SQLITE_DONE;

    sqlite3_reset(ps);
    return ok;
}

void
store_rollback(struct store *st)
{
    search_queue_cut(&st->words, 0);
    st->inside = false;
    if (!sqlite3_get_autocommit(st->db))
        give_up(st->rollback);
}

bool
store_save(struct store *st, struct err *e)
{
    st->words.saved = st->words.n;
    return control(st, Q_SAVE, e);
}

bool
store_release(struct store *st, struct err *e)
{
    return control(st, Q_RELEASE, e);
}

bool
store_undo(struct store *st)
{
    search_queue_cut(&st->words, st->words.saved);
    return !st->words.early && !sqlite3_get_autocommit(st->db) &&
           give_up(st->back_to_job) && give_up(st->drop_job);
}

struct search_queue *
store_search_queue(struct store *st)
{
    return sqlite3_get_autocommit(st->db) ? NULL : &st->words;
}

bool
store_copy_to(struct store *st, const char *path, struct err *e)
{
    sqlite3 *to = NULL;
    sqlite3_backup *b = NULL;
    int rc = SQLITE_ERROR;

    if (sqlite3_open(path, &to) == SQLITE_OK &&
        (b = sqlite3_backup_init(to, "main", st->db, "main")) != NULL) {
        do
            rc = sqlite3_backup_step(b, 4096);
        while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED);
        rc = sqlite3_backup_finish(b);
    }
    if (rc != SQLITE_OK)
        err_set(e, rc == SQLITE_FULL ? ERR_FULL : ERR_STORE, NULL,
                "The copy to %s failed: %s", path, sqlite3_errmsg(to));
    else if (sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL,
                          NULL) != SQLITE_OK)
        rc = SQLITE_ERROR;
    sqlite3_close(to);
    return rc == SQLITE_OK;
}

bool
store_integrity(struct store *st, struct err *e)
{
    struct str said;
    ARENA(a, 64 * 1024);

    if (!stmt_one(st, stmt_composed(STR("PRAGMA quick_check(1)")), NULL, 0, a,
                  COLS(COL(&said)), e))
        return false;
    return str_is(said, "ok") ||
           err_set(e, ERR_STORE, NULL, "The database file is damaged: %.*s",
                   STR_ARG(said));
}

void
store_checkpoint(struct store *st)
{
    sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                              NULL);
}

void
store_fault_at(struct store *st, int nth)
{
    st->fault_in = nth;
}

int
store_calls(const struct store *st)
{
    return st->calls;
}

__attribute__((constructor)) static void
sqlite_init(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    /* what savepoints keep to go back to: in memory up to 8 MB, not in a file
     * from 64 kB on, which cost 40 kB of writes for each job */
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 8 << 20);
    sqlite3_initialize();
}

struct roots *
store_roots(struct store *st)
{
    if (st->mode == STORE_READ && st->roots == NULL)
        st->roots = calloc(1, sizeof(*st->roots));
    return st->roots;
}
