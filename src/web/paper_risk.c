/* The notice of a risk point for the wall (安全风险告知牌): one A4 sheet with
 * the colour of its grade, what can happen, what prevents it, what to do. */
#include "domain/org.h"
#include "domain/risk.h"
#include "web/papers.h"
#include "web/view.h"

static const struct paper_style title = { PAPER_HEI_BOLD, 34, PAPER_CENTER };
static const struct paper_style school = { PAPER_SONG, 16, PAPER_CENTER };
static const struct paper_style colour = { PAPER_HEI_BOLD, 28, PAPER_CENTER };
static const struct paper_style label = { PAPER_HEI, 14, PAPER_LEFT };
static const struct paper_style text = { PAPER_SONG, 15, PAPER_LEFT };
static const struct paper_style big = { PAPER_HEI_BOLD, 20, PAPER_LEFT };
static const struct paper_style small = { PAPER_KAI, 10.5, PAPER_CENTER };

#define LEFT   (18 * PAPER_MM)
#define WIDTH  (A4_SHORT - 2 * LEFT)
#define LABEL  (36 * PAPER_MM)
#define PAD    (3 * PAPER_MM)
#define TOP    (16 * PAPER_MM)
#define BOTTOM (A4_LONG - 20 * PAPER_MM)
#define BAND   (20 * PAPER_MM)

struct wall {
    struct rq *rq;
    struct paper *p;
    double y;
};

/* The same colours as on the screen; white words where black is hard to read.
 */
static void
put_band(struct wall *g, const struct risk *k)
{
    static const struct {
        const char *key;
        unsigned paint, ink;
    } colours[] = {
        { "red", 0xb71c1c, 0xffffff },
        { "orange", 0xf08c11, 0 },
        { "yellow", 0xf4cf00, 0 },
        { "blue", 0x1a5f96, 0xffffff },
    };
    const struct choice *c = choice_of(risk_grade_choices, k->grade);

    for (size_t i = 0; c != NULL && i < N_OF(colours); i++) {
        if (strcmp(colours[i].key, risk_colour(k->grade)) != 0)
            continue;
        paper_box(g->p, LEFT, g->y, WIDTH, BAND, colours[i].paint);
        paper_ink(g->p, colours[i].ink);
        paper_text(g->p, str_of(rq_tr(g->rq, c->label)), &colour, LEFT,
                   g->y + (BAND - 36) / 2, WIDTH);
        paper_ink(g->p, 0);
    }
    g->y += BAND;
}

static void
put_row(struct wall *g, const char *name, struct str value,
        const struct paper_style *style)
{
    struct str l = str_of(rq_tr(g->rq, name));
    double h, hl = paper_measure(g->p, l, &label, LABEL - PAD);

    if (value.n == 0)
        return;
    h = paper_measure(g->p, value, style, WIDTH - LABEL - 2 * PAD);
    if (h < hl)
        h = hl;
    if (g->y + h + 2 * PAD > BOTTOM && g->y > TOP) {
        paper_next(g->p);
        g->y = TOP;
        paper_line(g->p, LEFT, g->y, LEFT + WIDTH, g->y);
    }
    paper_text(g->p, l, &label, LEFT + PAD, g->y + PAD, LABEL - PAD);
    paper_text(g->p, value, style, LEFT + LABEL + PAD, g->y + PAD,
               WIDTH - LABEL - 2 * PAD);
    h += 2 * PAD;
    paper_line(g->p, LEFT, g->y, LEFT, g->y + h);
    paper_line(g->p, LEFT + LABEL, g->y, LEFT + LABEL, g->y + h);
    paper_line(g->p, LEFT + WIDTH, g->y, LEFT + WIDTH, g->y + h);
    g->y += h;
    paper_line(g->p, LEFT, g->y, LEFT + WIDTH, g->y);
}

static struct str
controls(struct rq *rq, const struct risk *k)
{
    const struct {
        const char *name;
        struct str words;
    } part[] = {
        { N_("Engineering controls"), k->engineering },
        { N_("Management controls"), k->management },
        { N_("Training"), k->training },
        { N_("Personal protection"), k->personal },
    };
    BUF(b, 16 * 1024);

    for (size_t i = 0; i < N_OF(part); i++)
        if (part[i].words.n > 0)
            buf_printf(
                &b, "%s%s%s%.*s", b.n > 0 ? "\n" : "", rq_tr(rq, part[i].name),
                rq->lang == LANG_ZH ? "：" : ": ", STR_ARG(part[i].words));
    return arena_dup(rq->arena, buf_str(&b));
}

/* Of the school, not of a person. */
static struct str
telephone(struct rq *rq, int64_t org)
{
    struct org o = { 0 };
    struct err ignored;

    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &org_ledger,
                       dir_school(rq->who.dir, org), rq->arena, &o, &ignored) ||
        o.phone.n == 0)
        return STR("________________");
    return o.phone;
}

static void
put_rows(struct wall *g, const struct risk *k)
{
    struct rq *rq = g->rq;
    const struct ledger *l = &risk_ledger;

    put_row(g, N_("Risk point"), k->title, &big);
    put_row(g, N_("Place"),
            k->place != 0 ? view_place(rq, k->place) : k->place_text, &text);
    put_row(g, N_("Kind"), view_value(rq, ledger_field(l, STR("type")), k),
            &text);
    put_row(g, N_("What can happen"), k->harm, &text);
    put_row(g, N_("Controls"), controls(rq, k), &text);
    put_row(g, N_("Emergency measures"), k->emergency, &text);
    put_row(g, N_("Owner"), view_person(rq, k->responsible), &text);
    put_row(g, N_("Looked at"),
            view_value(rq, ledger_field(l, STR("patrol")), k), &text);
    put_row(g, N_("Telephone of the school"), telephone(rq, k->r.org), &big);
    put_row(g, N_("In an emergency"),
            str_of(rq_tr(rq, N_("Fire 119, ambulance 120, police 110"))), &big);
}

bool
draw_risk(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct risk k;
    struct wall g = { .rq = rq, .y = TOP };

    (void)arg;
    memset(&k, 0, sizeof(k));
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &risk_ledger, rq->id,
                       rq->arena, &k, e) ||
        (g.p = paper_pdf(path, A4_SHORT, A4_LONG, e)) == NULL)
        return false;
    g.y += paper_text(g.p, view_org(rq, dir_school(rq->who.dir, k.r.org)),
                      &school, LEFT, g.y, WIDTH) +
           6;
    g.y += paper_text(g.p, str_of(rq_tr(rq, N_("Notice of a safety risk"))),
                      &title, LEFT, g.y, WIDTH) +
           12;
    put_band(&g, &k);
    put_rows(&g, &k);
    paper_text(g.p,
               view_said(rq,
                         N_("%.*s, identified on %.*s, to be identified "
                            "anew by %.*s"),
                         STR_ARG(k.r.no),
                         STR_ARG(view_day(rq, k.identified_on)),
                         STR_ARG(view_day(rq, zone_day(rq->who.dir->rules.zone,
                                                       k.r.due_at - 1)))),
               &small, LEFT, g.y + 8, WIDTH);
    paper_next(g.p);
    return paper_close(g.p, e);
}
