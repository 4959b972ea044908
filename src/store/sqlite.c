/* SQLite: one file, one writer, readers beside it. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/engine.h"
#include "store/sqlite_file.h"

enum {
    BUSY_MS = 10000,
    /* for readers of what is older, by whoever begins the log anew */
    READERS_MS = 20,
    /* pages of the write-ahead log: 64 MB. So rarely that fewer than one commit
     * in a hundred waits for them under the steadiest load */
    LOG_MAX = 16000,
    LOG_AGAIN = LOG_MAX / 16 /* more of them, before it is tried again */
};

struct lite {
    sqlite3 *db;
    int log_pages; /* in the write-ahead log at the last commit of ours */
    int moved;     /* how many of these are in the database file as well */
    int tried;     /* how many there were when they were to be moved last */
    /* the way back, prepared when all is well: it must not need memory */
    sqlite3_stmt *rollback, *back_to_job, *drop_job;
};

static sqlite3 *
db_of(const struct store *st)
{
    return ((const struct lite *)st->link)->db;
}

static bool
fail(const struct store *st, struct err *e, const char *what)
{
    switch (sqlite3_errcode(db_of(st)) & 0xff) {
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
                       sqlite3_errmsg(db_of(st)), what);
    }
}

/* $n -> ?n: SQLite numbers $n by first appearance, not by n. */
static void
rewrite(struct buf *b, const char *sql)
{
    for (; *sql != '\0'; sql++)
        buf_putc(b, *sql == '$' ? '?' : *sql);
}

static void *
lite_prepare(struct store *st, const struct stmt *q, const struct arg *args,
             size_t n, struct err *e)
{
    sqlite3_stmt *ps = NULL;
    BUF(b, 256 * 1024);

    (void)args;
    (void)n;
    rewrite(&b, q->sql);
    if (b.over ||
        sqlite3_prepare_v3(db_of(st), b.p, -1, SQLITE_PREPARE_PERSISTENT, &ps,
                           NULL) != SQLITE_OK)
        fail(st, e, q->sql);
    return ps;
}

static void
lite_discard(void *ps)
{
    sqlite3_finalize(ps);
}

static bool
lite_start(struct rows *r, const struct arg *args, size_t n, struct err *e)
{
    sqlite3_stmt *ps = r->ps;

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
            return fail(r->st, e, sqlite3_sql(ps));
    }
    return true;
}

static bool
lite_next(struct rows *r, bool *more, struct err *e)
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

static int64_t
lite_i64(struct rows *r, int col)
{
    return sqlite3_column_int64(r->ps, col);
}

static struct str
lite_str(struct rows *r, int col)
{
    const void *p = sqlite3_column_blob(r->ps, col);

    return (struct str){ p, (size_t)sqlite3_column_bytes(r->ps, col) };
}

static int64_t
lite_changed(struct rows *r)
{
    return sqlite3_changes64(db_of(r->st));
}

static void
lite_end(struct rows *r)
{
    sqlite3_reset(r->ps);
    sqlite3_clear_bindings(r->ps);
}

static bool
exec(struct store *st, const char *sql, struct err *e)
{
    return sqlite3_exec(db_of(st), sql, NULL, NULL, NULL) == SQLITE_OK ||
           fail(st, e, sql);
}

/* A tokenizer that splits at blanks what search.c has made, for it leaves ASCII
 * letters, digits and everything beyond as they are. Pieces are merged when 16
 * of a size have come together, in small steps, and only at 64 in one go within
 * somebody's commit; at night they become one. Small pages: looking for a word
 * decodes half a page in each piece. */
#define SEARCH_TABLE                                                           \
    "CREATE VIRTUAL TABLE search USING fts5 (words, content = '',"             \
    " detail = none, tokenize = 'ascii');"                                     \
    "INSERT INTO search (search, rank) VALUES ('pgsz', 1000);"                 \
    "INSERT INTO search (search, rank) VALUES ('automerge', 16);"              \
    "INSERT INTO search (search, rank) VALUES ('crisismerge', 64)"

