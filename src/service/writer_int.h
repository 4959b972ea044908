#ifndef SERVICE_WRITER_INT_H
#define SERVICE_WRITER_INT_H

#include <pthread.h>

#include "service/health.h"
#include "service/lease.h"
#include "service/writer.h"

/* What writer.c (the queue and its thread) and writer_batch.c (a transaction)
 * share. */

/* A tenant's log as it is now, and copies to go back to. */
struct log_slot {
    struct tlog now, at_batch, at_job;
    int64_t batch, job; /* in which the copies were taken */
    int64_t turn;       /* the job in which the batch began with this tenant */
    struct log_slot *next;
};

struct writer {
    struct store *st;
    clock_fn *clock;
    struct idgen ids;
    struct dir_cache *dirs;
    struct log_slot *logs;
    int64_t batch, job;  /* running numbers */
    bool hurries;        /* the clock's work is to end; atomic */
    bool elsewhere;      /* another server leads; atomic */
    bool shared;         /* other servers write to the same database */
    struct lease server; /* our number among them */
    bool number_lost;    /* others have it by now */
    int64_t number_at;   /* when we last knew that it is ours; clock_awake_ms */
    int64_t marked[64];  /* tenants that have a mark of ours, by their number */
    int lock_fd;
    int log_fd;   /* -1: no write-ahead log of a file; see writer_log.c */
    int log_idle; /* ms without work before that log is moved */
    char folder[4000];
    unsigned char row_key[32]; /* of seals */
    bool has_row_key;
    bool read_only; /* restored, and not yet continued */
    pthread_t thread;
    bool started;
    bool aside;           /* a verb beside the folder's own writer */
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t wake;
    struct job *first, **last;
    unsigned waiting;
    bool closing;
    int64_t moved_at; /* when the queue was last empty, or taken from */
    int64_t jobs, commits;
    struct health health;
};

/* Run a batch and tell each of its jobs. */
void writer_run_all(struct writer *, struct job *batch);

/* writer_log.c: the write-ahead log goes into the database between two
 * transactions of this writer, and while no other process can commit. */
bool log_lock_open(struct writer *, struct err *) MUST_USE;
/* Around all that a writer beside the server does to the database: they wait
 * while the server moves the log, and keep it from doing so. Else nothing. */
void log_keep(struct writer *);
void log_let(struct writer *);
/* After a batch: move the log when it is long. */
void log_after_batch(struct writer *);
/* How long nothing must come before log_idle() is to be called, ms; -1: there
 * is nothing to move. */
int log_patience(const struct writer *);
void log_idle(struct writer *);

#endif
