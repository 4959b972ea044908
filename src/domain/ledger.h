#ifndef DOMAIN_LEDGER_H
#define DOMAIN_LEDGER_H

#include "base/arena.h"
#include "domain/field.h"
#include "domain/role.h"
#include "domain/rules.h"

/* Where a record came from. */
enum origin {
    ORIGIN_ENTERED = 1,
    ORIGIN_PAPER = 2, /* brought over from an old ledger */
    ORIGIN_API = 3,
    ORIGIN_SYSTEM = 4,
};

/* What every record of every ledger carries; the first member of each. */
struct rec {
    int64_t id;
    int64_t rev; /* 1 at first; +1 at every change; the ETag */
    int64_t org; /* whose record: a school or the district */
    int64_t state;
    int64_t created_at, created_by; /* entered: ms, person */
    int64_t changed_at, changed_by;
    int64_t occurred_at; /* claimed, ms; 0 = as entered */
    int64_t due_at;      /* the next step is due, ms; 0 = never */
    struct str due_rule; /* the rule row it came from: "key@version" */
    int64_t escalated;   /* how far up an overdue has been told: 0 to 3 */
    int64_t origin;      /* enum origin */
    struct str no;       /* public number 编号 */
    struct str raw;      /* of an import: the cells as they stood */
};

/* Permanent tags of those that rights are about. */
enum { REC_CREATED_BY = 13, REC_CHANGED_BY = 15 };

/* Header fields as a table, so that events, rows and exports walk one list. */
extern const struct field rec_fields[];
extern const size_t n_rec_fields;

enum state_flag {
    ST_OPEN = 1,
    ST_END = 2,
    ST_FINAL = 4, /* nothing more is due, though it counts as open: the time
                   * that its personal data are kept runs from here */
};

struct state {
    int64_t v; /* permanent, 1 to 62 */
    const char *key;
    const char *label; /* message id */
    const char *shown; /* message id: what outsiders are told */
    unsigned flags;
};

#define ST_NONE   0 /* before it exists */
#define IN(state) (UINT64_C(1) << (state))
#define STAY      (-1)
#define ANY       (-2) /* the caller names the state: import only */

/* What a step may ask of the world: answered by the service, so that the
 * domain stays pure. */
struct step_ctx {
    int64_t now;    /* ms */
    int64_t today;  /* local day */
    int64_t person; /* who takes the step; 0 = the system */
    uint64_t roles; /* what that person is to the record: R() of each */
    struct str comment;
    const struct rules *rules;
    struct arena *arena;   /* for texts that apply() makes */
    const void *before;    /* the record as it was; NULL when it is made */
    const void *with[2];   /* the records that ledger.with names; or NULL */
    const void *had[2];    /* those that it named before; or NULL */
    const int64_t *school; /* the schools below the record's unit */
    const int64_t *chief;  /* of each: who answers for its safety, or 0 */
    size_t n_school;
    unsigned char random[16]; /* fresh for each change */
};

/* The same as 32 hex digits, in c->arena. */
struct str ctx_random_hex(const struct step_ctx *c);

/* A change of another record that a step brings about, in the same
 * transaction: a hazard out of a failed item, an inspection out of a schedule.
 * Values are given by the program: no step of the other ledger need take them
 * from people. */
enum { FOLLOW_VALUES = 16 };
struct follow {
    const struct ledger *ledger;
    int64_t id;  /* 0: make one */
    int64_t org; /* of a new one */
    const char *verb;
    bool optional;     /* where the step is not possible, or its checks find
                        * the record in the way, nothing happens */
    const char *unset; /* of .optional: nor where this field is set already */
    struct str name[FOLLOW_VALUES], value[FOLLOW_VALUES];
    size_t n;
    struct str files; /* ids of attachments of this record ... */
    const char *as;   /* ... that the other takes copies of in this field */
    const char *each; /* a field of references: for every record that has ... */
    int64_t each_id;  /* ... this one in it, in place of .id */
    struct str ids;   /* for each of these, "12,34", in place of .id */
    int64_t *made;    /* out: the id of the one that was made; may be NULL */
    const char *once; /* fields: where there is a record with the same values,
                        * nothing happens */
    /* refused while a record of that ledger that has .id in its field .by names,
     * in its field .field, a record of follow.ledger in one of the states; or
     * while one of follow.ledger in such a state names .id in its field .own */
    struct {
        const struct ledger *ledger;
        const char *by, *field;
        int64_t id;
        uint64_t states;
        const char *own;
    } unless;
};
typedef bool follow_fn(const struct follow *, void *arg, struct err *);
void follow_add(struct follow *, const char *name, struct str value);
void follow_i64(struct follow *, const char *name, int64_t, struct arena *);
void follow_day(struct follow *, const char *name, int64_t, struct arena *);
/* The choice of that value in the other ledger's field. */
void follow_choice(struct follow *, const char *name, int64_t v);
/* The same field of the other record gets what this one has. */
void follow_copy(struct follow *, const struct field *, const void *rec,
                 struct arena *);

