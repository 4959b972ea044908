#include <libdeflate.h>
#include <sodium.h>

#include "base/clean.h"
#include "service/credential.h"
#include "service/token.h"
#include "store/stmt.h"

#define PREFIX "anlan_"

enum {
    RANDOM = 32,
    RANDOM_TEXT = 43,
    SUM_TEXT = 6,
    NAME_MAX_CHARS = 60,
    OWN_MAX = 64,
};

/* ---- the text ----------------------------------------------------------------- */

static void
put_sum(struct str random, char out[SUM_TEXT])
{
    static const char digits[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    uint32_t sum = libdeflate_crc32(0, random.p, random.n);

    for (int i = SUM_TEXT - 1; i >= 0; i--, sum /= 62)
        out[i] = digits[sum % 62];
}

static void
text_new(char out[TOKEN_TEXT + 1])
{
    const size_t head = sizeof(PREFIX) - 1;
    unsigned char raw[RANDOM];

    randombytes_buf(raw, sizeof(raw));
    memcpy(out, PREFIX, head);
    sodium_bin2base64(out + head, RANDOM_TEXT + 1, raw, sizeof(raw),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    put_sum((struct str){ out + head, RANDOM_TEXT }, out + head + RANDOM_TEXT);
    out[TOKEN_TEXT] = '\0';
    sodium_memzero(raw, sizeof(raw));
}

static bool
text_ok(struct str text)
{
    struct str random =
        str_cut(text, sizeof(PREFIX) - 1, sizeof(PREFIX) - 1 + RANDOM_TEXT);
    char sum[SUM_TEXT];

    if (text.n != TOKEN_TEXT || !str_starts(text, STR(PREFIX)))
        return false;
    put_sum(random, sum);
    return memcmp(sum, random.p + RANDOM_TEXT, sizeof(sum)) == 0;
}

static bool
is_old(struct str text)
{
    return text.n == SECRET_HEX;
}

/* ---- making and ending -------------------------------------------------------- */

static const struct dir_post *
post_of(const struct dir *d, int64_t id, int64_t person)
{
    for (size_t i = 0; i < d->n_post; i++)
        if (d->post[i].id == id && d->post[i].person == person)
            return &d->post[i];
    return NULL;
}

static bool
has_room(struct tx *tx, const struct token_new *t, struct err *e)
{
    struct token all[TOKENS_MAX];
    size_t n;

    return token_of(tx->st, t->tenant, t->person, tx->now, tx->arena, all, &n,
                    e) &&
           (n < TOKENS_MAX ||
            err_set(e, ERR_CONFLICT, NULL,
                    "There are %d tokens already: end one that is not needed",
                    TOKENS_MAX));
}

static bool
check_new(struct tx *tx, const struct token_new *t, struct err *e)
{
    const struct dir *d = tx_dir(tx, t->tenant, e);

    if (d == NULL || !has_room(tx, t, e))
        return false;
    if (t->name.n == 0 || utf8_count(t->name) > NAME_MAX_CHARS ||
        !utf8_valid(t->name))
        return err_set(e, ERR_INVALID, "name",
                       "Give the token a name of up to 60 characters: what "
                       "will use it?");
    if (t->kind == TOKEN_TOOL && post_of(d, t->post, t->person) == NULL)
        return err_set(e, ERR_INVALID, "post",
                       "An integration acts by one of your posts: choose it");
    return token_scope_check(t->scopes, e);
}

bool
token_add_job(struct tx *tx, void *arg, struct err *e)
{
    struct token_new *t = arg;

    if (!check_new(tx, t, e))
        return false;
    t->id = tx_id(tx);
    text_new(t->text);
    return QRUN(tx->st, TOKEN_ADD, e, ARG(t->tenant), ARG(t->id),
                ARG(secret_digest(tx->arena, str_of(t->text))), ARG(t->person),
                ARG(text_clean_line(tx->arena, t->name)), ARG(t->scopes),
                ARG(tx->now), ARG(t->until), ARG((int64_t)t->kind),
                ARG(t->kind == TOKEN_TOOL ? t->post : 0)) &&
           credential_note(tx,
                           &(struct credential_note){ .tenant = t->tenant,
                                                      .by = t->by,
                                                      .verb = CRED_MADE,
                                                      .kind = CRED_TOKEN,
                                                      .id = t->id,
                                                      .person = t->person,
                                                      .until = t->until,
                                                      .scopes = t->scopes },
                           e);
}

bool
token_end_job(struct tx *tx, void *arg, struct err *e)
{
    const struct token_end *t = arg;
    int64_t changed;

    if (!stmt_run(tx->st, &stmts[Q_TOKEN_REVOKE],
                  ARGS(ARG(t->tenant), ARG(t->id), ARG(tx->now)), &changed, e))
        return false;
    if (changed == 0)
        return err_set(e, ERR_MISSING, NULL, "There is no such token any more");
    return credential_note(tx,
                           &(struct credential_note){ .tenant = t->tenant,
                                                      .by = t->by,
                                                      .verb = CRED_ENDED,
                                                      .kind = CRED_TOKEN,
                                                      .id = t->id,
                                                      .person = t->by },
                           e);
}

bool
token_end_own(struct tx *tx, int64_t tenant, int64_t person, int64_t by,
              struct err *e)
{
    int64_t own[OWN_MAX];
    struct rows r;
    size_t n;
    bool ok, more;

    do {
        n = 0;
        if (!rows_open(&r, tx->st, &stmts[Q_TOKEN_OWN],
                       ARGS(ARG(tenant), ARG(person)), e))
            return false;
        while ((ok = rows_next(&r, &more, e)) && more && n < OWN_MAX)
            own[n++] = rows_i64(&r, 0);
        rows_close(&r);
        for (size_t i = 0; ok && i < n; i++)
            ok =
                token_end_job(tx, &(struct token_end){ tenant, own[i], by }, e);
    } while (ok && n == OWN_MAX);
    return ok;
}

/* ---- finding ------------------------------------------------------------------ */

static bool
not_known(struct err *e)
{
    return err_set(e, ERR_SIGN_IN, NULL, "This token is not known");
}

bool
token_find(struct store *st, struct str text, int64_t now, struct arena *a,
           struct token *out, struct err *e)
{
    struct token t = { .name = STR("") };

    if (!is_old(text) && !text_ok(text))
        return err_set(e, ERR_SIGN_IN, NULL,
                       "This is not a token of Anlan: is it whole?");
    if (!stmt_one(st, &stmts[Q_TOKEN_GET], ARGS(ARG(secret_digest(a, text))), a,
                  COLS(COL(&t.tenant), COL(&t.id), COL(&t.person),
                       COL(&t.scopes), COL(&t.until), COL(&t.ended_at),
                       COL(&t.kind), COL(&t.post), COL(&t.used_at)),
                  e))
        return e->code == ERR_MISSING ? not_known(e) : false;
    if (t.ended_at != 0 || (t.until != 0 && t.until < now))
        return err_set(e, ERR_SIGN_IN, NULL,
                       "This token has expired or was revoked");
    /* whoever could read could take lists out, then */
    if (is_old(text))
        t.scopes = arena_printf(a, "%.*s *:export", STR_ARG(t.scopes));
    *out = t;
    return true;
}

bool
token_in_force(const struct token *t, const struct dir *d, int64_t now)
{
    const struct dir_post *p;

    if (t->kind != TOKEN_TOOL)
        return true;
    p = post_of(d, t->post, t->person);
    return p != NULL && dir_in_force(p, zone_day(d->rules.zone, now));
}

bool
token_of(struct store *st, int64_t tenant, int64_t person, int64_t now,
         struct arena *a, struct token *out, size_t *n, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if (!rows_open(
            &r, st, &stmts[Q_TOKEN_OF],
            ARGS(ARG(tenant), ARG(person), ARG(now), ARG((int64_t)TOKENS_MAX)),
            e))
        return false;
    r.arena = a;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct token *t = &out[(*n)++];

        *t = (struct token){ .tenant = tenant };
        rows_get(&r, COLS(COL(&t->id), COL(&t->person), COL(&t->name),
                          COL(&t->scopes), COL(&t->made_at), COL(&t->until),
                          COL(&t->ended_at), COL(&t->kind), COL(&t->post),
                          COL(&t->used_at)));
    }
    rows_close(&r);
    return ok;
}

bool
token_is_stale(const struct token *t, int64_t now)
{
    return t->used_at < now - MS_PER_HOUR;
}

bool
token_use_job(struct tx *tx, void *arg, struct err *e)
{
    const struct token_use *u = arg;

    return QRUN(tx->st, TOKEN_USED, e, ARG(u->tenant), ARG(u->id), ARG(tx->now),
                ARG(tx->now - MS_PER_HOUR));
}
