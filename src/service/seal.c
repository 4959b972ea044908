#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "service/install.h"
#include "service/log_note.h"
#include "service/seal.h"
#include "store/folder.h"

enum { CUT = 16, SLICE = 500, COLUMNS_MAX = 16 };

/* columns: i numbers and s texts, in the order of statements that put a row in and
 * of the macros SEALED_ in statements.h. */
static const struct kind {
    const char *name, *columns;
    const struct stmt *walk, *slice, *put;
    int tenant, id; /* columns: whose it is; what names a row to people */
    bool two;       /* its key is a number and a text */
} kinds[SEAL__MAX] = {
    [SEAL_SESSION] = { "session", "siiiisi", &stmts[Q_SESSION_ALL],
                       &stmts[Q_SESSION_SLICE], &stmts[Q_SESSION_SEAL], 1, 2,
                       true },
    [SEAL_REQUEST] = { "idempotency", "iisiisi", &stmts[Q_IDEM_ALL],
                       &stmts[Q_IDEM_SLICE], &stmts[Q_IDEM_SEAL], 0, 1, true },
    [SEAL_NOTICE] = { "outbox", "iiiiiisiis", &stmts[Q_OUT_ALL],
                      &stmts[Q_OUT_SLICE], &stmts[Q_OUT_SEAL], 0, 1, false },
    [SEAL_DELIVERY] = { "delivery", "iiiiiiiiiiisss", &stmts[Q_DELIVERY_ALL],
                        &stmts[Q_DELIVERY_SLICE], &stmts[Q_DELIVERY_SEAL], 0, 1,
                        false },
};

/* Statements that change rows, each with one that reads all it may change by the
 * first .by of the same values. */
