/* One transaction of the writer: jobs in savepoints, one commit, and what is done
 * when it fails. */
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/time.h"
#include "service/writer_int.h"
#include "store/stmt.h"

enum {
    JOB_QUOTA = 64 << 20,
    /* how long a batch is tried again while the database is away, ms */
    PATIENCE = 10000,
    /* between two tries: short for who was in the way, longer and longer for a
     * database that is away, ms */
    PAUSE_FIRST = 1,
    PAUSE_MOST = 200
};

static void
undo_job(struct writer *w)
{
    dir_cache_undo(w->dirs);
    for (struct log_slot *s = w->logs; s != NULL; s = s->next)
        if (s->job == w->job) {
            s->now = s->at_job;
            /* a lock goes with the savepoint behind which it was taken */
            if (s->turn == w->job)
                s->batch = 0;
        }
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

static bool
still_leads(struct tx *tx, const struct job *j, struct err *e)
{
    return j->lead == NULL || lease_holds(tx, j->lead, e);
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
    j->ok = still_leads(&tx, j, &j->err) && j->run(&tx, j->arg, &j->err) &&
            store_release(w->st, &j->err);
    if (j->ok)
        return;
    if (j->err.code == ERR_NONE)
        err_set(&j->err, ERR_BUSY, NULL, "The server is short of memory");
    undo_job(w);
    *lost = j->err.code == ERR_FULL || store_fate(w->st) != FATE_NONE ||
            !store_undo(w->st);
}

/* ---- our number ------------------------------------------------------------------- */

/* Who has not beaten for so long looks first whether the number is his still:
 * the machine may have slept. */
enum { NUMBER_SURE_MS = 60 * 1000 };

bool
tx_number(struct tx *tx, struct err *e)
{
    struct writer *w = tx->w;
    bool ours = true;

    if (w->shared && !lease_keep(&w->server, w->st, tx->now, &ours, e))
        return false;
    w->number_lost = !ours;
    w->number_at = clock_awake_ms();
    return true;
}

static bool
look_at_number(struct writer *w, struct err *e)
{
    struct tx tx = { .st = w->st, .now = w->clock(), .w = w };

    if (store_begin(w->st, e) && tx_number(&tx, e) && store_commit(w->st, e))
        return true;
    store_rollback(w->st);
    return false;
}

/* Marks stand under the number, and so do ids: none is used that another server
 * has. False: the database does not answer, or all are taken. */
static bool
keep_number(struct writer *w, struct err *e)
{
    uint32_t was = w->ids.server;

    if (!w->shared)
        return true;
    if (!w->number_lost && clock_awake_ms() - w->number_at >= NUMBER_SURE_MS &&
        !look_at_number(w, e))
        return true; /* the batch will wait, or say so */
    if (!w->number_lost)
        return true;
    if (!lease_number(&w->server, w->st, w->clock(), &w->ids.server, e))
        return false;
    memset(w->marked, 0, sizeof(w->marked));
    w->number_lost = false;
    w->number_at = clock_awake_ms();
    log_line(LOG_WARN,
             "number %u is another server's by now: this one goes on as %u",
             was, w->ids.server);
    return true;
}

/* Under which tenant a batch's mark stands: that of its jobs, or the
 * installation itself. */
static int64_t
tenant_of(const struct job *batch)
{
    return batch->tenant != 0 ? batch->tenant : 1;
}

/* The mark is there, committed, before the first batch moves it: so that whoever
 * looks for it waits for a commit that is under way. */
static bool
mark_ready(struct writer *w, int64_t tenant, struct err *e)
{
    int64_t *known = &w->marked[tenant % (int64_t)N_OF(w->marked)];

    if (!w->shared || *known == tenant)
        return true;
    if (!store_begin(w->st, e))
        return false;
    if (QRUN(w->st, MARK_ADD, e, ARG(tenant), ARG((int64_t)w->ids.server)) &&
        store_commit(w->st, e)) {
        *known = tenant;
        return true;
    }
    store_rollback(w->st);
    return false;
}

static bool
mark(struct writer *w, int64_t tenant, struct err *e)
{
    return !w->shared || QRUN(w->st, MARK_PUT, e, ARG(tenant),
                              ARG((int64_t)w->ids.server), ARG(w->batch));
}

/* Was the batch committed whose answer never came? */
static bool
was_committed(struct writer *w, int64_t tenant, int64_t batch, bool *yes,
              struct err *e)
{
    int64_t n = 0;
    bool ok = store_begin(w->st, e) &&
              stmt_one(w->st, &stmts[Q_MARK_LOCK],
                       ARGS(ARG(tenant), ARG((int64_t)w->ids.server)), NULL,
                       COLS(COL(&n)), e);

    store_rollback(w->st);
    *yes = n == batch;
    return ok;
}

/* True when everything that ran ok is on disk. The transaction that failed is
 * over, but what it left in memory is not taken back yet. */
static bool
run_once(struct writer *w, struct job *batch, struct err *e)
{
    bool lost = false;

    w->batch++;
    dir_cache_mark(w->dirs);
    if (!mark_ready(w, tenant_of(batch), e) || !store_begin(w->st, e))
        return false;
    for (struct job *j = batch; j != NULL && !lost; j = j->next) {
        run_one(w, j, &lost);
        if (lost)
            *e = j->err;
    }
    if (!lost && logs_save(w, e) && mark(w, tenant_of(batch), e) &&
        store_commit(w->st, e)) {
        __atomic_add_fetch(&w->commits, 1, __ATOMIC_RELAXED);
        return true;
    }
    return false;
}

/* What is left of the patience with a batch, and how long to wait next. */
struct patience {
    int64_t until;
    int pause;
};

/* Wait a little; false: there is no patience left. */
static bool
once_more(struct patience *p)
{
    struct timespec t = { .tv_nsec = p->pause * 1000000L };

    if (clock_watch_ms() >= p->until)
        return false;
    nanosleep(&t, NULL);
    p->pause = p->pause < PAUSE_MOST / 2 ? 2 * p->pause : PAUSE_MOST;
    return true;
}

/* The same, and again where that may help: the database was away, two servers
 * were in each other's way. What was committed is never run a second time.
 * *away: there was no way to know or to save anything. */
static bool
run_batch(struct writer *w, struct job *batch, bool *away, struct err *e)
{
    struct patience p = { clock_watch_ms() + PATIENCE, PAUSE_FIRST };

    for (;;) {
        bool done = false;
        enum store_fate fate;

        *away = false;
        if (run_once(w, batch, e))
            return true;
        fate = store_fate(w->st);
        store_rollback(w->st);
        while (fate == FATE_UNKNOWN &&
               !was_committed(w, tenant_of(batch), w->batch, &done, e))
            if (!once_more(&p)) {
                *away = !err_set(e, ERR_BUSY, NULL,
                                 "The database went away while this was being "
                                 "saved: look whether it is there before you "
                                 "send it again");
                fate = FATE_NONE;
            }
        if (done) {
            __atomic_add_fetch(&w->commits, 1, __ATOMIC_RELAXED);
            return true;
        }
        undo_batch(w);
        if (fate == FATE_NONE)
            return false;
        if (!once_more(&p)) {
            *away = true;
            return false;
        }
    }
}

/* Nobody's work was saved, and it is not for them to say why. */
static void
all_failed(struct job *batch, const struct err *e)
{
    for (struct job *j = batch; j != NULL; j = j->next) {
        j->ok = false;
        j->err = *e;
    }
}

/* A batch that failed as a whole is run again job by job, so that each is told
 * its own fate. */
static void
run_singly(struct writer *w, struct job *batch)
{
    struct job *next;

    for (struct job *j = batch; j != NULL; j = next) {
        struct err e = { 0 };
        bool away;

        next = j->next;
        j->next = NULL;
        if (!run_batch(w, j, &away, &e)) {
            if (j->ok || j->err.code == ERR_NONE)
                j->err = e;
            j->ok = false;
        }
        j->next = next;
    }
}

/* What the batch says of the machine. */
static void
note_health(struct writer *w, const struct job *batch)
{
    bool full = false, failed = false;

    for (const struct job *j = batch; j != NULL; j = j->next) {
        full |= !j->ok && j->err.code == ERR_FULL;
        failed |= !j->ok && j->err.code == ERR_STORE;
    }
    health_note(&w->health, TROUBLE_DISK, full);
    health_note(&w->health, TROUBLE_DATABASE, failed);
}

void
writer_run_all(struct writer *w, struct job *batch)
{
    struct err e = { 0 };
    char text[256];
    struct job *next;
    bool away;

    log_keep(w);
    if (!keep_number(w, &e)) {
        all_failed(batch, &e);
    } else if (!run_batch(w, batch, &away, &e)) {
        if (e.code != ERR_NONE)
            log_line(LOG_WARN, "a batch of writes failed%s: %s",
                     away ? "" : ", running singly",
                     err_text(&e, text, sizeof(text)));
        if (away)
            all_failed(batch, &e);
        else
            run_singly(w, batch);
    }
    log_let(w);
    note_health(w, batch);
    for (struct job *j = batch; j != NULL; j = next) {
        next = j->next;
        if (!j->ok && err_info[j->err.code].fault == FAULT_SERVER)
            log_line(LOG_ERROR, "a write failed: %s",
                     err_text(&j->err, text, sizeof(text)));
        __atomic_add_fetch(&w->jobs, 1, __ATOMIC_RELAXED);
        j->done(j);
    }
    log_after_batch(w); /* when nobody waits for this one any more */
}
