#include "service/follow.h"
#include "store/files.h"

struct running {
    struct tx *tx;
    const struct change *c;
};

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

/* Is there a record of the other ledger with the same values already? */
static bool
is_there(struct running *r, const struct follow *f, bool *there, struct err *e)
{
    struct list_query q = {
        .tenant = r->c->tenant, .ledger = f->ledger, .all = true, .limit = 1
    };
    void *scratch = arena_alloc(r->tx->arena, f->ledger->size), *recs;
    struct str rest = str_of(f->once), name;
    bool more;
    size_t n;

    *there = false;
    if (f->once == NULL)
        return true;
    if (scratch == NULL)
        return short_of_memory(e);
    while (str_split(&rest, ' ', &name))
        for (size_t i = 0; i < f->n; i++) {
            const struct field *x = ledger_field(f->ledger, name);

            if (!str_eq(f->name[i], name) || x == NULL)
                continue;
            if (!field_parse(x, f->value[i], scratch, e))
                return false;
            q.filter[q.n_filters++] =
                (struct list_filter){ x, { *field_i64(x, scratch) }, 1 };
        }
    if (!store_list(r->tx->st, &q, r->tx->arena, &recs, &n, &more, e))
        return false;
    *there = n > 0;
    return true;
}

/* Where the step is not possible now, an optional change is none. */
static bool
is_possible(struct running *r, const struct follow *f, bool *possible,
            struct err *e)
{
    void *rec = arena_alloc(r->tx->arena, f->ledger->size);
    struct err no = { 0 };

    *possible = true;
    if (!f->optional || f->id == 0)
        return true;
    if (rec == NULL)
        return short_of_memory(e);
    if (!store_rec_get(r->tx->st, r->c->tenant, f->ledger, f->id, r->tx->arena,
                       rec, e))
        return false;
    *possible = ledger_step(f->ledger, rec, str_of(f->verb), &no) != NULL &&
                (f->unset == NULL ||
                 field_empty(ledger_field(f->ledger, str_of(f->unset)), rec));
    return true;
}

/* The same bytes under new ids: "12,34". */
static bool
copy_files(struct running *r, const struct follow *f, struct str *ids,
           struct err *e)
{
    struct str rest = f->files, one;
    BUF(b, 4096);
    int64_t id;

    while (rest.n > 0 && str_split(&rest, ',', &one)) {
        struct file_row row;

        if (!str_i64(one, &id) ||
            !files_get(r->tx->st, r->c->tenant, id, r->tx->arena, &row, e))
            return false;
        row.id = tx_id(r->tx);
        row.record = 0;
        row.added_by = r->c->person;
        row.added_at = r->tx->now;
        if (!files_add(r->tx->st, r->c->tenant, &row, e))
            return false;
        buf_printf(&b, "%s%ld", b.n > 0 ? "," : "", (long)row.id);
    }
    *ids = arena_dup(r->tx->arena, buf_str(&b));
    return true;
}

enum { AT_ONCE = 300 };

/* The records that have an id in one of their fields; what to read of them
 * beside the header, NULL: what lists show. */
static bool
naming(struct running *r, const struct ledger *l, const char *field, int64_t id,
       const char *read, void **recs, size_t *n, struct err *e)
{
    struct list_query q = {
        .tenant = r->c->tenant,
        .ledger = l,
        .all = true,
        .filter = { { ledger_field(l, str_of(field)), { id }, 1 } },
        .n_filters = 1,
        .limit = AT_ONCE,
        .fields = read
    };
    bool more;

    return store_list(r->tx->st, &q, r->tx->arena, recs, n, &more, e);
}

/* None of follow.ledger names the id itself. */
static bool
is_unnamed(struct running *r, const struct follow *f, struct err *e)
{
    void *recs;
    size_t n;

    if (f->unless.own == NULL)
        return true;
    if (!naming(r, f->ledger, f->unless.own, f->unless.id, NULL, &recs, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct rec *there =
            (const void *)((const char *)recs + i * f->ledger->size);

        if (f->unless.states & IN(there->state))
            return err_set(e, ERR_CONFLICT, f->unless.field,
                           "There is one already: %.*s", STR_ARG(there->no));
    }
    return true;
}

static bool
is_free(struct running *r, const struct follow *f, struct err *e)
{
    const struct ledger *l = f->unless.ledger;
    const struct field *names;
    struct rec *there;
    void *recs;
    size_t n;

    if (l == NULL)
        return is_unnamed(r, f, e);
    names = ledger_field(l, str_of(f->unless.field));
    if ((there = arena_alloc(r->tx->arena, f->ledger->size)) == NULL)
        return short_of_memory(e);
    if (!naming(r, l, f->unless.by, f->unless.id, f->unless.field, &recs, &n,
                e))
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t id = *field_i64(names, (const char *)recs + i * l->size);

        if (id == 0)
            continue;
        if (!store_rec_get(r->tx->st, r->c->tenant, f->ledger, id, r->tx->arena,
                           there, e))
            return false;
        if (f->unless.states & IN(there->state))
            return err_set(e, ERR_CONFLICT, names->name,
                           "There is one already: %.*s", STR_ARG(there->no));
    }
    return is_unnamed(r, f, e);
}

