/* What has changed, for programs: the events of the log in their order, as far as
 * the reader may read the records. Rights are asked now, not when it happened. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#include "codec/hash.h"
#include "codec/sealed.h"
#include "service/history.h"
#include "store/stmt.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/json.h"

/* How many events of the log one call walks, its reader's or not. */
enum { WALK_MAX = 4000 };

struct feed {
    struct rq *rq;
    const struct ledger *only; /* NULL: all */
    unsigned char key[SEALED_KEY];
    int64_t after; /* the last that was walked */
    unsigned n, limit;
};

/* One key for each district: an id of one says nothing in another. */
static void
feed_key(const struct rq *rq, unsigned char key[SEALED_KEY])
{
    char name[64];
    struct hash h;

    snprintf(name, sizeof(name), "events %" PRId64, rq->tenant->id);
    hash_hmac(&h, (struct str){ (const char *)rq->app->event_key, SEALED_KEY },
              str_of(name));
    memcpy(key, &h, SEALED_KEY);
}

/* ---- where to begin ------------------------------------------------------------- */

static bool
newest(struct rq *rq, int64_t *seq, struct err *e)
{
    if (!stmt_one(rq->st, &stmts[Q_HEAD_GET], ARGS(ARG(rq->tenant->id)), NULL,
                  COLS(COL(seq)), e))
        return false;
    --*seq; /* the size of the log */
    return true;
}

static bool
ask(struct feed *f, struct err *e)
{
    struct rq *rq = f->rq;
    struct str after = rq_query(rq, "after"), name = rq_query(rq, "ledger");

    f->limit =
        rq_query(rq, "limit").n > 0 ? (unsigned)rq_query_i64(rq, "limit") : 50;
    f->after = -1;
    feed_key(rq, f->key);
    if (name.n > 0 && (f->only = ledger_find(name)) == NULL)
        return err_set(e, ERR_INVALID, "ledger", "There is no such ledger");
    if (str_is(after, "latest"))
        return newest(rq, &f->after, e);
    return after.n == 0 || sealed_read(f->key, after, &f->after) ||
           err_set(e, ERR_INVALID, "after",
                   "This is no place in the events of this district: begin "
                   "anew, without it or with \"latest\"");
}

/* ---- one event ------------------------------------------------------------------ */

static void
put_event(struct feed *f, const struct history_eyes *eyes,
          const struct history_entry *h)
{
    struct buf *b = &f->rq->rs->body;
    char id[SEALED_TEXT + 1];
    BUF(when, 64);

    sealed_put(f->key, h->seq, 0, id);
    time_format_utc(&when, h->ev.at_ms);
    buf_printf(b,
               "%s{\"id\":\"%s\",\"at\":\"%.*s\",\"ledger\":\"%s\","
               "\"record\":\"%" PRId64 "\",\"rev\":%" PRId64 ",\"verb\":",
               f->n > 0 ? "," : "", id, STR_ARG(buf_str(&when)), eyes->l->name,
               h->ev.record, h->ev.rev);
    json_str(b, h->ev.verb);
    if (h->ev.actor != 0 && history_shows_actor(eyes, h))
        buf_printf(b, ",\"actor\":\"%" PRId64 "\"", h->ev.actor);
    else
        buf_puts(b, ",\"actor\":null");
    buf_printf(b, ",\"address\":\"/api/v1/%.*s/%s/%" PRId64 "\"}",
               STR_ARG(f->rq->tenant->code), eyes->l->name, h->ev.record);
    f->n++;
}

/* True: it was told, or is not for this reader. */
static bool
tell_one(struct feed *f, struct rows *r, struct err *e)
{
    struct rq *rq = f->rq;
    const struct ledger *l = ledger_by_tag((uint16_t)rows_i64(r, 2));
    struct history_entry h = { .seq = rows_i64(r, 0),
                               .ev = { .at_ms = rows_i64(r, 1),
                                       .record = rows_i64(r, 3),
                                       .rev = rows_i64(r, 4),
                                       .verb = rows_str(r, 5),
                                       .actor = rows_i64(r, 6) } };
    void *rec;

    f->after = h.seq;
    if (l == NULL || (f->only != NULL && l != f->only) ||
        !actor_scoped(&rq->who, l, "read"))
        return true;
    if ((rec = arena_alloc(rq->arena, l->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->tenant->id, l, h.ev.record, rq->arena, rec,
                       e))
        return e->code == ERR_MISSING;
    if (actor_reads(&rq->who, l, rec))
        put_event(f, &(struct history_eyes){ &rq->who, l, rec }, &h);
    return true;
}

/* ---- all of them ---------------------------------------------------------------- */

/* Where to go on, the same length and never the same text: it does not tell
 * whether others have changed anything. */
static void
put_place(struct feed *f)
{
    struct rq *rq = f->rq;
    char place[SEALED_TEXT + 1];
    uint64_t salt;
    BUF(more, 128);

    randombytes_buf(&salt, sizeof(salt));
    sealed_put(f->key, f->after, salt | 1, place);
    if (f->only != NULL)
        buf_printf(&more, "&ledger=%s", f->only->name);
    buf_puts(&rq->rs->body, "],\"next\":");
    api_next(rq, &rq->rs->body,
             arena_printf(rq->arena,
                          "/api/v1/%.*s/events?after=%s&limit=%u%.*s",
                          STR_ARG(rq->tenant->code), place, f->limit,
                          STR_ARG(buf_str(&more))));
    buf_puts(&rq->rs->body, "}\n");
}

static bool
events_now(struct rq *rq, struct err *e)
{
    struct feed f = { .rq = rq };
    bool ok = true, more = false;
    struct rows r;

    if (!ask(&f, e))
        return false;
    answer_type(rq, "application/json");
    buf_puts(&rq->rs->body, "{\"events\":[");
    if (!rows_open(
            &r, rq->st, &stmts[Q_EVENT_AFTER],
            ARGS(ARG(rq->tenant->id), ARG(f.after), ARG((int64_t)WALK_MAX)), e))
        return false;
    while (f.n < f.limit && (ok = rows_next(&r, &more, e)) && more &&
           (ok = tell_one(&f, &r, e)))
        ;
    rows_close(&r);
    if (!ok)
        return false;
    put_place(&f);
    return true;
}

bool
api_events(struct rq *rq, struct err *e)
{
    return rq_apart(rq, events_now, NULL, e);
}
