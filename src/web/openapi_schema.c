/* Records and bodies of each ledger, from its declaration. */
#include <stdarg.h>
#include <stdio.h>

#include "domain/parts.h"
#include "web/json.h"
#include "web/openapi.h"

static json_t *value_schema(struct doc *, const struct field *);

/* ---- one field --------------------------------------------------------------- */

static json_t *
enum_schema(struct doc *d, const struct field *f)
{
    json_t *s = doc_type("string", true), *list = json_array();

    for (const struct choice *c = f->choices; c->v != 0; c++)
        doc_add(d, list, json_string(c->key));
    doc_add(d, list, json_null());
    doc_put(d, s, "enum", list);
    return s;
}

/* Child rows: of each only what is filled in. */
static json_t *
parts_schema(struct doc *d, const struct part_kind *k)
{
    json_t *s = doc_json("{\"type\":\"array\"}"), *props = json_object();
    json_t *row = doc_json("{\"type\":\"object\"}");

    doc_put(d, props, "id", doc_json("{\"type\":\"integer\",\"minimum\":0}"));
    for (size_t i = 0; i < k->n_fields; i++)
        doc_put(d, props, k->fields[i].name, value_schema(d, &k->fields[i]));
    doc_put(d, row, "properties", props);
    doc_put(d, row, "additionalProperties", json_false());
    doc_put(d, s, "items", row);
    doc_put(d, s, "maxItems", json_integer(k->max));
    return s;
}

static json_t *
two_languages(struct doc *d, const struct field *f)
{
    static const char *const side[] = { "en", "zh" };
    json_t *s = doc_type("object", true), *props = json_object();

    for (size_t i = 0; i < N_OF(side); i++) {
        json_t *text = doc_type("string", false);

        if (f->max > 0)
            doc_put(d, text, "maxLength", json_integer(f->max));
        doc_put(d, props, side[i], text);
    }
    doc_put(d, s, "properties", props);
    doc_put(d, s, "additionalProperties", json_false());
    return s;
}

static json_t *
number_schema(struct doc *d, const struct field *f)
{
    json_t *s = doc_type("integer", true);

    if (f->max > f->min) {
        doc_put(d, s, "minimum", json_integer(f->min));
        doc_put(d, s, "maximum", json_integer(f->max));
    }
    return s;
}

static json_t *
words_schema(struct doc *d, const struct field *f)
{
    json_t *s = doc_type("string", true);

    if (f->max > 0)
        doc_put(d, s, "maxLength", json_integer(f->max));
    return s;
}

static json_t *
kind_schema(struct doc *d, const struct field *f)
{
    json_t *s;

    switch (f->kind) {
    case FK_INT:
        return number_schema(d, f);
    case FK_FLAG:
        return doc_type("boolean", false);
    case FK_MONEY:
        return doc_json("{\"type\":[\"string\",\"null\"],\"pattern\":"
                        "\"^[0-9]+([.][0-9]{1,2})?$\"}");
    case FK_DAY:
        return doc_json("{\"type\":[\"string\",\"null\"],\"format\":\"date\"}");
    case FK_TIME:
        return doc_json(
            "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}");
    case FK_ENUM:
        return enum_schema(d, f);
    case FK_TEXT2:
        return two_languages(d, f);
    case FK_PARTS:
        return parts_schema(d, f->parts);
    case FK_FILES:
        s = doc_json("{\"type\":\"array\",\"items\":{\"type\":\"string\","
                     "\"x-ledger\":\"files\"}}");
        doc_put(d, s, "maxItems", json_integer(f->max));
        return s;
    case FK_REF:
        s = doc_type("string", true);
        doc_put(d, s, "x-ledger", json_string(f->ref));
        return s;
    default:
        return words_schema(d, f);
    }
}

static json_t *
value_schema(struct doc *d, const struct field *f)
{
    json_t *s = kind_schema(d, f);
    struct str label = str_of(rq_tr(d->rq, f->label)),
               hint = str_of(f->hint != NULL ? rq_tr(d->rq, f->hint) : "");

    doc_put(d, s, "description",
            hint.n > 0 ? doc_printf("%.*s. %.*s", STR_ARG(label), STR_ARG(hint))
                       : doc_printf("%.*s", STR_ARG(label)));
    return s;
}

/* ---- a record ------------------------------------------------------------------ */

static bool
is_state(const struct field *f)
{
    return f >= rec_fields && f < rec_fields + n_rec_fields && f->tag == 11;
}

static json_t *
state_schema(struct doc *d, const struct ledger *l)
{
    json_t *s = doc_json("{\"type\":\"string\",\"readOnly\":true}");
    json_t *list = json_array();

    for (size_t i = 0; i < l->n_states; i++)
        doc_add(d, list, json_string(l->states[i].key));
    doc_put(d, s, "enum", list);
    doc_put(d, s, "description", doc_text(d, N_("State")));
    return s;
}

