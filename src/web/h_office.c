/* The office's tables: the figures of a period, and what each one counts. */
#include <inttypes.h>
#include <stdlib.h>

#include "domain/blank.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/chat_page.h"
#include "web/handlers.h"
#include "web/office.h"
#include "web/view.h"

static struct v_input
year_input(struct rq *rq, const struct asked *a)
{
    return (struct v_input){
        .kind = "number",
        .name = STR("year"),
        .label = str_of(rq_tr(rq, N_("Year"))),
        .value = arena_i64(rq->arena, a->year),
    };
}

static struct v_input
quarter_input(struct rq *rq, const struct asked *a)
{
    struct statistic s = { .quarter = a->quarter };

    return view_input(rq, &statistic_ledger,
                      ledger_field(&statistic_ledger, STR("quarter")), NULL, &s,
                      0);
}

static void
links(struct rq *rq, const struct asked *a, struct page_office_view *v)
{
    struct v_link *l = arena_new_array(rq->arena, struct v_link, 6);
    struct str code = rq->who.dir->tenant.code;

    v->links = l;
    if (l == NULL)
        return;
    if (actor_may_somewhere(&rq->who, &statistic_ledger, "draft"))
        l[v->n_links++] = (struct v_link){
            .label = str_of(rq_tr(rq, N_("Draft a statistical statement"))),
            .url = view_url(rq, "/t/%.*s/statistic/new?org=%ld", STR_ARG(code),
                            (long)a->org),
        };
    l[v->n_links++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("Statements"))),
        .url = view_path(rq, &statistic_ledger, 0),
    };
    l[v->n_links++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("One page for the leader (PDF)"))),
        .url = view_url(rq, "/t/%.*s/brief.pdf?org=%ld", STR_ARG(code),
                        (long)a->org),
    };
    if (actor_may_somewhere(&rq->who, &blank_ledger, "add"))
        l[v->n_links++] = (struct v_link){
            .label = str_of(rq_tr(rq, blank_ledger.title)),
            .url = view_path(rq, &blank_ledger, 0),
        };
    l[v->n_links++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("Year view"))),
        .url = view_url(rq, "/t/%.*s/figures?year=%ld&quarter=year&org=%ld",
                        STR_ARG(code), (long)a->year, (long)a->org),
    };
}

static void
year_view(struct rq *rq, const struct asked *a, const struct school_sums *of,
          size_t n, const struct sums *all, struct v_grid *g)
{
    g->title =
        view_said(rq, N_("The year %ld: carried over and on"), (long)a->year);
    g->note = view_said(rq,
                        N_("What is still open stands in the ledger of %ld as "
                           "carried over."),
                        (long)a->year + 1);
    office_schools(rq, of, n, all, FG_YEAR, a, g);
}

/* Each figure, general and major together. */
static void
office_lines(struct rq *rq, const struct asked *a, const struct v_grid *g,
             struct chat_lines *l)
{
    chat_begin(
        rq, l,
        arena_printf(rq->arena, "%s · %.*s%s%.*s", rq_tr(rq, N_("Figures")),
                     STR_ARG(g->title), a->org != 0 ? " · " : "",
                     STR_ARG(a->org != 0 ? view_org(rq, a->org) : STR(""))));
    for (size_t i = 0; i < g->n_rows; i++)
        chat_line(
            l, arena_printf(rq->arena, "%.*s%s%.*s", STR_ARG(g->rows[i].label),
                            rq_tr(rq, N_(": ")),
                            STR_ARG(g->rows[i].cells[g->n_columns - 2].text)));
}

