/* Records of any ledger, by its declaration: the columns are the header's and
 * then the fields, in the order in which they are declared. */
#include <stdlib.h>

#include "store/stmt.h"

enum { ARGS_MAX = 160 };

/* n == NULL: names only; else "name = $n" for an update. */
static void
put_column(struct buf *b, const struct field *f, int *n)
{
    const bool two = field_ctype(f) == CT_TEXT2;

    for (int i = 0; i < (two ? 2 : 1); i++) {
        buf_puts(b, ", ");
        buf_puts(b, f->name);
        if (two)
            buf_puts(b, i == 0 ? "_en" : "_zh");
        if (n != NULL)
            buf_printf(b, " = $%d", ++*n);
    }
}

static void
put_columns(struct buf *b, const struct ledger *l, int *n)
{
    for (size_t i = 0; i < n_rec_fields; i++)
        put_column(b, &rec_fields[i], n);
    for (size_t i = 0; i < l->n_fields; i++)
        put_column(b, &l->fields[i], n);
}

static int
count_columns(const struct ledger *l)
{
    int n = (int)(n_rec_fields + l->n_fields);

    for (size_t i = 0; i < l->n_fields; i++)
        n += field_ctype(&l->fields[i]) == CT_TEXT2;
    return n;
}

static const struct stmt *
composed(const struct buf *b)
{
    return b->over ? NULL : stmt_composed(buf_str(b));
}

/* The four statements of each ledger, composed at first use. */
enum rec_stmt { REC_GET, REC_EACH, REC_ADD, REC_PUT, REC__MAX };

static const struct stmt *
compose(const struct ledger *l, enum rec_stmt which)
{
    BUF(b, 16 * 1024);
    int n = 3;

    switch (which) {
    case REC_GET:
    case REC_EACH:
        buf_puts(&b, "SELECT id, rev");
        put_columns(&b, l, NULL);
        buf_printf(&b, " FROM %s WHERE tenant_id = $1%s", l->name,
                   which == REC_GET ? " AND id = $2" : " ORDER BY id");
        break;
    case REC_ADD:
        buf_printf(&b, "INSERT INTO %s (tenant_id, id, rev", l->name);
        put_columns(&b, l, NULL);
        buf_puts(&b, ") VALUES ($1, $2, $3");
        for (int i = 0; i < count_columns(l); i++)
            buf_printf(&b, ", $%d", ++n);
        buf_puts(&b, ")");
        break;
    case REC_PUT:
        buf_printf(&b, "UPDATE %s SET rev = $3", l->name);
        put_columns(&b, l, &n);
        buf_printf(&b, " WHERE tenant_id = $1 AND id = $2 AND rev = $%d", ++n);
        break;
    case REC__MAX:
        break;
    }
    return which == REC_EACH && !b.over ? stmt_walk(buf_str(&b)) : composed(&b);
}

static const struct stmt *
rec_stmt(const struct ledger *l, enum rec_stmt which)
{
    static const struct stmt *ready[256][REC__MAX];
    const struct stmt **at = &ready[l->tag & 255][which];
    const struct stmt *q = __atomic_load_n(at, __ATOMIC_ACQUIRE);

    if (q == NULL) {
        q = compose(l, which);
        __atomic_store_n(at, q, __ATOMIC_RELEASE);
    }
    return q;
}

static int
read_field(struct rows *r, int col, const struct field *f, void *rec)
{
    switch (field_ctype(f)) {
    case CT_I64:
        *field_i64(f, rec) = rows_i64(r, col);
        break;
    case CT_STR:
        *field_str(f, rec) = rows_str(r, col);
        break;
    case CT_TEXT2:
        field_text2(f, rec)->en = rows_str(r, col++);
        field_text2(f, rec)->zh = rows_str(r, col);
        break;
    }
    return col + 1;
}

static void
read_rec(struct rows *r, const struct ledger *l, void *rec)
{
    struct rec *h = rec;
    int col = 2;

    memset(rec, 0, l->size);
    h->id = rows_i64(r, 0);
    h->rev = rows_i64(r, 1);
    for (size_t i = 0; i < n_rec_fields; i++)
        col = read_field(r, col, &rec_fields[i], rec);
    for (size_t i = 0; i < l->n_fields; i++)
        col = read_field(r, col, &l->fields[i], rec);
}

bool
store_rec_get(struct store *st, int64_t tenant, const struct ledger *l,
              int64_t id, struct arena *a, void *rec, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, st, rec_stmt(l, REC_GET), ARGS(ARG(tenant), ARG(id)), e))
        return false;
    r.arena = a;
    ok = rows_next(&r, &more, e);
    if (ok && more)
        read_rec(&r, l, rec);
    else if (ok)
        ok = err_set(e, ERR_MISSING, NULL, "There is no such record");
    rows_close(&r);
    return ok;
}

