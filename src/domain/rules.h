#ifndef DOMAIN_RULES_H
#define DOMAIN_RULES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "domain/field.h"

/*
 * Rules with numbers: rows of packs, and the district's own changes to them.
 * A row is never edited, a new version takes its place; a due time keeps the
 * row it came from, so that editing never moves a running clock.
 */
enum rule_unit {
    UNIT_HOUR = 1,
    UNIT_DAY = 2,
    UNIT_WORKDAY = 3,
    UNIT_COUNT = 4
};

struct rule {
    struct str key;
    int64_t version;
    int64_t value;
    enum rule_unit unit;
    struct text2 source, note;
    struct str pack;
    bool own; /* the district's */
};

/* A run of days that are not as their weekday says. */
struct off_days {
    int64_t from, to; /* both included */
    bool work;        /* true: make-up workdays; false: a holiday */
};

struct rules {
    struct rule *rule;
    size_t n;
    const struct off_days *off;
    size_t n_off;
    const struct off_days *term; /* semesters; none stated: the whole year */
    size_t n_term;
    const struct zone *zone;
    struct arena *arena; /* what the set is made of; NULL: the caller's */
};

/* The embedded packs, parsed. r's arena must live as long as r.
 * Errors: ERR_STORE when a pack is malformed (a bug) or memory is short. */
bool rules_load_packs(struct rules *, struct arena *, struct err *) MUST_USE;

/* Put the district's version of a rule in the place of the pack's.
 * Errors: ERR_INVALID when no pack has that key. */
bool rules_override(struct rules *, const struct rule *, struct err *) MUST_USE;

/* NULL: no such rule. */
const struct rule *rules_find(const struct rules *, struct str key);

/* True unless weekend or holiday; make-up workdays count as work. */
bool rules_is_workday(const struct rules *, int64_t day);

/* A working day of a semester. */
bool rules_is_school_day(const struct rules *, int64_t day);

/* When something that starts at from_ms is due under the rule: hours run on
 * the clock; days and working days end at 24:00 local of the last day, the
 * starting day not counted. 0: no such rule. */
int64_t rules_due(const struct rules *, const char *key, int64_t from_ms);

/* "key@version", in the arena; "" when there is no such rule. */
struct str rules_name(const struct rules *, struct arena *, const char *key);

/* 24:00 local of a day, in ms. */
int64_t rules_end_of(const struct rules *, int64_t day);

#endif
