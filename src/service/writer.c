#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "service/writer.h"
#include "store/stmt.h"

enum { QUEUE_MAX = 4096, BATCH_MAX = 512, JOB_QUOTA = 64 << 20 };

/* A tenant's log as it is now, and copies to go back to. */
struct log_slot {
    struct tlog now, at_batch, at_job;
    int64_t batch, job; /* in which the copies were taken */
    struct log_slot *next;
};

struct writer {
    struct store *st;
    clock_fn *clock;
    struct idgen ids;
    struct dir_cache *dirs;
    struct log_slot *logs;
    int64_t batch, job; /* running numbers */
    int lock_fd;
    char folder[4000];
    bool read_only; /* restored, and not yet continued */
    pthread_t thread;
    bool started;
    bool aside;           /* another process is the writer: no log from here */
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t wake;
    struct job *first, **last;
    unsigned waiting;
    bool closing;
    int64_t jobs, commits;
};

int64_t
tx_id(struct tx *tx)
{
    return id_next(&tx->w->ids, tx->now);
}

const struct dir *
tx_dir(struct tx *tx, int64_t tenant, struct err *e)
{
    return dir_get(tx->w->dirs, tx->st, tenant, e);
}

const char *
tx_folder(const struct tx *tx)
{
    return tx->w->folder;
}

bool
tx_may_change(const struct tx *tx, struct err *e)
{
    return !tx->w->read_only ||
           err_set(e, ERR_DENIED, NULL,
                   "This installation was restored from a copy and can only "
                   "be read: the administrator first runs \"anlan restore "
                   "--continue\"");
}

bool
writer_read_only(const struct writer *w)
{
    return w->read_only;
}

struct tlog *
tx_log(struct tx *tx, int64_t tenant, struct err *e)
{
    struct writer *w = tx->w;
    struct log_slot *s = w->logs;

    if (w->aside) {
        err_set(e, ERR_BUSY, NULL, "Stop the server first");
        return NULL;
    }

    while (s != NULL && s->now.tenant != tenant)
        s = s->next;
    if (s == NULL) {
        if ((s = calloc(1, sizeof(*s))) == NULL) {
            err_set(e, ERR_BUSY, NULL, "The server is short of memory");
            return NULL;
        }
        if (!tlog_load(tx->st, tenant, &s->now, e)) {
            free(s);
            return NULL;
        }
        s->next = w->logs;
        w->logs = s;
    }
    if (s->batch != w->batch) {
        s->batch = w->batch;
        s->at_batch = s->now;
    }
    if (s->job != w->job) {
        s->job = w->job;
        s->at_job = s->now;
    }
    return &s->now;
}

static void
undo_job(struct writer *w)
{
    dir_cache_undo(w->dirs);
    for (struct log_slot *s = w->logs; s != NULL; s = s->next)
        if (s->job == w->job)
            s->now = s->at_job;
}

static void
undo_batch(struct writer *w)
{
    dir_cache_undo(w->dirs);
    for (struct log_slot *s = w->logs; s != NULL; s = s->next)
        if (s->batch == w->batch)
            s->now = s->at_batch;
}

static bool
logs_save(struct writer *w, struct err *e)
{
    for (struct log_slot *s = w->logs; s != NULL; s = s->next)
        if (s->batch == w->batch && !tlog_save(w->st, &s->now, e))
            return false;
    return true;
}

/* Run one job in a savepoint. *lost: the whole transaction is gone or must go
 * (a full disk does that, and the end of memory). */
static void
run_one(struct writer *w, struct job *j, bool *lost)
{
    ARENA(a, JOB_QUOTA);
    struct tx tx = { .st = w->st, .arena = a, .now = w->clock(), .w = w };

    w->job++;
    j->err = (struct err){ 0 };
    j->ok = store_save(w->st, &j->err);
    if (!j->ok) {
        *lost = true;
        return;
    }
    j->ok = j->run(&tx, j->arg, &j->err) && store_release(w->st, &j->err);
    if (j->ok)
        return;
    if (j->err.code == ERR_NONE)
        err_set(&j->err, ERR_BUSY, NULL, "The server is short of memory");
    undo_job(w);
    *lost = j->err.code == ERR_FULL || j->err.code == ERR_STORE ||
            !store_undo(w->st);
}

