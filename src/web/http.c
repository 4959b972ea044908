#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "web/http_int.h"

/* How long a stopping server waits for what runs before it cuts. */
#define DRAIN_MS 20000

/*
 * Run the handler until it answers or its park has taken effect. A resume may
 * come before the park: then the state says RESUMED and the handler is simply
 * run again. The connection is suspended before PARKED is published, so that
 * whoever sees PARKED may resume it.
 */
static enum MHD_Result
run(struct request *rq)
{
    struct http *h = rq->http;
    int expected;

    rq->pub.resumed = atomic_exchange(&rq->park, PARK_RUNNING) == PARK_RESUMED;
    for (;;) {
        if (h->on.run(&rq->pub, &rq->rs, h->on.arg) == HTTP_SEND)
            return answer_send(rq);
        if (atomic_load(&rq->park) != PARK_RESUMED) {
            MHD_suspend_connection(rq->mhd);
            expected = PARK_RUNNING;
            if (!atomic_compare_exchange_strong(&rq->park, &expected,
                                                PARK_PARKED))
                MHD_resume_connection(rq->mhd);
            return MHD_YES;
        }
        atomic_store(&rq->park, PARK_RUNNING);
        rq->pub.resumed = true;
    }
}

void
http_resume(struct http_request *pub)
{
    struct request *rq = (struct request *)pub;
    struct MHD_Connection *mhd = rq->mhd;
    struct http *h = rq->http;

    atomic_fetch_add(&h->resuming, 1);
    /* not PARKED: the I/O thread sees RESUMED, and rq may be gone by now */
    if (atomic_exchange(&rq->park, PARK_RESUMED) == PARK_PARKED)
        MHD_resume_connection(mhd);
    atomic_fetch_sub(&h->resuming, 1);
}

/* The head is complete. */
static enum MHD_Result
on_head(struct request *rq, const char *method, const char *version)
{
    struct http *h = rq->http;
    int status;

    rq->head_done = true;
    atomic_store(&rq->park, PARK_RUNNING);
    if ((status = http_guard(rq, method, version)) != 0)
        return answer_refuse(rq, status);
    peer_find(rq);
    /* bytes behind a chunked body are never read as a request: the library
     * takes a bare newline in its framing, a proxy may not */
    rq->close = rq->chunked;
    atomic_fetch_add(&h->active, 1);
    if (atomic_load(&h->gate)) {
        atomic_fetch_sub(&h->active, 1);
        return answer_refuse(rq, 503);
    }
    rq->seen = true;
    rq->body.limits = h->on.head(&rq->pub, h->on.arg);
    body_begin(rq);
    conn_phase(rq->conn, rq->body.kind == BODY_NONE ? PHASE_RUN : PHASE_BODY);
    if (rq->pub.bad.code != ERR_NONE &&
        (rq->expect || rq->content_length > HTTP_DISCARD_MAX)) {
        rq->close = true;
        body_end(rq);
        return run(rq);
    }
    return MHD_YES;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *mhd, const char *url,
           const char *method, const char *version, const char *data,
           size_t *n_data, void **context)
{
    struct request *rq = *context;

    (void)arg, (void)mhd, (void)url;
    /* a library that is being stopped drops the answer and asks again */
    if (rq == NULL || rq->answered)
        return MHD_NO;
    if (!rq->head_done)
        return on_head(rq, method, version);
    if (*n_data > 0) {
        size_t n = *n_data;

        *n_data = 0;
        return body_feed(rq, data, n) ? MHD_YES : MHD_NO;
    }
    if (!rq->body_done) {
        body_end(rq);
        conn_phase(rq->conn, PHASE_RUN);
    }
    return run(rq);
}

/* The request line is complete; the library has not touched the target. */
static void *
on_uri(void *arg, const char *uri, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct conn *c = info != NULL ? info->socket_context : NULL;
    struct request *rq = c != NULL ? request_take(arg) : NULL;

    if (rq == NULL)
        return NULL;
    rq->conn = c;
    rq->mhd = mhd;
    rq->uri = uri;
    rq->target = arena_dup(rq->pub.arena, str_of(uri));
    conn_phase(c, PHASE_HEAD);
    return rq;
}

static void
on_completed(void *arg, struct MHD_Connection *mhd, void **context,
             enum MHD_RequestTerminationCode why)
{
    struct request *rq = *context;

    (void)arg, (void)mhd, (void)why;
    if (rq == NULL)
        return;
    *context = NULL;
    atomic_store(&rq->conn->fresh, false);
    conn_phase(rq->conn, PHASE_IDLE);
    request_give(rq);
}

static void
peer_text(struct conn *c, const struct sockaddr *sa)
{
    const struct sockaddr_in *v4 = (const void *)sa;
    const struct sockaddr_in6 *v6 = (const void *)sa;

    if (sa == NULL)
        return;
    if (sa->sa_family == AF_INET)
        inet_ntop(AF_INET, &v4->sin_addr, c->peer, sizeof(c->peer));
    else if (sa->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], c->peer,
                  sizeof(c->peer));
    else if (sa->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, c->peer, sizeof(c->peer));
}

static void
on_connection(void *arg, struct MHD_Connection *mhd, void **context,
              enum MHD_ConnectionNotificationCode what)
{
    const union MHD_ConnectionInfo *info;
    struct conn *c = *context;

    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (c != NULL)
            conn_close(c);
        *context = NULL;
        return;
    }
    if ((c = calloc(1, sizeof(*c))) == NULL)
        return;
    info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    c->fd = info->connect_fd;
    info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    peer_text(c, info->client_addr);
    conn_open(arg, c);
    *context = c;
}

