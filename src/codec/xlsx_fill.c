#include "codec/xlsx_fill.h"

#include <stdlib.h>
#include <unistd.h>

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
    struct arena *a;
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
    const struct plan *p;
    struct str raw;
    struct buf *out;
    size_t pos;
    struct str prefix; /* "x:" before every name, or "" */
    struct fill_cell *cell;
    size_t n, next;
    struct fill_report *report;
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

static void
put_text(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == '&')
            buf_puts(b, "&amp;");
        else if (c == '<')
            buf_puts(b, "&lt;");
        else if (c == '>')
            buf_puts(b, "&gt;");
        else if (c >= ' ' || c == '\n' || c == '\t')
            buf_putc(b, (char)c);
    }
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
    w->report->written++;
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
    BUF(ref, 32);

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

/* ---- the package ----------------------------------------------------------- */

static bool
read_raw(zip_t *z, const char *part, struct buf *out, struct err *e)
{
    zip_file_t *f = zip_fopen(z, part, 0);
    char piece[16 * 1024];
    zip_int64_t n = 0;

    while (f != NULL && (n = zip_fread(f, piece, sizeof(piece))) > 0)
        buf_put(out, piece, (size_t)n);
    if (f != NULL)
        zip_fclose(f);
    if (f == NULL || n < 0)
        return err_set(e, ERR_TYPE, NULL, "a part of the workbook is damaged");
    if (out->over)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "the sheet is too large to be filled");
    return (out->n > 1 && (unsigned char)out->p[0] < 0xfe &&
            out->p[1] != '\0' && out->p[0] != '\0') ||
           err_set(e, ERR_TYPE, NULL,
                   "the sheet is written in an encoding that is not filled; "
                   "open it in Excel or WPS and save it anew");
}

/* libzip keeps the bytes until the package is closed. */
static bool
replace(zip_t *z, const char *part, struct buf *b, struct err *e)
{
    zip_int64_t i = zip_name_locate(z, part, 0);
    zip_source_t *s = i >= 0 ? zip_source_buffer(z, b->p, b->n, 0) : NULL;

    if (s != NULL && zip_file_replace(z, (zip_uint64_t)i, s, 0) == 0)
        return true;
    if (s != NULL)
        zip_source_free(s);
    return err_set(e, ERR_STORE, NULL, "The file could not be written");
}

static int
by_place(const void *a, const void *b)
{
    const struct fill_cell *x = a, *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->col > y->col) - (x->col < y->col);
}

/* Into the top left cell of a merged range; one value for each cell. */
static bool
settle(zip_t *z, const char *part, struct fill_cell *c, size_t *n,
       struct err *e)
{
    struct merges *m = merges_read(z, part, e);
    size_t kept = 0;

    if (m == NULL)
        return false;
    for (size_t i = 0; i < *n; i++)
        for (size_t k = 0; k < m->n && m->m[k].row1 <= c[i].row; k++)
            if (c[i].row <= m->m[k].row2 && c[i].col >= m->m[k].col1 &&
                c[i].col <= m->m[k].col2) {
                c[i].row = m->m[k].row1;
                c[i].col = m->m[k].col1;
            }
    merges_free(m);
    if (*n > 1)
        qsort(c, *n, sizeof(*c), by_place);
    for (size_t i = 0; i < *n; i++)
        if (kept == 0 || by_place(&c[kept - 1], &c[i]) != 0)
            c[kept++] = c[i];
    *n = kept;
    return true;
}

/* Where the workbook says its sheets are. */
static const char *
workbook_part(zip_t *z)
{
    return zip_has(z, "xl/workbook.xml") ? "xl/workbook.xml" : NULL;
}

struct filling {
    zip_t *z;
    struct book book;
    struct plan sheet;
    struct buf raw, out, book_raw, book_out;
};

static bool
fill_parts(struct filling *f, struct fill_cell *cells, size_t n,
           struct fill_report *report, struct err *e)
{
    struct xml sx = { .start = sheet_start,
                      .end = sheet_end,
                      .ctx = &f->sheet };
    const char *part = NULL, *book = workbook_part(f->z);
    struct writing w = {
        .p = &f->sheet, .out = &f->out, .cell = cells, .report = report, .e = e
    };

