#include "web/route.h"

enum { BODY_MAX = 1 << 20 };

/* One segment of an address against one of a pattern. */
static bool
segment_match(struct rq *rq, struct str pat, struct str seg)
{
    if (str_is(pat, "{tenant}")) {
        for (size_t i = 0; i < rq->app->n_tenants; i++)
            if (str_eq(seg, rq->app->tenants[i].code))
                rq->tenant = &rq->app->tenants[i];
        return rq->tenant != NULL;
    }
    if (pat.n > 8 && str_starts(pat, STR("{ledger}"))) {
        size_t tail = pat.n - 8; /* {ledger}.csv */

        return seg.n > tail &&
               str_eq(str_cut(seg, seg.n - tail, seg.n),
                      str_cut(pat, 8, pat.n)) &&
               (rq->ledger = ledger_find(str_cut(seg, 0, seg.n - tail))) !=
                   NULL;
    }
    if (str_is(pat, "{ledger}"))
        return (rq->ledger = ledger_find(seg)) != NULL;
    if (str_is(pat, "{id}"))
        return str_i64(seg, &rq->id) && rq->id > 0;
    if (str_is(pat, "{word}")) {
        rq->verb = seg;
        return seg.n > 0;
    }
    return str_eq(pat, seg);
}

/* A pattern that ends in {rest} takes all that follows. */
static bool
path_match(struct rq *rq, const char *pattern, struct str path)
{
    struct str pat = str_of(pattern), a, b;

    rq->tenant = NULL;
    rq->ledger = NULL;
    rq->id = 0;
    rq->verb = STR("");
    while (str_split(&pat, '/', &a)) {
        if (str_is(a, "{rest}")) {
            rq->verb = path;
            return path.p != NULL && path.n > 0;
        }
        if (!str_split(&path, '/', &b) || !segment_match(rq, a, b))
            return false;
    }
    return path.p == NULL;
}

static enum http_method
effective(enum http_method m)
{
    return m == HTTP_HEAD ? HTTP_GET : m;
}

const struct route *
route_find(struct rq *rq, struct err *e)
{
    bool other = false;

    for (size_t i = 0; i < n_routes; i++) {
        if (!path_match(rq, routes[i].path, rq->http->path))
            continue;
        if (routes[i].method == effective(rq->http->method))
            return &routes[i];
        other = true;
    }
    if (other)
        err_set(e, ERR_METHOD, NULL, "This address does not take that method");
    else
        err_set(e, ERR_MISSING, NULL, "There is no such page");
    return NULL;
}

static bool
is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static bool
type_ok(char type, struct str v)
{
    int64_t n;

    switch (type) {
    case 'i':
        return v.n == 0 || str_i64(v, &n);
    case 'd':
        return v.n == 0 || day_parse(v, &n);
    case 'k':
    case 'h':
        for (size_t i = 0; i < v.n; i++)
            if (!is_word_char(v.p[i]))
                return false;
        return v.n <= 128;
    default:
        return utf8_valid(v);
    }
}

static bool
is_field(const struct ledger *l, struct str name)
{
    if (l == NULL)
        return false;
    if (ledger_field(l, name) != NULL)
        return true;
    return name.n > 3 && name.p[name.n - 3] == '_' &&
           ledger_field(l, str_cut(name, 0, name.n - 3)) != NULL;
}

static bool
param_bad(const struct rq *rq, const struct http_param *p, struct err *e)
{
    return err_set(e, ERR_INVALID,
                   utf8_valid(p->name) ? arena_dupz(rq->arena, p->name) : NULL,
                   "The parameter \"%.*s\" has a value that is not "
                   "understood",
                   STR_ARG(p->name));
}

static bool
param_ok(const struct rq *rq, const struct http_param *p, struct err *e)
{
    struct str rest = str_of(rq->route->accepts), one;

    while (rq->route->accepts != NULL && str_split(&rest, ' ', &one)) {
        if (one.n < 3 || !str_eq(str_cut(one, 0, one.n - 2), p->name))
            continue;
        if (type_ok(one.p[one.n - 1], p->value))
            return true;
        return param_bad(rq, p, e);
    }
    if ((rq->route->flags & RT_CSRF) && str_is(p->name, "csrf"))
        return true;
    if ((rq->route->flags & RT_COLUMNS) && p->name.n > 1 &&
        p->name.p[0] == 'c' && type_ok('i', str_cut(p->name, 1, p->name.n)))
        return true;
    if ((rq->route->flags & RT_ANY) && is_field(rq->ledger, p->name))
        return true;
    return err_set(e, ERR_INVALID,
                   utf8_valid(p->name) ? arena_dupz(rq->arena, p->name) : NULL,
                   "The parameter \"%.*s\" is not known here",
                   STR_ARG(p->name));
}

bool
route_accepts(const struct rq *rq, struct err *e)
{
    const struct http_request *h = rq->http;

    for (size_t i = 0; i < h->n_query; i++)
        if (!param_ok(rq, &h->query[i], e))
            return false;
    for (size_t i = 0; i < h->n_form; i++)
        if (!param_ok(rq, &h->form[i], e))
            return false;
    return true;
}

struct http_limits
route_limits(const struct http_request *h, void *arg)
{
    struct rq rq = { .app = arg, .http = (struct http_request *)(uintptr_t)h };
    struct err e;
    const struct route *r = route_find(&rq, &e);

    if (r == NULL || r->method == HTTP_GET)
        return (struct http_limits){ 0, 0 };
    return (struct http_limits){ BODY_MAX,
                                 r->flags & RT_FILES ? rq.app->upload_max : 0 };
}
