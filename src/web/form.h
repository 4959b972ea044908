#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "base/err.h"
#include "web/http.h"

/* What a form may hold, beside the byte limits of the route. */
#define FORM_FIELDS_MAX 1000
#define FORM_FILES_MAX  32

/* Decode %XX and, with plus, '+' in place; the new length. A '%' that begins
 * no pair of hex digits stays as it is (WHATWG URL 5.1). */
size_t form_decode(char *p, size_t n, bool plus);

/* Take a=1&b=2 apart. The text is decoded in place and the fields point into
 * it. Errors: ERR_TOO_LARGE (too many fields), ERR_INVALID (not UTF-8, NUL),
 * ERR_BUSY (arena). */
bool form_parse(struct arena *, char *p, size_t n,
                const struct http_param **fields, size_t *n_fields,
                struct err *);

/* The parameter of a header value, for example "boundary" of
 * multipart/form-data; boundary="x". "" when absent. */
struct str form_header_param(struct str value, const char *name);

/* True when the media type is that one, parameters aside. */
bool form_type_is(struct str content_type, const char *type);

/* multipart/form-data (RFC 7578), byte by byte as it arrives. The names in a
 * part_head live until the part's begin returns. */
struct part_head {
    struct str name, filename, type;
    bool is_file; /* a filename was given, be it empty */
};

/* An event returns false to stop the parser for good. */
struct multipart_events {
    bool (*begin)(void *arg, const struct part_head *);
    bool (*data)(void *arg, const char *p, size_t n);
    bool (*end)(void *arg);
};

#define MULTIPART_BOUNDARY_MAX 70
#define MULTIPART_HEAD_MAX     2048

struct multipart {
    const struct multipart_events *on;
    void *arg;
    enum { MP_PREAMBLE, MP_AFTER, MP_HEAD, MP_DATA, MP_END, MP_BAD } state;
    char delim[4 + MULTIPART_BOUNDARY_MAX]; /* CR LF - - boundary */
    size_t n_delim, matched;
    char head[MULTIPART_HEAD_MAX]; /* of the part, or what follows a delim */
    size_t n_head;
};

/* False: the boundary is missing or not one (RFC 2046 5.1.1). */
bool multipart_init(struct multipart *, struct str boundary,
                    const struct multipart_events *, void *arg) MUST_USE;
/* False: malformed, or an event said so; the state stays MP_BAD. */
bool multipart_feed(struct multipart *, const char *p, size_t n) MUST_USE;
/* True when the closing delimiter was seen. */
bool multipart_ended(const struct multipart *);

#endif
