/* Where in the HTML a byte of a template stands. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "tmplc.h"

const char *const ctx_name[] = {
    [CTX_TEXT] = "text",
    [CTX_RCDATA] = "<textarea> or <title>",
    [CTX_TAG] = "a tag",
    [CTX_ATTR] = "an attribute",
    [CTX_UNQUOTED] = "an unquoted attribute",
    [CTX_RAW] = "<script> or <style>",
    [CTX_COMMENT] = "a comment",
};

static bool
is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

bool
html_is_url_attr(const char *attr)
{
    static const char *const names[] = { "href",       "src",        "action",
                                         "formaction", "poster",     "cite",
                                         "data",       "ping",       "manifest",
                                         "background", "xlink:href", NULL };

    return is_one_of(attr, names);
}

/* A percent-encoded piece is safe only behind a start that fixes the scheme:
 * after "javascript:" a browser would decode and run it. */
static const char *
url_escaper(const struct page *pg)
{
    const char *v = pg->value;

    if (pg->attr_vetted || v[0] == '/' || v[0] == '?' || v[0] == '#' ||
        strncmp(v, "tel:", 4) == 0 || strncmp(v, "mailto:", 7) == 0 ||
        strncmp(v, "https://", 8) == 0)
        return "HTML_PCT";
    if (v[0] == '\0')
        return "HTML_URL";
    fail(pg,
         "no hole is safe in %s= after \"%s\"; begin with / ? # tel: "
         "mailto: https://",
         pg->attr, v);
}

const char *
html_escaper(const struct page *pg)
{
    static const char *const never[] = { "style", "srcset", "srcdoc",
                                         "http-equiv", NULL };

    if (pg->ctx == CTX_TEXT || pg->ctx == CTX_RCDATA)
        return "HTML_TEXT";
    if (pg->ctx == CTX_ATTR) {
        if (strncmp(pg->attr, "on", 2) == 0 || is_one_of(pg->attr, never))
            fail(pg, "no hole is safe inside %s=", pg->attr);
        return html_is_url_attr(pg->attr) ? url_escaper(pg) : "HTML_ATTR";
    }
    fail(pg,
         "no hole is safe inside %s; use a quoted attribute, "
         "for example data-*=\"<%%= ... %%>\"",
         ctx_name[pg->ctx]);
}

void
html_name_add(char *name, size_t cap, int c)
{
    size_t n = strlen(name);

    if (n + 1 < cap) {
        name[n] = (char)tolower(c);
        name[n + 1] = '\0';
    }
}

/* White space as HTML has it: no vertical tab. */
static bool
is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* A hole or comment of ours stands at p: what follows in the page is unknown. */
static bool
is_cut(const char *p)
{
    return p[0] == '<' && p[1] == '%';
}

static void
tag_begin(struct page *pg, const char *p)
{
    const char *q = p + 1 + (p[1] == '/');

    pg->ctx = CTX_TAG;
    pg->tag[0] = pg->attr[0] = '\0';
    pg->closing = p[1] == '/';
    if (p[1] == '!') {
        if (strncasecmp(p, "<!doctype html>", 15) != 0)
            fail(pg, "after <! only \"doctype html\" or a comment");
        pg->name_left = 8;
        pg->named = true;
        return;
    }
    for (; isalnum((unsigned char)*q) || *q == '-'; q++)
        html_name_add(pg->tag, sizeof(pg->tag), *q);
    if (!isalpha((unsigned char)pg->tag[0]))
        fail(pg, "</ without a name");
    pg->name_left = (size_t)(q - p) - 1;
    pg->named = true;
}

static void
step_text(struct page *pg, const char *p)
{
    if (p[0] != '<')
        return;
    if (is_cut(p + 1) || p[1] == '\0' || p[1] == '?')
        fail(pg, "no tag begins here; write &lt;");
    if (strncmp(p, "<!--", 4) == 0) {
        pg->ctx = CTX_COMMENT;
        pg->dashes = 0;
    } else if (isalpha((unsigned char)p[1]) || p[1] == '/' || p[1] == '!')
        tag_begin(pg, p);
}

static void
step_comment(struct page *pg, int c)
{
    if (c == '!' && pg->dashes >= 2)
        fail(pg, "--! inside a comment");
    if (c == '>' && pg->dashes >= 2)
        pg->ctx = CTX_TEXT;
    pg->dashes = c == '-' ? pg->dashes + 1 : 0;
}

