/* The district at a glance: figures from counters, never from scans. */
#include <inttypes.h>
#include <stdlib.h>

#include "domain/hazard.h"
#include "pages/pages.h"
#include "service/above.h"
#include "store/stmt.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/charts.h"
#include "web/chat_page.h"
#include "web/h_above.h"
#include "web/handlers.h"
#include "web/view.h"

enum { VALUES_MAX = 512, MONTHS = 12 };

/* A counted dimension: n by (school, value), only where the reader may look. */
struct count {
    int64_t org, v, n;
};

struct counts {
    struct count *at;
    size_t n, room;
};

static bool
add_count(struct arena *a, struct counts *c, struct count x)
{
    if (c->n == c->room) {
        size_t room = c->room > 0 ? 2 * c->room : 256;
        struct count *more = arena_new_array(a, struct count, room);

        if (more == NULL)
            return false;
        if (c->n > 0)
            memcpy(more, c->at, c->n * sizeof(*more));
        c->at = more;
        c->room = room;
    }
    c->at[c->n++] = x;
    return true;
}

static bool
read_counts(struct rq *rq, const struct ledger *l, const char *dim,
            const struct scope *sc, struct counts **out, struct err *e)
{
    struct counts *c = arena_new_obj(rq->arena, struct counts);
    bool ok, more = false;
    struct rows r;

    if ((*out = c) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!rows_open(&r, rq->st, &stmts[Q_COUNT_EACH],
                   ARGS(ARG(rq->who.dir->tenant.id), ARG((int64_t)l->tag),
                        ARG(str_of(dim))),
                   e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct count x = { rows_i64(&r, 0), rows_i64(&r, 1), rows_i64(&r, 2) };
        bool mine = sc->all;

        for (size_t i = 0; i < sc->n && !mine; i++)
            mine = sc->org[i] == x.org;
        if (mine && x.n != 0 && !add_count(rq->arena, c, x)) {
            ok = err_set(e, ERR_BUSY, NULL, "The server is short of memory");
            break;
        }
    }
    rows_close(&r);
    return ok;
}

/* Whether a value of the state counter is open. */
static bool
is_open(const struct ledger *l, int64_t state)
{
    const struct state *s = ledger_state(l, state);

    return s != NULL && (s->flags & ST_OPEN);
}

/* ---- by school ------------------------------------------------------------------ */

struct by_school {
    const struct dir_org *org;
    int64_t open, overdue, closed, other; /* other: ended, but not put right */
};

static int
by_overdue(const void *a, const void *b)
{
    const struct by_school *x = a, *y = b;

    if (x->overdue != y->overdue)
        return x->overdue > y->overdue ? -1 : 1;
    return x->org->pre < y->org->pre ? -1 : 1;
}

struct late_count {
    struct by_school *s;
    size_t n;
};

static void
note_overdue(int64_t org, int64_t n, void *arg)
{
    struct late_count *l = arg;

    for (size_t i = 0; i < l->n; i++)
        if (l->s[i].org->id == org)
            l->s[i].overdue = n;
}

static bool
count_overdue(struct rq *rq, const struct ledger *l, const struct scope *sc,
              struct late_count *late, struct err *e)
{
    const struct list_query q = { .tenant = rq->who.dir->tenant.id,
                                  .ledger = l,
                                  .all = sc->all,
                                  .org = sc->org,
                                  .n_org = sc->n,
                                  .due_before = rq->who.now };

    return store_list_orgs(rq->st, &q, note_overdue, late, e);
}

static size_t
schools(struct rq *rq, const struct ledger *l, const struct counts *states,
        struct by_school *s)
{
    const struct dir *d = rq->who.dir;
    size_t n = 0;

    for (size_t i = 0; i < d->n_org; i++) {
        bool any = false;

        s[n] = (struct by_school){ .org = d->tree[i] };
        for (size_t k = 0; k < states->n; k++) {
            if (states->at[k].org != d->tree[i]->id)
                continue;
            any = true;
            if (is_open(l, states->at[k].v))
                s[n].open += states->at[k].n;
            else if (states->at[k].v == HZ_CLOSED)
                s[n].closed += states->at[k].n;
            else
                s[n].other += states->at[k].n;
        }
        n += any;
    }
    return n;
}

static bool
chart_schools(struct rq *rq, const struct ledger *l, const struct by_school *s,
              size_t n, struct v_chart *c)
{
    static const char *const heads[] = { N_("School"), N_("open"),
                                         N_("of these overdue"), N_("closed"),
                                         N_("no hazard, duplicate") };
    struct chart_unit *u = arena_new_array(rq->arena, struct chart_unit, n + 1);

    c->title = str_of(rq_tr(rq, N_("By school")));
    c->caption = str_of(rq_tr(
        rq, N_("Overdue here: the time limit or that of the next step has "
               "passed; the figures count time limits alone. Sorted by what "
               "is overdue. Many reports are no fault: who looks, finds.")));
    for (size_t i = 0; u != NULL && i < n; i++)
        u[i] = (struct chart_unit){
            .org = s[i].org->id,
            .url = view_url(rq, "%.*s?org=%" PRId64, STR_ARG(rq_path(rq, l, 0)),
                            s[i].org->id),
            .open = s[i].open,
            .overdue = s[i].overdue,
            .cell = { s[i].open, s[i].overdue, s[i].closed, s[i].other },
        };
    return u != NULL && chart_units(rq, c, heads, N_OF(heads), u, n);
}

/* ---- by category ------------------------------------------------------------------ */

static bool
chart_values(struct rq *rq, const struct ledger *l, const char *name,
             const struct counts *k, struct v_chart *c)
{
    const struct field *f = ledger_field(l, str_of(name));
    const char *heads[] = { f->label, N_("open"), N_("ended") };
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, VALUES_MAX);
    struct svg_bar *bars =
        arena_new_array(rq->arena, struct svg_bar, VALUES_MAX);
    size_t n = 0;

    c->title = str_of(rq_tr(rq, f->label));
    if (rows == NULL || bars == NULL ||
        chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return false;
    /* the one that ends the table stands for what nobody has said */
    for (const struct choice *x = f->choices; n < VALUES_MAX; x++) {
        struct str label =
            str_of(rq_tr(rq, x->v != 0 ? x->label : N_("not said yet")));
        int64_t open = 0, ended = 0;

        for (size_t i = 0; i < k->n; i++)
            if (k->at[i].v / 2 == x->v)
                *(k->at[i].v % 2 ? &open : &ended) += k->at[i].n;
        if (open + ended > 0) {
            bars[n] = (struct svg_bar){ label, open, ended };
            rows[n++] = (struct v_table_row){
                .label = label,
                .link = x->v != 0,
                .url = view_url(rq, "%.*s?%s=%s", STR_ARG(rq_path(rq, l, 0)),
                                name, x->v != 0 ? x->key : ""),
                .cell = { chart_number(rq, open), chart_number(rq, ended) },
            };
        }
        if (x->v == 0)
            break;
    }
    chart_draw(rq, c, bars, n,
               &(struct chart_colours){ { "bar-open", "bar-done" },
                                        { N_("open"), N_("ended") } });
    c->rows = rows;
    c->n_rows = n;
    return true;
}

/* ---- over months --------------------------------------------------------------------- */

static int64_t
sum_of(const struct counts *c, int64_t v)
{
    int64_t n = 0;

    for (size_t i = 0; i < c->n; i++)
        n += c->at[i].v == v ? c->at[i].n : 0;
    return n;
}

static bool
chart_months(struct rq *rq, const struct counts *made,
             const struct counts *ended, struct v_chart *c)
{
    static const char *const heads[] = { N_("Month"), N_("entered"),
                                         N_("ended, in any way") };
    struct civil now = civil_of(zone_day(rq->who.dir->rules.zone, rq->who.now));
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, MONTHS);
    struct svg_bar bars[MONTHS];

    c->title = str_of(rq_tr(rq, N_("Over twelve months")));
    if (rows == NULL || chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return false;
    for (int i = 0; i < MONTHS; i++) {
        int64_t month = now.year * 12 + now.month - 1 - (MONTHS - 1 - i);
        int64_t v = month / 12 * 100 + month % 12 + 1;

        bars[i] = (struct svg_bar){ arena_printf(rq->arena, "%02d-%02d",
                                                 (int)(month / 12 % 100),
                                                 (int)(month % 12 + 1)),
                                    sum_of(made, v), sum_of(ended, v) };
        rows[i] = (struct v_table_row){
            .label = arena_printf(rq->arena, "%04d-%02d", (int)(month / 12),
                                  (int)(month % 12 + 1)),
            .cell = { chart_number(rq, bars[i].a),
                      chart_number(rq, bars[i].b) },
        };
    }
    chart_draw(
        rq, c, bars, MONTHS,
        &(struct chart_colours){ { "bar-open", "bar-done" },
                                 { N_("entered"), N_("ended, in any way") },
                                 .upright = true });
    c->rows = rows;
    c->n_rows = MONTHS;
    return true;
}

/* ---- how old what is open is ----------------------------------------------------------- */

/* What was found today counts from the day's number, which east of Greenwich
 * is ahead of the clock until the morning. */
static int64_t
tonight(struct rq *rq)
{
    int64_t end =
        (zone_day(rq->who.dir->rules.zone, rq->who.now) + 1) * MS_PER_DAY;

    return end > rq->who.now ? end : rq->who.now + 1;
}

static bool
chart_ages(struct rq *rq, const struct ledger *l, const struct scope *sc,
           struct v_chart *c, struct err *e)
{
    static const struct {
        const char *label;
        int from, until; /* days ago */
    } ages[] = { { N_("up to a week"), 0, 7 },
                 { N_("up to a month"), 7, 30 },
                 { N_("up to three months"), 30, 90 },
                 { N_("older"), 90, 40000 } };
    static const char *const heads[] = { N_("Open since"), N_("How many") };
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, N_OF(ages));
    struct svg_bar bars[N_OF(ages)];

    c->title = str_of(rq_tr(rq, N_("Age of what is open")));
    if (rows == NULL || chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < N_OF(ages); i++) {
        struct list_query q = {
            .tenant = rq->who.dir->tenant.id,
            .ledger = l,
            .all = sc->all,
            .org = sc->org,
            .n_org = sc->n,
            .since_from = rq->who.now - ages[i].until * MS_PER_DAY,
            .since_until =
                i == 0 ? tonight(rq) : rq->who.now - ages[i].from * MS_PER_DAY,
            .since_day = ledger_field(l, STR("found_on")),
            .sort = SORT_DUE,
        };
        int64_t n;

        for (size_t k = 0; k < l->n_states; k++)
            if (l->states[k].flags & ST_OPEN)
                q.states |= IN(l->states[k].v);
        if (!store_list_count(rq->st, &q, LIST_SCAN_MAX, &n, e))
            return false;
        bars[i] = (struct svg_bar){ str_of(rq_tr(rq, ages[i].label)), n, 0 };
        rows[i] = (struct v_table_row){ .label = bars[i].label,
                                        .cell = { arena_printf(
                                            rq->arena, "%" PRId64 "%s", n,
                                            n == LIST_SCAN_MAX ? "+" : "") } };
    }
    chart_draw(rq, c, bars, N_OF(ages),
               &(struct chart_colours){ { "bar-open", "bar-open" }, { NULL } });
    c->rows = rows;
    c->n_rows = N_OF(ages);
    return true;
}

