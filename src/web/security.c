#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"
#include "web/route.h"
#include "web/security.h"

/* Reporters are protected: the public's door leaves no address. */
static struct str
from(const struct rq *rq)
{
    bool public_door = rq->route != NULL && rq->route->need == NEED_VISITOR;

    return public_door ? STR("-") : rq->http->peer;
}

static void
note(const struct rq *rq, const char *what, int64_t person, const char *more)
{
    struct str who = from(rq);

    log_line(LOG_SECURITY, "%s from=%.*s person=%" PRId64 " id=%s%s", what,
             STR_ARG(who), person, rq->request_id, more);
}

void
security_note_of(const struct rq *rq, const char *what, int64_t person)
{
    note(rq, what, person, "");
}

void
security_note(const struct rq *rq, const char *what)
{
    note(rq, what, rq->who.person, "");
}

static const char *
reason(const struct rq *rq, const struct err *e)
{
    if (e->code == ERR_RATE)
        return "limited";
    if (e->code == ERR_DENIED)
        return e->field != NULL && strcmp(e->field, "csrf") == 0
                   ? "form-key-refused"
                   : "refused";
    /* a person who is only to sign in is no news, a program's token is */
    return e->code == ERR_SIGN_IN &&
                   http_header(rq->http, "Authorization").n > 0
               ? "token-refused"
               : NULL;
}

void
security_refused(const struct rq *rq, const struct err *e)
{
    static const char *const method[] = { "GET", "HEAD",  "POST",
                                          "PUT", "PATCH", "DELETE" };
    const char *what = reason(rq, e);
    char more[160] = "";

    if (what == NULL)
        return;
    if (rq->route != NULL) /* not the address: it may hold a secret */
        snprintf(more, sizeof(more), " route=\"%s %s\"",
                 method[rq->route->method], rq->route->path);
    note(rq, what, rq->who.dir != NULL ? rq->who.person : 0, more);
}
