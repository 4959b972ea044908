#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "service/install.h"
#include "service/log_note.h"
#include "service/seal.h"
#include "store/folder.h"

enum { CUT = 16, HEX = 2 * CUT, SLICE = 500, COLUMNS_MAX = 9 };

/* columns: of statements that put a row in and of .walk, one letter each: i and s
 * are sealed, I and S are not, a is an address. .walk gives the seal behind them. */
static const struct kind {
    const char *name, *columns;
    const struct stmt *walk, *slice, *put;
    int id;   /* the column that names a row to people */
    bool two; /* its key is a number and a text */
} kinds[SEAL__MAX] = {
    [SEAL_SESSION] = { "session", "siiiis", &stmts[Q_SESSION_ALL],
                       &stmts[Q_SESSION_SLICE], &stmts[Q_SESSION_SEAL], 2,
                       true },
    [SEAL_REQUEST] = { "idempotency", "iisiisi", &stmts[Q_IDEM_ALL],
                       &stmts[Q_IDEM_SLICE], &stmts[Q_IDEM_SEAL], 1, true },
    [SEAL_NOTICE] = { "outbox", "iiiiiisia", &stmts[Q_OUT_ALL],
                      &stmts[Q_OUT_SLICE], &stmts[Q_OUT_SEAL], 1, false },
    [SEAL_DELIVERY] = { "delivery", "iiiiiIia", &stmts[Q_DELIVERY_ALL],
                        &stmts[Q_DELIVERY_SLICE], &stmts[Q_DELIVERY_SEAL], 1,
                        false },
};

/* ---- one seal ------------------------------------------------------------------- */

static void
put_value(struct buf *b, char column, const struct arg *v)
{
    if (column == 'i')
        buf_printf(b, "%" PRId64 ";", v->u.i);
    else
        buf_printf(b, "%zu:%.*s;", v->u.s.n, STR_ARG(v->u.s));
}

static void
put_mac(struct buf *out, const unsigned char *key, const struct buf *row)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state s;

    crypto_auth_hmacsha256_init(&s, key, SEAL_KEY);
    crypto_auth_hmacsha256_update(&s, (const unsigned char *)row->p, row->n);
    crypto_auth_hmacsha256_final(&s, mac);
    hex_put(out, (struct str){ (const char *)mac, CUT });
}

/* Of the row, and behind it of the row with its address, if it has one. */
static bool
seal_of(const struct kind *k, const unsigned char *key, const struct arg *v,
        struct buf *out, struct err *e)
{
    BUF(row, 64 * 1024);

    buf_printf(&row, "anlan %s\n", k->name);
    for (size_t i = 0; k->columns[i] != '\0'; i++)
        if (k->columns[i] == 'i' || k->columns[i] == 's')
            put_value(&row, k->columns[i], &v[i]);
    put_mac(out, key, &row);
    for (size_t i = 0; k->columns[i] != '\0'; i++)
        if (k->columns[i] == 'a' && v[i].u.s.n > 0) {
            put_value(&row, 'a', &v[i]);
            put_mac(out, key, &row);
        }
    return (!row.over && !out->over) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

void
seal_key_name(const unsigned char key[SEAL_KEY], char name[SEAL_NAME])
{
    struct hash h;

    hash_of(&h,
            (const struct str[]){ STR("anlan row key\n"),
                                  { (const char *)key, SEAL_KEY } },
            2);
    sodium_bin2hex(name, SEAL_NAME, h.b, (SEAL_NAME - 1) / 2);
}

bool
seal_add(struct tx *tx, enum seal_kind kind, const struct stmt *q,
         const struct arg *v, size_t n, struct err *e)
{
    const unsigned char *key = tx_row_key(tx, e);
    struct arg all[COLUMNS_MAX + 1];
    BUF(seal, 128);

    if (key == NULL || !seal_of(&kinds[kind], key, v, &seal, e))
        return false;
    memcpy(all, v, n * sizeof(*v));
    all[n] = arg_str(buf_str(&seal));
    return stmt_run(tx->st, q, all, n + 1, NULL, e);
}

/* ---- all that are there ------------------------------------------------------------ */

static struct str
read_row(struct rows *r, const struct kind *k, struct arg *v)
{
    int i = 0;

    for (; k->columns[i] != '\0'; i++)
        v[i] = k->columns[i] == 'i' || k->columns[i] == 'I'
                   ? arg_i64(rows_i64(r, i))
                   : arg_str(rows_str(r, i));
    return rows_str(r, i);
}

/* An address that is gone leaves its seal behind. */
static bool
fits(struct str is, struct str want)
{
    return str_eq(is, want) || (want.n == HEX && is.n == 2 * HEX &&
                                str_eq(str_cut(is, 0, HEX), want));
}

static bool
check_kind(struct store *st, int64_t tenant, const struct kind *k,
           const unsigned char *key, seal_fn *fn, void *arg, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, st, k->walk, ARGS(ARG(tenant)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct arg v[COLUMNS_MAX];
        struct str is = read_row(&r, k, v);
        BUF(want, 128);

        if (!(ok = seal_of(k, key, v, &want, e)))
            break;
        if (!fits(is, buf_str(&want)))
            fn(k->name, v[k->id].u.i, arg);
    }
    rows_close(&r);
    return ok;
}

bool
seal_check(struct store *st, int64_t tenant, const unsigned char *key,
           seal_fn *fn, void *arg, struct err *e)
{
    for (size_t i = 0; i < SEAL__MAX; i++)
        if (!check_kind(st, tenant, &kinds[i], key, fn, arg, e))
            return false;
    return true;
}

/* ---- sealing anew ------------------------------------------------------------------- */

/* The key of a row. */
struct row_place {
    int64_t id;
    char text[512];
};

/* A job may run twice: it reads .after and writes .next. */
struct sealing {
    int64_t tenant;
    size_t kind;
    struct row_place after, next;
    bool done, over; /* with this kind; with all */
    long n, slice;   /* sealed so far; by the last job */
};

struct stale {
    int64_t id;
    struct str text, seal;
};

/* The next rows; those whose seal fits already are passed over. */
static bool
read_slice(struct tx *tx, struct sealing *s, const unsigned char *key,
           struct stale *list, size_t *n, struct err *e)
{
    const struct kind *k = &kinds[s->kind];
    const int last = (int)strlen(k->columns);
    struct str text = arena_dup(tx->arena, str_of(s->after.text));
    size_t read = 0;
    struct rows r;
    bool ok, more = false;

