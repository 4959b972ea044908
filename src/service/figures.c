#include "service/figures.h"
#include "store/stmt.h"

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

bool
figures_scope(const struct dir *d, int64_t org, struct arena *a,
              struct scope *out, struct err *e)
{
    *out = (struct scope){ .all = org == d->root };
    if ((out->org = arena_new_array(a, int64_t, d->n_org + 1)) == NULL)
        return short_of_memory(e);
    for (size_t i = 0; i < d->n_org; i++)
        if (out->all || dir_school(d, d->tree[i]->id) == org)
            out->org[out->n++] = d->tree[i]->id;
    return true;
}

/* ---- the walk ------------------------------------------------------------ */

struct pass {
    figures_fn *fn;
    void *arg;
};

static bool
pass_on(void *rec, void *arg, struct err *e)
{
    const struct pass *p = arg;

    return !hazard_counts(rec) || p->fn(rec, p->arg, e);
}

bool
figures_each(struct store *st, const struct figures_query *q, figures_fn *fn,
             void *arg, struct err *e)
{
    struct pass pass = { fn, arg };
    struct alive_query alive = {
        .tenant = q->dir->tenant.id,
        .ledger = &hazard_ledger,
        .from_ms = zone_time(q->period.zone, q->period.from, 0),
    };
    BUF(names, 1024);

    buf_printf(&names, "%s %s", FIGURE_FIELDS,
               q->fields != NULL ? q->fields : "");
    if (names.over)
        return short_of_memory(e);
    alive.fields = names.p;
    if (q->scope.all)
        return store_alive(st, &alive, pass_on, &pass, e);
    for (size_t i = 0; i < q->scope.n; i++) {
        alive.org = q->scope.org[i];
        if (!store_alive(st, &alive, pass_on, &pass, e))
            return false;
    }
    return true;
}

/* ---- the sums ------------------------------------------------------------ */

struct summing {
    const struct figures_query *q;
    struct school_sums *s;
    size_t n;
    size_t *school_of; /* by a node's place in the tree's walk */
};

static struct school_sums *
sums_of(struct summing *m, int64_t org)
{
    const struct dir_org *o = dir_org(m->q->dir, org);
    size_t i = o != NULL ? m->school_of[o - m->q->dir->org] : 0;

    return i > 0 ? &m->s[i - 1] : NULL;
}

static bool
sum_one(const struct hazard *h, void *arg, struct err *e)
{
    struct summing *m = arg;
    struct school_sums *s = sums_of(m, h->r.org);

    (void)e;
    if (s != NULL)
        sums_add(&s->sums, h, &m->q->period);
    return true;
}

/* A line for each school of the scope, and for each node the line it counts
 * to. */
static void
lay_out(struct summing *m)
{
    const struct dir *d = m->q->dir;

    for (size_t i = 0; i < m->q->scope.n; i++) {
        const struct dir_org *o = dir_org(d, m->q->scope.org[i]);
        int64_t school = o != NULL ? dir_school(d, o->id) : 0;
        size_t k = 0;

        if (o == NULL)
            continue;
        while (k < m->n && m->s[k].org != school)
            k++;
        if (k == m->n)
            m->s[m->n++] = (struct school_sums){ .org = school };
        m->school_of[o - d->org] = k + 1;
    }
}

bool
figures_sum(struct store *st, const struct figures_query *q, struct arena *a,
            struct school_sums **out, size_t *n, struct sums *all,
            struct err *e)
{
    size_t room = q->dir->n_org + 1;
    struct summing m = { .q = q };

    m.s = arena_new_array(a, struct school_sums, room);
    m.school_of = arena_new_array(a, size_t, room);
    if (m.s == NULL || m.school_of == NULL)
        return short_of_memory(e);
    lay_out(&m);
    if (!figures_each(st, q, sum_one, &m, e))
        return false;
    *all = (struct sums){ 0 };
    for (size_t i = 0; i < m.n; i++)
        sums_plus(all, &m.s[i].sums);
    *out = m.s;
    *n = m.n;
    return true;
}

/* ---- statements ---------------------------------------------------------- */

bool
figures_of_statement(const struct dir *d, const struct statistic *s,
                     int64_t now, struct arena *a, struct figures_query *q,
                     struct err *e)
{
    const struct zone *z = d->rules.zone;

    *q = (struct figures_query){
        .dir = d,
        .period = period_of(s->year, s->quarter, zone_day(z, now), z),
    };
    return figures_scope(d, s->r.org, a, &q->scope, e);
}

