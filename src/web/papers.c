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
#include "web/view.h"

static const struct {
    const struct ledger *ledger;
    const char *label;
    draw_fn *draw;
    const char *name;
} papers[] = {
    { &place_ledger, N_("Poster with QR code"), draw_poster, "poster.pdf" },
    { &statistic_ledger, N_("Print as A4"), draw_statistic, "statement.pdf" },
    { &programme_ledger, N_("Print the closing report"), draw_programme,
      "report.pdf" },
    { &notice_ledger, N_("Print the notice"), draw_notice, "notice.pdf" },
    { &risk_ledger, N_("Notice for the wall"), draw_risk, "risk.pdf" },
    { &org_ledger, N_("Posters with QR codes"), draw_poster, "posters.pdf" },
};

/* A blank is not printed but filled. */
static const struct v_link *
blank_links(struct rq *rq, int64_t id, struct v_link *v, size_t *n)
{
    struct str at = rq_path(rq, &blank_ledger, id);

    v[(*n)++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("What its cells mean"))),
        .url = view_url(rq, "%.*s/map", STR_ARG(at)),
    };
    v[(*n)++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("Fill it in for this quarter"))),
        .url = view_url(rq, "%.*s/filled.xlsx", STR_ARG(at)),
    };
    v[(*n)++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("Fill it in for this year"))),
        .url = view_url(rq, "%.*s/filled.xlsx?quarter=year", STR_ARG(at)),
    };
    return v;
}

const struct v_link *
papers_of(struct rq *rq, const struct ledger *l, int64_t id, size_t *n)
{
    struct v_link *v =
        arena_new_array(rq->arena, struct v_link, N_OF(papers) + 3);

    *n = 0;
    if (l == &blank_ledger && v != NULL)
        return blank_links(rq, id, v, n);
    for (size_t i = 0; v != NULL && i < N_OF(papers); i++)
        if (papers[i].ledger == l)
            v[(*n)++] =
                (struct v_link){ .label = str_of(rq_tr(rq, papers[i].label)),
                                 .url = view_url(rq, "%.*s/paper",
                                                 STR_ARG(rq_path(rq, l, id))) };
    return v;
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
            return made_send(rq,
                             &(struct made){ .make = papers[i].draw,
                                             .type = "application/pdf",
                                             .name = str_of(papers[i].name),
                                             .shown = true },
                             e);
    return err_set(e, ERR_MISSING, NULL, "There is no such page");
}
