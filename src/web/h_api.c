/* The JSON API: the same records and steps, for programs. */
#include <inttypes.h>

#include "web/answer.h"
#include "web/apart.h"
#include "web/api.h"
#include "web/handlers.h"
#include "web/inspect.h"
#include "web/json.h"
#include "web/look.h"
#include "web/mention.h"
#include "web/post.h"
#include "web/query.h"
#include "web/view.h"

void
api_next(struct rq *rq, struct buf *b, struct str address)
{
    http_set(rq->http, rq->rs, "Link",
             arena_printf(rq->arena, "<%.*s>; rel=\"next\"", STR_ARG(address)));
    json_str(b, address);
}

/* A row of a list, or the record that it is of. */
static bool
put_item(struct rq *rq, const struct query *q, const struct rec *row,
         struct err *e)
{
    const struct ledger *l = q->list.ledger;
    void *rec;

    if (!q->whole) {
        json_rec(rq, &rq->rs->body, l, row, l->list);
        return true;
    }
    if ((rec = arena_alloc(rq->arena, l->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, q->list.tenant, l, row->id, rq->arena, rec, e))
        return false;
    json_rec(rq, &rq->rs->body, l, rec, NULL);
    return true;
}

static bool
list_now(struct rq *rq, struct err *e)
{
    const struct ledger *l = rq->ledger;
    struct buf *b = &rq->rs->body;
    const struct rec *last = NULL;
    struct query q;
    void *recs;
    size_t n;
    bool more, lacks = false;

    if (!query_read(rq, l, "read", &q, e))
        return false;
    if (!store_list(rq->st, &q.list, rq->arena, &recs, &n, &more, e) ||
        (q.list.match.n > 0 &&
         !store_search_lacks(rq->st, q.list.tenant, l, &lacks, e)))
        return false;
    answer_type(rq, "application/json");
    buf_puts(b, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        last = (const struct rec *)(void *)((char *)recs + i * l->size);
        buf_puts(b, i > 0 ? "," : "");
        if (!put_item(rq, &q, last, e))
            return false;
    }
    buf_puts(b, "],\"next\":");
    if (more && last != NULL)
        api_next(rq, b,
                 arena_printf(rq->arena,
                              "/api/v1/%.*s/%s?limit=%u&%.*s%safter=%" PRId64
                              "&key=%" PRId64,
                              STR_ARG(rq->tenant->code), l->name, q.list.limit,
                              STR_ARG(q.params), q.params.n > 0 ? "&" : "",
                              last->id, last->due_at));
    else
        buf_puts(b, "null");
    if (lacks) /* the index of words is being made anew */
        buf_puts(b, ",\"incomplete\":true");
    buf_puts(b, "}\n");
    return true;
}

static bool
list_looked(struct rq *rq, struct err *e)
{
    return query_walks(rq) ? rq_apart(rq, list_now, NULL, e) : list_now(rq, e);
}

bool
api_list(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_LIST, list_looked, e);
}

/* Of an inspection that may be done: the hazards that a failed item may name
 * instead of making a second one. */
static bool
known_json(struct rq *rq, const struct inspection *i, struct err *e)
{
    struct buf *b = &rq->rs->body;
    struct checklist *c = arena_new_obj(rq->arena, struct checklist);
    struct known_hazard *known;
    size_t n;

    if (!inspect_is_open(i))
        return true;
    if (c == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &checklist_ledger,
                       i->checklist, rq->arena, c, e) ||
        !inspect_known(rq, i, c, &known, &n, e))
        return false;
    buf_puts(b, ",\"known\":[");
    for (size_t k = 0; k < n; k++) {
        buf_printf(b,
                   "%s{\"hazard\":\"%" PRId64 "\",\"item\":%" PRId64 ",\"no\":",
                   k > 0 ? "," : "", known[k].id, known[k].item);
        json_str(b, known[k].no);
        buf_puts(b, ",\"description\":");
        json_str(b, known[k].words);
        buf_puts(b, "}");
    }
    buf_puts(b, "]");
    return true;
}

