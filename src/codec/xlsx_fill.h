#ifndef CODEC_XLSX_FILL_H
#define CODEC_XLSX_FILL_H

#include "base/arena.h"
#include "base/err.h"
#include "codec/xlsx.h"

/*
 * Writes values into cells of somebody's workbook and changes nothing else:
 * the sheets' other bytes stay, every other part of the package is copied
 * packed as it is, but for the mark that formulas are to be recalculated.
 */
enum { XLSX_FILL_PART_MAX = 64 * 1024 * 1024 }; /* filled sheets, together */

struct fill_cell {
    uint32_t row, col; /* row from 1, column from 0 */
    struct str text;
    bool number;  /* text is a plain decimal number */
    size_t sheet; /* from 0, as xlsx_sheet_name() counts: hidden ones too */
};

struct fill_report {
    bool is_protected; /* one of the sheets is: filled all the same */
    size_t written;
};

/* A cell inside a merged range goes to its top left one; the first of two for
 * one cell wins.
 *	cells	is sorted
 *	path	a new file, written anew; NULL: only look whether the sheets
 *		that show can be filled at all
 * Errors: ERR_CONFLICT (.field = "cell"), a formula stands in a cell, which the
 * message names; ERR_TYPE, ERR_TOO_LARGE as xlsx_open(), and a workbook with
 * macros; ERR_STORE, ERR_FULL, ERR_BUSY. On an error the file is of no use. */
bool xlsx_fill(int fd, const char *path, struct fill_cell *cells, size_t n,
               struct fill_report *, struct err *) MUST_USE;

/* Append the text as a cell of a workbook holds it: what would be read as an
 * escape, "_x0041_", is escaped itself. */
void xlsx_escape(struct buf *, struct str);

/* "AB12"; row 0: the column alone. */
void ref_put(struct buf *, uint32_t col, uint32_t row);

#endif
