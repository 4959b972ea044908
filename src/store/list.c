/* Lists: a query is composed from the ledger's declaration and the shape of
 * what is asked; only values are bound. Paging is by key, never by offset. */
#include <stdio.h>

#include "store/list_sql.h"

const struct arg *
composer_bound(const struct composer *c)
{
    return (const void *)c->bound->p;
}

void
composer_put_arg(struct composer *c, struct arg a)
{
    buf_put(c->bound, (const char *)&a, sizeof(a));
    c->b->over |= c->bound->over;
    c->n++;
    buf_putc(c->b, '$');
    buf_i64(c->b, (int64_t)c->n);
}

void
composer_put_i64(struct composer *c, const char *before, int64_t v)
{
    buf_puts(c->b, before);
    composer_put_arg(c, ARG(v));
}

/* " AND name IN ($5, $6)"; the count is rounded up so that few shapes arise.
 * name may begin with '+': this condition is not to choose the index. */
static void
put_in(struct composer *c, const char *name, const int64_t *v, size_t n)
{
    const char *plus = name[0] == '+' ? "+" : "";
    size_t room = 1;

    name += plus[0] != '\0';
    if (n == 1) {
        buf_printf(c->b, " AND %st.%s = ", plus, name);
        composer_put_arg(c, ARG(v[0]));
        return;
    }
    while (room < n)
        room *= 2;
    buf_printf(c->b, " AND %st.%s IN (", plus, name);
    for (size_t i = 0; i < room; i++) {
        buf_puts(c->b, i > 0 ? ", " : "");
        composer_put_arg(c, ARG(v[i < n ? i : 0]));
    }
    buf_puts(c->b, ")");
}

static void
put_states(struct composer *c, const char *name, uint64_t states)
{
    int64_t v[64];
    size_t n = 0;

    for (int i = 0; i < 63; i++)
        if (states >> i & 1)
            v[n++] = i;
    if (n > 0)
        put_in(c, name, v, n);
}

/* Narrowed to one person's or one place's records: few rows, by an index on
 * that reference. Those without one are many. */
static bool
by_reference(const struct list_query *q)
{
    for (unsigned i = 0; i < q->n_filters; i++)
        if (q->filter[i].field->kind == FK_REF && q->filter[i].v[0] != 0)
            return true;
    return false;
}

/* What is due is found in the order of due times: few rows are. */
static bool
by_due(const struct list_query *q)
{
    return !by_reference(q) && q->match.n == 0 &&
           (q->sort == SORT_DUE || q->due_before != 0);
}

/* One school's rows are fewer than a district's of one kind: these are found
 * by the school. */
static bool
by_school(const struct list_query *q)
{
    return !q->all && q->n_org == 1 && q->match.n == 0 && !by_due(q) &&
           !by_reference(q);
}

/* The literal "<> 0" is what partial indexes are looked up by. */
static void
put_filter(struct composer *c, const struct list_query *q,
           const struct list_filter *f)
{
    bool stated = field_ctype(f->field) == CT_I64 && !by_school(q);
    char name[64];

    snprintf(name, sizeof(name), "%s%s", by_school(q) ? "+" : "",
             f->field->name);
    put_in(c, name, f->v, f->n);
    for (size_t i = 0; i < f->n; i++)
        stated &= f->v[i] > 0;
    if (stated)
        buf_printf(c->b, " AND t.%s <> 0", f->field->name);
}

/* When it was found, or happened, as far as anybody said; else when it was
 * entered. To the letter what the index hazard_by_since is made of: nothing
 * bound, no zone; a day counts from its morning. */
static void
put_since(struct composer *c, const struct list_query *q, const char *is,
          int64_t ms)
{
    buf_puts(c->b, " AND CASE");
    if (q->since_day != NULL)
        buf_printf(c->b, " WHEN t.%s > 0 THEN t.%s * 86400000",
                   q->since_day->name, q->since_day->name);
    buf_puts(c->b, " WHEN t.occurred_at > 0 THEN t.occurred_at"
                   " ELSE t.created_at END");
    composer_put_i64(c, is, ms);
}

/* By no index: rows come in the list's order, and few shapes arise. */
static void
put_span(struct composer *c, const struct list_span *s)
{
    const char *name = s->field->name;

    buf_printf(c->b, " AND +t.%s <> 0 AND +t.%s >= ", name, name);
    composer_put_arg(c, ARG(s->from));
    buf_printf(c->b, " AND +t.%s < ", name);
    composer_put_arg(c, ARG(s->until));
}

