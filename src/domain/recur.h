#ifndef DOMAIN_RECUR_H
#define DOMAIN_RECUR_H

#include "base/err.h"
#include "base/str.h"

/*
 * A recurrence rule as RFC 5545 writes it, by whole days: FREQ (DAILY, WEEKLY,
 * MONTHLY, YEARLY), INTERVAL, BYDAY (with a number in months: 1MO, -1FR),
 * BYMONTHDAY, BYMONTH, COUNT, UNTIL. What it does not take it says; a rule is
 * one test of one day, so that no rule can take long.
 */
enum recur_freq { RECUR_DAY = 1, RECUR_WEEK, RECUR_MONTH, RECUR_YEAR };

struct recur {
    enum recur_freq freq;
    int interval;        /* 1 to 400 */
    unsigned weekdays;   /* bit 0 = Monday; 0 = not stated */
    int nth[8];          /* per weekday bit: 1MO is 1, -1FR is -1; 0: each */
    unsigned month_days; /* bit 1 to 31 */
    unsigned back_days;  /* bit 1 = the last of the month, up to 31 */
    unsigned months;     /* bit 1 to 12 */
    int count;           /* 0: no limit of this kind */
    int64_t until;       /* day; 0: none */
};

/* Errors: ERR_INVALID (.field = "rrule"), with what is not taken. */
bool recur_parse(struct str rule, struct recur *, struct err *e) MUST_USE;

/* The first day from "from" on, and not before start, on which it recurs; 0:
 * none within the ten years after start. start is day one of COUNT and of
 * INTERVAL, whether or not it recurs itself. */
int64_t recur_next(const struct recur *, int64_t start, int64_t from);

#endif
