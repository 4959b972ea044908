/* What watches a server asks it: /healthz, /readyz, /metrics. They answer
 * without a database, too: rq->st is NULL then. */
#include <stdio.h>
#include <sys/stat.h>

#include "base/version.h"
#include "service/backup.h"
#include "service/delivery.h"
#include "service/health.h"
#include "service/install.h"
#include "service/writer.h"
#include "store/stmt.h"
#include "web/address.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/json.h"

/* Asks the database something: that a snapshot began proves nothing, where it
 * begins with the first question. */
static unsigned
look(struct rq *rq)
{
    struct str is;
    struct err e;

    if (rq->st != NULL && !setting_get(rq->st, "example", rq->arena, &is, &e))
        rq->st = NULL;
    if (rq->st == NULL)
        health_read_failed(writer_health(rq->app->writer));
    return health_look(rq->app->writer, rq->app->data_dir);
}

/* 503 where people are turned away; what they need not know to be served, or
 * cannot help, leaves 200. */
bool
health(struct rq *rq, struct err *e)
{
    struct buf *b = &rq->rs->body;
    unsigned all = look(rq);
    bool down = rq->st == NULL || health_is_down(all), more = false;

    (void)e;
    answer_type(rq, "application/json");
    if (all == 0) {
        buf_puts(b, "{\"status\":\"ok\"}\n");
        return true;
    }
    buf_printf(b, "{\"status\":\"%s\",\n\"wrong\":[",
               down ? "down" : "degraded");
    for (unsigned i = 0; i < TROUBLE__MAX; i++) {
        if ((all >> i & 1) == 0)
            continue;
        buf_printf(b, "%s\n{\"name\":\"%s\",\"says\":", more ? "," : "",
                   trouble_info[i].name);
        json_str(b, str_of(trouble_info[i].says));
        buf_puts(b, "}");
        more = true;
    }
    buf_puts(b, "]}\n");
    if (down)
        rq->rs->status = 503;
    return true;
}

/* May work be sent here: is it up, and does it take changes? */
bool
ready(struct rq *rq, struct err *e)
{
    unsigned all = look(rq);
    bool is = rq->st != NULL && !health_is_down(all) &&
              (all >> TROUBLE_READ_ONLY & 1) == 0;

    (void)e;
    answer_type(rq, "application/json");
    buf_printf(&rq->rs->body, "{\"ready\":%s}\n", is ? "true" : "false");
    if (!is)
        rq->rs->status = 503;
    return true;
}

/* Asked on this machine, by its own address, and not through what stands in
 * front of it for others. */
static bool
asked_here(struct rq *rq)
{
    static const char *const passed_on[] = { "X-Forwarded-For", "Forwarded",
                                             "X-Real-IP", "Via" };
    struct str host = http_header(rq->http, "Host");

    for (size_t i = 0; i < N_OF(passed_on); i++)
        if (http_header(rq->http, passed_on[i]).n > 0)
            return false;
    return !rq->app->proxied && address_is_own(rq->http->peer) &&
           (address_is_own(host) || str_starts(host, STR("localhost")) ||
            str_starts(host, STR("[::1]")));
}

/* What it counts would tell outsiders of each report by itself: it is for who
 * runs the machine, or has the token of an administrator. */
static bool
may_measure(struct rq *rq)
{
    if (rq->who.dir != NULL && rq->by_token &&
        actor_scoped(&rq->who, NULL, "read"))
        return (actor_roles(&rq->who, rq->who.dir->root) & R(ADMIN)) != 0;
    return asked_here(rq);
}

/* None while the service is starting. */
static unsigned
connections(const struct app *app)
{
    const struct http *h = __atomic_load_n(&app->http, __ATOMIC_ACQUIRE);

    return h != NULL ? http_connections(h) : 0;
}

