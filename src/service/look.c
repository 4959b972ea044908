#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#include "service/install.h"
#include "service/log_note.h"
#include "service/look.h"
#include "store/stmt.h"

enum { SALT = 16, DAYS = 30, LATE_MS = 10 * 60 * 1000 };

bool
look_job(struct tx *tx, void *arg, struct err *e)
{
    const struct look *l = arg;

    return QRUN(tx->st, LOOK_ADD, e, ARG(l->tenant), ARG(l->person),
                ARG(l->day), ARG(l->by), ARG((int64_t)l->how), ARG(tx->now));
}

bool
look_of(struct store *st, int64_t tenant, int64_t person, struct look *out,
        size_t *n, struct err *e)
{
    const size_t most = *n;
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if (!rows_open(&r, st, &stmts[Q_LOOK_OF],
                   ARGS(ARG(tenant), ARG(person), ARG((int64_t)most)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && *n < most)
        out[(*n)++] = (struct look){
            .tenant = tenant,
            .person = person,
            .day = rows_i64(&r, 0),
            .by = rows_i64(&r, 1),
            .how = (enum look_how)rows_i64(&r, 2),
            .n = rows_i64(&r, 3),
            .last_at = rows_i64(&r, 4),
        };
    rows_close(&r);
    return ok;
}

/* ---- under the log ---------------------------------------------------------------- */

bool
look_hash(struct store *st, int64_t tenant, int64_t after, int64_t day,
          struct str salt, struct hash *h, struct err *e)
{
    struct rows r;
    bool ok, more = false;
    BUF(b, 256);

    hash_of(h, (const struct str[]){ STR("anlan looks\n"), salt }, 2);
    if (!rows_open(&r, st, &stmts[Q_LOOK_DAYS],
                   ARGS(ARG(tenant), ARG(after), ARG(day)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        buf_clear(&b);
        for (int i = 0; i < 6; i++)
            buf_printf(&b, "%" PRId64 ";", rows_i64(&r, i));
        hash_of(h, (const struct str[]){ hash_str(h), buf_str(&b) }, 2);
    }
    rows_close(&r);
    return ok;
}

static bool
append(struct tx *tx, int64_t tenant, int64_t after, int64_t day, struct err *e)
{
    unsigned char salt[SALT];
    char text[2 * SALT + 1];
    struct hash h;
    BUF(said, 512);

    randombytes_buf(salt, sizeof(salt));
    sodium_bin2hex(text, sizeof(text), salt, sizeof(salt));
    if (!look_hash(tx->st, tenant, after, day, str_of(text), &h, e))
        return false;
    buf_printf(&said, "%" PRId64 " %" PRId64 " %s ", after, day, text);
    hex_put(&said, hash_str(&h));
    return log_note(tx, tenant,
                    &(struct log_note){ "looks", buf_str(&said), STR("") }, e);
}

bool
look_commit_job(struct tx *tx, void *arg, struct err *e)
{
    struct look_days *l = arg;
    const struct dir *d = tx_dir(tx, l->tenant, e);
    char name[48];
    struct str v;
    int64_t after = 0, day = 0, today;

    l->more = false;
    snprintf(name, sizeof(name), LOOK_SETTING "%" PRId64, l->tenant);
    if (d == NULL || !tx_may_change(tx, e) ||
        !setting_get(tx->st, name, tx->arena, &v, e))
        return false;
    (void)!str_i64(v, &after);
    /* who looked just before midnight may still stand in the queue */
    today = zone_day(d->rules.zone, tx->now - LATE_MS);
    for (int i = 0; i < DAYS; i++) {
        if (!stmt_one(tx->st, &stmts[Q_LOOK_DAY],
                      ARGS(ARG(l->tenant), ARG(after), ARG(today)), NULL,
                      COLS(COL(&day)), e))
            return e->code == ERR_MISSING;
        if (!append(tx, l->tenant, after, day, e) ||
            !setting_put(tx, name, arena_i64(tx->arena, day), e))
            return false;
        after = day;
    }
    l->more = true;
    return true;
}
