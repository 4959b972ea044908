#include "web/look.h"
#include "web/view.h"

struct looking {
    struct look look;
    handler *next;
};

static bool
noted(struct rq *rq, struct err *e)
{
    const struct looking *k = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return k->next(rq, e);
}

/* Is there something to be noted, and of whom? */
static bool
counts(struct rq *rq, enum look_how how, int64_t *person)
{
    const struct dir_person *p = dir_person(rq->who.dir, rq->id);

    if (rq->ledger != &person_ledger)
        return false;
    *person = how == LOOK_LIST ? 0 : rq->id;
    if (how == LOOK_LIST)
        return actor_may_somewhere(&rq->who, &person_ledger, "see_people");
    return p != NULL && p->id != rq->who.person &&
           actor_may(&rq->who, &person_ledger, "read", p->org);
}

bool
look_first(struct rq *rq, enum look_how how, handler *next, struct err *e)
{
    struct looking *k;
    int64_t person;

    if (!counts(rq, how, &person))
        return next(rq, e);
    if ((k = arena_new_obj(rq->arena, struct looking)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *k = (struct looking){
        .look = { .tenant = rq->who.dir->tenant.id,
                  .person = person,
                  .by = rq->who.person,
                  .day = zone_day(rq->who.dir->rules.zone, rq->who.now),
                  .how = how },
        .next = next,
    };
    rq->work = k;
    return rq_job(rq, look_job, &k->look, noted, e);
}

static const char *
what(enum look_how how)
{
    switch (how) {
    case LOOK_LIST:
        return N_("read or took out a list of people");
    case LOOK_HISTORY:
        return N_("read the history of this record");
    default:
        return N_("read this record");
    }
}

static bool
add(struct rq *rq, int64_t person, struct v_event *v, size_t *n, struct err *e)
{
    struct look found[20];
    size_t k = N_OF(found);

    if (!look_of(rq->st, rq->who.dir->tenant.id, person, found, &k, e))
        return false;
    for (size_t i = 0; i < k; i++)
        v[(*n)++] = (struct v_event){
            .when = found[i].n == 1
                        ? view_time(rq, found[i].last_at)
                        : view_said(rq, N_("%.*s, %ld times that day"),
                                    STR_ARG(view_time(rq, found[i].last_at)),
                                    (long)found[i].n),
            .who = view_person(rq, found[i].by),
            .what = str_of(rq_tr(rq, what(found[i].how))),
        };
    return true;
}

bool
look_view(struct rq *rq, int64_t person, const struct v_event **out, size_t *n,
          struct err *e)
{
    const struct dir_person *p = dir_person(rq->who.dir, person);
    struct v_event *v;

    *out = NULL;
    *n = 0;
    if (p == NULL || (person != rq->who.person &&
                      !(actor_roles(&rq->who, p->org) & R(ADMIN))))
        return true;
    if ((v = arena_new_array(rq->arena, struct v_event, 40)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *out = v;
    return add(rq, person, v, n, e) && add(rq, 0, v, n, e);
}
