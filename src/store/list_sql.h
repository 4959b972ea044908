#ifndef STORE_LIST_SQL_H
#define STORE_LIST_SQL_H

#include "store/engine.h"

/* How a list's statement is put together: for store/list*.c alone. */

/* One value for each school of a scope: a province's worth, and some. */
enum { ARGS_MAX = 16 * 1024, SQL_MAX = 256 * 1024 };

struct composer {
    const struct engine *engine;
    struct buf *b, *bound; /* the text; struct arg after struct arg */
    size_t n;
};

#define COMPOSER(c, st)                                                        \
    BUF(c##_sql, SQL_MAX);                                                     \
    BUF(c##_bound, ARGS_MAX * sizeof(struct arg));                             \
    struct composer c = { .engine = (st)->engine,                              \
                          .b = &c##_sql,                                       \
                          .bound = &c##_bound }

/* What was bound so far: c->n of them. */
const struct arg *composer_bound(const struct composer *);
/* Append "$5" and bind the value to it. */
void composer_put_arg(struct composer *, struct arg);
void composer_put_i64(struct composer *, const char *before, int64_t);
/* " FROM hazard t WHERE ...": all that a list asks for but its order. */
void composer_put_where(struct composer *, const struct list_query *);

#endif
