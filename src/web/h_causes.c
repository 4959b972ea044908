/* Symptoms and root causes: what comes again, why, what nobody has looked at,
 * and what should be funded first. For one school or the district. */
#include <stdlib.h>

#include "domain/hazard.h"
#include "domain/sweep.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/charts.h"
#include "web/handlers.h"
#include "web/view.h"

enum { SHOWN = 15, VALUES = 64 };

/* ---- causes ------------------------------------------------------------------------ */

struct valued {
    int64_t v[VALUES], n[VALUES];
    size_t count;
};

static void
note_value(int64_t v, int64_t n, void *arg)
{
    struct valued *all = arg;

    if (all->count < VALUES) {
        all->v[all->count] = v;
        all->n[all->count++] = n;
    }
}

static bool
chart_causes(struct rq *rq, const struct list_query *q, struct v_chart *c,
             struct err *e)
{
    static const char *const heads[] = { N_("Kind of cause"), N_("How many") };
    const struct field *f = ledger_field(q->ledger, STR("cause_kind"));
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, VALUES);
    struct svg_bar bars[VALUES];
    struct valued all = { .count = 0 };

    c->title = str_of(rq_tr(rq, N_("Causes, twelve months")));
    c->caption = str_of(rq_tr(
        rq, N_("Of those hazards for which a kind of cause was entered when "
               "the work was submitted or accepted.")));
    if (rows == NULL || chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_list_values(rq->st, q, f, note_value, &all, e))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        const struct choice *x = choice_of(f->choices, all.v[i]);

        if (x == NULL)
            continue;
        bars[c->n_rows] =
            (struct svg_bar){ str_of(rq_tr(rq, x->label)), all.n[i], 0 };
        rows[c->n_rows++] = (struct v_table_row){
            .label = str_of(rq_tr(rq, x->label)),
            .link = true,
            .url = view_url(rq, "%.*s?cause_kind=%s",
                            STR_ARG(rq_path(rq, q->ledger, 0)), x->key),
            .cell = { chart_number(rq, all.n[i]) },
        };
    }
    c->rows = rows;
    if (c->n_rows > 0)
        chart_draw(
            rq, c, bars, c->n_rows,
            &(struct chart_colours){ { "bar-open", "bar-open" }, { NULL } });
    return true;
}

/* ---- places nobody has looked at --------------------------------------------------- */

struct looked {
    int64_t place, org, day; /* 0: never */
};

struct looks {
    struct looked *at;
    size_t n;
};

static int
longest_ago(const void *a, const void *b)
{
    const struct looked *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

static void
note_look(int64_t place, int64_t day, void *arg)
{
    struct looks *all = arg;

    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].place == place)
            all->at[i].day = day;
}

/* A sweep of the whole school has looked at each of its places. */
static void
note_school(int64_t org, int64_t day, void *arg)
{
    struct looks *all = arg;

    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].org == org && all->at[i].day < day)
            all->at[i].day = day;
}

static bool
is_open(const struct dir *d, int64_t org)
{
    const struct dir_org *o = dir_org(d, org);

    return o != NULL && o->state == 1;
}

static bool
in_scope(const struct list_query *q, int64_t org)
{
    for (size_t i = 0; i < q->n_org; i++)
        if (q->org[i] == org)
            return true;
    return q->all;
}

static struct looks
places(struct rq *rq, const struct list_query *q)
{
    const struct dir *d = rq->who.dir;
    struct looks all = { .at = arena_new_array(rq->arena, struct looked,
                                               d->n_place + 1) };

    for (size_t i = 0; all.at != NULL && i < d->n_place; i++)
        if (d->place[i].state == 1 && is_open(d, d->place[i].org) &&
            in_scope(q, d->place[i].org))
            all.at[all.n++] = (struct looked){ .place = d->place[i].id,
                                               .org = d->place[i].org };
    return all;
}

static bool
chart_looked(struct rq *rq, const struct list_query *hazards,
             const struct ledger *sweeps, struct v_chart *c, struct err *e)
{
    static const char *const heads[] = { N_("Place"), N_("School"),
                                         N_("Last looked at on") };
    struct str rest = str_of(sweeps->looked), ref = STR(""), day = STR("");
    struct list_query q = *hazards;
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, SHOWN);
    struct looks all = places(rq, hazards);

    c->title = str_of(rq_tr(rq, N_("Not looked at for longest")));
    c->id = STR("looked");
    c->caption = str_of(rq_tr(
        rq, N_("By the sweeps on the record. \"None found\" is a statement by "
               "somebody; no sweep says nothing.")));
    if (rows == NULL || all.at == NULL ||
        chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!str_split(&rest, ' ', &ref) || !str_split(&rest, ' ', &day))
        return true;
    q.ledger = sweeps;
    q.since_from = 0;
    q.states = IN(1);
    if (!store_list_latest(rq->st, &q, ledger_field(sweeps, ref),
                           ledger_field(sweeps, day), note_look, &all, e))
        return false;
    q.filter[0] = (struct list_filter){ ledger_field(sweeps, ref), { 0 }, 1 };
    q.n_filters = 1;
    if (!store_list_latest(rq->st, &q, ledger_field(sweeps, STR("org")),
                           ledger_field(sweeps, day), note_school, &all, e))
        return false;
    qsort(all.at, all.n, sizeof(*all.at), longest_ago);
    for (size_t i = 0; i < all.n && c->n_rows < SHOWN; i++)
        rows[c->n_rows++] = (struct v_table_row){
            .label = view_place(rq, all.at[i].place),
            .cell = { view_org(rq, all.at[i].org),
                      all.at[i].day != 0 ? view_day(rq, all.at[i].day)
                                         : str_of(rq_tr(rq, N_("never"))) },
        };
    c->rows = rows;
    return true;
}

