#ifndef DOMAIN_HAZARD_H
#define DOMAIN_HAZARD_H

#include "domain/ledger.h"

/* Hazards 隐患: records.md 1, rules.md 2, product.md B. */

enum hazard_state {
    HZ_REPORTED = 1,
    HZ_GRADED = 2,
    HZ_ORDERED = 3,
    HZ_PLANNED = 4,
    HZ_RECTIFYING = 5,
    HZ_SUBMITTED = 6,
    HZ_ACCEPTED = 7,
    HZ_CLOSED = 8,
    HZ_NOT_HAZARD = 9,
    HZ_DUPLICATE = 10,
    HZ_REFERRED = 11,
    HZ_STANDING = 12,
};

enum hazard_grade { GRADE_GENERAL = 1, GRADE_MAJOR = 2 };
enum hazard_use { USE_NORMAL = 1, USE_STOPPED = 2, USE_EVACUATED = 3 };
enum hazard_funds { FUNDS_NONE = 1, FUNDS_NEEDED = 2, FUNDS_SECURED = 3 };
enum hazard_ext { EXT_ASKED = 1, EXT_GRANTED = 2, EXT_REFUSED = 3 };
enum hazard_listing {
    LISTING_LISTED = 1,
    LISTING_PUBLISHED = 2,
    LISTING_EXT_ASKED = 3,
    LISTING_DELISTED = 4,
    LISTING_ENDED = 5, /* the delisting has been published */
};

enum { RULED_OUT_MAX = 2000 }; /* a hundred people */

struct hazard {
    struct rec r;
    /* what, where, when, who */
    struct str description;
    int64_t place;
    struct str place_text;
    int64_t category, source;
    int64_t found_on, finder;
    struct str finder_name;
    struct str photos_before;
    /* making safe */
    struct str control;
    int64_t in_use;
    /* grade */
    int64_t grade;
    struct str clause;
    /* the five implementations */
    int64_t responsible;
    struct str responsible_unit, contractor;
    struct str measures;
    int64_t funds_need, funds;
    struct str funds_source;
    int64_t deadline;
    struct str deadline_text, firm;
    struct str contingency;
    /* a major one: the rest of the six parts, approval, report upward */
    struct str plan_goal, plan_means, plan_duty, plan_time, plan_files;
    int64_t approved_by, approved_at;
    struct str up_state, up_harm, up_plan;
    int64_t reported_up_at, up_received_at, up_received_by;
    int64_t cause_kind;
    struct str whys;
    int64_t notice;       /* the newest that it stands on */
    int64_t decided_by;   /* who last said "no hazard" or "duplicate" */
    struct str ruled_out; /* who did before: "12,34" */
    int64_t inspection, item, programme; /* that found it */
    /* the work and its acceptance */
    struct str notice_no;
    int64_t started_at, finished_on;
    struct str photos_after, situation;
    int64_t rectified_by, submitted_at, on_spot;
    int64_t acceptor, accepted_at;
    struct str opinion;
    int64_t closed_at, funds_spent;
    struct str cause;
    int64_t rejected, reopened;
    /* extension */
    int64_t ext_state, ext_day;
    struct str ext_reason;
    int64_t ext_by, extensions;
    /* other ends */
    int64_t duplicate_of;
    struct str referred_to, referral_letter, referral_answer;
    int64_t recheck_on;
    /* listing */
    int64_t listing, listing_level, listed_at, listing_deadline;
    struct str listing_by;
    int64_t listing_due;
    struct str listing_rule;
    int64_t step_due;
    struct str step_rule;
    /* as an old ledger said it */
    struct str status_text, copy_to;
};

extern const struct ledger hazard_ledger;

#endif
