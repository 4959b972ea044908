#include <sodium.h>

#include "codec/hash.h"
#include "domain/login.h"
#include "domain/password.h"
#include "service/credential.h"
#include "service/device.h"
#include "service/seal.h"
#include "service/token.h"

enum { ARGON_MEM = 19 << 20, ARGON_OPS = 2, PASSWORD_MIN = 10 };

static bool
directory_find(struct store *st, struct str login, struct account *is,
               struct err *e)
{
    return stmt_one(st, &stmts[Q_DIRECTORY_GET], ARGS(ARG(login)), NULL,
                    COLS(COL(&is->tenant), COL(&is->person)), e);
}

bool
account_find(struct store *st, struct str login, struct arena *a,
             struct account *out, struct err *e)
{
    struct account is = { .hash = STR("") };

    if (!directory_find(st, login, &is, e) &&
        (e->code != ERR_MISSING ||
         !directory_find(st, login_fold(a, login), &is, e)))
        return false;
    if (!stmt_one(st, &stmts[Q_SECRET_GET],
                  ARGS(ARG(is.tenant), ARG(is.person)), a, COLS(COL(&is.hash)),
                  e) &&
        e->code != ERR_MISSING)
        return false;
    *out = is;
    return true;
}

bool
account_secret(struct store *st, int64_t tenant, int64_t person,
               struct arena *a, struct str *hash, struct err *e)
{
    return stmt_one(st, &stmts[Q_SECRET_GET], ARGS(ARG(tenant), ARG(person)), a,
                    COLS(COL(hash)), e);
}

bool
account_verify(struct str hash, struct str password)
{
    /* of a password nobody has: an unknown name takes as long as a known */
    static const char nobody[] =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "FBAgrFq3y7UWzVzNJ6V5DPUqTnSuPCSyQWQCKZm9yAU";
    char z[crypto_pwhash_STRBYTES] = { 0 };
    bool known = hash.n > 0 && hash.n < sizeof(z);

    if (known)
        memcpy(z, hash.p, hash.n);
    else
        memcpy(z, nobody, sizeof(nobody));
    return crypto_pwhash_str_verify(z, password.p, password.n) == 0 && known;
}

bool
account_check_password(struct str password, struct str login, struct err *e)
{
    ARENA(a, 16 * 1024);

    if (utf8_count(password) < PASSWORD_MIN)
        return err_set(e, ERR_INVALID, "password",
                       "The password needs at least %d characters: three or "
                       "four words are easy to remember",
                       PASSWORD_MIN);
    if (password.n > 1024 || !utf8_valid(password))
        return err_set(e, ERR_INVALID, "password", "The password is too long");
    if (str_eq(password, login))
        return err_set(e, ERR_INVALID, "password",
                       "The password must not be the sign-in name");
    if (password_is_common(a, password, login))
        return err_set(e, ERR_INVALID, "password",
                       "Many people take this password, so it is tried first: "
                       "three or four words that have nothing to do with each "
                       "other are better");
    return true;
}

