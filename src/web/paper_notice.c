/* A rectification notice on paper, after GB/T 9704-2012: margins, title, room
 * for number and seal, the receipt part to be cut off, a QR code to check it. */
#include "domain/hazard.h"
#include "domain/notice.h"
#include "service/notice_hazards.h"
#include "web/papers.h"
#include "web/parts.h"
#include "web/view.h"

static const struct paper_style title = { PAPER_SONG_BOLD, 22, PAPER_CENTER };
static const struct paper_style number = { PAPER_SONG, 14, PAPER_CENTER };
static const struct paper_style text = { PAPER_SONG, 14, PAPER_LEFT };
static const struct paper_style strong = { PAPER_HEI, 14, PAPER_LEFT };
static const struct paper_style right = { PAPER_SONG, 14, PAPER_RIGHT };
static const struct paper_style small = { PAPER_KAI, 10.5, PAPER_LEFT };
static const struct paper_style right_small = { PAPER_KAI, 10.5, PAPER_RIGHT };
static const struct paper_style mark = { PAPER_HEI_BOLD, 16, PAPER_CENTER };

#define TOP    (37 * PAPER_MM)
#define LEFT   (28 * PAPER_MM)
#define WIDTH  (156 * PAPER_MM)
#define BOTTOM (A4_LONG - 35 * PAPER_MM)
#define QR     (24 * PAPER_MM)
/* A line to write on by hand. */
#define RULE (9 * PAPER_MM)

struct page {
    struct rq *rq;
    struct paper *p;
    double y, bottom;
    struct str no;                /* as the paper is called */
    const struct hazard *hazards; /* that stand on the notice */
    size_t n_hazards;
};

/* Every sheet says what it belongs to. */
static void
next_page(struct page *g)
{
    paper_next(g->p);
    paper_text(g->p, g->no, &right_small, LEFT, TOP - 10 * PAPER_MM, WIDTH);
    g->y = TOP;
}

/* Begin another sheet where so much does not fit any more. */
static void
keep(struct page *g, double h)
{
    if (g->y + h > g->bottom && g->y > TOP)
        next_page(g);
}

