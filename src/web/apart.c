#include "web/apart.h"

struct apart {
    struct rq *rq;
    handler *work;
    int64_t tenant;
};

struct reader *
apart_reader(struct app *app)
{
    const struct worker *w;
    unsigned i = worker_slot(&w);

    return w == app->exporter ? &app->export_reader : &app->heavy_reader[i];
}

static bool
run(void *arg, struct err *e)
{
    const struct apart *p = arg;
    struct rq *rq = p->rq;
    struct reader *own = apart_reader(rq->app);
    bool ok;

    rq->st = own->st;
    if (!store_begin(rq->st, e))
        return false;
    rq->who.dir = dir_get(own->dirs, rq->st, p->tenant, e);
    ok = rq->who.dir != NULL && p->work(rq, e);
    store_rollback(rq->st);
    return ok;
}

static bool
stands(struct rq *rq, struct err *e)
{
    if (!rq->work_ok)
        *e = rq->work_err;
    return rq->work_ok;
}

bool
rq_apart(struct rq *rq, handler *work, handler *next, struct err *e)
{
    struct apart *p = arena_new_obj(rq->arena, struct apart);

    if (p == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *p = (struct apart){ rq, work, rq->who.dir->tenant.id };
    return rq_work(rq, rq->app->heavy, run, p, next != NULL ? next : stands, e);
}
