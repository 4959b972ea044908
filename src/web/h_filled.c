/* The authority's own blank, filled: as a page whose figures lead to what they
 * count, and as the file. */
#include <unistd.h>

#include "store/files.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/blank_fill.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/papers.h"
#include "web/view.h"

/* ---- the page ------------------------------------------------------------- */

static struct v_number
number_of(const struct filling *f, size_t i)
{
    const struct meaning *m = &f->what[i].spot->m;
    struct v_number v = { .text = f->cell[i].text,
                          .link = m->kind == BLANK_FIGURE };

    if (v.link)
        v.url =
            office_leads_to(f->rq, &f->a, m->figure, m->grade, f->what[i].org);
    return v;
}

static struct str
place_of(struct rq *rq, const struct fill_cell *c)
{
    BUF(b, 32);

    ref_put(&b, c->col, c->row);
    return arena_dup(rq->arena, buf_str(&b));
}

/* Cells that stand alone: what is written beside them, and what they say. */
static void
put_alone(const struct filling *f, const struct blank_sheet *b,
          struct v_grid *g)
{
    struct rq *rq = f->rq;
    struct v_grid_row *r = arena_new_array(rq->arena, struct v_grid_row, f->n);
    struct v_number *v = arena_new_array(rq->arena, struct v_number, f->n);
    struct str *h = arena_new_array(rq->arena, struct str, 2);

    if (r == NULL || v == NULL || h == NULL)
        return;
    h[0] = str_of(rq_tr(rq, N_("Cell")));
    h[1] = str_of(rq_tr(rq, N_("Value")));
    *g = (struct v_grid){
        .title = b->name, .columns = h, .n_columns = 2, .rows = r
    };
    for (size_t i = 0; i < f->n; i++) {
        const struct blank_spot *s = f->what[i].spot;

        if (f->what[i].sheet != b || s->row == 0)
            continue;
        v[i] = number_of(f, i);
        r[g->n_rows++] = (struct v_grid_row){
            .label = arena_printf(rq->arena, "%.*s · %.*s",
                                  STR_ARG(place_of(rq, &f->cell[i])),
                                  STR_ARG(s->heading)),
            .means = blank_words(rq, &s->m),
            .cells = &v[i],
        };
    }
}

/* The columns of the table that are filled; at: of each spot of the sheet. */
static size_t
table_heads(const struct filling *f, const struct blank_sheet *b, struct str *h,
            size_t *at)
{
    size_t n = 0;

    h[n++] = str_of(rq_tr(f->rq, N_("Line")));
    for (size_t i = 0; i < b->n; i++)
        if (b->spot[i].row == 0 && b->spot[i].m.kind > BLANK_NUMBER) {
            at[i] = n;
            h[n++] = arena_printf(f->rq->arena, "%.*s (%.*s)",
                                  STR_ARG(b->spot[i].heading),
                                  STR_ARG(blank_words(f->rq, &b->spot[i].m)));
        }
    return n;
}

/* Values of one line stand one after the other. */
static void
put_lines(const struct filling *f, const struct blank_sheet *b,
          struct v_grid *g)
{
    struct rq *rq = f->rq;
    struct v_grid_row *r = arena_new_array(rq->arena, struct v_grid_row, f->n);
    struct str *h = arena_new_array(rq->arena, struct str, BLANK_SPOTS + 1);
    size_t *at = arena_new_array(rq->arena, size_t, BLANK_SPOTS);
    struct v_number *v = NULL;
    uint32_t row = 0;

    if (r == NULL || h == NULL || at == NULL)
        return;
    *g = (struct v_grid){ .title = b->name, .columns = h, .rows = r };
    g->n_columns = table_heads(f, b, h, at);
    for (size_t i = 0; i < f->n; i++) {
        size_t k = (size_t)(f->what[i].spot - b->spot);

        if (f->what[i].sheet != b || f->what[i].spot->row != 0)
            continue;
        if (f->cell[i].row != row) {
            row = f->cell[i].row;
            if ((v = arena_new_array(rq->arena, struct v_number,
                                     g->n_columns)) == NULL)
                return;
            r[g->n_rows++] = (struct v_grid_row){
                .label =
                    arena_printf(rq->arena, "%lu · %.*s", (unsigned long)row,
                                 STR_ARG(view_org(rq, f->what[i].org))),
                .cells = v,
            };
        }
        if (at[k] > 0)
            v[at[k] - 1] = number_of(f, i);
    }
}

