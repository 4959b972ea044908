#include <strings.h>

#include "web/http_int.h"

/*
 * What the library lets through and RFC 9112 does not. It cuts its input in
 * place, replacing CR LF, the colon and the blanks of the request line by NUL,
 * and gives out pointers into it. So a head is sound exactly when its pieces
 * lie side by side: method NUL target NUL version NUL NUL, then name NUL
 * blanks value NUL NUL for each field, up to its last byte. A NUL, a folded
 * line, a bare newline or a second blank in the request line leaves a gap.
 * Should another version of the library lay its buffer out differently, every
 * request is refused, and the tests say so.
 *
 * What stays lenient, because it cannot be seen from outside:
 *  - blank lines before the request line are skipped (RFC 9112 2.2 says so);
 *  - a bare newline is taken in chunked framing and trailers, and trailers are
 *    not looked at (7.1): after a chunked body the connection is closed, so
 *    no byte behind it can become a request, and trailers are never used;
 *  - HTTP/1.2 to 1.9 count as 1.1 (RFC 9110 2.5);
 *  - a request line without any blank is closed without an answer, and a bad
 *    Content-Length is answered with two heads, the second being the body of
 *    the first; both close.
 */
static bool
is_token(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = p[i];

        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
            (c >= 'a' && c <= 'z') ||
            (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL))
            continue;
        return false;
    }
    return n > 0;
}

static bool
is_field_value(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

struct heads {
    struct request *rq;
    const char *at; /* where the next field must begin */
    unsigned n_host, n_length, n_coding;
    struct str host, coding, expect;
    int status;
};

static bool
name_is(struct str name, const char *z)
{
    return name.n == strlen(z) && strncasecmp(name.p, z, name.n) == 0;
}

static void
note(struct heads *s, struct str name, struct str value)
{
    if (name_is(name, "Host")) {
        s->n_host++;
        s->host = value;
    } else if (name_is(name, "Content-Length")) {
        s->n_length++;
        if (!str_i64(value, &s->rq->content_length) ||
            s->rq->content_length < 0 || value.p[0] < '0' || value.p[0] > '9')
            s->status = 400;
    } else if (name_is(name, "Transfer-Encoding")) {
        s->n_coding++;
        s->coding = value;
    } else if (name_is(name, "Expect"))
        s->expect = value;
    else if (name_is(name, "Content-Type"))
        s->rq->pub.content_type = value;
}

static enum MHD_Result
on_field(void *arg, enum MHD_ValueKind kind, const char *key, size_t n_key,
         const char *value, size_t n_value)
{
    struct heads *s = arg;
    struct request *rq = s->rq;
    struct str name = { key, n_key }, v = { value, n_value };
    const char *p = key + n_key + 1;

    (void)kind;
    if (rq->n_headers == HTTP_HEADERS_MAX) {
        s->status = 431;
        return MHD_NO;
    }
    if (key != s->at || !is_token(key, n_key) ||
        !is_field_value(value, n_value)) {
        s->status = 400;
        return MHD_NO;
    }
    while (p < value && (*p == ' ' || *p == '\t'))
        p++;
    if (p != value || value[n_value] != '\0' || value[n_value + 1] != '\0') {
        s->status = 400;
        return MHD_NO;
    }
    s->at = value + n_value + 2;
    v = str_trim(v);
    rq->headers[rq->n_headers++] = (struct http_param){ name, v };
    note(s, name, v);
    return s->status == 0 ? MHD_YES : MHD_NO;
}

static int
check_request_line(struct request *rq, const char *method, const char *version)
{
    size_t n = strlen(method);

    if (!is_token(method, n) || rq->uri != method + n + 1 ||
        version != rq->uri + rq->target.n + 1 || rq->target.n == 0)
        return 400;
    for (size_t i = 0; i < rq->target.n; i++) {
        unsigned char c = (unsigned char)rq->target.p[i];

        if (c <= ' ' || c >= 0x7f)
            return 400;
    }
    return 0;
}

/* ":8470": up to five digits that are a port; RFC 3986 lets them be none. */
static bool
is_port(struct str s)
{
    int64_t port;

    if (s.n == 0 || str_is(s, ":"))
        return true;
    return s.p[0] == ':' && s.n <= 6 && s.p[1] != '-' &&
           str_i64(str_cut(s, 1, s.n), &port) && port <= 65535;
}

static bool
is_host_char(char c, const char *signs)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || strchr(signs, c) != NULL;
}

/* A name, an IPv4 address, or an IPv6 address in brackets, and a port. */
static bool
is_host(struct str h)
{
    bool bracket = h.n > 0 && h.p[0] == '[';
    size_t n = bracket ? 1 : 0;

    while (n < h.n && is_host_char(h.p[n], bracket ? ".:" : "-._"))
        n++;
    if (!bracket)
        return n > 0 && is_port(str_cut(h, n, h.n));
    return n > 2 && n < h.n && h.p[n] == ']' && is_port(str_cut(h, n + 1, h.n));
}

