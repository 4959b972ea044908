#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include "base/err.h"
#include "base/sheet.h"

/*
 * CSV as people have it: RFC 4180 with , ; or tab between cells, any line
 * end, quotes inside quotes not always doubled, and sometimes a quote that
 * never closes.  A closing quote counts only before a separator or a line
 * end; a quoted cell that runs on for CSV_QUOTED_MAX bytes, or to the end of
 * the file, is read again as plain text from its quote on.
 */
enum {
    CSV_COLUMNS_MAX = 16384,
    CSV_CELL_MAX = 1024 * 1024, /* bytes in one cell */
    CSV_QUOTED_MAX = 256 * 1024,
    CSV_ROW_MAX = 4 * 1024 * 1024, /* bytes in one row */
    CSV_RECOVER_MAX = 64,          /* then quotes no longer mean anything */
};

struct csv_reader;

/* UTF-8 in, rows out. The row number counts records, as a spreadsheet that
 * opens the file does. NULL when there is no memory. */
struct csv_reader *csv_reader_new(char separator, sheet_row_fn *, void *ctx);
void csv_reader_free(struct csv_reader *);
/* Feed a piece; last ends the file.  False: an error is in *e, or the
 * callback said stop (then e->code is ERR_NONE).  Errors: ERR_TOO_LARGE with
 * the row, ERR_BUSY without memory. */
bool csv_feed(struct csv_reader *, struct str, bool last, struct err *);
/* How many quotes had to be taken as plain text so far. */
uint64_t csv_recovered(const struct csv_reader *);

/* The separator of a sample from the start of a file: , ; tab or |.
 * The one that cuts the most rows into the same number of cells. */
char csv_separator(struct str sample);

/* Append one cell, quoted where needed.  Text that a spreadsheet would run as
 * a formula (first = + - @ tab CR) gets a leading '; a plain number such as
 * -5 or +1.5 does not. */
void csv_put_cell(struct buf *, struct str);
/* The same, of cells that are a row, ended by CR LF. */
void csv_put_row(struct buf *, const struct str *cells, size_t n);
/* The mark by which Excel knows UTF-8; at the very start. */
void csv_put_mark(struct buf *);

#endif
