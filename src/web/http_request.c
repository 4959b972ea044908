#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/log.h"
#include "web/http_int.h"

static _Thread_local struct worker *self;

static struct worker *
worker_self(struct http *h)
{
    if (self == NULL || self->http != h) {
        unsigned i = atomic_fetch_add(&h->n_workers, 1);

        if (i >= h->cfg.threads)
            abort(); /* the library promised so many threads */
        self = &h->workers[i];
    }
    return self;
}

void
request_free(struct request *rq)
{
    buf_fini(&rq->rs.body);
    buf_fini(&rq->rs.tail);
    buf_fini(&rq->body.text);
    buf_fini(&rq->body.spans);
    EVP_MD_CTX_free(rq->body.md);
    free(rq);
}

struct request *
request_take(struct http *h)
{
    struct worker *w = worker_self(h);
    struct request *rq = w->pool;

    if (rq != NULL) {
        w->pool = rq->next;
        w->n_pool--;
    } else if ((rq = calloc(1, sizeof(*rq))) != NULL) {
        rq->body.fd = rq->rs.fd = -1;
        rq->rs.body.max = rq->rs.tail.max = HTTP_RESPONSE_MAX;
    } else
        return NULL;
    rq->http = h;
    rq->worker = w;
    rq->pub = (struct http_request){ .thread = w->index };
    if ((rq->pub.arena = arena_new(h->cfg.arena_quota)) == NULL) {
        request_free(rq);
        return NULL;
    }
    return rq;
}

static void
buf_rest(struct buf *b)
{
    buf_clear(b);
    if (b->cap > HTTP_KEEP_MAX)
        buf_fini(b);
}

void
request_give(struct request *rq)
{
    struct http *h = rq->http;
    struct worker *w = rq->worker;
    bool seen = rq->seen;

    if (seen && h->on.done != NULL)
        h->on.done(&rq->pub, h->on.arg);
    for (unsigned i = 0; i < rq->rs.n_pieces; i++)
        if (rq->rs.piece[i].release != NULL)
            rq->rs.piece[i].release(rq->rs.piece[i].arg);
    if (rq->rs.fd >= 0)
        close(rq->rs.fd);
    body_reset(rq);
    arena_free(rq->pub.arena);
    buf_rest(&rq->rs.body);
    buf_rest(&rq->rs.tail);
    rq->rs.fd = -1;
    rq->rs.n_pieces = rq->rs.n_headers = 0;
    rq->n_headers = 0;
    rq->chunked = rq->expect = rq->head_done = rq->seen = false;
    rq->body_done = rq->answered = rq->close = false;
    rq->rs.status = 0;
    if (w->n_pool < HTTP_POOL_MAX) {
        rq->next = w->pool;
        w->pool = rq;
        w->n_pool++;
    } else
        request_free(rq);
    if (seen)
        atomic_fetch_sub(&h->active, 1);
}

struct http_request *
http_copy(struct arena *a, const struct http_request *pub)
{
    struct request *rq = arena_new_obj(a, struct request);
    struct http_param *q =
        arena_new_array(a, struct http_param, pub->n_query + 1);

    if (rq == NULL || q == NULL)
        return NULL;
    for (size_t i = 0; i < pub->n_query; i++)
        q[i] = (struct http_param){ arena_dup(a, pub->query[i].name),
                                    arena_dup(a, pub->query[i].value) };
    rq->pub = (struct http_request){ .arena = a,
                                     .method = pub->method,
                                     .path = arena_dup(a, pub->path),
                                     .query = q,
                                     .n_query = pub->n_query };
    return &rq->pub;
}

struct str
http_header(const struct http_request *pub, const char *name)
{
    const struct request *rq = (const struct request *)pub;
    size_t n = strlen(name);

    for (size_t i = 0; i < rq->n_headers; i++)
        if (rq->headers[i].name.n == n &&
            strncasecmp(rq->headers[i].name.p, name, n) == 0)
            return rq->headers[i].value;
    return STR("");
}

struct str
http_cookie(const struct http_request *pub, const char *name)
{
    struct str rest = http_header(pub, "Cookie"), piece;
    size_t n = strlen(name);

    while (str_split(&rest, ';', &piece)) {
        piece = str_trim(piece);
        if (piece.n > n && piece.p[n] == '=' && memcmp(piece.p, name, n) == 0)
            return str_cut(piece, n + 1, piece.n);
    }
    return STR("");
}

void
http_set(struct http_request *pub, struct http_response *rs, const char *name,
         struct str value)
{
    size_t n = 0;

    if (rs->n_headers == N_OF(rs->header)) {
        log_line(LOG_ERROR, "too many response headers: %s is lost", name);
        return;
    }
    while (n < value.n && strchr("\r\n", value.p[n]) == NULL)
        n++; /* strchr finds the NUL too */
    rs->header[rs->n_headers++] =
        (struct http_param){ arena_dup(pub->arena, str_of(name)),
                             arena_dup(pub->arena, str_cut(value, 0, n)) };
}