/* ---- the page ---------------------------------------------------------------------------- */

static void
figures(struct rq *rq, const struct ledger *l, const struct by_school *s,
        size_t n, const struct counts *grades, struct page_overview_view *v)
{
    struct v_link *f = arena_new_array(rq->arena, struct v_link, 5);
    struct str base = rq_path(rq, l, 0);
    int64_t open = 0, overdue = 0, closed = 0, other = 0;

    for (size_t i = 0; i < n; i++) {
        open += s[i].open;
        overdue += s[i].overdue;
        closed += s[i].closed;
        other += s[i].other;
    }
    if (f == NULL)
        return;
    f[0] = (struct v_link){ str_of(rq_tr(rq, N_("open"))),
                            view_url(rq, "%.*s?state=open", STR_ARG(base)),
                            false, open };
    f[1] = (struct v_link){ str_of(rq_tr(rq, N_("overdue"))),
                            view_url(rq, "%.*s?overdue=1", STR_ARG(base)),
                            overdue > 0, overdue };
    f[2] = (struct v_link){ str_of(rq_tr(rq, N_("major, open"))),
                            view_url(rq, "%.*s?grade=major&state=open",
                                     STR_ARG(base)),
                            false, sum_of(grades, 2 * GRADE_MAJOR + 1) };
    f[3] = (struct v_link){ str_of(rq_tr(rq, N_("closed"))),
                            view_url(rq, "%.*s?state=closed", STR_ARG(base)),
                            false, closed };
    f[4] = (struct v_link){ str_of(rq_tr(rq, N_("no hazard, duplicate"))),
                            view_url(rq, "%.*s?state=not_hazard,duplicate",
                                     STR_ARG(base)),
                            false, other };
    v->figures = f;
    v->n_figures = 5;
}

