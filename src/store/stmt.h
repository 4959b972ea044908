#ifndef STORE_STMT_H
#define STORE_STMT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/*
 * Every statement that can run: the enumerated ones below, those composed from
 * ledger declarations (rows.c), and those composed from the shape of a
 * question (list.c). No function takes SQL from outside store/. One text serves all engines; $1 is the tenant.
 */
enum stmt_id {
#define Q(name, sql) Q_##name,
#define W(name, sql) Q_##name,
#include "store/statements.h"
#undef Q
#undef W
    Q__MAX
};

/* A statement's text; a connection prepares it once and keeps it. */
struct stmt {
    const char *sql;
    unsigned slot; /* where a connection keeps it */
    bool walk;     /* over what may be very many rows */
};

extern struct stmt stmts[Q__MAX];

enum { STMT_SLOTS = 1024 };

/* The statement of that text, made at first use; lives for ever. NULL when
 * there are too many. Safe from any thread. */
const struct stmt *stmt_composed(struct str sql);
/* The same, of one that may give very many rows. */
const struct stmt *stmt_walk(struct str sql);

struct arg {
    char type; /* i number, s text, b bytes */
    union {
        int64_t i;
        struct str s;
    } u;
};

struct col {
    char type;
    void *to;
};

static inline struct arg
arg_i64(int64_t v)
{
    return (struct arg){ 'i', { .i = v } };
}
static inline struct arg
arg_str(struct str v)
{
    return (struct arg){ 's', { .s = v } };
}
static inline struct arg
arg_blob(struct str v)
{
    return (struct arg){ 'b', { .s = v } };
}

#define ARG(x)  _Generic((x), int64_t : arg_i64, struct str : arg_str)(x)
#define BLOB(x) arg_blob(x)
#define COL(p)                                                                 \
    {                                                                          \
        _Generic((p), int64_t * : 'i', struct str * : 's'), (p)                \
    }
#define ARGS(...)                                                              \
    (const struct arg[]){ __VA_ARGS__ },                                       \
        sizeof((const struct arg[]){ __VA_ARGS__ }) / sizeof(struct arg)
#define COLS(...)                                                              \
    (const struct col[]){ __VA_ARGS__ },                                       \
        sizeof((const struct col[]){ __VA_ARGS__ }) / sizeof(struct col)

/* Run a statement that gives no rows. *changed (may be NULL): rows touched.
 * Errors: ERR_CONFLICT a unique value is taken; ERR_FULL; ERR_BUSY;
 * ERR_STORE. */
bool stmt_run(struct store *, const struct stmt *, const struct arg *, size_t,
              int64_t *changed, struct err *) MUST_USE;

/* A query under way: at most one for each statement and connection. */
struct rows {
    struct store *st;
    void *ps;
    struct kept *kept;   /* where the statement was composed */
    bool no_rows;        /* none will be asked for, nor their number */
    void *got;           /* the engine's: rows that came together, how many, */
    int n, at;           /* and which is read */
    unsigned walk;       /* its cursor */
    struct arena *arena; /* strings are copied to it; NULL: views that live
                          * until the next row */
};

/* Errors of all three: ERR_BUSY, ERR_STORE. Close what was opened. */
bool rows_open(struct rows *, struct store *, const struct stmt *,
               const struct arg *, size_t, struct err *) MUST_USE;
/* The same for a text composed from what was asked: a connection keeps the
 * newest KEPT_MAX of them prepared. Errors: ERR_TOO_LARGE too, when the text
 * did not fit. */
bool rows_open_text(struct rows *, struct store *, const struct buf *sql,
                    const struct arg *, size_t, struct err *) MUST_USE;
/* *more = false after the last row. */
bool rows_next(struct rows *, bool *more, struct err *) MUST_USE;
void rows_get(struct rows *, const struct col *, size_t);
int64_t rows_i64(struct rows *, int col);
struct str rows_str(struct rows *, int col);
void rows_close(struct rows *);
/* The one row of a query that was opened; closes it. Errors: ERR_MISSING when
 * there is none. */
bool rows_one(struct rows *, const struct col *, size_t, struct err *) MUST_USE;

/* The one row of a query. Errors: ERR_MISSING when there is none, and as
 * above. The columns are untouched unless the result is true. */
bool stmt_one(struct store *, const struct stmt *, const struct arg *, size_t,
              struct arena *, const struct col *, size_t,
              struct err *) MUST_USE;

#define QRUN(st, id, e, ...)                                                   \
    stmt_run((st), &stmts[Q_##id], ARGS(__VA_ARGS__), NULL, (e))

#endif
