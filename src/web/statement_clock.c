/* Whether the statements that the law asks for are signed, and by when. */
#include "base/id.h"
#include "domain/statistic.h"
#include "web/office.h"
#include "web/view.h"

enum { NAMED = 8, SIGNED_MAX = 2000 };

/* The units that have signed the table of a period. */
static bool
signed_units(struct rq *rq, int64_t year, int64_t quarter,
             const struct scope *sc, const struct rec **recs, size_t *n,
             struct err *e)
{
    const struct ledger *l = &statistic_ledger;
    struct list_query q = {
        .tenant = rq->who.dir->tenant.id,
        .ledger = l,
        .all = sc->all,
        .org = sc->org,
        .n_org = sc->n,
        .states = IN(STAT_SIGNED),
        .filter = { { ledger_field(l, STR("year")), { year }, 1 },
                    { ledger_field(l, STR("quarter")), { quarter }, 1 } },
        .n_filters = 2,
        .limit = SIGNED_MAX,
        .fields = "year quarter",
    };
    void *found;
    bool more;

    if (!store_list(rq->st, &q, rq->arena, &found, n, &more, e))
        return false;
    *recs = found;
    return true;
}

static bool
has_signed(const struct rec *recs, size_t n, int64_t org)
{
    for (size_t i = 0; i < n; i++)
        if (((const struct rec *)(const void *)((const char *)recs +
                                                i * statistic_ledger.size))
                ->org == org)
            return true;
    return false;
}

static bool
asked_for(struct rq *rq, const struct asked *a, const struct dir_org *o)
{
    const struct dir *d = rq->who.dir;

    return o->state == 1 && dir_school(d, o->id) == o->id &&
           (a->org == 0 || a->org == d->root || a->org == o->id) &&
           actor_may(&rq->who, &statistic_ledger, "read", o->id);
}

/* "12 of 15 have signed; not yet: A, B, C …" */
static struct str
words(struct rq *rq, const struct asked *a, const struct rec *recs, size_t n,
      bool *all)
{
    const struct dir *d = rq->who.dir;
    long units = 0, missing = 0;
    BUF(b, 2048);

    for (size_t i = 0; i < d->n_org; i++) {
        const struct dir_org *o = d->tree[i];

        if (!asked_for(rq, a, o))
            continue;
        units++;
        if (has_signed(recs, n, o->id))
            continue;
        if (missing++ < NAMED)
            buf_printf(&b, "%s%.*s",
                       b.n == 0              ? ""
                       : rq->lang == LANG_ZH ? "、"
                                             : ", ",
                       STR_ARG(view_org(rq, o->id)));
    }
    *all = missing == 0;
    if (*all)
        return str_of(rq_tr(rq, N_("signed by all")));
    return arena_printf(
        rq->arena, "%.*s%s%s",
        STR_ARG(view_said(rq, N_("%ld of %ld have signed; not yet: "),
                          units - missing, units)),
        b.p, missing > NAMED ? " …" : "");
}

static bool
one_clock(struct rq *rq, const struct asked *a, int64_t year, int64_t quarter,
          struct v_clock *v, struct err *e)
{
    const struct rules *r = &rq->who.dir->rules;
    const struct period p = period_of(year, quarter, 0, r->zone);
    const struct rec *recs;
    size_t n;

    if (!signed_units(rq, year, quarter, &a->q.scope, &recs, &n, e))
        return false;
    *v = (struct v_clock){ .what = office_period(rq, year, quarter),
                           .words = STR("") };
    v->words = words(rq, a, recs, n, &v->done);
    if (!v->done) {
        int64_t due =
            rules_due(r, statistic_rule(quarter), rules_end_of(r, p.to) - 1);

        /* what was due before the district was here was signed elsewhere */
        if (due > id_time_ms(rq->who.dir->root)) {
            v->due = view_due(rq, due);
            v->late = due < rq->who.now;
        }
    }
    return true;
}

bool
office_clocks(struct rq *rq, const struct asked *a, struct v_clock *v,
              size_t *n, struct err *e)
{
    struct civil now = civil_of(zone_day(rq->who.dir->rules.zone, rq->who.now));
    int64_t quarter = (now.month + 2) / 3;
    bool first = quarter == 1;

    *n = 2;
    return one_clock(rq, a, first ? now.year - 1 : now.year,
                     first ? 4 : quarter - 1, &v[0], e) &&
           one_clock(rq, a, now.year - 1, PERIOD_YEAR, &v[1], e);
}
