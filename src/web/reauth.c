#include "web/reauth.h"
#include "web/security.h"

static const struct throttle_rule hands = { 's', 8, 60 * MS_PER_SECOND,
                                            60 * MS_PER_SECOND };

struct asking {
    struct str hash, password;
    struct throttle_try tried;
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

    /* only a wrong password counts */
    if (!rq->work_ok && rq->work_err.code == ERR_INVALID)
        security_note(rq, "password-wrong");
    else
        throttle_back(rq->app->throttle, &a->tried, 1);
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
                          .tried = { &hands,
                                     arena_i64(rq->arena, rq->who.person) },
                          .field = field,
                          .next = next,
                          .work = rq->work };
    if (!account_secret(rq->st, rq->session.tenant, rq->who.person, rq->arena,
                        &a->hash, e) ||
        !throttle_take(rq->app->throttle, &a->tried, 1, rq->who.now, e))
        return false;
    rq->work = a;
    return rq_work(rq, rq->app->hasher, verify, a, verified, e);
}