/* Each field is a component of its own: records, rows and bodies point to it. */
static void
field_components(struct doc *d, const struct ledger *l)
{
    char name[128];

    for (size_t i = 0; i < l->n_fields; i++) {
        json_t *s = value_schema(d, &l->fields[i]);

        if (l->fields[i].by == NULL)
            doc_put(d, s, "readOnly", json_true());
        snprintf(name, sizeof(name), "%s.%s", l->name, l->fields[i].name);
        doc_put(d, d->schemas, name, s);
    }
}

json_t *
doc_head_field(struct doc *d, const struct field *f)
{
    json_t *s = value_schema(d, f);

    if (f->tag != 10) /* the unit is said when the record is made */
        doc_put(d, s, "readOnly", json_true());
    return s;
}

static json_t *
field_ref(const struct ledger *l, const struct field *f)
{
    bool head = f >= rec_fields && f < rec_fields + n_rec_fields;

    return doc_ref("schemas/%s.%s", head ? "rec" : l->name, f->name);
}

/* fields == NULL: all of them; else a row of a list. */
static json_t *
record_schema(struct doc *d, const struct ledger *l, const char *fields)
{
    json_t *s = doc_json("{\"type\":\"object\",\"required\":"
                         "[\"id\",\"rev\",\"state\"]}");
    json_t *props = json_object();

    doc_put(d, props, "id", doc_ref("schemas/id"));
    doc_put(d, props, "rev", doc_ref("schemas/rev"));
    doc_put(d, props, "state", state_schema(d, l));
    for (size_t i = 0; i < n_rec_fields + l->n_fields; i++) {
        const struct field *f =
            i < n_rec_fields ? &rec_fields[i] : &l->fields[i - n_rec_fields];

        if (!is_state(f) && json_wants(f, fields))
            doc_put(d, props, f->name, field_ref(l, f));
    }
    doc_put(d, s, "properties", props);
    doc_put(d, s, "additionalProperties", json_false());
    return s;
}

static json_t *
verbs_schema(struct doc *d, const struct ledger *l)
{
    json_t *s =
        doc_json("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}");
    json_t *list = json_array();

    for (size_t i = 0; i < l->n_steps; i++)
        if (doc_takes(l, &l->steps[i]))
            doc_add(d, list, json_string(l->steps[i].verb));
    if (json_array_size(list) > 0)
        doc_put(d, json_object_get(s, "items"), "enum", list);
    else
        json_decref(list);
    doc_put(d, s, "description",
            doc_text(d, N_("The steps that are open to you now")));
    return s;
}

/* A list shows rows, or with whole=1 the records. */
static json_t *
row_or_record(struct doc *d, const struct ledger *l)
{
    json_t *s = json_object(), *any = json_array();

    doc_add(d, any, doc_ref("schemas/%s.row", l->name));
    doc_add(d, any, doc_ref("schemas/%s", l->name));
    doc_put(d, s, "anyOf", any);
    return s;
}

void
doc_ledger_schemas(struct doc *d, const struct ledger *l)
{
    json_t *answer = doc_json("{\"type\":\"object\",\"required\":"
                              "[\"record\",\"steps\"]}"),
           *list = doc_json("{\"type\":\"object\",\"required\":"
                            "[\"items\",\"next\"]}");
    json_t *props = json_object(), *items = json_object();
    json_t *rows = doc_json("{\"type\":\"array\"}");
    char name[128];

    field_components(d, l);
    doc_put(d, d->schemas, l->name, record_schema(d, l, NULL));
    snprintf(name, sizeof(name), "%s.row", l->name);
    doc_put(d, d->schemas, name, record_schema(d, l, l->list));
    doc_put(d, props, "record", doc_ref("schemas/%s", l->name));
    doc_put(d, props, "steps", verbs_schema(d, l));
    if (strcmp(l->name, "inspection") == 0)
        doc_put(d, props, "known", doc_ref("schemas/known"));
    doc_put(d, answer, "properties", props);
    snprintf(name, sizeof(name), "%s.answer", l->name);
    doc_put(d, d->schemas, name, answer);
    doc_put(d, rows, "items", row_or_record(d, l));
    doc_put(d, items, "items", rows);
    doc_put(d, items, "next", doc_ref("schemas/next"));
    doc_put(d, items, "incomplete", doc_ref("schemas/incomplete"));
    doc_put(d, list, "properties", items);
    snprintf(name, sizeof(name), "%s.list", l->name);
    doc_put(d, d->schemas, name, list);
}

/* ---- bodies --------------------------------------------------------------------- */

/* What has to come with it: of a step in a record's life only words, for the
 * record may hold the rest already. */
