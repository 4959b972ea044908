#include <inttypes.h>

#include "web/office.h"
#include "web/view.h"

/* ---- what is asked for --------------------------------------------------- */

static bool
narrow(struct rq *rq, struct asked *a, struct err *e)
{
    const struct dir *d = rq->who.dir;
    struct scope own;
    size_t n = 0;

    if (a->org == 0 || (a->org == d->root && a->q.scope.all))
        return true;
    if (!figures_scope(d, a->org, rq->arena, &own, e))
        return false;
    for (size_t i = 0; i < own.n; i++) {
        bool mine = a->q.scope.all;

        for (size_t k = 0; k < a->q.scope.n && !mine; k++)
            mine = a->q.scope.org[k] == own.org[i];
        if (mine)
            own.org[n++] = own.org[i];
    }
    own.n = n;
    own.all = false;
    a->q.scope = own;
    return n > 0 || err_set(e, ERR_DENIED, NULL,
                            "Your posts do not give you access to this");
}

/* A scope of all names its nodes, too: each school has a line. */
static bool
name_nodes(struct rq *rq, struct scope *sc, struct err *e)
{
    return !sc->all ||
           figures_scope(rq->who.dir, rq->who.dir->root, rq->arena, sc, e);
}

bool
office_ask(struct rq *rq, struct asked *a, struct err *e)
{
    const struct zone *z = rq->who.dir->rules.zone;
    const struct field *f = ledger_field(&statistic_ledger, STR("quarter"));
    int64_t today = zone_day(z, rq->who.now);
    struct civil now = civil_of(today);
    const struct choice *c = choice_find(f->choices, rq_query(rq, "quarter"));

    *a = (struct asked){ .year = rq_query_i64(rq, "year"),
                         .quarter = (now.month + 2) / 3,
                         .org = rq_query_i64(rq, "org") };
    if (rq_query(rq, "year").n == 0)
        a->year = now.year;
    if (a->year < 2000 || a->year > 2100)
        return err_set(e, ERR_INVALID, "year", "must be 2000 to 2100");
    if (c == NULL && rq_query(rq, "quarter").n > 0)
        return err_set(e, ERR_INVALID, "quarter",
                       "\"%.*s\" is not one of the choices",
                       STR_ARG(rq_query(rq, "quarter")));
    if (c != NULL)
        a->quarter = c->v;
    if (!actor_scope(&rq->who, &statistic_ledger, "read", rq->arena,
                     &a->q.scope, e))
        return false;
    if (!a->q.scope.all && a->q.scope.n == 0)
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    a->q.dir = rq->who.dir;
    a->q.period = period_of(a->year, a->quarter, today, z);
    return name_nodes(rq, &a->q.scope, e) && narrow(rq, a, e);
}

struct str
office_period(struct rq *rq, int64_t year, int64_t quarter)
{
    const struct field *f = ledger_field(&statistic_ledger, STR("quarter"));
    const struct choice *c = choice_of(f->choices, quarter);

    return arena_printf(rq->arena, rq->lang == LANG_ZH ? "%ld年%s" : "%ld · %s",
                        (long)year,
                        rq_tr(rq, c != NULL ? c->label : N_("whole year")));
}

/* ---- numbers ------------------------------------------------------------- */

struct str
office_number(struct rq *rq, enum figure_no i, int64_t v)
{
    struct statistic s = { 0 };
    const struct field *f = statistic_field(i, 0);

    if (!(figures[i].flags & FG_MONEY) || v == 0)
        return arena_i64(rq->arena, v);
    *field_i64(f, &s) = v;
    return view_value(rq, f, &s);
}

struct str
office_rate(struct rq *rq, const struct sums *s, int grade)
{
    int64_t r = sums_rate(s, grade);

    return r < 0 ? STR("–")
                 : arena_printf(rq->arena, "%ld.%ld %%", (long)(r / 10),
                                (long)(r % 10));
}

static const char *
grade_key(int grade)
{
    static const char *const keys[] = { "general", "major", "" };

    return keys[grade];
}

