#include "service/device.h"
#include "store/stmt.h"

bool
device_add_job(struct tx *tx, void *arg, struct err *e)
{
    struct device_new *d = arg;

    secret_new(d->secret);
    return QRUN(tx->st, DEVICE_ADD, e, ARG(d->tenant), ARG(tx_id(tx)),
                ARG(secret_digest(tx->arena, str_of(d->secret))), ARG(d->org),
                ARG(d->name), ARG(d->person), ARG(tx->now));
}

bool
device_end_job(struct tx *tx, void *arg, struct err *e)
{
    const struct device_end *d = arg;

    return QRUN(tx->st, DEVICE_END, e, ARG(d->tenant), ARG(d->id),
                ARG(tx->now));
}

bool
pin_set_job(struct tx *tx, void *arg, struct err *e)
{
    const struct pin_set *p = arg;

    return QRUN(tx->st, PIN_PUT, e, ARG(p->tenant), ARG(p->person),
                ARG(str_of(p->hash)), ARG(tx->now));
}

bool
pin_check(struct str pin, struct err *e)
{
    bool digits = pin.n == PIN_DIGITS, same = true, up = true, down = true;

    for (size_t i = 0; digits && i < pin.n; i++)
        digits = pin.p[i] >= '0' && pin.p[i] <= '9';
    for (size_t i = 1; digits && i < pin.n; i++) {
        same = same && pin.p[i] == pin.p[i - 1];
        up = up && pin.p[i] == pin.p[i - 1] + 1;
        down = down && pin.p[i] == pin.p[i - 1] - 1;
    }
    return (digits && !same && !up && !down) ||
           err_set(e, ERR_INVALID, "pin",
                   "A PIN has six digits, not all alike and not in a row");
}

bool
device_find(struct store *st, struct str secret, struct arena *a,
            struct device *out, struct err *e)
{
    return stmt_one(st, &stmts[Q_DEVICE_GET],
                    ARGS(ARG(secret_digest(a, secret))), a,
                    COLS(COL(&out->tenant), COL(&out->id), COL(&out->org),
                         COL(&out->name), COL(&out->made_at)),
                    e);
}

bool
pin_find(struct store *st, int64_t tenant, int64_t person, struct arena *a,
         struct str *hash, struct err *e)
{
    return stmt_one(st, &stmts[Q_PIN_GET], ARGS(ARG(tenant), ARG(person)), a,
                    COLS(COL(hash)), e);
}

bool
device_each(struct store *st, int64_t tenant, struct arena *a,
            struct device *out, size_t cap, size_t *n, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if (!rows_open(&r, st, &stmts[Q_DEVICE_EACH], ARGS(ARG(tenant)), e))
        return false;
    r.arena = a;
    while ((ok = rows_next(&r, &more, e)) && more && *n < cap)
        out[(*n)++] = (struct device){ .tenant = tenant,
                                       .id = rows_i64(&r, 0),
                                       .org = rows_i64(&r, 1),
                                       .name = rows_str(&r, 2),
                                       .made_at = rows_i64(&r, 3) };
    rows_close(&r);
    return ok;
}

bool
pin_each(struct store *st, int64_t tenant, int64_t *people, size_t cap,
         size_t *n, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if (!rows_open(&r, st, &stmts[Q_PIN_EACH], ARGS(ARG(tenant)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && *n < cap)
        people[(*n)++] = rows_i64(&r, 0);
    rows_close(&r);
    return ok;
}
