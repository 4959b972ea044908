#include "service/head.h"

#include "codec/merkle.h"
#include "store/stmt.h"
#include "store/tlog_read.h"

bool
head_held(struct store *st, const struct tenant *t, uint64_t size,
          const struct hash *root, struct arena *a, struct head_held *h,
          struct err *e)
{
    struct tlog_reader *r = arena_new_obj(a, struct tlog_reader);
    struct merkle_source src = { tlog_reader_node, r };
    struct hash is;

    if (r == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    tlog_reader_init(r, st, t->id);
    h->size = -1;
    if (!stmt_one(st, &stmts[Q_HEAD_GET], ARGS(ARG(t->id)), NULL,
                  COLS(COL(&h->size)), e) &&
        e->code != ERR_MISSING)
        return false;
    h->is = HEAD_SHORT;
    if (h->size < 0 || size > (uint64_t)h->size)
        return true;
    if (!merkle_root_at(&src, size, &is, e)) {
        if (e->code != ERR_MISSING)
            return false; /* of a log with holes no root is known */
        h->is = HEAD_OTHER;
        return true;
    }
    h->is = memcmp(&is, root, sizeof(is)) == 0 ? HEAD_WITHIN : HEAD_OTHER;
    return true;
}
