#include "service/own.h"
#include "domain/org.h"
#include "service/seal.h"

static bool
put(struct tx *tx, const struct own_news *n, struct str address, struct err *e)
{
    return seal_add(tx, SEAL_NOTICE, &stmts[Q_OUT_ADD],
                    ARGS(ARG(n->tenant), ARG(tx_id(tx)), ARG(tx->now),
                         ARG(n->person), ARG((int64_t)person_ledger.tag),
                         ARG(n->person),
                         ARG(str_of(message_class(n->kind)->key)), ARG(n->by),
                         ARG((int64_t)0), ARG(address)),
                    e);
}

bool
own_tell(struct tx *tx, const struct own_news *n, struct err *e)
{
    return n->person == 0 || n->person == PERSON_PUBLIC ||
           (put(tx, n, STR(""), e) &&
            (n->address.n == 0 || put(tx, n, n->address, e)));
}

bool
own_seen_job(struct tx *tx, void *arg, struct err *e)
{
    const struct own_seen *s = arg;

    return seal_change(
        tx, SEAL_SEEN,
        ARGS(ARG(s->tenant), ARG(s->person), ARG(s->upto), ARG(tx->now)), NULL,
        e);
}
