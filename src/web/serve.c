#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/log.h"
#include "codec/hash.h"
#include "service/attached.h"
#include "service/credential.h"
#include "service/erased.h"
#include "service/health.h"
#include "service/install.h"
#include "service/loghead.h"
#include "service/scheduler.h"
#include "service/seal.h"
#include "store/folder.h"
#include "web/app.h"
#include "web/exports.h"
#include "web/fragment.h"
#include "web/pages.h"
#include "web/serve.h"

enum {
    ARENA_QUOTA = 24 << 20,
    FRAGMENT_BYTES = 16 << 20,
    UPLOAD_MAX = 40 << 20
};
/* Where the database answers over a wire, this many wait for it at once. */
enum { PAGE_THREADS = 8, ANSWER_SECONDS = 60 };
/* A flood of sign-ins, each worth thousands of pages, must not slow these. */
enum { HASHER_GIVES_WAY = 10 };
/* Nor a list of two hundred thousand rows as PDF, a minute of work. */
enum { EXPORTS_GIVE_WAY = 10 };
/* Nor must a flood of photographs: a few seconds each, so many may wait. */
enum { STRANGERS_GIVE_WAY = 10, STRANGERS_WAIT = 8 };

struct server {
    struct app app;
    struct scheduler *scheduler;
    struct throttle_share *share;
    struct gateways gateways;
    char tmp_dir[4096], data_dir[4000];
};

bool
reader_open(struct reader *r, const char *dir, struct err *e)
{
    if ((r->dirs = dir_cache_new()) == NULL ||
        (r->st = store_open(dir, STORE_READ, e)) == NULL)
        return false;
    store_deadline(r->st, ANSWER_SECONDS);
    return true;
}

void
reader_close(struct reader *r)
{
    dir_cache_free(r->dirs);
    store_close(r->st);
}

