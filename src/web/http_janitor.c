#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "web/http_int.h"

/* The kernel's stamps and ours differ by a scheduling tick or two. */
#define STAMP_SLACK_MS 20
/* A body slower than this, once body_seconds have passed, holds the
 * connection on purpose; one that holds memory has to come the faster, the more
 * it holds: of 1 MB 4 kB a second, which a telephone far from anywhere does. */
#define BODY_BYTES_PER_SECOND 64
#define BODY_HELD_PER_RATE    256

int64_t
http_now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
conn_open(struct http *h, struct conn *c)
{
    c->http = h;
    atomic_store(&c->fresh, true);
    conn_phase(c, PHASE_IDLE);
    pthread_mutex_lock(&h->lock);
    c->next = h->conns;
    if (c->next != NULL)
        c->next->prev = c;
    h->conns = c;
    pthread_mutex_unlock(&h->lock);
    atomic_fetch_add(&h->connections, 1);
}

/* The library closes the socket after this, so the janitor never shuts a
 * number that has become somebody else's. */
void
conn_close(struct conn *c)
{
    struct http *h = c->http;

    pthread_mutex_lock(&h->lock);
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        h->conns = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    pthread_mutex_unlock(&h->lock);
    atomic_fetch_sub(&h->connections, 1);
    free(c);
}

void
conn_phase(struct conn *c, enum phase phase)
{
    int64_t now = http_now_ms();

    if (phase == PHASE_HEAD &&
        atomic_load_explicit(&c->head_since_ms, memory_order_relaxed) <=
            atomic_load_explicit(&c->since_ms, memory_order_relaxed))
        atomic_store_explicit(&c->head_since_ms, now, memory_order_relaxed);
    if (phase == PHASE_BODY) {
        atomic_store_explicit(&c->active_ms, now, memory_order_relaxed);
        atomic_store_explicit(&c->received, 0, memory_order_relaxed);
        atomic_store_explicit(&c->held, 0, memory_order_relaxed);
    }
    if (phase == PHASE_IDLE)
        atomic_store_explicit(&c->head_since_ms, 0, memory_order_relaxed);
    atomic_store_explicit(&c->since_ms, now, memory_order_relaxed);
    atomic_store_explicit(&c->phase, (int)phase, memory_order_release);
}

static bool
tcp_info_get(const struct conn *c, struct tcp_info *info)
{
    socklen_t n = sizeof(*info);

    *info = (struct tcp_info){ 0 };
    return getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, info, &n) == 0;
}

/* The library says nothing before the request line is whole. Whether a head
 * has begun is asked of the kernel: did a byte come since the connection
 * became idle? */
static bool
head_begun(const struct conn *c, int64_t since, int64_t now)
{
    struct tcp_info info;

    if (!tcp_info_get(c, &info))
        return false;
    if (atomic_load(&c->fresh))
        return info.tcpi_bytes_received > 0;
    return now - (int64_t)info.tcpi_last_data_recv > since + STAMP_SLACK_MS;
}

static bool
idle_too_long(struct conn *c, int64_t since, int64_t now)
{
    const struct http_config *cfg = &c->http->cfg;
    int64_t head = atomic_load(&c->head_since_ms);

    if (head > since)
        return now - head > cfg->header_seconds * INT64_C(1000);
    if (head_begun(c, since, now))
        atomic_store(&c->head_since_ms, now);
    return now - since > cfg->idle_seconds * INT64_C(1000);
}

/* Since the last look, body_seconds ago. */
static bool
holds_for_nothing(struct conn *c, int64_t since, int64_t now, int64_t limit)
{
    int64_t received = atomic_load(&c->received), held = atomic_load(&c->held),
            gained, spent;

    if (c->marked_ms < since) { /* another body */
        c->marked_ms = since;
        c->marked = 0;
    }
    if ((spent = now - c->marked_ms) < limit)
        return false;
    gained = received - c->marked;
    c->marked_ms = now;
    c->marked = received;
    return held > HTTP_MEMORY &&
           gained < held / BODY_HELD_PER_RATE * spent / 1000;
}

static bool
body_too_slow(struct conn *c, int64_t since, int64_t now)
{
    int64_t limit = c->http->cfg.body_seconds * INT64_C(1000);
    int64_t spent = now - since;

    if (now - atomic_load(&c->active_ms) > limit ||
        holds_for_nothing(c, since, now, limit))
        return true;
    return spent > limit &&
           atomic_load(&c->received) < spent * BODY_BYTES_PER_SECOND / 1000;
}

static bool
send_stuck(struct conn *c, int64_t since, int64_t now)
{
    int64_t limit = c->http->cfg.body_seconds * INT64_C(1000);
    struct tcp_info info;

    if (now - since <= limit || !tcp_info_get(c, &info))
        return false;
    if (c->acked_ms < since || info.tcpi_bytes_acked != c->acked) {
        c->acked_ms = now;
        c->acked = info.tcpi_bytes_acked;
    }
    return now - c->acked_ms > limit;
}