/* True when everything that ran ok is on disk. */
static bool
run_batch(struct writer *w, struct job *batch, struct err *e)
{
    bool lost = false;

    w->batch++;
    dir_cache_mark(w->dirs);
    if (!store_begin(w->st, e))
        return false;
    for (struct job *j = batch; j != NULL && !lost; j = j->next)
        run_one(w, j, &lost);
    if (!lost && logs_save(w, e) && store_commit(w->st, e)) {
        __atomic_add_fetch(&w->commits, 1, __ATOMIC_RELAXED);
        return true;
    }
    store_rollback(w->st);
    undo_batch(w);
    return false;
}

/* A batch that failed as a whole is run again job by job, so that each is told
 * its own fate. */
static void
run_singly(struct writer *w, struct job *batch)
{
    struct job *next;

    for (struct job *j = batch; j != NULL; j = next) {
        struct err e = { 0 };

        next = j->next;
        j->next = NULL;
        if (!run_batch(w, j, &e)) {
            if (j->ok || j->err.code == ERR_NONE)
                j->err = e;
            j->ok = false;
        }
        j->next = next;
    }
}

static void
run_all(struct writer *w, struct job *batch)
{
    struct err e = { 0 };
    char text[256];
    struct job *next;

    if (!run_batch(w, batch, &e)) {
        if (e.code != ERR_NONE)
            log_line(LOG_WARN, "a batch of writes failed, running singly: %s",
                     err_text(&e, text, sizeof(text)));
        run_singly(w, batch);
    }
    for (struct job *j = batch; j != NULL; j = next) {
        next = j->next;
        if (!j->ok && err_info[j->err.code].fault == FAULT_SERVER)
            log_line(LOG_ERROR, "a write failed: %s",
                     err_text(&j->err, text, sizeof(text)));
        __atomic_add_fetch(&w->jobs, 1, __ATOMIC_RELAXED);
        j->done(j);
    }
}

static struct job *
take_batch(struct writer *w)
{
    struct job *batch, *last;
    unsigned n = 1;

    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->closing)
        pthread_cond_wait(&w->wake, &w->lock);
    batch = last = w->first;
    while (last != NULL && last->next != NULL && n < BATCH_MAX) {
        last = last->next;
        n++;
    }
    if (last != NULL) {
        w->first = last->next;
        if (w->first == NULL)
            w->last = &w->first;
        last->next = NULL;
        w->waiting -= n;
    }
    pthread_mutex_unlock(&w->lock);
    return batch;
}

static void *
writer_main(void *arg)
{
    struct writer *w = arg;
    struct job *batch;

    while ((batch = take_batch(w)) != NULL)
        run_all(w, batch);
    return NULL;
}

