#include "web/let_in.h"
#include "service/device.h"
#include "service/networks.h"
#include "web/answer.h"
#include "web/resume.h"
#include "web/security.h"
#include "web/sign_limit.h"

struct entering {
    struct letting by;
    struct sign_in_new in;
};

static bool
in_session(struct rq *rq, struct err *e)
{
    struct entering *s = rq->work;
    const struct dir *d;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    rq_cookie(rq, "anlan", str_of(s->in.session.secret),
              s->in.session.hours > 0 ? s->in.session.hours * 3600
                                      : SESSION_DAYS * 86400);
    browser_mark(rq, s->by.name);
    security_note_of(rq, "sign-in", s->by.who.person);
    if (s->by.done.n == 0)
        return resume_or_go(rq, s->by.to, s->in.session.csrf, e);
    d = dir_get(rq->reader->dirs, rq->st, s->by.who.tenant, e);
    return d != NULL && rq_redirect(rq, arena_printf(rq->arena, "/t/%.*s?%.*s",
                                                     STR_ARG(d->tenant.code),
                                                     STR_ARG(s->by.done)));
}

/* The school of who signs in; 0: none. */
static bool
school_of(struct rq *rq, const struct account *a, int64_t *school,
          struct err *e)
{
    const struct dir *d = dir_get(rq->reader->dirs, rq->st, a->tenant, e);
    const struct dir_person *p = d != NULL ? dir_person(d, a->person) : NULL;

    *school = p != NULL ? dir_school(d, p->org) : 0;
    return d != NULL;
}

bool
let_in(struct rq *rq, const struct letting *by, struct err *e)
{
    struct entering *s = arena_new_obj(rq->arena, struct entering);

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    s->by = *by;
    s->in = (struct sign_in_new){ .session = { .tenant = by->who.tenant,
                                               .person = by->who.person },
                                  .network = by->network };
    if (!school_of(rq, &by->who, &s->in.school, e))
        return false;
    /* the next one who takes a shared device must not find them there */
    if (rq_cookie_of(rq, "shared").n > 0)
        s->in.session.hours = PIN_HOURS;
    rq->work = s;
    return rq_job(rq, sign_in_job, &s->in, in_session, e);
}