enum step_flag {
    S_COMMENT = 1 << 0,  /* needs words: a reason or an opinion */
    S_ANYTIME = 1 << 1,  /* making safe: nothing may stand in its way */
    S_QUIET = 1 << 2,    /* not offered as a button (import, system) */
    S_DANGER = 1 << 3,   /* ends the record; shown apart */
    S_MAIN = 1 << 4,     /* the usual next step: shown first */
    S_SIGN = 1 << 7,     /* a signature: a page asks for the password again */
    S_TOGETHER = 1 << 6, /* offered for many records at once */
    S_TELL = 1 << 5,     /* who acts next is told, though the state stays */
    S_UP = 1 << 9,       /* the district is told, too */
    S_PAGE = 1 << 10,    /* taken on a page of its own, not by a form */
    S_VEIL = 1 << 11,    /* what its fields held before, and what outsiders
                          * said before, is for who holds SEE_VEILED */
    S_GIVEN = 1 << 8,    /* the service gives it values: change.given */
};

/* One allowed step of a record's life; what is not listed is refused. */
struct step {
    const char *verb;
    const char *label; /* message id, imperative */
    uint64_t from;     /* IN() of each state */
    int to;            /* or STAY */
    uint64_t roles;    /* who may */
    unsigned flags;
    const char *source; /* the area or rule it comes from */
    const char *then;   /* message id: what happens next, and who does it */
    const char *other;  /* fields naming who may not take it: see step_bars() */
    /* Refuse what the tables cannot say. NULL: nothing more. */
    bool (*check)(const void *rec, const struct step_ctx *, struct err *e);
    /* Set what follows from the step: hidden fields, due times. */
    void (*apply)(void *rec, const struct step_ctx *);
    /* Whether to offer it on this record at all. NULL: always. */
    bool (*fits)(const void *rec);
};

/* Facts that stand together on a record's page, under a small heading; what no
 * group names stands above them. */
struct group {
    const char *heading; /* message id */
    const char *fields;  /* names, with blanks between */
};

/* Who holds a right that is no step: "read", "see_people", "export", ... */
struct right {
    const char *verb;
    uint64_t roles;
};

enum ledger_flag {
    L_NUMBERED = 1 << 0,  /* {school}-{code}-{year}-{n}, counting up */
    L_DIR = 1 << 1,       /* part of the directory: org, people, places ... */
    L_SETUP = 1 << 2,     /* shown under administration, not in the main menu */
    L_TREE = 1 << 3,      /* its records are org nodes: each is its own .org */
    L_SHARED = 1 << 4,    /* what a unit keeps is read by those below it, too */
    L_CLOCKWORK = 1 << 5, /* its due times are the program's: on no board */
    L_AT_SCHOOL = 1 << 6, /* who belongs to no school is asked for one */
};

enum { LEDGER_FIELDS_MAX = 200 };