static void
tag_end(struct page *pg)
{
    static const char *const raw[] = { "script",  "style",    "xmp", "iframe",
                                       "noembed", "noframes", NULL };
    static const char *const rcdata[] = { "textarea", "title", NULL };

    pg->attr[0] = '\0';
    pg->ctx = CTX_TEXT;
    if (strcmp(pg->tag, "plaintext") == 0)
        fail(pg, "<plaintext> never ends");
    if (strcmp(pg->tag, "pre") == 0)
        pg->pre = !pg->closing;
    if (pg->closing)
        return;
    if (is_one_of(pg->tag, raw))
        pg->ctx = CTX_RAW;
    else if (is_one_of(pg->tag, rcdata))
        pg->ctx = CTX_RCDATA;
}

/* The byte after the name of a tag, and '=' after that of an attribute. */
static void
check_tag(struct page *pg, const char *p)
{
    int c = (unsigned char)*p;

    if (pg->named && !is_blank(c) && c != '/' && c != '>')
        fail(pg, "the name of a tag ends with a blank, / or >");
    if (c == '"' || c == '\'' || c == '<' || c == '\v')
        fail(pg, "this byte has no place in a tag: %c", c);
    if (c == '=' && pg->attr[0] == '\0')
        fail(pg, "= stands right behind the name of an attribute");
    pg->named = false;
}

static void
step_tag(struct page *pg, const char *p)
{
    int c = (unsigned char)*p;

    if (pg->quote != 0) { /* the byte after '=' */
        pg->ctx = CTX_ATTR;
        pg->value[0] = '\0';
        pg->attr_vetted = false;
        return;
    }
    if (pg->name_left > 0) {
        pg->name_left--;
        return;
    }
    check_tag(pg, p);
    if (c == '>')
        tag_end(pg);
    else if (c == '=' && (p[1] == '"' || p[1] == '\''))
        pg->quote = p[1];
    else if (c == '=') {
        pg->ctx = CTX_UNQUOTED;
        pg->value[0] = '\0';
    } else if (is_blank(c) || c == '/')
        pg->attr[0] = '\0';
    else
        html_name_add(pg->attr, sizeof(pg->attr), c);
}

static void
step_unquoted(struct page *pg, int c)
{
    if (strchr("\"'<=`\v", c) != NULL)
        fail(pg, "this byte wants quotes around the attribute: %c", c);
    if ((c == '>' || is_blank(c)) && pg->value[0] == '\0')
        fail(pg, "a value stands right behind =");
    if (c == '>')
        tag_end(pg);
    else if (is_blank(c)) {
        pg->ctx = CTX_TAG;
        pg->attr[0] = '\0';
    } else
        html_name_add(pg->value, sizeof(pg->value), c);
}

static void
step_attr(struct page *pg, int c)
{
    if (c == pg->quote) {
        pg->ctx = CTX_TAG;
        pg->attr[0] = '\0';
        pg->quote = 0;
    } else
        html_name_add(pg->value, sizeof(pg->value), c);
}

/* </style> ends <style>; </styles> does not. */
static void
step_raw(struct page *pg, const char *p)
{
    size_t n = strlen(pg->tag);
    const char *q = p + 1 + (p[1] == '/');

    if (p[0] != '<')
        return;
    while (isalnum((unsigned char)*q))
        q++;
    if (is_cut(q) || *q == '\0')
        fail(pg, "a tag is cut in two");
    if (p[1] != '/' || strncasecmp(p + 2, pg->tag, n) != 0 ||
        (p[n + 2] != '>' && p[n + 2] != '/' && !is_blank(p[n + 2])))
        return;
    pg->ctx = CTX_TAG;
    pg->closing = true;
    pg->name_left = n + 1;
    pg->named = true;
}

void
html_step(struct page *pg, const char *p)
{
    switch (pg->ctx) {
    case CTX_TEXT:
        step_text(pg, p);
        break;
    case CTX_TAG:
        step_tag(pg, p);
        break;
    case CTX_ATTR:
        step_attr(pg, (unsigned char)*p);
        break;
    case CTX_UNQUOTED:
        step_unquoted(pg, (unsigned char)*p);
        break;
    case CTX_RCDATA:
    case CTX_RAW:
        step_raw(pg, p);
        break;
    case CTX_COMMENT:
        step_comment(pg, (unsigned char)*p);
        break;
    }
}
