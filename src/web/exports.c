#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"
#include "pages/export.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/exports.h"
#include "web/handlers.h"
#include "web/view.h"

enum { WAITING_MAX = 16, KEPT_MS = 30 * 60 * 1000, ID_HEX = 32 };

enum export_state { EX_WAITS = 1, EX_RUNS, EX_DONE, EX_FAILED };

struct one {
    struct work w; /* first */
    struct exports *all;
    struct export_ask ask;
    char id[ID_HEX + 1], path[4096];
    int64_t tenant, person, ended_at;
    struct hash standing; /* what the person's rights stood on */
    enum export_state state;
    struct err err;
    struct one *next;
};

struct exports {
    pthread_mutex_t lock; /* over what follows */
    struct one *first;
    unsigned n;
    const char *data_dir;
};

struct exports *
exports_new(const char *data_dir, struct err *e)
{
    struct exports *x = calloc(1, sizeof(*x));

    if (x == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    pthread_mutex_init(&x->lock, NULL);
    x->data_dir = data_dir;
    return x;
}

static void
one_free(struct one *o)
{
    unlink(o->path);
    arena_free(o->ask.arena);
    free(o);
}

void
exports_stop(struct exports *x)
{
    if (x == NULL)
        return;
    pthread_mutex_lock(&x->lock);
    for (struct one *o = x->first; o != NULL; o = o->next)
        __atomic_store_n(&o->ask.sign->stop, true, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&x->lock);
}

void
exports_free(struct exports *x)
{
    struct one *next;

    if (x == NULL)
        return;
    for (struct one *o = x->first; o != NULL; o = next) {
        next = o->next;
        one_free(o);
    }
    pthread_mutex_destroy(&x->lock);
    free(x);
}

struct rq *
exports_copy(const struct rq *rq, struct arena *a)
{
    struct rq *c = arena_new_obj(a, struct rq);

    if (c == NULL)
        return NULL;
    *c = (struct rq){ .app = rq->app,
                      .http = http_copy(a, rq->http),
                      .arena = a,
                      .route = rq->route,
                      .lang = rq->lang,
                      .tenant = rq->tenant,
                      .ledger = rq->ledger,
                      .who = rq->who,
                      .session = rq->session };
    c->who.dir = NULL; /* whoever runs it brings the one of now */
    c->who.scopes = NULL;
    c->session.csrf = c->session.hash = STR("");
    return c->http != NULL ? c : NULL;
}

/* ---- making ----------------------------------------------------------------- */

static void
set_state(struct one *o, enum export_state s)
{
    pthread_mutex_lock(&o->all->lock);
    o->state = s;
    pthread_mutex_unlock(&o->all->lock);
}

static bool
run(void *arg, struct err *e)
{
    struct one *o = arg;
    struct rq *rq = o->ask.copy;
    struct reader *own = apart_reader(rq->app);
    bool ok;

    set_state(o, EX_RUNS);
    rq->reader = own;
    rq->st = own->st;
    if (!store_begin(rq->st, e))
        return false;
    rq->who.dir = dir_get(own->dirs, rq->st, o->tenant, e);
    ok = rq->who.dir != NULL &&
         o->ask.made.make(rq, o->path, o->ask.made.arg, e);
    store_rollback(rq->st);
    return ok && (!arena_failed(rq->arena) ||
                  err_set(e, ERR_BUSY, NULL, "The server is short of memory"));
}

static void
done(struct work *w)
{
    struct one *o = (struct one *)w;

    pthread_mutex_lock(&o->all->lock);
    o->err = w->err;
    o->state = w->ok ? EX_DONE : EX_FAILED;
    o->ended_at = steady_ms();
    if (!w->ok)
        unlink(o->path);
    pthread_mutex_unlock(&o->all->lock);
}

/* ---- the list, under its lock ------------------------------------------------ */

static bool
is_over(const struct one *o)
{
    return o->state == EX_DONE || o->state == EX_FAILED;
}

/* Forget what was not fetched in time. */
static void
forget_old(struct exports *x)
{
    struct one **at = &x->first, *o;

    while ((o = *at) != NULL) {
        if (is_over(o) && steady_ms() - o->ended_at > KEPT_MS) {
            *at = o->next;
            x->n--;
            one_free(o);
        } else
            at = &o->next;
    }
}

static struct one *
of_person(struct exports *x, const struct rq *rq, bool under_way)
{
    for (struct one *o = x->first; o != NULL; o = o->next)
        if (o->tenant == rq->session.tenant && o->person == rq->who.person &&
            (!under_way || !is_over(o)))
            return o;
    return NULL;
}

/* To whoever asked, while the posts are those by which it was made. */
static struct one *
by_id(struct exports *x, const struct rq *rq)
{
    struct hash now;

    actor_standing(&rq->who, &now);
    for (struct one *o = x->first; o != NULL; o = o->next)
        if (str_is(rq->verb, o->id) && o->tenant == rq->session.tenant &&
            o->person == rq->who.person &&
            str_eq(hash_str(&o->standing), hash_str(&now)))
            return o;
    return NULL;
}

/* A new one takes the place of the one that the person has not fetched. */
static void
forget_own(struct exports *x, const struct rq *rq)
{
    struct one *old = of_person(x, rq, false), **at = &x->first;

    if (old == NULL)
        return;
    while (*at != old)
        at = &(*at)->next;
    *at = old->next;
    x->n--;
    one_free(old);
}

static bool
gone(struct err *e)
{
    return err_set(e, ERR_MISSING, NULL,
                   "This file is not here any more: take the list out again");
}

/* ---- asking for one ------------------------------------------------------------ */

static struct one *
one_new(struct rq *rq, const struct export_ask *ask, struct err *e)
{
    struct one *o = calloc(1, sizeof(*o));
    unsigned char raw[ID_HEX / 2];
    int fd;

    if (o == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    snprintf(o->path, sizeof(o->path), "%s/tmp/made-XXXXXX", rq->app->data_dir);
    if ((fd = mkstemp(o->path)) < 0) {
        err_set(e, err_disk(errno), NULL, "The file could not be written");
        free(o);
        return NULL;
    }
    close(fd);
    randombytes_buf(raw, sizeof(raw));
    sodium_bin2hex(o->id, sizeof(o->id), raw, sizeof(raw));
    o->all = rq->app->exports;
    o->ask = *ask;
    o->tenant = rq->session.tenant;
    o->person = rq->who.person;
    actor_standing(&rq->who, &o->standing);
    o->state = EX_WAITS;
    o->w = (struct work){ .run = run, .done = done, .arg = o };
    return o;
}

static bool
to_page(struct rq *rq, const char *id)
{
    return rq_redirect(rq, arena_printf(rq->arena, "/t/%.*s/export/%s",
                                        STR_ARG(rq->who.dir->tenant.code), id));
}

/* NULL: it is queued; else whose place it would take, or *e. */
static struct one *
queue(struct rq *rq, struct one *o, bool *queued)
{
    struct exports *x = rq->app->exports;
    struct one *other;

    *queued = false;
    forget_old(x);
    if ((other = of_person(x, rq, true)) != NULL)
        return other;
    forget_own(x, rq);
    if (x->n >= WAITING_MAX || !worker_put(rq->app->exporter, &o->w))
        return NULL;
    o->next = x->first;
    x->first = o;
    x->n++;
    *queued = true;
    return NULL;
}

bool
exports_start(struct rq *rq, const struct export_ask *ask, struct err *e)
{
    struct one *o = one_new(rq, ask, e), *other;
    char id[ID_HEX + 1];
    bool queued;

    if (o == NULL) {
        arena_free(ask->arena);
        return false;
    }
    pthread_mutex_lock(&o->all->lock);
    other = queue(rq, o, &queued);
    snprintf(id, sizeof(id), "%s", other != NULL ? other->id : o->id);
    pthread_mutex_unlock(&o->all->lock);
    if (!queued)
        one_free(o);
    if (!queued && other == NULL)
        return err_set(e, ERR_BUSY, NULL,
                       "Many large files are being made: try again in some "
                       "minutes");
    return to_page(rq, id);
}

/* ---- its page ---------------------------------------------------------------- */

static void
say_state(struct rq *rq, const struct one *o, struct page_export_view *v)
{
    int64_t rows = __atomic_load_n(&o->ask.sign->rows, __ATOMIC_RELAXED);

    v->title = arena_dup(rq->arena, o->ask.title);
    switch (o->state) {
    case EX_WAITS:
        v->running = true;
        v->said = str_of(rq_tr(
            rq, N_("It waits for another large file. You may go on working "
                   "and come back to this page.")));
        break;
    case EX_RUNS:
        v->running = true;
        v->said = view_said(
            rq,
            N_("%ld rows so far. You may go on working and come back to "
               "this page."),
            (long)rows);
        break;
    case EX_DONE:
        v->ready = true;
        v->said = view_said(rq,
                            N_("It is ready: %ld rows. It stays for half an "
                               "hour."),
                            (long)rows);
        break;
    default:
        v->said = rq_error_text(rq, &o->err);
        break;
    }
}

bool
export_page(struct rq *rq, struct err *e)
{
    struct exports *x = rq->app->exports;
    struct page_export_view v = { .lang = rq->lang, .csrf = rq->session.csrf };
    struct one *o;

    pthread_mutex_lock(&x->lock);
    forget_old(x);
    if ((o = by_id(x, rq)) != NULL)
        say_state(rq, o, &v);
    pthread_mutex_unlock(&x->lock);
    if (o == NULL)
        return gone(e);
    v.file = view_url(rq, "%.*s/file", STR_ARG(rq->http->path));
    v.stop = view_url(rq, "%.*s/stop", STR_ARG(rq->http->path));
    v.head = view_head(rq, rq_tr(rq, N_("A file is being made")));
    if (v.running) /* also without scripts */
        http_set(rq->http, rq->rs, "Refresh", STR("3"));
    answer_html(rq);
    page_export(&rq->rs->body, &v);
    return true;
}

bool
export_file(struct rq *rq, struct err *e)
{
    struct exports *x = rq->app->exports;
    struct made m = { .type = NULL };
    struct one *o;
    int fd = -1;

    pthread_mutex_lock(&x->lock);
    if ((o = by_id(x, rq)) != NULL && o->state == EX_DONE &&
        (fd = open(o->path, O_RDONLY | O_CLOEXEC)) >= 0) {
        m = o->ask.made;
        m.name = arena_dup(rq->arena, m.name);
    }
    pthread_mutex_unlock(&x->lock);
    return fd >= 0 ? made_answer(rq, &m, fd) : gone(e);
}

bool
export_stop(struct rq *rq, struct err *e)
{
    struct exports *x = rq->app->exports;
    char id[ID_HEX + 1] = ""; /* without the lock, o may be gone */
    struct one *o;

    pthread_mutex_lock(&x->lock);
    if ((o = by_id(x, rq)) != NULL) {
        __atomic_store_n(&o->ask.sign->stop, true, __ATOMIC_RELAXED);
        snprintf(id, sizeof(id), "%s", o->id);
    }
    pthread_mutex_unlock(&x->lock);
    return id[0] != '\0' ? to_page(rq, id) : gone(e);
}