bool
store_rec_each(struct store *st, int64_t tenant, const struct ledger *l,
               struct arena *a, store_rec_fn *fn, void *arg, struct err *e)
{
    void *rec = calloc(1, l->size);
    struct rows r;
    bool ok, more = false;

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    ok = rows_open(&r, st, rec_stmt(l, REC_EACH), ARGS(ARG(tenant)), e);
    r.arena = a;
    while (ok && (ok = rows_next(&r, &more, e)) && more) {
        read_rec(&r, l, rec);
        ok = fn(rec, arg, e);
    }
    rows_close(&r);
    free(rec);
    return ok;
}

static size_t
bind_field(struct arg *args, size_t n, const struct field *f, const void *rec)
{
    switch (field_ctype(f)) {
    case CT_I64:
        args[n++] = ARG(*field_i64(f, rec));
        break;
    case CT_STR:
        args[n++] = ARG(*field_str(f, rec));
        break;
    case CT_TEXT2:
        args[n++] = ARG(field_text2(f, rec)->en);
        args[n++] = ARG(field_text2(f, rec)->zh);
        break;
    }
    return n;
}

static size_t
bind_rec(struct arg *args, int64_t tenant, const struct ledger *l,
         const void *rec)
{
    const struct rec *h = rec;
    size_t n = 3;

    args[0] = ARG(tenant);
    args[1] = ARG(h->id);
    args[2] = ARG(h->rev);
    for (size_t i = 0; i < n_rec_fields; i++)
        n = bind_field(args, n, &rec_fields[i], rec);
    for (size_t i = 0; i < l->n_fields; i++)
        n = bind_field(args, n, &l->fields[i], rec);
    return n;
}

bool
store_rec_add(struct store *st, int64_t tenant, const struct ledger *l,
              const void *rec, struct err *e)
{
    struct arg args[ARGS_MAX];
    size_t n = bind_rec(args, tenant, l, rec);

    return stmt_run(st, rec_stmt(l, REC_ADD), args, n, NULL, e);
}

bool
store_rec_put(struct store *st, int64_t tenant, const struct ledger *l,
              const void *rec, int64_t old_rev, struct err *e)
{
    struct arg args[ARGS_MAX];
    size_t n = bind_rec(args, tenant, l, rec);
    int64_t changed;

    args[n++] = ARG(old_rev);
    if (!stmt_run(st, rec_stmt(l, REC_PUT), args, n, &changed, e))
        return false;
    return changed == 1 ||
           err_set(e, ERR_CONFLICT, "rev",
                   "Somebody else has changed this record in the meantime");
}

bool
store_newest_id(struct store *st, int64_t *id, struct err *e)
{
    static const char *const others[] = { "attachment", "outbox",   "token",
                                          "import",     "delivery", "channel" };
    BUF(b, 16 * 1024);

    buf_puts(&b, "SELECT COALESCE(MAX(id), 0) FROM (");
    for (size_t i = 0; i < N_OF(others); i++)
        buf_printf(&b, "%sSELECT MAX(id) AS id FROM %s",
                   i > 0 ? " UNION ALL " : "", others[i]);
    for (size_t i = 0; i < n_ledgers; i++)
        buf_printf(&b, " UNION ALL SELECT MAX(id) FROM %s", ledgers[i]->name);
    buf_puts(&b, ") newest");
    return stmt_one(st, composed(&b), NULL, 0, NULL, COLS(COL(id)), e);
}

bool
store_rec_wipe(struct store *st, int64_t tenant, const struct ledger *l,
               struct err *e)
{
    BUF(b, 256);

    buf_printf(&b, "DELETE FROM %s WHERE tenant_id = $1", l->name);
    return stmt_run(st, composed(&b), ARGS(ARG(tenant)), NULL, e);
}

bool
store_rec_strays(struct store *st, int64_t tenant, const struct ledger *l,
                 store_id_fn *fn, void *arg, struct err *e)
{
    struct rows r;
    bool ok, more = false;
    BUF(b, 512);

    buf_printf(&b,
               "SELECT id FROM %s WHERE tenant_id = $1 AND NOT EXISTS (SELECT"
               " 1 FROM event AS x CROSS JOIN event AS y WHERE x.tenant_id = $1"
               " AND x.record_id = %s.id AND y.tenant_id = $1 AND y.seq = x.seq"
               " AND y.ledger = %u) ORDER BY id",
               l->name, l->name, (unsigned)l->tag);
    if (!rows_open(&r, st, composed(&b), ARGS(ARG(tenant)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        if (!(ok = fn(rows_i64(&r, 0), arg, e)))
            break;
    rows_close(&r);
    return ok;
}
