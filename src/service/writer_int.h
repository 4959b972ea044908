#ifndef SERVICE_WRITER_INT_H
#define SERVICE_WRITER_INT_H

#include <pthread.h>

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
    int64_t marked[64];  /* tenants that have a mark of ours, by their number */
    int lock_fd;
    char folder[4000];
    bool read_only; /* restored, and not yet continued */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t wake;
    struct job *first, **last;
    unsigned waiting;
    bool closing;
    int64_t jobs, commits;
};

/* Run a batch and tell each of its jobs. */
void writer_run_all(struct writer *, struct job *batch);

#endif
