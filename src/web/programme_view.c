/* The figures of a special rectification, as a page and a paper show them. */
#include "web/programme_view.h"
#include "domain/hazard.h"
#include "domain/inspection.h"
#include "web/view.h"

/* Where each figure's records stand: a list, narrowed. */
static const struct {
    const struct ledger *ledger;
    const char *narrowed;
    bool money, bad;
} leads[N_PROGRAMME_FIGURES] = {
    [PRF_planned] = { &inspection_ledger, "", false, false },
    [PRF_done] = { &inspection_ledger, "&state=submitted,reviewed", false,
                   false },
    [PRF_late] = { &inspection_ledger, "&state=submitted,reviewed&late=1",
                   false, false },
    [PRF_missed] = { &inspection_ledger, "&state=missed", false, true },
    [PRF_excused] = { &inspection_ledger, "&state=excused", false, false },
    [PRF_todo] = { &inspection_ledger, "&state=pending,returned", false,
                   false },
    [PRF_found] = { &hazard_ledger, "&state=open,closed", false, false },
    [PRF_major] = { &hazard_ledger, "&state=open,closed&grade=major", false,
                    false },
    [PRF_closed] = { &hazard_ledger, "&state=closed", false, false },
    [PRF_closed_major] = { &hazard_ledger, "&state=closed&grade=major", false,
                           false },
    [PRF_open] = { &hazard_ledger, "&state=open", false, false },
    [PRF_open_major] = { &hazard_ledger, "&state=open&grade=major", false,
                         false },
    [PRF_overdue] = { &hazard_ledger, "&state=open&overdue=1", false, true },
    [PRF_need] = { &hazard_ledger, "&state=open,closed", true, false },
    [PRF_spent] = { &hazard_ledger, "&state=open,closed", true, false },
};

/* What a table of schools has room for; the rest stands in the sum. */
static const enum programme_figure shown[] = {
    PRF_planned, PRF_done, PRF_missed,  PRF_todo, PRF_found,
    PRF_closed,  PRF_open, PRF_overdue, PRF_need, PRF_spent,
};

struct v_number
programme_number(struct rq *rq, const struct programme *p,
                 const struct programme_line *l, enum programme_figure i)
{
    const struct say s = view_say(rq);
    struct str org =
        l->org != 0 ? arena_printf(rq->arena, "&org=%ld&own=1", (long)l->org)
                    : STR("");

    return (struct v_number){
        .text = leads[i].money ? say_money(&s, l->v[i])
                               : arena_i64(rq->arena, l->v[i]),
        .bad = leads[i].bad && l->v[i] > 0,
        .link = l->v[i] != 0,
        .url = view_url(rq, "%.*s?programme=%ld%.*s%s",
                        STR_ARG(rq_path(rq, leads[i].ledger, 0)), (long)p->r.id,
                        STR_ARG(org), leads[i].narrowed),
    };
}

static bool
school_row(struct rq *rq, const struct programme *p,
           const struct programme_line *l, struct v_grid_row *row)
{
    struct v_number *c =
        arena_new_array(rq->arena, struct v_number, N_OF(shown));

    *row =
        (struct v_grid_row){ .label = l->org != 0
                                          ? view_org(rq, l->org)
                                          : str_of(rq_tr(rq, N_("Together"))),
                             .sum = l->org == 0,
                             .cells = c };
    for (size_t i = 0; c != NULL && i < N_OF(shown); i++)
        c[i] = programme_number(rq, p, l, shown[i]);
    return c != NULL;
}

static bool
by_school(struct rq *rq, const struct programme *p,
          const struct programme_figures *f, struct v_grid *g)
{
    struct str *heads = arena_new_array(rq->arena, struct str, N_OF(shown) + 1);
    struct v_grid_row *rows =
        arena_new_array(rq->arena, struct v_grid_row, f->n + 1);

    if (heads == NULL || rows == NULL || !school_row(rq, p, &f->sum, &rows[0]))
        return false;
    heads[0] = str_of(rq_tr(rq, N_("School")));
    for (size_t i = 0; i < N_OF(shown); i++)
        heads[i + 1] = str_of(rq_tr(rq, programme_figure_label[shown[i]]));
    for (size_t i = 0; i < f->n; i++)
        if (!school_row(rq, p, &f->school[i], &rows[i + 1]))
            return false;
    *g = (struct v_grid){ .title = str_of(rq_tr(rq, N_("By school"))),
                          .columns = heads,
                          .n_columns = N_OF(shown) + 1,
                          .rows = rows,
                          .n_rows = f->n + 1 };
    return true;
}

