/* PostgreSQL 15 or newer: a server for many, over libpq. Statements travel in
 * its pipeline mode: what gives no rows waits for the next that does, so that a
 * job costs as few journeys as it has questions. */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/postgres.h"

enum { DEFER_MAX = 48, FETCH = 500 };

/* ---- what went wrong ----------------------------------------------------------- */

static bool
is_lost(const struct pg *g)
{
    return g->c == NULL || PQstatus(g->c) != CONNECTION_OK;
}

/* The connection is gone; commit: the answer to it is what is missing. */
static bool
lost(struct store *st, bool commit, struct err *e)
{
    st->fate = commit ? FATE_UNKNOWN : FATE_AGAIN;
    return err_set(e, ERR_BUSY, NULL,
                   "The database cannot be reached; try again in a moment");
}

static bool
taken(const char *state, const char *class)
{
    return strncmp(state, class, strlen(class)) == 0;
}

static bool
in_our_words(struct store *st, const char *state, const char *said, bool commit,
             struct err *e)
{
    struct pg *g = st->link;

    if (taken(state, "57P") || taken(state, "08"))
        return lost(st, commit, e); /* it says farewell */
    if (taken(state, "40"))
        st->fate = FATE_AGAIN;
    if (taken(state, "23"))
        return err_set(e, ERR_CONFLICT, NULL, "This value is taken already");
    if (taken(state, "53100"))
        return err_set(e, ERR_FULL, NULL,
                       "The disk is full: nothing can be saved until the "
                       "administrator makes room. Reading goes on");
    if (taken(state, "25006")) {
        g->stale = true; /* look for the one that takes changes */
        return err_set(e, ERR_BUSY, NULL,
                       "The database takes no changes at the moment; try "
                       "again in a moment. Reading goes on");
    }
    if (taken(state, "22021"))
        return err_set(e, ERR_INVALID, NULL,
                       "The text holds characters that cannot be kept");
    if (taken(state, "40") || taken(state, "53") || taken(state, "55P03") ||
        taken(state, "57"))
        return err_set(e, ERR_BUSY, NULL,
                       "The database is busy; try again in a moment");
    return err_set(e, ERR_STORE, NULL, "The database failed: %s (%s)",
                   said != NULL ? said : "no reason given", state);
}

/* After a failure everything is refused: what is told is the failure. */
bool
pg_refused(struct store *st, const PGresult *res, bool commit, struct err *e)
{
    struct pg *g = st->link;
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const char *said = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

    if (state == NULL)
        state = "?";
    if (taken(state, "25P02") && g->first.code != ERR_NONE) {
        *e = g->first;
        return false;
    }
    in_our_words(st, state, said, commit, e);
    g->first = *e;
    return false;
}

