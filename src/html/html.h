#ifndef HTML_HTML_H
#define HTML_HTML_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* Markup that is already safe; only html/ and compiled pages make one. */
struct markup {
    struct str s;
};

/* A link target that was vetted: same site, not yet escaped. Only the site
 * map and html_url_vet make one. */
struct url {
    struct str s;
};

/* A same-site path as a link: it must begin with one '/', '?' or '#', hold
 * no control character, blank or backslash. False, *out untouched: refused. */
bool html_url_vet(struct str, struct url *out) MUST_USE;

void html_esc(struct buf *, struct str);
void html_esc_z(struct buf *, const char *); /* NULL: nothing */
void html_int(struct buf *, int);
void html_uint(struct buf *, unsigned);
void html_i64(struct buf *, int64_t);
void html_size(struct buf *, size_t);
void html_markup(struct buf *, struct markup);
void html_url(struct buf *, struct url);
/* Percent-encode all but the unreserved characters of RFC 3986. */
void html_pct(struct buf *, struct str);
void html_pct_z(struct buf *, const char *);

/* Literal text of a page. */
static inline void
html_raw(struct buf *b, const char *p, size_t n)
{
    buf_put(b, p, n);
}

/* clang-format off */

/* <%= x %> between tags: text is escaped, markup passes, others do not
 * compile. */
#define HTML_TEXT(b, x)                                                        \
    _Generic((x),                                                              \
        struct str: html_esc,                                                  \
        char *: html_esc_z,                                                    \
        const char *: html_esc_z,                                              \
        int: html_int,                                                         \
        unsigned: html_uint,                                                   \
        int64_t: html_i64,                                                     \
        size_t: html_size,                                                     \
        struct markup: html_markup)((b), (x))

/* <%= x %> inside a quoted attribute value: markup is not accepted. */
#define HTML_ATTR(b, x)                                                        \
    _Generic((x),                                                              \
        struct str: html_esc,                                                  \
        char *: html_esc_z,                                                    \
        const char *: html_esc_z,                                              \
        int: html_int,                                                         \
        unsigned: html_uint,                                                   \
        int64_t: html_i64,                                                     \
        size_t: html_size)((b), (x))

/* href="<%= x %>": only a struct url. */
#define HTML_URL(b, x) _Generic((x), struct url: html_url)((b), (x))

/* href="/a/<%= x %>": percent-encoded, then safe in an attribute. */
#define HTML_PCT(b, x)                                                         \
    _Generic((x),                                                              \
        struct str: html_pct,                                                  \
        char *: html_pct_z,                                                    \
        const char *: html_pct_z,                                              \
        int: html_int,                                                         \
        unsigned: html_uint,                                                   \
        int64_t: html_i64,                                                     \
        size_t: html_size)((b), (x))
/* clang-format on */

#endif
