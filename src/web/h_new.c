/* A new record: its form, and what is sent from it. */
#include <inttypes.h>

#include "pages/pages.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/post.h"
#include "web/reauth.h"
#include "web/resume.h"
#include "web/view.h"

static int64_t
home_org(struct rq *rq, const struct ledger *l, const char *verb)
{
    const struct dir *d = rq->who.dir;
    int64_t want = rq_query_i64(rq, "org");
    const struct dir_person *p = dir_person(d, rq->who.person);

    if (want != 0 && actor_may(&rq->who, l, verb, want))
        return want;
    if (p != NULL && actor_may(&rq->who, l, verb, p->org))
        return p->org;
    for (size_t i = 0; i < d->n_org; i++)
        if (actor_may(&rq->who, l, verb, d->tree[i]->id))
            return d->tree[i]->id;
    return 0;
}

/* A new record as far as the one tells that it is opened from; NULL: from
 * none. Errors: ERR_MISSING, ERR_CONFLICT. */
static bool
begun(struct rq *rq, void **out, struct err *e)
{
    const struct ledger *l = rq->ledger, *to;
    int64_t from = rq_query_i64(rq, "from");
    const struct rec *source;
    const struct field *f;
    struct rec *rec;
    void *src;

    *out = NULL;
    if (from == 0 || l->from == NULL)
        return true;
    f = ledger_field(l, str_of(l->from));
    to = ledger_find(str_of(f->ref));
    src = arena_alloc(rq->arena, to->size);
    *out = rec = arena_alloc(rq->arena, l->size);
    if (src == NULL || rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, to, from, rq->arena, src,
                       e))
        return false;
    source = src;
    if (!actor_reads(&rq->who, to, src))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if (!(l->from_in & IN(source->state)))
        return err_set(e, ERR_CONFLICT, NULL,
                       "Nothing can be opened from it in this state");
    rec->org = source->org;
    *field_i64(f, rec) = from;
    l->begin(rec, src, rq->arena);
    return true;
}

/* The form for a school, empty or as begun; or the one that was sent with what
 * is wrong. */
static bool
show_new(struct rq *rq, int64_t org, const void *rec, const struct err *sent,
         struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);
    struct page_form_view v = { .lang = rq->lang };
    struct v_form form;

    if (s == NULL || org == 0 || !actor_may(&rq->who, rq->ledger, s->verb, org))
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    rq->asks_password = reauth_asked(sent);
    form = view_step(rq, rq->ledger, s, rec, org);
    if (sent != NULL)
        view_typed(rq, &form, sent);
    v.form = &form;
    if (s->roles & R(PUBLIC))
        v.door =
            view_url(rq, "/report/%.*s/%ld", STR_ARG(rq->who.dir->tenant.code),
                     (long)dir_school(rq->who.dir, org));
    v.head = view_head(rq, rq_tr(rq, s->label));
    answer_html(rq);
    page_form(&rq->rs->body, &v);
    return true;
}

bool
record_new(struct rq *rq, struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);
    int64_t org = s != NULL ? home_org(rq, rq->ledger, s->verb) : 0;
    void *rec;

    if (!begun(rq, &rec, e))
        return false;
    if (rec != NULL && s != NULL)
        org = actor_may(&rq->who, rq->ledger, s->verb, ((struct rec *)rec)->org)
                  ? ((struct rec *)rec)->org
                  : 0;
    return show_new(rq, org, rec, NULL, e);
}

static bool
created(struct rq *rq, struct err *e)
{
    const struct change *c = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        if (post_sent_before(c, e))
            return post_to_first(rq, c);
        if (!post_mendable(e))
            return false;
        rq->rs->status = err_info[e->code].http;
        return show_new(rq, c->org, NULL, &rq->work_err, e);
    }
    if (c->alike)
        return post_to_first(rq, c);
    return rq_redirect(
        rq, arena_printf(rq->arena, "%.*s?done=1",
                         STR_ARG(rq_path(rq, c->ledger, c->out_id))));
}

static bool
new_again(struct rq *rq, struct err *e)
{
    return show_new(rq, ((const struct change *)rq->work)->org, NULL,
                    &rq->work_err, e);
}

static bool
by_hand(struct rq *rq, struct err *e)
{
    struct change *c = rq->work;

    c->by_hand = rq->work_ok;
    return rq->work_ok ? post_run(rq, c, created, e) : created(rq, e);
}

bool
record_create(struct rq *rq, struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);
    struct change *c;
    struct err none;

    if (s == NULL)
        return err_set(e, ERR_METHOD, NULL, "Nothing can be added here");
    if ((c = post_change(rq, e)) == NULL)
        return false;
    c->verb = str_of(s->verb);
    c->once = true;
    if (c->org == 0 && (rq->ledger->flags & L_AT_SCHOOL) &&
        !actor_at_school(&rq->who) && !resume_fills(rq)) {
        err_set(&none, ERR_INVALID, "org", "Say which school it belongs to");
        rq->rs->status = err_info[none.code].http;
        return show_new(rq, home_org(rq, rq->ledger, s->verb), NULL, &none, e);
    }
    /* a unit is made by whoever may do so in the one that it belongs to */
    if (c->org == 0 && (rq->ledger->flags & L_TREE) &&
        !str_i64(rq_form(rq, "parent"), &c->org))
        c->org = 0;
    if (c->org == 0)
        c->org = home_org(rq, rq->ledger, s->verb);
    if (resume_fills(rq))
        return post_keep(rq, c, new_again, e);
    rq->work = c;
    if (rq_form(rq, "sign_password").n > 0)
        return reauth(rq, rq_form(rq, "sign_password"), "sign_password",
                      by_hand, e);
    return post_run(rq, c, created, e);
}
