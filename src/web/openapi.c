/* The API's description: paths and operations, from the site map and the steps
 * of the ledgers. */
#include <stdarg.h>
#include <stdio.h>

#include "codec/hash.h"
#include "service/erase.h"
#include "web/answer.h"
#include "web/fragment.h"
#include "web/handlers.h"
#include "web/openapi.h"

/* ---- pieces ----------------------------------------------------------------------- */

void
doc_put(struct doc *d, json_t *object, const char *key, json_t *value)
{
    d->lost |= json_object_set_new(object, key, value) != 0;
}

void
doc_add(struct doc *d, json_t *array, json_t *value)
{
    d->lost |= json_array_append_new(array, value) != 0;
}

json_t *
doc_text(struct doc *d, const char *msgid)
{
    return json_string(rq_tr(d->rq, msgid));
}

json_t *
doc_printf(const char *fmt, ...)
{
    char text[2048];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    return json_string(text);
}

json_t *
doc_ref(const char *fmt, ...)
{
    char text[256] = "#/components/";
    size_t head = strlen(text);
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text + head, sizeof(text) - head, fmt, ap);
    va_end(ap);
    return json_pack("{s:s}", "$ref", text);
}

json_t *
doc_type(const char *type, bool null)
{
    return null ? json_pack("{s:[s,s]}", "type", type, "null")
                : json_pack("{s:s}", "type", type);
}

json_t *
doc_json(const char *text)
{
    return json_loads(text, JSON_DECODE_ANY, NULL);
}

/* ---- how each route answers --------------------------------------------------------- */

enum heads { H_ETAG = 1, H_LOCATION = 2, H_LINK = 4 };

/* id and answer: %s is the ledger. What a route takes stands in the site map. */
struct operation {
    handler *run;
    const char *id;
    const char *answer; /* a schema; NULL: bytes */
    const char *type;   /* NULL: application/json */
    const char *tag;    /* NULL: the ledger */
    int status;
    enum heads heads;
};

static const struct operation operations[] = {
    { api_openapi, "get_description", NULL, "application/json", "general", 200,
      0 },
    { api_me, "get_me", "me", NULL, "general", 200, 0 },
    { file_add, "add_files", "files", NULL, "files", 201, 0 },
    { file_show, "get_file", NULL, "application/octet-stream", "files", 200,
      H_ETAG },
    { file_picture, "get_picture", NULL, "image/jpeg", "files", 200, H_ETAG },
    { api_list, "list_%s", "%s.list", NULL, NULL, 200, H_LINK },
    { api_create, "create_%s", "%s.answer", NULL, NULL, 201,
      H_ETAG | H_LOCATION },
    { api_get, "get_%s", "%s.answer", NULL, NULL, 200, H_ETAG },
    { api_history, "history_%s", "history", NULL, NULL, 200, 0 },
    { api_mentions, "find_words_of_person", "mentions", NULL, "person", 200,
      0 },
    { api_erase_words, "%s_erase_words", "%s.answer", NULL, NULL, 200, H_ETAG },
    { api_step, "%s_", "%s.answer", NULL, NULL, 200, H_ETAG },
};

const struct operation *
doc_operation(const struct route *r)
{
    for (size_t i = 0; i < N_OF(operations); i++)
        if (operations[i].run == r->run)
            return &operations[i];
    return NULL;
}

bool
doc_takes(const struct ledger *l, const struct step *s)
{
    const uint64_t nobody = R(SYSTEM) | R(PUBLIC);

    if (!(s->from & ~IN(ST_NONE)) || !(s->roles & ~nobody))
        return false;
    for (const struct step *k = l->steps; k < s; k++)
        if (strcmp(k->verb, s->verb) == 0 && (k->from & ~IN(ST_NONE)) &&
            (k->roles & ~nobody))
            return false;
    return true;
}