static struct str
why_nothing(struct rq *rq, const struct scope *sc)
{
    if (sc->all || sc->n > 0)
        return STR("");
    return str_of(
        rq_tr(rq, N_("Nothing is counted here for you: your post does not "
                     "read the hazards of any school. What a school shares "
                     "with you is told to you one by one.")));
}

/* The figures, and the schools with what is open and overdue there. */
static void
overview_lines(struct rq *rq, const struct page_overview_view *v,
               struct chat_lines *l)
{
    chat_begin(rq, l, str_of(rq_tr(rq, N_("Overview"))));
    for (size_t i = 0; i < v->n_figures; i++)
        chat_line(l, arena_printf(
                         rq->arena, "%.*s%s%ld", STR_ARG(v->figures[i].label),
                         rq_tr(rq, N_(": ")), (long)v->figures[i].count));
    chat_of_chart(rq, l, &v->charts[0], 2, true);
}

struct all_counts {
    struct counts *states, *categories, *grades, *made, *ended;
};

static bool
read_all(struct rq *rq, const struct ledger *l, const struct scope *sc,
         struct all_counts *c, struct err *e)
{
    return read_counts(rq, l, "state", sc, &c->states, e) &&
           read_counts(rq, l, "category", sc, &c->categories, e) &&
           read_counts(rq, l, "grade", sc, &c->grades, e) &&
           read_counts(rq, l, "made", sc, &c->made, e) &&
           read_counts(rq, l, "ended", sc, &c->ended, e);
}

