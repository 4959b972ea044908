#include "service/retention.h"
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

bool
retention_round(struct store *st, struct writer *w, int64_t tenant,
                const struct ledger *l, int64_t now, long *n, struct err *e)
{
    struct asking a = { .tenant = tenant, .rule = l->keep };
    int64_t ids[RETENTION_BATCH];
    size_t found;
    bool ok;

    if (erase_step(l, STR("erase")) == NULL)
        return true;
    if (!writer_run(w, ask_job, &a, e))
        return false;
    if (a.days == 0)
        return true;
    if (!store_begin(st, e))
        return false;
    ok = store_list_expired(st, tenant, l, ledger_states(l, ST_END | ST_FINAL),
                            now - a.days * MS_PER_DAY, ids, N_OF(ids), &found,
                            e);
    store_rollback(st);
    for (size_t i = 0; ok && i < found; i++) {
        const struct input in = { STR("comment"), STR_INIT("retention") };
        struct change c = { .ledger = l,
                            .tenant = tenant,
                            .id = ids[i],
                            .verb = STR("erase"),
                            .input = &in,
                            .n_inputs = 1 };

        ok = writer_run(w, change_job, &c, e);
        *n += ok;
    }
    return ok;
}
