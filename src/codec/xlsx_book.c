#include <stdlib.h>
#include <strings.h>

#include "codec/xlsx_part.h"

enum { SHEETS_MAX = 1000, STYLES_MAX = 100000, FORMATS_MAX = 10000 };

/* Past what is no code at p: "quoted", [colour], \\c, _c, *c. NULL: it does
 * not end; p itself: it is code. */
static const char *
past_literal(const char *p)
{
    const char *end;

    switch (*p) {
    case '"':
        end = strchr(p + 1, '"');
        return end != NULL ? end + 1 : NULL;
    case '[':
        end = strchr(p, ']');
        return end != NULL ? end + 1 : NULL;
    case '\\':
    case '_':
    case '*':
        return p[1] != '\0' ? p + 2 : NULL;
    default:
        return p;
    }
}

/* A code with a year or a day is a date; so is a month without a clock. */
static bool
code_is_date(const char *p)
{
    bool year_or_day = false, month = false, clock = false;

    while (p != NULL && *p != '\0') {
        const char *next = past_literal(p);

        if (next != p) {
            p = next;
            continue;
        }
        year_or_day = year_or_day || strchr("yYdD", *p) != NULL;
        month = month || strchr("mM", *p) != NULL;
        clock = clock || strchr("hHsS", *p) != NULL;
        p++;
    }
    return year_or_day || (month && !clock);
}

bool
format_is_date(long id, const char *code)
{
    if (code != NULL && strncmp(code, "General", 7) != 0)
        return code_is_date(code);
    /* Built-in ids; 27 to 36 and 50 to 58 are dates in East Asian Excel. */
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) ||
           id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58;
}

struct loading {
    struct book *b;
    char *dir; /* of the workbook part, with its slash */
    char *workbook;
    struct format {
        long id;
        bool date;
    } * formats;
    size_t n_formats, cap_formats;
    bool in_cell_xfs;
};

static bool
grow(void **p, size_t *cap, size_t n, size_t size)
{
    size_t more = *cap > 0 ? *cap * 2 : 16;
    void *q;

    if (n < *cap)
        return true;
    if ((q = realloc(*p, more * size)) == NULL)
        return false;
    *p = q;
    *cap = more;
    return true;
}

static void
no_memory(struct xml *x)
{
    err_set(x->e, ERR_BUSY, NULL, "out of memory; try again later");
    xml_stop(x);
}

static bool
ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), m = strlen(tail);

    return n >= m && strcmp(s + n - m, tail) == 0;
}

/* A target is relative to the part that names it, or absolute. */
static char *
resolve(struct loading *l, const char *target)
{
    struct str dir = str_of(l->dir);

    if (target[0] == '/')
        return arena_dupz(l->b->a, str_of(target + 1));
    while (strncmp(target, "../", 3) == 0) {
        target += 3;
        do
            dir.n -= dir.n > 0;
        while (dir.n > 0 && dir.p[dir.n - 1] != '/');
    }
    if (strncmp(target, "./", 2) == 0)
        target += 2;
    return (char *)(uintptr_t)arena_printf(l->b->a, "%.*s%s", STR_ARG(dir),
                                           target)
        .p;
}

static void
on_root_rel(struct xml *x, const char *name, const char **attr)
{
    struct loading *l = x->ctx;
    const char *type = xml_attr(attr, "Type");
    const char *target = xml_attr(attr, "Target");

    if (strcmp(name, "Relationship") == 0 && type != NULL && target != NULL &&
        ends_with(type, "/officeDocument"))
        l->workbook = resolve(l, target);
}

static void
on_workbook(struct xml *x, const char *name, const char **attr)
{
    struct loading *l = x->ctx;
    struct book *b = l->b;
    const char *v;

    if (strcmp(name, "workbookPr") == 0) {
        v = xml_attr(attr, "date1904");
        b->from_1904 = v != NULL && (v[0] == '1' || v[0] == 't');
    }
    if (strcmp(name, "sheet") != 0 || b->n >= SHEETS_MAX)
        return;
    if (!grow((void **)&b->sheets, &b->cap, b->n, sizeof(*b->sheets))) {
        no_memory(x);
        return;
    }
    b->sheets[b->n] = (struct book_sheet){ .name = STR("") };
    if ((v = xml_attr(attr, "name")) != NULL)
        b->sheets[b->n].name = arena_dup(b->a, str_of(v));
    if ((v = xml_attr(attr, "state")) != NULL)
        b->sheets[b->n].hidden = strcmp(v, "visible") != 0;
    if ((v = xml_attr(attr, "id")) != NULL)
        b->sheets[b->n].rid = arena_dupz(b->a, str_of(v));
    b->n++;
}

static void
on_rel(struct xml *x, const char *name, const char **attr)
{
    struct loading *l = x->ctx;
    const char *type = xml_attr(attr, "Type"), *id = xml_attr(attr, "Id");
    const char *target = xml_attr(attr, "Target");

    if (strcmp(name, "Relationship") != 0 || type == NULL || target == NULL)
        return;
    if (ends_with(type, "/sharedStrings"))
        l->b->shared = resolve(l, target);
    if (ends_with(type, "/styles"))
        l->b->styles = resolve(l, target);
    if (!ends_with(type, "/worksheet") || id == NULL)
        return;
    for (size_t i = 0; i < l->b->n; i++) {
        struct book_sheet *s = &l->b->sheets[i];

        if (s->rid != NULL && strcmp(s->rid, id) == 0 && s->part == NULL)
            s->part = resolve(l, target);
    }
}

