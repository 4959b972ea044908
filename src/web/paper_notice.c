/* A rectification notice on paper, after GB/T 9704-2012: margins, title, room
 * for number and seal, the receipt part to be cut off, a QR code to check it. */
#include "domain/hazard.h"
#include "domain/notice.h"
#include "service/notice_hazards.h"
#include "web/papers.h"
#include "web/view.h"

static const struct paper_style title = { PAPER_SONG_BOLD, 22, PAPER_CENTER };
static const struct paper_style number = { PAPER_SONG, 14, PAPER_CENTER };
static const struct paper_style text = { PAPER_SONG, 14, PAPER_LEFT };
static const struct paper_style strong = { PAPER_HEI, 14, PAPER_LEFT };
static const struct paper_style right = { PAPER_SONG, 14, PAPER_RIGHT };
static const struct paper_style small = { PAPER_KAI, 10.5, PAPER_LEFT };

#define TOP    (37 * PAPER_MM)
#define LEFT   (28 * PAPER_MM)
#define WIDTH  (156 * PAPER_MM)
#define BOTTOM (A4_LONG - 35 * PAPER_MM)
#define QR     (24 * PAPER_MM)
/* The height of the receipt part, as put_receipt() draws it. */
#define RECEIPT (50 * PAPER_MM)

struct page {
    struct rq *rq;
    struct paper *p;
    double y, bottom;
    const struct hazard *hazards; /* that stand on the notice */
    size_t n_hazards;
};

static void
put(struct page *g, struct str s, const struct paper_style *style, double gap)
{
    double h;

    if (s.n == 0)
        return;
    h = paper_measure(g->p, s, style, WIDTH);
    if (g->y + h > g->bottom && g->y > TOP) {
        paper_next(g->p);
        g->y = TOP;
    }
    g->y += paper_text(g->p, s, style, LEFT, g->y, WIDTH) + gap;
}

static void
put_fact(struct page *g, const char *label, struct str value)
{
    if (value.n > 0)
        put(g,
            arena_printf(g->rq->arena, "%s%s%.*s", rq_tr(g->rq, label),
                         g->rq->lang == LANG_ZH ? "：" : ": ", STR_ARG(value)),
            &text, 4);
}

static bool
read_hazards(struct page *g, const struct notice *n, struct err *e)
{
    struct rq *rq = g->rq;
    struct scope sc;
    struct list_query q = {
        .tenant = rq->who.dir->tenant.id,
        .fields = "description place place_text measures deadline",
    };
    void *recs;

    if (!actor_scope(&rq->who, &hazard_ledger, "read", rq->arena, &sc, e))
        return false;
    q.all = sc.all;
    q.org = sc.org;
    q.n_org = sc.n;
    if (!notice_hazards(rq->st, n, &q, rq->arena, &recs, &g->n_hazards, e))
        return false;
    g->hazards = recs;
    return true;
}

static void
put_hazards(struct page *g)
{
    struct rq *rq = g->rq;

    for (size_t i = 0; i < g->n_hazards; i++) {
        const struct hazard *h = &g->hazards[i];
        struct str where =
            h->place != 0 ? view_place(rq, h->place) : h->place_text;

        put(g,
            arena_printf(rq->arena, "%zu. %.*s %.*s (%.*s)", i + 1,
                         STR_ARG(where), STR_ARG(h->description),
                         STR_ARG(h->r.no)),
            &text, 3);
    }
}

static void
put_check(struct page *g, const struct notice *n)
{
    struct str link =
        rq_absolute(g->rq, arena_printf(g->rq->arena, "/check/%.*s/%.*s",
                                        STR_ARG(g->rq->who.dir->tenant.code),
                                        STR_ARG(n->code)));
    struct qr qr;

    if (n->code.n == 0 || !qr_make(g->rq->arena, link, &qr))
        return;
    paper_qr(g->p, &qr, LEFT, TOP - 34 * PAPER_MM + 6 * PAPER_MM, QR);
    paper_text(g->p,
               str_of(rq_tr(g->rq, N_("Scan to check number, date and whether "
                                      "it is still valid"))),
               &small, LEFT + QR + 8, TOP - 20 * PAPER_MM, WIDTH - QR - 8);
}

