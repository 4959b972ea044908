#include "service/channel.h"
#include "domain/message.h"
#include "service/credential.h"
#include "service/seal.h"
#include "store/stmt.h"

enum { CHANNELS_MAX = 2000, NAME_MAX_CHARS = 60, URL_MAX = 600 };

bool
channels_read(struct store *st, int64_t tenant, struct arena *a,
              struct channel **list, size_t *n, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if ((*list = arena_new_array(a, struct channel, CHANNELS_MAX)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!rows_open(&r, st, &stmts[Q_CHANNEL_EACH], ARGS(ARG(tenant)), e))
        return false;
    r.arena = a;
    while ((ok = rows_next(&r, &more, e)) && more && *n < CHANNELS_MAX) {
        struct channel *c = &(*list)[(*n)++];

        rows_get(&r,
                 COLS(COL(&c->id), COL(&c->org), COL(&c->kind), COL(&c->name),
                      COL(&c->lang), COL(&c->kinds), COL(&c->state)));
    }
    rows_close(&r);
    return ok;
}

bool
channel_get(struct store *st, int64_t tenant, int64_t id, struct arena *a,
            struct channel_way *w, struct err *e)
{
    struct channel *c = &w->c;

    c->id = id;
    return stmt_one(st, &stmts[Q_CHANNEL_GET], ARGS(ARG(tenant), ARG(id)), a,
                    COLS(COL(&c->org), COL(&c->kind), COL(&c->name),
                         COL(&w->url), COL(&w->secret), COL(&c->lang),
                         COL(&c->kinds), COL(&c->state)),
                    e);
}

static bool
check(struct tx *tx, const struct channel_put *p, const struct channel_way *w,
      struct err *e)
{
    const struct chat_kind *k = chat_kind(w->c.kind);
    int64_t same;

    if (k == NULL)
        return err_set(e, ERR_INVALID, "kind", "Say what kind of chat it is");
    if (w->c.name.n == 0 || utf8_count(w->c.name) > NAME_MAX_CHARS)
        return err_set(e, ERR_INVALID, "name",
                       "Give it a name of at most %d characters",
                       NAME_MAX_CHARS);
    if (w->url.n > URL_MAX || !chat_url_ok(k, w->url))
        return err_set(e, ERR_INVALID, "url",
                       "The address of such a robot begins with https:// and "
                       "one of: %s",
                       k->hosts);
    if (w->secret.n > 200 || !utf8_valid(w->secret))
        return err_set(e, ERR_INVALID, "secret", "This secret is too long");
    if (stmt_one(tx->st, &stmts[Q_CHANNEL_WITH],
                 ARGS(ARG(p->tenant), ARG(w->url)), NULL, COLS(COL(&same)), e))
        return same == w->c.id ||
               err_set(e, ERR_INVALID, "url",
                       "This robot is in the list already: two entries would "
                       "break its limits");
    return e->code == ERR_MISSING;
}

bool
channel_put_job(struct tx *tx, void *arg, struct err *e)
{
    struct channel_put *p = arg;
    struct channel_way was = { .url = STR("") }, w = p->way;

    if (w.c.id != 0 &&
        !channel_get(tx->st, p->tenant, w.c.id, tx->arena, &was, e))
        return false;
    if (w.url.n == 0)
        w.url = was.url;
    if (p->no_secret)
        w.secret = STR("");
    else if (w.secret.n == 0)
        w.secret = was.secret;
    if (w.c.id != 0) {
        w.c.org = was.c.org;
        w.c.kind = was.c.kind;
    }
    if (!check(tx, p, &w, e))
        return false;
    if (w.c.id == 0)
        w.c.id = tx_id(tx);
    return QRUN(tx->st, CHANNEL_PUT, e, ARG(p->tenant), ARG(w.c.id),
                ARG(w.c.org), ARG(w.c.kind), ARG(w.c.name), ARG(w.url),
                ARG(w.secret), ARG(w.c.lang), ARG(w.c.kinds), ARG(w.c.state),
                ARG(tx->now), ARG(p->person)) &&
           credential_note(
               tx,
               &(struct credential_note){
                   .tenant = p->tenant,
                   .by = p->person,
                   .verb = w.c.state == CHANNEL_ON ? CRED_MADE : CRED_ENDED,
                   .kind = CRED_ROBOT,
                   .id = w.c.id,
                   .person = p->person },
               e) &&
           (w.c.state == CHANNEL_ON ||
            seal_change(tx, SEAL_STOP,
                        ARGS(ARG(p->tenant), ARG(w.c.id), ARG(tx->now),
                             ARG(STR("the channel was turned off"))),
                        NULL, e));
}
