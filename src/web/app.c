#include <sodium.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/time.h"
#include "codec/hash.h"
#include "web/answer.h"
#include "web/bearer.h"
#include "web/door.h"
#include "web/elsewhere.h"
#include "web/handlers.h"
#include "web/pages.h"
#include "web/resume.h"
#include "web/route.h"
#include "web/security.h"
#include "web/used.h"
#include "web/view.h"

/* ---- what was sent --------------------------------------------------------- */

static struct str
param(const struct http_param *p, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(p[i].name, name))
            return p[i].value;
    return STR("");
}

struct str
rq_query(const struct rq *rq, const char *name)
{
    return param(rq->http->query, rq->http->n_query, name);
}

struct str
rq_form(const struct rq *rq, const char *name)
{
    return param(rq->http->form, rq->http->n_form, name);
}

struct str
rq_form_all(const struct rq *rq, struct str name)
{
    BUF(b, 1024);

    for (size_t i = 0; i < rq->http->n_form; i++)
        if (str_eq(rq->http->form[i].name, name) &&
            rq->http->form[i].value.n > 0) {
            buf_puts(&b, b.n > 0 ? "," : "");
            buf_str_put(&b, rq->http->form[i].value);
        }
    return arena_dup(rq->arena, buf_str(&b));
}

int64_t
rq_query_i64(const struct rq *rq, const char *name)
{
    int64_t v = 0;

    return str_i64(rq_query(rq, name), &v) ? v : 0;
}

/* ---- parking ------------------------------------------------------------------ */

/* Who parks a request may still be busy with it when the work is done: the last
 * of them lets it go on. */
static void
park(struct rq *rq, handler *next)
{
    rq->next = next;
    rq->parked = true;
    __atomic_add_fetch(&rq->owed, 1, __ATOMIC_RELAXED);
}

static void
unpark(struct rq *rq)
{
    rq->parked = false;
    __atomic_sub_fetch(&rq->owed, 1, __ATOMIC_RELAXED);
}

void
rq_go_on(struct rq *rq)
{
    if (__atomic_sub_fetch(&rq->owed, 1, __ATOMIC_ACQ_REL) == 0)
        http_resume(rq->http);
}

struct parked_job {
    struct job j;
    struct rq *rq;
    void *arg;
    bool (*run)(struct tx *, void *, struct err *);
};

static bool
parked_run(struct tx *tx, void *arg, struct err *e)
{
    struct parked_job *p = arg;

    return p->run(tx, p->arg, e);
}

static void
parked_done(struct job *j)
{
    struct parked_job *p = j->arg;

    p->rq->work_ok = j->ok;
    p->rq->work_err = j->err;
    rq_go_on(p->rq);
}

static bool
too_busy(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL,
                   "The server is busy; try again in a moment");
}

bool
rq_job(struct rq *rq, bool (*run)(struct tx *, void *, struct err *), void *arg,
       handler *next, struct err *e)
{
    struct parked_job *p = arena_new_obj(rq->arena, struct parked_job);

    if (p == NULL)
        return too_busy(e);
    *p = (struct parked_job){
        .j = { .run = parked_run,
               .done = parked_done,
               .arg = p,
               .tenant = rq->who.dir != NULL ? rq->who.dir->tenant.id : 0 },
        .rq = rq,
        .arg = arg,
        .run = run,
    };
    park(rq, next);
    if (writer_put(rq->app->writer, &p->j))
        return true;
    unpark(rq);
    return too_busy(e);
}

struct parked_work {
    struct work w;
    struct rq *rq;
};

static void
work_done(struct work *w)
{
    struct parked_work *p = (struct parked_work *)w;

    p->rq->work_ok = w->ok;
    p->rq->work_err = w->err;
    rq_go_on(p->rq);
}

bool
rq_work(struct rq *rq, struct worker *w, worker_fn *fn, void *arg,
        handler *next, struct err *e)
{
    struct parked_work *p = arena_new_obj(rq->arena, struct parked_work);

    if (p == NULL)
        return too_busy(e);
    *p =
        (struct parked_work){ .w = { .run = fn, .done = work_done, .arg = arg },
                              .rq = rq };
    park(rq, next);
    if (worker_put(w, &p->w))
        return true;
    unpark(rq);
    return too_busy(e);
}