static void
put_work(struct rq *rq, struct buf *b)
{
    struct app *app = rq->app;
    struct writer_counts c = writer_counts(app->writer);

    measure_put(b, "anlan_requests_total", "counter",
                "Requests since the start.",
                __atomic_load_n(&app->requests, __ATOMIC_RELAXED));
    measure_put(b, "anlan_refused_total", "counter",
                "Answers with a status of 400 and above.",
                __atomic_load_n(&app->refused, __ATOMIC_RELAXED));
    measure_histogram(b, "anlan_request_seconds",
                      "Time from a whole request to its answer.",
                      &app->answers);
    measure_put(b, "anlan_connections", "gauge", "Open connections.",
                connections(app));
    measure_put(b, "anlan_write_jobs_total", "counter",
                "Changes done since the start.", c.jobs);
    measure_put(b, "anlan_commits_total", "counter",
                "Commits since the start; one may hold many changes.",
                c.commits);
    measure_put(b, "anlan_write_queue", "gauge", "Changes that wait.",
                c.waiting);
    measure_put(
        b, "anlan_leads", "gauge",
        "1: this server sends messages and does what goes by the clock.",
        writer_leads(app->writer));
}

static int64_t
file_bytes(const char *dir, const char *name)
{
    char path[4200];
    struct stat st;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static void
put_state(struct rq *rq, struct buf *b)
{
    const struct health *h = writer_health(rq->app->writer);
    const char *dir = rq->app->data_dir;
    bool own = file_bytes(dir, "anlan.db") > 0;
    unsigned all = look(rq);

    measure_family(b, "anlan_build_info", "gauge", "Always 1; what runs.");
    buf_printf(b, "anlan_build_info{version=\"%s\",engine=\"%s\"} 1\n",
               anlan_version, own ? "sqlite" : "postgresql");
    measure_put(b, "anlan_start_time_seconds", "gauge",
                "When the server started, seconds of 1970.",
                rq->app->started_at / 1000);
    if (own)
        measure_put(b, "anlan_database_bytes", "gauge",
                    "The database file and what is not yet in it.",
                    file_bytes(dir, "anlan.db") +
                        file_bytes(dir, "anlan.db-wal"));
    measure_put(b, "anlan_last_backup_time_seconds", "gauge",
                "When the newest whole backup was made; 0: never.",
                backup_last(dir) / 1000);
    measure_put(b, "anlan_clock_behind_seconds", "gauge",
                "How far the clock lies behind the newest entry of the log.",
                __atomic_load_n(&h->behind_ms, __ATOMIC_RELAXED) / 1000);
    for (unsigned i = 0; i < TROUBLE__MAX; i++) {
        char name[64];

        snprintf(name, sizeof(name), "anlan_wrong_%s", trouble_info[i].name);
        measure_put(b, name, "gauge", trouble_info[i].says, all >> i & 1);
    }
}

/* The oldest of the districts' newest checkpoints; 0: one has none. */
static bool
last_checkpoint(struct rq *rq, int64_t *oldest, struct err *e)
{
    *oldest = INT64_MAX;
    for (size_t i = 0; i < rq->app->n_tenants; i++) {
        int64_t at = 0, size;
        struct str note;

        if (!stmt_one(rq->st, &stmts[Q_CHECKPOINT_LAST],
                      ARGS(ARG(rq->app->tenants[i].id)), rq->arena,
                      COLS(COL(&at), COL(&size), COL(&note)), e) &&
            e->code != ERR_MISSING)
            return false;
        *oldest = at < *oldest ? at : *oldest;
    }
    return true;
}

static bool
put_kept(struct rq *rq, struct buf *b, struct err *e)
{
    int64_t waiting, dead, checkpoint;

    if (!delivery_counts(rq->st, rq->app->tenants, rq->app->n_tenants, &waiting,
                         &dead, e) ||
        !last_checkpoint(rq, &checkpoint, e))
        return false;
    measure_put(b, "anlan_messages_waiting", "gauge", "Messages to be sent.",
                waiting);
    measure_put(b, "anlan_messages_dead", "gauge",
                "Messages that were given up.", dead);
    measure_put(b, "anlan_last_checkpoint_time_seconds", "gauge",
                "When the log whose newest checkpoint is the oldest was "
                "signed; 0: never.",
                checkpoint / 1000);
    return true;
}

/* Counts of the machine only: nothing by kind of record or by school. */
bool
metrics(struct rq *rq, struct err *e)
{
    struct buf *b = &rq->rs->body;

    if (!may_measure(rq))
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    answer_type(rq, "text/plain; version=0.0.4; charset=utf-8");
    put_state(rq, b);
    put_work(rq, b);
    return rq->st == NULL || put_kept(rq, b, e);
}
