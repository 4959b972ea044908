/* One sheet of a workbook with other values in some of its cells. */
#include "codec/xlsx_fill.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clean.h"
#include "codec/xlsx_part.h"

/* Where things stand in a part, in bytes. */
struct cell_at {
    uint32_t col;
    size_t from, to;
    bool formula;
    char style[12];
};

struct row_at {
    uint32_t row;
    size_t from, tag_to, end; /* end: where "</row>" begins; = tag_to: "/>" */
    size_t first, n;          /* its cells */
};

struct plan {
    struct row_at *row;
    struct cell_at *cell;
    size_t n_row, cap_row, n_cell, cap_cell;
    size_t data_from, data_to, data_end; /* <sheetData>; data_end as above */
    bool in_data, in_cell, is_protected, has_data;
};

static bool
grown(struct xml *x, void **p, size_t *cap, size_t n, size_t size)
{
    void *q;

    if (n < *cap)
        return true;
    *cap = *cap > 0 ? *cap * 2 : 256;
    if ((q = realloc(*p, *cap * size)) != NULL) {
        *p = q;
        return true;
    }
    err_set(x->e, ERR_BUSY, NULL, "out of memory; try again later");
    xml_stop(x);
    return false;
}

static size_t
here(struct xml *x)
{
    return (size_t)XML_GetCurrentByteIndex(x->parser);
}

static size_t
behind(struct xml *x)
{
    return here(x) + (size_t)XML_GetCurrentByteCount(x->parser);
}

static void
damaged(struct xml *x)
{
    err_set(x->e, ERR_TYPE, NULL,
            "the rows or cells of the sheet are out of order; open it in Excel "
            "or WPS and save it anew");
    xml_stop(x);
}

static void
start_row(struct xml *x, struct plan *p, const char **attr)
{
    const char *r = xml_attr(attr, "r");
    uint32_t last = p->n_row > 0 ? p->row[p->n_row - 1].row : 0;
    uint32_t no = r != NULL ? (uint32_t)strtoul(r, NULL, 10) : last + 1;

    if (no <= last || no > 1048576) {
        damaged(x);
        return;
    }
    if (!grown(x, (void **)&p->row, &p->cap_row, p->n_row, sizeof(*p->row)))
        return;
    p->row[p->n_row++] = (struct row_at){
        .row = no, .from = here(x), .tag_to = behind(x), .first = p->n_cell
    };
}

static void
start_cell(struct xml *x, struct plan *p, const char **attr)
{
    struct row_at *w = &p->row[p->n_row - 1];
    const char *r = xml_attr(attr, "r"), *s = xml_attr(attr, "s");
    struct cell_at c = { .from = here(x) };
    uint32_t row = w->row;

    if (w->n > 0)
        c.col = p->cell[p->n_cell - 1].col + 1;
    if ((r != NULL && (!ref_parse(r, &c.col, &row, NULL) || row != w->row)) ||
        (w->n > 0 && c.col <= p->cell[p->n_cell - 1].col)) {
        damaged(x);
        return;
    }
    if (s != NULL && strlen(s) < sizeof(c.style) &&
        strspn(s, "0123456789") == strlen(s))
        memcpy(c.style, s, strlen(s) + 1);
    if (!grown(x, (void **)&p->cell, &p->cap_cell, p->n_cell, sizeof(c)))
        return;
    p->cell[p->n_cell++] = c;
    w->n++;
    p->in_cell = true;
}

static void
sheet_start(struct xml *x, const char *name, const char **attr)
{
    struct plan *p = x->ctx;

    if (strcmp(name, "sheetData") == 0 && !p->has_data) {
        p->in_data = p->has_data = true;
        p->data_from = here(x);
        p->data_to = behind(x);
    } else if (strcmp(name, "sheetProtection") == 0) {
        const char *on = xml_attr(attr, "sheet");

        p->is_protected = on != NULL && (on[0] == '1' || on[0] == 't');
    } else if (p->in_data && !p->in_cell && strcmp(name, "row") == 0) {
        start_row(x, p, attr);
    } else if (p->in_data && p->n_row > 0 && !p->in_cell &&
               strcmp(name, "c") == 0) {
        start_cell(x, p, attr);
    } else if (p->in_cell && strcmp(name, "f") == 0) {
        p->cell[p->n_cell - 1].formula = true;
    }
}

