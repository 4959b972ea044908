#ifndef DOMAIN_INSPECTION_H
#define DOMAIN_INSPECTION_H

#include "domain/checklist.h"

/* Inspections: one checklist, one place, one day; planned by a schedule, a
 * programme or a person, done on a telephone. product.md C2 to C5, records.md
 * 4. */
enum inspection_state {
    IS_PENDING = 1, /* begun or not: what was answered so far is a draft */
    IS_SUBMITTED = 2,
    IS_REVIEWED = 3,
    IS_RETURNED = 4,
    IS_MISSED = 5,
    IS_EXCUSED = 6,
};

enum inspection_kind { INSPECT_OWN = 1, INSPECT_VISIT = 2, INSPECT_TASK = 3 };
enum inspection_result { IR_IN_ORDER = 1, IR_SHORT = 2, IR_CRITICAL = 3 };
enum answer_verdict { V_PASS = 1, V_FAIL = 2, V_NA = 3 };

/* The answer to an item; its id is the item's. */
struct answer {
    int64_t id;
    int64_t verdict; /* of numbers and choices: what follows from the value */
    struct str value;
    struct str comment;
    struct str files;
    int64_t hazard;   /* one that is open already and says the same */
    struct str where; /* of what is wrong, where the inspection looks at more */
};

enum { ANSWER_FIELDS = 6 };
extern const struct field answer_fields[ANSWER_FIELDS];
extern const struct part_kind answer_parts;

/* Who signed an item: apart from the answers, so that it can be erased. */
struct signature {
    int64_t id; /* the item's */
    struct str name;
};

enum { SIGNATURE_FIELDS = 1 };
extern const struct field signature_fields[SIGNATURE_FIELDS];
extern const struct part_kind signature_parts;

struct inspection {
    struct rec r;
    struct text2 title; /* the checklist's */
    int64_t kind, topic;
    int64_t checklist, schedule, programme, task;
    int64_t place;
    struct str place_text;
    int64_t responsible;
    int64_t planned_on, due_on, late_until;
    int64_t announced;
    struct str company;
    int64_t submitted_at, submitted_by, late;
    struct str answers;
    struct str score; /* per cent, one decimal */
    int64_t failed, result;
    struct str note, paper, objection, correction;
    struct str signatures;
};

extern const struct ledger inspection_ledger;

/* What came of it. */
struct judged {
    int64_t failed, answered, asked;
    int64_t points, of; /* of the items that apply */
    bool critical;
};

/* Is the item asked at all, given the answers so far? (check_item.when) */
bool inspection_asks(const struct check_item *items, size_t n, size_t i,
                     const struct answer *answers, size_t m);
/* NULL: not answered. */
const struct answer *inspection_answer(const struct answer *, size_t m,
                                       int64_t item);
/* Who signed the item; false: nobody. */
bool inspection_signature(struct str signatures, int64_t item,
                          struct str *name);
/* What an answer means: enum answer_verdict; 0 = it says nothing yet. */
int64_t inspection_verdict(const struct check_item *, const struct answer *);
/* Set every verdict that follows from a value, name no hazard where nothing is
 * wrong, add up.
 *	whole	it must be complete: every item that is asked, and why not in
 *		order
 * Errors: ERR_INVALID ("answers"), naming the item. */
bool inspection_judge(const struct check_item *, size_t n, struct answer *,
                      size_t m, bool whole, struct judged *,
                      struct err *e) MUST_USE;

#endif
