#ifndef TESTS_HTML_SCAN_H
#define TESTS_HTML_SCAN_H

/* Reads HTML as a browser's tokenizer does, written apart from what it checks.
 * The byte MARK stands where a value from outside begins; scan() stops the
 * program where such a value could do more than be read. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

#define MARK '\x01'

struct scan {
    const char *p;
    size_t n, at;
    struct buf *skeleton; /* tags and names of attributes; may be NULL */
    char tag[32];
};

static inline void __attribute__((noreturn))
scan_bad(const struct scan *s, const char *why)
{
    size_t from = s->at > 60 ? s->at - 60 : 0;

    fprintf(stderr, "%s near: %.*s\n", why,
            (int)(s->n - from < 120 ? s->n - from : 120), s->p + from);
    abort();
}

static inline void
scan_note(struct scan *s, const char *name, const char *more)
{
    if (s->skeleton != NULL)
        buf_printf(s->skeleton, "%s%s", name, more);
}

static inline bool
scan_is(const char *name, const char *words)
{
    size_t n = strlen(name);

    for (const char *p = words; (p = strstr(p, name)) != NULL; p += n)
        if (n > 0 && (p == words || p[-1] == ' ') &&
            (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

static inline bool
scan_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* A name up to one of the stops, lower case, cut at cap. */
static inline void
scan_name(struct scan *s, char *out, size_t cap, const char *stops)
{
    size_t n = 0, from = s->at;

    for (; s->at < s->n && strchr(stops, s->p[s->at]) == NULL &&
           !scan_blank(s->p[s->at]);
         s->at++) {
        if (s->p[s->at] == MARK)
            scan_bad(s, "a value stands in the name of a tag or attribute");
        if (n + 1 < cap)
            out[n++] = (char)tolower((unsigned char)s->p[s->at]);
    }
    out[n] = '\0';
    if (s->at == from && s->at < s->n && s->p[s->at] == '=')
        s->at++; /* a name may begin with '=' */
}

/* The value's start leaves no choice of scheme or host. */
static inline bool
scan_url_safe(const char *p, size_t n)
{
    return n == 0 || *p == '/' || *p == '?' || *p == '#' ||
           (n >= 8 && memcmp(p, "https://", 8) == 0) ||
           (n >= 7 && memcmp(p, "mailto:", 7) == 0) ||
           (n >= 4 && memcmp(p, "tel:", 4) == 0);
}

static inline void
scan_value(struct scan *s, const char *attr, const char *p, size_t n,
           bool quoted)
{
    static const char urls[] = "href src action formaction poster cite data "
                               "ping manifest background xlink:href";
    const char *mark = memchr(p, MARK, n);

    if (mark == NULL)
        return;
    if (!quoted)
        scan_bad(s, "a value stands in an attribute without quotes");
    if (strncmp(attr, "on", 2) == 0 ||
        scan_is(attr, "style srcset srcdoc http-equiv"))
        scan_bad(s, "a value stands in an attribute that is run");
    if (scan_is(attr, urls) && (mark == p || !scan_url_safe(p, n)))
        scan_bad(s, "a value decides where a link leads");
}

static inline void
scan_attrs(struct scan *s)
{
    char attr[64];

    for (;;) {
        const char *end;
        char q;

        while (s->at < s->n && (scan_blank(s->p[s->at]) || s->p[s->at] == '/'))
            s->at++;
        if (s->at >= s->n || s->p[s->at] == '>')
            break;
        scan_name(s, attr, sizeof(attr), "/>=");
        scan_note(s, " ", attr);
        while (s->at < s->n && scan_blank(s->p[s->at]))
            s->at++;
        if (s->at >= s->n || s->p[s->at] != '=')
            continue;
        s->at++;
        while (s->at < s->n && scan_blank(s->p[s->at]))
            s->at++;
        if (s->at >= s->n)
            break;
        q = s->p[s->at];
        if (q == '"' || q == '\'') {
            const char *p = s->p + ++s->at;

            end = memchr(p, q, s->n - s->at);
            if (end == NULL)
                end = s->p + s->n;
            scan_value(s, attr, p, (size_t)(end - p), true);
            s->at = (size_t)(end - s->p) + (end < s->p + s->n);
        } else {
            size_t from = s->at;

            while (s->at < s->n && !scan_blank(s->p[s->at]) &&
                   s->p[s->at] != '>')
                s->at++;
            scan_value(s, attr, s->p + from, s->at - from, false);
        }
    }
    s->at += s->at < s->n;
}

/* What lies up to end may hold no value. */
static inline void
scan_skip(struct scan *s, size_t end, const char *why)
{
    for (; s->at < end && s->at < s->n; s->at++)
        if (s->p[s->at] == MARK)
            scan_bad(s, why);
}

static inline size_t
scan_find(const struct scan *s, size_t from, const char *what)
{
    const char *p = from < s->n
                        ? memmem(s->p + from, s->n - from, what, strlen(what))
                        : NULL;

    return p != NULL ? (size_t)(p - s->p) : s->n;
}

static inline void
scan_comment(struct scan *s)
{
    size_t from = s->at + 4, end, bang;

    if (from < s->n && s->p[from] == '>')
        end = from + 1;
    else if (from + 1 < s->n && memcmp(s->p + from, "->", 2) == 0)
        end = from + 2;
    else {
        end = scan_find(s, from, "-->");
        bang = scan_find(s, from, "--!>");
        end = bang < end ? bang + 4 : end + 3;
    }
    scan_skip(s, end, "a value stands in a comment");
}

/* After <script>, <title> and their like: up to their own end tag. */
static inline void
scan_raw(struct scan *s)
{
    bool rcdata = scan_is(s->tag, "textarea title");
    size_t k = strlen(s->tag);

    for (; s->at < s->n; s->at++) {
        const char *p = s->p + s->at;

        if (!rcdata && *p == MARK)
            scan_bad(s, "a value stands in a script or style");
        if (*p == '<' && s->n - s->at > k + 2 && p[1] == '/' &&
            strncasecmp(p + 2, s->tag, k) == 0 &&
            (scan_blank(p[2 + k]) || p[2 + k] == '/' || p[2 + k] == '>') &&
            strcmp(s->tag, "plaintext") != 0)
            return;
    }
}

static inline void
scan_tag(struct scan *s)
{
    bool closing = s->p[s->at + 1] == '/';

    s->at += closing ? 2 : 1;
    scan_name(s, s->tag, sizeof(s->tag), "/>");
    scan_note(s, closing ? "\n/" : "\n", s->tag);
    scan_attrs(s);
    if (!closing &&
        scan_is(s->tag, "script style xmp iframe noembed noframes plaintext "
                        "textarea title"))
        scan_raw(s);
}

static inline void
scan(struct str html, struct buf *skeleton)
{
    struct scan s = { .p = html.p, .n = html.n, .skeleton = skeleton };

    while (s.at < s.n) {
        const char *p = s.p + s.at;
        char c = s.at + 1 < s.n ? p[1] : '\0';

        if (*p != '<')
            s.at++;
        else if (s.n - s.at >= 4 && memcmp(p, "<!--", 4) == 0)
            scan_comment(&s);
        else if (isalpha((unsigned char)c) ||
                 (c == '/' && s.at + 2 < s.n && isalpha((unsigned char)p[2])))
            scan_tag(&s);
        else if (c == '!' || c == '?' || c == '/')
            scan_skip(&s, scan_find(&s, s.at, ">") + 1,
                      "a value stands in a declaration");
        else
            s.at++;
    }
}

#endif