/* ---- who asks -------------------------------------------------------------------- */

static void
choose_language(struct rq *rq)
{
    struct str cookie = rq_cookie_of(rq, "lang");
    const struct dir_person *p =
        rq->who.dir != NULL ? dir_person(rq->who.dir, rq->who.person) : NULL;

    if (str_is(cookie, "en") || str_is(cookie, "zh"))
        rq->lang = str_is(cookie, "zh") ? LANG_ZH : LANG_EN;
    else if (p != NULL && p->lang != 0)
        rq->lang = p->lang == 2 ? LANG_ZH : LANG_EN;
    else
        rq->lang =
            lang_accept(http_header(rq->http, "Accept-Language"), LANG_EN);
}

static bool
find_actor(struct rq *rq, struct err *e)
{
    struct str auth = http_header(rq->http, "Authorization");
    struct str cookie = rq_cookie_of(rq, "anlan");

    if (auth.n > 7 && str_find_fold(str_cut(auth, 0, 7), STR("bearer ")) == 0) {
        if (!bearer_find(rq, str_trim(str_cut(auth, 7, auth.n)), e))
            return false;
    } else if (cookie.n > 0) {
        if (!session_find(rq->st, cookie, rq->who.now, rq->arena, &rq->session,
                          e))
            return e->code == ERR_SIGN_IN;
        rq->who.person = rq->session.person;
        used_session(rq);
    } else {
        return true;
    }
    rq->who.dir = dir_get(rq->reader->dirs, rq->st, rq->session.tenant, e);
    if (rq->who.dir == NULL)
        return false;
    if (dir_person(rq->who.dir, rq->who.person) == NULL ||
        dir_person(rq->who.dir, rq->who.person)->state != 1)
        rq->who.dir = NULL; /* has left; the session is void */
    return rq->who.dir == NULL || bearer_in_force(rq, e);
}

static bool
same_key(struct str a, struct str b)
{
    return a.n == b.n && a.n > 0 && sodium_memcmp(a.p, b.p, a.n) == 0;
}

static bool
as_visitor(struct rq *rq, struct err *e)
{
    int64_t tenant = rq->tenant != NULL ? rq->tenant->id : 0;

    rq->session = (struct session){ .tenant = tenant };
    rq->by_token = false;
    rq->who = (struct actor){ .person = PERSON_PUBLIC, .now = rq->who.now };
    if (tenant == 0)
        return true;
    rq->who.dir = dir_get(rq->reader->dirs, rq->st, tenant, e);
    return rq->who.dir != NULL;
}

/* The session's key: in a form as a field, of a page's script as a header. */
static bool
has_key(const struct rq *rq, struct err *e)
{
    unsigned flags = rq->route->flags;

    if ((flags & RT_CSRF) && !same_key(rq_form(rq, "csrf"), rq->session.csrf))
        return err_set(e, ERR_DENIED, "csrf",
                       "This form is too old. Go back, reload the page and "
                       "send it again");
    if ((flags & RT_API) && rq->route->method != HTTP_GET && !rq->by_token &&
        !same_key(http_header(rq->http, "X-CSRF"), rq->session.csrf))
        return err_set(e, ERR_DENIED, NULL,
                       "A program signs in with a bearer token");
    return true;
}

static bool
may_enter(struct rq *rq, struct err *e)
{
    if (!bearer_may(rq, e) ||
        ((rq->route->flags & RT_DOOR) && !door_may(rq, e)))
        return false;
    if (rq->route->need == NEED_PUBLIC)
        return true;
    if (rq->route->need == NEED_VISITOR)
        return as_visitor(rq, e);
    if (rq->who.dir == NULL)
        return err_set(e, ERR_SIGN_IN, NULL, "Please sign in");
    if (rq->route->need == NEED_TENANT &&
        (rq->tenant == NULL || rq->tenant->id != rq->session.tenant))
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    return has_key(rq, e);
}

/* ---- the way of a request ----------------------------------------------------------- */