/* ---- what to fund first ----------------------------------------------------------------- */

/* Major before general, overdue before the rest, the longest overdue first. */
static int
by_need(const void *a, const void *b)
{
    const struct hazard *x = a, *y = b;
    bool mx = x->grade == GRADE_MAJOR, my = y->grade == GRADE_MAJOR;

    if (mx != my)
        return mx ? -1 : 1;
    if ((x->r.due_at == 0) != (y->r.due_at == 0))
        return x->r.due_at != 0 ? -1 : 1;
    if (x->r.due_at != y->r.due_at)
        return x->r.due_at < y->r.due_at ? -1 : 1;
    return x->r.id < y->r.id ? -1 : 1;
}

static bool
chart_funds(struct rq *rq, const struct list_query *all, struct v_chart *c,
            struct err *e)
{
    static const char *const heads[] = { N_("Hazard"), N_("School"),
                                         N_("Grade"), N_("Due"), N_("Amount") };
    struct list_query q = *all;
    struct v_table_row *rows;
    struct hazard *h;
    void *recs;
    int64_t sum = 0;
    bool more;
    size_t n;

    q.since_from = 0;
    q.states = 0;
    for (size_t i = 0; i < q.ledger->n_states; i++)
        if (q.ledger->states[i].flags & ST_OPEN)
            q.states |= IN(q.ledger->states[i].v);
    q.filter[0] = (struct list_filter){
        ledger_field(q.ledger, STR("funds_need")), { FUNDS_NEEDED }, 1
    };
    q.n_filters = 1;
    q.limit = 500;
    q.fields = "description grade funds funds_need";
    c->title = str_of(rq_tr(rq, N_("To be funded first")));
    if (!store_list(rq->st, &q, rq->arena, &recs, &n, &more, e))
        return false;
    rows = arena_new_array(rq->arena, struct v_table_row, n + 1);
    if (rows == NULL || chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    h = recs;
    qsort(h, n, sizeof(*h), by_need);
    for (size_t i = 0; i < n; i++) {
        sum += h[i].funds;
        if (i < SHOWN)
            rows[c->n_rows++] = (struct v_table_row){
                .label = view_name(rq, q.ledger, &h[i]),
                .link = true,
                .url = view_path(rq, q.ledger, h[i].r.id),
                .cell = { view_org(rq, h[i].r.org),
                          view_value(rq, ledger_field(q.ledger, STR("grade")),
                                     &h[i]),
                          view_due(rq, h[i].r.due_at),
                          view_value(rq, ledger_field(q.ledger, STR("funds")),
                                     &h[i]) },
            };
    }
    c->rows = rows;
    c->caption = view_said(
        rq,
        N_("Open hazards that need money which is not there: %ld, "
           "%ld yuan as far as amounts are known. Major ones first, then what "
           "is overdue longest."),
        (long)n, (long)(sum / 100));
    c->all = view_url(rq, "%.*s?funds_need=needed&state=open",
                      STR_ARG(rq_path(rq, q.ledger, 0)));
    return true;
}

/* ---- the page ----------------------------------------------------------------------- */

static bool
render(struct rq *rq, struct err *e)
{
    const struct ledger *sweeps = &sweep_ledger;
    struct page_overview_view v = { .lang = rq->lang };
    struct v_chart charts[4] = { 0 };
    struct list_query q = { .tenant = rq->who.dir->tenant.id,
                            .ledger = &hazard_ledger,
                            .since_from = rq->who.now - 365 * MS_PER_DAY };
    int64_t only = rq_query_i64(rq, "org");
    struct scope sc;
    size_t n = 0;

    if (!actor_scope(&rq->who, q.ledger, "read", rq->arena, &sc, e))
        return false;
    for (size_t i = 0; only != 0 && i < rq->who.dir->n_org; i++) {
        int64_t org = rq->who.dir->org[i].id;

        if (dir_below(rq->who.dir, org, only) &&
            actor_may(&rq->who, q.ledger, "read", org))
            sc.org[n++] = org;
    }
    if (only != 0) {
        sc.all = false;
        sc.n = n;
    }
    if (!sc.all && sc.n == 0)
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    q.all = sc.all;
    q.org = sc.org;
    q.n_org = sc.n;
    if (!chart_again(rq, q.ledger, &sc, &charts[0], e) ||
        !chart_causes(rq, &q, &charts[1], e) ||
        !chart_funds(rq, &q, &charts[2], e) ||
        !chart_looked(rq, &q, sweeps, &charts[3], e))
        return false;
    v.charts = charts;
    v.n_charts = N_OF(charts);
    v.as_of =
        view_said(rq, N_("As of %.*s"), STR_ARG(view_time(rq, rq->who.now)));
    v.head = view_head(rq, rq_tr(rq, N_("Symptoms and root causes")));
    answer_html(rq);
    page_overview(&rq->rs->body, &v);
    return true;
}

bool
causes_page(struct rq *rq, struct err *e)
{
    return rq_apart(rq, render, NULL, e);
}
