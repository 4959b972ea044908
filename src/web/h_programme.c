/* The board of a special rectification: schools by tasks, and what was found. */
#include "domain/inspection.h"
#include "pages/office.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/chat_page.h"
#include "web/handlers.h"
#include "web/programme_view.h"
#include "web/view.h"

struct board {
    struct rq *rq;
    struct programme *p;
    struct programme_figures f;
};

static struct v_number
task_cell(struct board *b, const struct programme_line *p, size_t i)
{
    struct rq *rq = b->rq;
    struct v_number c = {
        .text = arena_printf(rq->arena, "%ld / %ld", (long)p->done[i],
                             (long)p->all[i]),
        .bad = p->missed[i] > 0,
    };

    if (p->missed[i] > 0)
        c.now = view_said(rq, N_("missed: %ld"), (long)p->missed[i]);
    if (p->org != 0) {
        c.link = true;
        c.url = view_url(rq, "%.*s?programme=%ld&org=%ld&own=1",
                         STR_ARG(rq_path(rq, &inspection_ledger, 0)),
                         (long)b->p->r.id, (long)p->org);
    }
    return c;
}

static void
row_of(struct board *b, const struct programme_line *p, struct v_grid_row *row)
{
    struct rq *rq = b->rq;
    struct v_number *c =
        arena_new_array(rq->arena, struct v_number, b->f.n_tasks + 2);

    *row =
        (struct v_grid_row){ .label = p->org != 0
                                          ? view_org(rq, p->org)
                                          : str_of(rq_tr(rq, N_("Together"))),
                             .sum = p->org == 0,
                             .cells = c };
    if (c == NULL)
        return;
    for (size_t i = 0; i < b->f.n_tasks; i++)
        c[i] = task_cell(b, p, i);
    c[b->f.n_tasks] = programme_number(rq, b->p, p, PRF_found);
    c[b->f.n_tasks + 1] = programme_number(rq, b->p, p, PRF_closed);
}

static bool
grid_of(struct board *b, struct v_grid *g, struct err *e)
{
    struct rq *rq = b->rq;
    struct str *heads =
        arena_new_array(rq->arena, struct str, b->f.n_tasks + 3);
    struct v_grid_row *rows =
        arena_new_array(rq->arena, struct v_grid_row, b->f.n + 1);

    if (heads == NULL || rows == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    heads[0] = str_of(rq_tr(rq, N_("School")));
    for (size_t i = 0; i < b->f.n_tasks; i++)
        heads[i + 1] = text2_in(b->f.task[i].text, rq->lang == LANG_ZH);
    heads[b->f.n_tasks + 1] = str_of(rq_tr(rq, N_("Hazards found")));
    heads[b->f.n_tasks + 2] = str_of(rq_tr(rq, N_("of them closed")));
    row_of(b, &b->f.sum, &rows[0]);
    for (size_t k = 0; k < b->f.n; k++)
        row_of(b, &b->f.school[k], &rows[k + 1]);
    *g = (struct v_grid){
        .title = str_of(rq_tr(rq, N_("How far each school is"))),
        .note = str_of(rq_tr(
            rq,
            N_("Done of all that was planned; who is furthest behind comes first."))),
        .columns = heads,
        .n_columns = b->f.n_tasks + 3,
        .rows = rows,
        .n_rows = b->f.n + 1
    };
    return true;
}

static bool
build(struct rq *rq, struct chat_lines *lines, struct err *e)
{
    struct chat_lines own, *said = lines != NULL ? lines : &own;
    struct board b = { .rq = rq };
    struct page_office_view v = { .lang = rq->lang };
    struct scope sc;
    struct v_link link;
    struct v_grid grid;

    b.p = arena_new_obj(rq->arena, struct programme);
    if (b.p == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (rq->ledger != &programme_ledger)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &programme_ledger,
                       rq->id, rq->arena, b.p, e))
        return false;
    if (!actor_reads(&rq->who, &programme_ledger, b.p))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if (!actor_scope(&rq->who, &inspection_ledger, "read", rq->arena, &sc, e) ||
        !programme_figures_read(rq->st, rq->who.dir, &sc, b.p, rq->who.now,
                                rq->arena, &b.f, e) ||
        !grid_of(&b, &grid, e))
        return false;
    chat_begin(rq, said, b.p->title);
    chat_of_grid(rq, said, &grid, 3);
    if (lines != NULL)
        return true;
    v.chat = chat_page(rq, &own);
    link = (struct v_link){ .label = b.p->title,
                            .url = view_path(rq, &programme_ledger, rq->id) };
    v.links = &link;
    v.n_links = 1;
    v.grids = &grid;
    v.n_grids = 1;
    v.as_of =
        view_said(rq, N_("As of %.*s"), STR_ARG(view_time(rq, rq->who.now)));
    v.head = view_head(rq, b.p->title.n > 0
                               ? arena_dup(rq->arena, b.p->title).p
                               : rq_tr(rq, N_("Special rectification")));
    answer_html(rq);
    page_office(&rq->rs->body, &v);
    return true;
}

static bool
render(struct rq *rq, struct err *e)
{
    return build(rq, NULL, e);
}

bool
programme_board(struct rq *rq, struct err *e)
{
    return rq_apart(rq, render, NULL, e);
}

bool
programme_board_picture(struct rq *rq, struct err *e)
{
    return chat_page_picture(rq, build, e);
}
