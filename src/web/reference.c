/* Questions that are answered with another record. */
#include "web/view.h"

enum { SUGGESTED = 5, CHOSEN_FROM = 100, LABEL = 90 };

enum { ALIKE = 4 }; /* fields of .similar */

/* Those that are alike in the field `one` and have none of the fields before
 * it; of the fields after it the same or none. So nothing is found twice, and
 * each walk has an index of its own. */
static bool
alike_in(struct rq *rq, struct list_query q, const struct field *const *f,
         const void *rec, size_t one, void **recs, size_t *n, struct err *e)
{
    bool more;

    for (size_t i = 0; i < ALIKE && f[i] != NULL; i++) {
        int64_t v = *field_i64(f[i], rec);

        if (v == 0)
            continue; /* nobody said: anything may be the same */
        q.filter[q.n_filters++] = (struct list_filter){
            .field = f[i],
            .v = { i < one ? 0 : v, 0 },
            .n = i > one ? 2 : 1,
        };
    }
    return store_list(rq->st, &q, rq->arena, recs, n, &more, e);
}

bool
view_similar(struct rq *rq, const struct ledger *l, const void *rec,
             unsigned limit, void **recs, size_t *n, struct err *e)
{
    const struct rec *r = rec;
    struct list_query q = { .tenant = rq->who.dir->tenant.id,
                            .ledger = l,
                            .org = &r->org,
                            .n_org = 1,
                            .not_id = r->id,
                            .states = ledger_states(l, ST_OPEN) };
    const struct field *f[ALIKE + 1] = { NULL };
    struct str rest = str_of(l->similar), name;
    char *all = arena_alloc(rq->arena, limit * l->size);

    *recs = all;
    *n = 0;
    if (l->similar == NULL || !(q.states & IN(r->state)) ||
        !actor_reads_at(&rq->who, l, r->org))
        return true;
    if (all == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < ALIKE && str_split(&rest, ' ', &name); i++)
        f[i] = ledger_field(l, name);
    for (size_t i = 0; i < ALIKE && f[i] != NULL && *n < limit; i++) {
        void *some;
        size_t k;

        q.limit = limit - (unsigned)*n;
        if (field_empty(f[i], rec))
            continue;
        if (!alike_in(rq, q, f, rec, i, &some, &k, e))
            return false;
        if (k > 0)
            memcpy(all + *n * l->size, some, k * l->size);
        *n += k;
    }
    return true;
}

/* The newest that a record of org may refer to. */
static bool
newest(struct rq *rq, const struct ledger *l, int64_t org, int64_t not_id,
       unsigned limit, void **recs, size_t *n, bool *more, struct err *e)
{
    const struct dir *d = rq->who.dir;
    struct list_query q = { .tenant = d->tenant.id,
                            .ledger = l,
                            .not_id = not_id,
                            .states = l->choose != 0
                                          ? l->choose
                                          : ledger_states(l, ST_OPEN),
                            .limit = limit };
    int64_t *in = arena_new_array(rq->arena, int64_t, d->n_org + 1);

    *n = 0;
    *more = false;
    q.all = org == d->root && actor_may(&rq->who, l, "read", org);
    for (size_t i = 0; !q.all && in != NULL && i < d->n_org; i++) {
        int64_t id = d->org[i].id;

        if ((dir_below(d, id, org) || dir_below(d, org, id)) &&
            actor_reads_at(&rq->who, l, id))
            in[q.n_org++] = id;
    }
    q.org = in;
    return (!q.all && q.n_org == 0) ||
           store_list(rq->st, &q, rq->arena, recs, n, more, e);
}

/* What the record names now: its number, or its id where it has none. */
static struct str
shown(struct rq *rq, const struct ledger *to, int64_t id)
{
    void *rec = arena_alloc(rq->arena, to->size);
    struct err ignored;

    if (id == 0)
        return STR("");
    if (rec != NULL &&
        store_rec_get(rq->st, rq->who.dir->tenant.id, to, id, rq->arena, rec,
                      &ignored) &&
        actor_reads(&rq->who, to, rec) && ((struct rec *)rec)->no.n > 0)
        return ((struct rec *)rec)->no;
    return arena_i64(rq->arena, id);
}

static void
offer(struct rq *rq, const struct ledger *to, const void *recs, size_t n,
      int64_t on, struct v_input *v)
{
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, n + 2);
    bool there = on == 0;

    for (size_t i = 0; c != NULL && i < n; i++) {
        const struct rec *r = (const void *)((const char *)recs + i * to->size);
        struct str name = view_name(rq, to, r);
        struct str head = utf8_head(name, LABEL);

        if (head.n < name.n)
            head = arena_printf(rq->arena, "%.*s…", STR_ARG(head));
        c[v->n_choices++] = (struct v_choice){
            r->no.n > 0 ? r->no : arena_i64(rq->arena, r->id), head, r->id == on
        };
        there |= r->id == on;
    }
    if (c != NULL && !there && !(to->flags & L_NUMBERED))
        c[v->n_choices++] =
            (struct v_choice){ v->value, v->value, true }; /* an ended one */
    v->choices = c;
}

void
view_reference(struct rq *rq, const struct ledger *l, const struct field *f,
               const void *rec, int64_t org, struct v_input *v)
{
    const struct ledger *to = ledger_find(str_of(f->ref));
    const int64_t on = rec != NULL ? *field_i64(f, rec) : 0;
    const int64_t self =
        rec != NULL && to == l ? ((const struct rec *)rec)->id : 0;
    const bool numbered = (to->flags & L_NUMBERED) != 0;
    struct err ignored;
    void *recs;
    size_t n = 0;
    bool more = false;

    v->value = shown(rq, to, on);
    if (self != 0 && l->similar != NULL) {
        if (!view_similar(rq, l, rec, SUGGESTED, &recs, &n, &ignored))
            return;
    } else if (!newest(rq, to, org, self, numbered ? SUGGESTED : CHOSEN_FROM,
                       &recs, &n, &more, &ignored))
        return;
    v->kind = !numbered && !more ? "enum" : "ref";
    if (v->hint.n == 0 && numbered)
        v->hint = str_of(rq_tr(rq, N_("Its number, as lists show it")));
    if (n > 0)
        offer(rq, to, recs, n, on, v);
}
