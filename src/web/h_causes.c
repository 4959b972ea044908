/* Symptoms and root causes: what comes again, why, what nobody has looked at,
 * and what should be funded first. For one school or the district. */
#include <stdlib.h>

#include "domain/hazard.h"
#include "domain/inspection.h"
#include "domain/sweep.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/charts.h"
#include "web/chat_page.h"
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

/* What was wrong, and beside it why: the newest of which a kind of cause was
 * said. */
static bool
chart_why(struct rq *rq, const struct list_query *all, struct v_chart *c,
          struct err *e)
{
    static const char *const heads[] = { N_("What is wrong"),
                                         N_("Kind of cause"), N_("Root cause"),
                                         N_("Five whys") };
    const struct ledger *l = all->ledger;
    const struct field *kind = ledger_field(l, STR("cause_kind"));
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, SHOWN);
    const struct say say = view_say(rq);
    struct list_query q = *all;
    void *recs;
    size_t n;
    bool more;

    c->title = str_of(rq_tr(rq, N_("Symptom and root cause")));
    if (rows == NULL || chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    q.fields = "description category source cause_kind cause whys";
    q.limit = SHOWN;
    q.filter[0] = (struct list_filter){ .field = kind };
    for (const struct choice *x = kind->choices; x->v != 0; x++)
        q.filter[0].v[q.filter[0].n++] = x->v;
    q.n_filters = 1;
    if (!store_list(rq->st, &q, rq->arena, &recs, &n, &more, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const void *rec = (const char *)recs + i * l->size;

        rows[c->n_rows++] = (struct v_table_row){
            .label = view_name(rq, l, rec),
            .link = true,
            .url = view_path(rq, l, ((const struct rec *)rec)->id),
            .cell = { view_cell(rq, l, kind, rec),
                      view_cell(rq, l, ledger_field(l, STR("cause")), rec),
                      view_cell(rq, l, ledger_field(l, STR("whys")), rec) },
            .said = arena_printf(rq->arena, "%.*s · %.*s",
                                 STR_ARG(say_title(&say, l, rec, 40)),
                                 STR_ARG(view_cell(rq, l, kind, rec))),
        };
    }
    c->rows = rows;
    return true;
}

/* ---- places nobody has looked at --------------------------------------------------- */

struct looked {
    int64_t place, org, day; /* 0: never */
};

struct looks {
    struct looked *at;
    size_t n;
    const struct zone *zone;
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
        if (all->at[i].place == place && all->at[i].day < day)
            all->at[i].day = day;
}

static void
note_time(int64_t place, int64_t ms, void *arg)
{
    note_look(place, zone_day(((struct looks *)arg)->zone, ms), arg);
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

/* Who found something on a round has looked; who only passed by has not. */
static bool
found_there(struct rq *rq, const struct list_query *hazards, struct looks *all,
            struct err *e)
{
    static const char *const rounds[] = { "patrol", "inspection",
                                          "supervision" };
    const struct field *source = ledger_field(&hazard_ledger, STR("source"));
    struct list_query q = *hazards;

    q.filter[0] = (struct list_filter){ .field = source };
    for (const struct choice *x = source->choices; x->v != 0; x++)
        for (size_t i = 0; i < N_OF(rounds); i++)
            if (strcmp(x->key, rounds[i]) == 0)
                q.filter[0].v[q.filter[0].n++] = x->v;
    q.n_filters = 1;
    return store_list_latest(
        rq->st, &q, ledger_field(&hazard_ledger, STR("place")),
        ledger_field(&hazard_ledger, STR("found_on")), note_look, all, e);
}

static bool
inspected_there(struct rq *rq, const struct list_query *hazards,
                struct looks *all, struct err *e)
{
    struct list_query q = *hazards;

    q.ledger = &inspection_ledger;
    q.since_day = NULL;
    return store_list_latest(
        rq->st, &q, ledger_field(&inspection_ledger, STR("place")),
        ledger_field(&inspection_ledger, STR("submitted_at")), note_time, all,
        e);
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
        rq, N_("By sweeps, inspections and what was found on rounds in a year. "
               "\"None found\" is a statement by somebody; no record says "
               "nothing.")));
    if (rows == NULL || all.at == NULL ||
        chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!str_split(&rest, ' ', &ref) || !str_split(&rest, ' ', &day))
        return true;
    all.zone = rq->who.dir->rules.zone;
    if (!found_there(rq, hazards, &all, e) ||
        !inspected_there(rq, hazards, &all, e))
        return false;
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

/* A line for chats, in which a name that is not to be told is not. */
static struct str
fund_said(struct rq *rq, const struct hazard *h)
{
    enum { LINE = 60 };
    const struct say s = view_say(rq);

    return arena_printf(
        rq->arena, "%.*s · %.*s",
        STR_ARG(say_line(&s, &hazard_ledger, h, LINE)),
        STR_ARG(view_value(rq, ledger_field(&hazard_ledger, STR("funds")), h)));
}

/* Hazards that need money, the most urgent first. A list is cut at its newest:
 * of very many, what is major and what is overdue longest is read beside. */
struct needy {
    struct hazard *h;
    size_t n;
    int64_t all, sum; /* sum: of those that were read */
};

static bool
read_some(struct rq *rq, const struct list_query *q, struct needy *k,
          struct err *e)
{
    void *recs;
    size_t n;
    bool more;

    if (!store_list(rq->st, q, rq->arena, &recs, &n, &more, e))
        return false;
    if (n > 0)
        memcpy(k->h + k->n, recs, n * sizeof(*k->h));
    k->n += n;
    return true;
}

static bool
read_needy(struct rq *rq, const struct list_query *all, struct needy *k,
           struct err *e)
{
    enum { NEWEST = 500, URGENT = 100 };
    struct list_query q = *all;
    size_t n = 0;

    *k = (struct needy){ .h = arena_array(rq->arena, NEWEST + 2 * URGENT,
                                          sizeof(*k->h)) };
    if (k->h == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    q.limit = NEWEST;
    if (!read_some(rq, &q, k, e) ||
        !store_list_count(rq->st, &q, LIST_SCAN_MAX, &k->all, e))
        return false;
    q.limit = URGENT;
    q.sort = SORT_DUE;
    if (k->all > NEWEST && !read_some(rq, &q, k, e))
        return false;
    q.filter[q.n_filters++] = (struct list_filter){
        ledger_field(q.ledger, STR("grade")), { GRADE_MAJOR }, 1
    };
    if (k->all > NEWEST && !read_some(rq, &q, k, e))
        return false;
    qsort(k->h, k->n, sizeof(*k->h), by_need);
    for (size_t i = 0; i < k->n; i++)
        if (n == 0 || k->h[n - 1].r.id != k->h[i].r.id) {
            k->sum += k->h[i].funds;
            k->h[n++] = k->h[i];
        }
    k->n = n;
    return true;
}

static struct str
need_words(struct rq *rq, const struct needy *k)
{
    const struct say say = view_say(rq);
    struct str sum = say_money(&say, k->sum);

    if (k->all > (int64_t)k->n)
        return view_said(
            rq,
            N_("Open hazards that need money which is not there: %ld; %ld of "
               "them need %.*s as far as amounts are known. Major ones first, "
               "then what is overdue longest."),
            (long)k->all, (long)k->n, STR_ARG(sum));
    return view_said(rq,
                     N_("Open hazards that need money which is not there: "
                        "%ld, %.*s as far as amounts are known. Major ones "
                        "first, then what is overdue longest."),
                     (long)k->n, STR_ARG(sum));
}

static bool
chart_funds(struct rq *rq, const struct list_query *all, struct v_chart *c,
            struct err *e)
{
    static const char *const heads[] = { N_("Hazard"), N_("School"),
                                         N_("Grade"), N_("Due"), N_("Amount") };
    struct list_query q = *all;
    struct v_table_row *rows;
    const struct hazard *h;
    struct needy k;

    q.since_from = 0;
    q.states = 0;
    for (size_t i = 0; i < q.ledger->n_states; i++)
        if (q.ledger->states[i].flags & ST_OPEN)
            q.states |= IN(q.ledger->states[i].v);
    q.filter[0] = (struct list_filter){
        ledger_field(q.ledger, STR("funds_need")), { FUNDS_NEEDED }, 1
    };
    q.n_filters = 1;
    q.fields = "description grade funds funds_need";
    c->title = str_of(rq_tr(rq, N_("To be funded first")));
    if (!read_needy(rq, &q, &k, e))
        return false;
    rows = arena_new_array(rq->arena, struct v_table_row, SHOWN);
    if (rows == NULL || chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    h = k.h;
    for (size_t i = 0; i < k.n && i < SHOWN; i++)
        rows[c->n_rows++] = (struct v_table_row){
            .label = view_name(rq, q.ledger, &h[i]),
            .said = fund_said(rq, &h[i]),
            .link = true,
            .url = view_path(rq, q.ledger, h[i].r.id),
            .cell = { view_org(rq, h[i].r.org),
                      view_value(rq, ledger_field(q.ledger, STR("grade")),
                                 &h[i]),
                      view_due(rq, h[i].r.due_at),
                      view_value(rq, ledger_field(q.ledger, STR("funds")),
                                 &h[i]) },
        };
    c->rows = rows;
    c->caption = need_words(rq, &k);
    c->all = rq_query_i64(rq, "org") != 0
                 ? view_url(rq, "%.*s?funds_need=needed&state=open&org=%ld",
                            STR_ARG(rq_path(rq, q.ledger, 0)),
                            (long)rq_query_i64(rq, "org"))
                 : view_url(rq, "%.*s?funds_need=needed&state=open",
                            STR_ARG(rq_path(rq, q.ledger, 0)));
    return true;
}

/* ---- the page ----------------------------------------------------------------------- */

static void
causes_lines(struct rq *rq, struct str where, const struct v_chart *c, size_t n,
             struct chat_lines *l)
{
    enum { SOME = 5 };

    chat_begin(rq, l, str_of(rq_tr(rq, N_("Symptoms and root causes"))));
    if (where.n > 0)
        chat_line(l, where);
    for (size_t i = 0; i < n; i++) {
        struct v_chart some = c[i];

        if (some.n_rows == 0)
            continue;
        some.n_rows = some.n_rows < SOME ? some.n_rows : SOME;
        chat_line(l, arena_printf(rq->arena, "— %.*s", STR_ARG(some.title)));
        chat_of_chart(rq, l, &some, 3, false);
    }
}

/* One school and what belongs to it, as far as its hazards are open to the
 * reader. */
static void
narrow_to(struct rq *rq, int64_t only, struct scope *sc)
{
    sc->all = false;
    sc->n = 0;
    for (size_t i = 0; i < rq->who.dir->n_org; i++) {
        int64_t org = rq->who.dir->org[i].id;

        if (dir_below(rq->who.dir, org, only) &&
            actor_may(&rq->who, &hazard_ledger, "read", org))
            sc->org[sc->n++] = org;
    }
}

static bool
build(struct rq *rq, struct chat_lines *lines, struct err *e)
{
    struct chat_lines own;
    const struct ledger *sweeps = &sweep_ledger;
    struct page_overview_view v = { .lang = rq->lang };
    struct v_chart charts[5] = { 0 };
    struct v_input in;
    struct list_query q = { .tenant = rq->who.dir->tenant.id,
                            .ledger = &hazard_ledger,
                            .since_from = rq->who.now - 365 * MS_PER_DAY };
    int64_t only = rq_query_i64(rq, "org");
    struct scope sc;

    if (!actor_scope(&rq->who, q.ledger, "read", rq->arena, &sc, e))
        return false;
    if (only != 0)
        narrow_to(rq, only, &sc);
    if (!sc.all && sc.n == 0)
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    q.all = sc.all;
    q.org = sc.org;
    q.n_org = sc.n;
    if (!chart_again(rq, q.ledger, &sc, &charts[0], e) ||
        !chart_causes(rq, &q, &charts[1], e) ||
        !chart_why(rq, &q, &charts[2], e) ||
        !chart_funds(rq, &q, &charts[3], e) ||
        !chart_looked(rq, &q, sweeps, &charts[4], e))
        return false;
    v.charts = charts;
    v.n_charts = N_OF(charts);
    if (only != 0)
        v.where = view_org(rq, only);
    causes_lines(rq, v.where, charts, N_OF(charts),
                 lines != NULL ? lines : &own);
    if (lines != NULL)
        return true;
    in = view_school_input(rq, &hazard_ledger, only);
    v.inputs = &in;
    v.n_inputs = in.n_choices > 1 ? 1 : 0;
    v.chat = chat_page(rq, &own);
    v.as_of =
        view_said(rq, N_("As of %.*s"), STR_ARG(view_time(rq, rq->who.now)));
    v.head = view_head(rq, rq_tr(rq, N_("Symptoms and root causes")));
    answer_html(rq);
    page_overview(&rq->rs->body, &v);
    return true;
}

static bool
render(struct rq *rq, struct err *e)
{
    return build(rq, NULL, e);
}

bool
causes_page(struct rq *rq, struct err *e)
{
    return rq_apart(rq, render, NULL, e);
}

bool
causes_picture(struct rq *rq, struct err *e)
{
    return chat_page_picture(rq, build, e);
}
