#include "web/reauth.h"

enum { TRIES = 8 };
#define EVERY (60 * MS_PER_SECOND)

struct asking {
    struct str hash, password, who;
    const char *field;
    handler *next;
    void *work;
};

static bool
verify(void *arg, struct err *e)
{
    const struct asking *a = arg;

    return account_verify(a->hash, a->password) ||
           err_set(e, ERR_INVALID, a->field,
                   "This is not your password: nothing was done");
}

static bool
verified(struct rq *rq, struct err *e)
{
    struct asking *a = rq->work;

    if (!rq->work_ok)
        throttle_add(rq->app->throttle, 's', a->who, EVERY, rq->who.now);
    rq->work = a->work;
    return a->next(rq, e);
}

bool
reauth_asked(const struct err *e)
{
    return e != NULL && e->code == ERR_INVALID && e->field != NULL &&
           strcmp(e->field, "sign_password") == 0;
}

bool
reauth(struct rq *rq, struct str password, const char *field, handler *next,
       struct err *e)
{
    struct asking *a = arena_new_obj(rq->arena, struct asking);

    if (a == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *a = (struct asking){ .password = password,
                          .who = arena_i64(rq->arena, rq->who.person),
                          .field = field,
                          .next = next,
                          .work = rq->work };
    if (!account_secret(rq->st, rq->session.tenant, rq->who.person, rq->arena,
                        &a->hash, e) ||
        !throttle_check(rq->app->throttle, 's', a->who, TRIES, EVERY,
                        rq->who.now, e))
        return false;
    rq->work = a;
    return rq_work(rq, rq->app->hasher, verify, a, verified, e);
}