static int
check_host(const struct heads *s, bool http_1_0)
{
    if (s->n_host > 1 || (s->n_host == 0 && !http_1_0))
        return 400;
    return s->n_host == 0 || is_host(s->host) ? 0 : 400;
}

static int
check_framing(const struct heads *s, bool http_1_0)
{
    struct request *rq = s->rq;

    if (s->n_length > 1 || s->n_coding > 1 ||
        (s->n_length > 0 && s->n_coding > 0))
        return 400;
    if (s->n_coding > 0) {
        if (http_1_0)
            return 400;
        if (!name_is(s->coding, "chunked"))
            return 501;
        rq->chunked = true;
    }
    if (s->expect.n > 0) {
        if (!name_is(s->expect, "100-continue"))
            return 417;
        rq->expect = !http_1_0;
    }
    return 0;
}

static int
method_of(const char *z, enum http_method *out)
{
    static const struct {
        const char *name;
        enum http_method method;
    } known[] = {
        { "GET", HTTP_GET },       { "HEAD", HTTP_HEAD },
        { "POST", HTTP_POST },     { "PUT", HTTP_PUT },
        { "PATCH", HTTP_PATCH },   { "DELETE", HTTP_DELETE },
        { "OPTIONS", HTTP_OTHER },
    };

    for (size_t i = 0; i < N_OF(known); i++)
        if (strcmp(known[i].name, z) == 0) {
            *out = known[i].method;
            return 0;
        }
    return strcmp(z, "TRACE") == 0 || strcmp(z, "CONNECT") == 0 ? 405 : 501;
}

/* "a/../b", "..", also as %2e; the path is decoded already. */
static bool
has_dot_segment(struct str path)
{
    struct str rest = path, piece;

    while (str_split(&rest, '/', &piece))
        if (str_is(piece, "..") || str_is(piece, "."))
            return true;
    return false;
}

static bool
percent_is_sound(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '%' &&
            (s.n - i < 3 || !strchr("0123456789abcdefABCDEF", s.p[i + 1]) ||
             !strchr("0123456789abcdefABCDEF", s.p[i + 2])))
            return false;
    return true;
}

/* target: "/path?query", or "http://host/path?query" from a proxy. */
static int
split_target(struct request *rq)
{
    struct str t = rq->target, path, query = STR("");
    struct err e;
    char *p, *q;

    if (t.p[0] != '/') {
        ptrdiff_t scheme = str_find(t, STR("://"));
        struct str rest = str_cut(t, scheme > 0 ? (size_t)scheme + 3 : 0, t.n);
        const char *slash = memchr(rest.p, '/', rest.n);

        if (scheme <= 0 || slash == NULL)
            return 400;
        t = str_cut(rest, (size_t)(slash - rest.p), rest.n);
    }
    path = t;
    if ((q = memchr(t.p, '?', t.n)) != NULL) {
        path = str_cut(t, 0, (size_t)(q - t.p));
        query = str_cut(t, path.n + 1, t.n);
    }
    if (!percent_is_sound(path) || memchr(t.p, '#', t.n) != NULL)
        return 400;
    if ((p = arena_dupz(rq->pub.arena, path)) == NULL ||
        (q = arena_dupz(rq->pub.arena, query)) == NULL)
        return 503;
    rq->pub.path = (struct str){ p, form_decode(p, path.n, false) };
    if (!is_field_value(rq->pub.path.p, rq->pub.path.n) ||
        !utf8_valid(rq->pub.path) || has_dot_segment(rq->pub.path))
        return 400;
    if (!form_parse(rq->pub.arena, q, query.n, &rq->pub.query, &rq->pub.n_query,
                    &e))
        return e.code == ERR_BUSY ? 503 : 400;
    return 0;
}

int
http_guard(struct request *rq, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        rq->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    struct heads s = { .rq = rq, .at = version + strlen(version) + 2 };
    bool http_1_0 = strcmp(version, "HTTP/1.0") == 0;
    int status;

    rq->content_length = -1;
    if ((status = check_request_line(rq, method, version)) != 0)
        return status;
    MHD_get_connection_values_n(rq->mhd, MHD_HEADER_KIND, on_field, &s);
    if (s.status != 0)
        return s.status;
    if (info == NULL || s.at + 2 != method + info->header_size)
        return 400;
    if ((status = check_host(&s, http_1_0)) != 0 ||
        (status = check_framing(&s, http_1_0)) != 0 ||
        (status = method_of(method, &rq->pub.method)) != 0)
        return status;
    return split_target(rq);
}
