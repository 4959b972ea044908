#include <sodium.h>
#include <stdlib.h>

#include "store/stmt.h"
#include "store/tlog.h"
#include "store/tlog_read.h"

static void
put_u64(unsigned char *p, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)(v >> (56 - 8 * i));
}

void
tlog_commit(struct hash *out, struct str salt, struct str bytes)
{
    hash_of(out, (const struct str[]){ STR("anlan part 1\n"), salt, bytes }, 3);
}

void
tlog_entry(unsigned char out[TLOG_ENTRY], int64_t tenant, int64_t seq,
           int64_t at_ms, const unsigned char commits[64])
{
    out[0] = 1;
    put_u64(out + 1, (uint64_t)tenant);
    put_u64(out + 9, (uint64_t)seq);
    put_u64(out + 17, (uint64_t)at_ms);
    memcpy(out + 25, commits, 64);
}

void
tlog_leaf(struct hash *out, int64_t tenant, int64_t seq, int64_t at_ms,
          const unsigned char commits[64])
{
    unsigned char entry[TLOG_ENTRY];

    tlog_entry(entry, tenant, seq, at_ms, commits);
    merkle_leaf(out, (struct str){ (const char *)entry, sizeof(entry) });
}

bool
tlog_create(struct store *st, int64_t tenant, struct err *e)
{
    struct hash root;

    merkle_empty(&root);
    return QRUN(st, HEAD_ADD, e, ARG(tenant), BLOB(hash_str(&root)));
}

static bool
read_leaves(struct store *st, int64_t tenant, int64_t from, int64_t to,
            struct hash *out, int64_t *n, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if (!rows_open(&r, st, &stmts[Q_EVENT_LEAVES],
                   ARGS(ARG(tenant), ARG(from), ARG(to)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more && *n < to - from) {
        struct str c = rows_str(&r, 2);

        if (rows_i64(&r, 0) != from + *n || c.n != 64)
            break;
        tlog_leaf(&out[*n], tenant, from + *n, rows_i64(&r, 1),
                  (const unsigned char *)c.p);
        ++*n;
    }
    rows_close(&r);
    return ok;
}

/* A tree read tile by tile: node by node it would be a question each. */
static struct tlog_reader *
new_reader(struct store *st, int64_t tenant, struct err *e)
{
    struct tlog_reader *r = malloc(sizeof(*r));

    if (r == NULL)
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    else
        tlog_reader_init(r, st, tenant);
    return r;
}

static bool
load_edge(struct store *st, struct tlog *t, struct err *e)
{
    struct tlog_reader *r = new_reader(st, t->tenant, e);
    bool ok = r != NULL;

    for (unsigned k = 0; k < 63 && ok; k++)
        if (t->edge.size >> k & 1)
            ok = tlog_reader_node(r, k, (t->edge.size >> (k + 1)) << 1,
                                  &t->edge.at[k], e);
    free(r);
    return ok;
}

bool
tlog_load(struct store *st, int64_t tenant, struct tlog *t, struct err *e)
{
    struct tlog is = { .tenant = tenant };
    int64_t size, n;

    if (!stmt_one(st, &stmts[Q_HEAD_GET], ARGS(ARG(tenant)), NULL,
                  COLS(COL(&size), COL(&is.last_ms)), e))
        return false;
    is.edge.size = (uint64_t)size;
    if (!load_edge(st, &is, e))
        return false;
    if (!read_leaves(st, tenant, size - size % TLOG_TILE, size, is.open, &n, e))
        return false;
    if (n != size % TLOG_TILE)
        return err_set(e, ERR_STORE, NULL,
                       "The log of tenant %ld lacks entries; run anlan verify",
                       (long)tenant);
    *t = is;
    return true;
}

static bool
put_tile(struct store *st, int64_t tenant, int64_t level, uint64_t n,
         const struct hash at[TLOG_TILE], struct err *e)
{
    return QRUN(
        st, TILE_ADD, e, ARG(tenant), ARG(level), ARG((int64_t)n),
        BLOB(((struct str){ (const char *)at, TLOG_TILE * sizeof(*at) })));
}

/* The tiles above that a full one fills. */
static bool
close_above(struct store *st, const struct tlog *t, uint64_t n, struct err *e)
{
    struct tlog_reader *r = new_reader(st, t->tenant, e);
    struct hash up[TLOG_TILE];
    bool ok = r != NULL;

    for (unsigned level = 1; ok && n % TLOG_TILE == 0; level++) {
        n /= TLOG_TILE;
        ok = tlog_reader_tile(r, level, n - 1, TLOG_TILE, up, e) &&
             put_tile(st, t->tenant, level, n - 1, up, e);
    }
    free(r);
    return ok;
}

/* The tile under way is full: write it, and every tile above that it fills. */
static bool
close_tile(struct store *st, struct tlog *t, struct err *e)
{
    uint64_t n = t->edge.size / TLOG_TILE;

    return put_tile(st, t->tenant, 0, n - 1, t->open, e) &&
           (n % TLOG_TILE != 0 || close_above(st, t, n, e));
}

static bool
add_part(struct store *st, const struct tlog *t, const struct tlog_event *ev,
         unsigned char commit[32], struct err *e)
{
    unsigned char salt[TLOG_SALT];
    struct str s = { (const char *)salt, sizeof(salt) };
    struct hash h, all;

    randombytes_buf(salt, sizeof(salt));
    tlog_commit(&h, s, ev->part);
    tlog_commit(&all, STR(""), hash_str(&h));
    memcpy(commit, all.b, 32);
    return QRUN(st, EVENT_PART_ADD, e, ARG(t->tenant),
                ARG((int64_t)t->edge.size), ARG(ev->subject), BLOB(s),
                BLOB(ev->part), BLOB(hash_str(&h)));
}

bool
tlog_append(struct store *st, struct tlog *t, const struct tlog_event *ev,
            int64_t *seq, struct err *e)
{
    unsigned char salt[TLOG_SALT], commits[64] = { 0 };
    struct str s = { (const char *)salt, sizeof(salt) };
    int64_t at = ev->at_ms > t->last_ms ? ev->at_ms : t->last_ms;
    int64_t n = (int64_t)t->edge.size;
    struct hash h;

    randombytes_buf(salt, sizeof(salt));
    tlog_commit(&h, s, ev->body);
    memcpy(commits, h.b, 32);
    if (ev->part.n > 0 && !add_part(st, t, ev, commits + 32, e))
        return false;
    if (!QRUN(st, EVENT_ADD, e, ARG(t->tenant), ARG(n), ARG(at),
              ARG(ev->ledger), ARG(ev->record), ARG(ev->rev), ARG(ev->verb),
              ARG(ev->actor), BLOB(s), BLOB(ev->body),
              BLOB(((struct str){ (const char *)commits, sizeof(commits) }))))
        return false;
    tlog_leaf(&h, t->tenant, n, at, commits);
    t->open[t->edge.size % TLOG_TILE] = h;
    merkle_append(&t->edge, &h);
    t->last_ms = at;
    t->dirty = true;
    *seq = n;
    return t->edge.size % TLOG_TILE != 0 || close_tile(st, t, e);
}

bool
tlog_save(struct store *st, struct tlog *t, struct err *e)
{
    struct hash root;

    if (!t->dirty)
        return true;
    merkle_root(&t->edge, &root);
    if (!QRUN(st, HEAD_PUT, e, ARG(t->tenant), ARG((int64_t)t->edge.size),
              ARG(t->last_ms), BLOB(hash_str(&root))))
        return false;
    t->dirty = false;
    return true;
}
