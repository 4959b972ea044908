#include "domain/sweep.h"

/* Sweeps: who looked where and when, and found so many or none. "None" is a
 * statement by somebody, not the absence of a record. product.md B10. */
enum { SW_STATED = 1, SW_WITHDRAWN = 2 };
enum { FOUND_NONE = 1, FOUND_SOME = 2 };

struct sweep {
    struct rec r;
    int64_t place;
    struct str looked_at;
    int64_t looked_on, looked_by;
    struct str company;
    int64_t result, found;
    struct str note, files;
};

static const struct choice results[] = {
    { FOUND_NONE, "none", N_("looked, found none") },
    { FOUND_SOME, "some", N_("found hazards") },
    { 0 },
};

static const struct field fields[] = {
    FIELD(struct sweep, 32, looked_at, FK_LINE, N_("What was looked at"),
          .max = 200, .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = "state"),
    FIELD(struct sweep, 33, place, FK_REF, N_("Place"), .ref = "place",
          .by = "state", .hint = N_("Empty: the whole school")),
    FIELD(struct sweep, 34, looked_on, FK_DAY, N_("Looked at on"),
          .flags = F_REQUIRED, .preset = PRESET_TODAY, .by = "state"),
    FIELD(struct sweep, 35, looked_by, FK_REF, N_("By whom"), .ref = "person",
          .by = "state"),
    FIELD(struct sweep, 36, company, FK_LINE, N_("Together with"), .max = 200,
          .flags = F_MORE | F_PERSONAL, .by = "state", .see = SEE_NAMES),
    FIELD(struct sweep, 37, result, FK_ENUM, N_("Result"), .choices = results,
          .flags = F_REQUIRED, .by = "state"),
    FIELD(struct sweep, 38, found, FK_INT, N_("How many hazards"), .max = 1000,
          .by = "state"),
    FIELD(struct sweep, 39, note, FK_TEXT, N_("Remarks"), .max = 2000,
          .flags = F_SEARCH, .by = "state"),
    FIELD(struct sweep, 40, files, FK_FILES, N_("Photographs or signed sheet"),
          .max = 9, .by = "state"),
};

static const struct state states[] = {
    { SW_STATED, "stated", N_("stated"), N_("stated"), ST_OPEN | ST_FINAL },
    { SW_WITHDRAWN, "withdrawn", N_("withdrawn"), N_("withdrawn"), ST_END },
};

static bool
check_sweep(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct sweep *s = rec;

    if (s->looked_on > c->today)
        return err_set(e, ERR_INVALID, "looked_on",
                       "This day has not come yet");
    if (s->result == FOUND_SOME && s->found < 1)
        return err_set(e, ERR_INVALID, "found", "Say how many were found");
    return s->result != FOUND_NONE || s->found == 0 ||
           err_set(e, ERR_INVALID, "found",
                   "None were found: leave the number empty");
}

static void
apply_sweep(void *rec, const struct step_ctx *c)
{
    struct sweep *s = rec;

    if (s->looked_by == 0)
        s->looked_by = c->person;
}

static const struct step steps[] = {
    { .verb = "state",
      .label = N_("Record a sweep"),
      .from = IN(ST_NONE),
      .to = SW_STATED,
      .roles = R_STAFF,
      .flags = S_MAIN,
      .source = "B10",
      .then = N_("The overview shows when each place was last looked at"),
      .check = check_sweep,
      .apply = apply_sweep },
    { .verb = "withdraw",
      .label = N_("Withdraw the statement"),
      .from = IN(SW_STATED),
      .to = SW_WITHDRAWN,
      .roles = R(CREATOR) | R_MANAGE,
      .flags = S_COMMENT | S_DANGER,
      .source = "B10",
      .then = N_("It stays readable and counts no more") },
};

static const struct right rights[] = {
    { "read", R_READ },
    { "export", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
};

const struct ledger sweep_ledger = {
    .name = "sweep",
    .tag = 20,
    .title = N_("Sweeps"),
    .title_one = N_("Sweep"),
    .purpose = N_("Showing who looked where and when"),
    .keep = "keep.hazard",
    LEDGER_TABLES(struct sweep, fields, states, steps, rights),
    .list = "looked_at org place looked_on looked_by result found",
    .filter = "org result state",
    .looked = "place looked_on",
};
