#include "web/used.h"

#include <stdio.h>
#include <stdlib.h>

/* It owns itself: the request may be over before it runs. */
struct use {
    struct job j;
    struct token_use token;
    struct session_use session;
    char hash[SECRET_HEX + 1];
};

static void
done(struct job *j)
{
    free(j->arg);
}

static bool
token_run(struct tx *tx, void *arg, struct err *e)
{
    return token_use_job(tx, &((struct use *)arg)->token, e);
}

static bool
session_run(struct tx *tx, void *arg, struct err *e)
{
    return session_use_job(tx, &((struct use *)arg)->session, e);
}

static void
put(struct rq *rq, struct use *u,
    bool (*run)(struct tx *, void *, struct err *))
{
    u->j = (struct job){
        .run = run, .done = done, .arg = u, .tenant = rq->session.tenant
    };
    if (!writer_put(rq->app->writer, &u->j))
        free(u);
}

void
used_token(struct rq *rq)
{
    struct use *u;

    if (writer_read_only(rq->app->writer) ||
        !token_is_stale(&rq->token, rq->who.now) ||
        (u = calloc(1, sizeof(*u))) == NULL)
        return;
    u->token = (struct token_use){ rq->token.tenant, rq->token.id };
    put(rq, u, token_run);
}

void
used_session(struct rq *rq)
{
    struct use *u;

    if (writer_read_only(rq->app->writer) ||
        !session_is_stale(&rq->session, rq->who.now) ||
        (u = calloc(1, sizeof(*u))) == NULL)
        return;
    snprintf(u->hash, sizeof(u->hash), "%.*s", STR_ARG(rq->session.hash));
    u->session.hash = str_of(u->hash);
    put(rq, u, session_run);
}
