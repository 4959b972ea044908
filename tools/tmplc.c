/*
 * tmplc: compile one file of page templates into C functions.
 *
 *	tmplc PAGE.html OUT.c
 *
 * <%@ include "x.h" %>        the generated file includes it
 * <%@ page name(params) %>    begins void name(struct buf *o, params)
 * <%@ end %>                  ends it; the last page of a file may omit it
 * <%= expr %>                 a value, escaped as its place needs
 * <%_ "English text" %>       the text in the reader's language, v->lang
 * <% code %>  <%# comment %>  a statement; nothing
 *
 * It follows the HTML state so that each hole gets the escaper its place
 * needs, and stops with FILE:LINE where no escaper would be safe. White space
 * that holds a newline becomes one newline, except in <pre> and <textarea>.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tmplc.h"

void
fail(const struct page *pg, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "%s:%u: error: ", pg->file, pg->line);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

static void
flush(struct page *pg)
{
    if (pg->n_lit == 0)
        return;
    fputs("\thtml_raw(o, \"", pg->out);
    for (size_t i = 0; i < pg->n_lit; i++) {
        unsigned char c = (unsigned char)pg->lit[i];

        if (c == '\n')
            fputs(i + 1 < pg->n_lit ? "\\n\"\n\t    \"" : "\\n", pg->out);
        else if (c == '"' || c == '\\')
            fprintf(pg->out, "\\%c", c);
        else if (isprint(c) && c != '?')
            fputc(c, pg->out);
        else
            fprintf(pg->out, "\\%03o", c);
    }
    fprintf(pg->out, "\", %zu);\n", pg->n_lit);
    pg->n_lit = 0;
}

static void
put(struct page *pg, char c)
{
    if (pg->n_lit == CHUNK)
        flush(pg);
    pg->lit[pg->n_lit++] = c;
}

/* How much white space stands at p when it may become one newline, else 0. */
static size_t
blank_run(const struct page *pg, const char *p, const char *end)
{
    const char *q = p;

    if ((pg->ctx != CTX_TEXT || pg->pre) && pg->ctx != CTX_TAG)
        return 0;
    while (q < end && isspace((unsigned char)*q))
        q++;
    return memchr(p, '\n', (size_t)(q - p)) != NULL ? (size_t)(q - p) : 0;
}

static void
emit_literal(struct page *pg, const char *p, const char *end)
{
    size_t n;

    for (; p < end; p += n) {
        n = blank_run(pg, p, end);
        for (size_t i = 0; i < (n > 0 ? n : 1); i++)
            pg->line += p[i] == '\n';
        if (!pg->opened) { /* only blanks may stand outside a page */
            if (!isspace((unsigned char)*p))
                fail(pg, "text outside of <%%@ page %%>");
            n = n > 0 ? n : 1;
            continue;
        }
        html_step(pg, p);
        if (n == 0)
            put(pg, *p);
        else if (!pg->newline)
            put(pg, '\n');
        pg->newline = n > 0;
        n = n > 0 ? n : 1;
    }
}

static bool
is_ident(int c)
{
    return isalnum(c) || c == '_';
}

/* True when the first parameter in "a *v, ...)" is a pointer named v. */
static bool
first_is_v(const char *p, const char *end)
{
    const char *q = p;

    while (q < end && *q != ',' && *q != ')')
        q++;
    while (q > p && isspace((unsigned char)q[-1]))
        q--;
    if (q - p < 3 || q[-1] != 'v' || is_ident((unsigned char)q[-2]))
        return false;
    for (q -= 2; q > p && isspace((unsigned char)*q);)
        q--;
    return *q == '*';
}

static void
page_end(struct page *pg)
{
    if (pg->ctx != CTX_TEXT)
        fail(pg, "the page ends inside %s", ctx_name[pg->ctx]);
    if (pg->depth != 0)
        fail(pg, "the page ends inside { }");
    flush(pg);
    fputs("}\n", pg->out);
    pg->opened = false;
}