/* "list_%s" with the ledger's name in it; what has no %s stays as it is. */
static void
fill_name(char *out, size_t cap, const char *pattern, const struct ledger *l)
{
    const char *hole = strstr(pattern, "%s");

    if (hole == NULL || l == NULL)
        snprintf(out, cap, "%s", pattern);
    else
        snprintf(out, cap, "%.*s%s%s", (int)(hole - pattern), pattern, l->name,
                 hole + 2);
}

/* ---- one operation ------------------------------------------------------------------- */

/* What is being written: one route, of one ledger, for one step. */
struct at {
    const struct route *r;
    const struct operation *op;
    const struct ledger *l; /* NULL: of no ledger */
    const struct step *s;   /* NULL: no step */
};

static json_t *
answer_heads(struct doc *d, const struct at *a)
{
    static const struct {
        enum heads head;
        const char *name;
    } known[] = { { H_ETAG, "ETag" },
                  { H_LOCATION, "Location" },
                  { H_LINK, "Link" } };
    json_t *all = json_object();

    for (size_t i = 0; i < N_OF(known); i++)
        if (a->op->heads & known[i].head)
            doc_put(d, all, known[i].name,
                    doc_ref("headers/%s", known[i].name));
    return all;
}

static json_t *
answer(struct doc *d, const struct at *a)
{
    json_t *o = json_object(), *content = json_object(), *body = json_object();
    char name[128] = "";

    if (a->op->answer != NULL)
        fill_name(name, sizeof(name), a->op->answer, a->l);
    doc_put(d, o, "description",
            doc_text(d, a->op->status == 201 ? N_("Made") : N_("Done")));
    if (a->op->heads != 0)
        doc_put(d, o, "headers", answer_heads(d, a));
    doc_put(d, body, "schema",
            name[0] != '\0'             ? doc_ref("schemas/%s", name)
            : a->op->run == api_openapi ? doc_type("object", false)
                                        : doc_type("string", false));
    doc_put(d, content, a->op->type != NULL ? a->op->type : "application/json",
            body);
    doc_put(d, o, "content", content);
    return o;
}

static json_t *
json_body(struct doc *d, json_t *schema, json_t *example)
{
    json_t *o = doc_json("{\"required\":true}"), *content = json_object(),
           *body = json_object();

    doc_put(d, body, "schema", schema);
    if (example != NULL)
        doc_put(d, body, "example", example);
    doc_put(d, content, "application/json", body);
    doc_put(d, o, "content", content);
    return o;
}

static json_t *
request_body(struct doc *d, const struct at *a)
{
    if (a->s != NULL)
        return json_body(d, doc_body(d, a->l, a->s),
                         doc_example(d, a->l, a->s));
    if (a->r->run == api_erase_words)
        return json_body(d, doc_ref("schemas/words_taken_out"), NULL);
    return doc_json("{\"required\":true,\"content\":{\"multipart/form-data\":{"
                    "\"schema\":{\"type\":\"object\",\"properties\":{\"file\":{"
                    "\"type\":\"array\",\"items\":{\"type\":\"string\","
                    "\"format\":\"binary\"}}}}}}}");
}

/* Before there was a description, some put it there. */
static json_t *
org_in_address(struct doc *d)
{
    json_t *p = doc_json("{\"name\":\"org\",\"in\":\"query\",\"deprecated\":"
                         "true,\"schema\":{\"$ref\":"
                         "\"#/components/schemas/id\"}}");

    doc_put(d, p, "description",
            doc_text(d, N_("In place of the member \"org\" of the body")));
    return p;
}

