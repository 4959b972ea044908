#ifndef DOMAIN_CHECKLIST_H
#define DOMAIN_CHECKLIST_H

#include "domain/ledger.h"

/* A checklist is a version: what is live is never changed, only followed by
 * another of the same family. product.md C1. */
enum { CL_DRAFT = 1, CL_LIVE = 2, CL_RETIRED = 3, CL_DROPPED = 4 };

/* How an item is answered. The numbers are permanent: events carry them. */
enum check_kind {
    CK_PASS = 1,   /* in order, not in order, does not apply */
    CK_NUMBER = 2, /* with .low and .high, either may be empty */
    CK_CHOICE = 3, /* one of .choices; those that end in "!" are failures */
    CK_TEXT = 4,
    CK_PHOTO = 5,
    CK_SIGN = 6, /* a name, written by who answers for it */
};

enum {
    CHECK_ITEMS_MAX = 300,
    CHECK_ID_MAX = 9999,
    CHECK_CHOICES_MIN = 2,
    CHECK_CHOICES_MAX = 20,
};

/* One item of a checklist. */
struct check_item {
    int64_t id;                 /* stable within the family; 1 and up */
    struct text2 section;       /* heading it stands under */
    struct text2 text;          /* what is looked at */
    struct text2 standard;      /* what is in order */
    int64_t kind;               /* enum check_kind; 0 is CK_PASS */
    struct str clause;          /* rule it comes from */
    struct str low, high, unit; /* CK_NUMBER: decimal numbers such as -18 */
    struct text2 choices;       /* CK_CHOICE: "clean; dusty; dirty!" */
    int64_t weight;             /* points; 0 is 1 */
    int64_t critical;           /* 1: failing it fails the whole */
    struct str when;            /* "3=fail": asked only then; see check_asked */
    struct str photo;           /* guidance photograph: id of a file */
};

/* Its fields, in the order of a form; tags are permanent. */
enum { CHECK_ITEM_FIELDS = 13 };
extern const struct field check_item_fields[CHECK_ITEM_FIELDS];
extern const struct part_kind check_items;

struct checklist {
    struct rec r;
    struct text2 title;
    int64_t topic, frequency;
    struct text2 source;
    struct str note;
    int64_t pass_mark;
    struct str items;
    int64_t version, previous, family, live_on;
};

enum { CHECK_TOPICS = 19, CHECK_FREQUENCIES = 8 };
extern const struct choice check_topic_choices[CHECK_TOPICS];
extern const struct choice check_frequency_choices[CHECK_FREQUENCIES];
extern const struct ledger checklist_ledger;

/* What a single item cannot tell: kinds' own needs, numbers that are not used
 * twice, conditions that name an earlier item and an answer it can have.
 * Errors: ERR_INVALID ("items"). */
bool check_items_check(const struct check_item *, size_t n,
                       struct err *e) MUST_USE;

/* The choices of an item in a language, one after the other. False: none left.
 * *bad: choosing it means "not in order". */
bool check_choice_next(struct str *rest, struct str *label, bool *bad);

#endif