bool
account_hash(struct str password, char out[128], struct err *e)
{
    return crypto_pwhash_str_alg(out, password.p, password.n, ARGON_OPS,
                                 ARGON_MEM,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0 ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

void
secret_new(char out[SECRET_HEX + 1])
{
    unsigned char raw[SECRET_HEX / 2];

    randombytes_buf(raw, sizeof(raw));
    sodium_bin2hex(out, SECRET_HEX + 1, raw, sizeof(raw));
}

struct str
secret_digest(struct arena *a, struct str secret)
{
    struct hash h;
    char *hex = arena_alloc(a, SECRET_HEX + 1);

    if (hex == NULL)
        return STR("");
    hash_of(&h, (const struct str[]){ STR("anlan secret\n"), secret }, 2);
    sodium_bin2hex(hex, SECRET_HEX + 1, h.b, sizeof(h.b));
    return (struct str){ hex, SECRET_HEX };
}

static bool
put_session(struct tx *tx, struct session_new *s, int64_t until, struct err *e)
{
    secret_new(s->secret);
    secret_new(s->csrf);
    return seal_add(tx, SEAL_SESSION, &stmts[Q_SESSION_ADD],
                    ARGS(ARG(secret_digest(tx->arena, str_of(s->secret))),
                         ARG(s->tenant), ARG(s->person), ARG(tx->now),
                         ARG(until), ARG(str_of(s->csrf)), ARG(tx->now)),
                    e);
}

bool
session_add_job(struct tx *tx, void *arg, struct err *e)
{
    struct session_new *s = arg;

    return put_session(tx, s,
                       tx->now + (s->hours > 0 ? s->hours * MS_PER_HOUR
                                               : SESSION_DAYS * MS_PER_DAY),
                       e);
}

bool
session_end_job(struct tx *tx, void *arg, struct err *e)
{
    struct session_end *s = arg;

    if (s->everywhere)
        return QRUN(tx->st, SESSION_DEL_ALL, e, ARG(s->tenant), ARG(s->person));
    return QRUN(tx->st, SESSION_DEL, e,
                ARG(secret_digest(tx->arena, s->secret)));
}

/* Of several who use the link at once, the first in the writer's order. */
static bool
link_holds(struct tx *tx, const struct password_set *p, struct err *e)
{
    struct account a;

    if (p->once.n == 0)
        return true;
    return once_find(tx->st, p->once, tx->now, &a, e) &&
           ((a.tenant == p->tenant && a.person == p->person) ||
            err_set(e, ERR_MISSING, NULL, "There is no such record"));
}

static bool
session_renew(struct tx *tx, struct password_set *p, const struct session *s,
              struct err *e)
{
    struct session_new n = { .tenant = s->tenant, .person = s->person };

    p->until = s->until;
    if (!put_session(tx, &n, s->until, e))
        return false;
    memcpy(p->secret, n.secret, sizeof(n.secret));
    return true;
}

bool
password_set_job(struct tx *tx, void *arg, struct err *e)
{
    struct password_set *p = arg;
    struct session s;
    bool keep = p->keep.n > 0 &&
                session_find(tx->st, p->keep, tx->now, tx->arena, &s, e);

    return link_holds(tx, p, e) &&
           QRUN(tx->st, SECRET_PUT, e, ARG(p->tenant), ARG(p->person),
                ARG(str_of(p->hash)), ARG(tx->now), ARG(STR("")),
                ARG((int64_t)0)) &&
           QRUN(tx->st, SESSION_DEL_ALL, e, ARG(p->tenant), ARG(p->person)) &&
           credential_note(tx,
                           &(struct credential_note){ .tenant = p->tenant,
                                                      .by = p->person,
                                                      .verb = CRED_MADE,
                                                      .kind = CRED_PASSWORD,
                                                      .id = p->person,
                                                      .person = p->person },
                           e) &&
           pin_end(tx, p->tenant, p->person, e) &&
           token_end_own(tx, p->tenant, p->person, p->person, e) &&
           (!keep || session_renew(tx, p, &s, e));
}

bool
once_new_job(struct tx *tx, void *arg, struct err *e)
{
    struct once_new *o = arg;
    struct str hash = STR("");
    int64_t changed = 0, until = tx->now + ONCE_HOURS * MS_PER_HOUR;

    secret_new(o->secret);
    if (!stmt_one(tx->st, &stmts[Q_SECRET_GET],
                  ARGS(ARG(o->tenant), ARG(o->person)), tx->arena,
                  COLS(COL(&hash), COL(&changed)), e) &&
        e->code != ERR_MISSING)
        return false;
    return QRUN(tx->st, SECRET_PUT, e, ARG(o->tenant), ARG(o->person),
                ARG(hash), ARG(changed),
                ARG(secret_digest(tx->arena, str_of(o->secret))), ARG(until)) &&
           credential_note(tx,
                           &(struct credential_note){ .tenant = o->tenant,
                                                      .by = o->by,
                                                      .verb = CRED_MADE,
                                                      .kind = CRED_LINK,
                                                      .id = o->person,
                                                      .person = o->person,
                                                      .until = until },
                           e);
}

static bool
sign_in_first(struct err *e)
{
    return err_set(e, ERR_SIGN_IN, NULL, "Please sign in");
}

bool
session_find(struct store *st, struct str secret, int64_t now, struct arena *a,
             struct session *out, struct err *e)
{
    struct session s = { .hash = secret_digest(a, secret) };
    int64_t made_at;

    if (secret.n != SECRET_HEX)
        return sign_in_first(e);
    if (!stmt_one(st, &stmts[Q_SESSION_GET], ARGS(ARG(s.hash)), a,
                  COLS(COL(&s.tenant), COL(&s.person), COL(&s.until),
                       COL(&s.csrf), COL(&made_at), COL(&s.used_at)),
                  e))
        return e->code == ERR_MISSING ? sign_in_first(e) : false;
    if (s.used_at < made_at)
        s.used_at = made_at;
    if (s.until < now || s.used_at < now - SESSION_IDLE_DAYS * MS_PER_DAY)
        return sign_in_first(e);
    *out = s;
    return true;
}

bool
session_is_stale(const struct session *s, int64_t now)
{
    return s->used_at < now - MS_PER_HOUR;
}

bool
session_use_job(struct tx *tx, void *arg, struct err *e)
{
    const struct session_use *u = arg;

    return seal_change(
        tx, SEAL_USED,
        ARGS(ARG(u->hash), ARG(tx->now), ARG(tx->now - MS_PER_HOUR)), NULL, e);
}

bool
once_find(struct store *st, struct str secret, int64_t now, struct account *out,
          struct err *e)
{
    ARENA(a, 4096);
    int64_t until;
    struct account is = { .hash = STR("") };

    if (secret.n != SECRET_HEX ||
        !stmt_one(st, &stmts[Q_SECRET_ONCE],
                  ARGS(ARG(secret_digest(a, secret))), NULL,
                  COLS(COL(&is.tenant), COL(&is.person), COL(&until)), e) ||
        until < now)
        return err_set(e, ERR_MISSING, NULL,
                       "This link has been used or is too old. Ask the "
                       "administrator for a new one");
    *out = is;
    return true;
}

__attribute__((constructor)) static void
account_init(void)
{
    if (sodium_init() < 0)
        __builtin_trap();
}
