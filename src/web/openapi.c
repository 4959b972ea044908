/* The API's description: paths and operations, from the site map and the steps
 * of the ledgers. */
#include <stdarg.h>
#include <stdio.h>

#include "service/erase.h"
#include "web/api.h"
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
    { api_events, "get_events", "events", NULL, "general", 200, H_LINK },
    { api_figures, "get_figures", "figures", NULL, "general", 200, 0 },
    { api_overview, "get_overview", "overview", NULL, "general", 200, 0 },
    { api_bulk_create, "bulk_create_%s", "bulk", NULL, NULL, 200, 0 },
    { api_bulk_step, "bulk_step_%s", "bulk", NULL, NULL, 200, 0 },
    { record_proof, "proof_%s", NULL, "text/plain", NULL, 200, 0 },
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

/* {"items": [...]}: bodies of that ledger; of a step each says of which record. */
static json_t *
many(struct doc *d, const struct at *a)
{
    json_t *s = doc_json("{\"type\":\"object\",\"required\":[\"items\"],"
                         "\"properties\":{\"items\":{\"type\":\"array\","
                         "\"minItems\":1}},\"additionalProperties\":false}");
    json_t *items = json_object_get(json_object_get(s, "properties"), "items");

    doc_put(d, items, "maxItems", json_integer(API_BULK_MAX));
    doc_put(d, items, "items",
            a->s != NULL ? doc_ref("schemas/%s.%s.body", a->l->name, a->s->verb)
                         : doc_ref("schemas/bulk_step"));
    return s;
}

static json_t *
example_of_many(struct doc *d, const struct at *a)
{
    json_t *v = json_object(), *items = json_array();

    doc_add(d, items,
            a->l != NULL && a->s != NULL
                ? doc_example(d, a->l, a->s)
                : json_pack("{s:s,s:i}", "id", EXAMPLE_ID, "rev", 1));
    doc_put(d, v, "items", items);
    return v;
}

static json_t *
request_body(struct doc *d, const struct at *a)
{
    if (a->r->run == api_bulk_create || a->r->run == api_bulk_step)
        return json_body(d, many(d, a), example_of_many(d, a));
    if (a->l != NULL && a->s != NULL)
        return json_body(d,
                         doc_ref("schemas/%s.%s.body", a->l->name, a->s->verb),
                         doc_example(d, a->l, a->s));
    if (a->r->run == api_erase_words)
        return json_body(d, doc_ref("schemas/words_taken_out"), NULL);
    return doc_json("{\"required\":true,\"content\":{\"multipart/form-data\":{"
                    "\"schema\":{\"type\":\"object\",\"properties\":{\"file\":{"
                    "\"type\":\"array\",\"items\":{\"type\":\"string\","
                    "\"format\":\"binary\"}}}}}}}");
}

static json_t *
verb_parameter(struct doc *d, const struct ledger *l)
{
    json_t *p = doc_json("{\"name\":\"word\",\"in\":\"path\",\"required\":true,"
                         "\"schema\":{\"type\":\"string\"}}");
    json_t *verbs = json_array();

    for (size_t i = 0; l != NULL && i < l->n_steps; i++)
        if (doc_takes(l, &l->steps[i]))
            doc_add(d, verbs, json_string(l->steps[i].verb));
    doc_put(d, json_object_get(p, "schema"), "enum", verbs);
    doc_put(d, p, "description", doc_text(d, N_("The step")));
    return p;
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
    if (a->r->run == api_bulk_step)
        doc_add(d, all, verb_parameter(d, a->l));
    else if (strstr(a->r->path, "{word}") != NULL && a->s == NULL)
        doc_add(d, all,
                doc_json("{\"name\":\"word\",\"in\":\"path\",\"required\":true,"
                         "\"schema\":{\"type\":\"string\",\"enum\":[\"small\","
                         "\"large\"]}}"));
    if (a->r->run == api_step || a->r->run == api_erase_words)
        doc_add(d, all, doc_ref("parameters/If-Match"));
    if (a->s != NULL || a->r->run == api_bulk_step)
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

/* The narrowest word of a token that opens it. Of no ledger: what the handler
 * itself asks for; erasing is of no ledger's steps and wants "write". */
static void
put_scope(struct doc *d, struct buf *b, const struct at *a)
{
    bool get = a->r->method == HTTP_GET;
    const char *verb = a->r->flags & RT_KEEP        ? "export"
                       : get                        ? "read"
                       : a->r->run == file_add      ? "files"
                       : a->r->run == api_bulk_step ? "{word}"
                       : a->s != NULL               ? a->s->verb
                                                    : "";

    if (a->r->need == NEED_PUBLIC || a->r->run == api_me)
        return;
    buf_printf(b, "%s%s ", b->n > 0 ? " " : "", rq_tr(d->rq, N_("Scope:")));
    if (!get && a->l != NULL &&
        (*verb == '\0' || erase_step(a->l, str_of(verb))))
        buf_puts(b, "write");
    else
        buf_printf(b, "%s:%s", a->l != NULL ? a->l->name : "*", verb);
}

static json_t *
description(struct doc *d, const struct at *a)
{
    BUF(b, 4096);

    if (a->r->run == api_bulk_create || a->r->run == api_bulk_step) {
        buf_puts(&b,
                 rq_tr(d->rq,
                       N_("Each is made or refused by itself, in the order in "
                          "which they come, and is answered by itself: "
                          "\"status\" and \"problem\" say how. Give each its "
                          "own \"key\"; with the header Idempotency-Key alone "
                          "they have KEY.0, KEY.1 and so on.")));
    } else if (a->s != NULL) {
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
        buf_printf(&b, "%s.", rq_tr(d->rq, a->r->help));
    put_scope(d, &b, a);
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

/* The body of a step is a component: alone and among many it is the same. */
static void
put_body(struct doc *d, const struct ledger *l, const struct step *s)
{
    char name[160];

    snprintf(name, sizeof(name), "%s.%s.body", l->name, s->verb);
    if (json_object_get(d->schemas, name) == NULL)
        doc_put(d, d->schemas, name, doc_body(d, l, s));
}

static json_t *
operation(struct doc *d, const struct at *a)
{
    json_t *o = json_object(), *responses = json_object();
    const char *tag = a->op->tag != NULL ? a->op->tag
                      : a->l != NULL     ? a->l->name
                                         : "general";
    bool step = a->l != NULL && a->s != NULL;
    char id[128], status[16];

    if (step)
        put_body(d, a->l, a->s);
    fill_name(id, sizeof(id), a->op->id, a->l);
    if (step && a->r->run == api_step)
        snprintf(id, sizeof(id), "%s_%s", a->l->name, a->s->verb);
    snprintf(status, sizeof(status), "%d", a->op->status);
    doc_put(d, o, "operationId", json_string(id));
    doc_put(d, o, "summary", summary(d, a));
    doc_put(d, o, "description", description(d, a));
    doc_put(d, o, "tags", json_pack("[s]", tag));
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

static bool
has_steps(const struct ledger *l)
{
    for (size_t i = 0; i < l->n_steps; i++)
        if (doc_takes(l, &l->steps[i]))
            return true;
    return false;
}

static void
put_ledger(struct doc *d, struct at a, const struct ledger *l)
{
    a.l = l;
    if (a.r->run == api_step) {
        put_steps(d, a);
        return;
    }
    if ((a.r->run == api_create || a.r->run == api_bulk_create) &&
        (a.s = ledger_create(l)) == NULL)
        return;
    if (a.r->run == api_bulk_step && !has_steps(l))
        return;
    put_operation(d, &a);
}

void
doc_paths(struct doc *d)
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
