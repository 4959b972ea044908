#include "service/health.h"

#include <sys/statvfs.h>

#include "base/log.h"
#include "base/time.h"
#include "service/writer_int.h"
#include "store/stmt.h"

enum {
    ROOM_MIN = 4 << 20,       /* bytes: a photograph, and the log of its row */
    WAIT_MAX_MS = 60 * 1000,  /* an import's largest step is a few seconds */
    FAILED_MS = 5 * 60 * 1000 /* a failed question counts for so long */
};

/* clang-format off */
const struct trouble_info trouble_info[TROUBLE__MAX] = {
    [TROUBLE_WRITER]    = { "writer", N_("Changes have been waiting for a minute and none is saved: restart the server"), true, true },
    [TROUBLE_DATABASE]  = { "database", N_("Changes cannot be saved: the server's log says why"), true, true },
    [TROUBLE_READS]     = { "reads", N_("Some pages cannot be shown: the server's log says why"), false, true },
    [TROUBLE_DISK]      = { "disk_full", N_("The disk is full: nothing can be saved until the administrator makes room. Reading goes on"), true, true },
    [TROUBLE_READ_ONLY] = { "read_only", N_("This installation was restored from a copy and can only be read: the administrator first runs \"anlan restore --continue\""), false, true },
    [TROUBLE_LOG]       = { "log", N_("No checkpoint of the public log can be published: the server's log says why"), false, true },
    [TROUBLE_CLOCK]     = { "clock", N_("The server's clock was ahead once, or is behind now: new entries bear the time of the last one until it has passed"), false, true },
};
/* clang-format on */

struct health *
writer_health(struct writer *w)
{
    return &w->health;
}

void
health_note(struct health *h, enum trouble t, bool is_so)
{
    __atomic_store_n(&h->noted[t], is_so, __ATOMIC_RELAXED);
}

void
health_read_failed(struct health *h)
{
    __atomic_store_n(&h->read_failed, clock_watch_ms(), __ATOMIC_RELAXED);
}

static bool
has_room(const char *dir)
{
    struct statvfs s;

    return statvfs(dir, &s) != 0 ||
           (uint64_t)s.f_bavail * s.f_frsize >= ROOM_MIN;
}

/* Is there a job that has waited too long? */
static bool
is_stuck(struct writer *w)
{
    int64_t since;

    pthread_mutex_lock(&w->lock);
    since = w->waiting > 0 ? w->moved_at : 0;
    pthread_mutex_unlock(&w->lock);
    return since > 0 && clock_watch_ms() - since > WAIT_MAX_MS;
}

unsigned
health_look(struct writer *w, const char *data_dir)
{
    struct health *h = &w->health;
    int64_t failed = __atomic_load_n(&h->read_failed, __ATOMIC_RELAXED);
    unsigned all = 0;

    for (unsigned i = 0; i < TROUBLE__MAX; i++)
        all |= (unsigned)__atomic_load_n(&h->noted[i], __ATOMIC_RELAXED) << i;
    if (failed > 0 && clock_watch_ms() - failed < FAILED_MS)
        all |= 1u << TROUBLE_READS;
    if (!has_room(data_dir))
        all |= 1u << TROUBLE_DISK;
    if (writer_read_only(w))
        all |= 1u << TROUBLE_READ_ONLY;
    if (is_stuck(w))
        all |= 1u << TROUBLE_WRITER;
    return all;
}

bool
health_is_down(unsigned all)
{
    for (unsigned i = 0; i < TROUBLE__MAX; i++)
        if ((all >> i & 1) != 0 && trouble_info[i].down)
            return true;
    return false;
}

/* ---- the clock ------------------------------------------------------------------- */

static bool
last_stamp_job(struct tx *tx, void *arg, struct err *e)
{
    int64_t *last = arg;
    struct tenant *list;
    size_t n;

    *last = 0;
    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t size, ms;

        if (!stmt_one(tx->st, &stmts[Q_HEAD_GET], ARGS(ARG(list[i].id)), NULL,
                      COLS(COL(&size), COL(&ms)), e))
            return false;
        if (ms > *last)
            *last = ms;
    }
    return true;
}

static void
look_at_jump(struct clock_look *l, int64_t now)
{
    int64_t watch = clock_awake_ms();
    int64_t jump = l->watch > 0 ? now - l->wall - (watch - l->watch) : 0;

    *l = (struct clock_look){ now, watch };
    if (jump > CLOCK_SLACK_MS || jump < -CLOCK_SLACK_MS)
        log_line(LOG_WARN, "the clock was set %s by %ld seconds",
                 jump > 0 ? "ahead" : "back",
                 (long)((jump > 0 ? jump : -jump) / MS_PER_SECOND));
}

bool
health_look_at_clock(struct writer *w, struct clock_look *l, int64_t now,
                     struct err *e)
{
    struct health *h = &w->health;
    int64_t last, behind;
    bool was = __atomic_load_n(&h->noted[TROUBLE_CLOCK], __ATOMIC_RELAXED), is;

    look_at_jump(l, now);
    if (!writer_run(w, last_stamp_job, &last, e))
        return false;
    behind = last > now ? last - now : 0;
    is = behind > CLOCK_SLACK_MS;
    __atomic_store_n(&h->behind_ms, behind, __ATOMIC_RELAXED);
    health_note(h, TROUBLE_CLOCK, is);
    if (is && !was)
        log_line(
            LOG_ERROR,
            "the clock lies %ld seconds behind the newest entry of the "
            "log: it was ahead once, or it is wrong now. Entries bear that "
            "entry's time until it has passed; checkpoints go on",
            (long)(behind / MS_PER_SECOND));
    if (!is && was)
        log_line(LOG_INFO, "the clock is ahead of the log again");
    return true;
}
