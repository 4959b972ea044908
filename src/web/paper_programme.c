/* The closing report of a special rectification on paper: the text as it was
 * closed, the figures that it came from, room for signature and seal. */
#include "web/paper_sheet.h"
#include "web/papers.h"
#include "web/programme_view.h"
#include "web/view.h"

static const struct paper_style title = { PAPER_SONG_BOLD, 22, PAPER_CENTER,
                                          0 };
static const struct paper_style under = { PAPER_KAI, 12, PAPER_CENTER, 0 };
static const struct paper_style text = { PAPER_SONG, 14, PAPER_LEFT, 0 };
static const struct paper_style head = { PAPER_HEI, 14, PAPER_LEFT, 0 };
static const struct paper_style foot = { PAPER_SONG, 10, PAPER_CENTER, 0 };
static const struct paper_style right = { PAPER_SONG, 14, PAPER_RIGHT, 0 };

/* "1. What was found" and "一、" are headings, "- 12 of 13" is none. */
static bool
is_heading(struct str line)
{
    size_t at = 0;
    int32_t first = utf8_next(line, &at);
    struct str rest = str_cut(line, at, line.n);

    return (first >= '1' && first <= '9' && str_starts(rest, STR(". "))) ||
           (first >= 0x4e00 && str_starts(rest, STR("、")));
}

static void
put_report(struct paper_sheet *s, struct str report, bool zh)
{
    struct str line;

    while (report.n > 0 && str_split(&report, '\n', &line)) {
        line = str_trim(line);
        /* a Chinese paragraph begins two characters in, a heading, too */
        if (line.n > 0)
            paper_sheet_put(s,
                            arena_printf(s->rq->arena, "%s%.*s",
                                         zh ? "　　" : "", STR_ARG(line)),
                            is_heading(line) ? &head : &text, 5);
    }
    s->t.y += 8;
}

static void
put_signature(struct paper_sheet *s, const struct programme *p)
{
    struct rq *rq = s->rq;

    paper_sheet_room(s, 90);
    s->t.y += 10;
    paper_sheet_put(s, view_org(rq, p->r.org), &right, 4);
    paper_sheet_put(s,
                    p->closed_on != 0
                        ? view_day_paper(rq, p->closed_on)
                        : str_of(rq_tr(rq, N_("Draft, not closed yet"))),
                    &right, 4);
    paper_sheet_put(s, str_of(rq_tr(rq, N_("(seal)"))), &right, 10);
}

static bool
put_figures(struct paper_sheet *s, const struct programme *p, struct err *e)
{
    static const int all[] = { 4, 1 };
    static const int tasks[] = { 9, 2, 2, 2 };
    static const int schools[] = { 7, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4 };
    struct v_grid g[PROGRAMME_GRIDS];
    struct programme_figures f;

    if (p->figures.n == 0)
        return true;
    if (!programme_figures_kept(p, s->rq->arena, &f, e) ||
        !programme_grids(s->rq, p, &f, g, e))
        return false;
    paper_sheet_end(s);
    paper_sheet_put(s, str_of(rq_tr(s->rq, N_("Figures"))), &head, 4);
    paper_sheet_put(s,
                    view_said(s->rq, N_("Figures taken on %.*s"),
                              STR_ARG(view_time_paper(s->rq, p->as_of))),
                    &foot, 6);
    paper_sheet_grid(s, &g[0], all, 10);
    paper_sheet_grid(s, &g[1], tasks, 10);
    paper_sheet_grid(s, &g[2], schools, 8);
    return true;
}

static bool
draw(struct paper_sheet *s, const struct programme *p, struct err *e)
{
    struct rq *rq = s->rq;
    bool zh = rq->lang == LANG_ZH;
    struct str report = zh ? p->report_zh : p->report;

    if (report.n == 0)
        report = zh ? p->report : p->report_zh;
    paper_sheet_put(s, p->title, &title, 4);
    paper_sheet_put(s, str_of(rq_tr(rq, N_("Closing report"))), &title, 6);
    paper_sheet_put(s,
                    arena_printf(rq->arena, "%.*s · %.*s – %.*s",
                                 STR_ARG(view_org(rq, p->r.org)),
                                 STR_ARG(view_day_paper(rq, p->from_on)),
                                 STR_ARG(view_day_paper(rq, p->to_on))),
                    &under, 14);
    if (report.n == 0)
        report = str_of(rq_tr(rq, N_("No report has been written yet.")));
    put_report(s, report, str_eq(report, p->report_zh));
    put_signature(s, p);
    if (!put_figures(s, p, e))
        return false;
    paper_sheet_end(s);
    return !arena_failed(rq->arena) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

bool
draw_programme(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct programme *p = arena_new_obj(rq->arena, struct programme);
    struct paper_sheet s = { .rq = rq, .t.y = PAPER_TOP };
    struct err later;
    bool ok;

    (void)arg;
    if (p == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &programme_ledger,
                       rq->id, rq->arena, p, e) ||
        (s.t.p = paper_pdf(path, A4_SHORT, A4_LONG, e)) == NULL)
        return false;
    ok = draw(&s, p, e);
    return paper_close(s.t.p, ok ? e : &later) && ok;
}
