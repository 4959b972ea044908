#include "service/proof.h"
#include "service/history.h"
#include "service/publish.h"
#include "store/stmt.h"

bool
prover_init(struct prover *p, struct store *st, struct loghead *heads,
            const struct tenant *t, struct arena *a, struct err *e)
{
    struct merkle_source src = { .load = tlog_reader_node };
    struct logkey k;
    struct hash root;
    bool ok;

    *p = (struct prover){ .st = st, .tenant = t->id };
    buf_init(&p->note, 8192);
    src.arg = p->reader = arena_new_obj(a, struct tlog_reader);
    if (p->reader == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    tlog_reader_init(p->reader, st, t->id);
    if (!stmt_one(st, &stmts[Q_HEAD_GET], ARGS(ARG(t->id)), NULL,
                  COLS(COL(&p->size)), e) ||
        !merkle_root_at(&src, (uint64_t)p->size, &root, e) ||
        !logkey_load(loghead_dir(heads), &k, e))
        return false;
    ok = loghead_reach(heads, logkey_origin(a, t), (uint64_t)p->size, &root,
                       e) &&
         publish_sign(&k, logkey_origin(a, t), (uint64_t)p->size, &root,
                      &p->note, e);
    logkey_fini(&k);
    return ok;
}

void
prover_fini(struct prover *p)
{
    buf_fini(&p->note);
}

struct looking {
    struct history_eyes eyes;
    bool all;
};

static bool
look(const struct field *f, struct str bytes, void *arg, struct err *e)
{
    struct looking *k = arg;

    (void)bytes;
    (void)e;
    k->all = k->all && (f->see == NULL ||
                        actor_sees(k->eyes.who, k->eyes.l, k->eyes.rec, f));
    return true;
}

/* One row of EVENT_OF. */
static bool
put_one(struct prover *p, struct rows *r, bool open, struct buf *out,
        struct err *e)
{
    struct merkle_source src = { tlog_reader_node, p->reader };
    struct tlog_proof proof = { .checkpoint = buf_str(&p->note) };
    struct str commits = rows_str(r, 6);
    unsigned char entry[TLOG_ENTRY];
    BUF(raw, 2 << 20);
    BUF(extra, 3 << 20);

    proof.index = (uint64_t)rows_i64(r, 0);
    if (commits.n != 64)
        return err_set(e, ERR_STORE, NULL, "An event in the log is malformed");
    tlog_entry(entry, p->tenant, rows_i64(r, 0), rows_i64(r, 1),
               (const unsigned char *)commits.p);
    buf_put(&raw, entry, sizeof(entry));
    if (open) {
        buf_str_put(&raw, rows_str(r, 4));
        buf_str_put(&raw, rows_str(r, 5));
    }
    base64_put(&extra, buf_str(&raw));
    proof.extra = buf_str(&extra);
    if (raw.over || extra.over)
        return err_set(e, ERR_TOO_LARGE, NULL, "This change is too large");
    if (!merkle_include(&src, proof.index, (uint64_t)p->size, &proof.path, e))
        return false;
    tlog_proof_format(out, &proof);
    return true;
}

bool
proof_of_record(struct prover *p, const struct actor *who,
                const struct ledger *l, const void *rec, struct buf *out,
                struct err *e)
{
    struct looking k = { .eyes = { who, l, rec } };
    int64_t id = ((const struct rec *)rec)->id, veiled;
    struct rows r;
    bool ok, more = false;

    if (!history_veiled(p->st, p->tenant, &k.eyes, &veiled, e) ||
        !rows_open(&r, p->st, &stmts[Q_EVENT_OF], ARGS(ARG(p->tenant), ARG(id)),
                   e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        k.all = rows_i64(&r, 0) >= veiled;
        ok = event_each(l, rows_str(&r, 5), look, &k, e) &&
             put_one(p, &r, k.all && rows_str(&r, 4).n > 0, out, e);
        if (!ok)
            break;
    }
    rows_close(&r);
    return ok;
}

static int64_t
get_i64(const unsigned char *p)
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

static bool
wrong(struct err *e, const char *what)
{
    return err_set(e, ERR_INVALID, NULL, "The proof does not hold: %s", what);
}

/* raw: entry, and perhaps salt and event. */
static bool
open_entry(struct str raw, const struct tlog_proof *p, struct proof_said *said,
           struct err *e)
{
    const unsigned char *b = (const unsigned char *)raw.p;
    struct str salt = str_cut(raw, TLOG_ENTRY, TLOG_ENTRY + TLOG_SALT);
    struct str body = str_cut(raw, TLOG_ENTRY + TLOG_SALT, raw.n);
    struct hash h;

    if (raw.n < TLOG_ENTRY || b[0] != 1)
        return wrong(e, "it holds no entry of a log");
    said->tenant = get_i64(b + 1);
    said->seq = get_i64(b + 9);
    said->at_ms = get_i64(b + 17);
    if ((uint64_t)said->seq != p->index)
        return wrong(e, "the entry is another one");
    said->opened = raw.n > TLOG_ENTRY;
    if (!said->opened)
        return true;
    tlog_commit(&h, salt, body);
    if (salt.n != TLOG_SALT || memcmp(h.b, b + 25, sizeof(h.b)) != 0)
        return wrong(e, "the event is not the one that was logged");
    return event_decode(body, &said->event, e);
}

bool
proof_check(struct str text, const struct note_key *key, struct arena *a,
            struct proof_said *said, struct err *e)
{
    struct tlog_proof p;
    struct hash leaf;
    unsigned char *raw;
    ptrdiff_t n;

    *said = (struct proof_said){ 0 };
    if (!tlog_proof_parse(text, &p, e) ||
        !checkpoint_open(p.checkpoint, key, &said->head, e))
        return false;
    if ((raw = arena_alloc(a, p.extra.n + 1)) == NULL)
        return err_set(e, ERR_TOO_LARGE, NULL, "The file is too large");
    if ((n = base64_parse(p.extra, raw, p.extra.n)) < 0)
        return wrong(e, "it holds no entry of a log");
    if (!open_entry((struct str){ (const char *)raw, (size_t)n }, &p, said, e))
        return false;
    merkle_leaf(&leaf, (struct str){ (const char *)raw, TLOG_ENTRY });
    return merkle_included(&leaf, p.index, said->head.size, &p.path,
                           &said->head.root) ||
           wrong(e, "the entry is not in the tree");
}