/* The one in force for that school and period; 0 = none. */
static bool
signed_one(struct store *st, int64_t tenant, const struct statistic *s,
           int64_t *id, struct err *e)
{
    *id = 0;
    return stmt_one(st, &stmts[Q_STATISTIC_SIGNED],
                    ARGS(ARG(tenant), ARG(s->year), ARG(s->quarter),
                         ARG(s->r.org), ARG((int64_t)STAT_SIGNED)),
                    NULL, COLS(COL(id)), e) ||
           e->code == ERR_MISSING;
}

/* The statement that the change is about: stored, or to be made. */
static bool
statement_of(struct store *st, const struct change *c, struct arena *a,
             struct statistic *s, struct err *e)
{
    if (c->id != 0)
        return store_rec_get(st, c->tenant, c->ledger, c->id, a, s, e);
    s->r.org = c->org;
    for (size_t i = 0; i < c->n_inputs; i++) {
        const struct field *f = ledger_field(c->ledger, c->input[i].name);

        if (f != NULL && step_writes(ledger_create(c->ledger), f) &&
            !field_parse(f, c->input[i].value, s, e))
            return false;
    }
    if (s->year < 2000 || s->year > 2100)
        return err_set(e, ERR_INVALID, "year", "is needed");
    return s->quarter != 0 || err_set(e, ERR_INVALID, "quarter", "is needed");
}

/* Fields that were found out, as a change takes them. */
static bool
hang_on(const struct statistic *s, struct arena *a, struct change *c,
        struct err *e)
{
    const struct ledger *l = &statistic_ledger;
    struct input *in = arena_new_array(a, struct input, l->n_fields);

    if (in == NULL)
        return short_of_memory(e);
    c->given = in;
    c->n_given = 0;
    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];
        BUF(text, 1 << 20);

        if (!(f->flags & F_APART) &&
            !str_in_words(str_of(f->name), "as_of previous"))
            continue;
        field_format(f, s, false, &text);
        in[c->n_given++] =
            (struct input){ str_of(f->name), arena_dup(a, buf_str(&text)) };
    }
    return !arena_failed(a) || short_of_memory(e);
}

static bool
put_sums(struct statistic *s, const struct sums *all,
         const struct school_sums *of, size_t n, struct arena *a, struct err *e)
{
    BUF(schools, 1 << 20);

    for (int i = 0; i < N_FIGURES; i++)
        for (int g = 0; g < 2; g++)
            *field_i64(statistic_field((enum figure_no)i, g), s) = all->v[i][g];
    for (size_t i = 0; n > 1 && i < n; i++)
        school_sums_put(&schools, of[i].org, &of[i].sums);
    s->by_school = arena_dup(a, buf_str(&schools));
    return !schools.over || short_of_memory(e);
}

bool
figures_give(struct store *st, const struct dir *d, int64_t now,
             struct arena *a, struct change *c, struct err *e)
{
    struct statistic *s = arena_new_obj(a, struct statistic);
    struct figures_query q;
    struct school_sums *of;
    struct sums all;
    size_t n;

    if (s == NULL)
        return short_of_memory(e);
    if (!statement_of(st, c, a, s, e) ||
        !figures_of_statement(d, s, now, a, &q, e) ||
        !figures_sum(st, &q, a, &of, &n, &all, e) ||
        !put_sums(s, &all, of, n, a, e) ||
        !signed_one(st, c->tenant, s, &s->previous, e))
        return false;
    s->as_of = now;
    return hang_on(s, a, c, e);
}

bool
figures_check(struct tx *tx, const struct change *c,
              const struct statistic *after, struct err *e)
{
    int64_t in_force;

    if (!str_is(c->verb, "sign"))
        return true;
    return signed_one(tx->st, c->tenant, after, &in_force, e) &&
           (in_force == after->previous ||
            err_set(e, ERR_CONFLICT, "previous",
                    "Another statement for this period was signed in the "
                    "meantime: take the figures anew"));
}

bool
figures_after(struct tx *tx, const struct change *c, const struct step *s,
              const struct statistic *after, struct err *e)
{
    struct change old = { .ledger = &statistic_ledger,
                          .tenant = c->tenant,
                          .id = after->previous,
                          .verb = STR("replace") };

    if (after->previous == 0 || strcmp(s->verb, "sign") != 0)
        return true;
    return change_run(tx, &old, e);
}
