#include <stdlib.h>

#include "base/log.h"
#include "base/ticker.h"
#include "base/time.h"
#include "service/above.h"
#include "service/change.h"
#include "service/erase.h"
#include "service/health.h"
#include "service/lease.h"
#include "service/look.h"
#include "service/publish.h"
#include "service/purge.h"
#include "service/retention.h"
#include "service/scheduler.h"
#include "service/sweep.h"
#include "service/words.h"
#include "store/stmt.h"

enum { ROUND_SECONDS = 60, TICKS = 4, ESCALATE_MAX = 200, LEVELS = 3 };
enum { WALK_SLICES = 20 }; /* 20,000 rows a minute */

/* How far a tenant's records were looked through for what was kept long
 * enough. */
struct walk {
    int64_t tenant, at;
    size_t ledger;
    struct walk *next;
};

struct scheduler {
    struct writer *w;
    struct ticker *ticker;
    unsigned tick;
    struct store *st; /* for walks that keep no writer waiting */
    const char *data_dir;
    clock_fn *clock;
    struct plan_ways ways;
    unsigned minute; /* rounds so far */
    struct walk *walks;
    unsigned folder; /* whose files are looked at next */
    struct words_night night;
    bool filling, filled; /* the index of words is whole */
    struct clock_look clock_look;
    struct lease_beat beat; /* where several servers have one database */
};

/* ---- escalation: B6 --------------------------------------------------------- */

/* How far up an overdue must have been told by now. */
static int64_t
level_now(const struct rules *r, int64_t due, int64_t now)
{
    static const char *const ladder[LEVELS] = { "escalate.to_manager",
                                                "escalate.to_principal",
                                                "escalate.to_district" };
    int64_t level = 0;

    for (int i = 0; i < LEVELS; i++) {
        const struct rule *rule = rules_find(r, str_of(ladder[i]));
        int64_t at = rule == NULL       ? INT64_MAX
                     : rule->value == 0 ? due
                                        : rules_due(r, ladder[i], due);

        if (now >= at)
            level = i + 1;
    }
    return level;
}

struct late {
    int64_t tenant;
    const struct ledger *ledger;
    int64_t told;             /* out: how many */
    int64_t id[ESCALATE_MAX]; /* out: whose own step is due */
    size_t n;
};

static bool
escalate_one(struct tx *tx, struct late *l, const struct dir *d, int64_t id,
             struct err *e)
{
    struct rec *rec = arena_alloc(tx->arena, l->ledger->size);
    struct change c = { .ledger = l->ledger,
                        .tenant = l->tenant,
                        .id = id,
                        .verb = STR("escalate") };

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(tx->st, l->tenant, l->ledger, id, tx->arena, rec, e))
        return false;
    c.state = level_now(&d->rules, rec->due_at, tx->now);
    if (rec->due_at == 0 || c.state <= rec->escalated)
        return true;
    l->told++;
    return change_run(tx, &c, e);
}

