/* A statistical statement on paper: A4 with the margins of GB/T 9704-2012, the
 * figures, each school, what each figure means, room for signature and seal. */
#include <stdio.h>

#include "web/office.h"
#include "web/paper_table.h"
#include "web/papers.h"
#include "web/view.h"

#define TOP    (37 * PAPER_MM)
#define BOTTOM (35 * PAPER_MM)
#define LEFT   (28 * PAPER_MM)
#define ROOM   (156 * PAPER_MM)
#define END    (A4_LONG - BOTTOM)

static const struct paper_style title = { PAPER_SONG_BOLD, 22, PAPER_CENTER,
                                          0 };
static const struct paper_style under = { PAPER_KAI, 12, PAPER_CENTER, 0 };
static const struct paper_style note = { PAPER_SONG, 9, PAPER_LEFT, 0 };
static const struct paper_style text = { PAPER_SONG, 12, PAPER_LEFT, 0 };
static const struct paper_style foot = { PAPER_SONG, 10, PAPER_CENTER, 0 };

struct sheet {
    struct paper_table t; /* t.y: where the page goes on */
    struct rq *rq;
    int page;
};

static void
end_page(struct sheet *s)
{
    char number[32];

    snprintf(number, sizeof(number), "— %d —", ++s->page);
    paper_text(s->t.p, str_of(number), &foot, LEFT, END + 10 * PAPER_MM, ROOM);
    paper_next(s->t.p);
    s->t.y = TOP;
}

/* Room for what comes, on this page or the next. True: a new one began. */
static bool
make_room(struct sheet *s, double h)
{
    if (s->t.y + h <= END)
        return false;
    end_page(s);
    return true;
}

static void
put(struct sheet *s, struct str words, const struct paper_style *style,
    double gap)
{
    make_room(s, paper_measure(s->t.p, words, style, ROOM));
    s->t.y += paper_text(s->t.p, words, style, LEFT, s->t.y, ROOM) + gap;
}

/* ---- the tables ---------------------------------------------------------- */

static void
row_of(const struct v_grid *g, const struct v_grid_row *r, struct str *cells)
{
    cells[0] = r->label;
    for (size_t i = 1; i < g->n_columns; i++)
        cells[i] = r->cells[i - 1].text;
}

static void
put_grid(struct sheet *s, const struct v_grid *g, const int *shares,
         double size)
{
    struct str cells[PAPER_COLUMNS];

    paper_table_share(&s->t, LEFT, ROOM, shares, g->n_columns);
    s->t.numbers = true;
    make_room(s, 60);
    paper_table_row(&s->t, g->columns, PAPER_HEI, size, 2);
    for (size_t i = 0; i < g->n_rows; i++) {
        enum paper_font font = g->rows[i].sum ? PAPER_HEI : PAPER_SONG;

        row_of(g, &g->rows[i], cells);
        if (make_room(s, paper_table_height(&s->t, cells, font, size, 2)))
            paper_table_row(&s->t, g->columns, PAPER_HEI, size, 2);
        paper_table_row(&s->t, cells, font, size, 2);
    }
    s->t.y += 8;
}

static void
put_notes(struct sheet *s, const struct v_grid *g)
{
    put(s, str_of(rq_tr(s->rq, N_("What the figures count"))), &text, 2);
    for (size_t i = 0; i < g->n_rows; i++)
        put(s,
            arena_printf(s->rq->arena, "%zu. %.*s: %.*s", i + 1,
                         STR_ARG(g->rows[i].label), STR_ARG(g->rows[i].means)),
            &note, 1);
    s->t.y += 8;
}

/* ---- the whole ----------------------------------------------------------- */

static struct str
standing(struct rq *rq, const struct statistic *st)
{
    if (st->signed_at == 0)
        return str_of(rq_tr(rq, N_("Draft, not signed")));
    return view_said(rq,
                     st->r.state == STAT_REPLACED
                         ? N_("Signed by %.*s on %.*s; since then replaced by "
                              "a corrected one")
                         : N_("Signed by %.*s on %.*s"),
                     STR_ARG(view_person_of(rq, st->r.org, st->signer)),
                     STR_ARG(view_time_paper(rq, st->signed_at)));
}

static void
put_head(struct sheet *s, const struct statistic *st)
{
    struct rq *rq = s->rq;

    put(s, str_of(rq_tr(rq, N_("Statistics of hazards found and rectified"))),
        &title, 6);
    put(s,
        arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(view_org(rq, st->r.org)),
                     STR_ARG(office_period(rq, st->year, st->quarter))),
        &under, 4);
    put(s,
        arena_printf(
            rq->arena, "%.*s. %.*s",
            STR_ARG(view_said(rq, N_("Figures taken on %.*s"),
                              STR_ARG(view_time_paper(rq, st->as_of)))),
            STR_ARG(standing(rq, st))),
        &foot, 10);
    if (st->previous != 0)
        put(s,
            arena_printf(rq->arena, "%s %.*s",
                         rq_tr(rq, N_("It replaces the one signed before. "
                                      "Reason:")),
                         STR_ARG(st->reason)),
            &note, 8);
}

static void
put_signature(struct sheet *s)
{
    static const char *const lines[] = {
        N_("Principal or officer in charge (signature):"),
        N_("Filled in by:"),
        N_("Date:"),
        N_("(seal)"),
    };

    make_room(s, 100);
    s->t.y += 14;
    for (size_t i = 0; i < N_OF(lines); i++)
        paper_text(s->t.p, str_of(rq_tr(s->rq, lines[i])), &text,
                   LEFT + (i % 2 ? ROOM * 0.62 : 0), s->t.y + (i > 1 ? 38 : 0),
                   ROOM / 2);
    s->t.y += 70;
}

static bool
draw(struct sheet *s, const struct statistic *st)
{
    static const int by_figure[] = { 6, 2, 2, 2 };
    static const int by_school[PAPER_COLUMNS] = { 5, 2, 2, 2, 2, 2,
                                                  2, 3, 3, 2, 2, 2 };
    struct v_grid g[2] = { 0 };
    struct school_sums *of;
    struct sums sums;
    size_t n = office_stated(s->rq, st, &of);

    statistic_sums(st, &sums);
    office_figures(s->rq, &sums, NULL, NULL, &g[0]);
    put_head(s, st);
    put_grid(s, &g[0], by_figure, 11);
    put_signature(s);
    if (n > 0) {
        office_schools(s->rq, of, n, &sums, FG_SHORT, NULL, &g[1]);
        end_page(s);
        put(s, str_of(rq_tr(s->rq, N_("By school"))), &text, 4);
        put_grid(s, &g[1], by_school, 9);
    }
    put_notes(s, &g[0]);
    end_page(s);
    return !arena_failed(s->rq->arena);
}

bool
draw_statistic(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct statistic *st = arena_new_obj(rq->arena, struct statistic);
    struct sheet s = { .rq = rq, .t.y = TOP };
    struct err later;
    bool ok;

    (void)arg;
    if (st == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &statistic_ledger,
                       rq->id, rq->arena, st, e) ||
        (s.t.p = paper_pdf(path, A4_SHORT, A4_LONG, e)) == NULL)
        return false;
    ok = draw(&s, st) ||
         err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return paper_close(s.t.p, ok ? e : &later) && ok;
}
