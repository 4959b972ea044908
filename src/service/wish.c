#include <sodium.h>

#include "codec/hash.h"
#include "service/install.h"
#include "service/seal.h"
#include "service/wish.h"
#include "store/stmt.h"

enum { MAC = 16 };

bool
wish_get(struct store *st, int64_t tenant, int64_t person, struct wish *w,
         struct err *e)
{
    *w = wish_preset;
    return stmt_one(st, &stmts[Q_WISH_GET], ARGS(ARG(tenant), ARG(person)),
                    NULL,
                    COLS(COL(&w->digest_at), COL(&w->quiet_from),
                         COL(&w->quiet_until), COL(&w->off), COL(&w->sms)),
                    e) ||
           e->code == ERR_MISSING;
}

/* What is a duty stays on, whatever was sent. */
static int64_t
may_be_off(int64_t off)
{
    int64_t able = 0;

    for (const struct message_class *c = message_classes; c->v != 0; c++)
        if (!c->duty)
            able |= INT64_C(1) << c->v;
    return off & able;
}

bool
wish_put_job(struct tx *tx, void *arg, struct err *e)
{
    const struct wish_new *n = arg;
    const struct dir *d = tx_dir(tx, n->tenant, e);
    struct wish w;

    if (d == NULL || !wish_get(tx->st, n->tenant, n->person, &w, e))
        return false;
    if (n->all_off)
        w.off = INT64_MAX;
    else if (n->off_only)
        w.off = n->wish.off;
    else
        w = n->wish;
    w.off = may_be_off(w.off);
    return wish_check(&w, e) &&
           QRUN(tx->st, WISH_PUT, e, ARG(n->tenant), ARG(n->person),
                ARG(w.digest_at), ARG(w.quiet_from), ARG(w.quiet_until),
                ARG(w.off), ARG(w.sms), ARG(tx->now)) &&
           /* the digest that is planned comes at the new hour, too */
           seal_change(tx, SEAL_MOVE,
                       ARGS(ARG(n->tenant), ARG(n->person),
                            ARG(wish_digest(&w, &d->rules, tx->now))),
                       NULL, e);
}

bool
link_key_make(struct tx *tx, struct err *e)
{
    char secret[SECRET_HEX + 1];
    struct str have;

    if (!setting_get(tx->st, "link_key", tx->arena, &have, e))
        return false;
    if (have.n > 0)
        return true;
    secret_new(secret);
    return setting_put(tx, "link_key", str_of(secret), e);
}

static bool
wrong_link(struct err *e)
{
    return err_set(e, ERR_MISSING, NULL,
                   "This address is not whole: open it from the message once "
                   "more, or sign in and choose under your name");
}

static bool
mac(struct store *st, struct arena *a, struct str head, struct hash *out,
    struct err *e)
{
    struct str key;

    if (!setting_get(st, "link_key", a, &key, e))
        return false;
    hash_hmac(out, key, arena_printf(a, "stop %.*s", STR_ARG(head)));
    return key.n > 0 || wrong_link(e);
}

struct str
link_word(struct store *st, struct arena *a, int64_t tenant, int64_t person,
          struct err *e)
{
    struct str head = arena_printf(a, "%ld-%ld", (long)tenant, (long)person);
    struct hash h;
    BUF(b, 256);

    if (!mac(st, a, head, &h, e))
        return STR("");
    buf_printf(&b, "%.*s-", STR_ARG(head));
    hex_put(&b, str_cut(hash_str(&h), 0, MAC));
    return arena_dup(a, buf_str(&b));
}

bool
link_read(struct store *st, struct arena *a, struct str word, int64_t *tenant,
          int64_t *person, struct err *e)
{
    unsigned char sent[MAC];
    struct str rest = word, t = STR(""), p = STR("");
    struct hash h;

    if (str_split(&rest, '-', &t) && str_split(&rest, '-', &p) &&
        str_i64(t, tenant) && str_i64(p, person) && *tenant > 0 &&
        *person > PERSON_PUBLIC && hex_parse(rest, sent, MAC)) {
        if (!mac(st, a, str_cut(word, 0, t.n + 1 + p.n), &h, e))
            return false;
        if (sodium_memcmp(sent, h.b, MAC) == 0)
            return true;
    }
    return wrong_link(e);
}
