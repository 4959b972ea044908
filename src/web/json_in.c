/* JSON as it comes in: the members of a body as inputs of a step. */
#include <jansson.h>

#include "base/clean.h"
#include "domain/parts.h"
#include "web/answer.h"
#include "web/json.h"
#include "web/route.h"

static struct str
text_of(struct rq *rq, const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_STRING:
        return text_clean(
            rq->arena,
            arena_dup(rq->arena, (struct str){ json_string_value(v),
                                               json_string_length(v) }));
    case JSON_INTEGER:
        return arena_printf(rq->arena, "%" JSON_INTEGER_FORMAT,
                            json_integer_value(v));
    case JSON_REAL:
        return arena_printf(rq->arena, "%.15g", json_real_value(v));
    case JSON_TRUE:
        return STR("true");
    case JSON_FALSE:
        return STR("false");
    default:
        return STR("");
    }
}

/* ["12", "13"] -> "12,13" */
static struct str
list_of(struct rq *rq, const json_t *list)
{
    BUF(b, 4096);

    for (size_t i = 0; i < json_array_size(list); i++) {
        buf_puts(&b, i > 0 ? "," : "");
        buf_str_put(&b, text_of(rq, json_array_get(list, i)));
    }
    return arena_dup(rq->arena, buf_str(&b));
}

static bool
is_simple(const json_t *v)
{
    return !json_is_object(v) && !json_is_array(v);
}

/* A list where ids of files belong, an object where two languages do. */
static bool
member_fits(const struct ledger *l, const char *key, json_t *v)
{
    const struct field *f = ledger_field(l, str_of(key));
    const char *side;
    json_t *text;

    if (json_is_array(v) && f != NULL && f->kind == FK_PARTS)
        return true; /* parts_of says which row is wrong */
    if (json_is_array(v)) {
        for (size_t i = 0; i < json_array_size(v); i++)
            if (!is_simple(json_array_get(v, i)))
                return false;
        return f != NULL && f->kind == FK_FILES && json_array_size(v) <= 100;
    }
    if (!json_is_object(v))
        return true;
    json_object_foreach(v, side, text)
    {
        if (!str_in_words(str_of(side), "en zh") || !is_simple(text))
            return false;
    }
    return f != NULL && field_ctype(f) == CT_TEXT2 && json_object_size(v) > 0;
}

static bool
member_known(const struct ledger *l, struct str key)
{
    const struct field *f;

    if (str_in_words(key, "key rev org comment occurred_at") ||
        ledger_field(l, key) != NULL)
        return true;
    f = key.n > 3 ? ledger_field(l, str_cut(key, 0, key.n - 3)) : NULL;
    return f != NULL && field_ctype(f) == CT_TEXT2 &&
           str_in_words(str_cut(key, key.n - 3, key.n), "_en _zh");
}

static bool
check_member(struct rq *rq, const char *key, json_t *v, struct err *e)
{
    const char *field = arena_dupz(rq->arena, str_of(key));

    if (!member_known(rq->ledger, str_of(key)) && !route_lists(rq->route, key))
        return err_set(e, ERR_INVALID, field,
                       "The parameter \"%.*s\" is not known here",
                       STR_ARG(str_of(key)));
    return member_fits(rq->ledger, key, v) ||
           err_set(e, ERR_INVALID, field,
                   "The parameter \"%.*s\" has a value that is not "
                   "understood",
                   STR_ARG(str_of(key)));
}

/* One value of a child row: of two languages an object or "text_en". */
static bool
part_value(struct rq *rq, const struct field *f, const char *key, json_t *v,
           void *part, struct err *e)
{
    struct str name = str_of(key);
    bool zh =
        name.n > 3 && str_eq(str_cut(name, name.n - 3, name.n), STR("_zh"));
    const char *side;
    json_t *text;

    /* what stands between rows would go without a word */
    if (json_is_string(v) && strpbrk(json_string_value(v), "\x1e\x1f") != NULL)
        return err_set(e, ERR_INVALID, f->name,
                       "This text is not valid Unicode (UTF-8)");
    if (field_ctype(f) != CT_TEXT2)
        return field_parse(
            f, json_is_array(v) ? list_of(rq, v) : text_of(rq, v), part, e);
    if (!json_is_object(v))
        return field_parse2(f, text_of(rq, v), zh, part, e);
    json_object_foreach(v, side, text)
    {
        if (!str_in_words(str_of(side), "en zh") || !is_simple(text) ||
            !part_value(rq, f, *side == 'z' ? "_zh" : "_en", text, part, e))
            return false;
    }
    return true;
}

static const struct field *
part_field(const struct part_kind *k, struct str name)
{
    bool two = name.n > 3 &&
               str_in_words(str_cut(name, name.n - 3, name.n), "_en _zh");

    for (size_t i = 0; i < k->n_fields; i++) {
        const struct field *f = &k->fields[i];

        if (str_is(name, f->name) ||
            (two && field_ctype(f) == CT_TEXT2 &&
             str_is(str_cut(name, 0, name.n - 3), f->name)))
            return f;
    }
    return NULL;
}