/* All figures of all schools, one below the other. */
static bool
together(struct rq *rq, const struct programme *p,
         const struct programme_figures *f, struct v_grid *g)
{
    struct str *heads = arena_new_array(rq->arena, struct str, 2);
    struct v_grid_row *rows =
        arena_new_array(rq->arena, struct v_grid_row, N_PROGRAMME_FIGURES);
    struct v_number *c =
        arena_new_array(rq->arena, struct v_number, N_PROGRAMME_FIGURES);

    if (heads == NULL || rows == NULL || c == NULL)
        return false;
    heads[0] = str_of(rq_tr(rq, N_("Figure")));
    heads[1] = str_of(rq_tr(rq, N_("Together")));
    for (int i = 0; i < N_PROGRAMME_FIGURES; i++) {
        c[i] = programme_number(rq, p, &f->sum, (enum programme_figure)i);
        rows[i] = (struct v_grid_row){ .label = str_of(rq_tr(
                                           rq, programme_figure_label[i])),
                                       .cells = &c[i] };
    }
    *g = (struct v_grid){ .title = str_of(rq_tr(rq, N_("All schools"))),
                          .columns = heads,
                          .n_columns = 2,
                          .rows = rows,
                          .n_rows = N_PROGRAMME_FIGURES };
    return true;
}

static struct v_number
task_number(struct rq *rq, const struct programme *p, int64_t task, int64_t n,
            const char *narrowed)
{
    return (struct v_number){
        .text = arena_i64(rq->arena, n),
        .link = n != 0,
        .url = view_url(rq, "%.*s?programme=%ld&task=%ld%s",
                        STR_ARG(rq_path(rq, &inspection_ledger, 0)),
                        (long)p->r.id, (long)task, narrowed),
    };
}

static bool
by_task(struct rq *rq, const struct programme *p,
        const struct programme_figures *f, struct v_grid *g)
{
    struct str *heads = arena_new_array(rq->arena, struct str, 4);
    struct v_grid_row *rows =
        arena_new_array(rq->arena, struct v_grid_row, f->n_tasks + 1);

    if (heads == NULL || rows == NULL)
        return false;
    heads[0] = str_of(rq_tr(rq, N_("What every school does")));
    heads[1] = str_of(rq_tr(rq, N_("Inspections planned")));
    heads[2] = str_of(rq_tr(rq, N_("Done or excused")));
    heads[3] = str_of(rq_tr(rq, N_("Missed")));
    *g = (struct v_grid){ .title = str_of(rq_tr(rq, N_("By task"))),
                          .columns = heads,
                          .n_columns = 4,
                          .rows = rows };
    for (size_t i = 0; i < f->n_tasks && i < PROGRAMME_TASKS_MAX; i++) {
        struct v_number *c = arena_new_array(rq->arena, struct v_number, 3);
        int64_t id = f->task[i].id;

        if (c == NULL)
            return false;
        c[0] = task_number(rq, p, id, f->sum.all[i], "");
        c[1] = task_number(rq, p, id, f->sum.done[i],
                           "&state=submitted,reviewed,excused");
        c[2] = task_number(rq, p, id, f->sum.missed[i], "&state=missed");
        rows[g->n_rows++] = (struct v_grid_row){
            .label = text2_in(f->task[i].text, rq->lang == LANG_ZH), .cells = c
        };
    }
    return true;
}

bool
programme_grids(struct rq *rq, const struct programme *p,
                const struct programme_figures *f,
                struct v_grid g[PROGRAMME_GRIDS], struct err *e)
{
    return (together(rq, p, f, &g[0]) && by_task(rq, p, f, &g[1]) &&
            by_school(rq, p, f, &g[2])) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

bool
programme_show(struct rq *rq, const struct programme *p,
               struct page_record_view *v, struct err *e)
{
    struct v_grid *g =
        arena_new_array(rq->arena, struct v_grid, PROGRAMME_GRIDS);
    struct programme_figures f;

    if (p->figures.n == 0)
        return true;
    if (g == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!programme_figures_kept(p, rq->arena, &f, e) ||
        !programme_grids(rq, p, &f, g, e))
        return false;
    g[0].note = view_said(rq,
                          N_("As they were taken on %.*s; each number leads to "
                             "its records as they are today."),
                          STR_ARG(view_time(rq, p->as_of)));
    v->grids = g;
    v->n_grids = PROGRAMME_GRIDS;
    return true;
}
