#ifndef WEB_BLANK_SHEET_H
#define WEB_BLANK_SHEET_H

#include "base/arena.h"
#include "domain/blank.h"

/* A blank as it was read: its sheets, so far as they are looked at, and which
 * of their cells can stand for something. */
enum {
    BLANK_ROWS = 400,
    BLANK_COLUMNS = 60,
    BLANK_SPOTS = 120,
    BLANK_SHEETS = 24,
    BLANK_MAP = 32 * 1024,
};

/* A column (row 0) or one cell. */
struct blank_spot {
    uint32_t row, col;
    struct str heading;
    struct meaning m;
    bool formula; /* the blank reckons it by itself */
};

struct blank_sheet {
    size_t no; /* in the workbook, from 0 */
    struct str name;
    bool hidden;
    struct str cell[BLANK_ROWS][BLANK_COLUMNS];
    bool covered[BLANK_ROWS][BLANK_COLUMNS]; /* not the first of its merge */
    bool formula[BLANK_ROWS][BLANK_COLUMNS];
    uint32_t columns;   /* as far as any row goes */
    uint32_t rows, top; /* top: where the headings begin, from 0 */
    uint32_t first;     /* row of the first school; 0 = it is a form */
    struct blank_spot spot[BLANK_SPOTS];
    size_t n;
    bool guessed; /* the meanings are guesses, not what somebody chose */
};

struct blank_book {
    struct blank_sheet *sheet[BLANK_SHEETS]; /* that have a row */
    size_t n;
    struct blank_sheet *main; /* the first that shows; NULL = none has a row */
    bool is_protected;
    bool more; /* it has sheets behind these, which are not looked at */
};

/* fd: the file. map: what was chosen, or "". Errors: as xlsx_open(). */
bool blank_read(int fd, struct str map, struct arena *, struct blank_book *,
                struct err *) MUST_USE;
/* The map of what the spots of all sheets mean that are not guessed:
 * "first=5 A=school D12=rate_a 3!first=0 3!B2=found_g"; without a number, the
 * main sheet.  ERR_TOO_LARGE, ERR_BUSY. */
bool blank_map(const struct blank_book *, struct arena *, struct str *,
               struct err *) MUST_USE;
/* Whether it is filled: the main one always, others when somebody said what
 * their cells mean. */
bool blank_counts(const struct blank_book *, const struct blank_sheet *);

#endif
