#include "service/place.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

static const char *
database(void)
{
    const char *url = getenv("TEST_DATABASE");

    return url != NULL && url[0] != '\0' ? url : NULL;
}

int
place_elsewhere(void)
{
    return database() != NULL;
}

/* Named as the folder is, in letters that need no quotes. */
static void
schema_of(const char *dir, char out[64])
{
    const char *name = strrchr(dir, '/') + 1;
    size_t n = 0;

    for (; name[n] != '\0' && n < 31; n++)
        snprintf(out + 2 * n, 3, "%02x", (unsigned char)name[n]);
    memmove(out + 1, out, 2 * n + 1);
    out[0] = 's';
}

static PGconn *
connected(const char *dir)
{
    PGconn *c = PQconnectdb(database());
    char schema[64], path[128];

    if (PQstatus(c) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(c));
    schema_of(dir, schema);
    snprintf(path, sizeof(path),
             "SET client_min_messages = error; SET search_path = %s", schema);
    PQclear(PQexec(c, path));
    return c;
}

void
place_prepare(const char *dir, const char *sql)
{
    PGconn *c = connected(dir);
    PGresult *res = PQprepare(c, "", sql, 0, NULL);

    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    PQclear(res);
    PQfinish(c);
}

static void
ask(const char *dir, const char *sql)
{
    PGconn *c = connected(dir);
    PGresult *res = PQexec(c, sql);

    if (PQresultStatus(res) != PGRES_COMMAND_OK &&
        PQresultStatus(res) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    PQclear(res);
    PQfinish(c);
}

static void
point(const char *dir)
{
    char schema[64], sql[128], path[128];
    FILE *f;

    schema_of(dir, schema);
    snprintf(sql, sizeof(sql), "CREATE SCHEMA %s", schema);
    ask(dir, sql);
    snprintf(path, sizeof(path), "%s/database", dir);
    assert_non_null(f = fopen(path, "w"));
    fprintf(f, "%s%coptions=-csearch_path%%3D%s\n", database(),
            strchr(database(), '?') != NULL ? '&' : '?', schema);
    fclose(f);
}

void
place_empty(const char *dir)
{
    char schema[64], sql[200];

    schema_of(dir, schema);
    snprintf(sql, sizeof(sql), "DROP SCHEMA %s CASCADE; CREATE SCHEMA %s",
             schema, schema);
    ask(dir, sql);
}

void
place_make(char *dir)
{
    assert_non_null(mkdtemp(dir));
    if (place_elsewhere())
        point(dir);
}

void
place_sql(const char *dir, const char *sql)
{
    char path[128];
    sqlite3 *db;

    snprintf(path, sizeof(path), "%s/anlan.db", dir);
    if (access(path, F_OK) != 0) {
        ask(dir, sql);
        return;
    }
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* ---- what is stored anywhere --------------------------------------------------- */

static void
note(char out[512], const char *table, const char *column, long n)
{
    size_t at = strlen(out);

    if (n > 0)
        snprintf(out + at, 512 - at, "%s.%s ", table, column);
}

static void
look_in_file(const char *path, const char *letters, char out[512])
{
    sqlite3 *db;
    sqlite3_stmt *columns, *cells;
    char sql[512];

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db,
                           "SELECT m.name, p.name FROM sqlite_master m JOIN"
                           " pragma_table_info(m.name) p WHERE m.type = 'table'"
                           " AND m.sql NOT LIKE 'CREATE VIRTUAL%'",
                           -1, &columns, NULL),
        SQLITE_OK);
    while (sqlite3_step(columns) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(columns, 0),
                   *column = (const char *)sqlite3_column_text(columns, 1);

        snprintf(sql, sizeof(sql),
                 "SELECT COUNT(*) FROM \"%s\" WHERE"
                 " instr(CAST(\"%s\" AS BLOB), CAST('%s' AS BLOB)) > 0",
                 table, column, letters);
        if (sqlite3_prepare_v2(db, sql, -1, &cells, NULL) != SQLITE_OK)
            fail_msg("%s: %s", sql, sqlite3_errmsg(db));
        assert_int_equal(sqlite3_step(cells), SQLITE_ROW);
        note(out, table, column, (long)sqlite3_column_int64(cells, 0));
        sqlite3_finalize(cells);
    }
    sqlite3_finalize(columns);
    sqlite3_close(db);
}

static void
look_elsewhere(const char *dir, const char *letters, char out[512])
{
    PGconn *c = connected(dir);
    PGresult *columns =
        PQexec(c, "SELECT table_name, column_name, data_type FROM"
                  " information_schema.columns WHERE table_schema ="
                  " current_schema()");
    char sql[512];

    assert_int_equal(PQresultStatus(columns), PGRES_TUPLES_OK);
    assert_true(PQntuples(columns) > 100);
    for (int i = 0; i < PQntuples(columns); i++) {
        const char *table = PQgetvalue(columns, i, 0),
                   *column = PQgetvalue(columns, i, 1);
        PGresult *cells;

        snprintf(sql, sizeof(sql),
                 strcmp(PQgetvalue(columns, i, 2), "bytea") == 0
                     ? "SELECT COUNT(*) FROM %s WHERE"
                       " position('%s'::bytea IN \"%s\") > 0"
                     : "SELECT COUNT(*) FROM %s WHERE"
                       " position('%s' IN \"%s\"::text) > 0",
                 table, letters, column);
        cells = PQexec(c, sql);
        if (PQresultStatus(cells) != PGRES_TUPLES_OK)
            fail_msg("%s: %s", sql, PQerrorMessage(c));
        note(out, table, column, atol(PQgetvalue(cells, 0, 0)));
        PQclear(cells);
    }
    PQclear(columns);
    PQfinish(c);
}

const char *
place_holds(const char *dir, const char *letters, char out[512])
{
    char path[128];

    out[0] = '\0';
    snprintf(path, sizeof(path), "%s/anlan.db", dir);
    if (access(path, F_OK) == 0)
        look_in_file(path, letters, out);
    else
        look_elsewhere(dir, letters, out);
    return out;
}

void
place_remove(const char *dir)
{
    static const char *const names[] = { "anlan.db",       "anlan.db-wal",
                                         "anlan.db-shm",   "lock",
                                         "lock.log",       "database",
                                         "anlan.db.moved", "database.moved" };
    char path[128], schema[64], sql[128];

    snprintf(path, sizeof(path), "%s/database", dir);
    if (access(path, F_OK) == 0 && place_elsewhere()) {
        schema_of(dir, schema);
        snprintf(sql, sizeof(sql), "DROP SCHEMA %s CASCADE", schema);
        ask(dir, sql);
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}
