#ifndef SERVICE_VERIFY_H
#define SERVICE_VERIFY_H

#include "codec/note.h"
#include "domain/ledger.h"
#include "store/store.h"

/*
 * Checks a whole installation in one snapshot, beside a running server too:
 * the database file with its indexes, types and schema, every commitment, the order and completeness of the
 * events, tree, tiles, checkpoints, every projection against what the events
 * give, every attachment's bytes. It changes nothing.
 */

/* One thing that is wrong. */
struct finding {
    struct str tenant; /* code; "" = the whole installation */
    const char *kind;  /* ledger or other table, or event tile checkpoint head
                         * counter number directory file key database tenant
                         * secret token pin device channel search look
                         * session idempotency outbox delivery setting above */
    int64_t id;        /* record, file, index of an event; -1 = none */
    int64_t seq;       /* event; -1 = none */
    const char *field; /* or NULL */
    const struct err *what;
};
enum { VERIFY_FILE = 1, VERIFY_LOG = 2, VERIFY_ROWS = 4, VERIFY_FILES = 8 };
typedef void verify_fn(const struct finding *, void *arg);

/* A checkpoint that was kept outside. */
struct verify_outside {
    struct str name, note; /* the file; what stands in it */
    int64_t at_ms;         /* since when it is kept */
    bool known;            /* out: a log of the installation signed it */
};

struct verify {
    struct store *st; /* its data folder is dir; not inside a transaction */
    const char *dir;
    struct str vkey; /* what to trust; "" = what the installation says */
    struct verify_outside *outside; /* each must lie within its log */
    size_t n_outside;
    verify_fn *found;
    void *arg;
    unsigned only; /* VERIFY_ bits; 0 = everything */
    /* results */
    bool words_wait; /* the index of words is being made anew: not compared */
    bool seals_wait; /* the folder has no key of its rows, as a backup has none,
                      * or not yet the one that they are sealed with */
    bool read_only;  /* it says that it was put back and goes on nowhere */
    int64_t files_bare; /* rows of which no event tells yet: not compared */
    int64_t tenants, events, rows, tiles, checkpoints, files, findings;
};

/* True when it could be done; *findings tells what came of it.
 * Errors: ERR_STORE, ERR_BUSY, the check itself could not go on. */
bool verify_run(struct verify *, struct err *) MUST_USE;

/* Does `anlan rebuild` make that again? It makes rows, counters, numbers, names,
 * words and indexes out of the log; the log itself comes back from a backup. */
bool finding_is_rebuilt(const struct finding *);

/* "tenant one, hazard 123 (event 45): field measures differs from the log" */
void finding_format(struct buf *, const struct finding *);
void finding_json(struct buf *, const struct finding *);

#endif
