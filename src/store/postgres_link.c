/* PostgreSQL: the connection, and the schema in its types. */
#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "store/postgres.h"

/* How long a transaction waits for a database that is away, in all, ms: a
 * restart takes so long, and people wait for the answer. */
enum { WAIT_READER = 1000, WAIT_WRITER = 8000, WAIT_FIRST = 50 };

/* ---- connecting --------------------------------------------------------------------- */

/* One line of what libpq says: it never holds the password. */
static bool
unreachable(struct pg *g, struct err *e)
{
    struct str said = str_of(g->c != NULL ? PQerrorMessage(g->c) : "no memory");
    ptrdiff_t why = str_find(said, STR(" failed: "));
    char line[200];
    size_t n = 0;

    if (why >= 0) /* where to is in the folder's file */
        said = str_cut(said, (size_t)why + 9, said.n);
    for (size_t i = 0; i < said.n && n + 1 < sizeof(line); i++)
        if (said.p[i] != '\n' || i + 1 < said.n)
            line[n++] = said.p[i] == '\n' ? ' ' : said.p[i];
    line[n] = '\0';
    return err_set(e, ERR_BUSY, NULL, "The database cannot be reached: %s",
                   line);
}

static void
unheard(void *arg, const PGresult *res)
{
    (void)arg;
    (void)res;
}

static bool
one_word(struct pg *g, const char *sql, char *out, size_t cap)
{
    PGresult *res = PQexec(g->c, sql);
    bool ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;

    snprintf(out, cap, "%s", ok ? PQgetvalue(res, 0, 0) : "");
    PQclear(res);
    return ok;
}

static bool
speaks_utf8(struct pg *g, struct err *e)
{
    const char *code = PQparameterStatus(g->c, "server_encoding");

    return (code != NULL && strcmp(code, "UTF8") == 0) ||
           err_set(e, ERR_STORE, NULL,
                   "The database is kept in %s: make one with createdb "
                   "--encoding UTF8 --template template0",
                   code != NULL ? code : "an unknown encoding");
}

static const char *
timeout(const struct store *st, char *out, size_t cap)
{
    snprintf(out, cap, "SET statement_timeout = '%ds'", st->deadline);
    return out;
}

/* What every connection agrees on. Durability is not left to the server's
 * settings: acknowledged means on disk. */
static bool
agree(struct store *st, struct pg *g, struct err *e)
{
    static const char set[] =
        "SET client_min_messages = warning; SET timezone = 'UTC';"
        "SET jit = off; SET lock_timeout = '10s';"
        "SET idle_in_transaction_session_timeout = '120s';";
    char sync[64];
    PGresult *res = PQexec(g->c, set);
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;

    PQclear(res);
    if (ok && one_word(g, "SHOW synchronous_commit", sync, sizeof(sync)) &&
        strcmp(sync, "off") == 0)
        PQclear(PQexec(g->c, "SET synchronous_commit = on"));
    if (ok && st->deadline > 0)
        PQclear(PQexec(g->c, timeout(st, sync, sizeof(sync))));
    return ok || unreachable(g, e);
}

/* Our wishes stand before the address, which may say otherwise. */
static bool
connect_to(struct store *st, const char *session, struct err *e)
{
    struct pg *g = st->link;
    const char *const name[] = { "fallback_application_name",
                                 "connect_timeout",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 "keepalives_count",
                                 "tcp_user_timeout",
                                 "target_session_attrs",
                                 "client_encoding",
                                 "dbname",
                                 NULL };
    const char *const value[] = { "anlan", "5",     "10",   "5",    "3",
                                  "15000", session, "UTF8", g->url, NULL };

    if (g->c != NULL)
        PQfinish(g->c);
    g->n_sent = 0;
    g->generation++;
    g->stale = false;
    g->c = PQconnectdbParams(name, value, 1);
    if (g->c == NULL || PQstatus(g->c) != CONNECTION_OK)
        return unreachable(g, e);
    PQsetNoticeReceiver(g->c, unheard, NULL);
    return speaks_utf8(g, e) && agree(st, g, e);
}

/* Readers go on with a standby when nothing else is named or there. */
static const char *
session_of(const struct store *st)
{
    return st->mode == STORE_WRITE ? "read-write" : "any";
}

static bool
reconnect(struct store *st, struct err *e)
{
    struct pg *g = st->link;

    return connect_to(st, session_of(st), e) &&
           (PQenterPipelineMode(g->c) == 1 || unreachable(g, e));
}