struct url
office_leads_to(struct rq *rq, const struct asked *a, enum figure_no i,
                int grade, int64_t org)
{
    const struct field *f = ledger_field(&statistic_ledger, STR("quarter"));

    return view_url(
        rq, "/t/%.*s/figures/%s?year=%ld&quarter=%s&org=%ld&grade=%s",
        STR_ARG(rq->who.dir->tenant.code), figures[i].name, (long)a->year,
        choice_of(f->choices, a->quarter)->key, (long)org, grade_key(grade));
}

static int64_t
value(const struct sums *s, enum figure_no i, int grade)
{
    return grade == 2 ? sums_all(s, i) : s->v[i][grade];
}

/* grade: 0 general, 1 major, 2 both */
static struct v_number
cell(struct rq *rq, const struct sums *s, const struct sums *now,
     enum figure_no i, int grade, const struct asked *a, int64_t org)
{
    int64_t v = value(s, i, grade);
    struct v_number c = { .text = office_number(rq, i, v),
                          .bad = v != 0 && (figures[i].flags & FG_BAD) };

    if (grade == 0 && (figures[i].flags & FG_MAJOR))
        return (struct v_number){ .text = STR("–") };
    if (a != NULL && v != 0) {
        c.link = true;
        c.url = office_leads_to(rq, a, i, grade, org);
    }
    if (now != NULL && value(now, i, grade) != v)
        c.now = view_said(rq, N_("today: %.*s"),
                          STR_ARG(office_number(rq, i, value(now, i, grade))));
    return c;
}

static struct str *
heads(struct rq *rq, struct v_grid *g, size_t room)
{
    struct str *h = arena_new_array(rq->arena, struct str, room);

    g->columns = h;
    return h;
}

/* ---- tables -------------------------------------------------------------- */

static void
rate_row(struct rq *rq, const struct sums *s, struct v_grid_row *r)
{
    struct v_number *c = arena_new_array(rq->arena, struct v_number, 3);

    *r = (struct v_grid_row){
        .label = str_of(rq_tr(rq, N_("Rate of rectification"))),
        .means =
            str_of(rq_tr(rq, N_("Found and rectified, of what was found"))),
        .cells = c,
    };
    for (int g = 0; c != NULL && g < 3; g++)
        c[g].text = office_rate(rq, s, g);
}

void
office_figures(struct rq *rq, const struct sums *s, const struct sums *now,
               const struct asked *a, struct v_grid *g)
{
    static const char *const names[] = { N_("Figure"), N_("general"),
                                         N_("major"), N_("together") };
    struct v_grid_row *r =
        arena_new_array(rq->arena, struct v_grid_row, N_FIGURES + 1);
    struct str *h = heads(rq, g, N_OF(names));

    if (r == NULL || h == NULL)
        return;
    for (size_t i = 0; i < N_OF(names); i++)
        h[i] = str_of(rq_tr(rq, names[i]));
    g->n_columns = N_OF(names);
    g->rows = r;
    for (int i = 0; i < N_FIGURES; i++) {
        struct v_number *c = arena_new_array(rq->arena, struct v_number, 3);

        if (c == NULL)
            return;
        for (int k = 0; k < 3; k++)
            c[k] = cell(rq, s, now, (enum figure_no)i, k, a,
                        a != NULL ? a->org : 0);
        r[g->n_rows++] = (struct v_grid_row){
            .label = str_of(rq_tr(rq, figures[i].label)),
            .means = str_of(rq_tr(rq, figures[i].means)),
            .cells = c,
        };
        if (i == FIG_found_done)
            rate_row(rq, s, &r[g->n_rows++]);
    }
}

static const struct v_number *
school_cells(struct rq *rq, const struct sums *s, enum figure_flag flag,
             const struct asked *a, int64_t org)
{
    struct v_number *c =
        arena_new_array(rq->arena, struct v_number, N_FIGURES + 1);
    size_t n = 0;

    for (int i = 0; c != NULL && i < N_FIGURES; i++) {
        if (figures[i].flags & (unsigned)flag)
            c[n++] = cell(rq, s, NULL, (enum figure_no)i, 2, a, org);
        if (i == FIG_found_done && flag == FG_SHORT)
            c[n++].text = office_rate(rq, s, 2);
    }
    return c;
}

