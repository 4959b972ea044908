#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/store.h"

/* Every table, column, index, trigger and view of the database, one line each,
 * sorted: "column hazard.org BIGINT NOT NULL", "index hazard_by_org …". Two
 * databases have the same schema if the lines are the same; in which order
 * columns stand on disk is no part of it.
 * Errors: ERR_STORE, ERR_BUSY. */
bool store_schema(struct store *, struct arena *, struct str **lines, size_t *n,
                  struct err *) MUST_USE;

/* Their order, as qsort() wants it: of two struct str. */
int schema_order(const void *, const void *);
void schema_sort(struct str *lines, size_t n);

#endif
