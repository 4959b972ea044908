#ifndef DOMAIN_SCHEDULE_H
#define DOMAIN_SCHEDULE_H

#include "base/time.h"
#include "domain/ledger.h"

/* Who inspects what, where, how often. product.md C2. */
enum schedule_state { SD_ACTIVE = 1, SD_PAUSED = 2, SD_ENDED = 3 };

/* How often; fixed by the log */
enum schedule_pattern {
    SP_DAILY = 1,
    SP_WEEKLY,
    SP_MONTHLY,
    SP_QUARTER,
    SP_SEMESTER,
    SP_OWN = 9
};

struct schedule {
    struct rec r;
    struct text2 title; /* the checklist's */
    int64_t checklist;
    int64_t place;
    struct str place_text;
    int64_t responsible, every_school;
    int64_t pattern;
    struct str
        rrule; /* RFC 5545 and 7529, by days; of a pattern: what it means.
                       * Empty in old ones, whose 31st is left out */
    int64_t days;
    int64_t from_on, to_on;
    int64_t span, late; /* days */
    int64_t next_on, made;
    int64_t period; /* of the calendar; 0 = none */
};

extern const struct ledger schedule_ledger;

/* The rule that it goes by, which is a pattern's or its own. */
struct str schedule_rule(const struct schedule *);
/* The rule that is to be stored. A pattern that is chosen now puts missing days on
 * the last of the month; one that stands since before (was; may be NULL) keeps
 * its days, until the step "last_day". */
struct str schedule_rule_chosen(const struct schedule *,
                                const struct schedule *was);
/* The rule with its missing days on the last of the month, in the arena (NULL: only
 * whether there is one); "": it says itself what becomes of them, or there is no
 * room. */
struct str schedule_rule_last_day(const struct schedule *, struct arena *);
/* Whether the rule that was given may be. A rule counts beside SP_OWN alone; what
 * a form sends back as it stood is none.
 * Errors: ERR_INVALID (.field = "rrule"). */
bool schedule_check_rule(const struct schedule *, const struct schedule *was,
                         struct err *) MUST_USE;

/* The days that its rule names from "from" on, for a year or until it ends, and
 * that do not exist (31 April), so that nobody inspects. In order, max at most. */
size_t schedule_left_out(const struct schedule *, int64_t from,
                         struct civil *out, size_t max);

/* The next day from "from" on; 0: none. */
int64_t schedule_next(const struct schedule *, const struct rules *,
                      int64_t from);

#endif
