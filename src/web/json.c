#include <inttypes.h>
#include <jansson.h>

#include "web/answer.h"
#include "web/json.h"

void
json_str(struct buf *b, struct str s)
{
    size_t from = 0;

    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        buf_put(b, s.p + from, i - from);
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            buf_puts(b, "\\n");
        else
            buf_printf(b, "\\u%04x", c);
        from = i + 1;
    }
    buf_put(b, s.p + from, s.n - from);
    buf_putc(b, '"');
}

void
json_problem(struct rq *rq, const struct err *e)
{
    struct buf *b = &rq->rs->body;

    answer_type(rq, "application/problem+json");
    buf_printf(b, "{\"type\":\"about:blank\",\"status\":%d,\"code\":\"%s\",",
               err_info[e->code].http, err_info[e->code].name);
    buf_puts(b, "\"title\":");
    json_str(b, rq_error_text(rq, e));
    if (e->field != NULL) {
        buf_puts(b, ",\"field\":");
        json_str(b, str_of(e->field));
    }
    buf_puts(b, "}\n");
}

static void
put_files(struct rq *rq, struct buf *b, struct str ids)
{
    struct str one;
    bool first = true;

    (void)rq;
    buf_putc(b, '[');
    while (ids.n > 0 && str_split(&ids, ',', &one)) {
        buf_puts(b, first ? "" : ",");
        json_str(b, one);
        first = false;
    }
    buf_putc(b, ']');
}

static void
put_i64(struct buf *b, const struct field *f, const void *rec)
{
    int64_t v = *field_i64(f, rec);
    BUF(text, 256);

    switch (f->kind) {
    case FK_INT:
        buf_i64(b, v);
        break;
    case FK_FLAG:
        buf_puts(b, v ? "true" : "false");
        break;
    case FK_TIME:
        time_format_utc(&text, v);
        json_str(b, buf_str(&text));
        break;
    default:
        field_format(f, rec, false, &text);
        json_str(b, buf_str(&text));
    }
}

static void
put_value(struct rq *rq, struct buf *b, const struct field *f, const void *rec)
{
    if (field_empty(f, rec)) {
        buf_puts(b, f->kind == FK_FLAG    ? "false"
                    : f->kind == FK_FILES ? "[]"
                                          : "null");
        return;
    }
    switch (field_ctype(f)) {
    case CT_I64:
        put_i64(b, f, rec);
        break;
    case CT_STR:
        if (f->kind == FK_FILES)
            put_files(rq, b, *field_str(f, rec));
        else
            json_str(b, *field_str(f, rec));
        break;
    case CT_TEXT2:
        buf_puts(b, "{\"en\":");
        json_str(b, field_text2(f, rec)->en);
        buf_puts(b, ",\"zh\":");
        json_str(b, field_text2(f, rec)->zh);
        buf_putc(b, '}');
        break;
    }
}

static bool
wanted(const struct field *f, const char *fields)
{
    return fields == NULL || str_in_words(str_of(f->name), fields) ||
           str_in_words(str_of(f->name), "org no due_at created_at");
}

void
json_rec(struct rq *rq, struct buf *b, const struct ledger *l, const void *rec,
         const char *fields)
{
    const struct rec *r = rec;

    buf_printf(b,
               "{\"id\":\"%" PRId64 "\",\"rev\":%" PRId64 ",\"state\":", r->id,
               r->rev);
    json_str(b, str_of(ledger_state(l, r->state) != NULL
                           ? ledger_state(l, r->state)->key
                           : ""));
    for (size_t i = 0; i < n_rec_fields + l->n_fields; i++) {
        const struct field *f =
            i < n_rec_fields ? &rec_fields[i] : &l->fields[i - n_rec_fields];

        if (f->tag == 11 || !wanted(f, fields) ||
            !actor_sees(&rq->who, l, rec, f))
            continue;
        buf_printf(b, ",\"%s\":", f->name);
        put_value(rq, b, f, rec);
    }
    buf_putc(b, '}');
}

static struct str
text_of(struct rq *rq, const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_STRING:
        return arena_dup(rq->arena, (struct str){ json_string_value(v),
                                                  json_string_length(v) });
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

    if (!member_known(rq->ledger, str_of(key)))
        return err_set(e, ERR_INVALID, field,
                       "The parameter \"%.*s\" is not known here",
                       STR_ARG(str_of(key)));
    return member_fits(rq->ledger, key, v) ||
           err_set(e, ERR_INVALID, field,
                   "The parameter \"%.*s\" has a value that is not "
                   "understood",
                   STR_ARG(str_of(key)));
}

/* {"name": {"en": "..", "zh": ".."}} -> name_en, name_zh */
static size_t
add_member(struct rq *rq, struct input *in, const char *key, json_t *v)
{
    struct str name = arena_dup(rq->arena, str_of(key));
    const char *side;
    json_t *text;
    size_t n = 0;

    if (json_is_object(v)) {
        json_object_foreach(v, side, text)
        {
            if (n < 2)
                in[n++] =
                    (struct input){ arena_printf(rq->arena, "%s_%s", key, side),
                                    text_of(rq, text) };
        }
        return n;
    }
    in[0] = (struct input){ name, json_is_array(v) ? list_of(rq, v)
                                                   : text_of(rq, v) };
    return 1;
}

bool
json_inputs(struct rq *rq, struct input **out, size_t *n, struct err *e)
{
    json_error_t je;
    json_t *root = json_loadb(rq->http->body.p, rq->http->body.n,
                              JSON_REJECT_DUPLICATES, &je);
    const char *key;
    bool ok = true;
    json_t *v;

    *n = 0;
    if (!json_is_object(root)) {
        json_decref(root);
        return err_set(e, ERR_INVALID, NULL,
                       "The body is not a JSON object: line %d, column %d: %s",
                       je.line, je.column, je.text);
    }
    *out = arena_new_array(rq->arena, struct input,
                           2 * json_object_size(root) + 2);
    if (*out == NULL)
        ok = err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    else
        json_object_foreach(root, key, v)
        {
            if (!(ok = check_member(rq, key, v, e)))
                break;
            *n += add_member(rq, *out + *n, key, v);
        }
    json_decref(root);
    return ok;
}