static bool
is_due(struct conn *c, int64_t now)
{
    enum phase phase = (enum phase)atomic_load(&c->phase);
    int64_t since = atomic_load(&c->since_ms);

    switch (phase) {
    case PHASE_IDLE:
        return idle_too_long(c, since, now);
    case PHASE_HEAD:
        return now - atomic_load(&c->head_since_ms) >
               c->http->cfg.header_seconds * INT64_C(1000);
    case PHASE_BODY:
        return body_too_slow(c, since, now);
    case PHASE_SEND:
        return send_stuck(c, since, now);
    case PHASE_RUN: /* ours to answer; a parked one has the app's deadline */
        break;
    }
    return false;
}

/* ---- memory --------------------------------------------------------------------- */

static int64_t
held_of(struct conn *c)
{
    return atomic_load(&c->phase) == PHASE_BODY ? atomic_load(&c->held) : 0;
}

static bool
is_proxy(const struct http *h, const char *peer)
{
    for (size_t i = 0; i < h->n_proxies; i++)
        if (strcmp(h->proxy[i], peer) == 0)
            return true;
    return false;
}

/* A body on its way in, as it is looked at once. */
struct holder {
    struct conn *c;
    int64_t held, cost; /* cost: what is held, by how long */
};

static int
by_peer_and_cost(const void *a, const void *b)
{
    const struct holder *x = a, *y = b;
    int order = strcmp(x->c->peer, y->c->peer);

    return order != 0 ? order : (x->cost < y->cost) - (x->cost > y->cost);
}

static int
by_cost(const void *a, const void *b)
{
    const struct holder *x = a, *y = b;

    return (x->cost < y->cost) - (x->cost > y->cost);
}

/* Who holds most, and longest, goes first: they are sorted so. */
static void
let_go(struct holder *x, size_t n, int64_t most)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i].held;
    for (size_t i = 0; i < n && sum > most; i++) {
        sum -= x[i].held;
        x[i].held = 0;
        shutdown(x[i].c->fd, SHUT_RDWR);
    }
}

static void
each_address(struct http *h, struct holder *x, size_t n)
{
    qsort(x, n, sizeof(*x), by_peer_and_cost);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1;
             to < n && strcmp(x[from].c->peer, x[to].c->peer) == 0;)
            to++;
        if (!is_proxy(h, x[from].c->peer))
            let_go(x + from, to - from, HTTP_HELD_ADDRESS);
    }
}

/* Only where much is held at all is anybody added up: the lock is everybody's. */
static void
free_memory(struct http *h, int64_t now)
{
    struct holder *x;
    int64_t sum = 0;
    size_t n = 0, all = 0;

    for (struct conn *c = h->conns; c != NULL; c = c->next, all++)
        sum += held_of(c);
    if (sum <= HTTP_HELD_ADDRESS || (x = calloc(all, sizeof(*x))) == NULL)
        return;
    for (struct conn *c = h->conns; c != NULL && n < all; c = c->next) {
        int64_t held = held_of(c);

        if (held > 0)
            x[n++] =
                (struct holder){ c, held,
                                 held * (now - atomic_load(&c->since_ms) + 1) };
    }
    each_address(h, x, n);
    qsort(x, n, sizeof(*x), by_cost);
    let_go(x, n, HTTP_HELD_ALL);
    free(x);
}

static int64_t
round_ms(const struct http_config *cfg)
{
    unsigned s = cfg->header_seconds;

    if (cfg->body_seconds < s)
        s = cfg->body_seconds;
    if (cfg->idle_seconds < s)
        s = cfg->idle_seconds;
    return s >= 8 ? 1000 : s * INT64_C(125) + 25;
}

static void *
janitor_run(void *arg)
{
    struct http *h = arg;
    int64_t pause = round_ms(&h->cfg);
    struct timespec at;

    pthread_mutex_lock(&h->lock);
    while (!h->quit) {
        int64_t now = http_now_ms();

        for (struct conn *c = h->conns; c != NULL; c = c->next)
            if (h->cut_all || is_due(c, now))
                shutdown(c->fd, SHUT_RDWR);
        free_memory(h, now);
        clock_gettime(CLOCK_MONOTONIC, &at);
        at.tv_sec += pause / 1000;
        at.tv_nsec += pause % 1000 * 1000000;
        if (at.tv_nsec >= 1000000000) {
            at.tv_nsec -= 1000000000;
            at.tv_sec++;
        }
        pthread_cond_timedwait(&h->wake, &h->lock, &at);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

bool
janitor_start(struct http *h)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->wake, &attr);
    pthread_condattr_destroy(&attr);
    h->janitor_runs = pthread_create(&h->janitor, NULL, janitor_run, h) == 0;
    return h->janitor_runs;
}

void
janitor_cut_all(struct http *h)
{
    pthread_mutex_lock(&h->lock);
    h->cut_all = true;
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
}

void
janitor_stop(struct http *h)
{
    if (h->janitor_runs) {
        pthread_mutex_lock(&h->lock);
        h->quit = true;
        pthread_cond_signal(&h->wake);
        pthread_mutex_unlock(&h->lock);
        pthread_join(h->janitor, NULL);
    }
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->wake);
}
