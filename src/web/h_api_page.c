/* The API's description for people: the same document, read and set as a page. */
#include "pages/api.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/openapi.h"
#include "web/view.h"

enum { VALUES_MAX = 256, ANSWERS_MAX = 24 };

struct reading {
    struct rq *rq;
    const json_t *root;
    struct str tag; /* key of the one that is chosen */
};

static struct str
text_of(struct rq *rq, const json_t *v)
{
    const char *s = json_string_value(v);

    return arena_dup(rq->arena, str_of(s != NULL ? s : ""));
}

/* What a $ref leads to: "#/components/KIND/NAME". */
static const json_t *
followed(const struct reading *k, const json_t *v)
{
    const char *ref = json_string_value(json_object_get(v, "$ref"));
    struct str rest, word;

    if (ref == NULL)
        return v;
    rest = str_of(ref + 2);
    v = k->root;
    while (str_split(&rest, '/', &word))
        v = json_object_getn(v, word.p, word.n);
    return v;
}

/* ---- kinds in words --------------------------------------------------------------- */

static void
put_type(const struct reading *k, struct buf *b, const json_t *schema)
{
    const json_t *type, *list, *one;
    size_t i;

    schema = followed(k, schema);
    type = json_object_get(schema, "type");
    if (json_is_array(type))
        type = json_array_get(type, 0);
    if (json_string_value(type) != NULL)
        buf_puts(b, json_string_value(type));
    if (json_object_get(schema, "format") != NULL)
        buf_printf(b, ", %s",
                   json_string_value(json_object_get(schema, "format")));
    if ((list = json_object_get(schema, "items")) != NULL) {
        buf_puts(b, " · ");
        put_type(k, b, list);
    }
    json_array_foreach(json_object_get(schema, "enum"), i, one)
    {
        if (json_is_string(one))
            buf_printf(b, "%s%s", i > 0 ? " | " : ": ", json_string_value(one));
    }
}

static struct str
type_words(const struct reading *k, const json_t *schema)
{
    BUF(b, 4096);

    put_type(k, &b, schema);
    return arena_dup(k->rq->arena, buf_str(&b));
}

/* ---- one operation ------------------------------------------------------------------ */

static const char *
where_words(const char *in)
{
    return strcmp(in, "query") == 0  ? N_("address, behind ?")
           : strcmp(in, "path") == 0 ? N_("address")
                                     : N_("header");
}

static void
add_parameters(const struct reading *k, const json_t *op,
               struct v_api_value *out, size_t *n)
{
    const json_t *p;
    size_t i;

    json_array_foreach(json_object_get(op, "parameters"), i, p)
    {
        p = followed(k, p);
        if (*n == VALUES_MAX)
            return;
        out[(*n)++] = (struct v_api_value){
            .name = text_of(k->rq, json_object_get(p, "name")),
            .where = str_of(rq_tr(k->rq, where_words(json_string_value(
                                             json_object_get(p, "in"))))),
            .type = type_words(k, json_object_get(p, "schema")),
            .text = text_of(k->rq, json_object_get(p, "description")),
            .required = json_is_true(json_object_get(p, "required")),
        };
    }
}

static bool
is_required(const json_t *schema, const char *name)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(schema, "required"), i, one)
    {
        if (strcmp(json_string_value(one), name) == 0)
            return true;
    }
    return false;
}

static void
add_members(const struct reading *k, const json_t *schema,
            struct v_api_value *out, size_t *n)
{
    const json_t *s = followed(k, schema);
    const char *name;
    json_t *p;

    json_object_foreach(json_object_get(s, "properties"), name, p)
    {
        if (*n == VALUES_MAX)
            return;
        out[(*n)++] = (struct v_api_value){
            .name = arena_dup(k->rq->arena, str_of(name)),
            .where = str_of(rq_tr(k->rq, N_("body"))),
            .type = type_words(k, p),
            .text =
                text_of(k->rq, json_object_get(followed(k, p), "description")),
            .required = is_required(s, name),
        };
    }
}

/* The first kind of body, and its example. */
static void
add_body(const struct reading *k, const json_t *op, struct v_api_value *out,
         size_t *n, struct str *example)
{
    const json_t *content =
        json_object_get(json_object_get(op, "requestBody"), "content");
    void *first = json_object_iter((json_t *)(uintptr_t)content);
    const json_t *media = json_object_iter_value(first), *shown;
    BUF(b, 16 * 1024);

    if (media == NULL)
        return;
    add_members(k, json_object_get(media, "schema"), out, n);
    if ((shown = json_object_get(media, "example")) == NULL)
        return;
    json_dump_callback(shown, doc_to_buf, &b, JSON_INDENT(2));
    *example = arena_dup(k->rq->arena, buf_str(&b));
}