    *n = 0;
    s->next = s->after;
    if (!(k->two ? rows_open(&r, tx->st, k->slice,
                             ARGS(ARG(s->tenant), ARG(s->after.id), ARG(text),
                                  ARG((int64_t)SLICE)),
                             e)
                 : rows_open(&r, tx->st, k->slice,
                             ARGS(ARG(s->tenant), ARG(s->after.id),
                                  ARG((int64_t)SLICE)),
                             e)))
        return false;
    r.arena = tx->arena;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct arg v[COLUMNS_MAX];
        struct str is = read_row(&r, k, v);
        BUF(seal, 128);

        read++;
        s->next.id = rows_i64(&r, last + 1);
        text = k->two ? rows_str(&r, last + 2) : STR("");
        if (!(ok = seal_of(k, key, v, &seal, e)))
            break;
        if (!fits(is, buf_str(&seal)))
            list[(*n)++] =
                (struct stale){ s->next.id, text,
                                arena_dup(tx->arena, buf_str(&seal)) };
    }
    rows_close(&r);
    if (text.n >= sizeof(s->next.text))
        return err_set(e, ERR_STORE, NULL, "A key in the database is too long");
    snprintf(s->next.text, sizeof(s->next.text), "%.*s", STR_ARG(text));
    s->done = read < SLICE;
    return ok;
}

static bool
slice_job(struct tx *tx, void *arg, struct err *e)
{
    struct sealing *s = arg;
    const struct kind *k = &kinds[s->kind];
    const unsigned char *key = tx_row_key(tx, e);
    struct stale *list = arena_new_array(tx->arena, struct stale, SLICE);
    size_t n;

    if (key == NULL)
        return false;
    if (list == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!tx_turn(tx, s->tenant, e) || !read_slice(tx, s, key, list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!(k->two ? stmt_run(tx->st, k->put,
                                ARGS(ARG(s->tenant), ARG(list[i].id),
                                     ARG(list[i].text), ARG(list[i].seal)),
                                NULL, e)
                     : stmt_run(tx->st, k->put,
                                ARGS(ARG(s->tenant), ARG(list[i].id),
                                     ARG(list[i].seal)),
                                NULL, e)))
            return false;
    s->slice = (long)n;
    return true;
}

/* Which tenant comes behind that one; 0 = none. */
static bool
next_job(struct tx *tx, void *arg, struct err *e)
{
    struct sealing *s = arg;
    struct tenant *list;
    size_t n, i = 0;

    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    while (i < n && list[i].id <= s->tenant)
        i++;
    s->tenant = i < n ? list[i].id : 0;
    return true;
}

/* The log says that it happened: whoever changes rows and the name of the key
 * cannot have them sealed unseen. */
static bool
note(struct tx *tx, const char *name, long sealed, struct err *e)
{
    return log_note(
        tx, 1,
        &(struct log_note){ "rows-sealed",
                            arena_printf(tx->arena, "%s %ld", name, sealed),
                            STR("") },
        e);
}

/* .over: the database names the folder's key already. */
static bool
named_job(struct tx *tx, void *arg, struct err *e)
{
    struct sealing *s = arg;
    const unsigned char *key = tx_row_key(tx, e);
    char name[SEAL_NAME];
    struct str is;

    if (key == NULL || !setting_get(tx->st, SEAL_SETTING, tx->arena, &is, e))
        return false;
    seal_key_name(key, name);
    s->over = str_is(is, name);
    return true;
}

static bool
end_job(struct tx *tx, void *arg, struct err *e)
{
    const struct sealing *s = arg;
    const unsigned char *key = tx_row_key(tx, e);
    char name[SEAL_NAME];

    if (key == NULL)
        return false;
    seal_key_name(key, name);
    return (s->n == 0 || note(tx, name, s->n, e)) &&
           setting_put(tx, SEAL_SETTING, str_of(name), e);
}

static bool
seal_tenant(struct writer *w, struct sealing *s, struct err *e)
{
    for (s->kind = 0; s->kind < SEAL__MAX; s->kind++) {
        s->next = (struct row_place){ .id = INT64_MIN };
        do {
            s->after = s->next;
            if (!writer_run(w, slice_job, s, e))
                return false;
            s->n += s->slice;
        } while (!s->done);
    }
    return true;
}

bool
seal_all(struct writer *w, struct err *e)
{
    struct sealing s = { .over = writer_read_only(w) };

    if (s.over || !writer_run(w, named_job, &s, e) || s.over)
        return s.over;
    for (;;) {
        if (!writer_run(w, next_job, &s, e))
            return false;
        if (s.tenant == 0)
            break;
        if (!seal_tenant(w, &s, e))
            return false;
    }
    if (!writer_run(w, end_job, &s, e))
        return false;
    if (s.n > 0)
        log_line(LOG_INFO, "%ld rows beside the log were sealed anew", s.n);
    return true;
}
