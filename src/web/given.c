#include "web/given.h"
#include "service/figures.h"
#include "service/programme_figures.h"
#include "web/apart.h"

bool
given_needed(const struct change *c)
{
    for (size_t i = 0; i < c->ledger->n_steps; i++)
        if (str_is(c->verb, c->ledger->steps[i].verb))
            return (c->ledger->steps[i].flags & S_GIVEN) != 0;
    return false;
}

static bool
find_out(struct rq *rq, struct err *e)
{
    const struct change *c = rq->work;

    return (c->ledger == &programme_ledger ? programme_figures_give
                                           : figures_give)(
        rq->st, rq->who.dir, rq->who.now, rq->arena, rq->work, e);
}

bool
given_find(struct rq *rq, handler *next, struct err *e)
{
    return rq_apart(rq, find_out, next, e);
}