/* plus: "+" where due times are not to choose the index. */
static void
put_times(struct composer *c, const struct list_query *q, const char *plus)
{
    bool since = q->since_from != 0 || q->since_until != 0;

    if (q->match.n == 0 && (q->sort == SORT_DUE || q->due_before != 0))
        buf_printf(c->b, " AND %st.due_at %s 0", plus, since ? "<>" : ">");
    if (q->undue)
        buf_puts(c->b, " AND +t.due_at = 0");
    if (q->due_before != 0) {
        buf_printf(c->b, " AND %st.due_at < ", plus);
        composer_put_arg(c, ARG(q->due_before));
    }
    if (q->due_from != 0) {
        buf_printf(c->b, " AND %st.due_at >= ", plus);
        composer_put_arg(c, ARG(q->due_from));
    }
    if (q->since_from != 0)
        put_since(c, q, " >= ", q->since_from);
    if (q->since_until != 0)
        put_since(c, q, " < ", q->since_until);
    for (unsigned i = 0; i < q->n_spans; i++)
        put_span(c, &q->span[i]);
}

void
composer_put_where(struct composer *c, const struct list_query *q)
{
    bool mine = by_reference(q);

    if (q->match.n > 0)
        buf_printf(c->b, " FROM search s JOIN %s t ON %s", q->ledger->name,
                   c->engine->search.join);
    else
        buf_printf(c->b, " FROM %s t", q->ledger->name);
    composer_put_i64(c, " WHERE t.tenant_id = ", q->tenant);
    if (q->match.n > 0) {
        buf_puts(c->b, c->engine->search.match);
        composer_put_arg(c, ARG(q->match));
        buf_puts(c->b, c->engine->search.end);
    }
    if (!q->all)
        put_in(c, by_due(q) || mine ? "+org" : "org", q->org, q->n_org);
    for (unsigned i = 0; i < q->n_filters; i++)
        put_filter(c, q, &q->filter[i]);
    put_states(c, mine ? "+state" : "state", q->states);
    put_times(c, q, mine ? "+" : "");
    if (q->not_id != 0)
        composer_put_i64(c, " AND t.id <> ", q->not_id);
}

/* A search walks the index in the order of ids, whatever the sort; what is due
 * is found by due time first, and then put in order. */
static void
put_order(struct composer *c, const struct list_query *q)
{
    const char *id = q->match.n > 0 ? c->engine->search.id
                     : by_due(q)    ? "+t.id"
                                    : "t.id";

    if (q->sort == SORT_DUE && q->match.n == 0) {
        if (q->after_id != 0) {
            composer_put_i64(c, " AND (t.due_at, t.id) > (", q->after_key);
            composer_put_i64(c, ", ", q->after_id);
            buf_puts(c->b, ")");
        }
        buf_puts(c->b, " ORDER BY t.due_at, t.id");
    } else {
        bool old = q->sort == SORT_OLD;

        if (q->after_id != 0) {
            buf_printf(c->b, " AND %s %s ", id, old ? ">" : "<");
            composer_put_arg(c, ARG(q->after_id));
        }
        buf_printf(c->b, " ORDER BY %s%s", id, old ? "" : " DESC");
    }
    composer_put_i64(c, " LIMIT ", (int64_t)q->limit + 1);
}

