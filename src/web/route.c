#include "web/route.h"
#include "base/clean.h"
#include "base/fold.h"
#include "domain/parts.h"
#include "web/query.h"
#include "web/sign_limit.h"

/* Of who shows nothing from us, the fields of a report have room: what is sent
 * is held in memory before anybody looks at it. A browser that was given a form
 * to sign in may bring back what its session was too short for. */
enum { BODY_MAX = 1 << 20, BODY_STRANGER = 64 << 10 };

/* What a placeholder takes of an address; tail: what follows it in the same
 * segment of the pattern, as in {ledger}.csv. */
static bool
placeholder_match(struct rq *rq, struct str name, struct str tail,
                  struct str seg)
{
    if (seg.n <= tail.n || !str_eq(str_cut(seg, seg.n - tail.n, seg.n), tail))
        return false;
    seg.n -= tail.n;
    if (str_is(name, "tenant")) {
        for (size_t i = 0; i < rq->app->n_tenants; i++)
            if (str_eq(seg, rq->app->tenants[i].code))
                rq->tenant = &rq->app->tenants[i];
        return rq->tenant != NULL;
    }
    if (str_is(name, "ledger"))
        return (rq->ledger = ledger_find(seg)) != NULL;
    if (str_is(name, "id"))
        return str_i64(seg, &rq->id) && rq->id > 0;
    rq->verb = seg; /* {word} */
    return true;
}

/* Up to the next slash of a pattern or an address. */
static struct str
segment(const char *p, size_t n)
{
    const char *slash = memchr(p, '/', n);

    return (struct str){ p, slash != NULL ? (size_t)(slash - p) : n };
}