/* True: nothing has come in that nobody asked for, such as a farewell. */
static bool
is_there(struct pg *g)
{
    struct pollfd p = { .fd = g->c != NULL ? PQsocket(g->c) : -1,
                        .events = POLLIN };

    if (p.fd < 0 || g->stale || PQstatus(g->c) != CONNECTION_OK)
        return false;
    return g->n_sent > 0 || poll(&p, 1, 0) <= 0 ||
           (PQconsumeInput(g->c) == 1 && PQstatus(g->c) == CONNECTION_OK);
}

void
pg_agree(struct store *st)
{
    struct pg *g = st->link;
    char sql[64];

    if (!is_there(g) || PQexitPipelineMode(g->c) != 1)
        return; /* the next connection has it */
    PQclear(PQexec(g->c, timeout(st, sql, sizeof(sql))));
    if (PQenterPipelineMode(g->c) != 1)
        g->stale = true;
}

static void
pause_ms(long ms)
{
    struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

    nanosleep(&t, NULL);
}

bool
pg_ready(struct store *st, struct err *e)
{
    struct pg *g = st->link;
    long wait = WAIT_FIRST, in_all = 0,
         most = st->mode == STORE_WRITE ? WAIT_WRITER : WAIT_READER;
    char text[256];

    g->first.code = ERR_NONE;
    if (is_there(g))
        return true;
    while (!reconnect(st, e)) {
        st->fate = FATE_AGAIN;
        if (in_all >= most) {
            log_line(LOG_ERROR, "%s", err_text(e, text, sizeof(text)));
            return err_set(e, ERR_BUSY, NULL,
                           "The database cannot be reached; try again in a "
                           "moment");
        }
        pause_ms(wait);
        in_all += wait;
        wait = wait < 1000 ? 2 * wait : 1000;
    }
    log_line(LOG_INFO, "the database is there again");
    return true;
}

/* ---- the schema ------------------------------------------------------------------------ */

/* Before the first migration. */
static const char bare[] =
    "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY,"
    " value TEXT NOT NULL)";
/* Each record's words in one text: blanks between them, nothing to parse. */
#define SEARCH_TABLE                                                           \
    "CREATE TABLE search (tenant_id BIGINT NOT NULL, id BIGINT NOT NULL,"      \
    " words TEXT COLLATE \"C\" NOT NULL, PRIMARY KEY (tenant_id, id));"        \
    "CREATE INDEX search_words ON search"                                      \
    " USING gin (string_to_array(words, ' '))"

/* Types in the server's words, without comments. The order of text is that of
 * its bytes, whatever the database was made with. */
static void
put_types(struct buf *b, const char *sql)
{
    while (*sql != '\0') {
        size_t n = 0;

        if (sql[0] == '-' && sql[1] == '-') {
            sql += strcspn(sql, "\n");
            continue;
        }
        while (isalnum((unsigned char)sql[n]) || sql[n] == '_')
            n++;
        if (n == 4 && memcmp(sql, "TEXT", 4) == 0)
            buf_puts(b, "TEXT COLLATE \"C\"");
        else if (n == 4 && memcmp(sql, "BLOB", 4) == 0)
            buf_puts(b, "BYTEA");
        else
            buf_put(b, sql, n > 0 ? n : 1);
        sql += n > 0 ? n : 1;
    }
}

static bool
run(struct store *st, const char *sql, struct err *e)
{
    struct pg *g = st->link;
    PGresult *res = PQexec(g->c, sql);
    ExecStatusType s = PQresultStatus(res);
    bool ok =
        s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY;

    if (!ok)
        pg_refused(st, res, false, e);
    PQclear(res);
    return ok;
}

/* Citus: each tenant's rows together, what stands above tenants on every node,
 * a session where its own key leads. */
static bool
distribute(struct store *st, struct str table, struct err *e)
{
    static const char *const everywhere[] = { "setting", "tenant",
                                              "directory" };
    BUF(sql, 256);

    if (str_is(table, "lease") || str_is(table, "migration"))
        return true; /* kept by the coordinator alone */
    for (size_t i = 0; i < N_OF(everywhere); i++)
        if (str_is(table, everywhere[i])) {
            buf_printf(&sql, "SELECT create_reference_table('%.*s')",
                       STR_ARG(table));
            return run(st, sql.p, e);
        }
    if (str_is(table, "session"))
        buf_puts(&sql, "SELECT create_distributed_table('session', 'hash',"
                       " colocate_with => 'none')");
    else
        buf_printf(&sql, "SELECT create_distributed_table('%.*s', 'tenant_id')",
                   STR_ARG(table));
    return run(st, sql.p, e);
}

