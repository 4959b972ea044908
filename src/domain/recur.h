#ifndef DOMAIN_RECUR_H
#define DOMAIN_RECUR_H

#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

/*
 * A recurrence rule by whole days, as RFC 5545 writes it: FREQ (DAILY, WEEKLY,
 * MONTHLY, YEARLY), INTERVAL, WKST, BYMONTH, BYMONTHDAY, BYDAY (numbered in
 * months and years: 1MO,3MO,-1FR), BYSETPOS, COUNT, UNTIL; and as RFC 7529 does:
 * RSCALE=GREGORIAN with SKIP, which says what becomes of a 31st in a month that
 * has none. Upper or lower case. What it does not take it says.
 */
enum recur_freq { RECUR_DAY = 1, RECUR_WEEK, RECUR_MONTH, RECUR_YEAR };
enum recur_skip { RECUR_OMIT, RECUR_BACKWARD, RECUR_FORWARD };
enum { RECUR_RULE_MAX = 200, RECUR_PLACES_MAX = 16 };

struct recur {
    enum recur_freq freq;
    enum recur_skip skip;
    bool scaled, skips;  /* RSCALE is stated, SKIP is */
    int interval;        /* 1 to 400 */
    int week_start;      /* 0 = Monday */
    unsigned weekdays;   /* each of them: bit 0 = Monday */
    unsigned numbered;   /* those of which some count: bit 0 = Monday ... */
    uint64_t ahead[7];   /* ... bit 1 = the first, up to 53 */
    uint64_t back[7];    /* ... bit 1 = the last */
    unsigned month_days; /* bit 1 to 31 */
    unsigned back_days;  /* bit 1 = the last of the month, up to 31 */
    unsigned months;     /* bit 1 to 12 */
    int16_t place[RECUR_PLACES_MAX]; /* BYSETPOS */
    int n_places;
    int count;     /* 0: no limit of this kind */
    int64_t until; /* day; 0: none */
    unsigned odd;  /* what recur_check refuses */
};

/* Read a rule, also one that was stored when less was refused.
 * Errors: ERR_INVALID (.field = "rrule"), with what is not taken. */
bool recur_parse(struct str rule, struct recur *, struct err *e) MUST_USE;

/* Whether it may be given today: nothing in it is without sense, or stated twice.
 * Errors: ERR_INVALID (.field = "rrule"). */
bool recur_check(const struct recur *, struct err *e) MUST_USE;

/* The first day from "from" on, and not before start, on which it recurs; 0:
 * none within the ten years after start. start is day one of COUNT and of
 * INTERVAL, whether or not it recurs itself. Looks at ten years of periods at
 * most, whatever the rule. */
int64_t recur_next(const struct recur *, int64_t start, int64_t from);

/* The days that the rule names from "from" to "to" and that do not exist, so that
 * nothing recurs there and SKIP=BACKWARD would change that: 31 April is { year,
 * 4, 31 }. In order, max at most; returns how many. */
size_t recur_left_out(const struct recur *, int64_t start, int64_t from,
                      int64_t to, struct civil *out, size_t max);

#endif