static void
page_begin(struct page *pg, const char *p, const char *end)
{
    const char *open = memchr(p, '(', (size_t)(end - p));

    if (open == NULL || end[-1] != ')')
        fail(pg, "want <%%@ page name(params) %%>");
    if (pg->opened)
        fail(pg, "a page inside a page; <%%@ end %%> is missing");
    fprintf(pg->out, "void %.*s(struct buf *o, %.*s\n{\n", (int)(open - p), p,
            (int)(end - open) - 1, open + 1);
    pg->opened = pg->any = true;
    pg->newline = true; /* drops the newline behind the directive */
    pg->pre = false;
    pg->has_v = first_is_v(open + 1, end);
}

static void
trim(const char **p, const char **end)
{
    while (*p < *end && isspace((unsigned char)**p))
        ++*p;
    while (*p < *end && isspace((unsigned char)(*end)[-1]))
        --*end;
}

static void
emit_directive(struct page *pg, const char *p, const char *end)
{
    trim(&p, &end);
    if (end - p > 8 && strncmp(p, "include ", 8) == 0 && !pg->opened)
        fprintf(pg->out, "#include %.*s\n", (int)(end - p) - 8, p + 8);
    else if (end - p > 5 && strncmp(p, "page ", 5) == 0)
        page_begin(pg, p + 5, end);
    else if (end - p == 3 && strncmp(p, "end", 3) == 0 && pg->opened)
        page_end(pg);
    else
        fail(pg, "not a directive here: %.*s", (int)(end - p), p);
}

static struct brace
here(const struct page *pg)
{
    struct brace b = { .ctx = pg->ctx, .closing = pg->closing };

    if (pg->ctx == CTX_TEXT)
        return (struct brace){ .ctx = CTX_TEXT };
    memcpy(b.tag, pg->tag, sizeof(b.tag));
    if (pg->ctx == CTX_ATTR)
        memcpy(b.attr, pg->attr, sizeof(b.attr));
    return b;
}

static void
same_place(const struct page *pg, const struct brace *was)
{
    struct brace is = here(pg);

    if (was->ctx != is.ctx)
        fail(pg, "{ begins in %s and its } stands in %s", ctx_name[was->ctx],
             ctx_name[is.ctx]);
    if (strcmp(was->tag, is.tag) != 0 || strcmp(was->attr, is.attr) != 0 ||
        was->closing != is.closing)
        fail(pg, "{ begins in <%s %s> and its } stands in <%s %s>", was->tag,
             was->attr, is.tag, is.attr);
}

/* A branch must leave the HTML state as it found it, or the escapers chosen
 * behind it would be right for one way only. */
static void
follow_braces(struct page *pg, const char *p, const char *end)
{
    char quote = 0;

    for (; p < end; p++) {
        if (quote != 0) {
            if (*p == '\\')
                p++;
            else if (*p == quote)
                quote = 0;
        } else if (*p == '"' || *p == '\'')
            quote = *p;
        else if (*p == '{') {
            if (pg->depth == DEPTH_MAX)
                fail(pg, "{ nested too deep");
            pg->brace[pg->depth++] = here(pg);
        } else if (*p == '}') {
            if (pg->depth == 0)
                fail(pg, "} without {");
            same_place(pg, &pg->brace[--pg->depth]);
        }
    }
}

static void
emit_code(struct page *pg, const char *p, const char *end)
{
    if (pg->ctx == CTX_ATTR && html_is_url_attr(pg->attr))
        fail(pg, "no statement inside %s=", pg->attr);
    if (pg->ctx != CTX_TEXT && pg->ctx != CTX_RCDATA && pg->ctx != CTX_TAG &&
        pg->ctx != CTX_ATTR)
        fail(pg, "no statement inside %s", ctx_name[pg->ctx]);
    if (pg->ctx == CTX_TAG && pg->quote != 0)
        fail(pg, "no statement between = and its value");
    follow_braces(pg, p, end);
    fprintf(pg->out, "#line %u \"%s\"\n%.*s\n", pg->line, pg->file,
            (int)(end - p), p);
}

