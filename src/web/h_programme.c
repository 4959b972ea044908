/* The board of a special rectification: schools by tasks, and what was found. */
#include <stdlib.h>

#include "domain/hazard.h"
#include "domain/inspection.h"
#include "domain/parts.h"
#include "domain/programme.h"
#include "pages/pages.h"
#include "store/stmt.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/handlers.h"
#include "web/view.h"

enum { TASKS_SHOWN = 30 };

struct progress {
    int64_t org;
    int64_t all[TASKS_SHOWN], done[TASKS_SHOWN], missed[TASKS_SHOWN];
    int64_t found, closed;
};

struct board {
    struct rq *rq;
    struct programme *p;
    struct task *task;
    size_t n_tasks;
    struct progress *school;
    size_t n;
    struct scope sc;
};

/* NULL: of a unit that the reader does not see. */
static struct progress *
progress_of(struct board *b, int64_t org)
{
    const struct dir *d = b->rq->who.dir;
    int64_t school = dir_school(d, org);
    bool mine = b->sc.all;

    for (size_t i = 0; i < b->sc.n && !mine; i++)
        mine = b->sc.org[i] == org;
    for (size_t i = 0; i < b->n && mine; i++)
        if (b->school[i].org == school)
            return &b->school[i];
    if (!mine || b->n > d->n_org)
        return NULL;
    b->school[b->n] = (struct progress){ .org = school };
    return &b->school[b->n++];
}

static bool
read_done(struct board *b, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, b->rq->st, &stmts[Q_PROGRAMME_DONE],
                   ARGS(ARG(b->rq->who.dir->tenant.id), ARG(b->p->r.id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct progress *p = progress_of(b, rows_i64(&r, 0));
        int64_t state = rows_i64(&r, 2), n = rows_i64(&r, 3);

        for (size_t i = 0; p != NULL && i < b->n_tasks; i++) {
            if (b->task[i].id != rows_i64(&r, 1))
                continue;
            p->all[i] += n;
            p->done[i] +=
                ((IN(IS_SUBMITTED) | IN(IS_REVIEWED) | IN(IS_EXCUSED)) >>
                     state &
                 1)
                    ? n
                    : 0;
            p->missed[i] += state == IS_MISSED ? n : 0;
        }
    }
    rows_close(&r);
    return ok;
}

static bool
read_found(struct board *b, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, b->rq->st, &stmts[Q_PROGRAMME_FOUND],
                   ARGS(ARG(b->rq->who.dir->tenant.id), ARG(b->p->r.id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct progress *p = progress_of(b, rows_i64(&r, 0));
        const struct state *s = ledger_state(&hazard_ledger, rows_i64(&r, 1));

        if (p == NULL)
            continue;
        p->found += rows_i64(&r, 2);
        p->closed += s != NULL && (s->flags & ST_END) ? rows_i64(&r, 2) : 0;
    }
    rows_close(&r);
    return ok;
}

/* Who is furthest behind comes first; else in the tree's order. */
static int
by_behind(const void *a, const void *b)
{
    const struct progress *x = a, *y = b;
    int64_t bx = 0, by = 0;

    for (size_t i = 0; i < TASKS_SHOWN; i++) {
        bx += x->missed[i] * 1000 + x->all[i] - x->done[i];
        by += y->missed[i] * 1000 + y->all[i] - y->done[i];
    }
    return bx != by ? (bx > by ? -1 : 1)
                    : (x->org > y->org) - (x->org < y->org);
}

static struct v_number
task_cell(struct board *b, const struct progress *p, size_t i)
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
        c.url = view_url(rq, "%.*s?programme=%ld&org=%ld",
                         STR_ARG(rq_path(rq, &inspection_ledger, 0)),
                         (long)b->p->r.id, (long)p->org);
    }
    return c;
}

static void
row_of(struct board *b, const struct progress *p, struct v_grid_row *row)
{
    struct rq *rq = b->rq;
    struct v_number *c =
        arena_new_array(rq->arena, struct v_number, b->n_tasks + 2);

    *row =
        (struct v_grid_row){ .label = p->org != 0
                                          ? view_org(rq, p->org)
                                          : str_of(rq_tr(rq, N_("Together"))),
                             .sum = p->org == 0,
                             .cells = c };
    if (c == NULL)
        return;
    for (size_t i = 0; i < b->n_tasks; i++)
        c[i] = task_cell(b, p, i);
    c[b->n_tasks].text = arena_i64(rq->arena, p->found);
    c[b->n_tasks + 1].text = arena_i64(rq->arena, p->closed);
}

static bool
grid_of(struct board *b, struct v_grid *g, struct err *e)
{
    struct rq *rq = b->rq;
    struct str *heads = arena_new_array(rq->arena, struct str, b->n_tasks + 3);
    struct v_grid_row *rows =
        arena_new_array(rq->arena, struct v_grid_row, b->n + 1);
    struct progress sum = { 0 };

    if (heads == NULL || rows == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    heads[0] = str_of(rq_tr(rq, N_("School")));
    for (size_t i = 0; i < b->n_tasks; i++)
        heads[i + 1] = text2_in(b->task[i].text, rq->lang == LANG_ZH);
    heads[b->n_tasks + 1] = str_of(rq_tr(rq, N_("Hazards found")));
    heads[b->n_tasks + 2] = str_of(rq_tr(rq, N_("of them closed")));
    qsort(b->school, b->n, sizeof(*b->school), by_behind);
    for (size_t k = 0; k < b->n; k++) {
        for (size_t i = 0; i < b->n_tasks; i++) {
            sum.all[i] += b->school[k].all[i];
            sum.done[i] += b->school[k].done[i];
            sum.missed[i] += b->school[k].missed[i];
        }
        sum.found += b->school[k].found;
        sum.closed += b->school[k].closed;
        row_of(b, &b->school[k], &rows[k + 1]);
    }
    row_of(b, &sum, &rows[0]);
    *g = (struct v_grid){
        .title = str_of(rq_tr(rq, N_("How far each school is"))),
        .note = str_of(rq_tr(
            rq,
            N_("Done of all that was planned; who is furthest behind comes first."))),
        .columns = heads,
        .n_columns = b->n_tasks + 3,
        .rows = rows,
        .n_rows = b->n + 1
    };
    return true;
}

static bool
build(struct rq *rq, struct err *e)
{
    struct board b = { .rq = rq };
    struct page_office_view v = { .lang = rq->lang };
    struct v_link link;
    struct v_grid grid;

    b.p = arena_new_obj(rq->arena, struct programme);
    b.school =
        arena_new_array(rq->arena, struct progress, rq->who.dir->n_org + 1);
    if (b.p == NULL || b.school == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (rq->ledger != &programme_ledger)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &programme_ledger,
                       rq->id, rq->arena, b.p, e))
        return false;
    if (!actor_reads(&rq->who, &programme_ledger, b.p))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if (!actor_scope(&rq->who, &inspection_ledger, "read", rq->arena, &b.sc,
                     e) ||
        !parts_read(&programme_tasks, b.p->tasks, rq->arena, &b.task,
                    &b.n_tasks, e) ||
        !read_done(&b, e) || !read_found(&b, e) || !grid_of(&b, &grid, e))
        return false;
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

bool
programme_board(struct rq *rq, struct err *e)
{
    return rq_apart(rq, build, NULL, e);
}
