/* One step for many records: thirty acceptances in one go. Each is a change of
 * its own, with the revision that the person saw. */
#include "domain/risk.h"
#include "domain/sweep.h"
#include "pages/round.h"
#include "service/with.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/resume.h"
#include "web/view.h"

enum { SHOWN = 60, WITH_MAX = 4 };

/* ---- what can be taken together ---------------------------------------------- */

static const struct step *
step_together(const struct ledger *l, const void *rec, struct str verb)
{
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];

        if ((s->flags & S_TOGETHER) && str_is(verb, s->verb) &&
            (rec == NULL || ((s->from & IN(((const struct rec *)rec)->state)) &&
                             (s->fits == NULL || s->fits(rec)))))
            return s;
    }
    return NULL;
}

static uint64_t
states_of(const struct ledger *l, struct str verb)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < l->n_steps; i++)
        if ((l->steps[i].flags & S_TOGETHER) && str_is(verb, l->steps[i].verb))
            bits |= l->steps[i].from;
    return bits;
}

static bool
may_take(struct rq *rq, const void *rec, struct str verb)
{
    const struct ledger *l = rq->ledger;
    const struct step *s = step_together(l, rec, verb);
    struct err e;

    return s != NULL &&
           actor_steps(&rq->who, l, s, rec, ((const struct rec *)rec)->org, &e);
}

/* What was said once for all of them: fields that the step writes, and which
 * school's records are meant. */
static struct str
said(const struct rq *rq, const char *name)
{
    return rq->http->method == HTTP_POST ? rq_form(rq, name)
                                         : rq_query(rq, name);
}

static size_t
said_fields(struct rq *rq, const struct step *s, struct v_input *out,
            size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < rq->ledger->n_fields && n < room; i++) {
        const struct field *f = &rq->ledger->fields[i];
        struct str value = said(rq, f->name);

        if (value.n > 0 && step_writes(s, f))
            out[n++] =
                (struct v_input){ .name = str_of(f->name), .value = value };
    }
    return n;
}

/* One school's, of those that the reader may see. */
static void
narrow(const struct rq *rq, struct list_query *q)
{
    static const int64_t nowhere = 0;
    int64_t org;

    if (!str_i64(said(rq, "org"), &org))
        return;
    for (size_t i = 0; i < q->n_org || q->all; i++)
        if (q->all || q->org[i] == org) {
            int64_t *one = arena_new_array(rq->arena, int64_t, 1);

            if (one != NULL)
                *one = org;
            q->org = one != NULL ? one : &nowhere;
            q->n_org = 1;
            q->all = false;
            return;
        }
    q->org = &nowhere;
    q->n_org = 1;
}

/* Has it got already what would be said of it? */
static bool
has_all(const struct rq *rq, const void *rec, const struct v_input *with,
        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct field *f = ledger_field(rq->ledger, with[i].name);
        int64_t v;

        if (f->kind != FK_REF || !str_i64(with[i].value, &v) ||
            *field_i64(f, rec) != v)
            return false;
    }
    return n > 0;
}

/* Would it be refused as it stands, given what is said of all? */
static bool
is_barred(struct rq *rq, const void *rec, struct str verb,
          const struct v_input *with, size_t n)
{
    struct input in[WITH_MAX];
    struct change c = { .ledger = rq->ledger,
                        .tenant = rq->who.dir->tenant.id,
                        .person = rq->who.person,
                        .verb = verb,
                        .input = in,
                        .n_inputs = n };
    struct err why = { 0 };

    for (size_t i = 0; i < n; i++)
        in[i] = (struct input){ with[i].name, with[i].value };
    return n > 0 &&
           !with_check(rq->st, &c, step_together(rq->ledger, rec, verb),
                       &rq->who, rec, rq->arena, &why) &&
           why.code == ERR_CONFLICT;
}

