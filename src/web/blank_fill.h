#ifndef WEB_BLANK_FILL_H
#define WEB_BLANK_FILL_H

#include "codec/xlsx_fill.h"
#include "web/blank_sheet.h"
#include "web/office.h"

/* A blank and the values that go into its cells. */

/* What a value stands for. */
struct filled {
    const struct blank_sheet *sheet;
    const struct blank_spot *spot;
    int64_t org; /* whose it is */
};

struct filling {
    struct rq *rq;
    struct asked a;
    struct blank *blank;
    struct blank_book *k;
    struct blank_sheet *b; /* that is being filled */
    struct school_sums *of;
    size_t n_of;
    struct sums all;
    struct fill_cell *cell;
    struct filled *what; /* of each cell */
    size_t n;
};

/* The record and its file, read. Errors: ERR_MISSING; as blank_read(). */
bool blank_load(struct rq *, struct blank **, struct blank_book **,
                struct err *) MUST_USE;
/* "Found · major" */
struct str blank_words(struct rq *, const struct meaning *);
/* The values of the period and the schools that are asked for. Errors:
 * ERR_CONFLICT, nobody has said what its cells mean, or it has too few lines;
 * as office_ask() and blank_load(). */
bool blank_values(struct rq *, struct filling *, struct err *) MUST_USE;

#endif
