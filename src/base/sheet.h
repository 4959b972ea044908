#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include "base/str.h"

/*
 * A row of a spreadsheet or CSV file as a reader hands it over: the same
 * shape whatever the file was.  Rows come in order, sheet after sheet; a row
 * that the file does not hold is not given.
 */
enum cell_kind {
    CELL_EMPTY,
    CELL_TEXT,
    CELL_NUMBER, /* .number */
    CELL_DAY,    /* .day: a number shown as a date; .text is ISO 8601 */
    CELL_BOOL,   /* .number 0 or 1 */
    CELL_ERROR,  /* "#N/A" and its like, in .text */
};

struct sheet_cell {
    struct str text; /* valid UTF-8, never NULL; what a person would see */
    enum cell_kind kind;
    double number;
    int64_t day;         /* days since 1970-01-01 */
    bool merged;         /* stands in a merged range; covered cells carry the
                          * value of the top-left one */
    bool first_of_merge; /* is that top-left one */
    bool from_left;      /* covered, and its value stands in this row */
    bool formula;        /* its value is reckoned by one */
};

struct sheet_row {
    struct str sheet; /* its name; empty for CSV */
    int sheet_no;     /* from 0 */
    int64_t row;      /* from 1, as the spreadsheet counts */
    size_t n;
    const struct sheet_cell *cells; /* valid during the call only */
    bool hidden;                    /* the row, or its whole sheet */
};

/* Called for each row. False ends the reading without an error. */
typedef bool sheet_row_fn(void *ctx, const struct sheet_row *);

#endif
