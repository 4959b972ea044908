/* What is the same for every ledger: errors, headers, parameters, and the
 * answers that belong to no record. */
#include <stdio.h>

#include "domain/statistic.h"
#include "web/openapi.h"
#include "web/query.h"

/* ---- headers --------------------------------------------------------------------- */

static const struct {
    const char *name, *type, *text; /* message id */
} headers[] = {
    { "ETag", "string", N_("The record's revision, such as \"3\"") },
    { "Location", "string", N_("Where the new record is") },
    { "Link", "string",
      N_("<address>; rel=\"next\": the next page, where there is one") },
    { "Retry-After", "integer", N_("Seconds after which the next try passes") },
    { "WWW-Authenticate", "string", N_("How to sign in") },
    { "Allow", "string", N_("What the address takes") },
};

static void
header_components(struct doc *d, json_t *components)
{
    json_t *all = json_object();

    for (size_t i = 0; i < N_OF(headers); i++) {
        json_t *h = json_object();

        doc_put(d, h, "description", doc_text(d, headers[i].text));
        doc_put(d, h, "schema", doc_type(headers[i].type, false));
        doc_put(d, all, headers[i].name, h);
    }
    doc_put(d, components, "headers", all);
}

/* ---- parameters ------------------------------------------------------------------ */

/* Words for what the site map lists; an address says what it takes, these say
 * what it means. */
static const struct {
    const char *name, *text; /* message id */
} told[] = {
    { "q", N_("Words that all stand in the record") },
    { "org", N_("Only what belongs to this unit and those below it") },
    { "own", N_("With org: 1 leaves out schools below that one") },
    { "state",
      N_("States by key; \"open\" and \"ended\" are all of that kind") },
    { "overdue", N_("1: only what is overdue") },
    { "sort",
      N_("The newest first (new), the oldest first (old), or what is due first "
         "(due): behind it stands what has no due time, the newest first") },
    { "after", N_("Where the page before ended; follow \"next\"") },
    { "key", N_("Belongs to after; follow \"next\"") },
    { "limit", N_("How many at most, 50 if nothing is said") },
    { "ledger", N_("Only events of this ledger") },
    { "year", N_("The year, this one if nothing is said") },
    { "quarter", N_("The quarter, or the whole year") },
    { "whole",
      N_("1: records with all that you may read of them, not only what a list "
         "shows") },
    { "changed_since",
      N_("Only what was made or changed at that moment or later. Take the "
         "moment at which you began to read last time") },
};

bool
doc_tells(struct str param)
{
    for (size_t i = 0; i < N_OF(told); i++)
        if (str_is(param, told[i].name))
            return true;
    return false;
}

static const char *
words_of(struct str name)
{
    for (size_t i = 0; i < N_OF(told); i++)
        if (str_is(name, told[i].name))
            return told[i].text;
    return "";
}

static json_t *
type_schema(char type)
{
    switch (type) {
    case 'c':
        return doc_json("{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,"
                        "\"default\":50}");
    case 'i':
        return doc_type("integer", false);
    case 'f':
        return doc_json("{\"type\":\"integer\",\"enum\":[0,1]}");
    case 'd':
        return doc_json("{\"type\":\"string\",\"format\":\"date\"}");
    case 'z':
        return doc_json("{\"type\":\"string\",\"format\":\"date-time\"}");
    case 'n':
        return doc_ref("schemas/id");
    default:
        return doc_type("string", false);
    }
}

/* Owns the schema and the words. */
static json_t *
parameter(struct doc *d, struct str name, json_t *schema, json_t *words)
{
    json_t *p = json_object();

    doc_put(d, p, "name", json_stringn(name.p, name.n));
    doc_put(d, p, "in", json_string("query"));
    doc_put(d, p, "description", words);
    doc_put(d, p, "schema", schema);
    return p;
}

/* Keys with commas between them. */
static void
as_list(struct doc *d, json_t *p, json_t *keys)
{
    json_t *s =
        doc_json("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}");

    doc_put(d, json_object_get(s, "items"), "enum", keys);
    doc_put(d, p, "schema", s);
    doc_put(d, p, "style", json_string("form"));
    doc_put(d, p, "explode", json_false());
}