static bool
build_office(struct rq *rq, struct chat_lines *lines, struct err *e)
{
    struct chat_lines own;
    struct page_office_view v = { .lang = rq->lang };
    struct v_input in[3];
    struct v_grid g[3] = { 0 };
    struct v_clock clocks[2];
    struct school_sums *of;
    struct sums all;
    struct asked a;
    size_t n;

    if (!office_ask(rq, &a, e) ||
        !figures_sum(rq->st, &a.q, rq->arena, &of, &n, &all, e) ||
        !office_clocks(rq, &a, clocks, &v.n_clocks, e))
        return false;
    v.clocks = clocks;
    in[0] = year_input(rq, &a);
    in[1] = quarter_input(rq, &a);
    in[2] = view_school_input(rq, &statistic_ledger, a.org);
    v.inputs = in;
    v.n_inputs = in[2].n_choices > 1 ? 3 : 2;
    links(rq, &a, &v);
    if (a.quarter == PERIOD_YEAR)
        year_view(rq, &a, of, n, &all, &g[v.n_grids++]);
    g[v.n_grids].title = office_period(rq, a.year, a.quarter);
    office_figures(rq, &all, NULL, &a, &g[v.n_grids++]);
    office_lines(rq, &a, &g[v.n_grids - 1], lines != NULL ? lines : &own);
    if (lines != NULL)
        return true;
    v.chat = chat_page(rq, &own);
    if (n > 1) {
        g[v.n_grids].title = str_of(rq_tr(rq, N_("By school")));
        office_schools(rq, of, n, &all, FG_SHORT, &a, &g[v.n_grids++]);
    }
    v.grids = g;
    v.as_of =
        view_said(rq, N_("As of %.*s"), STR_ARG(view_time(rq, rq->who.now)));
    v.head = view_head(rq, rq_tr(rq, N_("Figures")));
    answer_html(rq);
    page_office(&rq->rs->body, &v);
    return true;
}

static bool
show_office(struct rq *rq, struct err *e)
{
    return build_office(rq, NULL, e);
}

bool
office_page(struct rq *rq, struct err *e)
{
    return rq_apart(rq, show_office, NULL, e);
}

bool
office_picture(struct rq *rq, struct err *e)
{
    return chat_page_picture(rq, build_office, e);
}

/* ---- what a figure counts ------------------------------------------------ */

enum { COUNTED_PAGE = 100, COUNTED_BYTES = 64 << 20 };

struct counting {
    const struct asked *a;
    const struct figure *figure;
    int grade; /* 0 general, 1 major, -1 both */
    struct buf *ids;
    int64_t sum, n;
};

static bool
count_one(const struct hazard *h, void *arg, struct err *e)
{
    struct counting *c = arg;
    int64_t v;

    if (c->grade >= 0 && c->grade != (h->grade == GRADE_MAJOR))
        return true;
    v = c->figure->of(h, &c->a->q.period);
    if (v == 0)
        return true;
    c->sum += v;
    c->n++;
    buf_put(c->ids, &h->r.id, sizeof(h->r.id));
    return !c->ids->over ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static int
newest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? 1 : x > y ? -1 : 0;
}

/* The address of a page of them: those behind an id; 0 = the beginning. */
static struct url
counted_url(struct rq *rq, const struct counting *c, int64_t after)
{
    BUF(b, 64);

    if (after != 0)
        buf_printf(&b, "&after=%ld", (long)after);
    return view_url(rq, "%.*s?year=%ld&quarter=%.*s&org=%ld&grade=%.*s%.*s",
                    STR_ARG(rq->http->path), (long)c->a->year,
                    STR_ARG(rq_query(rq, "quarter")), (long)c->a->org,
                    STR_ARG(rq_query(rq, "grade")), STR_ARG(buf_str(&b)));
}

/* The first for a chat. */
static void
say_some(struct rq *rq, const char *recs, size_t n, size_t all,
         struct chat_lines *said)
{
    enum { SAID = 12, LINE = 60 };
    const struct say s = view_say(rq);

    for (size_t i = 0; i < n && i < SAID; i++)
        chat_line(said, say_line(&s, &hazard_ledger,
                                 recs + i * hazard_ledger.size, LINE));
    said->more = all > SAID ? all - SAID : 0;
}

/* A hundred of them, from the newest on. */
static bool
rows_of(struct rq *rq, const struct counting *c, struct page_counted_view *v,
        struct chat_lines *said, struct err *e)
{
    const struct ledger *l = &hazard_ledger;
    const int64_t after = rq_query_i64(rq, "after");
    int64_t *id = (int64_t *)(void *)c->ids->p;
    size_t all = c->ids->n / sizeof(*id), from = 0, n;
    struct view_columns columns =
        view_columns(rq, l, "org place category grade deadline");
    char *recs;