static bool
build(struct rq *rq, struct chat_lines *lines, struct err *e)
{
    struct chat_lines own;
    const struct ledger *l = &hazard_ledger;
    struct page_overview_view v = { .lang = rq->lang };
    struct by_school *s =
        arena_new_array(rq->arena, struct by_school, rq->who.dir->n_org + 1);
    struct all_counts c;
    struct v_chart charts[5] = { 0 };
    struct scope sc;
    size_t n;

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!actor_scope(&rq->who, l, "read", rq->arena, &sc, e) ||
        !read_all(rq, l, &sc, &c, e))
        return false;
    v.note = why_nothing(rq, &sc);
    n = schools(rq, l, c.states, s);
    if (!count_overdue(rq, l, &sc, &(struct late_count){ s, n }, e))
        return false;
    qsort(s, n, sizeof(*s), by_overdue);
    figures(rq, l, s, n, c.grades, &v);
    if (!chart_ages(rq, l, &sc, &charts[2], e) ||
        !chart_again(rq, l, &sc, &charts[4], e))
        return false;
    if (!chart_schools(rq, l, s, n, &charts[0]) ||
        !chart_months(rq, c.made, c.ended, &charts[1]) ||
        !chart_values(rq, l, "category", c.categories, &charts[3]))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    v.more = (const struct v_link[]){
        { .label = str_of(rq_tr(rq, N_("Symptoms and root causes"))),
          .url = view_url(rq, "/t/%.*s/causes",
                          STR_ARG(rq->who.dir->tenant.code)) },
        { .label = str_of(rq_tr(rq, N_("Risk points by colour"))),
          .url = view_url(rq, "/t/%.*s/risks",
                          STR_ARG(rq->who.dir->tenant.code)) },
    };
    v.n_more = 2;
    v.charts = charts;
    v.n_charts = N_OF(charts);
    overview_lines(rq, &v, lines != NULL ? lines : &own);
    if (lines != NULL)
        return true;
    v.chat = chat_page(rq, &own);
    v.as_of =
        view_said(rq, N_("As of %.*s"), STR_ARG(view_time(rq, rq->who.now)));
    v.head = view_head(rq, rq_tr(rq, N_("Overview")));
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
overview_page(struct rq *rq, struct err *e)
{
    return rq->who.dir->tenant.id == TENANT_ABOVE
               ? above_overview(rq, e)
               : rq_apart(rq, render, NULL, e);
}

bool
overview_picture(struct rq *rq, struct err *e)
{
    if (rq->who.dir->tenant.id == TENANT_ABOVE)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    return chat_page_picture(rq, build, e);
}

/* ---- the same for programs ------------------------------------------------------- */

static bool
tell(struct rq *rq, struct err *e)
{
    const struct ledger *l = &hazard_ledger;
    struct by_school *s =
        arena_new_array(rq->arena, struct by_school, rq->who.dir->n_org + 1);
    struct buf *b = &rq->rs->body;
    struct counts *states;
    struct scope sc;
    size_t n;

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!actor_scope(&rq->who, l, "read", rq->arena, &sc, e) ||
        !read_counts(rq, l, "state", &sc, &states, e))
        return false;
    if (!sc.all && sc.n == 0)
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    n = schools(rq, l, states, s);
    if (!count_overdue(rq, l, &sc, &(struct late_count){ s, n }, e))
        return false;
    answer_type(rq, "application/json");
    buf_puts(b, "{\"schools\":[");
    for (size_t i = 0; i < n; i++)
        buf_printf(b,
                   "%s{\"org\":\"%" PRId64 "\",\"open\":%" PRId64
                   ",\"overdue\":%" PRId64 ",\"closed\":%" PRId64
                   ",\"other\":%" PRId64 "}",
                   i > 0 ? "," : "", s[i].org->id, s[i].open, s[i].overdue,
                   s[i].closed, s[i].other);
    buf_puts(b, "]}\n");
    return true;
}

bool
api_overview(struct rq *rq, struct err *e)
{
    if (rq->who.dir->tenant.id == TENANT_ABOVE)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    return rq_apart(rq, tell, NULL, e);
}
