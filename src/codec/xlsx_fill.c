/* The package of a workbook, with some of its sheets filled. */
#include "codec/xlsx_fill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/xlsx_part.h"

bool
zip_raw(struct package *z, const char *part, struct buf *out, struct err *e)
{
    struct part_reader r;
    char piece[16 * 1024];
    size_t n = 1;
    bool ok = part_open(&r, z, part, e);

    while (ok && n > 0 && !out->over) {
        ok = part_read(&r, piece, sizeof(piece), &n, e);
        buf_put(out, piece, n);
    }
    part_close(&r);
    if (!ok)
        return false;
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

static int
by_sheet(const void *a, const void *b)
{
    const struct fill_cell *x = a, *y = b;

    return (x->sheet > y->sheet) - (x->sheet < y->sheet);
}

/* Into the top left cell of a merged range; one value for each cell. */
static bool
settle(struct package *z, const char *part, struct fill_cell *c, size_t *n,
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
workbook_part(struct package *z)
{
    return zip_has(z, "xl/workbook.xml") ? "xl/workbook.xml" : NULL;
}

struct filling {
    zip_t *z;
    struct xlsx_budget budget;
    struct package pack; /* of z */
    struct book book;
    struct buf *out; /* by sheet, as long as the package is open */
    struct buf book_raw, book_out;
    size_t room; /* what all filled sheets may still take */
};

/* The cells of one sheet, a run of the sorted ones. */
static bool
fill_sheet(struct filling *f, size_t no, struct fill_cell *cells, size_t n,
           struct fill_report *report, struct err *e)
{
    const struct book_sheet *s = &f->book.sheets[no];
    struct sheet_fill one = { .zip = &f->pack,
                              .part = s->part,
                              .name = f->book.n > 1 ? s->name : STR(""),
                              .out = &f->out[no],
                              .cell = cells,
                              .n = n,
                              .report = report };

    if (s->part == NULL)
        return err_set(e, ERR_TYPE, NULL, "the workbook has no sheet to fill");
    buf_init(one.out, f->room);
    if (!settle(&f->pack, s->part, cells, &one.n, e) || !sheet_fill(&one, e))
        return false;
    f->room -= one.out->n;
    return replace(f->z, s->part, one.out, e);
}

static bool
fill_parts(struct filling *f, struct fill_cell *cells, size_t n,
           struct fill_report *report, struct err *e)
{
    const char *book = workbook_part(&f->pack);

    if (book == NULL)
        return err_set(e, ERR_TYPE, NULL, "the workbook has no sheet to fill");
    if (n > 1)
        qsort(cells, n, sizeof(*cells), by_sheet);
    for (size_t from = 0, to; from < n; from = to) {
        size_t no = cells[from].sheet;

        for (to = from; to < n && cells[to].sheet == no;)
            to++;
        if (no >= f->book.n)
            return err_set(e, ERR_TYPE, NULL,
                           "the workbook has no sheet to fill");
        if (!fill_sheet(f, no, cells + from, to - from, report, e))
            return false;
    }
    return zip_raw(&f->pack, book, &f->book_raw, e) &&
           xlsx_recalc(&f->pack, book, buf_str(&f->book_raw), &f->book_out,
                       e) &&
           replace(f->z, book, &f->book_out, e);
}

/* Nothing is written: whether the sheets that show can be filled at all. */
static bool
look(struct filling *f, struct fill_report *report, struct err *e)
{
    size_t n = 0;

    for (size_t i = 0; i < f->book.n; i++) {
        struct sheet_fill one = { .zip = &f->pack,
                                  .part = f->book.sheets[i].part,
                                  .report = report };

        if (one.part == NULL || f->book.sheets[i].hidden)
            continue;
        if (!sheet_fill(&one, e))
            return false;
        n++;
    }
    return (n > 0 && workbook_part(&f->pack) != NULL) ||
           err_set(e, ERR_TYPE, NULL, "the workbook has no sheet to fill");
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
    return ok ||
           err_set(e, err_disk(errno), NULL, "The file could not be written");
}

static bool
check_package(struct filling *f, struct err *e)
{
    if (!zip_bounds(&f->pack, e))
        return false;
    if (zip_has(&f->pack, "xl/vbaProject.bin"))
        return err_set(e, ERR_TYPE, NULL,
                       "the workbook holds macros (.xlsm): they are not "
                       "carried on. Save it in Excel or WPS as .xlsx and give "
                       "that");
    return book_read(&f->book, &f->pack, e);
}

static void
drop(struct filling *f)
{
    for (size_t i = 0; f->out != NULL && i < f->book.n; i++)
        buf_fini(&f->out[i]);
    free(f->out);
    free(f->book.sheets);
    free(f->book.is_date);
    arena_free(f->book.a);
    buf_fini(&f->book_raw);
    buf_fini(&f->book_out);
}

static bool
open_package(struct filling *f, int fd, const char *path, struct err *e)
{
    struct xlsx *x = xlsx_open(fd, NULL, e); /* or says why not */
    int why;

    xlsx_close(x);
    if (x == NULL ||
        !(path == NULL ? lseek(fd, 0, SEEK_SET) == 0 : copy_file(fd, path, e)))
        return false;
    f->z =
        path != NULL ? zip_open(path, 0, &why) : zip_fdopen(dup(fd), 0, &why);
    if (f->z == NULL)
        return err_set(e, ERR_STORE, NULL, "The file could not be written");
    budget_init(&f->budget, fd, XLSX_SECONDS);
    f->pack = (struct package){ f->z, &f->budget };
    if (!check_package(f, e))
        return false;
    f->out = calloc(f->book.n + 1, sizeof(*f->out));
    return f->out != NULL ||
           err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
}

bool
xlsx_fill(int fd, const char *path, struct fill_cell *cells, size_t n,
          struct fill_report *report, struct err *e)
{
    struct filling f = { .book.a = arena_new(4 * 1024 * 1024),
                         .room = XLSX_FILL_PART_MAX };
    bool ok;

    *report = (struct fill_report){ 0 };
    buf_init(&f.book_raw, XLSX_FILL_PART_MAX);
    buf_init(&f.book_out, XLSX_FILL_PART_MAX);
    if (f.book.a == NULL)
        return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    ok = open_package(&f, fd, path, e) &&
         (path == NULL ? look(&f, report, e)
                       : fill_parts(&f, cells, n, report, e));
    if (f.z != NULL && (!ok || path == NULL || zip_close(f.z) != 0)) {
        int why = zip_error_code_system(zip_get_error(f.z));

        zip_discard(f.z);
        ok = ok && (path == NULL || err_set(e, err_disk(why), NULL,
                                            "The file could not be written"));
    }
    drop(&f);
    return ok;
}
