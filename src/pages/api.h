#ifndef PAGES_API_H
#define PAGES_API_H

#include "pages/pages.h"

/* The API's description, for people: what it is, one tag's operations, and what
 * errors mean. */
struct v_api_value {
    struct str name, where, type, text; /* where: "query", "body" ... */
    bool required;
};

struct v_api_answer {
    struct str status, text;
};

struct v_api_operation {
    struct str id, method, path, summary, text;
    const struct v_api_value *values;
    size_t n_values;
    const struct v_api_answer *answers;
    size_t n_answers;
    struct str example; /* "": none */
};

struct part_api_view {
    enum lang lang;
    const struct str *guide;
    size_t n_guide;
    const struct v_link *tags;
    size_t n_tags;
    struct str tag; /* "": none is chosen */
    const struct v_api_operation *operations;
    size_t n_operations;
    const struct v_api_answer *codes; /* .status: the code */
    size_t n_codes;
};
void part_api_values(struct buf *, const struct v_api_operation *, enum lang);
void part_api(struct buf *, const struct part_api_view *);

#endif
