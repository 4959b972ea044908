#ifndef WEB_HTTP_INT_H
#define WEB_HTTP_INT_H

/* Shared by the files of the HTTP adapter; nobody else includes it. */

#include <microhttpd.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/form.h"
#include "web/http.h"

#define HTTP_HEADERS_MAX  64
#define HTTP_ADDRESS      46 /* of the longest address, with its NUL */
#define HTTP_PROXIES      16
#define HTTP_MEMORY       (16 * 1024) /* a connection's head and buffers */
#define HTTP_RESPONSE_MAX (32 * 1024 * 1024)
#define HTTP_JOIN_MAX     (128 * 1024) /* pieces up to this are copied */
#define HTTP_KEEP_MAX     (64 * 1024)  /* memory a pooled request may keep */
#define HTTP_POOL_MAX     32           /* requests kept by a thread */
/* What bodies on their way in may hold in memory: those of one address (a
 * trusted proxy's aside), and all. */
#define HTTP_HELD_ADDRESS INT64_C(33554432)
#define HTTP_HELD_ALL     INT64_C(201326592)
/* How much of a refused body is read, so that the answer can be seen. */
#define HTTP_DISCARD_MAX INT64_C(67108864)

enum phase { PHASE_IDLE, PHASE_HEAD, PHASE_BODY, PHASE_RUN, PHASE_SEND };

/* One TCP connection. The janitor reads it under http->lock, while the
 * connection's own thread moves it on. */
struct conn {
    struct http *http;
    struct conn *prev, *next;
    int fd;
    char peer[HTTP_ADDRESS];
    _Atomic int phase;
    atomic_bool fresh;             /* no request was finished yet */
    _Atomic int64_t since_ms;      /* of the phase */
    _Atomic int64_t head_since_ms; /* first byte of a head seen; else old */
    _Atomic int64_t active_ms;     /* last byte of a body */
    _Atomic int64_t received;      /* bytes of the body */
    _Atomic int64_t held;          /* of them, in memory */
    int64_t marked_ms, marked;     /* the janitor's: .received a while ago */
    int64_t acked_ms;              /* the janitor's: last progress seen */
    uint64_t acked;
};

enum body_kind { BODY_NONE, BODY_RAW, BODY_FORM, BODY_MULTIPART };

/* Where a text part stands in the text buffer. */
struct span {
    size_t name, n_name, value, n_value;
};

struct body {
    enum body_kind kind;
    struct http_limits limits;
    int64_t received;
    struct buf text, spans;
    struct multipart mp;
    EVP_MD_CTX *md;
    int fd; /* of the file being received, or -1 */
    int64_t file_bytes;
    struct http_upload *files; /* FORM_FILES_MAX of them, or NULL */
    bool over;                 /* of some file there is nothing: no room */
    size_t n_files;
    bool in_file, skip;
};

enum park { PARK_RUNNING, PARK_PARKED, PARK_RESUMED };

struct request {
    struct http_request pub; /* first: the handlers' view */
    struct http *http;
    struct worker *worker;
    struct request *next; /* in the worker's pool */
    struct conn *conn;
    struct MHD_Connection *mhd;
    struct http_response rs;
    struct http_param headers[HTTP_HEADERS_MAX];
    size_t n_headers;
    const char *uri; /* in the library's buffer */
    struct str target;
    int64_t content_length; /* -1: none */
    bool chunked, expect;
    bool head_done; /* the guard has let it pass or refused it */
    bool seen;      /* by the handlers: done() is owed */
    bool body_done, answered;
    bool close; /* after the answer */
    _Atomic int park;
    struct body body;
};

/* What one I/O thread keeps for itself. */
struct worker {
    struct http *http;
    unsigned index;
    struct request *pool;
    unsigned n_pool;
};

struct http {
    struct http_config cfg;
    char proxy[HTTP_PROXIES][HTTP_ADDRESS];
    size_t n_proxies;
    struct http_handlers on;
    struct MHD_Daemon *daemon;
    const EVP_MD *sha256;
    EVP_MD *sha256_own;
    char *tmp_dir;
    int listen_fd;
    uint16_t port;
    struct worker *workers;
    atomic_uint n_workers;
    atomic_uint connections;
    atomic_int active;    /* requests the handlers know of */
    atomic_int resuming;  /* threads inside http_resume */
    atomic_bool stopping; /* answers close their connection */
    atomic_bool gate;     /* no request enters any more */
    pthread_mutex_t lock; /* of the list and of quit */
    pthread_cond_t wake;
    pthread_t janitor;
    bool janitor_runs, quit, cut_all;
    struct conn *conns;
};

int64_t http_now_ms(void); /* monotonic, a few ms coarse */

/* http_request.c: a request from the calling I/O thread's pool, with a new
 * arena, or NULL. */
struct request *request_take(struct http *) MUST_USE;
/* It is over, nothing of it is being sent any more: done(), then back. */
void request_give(struct request *);
void request_free(struct request *);

/* http_answer.c: queue what the handler made. */
enum MHD_Result answer_send(struct request *);
/* The adapter's own answer to a head it cannot pass on; closes. */
enum MHD_Result answer_refuse(struct request *, int status);

/* http_guard.c: 0, or the status with which the head is refused. Fills
 * method, path, query, headers, content_length, chunked and expect. */
int http_guard(struct request *, const char *method, const char *version);

/* http_peer.c: the proxies whose word is taken, addresses with blanks between.
 * Errors: ERR_INVALID. */
bool peer_proxies(struct http *, const char *list, struct err *) MUST_USE;
/* Who asks: the address of the connection; where that is a trusted proxy's,
 * the last one in X-Forwarded-For that is not. What stands before it anybody
 * may have written. */
void peer_find(struct request *);

/* http_body.c */
void body_begin(struct request *);
/* False: more than will be discarded; the connection has to go. */
bool body_feed(struct request *, const char *p, size_t n) MUST_USE;
void body_end(struct request *);
void body_reset(struct request *);

/* http_janitor.c */
bool janitor_start(struct http *) MUST_USE;
void janitor_stop(struct http *);
/* From now on every connection is shut at the next round. */
void janitor_cut_all(struct http *);
void conn_open(struct http *, struct conn *);
void conn_close(struct conn *);
void conn_phase(struct conn *, enum phase);

#endif