/* A pattern that ends in {rest} takes all that follows. */
static bool
path_match(struct rq *rq, const char *pat, struct str path)
{
    const char *p = path.p, *end = path.p + path.n;

    rq->tenant = NULL;
    rq->ledger = NULL;
    rq->id = 0;
    rq->verb = STR("");
    for (; *pat != '\0'; pat++) {
        struct str want, seg;
        size_t close;

        if (*pat != '{') {
            if (p == end || *p++ != *pat)
                return false;
            continue;
        }
        want = segment(pat, strlen(pat));
        if (str_is(want, "{rest}")) {
            rq->verb = (struct str){ p, (size_t)(end - p) };
            return p < end;
        }
        close = (size_t)((const char *)memchr(pat, '}', want.n) - pat);
        seg = segment(p, (size_t)(end - p));
        if (!placeholder_match(rq, str_cut(want, 1, close),
                               str_cut(want, close + 1, want.n), seg))
            return false;
        p += seg.n;
        pat += want.n - 1;
    }
    return p == end;
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

struct str
route_allow(const struct rq *rq)
{
    static const struct {
        enum http_method method;
        const char *name;
    } known[] = { { HTTP_GET, "GET, HEAD" }, { HTTP_POST, "POST" } };
    BUF(b, 64);

    for (size_t m = 0; m < N_OF(known); m++)
        for (size_t i = 0; i < n_routes; i++) {
            struct rq seek = { .app = rq->app };

            if (routes[i].method != known[m].method ||
                routes[i].method == effective(rq->http->method) ||
                !path_match(&seek, routes[i].path, rq->http->path))
                continue;
            buf_printf(&b, "%s%s", b.n > 0 ? ", " : "", known[m].name);
            break;
        }
    return arena_dup(rq->arena, buf_str(&b));
}

static bool
is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static bool
is_word(struct str v, char type)
{
    for (size_t i = 0; i < v.n; i++)
        if (!is_word_char(v.p[i]) && !(type == 'w' && v.p[i] == ','))
            return false;
    return v.n <= (type == 'w' ? 1024 : 128);
}

static bool
type_ok(char type, struct str v)
{
    int64_t n;

    if (v.n == 0)
        return true;
    switch (type) {
    case 'i':
        return str_i64(v, &n);
    case 'n':
        return str_i64(v, &n) && n > 0;
    case 'c':
        return str_i64(v, &n) && n > 0 && n <= ROUTE_COUNT_MAX;
    case 'f':
        return str_is(v, "0") || str_is(v, "1");
    case 'd':
        return day_parse(v, &n);
    case 'z':
        return moment_parse(v, &n);
    case 'k':
    case 'w':
    case 'h':
        return is_word(v, type);
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

/* A field of the ledger's child rows, or one side of a text of theirs. */
static bool
is_part_field(const struct ledger *l, struct str name)
{
    bool two = name.n > 3 &&
               str_in_words(str_cut(name, name.n - 3, name.n), "_en _zh");

    for (size_t i = 0; l != NULL && i < l->n_fields; i++) {
        const struct part_kind *k = l->fields[i].parts;

        for (size_t m = 0; k != NULL && m < k->n_fields; m++)
            if (str_is(name, k->fields[m].name) ||
                (two &&
                 str_is(str_cut(name, 0, name.n - 3), k->fields[m].name)))
                return true;
    }
    return false;
}

static bool
param_bad(const struct rq *rq, const struct http_param *p, char type,
          struct err *e)
{
    const char *name =
        utf8_valid(p->name) ? arena_dupz(rq->arena, p->name) : NULL;

    if (type == 'c')
        return err_set(e, ERR_INVALID, name,
                       "The parameter \"%.*s\" must be 1 to %d",
                       STR_ARG(p->name), ROUTE_COUNT_MAX);
    return err_set(e, ERR_INVALID, name,
                   "The parameter \"%.*s\" has a value that is not "
                   "understood",
                   STR_ARG(p->name));
}

/* "place.12" -> "place" */
static struct str
without_row(struct str name)
{
    const char *dot = name.n > 0 ? memrchr(name.p, '.', name.n) : NULL;
    int64_t row;

    if (dot == NULL ||
        !str_i64(str_cut(name, (size_t)(dot - name.p) + 1, name.n), &row))
        return name;
    return str_cut(name, 0, (size_t)(dot - name.p));
}

static bool
is_filter(const struct rq *rq, struct str name)
{
    return rq->ledger != NULL &&
           (str_in_words(name, rq->ledger->filter) ||
            (rq->json && query_span(rq->ledger, name, NULL) != NULL));
}

/* What a route takes by its nature, whatever the row lists. */
static bool
by_flags(const struct rq *rq, const struct http_param *p)
{
    unsigned flags = rq->route->flags;

    if ((flags & (RT_CSRF | RT_DOOR)) && str_is(p->name, "csrf"))
        return true;
    if ((flags & RT_COLUMNS) && p->name.n > 1 && p->name.p[0] == 'c' &&
        type_ok('i', str_cut(p->name, 1, p->name.n)))
        return true;
    if ((flags & RT_LIST) && is_filter(rq, p->name))
        return utf8_valid(p->value);
    if ((flags & RT_PARTS) && is_part_field(rq->ledger, without_row(p->name)))
        return true;
    return (flags & RT_ANY) &&
           is_field(rq->ledger,
                    flags & RT_ROWS ? without_row(p->name) : p->name);
}

/* The type that a row's list gives it; 0: it does not stand there. */
static char
type_in(const char *list, struct str name)
{
    struct str rest = str_of(list), one;

    while (list != NULL && str_split(&rest, ' ', &one))
        if (one.n > 2 && str_eq(str_cut(one, 0, one.n - 2), name))
            return one.p[one.n - 1];
    return 0;
}

/* Words as they are kept, numbers and days as they are read; a secret is
 * compared byte by byte. */
static struct str
taken(struct rq *rq, char type, struct str name, struct str value)
{
    const struct field *f =
        type == 0 && rq->ledger != NULL ? ledger_field(rq->ledger, name) : NULL;

    if (type == 's')
        return value;
    if (f != NULL && f->kind == FK_PARTS)
        return parts_clean(value, rq->arena);
    value = text_clean(rq->arena, value);
    return type == 0 || type == 't' ? value : fold_text(rq->arena, value);
}

/* Where a parameter stands. */
enum whence { IN_ADDRESS, IN_BODY };

static bool
param_ok(struct rq *rq, struct http_param *p, enum whence where, struct err *e)
{
    const struct route *r = rq->route;
    bool members = rq->json && where == IN_ADDRESS && r->method == HTTP_POST;
    char type = type_in(members ? r->query : r->accepts, p->name);

    p->value = taken(rq, type, p->name, p->value);
    if (rq->json && where == IN_ADDRESS && type != 't' && p->value.n == 0 &&
        (type != 0 || by_flags(rq, p)))
        return param_bad(rq, p, type, e);
    if (type != 0)
        return type_ok(type, p->value) || param_bad(rq, p, type, e);
    if (!members && by_flags(rq, p))
        return true;
    return err_set(e, ERR_INVALID,
                   utf8_valid(p->name) ? arena_dupz(rq->arena, p->name) : NULL,
                   "The parameter \"%.*s\" is not known here",
                   STR_ARG(p->name));
}

bool
route_lists(const struct route *r, const char *name)
{
    return type_in(r->accepts, str_of(name)) != 0;
}

static bool
comes_twice(const struct rq *rq, const struct http_param *p, size_t n,
            struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(p[i].name, p[n].name)) {
            err_set(e, ERR_INVALID, arena_dupz(rq->arena, p[n].name),
                    "The parameter \"%.*s\" comes twice", STR_ARG(p[n].name));
            return true;
        }
    return false;
}

/* All of one kind, cleaned, in place of those that came. */
static bool
all_ok(struct rq *rq, const struct http_param **list, size_t n,
       enum whence where, struct err *e)
{
    struct http_param *own = arena_new_array(rq->arena, struct http_param, n);

    if (n == 0)
        return true;
    if (own == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++) {
        own[i] = (*list)[i];
        if (!param_ok(rq, &own[i], where, e) ||
            (rq->json && where == IN_ADDRESS && comes_twice(rq, own, i, e)))
            return false;
    }
    *list = own;
    return true;
}

/* A body is read as what it says it is; what says nothing may be JSON. */
static bool
body_ok(const struct rq *rq, struct err *e)
{
    struct str type = rq->http->content_type, kind;

    if (!rq->json || rq->http->body.n == 0 || type.n == 0)
        return true;
    str_split(&type, ';', &kind);
    kind = str_trim(kind);
    return (kind.n == 16 &&
            str_find_fold(kind, STR("application/json")) == 0) ||
           err_set(e, ERR_TYPE, NULL,
                   "Send the body as application/json, or files as "
                   "multipart/form-data");
}

bool
route_accepts(struct rq *rq, struct err *e)
{
    struct http_request *h = rq->http;

    return body_ok(rq, e) && all_ok(rq, &h->query, h->n_query, IN_ADDRESS, e) &&
           all_ok(rq, &h->form, h->n_form, IN_BODY, e);
}

/* Neither a session, nor a token, nor a browser that we have seen: whether what
 * it shows is true is found out later. */
static bool
is_stranger(const struct rq *rq)
{
    return rq_cookie_of(rq, "anlan").n == 0 &&
           http_header(rq->http, "Authorization").n == 0 && !browser_is(rq);
}

struct http_limits
route_limits(const struct http_request *h, void *arg)
{
    struct rq rq = { .app = arg, .http = (struct http_request *)(uintptr_t)h };
    struct err e;
    const struct route *r =
        effective(h->method) == HTTP_GET ? NULL : route_find(&rq, &e);

    if (r == NULL)
        return (struct http_limits){ 0, 0 };
    return (struct http_limits){ is_stranger(&rq) ? BODY_STRANGER : BODY_MAX,
                                 r->flags & RT_FILES ? rq.app->upload_max : 0 };
}
