/* OpenAPI 3.1, made from the same tables as the program: routes and ledgers.
 * It does not change while the server runs, and is made at each request. */
#include <stdio.h>

#include "domain/parts.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/json.h"
#include "web/route.h"

static void put_type(struct buf *b, const struct field *f);

/* Child rows: objects with an id of their own. */
static void
put_parts(struct buf *b, const struct part_kind *k)
{
    buf_printf(b,
               "{\"type\":\"array\",\"maxItems\":%ld,\"items\":{\"type\":"
               "\"object\",\"properties\":{\"id\":{\"type\":\"integer\"}",
               (long)k->max);
    for (size_t i = 0; i < k->n_fields; i++) {
        buf_printf(b, ",\"%s\":", k->fields[i].name);
        put_type(b, &k->fields[i]);
    }
    buf_puts(b, "}}");
}

static void
put_type(struct buf *b, const struct field *f)
{
    switch (f->kind) {
    case FK_PARTS:
        put_parts(b, f->parts);
        break;
    case FK_INT:
        buf_puts(b, "{\"type\":[\"integer\",\"null\"]");
        break;
    case FK_FLAG:
        buf_puts(b, "{\"type\":\"boolean\"");
        break;
    case FK_FILES:
        buf_puts(b, "{\"type\":\"array\",\"items\":{\"type\":\"string\"}");
        break;
    case FK_TEXT2:
        buf_puts(b, "{\"type\":[\"object\",\"null\"],\"properties\":{\"en\":"
                    "{\"type\":\"string\"},\"zh\":{\"type\":\"string\"}}");
        break;
    case FK_DAY:
        buf_puts(b, "{\"type\":[\"string\",\"null\"],\"format\":\"date\"");
        break;
    case FK_TIME:
        buf_puts(b, "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"");
        break;
    default:
        buf_puts(b, "{\"type\":[\"string\",\"null\"]");
    }
    if (f->kind == FK_ENUM) {
        buf_puts(b, ",\"enum\":[null");
        for (const struct choice *c = f->choices; c->v != 0; c++) {
            buf_putc(b, ',');
            json_str(b, str_of(c->key));
        }
        buf_putc(b, ']');
    }
    if (field_ctype(f) == CT_STR && f->kind != FK_FILES &&
        f->kind != FK_PARTS && f->max > 0)
        buf_printf(b, ",\"maxLength\":%ld", (long)f->max);
    buf_puts(b, ",\"description\":");
    json_str(b, str_of(f->label));
    buf_putc(b, '}');
}

static void
put_fields(struct buf *b, const struct ledger *l, const struct step *s)
{
    bool first = true;

    buf_puts(b, "{\"type\":\"object\",\"properties\":{");
    for (size_t i = 0; i < l->n_fields; i++) {
        if (s != NULL && !step_writes(s, &l->fields[i]))
            continue;
        buf_printf(b, "%s\"%s\":", first ? "" : ",", l->fields[i].name);
        put_type(b, &l->fields[i]);
        first = false;
    }
    if (s != NULL)
        buf_printf(b,
                   "%s\"rev\":{\"type\":\"integer\"},"
                   "\"comment\":{\"type\":\"string\"}",
                   first ? "" : ",");
    buf_putc(b, '}');
    for (size_t i = 0, n = 0; i < l->n_fields && s != NULL; i++)
        if (step_needs(s, &l->fields[i]))
            buf_printf(b, "%s\"%s\"", n++ == 0 ? ",\"required\":[" : ",",
                       l->fields[i].name);
    for (size_t i = 0; i < l->n_fields && s != NULL; i++)
        if (step_needs(s, &l->fields[i])) {
            buf_putc(b, ']');
            break;
        }
    buf_putc(b, '}');
}

static void
put_answer(struct buf *b, const char *schema)
{
    buf_printf(b,
               "\"responses\":{\"200\":{\"description\":\"ok\",\"content\":{"
               "\"application/json\":{\"schema\":{\"$ref\":"
               "\"#/components/schemas/%s\"}}}},\"default\":{\"description\":"
               "\"problem\",\"content\":{\"application/problem+json\":{"
               "\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}}",
               schema);
}

static void
put_body(struct buf *b, const struct ledger *l, const struct step *s)
{
    buf_puts(b, ",\"requestBody\":{\"content\":{\"application/json\":{"
                "\"schema\":");
    put_fields(b, l, s);
    buf_puts(b, "}}}");
}

/* One path: what stands before its operations. */
static void
open_path(struct buf *b, const struct ledger *l, const char *tail, bool id)
{
    buf_printf(b,
               ",\"/api/v1/{tenant}/%s%s\":{\"parameters\":[{\"name\":"
               "\"tenant\",\"in\":\"path\",\"required\":true,\"schema\":{"
               "\"type\":\"string\"}}",
               l->name, tail);
    if (id)
        buf_puts(b, ",{\"name\":\"id\",\"in\":\"path\",\"required\":true,"
                    "\"schema\":{\"type\":\"string\"}}");
    buf_putc(b, ']');
}

static void
put_ledger_paths(struct buf *b, const struct ledger *l)
{
    const struct step *make = ledger_create(l);

    open_path(b, l, "", false);
    buf_printf(b, ",\"get\":{\"operationId\":\"list_%s\",", l->name);
    put_answer(b, "list");
    buf_puts(b, "}");
    if (make != NULL) {
        buf_printf(b, ",\"post\":{\"operationId\":\"%s_%s\",", make->verb,
                   l->name);
        put_answer(b, l->name);
        put_body(b, l, make);
        buf_puts(b, "}");
    }
    buf_puts(b, "}");
    open_path(b, l, "/{id}", true);
    buf_printf(b, ",\"get\":{\"operationId\":\"get_%s\",", l->name);
    put_answer(b, l->name);
    buf_puts(b, "}}");
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];
        char tail[64];
        bool again = false;

        for (size_t k = 0; k < i; k++)
            again |= strcmp(l->steps[k].verb, s->verb) == 0;
        if (again || (s->flags & S_QUIET) || (s->from & IN(ST_NONE)))
            continue;
        snprintf(tail, sizeof(tail), "/{id}/%s", s->verb);
        open_path(b, l, tail, true);
        buf_printf(b,
                   ",\"post\":{\"operationId\":\"%s_%s\",\"summary\":", s->verb,
                   l->name);
        json_str(b, str_of(s->label));
        buf_putc(b, ',');
        put_answer(b, l->name);
        put_body(b, l, s);
        buf_puts(b, "}}");
    }
}