/* "open" and "ended" are of every ledger, whether a state is called so or not. */
static json_t *
state_keys(struct doc *d, const struct ledger *l)
{
    static const char *const kinds[] = { "open", "ended" };
    json_t *keys = json_array();

    for (size_t i = 0; i < N_OF(kinds); i++)
        doc_add(d, keys, json_string(kinds[i]));
    for (size_t i = 0; i < l->n_states; i++)
        if (!str_in_words(str_of(l->states[i].key), "open ended"))
            doc_add(d, keys, json_string(l->states[i].key));
    return keys;
}

static json_t *
choice_keys(struct doc *d, const struct field *f)
{
    json_t *keys = json_array();

    for (const struct choice *c = f->choices; c->v != 0; c++)
        doc_add(d, keys, json_string(c->key));
    return keys;
}

static json_t *
quarter_schema(struct doc *d)
{
    json_t *s = doc_type("string", false);

    doc_put(d, s, "enum",
            choice_keys(d, ledger_field(&statistic_ledger, STR("quarter"))));
    return s;
}

void
doc_parameters(struct doc *d, json_t *out, const struct ledger *l,
               const char *accepts)
{
    struct str rest = str_of(accepts), one;

    while (accepts != NULL && str_split(&rest, ' ', &one)) {
        struct str name = str_cut(one, 0, one.n - 2);
        json_t *p = parameter(d, name, type_schema(one.p[one.n - 1]),
                              doc_text(d, words_of(name)));

        if (str_is(name, "sort"))
            doc_put(d, p, "schema",
                    doc_json("{\"type\":\"string\",\"enum\":[\"new\",\"old\","
                             "\"due\"],\"default\":\"new\"}"));
        if (str_is(name, "quarter"))
            doc_put(d, p, "schema", quarter_schema(d));
        if (str_is(name, "state") && l != NULL)
            as_list(d, p, state_keys(d, l));
        doc_add(d, out, p);
    }
}

static void
one_filter(struct doc *d, json_t *out, const struct field *f)
{
    json_t *p = parameter(d, str_of(f->name), doc_type("string", false),
                          doc_text(d, f->label));

    if (f->kind == FK_ENUM)
        as_list(d, p, choice_keys(d, f));
    else if (f->kind == FK_FLAG)
        doc_put(d, p, "schema", type_schema('f'));
    else if (f->kind == FK_REF)
        doc_put(d, json_object_get(p, "schema"), "x-ledger",
                json_string(f->ref));
    doc_add(d, out, p);
}

static void
one_span(struct doc *d, json_t *out, const struct field *f)
{
    static const struct {
        const char *end, *text;
    } ends[] = { { "_from", N_("%s: this day or later") },
                 { "_to", N_("%s: this day or earlier") } };

    for (size_t i = 0; i < N_OF(ends); i++) {
        char name[96];
        BUF(b, 1024);
        struct err said = { 0 };

        snprintf(name, sizeof(name), "%s%s", f->name, ends[i].end);
        err_put(&said, ERR_INVALID, NULL, "%s", rq_tr(d->rq, f->label));
        said.msg = ends[i].text;
        err_format(&said, rq_tr(d->rq, ends[i].text), &b);
        doc_add(d, out,
                parameter(d, str_of(name), type_schema('d'),
                          json_stringn(buf_str(&b).p, b.n)));
    }
}

void
doc_filters(struct doc *d, json_t *out, const struct ledger *l)
{
    struct str rest = str_of(l->filter), name;

    while (str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (f != NULL && f->tag >= 32)
            one_filter(d, out, f);
    }
    for (size_t i = 0; i < n_rec_fields + l->n_fields; i++) {
        const struct field *f =
            i < n_rec_fields ? &rec_fields[i] : &l->fields[i - n_rec_fields];

        if (query_has_days(f))
            one_span(d, out, f);
    }
}

/* ---- fixed answers --------------------------------------------------------------- */

/* What handlers write that are of no ledger; the contract's test holds each
 * against what really comes. */
