/* Databases of every version that has landed become what a new one is. A file
 * under golden/upgrades names the migrations that such a version ran, in the
 * order in which it ran them; nothing there is ever edited. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "service/place.h"
#include "service/writer.h"
#include "store/migrations.h"
#include "store/schema.h"
#include "store/sound.h"
#include "store/stmt.h"
#include "unit.h"

/* What stood before the first migration, when migrations were settings. */
static const char bare_here[] =
    "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT"
    " NULL); CREATE VIRTUAL TABLE search USING fts5 ( words, content = '',"
    " detail = none, tokenize = 'unicode61')";
static const char bare_there[] =
    "CREATE TABLE setting (name TEXT COLLATE \"C\" NOT NULL PRIMARY KEY,"
    " value TEXT COLLATE \"C\" NOT NULL); CREATE TABLE search (tenant_id BIGINT NOT NULL, id BIGINT NOT"
    " NULL, words TEXT COLLATE \"C\" NOT NULL, PRIMARY KEY (tenant_id, id)); CREATE INDEX"
    " search_words ON search USING gin (string_to_array(words, ' '))";

static const char *const types_here[] = { "{id}", "INTEGER PRIMARY KEY",
                                          "{pk}", "",
                                          "{wr}", "WITHOUT ROWID",
                                          NULL,   NULL };
static const char *const types_there[] = {
    "{id}",  "BIGINT NOT NULL",
    "{pk}",  ", PRIMARY KEY (tenant_id, id)",
    "{wr}",  "",
    " TEXT", " TEXT COLLATE \"C\"",
    " BLOB", " BYTEA",
    NULL,    NULL
};

static void
put_typed(struct buf *b, const char *sql)
{
    const char *const *types = place_elsewhere() ? types_there : types_here;

    while (*sql != '\0') {
        const char *const *t = types;

        while (t[0] != NULL && strncmp(sql, t[0], strlen(t[0])) != 0)
            t += 2;
        if (t[0] != NULL)
            buf_puts(b, t[1]);
        else
            buf_putc(b, *sql);
        sql += t[0] != NULL ? strlen(t[0]) : 1;
    }
}

static const char *
text_of(const char *name)
{
    for (const struct migration *m = migrations; m->name != NULL; m++)
        if (strcmp(m->name, name) == 0)
            return m->text;
    fail_msg("%s is no migration", name);
    return NULL;
}

static void
touch(const char *dir)
{
    char path[128];
    FILE *f;

    snprintf(path, sizeof(path), "%s/anlan.db", dir);
    if (!place_elsewhere()) {
        assert_non_null(f = fopen(path, "w"));
        fclose(f);
    }
}

/* The database as that version left it. */
static void
make_old(const char *dir, const char *list)
{
    char path[512], name[128];
    FILE *f;

    touch(dir);
    place_sql(dir, place_elsewhere() ? bare_there : bare_here);
    snprintf(path, sizeof(path), "%s/tests/golden/upgrades/%s",
             getenv("SRCDIR"), list);
    assert_non_null(f = fopen(path, "r"));
    while (fgets(name, sizeof(name), f) != NULL) {
        BUF(sql, 1 << 20);

        name[strcspn(name, "\n")] = '\0';
        put_typed(&sql, text_of(name));
        buf_printf(&sql, ";INSERT INTO setting VALUES ('%s', 'done');", name);
        buf_putc(&sql, '\0');
        place_sql(dir, sql.p);
    }
    fclose(f);
}

static void
is_foreign(const struct store_wrong *w, void *arg)
{
    char text[512];

    (void)arg;
    fail_msg("%s", err_text(w->what, text, sizeof(text)));
}

static struct str
schema_of(const char *dir, struct arena *a)
{
    struct err e = { 0 };
    char text[256];
    struct store *st = store_open(dir, STORE_WRITE, &e);
    struct str *line;
    size_t n;
    BUF(b, 1 << 20);

    if (st == NULL)
        fail_msg("%s", err_text(&e, text, sizeof(text)));
    assert_true(store_schema(st, a, &line, &n, &e));
    assert_true(n > 300);
    assert_true(store_schema_as_made(st, is_foreign, NULL, &e));
    for (size_t i = 0; i < n; i++) {
        buf_str_put(&b, line[i]);
        buf_putc(&b, '\n');
    }
    store_close(st);
    return arena_dup(a, buf_str(&b));
}

static void
say_difference(const char *list, struct str is, struct str want)
{
    struct str a, b;

    while (str_split(&is, '\n', &a) && str_split(&want, '\n', &b))
        if (!str_eq(a, b))
            fail_msg("%s\n  becomes  %.*s\n  a new one has  %.*s", list,
                     STR_ARG(a), STR_ARG(b));
    fail_msg("%s: one of the two has more", list);
}