static void
put_schemas(struct buf *b)
{
    buf_puts(b, "\"problem\":{\"type\":\"object\",\"properties\":{\"status\":{"
                "\"type\":\"integer\"},\"code\":{\"type\":\"string\",\"enum\":"
                "[");
    for (int i = 1; i < ERR__MAX; i++)
        buf_printf(b, "%s\"%s\"", i > 1 ? "," : "", err_info[i].name);
    buf_puts(b, "]},\"title\":{\"type\":\"string\"},\"field\":{\"type\":"
                "\"string\"}}},\"list\":{\"type\":\"object\",\"properties\":{"
                "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}"
                "},\"next\":{\"type\":[\"string\",\"null\"]},"
                "\"incomplete\":{\"type\":\"boolean\",\"description\":"
                "\"true: after an update a search lacks older records for some"
                " minutes\"}}}");
    for (size_t i = 0; i < n_ledgers; i++) {
        buf_printf(b,
                   ",\"%s\":{\"type\":\"object\",\"properties\":{"
                   "\"record\":",
                   ledgers[i]->name);
        put_fields(b, ledgers[i], NULL);
        buf_puts(b, ",\"steps\":{\"type\":\"array\",\"items\":{\"type\":"
                    "\"string\"}}}}");
    }
}

bool
api_openapi(struct rq *rq, struct err *e)
{
    struct buf *b = &rq->rs->body;

    (void)e;
    answer_type(rq, "application/json");
    buf_puts(b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Anlan\","
                "\"version\":\"1\"},\"security\":[{\"bearer\":[]}],\"paths\":{"
                "\"/api/v1/me\":{\"get\":{\"operationId\":\"me\","
                "\"responses\":{\"200\":{\"description\":\"ok\"}}}}");
    for (size_t i = 0; i < n_ledgers; i++)
        put_ledger_paths(b, ledgers[i]);
    buf_puts(b, "},\"components\":{\"securitySchemes\":{\"bearer\":{\"type\":"
                "\"http\",\"scheme\":\"bearer\"}},\"schemas\":{");
    put_schemas(b);
    buf_puts(b, "}}}\n");
    return true;
}