/* A record's form whose files had no room is shown again with its words: its
 * handler sees what was wrong (web/post.c); so is one of child rows, and a
 * report by anybody. */
static bool
comes_back(const struct rq *rq)
{
    const unsigned form = RT_CSRF | RT_FILES, fields = RT_ANY | RT_PARTS;

    return (((rq->route->flags & form) == form &&
             (rq->route->flags & fields) != 0) ||
            rq->route->run == report_send) &&
           rq->http->n_form > 0 && rq->http->bad.code == ERR_TOO_LARGE;
}

/* The door, or the form that was refused, with what to do; else the error. */
static bool
refused(struct rq *rq, struct err *e)
{
    const struct err why = *e;

    if (!(rq->route->flags & RT_DOOR) || rq->route->run == once_set ||
        why.field == NULL)
        return resume_offer(rq, e);
    security_refused(rq, &why);
    return door_again(rq, &why, e);
}

static bool
without_database(struct rq *rq, struct err *e)
{
    struct err other;

    rq->st = NULL;
    rq->route = route_find(rq, &other);
    return rq->route != NULL && (rq->route->flags & RT_BARE) != 0 &&
           rq->route->run(rq, e);
}

static bool
first_pass(struct rq *rq, struct err *e)
{
    rq->st = rq->reader->st;
    rq->who.now = rq->app->clock();
    if (!store_begin(rq->st, e))
        return without_database(rq, e);
    if (!find_actor(rq, e))
        return false;
    choose_language(rq);
    if ((rq->route = route_find(rq, e)) == NULL)
        return false;
    if (rq->http->bad.code != ERR_NONE && !comes_back(rq)) {
        *e = rq->http->bad;
        return false;
    }
    if (!may_enter(rq, e))
        return refused(rq, e);
    if (!route_accepts(rq, e))
        return false;
    resume_language(rq);
    return elsewhere_needed(rq) ? elsewhere_page(rq, e) : rq->route->run(rq, e);
}

/* After a park: a fresh snapshot, and the directory as it is now. */
static bool
next_pass(struct rq *rq, struct err *e)
{
    rq->parked = false;
    rq->st = rq->reader->st;
    if (!store_begin(rq->st, e))
        return false;
    if (rq->who.dir != NULL &&
        (rq->who.dir =
             dir_get(rq->reader->dirs, rq->st, rq->session.tenant, e)) == NULL)
        return false;
    return rq->next(rq, e);
}

/* What RFC 9110 wants beside some refusals, whoever refused. */
static void
refusal_headers(struct rq *rq)
{
    if (rq->rs->status == 401)
        http_set(rq->http, rq->rs, "WWW-Authenticate",
                 http_header(rq->http, "Authorization").n > 0
                     ? STR("Bearer realm=\"Anlan\", error=\"invalid_token\"")
                     : STR("Bearer realm=\"Anlan\""));
    if (rq->rs->status == 405)
        http_set(rq->http, rq->rs, "Allow", route_allow(rq));
}

static void
headers(struct rq *rq)
{
    struct http_request *h = rq->http;

    refusal_headers(rq);
    http_set(h, rq->rs, "X-Request-Id", str_of(rq->request_id));
    if (rq->app->tls)
        http_set(h, rq->rs, "Strict-Transport-Security",
                 STR("max-age=31536000"));
    http_set(h, rq->rs, "X-Content-Type-Options", STR("nosniff"));
    http_set(h, rq->rs, "Cross-Origin-Opener-Policy", STR("same-origin"));
    http_set(h, rq->rs, "X-Frame-Options", STR("DENY"));
    http_set(h, rq->rs, "Referrer-Policy", STR("same-origin"));
    http_set(h, rq->rs, "Content-Security-Policy",
             rq->csp != NULL
                 ? str_of(rq->csp)
                 : STR("default-src 'none'; script-src 'self'; "
                       "style-src 'self'; img-src 'self' data: blob:; "
                       "connect-src 'self'; form-action 'self'; "
                       "base-uri 'none'; frame-ancestors 'none'; "
                       "manifest-src 'self'"));
}

