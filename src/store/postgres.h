#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include <libpq-fe.h>

#include "store/engine.h"

/* What postgres.c (statements) and postgres_link.c (the connection and the
 * schema) share. */

struct pg_stmt {
    struct pg *pg;
    unsigned born; /* on which connection the server knows it; 0: on none */
    unsigned no;   /* its name there */
    size_t n;      /* parameters */
    bool walk, begin, commit;
    bool now; /* its answer is waited for */
    char sql[];
};

/* Parameters on their way, in the shape libpq wants. */
struct pg_bound {
    const char **value;
    uint64_t *number;
    int *length, *format;
    Oid *type;
    size_t cap;
};

enum { PG_SENT_MAX = 64 };

struct pg {
    PGconn *c;
    char *url;           /* may hold a password: never said */
    unsigned generation; /* of the connection, from 1 */
    unsigned named;      /* names given so far */
    bool stale;          /* to be made anew before the next transaction */
    bool closing;
    struct err first; /* what failed in the transaction */
    bool citus;       /* tables are distributed by tenant */
    struct pg_bound bound;
    /* answers that are to come: the statement where it is the one that makes
     * it ready, else NULL */
    struct pg_stmt *sent[PG_SENT_MAX];
    unsigned n_sent;
};

bool pg_open(struct store *, const char *dir, const char *url, struct err *);
void pg_close(struct store *);
bool pg_ready(struct store *, struct err *);
void pg_agree(struct store *);
bool pg_script(struct store *, const char *text, struct err *);

/* Wait for what was sent, whatever it says. */
void pg_drain(struct store *);
void pg_bound_fini(struct pg_bound *);
/* What the server refused, in our words; commit: the transaction's end. False. */
bool pg_refused(struct store *, const PGresult *, bool commit, struct err *);

#endif