static void
sheet_end(struct xml *x, const char *name)
{
    struct plan *p = x->ctx;

    if (p->in_cell && strcmp(name, "c") == 0) {
        p->cell[p->n_cell - 1].to = behind(x);
        p->in_cell = false;
    } else if (p->in_data && strcmp(name, "row") == 0) {
        p->row[p->n_row - 1].end = here(x);
    } else if (p->in_data && strcmp(name, "sheetData") == 0) {
        p->data_end = here(x);
        p->in_data = false;
    }
}

/* ---- writing the sheet ---------------------------------------------------- */

struct writing {
    const struct sheet_fill *f;
    const struct plan *p;
    struct str raw;
    struct buf *out;
    size_t pos;
    struct str prefix; /* "x:" before every name, or "" */
    const struct fill_cell *cell;
    size_t n, next;
    struct err *e;
};

void
ref_put(struct buf *b, uint32_t col, uint32_t row)
{
    char name[8];
    size_t n = 0;

    for (uint32_t c = col + 1; c > 0; c = (c - 1) / 26)
        name[n++] = (char)('A' + (c - 1) % 26);
    while (n > 0)
        buf_putc(b, name[--n]);
    if (row > 0)
        buf_i64(b, row);
}

static void
copy_to(struct writing *w, size_t to)
{
    if (to > w->pos)
        buf_put(w->out, w->raw.p + w->pos, to - w->pos);
    w->pos = to;
}

static void
put_name(struct writing *w, const char *open, const char *name)
{
    buf_puts(w->out, open);
    buf_str_put(w->out, w->prefix);
    buf_puts(w->out, name);
}

/* "_x0041_" would be read as "A". */
static bool
is_escape(struct str s, size_t at)
{
    const char *p = s.p + at;

    if (s.n - at < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
        return false;
    for (int i = 2; i < 6; i++)
        if (p[i] == '\0' || strchr("0123456789abcdefABCDEF", p[i]) == NULL)
            return false;
    return true;
}

void
xlsx_escape(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_escape(s, i))
            buf_puts(b, "_x005F_");
        else
            buf_putc(b, s.p[i]);
}

static void
put_xml(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == '&')
            buf_puts(b, "&amp;");
        else if (c == '<')
            buf_puts(b, "&lt;");
        else if (c == '>')
            buf_puts(b, "&gt;");
        else
            buf_putc(b, (char)c);
    }
}

static void
put_text(struct buf *b, struct str s)
{
    BUF(carried, 1 << 20);
    BUF(escaped, 1 << 20);

    text_carry(&carried, s);
    xlsx_escape(&escaped, buf_str(&carried));
    put_xml(b, buf_str(&escaped));
    b->over |= carried.over || escaped.over;
}

static void
put_cell(struct writing *w, const struct fill_cell *c, const char *style)
{
    put_name(w, "<", "c r=\"");
    ref_put(w->out, c->col, c->row);
    if (style[0] != '\0')
        buf_printf(w->out, "\" s=\"%s", style);
    if (c->number) {
        put_name(w, "\"><", "v>");
        put_text(w->out, c->text);
        put_name(w, "</", "v></");
    } else {
        put_name(w, "\" t=\"inlineStr\"><", "is><");
        buf_str_put(w->out, w->prefix);
        buf_puts(w->out, "t xml:space=\"preserve\">");
        put_text(w->out, c->text);
        put_name(w, "</", "t></");
        buf_str_put(w->out, w->prefix);
        buf_puts(w->out, "is></");
    }
    buf_str_put(w->out, w->prefix);
    buf_puts(w->out, "c>");
    w->f->report->written++;
}

/* The style that a column has in the nearest row above. */
static const char *
style_above(const struct plan *p, size_t row, uint32_t col)
{
    for (size_t i = row; i-- > 0 && row - i < 50;)
        for (size_t k = 0; k < p->row[i].n; k++) {
            const struct cell_at *c = &p->cell[p->row[i].first + k];

            if (c->col == col && p->row[i].n > 1)
                return c->style;
        }
    return "";
}

