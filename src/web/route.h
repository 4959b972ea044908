#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "web/app.h"

enum route_need {
    NEED_PUBLIC = 1, /* anybody: must be written out */
    NEED_PERSON,     /* somebody signed in */
    NEED_TENANT,     /* somebody signed in, at that district */
    NEED_VISITOR,    /* anybody, and as nobody in particular: the public of
                      * the district, also when signed in */
};

enum route_flag {
    RT_CSRF = 1 << 0,    /* a form: the session's key must come with it */
    RT_API = 1 << 1,     /* bearer token or session; JSON */
    RT_FILES = 1 << 2,   /* takes files */
    RT_COLUMNS = 1 << 3, /* c0, c1, ...: what the columns of a file hold */
    RT_ANY = 1 << 4,     /* parameters are fields of the ledger */
    RT_ROWS = 1 << 6,    /* with RT_ANY: also "field.N", for rows of a form */
    RT_PARTS = 1 << 7,   /* fields of child rows, also as "field.N" */
    RT_LIST = 1 << 5,    /* parameters are what the ledger is filtered by */
    RT_KEEP = 1 << 8,    /* answers with a file to be kept: web/elsewhere.h */
    RT_BARE = 1 << 11, /* answers without a database, too: rq->st may be NULL */
    RT_DOOR = 1 << 10, /* a form without a session: web/door.h */
    RT_SCOPED = 1 << 9, /* of no ledger: it asks for a token's scope itself */
};

/*
 * One row of the site map. {tenant} {ledger} {id} {word} stand for one segment
 * each. accepts: the parameters that may come, "name:type", types i (whole
 * number), n (id or count: 1 and up), c (how many at once: 1 to 200), f (yes or
 * no: 1 or 0), k (word of a-z 0-9 _ -), w (such words with commas between), t
 * (text), d (day), z (moment, RFC 3339), h (hex), s (secret: not a byte of it
 * changes). What the row does not name is refused before any handler runs; what
 * it takes is text as it is kept (base/clean.h), and of full-width signs in
 * numbers and codes the plain ones.
 *
 * A program is told of every mistake: in the address of an API's row no
 * parameter comes twice or, text excepted, empty, and what a POST accepts comes
 * in its body.
 */
enum { ROUTE_COUNT_MAX = 200 };

struct route {
    enum http_method method;
    const char *path;
    handler *run;
    enum route_need need;
    unsigned flags;
    const char *accepts;
    const char *help;  /* for `anlan routes` and OpenAPI; message id */
    const char *query; /* of an API's POST: what its address may bring, as in
                        * accepts; NULL: nothing */
};

extern const struct route routes[];
extern const size_t n_routes;

/* Find the row and fill rq's address parts.
 * Errors: ERR_MISSING; ERR_METHOD when only the method differs. */
const struct route *route_find(struct rq *, struct err *);
/* Check what came by query and form, and clean it: from here on rq->http holds
 * no text that a writer could not carry. Errors: ERR_INVALID, a parameter that
 * the row does not name or of the wrong type; ERR_TYPE, a body for the API that
 * is no JSON; ERR_BUSY. */
bool route_accepts(struct rq *rq, struct err *) MUST_USE;
/* The row itself lists that parameter. */
bool route_lists(const struct route *, const char *name);
/* Which methods the address takes, "GET, HEAD, POST", without the one that was
 * refused: a header of every 405. */
struct str route_allow(const struct rq *);
/* The limits of a request before its body is read. */
struct http_limits route_limits(const struct http_request *, void *app);

#endif
