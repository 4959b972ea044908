/* The answers that a question of a form offers. */
#include "web/choices.h"
#include "service/actor.h"

void
choice_add(struct rq *rq, struct choices *c, struct v_choice v)
{
    if (c->n == CHOICES_MAX) {
        c->left_off++;
        return;
    }
    if (c->n == c->room) {
        size_t room = c->room == 0 ? 16 : 2 * c->room;
        struct v_choice *p = arena_new_array(rq->arena, struct v_choice, room);

        if (p == NULL)
            return;
        if (c->n > 0)
            memcpy(p, c->at, c->n * sizeof(*p));
        c->at = p;
        c->room = room;
    }
    c->at[c->n++] = v;
}

/* ---- people -------------------------------------------------------------------- */

/* With the unit where the list is of several. */
static struct str
with_unit(struct rq *rq, struct str name, int64_t there, int64_t here)
{
    int64_t unit = dir_school(rq->who.dir, there);

    return here != 0 && unit == dir_school(rq->who.dir, here)
               ? name
               : arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(name),
                              STR_ARG(view_org(rq, unit)));
}

/* Does the person do work by a post, or hold none that says otherwise? */
static bool
works(struct rq *rq, const struct dir_person *p)
{
    const struct actor there = { .dir = rq->who.dir, .person = p->id };
    const struct dir_post *post;
    size_t n;

    post = actor_posts(&there, &n);
    for (size_t i = 0; i < n; i++)
        if (R_STAFF >> post[i].role & 1)
            return true;
    return n == 0 && actor_reads_at(&rq->who, &person_ledger, p->org);
}

void
choices_workers(struct rq *rq, struct choices *c, int64_t org, int64_t on)
{
    const struct dir *d = rq->who.dir;

    for (size_t i = 0; i < d->n_person; i++) {
        const struct dir_person *p = &d->person[i];

        if (p->id == on ||
            (p->state == 1 &&
             (dir_below(d, p->org, org) || p->org == d->root) && works(rq, p)))
            choice_add(rq, c,
                       (struct v_choice){ arena_i64(rq->arena, p->id),
                                          view_person_of(rq, org, p->id),
                                          p->id == on });
    }
}

static const struct field *
login_field(void)
{
    return ledger_field(&person_ledger, STR("login"));
}

/* "Wang Wei (wangwei) · Baile Central Primary School": two of one name are told
 * apart. */
static struct str
appointed(struct rq *rq, const struct dir_person *p, int64_t org)
{
    const struct rec r = { .id = p->id, .org = p->org };
    struct str name = view_person_of(rq, p->org, p->id);

    if (p->login.n > 0 &&
        actor_sees(&rq->who, &person_ledger, &r, login_field()))
        name = arena_printf(rq->arena, "%.*s (%.*s)", STR_ARG(name),
                            STR_ARG(p->login));
    return with_unit(rq, name, p->org, org);
}

void
choices_everybody(struct rq *rq, struct choices *c, int64_t org, int64_t on)
{
    const struct dir *d = rq->who.dir;

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < d->n_person; i++) {
            const struct dir_person *p = &d->person[i];
            const bool here = dir_below(d, p->org, org);

            if (here == (pass == 0) &&
                (p->id == on ||
                 (p->state == 1 &&
                  actor_reads_at(&rq->who, &person_ledger, p->org))))
                choice_add(rq, c,
                           (struct v_choice){ arena_i64(rq->arena, p->id),
                                              appointed(rq, p, org),
                                              p->id == on });
        }
}

/* ---- places and units ------------------------------------------------------------ */

void
choices_places(struct rq *rq, struct choices *c, int64_t org, int64_t on)
{
    const struct dir *d = rq->who.dir;

    for (size_t i = 0; i < d->n_place; i++) {
        const struct dir_place *p = &d->place[i];

        if (p->id == on || (p->state == 1 && dir_place_of(d, p, org)))
            choice_add(rq, c,
                       (struct v_choice){
                           arena_i64(rq->arena, p->id),
                           with_unit(rq, view_place(rq, p->id), p->org, org),
                           p->id == on });
    }
}

void
choices_orgs(struct rq *rq, struct choices *c, int64_t on,
             const struct ledger *l, const char *verb)
{
    const struct dir *d = rq->who.dir;

    for (size_t i = 0; i < d->n_org; i++) {
        const struct dir_org *o = d->tree[i];

        if (o != NULL && o->state == 1 && actor_may(&rq->who, l, verb, o->id))
            choice_add(rq, c,
                       (struct v_choice){ arena_i64(rq->arena, o->id),
                                          view_org(rq, o->id), o->id == on });
    }
}
