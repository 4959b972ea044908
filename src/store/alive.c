/* Records that lived in a period. */
#include "base/id.h"
#include "store/stmt.h"

enum { FIELDS_MAX = 40 };

static size_t
named_fields(const struct alive_query *q, const struct field **f)
{
    struct str rest = str_of(q->fields), name;
    size_t n = 0;

    while (n < FIELDS_MAX && str_split(&rest, ' ', &name))
        if ((f[n] = ledger_field(q->ledger, name)) != NULL &&
            field_ctype(f[n]) != CT_TEXT2)
            n++;
    return n;
}

static void
put_head(struct buf *b, const struct alive_query *q,
         const struct field *const *f, size_t n)
{
    buf_puts(b, "SELECT id, rev, org, state, no, due_at, created_at,"
                " occurred_at");
    for (size_t i = 0; i < n; i++)
        buf_printf(b, ", %s", f[i]->name);
    buf_printf(b, " FROM %s WHERE tenant_id = $1", q->ledger->name);
}

static void
put_open(struct buf *b, const struct ledger *l, const char *op)
{
    const char *comma = "";

    buf_printf(b, " AND state %s (", op);
    for (size_t i = 0; i < l->n_states; i++)
        if (l->states[i].flags & ST_OPEN) {
            buf_printf(b, "%s%ld", comma, (long)l->states[i].v);
            comma = ", ";
        }
    buf_puts(b, ")");
}

static void
read_one(struct rows *r, const struct field *const *f, size_t n, void *rec)
{
    struct rec *h = rec;

    h->id = rows_i64(r, 0);
    h->rev = rows_i64(r, 1);
    h->org = rows_i64(r, 2);
    h->state = rows_i64(r, 3);
    h->no = rows_str(r, 4);
    h->due_at = rows_i64(r, 5);
    h->created_at = rows_i64(r, 6);
    h->occurred_at = rows_i64(r, 7);
    for (size_t i = 0; i < n; i++)
        if (field_ctype(f[i]) == CT_I64)
            *field_i64(f[i], rec) = rows_i64(r, 8 + (int)i);
        else
            *field_str(f[i], rec) = rows_str(r, 8 + (int)i);
}

struct walk {
    struct store *st;
    const struct field *f[FIELDS_MAX];
    size_t n_f;
    void *rec;
    store_rec_fn *fn;
    void *arg;
};

static bool
walk(const struct walk *w, const struct buf *sql, const struct arg *args,
     size_t n, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open_text(&r, w->st, sql, args, n, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        read_one(&r, w->f, w->n_f, w->rec);
        if (!(ok = w->fn(w->rec, w->arg, e)))
            break;
    }
    rows_close(&r);
    return ok;
}

/* Everything that was entered since; what is open and older; what is older and
 * ended since. No record is in two of them. */
static bool
walk_all(const struct walk *w, const struct alive_query *q, struct err *e)
{
    const struct ledger *l = q->ledger;
    int64_t id = id_from_time(q->from_ms);
    BUF(since, 8192);
    BUF(open, 8192);
    BUF(ended, 8192);

    put_head(&since, q, w->f, w->n_f);
    buf_puts(&since, " AND id >= $2 ORDER BY id");
    put_head(&open, q, w->f, w->n_f);
    put_open(&open, l, "IN");
    buf_puts(&open, " AND id < $2");
    put_head(&ended, q, w->f, w->n_f);
    buf_puts(&ended, " AND closed_at <> 0 AND closed_at >= $3 AND +id < $2");
    put_open(&ended, l, "NOT IN");
    return walk(w, &since, ARGS(ARG(q->tenant), ARG(id)), e) &&
           walk(w, &open, ARGS(ARG(q->tenant), ARG(id)), e) &&
           walk(w, &ended, ARGS(ARG(q->tenant), ARG(id), ARG(q->from_ms)), e);
}

bool
store_alive(struct store *st, const struct alive_query *q, store_rec_fn *fn,
            void *arg, struct err *e)
{
    ARENA(a, 64 * 1024);
    struct walk w = { .st = st, .fn = fn, .arg = arg };
    BUF(own, 8192);

    if (a == NULL || (w.rec = arena_alloc(a, q->ledger->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    w.n_f = named_fields(q, w.f);
    if (q->org == 0)
        return walk_all(&w, q, e);
    put_head(&own, q, w.f, w.n_f);
    buf_puts(&own, " AND org = $2 ORDER BY id");
    return walk(&w, &own, ARGS(ARG(q->tenant), ARG(q->org)), e);
}
