#ifndef DOMAIN_BLANK_H
#define DOMAIN_BLANK_H

#include "domain/figure.h"

/* The authority's own blank tables: uploaded once, mapped once, filled any
 * day.  product.md B10, docs/adr/0009-office-tables.md. */
struct blank {
    struct rec r;
    struct str title, file;
    /* "first=5 A=school B=found_g D12=rate_a ...": the first sheet that shows;
     * "3!first=0 3!B2=found_a": the third of the workbook, hidden ones counted */
    struct str map;
};

extern const struct ledger blank_ledger;

/* What a cell of a blank can stand for. */
enum blank_kind {
    BLANK_NOTHING,
    BLANK_SCHOOL, /* in a column: the school of the row */
    BLANK_NUMBER, /* 1, 2, 3 ... */
    BLANK_UNIT,   /* whose table it is */
    BLANK_PERIOD,
    BLANK_DATE,
    BLANK_RATE,
    BLANK_FIGURE,
};

struct meaning {
    enum blank_kind kind;
    enum figure_no figure;
    int grade;         /* 0 general, 1 major, 2 both */
    bool ten_thousand; /* money in units of 10,000 */
};

enum { BLANK_KEY = 32, BLANK_MEANINGS_MAX = 128 };

/* "found_g", "rate_m", "need_aw", "school"; "" for nothing. */
void blank_key(const struct meaning *, char key[BLANK_KEY]);
/* False: no such key. */
bool blank_meaning(struct str key, struct meaning *);
/* What a heading, of one or several lines, most likely means; either
 * language. */
struct meaning blank_guess(struct str heading);
/* "of which rectified": of whatever stands before it. */
bool blank_is_part(struct str heading);
/* The name of the whole table, not a label that asks for something. */
bool blank_is_title(struct str text);
/* A date is written into the label itself. */
bool blank_has_room(struct str text);
/* All there are, in the order in which they are offered. */
size_t blank_meanings(struct meaning out[BLANK_MEANINGS_MAX]);

#endif