static const struct {
    const char *name, *schema, *text; /* JSON; message id, or NULL */
} fixed[] = {
    { "id", "{\"type\":\"string\",\"pattern\":\"^[1-9][0-9]*$\"}",
      N_("An id: digits, as a text, for it is larger than some languages' "
         "numbers") },
    { "rev", "{\"type\":\"integer\",\"minimum\":1}",
      N_("The revision: 1 at first, one more at every change") },
    { "key", "{\"type\":\"string\",\"maxLength\":128}",
      N_("The same as the header Idempotency-Key") },
    { "comment", "{\"type\":\"string\",\"maxLength\":2000}",
      N_("Words beside the step: why, or an opinion") },
    { "occurred_at", "{\"type\":\"string\",\"format\":\"date-time\"}",
      N_("When it happened, where it is entered later") },
    { "next", "{\"type\":[\"string\",\"null\"],\"format\":\"uri-reference\"}",
      N_("The address of the next page; null: there is none") },
    { "incomplete", "{\"type\":\"boolean\"}",
      N_("true: after an update a search lacks older records for some "
         "minutes") },
    { "change",
      "{\"type\":\"object\",\"required\":[\"field\"],\"properties\":{\"field\":"
      "{\"type\":\"string\"},\"before\":{},\"after\":{},\"rows\":{\"type\":"
      "\"array\",\"items\":{\"type\":\"integer\"}},\"rows_gone\":{\"type\":"
      "\"array\",\"items\":{\"type\":\"integer\"}}},\"additionalProperties\":"
      "false}",
      N_("One field, as it was and as it became. A side that you may not read "
         "is left out; of child rows the ids that changed and that went") },
    { "event",
      "{\"type\":\"object\",\"required\":[\"seq\",\"rev\",\"verb\",\"actor\","
      "\"at\",\"comment\",\"fields\",\"changes\"],\"properties\":{\"seq\":{"
      "\"type\":\"integer\"},\"rev\":{\"$ref\":\"#/components/schemas/rev\"},"
      "\"verb\":{\"type\":\"string\"},\"actor\":{\"type\":\"string\"},\"at\":{"
      "\"type\":\"string\",\"format\":\"date-time\"},\"comment\":{\"type\":"
      "\"string\"},\"fields\":{\"type\":\"array\",\"items\":{\"type\":"
      "\"string\"}},\"changes\":{\"type\":\"array\",\"items\":{\"$ref\":"
      "\"#/components/schemas/change\"}}},\"additionalProperties\":false}",
      N_("One event of a record's life; actor 0: it is kept from you, or nobody "
         "in particular") },
    { "history",
      "{\"type\":\"object\",\"required\":[\"events\"],\"properties\":{"
      "\"events\":{\"type\":\"array\",\"items\":{\"$ref\":"
      "\"#/components/schemas/event\"}}},\"additionalProperties\":false}",
      NULL },
    { "me",
      "{\"type\":\"object\",\"required\":[\"person\",\"name\",\"tenant\","
      "\"posts\"],\"properties\":{\"person\":{\"type\":\"string\"},\"name\":{"
      "\"type\":\"string\"},\"tenant\":{\"type\":\"string\"},\"posts\":{"
      "\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"org\","
      "\"role\"],\"properties\":{\"org\":{\"type\":\"string\"},\"role\":{"
      "\"type\":\"string\"}},\"additionalProperties\":false}}},"
      "\"additionalProperties\":false}",
      NULL },
    { "files",
      "{\"type\":\"object\",\"required\":[\"files\"],\"properties\":{\"files\":"
      "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"id\","
      "\"sha256\",\"size\",\"type\"],\"properties\":{\"id\":{\"type\":"
      "\"string\"},\"sha256\":{\"type\":\"string\"},\"size\":{\"type\":"
      "\"integer\"},\"type\":{\"type\":\"string\"}},\"additionalProperties\":"
      "false}}},\"additionalProperties\":false}",
      NULL },
    { "known",
      "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
      "\"hazard\",\"item\",\"no\",\"description\"],\"properties\":{\"hazard\":{"
      "\"type\":\"string\"},\"item\":{\"type\":\"integer\"},\"no\":{\"type\":"
      "\"string\"},\"description\":{\"type\":\"string\"}},"
      "\"additionalProperties\":false}}",
      N_("Open hazards that a failed item may name instead of making a second "
         "one") },
    { "mentions",
      "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"words\":"
      "{\"type\":\"string\"},\"other\":{\"type\":\"string\"},\"items\":{"
      "\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"more\":{\"type\":"
      "\"boolean\"}}}",
      NULL },
    { "events",
      "{\"type\":\"object\",\"required\":[\"events\",\"next\"],\"properties\":{"
      "\"events\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
      "\"required\":[\"id\",\"at\",\"ledger\",\"record\",\"rev\",\"verb\","
      "\"actor\",\"address\"],\"properties\":{\"id\":{\"type\":\"string\"},"
      "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},\"ledger\":{"
      "\"type\":\"string\"},\"record\":{\"$ref\":\"#/components/schemas/id\"},"
      "\"rev\":{\"$ref\":\"#/components/schemas/rev\"},\"verb\":{\"type\":"
      "\"string\"},\"actor\":{\"type\":[\"string\",\"null\"]},\"address\":{"
      "\"type\":\"string\",\"format\":\"uri-reference\"}},"
      "\"additionalProperties\":false}},\"next\":{\"type\":\"string\",\"format\":"
      "\"uri-reference\"}},\"additionalProperties\":false}",
      N_("Events of records that you may read now, in the order of the log. "
         "\"next\" is always there: ask it again for what comes later, at once "
         "when the page was full, else after a while. Ids and places are "
         "sealed: they tell no number, and nothing of what you may not read") },
    { "bulk",
      "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"items\":{"
      "\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
      "\"status\"],\"properties\":{\"status\":{\"type\":\"integer\"},\"id\":{"
      "\"type\":\"string\"},\"rev\":{\"$ref\":\"#/components/schemas/rev\"},"
      "\"problem\":{\"$ref\":\"#/components/schemas/problem\"}},"
      "\"additionalProperties\":false}}},\"additionalProperties\":false}",
      N_("One answer for each, in the order in which they came") },
    { "bulk_step",
      "{\"type\":\"object\",\"required\":[\"id\",\"rev\"],\"properties\":{"
      "\"id\":{\"$ref\":\"#/components/schemas/id\"},\"rev\":{\"$ref\":"
      "\"#/components/schemas/rev\"}}}",
      N_("A record by its id, and beside it what the step takes when it is "
         "taken alone") },
    { "sum",
      "{\"type\":\"object\",\"required\":[\"general\",\"major\"],"
      "\"properties\":{\"general\":{\"type\":[\"integer\",\"string\"]},"
      "\"major\":{\"type\":[\"integer\",\"string\"]}},"
      "\"additionalProperties\":false}",
      N_("Of general and of major hazards; money as a text with two "
         "decimals") },
    { "figures",
      "{\"type\":\"object\",\"required\":[\"year\",\"quarter\",\"from\",\"to\","
      "\"total\",\"schools\"],\"properties\":{\"year\":{\"type\":\"integer\"},"
      "\"quarter\":{\"type\":\"string\"},\"from\":{\"type\":\"string\","
      "\"format\":\"date\"},\"to\":{\"type\":\"string\",\"format\":\"date\"},"
      "\"total\":{\"$ref\":\"#/components/schemas/sums\"},\"schools\":{\"type\":"
      "\"array\",\"items\":{\"type\":\"object\",\"required\":[\"org\","
      "\"figures\"],\"properties\":{\"org\":{\"type\":\"string\"},\"figures\":{"
      "\"$ref\":\"#/components/schemas/sums\"}},\"additionalProperties\":false}}},"
      "\"additionalProperties\":false}",
      NULL },
    { "overview",
      "{\"type\":\"object\",\"required\":[\"schools\"],\"properties\":{"
      "\"schools\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
      "\"required\":[\"org\",\"open\",\"overdue\",\"closed\",\"other\"],"
      "\"properties\":{\"org\":{\"type\":\"string\"},\"open\":{\"type\":"
      "\"integer\"},\"overdue\":{\"type\":\"integer\"},\"closed\":{\"type\":"
      "\"integer\"},\"other\":{\"type\":\"integer\"}},\"additionalProperties\":"
      "false}}},\"additionalProperties\":false}",
      N_("other: no hazard after all, or known already") },
    { "words_taken_out",
      "{\"type\":\"object\",\"required\":[\"words\",\"comment\"],"
      "\"properties\":{\"rev\":{\"$ref\":\"#/components/schemas/rev\"},"
      "\"words\":{\"type\":\"string\"},\"comment\":{\"$ref\":"
      "\"#/components/schemas/comment\"}},\"additionalProperties\":false}",
      NULL },
};