/* The lines to be filled in by hand, to be cut off and sent back. */
static void
put_receipt(struct page *g, const struct notice *n)
{
    struct rq *rq = g->rq;

    if (g->y + RECEIPT > BOTTOM + 12 * PAPER_MM) { /* it may stand lower */
        paper_next(g->p);
        g->y = TOP;
    }
    g->y += 10;
    paper_line(g->p, LEFT - 10 * PAPER_MM, g->y, LEFT + WIDTH, g->y);
    g->y += 5;
    g->bottom = BOTTOM + 12 * PAPER_MM;
    put(g, str_of(rq_tr(rq, N_("Receipt (cut off here and send it back)"))),
        &small, 4);
    put(g, str_of(rq_tr(rq, N_("Receipt of the notice"))), &number, 6);
    put_fact(g, N_("Notice"),
             n->doc_no.n > 0
                 ? arena_printf(rq->arena, "%.*s (%.*s)", STR_ARG(n->doc_no),
                                STR_ARG(n->r.no))
                 : n->r.no);
    put(g,
        str_of(rq_tr(rq, N_("What was done: "
                            "________________________________________"))),
        &text, 8);
    put(g,
        str_of(rq_tr(rq, N_("Person responsible: ______________   "
                            "Date: ______________   (seal)"))),
        &text, 8);
}

static void
put_head(struct page *g, const struct notice *n)
{
    struct rq *rq = g->rq;

    put(g, n->title, &title, 10);
    put(g,
        n->r.state == NT_DRAFT ? str_of(rq_tr(rq, N_("Draft, not issued")))
        : n->doc_no.n > 0
            ? n->doc_no
            : view_said(rq, N_("Document number: ______________ (%.*s)"),
                        STR_ARG(n->r.no)),
        &number, 14);
    put(g, view_said(rq, N_("%.*s:"), STR_ARG(view_org(rq, n->r.org))), &strong,
        8);
    put(g,
        view_said(rq,
                  g->n_hazards > 0 || n->problems.n > 0
                      ? N_("On %.*s the following was found in an inspection "
                           "on the spot and has to be put right:")
                      : N_("On %.*s an inspection was made on the spot."),
                  STR_ARG(view_day_paper(rq, n->inspected_on))),
        &text, 6);
}

bool
draw_notice(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct notice n;
    struct page g = { .rq = rq, .y = TOP, .bottom = BOTTOM };

    (void)arg;
    memset(&n, 0, sizeof(n));
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &notice_ledger, rq->id,
                       rq->arena, &n, e) ||
        !read_hazards(&g, &n, e) ||
        (g.p = paper_pdf(path, A4_SHORT, A4_LONG, e)) == NULL)
        return false;
    put_check(&g, &n);
    put_head(&g, &n);
    put(&g, n.problems, &text, 4);
    put_hazards(&g);
    put_fact(&g, N_("Inspected where"), n.inspected_at);
    put_fact(&g, N_("Clause violated"), n.clause);
    put_fact(&g, N_("What is required"), n.requirement);
    put_fact(&g, N_("Deadline"), view_day_paper(rq, n.deadline));
    g.y += 16;
    put(&g,
        view_said(rq, N_("Inspectors: %.*s"),
                  STR_ARG(view_cell(
                      rq, &notice_ledger,
                      ledger_field(&notice_ledger, STR("inspectors")), &n))),
        &text, 8);
    put(&g,
        view_said(rq, N_("Issued by: %.*s (seal)"),
                  STR_ARG(view_issuer(rq, n.issuer))),
        &right, 4);
    put(&g, view_day_paper(rq, n.issued_on), &right, 8);
    put(&g,
        str_of(rq_tr(rq, N_("Received by (signature): ______________   "
                            "Date: ______________"))),
        &text, 4);
    put_receipt(&g, &n);
    paper_next(g.p);
    return paper_close(g.p, e);
}
