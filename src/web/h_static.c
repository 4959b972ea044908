/* What is the same for everybody. */
#include "web/answer.h"
#include "web/asset.h"
#include "web/handlers.h"

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