static const struct way {
    enum seal_kind kind;
    const struct stmt *change, *which;
    size_t by;
} ways[SEAL_WAY__MAX] = {
    [SEAL_USED] = { SEAL_SESSION, &stmts[Q_SESSION_USED], &stmts[Q_SESSION_ONE],
                    1 },
    [SEAL_SEEN] = { SEAL_NOTICE, &stmts[Q_OUT_SEEN], &stmts[Q_OUT_UNSEEN], 3 },
    [SEAL_ADDRESS_GONE] = { SEAL_NOTICE, &stmts[Q_OUT_ADDRESS_GONE],
                            &stmts[Q_OUT_ADDRESSED], 3 },
    [SEAL_TRY] = { SEAL_DELIVERY, &stmts[Q_DELIVERY_TRY],
                   &stmts[Q_DELIVERY_ONE], 2 },
    [SEAL_END] = { SEAL_DELIVERY, &stmts[Q_DELIVERY_END],
                   &stmts[Q_DELIVERY_ONE], 2 },
    [SEAL_UNTRY] = { SEAL_DELIVERY, &stmts[Q_DELIVERY_UNTRY],
                     &stmts[Q_DELIVERY_ONE], 2 },
    [SEAL_AGAIN] = { SEAL_DELIVERY, &stmts[Q_DELIVERY_AGAIN],
                     &stmts[Q_DELIVERY_ONE], 2 },
    [SEAL_MOVE] = { SEAL_DELIVERY, &stmts[Q_DELIVERY_MOVE],
                    &stmts[Q_DELIVERY_PERSONS], 2 },
    [SEAL_STOP] = { SEAL_DELIVERY, &stmts[Q_DELIVERY_STOP],
                    &stmts[Q_DELIVERY_CHANNELS], 2 },
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

static bool
seal_of(const struct kind *k, const unsigned char *key, const struct arg *v,
        struct buf *out, struct err *e)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state s;
    BUF(row, 64 * 1024);

    buf_printf(&row, "anlan %s\n", k->name);
    for (size_t i = 0; k->columns[i] != '\0'; i++)
        put_value(&row, k->columns[i], &v[i]);
    crypto_auth_hmacsha256_init(&s, key, SEAL_KEY);
    crypto_auth_hmacsha256_update(&s, (const unsigned char *)row.p, row.n);
    crypto_auth_hmacsha256_final(&s, mac);
    hex_put(out, (struct str){ (const char *)mac, CUT });
    return (!row.over && !out->over) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

void
seal_key_name(const unsigned char key[SEAL_KEY], char name[SEAL_NAME])
{
    struct hash h;

    hash_of(&h,
            (const struct str[]){ STR("anlan row key 2\n"),
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

static struct str
read_row(struct rows *r, const struct kind *k, struct arg *v)
{
    int i = 0;

    for (; k->columns[i] != '\0'; i++)
        v[i] = k->columns[i] == 'i' ? arg_i64(rows_i64(r, i))
                                    : arg_str(rows_str(r, i));
    return rows_str(r, i);
}

/* A row whose seal does not fit: its key and the seal that does. */
struct stale {
    int64_t tenant, id;
    struct str text, seal;
    const struct stale *next;
};

struct stale_list {
    const struct stale *first;
    long n, read;      /* how many; of how many rows */
    struct stale last; /* the key of the last row read */
};

static bool
add_stale(struct tx *tx, struct stale_list *list, struct str seal,
          struct err *e)
{
    struct stale *x = arena_new_obj(tx->arena, struct stale);

    if (x == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *x = list->last;
    x->seal = arena_dup(tx->arena, seal);
    x->next = list->first;
    list->first = x;
    list->n++;
    return true;
}

/* Of the rows of a query, those whose seal does not fit. Closes it. */
static bool
read_stale(struct tx *tx, const struct kind *k, struct rows *r,
           struct stale_list *list, struct err *e)
{
    const int last = (int)strlen(k->columns);
    const unsigned char *key = tx_row_key(tx, e);
    bool ok = key != NULL, more = false;

    r->arena = tx->arena;
    while (ok && (ok = rows_next(r, &more, e)) && more) {
        struct arg v[COLUMNS_MAX] = { { 0 } };
        struct str is = read_row(r, k, v);
        BUF(seal, 128);

        list->read++;
        list->last =
            (struct stale){ .tenant = v[k->tenant].u.i,
                            .id = rows_i64(r, last + 1),
                            .text = k->two ? rows_str(r, last + 2) : STR("") };
        ok = seal_of(k, key, v, &seal, e) &&
             (str_eq(is, buf_str(&seal)) ||
              add_stale(tx, list, buf_str(&seal), e));
    }
    rows_close(r);
    return ok;
}

static bool
is_among(const struct stale *x, const struct stale_list *list)
{
    for (const struct stale *i = list->first; i != NULL; i = i->next)
        if (i->tenant == x->tenant && i->id == x->id &&
            str_eq(i->text, x->text))
            return true;
    return false;
}

/* Seal them anew, but those that did not fit before either. */
static bool
put_seals(struct tx *tx, const struct kind *k, const struct stale_list *list,
          const struct stale_list *before, struct err *e)
{
    for (const struct stale *x = list->first; x != NULL; x = x->next)
        if (!is_among(x, before) &&
            !(k->two ? stmt_run(tx->st, k->put,
                                ARGS(ARG(x->tenant), ARG(x->id), ARG(x->text),
                                     ARG(x->seal)),
                                NULL, e)
                     : stmt_run(tx->st, k->put,
                                ARGS(ARG(x->tenant), ARG(x->id), ARG(x->seal)),
                                NULL, e)))
            return false;
    return true;
}

bool
seal_is_way(const struct stmt *q)
{
    for (size_t i = 0; i < N_OF(ways); i++)
        if (ways[i].change == q)
            return true;
    return false;
}

bool
seal_change(struct tx *tx, enum seal_way way, const struct arg *v, size_t n,
            int64_t *changed, struct err *e)
{
    const struct way *w = &ways[way];
    struct stale_list before = { .first = NULL }, after = { .first = NULL };
    struct rows r;

    if (!rows_open(&r, tx->st, w->which, v, w->by, e) ||
        !read_stale(tx, &kinds[w->kind], &r, &before, e) ||
        !rows_open(&r, tx->st, w->change, v, n, e) ||
        !read_stale(tx, &kinds[w->kind], &r, &after, e))
        return false;
    if (changed != NULL)
        *changed = after.read;
    return put_seals(tx, &kinds[w->kind], &after, &before, e);
}

/* ---- all that are there ------------------------------------------------------------ */

static bool
check_kind(struct store *st, int64_t tenant, const struct kind *k,
           const unsigned char *key, seal_fn *fn, void *arg, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, st, k->walk, ARGS(ARG(tenant)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct arg v[COLUMNS_MAX] = { { 0 } };
        struct str is = read_row(&r, k, v);
        BUF(want, 128);

        if (!(ok = seal_of(k, key, v, &want, e)))
            break;
        if (!str_eq(is, buf_str(&want)))
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

/* The next rows; those whose seal fits already are passed over. */
static bool
read_slice(struct tx *tx, struct sealing *s, struct stale_list *list,
           struct err *e)
{
    const struct kind *k = &kinds[s->kind];
    struct str text = str_of(s->after.text);
    struct rows r;

    list->last = (struct stale){ .id = s->after.id, .text = text };
    if (!(k->two ? rows_open(&r, tx->st, k->slice,
                             ARGS(ARG(s->tenant), ARG(s->after.id), ARG(text),
                                  ARG((int64_t)SLICE)),
                             e)
                 : rows_open(&r, tx->st, k->slice,
                             ARGS(ARG(s->tenant), ARG(s->after.id),
                                  ARG((int64_t)SLICE)),
                             e)) ||
        !read_stale(tx, k, &r, list, e))
        return false;
    if (list->last.text.n >= sizeof(s->next.text))
        return err_set(e, ERR_STORE, NULL, "A key in the database is too long");
    s->next.id = list->last.id;
    snprintf(s->next.text, sizeof(s->next.text), "%.*s",
             STR_ARG(list->last.text));
    s->done = list->read < SLICE;
    return true;
}

static bool
slice_job(struct tx *tx, void *arg, struct err *e)
{
    struct sealing *s = arg;
    struct stale_list list = { .first = NULL }, none = { .first = NULL };

    if (!tx_turn(tx, s->tenant, e) || !read_slice(tx, s, &list, e) ||
        !put_seals(tx, &kinds[s->kind], &list, &none, e))
        return false;
    s->slice = list.n;
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
