#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/clean.h"
#include "base/log.h"
#include "codec/xlsx_fill.h"
#include "web/export.h"

/* A picture beside a row: pixels at 96 to the inch, and points. */
enum {
    CELL_MAX = 32000,
    TITLE_MAX = 8192,
    NAME_CHARS = 31,
    ROWS_MAX = 1048570,
    PICTURE_HIGH = 120,
    PICTURE_ROW = 92,
    /* serial numbers of days: 1970-01-01, 1900-03-01, 10000-01-01 */
    DAY_1970 = 25569,
    DAY_FIRST = 61,
    DAY_END = 2958466
};

struct book {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *title, *head, *form[SINK_TIME + 1];
    lxw_row_t at, heads; /* the next row; that of the headings */
    size_t columns;
    struct buf carried, cell;
};

/* As Excel shows a cell of that kind, whatever the language of the reader. */
static const char *const formats[] = {
    [SINK_TEXT] = "General",          [SINK_NUMBER] = "0",
    [SINK_MONEY] = "#,##0.00",        [SINK_DAY] = "yyyy-mm-dd",
    [SINK_TIME] = "yyyy-mm-dd hh:mm",
};

/* Text stays text: leading zeros, and nothing runs as a formula. */
static void
put_text(struct book *b, size_t col, struct str text, lxw_format *f)
{
    struct str head = text.n <= CELL_MAX ? text : utf8_head(text, CELL_MAX);

    buf_clear(&b->carried);
    buf_clear(&b->cell);
    text_carry(&b->carried, head);
    buf_puts(&b->carried, head.n < text.n ? "…" : "");
    xlsx_escape(&b->cell, buf_str(&b->carried));
    worksheet_write_string(b->sheet, b->at, (lxw_col_t)col,
                           b->cell.n > 0 ? b->cell.p : "", f);
}

static void
put_line(struct book *b, struct str text, lxw_format *f)
{
    put_text(b, 0, text, f);
    b->at++;
}

/* The number that a workbook holds for a value. False: it holds none, because
 * its days begin in March 1900 (February of that year had no 29th) and end with
 * the year 9999, and its numbers are doubles. */
static bool
number_of(const struct sink *s, const struct sink_cell *c, double *v)
{
    const int64_t exact = INT64_C(1) << 53;
    int64_t ms = c->v;

    if (c->text.n == 0 || c->kind == SINK_TEXT || ms > exact || ms < -exact)
        return false;
    *v = (double)ms;
    if (c->kind == SINK_MONEY)
        *v /= 100;
    if (c->kind == SINK_TIME) {
        ms += zone_offset_ms(s->zone, ms);
        ms -= ms % 60000; /* to the minute, as it is shown */
        *v = (double)ms / (double)MS_PER_DAY;
    }
    if (c->kind == SINK_DAY || c->kind == SINK_TIME) {
        *v += DAY_1970;
        return *v >= DAY_FIRST && *v < DAY_END;
    }
    return true;
}

/* A sheet may not be called all that a list is: 31 characters, none of []:*?/\,
 * no apostrophe at either end. */
static void
sheet_name(struct buf *b, struct str name)
{
    static const struct str never = STR_INIT("[]:*?/\\'");
    size_t n = 0;

    for (size_t at = 0, from = 0; at < name.n && n < NAME_CHARS; from = at) {
        utf8_next(name, &at);
        if (at - from == 1 && memchr(never.p, name.p[from], never.n) != NULL)
            buf_putc(b, ' ');
        else
            buf_str_put(b, str_cut(name, from, at));
        n++;
    }
}

static bool
open_book(struct sink *s, struct book *b)
{
    lxw_workbook_options o = { .constant_memory = LXW_TRUE };
    BUF(name, 4 * NAME_CHARS + 1);
    BUF(title, TITLE_MAX);
    BUF(issuer, TITLE_MAX);
    lxw_doc_properties p = { .company = NULL };

    sheet_name(&name, s->name);
    text_carry(&title, s->title);
    text_carry(&issuer, s->issuer);
    if (name.over || title.over || issuer.over ||
        (b->book = workbook_new_opt(s->path, &o)) == NULL ||
        (b->sheet = workbook_add_worksheet(b->book,
                                           name.n > 0 ? name.p : NULL)) == NULL)
        return false;
    p.title = title.p;
    p.author = issuer.p;
    return workbook_set_properties(b->book, &p) == LXW_NO_ERROR;
}