/* The records that wait for this step of this person, the oldest first. */
static bool
waiting(struct rq *rq, struct str verb, void ***recs, size_t *n, struct err *e)
{
    const struct ledger *l = rq->ledger;
    struct scope sc;
    struct list_query q = { .tenant = rq->who.dir->tenant.id,
                            .ledger = l,
                            .states = states_of(l, verb),
                            .sort = SORT_OLD,
                            .limit = 4 * SHOWN };
    void *all, **out = arena_new_array(rq->arena, void *, SHOWN);
    struct v_input with[WITH_MAX];
    size_t found,
        n_with = said_fields(rq, step_together(l, NULL, verb), with, WITH_MAX);
    bool more;

    *recs = out;
    *n = 0;
    if (out == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!actor_scope(&rq->who, l, "read", rq->arena, &sc, e))
        return false;
    q.all = sc.all;
    q.org = sc.org;
    q.n_org = sc.n;
    narrow(rq, &q);
    if (!store_list(rq->st, &q, rq->arena, &all, &found, &more, e))
        return false;
    for (size_t i = 0; i < found && *n < SHOWN; i++) {
        void *rec = arena_alloc(rq->arena, l->size);
        const struct rec *head =
            (const void *)((const char *)all + i * l->size);

        if (rec == NULL ||
            !store_rec_get(rq->st, q.tenant, l, head->id, rq->arena, rec, e))
            return false;
        if (may_take(rq, rec, verb) && !has_all(rq, rec, with, n_with) &&
            !is_barred(rq, rec, verb, with, n_with))
            out[(*n)++] = rec;
    }
    return true;
}

/* ---- the page ------------------------------------------------------------------- */

static struct v_pick
pick_of(struct rq *rq, const void *rec, const struct view_columns *columns)
{
    const struct rec *r = rec;
    const struct v_row *row = view_rows(rq, rq->ledger, rec, 1, columns);
    struct v_pick p = { .key = arena_printf(rq->arena, "%ld-%ld", (long)r->id,
                                            (long)r->rev) };

    if (row != NULL)
        p.row = *row;
    p.photos = view_photos(rq, rq->ledger, rec, &p.n_photos);
    return p;
}

struct together {
    struct str verb;
    size_t at, n, done;
    struct change *c; /* n of them */
    struct str *key;
    struct err *why; /* of those that did not pass */
};

static const struct err *
why_not(const struct together *t, struct str key)
{
    for (size_t i = 0; t != NULL && i < t->n; i++)
        if (t->why[i].code != ERR_NONE && str_eq(t->key[i], key))
            return &t->why[i];
    return NULL;
}

/* The form comes back with its ticks, but for those that somebody else has
 * moved meanwhile: they are to be looked at again. */
static bool
was_ticked(struct rq *rq, struct str key, const struct err *why)
{
    if (why != NULL ? why->code == ERR_CONFLICT : !resume_fills(rq))
        return false;
    for (size_t i = 0; i < rq->http->n_form; i++) {
        struct str rest = rq->http->form[i].value, id;

        if (str_is(rq->http->form[i].name, "pick") &&
            str_split(&rest, '-', &id) && str_eq(id, key))
            return true;
    }
    return false;
}

static struct v_pick *
all_picks(struct rq *rq, const struct together *t, void **recs, size_t n)
{
    struct view_columns columns =
        view_columns(rq, rq->ledger, "org place situation");
    struct v_pick *picks = arena_new_array(rq->arena, struct v_pick, n + 1);

    for (size_t i = 0; picks != NULL && i < n; i++) {
        const struct rec *r = recs[i];
        struct str key = arena_i64(rq->arena, r->id);
        const struct err *why = why_not(t, key);

        picks[i] = pick_of(rq, recs[i], &columns);
        picks[i].on = was_ticked(rq, key, why);
        if (why != NULL)
            picks[i].why = rq_error_text(rq, why);
    }
    return picks;
}

/* What did not pass and waits no more: somebody else was faster. */
static bool
gone(struct rq *rq, const struct together *t, void **recs, size_t n,
     struct page_together_view *v, struct err *e)
{
    struct view_columns columns = view_columns(rq, rq->ledger, "org place");
    struct v_pick *out = arena_new_array(rq->arena, struct v_pick, SHOWN);

