/* Is this paper real, and is it still valid? What a QR code on a notice leads
 * to: number, date, issuer, valid or replaced, and nothing more. */
#include "domain/notice.h"
#include "pages/pages.h"
#include "store/stmt.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/view.h"

bool
paper_check(struct rq *rq, struct err *e)
{
    struct page_check_view v = { .lang = rq->lang };
    struct notice n;
    int64_t id;

    memset(&n, 0, sizeof(n));
    if (!stmt_one(rq->st, &stmts[Q_NOTICE_BY_CODE],
                  ARGS(ARG(rq->who.dir->tenant.id), ARG(rq->verb)), NULL,
                  COLS(COL(&id)), e)) {
        if (e->code != ERR_MISSING)
            return false;
        return err_set(e, ERR_MISSING, NULL,
                       "No paper of this district has this code. It is not "
                       "real, or the code was read wrongly");
    }
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &notice_ledger, id,
                       rq->arena, &n, e))
        return false;
    v.no = n.doc_no.n > 0 ? n.doc_no : n.r.no;
    v.date = view_day(rq, n.issued_on);
    v.issuer = view_issuer(rq, n.issuer);
    v.good = n.r.state != NT_REPLACED;
    v.validity = str_of(
        rq_tr(rq, v.good ? N_("It is real and in force.")
                         : N_("It has been replaced by a second notice.")));
    v.head = view_head(rq, rq_tr(rq, N_("Check of a paper")));
    answer_html(rq);
    page_check(&rq->rs->body, &v);
    return true;
}
