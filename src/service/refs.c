/* What a record refers to: it exists, is of the same branch, may be seen. */
#include "service/refs.h"
#include "domain/org.h"
#include "domain/parts.h"

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
may_read(const struct refs *r, const struct ledger *l, const void *rec)
{
    return r->c->person == 0 || r->c->by_receipt || r->c->by_program ||
           actor_reads(r->who, l, rec);
}

/* A record refers to what is of its own school, of a unit above or below. */
static bool
same_branch(const struct refs *r, int64_t there)
{
    int64_t here = ((const struct rec *)r->after)->org;

    return dir_below(r->who->dir, here, there) ||
           dir_below(r->who->dir, there, here);
}

static bool
check_place(const struct refs *r, const struct field *f, int64_t id,
            struct err *e)
{
    const struct dir_place *place = dir_place(r->who->dir, id);

    return (place != NULL && same_branch(r, place->org)) ||
           err_set(e, ERR_INVALID, f->name, "This school has no such place");
}

/* Does what a reference names exist, and may the actor see it? */
static bool
check_ref(const struct refs *r, const struct field *f, int64_t id,
          struct err *e)
{
    const struct ledger *l = ledger_find(str_of(f->ref));
    const struct dir *d = r->who->dir;
    void *rec;

    if (l == &person_ledger)
        return dir_person(d, id) != NULL ||
               err_set(e, ERR_INVALID, f->name, "There is no such person");
    if (l == &org_ledger)
        return dir_org(d, id) != NULL ||
               err_set(e, ERR_INVALID, f->name, "There is no such school");
    if (l == &place_ledger)
        return check_place(r, f, id, e);
    if (l == NULL || (rec = arena_alloc(r->tx->arena, l->size)) == NULL)
        return short_of_memory(e);
    if (store_rec_get(r->tx->st, r->c->tenant, l, id, r->tx->arena, rec, e) &&
        may_read(r, l, rec) && same_branch(r, ((struct rec *)rec)->org))
        return true;
    return e->code != ERR_MISSING && e->code != ERR_NONE
               ? false
               : err_set(e, ERR_INVALID, f->name, "There is no such record");
}

static bool
check_parts(const struct refs *r, const struct field *f, struct err *e)
{
    const struct part_kind *k = f->parts;
    _Alignas(16) char part[PART_SIZE_MAX];
    struct str rest = *field_str(f, r->after);
    struct err ignored;

    while (parts_next(k, &rest, part, &ignored))
        for (size_t i = 0; i < k->n_fields; i++)
            if (k->fields[i].kind == FK_REF &&
                !field_empty(&k->fields[i], part) &&
                !check_ref(r, &k->fields[i], *field_i64(&k->fields[i], part),
                           e)) {
                e->field = f->name;
                return false;
            }
    return true;
}

bool
refs_check(const struct refs *r, struct err *e)
{
    const struct ledger *l = r->c->ledger;

    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];

        if (field_empty(f, r->after) ||
            (r->before != NULL && field_equal(f, r->before, r->after)))
            continue;
        if (f->kind == FK_REF && !check_ref(r, f, *field_i64(f, r->after), e))
            return false;
        if (f->kind == FK_PARTS && !check_parts(r, f, e))
            return false;
    }
    return true;
}
