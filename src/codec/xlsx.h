#ifndef CODEC_XLSX_H
#define CODEC_XLSX_H

#include "base/err.h"
#include "base/sheet.h"

/*
 * Rows of an Excel workbook (.xlsx, .xlsm; ECMA-376, transitional and
 * strict), read as a stream: memory does not grow with the number of rows.
 * Shared texts go to an unlinked temporary file.  Macros, formulas (their
 * stored result is read), charts and links are never looked at.  A DTD is
 * refused, and so is a package that unpacks to more than the ceilings.
 */
enum {
    XLSX_ENTRIES_MAX = 10000,
    XLSX_RATIO_MAX = 400, /* unpacked to packed, from XLSX_RATIO_FROM on */
    XLSX_RATIO_FROM = 16 * 1024 * 1024,
    XLSX_PART_MAX = 1024 * 1024 * 1024,  /* bytes of one part, unpacked */
    XLSX_SHARED_MAX = 512 * 1024 * 1024, /* bytes of shared texts */
    XLSX_COLUMNS_MAX = 16384,
    XLSX_CELL_MAX = 1024 * 1024,
    XLSX_ROW_MAX = 8 * 1024 * 1024,
    XLSX_PICTURE_MAX =
        4 * 1024 * 1024, /* bytes of one that xlsx_pictures gives */
    XLSX_PICTURES_MAX = 1000,
    XLSX_SECONDS = 20, /* to read it, all passes together: somebody waits */
};

struct xlsx;

/* fd: the file, from its start; it is duplicated and not closed.
 *	tmp_dir	where the temporary file goes; NULL = /var/tmp
 * NULL with *e set: ERR_TYPE (not a workbook we read; the message says what
 * it is and what to do), ERR_TOO_LARGE, ERR_STORE, ERR_BUSY. */
struct xlsx *xlsx_open(int fd, const char *tmp_dir, struct err *e);
void xlsx_close(struct xlsx *);

size_t xlsx_sheet_count(const struct xlsx *);
struct str xlsx_sheet_name(const struct xlsx *, size_t);
bool xlsx_sheet_hidden(const struct xlsx *, size_t);

/* It may take so long from now on, where nobody waits for it. fd: its file. */
void xlsx_give_time(struct xlsx *, int fd, unsigned seconds);

/* All rows of all worksheets in order; may be called again.  True at the end;
 * false with e->code ERR_NONE: the callback stopped it; else an error as
 * above.  Rows already given stay given. */
bool xlsx_each(struct xlsx *, sheet_row_fn *, void *ctx, struct err *e);

/* The pictures of a workbook, as the bytes that they are: nothing of them is
 * decoded or believed. Those that are larger are passed over. fn false: enough.
 * fd as for xlsx_open(). Errors: as xlsx_open(). */
typedef bool xlsx_picture_fn(void *ctx, struct str bytes);
bool xlsx_pictures(int fd, xlsx_picture_fn *, void *ctx, struct err *e);

#endif