static bool
send_record(struct rq *rq, const struct ledger *l, int64_t id, struct err *e)
{
    void *rec = arena_alloc(rq->arena, l->size);
    struct buf *b = &rq->rs->body;
    bool first = true;
    struct err ignored;

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, id, rq->arena, rec,
                       e))
        return false;
    if (!actor_reads(&rq->who, l, rec))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    answer_type(rq, "application/json");
    http_set(
        rq->http, rq->rs, "ETag",
        arena_printf(rq->arena, "\"%" PRId64 "\"", ((struct rec *)rec)->rev));
    buf_puts(b, "{\"record\":");
    json_rec(rq, b, l, rec, NULL);
    buf_puts(b, ",\"steps\":[");
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];

        if (!(s->from & IN(((struct rec *)rec)->state)) ||
            (s->flags & S_QUIET) || (s->fits != NULL && !s->fits(rec)) ||
            !actor_steps(&rq->who, l, s, rec, ((struct rec *)rec)->org,
                         &ignored))
            continue;
        buf_puts(b, first ? "" : ",");
        json_str(b, str_of(s->verb));
        first = false;
    }
    buf_puts(b, "]");
    if (l == &inspection_ledger && !known_json(rq, rec, e))
        return false;
    buf_puts(b, "}\n");
    return true;
}

static bool
get_now(struct rq *rq, struct err *e)
{
    return send_record(rq, rq->ledger, rq->id, e);
}

bool
api_get(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_RECORD, get_now, e);
}

static bool
answered(struct rq *rq, struct err *e)
{
    const struct change *c = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return api_refused(rq, c, e);
    }
    if (rq->id == 0) {
        rq->rs->status = 201;
        http_set(rq->http, rq->rs, "Location",
                 arena_printf(rq->arena, "/api/v1/%.*s/%s/%" PRId64,
                              STR_ARG(rq->tenant->code), c->ledger->name,
                              c->out_id));
    }
    return send_record(rq, c->ledger, c->out_id, e);
}

bool
api_create(struct rq *rq, struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);
    struct change *c;

    if (s == NULL)
        return err_set(e, ERR_METHOD, NULL, "Nothing can be added here");
    if ((c = post_change(rq, e)) == NULL)
        return false;
    c->verb = str_of(s->verb);
    return post_run(rq, c, answered, e);
}

/* If-Match: "3" names the revision, as the body's rev does; so does W/"3", which
 * a proxy that compresses makes of it. */
static bool
if_match(struct rq *rq, struct change *c, struct err *e)
{
    struct str tag = http_header(rq->http, "If-Match");
    int64_t rev;

    if (tag.n == 0)
        return c->rev != 0 ||
               err_set(e, ERR_BLIND, "rev",
                       "Say which revision you saw: \"rev\" in the body, or "
                       "the header If-Match");
    if (str_starts(tag, STR("W/")))
        tag = str_cut(tag, 2, tag.n);
    if (tag.n < 3 || tag.p[0] != '"' || tag.p[tag.n - 1] != '"' ||
        !str_i64(str_cut(tag, 1, tag.n - 1), &rev) || rev <= 0)
        return err_set(e, ERR_INVALID, "If-Match",
                       "If-Match names one revision, such as \"3\"");
    if (c->rev != 0 && c->rev != rev)
        return err_set(e, ERR_INVALID, "rev",
                       "rev and If-Match name two revisions");
    c->rev = rev;
    return true;
}

bool
api_step(struct rq *rq, struct err *e)
{
    struct change *c = post_change(rq, e);

    if (c == NULL)
        return false;
    c->id = rq->id;
    c->verb = rq->verb;
    return if_match(rq, c, e) && post_run(rq, c, answered, e);
}

bool
api_erase_words(struct rq *rq, struct err *e)
{
    struct mention_erase *m = mention_asked(rq, e);

    if (m == NULL || !if_match(rq, &m->c, e))
        return false;
    rq->work = m; /* which begins with its change */
    return rq_job(rq, mention_erase_job, m, answered, e);
}

bool
api_me(struct rq *rq, struct err *e)
{
    struct buf *b = &rq->rs->body;
    const struct dir *d = rq->who.dir;
    bool first = true;

    (void)e;
    answer_type(rq, "application/json");
    buf_printf(b, "{\"person\":\"%" PRId64 "\",\"name\":", rq->who.person);
    json_str(b, view_person(rq, rq->who.person));
    buf_puts(b, ",\"tenant\":");
    json_str(b, d->tenant.code);
    buf_puts(b, ",\"posts\":[");
    for (size_t i = 0; i < d->n_post; i++) {
        if (d->post[i].person != rq->who.person)
            continue;
        buf_printf(b, "%s{\"org\":\"%" PRId64 "\",\"role\":\"%s\"}",
                   first ? "" : ",", d->post[i].org,
                   choice_of(role_choices, d->post[i].role)->key);
        first = false;
    }
    buf_puts(b, "]}\n");
    return true;
}