static void
emit_value(struct page *pg, const char *p, const char *end)
{
    const char *esc = html_escaper(pg);

    trim(&p, &end);
    if (p == end)
        fail(pg, "<%%= without a value");
    fprintf(pg->out, "#line %u \"%s\"\n\t%s(o, (%.*s));\n", pg->line, pg->file,
            esc, (int)(end - p), p);
    if (pg->ctx == CTX_ATTR && strcmp(esc, "HTML_URL") == 0)
        pg->attr_vetted = true;
    else if (pg->ctx == CTX_ATTR && pg->value[0] == '\0')
        html_name_add(pg->value, sizeof(pg->value), '.');
}

static void
emit_text(struct page *pg, const char *p, const char *end)
{
    const char *esc = html_escaper(pg);

    trim(&p, &end);
    if (end - p < 3 || *p != '"' || end[-1] != '"')
        fail(pg, "want <%%_ \"English text\" %%>");
    if (!pg->has_v)
        fail(pg, "<%%_ needs a page whose first parameter is a pointer v "
                 "with a member lang");
    if (pg->ctx == CTX_ATTR && html_is_url_attr(pg->attr))
        fail(pg, "no text inside %s=", pg->attr);
    fprintf(pg->out, "#line %u \"%s\"\n\t%s(o, tr(v->lang, %.*s));\n", pg->line,
            pg->file, esc, (int)(end - p), p);
}

static void
emit_tag(struct page *pg, const char *p, const char *end)
{
    if (*p != '#' && *p != '@') {
        if (!pg->opened)
            fail(pg, "code outside of <%%@ page %%>");
        flush(pg);
        pg->newline = false;
    }
    if (*p == '@')
        emit_directive(pg, p + 1, end);
    else if (*p == '=')
        emit_value(pg, p + 1, end);
    else if (*p == '_')
        emit_text(pg, p + 1, end);
    else if (*p != '#')
        emit_code(pg, p, end);
    for (; p < end; p++)
        pg->line += *p == '\n';
}

static char *
slurp(const char *file)
{
    FILE *f = fopen(file, "rb");
    char *p = NULL;
    size_t n = 0, cap = 0, got;

    if (f == NULL) {
        perror(file);
        exit(1);
    }
    do {
        if (n + 1 >= cap && (p = realloc(p, cap = cap * 2 + 4096)) == NULL)
            abort();
        got = fread(p + n, 1, cap - n - 1, f);
        n += got;
    } while (got > 0);
    fclose(f);
    p[n] = '\0';
    return p;
}

static void
compile(struct page *pg, const char *p)
{
    const char *open, *close;

    fprintf(pg->out,
            "/* made by tmplc from %s; do not edit */\n"
            "#include \"base/tr.h\"\n#include \"html/html.h\"\n",
            pg->file);
    while ((open = strstr(p, "<%")) != NULL) {
        emit_literal(pg, p, open);
        if ((close = strstr(open, "%>")) == NULL)
            fail(pg, "<%% without %%>");
        emit_tag(pg, open + 2, close);
        p = close + 2;
    }
    emit_literal(pg, p, p + strlen(p));
    if (!pg->any)
        fail(pg, "no <%%@ page name(params) %%>");
    if (pg->opened)
        page_end(pg);
}

int
main(int argc, char **argv)
{
    struct page pg = { .line = 1 };
    char *text;

    if (argc != 3) {
        fprintf(stderr, "usage: tmplc PAGE.html OUT.c\n");
        return 2;
    }
    pg.file = argv[1];
    text = slurp(pg.file);
    if ((pg.out = fopen(argv[2], "wb")) == NULL) {
        perror(argv[2]);
        return 1;
    }
    compile(&pg, text);
    free(text);
    return fclose(pg.out) == 0 ? 0 : 1;
}