static bool
open_readers(struct app *app, unsigned n, struct err *e)
{
    app->reader = calloc(n, sizeof(*app->reader));
    if (app->reader == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (; app->n_readers < n; app->n_readers++)
        if (!reader_open(&app->reader[app->n_readers], app->data_dir, e))
            return false;
    for (unsigned i = 0; i < HEAVY_THREADS; i++)
        if (!reader_open(&app->heavy_reader[i], app->data_dir, e))
            return false;
    return reader_open(&app->export_reader, app->data_dir, e) &&
           (!store_is_shared(app->export_reader.st) ||
            (app->pages = pages_new(app->data_dir, PAGE_THREADS, e)) != NULL);
}

static bool
read_settings(struct app *app, struct err *e)
{
    struct store *st = app->reader[0].st;
    struct str example;

    if (!setting_get(st, "example", app->arena, &example, e) ||
        !tenants_read(st, app->arena, &app->tenants, &app->n_tenants, e))
        return false;
    app->example = str_is(example, "1");
    if (writer_read_only(app->writer) &&
        (app->erased = erased_load(app->data_dir, e)) == NULL)
        return false;
    return app->n_tenants > 0 ||
           err_set(e, ERR_STORE, NULL,
                   "%s holds no installation yet: run \"anlan init\" first",
                   app->data_dir);
}

static bool
open_heads(struct app *app, struct err *e)
{
    app->heads = loghead_open(app->data_dir, writer_server(app->writer), e);
    return app->heads != NULL && loghead_begin(app->heads, app->writer, e);
}

/* Out of the folder's key of rows: the same for every server of the folder, and
 * after every restart. */
static bool
event_key(struct app *app, struct err *e)
{
    unsigned char row[SEAL_KEY];
    struct hash h;

    if (!folder_key(app->data_dir, SEAL_FILE, row, sizeof(row), e))
        return false;
    hash_hmac(&h, (struct str){ (const char *)row, sizeof(row) },
              STR("anlan events"));
    memcpy(app->event_key, &h, sizeof(app->event_key));
    sodium_memzero(row, sizeof(row));
    return true;
}

/* What older versions left, before anybody is served. */
static bool
take_over(struct app *app, struct err *e)
{
    return credential_find_all(app->writer, e) &&
           attached_find_all(app->writer, e) && open_heads(app, e) &&
           seal_all(app->writer, e) && event_key(app, e);
}

static bool
start_threads(struct server *s, struct err *e)
{
    struct app *app = &s->app;
    const struct plan_ways ways = { .mail = s->gateways.smtp_url[0] != '\0',
                                    .sms = s->gateways.sms_url[0] != '\0' };

    return folder_key(app->data_dir, "browser.key", app->device_key,
                      sizeof(app->device_key), e) &&
           (app->throttle = throttle_new(e)) != NULL &&
           (app->fragments = fragments_new(FRAGMENT_BYTES, e)) != NULL &&
           (app->hasher = worker_new(1, 64, HASHER_GIVES_WAY, e)) != NULL &&
           (app->heavy = worker_new(HEAVY_THREADS, 128, 0, e)) != NULL &&
           (app->exporter = worker_new(1, 32, EXPORTS_GIVE_WAY, e)) != NULL &&
           (app->exports = exports_new(app->data_dir, e)) != NULL &&
           (app->uploads = worker_new(1, 128, 0, e)) != NULL &&
           (app->strangers =
                worker_new(1, STRANGERS_WAIT, STRANGERS_GIVE_WAY, e)) != NULL &&
           (app->importer = worker_new(1, 4, 0, e)) != NULL &&
           writer_start(app->writer, e) &&
           (s->scheduler = scheduler_start(app->writer, app->data_dir,
                                           app->clock, &ways, e)) != NULL &&
           (app->sender = sender_start(app->writer, app->data_dir, &s->gateways,
                                       app->clock, e)) != NULL &&
           (!store_is_shared(app->export_reader.st) ||
            (s->share = throttle_share_start(app->throttle, app->writer,
                                             app->data_dir, e)) != NULL);
}

static bool
listen_on(struct server *s, const struct serve_config *c, struct err *e)
{
    const struct http_config h = {
        .address = c->address,
        .port = c->port,
        .threads = s->app.n_readers,
        .connections = c->connections,
        .connections_per_address = c->per_address,
        .proxies = c->proxies,
        .header_seconds = c->header_seconds,
        .body_seconds = c->body_seconds,
        .idle_seconds = c->idle_seconds,
        .tmp_dir = s->tmp_dir,
        .arena_quota = ARENA_QUOTA,
    };

    /* its threads run before it is known here */
    __atomic_store_n(&s->app.http, http_start(&h, app_handlers(&s->app), e),
                     __ATOMIC_RELEASE);
    return s->app.http != NULL && http_check_self(s->app.http, e);
}

struct server *
server_start(const struct serve_config *c, clock_fn *clock, struct err *e)
{
    struct server *s = calloc(1, sizeof(*s));

    if (s == NULL || (s->app.arena = arena_new(1 << 20)) == NULL) {
        free(s);
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    snprintf(s->data_dir, sizeof(s->data_dir), "%s", c->data_dir);
    snprintf(s->tmp_dir, sizeof(s->tmp_dir), "%s/tmp", s->data_dir);
    s->app.data_dir = s->data_dir;
    s->app.clock = clock;
    s->app.proxied = c->proxies != NULL && c->proxies[0] != '\0';
    s->app.public_url = c->public_url != NULL ? c->public_url : "";
    s->app.tls = str_starts(str_of(s->app.public_url), STR("https://"));
    s->app.insecure = c->insecure && !s->app.tls;
    s->gateways = c->gateways;
    s->app.gateways = &s->gateways;
    s->app.upload_max = c->upload_max > 0 ? c->upload_max : UPLOAD_MAX;
    s->app.pictures = (struct pictures){ .program = c->image_program,
                                         .data_dir = s->data_dir };
    s->app.access_log = c->access_log;
    s->app.started_at = clock();
    if (mkdir(s->tmp_dir, 0700) != 0 && errno != EEXIST)
        err_set(e, ERR_STORE, NULL, "Cannot write to the data folder %s",
                s->data_dir);
    else if ((s->app.writer = writer_new(s->data_dir, clock, e)) != NULL &&
             open_readers(&s->app, c->threads, e) &&
             read_settings(&s->app, e) && take_over(&s->app, e) &&
             start_threads(s, e) && listen_on(s, c, e))
        return s;
    server_stop(s);
    return NULL;
}

uint16_t
server_port(const struct server *s)
{
    return http_port(s->app.http);
}

void
server_access_log(struct server *s, bool on)
{
    __atomic_store_n(&s->app.access_log, on, __ATOMIC_RELAXED);
}

bool
server_is_stuck(struct server *s)
{
    return (health_look(s->app.writer, s->data_dir) >> TROUBLE_WRITER & 1) != 0;
}

struct writer *
server_writer(struct server *s)
{
    return s->app.writer;
}

/* The order matters: nothing may be parked when the HTTP library stops. */
void
server_stop(struct server *s)
{
    struct app *app = &s->app;

    throttle_share_stop(s->share);
    scheduler_stop(s->scheduler);
    sender_stop(app->sender);
    if (app->http != NULL)
        http_stop(app->http);
    pages_free(app->pages);
    worker_free(app->hasher);
    worker_free(app->heavy);
    exports_stop(app->exports);
    worker_free(app->exporter);
    exports_free(app->exports);
    worker_free(app->uploads);
    worker_free(app->strangers);
    worker_free(app->importer);
    erased_free(app->erased);
    for (unsigned i = 0; i < app->n_readers; i++)
        reader_close(&app->reader[i]);
    for (unsigned i = 0; i < HEAVY_THREADS; i++)
        reader_close(&app->heavy_reader[i]);
    reader_close(&app->export_reader);
    loghead_close(app->heads);
    writer_free(app->writer); /* the last: it leaves no log behind */
    free(app->reader);
    throttle_free(app->throttle);
    fragments_free(app->fragments);
    arena_free(app->arena);
    free(s);
}
