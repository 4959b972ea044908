#include "service/above.h"
#include "domain/hazard.h"
#include "store/stmt.h"

enum { OVERDUE_MAX = 1000000 };

/* fn for each value of a counted dimension, over all schools. */
static bool
sums(struct store *st, int64_t tenant, const char *dim, int64_t *to,
     int64_t (*place)(int64_t v), struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, st, &stmts[Q_COUNT_SUM],
                   ARGS(ARG(tenant), ARG((int64_t)hazard_ledger.tag),
                        ARG(str_of(dim))),
                   e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        int64_t at = place(rows_i64(&r, 0));

        if (at >= 0)
            to[at] += rows_i64(&r, 1);
    }
    rows_close(&r);
    return ok;
}

static int64_t
of_state(int64_t v)
{
    const struct state *s = ledger_state(&hazard_ledger, v);

    if (s != NULL && (s->flags & ST_OPEN))
        return ABOVE_OPEN;
    return v == HZ_CLOSED ? ABOVE_CLOSED : -1;
}

static int64_t
of_grade(int64_t v)
{
    return v == 2 * GRADE_MAJOR + 1 ? ABOVE_MAJOR : -1;
}

static bool
count(struct tx *tx, const struct dir *d, int64_t n[ABOVE__MAX], struct err *e)
{
    const struct list_query late = { .tenant = d->tenant.id,
                                     .ledger = &hazard_ledger,
                                     .all = true,
                                     .due_before = tx->now };

    for (size_t i = 0; i < d->n_org; i++)
        n[ABOVE_SCHOOLS] += dir_is_school(&d->org[i]);
    return sums(tx->st, d->tenant.id, "state", n, of_state, e) &&
           sums(tx->st, d->tenant.id, "grade", n, of_grade, e) &&
           store_list_count(tx->st, &late, OVERDUE_MAX, &n[ABOVE_OVERDUE], e);
}

bool
above_job(struct tx *tx, void *arg, struct err *e)
{
    const int64_t *tenant = arg;
    const struct dir *d = tx_dir(tx, *tenant, e);
    int64_t n[ABOVE__MAX] = { 0 };

    if (d == NULL || !count(tx, d, n, e))
        return false;
    for (int64_t what = 0; what < ABOVE__MAX; what++)
        if (!QRUN(tx->st, ABOVE_PUT, e, ARG((int64_t)TENANT_ABOVE),
                  ARG(*tenant), ARG(what), ARG(n[what]), ARG(tx->now)))
            return false;
    return true;
}

bool
above_read(struct store *st, struct arena *a, struct above **out, size_t *n,
           struct err *e)
{
    struct rows r;
    bool ok, more = false;
    size_t room = 0;
    struct above *all = NULL;

    *n = 0;
    if (!rows_open(&r, st, &stmts[Q_ABOVE_EACH],
                   ARGS(ARG((int64_t)TENANT_ABOVE)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        int64_t district = rows_i64(&r, 0), what = rows_i64(&r, 1);

        if (*n == 0 || all[*n - 1].district != district) {
            if (*n == room) {
                struct above *wider = arena_new_array(
                    a, struct above, room = room > 0 ? 2 * room : 64);

                if (wider == NULL) {
                    ok = err_set(e, ERR_BUSY, NULL,
                                 "The server is short of memory");
                    break;
                }
                if (*n > 0)
                    memcpy(wider, all, *n * sizeof(*all));
                all = wider;
            }
            all[(*n)++] = (struct above){ .district = district,
                                          .as_of = rows_i64(&r, 3) };
        }
        if (what >= 0 && what < ABOVE__MAX)
            all[*n - 1].n[what] = rows_i64(&r, 2);
    }
    rows_close(&r);
    *out = all;
    return ok;
}
