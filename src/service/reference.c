#include <strings.h>

#include "domain/org.h"
#include "domain/parts.h"
#include "service/reference.h"

enum { CANDIDATES = 20, NUMBER_MAX = 100 };

bool
reference_refuse(const struct field *f, struct err *e)
{
    return err_set(e, ERR_INVALID, f->name,
                   "There is no such record, or it is not open to you. Type "
                   "its number as lists show it");
}

/* A field that is answered with a number, if the value is one. */
static const struct field *
numbered(const struct ledger *l, const struct input *in,
         const struct ledger **to)
{
    const struct field *f = ledger_field(l, in->name);
    int64_t id;

    if (f == NULL || f->kind != FK_REF || str_trim(in->value).n == 0 ||
        str_i64(str_trim(in->value), &id))
        return NULL;
    *to = ledger_find(str_of(f->ref));
    return *to != NULL && !((*to)->flags & L_DIR) ? f : NULL;
}

/* Ａ－１ as A-1, and the dashes that telephones make of a hyphen. */
static struct str
plain(struct arena *a, struct str typed)
{
    BUF(b, 4 * NUMBER_MAX);

    for (size_t at = 0; at < typed.n;) {
        int32_t c = utf8_next(typed, &at);
        char u[4];

        if (c >= 0xff01 && c <= 0xff5e)
            c -= 0xfee0;
        if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
            c = '-';
        buf_put(&b, u, utf8_put(u, c));
    }
    return arena_dup(a, buf_str(&b));
}

static bool
is_number(const void *rec, struct str no)
{
    struct str have = ((const struct rec *)rec)->no;

    return have.n == no.n && strncasecmp(have.p, no.p, no.n) == 0;
}

static bool
find(struct store *st, const struct actor *who, const struct ledger *l,
     struct str typed, struct arena *a, int64_t *id, struct err *e)
{
    struct list_query q = { .tenant = who->dir->tenant.id,
                            .ledger = l,
                            .all = true,
                            .limit = CANDIDATES };
    struct str no = plain(a, utf8_head(typed, NUMBER_MAX));
    void *recs, *rec = arena_alloc(a, l->size);
    size_t n;
    bool more;
    BUF(match, 4096);

    *id = 0;
    store_match(&match, q.tenant, l, no);
    q.match = buf_str(&match);
    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (q.match.n == 0)
        return true;
    if (!store_list(st, &q, a, &recs, &n, &more, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct rec *r = (const void *)((const char *)recs + i * l->size);

        if (!is_number(r, no))
            continue;
        if (!store_rec_get(st, q.tenant, l, r->id, a, rec, e))
            return false;
        if (who->person == 0 || actor_reads(who, l, rec))
            *id = r->id;
    }
    return true;
}

bool
reference_resolve(struct store *st, const struct actor *who,
                  const struct ledger *l, const struct input **in, size_t n,
                  struct arena *a, struct err *e)
{
    struct input *own = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct ledger *to;
        const struct field *f = numbered(l, &(*in)[i], &to);
        int64_t id;

        if (f == NULL)
            continue;
        if (!find(st, who, to, str_trim((*in)[i].value), a, &id, e))
            return false;
        if (id == 0)
            return reference_refuse(f, e);
        if (own == NULL) {
            if ((own = arena_new_array(a, struct input, n)) == NULL)
                return err_set(e, ERR_BUSY, NULL,
                               "The server is short of memory");
            memcpy(own, *in, n * sizeof(*own));
            *in = own;
        }
        own[i].value = arena_i64(a, id);
    }
    return true;
}

/* ---- what a change refers to --------------------------------------------------- */

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
may_read(const struct references *r, const struct ledger *l, const void *rec)
{
    return r->c->person == 0 || r->c->by_receipt || r->c->by_program ||
           actor_reads(r->who, l, rec);
}

/* A record refers to what is of its own school, of a unit above or below. */
static bool
same_branch(const struct references *r, int64_t there)
{
    int64_t here = ((const struct rec *)r->after)->org;

    return dir_below(r->who->dir, here, there) ||
           dir_below(r->who->dir, there, here);
}

static bool
check_place(const struct references *r, const struct field *f, int64_t id,
            struct err *e)
{
    const struct dir_place *place = dir_place(r->who->dir, id);

    return (place != NULL &&
            dir_place_of(r->who->dir, place,
                         ((const struct rec *)r->after)->org)) ||
           err_set(e, ERR_INVALID, f->name, "This school has no such place");
}

/* A record leads whoever it names to it, and shows the name: so it names people
 * of its own unit, below or above it. Posts may be given to anybody. */
static bool
check_person(const struct references *r, const struct field *f,
             const struct dir_person *p, struct err *e)
{
    int64_t org = ((const struct rec *)r->after)->org;

    if (p == NULL)
        return err_set(e, ERR_INVALID, f->name, "There is no such person");
    return r->who->person == 0 || r->c->by_program ||
           (r->c->ledger->flags & L_DIR) ||
           dir_person_of(r->who->dir, p, org) ||
           err_set(e, ERR_INVALID, f->name,
                   "This person does not belong to the school or the office "
                   "above it");
}

static bool
is_living(const struct field *f, const struct ledger *l, const void *rec,
          struct err *e)
{
    const struct rec *r = rec;

    return !(f->flags & F_LIVING) ||
           (ledger_states(l, ST_OPEN) & IN(r->state)) ||
           err_set(e, ERR_INVALID, f->name,
                   "%.*s is closed already: what is wrong now is a new one",
                   STR_ARG(r->no));
}

/* Does what a reference names exist, and may the actor see it? */
static bool
check_ref(const struct references *r, const struct field *f, int64_t id,
          struct err *e)
{
    const struct ledger *l = ledger_find(str_of(f->ref));
    const struct dir *d = r->who->dir;
    void *rec;

    if (l == &person_ledger)
        return check_person(r, f, dir_person(d, id), e);
    if (l == &org_ledger)
        return dir_org(d, id) != NULL ||
               err_set(e, ERR_INVALID, f->name, "There is no such school");
    if (l == &place_ledger)
        return check_place(r, f, id, e);
    if (l == NULL || (rec = arena_alloc(r->tx->arena, l->size)) == NULL)
        return short_of_memory(e);
    if (store_rec_get(r->tx->st, r->c->tenant, l, id, r->tx->arena, rec, e) &&
        may_read(r, l, rec) && same_branch(r, ((struct rec *)rec)->org))
        return is_living(f, l, rec, e);
    return e->code != ERR_MISSING && e->code != ERR_NONE
               ? false
               : reference_refuse(f, e);
}

static bool
check_parts(const struct references *r, const struct field *f, struct err *e)
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
reference_check(const struct references *r, struct err *e)
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
