#include "service/purge.h"

#include "base/time.h"
#include "service/delivery.h"
#include "service/look.h"
#include "service/sweep.h"
#include "store/stmt.h"

enum { IDEM_DAYS = 7, DRAFT_DAYS = 60, OUT_DAYS = 180, ITEMS_EACH = 8 };

struct purge {
    int64_t tenant, left; /* how many rows this job may still remove */
};

/* One statement with (tenant, until when, how many). */
static bool
some(struct tx *tx, struct purge *p, enum stmt_id q, int64_t before,
     struct err *e)
{
    int64_t n = 0;

    if (p->left <= 0)
        return true;
    if (!stmt_run(tx->st, &stmts[q],
                  ARGS(ARG(p->tenant), ARG(before), ARG(p->left)), &n, e))
        return false;
    p->left -= n;
    return true;
}

static bool
sessions(struct tx *tx, struct purge *p, struct err *e)
{
    int64_t n = 0;

    if (!stmt_run(tx->st, &stmts[Q_SESSION_PURGE],
                  ARGS(ARG(tx->now), ARG(p->left)), &n, e))
        return false;
    p->left -= n;
    return true;
}

/* Each with what was in it. */
static bool
deliveries(struct tx *tx, struct purge *p, struct err *e)
{
    int64_t before = id_from_time(tx->now - DELIVERY_KEEP_DAYS * MS_PER_DAY);
    int64_t most = p->left / ITEMS_EACH, items = 0, n = 0;

    if (most == 0)
        return true;
    if (!stmt_run(tx->st, &stmts[Q_DELIVERY_ITEMS_PURGE],
                  ARGS(ARG(p->tenant), ARG(before), ARG(most)), &items, e) ||
        !stmt_run(tx->st, &stmts[Q_DELIVERY_PURGE],
                  ARGS(ARG(p->tenant), ARG(before), ARG(most)), &n, e))
        return false;
    p->left = n == most ? 0 : p->left - items - n;
    return true;
}

static bool
purge_job(struct tx *tx, void *arg, struct err *e)
{
    struct purge *p = arg;

    p->left = PURGE_SLICE;
    return sessions(tx, p, e) &&
           some(tx, p, Q_IDEM_PURGE, tx->now - IDEM_DAYS * MS_PER_DAY, e) &&
           some(tx, p, Q_DRAFT_PURGE, tx->now - DRAFT_DAYS * MS_PER_DAY, e) &&
           some(tx, p, Q_OUT_PURGE, tx->now - OUT_DAYS * MS_PER_DAY, e) &&
           some(tx, p, Q_LOOK_PURGE, tx->now / MS_PER_DAY - LOOK_KEEP_DAYS,
                e) &&
           (writer_read_only(tx->w) ||
            (deliveries(tx, p, e) &&
             some(tx, p, Q_FILE_PURGE,
                  tx->now - SWEEP_UNCLAIMED_HOURS * MS_PER_HOUR, e)));
}

bool
purge_round(struct writer *w, int64_t tenant, struct err *e)
{
    struct purge p = { .tenant = tenant };

    do
        if (!writer_run(w, purge_job, &p, e))
            return false;
    while (p.left <= 0 && !writer_hurries(w));
    return true;
}
