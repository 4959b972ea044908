#include "service/notice_hazards.h"
#include "domain/hazard.h"

/* Of a list that is kept, those that the reader may see. */
static bool
kept(struct store *st, struct str ids, const struct list_query *q,
     struct arena *a, void **recs, size_t *n, struct err *e)
{
    struct hazard *h = arena_new_array(a, struct hazard, NOTICE_HAZARDS);
    struct str one;
    int64_t id;

    *recs = h;
    *n = 0;
    if (h == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    while (*n < NOTICE_HAZARDS && ids.n > 0 && str_split(&ids, ',', &one)) {
        bool seen = q->all;

        if (!str_i64(one, &id))
            continue;
        if (!store_rec_get(st, q->tenant, &hazard_ledger, id, a, &h[*n], e)) {
            if (e->code != ERR_MISSING)
                return false;
            continue;
        }
        for (size_t i = 0; i < q->n_org && !seen; i++)
            seen = q->org[i] == h[*n].r.org;
        *n += seen;
    }
    return true;
}

static bool
named(struct store *st, const struct notice *n, struct list_query *q,
      struct arena *a, void **recs, size_t *count, bool *more, struct err *e)
{
    q->ledger = &hazard_ledger;
    q->filter[0] = (struct list_filter){
        ledger_field(&hazard_ledger, STR("notice")), { n->r.id }, 1
    };
    q->n_filters = 1;
    q->limit = NOTICE_HAZARDS;
    q->sort = SORT_OLD;
    return store_list(st, q, a, recs, count, more, e);
}

bool
notice_hazards(struct store *st, const struct notice *n, struct list_query *q,
               struct arena *a, void **recs, size_t *count, struct err *e)
{
    bool more;

    q->ledger = &hazard_ledger;
    return n->hazards.n > 0 ? kept(st, n->hazards, q, a, recs, count, e)
                            : named(st, n, q, a, recs, count, &more, e);
}

bool
notice_keep(struct store *st, int64_t tenant, struct arena *a, struct notice *n,
            struct err *e)
{
    struct list_query q = { .tenant = tenant, .all = true };
    BUF(ids, NOTICE_HAZARDS_MAX + 1);
    void *recs;
    size_t count;
    bool more;

    if (!named(st, n, &q, a, &recs, &count, &more, e))
        return false;
    if (more)
        return err_set(e, ERR_INVALID, NULL,
                       "More than %d hazards stand on this notice: put the "
                       "others on another one",
                       NOTICE_HAZARDS);
    if (count == 0 && n->problems.n == 0)
        return err_set(e, ERR_INVALID, "problems",
                       "This notice names no problem: write what was found, "
                       "or put hazards of the ledger on it");
    for (size_t i = 0; i < count; i++)
        buf_printf(&ids, "%s%ld", i > 0 ? "," : "",
                   (long)((const struct hazard *)recs)[i].r.id);
    n->hazards = arena_dup(a, buf_str(&ids));
    return (!ids.over && !arena_failed(a)) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

/* What is referred goes on at another office, what stands is looked at again
 * and again: neither waits for the school. */
bool
notice_is_done(struct store *st, int64_t tenant, struct arena *a,
               const struct notice *n, struct err *e)
{
    const uint64_t done = ledger_states(&hazard_ledger, ST_END) |
                          IN(HZ_ACCEPTED) | IN(HZ_REFERRED) | IN(HZ_STANDING);
    struct list_query q = { .tenant = tenant, .all = true };
    const struct hazard *h;
    void *recs;
    size_t count;
    long open = 0;

    if (!notice_hazards(st, n, &q, a, &recs, &count, e))
        return false;
    h = recs;
    for (size_t i = 0; i < count; i++)
        open += !(done & IN(h[i].r.state));
    return open == 0 ||
           err_set(e, ERR_CONFLICT, NULL,
                   "%ld of %zu hazards on this notice are not accepted yet: "
                   "accept them first, or replace it by a second notice",
                   open, count);
}
