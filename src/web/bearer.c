#include "web/bearer.h"
#include "web/used.h"

bool
bearer_find(struct rq *rq, struct str text, struct err *e)
{
    if (!token_find(rq->st, text, rq->who.now, rq->arena, &rq->token, e))
        return false;
    rq->by_token = true;
    rq->session = (struct session){ .tenant = rq->token.tenant,
                                    .person = rq->token.person };
    rq->who.person = rq->token.person;
    rq->who.scopes = &rq->token.scopes;
    rq->who.post = rq->token.kind == TOKEN_TOOL ? rq->token.post : 0;
    return true;
}

bool
bearer_in_force(struct rq *rq, struct err *e)
{
    if (!rq->by_token)
        return true;
    if (!token_in_force(&rq->token, rq->who.dir, rq->who.now))
        return err_set(e, ERR_SIGN_IN, NULL,
                       "The post that this token acts by has ended");
    used_token(rq);
    return true;
}

/* ---- what it may ---------------------------------------------------------------- */

static bool
may_send(const struct rq *rq, struct err *e)
{
    if (!token_scope_writes(rq->token.scopes))
        return err_set(e, ERR_DENIED, NULL,
                       "This token may read, not write (scope \"write\")");
    return (rq->route->flags & RT_API) ||
           err_set(e, ERR_DENIED, NULL,
                   "Forms are for people: a program calls /api/v1/");
}

static bool
may_look(const struct rq *rq, struct err *e)
{
    const char *verb = rq->route->flags & RT_KEEP ? "export" : "read";

    if (rq->route->need == NEED_PUBLIC || rq->route->need == NEED_VISITOR ||
        (rq->route->flags & RT_SCOPED))
        return true;
    return actor_scoped(&rq->who, rq->ledger, verb) ||
           err_set(e, ERR_DENIED, NULL,
                   "This token does not have the scope \"%s:%s\"",
                   rq->ledger != NULL ? rq->ledger->name : "*", verb);
}

bool
bearer_may(const struct rq *rq, struct err *e)
{
    if (!rq->by_token)
        return true;
    return rq->route->method == HTTP_GET ? may_look(rq, e) : may_send(rq, e);
}
