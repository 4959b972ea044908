/* The overview of an authority above districts: province and nation, from the
 * figures that a job keeps (service/above.h). */
#include <inttypes.h>
#include <stdlib.h>

#include "domain/hazard.h"
#include "service/above.h"
#include "web/answer.h"
#include "web/charts.h"
#include "web/h_above.h"
#include "web/view.h"

/* A node of the installation's tree with what is below it. */
struct node {
    const struct dir_org *org;
    int64_t n[ABOVE__MAX], districts;
    int64_t as_of; /* of the oldest figure; 0 = there is none */
};

/* A district's figures under the code that its node bears. */
struct coded {
    struct str code;
    const struct above *figures;
};

struct seen {
    struct rq *rq;
    const struct dir *d;
    struct scope scope;
    struct coded *coded; /* by code */
    size_t n_coded;
    const struct dir_org *at; /* whose parts are shown */
};

static bool
may_see(const struct seen *s, const struct dir_org *o)
{
    for (size_t i = 0; i < s->scope.n && !s->scope.all; i++)
        if (s->scope.org[i] == o->id)
            return true;
    return s->scope.all;
}

static int
by_code(const void *a, const void *b)
{
    const struct coded *x = a, *y = b;
    size_t n = x->code.n < y->code.n ? x->code.n : y->code.n;
    int d = memcmp(x->code.p, y->code.p, n);

    return d != 0 ? d : (x->code.n > y->code.n) - (x->code.n < y->code.n);
}