/* Each figure of the office's tables, by its name. */
static json_t *
sums_schema(struct doc *d)
{
    json_t *s =
               doc_json("{\"type\":\"object\",\"additionalProperties\":false}"),
           *props = json_object();

    for (size_t i = 0; i < N_FIGURES; i++) {
        json_t *one = doc_ref("schemas/sum");

        doc_put(d, one, "description", doc_text(d, figures[i].means));
        doc_put(d, props, figures[i].name, one);
    }
    doc_put(d, s, "properties", props);
    return s;
}

static void
fixed_schemas(struct doc *d)
{
    char name[64];

    for (size_t i = 0; i < N_OF(fixed); i++) {
        json_t *s = doc_json(fixed[i].schema);

        if (fixed[i].text != NULL)
            doc_put(d, s, "description", doc_text(d, fixed[i].text));
        doc_put(d, d->schemas, fixed[i].name, s);
    }
    doc_put(d, d->schemas, "problem", doc_problem(d));
    doc_put(d, d->schemas, "sums", sums_schema(d));
    for (size_t i = 0; i < n_rec_fields; i++) {
        snprintf(name, sizeof(name), "rec.%s", rec_fields[i].name);
        if (rec_fields[i].tag != 11)
            doc_put(d, d->schemas, name, doc_head_field(d, &rec_fields[i]));
    }
}

