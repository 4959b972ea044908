/* What is the same for everybody. */
#include "service/delivery.h"
#include "service/health.h"
#include "service/writer.h"
#include "web/address.h"
#include "web/answer.h"
#include "web/asset.h"
#include "web/handlers.h"
#include "web/json.h"

static bool
takes_gzip(struct rq *rq)
{
    return str_find(http_header(rq->http, "Accept-Encoding"), STR("gzip")) >= 0;
}

static bool
send_asset(struct rq *rq, const struct asset *a)
{
    bool gz = a->gz != NULL && takes_gzip(rq);

    http_set(rq->http, rq->rs, "Content-Type", str_of(a->type));
    http_set(rq->http, rq->rs, "Cache-Control",
             STR("public, max-age=31536000, immutable"));
    http_set(rq->http, rq->rs, "Vary", STR("Accept-Encoding"));
    if (gz)
        http_set(rq->http, rq->rs, "Content-Encoding", STR("gzip"));
    rq->rs->piece[rq->rs->n_pieces++] =
        (struct http_piece){ .bytes = { (const char *)(gz ? a->gz : a->data),
                                        gz ? a->gz_size : a->size } };
    return true;
}

bool
asset_show(struct rq *rq, struct err *e)
{
    const struct asset *a = asset_find(rq->http->path);

    return a != NULL ? send_asset(rq, a)
                     : err_set(e, ERR_MISSING, NULL, "There is no such page");
}

bool
favicon(struct rq *rq, struct err *e)
{
    const char *path = asset_path("favicon.svg");
    const struct asset *a = path != NULL ? asset_find(str_of(path)) : NULL;

    return a != NULL ? send_asset(rq, a)
                     : err_set(e, ERR_MISSING, NULL, "There is no such page");
}

bool
robots(struct rq *rq, struct err *e)
{
    (void)e;
    answer_type(rq, "text/plain; charset=utf-8");
    buf_puts(&rq->rs->body, "User-agent: *\nDisallow: /\n");
    return true;
}

/* 503 where people are turned away; what they need not know to be served, or
 * cannot help, leaves 200. */
bool
health(struct rq *rq, struct err *e)
{
    struct buf *b = &rq->rs->body;
    unsigned all = health_look(rq->app->writer, rq->app->data_dir);
    bool down = false, more = false;

    (void)e;
    answer_type(rq, "application/json");
    if (all == 0) {
        buf_puts(b, "{\"status\":\"ok\"}\n");
        return true;
    }
    for (unsigned i = 0; i < TROUBLE__MAX; i++)
        down |= (all >> i & 1) != 0 && trouble_info[i].down;
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

static void
put_troubles(struct rq *rq, struct buf *b)
{
    const struct health *h = writer_health(rq->app->writer);
    unsigned all = health_look(rq->app->writer, rq->app->data_dir);

    buf_printf(b,
               "# TYPE anlan_clock_behind_seconds gauge\n"
               "anlan_clock_behind_seconds %ld\n",
               (long)(__atomic_load_n(&h->behind_ms, __ATOMIC_RELAXED) / 1000));
    for (unsigned i = 0; i < TROUBLE__MAX; i++)
        buf_printf(b, "# TYPE anlan_wrong_%s gauge\nanlan_wrong_%s %u\n",
                   trouble_info[i].name, trouble_info[i].name, all >> i & 1);
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

/* Counts of the machine only: nothing by kind of record or by school. */
bool
metrics(struct rq *rq, struct err *e)
{
    struct buf *b = &rq->rs->body;
    int64_t jobs, commits, waiting, dead;

    if (!may_measure(rq))
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    writer_counts(rq->app->writer, &jobs, &commits);
    if (!delivery_counts(rq->st, rq->app->tenants, rq->app->n_tenants, &waiting,
                         &dead, e))
        return false;
    answer_type(rq, "text/plain; version=0.0.4; charset=utf-8");
    buf_printf(b,
               "# TYPE anlan_requests_total counter\n"
               "anlan_requests_total %ld\n"
               "# TYPE anlan_refused_total counter\n"
               "anlan_refused_total %ld\n"
               "# TYPE anlan_write_jobs_total counter\n"
               "anlan_write_jobs_total %ld\n"
               "# TYPE anlan_commits_total counter\n"
               "anlan_commits_total %ld\n"
               "# TYPE anlan_connections gauge\n"
               "anlan_connections %u\n"
               "# TYPE anlan_messages_waiting gauge\n"
               "anlan_messages_waiting %ld\n"
               "# TYPE anlan_messages_dead gauge\n"
               "anlan_messages_dead %ld\n"
               "# TYPE anlan_leads gauge\n"
               "anlan_leads %d\n",
               (long)__atomic_load_n(&rq->app->requests, __ATOMIC_RELAXED),
               (long)__atomic_load_n(&rq->app->refused, __ATOMIC_RELAXED),
               (long)jobs, (long)commits, connections(rq->app), (long)waiting,
               (long)dead, writer_leads(rq->app->writer));
    put_troubles(rq, b);
    return true;
}