    v->from = v->upto = 0;
    if (all == 0)
        return true;
    qsort(id, all, sizeof(*id), newest_first);
    while (after != 0 && from < all && id[from] >= after)
        from++;
    n = all - from < COUNTED_PAGE ? all - from : COUNTED_PAGE;
    if ((recs = arena_array(rq->arena, n + 1, l->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++)
        if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, id[from + i],
                           rq->arena, recs + i * l->size, e))
            return false;
    say_some(rq, recs, n, all - from, said);
    v->rows = view_rows(rq, l, recs, n, &columns);
    v->n_rows = v->rows != NULL ? n : 0;
    v->from = (int64_t)(n > 0 ? from + 1 : 0);
    v->upto = (int64_t)(from + n);
    if (from > 0)
        v->first = counted_url(rq, c, 0);
    if (from + n < all)
        v->next = counted_url(rq, c, id[from + n - 1]);
    return true;
}

static struct str
counted_title(struct rq *rq, const struct counting *c)
{
    const struct asked *a = c->a;
    const char *grade = c->grade == 1   ? N_("major")
                        : c->grade == 0 ? N_("general")
                                        : N_("together");

    return arena_printf(
        rq->arena, "%s · %s · %.*s%s%.*s", rq_tr(rq, c->figure->label),
        rq_tr(rq, grade), STR_ARG(office_period(rq, a->year, a->quarter)),
        a->org != 0 ? " · " : "", STR_ARG(view_org(rq, a->org)));
}

static bool
build_counted(struct rq *rq, struct chat_lines *lines, struct err *e)
{
    struct chat_lines own, *said = lines != NULL ? lines : &own;
    struct page_counted_view v = { .lang = rq->lang };
    int i = figure_find(rq->verb);
    struct str grade = rq_query(rq, "grade");
    struct asked a;
    struct counting c = { .a = &a, .grade = -1 };
    BUF(ids, COUNTED_BYTES);

    if (i < 0)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (str_is(grade, "general") || str_is(grade, "major"))
        c.grade = str_is(grade, "major");
    c.figure = &figures[i];
    c.ids = &ids;
    if (!office_ask(rq, &a, e) || !figures_each(rq->st, &a.q, count_one, &c, e))
        return false;
    chat_begin(rq, said, counted_title(rq, &c));
    chat_line(said, arena_printf(
                        rq->arena, "%s: %.*s", rq_tr(rq, c.figure->label),
                        STR_ARG(office_number(rq, (enum figure_no)i, c.sum))));
    if (!rows_of(rq, &c, &v, said, e))
        return false;
    if (lines != NULL)
        return true;
    v.chat = chat_page(rq, &own);
    v.back = view_url(rq, "/t/%.*s/figures?year=%ld&quarter=%.*s&org=%ld",
                      STR_ARG(rq->who.dir->tenant.code), (long)a.year,
                      STR_ARG(rq_query(rq, "quarter")), (long)a.org);
    v.means = str_of(rq_tr(rq, c.figure->means));
    v.said = view_said(rq,
                       N_("Hazards: %ld, newest first; these are %ld to %ld. "
                          "In all: %.*s."),
                       (long)c.n, (long)v.from, (long)v.upto,
                       STR_ARG(office_number(rq, (enum figure_no)i, c.sum)));
    v.as_of =
        view_said(rq, N_("As of %.*s"), STR_ARG(view_time(rq, rq->who.now)));
    v.head = view_head(rq, counted_title(rq, &c).p);
    answer_html(rq);
    page_counted(&rq->rs->body, &v);
    return true;
}

static bool
show_counted(struct rq *rq, struct err *e)
{
    return build_counted(rq, NULL, e);
}

bool
counted_page(struct rq *rq, struct err *e)
{
    return rq_apart(rq, show_counted, NULL, e);
}

bool
counted_picture(struct rq *rq, struct err *e)
{
    return chat_page_picture(rq, build_counted, e);
}