bool
writer_put(struct writer *w, struct job *j)
{
    bool ok;

    pthread_mutex_lock(&w->lock);
    ok = !w->closing && w->waiting < QUEUE_MAX;
    if (ok) {
        j->next = NULL;
        *w->last = j;
        w->last = &j->next;
        w->waiting++;
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    return ok;
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool done;
    void *arg;
    bool (*run)(struct tx *, void *, struct err *);
};

static bool
waiter_run(struct tx *tx, void *arg, struct err *e)
{
    struct waiter *wt = arg;

    return wt->run(tx, wt->arg, e);
}

static void
waiter_done(struct job *j)
{
    struct waiter *wt = j->arg;

    pthread_mutex_lock(&wt->lock);
    wt->done = true;
    pthread_cond_signal(&wt->over);
    pthread_mutex_unlock(&wt->lock);
}

bool
writer_run(struct writer *w, bool (*run)(struct tx *, void *, struct err *),
           void *arg, struct err *e)
{
    struct waiter wt = { .lock = PTHREAD_MUTEX_INITIALIZER,
                         .over = PTHREAD_COND_INITIALIZER,
                         .arg = arg,
                         .run = run };
    struct job j = { .run = waiter_run, .done = waiter_done, .arg = &wt };

    if (!w->started) {
        run_all(w, &j);
    } else {
        if (!writer_put(w, &j))
            return err_set(e, ERR_BUSY, NULL,
                           "The server is busy; try again in a moment");
        pthread_mutex_lock(&wt.lock);
        while (!wt.done)
            pthread_cond_wait(&wt.over, &wt.lock);
        pthread_mutex_unlock(&wt.lock);
    }
    if (!j.ok)
        *e = j.err;
    return j.ok;
}

/* One writer for each data folder: a second process is told, not queued. */
static bool
lock_folder(struct writer *w, const char *dir, struct err *e)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/lock", dir);
    w->lock_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (w->lock_fd < 0)
        return err_set(e, ERR_STORE, NULL, "Cannot write to the data folder %s",
                       dir);
    if (flock(w->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return err_set(e, ERR_STORE, NULL,
                       "Another Anlan is using %s: stop it first", dir);
    return true;
}

static bool
read_mode(struct writer *w, struct err *e)
{
    struct str v = STR("");
    ARENA(a, 4096);

    if (!stmt_one(w->st, &stmts[Q_SETTING_GET], ARGS(ARG(STR("read_only"))), a,
                  COLS(COL(&v)), e) &&
        e->code != ERR_MISSING)
        return false;
    w->read_only = v.n > 0;
    return true;
}

/* A clock that was set back must not make the ids of yesterday again. */
static bool
go_on_numbering(struct writer *w, struct err *e)
{
    int64_t newest;

    if (!store_newest_id(w->st, &newest, e))
        return false;
    id_after(&w->ids, newest);
    return true;
}

static struct writer *
open_writer(const char *dir, clock_fn *clock, bool aside, struct err *e)
{
    struct writer *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    w->clock = clock;
    w->lock_fd = -1;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->dirs = dir_cache_new();
    w->aside = aside;
    snprintf(w->folder, sizeof(w->folder), "%s", dir);
    if (w->dirs != NULL && (aside || lock_folder(w, dir, e)) &&
        (w->st = store_open(dir, STORE_WRITE, e)) != NULL && read_mode(w, e) &&
        go_on_numbering(w, e))
        return w;
    writer_free(w);
    return NULL;
}

struct writer *
writer_new(const char *dir, clock_fn *clock, struct err *e)
{
    return open_writer(dir, clock, false, e);
}

struct writer *
writer_new_aside(const char *dir, clock_fn *clock, struct err *e)
{
    return open_writer(dir, clock, true, e);
}

bool
writer_start(struct writer *w, struct err *e)
{
    w->started = pthread_create(&w->thread, NULL, writer_main, w) == 0;
    return w->started ||
           err_set(e, ERR_BUSY, NULL, "The writer's thread cannot be started");
}

void
writer_free(struct writer *w)
{
    struct log_slot *next;

    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->closing = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    for (struct log_slot *s = w->logs; s != NULL; s = next) {
        next = s->next;
        free(s);
    }
    dir_cache_free(w->dirs);
    store_close(w->st);
    if (w->lock_fd >= 0)
        close(w->lock_fd);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    free(w);
}

void
writer_counts(const struct writer *w, int64_t *jobs, int64_t *commits)
{
    *jobs = __atomic_load_n(&w->jobs, __ATOMIC_RELAXED);
    *commits = __atomic_load_n(&w->commits, __ATOMIC_RELAXED);
}

struct store *
writer_store(struct writer *w)
{
    return w->st;
}