static bool
must_come(const struct step *s, const struct field *f)
{
    return (s->from & IN(ST_NONE)) && step_writes(s, f) && step_needs(s, f);
}

json_t *
doc_body(struct doc *d, const struct ledger *l, const struct step *s)
{
    bool makes = (s->from & IN(ST_NONE)) && ledger_create(l) == s;
    json_t *body = doc_json("{\"type\":\"object\"}"), *props = json_object(),
           *required = json_array();

    doc_put(d, props, makes ? "org" : "rev",
            makes ? doc_ref("schemas/rec.org") : doc_ref("schemas/rev"));
    if (makes)
        doc_add(d, required, json_string("org"));
    for (size_t i = 0; i < l->n_fields; i++) {
        if (!step_writes(s, &l->fields[i]))
            continue;
        doc_put(d, props, l->fields[i].name, field_ref(l, &l->fields[i]));
        if (must_come(s, &l->fields[i]))
            doc_add(d, required, json_string(l->fields[i].name));
    }
    doc_put(d, props, "comment", doc_ref("schemas/comment"));
    if (s->flags & S_COMMENT)
        doc_add(d, required, json_string("comment"));
    doc_put(d, props, "occurred_at", doc_ref("schemas/occurred_at"));
    doc_put(d, props, "key", doc_ref("schemas/key"));
    doc_put(d, body, "properties", props);
    if (json_array_size(required) > 0)
        doc_put(d, body, "required", required);
    else
        json_decref(required);
    doc_put(d, body, "additionalProperties", json_false());
    return body;
}

/* ---- examples ------------------------------------------------------------------- */

static json_t *
example_day(struct doc *d, const struct field *f)
{
    int64_t day = d->today, more = 0;
    BUF(b, 64);

    if (f->example != NULL && f->example[0] == '+' &&
        str_i64(str_of(f->example + 1), &more))
        day += more;
    day_format(&b, day);
    return json_stringn(buf_str(&b).p, b.n);
}

static json_t *example_value(struct doc *, const struct field *);

static json_t *
example_row(struct doc *d, const struct part_kind *k)
{
    json_t *row = json_object(), *list = json_array();

    for (size_t i = 0; i < k->n_fields; i++)
        if (k->fields[i].flags & F_REQUIRED)
            doc_put(d, row, k->fields[i].name, example_value(d, &k->fields[i]));
    doc_add(d, list, row);
    return list;
}

static json_t *
example_choice(const struct field *f)
{
    const struct choice *c = f->preset != NULL && f->preset[0] != '@'
                                 ? choice_find(f->choices, str_of(f->preset))
                                 : NULL;

    return json_string(c != NULL ? c->key : f->choices[0].key);
}

static json_t *
example_two(struct doc *d, const struct field *f)
{
    json_t *v = json_object();

    doc_put(d, v, "en", json_string(f->label));
    doc_put(d, v, "zh", json_string(tr(LANG_ZH, f->label)));
    return v;
}

static json_t *
example_value(struct doc *d, const struct field *f)
{
    if (f->example != NULL && f->example[0] != '\0' && f->kind != FK_DAY)
        return f->kind == FK_PARTS || f->kind == FK_INT
                   ? doc_json(f->example)
                   : json_string(f->example);
    switch (f->kind) {
    case FK_INT:
        return json_integer(f->min > 0 ? f->min : 1);
    case FK_FLAG:
        return json_true();
    case FK_MONEY:
        return json_string("1260.00");
    case FK_DAY:
        return example_day(d, f);
    case FK_TIME:
        return json_string("2026-03-05T01:30:00Z");
    case FK_ENUM:
        return example_choice(f);
    case FK_REF:
        return json_string(EXAMPLE_ID);
    case FK_FILES:
        return json_pack("[s]", EXAMPLE_ID);
    case FK_TEXT2:
        return example_two(d, f);
    case FK_PARTS:
        return example_row(d, f->parts);
    default:
        return doc_text(d, f->preset != NULL && f->preset[0] != '@' ? f->preset
                                                                    : f->label);
    }
}

json_t *
doc_example(struct doc *d, const struct ledger *l, const struct step *s)
{
    bool makes = (s->from & IN(ST_NONE)) && ledger_create(l) == s;
    json_t *v = json_object();

    if (makes)
        doc_put(d, v, "org", json_string(EXAMPLE_ID));
    else
        doc_put(d, v, "rev", json_integer(1));
    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];

        if (step_writes(s, f) &&
            (step_needs(s, f) || f->example != NULL ||
             (makes && f->needed != NULL &&
              !(f->flags & F_LATER)))) /* then later steps find it */
            doc_put(d, v, f->name, example_value(d, f));
    }
    if (s->flags & S_COMMENT)
        doc_put(d, v, "comment", doc_text(d, N_("As agreed by telephone")));
    return v;
}