/* Tenants and figures both stand in the order of tenants. */
static bool
read_figures(struct seen *s, struct err *e)
{
    const struct app *app = s->rq->app;
    struct above *all;
    size_t n, at = 0;

    if (!above_read(s->rq->st, s->rq->arena, &all, &n, e))
        return false;
    if ((s->coded = arena_new_array(s->rq->arena, struct coded, n + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++) {
        while (at < app->n_tenants && app->tenants[at].id < all[i].district)
            at++;
        if (at < app->n_tenants && app->tenants[at].id == all[i].district)
            s->coded[s->n_coded++] =
                (struct coded){ app->tenants[at].code, &all[i] };
    }
    qsort(s->coded, s->n_coded, sizeof(*s->coded), by_code);
    return true;
}

/* A district's node and its tenant have the same code. */
static const struct above *
figures_of(const struct seen *s, const struct dir_org *o)
{
    const struct coded key = { .code = o->code }, *found = NULL;

    if (o->kind == ORG_DISTRICT && o->code.n > 0)
        found = bsearch(&key, s->coded, s->n_coded, sizeof(key), by_code);
    return found != NULL ? found->figures : NULL;
}

static void
add(const struct seen *s, const struct dir_org *o, struct node *to)
{
    const struct above *a = figures_of(s, o);

    if (a == NULL)
        return;
    for (int i = 0; i < ABOVE__MAX; i++)
        to->n[i] += a->n[i];
    to->districts++;
    if (to->as_of == 0 || a->as_of < to->as_of)
        to->as_of = a->as_of;
}

/* The nodes right below .at, each with all that stands below it; *all: their
 * sum. The tree is in the order of a walk, so one pass does. */
static size_t
parts(const struct seen *s, struct node *out, struct node *all)
{
    size_t n = 0;

    for (size_t i = 0; i < s->d->n_org; i++) {
        const struct dir_org *o = s->d->tree[i];

        if (o->pre <= s->at->pre || o->post > s->at->post || !may_see(s, o))
            continue;
        if (o->parent == s->at->id)
            out[n++] = (struct node){ .org = o };
        if (n > 0 && o->post <= out[n - 1].org->post)
            add(s, o, &out[n - 1]);
        add(s, o, all);
    }
    return n;
}

static int
by_overdue(const void *a, const void *b)
{
    const struct node *x = a, *y = b;
    int64_t d = y->n[ABOVE_OVERDUE] - x->n[ABOVE_OVERDUE];

    if (d != 0)
        return d > 0 ? 1 : -1;
    return x->org->pre < y->org->pre ? -1 : 1;
}

static struct url
url_at(struct rq *rq, int64_t org)
{
    return view_url(rq, "/t/%.*s/overview?at=%" PRId64,
                    STR_ARG(rq->who.dir->tenant.code), org);
}

static bool
draw(const struct seen *s, const struct node *p, size_t n, struct v_chart *c)
{
    static const char *const heads[] = {
        N_("Where"),  N_("Schools"),     N_("open"), N_("of these overdue"),
        N_("closed"), N_("major, open"),
    };
    struct rq *rq = s->rq;
    struct chart_unit *u = arena_new_array(rq->arena, struct chart_unit, n + 1);

    c->title = view_org(rq, s->at->id);
    c->caption = str_of(rq_tr(
        rq, N_("Sorted by what is overdue. Many reports are no fault: who "
               "looks, finds.")));
    for (size_t i = 0; u != NULL && i < n; i++) {
        const int64_t *k = p[i].n;

        u[i] = (struct chart_unit){
            .org = p[i].org->id,
            .url = p[i].org->kind != ORG_DISTRICT ? url_at(rq, p[i].org->id)
                                                  : (struct url){ STR("") },
            .open = k[ABOVE_OPEN],
            .overdue = k[ABOVE_OVERDUE],
            .cell = { k[ABOVE_SCHOOLS], k[ABOVE_OPEN], k[ABOVE_OVERDUE],
                      k[ABOVE_CLOSED], k[ABOVE_MAJOR] },
        };
    }
    return u != NULL && chart_units(rq, c, heads, N_OF(heads), u, n);
}

static void
totals(const struct seen *s, const struct node *all,
       struct page_overview_view *v)
{
    static const struct {
        const char *label;
        enum above_what what;
    } shown[] = { { N_("open"), ABOVE_OPEN },
                  { N_("overdue"), ABOVE_OVERDUE },
                  { N_("major, open"), ABOVE_MAJOR },
                  { N_("closed"), ABOVE_CLOSED },
                  { N_("Schools"), ABOVE_SCHOOLS } };
    struct rq *rq = s->rq;
    struct v_link *f = arena_new_array(rq->arena, struct v_link, N_OF(shown));

    if (f == NULL)
        return;
    for (size_t i = 0; i < N_OF(shown); i++)
        f[i] = (struct v_link){ str_of(rq_tr(rq, shown[i].label)),
                                url_at(rq, s->at->id),
                                shown[i].what == ABOVE_OVERDUE &&
                                    all->n[ABOVE_OVERDUE] > 0,
                                all->n[shown[i].what] };
    v->figures = f;
    v->n_figures = N_OF(shown);
}

/* The node that is asked for, or the highest that may be seen. */
static bool
find_node(struct seen *s, struct err *e)
{
    int64_t id = rq_query_i64(s->rq, "at");

    if (id != 0)
        s->at = dir_org(s->d, id);
    for (size_t i = 0; i < s->d->n_org && id == 0 && s->at == NULL; i++)
        if (may_see(s, s->d->tree[i]))
            s->at = s->d->tree[i];
    return (s->at != NULL && may_see(s, s->at)) ||
           err_set(e, ERR_MISSING, NULL, "There is no such page");
}

static struct str
where_from(const struct seen *s, const struct node *all)
{
    struct rq *rq = s->rq;

    if (all->as_of == 0)
        return str_of(
            rq_tr(rq, N_("No district below has been counted yet: it is done "
                         "every ten minutes, for nodes of the kind district "
                         "that bear a district's code.")));
    return view_said(rq, N_("As of %.*s, from each district's own counters"),
                     STR_ARG(view_time(rq, all->as_of)));
}

bool
above_overview(struct rq *rq, struct err *e)
{
    struct page_overview_view v = { .lang = rq->lang };
    struct seen s = { .rq = rq, .d = rq->who.dir };
    struct node all = { .as_of = 0 },
                *part = arena_new_array(rq->arena, struct node, s.d->n_org + 1);
    struct v_chart *chart = arena_new_obj(rq->arena, struct v_chart);
    size_t n;

    if (part == NULL || chart == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *chart = (struct v_chart){ .n_rows = 0 };
    if (!actor_scope(&rq->who, &hazard_ledger, "read", rq->arena, &s.scope,
                     e) ||
        !find_node(&s, e) || !read_figures(&s, e))
        return false;
    n = parts(&s, part, &all);
    qsort(part, n, sizeof(*part), by_overdue);
    totals(&s, &all, &v);
    if (!draw(&s, part, n, chart))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    v.charts = chart;
    v.n_charts = n > 0;
    v.as_of = where_from(&s, &all);
    v.head = view_head(rq, rq_tr(rq, N_("Overview")));
    answer_html(rq);
    page_overview(&rq->rs->body, &v);
    return true;
}
