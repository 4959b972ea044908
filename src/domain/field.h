#ifndef DOMAIN_FIELD_H
#define DOMAIN_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* A text in both languages; either side may be empty, the other then serves. */
struct text2 {
    struct str en, zh;
};

/* The C type that holds a field; the upper byte of every field kind. */
enum ctype { CT_I64 = 1, CT_STR = 2, CT_TEXT2 = 3 };

/* For every kind held in an int64_t, 0 means "not stated". The numbers are
 * permanent: events carry them. */
#define KIND(ct, n) ((ct) << 8 | (n))
enum field_kind {
    FK_INT = KIND(CT_I64, 1),      /* .min to .max */
    FK_TIME = KIND(CT_I64, 2),     /* ms since 1970, UTC */
    FK_DAY = KIND(CT_I64, 3),      /* days since 1970 */
    FK_ENUM = KIND(CT_I64, 4),     /* one of .choices */
    FK_FLAG = KIND(CT_I64, 5),     /* 1 = yes */
    FK_MONEY = KIND(CT_I64, 6),    /* minor units of the tenant's currency */
    FK_REF = KIND(CT_I64, 7),      /* id of a record of ledger .ref */
    FK_LINE = KIND(CT_STR, 8),     /* one line, at most .max characters */
    FK_TEXT = KIND(CT_STR, 9),     /* paragraphs, at most .max characters */
    FK_FILES = KIND(CT_STR, 10),   /* attachment ids, "12,34"; at most .max */
    FK_TEXT2 = KIND(CT_TEXT2, 11), /* a line in either language */
    FK_PARTS = KIND(CT_STR, 12),   /* child rows: see domain/parts.h */
};

#define CTYPE_OF(T, m)                                                         \
    _Generic(((T *)0)->m, int64_t                                              \
             : CT_I64, struct str                                              \
             : CT_STR, struct text2                                            \
             : CT_TEXT2)

