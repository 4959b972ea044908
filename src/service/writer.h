#ifndef SERVICE_WRITER_H
#define SERVICE_WRITER_H

#include "base/id.h"
#include "service/dir.h"
#include "store/tlog.h"

/*
 * The one writer: a thread that takes all jobs that wait, runs each in a
 * savepoint, commits once, and then reports each. A job that returns false
 * has left no trace. A job may be run more than once (after a failed commit),
 * so it changes nothing but the database and its own results.
 */
struct tx {
    struct store *st;
    struct arena *arena; /* for one run of one job */
    int64_t now;         /* ms */
    struct writer *w;
};

struct job {
    bool (*run)(struct tx *, void *arg, struct err *);
    void (*done)(struct job *); /* on the writer's thread, after the commit */
    void *arg;
    int64_t tenant;   /* whose it is; 0: it is not known yet */
    const char *lead; /* run it only while this server holds that lease */
    bool ok;          /* for done() */
    struct err err;   /* for done(), unless ok */
    struct job *next;
};

enum { LEASE_HOLDER = 40 };
/* A server's number among those on one database; see service/lease.h. */
struct lease {
    char name[16], holder[LEASE_HOLDER];
};

typedef int64_t clock_fn(void); /* ms since 1970; injected */

struct writer;
/* Opens DIR's database as its writer.
 * Errors: as store_open(); ERR_STORE when another process is the writer. */
struct writer *writer_new(const char *dir, clock_fn *, struct err *) MUST_USE;
/* The same beside a running server, which sees what was written: for tokens and
 * links. Its jobs may not change records: the server's caches do not know. */
struct writer *writer_new_aside(const char *dir, clock_fn *,
                                struct err *) MUST_USE;
/* Finish what waits, then stop the thread and close. */
void writer_free(struct writer *);
/* Start the thread; without it, only writer_run() works. */
bool writer_start(struct writer *, struct err *) MUST_USE;
/* Queue a job; the caller keeps it alive until done().
 * False: the queue is full or closing; done() is then not called. */
bool writer_put(struct writer *, struct job *) MUST_USE;
/* Run one job at once and wait: verbs, tests, the scheduler. */
bool writer_run(struct writer *, bool (*run)(struct tx *, void *, struct err *),
                void *arg, struct err *) MUST_USE;

/* For jobs: a new id; the tenant's log; its directory within the
 * transaction. They live as long as the job runs. */
int64_t tx_id(struct tx *);
struct tlog *tx_log(struct tx *, int64_t tenant, struct err *) MUST_USE;
/* From here to the end of the transaction nobody else changes that tenant: a
 * second server waits. What is read from now on stays so. */
bool tx_turn(struct tx *, int64_t tenant, struct err *) MUST_USE;
const struct dir *tx_dir(struct tx *, int64_t tenant, struct err *) MUST_USE;
/* The data folder. */
const char *tx_folder(const struct tx *);
/* The folder's key of seals (service/seal.h), made when first asked for. NULL:
 * ERR_STORE, ERR_FULL. */
const unsigned char *tx_row_key(struct tx *, struct err *);
/* ERR_DENIED in an installation that was restored and not yet continued:
 * records and log stay as they are; signing in goes on. */
bool tx_may_change(const struct tx *, struct err *) MUST_USE;
bool writer_may_change(const struct writer *, struct err *) MUST_USE;
bool writer_read_only(const struct writer *);

/* What this thread runs from now on is run only while this server holds the
 * lease of that name, or is refused with ERR_BUSY; NULL: whatever it holds. */
void writer_lead(const char *name);
/* This server among those on one database: its number, from a lease of its
 * own, and a name for it. */
uint32_t writer_server(const struct writer *);
/* False: another server leads; see service/lease.h. Any thread may ask. */
bool writer_leads(const struct writer *);
void writer_set_leads(struct writer *, bool);
struct str writer_name(const struct writer *);
/* For jobs: the number beats; where others have taken it while this server
 * slept, the next batch begins with another one. */
bool tx_number(struct tx *, struct err *) MUST_USE;

/* The clock's work is to end soon: who walks over all tenants stops at the next.
 * Any thread may ask. */
void writer_hurry(struct writer *);
bool writer_hurries(const struct writer *);

/* For /metrics. */
struct writer_counts {
    int64_t jobs, commits; /* since the start */
    int64_t waiting;       /* jobs in the queue */
};
struct writer_counts writer_counts(struct writer *);
/* For tests: the connection that jobs run on. */
struct store *writer_store(struct writer *);

#endif
