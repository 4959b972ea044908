#include "service/look.h"
#include "store/stmt.h"

bool
look_job(struct tx *tx, void *arg, struct err *e)
{
    const struct look *l = arg;

    return QRUN(tx->st, LOOK_ADD, e, ARG(l->tenant), ARG(l->person),
                ARG(l->day), ARG(l->by), ARG((int64_t)l->how), ARG(tx->now));
}

bool
look_of(struct store *st, int64_t tenant, int64_t person, struct look *out,
        size_t *n, struct err *e)
{
    const size_t most = *n;
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if (!rows_open(&r, st, &stmts[Q_LOOK_OF],
                   ARGS(ARG(tenant), ARG(person), ARG((int64_t)most)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && *n < most)
        out[(*n)++] = (struct look){
            .tenant = tenant,
            .person = person,
            .day = rows_i64(&r, 0),
            .by = rows_i64(&r, 1),
            .how = (enum look_how)rows_i64(&r, 2),
            .n = rows_i64(&r, 3),
            .last_at = rows_i64(&r, 4),
        };
    rows_close(&r);
    return ok;
}
