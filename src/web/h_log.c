/* The log, seen from outside. The public gets checkpoints of fixed hours and
 * the hashes below them, never an entry; who may read a record gets proofs of
 * its events at once. */
#include "pages/pages.h"
#include "service/proof.h"
#include "service/publish.h"
#include "store/stmt.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/look.h"
#include "web/view.h"

/* What is given away binds the log from then on. */
static bool
newest(struct rq *rq, struct published *p, struct err *e)
{
    return publish_newest(rq->st, rq->tenant, rq->arena, p, e) &&
           (p->size == 0 ||
            loghead_reach(rq->app->heads, logkey_origin(rq->arena, rq->tenant),
                          (uint64_t)p->size, &p->root, e));
}

bool
log_checkpoint(struct rq *rq, struct err *e)
{
    struct published p;

    if (!newest(rq, &p, e))
        return false;
    if (p.size == 0)
        return err_set(e, ERR_MISSING, NULL,
                       "No checkpoint has been published yet");
    http_set(rq->http, rq->rs, "Content-Type",
             STR("text/plain; charset=utf-8"));
    http_set(rq->http, rq->rs, "Cache-Control", STR("public, max-age=60"));
    buf_str_put(&rq->rs->body, p.note);
    return true;
}

bool
log_tile(struct rq *rq, struct err *e)
{
    struct tlog_reader *r = arena_new_obj(rq->arena, struct tlog_reader);
    struct hash at[TLOG_TILE];
    struct published p;
    struct tile_path t;

    if (r == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!newest(rq, &p, e))
        return false;
    if (!tile_path_parse(rq->verb, &t) || t.entries ||
        tile_width(&t, (uint64_t)p.size) < t.width)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    tlog_reader_init(r, rq->st, rq->tenant->id);
    if (!tlog_reader_tile(r, t.level, t.n, t.width, at, e))
        return false;
    http_set(rq->http, rq->rs, "Content-Type", STR("application/octet-stream"));
    http_set(rq->http, rq->rs, "Cache-Control",
             STR("public, max-age=31536000, immutable"));
    buf_put(&rq->rs->body, at, t.width * sizeof(at[0]));
    return true;
}

bool
log_page(struct rq *rq, struct err *e)
{
    struct page_log_view v = { .lang = rq->lang };
    struct published p;
    struct note_key key;
    BUF(vkey, 1024);

    if (!newest(rq, &p, e))
        return false;
    v.origin = logkey_origin(rq->arena, rq->tenant);
    if (logkey_public(rq->st, rq->arena, &key, e)) {
        note_key_name(&key, v.origin);
        vkey_format(&vkey, &key);
        v.key = arena_dup(rq->arena, buf_str(&vkey));
    } else if (e->code != ERR_MISSING)
        return false;
    v.note = p.note;
    v.size = p.size;
    v.checkpoint =
        view_url(rq, "/log/%.*s/checkpoint", STR_ARG(rq->tenant->code));
    v.head = view_head(rq, rq_tr(rq, N_("The log")));
    answer_html(rq);
    page_log(&rq->rs->body, &v);
    return true;
}

static bool
proof_now(struct rq *rq, struct err *e)
{
    void *rec = arena_alloc(rq->arena, rq->ledger->size);
    struct prover p;
    bool ok;

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->tenant->id, rq->ledger, rq->id, rq->arena,
                       rec, e))
        return false;
    if (!actor_reads(&rq->who, rq->ledger, rec))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    answer_type(rq, "text/plain; charset=utf-8");
    http_set(rq->http, rq->rs, "Content-Disposition",
             arena_printf(rq->arena,
                          "attachment; filename=\"%s-%ld.tlog-proof\"",
                          rq->ledger->name, (long)rq->id));
    ok = prover_init(&p, rq->st, rq->app->heads, rq->tenant, rq->arena, e) &&
         proof_of_record(&p, &rq->who, rq->ledger, rec, &rq->rs->body, e);
    prover_fini(&p);
    return ok;
}

bool
record_proof(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_HISTORY, proof_now, e);
}