/* ---- the pipeline --------------------------------------------------------------- */

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
is_fine(const PGresult *res)
{
    ExecStatusType s = PQresultStatus(res);

    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

/* One answer of those that are to come; NULL: the connection is gone. */
static PGresult *
answer(struct pg *g)
{
    PGresult *res = PQgetResult(g->c), *more;

    while (res != NULL && (more = PQgetResult(g->c)) != NULL) {
        PQclear(res);
        res = more;
    }
    return res;
}

/* Wait for all that was sent. *last: what came for the last one, to be
 * cleared; NULL: it is not wanted. Commits are among them only as the last. */
static bool
collect(struct store *st, PGresult **last, bool commit, struct err *e)
{
    struct pg *g = st->link;
    unsigned n = g->n_sent;
    bool ok = PQpipelineSync(g->c) == 1;

    g->n_sent = 0;
    for (unsigned i = 0; i < n; i++) {
        PGresult *res = !is_lost(g) ? answer(g) : NULL;
        bool fine = res != NULL && is_fine(res);

        if (!fine && g->sent[i] != NULL)
            g->sent[i]->born = 0; /* it was not made ready after all */
        if (!fine && ok && res != NULL && !is_lost(g)) {
            pg_refused(st, res, commit, e);
            ok = false;
        }
        if (fine && ok && i + 1 == n && last != NULL)
            *last = res;
        else
            PQclear(res);
    }
    if (is_lost(g))
        return lost(st, commit, e);
    PQclear(PQgetResult(g->c)); /* the end of the pipeline */
    return ok;
}

void
pg_drain(struct store *st)
{
    struct err e;
    struct pg *g = st->link;

    if (g->n_sent > 0 && !is_lost(g))
        (void)collect(st, NULL, false, &e);
    g->n_sent = 0;
}

/* A statement of our own without parameters. */
static bool
send_text(struct pg *g, const char *sql)
{
    g->sent[g->n_sent++] = NULL;
    return PQsendQueryParams(g->c, sql, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

/* ---- parameters ------------------------------------------------------------------ */

enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

static bool
make_room(struct pg_bound *b, size_t n)
{
    size_t cap = n < 64 ? 64 : n;

    if (n <= b->cap)
        return true;
    free(b->value);
    free(b->number);
    free(b->length);
    free(b->format);
    free(b->type);
    b->value = calloc(cap, sizeof(*b->value));
    b->number = calloc(cap, sizeof(*b->number));
    b->length = calloc(cap, sizeof(*b->length));
    b->format = calloc(cap, sizeof(*b->format));
    b->type = calloc(cap, sizeof(*b->type));
    b->cap = b->value != NULL && b->number != NULL && b->length != NULL &&
                     b->format != NULL && b->type != NULL
                 ? cap
                 : 0;
    return b->cap > 0;
}

void
pg_bound_fini(struct pg_bound *b)
{
    free(b->value);
    free(b->number);
    free(b->length);
    free(b->format);
    free(b->type);
}

static bool
bind(struct pg_bound *b, const struct arg *args, size_t n)
{
    if (!make_room(b, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct arg *a = &args[i];

        b->format[i] = 1;
        b->type[i] = a->type == 'i'   ? OID_INT8
                     : a->type == 's' ? OID_TEXT
                                      : OID_BYTEA;
        if (a->type == 'i') {
            b->number[i] = htobe64((uint64_t)a->u.i);
            b->value[i] = (const char *)&b->number[i];
            b->length[i] = sizeof(b->number[i]);
        } else {
            b->value[i] = a->u.s.p != NULL ? a->u.s.p : "";
            b->length[i] = (int)a->u.s.n;
        }
    }
    return true;
}

/* ---- statements ------------------------------------------------------------------ */

static void *
pg_prepare(struct store *st, const struct stmt *q, const struct arg *args,
           size_t n, struct err *e)
{
    struct pg *g = st->link;
    size_t len = strlen(q->sql) + 1;
    struct pg_stmt *ps = malloc(sizeof(*ps) + len);

    (void)args;
    if (ps == NULL) {
        short_of_memory(e);
        return NULL;
    }
    *ps =
        (struct pg_stmt){ .pg = g,
                          .no = ++g->named,
                          .n = n,
                          .walk = q->walk,
                          .commit = q->slot == Q_COMMIT,
                          .begin = q->slot == Q_BEGIN_READ ||
                                   q->slot == Q_BEGIN_WRITE,
                          .now = q->slot == Q_COMMIT || q->slot == Q_RELEASE };
    memcpy(ps->sql, q->sql, len);
    return ps;
}

/* The server forgets it too, as long as it is the same connection. */
static void
pg_discard(void *prepared)
{
    struct pg_stmt *ps = prepared;
    struct pg *g = ps->pg;
    char text[32];

    for (unsigned i = 0; i < g->n_sent; i++)
        if (g->sent[i] == ps)
            g->sent[i] = NULL;
    if (!g->closing && ps->born == g->generation && !is_lost(g) &&
        g->n_sent < DEFER_MAX) {
        snprintf(text, sizeof(text), "DEALLOCATE s%u", ps->no);
        (void)send_text(g, text);
    }
    free(ps);
}

static bool
send_prepared(struct pg *g, struct pg_stmt *ps)
{
    const struct pg_bound *b = &g->bound;
    char name[16];

    snprintf(name, sizeof(name), "s%u", ps->no);
    if (ps->born != g->generation) {
        g->sent[g->n_sent++] = ps;
        ps->born = g->generation;
        if (PQsendPrepare(g->c, name, ps->sql, (int)ps->n, b->type) != 1)
            return false;
    }
    g->sent[g->n_sent++] = NULL;
    return PQsendQueryPrepared(g->c, name, (int)ps->n, b->value, b->length,
                               b->format, 1) == 1;
}

static bool
fetch(struct rows *r, struct err *e)
{
    struct pg *g = r->st->link;
    PGresult *res = NULL;
    char text[64];

    snprintf(text, sizeof(text), "FETCH FORWARD %d FROM c%u", FETCH, r->walk);
    if (!send_text(g, text))
        return lost(r->st, false, e);
    if (!collect(r->st, &res, false, e))
        return false;
    PQclear(r->got);
    r->got = res;
    r->n = PQntuples(res);
    r->at = -1;
    return true;
}

/* A walk over what may be many rows: some at a time, by a cursor. */
static bool
start_walk(struct rows *r, const struct pg_stmt *ps, struct err *e)
{
    struct pg *g = r->st->link;
    const struct pg_bound *b = &g->bound;
    BUF(sql, 64 * 1024);
    bool sent;

    r->walk = ++g->named;
    buf_printf(&sql, "DECLARE c%u NO SCROLL CURSOR FOR ", r->walk);
    buf_puts(&sql, ps->sql);
    if (sql.over)
        return short_of_memory(e);
    g->sent[g->n_sent++] = NULL;
    sent = PQsendQueryParams(g->c, sql.p, (int)ps->n, b->type, b->value,
                             b->length, b->format, 1) == 1;
    return sent ? fetch(r, e) : lost(r->st, false, e);
}

static bool
pg_start(struct rows *r, const struct arg *args, size_t n, struct err *e)
{
    struct pg *g = r->st->link;
    struct pg_stmt *ps = r->ps;
    PGresult *res = NULL;

    r->at = -1;
    if (n != ps->n)
        return err_set(e, ERR_STORE, NULL,
                       "%zu parameters given, %zu wanted: %s", n, ps->n,
                       ps->sql);
    if (is_lost(g))
        return lost(r->st, false, e);
    if (!bind(&g->bound, args, n))
        return short_of_memory(e);
    if (ps->walk && r->st->inside)
        return start_walk(r, ps, e);
    if (!send_prepared(g, ps))
        return lost(r->st, ps->commit, e);
    if (r->no_rows && !ps->now && g->n_sent < DEFER_MAX &&
        (r->st->inside || ps->begin))
        return true;
    if (!collect(r->st, &res, ps->commit, e))
        return false;
    r->got = res;
    r->n = PQntuples(res);
    if (ps->commit && strcmp(PQcmdStatus(res), "COMMIT") != 0)
        return err_set(e, ERR_STORE, NULL, "The transaction was taken back");
    return true;
}

static bool
pg_next(struct rows *r, bool *more, struct err *e)
{
    if (r->walk != 0 && r->at + 1 == r->n && r->n == FETCH && !fetch(r, e))
        return false;
    *more = ++r->at < r->n;
    return true;
}

static int64_t
pg_i64(struct rows *r, int col)
{
    const char *p = PQgetvalue(r->got, r->at, col);
    uint64_t v8;
    uint32_t v4;

    switch (PQgetlength(r->got, r->at, col)) {
    case 8:
        memcpy(&v8, p, 8);
        return (int64_t)be64toh(v8);
    case 4:
        memcpy(&v4, p, 4);
        return (int32_t)be32toh(v4);
    case 0:
        return 0; /* NULL */
    default:
        abort(); /* a statement of ours gives what is no whole number */
    }
}

static struct str
pg_str(struct rows *r, int col)
{
    return (struct str){ PQgetvalue(r->got, r->at, col),
                         (size_t)PQgetlength(r->got, r->at, col) };
}

static int64_t
pg_changed(struct rows *r)
{
    return r->got != NULL ? strtoll(PQcmdTuples(r->got), NULL, 10) : 0;
}

static void
pg_end(struct rows *r)
{
    struct pg *g = r->st->link;
    char text[32];

    PQclear(r->got);
    r->got = NULL;
    if (r->walk == 0 || is_lost(g) || !r->st->inside)
        return;
    if (g->n_sent >= DEFER_MAX)
        pg_drain(r->st);
    snprintf(text, sizeof(text), "CLOSE c%u", r->walk);
    (void)send_text(g, text);
}

/* ---- transactions ----------------------------------------------------------------- */

/* PostgreSQL itself refuses everything after a failure. */
static bool
pg_taken_back(const struct store *st)
{
    (void)st;
    return false;
}

static bool
quietly(struct store *st, const char *first, const char *second)
{
    struct pg *g = st->link;
    enum store_fate fate = st->fate;
    struct err e;
    bool ok;

    pg_drain(st);
    g->first.code = ERR_NONE;
    ok = !is_lost(g) && send_text(g, first) &&
         (second == NULL || send_text(g, second)) &&
         collect(st, NULL, false, &e);
    st->fate = fate;
    return ok;
}

static void
pg_rollback(struct store *st)
{
    struct pg *g = st->link;

    pg_drain(st);
    if (!is_lost(g) && PQtransactionStatus(g->c) != PQTRANS_IDLE &&
        !quietly(st, "ROLLBACK", NULL))
        g->stale = true;
}

static bool
pg_undo(struct store *st)
{
    return quietly(st, "ROLLBACK TO SAVEPOINT job", "RELEASE SAVEPOINT job");
}

static bool
pg_copy_to(struct store *st, const char *path, struct err *e)
{
    (void)st;
    return err_set(
        e, ERR_INVALID, NULL,
        "%s: a PostgreSQL database is copied with \"anlan copy\", or "
        "backed up with its own tools: see docs/operations/scale.md",
        path);
}

static const char *const instead[Q__MAX] = {
    [Q_BEGIN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [Q_BEGIN_WRITE] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    [Q_MIGRATION_TABLE] =
        ("SELECT COUNT(*) FROM pg_class WHERE relname = 'migration' AND"
         " relnamespace = CAST(CAST(current_schema AS TEXT) AS regnamespace)"),
    [Q_HEAD_LOCK] = ("SELECT size, last_ms, root FROM log_head"
                     " WHERE tenant_id = $1 FOR UPDATE"),
    [Q_MARK_LOCK] = ("SELECT n FROM mark WHERE tenant_id = $1 AND server = $2"
                     " FOR UPDATE"),
    [Q_LEASE_LOCK] = ("SELECT holder, beat, fence FROM lease WHERE name = $1"
                      " FOR UPDATE"),
    [Q_LEASE_HELD] = ("SELECT fence FROM lease WHERE name = $1 AND holder = $2"
                      " FOR SHARE"),
    [Q_SEARCH_ADD] = ("INSERT INTO search (tenant_id, id, words)"
                      " VALUES ($1, $2, $3) ON CONFLICT (tenant_id, id)"
                      " DO UPDATE SET words = excluded.words"),
    [Q_SEARCH_FORGET] = ("DELETE FROM search WHERE tenant_id = $1 AND id = $2"
                         " AND $3 <> ''"),
    [Q_SEARCH_WIPE] = "DELETE FROM search",
};

const struct engine postgres_engine = {
    .open = pg_open,
    .close = pg_close,
    .script = pg_script,
    .prepare = pg_prepare,
    .discard = pg_discard,
    .start = pg_start,
    .next = pg_next,
    .i64 = pg_i64,
    .str = pg_str,
    .changed = pg_changed,
    .end = pg_end,
    .ready = pg_ready,
    .agree = pg_agree,
    .taken_back = pg_taken_back,
    .rollback = pg_rollback,
    .undo = pg_undo,
    .copy_to = pg_copy_to,
    .instead = instead,
    .columns = "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT),"
               " CAST(t.typname AS TEXT), CAST(COALESCE(array_position("
               "string_to_array(CAST(i.indkey AS TEXT), ' '),"
               " CAST(a.attnum AS TEXT)), 0) AS BIGINT) FROM pg_class c"
               " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
               " AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid"
               " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
               " WHERE c.relnamespace = CAST(CAST(current_schema AS TEXT) AS"
               " regnamespace) AND c.relkind IN ('r', 'p')"
               " ORDER BY c.relname, a.attnum",
    .schema = "SELECT 'column ' || table_name || '.' || column_name || ' ' ||"
              " data_type || CASE WHEN collation_name IS NULL THEN '' ELSE"
              " ' ' || collation_name END || CASE WHEN is_nullable = 'NO' THEN"
              " ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' ||"
              " column_default, '') FROM information_schema.columns"
              " WHERE table_schema = current_schema UNION ALL"
              " SELECT lower(table_type) || ' ' || table_name"
              " FROM information_schema.tables"
              " WHERE table_schema = current_schema UNION ALL"
              " SELECT 'index ' || replace(indexdef, current_schema || '.', '')"
              " FROM pg_indexes WHERE schemaname = current_schema UNION ALL"
              " SELECT 'trigger ' || trigger_name FROM"
              " information_schema.triggers"
              " WHERE trigger_schema = current_schema",
    .search = { .join = "t.tenant_id = s.tenant_id AND t.id = s.id",
                .match = " AND s.tenant_id = t.tenant_id AND"
                         " string_to_array(s.words, ' ') @> string_to_array(",
                .end = ", ' ')",
                .id = "s.id",
                .each = "SELECT DISTINCT word, id FROM search,"
                        " unnest(string_to_array(words, ' ')) AS word"
                        " ORDER BY word, id" },
    .shared = true,
};