static void
upgrade_of(const char *list, struct str want)
{
    char dir[] = "/tmp/anlan-upgrade-XXXXXX";
    ARENA(a, 4 << 20);
    struct str is;

    place_make(dir);
    make_old(dir, list);
    is = schema_of(dir, a);
    if (!str_eq(is, want))
        say_difference(list, is, want);
    assert_true(str_eq(schema_of(dir, a), want)); /* and stays so */
    place_remove(dir);
}

static void
every_landed_schema_becomes_the_present_one(void **state)
{
    char fresh[] = "/tmp/anlan-upgrade-XXXXXX", path[512];
    ARENA(a, 4 << 20);
    struct str want;
    struct dirent *d;
    size_t n = 0;
    DIR *dp;

    (void)state;
    place_make(fresh);
    want = schema_of(fresh, a);
    place_remove(fresh);
    snprintf(path, sizeof(path), "%s/tests/golden/upgrades", getenv("SRCDIR"));
    assert_non_null(dp = opendir(path));
    while ((d = readdir(dp)) != NULL)
        if (d->d_name[0] != '.' && strstr(d->d_name, ".txt") != NULL) {
            upgrade_of(d->d_name, want);
            n++;
        }
    closedir(dp);
    assert_true(n >= 2);
}

static void
migrations_run_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    for (const struct migration *m = migrations + 1; m->name != NULL; m++)
        assert_true(strncmp(m[-1].name, m->name, 4) < 0);
}

static void
every_file_is_a_migration(void **state)
{
    char path[512];
    struct dirent *d;
    DIR *dp;

    (void)state;
    snprintf(path, sizeof(path), "%s/db", getenv("SRCDIR"));
    assert_non_null(dp = opendir(path));
    while ((d = readdir(dp)) != NULL) {
        char *end = strstr(d->d_name, ".sql");

        if (end != NULL) {
            *end = '\0';
            assert_non_null(text_of(d->d_name));
        }
    }
    closedir(dp);
}

static void
refused(const char *sql, const char *why)
{
    char dir[] = "/tmp/anlan-upgrade-XXXXXX", text[256];
    struct err e = { 0 };
    struct store *st;

    place_make(dir);
    assert_non_null(st = store_open(dir, STORE_WRITE, &e));
    store_close(st);
    place_sql(dir, sql);
    assert_null(store_open(dir, STORE_WRITE, &e));
    if (strstr(err_text(&e, text, sizeof(text)), why) == NULL)
        fail_msg("%s", text);
    place_remove(dir);
}

static void
a_changed_old_migration_is_refused(void **state)
{
    (void)state;
    refused("UPDATE migration SET sha256 = 'ab' WHERE name = '0003_hazard'",
            "Migration 0003_hazard is not the one");
}

static void
a_newer_database_is_refused(void **state)
{
    (void)state;
    refused("INSERT INTO migration VALUES ('9999_later', 'ab', 1)",
            "made by a newer Anlan (9999_later)");
}

/* Up to 0.1.0 migrations were found among the settings. */
static void
an_older_program_is_told_to_stop(void **state)
{
    char dir[] = "/tmp/anlan-upgrade-XXXXXX";
    struct err e = { 0 };
    struct store *st;
    int64_t unknown = 0;

    (void)state;
    place_make(dir);
    make_old(dir, "0.1.0.txt");
    assert_non_null(st = store_open(dir, STORE_WRITE, &e));
    assert_true(stmt_one(
        st,
        stmt_composed(STR("SELECT CAST(COUNT(*) AS BIGINT) FROM setting WHERE"
                          " value = 'done' AND name NOT IN"
                          " (SELECT name FROM migration)")),
        NULL, 0, NULL, COLS(COL(&unknown)), &e));
    assert_int_equal(unknown, 1);
    store_close(st);
    place_remove(dir);
}

static void
an_old_database_is_read_after_its_migration(void **state)
{
    char dir[] = "/tmp/anlan-upgrade-XXXXXX", text[256];
    struct err e = { 0 };
    struct store *st;

    (void)state;
    place_make(dir);
    make_old(dir, "0.1.0-before-firms.txt");
    assert_non_null(st = store_open(dir, STORE_READ, &e));
    assert_false(store_is_current(st, &e));
    assert_non_null(
        strstr(err_text(&e, text, sizeof(text)), "\"anlan migrate\""));
    store_close(st);
    assert_non_null(st = store_open(dir, STORE_WRITE, &e));
    assert_true(store_is_current(st, &e));
    store_close(st);
    place_remove(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrations_run_in_the_order_of_their_numbers),
        cmocka_unit_test(every_file_is_a_migration),
        cmocka_unit_test(every_landed_schema_becomes_the_present_one),
        cmocka_unit_test(a_changed_old_migration_is_refused),
        cmocka_unit_test(a_newer_database_is_refused),
        cmocka_unit_test(an_older_program_is_told_to_stop),
        cmocka_unit_test(an_old_database_is_read_after_its_migration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
