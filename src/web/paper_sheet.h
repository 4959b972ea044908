#ifndef WEB_PAPER_SHEET_H
#define WEB_PAPER_SHEET_H

#include "pages/pages.h"
#include "web/app.h"
#include "web/paper_table.h"

/* A4 pages with the margins of GB/T 9704-2012, numbered, on which text and
 * tables follow each other. */
#define PAPER_TOP    (37 * PAPER_MM)
#define PAPER_MARGIN (28 * PAPER_MM)
#define PAPER_ROOM   (156 * PAPER_MM)

struct paper_sheet {
    struct paper_table t; /* t.y: where the page goes on */
    struct rq *rq;
    int page;
};

/* The number below, and the next page. */
void paper_sheet_end(struct paper_sheet *);
/* Room for what comes, on this page or the next. True: a new one began. */
bool paper_sheet_room(struct paper_sheet *, double height);
/* Text of the page's width, then a gap. */
void paper_sheet_put(struct paper_sheet *, struct str,
                     const struct paper_style *, double gap);
/* The figures of a page as a table; shares: how wide each column is. */
void paper_sheet_grid(struct paper_sheet *, const struct v_grid *,
                      const int *shares, double size);

#endif
