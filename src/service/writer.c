#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "service/writer_int.h"
#include "store/copy.h"
#include "store/folder.h"
#include "store/stmt.h"

enum {
    QUEUE_MAX = 4096,
    BATCH_MAX = 512,
    SHARED_BATCH_MAX = 60 /* others wait for the tenant meanwhile */
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

const unsigned char *
tx_row_key(struct tx *tx, struct err *e)
{
    struct writer *w = tx->w;

    w->has_row_key =
        w->has_row_key ||
        folder_key(w->folder, "row.key", w->row_key, sizeof(w->row_key), e);
    return w->has_row_key ? w->row_key : NULL;
}

bool
tx_may_change(const struct tx *tx, struct err *e)
{
    return writer_may_change(tx->w, e);
}

bool
writer_may_change(const struct writer *w, struct err *e)
{
    return !w->read_only ||
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

/* Wait for those who change the tenant, and see what they have written. */
static bool
catch_up(struct tx *tx, struct tlog *log, struct err *e)
{
    int64_t size, last;

    return stmt_one(tx->st, &stmts[Q_HEAD_LOCK], ARGS(ARG(log->tenant)), NULL,
                    COLS(COL(&size), COL(&last)), e) &&
           (((uint64_t)size == log->edge.size && last == log->last_ms) ||
            tlog_load(tx->st, log->tenant, log, e));
}

bool
tx_turn(struct tx *tx, int64_t tenant, struct err *e)
{
    return !tx->w->shared || tx_log(tx, tenant, e) != NULL;
}

struct tlog *
tx_log(struct tx *tx, int64_t tenant, struct err *e)
{
    struct writer *w = tx->w;
    struct log_slot *s = w->logs;

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
    /* a verb beside the server may have written, too */
    if (s->batch != w->batch && !catch_up(tx, &s->now, e))
        return NULL;
    if (s->batch != w->batch) {
        s->batch = w->batch;
        s->turn = w->job;
        s->at_batch = s->now;
    }
    if (s->job != w->job) {
        s->job = w->job;
        s->at_job = s->now;
    }
    return &s->now;
}

/* The jobs that go together, taken out of the queue: as many as there are, or
 * where others write too, those of one tenant, for they wait for it. */
static struct job *
cut_batch(struct writer *w)
{
    struct job *batch = NULL, **end = &batch, **at = &w->first;
    unsigned n = 0, most = w->shared ? SHARED_BATCH_MAX : BATCH_MAX;
    int64_t tenant = w->first != NULL ? w->first->tenant : 0;

    while (*at != NULL && n < most) {
        struct job *j = *at;

        if (w->shared && j->tenant != tenant) {
            at = &j->next;
            continue;
        }
        *at = j->next;
        j->next = NULL;
        *end = j;
        end = &j->next;
        n++;
    }
    if (w->first == NULL || w->shared) /* else the last one stays the last */
        for (w->last = &w->first; *w->last != NULL; w->last = &(*w->last)->next)
            ;
    w->waiting -= n;
    return batch;
}

/* Wait for work, at most so many ms; < 0: as long as it takes. False: none came
 * in that time. */
static bool
wait_for_work(struct writer *w, int ms)
{
    struct timespec t;

    if (ms < 0)
        return pthread_cond_wait(&w->wake, &w->lock) == 0;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += ms % 1000 * 1000000L;
    t.tv_sec += ms / 1000 + t.tv_nsec / 1000000000L;
    t.tv_nsec %= 1000000000L;
    return pthread_cond_timedwait(&w->wake, &w->lock, &t) == 0;
}

static struct job *
take_batch(struct writer *w)
{
    struct job *batch;

    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->closing)
        if (!wait_for_work(w, log_patience(w))) {
            pthread_mutex_unlock(&w->lock);
            log_idle(w);
            pthread_mutex_lock(&w->lock);
        }
    batch = cut_batch(w);
    w->moved_at = clock_watch_ms();
    pthread_mutex_unlock(&w->lock);
    return batch;
}

static void *
writer_main(void *arg)
{
    struct writer *w = arg;
    struct job *batch;

    while ((batch = take_batch(w)) != NULL)
        writer_run_all(w, batch);
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
        if (w->waiting++ == 0)
            w->moved_at = clock_watch_ms();
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    return ok;
}

static _Thread_local const char *leading;

void
writer_lead(const char *name)
{
    leading = name;
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
    struct job j = {
        .run = waiter_run, .done = waiter_done, .arg = &wt, .lead = leading
    };

    if (!w->started) {
        writer_run_all(w, &j);
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

/* A database that only a part of another was copied into serves nobody. */
static bool
is_whole(struct writer *w, struct err *e)
{
    struct str v;
    ARENA(a, 4096);

    if (stmt_one(w->st, &stmts[Q_SETTING_GET], ARGS(ARG(STR(COPY_UNDER_WAY))),
                 a, COLS(COL(&v)), e))
        return err_set(e, ERR_CONFLICT, NULL,
                       "A copy into this database was cut short: run it again");
    return e->code == ERR_MISSING;
}

/* A clock that was set back must not make the ids of yesterday again. */
static bool
go_on_numbering(struct writer *w, struct err *e)
{
    int64_t newest;

    if (w->shared &&
        !lease_number(&w->server, w->st, w->clock(), &w->ids.server, e))
        return false;
    w->number_at = clock_awake_ms();
    if (!store_newest_id(w->st, &newest, e))
        return false;
    id_after(&w->ids, newest);
    return true;
}

static bool
open_store(struct writer *w, const char *dir, struct err *e)
{
    bool ok;

    log_keep(w);
    ok = (w->st = store_open(dir, STORE_WRITE, e)) != NULL && read_mode(w, e) &&
         is_whole(w, e) && go_on_numbering(w, e);
    log_let(w);
    return ok;
}

/* Its deadlines are told by the watch that nobody sets. */
static void
make_wake(struct writer *w)
{
    pthread_condattr_t a;

    pthread_condattr_init(&a);
    pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &a);
    pthread_condattr_destroy(&a);
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
    w->lock_fd = w->log_fd = -1;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    make_wake(w);
    w->dirs = dir_cache_new();
    w->shared = store_dir_is_shared(dir);
    w->batch = clock() << 16; /* marks of others with our number stay below */
    w->aside = aside && !w->shared;
    /* a verb beside a running server gives ids of its own */
    w->ids.server = aside ? 1 + (uint32_t)getpid() % 255 : 0;
    snprintf(w->folder, sizeof(w->folder), "%s", dir);
    if (w->dirs != NULL && (aside || w->shared || lock_folder(w, dir, e)) &&
        log_lock_open(w, e) && open_store(w, dir, e))
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
    if (w->st != NULL && w->server.name[0] != '\0')
        lease_give_back(&w->server, w->st);
    log_keep(w);
    store_close(w->st); /* the last one to close moves the log */
    if (w->lock_fd >= 0)
        close(w->lock_fd);
    if (w->log_fd >= 0)
        close(w->log_fd);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    free(w);
}

struct writer_counts
writer_counts(struct writer *w)
{
    struct writer_counts c = {
        .jobs = __atomic_load_n(&w->jobs, __ATOMIC_RELAXED),
        .commits = __atomic_load_n(&w->commits, __ATOMIC_RELAXED),
    };

    pthread_mutex_lock(&w->lock);
    c.waiting = (int64_t)w->waiting;
    pthread_mutex_unlock(&w->lock);
    return c;
}

struct store *
writer_store(struct writer *w)
{
    return w->st;
}

uint32_t
writer_server(const struct writer *w)
{
    return w->ids.server;
}

struct str
writer_name(const struct writer *w)
{
    return str_of(w->server.holder);
}

bool
writer_leads(const struct writer *w)
{
    return !__atomic_load_n(&w->elsewhere, __ATOMIC_RELAXED);
}

void
writer_set_leads(struct writer *w, bool leads)
{
    __atomic_store_n(&w->elsewhere, !leads, __ATOMIC_RELAXED);
}

void
writer_hurry(struct writer *w)
{
    __atomic_store_n(&w->hurries, true, __ATOMIC_RELAXED);
}

bool
writer_hurries(const struct writer *w)
{
    return __atomic_load_n(&w->hurries, __ATOMIC_RELAXED);
}
