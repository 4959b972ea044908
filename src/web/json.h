#ifndef WEB_JSON_H
#define WEB_JSON_H

#include "web/app.h"

/* JSON out: ids as strings, times in RFC 3339 UTC, days as 2024-03-05, money
 * as a decimal string, choices by key; an empty field is null. */

void json_str(struct buf *, struct str);
/* RFC 9457 problem+json with the stable code and the field. more: members behind
 * them, each with a comma before it; "": none. */
void json_problem(struct rq *, const struct err *, struct str more);
/* The same as an object inside another answer. */
void json_put_problem(struct rq *, struct buf *, const struct err *,
                      struct str more);
/* One field's value, as json_rec() writes it, for who may see it. */
void json_value(struct rq *, struct buf *, const struct ledger *,
                const struct field *, const void *rec);
/* One record, without the fields that the reader may not see.
 * fields == NULL: all; else only those named. */
void json_rec(struct rq *, struct buf *, const struct ledger *, const void *rec,
              const char *fields);
/* Whether a record that is cut to those fields has this one. */
bool json_wants(const struct field *, const char *fields);
/* Members of the body's object as inputs: strings, numbers, booleans, null,
 * and arrays of ids. Errors: ERR_INVALID, with the place. */
bool json_inputs(struct rq *, struct input **, size_t *n,
                 struct err *) MUST_USE;

/* One of many in a body, with its inputs or with what is wrong with it. */
struct json_item {
    size_t i;
    struct input *input;
    size_t n;
    struct err why; /* .code ERR_NONE: nothing */
};
typedef bool json_item_fn(struct rq *, struct json_item *, void *arg,
                          struct err *);
/* {"items": [{...}, ...]}, 1 to most of them, to fn one after the other. Errors:
 * ERR_INVALID of the body as a whole; those of fn. */
bool json_items(struct rq *, size_t most, json_item_fn *, void *arg,
                struct err *) MUST_USE;

#endif
