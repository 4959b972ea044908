#ifndef STORE_SOUND_H
#define STORE_SOUND_H

#include "store/store.h"

/*
 * Is the database itself as this program made it? What stands in it is not
 * asked here: only whether it can be relied upon to give back what was put in.
 */
struct store_wrong {
    const char *table; /* or "database" */
    int64_t id;        /* of the row; -1 = none */
    const char *column;
    const struct err *what;
};
typedef void store_wrong_fn(const struct store_wrong *, void *arg);

/* Pages, rows, and every index against its table; each damage once, up to
 * SOUND_MAX, and then that there is more. Nothing where a database server
 * checks its own files.
 * Errors: ERR_STORE, so damaged that it cannot be walked; ERR_BUSY. */
enum { SOUND_MAX = 100 };
bool store_integrity(struct store *, store_wrong_fn *, void *arg,
                     struct err *) MUST_USE;

/* Every value against the type that its column declares: SQLite takes a text
 * for a number, and an index then finds it nowhere. Up to SOUND_MAX a table.
 * Nothing where the database keeps to its types.
 * Errors: ERR_STORE, ERR_BUSY. */
bool store_types(struct store *, store_wrong_fn *, void *arg,
                 struct err *) MUST_USE;

/* Tables, columns, indexes, triggers, views against those that the migrations
 * of this program make: what is missing, what is foreign. Of a database server
 * the names alone, and not those of the index of words.
 * Errors: ERR_STORE, ERR_BUSY. */
bool store_schema_as_made(struct store *, store_wrong_fn *, void *arg,
                          struct err *) MUST_USE;

#endif
