#include "store/search_again.h"

#include "store/engine.h"

#define AGAIN "search_again"

static const struct ledger *
ledger_behind(int64_t tag)
{
    const struct ledger *next = NULL;

    for (size_t i = 0; i < n_ledgers; i++)
        if (ledgers[i]->tag > tag &&
            (next == NULL || ledgers[i]->tag < next->tag))
            next = ledgers[i];
    return next;
}

/* To the first ledger of the next tenant; .pending false: there is none. */
static bool
next_tenant(struct store *st, struct search_again *s, struct err *e)
{
    int64_t id;

    if (!stmt_one(st,
                  stmt_composed(STR("SELECT id FROM tenant WHERE id > $1"
                                    " ORDER BY id LIMIT 1")),
                  ARGS(ARG(s->tenant)), NULL, COLS(COL(&id)), e)) {
        s->pending = false;
        return e->code == ERR_MISSING;
    }
    s->tenant = id;
    s->tag = ledger_behind(-1)->tag;
    s->below = INT64_MAX;
    return true;
}

static bool
next_ledger(struct store *st, struct search_again *s, struct err *e)
{
    const struct ledger *l = ledger_behind(s->tag);

    if (l == NULL)
        return next_tenant(st, s, e);
    s->tag = l->tag;
    s->below = INT64_MAX;
    return true;
}

static bool
read_state(struct store *st, struct search_again *s, struct err *e)
{
    struct str v, one;
    ARENA(a, 4096);

    *s = (struct search_again){ .pending = true };
    if (!stmt_one(st, &stmts[Q_SETTING_GET], ARGS(ARG(STR(AGAIN))), a,
                  COLS(COL(&v)), e)) {
        s->pending = false;
        return e->code == ERR_MISSING;
    }
    if (str_split(&v, ' ', &one) && str_i64(one, &s->tenant) &&
        str_split(&v, ' ', &one) && str_i64(one, &s->tag) &&
        str_split(&v, ' ', &one) && str_i64(one, &s->below))
        return true;
    s->tenant = INT64_MIN;
    return next_tenant(st, s, e);
}

static bool
write_state(struct store *st, const struct search_again *s, struct err *e)
{
    BUF(b, 256);

    st->again = *s;
    st->again.known = true;
    if (!s->pending)
        return QRUN(st, SETTING_DEL, e, ARG(STR(AGAIN)));
    buf_printf(&b, "%ld %ld %ld", (long)s->tenant, (long)s->tag,
               (long)s->below);
    return QRUN(st, SETTING_PUT, e, ARG(STR(AGAIN)), ARG(buf_str(&b)));
}

static bool
has_passed(const struct search_again *s, int64_t tenant, int64_t tag,
           int64_t id)
{
    if (!s->pending || tenant != s->tenant)
        return !s->pending || tenant < s->tenant;
    return tag != s->tag ? tag < s->tag : id >= s->below;
}

bool
search_has(struct store *st, int64_t tenant, const struct ledger *l, int64_t id,
           bool *yes, struct err *e)
{
    *yes = true;
    if (!st->engine->search.exact)
        return true;
    if (!st->again.known) {
        if (!read_state(st, &st->again, e))
            return false;
        st->again.known = true;
    }
    *yes = has_passed(&st->again, tenant, l->tag, id);
    return true;
}

bool
search_is_whole(struct store *st, struct err *e)
{
    return write_state(st, &(struct search_again){ .pending = false }, e);
}

bool
store_search_lacks(struct store *st, int64_t tenant, const struct ledger *l,
                   bool *yes, struct err *e)
{
    struct search_again s;

    if (!read_state(st, &s, e))
        return false;
    *yes = !has_passed(&s, tenant, l->tag, INT64_MIN);
    return true;
}

bool
store_search_next(struct store *st, int64_t *tenant, struct err *e)
{
    struct search_again s;

    if (!read_state(st, &s, e))
        return false;
    *tenant = s.pending ? s.tenant : 0;
    return true;
}

/* The ids of the next at most n, the highest first. */
static bool
next_ids(struct store *st, const struct search_again *s, int64_t *ids, int *n,
         struct err *e)
{
    const int most = *n;
    struct rows r;
    bool ok, more = false;
    BUF(b, 256);

    buf_printf(&b,
               "SELECT id FROM %s WHERE tenant_id = $1 AND id < $2"
               " ORDER BY id DESC LIMIT $3",
               ledger_by_tag((uint16_t)s->tag)->name);
    *n = 0;
    if (!rows_open(&r, st, stmt_composed(buf_str(&b)),
                   ARGS(ARG(s->tenant), ARG(s->below), ARG((int64_t)most)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && *n < most)
        ids[(*n)++] = rows_i64(&r, 0);
    rows_close(&r);
    return ok;
}

/* .below is the id already, so the record counts as one that is in the index. */
static bool
put_one(struct store *st, const struct search_again *s, struct err *e)
{
    const struct ledger *l = ledger_by_tag((uint16_t)s->tag);
    ARENA(a, 16 << 20);
    void *rec = arena_alloc(a, l->size);

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    st->again = *s;
    return store_rec_get(st, s->tenant, l, s->below, a, rec, e) &&
           store_search_put(st, s->tenant, l, NULL, rec, e);
}

static bool
fill_ledger(struct store *st, struct search_again *s, int *left, struct err *e)
{
    int64_t ids[SEARCH_SLICE];
    int most = *left < SEARCH_SLICE ? *left : SEARCH_SLICE, n = most;

    if (ledger_by_tag((uint16_t)s->tag) == NULL) /* of a program before */
        return next_ledger(st, s, e);
    if (!next_ids(st, s, ids, &n, e))
        return false;
    for (int i = 0; i < n; i++) {
        s->below = ids[i];
        if (!put_one(st, s, e))
            return false;
    }
    *left -= n;
    return n == most || next_ledger(st, s, e);
}

bool
store_search_again(struct store *st, int n, bool *more, struct err *e)
{
    struct search_again s;
    int64_t tenant;

    if (!read_state(st, &s, e))
        return false;
    s.known = true;
    tenant = s.tenant;
    while (s.pending && s.tenant == tenant && n > 0)
        if (!fill_ledger(st, &s, &n, e))
            return false;
    *more = s.pending;
    return write_state(st, &s, e);
}