static void
on_xf(struct xml *x, struct loading *l, const char **attr)
{
    struct book *b = l->b;
    const char *v = xml_attr(attr, "numFmtId");
    long id = v != NULL ? strtol(v, NULL, 10) : 0;
    bool date = format_is_date(id, NULL);

    for (size_t i = 0; i < l->n_formats; i++) {
        if (l->formats[i].id == id)
            date = l->formats[i].date;
    }
    if (b->n_styles >= STYLES_MAX)
        return;
    if (!grow((void **)&b->is_date, &b->cap_styles, b->n_styles,
              sizeof(*b->is_date))) {
        no_memory(x);
        return;
    }
    b->is_date[b->n_styles++] = date;
}

static void
on_style(struct xml *x, const char *name, const char **attr)
{
    struct loading *l = x->ctx;

    if (strcmp(name, "cellXfs") == 0)
        l->in_cell_xfs = true;
    if (strcmp(name, "xf") == 0 && l->in_cell_xfs)
        on_xf(x, l, attr);
    if (strcmp(name, "numFmt") == 0 && l->n_formats < FORMATS_MAX) {
        const char *id = xml_attr(attr, "numFmtId");
        const char *code = xml_attr(attr, "formatCode");

        if (id == NULL || code == NULL)
            return;
        if (!grow((void **)&l->formats, &l->cap_formats, l->n_formats,
                  sizeof(*l->formats))) {
            no_memory(x);
            return;
        }
        l->formats[l->n_formats++] =
            (struct format){ strtol(id, NULL, 10),
                             format_is_date(strtol(id, NULL, 10), code) };
    }
}

static void
on_style_end(struct xml *x, const char *name)
{
    struct loading *l = x->ctx;

    if (strcmp(name, "cellXfs") == 0)
        l->in_cell_xfs = false;
}

static bool
not_a_workbook(struct package *z, struct err *e)
{
    if (zip_has(z, "word/document.xml"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is a Word document; copy its table into Excel "
                       "or WPS and save it as .xlsx");
    if (zip_has(z, "xl/workbook.bin"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is a binary workbook (.xlsb); open it in Excel "
                       "and save it as .xlsx");
    if (zip_has(z, "content.xml"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is an OpenDocument file; open it in LibreOffice "
                       "or WPS and save it as .xlsx");
    if (zip_has(z, "ppt/presentation.xml"))
        return err_set(e, ERR_TYPE, NULL,
                       "this is a presentation, not a workbook; give a .xlsx "
                       "or .csv file");
    return err_set(e, ERR_TYPE, NULL,
                   "this is a ZIP archive, not a workbook; unpack it and give "
                   "the .xlsx or .csv file inside");
}

static bool
find_workbook(struct loading *l, struct package *z, struct err *e)
{
    struct xml x = { .start = on_root_rel, .ctx = l };

    l->dir = arena_dupz(l->b->a, STR(""));
    l->workbook = NULL;
    if (zip_has(z, "_rels/.rels") && !xml_part(z, "_rels/.rels", &x, e))
        return false;
    if (l->workbook == NULL || !zip_has(z, l->workbook))
        l->workbook = arena_dupz(l->b->a, STR("xl/workbook.xml"));
    if (l->workbook == NULL || !zip_has(z, l->workbook) ||
        ends_with(l->workbook, ".bin") || zip_has(z, "word/document.xml"))
        return not_a_workbook(z, e);
    return true;
}

/* No part is read as two sheets: that would cost twice. */
static bool
parts_differ(const struct book *b, struct err *e)
{
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = i + 1; b->sheets[i].part != NULL && k < b->n; k++)
            if (b->sheets[k].part != NULL &&
                strcasecmp(b->sheets[i].part, b->sheets[k].part) == 0)
                return err_set(e, ERR_TYPE, NULL,
                               "two sheets of the workbook are one and the "
                               "same part; it is refused. Open it in Excel or "
                               "WPS and save it anew");
    return true;
}

static bool
read_parts(struct loading *l, struct package *z, struct err *e)
{
    struct xml book = { .start = on_workbook, .ctx = l };
    struct xml rels = { .start = on_rel, .ctx = l };
    struct xml styles = { .start = on_style, .end = on_style_end, .ctx = l };
    const char *slash;
    char *path;

    if (!find_workbook(l, z, e) || !xml_part(z, l->workbook, &book, e))
        return false;
    slash = strrchr(l->workbook, '/');
    l->dir = arena_dupz(
        l->b->a,
        (struct str){ l->workbook,
                      slash != NULL ? (size_t)(slash + 1 - l->workbook) : 0 });
    if (l->dir == NULL)
        return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    path =
        (char *)(uintptr_t)arena_printf(l->b->a, "%s_rels/%s.rels", l->dir,
                                        slash != NULL ? slash + 1 : l->workbook)
            .p;
    if (!xml_part(z, path, &rels, e))
        return false;
    if (!parts_differ(l->b, e))
        return false;
    if (l->b->styles != NULL && zip_has(z, l->b->styles) &&
        !xml_part(z, l->b->styles, &styles, e))
        return false;
    if (l->b->shared != NULL && !zip_has(z, l->b->shared))
        l->b->shared = NULL;
    if (arena_failed(l->b->a))
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "the workbook describes more sheets than a ledger can "
                       "have");
    return true;
}

bool
book_read(struct book *b, struct package *z, struct err *e)
{
    struct loading l = { .b = b };
    bool ok = read_parts(&l, z, e);

    free(l.formats);
    return ok;
}
