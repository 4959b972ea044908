#ifndef TOOLS_TMPLC_H
#define TOOLS_TMPLC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum ctx {
    CTX_TEXT,
    CTX_RCDATA,
    CTX_TAG,
    CTX_ATTR,
    CTX_UNQUOTED,
    CTX_RAW,
    CTX_COMMENT
};

#define DEPTH_MAX 64
#define CHUNK     1800 /* bytes of one string literal; C promises 4095 */

/* Where in the HTML a { stands. */
struct brace {
    enum ctx ctx;
    bool closing;
    char tag[32], attr[32];
};

struct page {
    FILE *out;
    const char *file;
    unsigned line;
    enum ctx ctx;
    char tag[32], attr[32]; /* lower case, "" when none */
    char value[12];         /* how the open attribute's value begins */
    char quote;             /* of the open attribute */
    bool attr_vetted;       /* its value begins with a struct url */
    bool opened;            /* inside a page */
    bool any;               /* a page was seen */
    bool closing;           /* in </tag> */
    size_t name_left;       /* bytes of the tag's name still to come */
    bool named;             /* the name has just ended */
    unsigned dashes;        /* at the end of the comment so far */
    bool pre;               /* inside <pre> */
    bool has_v;             /* the first parameter is a pointer named v */
    bool newline;           /* the last byte put was a collapsed newline */
    struct brace brace[DEPTH_MAX];
    unsigned depth;
    char lit[CHUNK + 1]; /* literal text not yet written */
    size_t n_lit;
};

/* Stop with FILE:LINE and the words. */
void __attribute__((noreturn, format(printf, 2, 3)))
fail(const struct page *, const char *fmt, ...);

/* Move the HTML state over one literal byte at p; what a browser might read in
 * another way than this does is refused. */
void html_step(struct page *, const char *p);
/* The escaper that makes a hole safe where it stands, or the end. */
const char *html_escaper(const struct page *);
bool html_is_url_attr(const char *attr);
extern const char *const ctx_name[];
/* Append c to a fixed name, lower case; too long a name is cut, harmlessly. */
void html_name_add(char *name, size_t cap, int c);

#endif