static json_t *
parameters(struct doc *d, const struct at *a)
{
    json_t *all = json_array();
    const bool post = a->r->method == HTTP_POST;

    if (strstr(a->r->path, "{tenant}") != NULL)
        doc_add(d, all, doc_ref("parameters/tenant"));
    if (strstr(a->r->path, "{id}") != NULL)
        doc_add(d, all, doc_ref("parameters/id"));
    if (strstr(a->r->path, "{word}") != NULL && a->s == NULL)
        doc_add(d, all,
                doc_json("{\"name\":\"word\",\"in\":\"path\",\"required\":true,"
                         "\"schema\":{\"type\":\"string\",\"enum\":[\"small\","
                         "\"large\"]}}"));
    if (a->r->run == api_step || a->r->run == api_erase_words)
        doc_add(d, all, doc_ref("parameters/If-Match"));
    if (a->s != NULL)
        doc_add(d, all, doc_ref("parameters/Idempotency-Key"));
    if (!post)
        doc_parameters(d, all, a->l, a->r->accepts);
    else if (a->r->query != NULL)
        doc_add(d, all, org_in_address(d));
    if (a->r->flags & RT_LIST)
        doc_filters(d, all, a->l);
    return all;
}

/* What the record must hold by then, be it by this body or from before. */
static void
put_needs(struct doc *d, struct buf *b, const struct at *a)
{
    bool first = true;

    for (size_t i = 0; i < a->l->n_fields; i++) {
        if (!step_needs(a->s, &a->l->fields[i]))
            continue;
        buf_printf(b, "%s%s",
                   first ? rq_tr(d->rq, N_("Must be filled in by then: "))
                         : ", ",
                   a->l->fields[i].name);
        first = false;
    }
    buf_puts(b, first ? "" : ". ");
}

static json_t *
description(struct doc *d, const struct at *a)
{
    BUF(b, 4096);

    if (a->s != NULL) {
        if (a->s->then != NULL)
            buf_printf(&b, "%s. ", rq_tr(d->rq, a->s->then));
        put_needs(d, &b, a);
        if (a->s->flags & S_SIGN)
            buf_puts(&b, rq_tr(d->rq, N_("A signature: the token needs the "
                                         "scope \"sign\". ")));
    } else if (a->l != NULL && a->l->purpose != NULL) {
        buf_printf(&b, "%s.", rq_tr(d->rq, a->l->purpose));
    }
    if (b.n == 0)
        buf_puts(&b, rq_tr(d->rq, a->r->help));
    return json_stringn(b.p, b.n);
}

static json_t *
summary(struct doc *d, const struct at *a)
{
    const char *what =
        rq_tr(d->rq,
              a->s != NULL && a->r->run == api_step ? a->s->label : a->r->help);

    return a->l != NULL ? doc_printf("%s: %s", rq_tr(d->rq, a->l->title), what)
                        : json_string(what);
}

static json_t *
operation(struct doc *d, const struct at *a)
{
    json_t *o = json_object(), *responses = json_object();
    char id[128], status[16];

    fill_name(id, sizeof(id), a->op->id, a->l);
    if (a->r->run == api_step)
        snprintf(id, sizeof(id), "%s_%s", a->l->name, a->s->verb);
    snprintf(status, sizeof(status), "%d", a->op->status);
    doc_put(d, o, "operationId", json_string(id));
    doc_put(d, o, "summary", summary(d, a));
    doc_put(d, o, "description", description(d, a));
    doc_put(d, o, "tags",
            json_pack("[s]", a->op->tag != NULL ? a->op->tag : a->l->name));
    if (a->r->need == NEED_PUBLIC)
        doc_put(d, o, "security", json_array());
    doc_put(d, o, "parameters", parameters(d, a));
    if (a->r->method == HTTP_POST)
        doc_put(d, o, "requestBody", request_body(d, a));
    doc_put(d, responses, status, answer(d, a));
    doc_refusals(d, responses, a->r->method);
    doc_put(d, o, "responses", responses);
    return o;
}

/* ---- paths --------------------------------------------------------------------------- */