static bool
run_one(struct store *st, struct str sql, struct err *e)
{
    const struct pg *g = st->link;
    const struct str create = STR("CREATE TABLE ");
    struct str name = STR(""), rest;
    char text[32 * 1024];

    sql = str_trim(sql);
    if (snprintf(text, sizeof(text), "%.*s", STR_ARG(sql)) >= (int)sizeof(text))
        return err_set(e, ERR_STORE, NULL, "A migration is too long");
    if (!run(st, text, e))
        return false;
    if (!g->citus || !str_starts(sql, create))
        return true;
    rest = str_cut(sql, create.n, sql.n);
    return !str_split(&rest, ' ', &name) || distribute(st, name, e);
}

bool
pg_script(struct store *st, const char *text, struct err *e)
{
    static const struct engine_type types[] = {
        { "{id}", "BIGINT NOT NULL" },
        { "{pk}", ", PRIMARY KEY (tenant_id, id)" },
        { "{wr}", "" },
        { "{search}", SEARCH_TABLE },
        { NULL, NULL }
    };
    struct pg *g = st->link;
    struct str rest, one;
    bool ok = true;
    BUF(plain, 1 << 20);
    BUF(sql, 1 << 20);

    put_types(&plain, text);
    engine_types(&sql, buf_str(&plain), types);
    if (plain.over || sql.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    pg_drain(st);
    if (PQexitPipelineMode(g->c) != 1)
        return unreachable(g, e);
    rest = buf_str(&sql);
    while (ok && str_split(&rest, ';', &one))
        ok = run_one(st, one, e);
    return (PQenterPipelineMode(g->c) == 1 || unreachable(g, e)) && ok;
}

static bool
has(struct pg *g, const char *question)
{
    char answer[64];

    return one_word(g, question, answer, sizeof(answer)) && answer[0] != '\0';
}

static bool
make_bare(struct store *st, bool there, struct err *e)
{
    struct pg *g = st->link;

    if (there)
        return true;
    if (!run(st, "BEGIN", e) || PQenterPipelineMode(g->c) != 1)
        return false;
    if (!pg_script(st, bare, e))
        return false;
    return PQexitPipelineMode(g->c) == 1 && run(st, "COMMIT", e);
}

/* One server at a time changes the schema: others wait for it here. */
static bool
make_schema(struct store *st, struct err *e)
{
    struct pg *g = st->link;
    bool ok;

    if (!run(st, "SET lock_timeout = 0", e) ||
        !run(st, "SELECT pg_advisory_lock(730860489706808301)", e))
        return false;
    ok = make_bare(st, has(g, "SELECT to_regclass('setting')"), e) &&
         PQenterPipelineMode(g->c) == 1 && store_migrate(st, e);
    if (!ok)
        return false;
    pg_drain(st);
    return PQexitPipelineMode(g->c) == 1 &&
           run(st, "SELECT pg_advisory_unlock(730860489706808301)", e) &&
           run(st, "SET lock_timeout = '10s'", e);
}

static bool
open_there(struct store *st, const char *dir, struct err *e)
{
    struct pg *g = st->link;
    char version[32];

    if (PQserverVersion(g->c) < 150000)
        return err_set(e, ERR_STORE, NULL,
                       "The database server is older than PostgreSQL 15");
    if (!one_word(g, "SELECT current_schema()", version, sizeof(version)) ||
        version[0] == '\0')
        return err_set(e, ERR_STORE, NULL,
                       "The schema that the address names is not there");
    g->citus = has(g, "SELECT to_regproc('create_distributed_table')");
    if (st->mode == STORE_READ)
        return has(g, "SELECT to_regclass('setting')") ||
               err_set(e, ERR_STORE, NULL,
                       "%s holds no installation yet: run \"anlan init\" first",
                       dir);
    return make_schema(st, e);
}

bool
pg_open(struct store *st, const char *dir, const char *url, struct err *e)
{
    struct pg *g = calloc(1, sizeof(*g));

    if ((st->link = g) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if ((g->url = strdup(url)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!connect_to(st, session_of(st), e) || !open_there(st, dir, e)) {
        e->code = ERR_STORE; /* at the start it is for the operator to mend */
        return false;
    }
    return PQenterPipelineMode(g->c) == 1 || unreachable(g, e);
}

void
pg_close(struct store *st)
{
    struct pg *g = st->link;

    if (g == NULL)
        return;
    PQfinish(g->c);
    pg_bound_fini(&g->bound);
    free(g->url);
    free(g);
}
