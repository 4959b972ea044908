/* Hazards that are open already where an inspection looks. */
#include "domain/hazard.h"
#include "store/stmt.h"
#include "web/inspect.h"

enum { KNOWN_MAX = 60, OTHERS = 8, WORDS = 90 };

struct known {
    struct rq *rq;
    const struct inspection *i;
    struct known_hazard *at;
    size_t n;
};

static void
add(struct known *k, int64_t id, int64_t item, struct str no, struct str words)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->at[i].id == id)
            return;
    if (k->n < KNOWN_MAX)
        k->at[k->n++] =
            (struct known_hazard){ id, item, no, utf8_head(words, WORDS) };
}

/* Where the hazard is now, or where the inspection that found it looked: one of
 * the whole school may have been entered at its exact place since. */
static bool
same_place(const struct known *k, int64_t hazard, int64_t looked,
           struct str looked_text)
{
    return (hazard != 0 && hazard == k->i->place) ||
           (looked == k->i->place &&
            (looked != 0 || str_eq(looked_text, k->i->place_text)));
}

static bool
of_items(struct known *k, int64_t family, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(
            &r, k->rq->st, &stmts[Q_HAZARD_OF_CHECKLIST],
            ARGS(ARG(k->rq->who.dir->tenant.id), ARG(k->i->r.org), ARG(family)),
            e))
        return false;
    r.arena = k->rq->arena;
    while ((ok = rows_next(&r, &more, e)) && more)
        if (same_place(k, rows_i64(&r, 4), rows_i64(&r, 5), rows_str(&r, 6)))
            add(k, rows_i64(&r, 0), rows_i64(&r, 1), rows_str(&r, 2),
                rows_str(&r, 3));
    rows_close(&r);
    return ok;
}

static bool
of_place(struct known *k, struct err *e)
{
    struct list_query q = {
        .tenant = k->rq->who.dir->tenant.id,
        .ledger = &hazard_ledger,
        .org = &k->i->r.org,
        .n_org = 1,
        .filter = { { ledger_field(&hazard_ledger, STR("place")),
                      { k->i->place },
                      1 } },
        .n_filters = 1,
        .states = ledger_states(&hazard_ledger, ST_OPEN),
        .limit = OTHERS
    };
    const struct hazard *h;
    void *recs;
    size_t n;
    bool more;

    if (!store_list(k->rq->st, &q, k->rq->arena, &recs, &n, &more, e))
        return false;
    h = recs;
    for (size_t i = 0; i < n; i++)
        add(k, h[i].r.id, 0, h[i].r.no,
            view_name(k->rq, &hazard_ledger, &h[i]));
    return true;
}

bool
inspect_known(struct rq *rq, const struct inspection *i,
              const struct checklist *l, struct known_hazard **out, size_t *n,
              struct err *e)
{
    struct known k = { .rq = rq, .i = i };

    *n = 0;
    *out = k.at = arena_new_array(rq->arena, struct known_hazard, KNOWN_MAX);
    if (k.at == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!actor_reads_at(&rq->who, &hazard_ledger, i->r.org))
        return true;
    if (!of_items(&k, l->family != 0 ? l->family : l->r.id, e) ||
        !of_place(&k, e))
        return false;
    *n = k.n;
    return true;
}
