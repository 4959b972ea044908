#ifndef WEB_APP_H
#define WEB_APP_H

#include "base/tr.h"
#include "html/html.h"
#include "service/account.h"
#include "service/change.h"
#include "service/pictures.h"
#include "service/sender.h"
#include "service/token.h"
#include "web/http.h"
#include "web/measure.h"
#include "web/throttle.h"
#include "web/worker.h"

/* One I/O thread's own: nothing here is shared. */
struct reader {
    struct store *st;
    struct dir_cache *dirs;
};

bool reader_open(struct reader *, const char *data_dir, struct err *) MUST_USE;
void reader_close(struct reader *);

enum { HEAVY_THREADS = 2 };

struct exports;
struct fragments;
struct keeping;
struct pages;

struct app {
    struct writer *writer;
    struct http *http;
    struct reader *reader; /* one for each I/O thread */
    unsigned n_readers;
    struct reader heavy_reader[HEAVY_THREADS]; /* one for each of heavy's */
    struct reader export_reader;               /* the exporter's */
    struct pages *pages;      /* who renders where reading may wait; NULL: the
                                 * I/O threads themselves */
    struct worker *hasher;    /* passwords: short queue, slow work */
    struct worker *heavy;     /* pages that take long, papers, dry runs */
    struct worker *exporter;  /* files of very many rows, one at a time */
    struct exports *exports;  /* which they are: web/exports.h */
    struct worker *uploads;   /* files, photographs */
    struct worker *strangers; /* photographs of who has no account: they
                                 * wait for each other, staff never for them */
    struct worker *importer;  /* old ledgers under way */
    struct throttle *throttle;
    struct fragments *fragments;  /* rendered lists */
    unsigned char device_key[32]; /* marks browsers that have signed in */
    unsigned char event_key[32];  /* seals places in the log: h_events.c */
    clock_fn *clock;
    const char *data_dir;
    struct loghead *heads;
    struct erased_set *erased; /* of a restored copy, since it was made */
    const char *public_url; /* where QR codes lead; "" = the request's Host */
    struct pictures pictures;
    struct sender *sender;
    const struct gateways *gateways;
    int64_t upload_max; /* bytes of files in one form */
    bool example;       /* sign-in offers the example accounts */
    bool insecure;      /* plain HTTP: cookies without Secure */
    bool tls;           /* public-url is https: browsers are to stay with it */
    bool proxied;       /* others come through what stands in front */
    int64_t started_at;
    int64_t requests, refused; /* for /metrics */
    struct measure answers;
    bool access_log;        /* atomic: a line for each request */
    struct tenant *tenants; /* read at start: code -> id, not the names */
    size_t n_tenants;
    struct arena *arena;
};

struct route;

/* One request on its way through a handler. */
struct rq {
    struct app *app;
    struct http_request *http;
    struct http_response *rs;
    struct arena *arena;
    struct store *st;      /* this thread's, inside one snapshot */
    struct reader *reader; /* whose it is */
    const struct route *route;
    bool json;           /* answers are JSON: the address begins with /api/ */
    char request_id[17]; /* in the answer's head and in the log */
    int64_t began_us;    /* steady_us() */
    /* who */
    struct actor who; /* .dir == NULL: nobody is signed in */
    struct session session;
    bool by_token;
    bool asks_password; /* the form that comes back wants it once more */
    struct token token; /* by_token */
    enum lang lang;
    /* of the address */
    const struct tenant *tenant; /* NULL where it names none */
    const struct ledger *ledger;
    int64_t id;
    struct str verb; /* or another word at the end */
    /* a park: what goes on when the work is done */
    bool (*next)(struct rq *, struct err *);
    bool parked;
    int owed;        /* how many have to be done before it goes on; atomic */
    bool answered;   /* by a thread of app.pages: to be sent */
    const char *csp; /* NULL: that of a page */
    void *work;      /* the handler's own */
    /* of a form that was refused: its files, which wait to be named again */
    const struct keeping *kept;
    /* of the parked work */
    bool work_ok;
    struct err work_err;
};

typedef bool handler(struct rq *, struct err *);

/* Park: run a job on the writer, then go on with next. The handler returns
 * what this returns. */
bool rq_job(struct rq *, bool (*run)(struct tx *, void *, struct err *),
            void *arg, handler *next, struct err *) MUST_USE;
/* Park: run fn on a worker thread, then go on with next. */
bool rq_work(struct rq *, struct worker *, worker_fn *, void *arg,
             handler *next, struct err *) MUST_USE;

/* One pass of a request, on a thread that owns the reader. HTTP_PARK: it goes
 * on when everybody it is owed to has called rq_go_on(). */
enum http_next rq_pass(struct rq *, struct reader *);
/* Whoever the request was parked for is done with it. */
void rq_go_on(struct rq *);

/* ---- what was sent --------------------------------------------------------- */

/* "" when absent. rq_form also finds JSON members of an API call's body. */
struct str rq_query(const struct rq *, const char *name);
struct str rq_form(const struct rq *, const char *name);
/* All values of one name: "12,13". */
struct str rq_form_all(const struct rq *, struct str name);
int64_t rq_query_i64(const struct rq *, const char *name);

/* ---- answers ----------------------------------------------------------------- */

/* Text in the reader's language. */
static inline const char *
rq_tr(const struct rq *rq, const char *msgid)
{
    return tr(rq->lang, msgid);
}
/* 303 to an address on this site; what would lead elsewhere leads to "/". */
bool rq_redirect(struct rq *, struct str to);
void rq_cookie(struct rq *, const char *name, struct str value,
               int64_t seconds);
/* Its value, "" when absent: under the name that rq_cookie() gave it. */
struct str rq_cookie_of(const struct rq *, const char *name);
/* An error page, or problem+json. */
/* Of an error that says wait: when to try again, as a header. What is said is
 * true: after that time the next try passes. */
void rq_retry(struct rq *, const struct err *);
void rq_error(struct rq *, const struct err *);
struct str rq_error_text(struct rq *, const struct err *);

/* /t/{code}/{ledger}[/{id}] */
struct str rq_path(struct rq *, const struct ledger *, int64_t id);

/* https://host/path: for QR codes and messages. */
struct str rq_absolute(struct rq *, struct str path);

/* A random key for a form: sent back with it, it makes the second of two
 * equal posts harmless. */
struct str rq_key(struct rq *);

const struct http_handlers *app_handlers(struct app *);

#endif
