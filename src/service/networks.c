#include "service/networks.h"
#include "service/above.h"
#include "store/stmt.h"

#define KEPT_MS (NETWORK_DAYS * MS_PER_DAY)

static bool
note(struct tx *tx, const struct sign_in_new *s, struct err *e)
{
    if (s->network == 0 || s->school == 0)
        return true;
    return QRUN(tx->st, NETWORK_PUT, e, ARG((int64_t)TENANT_ABOVE),
                ARG(s->network), ARG(s->session.person), ARG(s->school),
                ARG(tx->now)) &&
           QRUN(tx->st, NETWORK_PURGE, e, ARG((int64_t)TENANT_ABOVE),
                ARG(tx->now - KEPT_MS));
}

bool
sign_in_job(struct tx *tx, void *arg, struct err *e)
{
    struct sign_in_new *s = arg;

    return session_add_job(tx, &s->session, e) && note(tx, s, e);
}

bool
network_is_school(struct store *st, int64_t network, int64_t now, bool *is,
                  struct err *e)
{
    int64_t most = 0;

    *is = false;
    if (!stmt_one(
            st, &stmts[Q_NETWORK_PEOPLE],
            ARGS(ARG((int64_t)TENANT_ABOVE), ARG(network), ARG(now - KEPT_MS)),
            NULL, COLS(COL(&most)), e))
        return e->code == ERR_MISSING;
    *is = most >= NETWORK_PEOPLE;
    return true;
}
