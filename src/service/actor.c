#include "service/actor.h"

const struct dir_post *
actor_posts(const struct actor *who, size_t *n)
{
    const struct dir *d = who->dir;
    size_t lo = 0, hi = d->n_post, end;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (d->post[mid].person < who->person)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (end = lo; end < d->n_post && d->post[end].person == who->person;)
        end++;
    *n = end - lo;
    return d->post + lo;
}

static bool
acts_by(const struct actor *who, const struct dir_post *p, int64_t today)
{
    return dir_in_force(p, today) && (who->post == 0 || who->post == p->id);
}

bool
actor_scoped(const struct actor *who, const struct ledger *l, const char *verb)
{
    return who->scopes == NULL || token_scope_has(*who->scopes, l, verb);
}

static uint64_t
roles_where(const struct actor *who, int64_t node, bool anywhere)
{
    int64_t today = zone_day(who->dir->rules.zone, who->now);
    const struct dir_post *p;
    uint64_t roles = 0;
    size_t n;

    if (who->person == 0)
        return R(SYSTEM);
    if (who->person == PERSON_PUBLIC)
        return R(PUBLIC);
    p = actor_posts(who, &n);
    for (size_t i = 0; i < n; i++)
        if (acts_by(who, &p[i], today) &&
            (anywhere || dir_below(who->dir, node, p[i].org)))
            roles |= UINT64_C(1) << p[i].role;
    return roles;
}

void
actor_standing(const struct actor *who, struct hash *out)
{
    const int64_t today = zone_day(who->dir->rules.zone, who->now);
    size_t n;
    const struct dir_post *p = actor_posts(who, &n);

    hash_of(out, NULL, 0);
    for (size_t i = 0; i < n; i++)
        if (acts_by(who, &p[i], today)) {
            const int64_t by[] = { p[i].id, p[i].org, p[i].role };

            hash_of(out,
                    (const struct str[]){ hash_str(out),
                                          { (const char *)by, sizeof(by) } },
                    2);
        }
}

uint64_t
actor_roles(const struct actor *who, int64_t node)
{
    return roles_where(who, node, false);
}

uint64_t
actor_roles_anywhere(const struct actor *who)
{
    return roles_where(who, 0, true);
}

static int64_t
person_in(const struct ledger *l, const void *rec, const char *name)
{
    const struct field *f = ledger_field(l, str_of(name));

    return f != NULL && f->kind == FK_REF ? *field_i64(f, rec) : 0;
}

uint64_t
actor_roles_on(const struct actor *who, const struct ledger *l, const void *rec)
{
    const struct rec *h = rec;
    uint64_t roles = 0;

    if (rec == NULL || who->person == 0 || who->person == PERSON_PUBLIC)
        return 0;
    if (h->created_by == who->person)
        roles |= R(CREATOR);
    if (person_in(l, rec, "responsible") == who->person)
        roles |= R(ANSWERS);
    if (person_in(l, rec, "finder") == who->person)
        roles |= R(REPORTER);
    return roles;
}

bool
actor_may(const struct actor *who, const struct ledger *l, const char *verb,
          int64_t node)
{
    return who->person == 0 ||
           (actor_scoped(who, l, verb) &&
            (ledger_roles(l, verb) & actor_roles(who, node)) != 0);
}

bool
actor_may_somewhere(const struct actor *who, const struct ledger *l,
                    const char *verb)
{
    return who->person == 0 ||
           (actor_scoped(who, l, verb) &&
            (ledger_roles(l, verb) & actor_roles_anywhere(who)) != 0);
}

bool
actor_at_school(const struct actor *who)
{
    const struct dir_person *p = dir_person(who->dir, who->person);
    const struct dir_org *o =
        p != NULL ? dir_org(who->dir, dir_school(who->dir, p->org)) : NULL;

    return o != NULL && dir_is_school(o);
}

/* What a unit keeps for those below it. */
static bool
shared_with(const struct actor *who, const struct ledger *l, uint64_t roles,
            int64_t node)
{
    int64_t today = zone_day(who->dir->rules.zone, who->now);
    const struct dir_post *p;
    size_t n;

    if (!(l->flags & L_SHARED) || !actor_scoped(who, l, "read"))
        return false;
    p = actor_posts(who, &n);
    for (size_t i = 0; i < n; i++)
        if (acts_by(who, &p[i], today) && (roles >> p[i].role & 1) &&
            dir_below(who->dir, p[i].org, node))
            return true;
    return false;
}

