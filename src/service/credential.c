#include <inttypes.h>
#include <sodium.h>

#include "codec/hash.h"
#include "domain/event.h"
#include "service/credential.h"
#include "service/install.h"
#include "service/own.h"
#include "store/stmt.h"

enum { SALT = 16, FIND_SLICE = 300 };
#define FOUND "credentials"

/* ---- rows --------------------------------------------------------------------- */

/* Statement and columns, as letters of a struct col's type. */
struct source {
    const struct stmt *row, *after;
    const char *columns;
};

static const struct source sources[] = {
    [CRED_LINK] = { &stmts[Q_CRED_SECRET], NULL, "sisi" },
    [CRED_PASSWORD] = { &stmts[Q_CRED_SECRET], &stmts[Q_CRED_SECRETS], "sisi" },
    [CRED_TOKEN] = { &stmts[Q_CRED_TOKEN], &stmts[Q_CRED_TOKENS], "sissiiiii" },
    [CRED_PIN] = { &stmts[Q_CRED_PIN], &stmts[Q_CRED_PINS], "si" },
    [CRED_DEVICE] = { &stmts[Q_CRED_DEVICE], &stmts[Q_CRED_DEVICES], "sisiii" },
    [CRED_ROBOT] = { &stmts[Q_CRED_ROBOT], &stmts[Q_CRED_ROBOTS],
                     "iisssiiiii" },
};

static void
put_columns(struct rows *r, const char *columns, struct buf *b)
{
    for (int i = 0; columns[i] != '\0'; i++) {
        struct str s;

        if (columns[i] == 'i') {
            buf_printf(b, "%" PRId64 ";", rows_i64(r, i));
            continue;
        }
        s = rows_str(r, i);
        buf_printf(b, "%zu:%.*s;", s.n, STR_ARG(s));
    }
}

bool
credential_row(struct store *st, int64_t tenant, enum credential_kind kind,
               int64_t id, bool *there, struct buf *b, struct err *e)
{
    const struct source *s = &sources[kind];
    struct rows r;
    bool ok;

    *there = false;
    if (!rows_open(&r, st, s->row, ARGS(ARG(tenant), ARG(id)), e))
        return false;
    ok = rows_next(&r, there, e);
    if (ok && *there)
        put_columns(&r, s->columns, b);
    rows_close(&r);
    if (ok && b->over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return ok;
}

/* ---- their prints -------------------------------------------------------------- */

struct str
credential_print(struct arena *a, const unsigned char salt[SALT],
                 struct str row)
{
    struct hash h;
    BUF(hex, 128);

    hash_of(&h,
            (const struct str[]){
                STR("anlan credential\n"), { (const char *)salt, SALT }, row },
            3);
    hex_put(&hex, (struct str){ (const char *)salt, SALT });
    hex_put(&hex, hash_str(&h));
    return arena_dup(a, buf_str(&hex));
}

bool
credential_is(struct arena *a, struct str print, struct str row)
{
    unsigned char salt[SALT];

    return hex_parse(str_cut(print, 0, 2 * SALT), salt, SALT) &&
           str_eq(credential_print(a, salt, row), print);
}

/* ---- in the log ---------------------------------------------------------------- */

static bool
append(struct tx *tx, const struct credential_note *n,
       const struct credential *c, struct err *e)
{
    struct tlog *log = tx_log(tx, n->tenant, e);
    const struct event ev = { .verb = str_of(n->verb),
                              .actor = n->by,
                              .at_ms = tx->now,
                              .comment = STR(""),
                              .files = STR(""),
                              .retold = STR("") };
    BUF(body, 8192);
    BUF(part, 8192);
    int64_t seq;

    if (log == NULL)
        return false;
    event_encode(&credential_ledger, &ev, NULL, c, &body, &part);
    if (body.over || part.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return tlog_append(tx->st, log,
                       &(struct tlog_event){ .at_ms = tx->now,
                                             .actor = n->by,
                                             .verb = ev.verb,
                                             .body = buf_str(&body),
                                             .part = buf_str(&part),
                                             .subject = n->person },
                       &seq, e);
}

/* Whoever could now act in somebody's name: that person hears of it. */
static bool
tell(struct tx *tx, const struct credential_note *n, struct err *e)
{
    static const enum message_kind kinds[] = {
        [CRED_LINK] = MSG_LINK,
        [CRED_PASSWORD] = MSG_PASSWORD,
        [CRED_TOKEN] = MSG_TOKEN,
        [CRED_ROBOT] = 0,
    };
    const struct own_news news = { .tenant = n->tenant,
                                   .person = n->person,
                                   .by = n->by,
                                   .kind = kinds[n->kind],
                                   .address = STR("") };

    return kinds[n->kind] == 0 || strcmp(n->verb, CRED_MADE) != 0 ||
           own_tell(tx, &news, e);
}

bool
credential_note(struct tx *tx, const struct credential_note *n, struct err *e)
{
    struct credential c = { .kind = n->kind,
                            .id = n->id,
                            .until = n->until,
                            .person = n->person,
                            .scopes = n->scopes };
    unsigned char salt[SALT];
    BUF(row, 8192);
    bool there;

    if (!tx_may_change(tx, e) ||
        !credential_row(tx->st, n->tenant, n->kind, n->id, &there, &row, e))
        return false;
    randombytes_buf(salt, sizeof(salt));
    c.print = credential_print(tx->arena, salt, buf_str(&row));
    return append(tx, n, &c, e) && tell(tx, n, e);
}

/* ---- what was there before -------------------------------------------------------- */

static bool
each_of(struct store *st, int64_t tenant, struct arena *a, int64_t kind,
        int64_t after, struct credential_at *out, size_t cap, size_t *n,
        struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, st, sources[kind].after,
                   ARGS(ARG(tenant), ARG(after), ARG((int64_t)(cap - *n))), e))
        return false;
    r.arena = a;
    while ((ok = rows_next(&r, &more, e)) && more && *n < cap) {
        struct credential_at *c = &out[(*n)++];

        *c = (struct credential_at){ .kind = kind };
        rows_get(&r, COLS(COL(&c->id), COL(&c->person), COL(&c->until),
                          COL(&c->scopes)));
    }
    rows_close(&r);
    return ok;
}

