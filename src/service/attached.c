#include "service/attached.h"

#include "domain/event.h"
#include "service/install.h"
#include "service/log_note.h"
#include "store/stmt.h"

enum { FIND_SLICE = 300 };
#define FOUND "attachments"

void
attached_put(struct buf *b, const struct file_row *f)
{
    struct hash h;

    files_print(f, &h);
    for (int i = 56; i >= 0; i -= 8)
        buf_putc(b, (char)((uint64_t)f->id >> i));
    buf_str_put(b, hash_str(&h));
}

/* ---- what was there before -------------------------------------------------------- */

static bool
slice_of(struct tx *tx, int64_t tenant, int64_t *ids, size_t *n, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if (!rows_open(&r, tx->st, &stmts[Q_FILE_BARE],
                   ARGS(ARG(tenant), ARG((int64_t)FIND_SLICE)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && *n < FIND_SLICE)
        ids[(*n)++] = rows_i64(&r, 0);
    rows_close(&r);
    return ok;
}

static bool
find_slice(struct tx *tx, int64_t tenant, bool *more, struct err *e)
{
    int64_t ids[FIND_SLICE];
    size_t n;
    BUF(rows, FIND_SLICE * (EVENT_FILE + 1));

    if (!slice_of(tx, tenant, ids, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct file_row f;

        if (!files_salt(tx->st, tenant, ids[i], e) ||
            !files_get(tx->st, tenant, ids[i], tx->arena, &f, e))
            return false;
        attached_put(&rows, &f);
    }
    *more = n > 0;
    if (rows.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return n == 0 || log_note(tx, tenant,
                              &(struct log_note){ "attachments-found", STR(""),
                                                  buf_str(&rows) },
                              e);
}

bool
attached_find_job(struct tx *tx, void *arg, struct err *e)
{
    struct attached_finding *f = arg;
    struct str v = STR("");
    struct tenant *list;
    size_t n;
    bool more = false;

    f->done = true;
    /* of several servers that start at once, one goes first */
    if (!tx_turn(tx, 1, e) || !setting_get(tx->st, FOUND, tx->arena, &v, e))
        return false;
    if (v.n > 0)
        return true;
    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    for (size_t i = 0; !more && i < n; i++)
        if (!find_slice(tx, list[i].id, &more, e))
            return false;
    f->done = !more;
    return more || attached_none_to_find(tx, e);
}

bool
attached_none_to_find(struct tx *tx, struct err *e)
{
    return setting_put(tx, FOUND, STR("found"), e);
}

bool
attached_find_all(struct writer *w, struct err *e)
{
    struct attached_finding f = { .done = writer_read_only(w) };

    while (!f.done)
        if (!writer_run(w, attached_find_job, &f, e))
            return false;
    return true;
}
