#ifndef WEB_PAPER_TABLE_H
#define WEB_PAPER_TABLE_H

#include "web/paper.h"

/* A ruled table on a page. Columns lie between x[i] and x[i + 1]; the first is
 * aligned left, the others as `numbers` says. */
enum { PAPER_COLUMNS = 16 };
struct paper_table {
    struct paper *p;
    double x[PAPER_COLUMNS + 1], y;
    size_t n;
    bool numbers; /* all but the first column are numbers */
};

/* Columns in these shares of a width, from left. */
void paper_table_share(struct paper_table *, double left, double width,
                       const int *shares, size_t n);
/* One row; every cell cut to so many lines (0: whole). y moves on. */
void paper_table_row(struct paper_table *, const struct str *cells,
                     enum paper_font, double size, int lines);
/* How high that row would be. */
double paper_table_height(struct paper_table *, const struct str *cells,
                          enum paper_font, double size, int lines);

#endif
