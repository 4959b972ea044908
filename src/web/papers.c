/* Records on paper. */
#include "web/papers.h"
#include "domain/blank.h"
#include "domain/notice.h"
#include "domain/org.h"
#include "domain/programme.h"
#include "domain/risk.h"
#include "domain/statistic.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/office.h"
#include "web/view.h"

static const struct {
    const struct ledger *ledger;
    const char *label;
    draw_fn *draw;
    const char *kind; /* what the file is called */
} papers[] = {
    { &place_ledger, N_("Poster with QR code"), draw_poster, N_("Poster") },
    { &statistic_ledger, N_("Print as A4"), draw_statistic, N_("Statement") },
    { &programme_ledger, N_("Print the closing report"), draw_programme,
      N_("Closing report") },
    { &notice_ledger, N_("Print the notice"), draw_notice,
      N_("Rectification notice") },
    { &risk_ledger, N_("Notice for the wall"), draw_risk, N_("Risk notice") },
    { &org_ledger, N_("Posters with QR codes"), draw_poster, N_("Posters") },
};

struct v_link
papers_filled(struct rq *rq, int64_t id, int64_t year, int64_t quarter,
              int64_t org, bool current)
{
    const struct field *f = ledger_field(&statistic_ledger, STR("quarter"));

    return (struct v_link){
        .label = view_said(rq, N_("Fill it in: %.*s"),
                           STR_ARG(office_period(rq, year, quarter))),
        .url = view_url(rq, "%.*s/filled?year=%ld&quarter=%s&org=%ld",
                        STR_ARG(rq_path(rq, &blank_ledger, id)), (long)year,
                        choice_of(f->choices, quarter)->key, (long)org),
        .current = current,
    };
}

static struct v_link
fill_link(struct rq *rq, const struct blank *k, int64_t year, int64_t quarter)
{
    struct v_link v = papers_filled(rq, k->r.id, year, quarter, 0, false);

    if (k->map.n == 0)
        v.url = view_url(rq, "%.*s/map",
                         STR_ARG(rq_path(rq, &blank_ledger, k->r.id)));
    return v;
}

/* A blank is not printed but filled: mostly for the quarter that is over; once
 * somebody has looked at what its cells mean. */
const struct v_link *
papers_of_blank(struct rq *rq, const struct blank *k, size_t *n)
{
    struct v_link *v = arena_new_array(rq->arena, struct v_link, 5);
    struct str at = rq_path(rq, &blank_ledger, k->r.id);
    struct civil now = civil_of(zone_day(rq->who.dir->rules.zone, rq->who.now));
    int64_t quarter = (now.month + 2) / 3;
    bool first = quarter == 1;

    *n = 0;
    if (v == NULL)
        return NULL;
    v[(*n)++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("What its cells mean"))),
        .url = view_url(rq, "%.*s/map", STR_ARG(at)),
    };
    v[(*n)++] = fill_link(rq, k, first ? now.year - 1 : now.year,
                          first ? 4 : quarter - 1);
    v[(*n)++] = fill_link(rq, k, now.year, quarter);
    v[(*n)++] = fill_link(rq, k, now.year - 1, PERIOD_YEAR);
    v[(*n)++] = fill_link(rq, k, now.year, PERIOD_YEAR);
    return v;
}

const struct v_link *
papers_of(struct rq *rq, const struct ledger *l, int64_t id, size_t *n)
{
    struct v_link *v = arena_new_array(rq->arena, struct v_link, N_OF(papers));

    *n = 0;
    for (size_t i = 0; v != NULL && i < N_OF(papers); i++)
        if (papers[i].ledger == l)
            v[(*n)++] =
                (struct v_link){ .label = str_of(rq_tr(rq, papers[i].label)),
                                 .url = view_url(rq, "%.*s/paper",
                                                 STR_ARG(rq_path(rq, l, id))) };
    return v;
}

/* The number, or where there is none what people call it. */
static struct str
called(struct rq *rq, const struct ledger *l, const void *rec)
{
    const struct rec *r = rec;

    return r->no.n > 0 ? r->no : view_name(rq, l, rec);
}

bool
record_paper(struct rq *rq, struct err *e)
{
    const struct ledger *l = rq->ledger;
    void *rec = arena_alloc(rq->arena, l->size);

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, rq->id, rq->arena,
                       rec, e))
        return false;
    for (size_t i = 0; i < N_OF(papers); i++)
        if (papers[i].ledger == l && actor_reads(&rq->who, l, rec))
            return made_send(
                rq,
                &(struct made){ .make = papers[i].draw,
                                .type = "application/pdf",
                                .name = made_name(rq, rq->arena, papers[i].kind,
                                                  called(rq, l, rec), ".pdf"),
                                .shown = true },
                e);
    return err_set(e, ERR_MISSING, NULL, "There is no such page");
}