static void
school_heads(struct rq *rq, enum figure_flag flag, struct v_grid *g)
{
    struct str *h = heads(rq, g, N_FIGURES + 2);

    if (h == NULL)
        return;
    h[g->n_columns++] = str_of(rq_tr(rq, N_("School")));
    for (int i = 0; i < N_FIGURES; i++) {
        if (figures[i].flags & (unsigned)flag)
            h[g->n_columns++] = str_of(rq_tr(rq, figures[i].label));
        if (i == FIG_found_done && flag == FG_SHORT)
            h[g->n_columns++] = str_of(rq_tr(rq, N_("Rate")));
    }
}

void
office_schools(struct rq *rq, const struct school_sums *s, size_t n,
               const struct sums *all, enum figure_flag flag,
               const struct asked *a, struct v_grid *g)
{
    struct v_grid_row *r = arena_new_array(rq->arena, struct v_grid_row, n + 1);

    if (r == NULL)
        return;
    school_heads(rq, flag, g);
    g->rows = r;
    for (size_t i = 0; i < n; i++)
        r[g->n_rows++] = (struct v_grid_row){
            .label = view_org(rq, s[i].org),
            .cells = school_cells(rq, &s[i].sums, flag, a, s[i].org),
        };
    r[g->n_rows++] = (struct v_grid_row){
        .label = str_of(rq_tr(rq, N_("In all"))),
        .sum = true,
        .cells = school_cells(rq, all, flag, a, a != NULL ? a->org : 0),
    };
}

/* ---- a statement --------------------------------------------------------- */

size_t
office_stated(struct rq *rq, const struct statistic *s,
              struct school_sums **out)
{
    size_t room = 0, n = 0;
    struct str rest = s->by_school;

    for (size_t i = 0; i < rest.n; i++)
        room += rest.p[i] == ';';
    if ((*out = arena_new_array(rq->arena, struct school_sums, room + 1)) ==
        NULL)
        return 0;
    while (n < room && school_sums_next(&rest, &(*out)[n].org, &(*out)[n].sums))
        n++;
    return n;
}

static bool
today_says(struct rq *rq, const struct statistic *s, struct sums *now,
           struct err *e)
{
    struct figures_query q;
    struct school_sums *of;
    size_t n;

    return figures_of_statement(rq->who.dir, s, rq->who.now, rq->arena, &q,
                                e) &&
           figures_sum(rq->st, &q, rq->arena, &of, &n, now, e);
}

bool
office_statement(struct rq *rq, const void *rec, bool compare,
                 struct page_record_view *v, struct err *e)
{
    const struct statistic *s = rec;
    struct asked a = { .year = s->year,
                       .quarter = s->quarter,
                       .org = s->r.org };
    struct v_grid *g = arena_new_array(rq->arena, struct v_grid, 2);
    struct school_sums *of;
    struct sums said, now;
    size_t n = office_stated(rq, s, &of);

    if (g == NULL || of == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    statistic_sums(s, &said);
    if (compare && !today_says(rq, s, &now, e))
        return false;
    g[0].title = office_period(rq, s->year, s->quarter);
    if (compare && memcmp(&said, &now, sizeof(now)) != 0)
        g[0].note = str_of(rq_tr(
            rq, N_("The ledger says otherwise today. What is marked differs; "
                   "the numbers lead to what counts today.")));
    office_figures(rq, &said, compare ? &now : NULL, &a, &g[0]);
    v->grids = g;
    v->n_grids = 1;
    if (n > 0) {
        g[1].title = str_of(rq_tr(rq, N_("By school")));
        office_schools(rq, of, n, &said, FG_SHORT, &a, &g[1]);
        v->n_grids = 2;
    }
    return true;
}
