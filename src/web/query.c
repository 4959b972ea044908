#include "web/query.h"

/* Append name=value to the query string that links carry on. */
static void
keep(struct rq *rq, struct query *q, const char *name, struct str value)
{
    BUF(b, 8192);

    buf_str_put(&b, q->params);
    buf_puts(&b, q->params.n > 0 ? "&" : "");
    buf_printf(&b, "%s=", name);
    html_pct(&b, value);
    q->params = arena_dup(rq->arena, buf_str(&b));
}

static bool
one_filter(struct rq *rq, struct query *q, const struct field *f, struct err *e)
{
    struct str value = rq_query(rq, f->name), rest = value, one;
    struct list_filter *lf = &q->list.filter[q->list.n_filters];

    if (value.n == 0)
        return true;
    *lf = (struct list_filter){ .field = f };
    while (str_split(&rest, ',', &one) && lf->n < N_OF(lf->v)) {
        const struct choice *c;

        if (f->kind == FK_ENUM) {
            if ((c = choice_find(f->choices, one)) == NULL)
                return err_set(e, ERR_INVALID, f->name,
                               "\"%.*s\" is not one of the choices",
                               STR_ARG(one));
            lf->v[lf->n++] = c->v;
        } else if (str_i64(one, &lf->v[lf->n])) {
            lf->n++;
        }
    }
    if (lf->n > 0)
        q->list.n_filters++;
    q->filtered = true;
    keep(rq, q, f->name, value);
    return true;
}

/* state=open, state=ended, or keys of states. */
static bool
state_filter(struct rq *rq, struct query *q, struct err *e)
{
    struct str value = rq_query(rq, "state"), rest = value, one;
    const struct ledger *l = q->list.ledger;

    if (value.n == 0)
        return true;
    while (str_split(&rest, ',', &one)) {
        uint64_t bits = 0;

        for (size_t i = 0; i < l->n_states; i++) {
            const struct state *s = &l->states[i];

            if (str_is(one, s->key) ||
                (str_is(one, "open") && (s->flags & ST_OPEN)) ||
                (str_is(one, "ended") && (s->flags & ST_END)))
                bits |= IN(s->v);
        }
        if (bits == 0)
            return err_set(e, ERR_INVALID, "state", "There is no such state");
        q->list.states |= bits;
    }
    q->filtered = true;
    keep(rq, q, "state", value);
    return true;
}

/* org=: only that node and those below it, of those the reader may see. A
 * central school has schools below it: with own=1 only its departments. */
static void
org_filter(struct rq *rq, struct query *q)
{
    int64_t top = rq_query_i64(rq, "org");
    const struct dir *d = rq->who.dir;
    bool own = rq_query_i64(rq, "own") != 0;
    size_t n = 0;

    if (top != 0) {
        for (size_t i = 0; i < d->n_org; i++) {
            int64_t id = d->org[i].id;
            bool mine = q->scope.all;

            for (size_t k = 0; k < q->scope.n && !mine; k++)
                mine = q->scope.org[k] == id;
            if (mine &&
                (own ? dir_school(d, id) == top : dir_below(d, id, top)))
                q->scope.org[n++] = id;
        }
        q->scope.all = q->scope.all && top == d->root && !own;
        q->scope.n = n;
        q->filtered = true;
        keep(rq, q, "org", rq_query(rq, "org"));
        if (own)
            keep(rq, q, "own", STR("1"));
    }
    q->list.all = q->scope.all;
    q->list.org = q->scope.org;
    q->list.n_org = q->scope.n;
}

static void
text_filter(struct rq *rq, struct query *q)
{
    BUF(b, 256 * 1024);

    q->text = str_trim(rq_query(rq, "q"));
    q->list.match = STR("");
    if (q->text.n == 0)
        return;
    store_match(&b, q->list.tenant, q->list.ledger, q->text);
    q->list.match = arena_dup(rq->arena, buf_str(&b));
    if (q->list.match.n == 0) { /* signs alone: no record has such a word */
        q->list.all = false;
        q->list.n_org = 0;
    }
    q->filtered = true;
    keep(rq, q, "q", q->text);
}

static void
rest_of(struct rq *rq, struct query *q)
{
    if (rq_query_i64(rq, "overdue") != 0) {
        q->list.due_before = rq->who.now;
        q->filtered = true;
        keep(rq, q, "overdue", STR("1"));
    }
    if (str_is(rq_query(rq, "sort"), "due")) {
        q->list.sort = SORT_DUE;
        keep(rq, q, "sort", STR("due"));
    }
    q->list.after_id = rq_query_i64(rq, "after");
    q->list.after_key = rq_query_i64(rq, "key");
}

bool
query_read(struct rq *rq, const struct ledger *l, const char *right,
           struct query *q, struct err *e)
{
    struct str rest = str_of(l->filter), name;

    *q = (struct query){
        .list = { .tenant = rq->who.dir->tenant.id, .ledger = l, .limit = 50 },
        .params = STR("")
    };
    if (!actor_scope(&rq->who, l, right, rq->arena, &q->scope, e))
        return false;
    if (!q->scope.all && q->scope.n == 0)
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    org_filter(rq, q);
    while (str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (f == NULL || f->tag < 32)
            continue;
        if (!one_filter(rq, q, f, e))
            return false;
    }
    if (!state_filter(rq, q, e))
        return false;
    text_filter(rq, q);
    rest_of(rq, q);
    return true;
}