static size_t
add_fields(const struct ledger *l, struct str names, const struct field **out,
           size_t n, size_t cap)
{
    struct str name;

    while (n < cap && str_split(&names, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (f != NULL && f->tag >= 32)
            out[n++] = f;
        if (f != NULL && f->instead != NULL && n < cap)
            out[n++] = ledger_field(l, str_of(f->instead));
    }
    return n;
}

/* The fields a list reads, in order: header ones are read anyway, and what
 * says whether the name may be told wherever the name is. */
static size_t
list_fields(const struct list_query *q, const struct field **out, size_t cap)
{
    const struct ledger *l = q->ledger;
    const struct field *name = ledger_name_field(l);
    size_t n = add_fields(l, str_of(q->fields != NULL ? q->fields : l->list),
                          out, 0, cap);

    for (size_t i = 0; l->discreet_by != NULL && i < n; i++)
        if (out[i] == name)
            return add_fields(l, str_of(l->discreet_by), out, n, cap);
    return n;
}

static void
put_select(struct composer *c, const struct field *const *f, size_t n)
{
    buf_puts(c->b, "SELECT t.id, t.rev, t.org, t.state, t.no, t.due_at,"
                   " t.created_at");
    for (size_t i = 0; i < n; i++) {
        buf_printf(c->b, ", t.%s", f[i]->name);
        if (field_ctype(f[i]) == CT_TEXT2)
            buf_printf(c->b, "_en, t.%s_zh", f[i]->name);
    }
}

static void
read_row(struct rows *r, const struct field *const *f, size_t n, void *rec)
{
    struct rec *h = rec;
    int col = 7;

    h->id = rows_i64(r, 0);
    h->rev = rows_i64(r, 1);
    h->org = rows_i64(r, 2);
    h->state = rows_i64(r, 3);
    h->no = rows_str(r, 4);
    h->due_at = rows_i64(r, 5);
    h->created_at = rows_i64(r, 6);
    for (size_t i = 0; i < n; i++)
        switch (field_ctype(f[i])) {
        case CT_I64:
            *field_i64(f[i], rec) = rows_i64(r, col++);
            break;
        case CT_STR:
            *field_str(f[i], rec) = rows_str(r, col++);
            break;
        case CT_TEXT2:
            field_text2(f[i], rec)->en = rows_str(r, col++);
            field_text2(f[i], rec)->zh = rows_str(r, col++);
            break;
        }
}

static bool
read_rows(struct rows *r, const struct list_query *q,
          const struct field *const *f, size_t n_f, void *recs, size_t *n,
          bool *more, struct err *e)
{
    bool ok, row = false;

    *n = 0;
    *more = false;
    while ((ok = rows_next(r, &row, e)) && row) {
        if (*n == q->limit) {
            *more = true;
            break;
        }
        read_row(r, f, n_f, (char *)recs + *n * q->ledger->size);
        ++*n;
    }
    return ok;
}

/* ---- merged walks -------------------------------------------------------------
 * A set of states, or of a few schools: each is walked by its own index in the
 * list's order, and the walks are merged. One walk over everything would pass
 * a million rows to find the fifty wanted. */

enum { WALKS_MAX = 16 };

static unsigned
count_states(uint64_t states)
{
    return (unsigned)__builtin_popcountll(states);
}

static bool
by_states(const struct list_query *q)
{
    return q->all && count_states(q->states) > 1 &&
           count_states(q->states) <= WALKS_MAX;
}

static bool
is_merged(const struct list_query *q)
{
    if (q->match.n > 0 || by_reference(q))
        return false;
    return by_states(q) ||
           (!by_due(q) && !q->all && q->n_org > 1 && q->n_org <= WALKS_MAX);
}

static void
put_walk(struct composer *c, const struct list_query *q, bool first)
{
    buf_puts(c->b, first ? "" : " UNION ALL ");
    buf_puts(c->b, "SELECT id, due_at FROM (SELECT t.id AS id,"
                   " t.due_at AS due_at");
    composer_put_where(c, q);
    put_order(c, q);
    buf_puts(c->b, ") walk");
}

static void
put_merged(struct composer *c, const struct list_query *q)
{
    const char *order = q->sort == SORT_DUE   ? "due_at, id"
                        : q->sort == SORT_OLD ? "id"
                                              : "id DESC";
    struct list_query one = *q;
    unsigned n = 0;

    buf_printf(c->b, " FROM %s t", q->ledger->name);
    composer_put_i64(c, " WHERE t.tenant_id = ", q->tenant);
    buf_puts(c->b, " AND t.id IN (SELECT id FROM (");
    for (unsigned i = 0; i < 63 && by_states(q); i++) {
        if (!(q->states >> i & 1))
            continue;
        one.states = UINT64_C(1) << i;
        put_walk(c, &one, n++ == 0);
    }
    for (size_t i = 0; i < q->n_org && !by_states(q); i++) {
        one.org = &q->org[i];
        one.n_org = 1;
        put_walk(c, &one, n++ == 0);
    }
    buf_printf(c->b, ") walks ORDER BY %s", order);
    composer_put_i64(c, " LIMIT ", (int64_t)q->limit + 1);
    buf_printf(c->b, ") ORDER BY %s", order);
}

/* Rows of one walk into recs, which has room for q->limit. */
static bool
walk(struct store *st, const struct list_query *q, struct arena *a, void *recs,
     size_t *n, bool *more, struct err *e)
{
    COMPOSER(c, st);
    const struct field *f[32];
    size_t n_f = list_fields(q, f, N_OF(f));
    struct rows r;
    bool ok;

    put_select(&c, f, n_f);
    if (is_merged(q)) {
        put_merged(&c, q);
    } else {
        composer_put_where(&c, q);
        put_order(&c, q);
    }
    if (!rows_open_text(&r, st, c.b, composer_bound(&c), c.n, e))
        return false;
    r.arena = a;
    ok = read_rows(&r, q, f, n_f, recs, n, more, e);
    rows_close(&r);
    return ok;
}

/* No index holds both: what falls due by the index of due times, the rest by
 * that of ids. A page that begins behind a row without a due time is past the
 * first. */
static bool
walk_due_first(struct store *st, const struct list_query *q, struct arena *a,
               void *recs, size_t *n, bool *more, struct err *e)
{
    struct list_query one = *q;
    size_t rest;

    one.sort = SORT_DUE;
    if ((q->after_id == 0 || q->after_key != 0) &&
        !walk(st, &one, a, recs, n, more, e))
        return false;
    if (*more)
        return true;
    one.sort = SORT_NEW;
    one.undue = true;
    one.limit = q->limit - (unsigned)*n;
    if (q->after_key != 0)
        one.after_id = 0;
    if (!walk(st, &one, a, (char *)recs + *n * q->ledger->size, &rest, more, e))
        return false;
    *n += rest;
    return true;
}

bool
store_list(struct store *st, const struct list_query *q, struct arena *a,
           void **recs, size_t *n, bool *more, struct err *e)
{
    bool due_first =
        q->sort == SORT_DUE_FIRST && q->match.n == 0 && q->due_before == 0;
    struct list_query one = *q;

    *n = 0;
    *more = false;
    *recs = NULL;
    if (!q->all && q->n_org == 0)
        return true;
    if ((*recs = arena_array(a, q->limit + 1, q->ledger->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (due_first)
        return walk_due_first(st, q, a, *recs, n, more, e);
    if (q->sort == SORT_DUE_FIRST)
        one.sort = SORT_DUE;
    return walk(st, &one, a, *recs, n, more, e);
}

/* " AND (t.who <> '' OR t.raw <> '')" */
static void
put_personal(struct composer *c, const struct field *f, size_t n, bool *any)
{
    for (size_t i = 0; i < n; i++) {
        bool number = field_ctype(&f[i]) == CT_I64;

        if (!(f[i].flags & F_PERSONAL) || field_ctype(&f[i]) == CT_TEXT2)
            continue;
        buf_printf(c->b, "%s t.%s <> %s", *any ? " OR" : " AND (", f[i].name,
                   number ? "0" : "''");
        *any = true;
    }
}

bool
store_list_expired(struct store *st, const struct expired_query *q,
                   int64_t *after, int64_t *ids, size_t *n, struct err *e)
{
    COMPOSER(c, st);
    struct rows r;
    int64_t seen = 0, last = 0;
    bool ok, any = false, more = false;

    *n = 0;
    composer_put_i64(&c, "SELECT t.id, CASE WHEN t.changed_at < ",
                     q->changed_before);
    put_states(&c, "state", q->states);
    put_personal(&c, rec_fields, n_rec_fields, &any);
    put_personal(&c, q->ledger->fields, q->ledger->n_fields, &any);
    if (!any || q->states == 0) {
        *after = 0;
        return true;
    }
    buf_printf(c.b, ") THEN 1 ELSE 0 END FROM %s t", q->ledger->name);
    composer_put_i64(&c, " WHERE t.tenant_id = ", q->tenant);
    composer_put_i64(&c, " AND t.id > ", *after);
    composer_put_i64(&c, " ORDER BY t.id LIMIT ", EXPIRED_SLICE);
    if (!rows_open_text(&r, st, c.b, composer_bound(&c), c.n, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        last = rows_i64(&r, 0);
        seen++;
        if (rows_i64(&r, 1) != 0)
            ids[(*n)++] = last;
    }
    rows_close(&r);
    if (ok)
        *after = seen < EXPIRED_SLICE ? 0 : last;
    return ok;
}
