#ifndef WEB_BLANK_SHEET_H
#define WEB_BLANK_SHEET_H

#include "base/arena.h"
#include "domain/blank.h"

/* A blank as it was read: the first sheet that shows, so far as it is looked
 * at, and which of its cells can stand for something. */
enum { BLANK_ROWS = 400, BLANK_COLUMNS = 60, BLANK_SPOTS = 120 };

/* A column (row 0) or one cell. */
struct blank_spot {
    uint32_t row, col;
    struct str heading;
    struct meaning m;
};

struct blank_sheet {
    struct str cell[BLANK_ROWS][BLANK_COLUMNS];
    bool covered[BLANK_ROWS][BLANK_COLUMNS]; /* not the first of its merge */
    uint32_t rows, top; /* top: where the headings begin, from 0 */
    uint32_t first;     /* row of the first school; 0 = it is a form */
    struct blank_spot spot[BLANK_SPOTS];
    size_t n;
    bool is_protected;
    bool guessed; /* the meanings are guesses, not what somebody chose */
};

/* fd: the file. map: what was chosen, or "". Errors: as xlsx_open(). */
bool blank_read(int fd, struct str map, struct arena *, struct blank_sheet *,
                struct err *) MUST_USE;
/* The map of what the spots mean now. */
struct str blank_map(const struct blank_sheet *, struct arena *);

#endif
