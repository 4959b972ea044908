/* The errors of the API, as its description tells them. */
#include <stdio.h>

#include "pages/api.h"
#include "web/openapi.h"

/* Which refusals an operation may meet; each error of the table once. */
enum meets { M_READ = 1, M_WRITE = 2, M_BOTH = 3 };

static const struct refusal {
    enum err_code code;
    enum meets meets;
    const char *header; /* a component; NULL: none */
    const char *text;   /* message id */
} refusals[] = {
    { ERR_SIGN_IN, M_BOTH, "WWW-Authenticate",
      N_("No token, or one that is unknown, ended or over") },
    { ERR_DENIED, M_BOTH, NULL,
      N_("The person's posts or the token's scopes do not allow it") },
    { ERR_MISSING, M_BOTH, NULL,
      N_("There is no such thing, or none that you may read: the answer is the "
         "same") },
    { ERR_METHOD, M_BOTH, "Allow",
      N_("The address is right, the method is not") },
    { ERR_CONFLICT, M_WRITE, NULL,
      N_("The record's state does not allow the step, or a \"rev\" in the body "
         "is not the newest: then \"changes\" says what differs, field by "
         "field") },
    { ERR_STALE, M_WRITE, NULL,
      N_("If-Match names an older revision: \"changes\" says what differs, "
         "field by field") },
    { ERR_TOO_LARGE, M_WRITE, NULL,
      N_("A body, a file or a field is larger than is taken") },
    { ERR_TYPE, M_WRITE, NULL,
      N_("A body or a file of a kind that is not taken") },
    { ERR_INVALID, M_BOTH, NULL,
      N_("A parameter or a member is unknown, missing or not understood: "
         "\"field\" says which") },
    { ERR_BLIND, M_WRITE, NULL,
      N_("Neither \"rev\" nor If-Match says which revision was seen") },
    { ERR_RATE, M_BOTH, "Retry-After",
      N_("Too many tries: wait as long as "
         "Retry-After says") },
    { ERR_STORE, M_BOTH, NULL, N_("Something failed on the server") },
    { ERR_BUSY, M_BOTH, "Retry-After",
      N_("Busy for a moment: send the same again, with the same key") },
    { ERR_FULL, M_WRITE, "Retry-After",
      N_("The disk is full: reading goes on") },
};

void
doc_refusals(struct doc *d, json_t *all, enum http_method method)
{
    enum meets met = method == HTTP_GET ? M_READ : M_WRITE;
    char status[16];

    for (size_t i = 0; i < N_OF(refusals); i++) {
        if (!(refusals[i].meets & met))
            continue;
        snprintf(status, sizeof(status), "%d", err_info[refusals[i].code].http);
        doc_put(d, all, status, doc_ref("responses/%s", status));
    }
}

/* Refused by http_answer.c before any address is looked at. */
static const struct {
    const char *code, *text; /* message id */
} before[] = {
    { "malformed", N_("The request breaks the rules of HTTP") },
    { "not_implemented", N_("A transfer coding that is not understood") },
};

const struct v_api_answer *
doc_codes(struct rq *rq, size_t *n)
{
    struct v_api_answer *out = arena_new_array(rq->arena, struct v_api_answer,
                                               N_OF(refusals) + N_OF(before));

    *n = 0;
    for (size_t i = 0; out != NULL && i < N_OF(refusals); i++) {
        const char *code = err_info[refusals[i].code].name;
        size_t k = 0;

        while (k < *n && !str_is(out[k].status, code))
            k++;
        if (k == *n)
            out[(*n)++] =
                (struct v_api_answer){ str_of(code),
                                       str_of(rq_tr(rq, refusals[i].text)) };
        else
            out[k].text =
                arena_printf(rq->arena, "%.*s. %s", STR_ARG(out[k].text),
                             rq_tr(rq, refusals[i].text));
    }
    for (size_t i = 0; out != NULL && i < N_OF(before); i++)
        out[(*n)++] =
            (struct v_api_answer){ str_of(before[i].code),
                                   str_of(rq_tr(rq, before[i].text)) };
    return out;
}

static json_t *
refusal_response(struct doc *d, const struct refusal *r)
{
    json_t *o = json_object(), *content = json_object(), *head = json_object(),
           *body = json_object();

    doc_put(d, o, "description", doc_text(d, r->text));
    if (r->header != NULL) {
        doc_put(d, head, r->header, doc_ref("headers/%s", r->header));
        doc_put(d, o, "headers", head);
    } else {
        json_decref(head);
    }
    doc_put(d, body, "schema", doc_ref("schemas/problem"));
    doc_put(d, content, "application/problem+json", body);
    doc_put(d, o, "content", content);
    return o;
}

/* Codes are stable; two errors may share one and differ by status. */
json_t *
doc_problem(struct doc *d)
{
    json_t *s = doc_json(
        "{\"type\":\"object\",\"required\":[\"type\",\"status\",\"code\","
        "\"title\",\"detail\"],\"properties\":{\"type\":{\"type\":\"string\","
        "\"format\":\"uri-reference\"},\"status\":{\"type\":\"integer\"},"
        "\"code\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
        "\"detail\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},"
        "\"rev\":{\"$ref\":\"#/components/schemas/rev\"},\"changes\":{\"type\":"
        "\"array\",\"items\":{\"$ref\":\"#/components/schemas/change\"}}}}");
    json_t *codes = json_array();

    for (int i = 1; i < ERR__MAX; i++) {
        bool again = false;

        for (int k = 1; k < i; k++)
            again |= strcmp(err_info[k].name, err_info[i].name) == 0;
        if (!again)
            doc_add(d, codes, json_string(err_info[i].name));
    }
    for (size_t i = 0; i < N_OF(before); i++)
        doc_add(d, codes, json_string(before[i].code));
    doc_put(d, json_object_get(json_object_get(s, "properties"), "code"),
            "enum", codes);
    doc_put(d, s, "description",
            doc_text(d, N_("What went wrong (RFC 9457). \"code\" never changes "
                           "its meaning; \"detail\" is for people, in the "
                           "language that was asked for")));
    return s;
}

json_t *
doc_refused(struct doc *d)
{
    json_t *all = json_object();
    char status[16];

    for (size_t i = 0; i < N_OF(refusals); i++) {
        snprintf(status, sizeof(status), "%d", err_info[refusals[i].code].http);
        doc_put(d, all, status, refusal_response(d, &refusals[i]));
    }
    return all;
}
