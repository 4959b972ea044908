#include "store/tlog_read.h"
#include "store/roots.h"
#include "store/stmt.h"

void
tlog_reader_init(struct tlog_reader *r, struct store *st, int64_t tenant)
{
    r->st = st;
    r->tenant = tenant;
    for (unsigned i = 0; i < N_OF(r->slot); i++)
        r->slot[i].loaded = false;
}

/* The leaves of the tile that is not full yet. */
static bool
read_open_leaves(struct tlog_reader *r, struct tlog_slot *s, struct err *e)
{
    int64_t from = (int64_t)s->n * TLOG_TILE, n = 0;
    struct rows q;
    bool ok, more = false;

    if (!rows_open(&q, r->st, &stmts[Q_EVENT_LEAVES],
                   ARGS(ARG(r->tenant), ARG(from), ARG(from + TLOG_TILE)), e))
        return false;
    while ((ok = rows_next(&q, &more, e)) && more && n < TLOG_TILE) {
        struct str c = rows_str(&q, 2);

        if (rows_i64(&q, 0) != from + n || c.n != 64)
            break;
        tlog_leaf(&s->at[n], r->tenant, from + n, rows_i64(&q, 1),
                  (const unsigned char *)c.p);
        s->have[n++] = true;
    }
    rows_close(&q);
    return ok;
}

static bool
load_tile(struct tlog_reader *r, unsigned level, uint64_t n, struct err *e)
{
    struct tlog_slot *s = &r->slot[level];
    struct rows q;
    bool ok, more = false;

    if (s->loaded && s->n == n)
        return true;
    s->loaded = false;
    s->n = n;
    memset(s->have, 0, sizeof(s->have));
    if (!rows_open(&q, r->st, &stmts[Q_TILE_GET],
                   ARGS(ARG(r->tenant), ARG((int64_t)level), ARG((int64_t)n)),
                   e))
        return false;
    ok = rows_next(&q, &more, e);
    if (ok && more) {
        struct str data = rows_str(&q, 0);

        if (data.n == sizeof(s->at)) {
            memcpy(s->at, data.p, data.n);
            memset(s->have, 1, sizeof(s->have));
        } else
            ok = err_set(e, ERR_STORE, NULL, "A tile of the log is damaged");
    }
    rows_close(&q);
    if (ok && !more && level == 0)
        ok = read_open_leaves(r, s, e);
    s->loaded = ok;
    return ok;
}

/* One hash of a tile: stored, or the root of the tile below. */
static bool
entry(struct tlog_reader *r, unsigned level, uint64_t index, struct hash *out,
      struct err *e)
{
    struct tlog_slot *s = &r->slot[level];
    unsigned i = index % TLOG_TILE;

    if (!load_tile(r, level, index / TLOG_TILE, e))
        return false;
    if (!s->have[i]) {
        if (level == 0)
            return err_set(e, ERR_MISSING, NULL, "The log has no such entry");
        /* above, levels 8 and more of one tile are this tile's entries */
        if (!tlog_reader_fold(r, level - 1, index, 0, TLOG_TILE, &s->at[i], e))
            return false;
        s->have[i] = true;
    }
    *out = s->at[i];
    return true;
}

/* The root of a whole tile, if it was computed before; NULL: no place. */
static struct root_slot *
known_root(struct tlog_reader *r, unsigned level, uint64_t n, unsigned from,
           unsigned width, bool *known)
{
    struct roots *all =
        width == TLOG_TILE && from == 0 ? store_roots(r->st) : NULL;
    struct root_slot *s =
        all != NULL ? roots_slot(all, r->tenant, level, n) : NULL;

    *known = s != NULL && s->set && s->tenant == r->tenant && s->n == n &&
             s->level == level;
    return s;
}

bool
tlog_reader_fold(struct tlog_reader *r, unsigned level, uint64_t n,
                 unsigned from, unsigned width, struct hash *out, struct err *e)
{
    struct hash at[TLOG_TILE];
    bool known, whole = width == TLOG_TILE;
    struct root_slot *slot = known_root(r, level, n, from, width, &known);

    if (known) {
        *out = slot->root;
        return true;
    }
    at[0] = (struct hash){ { 0 } };
    for (unsigned i = 0; i < width; i++)
        if (!entry(r, level, n * TLOG_TILE + from + i, &at[i], e))
            return false;
    for (; width > 1; width /= 2)
        for (unsigned i = 0; i < width / 2; i++)
            merkle_node(&at[i], &at[2 * i], &at[2 * i + 1]);
    *out = at[0];
    if (whole && slot != NULL)
        *slot = (struct root_slot){ r->tenant, n, level, true, at[0] };
    return true;
}

bool
tlog_reader_node(void *arg, unsigned level, uint64_t index, struct hash *out,
                 struct err *e)
{
    struct tlog_reader *r = arg;
    unsigned k = level % 8;
    uint64_t first = index << k;

    if (level >= 8 * N_OF(r->slot))
        return err_set(e, ERR_MISSING, NULL, "The log has no such entry");
    return tlog_reader_fold(r, level / 8, first / TLOG_TILE,
                            (unsigned)(first % TLOG_TILE), 1U << k, out, e);
}

bool
tlog_reader_tile(struct tlog_reader *r, unsigned level, uint64_t n,
                 unsigned width, struct hash *out, struct err *e)
{
    for (unsigned i = 0; i < width; i++)
        if (!entry(r, level, n * TLOG_TILE + i, &out[i], e))
            return false;
    return true;
}