static const struct v_link *
ways(const struct filling *f, size_t *n)
{
    struct rq *rq = f->rq;
    struct str path = rq_path(rq, &blank_ledger, rq->id);
    const struct field *q = ledger_field(&statistic_ledger, STR("quarter"));
    struct v_link *v =
        arena_new_array(rq->arena, struct v_link, PERIOD_YEAR + 3);

    *n = 0;
    if (v == NULL)
        return NULL;
    v[(*n)++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("Take it out filled (XLSX)"))),
        .url =
            view_url(rq, "%.*s/filled.xlsx?year=%ld&quarter=%s&org=%ld",
                     STR_ARG(path), (long)f->a.year,
                     choice_of(q->choices, f->a.quarter)->key, (long)f->a.org),
    };
    for (int64_t i = 1; i <= PERIOD_YEAR; i++)
        v[(*n)++] = papers_filled(rq, rq->id, f->a.year, i, f->a.org,
                                  i == f->a.quarter);
    v[(*n)++] =
        (struct v_link){ .label = str_of(rq_tr(rq, N_("What its cells mean"))),
                         .url = view_url(rq, "%.*s/map", STR_ARG(path)) };
    v[(*n)++] = (struct v_link){ .label = str_of(rq_tr(rq, N_("To the blank"))),
                                 .url = view_path(rq, &blank_ledger, rq->id) };
    return v;
}

static bool
show_filled(struct rq *rq, struct err *e)
{
    struct page_office_view v = { .lang = rq->lang };
    struct v_grid *g;
    struct filling f;

    if (!blank_values(rq, &f, e))
        return false;
    if ((g = arena_new_array(rq->arena, struct v_grid, 2 * f.k->n + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < f.k->n; i++) {
        const struct blank_sheet *b = f.k->sheet[i];

        if (!blank_counts(f.k, b))
            continue;
        put_alone(&f, b, &g[v.n_grids]);
        v.n_grids += g[v.n_grids].n_rows > 0;
        put_lines(&f, b, &g[v.n_grids]);
        v.n_grids += g[v.n_grids].n_rows > 0;
    }
    v.grids = g;
    v.links = ways(&f, &v.n_links);
    v.as_of =
        view_said(rq, N_("As of %.*s"), STR_ARG(view_time(rq, rq->who.now)));
    v.head = view_head(
        rq, arena_printf(rq->arena, "%.*s: %.*s", STR_ARG(f.blank->title),
                         STR_ARG(office_period(rq, f.a.year, f.a.quarter)))
                .p);
    answer_html(rq);
    page_office(&rq->rs->body, &v);
    return true;
}

bool
blank_filled(struct rq *rq, struct err *e)
{
    return rq_apart(rq, show_filled, NULL, e);
}

/* ---- the file ------------------------------------------------------------- */

static bool
fill(struct rq *rq, const char *path, void *arg, struct err *e)
{
    int64_t tenant = rq->who.dir->tenant.id, id;
    struct fill_report report;
    struct file_row file;
    struct filling f;
    bool ok;
    int fd;

    (void)arg;
    if (!blank_values(rq, &f, e) || !str_i64(f.blank->file, &id) ||
        !files_get(rq->st, tenant, id, rq->arena, &file, e) ||
        (fd = files_open_whole(rq->app->data_dir, tenant, &file, e)) < 0)
        return false;
    ok = xlsx_fill(fd, path, f.cell, f.n, &report, e);
    close(fd);
    return ok;
}

bool
blank_fill(struct rq *rq, struct err *e)
{
    return made_send(
        rq,
        &(struct made){ .make = fill,
                        .type = "application/vnd.openxmlformats-officedocument."
                                "spreadsheetml.sheet",
                        .name = made_name(rq, rq->arena, N_("Filled table"),
                                          STR(""), ".xlsx") },
        e);
}
