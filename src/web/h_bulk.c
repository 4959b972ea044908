/* Many records, or many steps, in one call: each is a change of its own, made or
 * refused by itself, in the order in which they came. */
#include <inttypes.h>

#include "web/answer.h"
#include "web/api.h"
#include "web/given.h"
#include "web/handlers.h"
#include "web/json.h"
#include "web/post.h"

struct one {
    struct change *c;
    struct err why; /* ERR_NONE: it was made */
};

struct bulk {
    struct one at[API_BULK_MAX];
    size_t n, next;
    struct str verb;
    bool steps; /* of records that are there */
};

static bool next_one(struct rq *, struct err *);

static void
put_made(struct buf *b, const struct change *c, bool created)
{
    buf_printf(b, "{\"status\":%d,\"id\":\"%" PRId64 "\",\"rev\":%" PRId64 "}",
               created ? 201 : 200, c->out_id, c->out_rev);
}

static void
put_one(struct rq *rq, struct buf *b, const struct one *o)
{
    BUF(more, 64 << 10); /* of a hundred; what is longer is left out */

    if (o->why.code == ERR_NONE) {
        put_made(b, o->c, o->c->id == 0);
        return;
    }
    if (o->c != NULL)
        api_differs(rq, o->c, &o->why, &more);
    buf_printf(b, "{\"status\":%d,\"problem\":", err_info[o->why.code].http);
    json_put_problem(rq, b, &o->why, buf_str(&more));
    buf_puts(b, "}");
}

static bool
answered(struct rq *rq)
{
    const struct bulk *k = rq->work;
    struct buf *b = &rq->rs->body;

    answer_type(rq, "application/json");
    buf_puts(b, "{\"items\":[");
    for (size_t i = 0; i < k->n; i++) {
        buf_puts(b, i > 0 ? "," : "");
        put_one(rq, b, &k->at[i]);
    }
    buf_puts(b, "]}\n");
    return true;
}

static bool
one_done(struct rq *rq, struct err *e)
{
    struct bulk *k = rq->work;

    if (!rq->work_ok)
        k->at[k->next].why = rq->work_err;
    k->next++;
    return next_one(rq, e);
}

static bool
next_one(struct rq *rq, struct err *e)
{
    struct bulk *k = rq->work;

    while (k->next < k->n && k->at[k->next].why.code != ERR_NONE)
        k->next++;
    return k->next == k->n
               ? answered(rq)
               : rq_job(rq, post_row_job, k->at[k->next].c, one_done, e);
}

static bool
take(struct rq *rq, struct json_item *item, void *arg, struct err *e)
{
    struct bulk *k = arg;
    struct one *o = &k->at[k->n++];

    (void)e;
    *o = (struct one){ .why = item->why };
    if (o->why.code != ERR_NONE ||
        (o->c = post_item(rq, item, &o->why)) == NULL)
        return true;
    o->c->verb = k->verb;
    if (given_needed(o->c))
        err_set(&o->why, ERR_INVALID, NULL, "This step is taken one by one");
    else if (k->steps && o->c->id == 0)
        err_set(&o->why, ERR_INVALID, "id", "There is no such record");
    else if (k->steps && o->c->rev == 0)
        err_set(&o->why, ERR_BLIND, "rev",
                "Say which revision you saw: \"rev\" in the body, or the "
                "header If-Match");
    return true;
}

static bool
run(struct rq *rq, struct str verb, bool steps, struct err *e)
{
    struct bulk *k = arena_new_obj(rq->arena, struct bulk);

    if (k == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *k = (struct bulk){ .verb = verb, .steps = steps };
    if (http_header(rq->http, "If-Match").n > 0)
        return err_set(e, ERR_INVALID, "If-Match",
                       "Of many, each says its own \"rev\"");
    rq->work = k;
    return json_items(rq, API_BULK_MAX, take, k, e) && next_one(rq, e);
}

bool
api_bulk_create(struct rq *rq, struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);

    return s != NULL
               ? run(rq, str_of(s->verb), false, e)
               : err_set(e, ERR_METHOD, NULL, "Nothing can be added here");
}

bool
api_bulk_step(struct rq *rq, struct err *e)
{
    return run(rq, rq->verb, true, e);
}