static void
answer_error(struct rq *rq, struct err *e)
{
    char text[256];

    if (e->code == ERR_NONE)
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (err_info[e->code].fault == FAULT_SERVER)
        log_line(LOG_ERROR, "%.*s: %s (id=%s)", STR_ARG(rq->http->path),
                 err_text(e, text, sizeof(text)), rq->request_id);
    security_refused(rq, e);
    buf_clear(&rq->rs->body);
    buf_clear(&rq->rs->tail);
    for (unsigned i = 0; i < rq->rs->n_pieces; i++)
        if (rq->rs->piece[i].release != NULL)
            rq->rs->piece[i].release(rq->rs->piece[i].arg);
    rq->rs->n_pieces = 0;
    rq_error(rq, e);
}

/* Which page, and never whose: addresses hold ids and secrets. */
static void
note_answer(struct rq *rq)
{
    static const char *const method[] = { "GET",   "HEAD",   "POST", "PUT",
                                          "PATCH", "DELETE", "-" };
    int64_t us = steady_us() - rq->began_us;

    measure_add(&rq->app->answers, us);
    if (rq->rs->status >= 400)
        __atomic_add_fetch(&rq->app->refused, 1, __ATOMIC_RELAXED);
    if (__atomic_load_n(&rq->app->access_log, __ATOMIC_RELAXED))
        log_line(LOG_INFO, "%s %s %d %ld.%03ld ms (id=%s)",
                 method[rq->http->method],
                 rq->route != NULL ? rq->route->path : "-", rq->rs->status,
                 (long)(us / 1000), (long)(us % 1000), rq->request_id);
}

enum http_next
rq_pass(struct rq *rq, struct reader *reader)
{
    struct http_response *rs = rq->rs;
    struct err e = { 0 };
    bool ok;

    rq->reader = reader;
    ok = rq->next != NULL ? next_pass(rq, &e) : first_pass(rq, &e);
    /* not rq->st: parked work has its own connection by now */
    store_rollback(reader->st);
    if (ok && rq->parked)
        return HTTP_PARK;
    if (ok && (rs->body.over || arena_failed(rq->arena)))
        ok = err_set(&e, ERR_TOO_LARGE, NULL,
                     "The answer is too large: narrow it down with a filter");
    if (!ok)
        answer_error(rq, &e);
    headers(rq);
    note_answer(rq);
    return HTTP_SEND;
}

static void
number_request(struct rq *rq)
{
    unsigned char raw[8];

    randombytes_buf(raw, sizeof(raw));
    sodium_bin2hex(rq->request_id, sizeof(rq->request_id), raw, sizeof(raw));
}

static enum http_next
app_run(struct http_request *h, struct http_response *rs, void *arg)
{
    struct rq *rq = h->user;
    struct err e = { 0 };

    if (rq == NULL) {
        if ((rq = arena_new_obj(h->arena, struct rq)) == NULL) {
            rs->status = 503;
            return HTTP_SEND;
        }
        *rq = (struct rq){ .app = arg, .http = h, .arena = h->arena };
        rq->json = str_starts(h->path, STR("/api/"));
        number_request(rq);
        rq->began_us = steady_us();
        h->user = rq;
        __atomic_add_fetch(&rq->app->requests, 1, __ATOMIC_RELAXED);
    }
    rq->rs = rs;
    if (rs->status == 0)
        rs->status = 200;
    if (rq->app->pages == NULL)
        return rq_pass(rq, &rq->app->reader[h->thread]);
    if (rq->answered)
        return HTTP_SEND;
    if (pages_put(rq->app->pages, rq))
        return HTTP_PARK;
    too_busy(&e);
    answer_error(rq, &e);
    headers(rq);
    note_answer(rq);
    return HTTP_SEND;
}

static struct http_limits
app_head(const struct http_request *h, void *arg)
{
    return route_limits(h, arg);
}

static void
app_done(struct http_request *h, void *arg)
{
    (void)h;
    (void)arg;
}

const struct http_handlers *
app_handlers(struct app *app)
{
    static struct http_handlers h;

    h = (struct http_handlers){
        .head = app_head, .run = app_run, .done = app_done, .arg = app
    };
    return &h;
}
