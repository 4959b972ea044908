#include "service/device.h"
#include "service/credential.h"
#include "store/stmt.h"

static bool
note_device(struct tx *tx, int64_t tenant, const char *verb, int64_t id,
            int64_t by, struct err *e)
{
    return credential_note(tx,
                           &(struct credential_note){ .tenant = tenant,
                                                      .by = by,
                                                      .verb = verb,
                                                      .kind = CRED_DEVICE,
                                                      .id = id,
                                                      .person = by },
                           e);
}

bool
device_add_job(struct tx *tx, void *arg, struct err *e)
{
    struct device_new *d = arg;
    int64_t id = tx_id(tx);

    secret_new(d->secret);
    return QRUN(tx->st, DEVICE_ADD, e, ARG(d->tenant), ARG(id),
                ARG(secret_digest(tx->arena, str_of(d->secret))), ARG(d->org),
                ARG(d->name), ARG(d->person), ARG(tx->now)) &&
           note_device(tx, d->tenant, CRED_MADE, id, d->person, e);
}

bool
device_end_job(struct tx *tx, void *arg, struct err *e)
{
    const struct device_end *d = arg;

    return QRUN(tx->st, DEVICE_END, e, ARG(d->tenant), ARG(d->id),
                ARG(tx->now)) &&
           note_device(tx, d->tenant, CRED_ENDED, d->id, d->by, e);
}

static bool
note_pin(struct tx *tx, int64_t tenant, int64_t person, const char *verb,
         struct err *e)
{
    return credential_note(tx,
                           &(struct credential_note){ .tenant = tenant,
                                                      .by = person,
                                                      .verb = verb,
                                                      .kind = CRED_PIN,
                                                      .id = person,
                                                      .person = person },
                           e);
}

bool
pin_set_job(struct tx *tx, void *arg, struct err *e)
{
    const struct pin_set *p = arg;

    return QRUN(tx->st, PIN_PUT, e, ARG(p->tenant), ARG(p->person),
                ARG(str_of(p->hash)), ARG(tx->now)) &&
           note_pin(tx, p->tenant, p->person, CRED_MADE, e);
}

bool
pin_end(struct tx *tx, int64_t tenant, int64_t person, struct err *e)
{
    int64_t changed;

    if (!stmt_run(tx->st, &stmts[Q_PIN_DEL], ARGS(ARG(tenant), ARG(person)),
                  &changed, e))
        return false;
    return changed == 0 || note_pin(tx, tenant, person, CRED_ENDED, e);
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