static bool
escalate_job(struct tx *tx, void *arg, struct err *e)
{
    struct late *l = arg;
    const struct dir *d = tx_dir(tx, l->tenant, e);
    const struct field *told = ledger_field(l->ledger, STR("escalated"));
    struct list_query q = { .tenant = l->tenant,
                            .ledger = l->ledger,
                            .all = true,
                            .due_before = tx->now,
                            .sort = SORT_DUE,
                            .limit = ESCALATE_MAX,
                            .filter = { { told, { 0, 1, 2 }, 3 } },
                            .n_filters = 1 };
    void *recs;
    size_t n;
    bool more;

    l->told = 0;
    l->n = 0;
    if (d == NULL || !store_list(tx->st, &q, tx->arena, &recs, &n, &more, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct rec *r =
            (const void *)((const char *)recs + i * l->ledger->size);

        if (l->ledger->when_due != NULL)
            l->id[l->n++] = r->id;
        else if (!escalate_one(tx, l, d, r->id, e))
            return false;
    }
    return true;
}

/* ---- a ledger's own step at its hour ---------------------------------------- */

static bool
fall_due_job(struct tx *tx, void *arg, struct err *e)
{
    struct late *l = arg;
    struct change c = { .ledger = l->ledger,
                        .tenant = l->tenant,
                        .id = l->id[l->n],
                        .verb = str_of(l->ledger->when_due) };

    return change_run(tx, &c, e);
}

/* Each is a job of its own: one that cannot take its step keeps nobody else
 * waiting. */
static bool
fall_due(struct writer *w, struct late *l, struct err *e)
{
    size_t all = l->n;
    char text[256];

    for (l->n = 0; l->n < all; l->n++)
        if (!writer_run(w, fall_due_job, l, e)) {
            if (e->code == ERR_STORE || e->code == ERR_FULL)
                return false;
            log_line(LOG_WARN, "%s %ld: %s", l->ledger->name, (long)l->id[l->n],
                     err_text(e, text, sizeof(text)));
        }
    return true;
}

static bool
late_round(struct writer *w, int64_t tenant, const struct ledger *ledger,
           struct err *e)
{
    struct late *l = calloc(1, sizeof(*l));
    bool ok;

    if (l == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    l->tenant = tenant;
    l->ledger = ledger;
    ok = writer_run(w, escalate_job, l, e) && fall_due(w, l, e);
    free(l);
    return ok;
}

/* ---- every tenant --------------------------------------------------------------- */

struct all_tenants {
    int64_t id[4096];
    size_t n;
};

static bool
tenants_job(struct tx *tx, void *arg, struct err *e)
{
    struct all_tenants *all = arg;
    struct tenant *list;
    size_t n;

    all->n = 0;
    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    for (size_t i = 0; i < n && all->n < N_OF(all->id); i++)
        all->id[all->n++] = list[i].id;
    return true;
}

/* Before what is old is forgotten. */
static bool
commit_looks(struct writer *w, int64_t tenant, struct err *e)
{
    struct look_days l = { .tenant = tenant, .more = !writer_read_only(w) };

    while (l.more && !writer_hurries(w))
        if (!writer_run(w, look_commit_job, &l, e))
            return false;
    return true;
}

bool
scheduler_round(struct writer *w, struct err *e)
{
    struct all_tenants *all = calloc(1, sizeof(*all));
    struct err other;
    bool ok = all != NULL && writer_run(w, tenants_job, all, e), log = true;

    for (size_t i = 0; ok && i < all->n && !writer_hurries(w); i++) {
        if (!writer_read_only(w) &&
            !writer_run(w, publish_job, &all->id[i], &other)) {
            *e = other;
            ok = log = false;
        }
        for (size_t k = 0; k < n_ledgers && !writer_read_only(w); k++)
            if (ledgers[k]->settle != NULL &&
                !late_round(w, all->id[i], ledgers[k], &other)) {
                *e = other;
                ok = false;
            }
        if (!commit_looks(w, all->id[i], &other) ||
            !purge_round(w, all->id[i], &other)) {
            *e = other;
            ok = false;
        }
    }
    health_note(writer_health(w), TROUBLE_LOG, !log);
    free(all);
    return ok;
}

bool
scheduler_plan(struct writer *w, const struct plan_ways *ways, struct err *e)
{
    struct all_tenants *all = calloc(1, sizeof(*all));
    struct err other;
    bool ok = all != NULL && writer_run(w, tenants_job, all, e);

    for (size_t i = 0; all != NULL && i < all->n && !writer_hurries(w); i++)
        if (!plan_round(w, all->id[i], ways, &other)) {
            *e = other;
            ok = false;
        }
    free(all);
    return ok;
}

/* Where the walk over a tenant's ledgers stands; NULL: no memory. */
static struct walk *
walk_of(struct scheduler *s, int64_t tenant)
{
    struct walk *k = s->walks;

    while (k != NULL && k->tenant != tenant)
        k = k->next;
    if (k == NULL && (k = calloc(1, sizeof(*k))) != NULL) {
        k->tenant = tenant;
        k->next = s->walks;
        s->walks = k;
    }
    return k;
}

/* A piece of one ledger of each tenant in a minute, ledger after ledger. */
static bool
keep_rules(struct scheduler *s, int64_t tenant, struct err *e)
{
    struct walk *k = walk_of(s, tenant);
    long n = 0;
    bool ok;

    if (k == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    ok = retention_walk(s->st, s->w,
                        &(struct retention){ tenant, ledgers[k->ledger],
                                             s->clock(), WALK_SLICES, &k->at },
                        &n, e);
    if (!ok || k->at == 0) {
        k->at = 0; /* what cannot be erased now is not in others' way */
        k->ledger = (k->ledger + 1) % n_ledgers;
    }
    if (n > 0)
        log_line(LOG_INFO, "personal data of %ld records were kept long enough",
                 n);
    return ok;
}

/* What authorities above see of every district. */
static bool
count_above(struct scheduler *s, struct err *e)
{
    struct all_tenants *all = calloc(1, sizeof(*all));
    bool ok = all != NULL && writer_run(s->w, tenants_job, all, e);

    for (size_t i = 0; ok && i < all->n && !writer_hurries(s->w); i++)
        ok = all->id[i] == TENANT_ABOVE ||
             writer_run(s->w, above_job, &all->id[i], e);
    free(all);
    return ok;
}

/* One folder of each tenant a minute: all of them in a few hours. */
static bool
sweep_files(struct scheduler *s, struct err *e)
{
    struct all_tenants *all = calloc(1, sizeof(*all));
    bool ok = all != NULL && writer_run(s->w, tenants_job, all, e);
    long n = 0;

    for (size_t i = 0; ok && i < all->n && !writer_hurries(s->w); i++)
        ok = sweep_bytes(s->st, s->data_dir, all->id[i], s->folder, s->clock(),
                         &n, e) &&
             keep_rules(s, all->id[i], e);
    free(all);
    sweep_folders(s->data_dir, s->clock(), &n);
    s->folder = (s->folder + 1) % SWEEP_FOLDERS;
    if (n > 0)
        log_line(LOG_INFO, "%ld files that nobody needs were removed", n);
    return ok;
}

static bool
every_minute(struct scheduler *s, struct err *e)
{
    struct err other = { 0 };
    bool ok = scheduler_round(s->w, e);

    if (!health_look_at_clock(s->w, &s->clock_look, s->clock(), &other)) {
        *e = other;
        ok = false;
    }
    if (!scheduler_plan(s->w, &s->ways, &other)) {
        *e = other;
        ok = false;
    }
    if (s->minute++ % ABOVE_MINUTES == 0 && !count_above(s, &other)) {
        *e = other;
        ok = false;
    }
    if (!writer_read_only(s->w) &&
        !(sweep_files(s, &other) && erase_from_index(s->w, &other))) {
        *e = other;
        ok = false;
    }
    if (!words_tidy(s->w, &s->night, s->clock(), &other)) {
        *e = other;
        ok = false;
    }
    return ok;
}

/* ---- who leads -------------------------------------------------------------------- */

enum { BEAT_TICKS = LEASE_BEAT_MS * TICKS / 1000 };

/* True: this server has begun to lead just now. */
static bool
beat(struct scheduler *s)
{
    bool led = writer_leads(s->w);
    struct err e = { 0 };

    s->beat.name = LEASE_OFFICE;
    s->beat.watch = clock_watch_ms();
    writer_lead(NULL);
    if (!writer_run(s->w, lease_beat_job, &s->beat, &e))
        s->beat.held = false; /* who cannot be reached does not lead */
    writer_lead(LEASE_OFFICE);
    writer_set_leads(s->w, s->beat.held);
    if (led != s->beat.held)
        log_line(LOG_INFO, s->beat.held ? "this server leads now"
                                        : "another server leads");
    return s->beat.held && !led;
}

/* Whether it is time for the minute's work, here. */
static bool
is_time(struct scheduler *s)
{
    unsigned tick = s->tick++;
    bool begun = false;

    if (!store_is_shared(s->st))
        return tick % (ROUND_SECONDS * TICKS) == 0;
    if (tick % BEAT_TICKS == 0)
        begun = beat(s);
    return begun || (writer_leads(s->w) && tick % (ROUND_SECONDS * TICKS) == 0);
}

static void
stop_leading(struct scheduler *s)
{
    struct err e;

    if (!store_is_shared(s->st))
        return;
    writer_lead(NULL);
    if (s->beat.held && !writer_run(s->w, lease_end_job, &s->beat, &e))
        log_line(LOG_WARN, "another server leads in a while only");
}

/* True: there is more to do at once. Who does not lead looks again when it
 * does. */
static bool
fill_index(struct scheduler *s)
{
    struct err e = { 0 };
    const int64_t until = clock_watch_ms() + 1000 / TICKS;
    char text[256];
    bool more = false;

    if (s->filled || !writer_leads(s->w) || writer_hurries(s->w))
        return false;
    do {
        if (!words_fill(s->w, &more, &e)) {
            log_line(LOG_WARN, "the index of words: %s",
                     err_text(&e, text, sizeof(text)));
            return false;
        }
    } while (more && clock_watch_ms() < until && !writer_hurries(s->w));
    if (more && !s->filling)
        log_line(LOG_INFO, "the index of words is made anew: until that is "
                           "said to be done, searches lack older records");
    if (!more && s->filling)
        log_line(LOG_INFO, "the index of words is whole");
    s->filling = more;
    s->filled = !more;
    return more;
}

static unsigned
tick(void *arg)
{
    struct scheduler *s = arg;
    struct err e = { 0 };
    char text[256];

    if (is_time(s) && !every_minute(s, &e))
        log_line(LOG_WARN, "the scheduler: %s",
                 err_text(&e, text, sizeof(text)));
    return fill_index(s) ? 0 : 1000 / TICKS;
}

struct scheduler *
scheduler_start(struct writer *w, const char *data_dir, clock_fn *clock,
                const struct plan_ways *ways, struct err *e)
{
    struct scheduler *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    s->w = w;
    s->data_dir = data_dir;
    s->clock = clock;
    s->ways = *ways;
    if ((s->st = store_open(data_dir, STORE_READ, e)) == NULL) {
        free(s);
        return NULL;
    }
    writer_set_leads(w, !store_is_shared(s->st)); /* until the first beat */
    if ((s->ticker = ticker_start(tick, s, e)) != NULL)
        return s;
    store_close(s->st);
    free(s);
    return NULL;
}

void
scheduler_stop(struct scheduler *s)
{
    if (s == NULL)
        return;
    writer_hurry(s->w);
    ticker_stop(s->ticker);
    stop_leading(s);
    store_close(s->st);
    for (struct walk *next; s->walks != NULL; s->walks = next) {
        next = s->walks->next;
        free(s->walks);
    }
    free(s);
}