static bool run_one(const struct follow *f, void *arg, struct err *e);

/* The same change for each record that refers to one. */
static bool
run_each(struct running *r, const struct follow *f, struct err *e)
{
    struct follow one = *f;
    void *recs;
    size_t n;

    if (!naming(r, f->ledger, f->each, f->each_id, NULL, &recs, &n, e))
        return false;
    one.each = NULL;
    for (size_t i = 0; i < n; i++) {
        one.id = ((const struct rec *)(const void *)((const char *)recs +
                                                     i * f->ledger->size))
                     ->id;
        if (!run_one(&one, r, e))
            return false;
    }
    return true;
}

/* The same change for each record of a list. */
static bool
run_ids(struct running *r, const struct follow *f, struct err *e)
{
    struct follow one = *f;
    struct str rest = f->ids, id;

    one.ids = STR("");
    while (rest.n > 0 && str_split(&rest, ',', &id))
        if (str_i64(id, &one.id) && !run_one(&one, r, e))
            return false;
    return true;
}

/* Refused by the record as it stands: of an optional change nothing is left. */
static bool
in_the_way(const struct follow *f, const struct change *c, struct err *e)
{
    if (!f->optional || e->code != ERR_CONFLICT || c->begun)
        return false;
    *e = (struct err){ 0 };
    return true;
}

static bool
run_one(const struct follow *f, void *arg, struct err *e)
{
    struct running *r = arg;
    struct input given[FOLLOW_VALUES + 1];
    struct change c = { .ledger = f->ledger,
                        .tenant = r->c->tenant,
                        .person = r->c->person,
                        .id = f->id,
                        .org = f->org,
                        .verb = str_of(f->verb),
                        .given = given,
                        .by_program = true };
    bool there, possible;
    struct str ids;

    if (f->each != NULL)
        return run_each(r, f, e);
    if (f->ids.n > 0)
        return run_ids(r, f, e);
    if (!is_free(r, f, e) || !is_there(r, f, &there, e) ||
        !is_possible(r, f, &possible, e))
        return false;
    if (there || !possible)
        return true;
    for (size_t i = 0; i < f->n; i++)
        given[c.n_given++] = (struct input){ f->name[i], f->value[i] };
    if (f->as != NULL && f->files.n > 0) {
        if (!copy_files(r, f, &ids, e))
            return false;
        given[c.n_given++] = (struct input){ str_of(f->as), ids };
    }
    if (!change_run(r->tx, &c, e))
        return in_the_way(f, &c, e);
    if (f->made != NULL)
        *f->made = c.out_id;
    return true;
}

/* The safety manager of a school; where there is none, its head. */
static int64_t
chief_of(const struct dir *d, int64_t school)
{
    int64_t chief = 0;

    for (size_t i = 0; i < d->n_post; i++)
        if (d->post[i].org == school && d->post[i].role == ROLE_SAFETY_MANAGER)
            return d->post[i].person;
        else if (d->post[i].org == school && d->post[i].role == ROLE_PRINCIPAL)
            chief = d->post[i].person;
    return chief;
}

bool
follow_run(struct tx *tx, const struct change *c, const struct step *s,
           const struct step_ctx *given, const void *after, struct err *e)
{
    struct running r = { .tx = tx, .c = c };
    struct step_ctx ctx = *given;
    const struct dir *d;
    int64_t *school, *chief;

    if (c->ledger->follow == NULL)
        return true;
    if ((d = tx_dir(tx, c->tenant, e)) == NULL)
        return false;
    school = arena_new_array(tx->arena, int64_t, d->n_org + 1);
    chief = arena_new_array(tx->arena, int64_t, d->n_org + 1);
    if (school == NULL || chief == NULL)
        return short_of_memory(e);
    for (size_t i = 0; i < d->n_org; i++)
        if (dir_is_school(d->tree[i]) &&
            dir_below(d, d->tree[i]->id, ((const struct rec *)after)->org)) {
            school[ctx.n_school] = d->tree[i]->id;
            chief[ctx.n_school++] = chief_of(d, d->tree[i]->id);
        }
    ctx.school = school;
    ctx.chief = chief;
    return c->ledger->follow(after, s, &ctx, run_one, &r, e);
}