static bool
part_of(struct rq *rq, const struct field *f, json_t *row, void *part,
        struct err *e)
{
    const char *key;
    json_t *v;

    json_object_foreach(row, key, v)
    {
        const struct field *x = part_field(f->parts, str_of(key));
        struct err why = { 0 };

        if (strcmp(key, "id") == 0
                ? !str_i64(text_of(rq, v), part) || *(const int64_t *)part < 0
                : x == NULL || !part_value(rq, x, key, v, part, &why))
            return err_set(e, ERR_INVALID, f->name,
                           "A row has a member \"%.*s\" that is not known or "
                           "not understood",
                           STR_ARG(arena_dup(rq->arena, str_of(key))));
    }
    return true;
}

/* [{"id": 1, "text": {"en": ..}}, ..] -> the value of a field of child rows */
static bool
parts_of(struct rq *rq, const struct field *f, json_t *list, struct str *out,
         struct err *e)
{
    _Alignas(16) char part[PART_SIZE_MAX];
    BUF(b, 4 << 20);

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);

        memset(part, 0, sizeof(part));
        if (!json_is_object(row))
            return err_set(e, ERR_INVALID, f->name,
                           "Each row must be a JSON object");
        if (!part_of(rq, f, row, part, e))
            return false;
        parts_put(f->parts, part, &b);
    }
    *out = arena_dup(rq->arena, buf_str(&b));
    return !b.over ||
           err_set(e, ERR_TOO_LARGE, f->name, "This change is too large");
}

/* {"name": {"en": "..", "zh": ".."}} -> name_en, name_zh */
static bool
add_member(struct rq *rq, struct input *in, size_t *added, const char *key,
           json_t *v, struct err *e)
{
    const struct field *f = ledger_field(rq->ledger, str_of(key));
    struct str name = arena_dup(rq->arena, str_of(key));
    const char *side;
    json_t *text;
    size_t n = 0;

    in[0].name = name;
    *added = 1;
    if (f != NULL && f->kind == FK_PARTS && json_is_array(v))
        return parts_of(rq, f, v, &in[0].value, e);
    if (json_is_object(v)) {
        json_object_foreach(v, side, text)
        {
            if (n < 2)
                in[n++] =
                    (struct input){ arena_printf(rq->arena, "%s_%s", key, side),
                                    text_of(rq, text) };
        }
        *added = n;
        return true;
    }
    if (f != NULL && f->kind == FK_PARTS && json_is_string(v))
        in[0].value = parts_clean(
            arena_dup(rq->arena, str_of(json_string_value(v))), rq->arena);
    else
        in[0].value = json_is_array(v) ? list_of(rq, v) : text_of(rq, v);
    return true;
}

/* The members of one object. */
static bool
members(struct rq *rq, json_t *root, struct input **out, size_t *n,
        struct err *e)
{
    const char *key;
    json_t *v;

    *n = 0;
    *out = arena_new_array(rq->arena, struct input,
                           2 * json_object_size(root) + 2);
    if (*out == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    json_object_foreach(root, key, v)
    {
        size_t added = 0;

        if (!check_member(rq, key, v, e) ||
            !add_member(rq, *out + *n, &added, key, v, e))
            return false;
        *n += added;
    }
    return true;
}

/* The body's object; NULL: it is none. */
static json_t *
body_object(struct rq *rq, struct err *e)
{
    json_error_t je = { .text = "" };
    json_t *root = json_loadb(rq->http->body.p, rq->http->body.n,
                              JSON_REJECT_DUPLICATES, &je);

    if (json_is_object(root))
        return root;
    json_decref(root);
    err_set(e, ERR_INVALID, NULL,
            "The body is not a JSON object: line %d, column %d: %s", je.line,
            je.column, je.text);
    return NULL;
}

bool
json_inputs(struct rq *rq, struct input **out, size_t *n, struct err *e)
{
    json_t *root = body_object(rq, e);
    bool ok = root != NULL && members(rq, root, out, n, e);

    json_decref(root);
    return ok;
}

bool
json_items(struct rq *rq, size_t most, json_item_fn *fn, void *arg,
           struct err *e)
{
    json_t *root = body_object(rq, e), *list, *one;
    bool ok = root != NULL;
    size_t i;

    list = json_object_get(root, "items");
    if (ok && (json_object_size(root) != 1 || !json_is_array(list) ||
               json_array_size(list) == 0 || json_array_size(list) > most))
        ok = err_set(e, ERR_INVALID, "items",
                     "Send {\"items\": [...]} with 1 to %d of them", (int)most);
    json_array_foreach(list, i, one)
    {
        struct json_item item = { .i = i };

        if (!ok)
            break;
        if (!json_is_object(one))
            err_set(&item.why, ERR_INVALID, NULL,
                    "Each row must be a JSON object");
        else
            (void)members(rq, one, &item.input, &item.n, &item.why);
        ok = fn(rq, &item, arg, e);
    }
    json_decref(root);
    return ok;
}