    v->gone = out;
    for (size_t i = 0; out != NULL && t != NULL && i < t->n; i++) {
        struct rec *rec = arena_alloc(rq->arena, rq->ledger->size);
        bool waits = t->why[i].code == ERR_NONE;

        for (size_t k = 0; k < n; k++)
            waits |= ((const struct rec *)recs[k])->id == t->c[i].id;
        if (rec == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        if (waits || !store_rec_get(rq->st, t->c[i].tenant, rq->ledger,
                                    t->c[i].id, rq->arena, rec, e))
            continue;
        if (!actor_may(&rq->who, rq->ledger, "read", rec->org))
            continue;
        out[v->n_gone] = pick_of(rq, rec, &columns);
        out[v->n_gone++].why = rq_error_text(rq, &t->why[i]);
    }
    return out != NULL ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static void
say(struct rq *rq, const struct together *t, struct page_together_view *v)
{
    if (t == NULL)
        return;
    if (t->n == 0)
        v->error = str_of(rq_tr(rq, N_("Nothing is ticked: tick what is in "
                                       "order, then confirm")));
    else if (t->done == t->n)
        v->said =
            view_said(rq, N_("Done: %ld. Not done: %ld."), (long)t->done, 0L);
    else
        v->error = view_said(rq, N_("Done: %ld. Not done: %ld."), (long)t->done,
                             (long)(t->n - t->done));
    if (t->done < t->n)
        v->comment = rq_form(rq, "comment");
}

/* The record that all were given to, for example their notice. */
static bool
given_to(struct rq *rq, struct str verb, const struct ledger **l, int64_t *id)
{
    struct v_input with[WITH_MAX];
    size_t n =
        said_fields(rq, step_together(rq->ledger, NULL, verb), with, WITH_MAX);

    for (size_t i = 0; i < n; i++) {
        const struct field *f = ledger_field(rq->ledger, with[i].name);

        if (f->kind == FK_REF && str_i64(with[i].value, id) &&
            (*l = ledger_find(str_of(f->ref))) != NULL)
            return true;
    }
    return false;
}

static bool
show(struct rq *rq, struct str verb, const struct together *t, struct err *e)
{
    const struct ledger *l = rq->ledger, *to;
    const struct step *s = step_together(l, NULL, verb);
    struct page_together_view v = { .lang = rq->lang };
    struct v_input *with = arena_new_array(rq->arena, struct v_input, WITH_MAX);
    int64_t id;
    void **recs;
    size_t n;

    if (with == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (s == NULL)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!waiting(rq, verb, &recs, &n, e) || !gone(rq, t, recs, n, &v, e))
        return false;
    if ((v.picks = all_picks(rq, t, recs, n)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    v.n_picks = n;
    v.csrf = rq->session.csrf;
    v.key = rq_key(rq);
    v.label = str_of(rq_tr(rq, s->label));
    v.verb = verb;
    v.with = with;
    v.n_with = said_fields(rq, s, with, WITH_MAX - 1);
    if (said(rq, "org").n > 0)
        with[v.n_with++] =
            (struct v_input){ .name = STR("org"), .value = said(rq, "org") };
    v.action = view_url(rq, "%.*s/together", STR_ARG(rq_path(rq, l, 0)));
    v.to_record = given_to(rq, verb, &to, &id);
    v.list = v.to_record ? view_path(rq, to, id) : view_path(rq, l, 0);
    v.needs_comment = (s->flags & S_COMMENT) != 0;
    if (resume_fills(rq))
        v.comment = rq_form(rq, "comment");
    else
        say(rq, t, &v);
    v.head = view_head(
        rq, view_said(rq, N_("%.*s, several at once"), STR_ARG(v.label)).p);
    answer_html(rq);
    page_together(&rq->rs->body, &v);
    return true;
}

bool
together_page(struct rq *rq, struct err *e)
{
    return show(rq, rq_query(rq, "verb"), NULL, e);
}

/* ---- taking it ------------------------------------------------------------------- */

static bool next_one(struct rq *, struct err *);

static bool
one_done(struct rq *rq, struct err *e)
{
    struct together *t = rq->work;

    if (rq->work_ok)
        t->done++;
    else if (err_info[rq->work_err.code].fault == FAULT_SERVER) {
        *e = rq->work_err;
        return false;
    } else
        t->why[t->at] = rq->work_err;
    t->at++;
    return next_one(rq, e);
}

static bool
next_one(struct rq *rq, struct err *e)
{
    struct together *t = rq->work;
    const struct ledger *to;
    int64_t id;

    if (t->at < t->n)
        return rq_job(rq, change_job, &t->c[t->at], one_done, e);
    if (t->n > 0 && t->done == t->n && given_to(rq, t->verb, &to, &id))
        return rq_redirect(rq, arena_printf(rq->arena, "%.*s?done=1",
                                            STR_ARG(rq_path(rq, to, id))));
    return show(rq, t->verb, t, e);
}

/* "ID-REV" */
static bool
picked(struct rq *rq, struct together *t, struct str value, struct err *e)
{
    struct change *c = &t->c[t->n];
    const struct step *s = step_together(rq->ledger, NULL, t->verb);
    struct input *in = arena_new_array(rq->arena, struct input, WITH_MAX + 1);
    struct v_input with[WITH_MAX];
    struct str rest = value, id, rev;
    size_t n = said_fields(rq, s, with, WITH_MAX);

    if (in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++)
        in[i] = (struct input){ with[i].name, with[i].value };
    if (rq_form(rq, "comment").n > 0)
        in[n++] = (struct input){ STR("comment"), rq_form(rq, "comment") };
    *c = (struct change){ .ledger = rq->ledger,
                          .tenant = rq->who.dir->tenant.id,
                          .person = rq->who.person,
                          .scopes = rq->who.scopes,
                          .post = rq->who.post,
                          .verb = t->verb,
                          .input = in,
                          .n_inputs = n };
    if (!str_split(&rest, '-', &id) || !str_split(&rest, '-', &rev) ||
        !str_i64(id, &c->id) || !str_i64(rev, &c->rev) || c->rev <= 0)
        return err_set(e, ERR_INVALID, "pick", "There is no such record");
    c->idem = arena_printf(rq->arena, "%.*s-%.*s", STR_ARG(rq_form(rq, "key")),
                           STR_ARG(id));
    t->key[t->n++] = id;
    return true;
}

bool
together_send(struct rq *rq, struct err *e)
{
    struct together *t = arena_new_obj(rq->arena, struct together);

    if (t == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    t->verb = rq_form(rq, "verb");
    t->c = arena_new_array(rq->arena, struct change, SHOWN);
    t->why = arena_new_array(rq->arena, struct err, SHOWN);
    t->key = arena_new_array(rq->arena, struct str, SHOWN);
    if (t->c == NULL || t->why == NULL || t->key == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (step_together(rq->ledger, NULL, t->verb) == NULL)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (resume_fills(rq))
        return show(rq, t->verb, NULL, e);
    for (size_t i = 0; i < rq->http->n_form && t->n < SHOWN; i++)
        if (str_is(rq->http->form[i].name, "pick") &&
            !picked(rq, t, rq->http->form[i].value, e))
            return false;
    rq->work = t;
    return next_one(rq, e);
}

/* Another page about the same records. */
static void
page_beside(struct rq *rq, const struct ledger *l, struct v_link *v, size_t *n)
{
    struct str code = rq->who.dir->tenant.code;

    if (l == &risk_ledger)
        v[(*n)++] = (struct v_link){
            .label = str_of(rq_tr(rq, N_("Risk points by colour"))),
            .url = view_url(rq, "/t/%.*s/risks", STR_ARG(code))
        };
    if (l == &sweep_ledger)
        v[(*n)++] = (struct v_link){
            .label = str_of(rq_tr(rq, N_("Not looked at for longest"))),
            .url = view_url(rq, "/t/%.*s/causes#looked", STR_ARG(code))
        };
}

const struct v_link *
together_links(struct rq *rq, const struct ledger *l, size_t *n)
{
    uint64_t roles = actor_roles_anywhere(&rq->who);
    struct v_link *v = arena_new_array(rq->arena, struct v_link, 8);

    *n = 0;
    if (v != NULL)
        page_beside(rq, l, v, n);
    for (size_t i = 0; v != NULL && i < l->n_steps && *n < 8; i++) {
        const struct step *s = &l->steps[i];
        bool known = false;

        if (!(s->flags & S_TOGETHER) || (s->flags & S_QUIET) ||
            !(s->roles & roles) || !actor_scoped(&rq->who, l, s->verb))
            continue;
        for (size_t k = 0; k < i; k++)
            known |= (l->steps[k].flags & S_TOGETHER) &&
                     strcmp(l->steps[k].verb, s->verb) == 0 &&
                     (l->steps[k].roles & roles) != 0;
        if (!known)
            v[(*n)++] = (struct v_link){
                .label = view_said(rq, N_("%.*s, several at once"),
                                   STR_ARG(str_of(rq_tr(rq, s->label)))),
                .url = view_url(rq, "%.*s/together?verb=%s",
                                STR_ARG(rq_path(rq, l, 0)), s->verb)
            };
    }
    return v;
}