    for (size_t i = 0; i < f->book.n && part == NULL; i++)
        if (!f->book.sheets[i].hidden)
            part = f->book.sheets[i].part;
    if (part == NULL || book == NULL)
        return err_set(e, ERR_TYPE, NULL, "the workbook has no sheet to fill");
    if (!settle(f->z, part, cells, &n, e) ||
        !read_raw(f->z, part, &f->raw, e) || !xml_part(f->z, part, &sx, e) ||
        !read_raw(f->z, book, &f->book_raw, e))
        return false;
    if (!f->sheet.has_data)
        return err_set(e, ERR_TYPE, NULL, "the workbook has no sheet to fill");
    w.raw = buf_str(&f->raw);
    w.n = n;
    report->is_protected = f->sheet.is_protected;
    if (cells == NULL)
        return true;
    return put_sheet(&w) &&
           xlsx_recalc(f->z, book, buf_str(&f->book_raw), &f->book_out, e) &&
           replace(f->z, part, &f->out, e) &&
           replace(f->z, book, &f->book_out, e);
}

static bool
copy_file(int fd, const char *path, struct err *e)
{
    FILE *to = fopen(path, "wb");
    char piece[64 * 1024];
    ssize_t n = 0;
    off_t at = 0;
    bool ok = to != NULL;

    while (ok && (n = pread(fd, piece, sizeof(piece), at)) > 0) {
        ok = fwrite(piece, 1, (size_t)n, to) == (size_t)n;
        at += n;
    }
    ok = to != NULL && fclose(to) == 0 && ok && n == 0;
    return ok || err_set(e, ERR_FULL, NULL, "The file could not be written");
}

static bool
check_package(struct filling *f, struct err *e)
{
    if (!zip_bounds(f->z, e))
        return false;
    if (zip_has(f->z, "xl/vbaProject.bin"))
        return err_set(e, ERR_TYPE, NULL,
                       "the workbook holds macros (.xlsm): they are not "
                       "carried on. Save it in Excel or WPS as .xlsx and give "
                       "that");
    return book_read(&f->book, f->z, e);
}

static void
drop(struct filling *f)
{
    free(f->sheet.row);
    free(f->sheet.cell);
    free(f->book.sheets);
    free(f->book.is_date);
    arena_free(f->book.a);
    buf_fini(&f->raw);
    buf_fini(&f->out);
    buf_fini(&f->book_raw);
    buf_fini(&f->book_out);
}

bool
xlsx_fill(int fd, const char *path, struct fill_cell *cells, size_t n,
          struct fill_report *report, struct err *e)
{
    struct filling f = { .book.a = arena_new(4 * 1024 * 1024) };
    struct xlsx *x;
    bool ok;
    int why;

    *report = (struct fill_report){ 0 };
    buf_init(&f.raw, XLSX_FILL_PART_MAX);
    buf_init(&f.out, XLSX_FILL_PART_MAX);
    buf_init(&f.book_raw, XLSX_FILL_PART_MAX);
    buf_init(&f.book_out, XLSX_FILL_PART_MAX);
    if (f.book.a == NULL)
        return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    x = xlsx_open(fd, NULL, e); /* or says why not */
    xlsx_close(x);
    ok = x != NULL &&
         (path == NULL ? lseek(fd, 0, SEEK_SET) == 0 : copy_file(fd, path, e));
    if (ok && (f.z = path != NULL ? zip_open(path, 0, &why)
                                  : zip_fdopen(dup(fd), 0, &why)) == NULL)
        ok = err_set(e, ERR_STORE, NULL, "The file could not be written");
    ok = ok && check_package(&f, e) && fill_parts(&f, cells, n, report, e);
    if (f.z != NULL && (!ok || path == NULL || zip_close(f.z) != 0)) {
        zip_discard(f.z);
        ok = ok && (path == NULL || err_set(e, ERR_FULL, NULL,
                                            "The file could not be written"));
    }
    drop(&f);
    return ok;
}