/* The site map's address with its ledger and its step in place. */
static void
put_operation(struct doc *d, const struct at *a)
{
    json_t *paths = json_object_get(d->root, "paths"), *item;
    const char *method = a->r->method == HTTP_POST ? "post" : "get";
    const char *p = a->r->path;
    BUF(b, 512);

    while (*p != '\0')
        if (a->l != NULL && strncmp(p, "{ledger}", 8) == 0) {
            buf_puts(&b, a->l->name);
            p += 8;
        } else if (a->s != NULL && strncmp(p, "{word}", 6) == 0) {
            buf_puts(&b, a->s->verb);
            p += 6;
        } else {
            buf_putc(&b, *p++);
        }
    if (b.over || b.p == NULL) {
        d->lost = true;
        return;
    }
    if ((item = json_object_get(paths, b.p)) == NULL) {
        item = json_object();
        doc_put(d, paths, b.p, item);
    }
    doc_put(d, item, method, operation(d, a));
}

static void
put_steps(struct doc *d, struct at a)
{
    static const char *const erasing[] = { "erase", "erase_files" };

    for (size_t i = 0; i < a.l->n_steps; i++) {
        a.s = &a.l->steps[i];
        if (doc_takes(a.l, a.s))
            put_operation(d, &a);
    }
    for (size_t i = 0; i < N_OF(erasing); i++)
        if ((a.s = erase_step(a.l, str_of(erasing[i]))) != NULL)
            put_operation(d, &a);
}

static void
put_ledger(struct doc *d, struct at a, const struct ledger *l)
{
    a.l = l;
    if (a.r->run == api_step) {
        put_steps(d, a);
        return;
    }
    if (a.r->run == api_create && (a.s = ledger_create(l)) == NULL)
        return;
    put_operation(d, &a);
}

static void
put_paths(struct doc *d)
{
    for (size_t i = 0; i < n_routes; i++) {
        struct at a = { .r = &routes[i], .op = doc_operation(&routes[i]) };

        if (!(routes[i].flags & RT_API) || a.op == NULL)
            continue;
        if (strstr(routes[i].path, "{ledger}") == NULL) {
            put_operation(d, &a);
            continue;
        }
        for (size_t k = 0; k < n_ledgers; k++)
            put_ledger(d, a, ledgers[k]);
    }
}

/* ---- the whole -------------------------------------------------------------------------- */

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

bool
doc_make(struct rq *rq, struct doc *d, struct err *e)
{
    /* where nobody has said, the address that the caller knows */
    const char *here =
        rq->app->public_url[0] != '\0' ? rq->app->public_url : "/";
    json_t *components = json_object(), *server = json_object(),
           *servers = json_array();

    *d = (struct doc){ .rq = rq,
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
    put_paths(d);
    if (!d->lost)
        return true;
    json_decref(d->root);
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static int
to_body(const char *bytes, size_t n, void *arg)
{
    struct buf *b = arg;

    buf_put(b, bytes, n);
    return b->over ? -1 : 0;
}

/* It is the same for everybody, and some work: kept for a while. Only days that
 * stand in its examples grow old. */
bool
api_openapi(struct rq *rq, struct err *e)
{
    enum { KEPT_MS = 3600 * 1000 };
    struct fragments *cache = rq->app->fragments;
    struct fragment_key key = { .ledger_version = 0 };
    const struct str what[] = { STR("openapi"),
                                rq->lang == LANG_ZH ? STR("zh") : STR("en") };
    struct fragment *f;
    struct doc d;
    BUF(b, 4 << 20);

    hash_of(&key.hash, what, N_OF(what));
    if ((f = fragment_find(cache, &key, rq->who.now)) == NULL) {
        if (!doc_make(rq, &d, e))
            return false;
        json_dump_callback(d.root, to_body, &b, JSON_COMPACT);
        json_decref(d.root);
        if (b.over || (f = fragment_keep(cache, &key, buf_str(&b),
                                         rq->who.now + KEPT_MS)) == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    }
    answer_type(rq, "application/json");
    http_set(rq->http, rq->rs, "Vary", STR("Accept-Language, Cookie"));
    rq->rs->piece[rq->rs->n_pieces++] =
        (struct http_piece){ fragment_bytes(f), fragment_release, f };
    return true;
}