static void
path_parameters(struct doc *d, json_t *components)
{
    json_t *all = json_object();
    json_t *tenant = doc_json(
        "{\"name\":\"tenant\",\"in\":\"path\",\"required\":true,\"schema\":{"
        "\"type\":\"string\"}}");
    json_t *id = doc_json("{\"name\":\"id\",\"in\":\"path\",\"required\":true,"
                          "\"schema\":{\"$ref\":\"#/components/schemas/id\"}}");
    json_t *match = doc_json("{\"name\":\"If-Match\",\"in\":\"header\","
                             "\"schema\":{\"type\":\"string\"}}");
    json_t *once = doc_json("{\"name\":\"Idempotency-Key\",\"in\":\"header\","
                            "\"schema\":{\"type\":\"string\",\"maxLength\":"
                            "128}}");

    doc_put(d, tenant, "description",
            doc_text(d, N_("The district's code, as \"me\" tells it")));
    doc_put(d, id, "description", doc_text(d, N_("The record's id")));
    doc_put(d, match, "description",
            doc_text(d, N_("The ETag of the revision that was seen, such as "
                           "\"3\"; in its place \"rev\" may stand in the "
                           "body. One of the two must come")));
    doc_put(d, once, "description",
            doc_text(d, N_("A word of your own for this call. The same call "
                           "with the same word is answered again and done "
                           "once")));
    doc_put(d, all, "tenant", tenant);
    doc_put(d, all, "id", id);
    doc_put(d, all, "If-Match", match);
    doc_put(d, all, "Idempotency-Key", once);
    doc_put(d, components, "parameters", all);
}

void
doc_common(struct doc *d, json_t *components)
{
    json_t *bearer = doc_json("{\"bearer\":{\"type\":\"http\",\"scheme\":"
                              "\"bearer\"}}");

    fixed_schemas(d);
    header_components(d, components);
    path_parameters(d, components);
    doc_put(d, components, "responses", doc_refused(d));
    doc_put(
        d, json_object_get(bearer, "bearer"), "description",
        doc_text(
            d,
            N_("A token that its owner makes on the page of the own account, "
               "with the scopes that it needs and no more")));
    doc_put(d, components, "securitySchemes", bearer);
}