/* offsetof, but a kind that does not fit the member's type won't compile */
#define OFFSET_CHECKED(T, m, k)                                                \
    (offsetof(T, m) +                                                          \
     0 * sizeof(struct {                                                       \
         _Static_assert((k) >> 8 == CTYPE_OF(T, m),                            \
                        "field " #m ": its kind does not fit its C type");     \
         int unused;                                                           \
     }))

#define FIELD(T, num, m, k, lbl, ...)                                          \
    {                                                                          \
        .name = #m, .tag = (num), .kind = (k), .at = OFFSET_CHECKED(T, m, k),  \
        .label = (lbl), __VA_ARGS__                                            \
    }

enum field_flag {
    F_REQUIRED = 1 << 0,   /* the creating step needs it */
    F_PERSONAL = 1 << 1,   /* in the event: a part of its own, erasable */
    F_SEARCH = 1 << 2,     /* its words go into the search index */
    F_HIDDEN = 1 << 3,     /* set by the program; never asked, seldom shown */
    F_NAME = 1 << 4,       /* what people call the record */
    F_UNIQUE = 1 << 5,     /* one value a tenant among records that are open */
    F_MORE = 1 << 6,       /* seldom filled in: folded away in forms */
    F_MACHINE = 1 << 7,    /* for the program alone: on no page */
    F_APART = 1 << 8,      /* shown in a table of its own, not as a fact */
    F_LIVING = 1 << 9,     /* may name only a record that is still open */
    F_LATER = 1 << 10,     /* folded away where a record is only being made */
    F_WORKBOOK = 1 << 11,  /* its files are workbooks that can be filled in */
    F_MAIL = 1 << 12,      /* one e-mail address */
    F_PHONE = 1 << 13,     /* one telephone number, as a message is sent to */
    F_EXTENSION = 1 << 14, /* with F_PHONE: people dial it, with an extension */
    F_COUNT = 1 << 15,     /* counted, or added up, for each record: 0 is what
                            * was found, not what was left out */
};

struct part_kind;

struct choice {
    int64_t v; /* permanent, > 0 */
    const char *key;
    const char *label; /* message id */
};

/* Today; the quarter that has ended last, and the year that it is of. */
#define PRESET_TODAY   "@today"
#define PRESET_QUARTER "@quarter"
#define PRESET_YEAR    "@year"
/* FK_REF to a unit: the one that the form is for; forms want an answer. */
#define PRESET_UNIT "@unit"
/* The day on which what begins now is due by a rule: PRESET_RULE "hazard.x". */
#define PRESET_RULE "@rule:"

/* An id as they look; a reader puts one of the own district in its place. */
#define EXAMPLE_ID "915256580159570293"

struct field {
    const char *name; /* column, JSON key and form key */
    uint16_t tag;     /* permanent, 32 and up */
    enum field_kind kind;
    size_t at;
    const char *label;  /* message id */
    const char *hint;   /* message id, or NULL */
    const char *preset; /* offered in an empty form: message id or choice key,
                         * or one that the day tells: PRESET_... */
    const char *preset_above; /* the same to who belongs to no school; NULL: no
                               * other */
    const char *example; /* for the API's description: a value that is accepted,
                          * where the kind alone does not tell. Numbers and
                          * child rows as JSON, a day as "+14" from today, a
                          * record as EXAMPLE_ID; "": as the kind tells, and shown
                          * though it need not be there. NULL: none */
    unsigned flags;
    int64_t min, max;
    const struct choice *choices;  /* FK_ENUM; ends with .v == 0 */
    const char *ref;               /* FK_REF: name of the ledger */
    const struct part_kind *parts; /* FK_PARTS */
    const char *instead; /* the field whose words lists show where this one is
                          * empty; NULL: none */
    const char *see;    /* verb whose right it takes to read it; NULL: "read" */
    const char *by;     /* steps that may write it */
    const char *needed; /* steps that must find it filled in */
};

static inline enum ctype
field_ctype(const struct field *f)
{
    return (enum ctype)(f->kind >> 8);
}

static inline int64_t *
field_i64(const struct field *f, const void *rec)
{
    return (int64_t *)((uintptr_t)rec + f->at);
}

static inline struct str *
field_str(const struct field *f, const void *rec)
{
    return (struct str *)((uintptr_t)rec + f->at);
}

static inline struct text2 *
field_text2(const struct field *f, const void *rec)
{
    return (struct text2 *)((uintptr_t)rec + f->at);
}

/* Whether people write what they like into it, or into one of its child rows,
 * so that names may stand there. */
bool field_is_free(const struct field *);

/* True when nothing is stated in that field of the record. */
bool field_empty(const struct field *, const void *rec);
bool field_equal(const struct field *, const void *a, const void *b);

/* The choice with that value or key; NULL: none. */
const struct choice *choice_of(const struct choice *, int64_t v);
const struct choice *choice_find(const struct choice *, struct str key);

/* A typed value out of text, in the form the API and hidden inputs use:
 * numbers in decimal, days 2024-03-05, times in ms or 2024-03-05T10:00 (taken
 * as UTC; the edge shifts local input), choices by key, money in units with
 * at most two decimals, references by id, flags 1/0.
 * Strings are not copied: they must outlive the record.
 * Errors: ERR_INVALID (.field = f->name); rec is then untouched. */
bool field_parse(const struct field *, struct str text, void *rec,
                 struct err *e) MUST_USE;
/* For FK_TEXT2 there are two inputs: name_en and name_zh. */
bool field_parse2(const struct field *, struct str text, bool zh, void *rec,
                  struct err *e) MUST_USE;

/* The inverse of field_parse: what it gives, field_parse takes. An empty
 * field gives nothing. FK_TEXT2: the English side, or with zh the Chinese. */
void field_format(const struct field *, const void *rec, bool zh, struct buf *);

/* Of a field with F_MAIL or F_PHONE: nothing, or what a message can be sent to.
 * Asked where a person changes it; what older records hold stays. ERR_INVALID. */
bool field_check_contact(const struct field *, const void *rec,
                         struct err *e) MUST_USE;

/* Range, length, characters. ERR_INVALID. */
bool field_check(const struct field *, const void *rec, struct err *e) MUST_USE;

#endif
