/* From an empty district to one that works: what is to be done next. */
#include "web/first_steps.h"
#include "domain/checklist.h"
#include "service/lacking.h"
#include "web/address.h"

enum { STEPS_MAX = 4 * (LACKING_NAMED + 1) + 4 };

struct steps {
    struct rq *rq;
    struct v_link *at;
    size_t n;
};

static void
add(struct steps *s, struct str label, struct url url)
{
    if (s->n < STEPS_MAX)
        s->at[s->n++] = (struct v_link){ .label = label, .url = url };
}

static struct url
new_one(struct rq *rq, const struct ledger *l, const char *with, int64_t id)
{
    return id == 0 ? view_url(rq, "%.*s/new", STR_ARG(rq_path(rq, l, 0)))
                   : view_url(rq, "%.*s/new?%s=%ld", STR_ARG(rq_path(rq, l, 0)),
                              with, (long)id);
}

/* One step for each that is named; where there are more, that. */
static void
each(struct steps *s, const struct lacking_some *some, const char *one,
     const char *rest, const struct ledger *list,
     struct str (*name)(struct rq *, int64_t),
     struct url (*where)(struct rq *, int64_t))
{
    for (size_t i = 0; i < some->n && i < LACKING_NAMED; i++)
        add(s,
            arena_printf(s->rq->arena, "%.*s%s%s",
                         STR_ARG(name(s->rq, some->id[i])),
                         rq_tr(s->rq, N_(": ")), rq_tr(s->rq, one)),
            where(s->rq, some->id[i]));
    if (some->n > LACKING_NAMED)
        add(s, str_of(rq_tr(s->rq, rest)), view_path(s->rq, list, 0));
}

static struct url
add_person(struct rq *rq, int64_t school)
{
    return new_one(rq, &person_ledger, "org", school);
}

static struct url
add_place(struct rq *rq, int64_t school)
{
    return new_one(rq, &place_ledger, "org", school);
}

static struct url
give_post(struct rq *rq, int64_t person)
{
    return new_one(rq, &post_ledger, "from", person);
}

static struct url
make_link(struct rq *rq, int64_t person)
{
    return view_url(rq, "%.*s#s-link",
                    STR_ARG(rq_path(rq, &person_ledger, person)));
}

/* No checklist is in use, and the reader may take one. */
static bool
checklist(struct steps *s, struct err *e)
{
    const struct list_query q = { .tenant = s->rq->who.dir->tenant.id,
                                  .ledger = &checklist_ledger,
                                  .all = true,
                                  .states = IN(CL_LIVE) };
    int64_t n;

    if (!actor_may(&s->rq->who, &checklist_ledger, "draft",
                   s->rq->who.dir->root))
        return true;
    if (!store_list_count(s->rq->st, &q, 1, &n, e))
        return false;
    if (n == 0)
        add(s,
            str_of(rq_tr(s->rq, N_("No checklist is in use yet: take one from "
                                   "the library"))),
            view_url(s->rq, "%.*s/library",
                     STR_ARG(rq_path(s->rq, &checklist_ledger, 0))));
    return true;
}

static void
of_district(struct steps *s, const struct lacking *l)
{
    struct rq *rq = s->rq;

    if (l->schools)
        add(s, str_of(rq_tr(rq, N_("There is no school yet: add the first"))),
            new_one(rq, &org_ledger, "org", 0));
    each(s, &l->post, N_("no post yet, give one"),
         N_("More people hold no post yet"), &person_ledger, view_person,
         give_post);
    each(s, &l->manager,
         N_("nobody manages safety yet, add who does and give the post"),
         N_("At more schools nobody manages safety yet"), &org_ledger, view_org,
         add_person);
    each(s, &l->password, N_("no password yet, make a one-time link"),
         N_("More people have not set a password yet"), &person_ledger,
         view_person, make_link);
    each(s, &l->place, N_("no places yet, add the first"),
         N_("More schools have no places yet"), &org_ledger, view_org,
         add_place);
    if (l->calendar)
        add(s,
            str_of(rq_tr(rq, N_("No semester and no holiday is entered yet: "
                                "working days are counted without"))),
            new_one(rq, &calendar_ledger, "org", 0));
}

bool
first_steps(struct rq *rq, const struct v_link **out, size_t *n, struct err *e)
{
    struct steps s = { .rq = rq };
    struct lacking l;

    *n = 0;
    if (!actor_may(&rq->who, &org_ledger, "add", rq->who.dir->root))
        return true;
    if ((s.at = arena_new_array(rq->arena, struct v_link, STEPS_MAX)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!lacking_read(rq->st, rq->who.dir, rq->arena, &l, e))
        return false;
    of_district(&s, &l);
    if (!checklist(&s, e))
        return false;
    *out = s.at;
    *n = s.n;
    return true;
}