/* The library must not decode: the head's bytes are looked at afterwards. */
static size_t
keep_escaped(void *arg, struct MHD_Connection *mhd, char *s)
{
    (void)arg, (void)mhd;
    return strlen(s);
}

static bool
listen_open(struct http *h, struct err *e)
{
    union {
        struct sockaddr sa;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } a = { .sa = { 0 } };
    bool six = strchr(h->cfg.address, ':') != NULL;
    socklen_t n = six ? sizeof(a.v6) : sizeof(a.v4);
    int on = 1;

    a.sa.sa_family = six ? AF_INET6 : AF_INET;
    if (six)
        a.v6.sin6_port = htons(h->cfg.port);
    else
        a.v4.sin_port = htons(h->cfg.port);
    if (inet_pton(a.sa.sa_family, h->cfg.address,
                  six ? (void *)&a.v6.sin6_addr : (void *)&a.v4.sin_addr) != 1)
        return err_set(e, ERR_INVALID, "address", "not an IP address: %s",
                       h->cfg.address);
    h->listen_fd =
        socket(a.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (h->listen_fd < 0 ||
        setsockopt(h->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
        bind(h->listen_fd, &a.sa, n) != 0 || listen(h->listen_fd, 1024) != 0 ||
        getsockname(h->listen_fd, &a.sa, &n) != 0)
        return err_set(e, ERR_STORE, "port", "cannot listen on %s port %d: %s",
                       h->cfg.address, (int)h->cfg.port, strerror(errno));
    h->port = ntohs(six ? a.v6.sin6_port : a.v4.sin_port);
    return true;
}

/* Strictness stays at 0: at 1 the library answers a missing Host with two
 * heads; it adds nothing that the guard does not see (http_guard.c). */
/* Who comes while we stop is turned away. (MHD_quiesce_daemon() would do that
 * too, but in 0.9.75 it races with its own pool of epoll threads and aborts.)
 */
static enum MHD_Result
on_accept(void *arg, const struct sockaddr *addr, socklen_t len)
{
    struct http *h = arg;

    (void)addr;
    (void)len;
    return atomic_load(&h->stopping) ? MHD_NO : MHD_YES;
}

static bool
daemon_start(struct http *h)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO |
                     MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem pool[] = {
        { MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)h->cfg.threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };

    if (strchr(h->cfg.address, ':') != NULL)
        flags |= MHD_USE_IPv6;
    if (h->cfg.threads == 1)
        pool[0].option = MHD_OPTION_END;
    h->daemon = MHD_start_daemon(
        flags, 0, on_accept, h, on_request, h, MHD_OPTION_ARRAY, pool,
        MHD_OPTION_LISTEN_SOCKET, h->listen_fd, MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_MEMORY,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)4096,
        MHD_OPTION_CONNECTION_LIMIT, h->cfg.connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, h->cfg.connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, 0u, MHD_OPTION_URI_LOG_CALLBACK, on_uri,
        h, MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, h,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
    return h->daemon != NULL;
}

static void
http_free(struct http *h)
{
    for (unsigned i = 0; h->workers != NULL && i < h->cfg.threads; i++)
        for (struct request *rq = h->workers[i].pool, *next; rq != NULL;
             rq = next) {
            next = rq->next;
            request_free(rq);
        }
    if (h->listen_fd >= 0)
        close(h->listen_fd);
    EVP_MD_free(h->sha256_own);
    free(h->workers);
    free(h->tmp_dir);
    free(h);
}

struct http *
http_start(const struct http_config *cfg, const struct http_handlers *on,
           struct err *e)
{
    struct http *h = calloc(1, sizeof(*h));

    if (h == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is busy.");
        return NULL;
    }
    h->cfg = *cfg;
    h->on = *on;
    h->listen_fd = -1;
    if (h->cfg.threads == 0)
        h->cfg.threads = 1;
    h->workers = calloc(h->cfg.threads, sizeof(*h->workers));
    h->tmp_dir = strdup(cfg->tmp_dir != NULL ? cfg->tmp_dir : "/tmp");
    h->sha256_own = EVP_MD_fetch(NULL, "SHA256", NULL);
    h->sha256 = h->sha256_own;
    if (h->workers == NULL || h->tmp_dir == NULL || h->sha256 == NULL ||
        !peer_proxies(h, cfg->proxies, e) || !listen_open(h, e)) {
        http_free(h);
        return NULL;
    }
    for (unsigned i = 0; i < h->cfg.threads; i++)
        h->workers[i] = (struct worker){ .http = h, .index = i };
    if (!janitor_start(h) || !daemon_start(h)) {
        janitor_stop(h);
        http_free(h);
        err_set(e, ERR_STORE, NULL, "The HTTP service does not start.");
        return NULL;
    }
    return h;
}

uint16_t
http_port(const struct http *h)
{
    return h->port;
}

unsigned
http_connections(const struct http *h)
{
    return atomic_load(&h->connections);
}

static void
drain(struct http *h)
{
    int64_t until = http_now_ms() + DRAIN_MS;
    bool cut = false;

    while (atomic_load(&h->active) > 0 || atomic_load(&h->resuming) > 0) {
        nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
        if (!cut && http_now_ms() > until) {
            janitor_cut_all(h);
            cut = true;
        }
    }
}

/* What had reached us is served, then a gate closes, then who slipped through
 * meanwhile is served: the library aborts when it is stopped while a
 * connection is parked. */
void
http_stop(struct http *h)
{
    atomic_store(&h->stopping, true);
    drain(h);
    atomic_store(&h->gate, true);
    drain(h);
    MHD_stop_daemon(h->daemon);
    h->listen_fd = -1; /* the library has closed it */
    janitor_stop(h);
    http_free(h);
}