static bool
formula_there(struct writing *w, const struct fill_cell *c)
{
    BUF(ref, 256);

    if (w->f->name.n > 0) {
        buf_str_put(&ref, utf8_first(w->f->name, 31));
        buf_putc(&ref, '!');
    }
    ref_put(&ref, c->col, c->row);
    return err_set(w->e, ERR_CONFLICT, "cell",
                   "Cell %.*s holds a formula of the blank: it is not "
                   "overwritten. Choose another meaning for its column",
                   STR_ARG(buf_str(&ref)));
}

/* Rows that the sheet does not have, up to before row number `until`. */
static void
put_new_rows(struct writing *w, size_t at, uint32_t until)
{
    while (w->next < w->n && w->cell[w->next].row < until) {
        uint32_t row = w->cell[w->next].row;

        put_name(w, "<", "row r=\"");
        buf_printf(w->out, "%lu\">", (unsigned long)row);
        for (; w->next < w->n && w->cell[w->next].row == row; w->next++)
            put_cell(w, &w->cell[w->next],
                     style_above(w->p, at, w->cell[w->next].col));
        put_name(w, "</", "row>");
    }
}

/* Is the next value one of that row, left of that column? */
static bool
is_next(const struct writing *w, uint32_t row, uint32_t before)
{
    return w->next < w->n && w->cell[w->next].row == row &&
           w->cell[w->next].col < before;
}

/* Values for cells that the row does not have, in front of byte `to`. */
static void
put_missing(struct writing *w, size_t at, uint32_t before, size_t to)
{
    for (; is_next(w, w->p->row[at].row, before); w->next++) {
        copy_to(w, to);
        put_cell(w, &w->cell[w->next],
                 style_above(w->p, at, w->cell[w->next].col));
    }
}

static bool
put_row(struct writing *w, size_t at)
{
    const struct row_at *r = &w->p->row[at];
    bool empty = r->end == r->tag_to;

    copy_to(w, r->from);
    put_new_rows(w, at, r->row);
    if (!is_next(w, r->row, UINT32_MAX))
        return true;
    copy_to(w, empty ? r->tag_to - 2 : r->tag_to);
    if (empty)
        buf_putc(w->out, '>');
    w->pos = r->tag_to;
    for (size_t k = 0; k < r->n; k++) {
        const struct cell_at *c = &w->p->cell[r->first + k];

        put_missing(w, at, c->col, c->from);
        if (!is_next(w, r->row, c->col + 1))
            continue;
        if (c->formula)
            return formula_there(w, &w->cell[w->next]);
        copy_to(w, c->from);
        put_cell(w, &w->cell[w->next++], c->style);
        w->pos = c->to;
    }
    put_missing(w, at, UINT32_MAX, r->end);
    if (empty)
        put_name(w, "</", "row>");
    return true;
}

static bool
put_sheet(struct writing *w)
{
    const struct plan *p = w->p;
    bool empty = p->data_end == p->data_to;

    w->prefix = xml_prefix_at(w->raw, p->data_from);
    for (size_t i = 0; i < p->n_row; i++)
        if (!put_row(w, i))
            return false;
    if (empty) {
        copy_to(w, p->data_to - 2);
        buf_putc(w->out, '>');
        w->pos = p->data_to;
    }
    copy_to(w, p->data_end);
    put_new_rows(w, p->n_row, UINT32_MAX);
    if (empty)
        put_name(w, "</", "sheetData>");
    copy_to(w, w->raw.n);
    return !w->out->over || err_set(w->e, ERR_TOO_LARGE, NULL,
                                    "the sheet is too large to be filled");
}

bool
sheet_fill(const struct sheet_fill *f, struct err *e)
{
    struct plan p = { 0 };
    struct xml x = { .start = sheet_start, .end = sheet_end, .ctx = &p };
    struct writing w = {
        .f = f, .p = &p, .out = f->out, .cell = f->cell, .n = f->n, .e = e
    };
    struct buf raw;
    bool ok;

    buf_init(&raw, XLSX_FILL_PART_MAX);
    ok = zip_raw(f->zip, f->part, &raw, e) && xml_part(f->zip, f->part, &x, e);
    if (ok && !p.has_data)
        ok = err_set(e, ERR_TYPE, NULL, "the workbook has no sheet to fill");
    if (ok)
        f->report->is_protected |= p.is_protected;
    w.raw = buf_str(&raw);
    ok = ok && (f->out == NULL || put_sheet(&w));
    free(p.row);
    free(p.cell);
    buf_fini(&raw);
    return ok;
}
