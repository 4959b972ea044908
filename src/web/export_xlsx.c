#include <errno.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#include "base/clean.h"
#include "base/log.h"
#include "codec/xlsx_fill.h"
#include "web/export.h"

/* A picture beside a row: pixels at 96 to the inch, and points. */
enum {
    CELL_MAX = 32000,
    ROWS_MAX = 1048570,
    PICTURE_HIGH = 120,
    PICTURE_ROW = 92
};

struct book {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *text;
    lxw_row_t at;
    size_t columns;
    struct buf carried, cell;
};

/* Text stays text: leading zeros, and nothing runs as a formula. */
static void
put(struct book *b, const struct str *cells, size_t n, lxw_format *f)
{
    for (size_t i = 0; i < n; i++) {
        buf_clear(&b->carried);
        buf_clear(&b->cell);
        text_carry(&b->carried, utf8_head(cells[i], CELL_MAX));
        xlsx_escape(&b->cell, buf_str(&b->carried));
        worksheet_write_string(b->sheet, b->at, (lxw_col_t)i,
                               b->cell.n > 0 ? b->cell.p : "", f);
    }
    b->at++;
}

static bool
begin(struct sink *s, const struct str *heads, size_t n, struct err *e)
{
    lxw_workbook_options o = { .constant_memory = LXW_TRUE };
    struct book *b = s->own;

    if ((b->book = workbook_new_opt(s->path, &o)) == NULL ||
        (b->sheet = workbook_add_worksheet(b->book, NULL)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    b->columns = n;
    b->head = workbook_add_format(b->book);
    format_set_bold(b->head);
    format_set_text_wrap(b->head);
    b->text = workbook_add_format(b->book);
    format_set_text_wrap(b->text);
    format_set_align(b->text, LXW_ALIGN_VERTICAL_TOP);
    worksheet_set_column(b->sheet, 0, 0, 46, NULL);
    worksheet_set_column(b->sheet, 1, (lxw_col_t)n, 18, NULL);
    worksheet_freeze_panes(b->sheet, 2, 0);
    worksheet_set_landscape(b->sheet);
    worksheet_set_paper(b->sheet, 9);
    put(b, &s->title, 1, b->head);
    put(b, heads, n, b->head);
    return true;
}

static bool
row(struct sink *s, const struct str *cells, size_t n, struct err *e)
{
    struct book *b = s->own;

    if (++s->rows > ROWS_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "An XLSX file holds no more rows: narrow it down, or "
                       "take CSV");
    put(b, cells, n, b->text);
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

    if (b->sheet != NULL && s->footer.n > 0)
        put(b, &s->footer, 1, b->text);
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
    buf_init(&((struct book *)s->own)->carried, 3 * CELL_MAX);
    buf_init(&((struct book *)s->own)->cell, 6 * CELL_MAX);
    s->begin = begin;
    s->row = row;
    s->end = end;
    s->picture = picture;
    return true;
}
