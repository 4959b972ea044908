#include "service/with.h"

static bool
load_one(struct store *st, int64_t tenant, const struct field *f,
         const void *rec, struct arena *a, const void **out, struct err *e)
{
    const struct ledger *to = ledger_find(str_of(f->ref));
    void *there;

    if (to == NULL || rec == NULL || field_empty(f, rec))
        return true;
    if ((there = arena_alloc(a, to->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(st, tenant, to, *field_i64(f, rec), a, there, e))
        return e->code == ERR_MISSING; /* reference_check says so */
    *out = there;
    return true;
}

bool
with_load(struct store *st, int64_t tenant, const struct ledger *l,
          const void *before, const void *after, struct arena *a,
          struct step_ctx *ctx, struct err *e)
{
    struct str rest = str_of(l->with), name;

    for (size_t i = 0;
         l->with != NULL && i < N_OF(ctx->with) && str_split(&rest, ' ', &name);
         i++) {
        const struct field *f = ledger_field(l, name);

        if (!load_one(st, tenant, f, after, a, &ctx->with[i], e))
            return false;
        if (before != NULL && field_equal(f, before, after))
            ctx->had[i] = ctx->with[i];
        else if (!load_one(st, tenant, f, before, a, &ctx->had[i], e))
            return false;
    }
    return true;
}

bool
with_check(struct store *st, const struct change *c, const struct step *s,
           const struct actor *who, const void *rec, struct arena *a,
           struct err *e)
{
    const struct ledger *l = c->ledger;
    void *after = arena_alloc(a, l->size);
    struct step_ctx ctx = {
        .now = who->now,
        .today = zone_day(who->dir->rules.zone, who->now),
        .person = who->person,
        .roles = actor_roles(who, ((const struct rec *)rec)->org) |
                 actor_roles_on(who, l, rec),
        .rules = &who->dir->rules,
        .arena = a,
        .before = rec,
    };

    if (after == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    memcpy(after, rec, l->size);
    return change_fill(c, s, who, after, a, &ctx.comment, e) &&
           with_load(st, c->tenant, l, rec, after, a, &ctx, e) &&
           (s->check == NULL || s->check(after, &ctx, e));
}
