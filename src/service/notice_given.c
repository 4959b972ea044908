#include "service/notice_given.h"
#include "domain/hazard.h"

bool
notice_give(struct store *st, struct arena *a, struct change *c, struct err *e)
{
    struct input *in = arena_new_array(a, struct input, 1);
    struct notice n = { .r.id = c->id };
    struct list_query q = { .tenant = c->tenant, .all = true };
    BUF(ids, NOTICE_HAZARDS_MAX + 1);
    void *recs;
    size_t count;

    if (in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!notice_hazards(st, &n, &q, a, &recs, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        buf_printf(&ids, "%s%ld", i > 0 ? "," : "",
                   (long)((const struct hazard *)recs)[i].r.id);
    in[0] = (struct input){ STR("hazards"), arena_dup(a, buf_str(&ids)) };
    c->given = in;
    c->n_given = 1;
    return (!ids.over && !arena_failed(a)) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

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

bool
notice_hazards(struct store *st, const struct notice *n, struct list_query *q,
               struct arena *a, void **recs, size_t *count, struct err *e)
{
    bool more;

    q->ledger = &hazard_ledger;
    if (n->hazards.n > 0)
        return kept(st, n->hazards, q, a, recs, count, e);
    q->filter[0] = (struct list_filter){
        ledger_field(&hazard_ledger, STR("notice")), { n->r.id }, 1
    };
    q->n_filters = 1;
    q->limit = NOTICE_HAZARDS;
    q->sort = SORT_OLD;
    return store_list(st, q, a, recs, count, &more, e);
}