static bool
lite_script(struct store *st, const char *text, struct err *e)
{
    static const struct engine_type types[] = { { "{id}",
                                                  "INTEGER PRIMARY KEY" },
                                                { "{pk}", "" },
                                                { "{search}", SEARCH_TABLE },
                                                { "{wr}", "WITHOUT ROWID" },
                                                { NULL, NULL } };
    BUF(sql, 1 << 20);

    engine_types(&sql, str_of(text), types);
    if (sql.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return exec(st, sql.p, e);
}

/* All pieces become one; a step that writes less than two rows was the last
 * (sqlite.org/fts5.html, "merge"). */
static bool
lite_tidy_search(struct store *st, bool begin, bool *more, struct err *e)
{
    const struct lite *l = st->link;
    int was = sqlite3_total_changes(l->db);

    if (!exec(st,
              begin ? "INSERT INTO search (search, rank) VALUES ('merge', -64)"
                    : "INSERT INTO search (search, rank) VALUES ('merge', 64)",
              e))
        return false;
    *more = begin || sqlite3_total_changes(l->db) - was >= 2;
    return true;
}

/* What must stand before the first migration. */
static const char bare[] =
    "CREATE TABLE IF NOT EXISTS setting (name TEXT NOT NULL PRIMARY KEY,"
    " value TEXT NOT NULL)";
static const char writer_setup[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    /* see store_checkpoint(); no wish of the file's is kept beyond 64 MB */
    "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;"
    "PRAGMA cache_size = -16000;"
    "PRAGMA foreign_keys = OFF; PRAGMA mmap_size = 2147418112;"
    "PRAGMA secure_delete = ON;"; /* what was erased is overwritten */
static const char reader_setup[] =
    "PRAGMA query_only = 1; PRAGMA cache_size = -2000;"
    "PRAGMA mmap_size = 2147418112;";
static const char words_of_search[] =
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words"
    " USING fts5vocab(main, search, instance);";

static bool
prepare_way_back(struct store *st, struct lite *l, struct err *e)
{
    const struct {
        const char *sql;
        sqlite3_stmt **to;
    } all[] = { { "ROLLBACK", &l->rollback },
                { "ROLLBACK TO job", &l->back_to_job },
                { "RELEASE job", &l->drop_job } };

    for (size_t i = 0; i < N_OF(all); i++)
        if (sqlite3_prepare_v3(l->db, all[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                               all[i].to, NULL) != SQLITE_OK)
            return fail(st, e, all[i].sql);
    return true;
}

static int
note_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct lite *l = arg;

    (void)db;
    (void)name;
    if (pages < l->log_pages) /* it has begun anew */
        l->moved = l->tried = 0;
    l->log_pages = pages;
    return SQLITE_OK;
}

/* Who reads never moves the log, not even as the last one to close. */
static void
agree_on_log(struct store *st, struct lite *l)
{
    if (st->mode == STORE_READ) {
        sqlite3_db_config(l->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return;
    }
    l->log_pages = 1;
    sqlite3_wal_hook(l->db, note_commit, l);
}

static bool
lite_open(struct store *st, const char *dir, const char *url, struct err *e)
{
    struct lite *l = calloc(1, sizeof(*l));
    char path[4096];

    (void)url;
    if ((st->link = l) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (dir != NULL)
        snprintf(path, sizeof(path), "%s/anlan.db", dir);
    else
        snprintf(path, sizeof(path), ":memory:");
    if (sqlite3_open_v2(path, &l->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                            (st->mode == STORE_WRITE ? SQLITE_OPEN_CREATE : 0),
                        NULL) != SQLITE_OK)
        return err_set(e, ERR_STORE, NULL, "Cannot open %s: %s", path,
                       sqlite3_errmsg(l->db));
    if (!sqlite_file_check(l->db, path, e))
        return false;
    sqlite3_busy_timeout(l->db, BUSY_MS);
    if ((st->mode == STORE_READ && !exec(st, words_of_search, e)) ||
        !exec(st, st->mode == STORE_WRITE ? writer_setup : reader_setup, e) ||
        !prepare_way_back(st, l, e))
        return false;
    agree_on_log(st, l); /* behind the setup, which has a hook of its own */
    return st->mode == STORE_READ ||
           (exec(st, bare, e) && store_migrate(st, e) &&
            exec(st, words_of_search, e));
}

static void
lite_close(struct store *st)
{
    struct lite *l = st->link;

    if (l == NULL)
        return;
    sqlite3_finalize(l->rollback);
    sqlite3_finalize(l->back_to_job);
    sqlite3_finalize(l->drop_job);
    sqlite3_close(l->db);
    free(l);
}

static bool
lite_taken_back(const struct store *st)
{
    return sqlite3_get_autocommit(db_of(st)) != 0;
}

static bool
give_up(sqlite3_stmt *ps)
{
    bool ok = sqlite3_step(ps) == SQLITE_DONE;

    sqlite3_reset(ps);
    return ok;
}

static void
lite_rollback(struct store *st)
{
    if (!lite_taken_back(st))
        give_up(((struct lite *)st->link)->rollback);
}

static bool
lite_undo(struct store *st)
{
    const struct lite *l = st->link;

    return !lite_taken_back(st) && give_up(l->back_to_job) &&
           give_up(l->drop_job);
}

static bool
lite_copy_to(struct store *st, const char *path, struct err *e)
{
    sqlite3 *to = NULL;
    sqlite3_backup *b = NULL;
    int rc = SQLITE_ERROR;

    if (sqlite3_open(path, &to) == SQLITE_OK &&
        (b = sqlite3_backup_init(to, "main", db_of(st), "main")) != NULL) {
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

static enum store_log
lite_log(const struct store *st)
{
    const struct lite *l = st->link;

    if (l->log_pages >= LOG_MAX && l->log_pages - l->tried >= LOG_AGAIN)
        return LOG_LONG;
    return l->log_pages > l->moved ? LOG_WAITS : LOG_EMPTY;
}

static bool
lite_checkpoint(struct store *st)
{
    struct lite *l = st->link;
    int pages = -1, moved = -1, rc;

    sqlite3_busy_timeout(l->db, READERS_MS);
    rc = sqlite3_wal_checkpoint_v2(l->db, NULL, SQLITE_CHECKPOINT_RESTART,
                                   &pages, &moved);
    sqlite3_busy_timeout(l->db, BUSY_MS);
    if (pages >= 0 && moved >= 0) {
        l->log_pages = pages;
        l->moved = moved;
    }
    l->tried = l->log_pages;
    return rc == SQLITE_OK;
}

__attribute__((constructor)) static void
sqlite_init(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    /* What savepoints keep to go back to: in memory as long as one job is
     * small, not in a file from 64 kB on, which cost 40 kB of writes for each.
     * Never 128 kB or more: it goes into the file in one piece, of which the
     * VFS writes as many bytes as 17 bits can say and takes the rest for a full
     * disk. */
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 127 << 10);
    sqlite3_initialize();
}

static const char *const instead[Q__MAX];

const struct engine sqlite_engine = {
    .open = lite_open,
    .close = lite_close,
    .script = lite_script,
    .prepare = lite_prepare,
    .discard = lite_discard,
    .start = lite_start,
    .next = lite_next,
    .i64 = lite_i64,
    .str = lite_str,
    .changed = lite_changed,
    .end = lite_end,
    .taken_back = lite_taken_back,
    .rollback = lite_rollback,
    .undo = lite_undo,
    .copy_to = lite_copy_to,
    /* as many lines as SOUND_MAX */
    .integrity = "PRAGMA integrity_check(100)",
    .texts = "SELECT type || ' ' || name || ' of ' || tbl_name,"
             " coalesce(sql, '') FROM sqlite_master"
             " WHERE name NOT LIKE 'sqlite_stat%'",
    .types = "SELECT t.name, c.name, c.type FROM pragma_table_list t"
             " JOIN pragma_table_info(t.name) c WHERE t.schema = 'main'"
             " AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
             " ORDER BY t.name, c.cid",
    .reindex = true,
    .log = lite_log,
    .checkpoint = lite_checkpoint,
    .tidy_search = lite_tidy_search,
    .instead = instead,
    .columns = "SELECT m.name, p.name, p.type, p.pk FROM sqlite_master m"
               " JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
               " ORDER BY m.name, p.cid",
    .schema = "SELECT 'column ' || t.name || '.' || c.name || ' ' || c.type ||"
              " CASE WHEN c.\"notnull\" THEN ' NOT NULL' ELSE '' END ||"
              " coalesce(' DEFAULT ' || c.dflt_value, '') ||"
              " CASE WHEN c.pk > 0 THEN ' KEY ' || c.pk ELSE '' END"
              " FROM pragma_table_list t JOIN pragma_table_info(t.name) c"
              " WHERE t.schema = 'main' AND t.type = 'table'"
              " AND t.name NOT LIKE 'sqlite%' UNION ALL"
              " SELECT t.type || ' ' || t.name ||"
              " CASE WHEN t.wr THEN ' WITHOUT ROWID' ELSE '' END ||"
              " CASE WHEN t.strict THEN ' STRICT' ELSE '' END"
              " FROM pragma_table_list t WHERE t.schema = 'main'"
              " AND t.name NOT LIKE 'sqlite%' UNION ALL"
              " SELECT CASE WHEN m.type = 'table' THEN m.sql"
              " ELSE m.type || ' ' || m.sql END FROM sqlite_master m"
              " WHERE m.sql IS NOT NULL AND (m.type <> 'table' OR"
              " m.sql LIKE 'CREATE VIRTUAL%')",
    .search = { .join = "t.id = s.rowid",
                .match = " AND search MATCH ",
                .end = "",
                .id = "s.rowid",
                .each = "SELECT term, doc FROM search_words",
                .sizes = "SELECT id, sz FROM search_docsize",
                .exact = true },
};
