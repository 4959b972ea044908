#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include <jansson.h>

#include "web/route.h"

/*
 * The description of the API (OpenAPI 3.1), made from the tables that the
 * handlers go by: the site map, the ledgers' fields, states and steps, the errors.
 * Prose is in the reader's language; names never are.
 */
struct doc {
    struct rq *rq;
    json_t *root;
    json_t *schemas; /* of its components */
    int64_t today;   /* a district's day, for examples */
    bool lost;       /* something had no memory */
};

/* Make it. Free root with json_decref(). Errors: ERR_BUSY. */
bool doc_make(struct rq *, struct doc *, struct err *) MUST_USE;

/* A piece of an answer that is made of it: some work, and the same for everybody,
 * so it is kept for a while. what: which piece. Errors: those of make; ERR_BUSY. */
bool doc_piece(struct rq *, struct str what,
               bool (*make)(struct rq *, struct buf *, struct err *),
               struct err *) MUST_USE;

/* An object that says how one route answers: see openapi.c. NULL: no such. */
struct operation;
const struct operation *doc_operation(const struct route *);
/* Whether the description has words for that parameter of the site map. */
bool doc_tells(struct str param);

/* ---- pieces, shared by the files of it ---------------------------------------- */

/* Own the value; NULL is noted as lost. */
void doc_put(struct doc *, json_t *object, const char *key, json_t *value);
void doc_add(struct doc *, json_t *array, json_t *value);
/* A message id in the reader's language. */
json_t *doc_text(struct doc *, const char *msgid);
json_t *doc_printf(const char *fmt, ...) PRINTF(1, 2);
/* For json_dump_callback(): into a struct buf. */
int doc_to_buf(const char *bytes, size_t n, void *buf);
/* {"$ref": "#/components/..."} */
json_t *doc_ref(const char *fmt, ...) PRINTF(1, 2);
/* {"type": type}; or, with null, {"type": [type, "null"]} */
json_t *doc_type(const char *type, bool null);
/* JSON as it stands in the source. */
json_t *doc_json(const char *text);

/* openapi.c: every operation, into root's paths */
void doc_paths(struct doc *);

/* openapi_schema.c: what a ledger's records look like */
void doc_ledger_schemas(struct doc *, const struct ledger *);
/* A field that every record has. */
json_t *doc_head_field(struct doc *, const struct field *);
/* The schema of a body: of a step, or of one of many. */
json_t *doc_body(struct doc *, const struct ledger *, const struct step *);
/* Values that such a body is accepted with. */
json_t *doc_example(struct doc *, const struct ledger *, const struct step *);
/* Whether this row of the ledger's steps opens an address: the first of its verb
 * that somebody may take on a record that is there. */
bool doc_takes(const struct ledger *, const struct step *);

/* openapi_errors.c: the schema of a problem, and every refusal as a response */
json_t *doc_problem(struct doc *);
json_t *doc_refused(struct doc *);

/* openapi_common.c: what is the same for every ledger */
void doc_common(struct doc *, json_t *components);
/* What each code of an error means, once for each; .status is the code. */
struct v_api_answer;
const struct v_api_answer *doc_codes(struct rq *, size_t *n);
/* The refusals that such a method may meet, into its responses. */
void doc_refusals(struct doc *, json_t *responses, enum http_method);
/* The parameters that a list of the site map names. */
void doc_parameters(struct doc *, json_t *out, const struct ledger *,
                    const char *accepts);
/* The ledger's own filters, and its days. */
void doc_filters(struct doc *, json_t *out, const struct ledger *);

#endif
