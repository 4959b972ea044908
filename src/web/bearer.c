#include "web/bearer.h"

#include <stdlib.h>

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

/* ---- that it was used ---------------------------------------------------------- */

/* Nobody waits for it: it owns itself. */
struct use {
    struct job j;
    struct token_use u;
};

static void
use_done(struct job *j)
{
    free(j->arg);
}

static bool
use_run(struct tx *tx, void *arg, struct err *e)
{
    return token_use_job(tx, &((struct use *)arg)->u, e);
}

static void
note_use(struct rq *rq)
{
    struct use *u;

    if (writer_read_only(rq->app->writer) ||
        !token_is_stale(&rq->token, rq->who.now) ||
        (u = calloc(1, sizeof(*u))) == NULL)
        return;
    u->u = (struct token_use){ rq->token.tenant, rq->token.id };
    u->j = (struct job){
        .run = use_run, .done = use_done, .arg = u, .tenant = u->u.tenant
    };
    if (!writer_put(rq->app->writer, &u->j))
        free(u);
}

bool
bearer_in_force(struct rq *rq, struct err *e)
{
    if (!rq->by_token)
        return true;
    if (!token_in_force(&rq->token, rq->who.dir, rq->who.now))
        return err_set(e, ERR_SIGN_IN, NULL,
                       "The post that this token acts by has ended");
    note_use(rq);
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