bool
credential_each(struct store *st, int64_t tenant, struct arena *a,
                struct credential_at after, struct credential_at *out,
                size_t cap, size_t *n, struct err *e)
{
    *n = 0;
    if (after.kind < CRED_PASSWORD)
        after = (struct credential_at){ .kind = CRED_PASSWORD };
    for (; after.kind <= CRED_ROBOT && *n < cap;
         after = (struct credential_at){ .kind = after.kind + 1 })
        if (!each_of(st, tenant, a, after.kind, after.id, out, cap, n, e))
            return false;
    return true;
}

/* The setting: "tenant kind id" of the last that has its event; "found". */
struct progress {
    int64_t tenant;
    struct credential_at at;
};

static bool
place_get(struct tx *tx, struct progress *p, bool *over, struct err *e)
{
    struct str v = STR(""), one;

    *p = (struct progress){ .tenant = 0 };
    if (!setting_get(tx->st, FOUND, tx->arena, &v, e))
        return false;
    *over = str_is(v, "found");
    if (!*over && v.n > 0 &&
        !(str_split(&v, ' ', &one) && str_i64(one, &p->tenant) &&
          str_split(&v, ' ', &one) && str_i64(one, &p->at.kind) &&
          str_split(&v, ' ', &one) && str_i64(one, &p->at.id)))
        return err_set(e, ERR_STORE, NULL, "The setting %s is damaged", FOUND);
    return true;
}

static bool
note_found(struct tx *tx, int64_t tenant, const struct credential_at *c,
           struct err *e)
{
    return credential_note(
        tx,
        &(struct credential_note){ .tenant = tenant,
                                   .verb = CRED_FOUND,
                                   .kind = (enum credential_kind)c->kind,
                                   .id = c->id,
                                   .person = c->person,
                                   .until = c->until,
                                   .scopes = c->scopes },
        e);
}

/* One slice of one tenant: *more of it, or the next one's turn. */
static bool
find_slice(struct tx *tx, struct progress *p, bool *more, struct err *e)
{
    struct credential_at *list =
        arena_new_array(tx->arena, struct credential_at, FIND_SLICE);
    size_t n;

    if (list == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!credential_each(tx->st, p->tenant, tx->arena, p->at, list, FIND_SLICE,
                         &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!note_found(tx, p->tenant, &list[i], e))
            return false;
    if (n > 0)
        p->at = list[n - 1];
    *more = n == FIND_SLICE;
    return true;
}

static bool
next_tenant(const struct tenant *list, size_t n, int64_t *tenant)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].id > *tenant) {
            *tenant = list[i].id;
            return true;
        }
    return false;
}

bool
credential_find_job(struct tx *tx, void *arg, struct err *e)
{
    struct credential_finding *f = arg;
    struct tenant *list;
    struct progress p;
    size_t n;
    bool over = false, more = false;

    f->done = true;
    /* of several servers that start at once, one goes first */
    if (!tx_turn(tx, 1, e) || !place_get(tx, &p, &over, e) || over)
        return over;
    if (!tenants_read(tx->st, tx->arena, &list, &n, e) ||
        (p.tenant != 0 && !find_slice(tx, &p, &more, e)))
        return false;
    if (!more && !next_tenant(list, n, &p.tenant))
        return setting_put(tx, FOUND, STR("found"), e);
    if (!more)
        p.at = (struct credential_at){ .kind = 0 };
    f->done = false;
    return setting_put(tx, FOUND,
                       arena_printf(tx->arena, "%ld %ld %ld", (long)p.tenant,
                                    (long)p.at.kind, (long)p.at.id),
                       e);
}

bool
credential_none_to_find(struct tx *tx, struct err *e)
{
    return setting_put(tx, FOUND, STR("found"), e);
}

bool
credential_all_found(struct store *st, bool *yes, struct err *e)
{
    ARENA(a, 4096);
    struct str v = STR("");

    if (!setting_get(st, FOUND, a, &v, e))
        return false;
    *yes = str_is(v, "found");
    return true;
}

bool
credential_find_all(struct writer *w, struct err *e)
{
    struct credential_finding f = { .done = writer_read_only(w) };

    while (!f.done)
        if (!writer_run(w, credential_find_job, &f, e))
            return false;
    return true;
}