static void
put(struct page *g, struct str s, const struct paper_style *style, double gap)
{
    double h;

    if (s.n == 0)
        return;
    h = paper_measure(g->p, s, style, WIDTH);
    keep(g, h);
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

static struct str
number_of(const struct notice *n)
{
    return n->doc_no.n > 0 ? n->doc_no : n->r.no;
}

/* A second notice names the first one; the first one the second, once that
 * stands in its place. */
static void
put_place_of(struct page *g, const struct notice *n)
{
    struct rq *rq = g->rq;
    struct notice other;
    struct err no;

    memset(&other, 0, sizeof(other));
    if (n->previous != 0 &&
        store_rec_get(rq->st, rq->who.dir->tenant.id, &notice_ledger,
                      n->previous, rq->arena, &other, &no))
        put(g,
            view_said(rq, N_("Second notice, in place of %.*s"),
                      STR_ARG(number_of(&other))),
            &number, 4);
    if (n->r.state != NT_REPLACED ||
        !record_second(rq, &n->r, ~(IN(NT_DRAFT) | IN(NT_DROPPED)), &other))
        return;
    paper_ink(g->p, 0xb00000);
    put(g,
        view_said(rq, N_("Replaced by %.*s: no longer valid"),
                  STR_ARG(number_of(&other))),
        &mark, 6);
    paper_ink(g->p, 0);
}

/* ---- what is written by hand ------------------------------------------------- */

static void
put_line(struct page *g, const char *msgid)
{
    put(g, str_of(rq_tr(g->rq, msgid)), &text, 6);
}

/* What is known, else room to write it. */
static void
put_room(struct page *g, const char *label, struct str said, int lines)
{
    if (said.n > 0) {
        put_fact(g, label, said);
        return;
    }
    keep(g, RULE * (lines + 1));
    put(g,
        arena_printf(g->rq->arena, "%s%s", rq_tr(g->rq, label),
                     g->rq->lang == LANG_ZH ? "：" : ":"),
        &text, 0);
    for (int i = 0; i < lines; i++) {
        g->y += RULE;
        paper_line(g->p, LEFT, g->y, LEFT + WIDTH, g->y);
    }
    g->y += 6;
}

static struct str
cell(struct page *g, const struct notice *n, const char *name)
{
    return view_cell(g->rq, &notice_ledger,
                     ledger_field(&notice_ledger, str_of(name)), n);
}

/* Each inspector signs beside the own name. */
static void
put_inspectors(struct page *g, const struct notice *n)
{
    struct str names[6];
    size_t many =
        notice_inspectors(cell(g, n, "inspectors"), names, N_OF(names));
    BUF(b, 2048);

    for (size_t i = 0; i < many; i++)
        buf_printf(&b, "%.*s\u00a0____________   ", STR_ARG(names[i]));
    put(g,
        arena_printf(g->rq->arena, "%s%s",
                     rq_tr(g->rq, N_("Inspectors (signatures): ")),
                     b.n > 0 ? b.p : "______________   ______________"),
        &text, 6);
}

/* Who signs for it, the seal, the date. */
static void
put_issuer(struct page *g, const struct notice *n)
{
    struct rq *rq = g->rq;
    struct str who = n->issuer != 0 ? view_person_of(rq, n->r.org, n->issuer)
                                    : STR("______________");

    keep(g, 40 * PAPER_MM);
    put_inspectors(g, n);
    put(g, view_said(rq, N_("Issued by: %.*s"), STR_ARG(who)), &text, 10);
    put(g,
        view_said(rq, N_("%.*s (seal)"), STR_ARG(view_issuer(rq, n->issuer))),
        &right, 4);
    put(g, view_day_paper(rq, n->issued_on), &right, 10);
}

/* How it reached the school: as it happened, or room for either way. */
static void
put_service(struct page *g, const struct notice *n)
{
    struct rq *rq = g->rq;

    if (n->served == 0) {
        put_line(g, N_("Received by (signature): __________ Date: ________"));
        put_line(g, N_("Receipt refused [ ]  left [ ]  Witness: ____________"));
        return;
    }
    put_fact(g, N_("How it was received"), cell(g, n, "served"));
    put_fact(g, N_("Who received it"), cell(g, n, "receiver"));
    put_fact(g, N_("Witness"), cell(g, n, "witness"));
    put_fact(g, N_("Received on"), view_day_paper(rq, n->served_on));
    g->y += 4;
}

static void
put_recheck(struct page *g, const struct notice *n)
{
    keep(g, 4 * RULE);
    put_room(g, N_("Opinion of the re-check"), n->opinion, 2);
    put_line(g, N_("Re-checked by (signature): ________ Date: ________"));
}

/* To be cut off and sent back. It may stand lower than the text. */
static void
put_receipt(struct page *g, const struct notice *n)
{
    enum { LINES = 3 };
    struct rq *rq = g->rq;

    g->bottom = BOTTOM + 15 * PAPER_MM;
    keep(g, (LINES + 1) * RULE + 42 * PAPER_MM);
    g->y += 6;
    paper_line(g->p, LEFT - 10 * PAPER_MM, g->y, LEFT + WIDTH, g->y);
    g->y += 5;
    put(g, str_of(rq_tr(rq, N_("Receipt (cut off here and send it back)"))),
        &small, 4);
    put(g, str_of(rq_tr(rq, N_("Receipt of the notice"))), &number, 6);
    put_fact(g, N_("Notice"),
             n->doc_no.n > 0
                 ? arena_printf(rq->arena, "%.*s (%.*s)", STR_ARG(n->doc_no),
                                STR_ARG(n->r.no))
                 : n->r.no);
    put_room(g, N_("What was done"), n->situation, LINES);
    put_line(g, N_("Person responsible: __________ Date: ________ (seal)"));
}

static void
put_copies(struct page *g)
{
    paper_text(
        g->p,
        str_of(rq_tr(g->rq, N_("In three copies: one each for the school "
                               "inspected, the issuer and the file"))),
        &small, LEFT, A4_LONG - 16 * PAPER_MM, WIDTH);
}

static void
put_head(struct page *g, const struct notice *n)
{
    struct rq *rq = g->rq;

    put(g, n->title, &title, 8);
    put_place_of(g, n);
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
    g.no = number_of(&n);
    put_check(&g, &n);
    put_copies(&g);
    put_head(&g, &n);
    put(&g, n.problems, &text, 4);
    put_hazards(&g);
    put_fact(&g, N_("Inspected where"), n.inspected_at);
    put_fact(&g, N_("Clause violated"), n.clause);
    put_fact(&g, N_("What is required"), n.requirement);
    put_fact(&g, N_("Deadline"), view_day_paper(rq, n.deadline));
    g.y += 12;
    put_issuer(&g, &n);
    put_service(&g, &n);
    put_recheck(&g, &n);
    put_receipt(&g, &n);
    paper_next(g.p);
    return paper_close(g.p, e);
}
