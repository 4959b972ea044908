/* The mark in a workbook that its formulas are to be recalculated. */
#include "codec/xlsx_part.h"

struct calc_at {
    size_t calc_from, calc_to, after;
};

static size_t
behind(struct xml *x)
{
    return (size_t)XML_GetCurrentByteIndex(x->parser) +
           (size_t)XML_GetCurrentByteCount(x->parser);
}

struct str
xml_prefix_at(struct str raw, size_t at)
{
    size_t to = at + 1, colon = 0;

    for (; to < raw.n && strchr(" \t\r\n/>", raw.p[to]) == NULL; to++)
        if (raw.p[to] == ':')
            colon = to + 1;
    return colon > 0 ? str_cut(raw, at + 1, colon) : STR("");
}

static void
book_start(struct xml *x, const char *name, const char **attr)
{
    struct calc_at *p = x->ctx;

    (void)attr;
    if (strcmp(name, "calcPr") == 0) {
        p->calc_from = (size_t)XML_GetCurrentByteIndex(x->parser);
        p->calc_to = behind(x);
    }
}

static void
book_end(struct xml *x, const char *name)
{
    static const char *const earlier[] = { "sheets", "functionGroups",
                                           "externalReferences",
                                           "definedNames" };
    struct calc_at *p = x->ctx;

    for (size_t i = 0; i < N_OF(earlier); i++)
        if (strcmp(name, earlier[i]) == 0)
            p->after = behind(x);
}

/* calcPr as it stands, but for its own fullCalcOnLoad. */
static void
put_calc(struct buf *out, struct str tag)
{
    ptrdiff_t at = str_find(tag, STR("fullCalcOnLoad"));
    size_t name = xml_prefix_at(tag, 0).n + strlen("<calcPr");

    buf_str_put(out, str_cut(tag, 0, name));
    buf_puts(out, " fullCalcOnLoad=\"1\"");
    if (at < 0) {
        buf_str_put(out, str_cut(tag, name, tag.n));
        return;
    }
    buf_str_put(out, str_cut(tag, name, (size_t)at));
    for (int quotes = 0; (size_t)at < tag.n && quotes < 2; at++)
        quotes += tag.p[at] == '"' || tag.p[at] == '\'';
    buf_str_put(out, str_cut(tag, (size_t)at, tag.n));
}

static bool
put_book(const struct calc_at *p, struct str raw, struct buf *out,
         struct err *e)
{
    size_t at = p->calc_to > 0 ? p->calc_from : p->after;
    struct str prefix;

    if (at == 0 || at > raw.n)
        return err_set(e, ERR_TYPE, NULL, "the workbook names no sheets");
    buf_str_put(out, str_cut(raw, 0, at));
    if (p->calc_to > 0) {
        put_calc(out, str_cut(raw, at, p->calc_to));
        at = p->calc_to;
    } else {
        for (; at > 0 && raw.p[at - 1] != '<'; at--)
            ;
        prefix = xml_prefix_at(raw, at); /* of the end tag before */
        at = p->after;
        buf_puts(out, "<");
        buf_str_put(out, prefix);
        buf_puts(out, "calcPr fullCalcOnLoad=\"1\"/>");
    }
    buf_str_put(out, str_cut(raw, at, raw.n));
    return !out->over ||
           err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
}

bool
xlsx_recalc(struct package *z, const char *part, struct str raw,
            struct buf *out, struct err *e)
{
    struct calc_at at = { 0 };
    struct xml x = { .start = book_start, .end = book_end, .ctx = &at };

    return xml_part(z, part, &x, e) && put_book(&at, raw, out, e);
}
