#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "store/store.h"

/*
 * Every row of one database into another, of whichever engine, table by table
 * in the order of keys. What is there already is not copied again, so a copy
 * that was cut short goes on where it stopped; until it is finished the setting
 * COPY_UNDER_WAY stands in the new one. Words of the search are made anew.
 *
 * from: inside a transaction, whose snapshot is what is copied; to: outside one.
 * progress: after each step, the table and how many of its rows are there.
 * Errors: ERR_CONFLICT, the new one holds an installation; those of stores.
 */
#define COPY_UNDER_WAY "copying"
typedef void store_copy_fn(const char *table, int64_t rows, void *arg);
bool store_copy(struct store *from, struct store *to, store_copy_fn *progress,
                void *arg, struct err *) MUST_USE;

#endif