static void
add_formats(struct book *b)
{
    b->title = workbook_add_format(b->book);
    format_set_bold(b->title);
    b->head = workbook_add_format(b->book);
    format_set_bold(b->head);
    format_set_text_wrap(b->head);
    for (size_t i = 0; i < N_OF(formats); i++) {
        b->form[i] = workbook_add_format(b->book);
        format_set_align(b->form[i], LXW_ALIGN_VERTICAL_TOP);
        if (i == SINK_TEXT)
            format_set_text_wrap(b->form[i]);
        else
            format_set_num_format(b->form[i], formats[i]);
    }
}

static void
lay_out(struct book *b)
{
    worksheet_set_column(b->sheet, 0, 0, 46, NULL);
    worksheet_set_column(b->sheet, 1, (lxw_col_t)b->columns, 18, NULL);
    worksheet_freeze_panes(b->sheet, b->heads + 1, 0);
    worksheet_repeat_rows(b->sheet, b->heads, b->heads);
    worksheet_set_landscape(b->sheet);
    worksheet_set_paper(b->sheet, 9);
    worksheet_fit_to_pages(b->sheet, 1, 0);
}

static bool
begin(struct sink *s, const struct str *heads, size_t n, struct err *e)
{
    struct book *b = s->own;
    BUF(title, TITLE_MAX);

    if (!open_book(s, b))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    b->columns = n;
    add_formats(b);
    buf_str_put(&title, s->title);
    buf_puts(&title, s->subtitle.n > 0 ? " · " : "");
    buf_str_put(&title, s->subtitle);
    put_line(b, buf_str(&title), b->title);
    b->heads = b->at;
    lay_out(b);
    for (size_t i = 0; i < n; i++)
        put_text(b, i, heads[i], b->head);
    b->at++;
    return true;
}

static bool
row(struct sink *s, const struct sink_cell *cells, size_t n, struct err *e)
{
    struct book *b = s->own;
    double v;

    if (++s->rows > ROWS_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "An XLSX file holds no more rows: narrow it down, or "
                       "take CSV");
    for (size_t i = 0; i < n; i++)
        if (number_of(s, &cells[i], &v))
            worksheet_write_number(b->sheet, b->at, (lxw_col_t)i, v,
                                   b->form[cells[i].kind]);
        else {
            put_text(b, i, cells[i].text, b->form[SINK_TEXT]);
            s->n_cut += cells[i].text.n > CELL_MAX;
        }
    b->at++;
    return true;
}

/* Behind the last column, as high as a few lines. */
static bool
picture(struct sink *s, struct str jpeg, unsigned h, struct err *e)
{
    struct book *b = s->own;
    double scale = h > PICTURE_HIGH ? (double)PICTURE_HIGH / h : 1;
    lxw_image_options o = { .x_scale = scale,
                            .y_scale = scale,
                            .object_position = LXW_OBJECT_MOVE_AND_SIZE };

    worksheet_set_row(b->sheet, b->at, PICTURE_ROW, NULL);
    return worksheet_insert_image_buffer_opt(
               b->sheet, b->at, (lxw_col_t)b->columns,
               (const unsigned char *)jpeg.p, jpeg.n, &o) == LXW_NO_ERROR ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

/* The library writes temporary files and then the workbook. */
static bool
write_failed(lxw_error rc, int errnum, struct err *e)
{
    if (err_disk(errnum) != ERR_FULL)
        log_line(LOG_ERROR, "a workbook could not be written: %s",
                 lxw_strerror(rc));
    return err_set(e, err_disk(errnum), NULL, "The file could not be written");
}

static bool
end(struct sink *s, struct err *e)
{
    struct book *b = s->own;
    lxw_error rc = LXW_ERROR_MEMORY_MALLOC_FAILED;

    if (b->sheet != NULL && s->name.n > 0)
        worksheet_autofilter(b->sheet, b->heads, 0, b->at - 1,
                             (lxw_col_t)(b->columns - 1));
    if (b->sheet != NULL && s->footer.n > 0) {
        b->at++; /* a free row ends the table: what is sorted or filtered */
        put_line(b, s->footer, NULL);
    }
    errno = 0;
    if (b->book != NULL)
        rc = workbook_close(b->book);
    buf_fini(&b->carried);
    buf_fini(&b->cell);
    free(b);
    s->own = NULL;
    if (rc == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return rc == LXW_NO_ERROR || write_failed(rc, errno, e);
}

bool
sink_xlsx(struct sink *s, struct err *e)
{
    if ((s->own = calloc(1, sizeof(struct book))) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    buf_init(&((struct book *)s->own)->carried, 3 * CELL_MAX + 4);
    buf_init(&((struct book *)s->own)->cell, 8 * CELL_MAX);
    s->begin = begin;
    s->row = row;
    s->end = end;
    s->picture = picture;
    return true;
}
