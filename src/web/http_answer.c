#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "web/http_int.h"

#define PROBLEM(status, code, title)                                           \
    "{\"type\":\"/api#" code "\",\"status\":" status ",\"code\":\"" code       \
    "\",\"title\":\"" title "\",\"detail\":\"" title "\"}\n"

static enum MHD_Result
queue(struct request *rq, unsigned status, struct MHD_Response *r)
{
    enum MHD_Result rc;

    if (r == NULL)
        return MHD_NO;
    if (rq->close || atomic_load(&rq->http->stopping))
        MHD_add_response_header(r, "Connection", "close");
    rq->answered = true;
    conn_phase(rq->conn, PHASE_SEND);
    rc = MHD_queue_response(rq->mhd, status, r);
    MHD_destroy_response(r);
    return rc;
}

/* What the adapter itself refuses has no handler and no language yet. */
static const char *
refusal(int status)
{
    switch (status) {
    case 405:
        return PROBLEM("405", "method", "This method is not taken here.");
    case 501:
        return PROBLEM("501", "not_implemented",
                       "This transfer coding is not understood.");
    case 503:
        return PROBLEM("503", "busy",
                       "The server is stopping; try again in a moment.");
    case 500:
        return PROBLEM("500", "store", "The server failed; it is on its log.");
    default:
        return PROBLEM("400", "malformed",
                       "The request breaks the rules of HTTP.");
    }
}

enum MHD_Result
answer_refuse(struct request *rq, int status)
{
    const char *text = refusal(status);
    struct MHD_Response *r = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);

    rq->close = true;
    if (r != NULL) {
        MHD_add_response_header(r, "Content-Type", "application/problem+json");
        MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
        MHD_add_response_header(r, "Content-Security-Policy",
                                "default-src 'none'");
        if (status == 405)
            MHD_add_response_header(r, "Allow",
                                    "GET, HEAD, POST, PUT, PATCH, DELETE");
    }
    return queue(rq, (unsigned)status, r);
}

static void
iov_add(struct MHD_IoVec *iov, unsigned *n, struct str s)
{
    if (s.n > 0)
        iov[(*n)++] = (struct MHD_IoVec){ s.p, s.n };
}

static size_t
total(const struct http_response *rs)
{
    size_t n = rs->body.n + rs->tail.n;

    for (unsigned i = 0; i < rs->n_pieces; i++)
        n += rs->piece[i].bytes.n;
    return n;
}

/* A small answer is cheaper copied than sent by two system calls. */
static void
join(struct http_response *rs)
{
    for (unsigned i = 0; i < rs->n_pieces; i++) {
        buf_str_put(&rs->body, rs->piece[i].bytes);
        if (rs->piece[i].release != NULL)
            rs->piece[i].release(rs->piece[i].arg);
    }
    rs->n_pieces = 0;
    buf_str_put(&rs->body, buf_str(&rs->tail));
    buf_clear(&rs->tail);
}

static struct MHD_Response *
response_make(struct request *rq)
{
    struct http_response *rs = &rq->rs;
    struct MHD_IoVec iov[N_OF(rs->piece) + 2];
    unsigned n = 0;
    int fd = rs->fd;

    if (fd >= 0) {
        rs->fd = -1; /* the library closes it */
        struct MHD_Response *r =
            MHD_create_response_from_fd64((uint64_t)rs->fd_size, fd);

        if (r == NULL)
            close(fd);
        return r;
    }
    iov_add(iov, &n, buf_str(&rs->body));
    for (unsigned i = 0; i < rs->n_pieces; i++)
        iov_add(iov, &n, rs->piece[i].bytes);
    iov_add(iov, &n, buf_str(&rs->tail));
    if (n > 1)
        return MHD_create_response_from_iovec(iov, n, NULL, NULL);
    /* one piece goes out in the same system call as the head */
    return MHD_create_response_from_buffer(
        n == 1 ? iov[0].iov_len : 0,
        n == 1 ? (void *)(uintptr_t)iov[0].iov_base : (void *)(uintptr_t) "",
        MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result
fault(struct request *rq, const char *what)
{
    log_line(LOG_ERROR, "%s", what);
    return answer_refuse(rq, 500);
}

enum MHD_Result
answer_send(struct request *rq)
{
    struct http_response *rs = &rq->rs;
    struct MHD_Response *r;

    if (rs->status < 200 || rs->status > 599)
        return fault(rq, "a response without a status");
    if (rs->fd < 0 && rs->n_pieces > 0 && total(rs) <= HTTP_JOIN_MAX)
        join(rs);
    if (rs->body.over || rs->tail.over)
        return fault(rq, "a response is too large");
    if ((r = response_make(rq)) == NULL)
        return fault(rq, "no memory for a response");
    for (unsigned i = 0; i < rs->n_headers; i++)
        if (rs->header[i].name.n > 0 && rs->header[i].value.n > 0)
            MHD_add_response_header(r, rs->header[i].name.p,
                                    rs->header[i].value.p);
    return queue(rq, (unsigned)rs->status, r);
}
