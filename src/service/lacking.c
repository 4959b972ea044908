#include "service/lacking.h"
#include "service/actor.h"
#include "store/stmt.h"

#define MANAGES (R(PRINCIPAL) | R(SAFETY_MANAGER) | R(DEPUTY_HEAD))

static void
add(struct lacking_some *s, int64_t id)
{
    if (s->n < LACKING_NAMED)
        s->id[s->n] = id;
    s->n++;
}

/* All units of a node, by their place in the tree. */
static void
mark_below(const struct dir *d, int64_t node, bool *mark)
{
    const struct dir_org *o = dir_org(d, node);

    for (int64_t i = o != NULL ? o->pre : 1; o != NULL && i <= o->post; i++)
        mark[i - 1] = true;
}

static void
of_schools(const struct dir *d, bool *managed, bool *placed, struct lacking *l)
{
    l->schools = true;
    for (size_t i = 0; i < d->n_post; i++)
        if ((MANAGES >> d->post[i].role & 1) && d->post[i].org != d->root)
            mark_below(d, d->post[i].org, managed);
    for (size_t i = 0; i < d->n_place; i++) {
        const struct dir_org *o = dir_org(d, dir_school(d, d->place[i].org));

        if (o != NULL && d->place[i].state == 1)
            placed[o->pre - 1] = true;
    }
    for (size_t i = 0; i < d->n_org && d->tree[i] != NULL; i++) {
        if (!dir_is_school(d->tree[i]))
            continue;
        l->schools = false;
        if (!managed[i])
            add(&l->manager, d->tree[i]->id);
        if (!placed[i])
            add(&l->place, d->tree[i]->id);
    }
}

static void
of_people(const struct dir *d, struct lacking *l)
{
    for (size_t i = 0; i < d->n_person; i++) {
        const struct actor who = { .dir = d, .person = d->person[i].id };
        size_t n;

        (void)actor_posts(&who, &n);
        if (n == 0 && d->person[i].state == 1)
            add(&l->post, d->person[i].id);
    }
}

static bool
of_passwords(struct store *st, const struct dir *d, struct lacking *l,
             struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, st, &stmts[Q_SECRET_NEVER],
                   ARGS(ARG(d->tenant.id), ARG((int64_t)LACKING_NAMED + 1)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        add(&l->password, rows_i64(&r, 0));
    rows_close(&r);
    return ok;
}

bool
lacking_read(struct store *st, const struct dir *d, struct arena *a,
             struct lacking *l, struct err *e)
{
    bool *managed = arena_new_array(a, bool, d->n_org + 1),
         *placed = arena_new_array(a, bool, d->n_org + 1);

    *l = (struct lacking){ .calendar =
                               d->rules.n_off == 0 && d->rules.n_term == 0 };
    if (managed == NULL || placed == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    of_schools(d, managed, placed, l);
    of_people(d, l);
    return of_passwords(st, d, l, e);
}
