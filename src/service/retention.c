#include "service/retention.h"

#include <limits.h>

#include "base/time.h"
#include "service/change.h"
#include "service/erase.h"

struct asking {
    int64_t tenant;
    const char *rule;
    int64_t days; /* out; 0: no such rule */
};

static bool
ask_job(struct tx *tx, void *arg, struct err *e)
{
    struct asking *a = arg;
    const struct dir *d = tx_dir(tx, a->tenant, e);
    const struct rule *r;

    if (d == NULL)
        return false;
    r = rules_find(&d->rules, str_of(a->rule));
    a->days = r != NULL && r->unit == UNIT_DAY ? r->value : 0;
    return true;
}

static bool
erase_one(struct writer *w, const struct expired_query *q, int64_t id,
          struct err *e)
{
    const struct input in = { STR("comment"), STR_INIT("retention") };
    struct change c = { .ledger = q->ledger,
                        .tenant = q->tenant,
                        .id = id,
                        .verb = STR("erase"),
                        .input = &in,
                        .n_inputs = 1 };

    return writer_run(w, change_job, &c, e);
}

/* One slice in a snapshot of its own. *at is left where the next one begins. */
static bool
slice(struct store *st, struct writer *w, const struct expired_query *q,
      int64_t *at, long *n, struct err *e)
{
    int64_t ids[EXPIRED_SLICE], after = *at;
    size_t found;
    bool ok;

    if (!store_begin(st, e))
        return false;
    ok = store_list_expired(st, q, &after, ids, &found, e);
    store_rollback(st);
    if (!ok)
        return false;
    if (found > RETENTION_BATCH) {
        found = RETENTION_BATCH;
        after = ids[found - 1];
    }
    for (size_t i = 0; i < found; i++, ++*n)
        if (!erase_one(w, q, ids[i], e))
            return false;
    *at = after;
    return true;
}

bool
retention_walk(struct store *st, struct writer *w, const struct retention *what,
               long *n, struct err *e)
{
    struct asking a = { .tenant = what->tenant, .rule = what->ledger->keep };
    struct expired_query q = {
        .tenant = what->tenant,
        .ledger = what->ledger,
        .states = ledger_states(what->ledger, ST_END | ST_FINAL),
    };
    const long was = *n;

    if (erase_step(what->ledger, STR("erase")) == NULL)
        return true;
    if (!writer_run(w, ask_job, &a, e))
        return false;
    if (a.days == 0)
        return true;
    q.changed_before = what->now - a.days * MS_PER_DAY;
    for (int i = 0; i < what->slices; i++) {
        if (!slice(st, w, &q, what->at, n, e))
            return false;
        if (*what->at == 0 || *n - was >= RETENTION_BATCH || writer_hurries(w))
            return true;
    }
    return true;
}

bool
retention_round(struct store *st, struct writer *w, int64_t tenant,
                const struct ledger *l, int64_t now, long *n, struct err *e)
{
    int64_t at = 0;

    return retention_walk(
        st, w, &(struct retention){ tenant, l, now, INT_MAX, &at }, n, e);
}
