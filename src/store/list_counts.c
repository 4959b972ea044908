/* What lists count: rows in all, by school, by value, by what comes again. */
#include "base/id.h"
#include "store/list_sql.h"

bool
store_list_count(struct store *st, const struct list_query *q, int64_t max,
                 int64_t *n, struct err *e)
{
    COMPOSER(c, st);
    struct rows r;

    *n = 0;
    if (!q->all && q->n_org == 0)
        return true;
    buf_puts(c.b, "SELECT count(*) FROM (SELECT 1");
    composer_put_where(&c, q);
    composer_put_i64(&c, " LIMIT ", max);
    buf_puts(c.b, ") counted");
    return rows_open_text(&r, st, c.b, composer_bound(&c), c.n, e) &&
           rows_one(&r, COLS(COL(n)), e);
}

/* Pairs of numbers: fn(first, second). */
static bool
each_pair(struct store *st, const struct composer *c, store_count_fn *fn,
          void *arg, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open_text(&r, st, c->b, composer_bound(c), c->n, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        fn(rows_i64(&r, 0), rows_i64(&r, 1), arg);
    rows_close(&r);
    return ok;
}

bool
store_list_orgs(struct store *st, const struct list_query *q,
                store_count_fn *fn, void *arg, struct err *e)
{
    COMPOSER(c, st);

    if (!q->all && q->n_org == 0)
        return true;
    buf_puts(c.b, "SELECT t.org, count(*)");
    composer_put_where(&c, q);
    buf_puts(c.b, " GROUP BY t.org");
    return each_pair(st, &c, fn, arg, e);
}

bool
store_list_recurring(struct store *st, const struct list_query *q,
                     const struct field *a, const struct field *b,
                     store_recurring_fn *fn, void *arg, struct err *e)
{
    COMPOSER(c, st);
    struct rows r;
    bool ok, more = false;

    if (!q->all && q->n_org == 0)
        return true;
    buf_printf(c.b,
               "SELECT org, a, b, count(*) FROM (SELECT t.org AS org,"
               " t.%s AS a, t.%s AS b",
               a->name, b->name);
    composer_put_where(&c, q);
    buf_printf(c.b, " AND t.%s <> 0 AND t.%s <> 0", a->name, b->name);
    /* what happened since then was not entered before it */
    composer_put_i64(&c, " AND t.id >= ", id_from_time(q->since_from));
    buf_puts(c.b, " ORDER BY t.id DESC");
    composer_put_i64(&c, " LIMIT ", LIST_SCAN_MAX);
    buf_puts(c.b, ") newest GROUP BY org, a, b HAVING count(*) > 1"
                  " ORDER BY 4 DESC, 1, 2, 3");
    composer_put_i64(&c, " LIMIT ", q->limit);
    if (!rows_open_text(&r, st, c.b, composer_bound(&c), c.n, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        fn(&(struct recurring){ .org = rows_i64(&r, 0),
                                .a = rows_i64(&r, 1),
                                .b = rows_i64(&r, 2),
                                .n = rows_i64(&r, 3) },
           arg);
    rows_close(&r);
    return ok;
}

bool
store_list_values(struct store *st, const struct list_query *q,
                  const struct field *f, store_count_fn *fn, void *arg,
                  struct err *e)
{
    COMPOSER(c, st);

    if (!q->all && q->n_org == 0)
        return true;
    buf_printf(c.b, "SELECT v, count(*) FROM (SELECT t.%s AS v", f->name);
    composer_put_where(&c, q);
    buf_puts(c.b, " ORDER BY t.id DESC");
    composer_put_i64(&c, " LIMIT ", LIST_SCAN_MAX);
    buf_puts(c.b, ") newest WHERE v <> 0 GROUP BY v ORDER BY 2 DESC, 1");
    return each_pair(st, &c, fn, arg, e);
}

bool
store_list_latest(struct store *st, const struct list_query *q,
                  const struct field *ref, const struct field *day,
                  store_count_fn *fn, void *arg, struct err *e)
{
    COMPOSER(c, st);

    if (!q->all && q->n_org == 0)
        return true;
    buf_printf(c.b, "SELECT t.%s, max(t.%s)", ref->name, day->name);
    composer_put_where(&c, q);
    buf_printf(c.b, " AND t.%s <> 0 GROUP BY t.%s", ref->name, ref->name);
    return each_pair(st, &c, fn, arg, e);
}