static void
add_answers(const struct reading *k, const json_t *op,
            struct v_api_operation *v)
{
    struct v_api_answer *out =
        arena_new_array(k->rq->arena, struct v_api_answer, ANSWERS_MAX);
    const char *status;
    json_t *r;

    v->answers = out;
    json_object_foreach(json_object_get(op, "responses"), status, r)
    {
        if (out == NULL || v->n_answers == ANSWERS_MAX)
            return;
        out[v->n_answers++] = (struct v_api_answer){
            arena_dup(k->rq->arena, str_of(status)),
            text_of(k->rq, json_object_get(followed(k, r), "description")),
        };
    }
}

static bool
read_operation(const struct reading *k, const char *path, const char *method,
               const json_t *op, struct v_api_operation *v)
{
    struct v_api_value *values =
        arena_new_array(k->rq->arena, struct v_api_value, VALUES_MAX);

    if (values == NULL)
        return false;
    *v = (struct v_api_operation){
        .id = text_of(k->rq, json_object_get(op, "operationId")),
        .method = strcmp(method, "post") == 0 ? STR("POST") : STR("GET"),
        .path = arena_dup(k->rq->arena, str_of(path)),
        .summary = text_of(k->rq, json_object_get(op, "summary")),
        .text = text_of(k->rq, json_object_get(op, "description")),
        .values = values,
    };
    add_parameters(k, op, values, &v->n_values);
    add_body(k, op, values, &v->n_values, &v->example);
    add_answers(k, op, v);
    return !arena_failed(k->rq->arena);
}

/* ---- the page ------------------------------------------------------------------------ */

static bool
read_operations(const struct reading *k, struct part_api_view *v)
{
    enum { MOST = 128 };
    struct v_api_operation *out =
        arena_new_array(k->rq->arena, struct v_api_operation, MOST);
    const char *path, *method;
    json_t *item, *op;

    v->operations = out;
    if (out == NULL)
        return false;
    json_object_foreach(json_object_get(k->root, "paths"), path, item)
    {
        json_object_foreach(item, method, op)
        {
            const char *tag = json_string_value(
                json_array_get(json_object_get(op, "tags"), 0));

            if (!str_is(k->tag, tag) || v->n_operations == MOST)
                continue;
            if (!read_operation(k, path, method, op, &out[v->n_operations++]))
                return false;
        }
    }
    return true;
}

static void
read_tags(const struct reading *k, struct part_api_view *v)
{
    const json_t *tags = json_object_get(k->root, "tags"), *t;
    struct v_link *out =
        arena_new_array(k->rq->arena, struct v_link, json_array_size(tags) + 1);
    size_t i;

    v->tags = out;
    json_array_foreach(tags, i, t)
    {
        struct str name = text_of(k->rq, json_object_get(t, "name")),
                   label = text_of(k->rq, json_object_get(t, "description"));

        if (out == NULL)
            return;
        out[v->n_tags++] = (struct v_link){
            .label = label,
            .url = view_url(k->rq, "/api?of=%.*s", STR_ARG(name)),
            .current = str_eq(name, k->tag),
        };
        if (str_eq(name, k->tag))
            v->tag = label;
    }
}

static void
read_guide(const struct reading *k, struct part_api_view *v)
{
    struct str text =
        text_of(k->rq, json_object_get(json_object_get(k->root, "info"),
                                       "description"));
    struct str *out = arena_new_array(k->rq->arena, struct str, 32);
    struct str line;

    v->guide = out;
    while (out != NULL && v->n_guide < 32 && str_split(&text, '\n', &line))
        if (line.n > 0)
            out[v->n_guide++] = line;
}

/* What stands between head and foot: the same for everybody. */
static bool
make(struct rq *rq, struct buf *b, struct err *e)
{
    struct part_api_view v = { .lang = rq->lang };
    struct reading k = { .rq = rq, .tag = rq_query(rq, "of") };
    struct doc d;
    bool ok;

    if (!doc_make(rq, &d, e))
        return false;
    k.root = d.root;
    read_guide(&k, &v);
    read_tags(&k, &v);
    ok = read_operations(&k, &v);
    json_decref(d.root);
    if (!ok)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (k.tag.n > 0 && v.n_operations == 0)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    v.codes = doc_codes(rq, &v.n_codes);
    part_api(b, &v);
    return true;
}

bool
api_page(struct rq *rq, struct err *e)
{
    const struct v_head *head;

    if (!doc_piece(rq, rq_query(rq, "of"), make, e))
        return false;
    head = view_head(rq, rq_tr(rq, N_("For programs: the API")));
    answer_html(rq);
    part_head(&rq->rs->body, head);
    part_foot(&rq->rs->tail, head);
    return true;
}
