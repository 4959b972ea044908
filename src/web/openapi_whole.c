/* The API's description as a whole: what stands around paths and components, and
 * how it is handed out. */
#include "codec/hash.h"
#include "service/above.h"
#include "web/answer.h"
#include "web/fragment.h"
#include "web/handlers.h"
#include "web/openapi.h"

/* What an integrator reads first. */
static const char *const guide[] = {
    N_("Records are kept in ledgers. Each record has a state; it changes by "
       "steps, and each step is an address of its own."),
    N_("Every call carries a token: \"Authorization: Bearer anlan_...\". Ask "
       "/api/v1/me first: it tells whom the token speaks for and the code of "
       "the district."),
    N_("A list is read page by page: follow \"next\" until it is null. To keep "
       "a copy, ask for what was changed_since you began to read last time."),
    N_("A step says which revision it was decided on, by the ETag in If-Match "
       "or by \"rev\" in the body. Send an Idempotency-Key with everything you "
       "might have to send again."),
    N_("Parameters and members are honoured or refused, never ignored: 422 "
       "with the name. An error is told by its \"code\", which never changes "
       "its meaning."),
    N_("What you may not read is left out, of records and of lists; new "
       "members may be added at any time, none is taken away."),
};

static json_t *
info(struct doc *d)
{
    json_t *o = json_object();
    BUF(b, 8192);

    for (size_t i = 0; i < N_OF(guide); i++)
        buf_printf(&b, "%s%s", i > 0 ? "\n\n" : "", rq_tr(d->rq, guide[i]));
    doc_put(d, o, "title", doc_text(d, N_("Anlan")));
    doc_put(d, o, "version", json_string("1"));
    doc_put(d, o, "summary",
            doc_text(d, N_("The safety office's ledgers, for programs")));
    doc_put(d, o, "description", json_stringn(b.p, b.n));
    return o;
}

static json_t *
tags(struct doc *d)
{
    static const struct {
        const char *name, *text;
    } own[] = { { "general", N_("Who asks, and this description") },
                { "files", N_("Photographs and files that records name") } };
    json_t *all = json_array();

    for (size_t i = 0; i < N_OF(own); i++) {
        json_t *t = json_pack("{s:s}", "name", own[i].name);

        doc_put(d, t, "description", doc_text(d, own[i].text));
        doc_add(d, all, t);
    }
    for (size_t i = 0; i < n_ledgers; i++) {
        json_t *t = json_pack("{s:s}", "name", ledgers[i]->name);

        doc_put(d, t, "description", doc_text(d, ledgers[i]->title));
        doc_add(d, all, t);
    }
    return all;
}

/* A district's zone, the first that is one: examples name its days. NULL: there is
 * none yet. */
static const struct zone *
zone_here(struct rq *rq)
{
    for (size_t i = 0; i < rq->app->n_tenants; i++) {
        const struct dir *d;
        struct err ignored;

        if (rq->app->tenants[i].id == TENANT_ABOVE)
            continue;
        d = dir_get(rq->reader->dirs, rq->st, rq->app->tenants[i].id, &ignored);
        if (d != NULL)
            return d->rules.zone;
    }
    return NULL;
}

bool
doc_make(struct rq *rq, struct doc *d, struct err *e)
{
    /* where nobody has said, the address that the caller knows */
    const char *here =
        rq->app->public_url[0] != '\0' ? rq->app->public_url : "/";
    json_t *components = json_object(), *server = json_object(),
           *servers = json_array();

    *d = (struct doc){ .rq = rq,
                       .today = zone_day(zone_here(rq), rq->who.now),
                       .root = json_object(),
                       .schemas = json_object() };
    doc_put(d, d->root, "openapi", json_string("3.1.0"));
    doc_put(d, d->root, "info", info(d));
    doc_put(d, server, "url", json_string(here));
    doc_add(d, servers, server);
    doc_put(d, d->root, "servers", servers);
    doc_put(d, d->root, "security", doc_json("[{\"bearer\":[]}]"));
    doc_put(d, d->root, "tags", tags(d));
    doc_put(d, d->root, "paths", json_object());
    doc_put(d, d->root, "components", components);
    doc_put(d, components, "schemas", d->schemas);
    doc_common(d, components);
    for (size_t i = 0; i < n_ledgers; i++)
        doc_ledger_schemas(d, ledgers[i]);
    doc_paths(d);
    if (!d->lost)
        return true;
    json_decref(d->root);
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

int
doc_to_buf(const char *bytes, size_t n, void *arg)
{
    struct buf *b = arg;

    buf_put(b, bytes, n);
    return b->over ? -1 : 0;
}

/* Only the days that stand in its examples grow old: it is made anew each
 * quarter of an hour, and so at midnight wherever that is. */
bool
doc_piece(struct rq *rq, struct str what,
          bool (*make)(struct rq *, struct buf *, struct err *), struct err *e)
{
    enum { QUARTER_MS = 15 * 60 * 1000 };
    struct fragments *cache = rq->app->fragments;
    struct fragment_key key = { .ledger_version = 0 };
    const struct str of[] = { STR("the API"), what,
                              rq->lang == LANG_ZH ? STR("zh") : STR("en") };
    struct fragment *f;
    BUF(b, 4 << 20);

    hash_of(&key.hash, of, N_OF(of));
    if ((f = fragment_find(cache, &key, rq->who.now)) == NULL) {
        if (!make(rq, &b, e))
            return false;
        if (b.over || arena_failed(rq->arena) ||
            (f = fragment_keep(cache, &key, buf_str(&b),
                               (rq->who.now / QUARTER_MS + 1) * QUARTER_MS)) ==
                NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    }
    rq->rs->piece[rq->rs->n_pieces++] =
        (struct http_piece){ fragment_bytes(f), fragment_release, f };
    return true;
}

static bool
make(struct rq *rq, struct buf *b, struct err *e)
{
    struct doc d;

    if (!doc_make(rq, &d, e))
        return false;
    json_dump_callback(d.root, doc_to_buf, b, JSON_COMPACT);
    json_decref(d.root);
    return true;
}

bool
api_openapi(struct rq *rq, struct err *e)
{
    if (!doc_piece(rq, STR("openapi.json"), make, e))
        return false;
    answer_type(rq, "application/json");
    http_set(rq->http, rq->rs, "Vary", STR("Accept-Language, Cookie"));
    return true;
}