bool
actor_reads_at(const struct actor *who, const struct ledger *l, int64_t node)
{
    return actor_may(who, l, "read", node) ||
           shared_with(who, l, ledger_roles(l, "read"), node);
}

bool
actor_reads(const struct actor *who, const struct ledger *l, const void *rec)
{
    return actor_reads_at(who, l, ((const struct rec *)rec)->org) ||
           (actor_scoped(who, l, "read") &&
            (actor_roles_on(who, l, rec) & (R(ANSWERS) | R(REPORTER))) != 0);
}

bool
actor_names(const struct actor *who, int64_t node)
{
    uint64_t roles = node != 0 ? actor_roles(who, node) : 0;

    /* who reads without a post there, as what is shared from above: by what
     * other posts make of them; who has none at all is named in the record */
    if (roles == 0)
        roles = actor_roles_anywhere(who);
    return who->person == 0 || (roles & ~(R(AUDITOR) | R(PUBLIC))) != 0 ||
           (node != 0 && roles == 0);
}

bool
actor_sees(const struct actor *who, const struct ledger *l, const void *rec,
           const struct field *f)
{
    const struct rec *r = rec;

    if (l->maker_see != NULL && r->created_by != PERSON_PUBLIC &&
        (f->tag == REC_CREATED_BY || (f->tag == REC_CHANGED_BY && r->rev == 1)))
        return r->created_by == who->person ||
               actor_may(who, l, l->maker_see, r->org);
    if (f->see == NULL)
        return true;
    if (strcmp(f->see, SEE_NAMES) == 0)
        return actor_names(who, ((const struct rec *)rec)->org);
    return actor_may(who, l, f->see, ((const struct rec *)rec)->org) ||
           (l == &person_ledger &&
            ((const struct rec *)rec)->id == who->person);
}

bool
actor_sees_raw(const struct actor *who, const struct ledger *l, int64_t node)
{
    return actor_names(who, node) && (actor_may(who, l, "see_people", node) ||
                                      ledger_roles(l, "see_people") == 0);
}

bool
actor_scope(const struct actor *who, const struct ledger *l, const char *verb,
            struct arena *a, struct scope *out, struct err *e)
{
    const struct dir *d = who->dir;
    int64_t today = zone_day(d->rules.zone, who->now);
    uint64_t roles = ledger_roles(l, verb);
    const struct dir_post *p;
    size_t n;

    *out = (struct scope){ .org = arena_new_array(a, int64_t, d->n_org + 1) };
    if (out->org == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!actor_scoped(who, l, verb))
        return true;
    p = actor_posts(who, &n);
    out->all = who->person == 0;
    for (size_t i = 0; i < n; i++)
        if (acts_by(who, &p[i], today) && (roles >> p[i].role & 1) &&
            p[i].org == d->root)
            out->all = true;
    for (size_t k = 0; k < d->n_org && !out->all; k++)
        if ((roles & actor_roles(who, d->org[k].id)) ||
            (strcmp(verb, "read") == 0 &&
             shared_with(who, l, roles, d->org[k].id)))
            out->org[out->n++] = d->org[k].id;
    return true;
}

bool
actor_steps(const struct actor *who, const struct ledger *l,
            const struct step *s, const void *rec, int64_t node, struct err *e)
{
    uint64_t roles = actor_roles(who, node) | actor_roles_on(who, l, rec);

    if (!actor_scoped(who, l, s->verb))
        return err_set(e, ERR_DENIED, NULL,
                       "This token does not have the scope \"%s:%s\"", l->name,
                       s->verb);
    if ((s->flags & S_SIGN) && !actor_scoped(who, l, "sign"))
        return err_set(e, ERR_DENIED, NULL,
                       "This step is a signature: a token needs the scope "
                       "\"sign\" for it");
    if (who->person == 0)
        return true;
    if ((s->roles & roles) == 0)
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not allow this step here");
    if (rec != NULL && step_bars(l, s, rec, who->person))
        return err_set(e, ERR_DENIED, NULL,
                       "This step must be taken by somebody else than the one "
                       "whose work or decision it judges");
    return true;
}
