#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

/* A data folder of a test's own, made from a template as mkdtemp() wants it.
 * Where TEST_DATABASE names a PostgreSQL database, the folder's own is a schema
 * there; else it is SQLite. */
void place_make(char *dir);
/* True: the folder's database is PostgreSQL. */
int place_elsewhere(void);
/* Run SQL behind everybody's back. */
void place_sql(const char *dir, const char *sql);
/* Fail unless PostgreSQL understands the statement in that folder's schema. */
void place_prepare(const char *dir, const char *sql);
/* The columns in which these letters stand, as "table.column ", whatever the
 * tables are; of the index of words its pages as they are on disk. */
const char *place_holds(const char *dir, const char *letters, char out[512]);
/* Its schema as it was at first: empty. */
void place_empty(const char *dir);
/* The database and its file; the folder itself where it is empty then. */
void place_remove(const char *dir);

#endif
