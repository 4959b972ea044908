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

/* A choice by its key, yes or no, a record by its id. */
static bool
filter_value(const struct field *f, struct str one, int64_t *v, struct err *e)
{
    const struct choice *c;

    if (f->kind != FK_ENUM)
        return (str_i64(one, v) && *v >= 0 &&
                (f->kind != FK_FLAG || *v <= 1)) ||
               err_set(e, ERR_INVALID, f->name,
                       "The parameter \"%.*s\" has a value that is not "
                       "understood",
                       STR_ARG(str_of(f->name)));
    if ((c = choice_find(f->choices, one)) == NULL)
        return err_set(e, ERR_INVALID, f->name,
                       "\"%.*s\" is not one of the choices", STR_ARG(one));
    *v = c->v;
    return true;
}

static bool
one_filter(struct rq *rq, struct query *q, const struct field *f, struct err *e)
{
    struct str value = rq_query(rq, f->name), rest = value, one;
    struct list_filter *lf = &q->list.filter[q->list.n_filters];

    if (value.n == 0)
        return true;
    *lf = (struct list_filter){ .field = f };
    while (str_split(&rest, ',', &one)) {
        if (lf->n == N_OF(lf->v))
            return err_set(e, ERR_INVALID, f->name,
                           "At most %d choices at once", (int)N_OF(lf->v));
        if (!filter_value(f, one, &lf->v[lf->n++], e))
            return false;
    }
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

/* ---- days and times --------------------------------------------------------- */

bool
query_has_days(const struct field *f)
{
    return (f->kind == FK_DAY || f->kind == FK_TIME) && f->see == NULL &&
           !(f->flags & F_MACHINE);
}

const struct field *
query_span(const struct ledger *l, struct str name, bool *last)
{
    static const struct str ends[] = { STR_INIT("_from"), STR_INIT("_to") };

    for (size_t i = 0; i < N_OF(ends); i++) {
        const struct field *f;

        if (name.n <= ends[i].n ||
            !str_eq(str_cut(name, name.n - ends[i].n, name.n), ends[i]))
            continue;
        f = ledger_field(l, str_cut(name, 0, name.n - ends[i].n));
        if (f == NULL || !query_has_days(f))
            continue;
        if (last != NULL)
            *last = i == 1;
        return f;
    }
    return NULL;
}

/* The span of that field, or a new one; NULL: there are too many. */
static struct list_span *
span_of(struct query *q, const struct field *f)
{
    for (unsigned i = 0; i < q->list.n_spans; i++)
        if (q->list.span[i].field == f)
            return &q->list.span[i];
    if (q->list.n_spans == N_OF(q->list.span))
        return NULL;
    q->list.span[q->list.n_spans] =
        (struct list_span){ .field = f, .from = INT64_MIN, .until = INT64_MAX };
    return &q->list.span[q->list.n_spans++];
}

static bool
one_day(struct rq *rq, struct query *q, const struct http_param *p,
        const struct field *f, bool last, struct err *e)
{
    const struct zone *z = rq->who.dir->rules.zone;
    struct list_span *s = span_of(q, f);
    int64_t day;

    if (s == NULL)
        return err_set(e, ERR_INVALID, f->name,
                       "At most %d days and times at once", LIST_SPANS_MAX);
    if (!day_parse(p->value, &day))
        return err_set(
            e, ERR_INVALID, arena_dupz(rq->arena, p->name),
            "The parameter \"%.*s\" must be a day such as 2024-03-05",
            STR_ARG(p->name));
    day += last; /* the whole of it */
    if (f->kind == FK_TIME)
        day = zone_time(z, day, 0);
    *(last ? &s->until : &s->from) = day;
    keep(rq, q, arena_dupz(rq->arena, p->name), p->value);
    return true;
}

bool
query_walks(const struct rq *rq)
{
    for (size_t i = 0; i < rq->http->n_query; i++)
        if (str_is(rq->http->query[i].name, "changed_since") ||
            query_span(rq->ledger, rq->http->query[i].name, NULL) != NULL)
            return true;
    return false;
}

static bool
time_filters(struct rq *rq, struct query *q, struct err *e)
{
    struct str since = rq_query(rq, "changed_since");
    struct list_span *s;

    for (size_t i = 0; i < rq->http->n_query; i++) {
        const struct http_param *p = &rq->http->query[i];
        bool last;
        const struct field *f = query_span(q->list.ledger, p->name, &last);

        if (f != NULL && !one_day(rq, q, p, f, last, e))
            return false;
    }
    if (since.n == 0)
        return true;
    s = span_of(q, ledger_field(q->list.ledger, STR("changed_at")));
    if (s == NULL || s->from != INT64_MIN || !moment_parse(since, &s->from))
        return err_set(e, ERR_INVALID, "changed_since",
                       "changed_since is a moment such as "
                       "2024-03-05T01:02:03Z, in place of changed_at_from");
    keep(rq, q, "changed_since", since);
    return true;
}

/* ---- order and paging ------------------------------------------------------- */

static bool
order(struct rq *rq, struct query *q, struct err *e)
{
    struct str sort = rq_query(rq, "sort");

    if (str_is(sort, "due"))
        q->list.sort = SORT_DUE_FIRST;
    else if (str_is(sort, "old"))
        q->list.sort = SORT_OLD;
    else if (sort.n > 0 && !str_is(sort, "new"))
        return err_set(e, ERR_INVALID, "sort",
                       "A list is in the order \"new\", \"old\" or \"due\"");
    if (q->list.sort != SORT_NEW)
        keep(rq, q, "sort", sort);
    return true;
}

static bool
rest_of(struct rq *rq, struct query *q, struct err *e)
{
    bool due;

    if (rq_query_i64(rq, "overdue") != 0) {
        q->list.due_before = rq->who.now;
        q->filtered = true;
        keep(rq, q, "overdue", STR("1"));
    }
    q->whole = rq_query_i64(rq, "whole") != 0;
    if (q->whole)
        keep(rq, q, "whole", STR("1"));
    if (!order(rq, q, e))
        return false;
    due = q->list.sort == SORT_DUE_FIRST;
    q->list.after_id = rq_query_i64(rq, "after");
    q->list.after_key = rq_query_i64(rq, "key");
    if (rq_query(rq, "key").n > 0 ? q->list.after_id == 0
                                  : rq->json && due && q->list.after_id != 0)
        return err_set(e, ERR_INVALID, "key",
                       "after and key belong together: follow \"next\"");
    if (rq->json && rq_query(rq, "own").n > 0 && rq_query(rq, "org").n == 0)
        return err_set(e, ERR_INVALID, "own", "own belongs to an org");
    if (rq_query(rq, "limit").n > 0)
        q->list.limit = (unsigned)rq_query_i64(rq, "limit");
    return true;
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
    return (!rq->json || time_filters(rq, q, e)) && rest_of(rq, q, e);
}
