/* A statistical statement on paper: A4 with the margins of GB/T 9704-2012, the
 * figures, each school, what each figure means, room for signature and seal. */
#include "web/office.h"
#include "web/paper_sheet.h"
#include "web/papers.h"
#include "web/view.h"

static const struct paper_style title = { PAPER_SONG_BOLD, 22, PAPER_CENTER,
                                          0 };
static const struct paper_style under = { PAPER_KAI, 12, PAPER_CENTER, 0 };
static const struct paper_style note = { PAPER_SONG, 8, PAPER_LEFT, 0 };
static const struct paper_style text = { PAPER_SONG, 12, PAPER_LEFT, 0 };
static const struct paper_style foot = { PAPER_SONG, 10, PAPER_CENTER, 0 };

static void
put_notes(struct paper_sheet *s, const struct v_grid *g)
{
    BUF(b, 16 * 1024);

    /* one paragraph: a school's whole statement is one sheet */
    buf_printf(&b, "%s%s", rq_tr(s->rq, N_("What the figures count")),
               rq_tr(s->rq, N_(": ")));
    for (size_t i = 0; i < g->n_rows; i++)
        buf_printf(&b, "%s%zu. %.*s%s%.*s", i > 0 ? "  " : "", i + 1,
                   STR_ARG(g->rows[i].label), rq_tr(s->rq, N_(": ")),
                   STR_ARG(g->rows[i].means));
    paper_sheet_put(s, arena_dup(s->rq->arena, buf_str(&b)), &note, 8);
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
put_head(struct paper_sheet *s, const struct statistic *st)
{
    struct rq *rq = s->rq;

    paper_sheet_put(s,
                    arena_printf(rq->arena, "%s______________________",
                                 rq_tr(rq, N_("Document number: "))),
                    &text, 10);
    paper_sheet_put(
        s, str_of(rq_tr(rq, N_("Statistics of hazards found and rectified"))),
        &title, 6);
    paper_sheet_put(
        s,
        arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(view_org(rq, st->r.org)),
                     STR_ARG(office_period(rq, st->year, st->quarter))),
        &under, 4);
    paper_sheet_put(
        s,
        arena_printf(
            rq->arena, "%.*s%s%.*s",
            STR_ARG(view_said(rq, N_("Figures taken on %.*s"),
                              STR_ARG(view_time_paper(rq, st->as_of)))),
            rq_tr(rq, N_(". ")), STR_ARG(standing(rq, st))),
        &foot, 10);
    if (st->previous != 0)
        paper_sheet_put(
            s,
            arena_printf(rq->arena, "%s %.*s",
                         rq_tr(rq, N_("It replaces the one signed before. "
                                      "Reason:")),
                         STR_ARG(st->reason)),
            &note, 8);
}

static void
put_signature(struct paper_sheet *s)
{
    static const char *const lines[] = {
        N_("Principal or officer in charge (signature):"),
        N_("Filled in by:"),
        N_("Date:"),
        N_("(seal)"),
    };

    paper_sheet_room(s, 100);
    s->t.y += 14;
    for (size_t i = 0; i < N_OF(lines); i++)
        paper_text(s->t.p, str_of(rq_tr(s->rq, lines[i])), &text,
                   PAPER_MARGIN + (i % 2 ? PAPER_ROOM * 0.62 : 0),
                   s->t.y + (i > 1 ? 38 : 0), PAPER_ROOM / 2);
    s->t.y += 60;
}

static bool
draw(struct paper_sheet *s, const struct statistic *st)
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
    paper_sheet_grid(s, &g[0], by_figure, 11);
    put_signature(s);
    if (n > 0) {
        office_schools(s->rq, of, n, &sums, FG_SHORT, NULL, &g[1]);
        paper_sheet_end(s);
        paper_sheet_put(s, str_of(rq_tr(s->rq, N_("By school"))), &text, 4);
        paper_sheet_grid(s, &g[1], by_school, 9);
    }
    put_notes(s, &g[0]);
    paper_sheet_end(s);
    return !arena_failed(s->rq->arena);
}

bool
draw_statistic(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct statistic *st = arena_new_obj(rq->arena, struct statistic);
    struct paper_sheet s = { .rq = rq, .t.y = PAPER_TOP };
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
