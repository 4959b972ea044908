/* A form or a program's request that arrives twice makes one change. */
#include "service/once.h"
#include "codec/hash.h"
#include "service/seal.h"

enum { ONCE_MINUTES = 10 };

/* The digest of what was asked: the same key with other words is a mistake. */
static bool
digest(const struct change *c, struct hash *out, struct err *e)
{
    const struct input *in = c->asked != NULL ? c->asked : c->input;
    size_t n = c->asked != NULL ? c->n_asked : c->n_inputs;
    BUF(b, 4 << 20);

    buf_printf(&b, "%s %ld %ld %.*s", c->ledger->name, (long)c->id,
               (long)c->org, STR_ARG(c->verb));
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, "\n%zu %zu ", in[i].name.n, in[i].value.n);
        buf_str_put(&b, in[i].name);
        buf_str_put(&b, in[i].value);
    }
    if (b.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    hash_of(out, (const struct str[]){ buf_str(&b) }, 1);
    return true;
}

/* The key under which the words themselves are kept. */
static struct str
words_key(struct arena *a, const struct hash *h)
{
    BUF(b, 80);

    buf_puts(&b, "words:");
    hex_put(&b, hash_str(h));
    return arena_dup(a, buf_str(&b));
}

static bool
known_by_words(struct tx *tx, struct change *c, bool *found, struct err *e)
{
    struct hash h;
    struct rec *rec;

    if (!c->once || c->id != 0)
        return true;
    if (!digest(c, &h, e))
        return false;
    if (!stmt_one(tx->st, &stmts[Q_IDEM_SINCE],
                  ARGS(ARG(c->tenant), ARG(c->person),
                       ARG(words_key(tx->arena, &h)),
                       ARG(tx->now - ONCE_MINUTES * INT64_C(60000))),
                  NULL, COLS(COL(&c->out_id), COL(&c->out_rev)), e))
        return e->code == ERR_MISSING;
    if ((rec = arena_alloc(tx->arena, c->ledger->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(tx->st, c->tenant, c->ledger, c->out_id, tx->arena, rec,
                       e))
        return e->code == ERR_MISSING;
    /* when it has gone on since, the same words mean another one */
    *found = rec->rev == c->out_rev;
    c->repeated = c->alike = *found;
    return true;
}

bool
once_known(struct tx *tx, struct change *c, bool *found, struct err *e)
{
    struct str was;
    struct hash h;

    *found = false;
    if (c->idem.n == 0)
        return true;
    if (!stmt_one(tx->st, &stmts[Q_IDEM_GET],
                  ARGS(ARG(c->tenant), ARG(c->person), ARG(c->idem)), tx->arena,
                  COLS(COL(&c->out_id), COL(&c->out_rev), COL(&was)), e))
        return e->code == ERR_MISSING && known_by_words(tx, c, found, e);
    if (arena_failed(tx->arena) || !digest(c, &h, e))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!str_eq(was, hash_str(&h)))
        return err_set(e, ERR_CONFLICT, "key",
                       "This idempotency key was used for something else");
    c->repeated = *found = true;
    return true;
}

bool
once_remember(struct tx *tx, const struct change *c, bool made, struct err *e)
{
    struct hash h;

    if (c->idem.n == 0)
        return true;
    if (!digest(c, &h, e) ||
        !seal_add(tx, SEAL_REQUEST, &stmts[Q_IDEM_ADD],
                  ARGS(ARG(c->tenant), ARG(c->person), ARG(c->idem),
                       ARG(c->out_id), ARG(c->out_rev), BLOB(hash_str(&h)),
                       ARG(tx->now)),
                  e))
        return false;
    return !c->once || !made ||
           seal_add(tx, SEAL_REQUEST, &stmts[Q_IDEM_SET],
                    ARGS(ARG(c->tenant), ARG(c->person),
                         ARG(words_key(tx->arena, &h)), ARG(c->out_id),
                         ARG(c->out_rev), BLOB(hash_str(&h)), ARG(tx->now)),
                    e);
}