struct ledger {
    const char *name;              /* table, URL and JSON name */
    uint16_t tag;                  /* permanent: events carry it */
    const char *code;              /* in public numbers: "YH" */
    const char *title, *title_one; /* message ids */
    const char *purpose;           /* message id: what its data are for */
    const char *keep; /* the rule that says how long personal data stay */
    unsigned flags;
    size_t size;
    const struct field *fields;
    size_t n_fields;
    const struct state *states;
    size_t n_states;
    const struct step *steps;
    size_t n_steps;
    const struct right *rights;
    size_t n_rights;
    const struct group *groups;
    size_t n_groups;
    const char *list;       /* fields of a list's row, in order */
    const char *taken;      /* fields that files taken out have beside those */
    const char *filter;     /* fields a list can be narrowed by */
    const char *count;      /* fields the overview counts by */
    const char *round;      /* asked of each in a form for many; NULL: none */
    const char *round_more; /* asked of each, too, behind ... */
    const char *round_more_label; /* ... these words */
    const char *shared;   /* asked once for all of them; "source=patrol": with
                           * that preset in place of the field's own */
    const char *looked;   /* place and day: the overview tells the last look */
    const char *children; /* ledger, its field that names this record, and the
                           * step that sets it, if one does: shown on the
                           * record's page */
    const char *similar;  /* open records alike in these may be the same
                           * one; what is empty differs from nothing */
    /* True where messages say the number only: see product.md, line 6. NULL:
     * never. */
    bool (*discreet)(const void *rec);
    const char *discreet_by; /* the fields it looks at: whoever reads the name
                              * reads them, too */
    const char *maker_see;   /* the right to know who made a record; NULL:
                            * whoever reads it knows */
    const char *under; /* the ledger whose list leads to it; NULL: the menu */
    uint64_t choose; /* states in which forms offer its records; 0: by number */
    const char *with; /* its fields whose records checks and steps need to see,
                       * two at most */
    /* Its field that names the record it may be opened from, while that one is
     * in these states, and what a new one takes from it where nothing is said:
     * the form is filled in with it, the creating step calls it again. */
    const char *from;
    uint64_t from_in;
    void (*begin)(void *rec, const void *from, struct arena *);
    /* The system's step when it falls due. NULL: it escalates. */
    const char *when_due;
    /* Call fn for each change of another record that the step brings about. */
    bool (*follow)(const void *rec, const struct step *,
                   const struct step_ctx *, follow_fn *fn, void *arg,
                   struct err *e);
    /* Bring the due time up to date after any change. NULL: as it stands. */
    void (*settle)(void *rec, const struct step_ctx *);
};

/* The tables of a ledger's declaration, with their lengths. */
#define LEDGER_TABLES(T, f, st, sp, r)                                         \
    .size = sizeof(T), .fields = (f), .n_fields = N_OF(f), .states = (st),     \
    .n_states = N_OF(st), .steps = (sp), .n_steps = N_OF(sp), .rights = (r),   \
    .n_rights = N_OF(r)

/* Every ledger there is, in the menu's order. */
extern const struct ledger *const ledgers[];
extern const size_t n_ledgers;

const struct ledger *ledger_find(struct str name); /* NULL: none */
const struct ledger *ledger_by_tag(uint16_t tag);  /* NULL: none */
const struct field *ledger_field(const struct ledger *, struct str name);
const struct field *ledger_field_tag(const struct ledger *, uint64_t tag);
const struct field *ledger_name_field(const struct ledger *);
/* Whether this person did or decided what the step judges: stands in one of
 * the fields that step.other names, a person or ids ("12,34"). */
bool step_bars(const struct ledger *, const struct step *, const void *rec,
               int64_t person);
const struct state *ledger_state(const struct ledger *, int64_t v);

/* The right to know people by name, which no ledger lists: whoever reads by
 * another post than the auditor's holds it. Fields in which people write names
 * have it as their .see; who stands in a reference is shown by post instead. */
#define SEE_NAMES "see_names"

/* The right to read what a step with S_VEIL has covered. */
#define SEE_VEILED "see_veiled"

/* The states with one of the flags, as IN() of each. */
uint64_t ledger_states(const struct ledger *, unsigned flag);

/* Roles that hold a right: a step's verb or one of .rights; 0 = nobody. */
uint64_t ledger_roles(const struct ledger *, const char *verb);

/* The step of that name for a record in its state; rec == NULL: none yet.
 * Errors: ERR_INVALID, no such verb; ERR_CONFLICT, not possible now. */
const struct step *ledger_step(const struct ledger *, const void *rec,
                               struct str verb, struct err *e);
/* The step that makes a record: the first from ST_NONE that is not quiet. */
const struct step *ledger_create(const struct ledger *);

/* Ranges and lengths of all fields, and what the step must find filled in.
 * Errors: ERR_INVALID (.field). */
bool ledger_check(const struct ledger *, const struct step *, const void *rec,
                  struct err *e) MUST_USE;

/* True when the step may write the field. */
bool step_writes(const struct step *, const struct field *);
bool step_needs(const struct step *, const struct field *);

#endif
