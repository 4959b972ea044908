#include "domain/ledger.h"

/* Minutes of meetings and study: product.md D5. */
enum minutes_state { MN_KEPT = 1, MN_SIGNED = 2 };

struct minutes {
    struct rec r;
    struct str title;
    int64_t kind, held_on;
    int64_t chair;
    struct str present, text, decided, files;
};

static const struct choice kinds[] = {
    { 1, "meeting", N_("Meeting of the management team") },
    { 2, "political", N_("Political study") },
    { 3, "business", N_("Professional study") },
    { 4, "practice", N_("Practical exercise") },
    { 0 },
};

static const struct field fields[] = {
    FIELD(struct minutes, 32, title, FK_LINE, N_("Title"), .max = 200,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = "keep edit"),
    FIELD(struct minutes, 33, kind, FK_ENUM, N_("Kind"), .choices = kinds,
          .flags = F_REQUIRED, .preset = "meeting", .by = "keep edit"),
    FIELD(struct minutes, 34, held_on, FK_DAY, N_("Held on"),
          .flags = F_REQUIRED, .preset = PRESET_TODAY, .by = "keep edit"),
    FIELD(struct minutes, 35, chair, FK_REF, N_("Chair"), .ref = "person",
          .by = "keep edit"),
    FIELD(struct minutes, 36, present, FK_TEXT, N_("Present"), .max = 1000,
          .flags = F_PERSONAL, .by = "keep edit", .see = SEE_NAMES),
    FIELD(struct minutes, 37, text, FK_TEXT, N_("What was said"), .max = 8000,
          .flags = F_REQUIRED | F_SEARCH, .by = "keep edit"),
    FIELD(struct minutes, 38, decided, FK_TEXT, N_("What was decided"),
          .max = 4000, .flags = F_SEARCH, .by = "keep edit"),
    FIELD(struct minutes, 39, files, FK_FILES, N_("Signed original"), .max = 9,
          .by = "keep edit sign"),
};

static const struct state states[] = {
    { MN_KEPT, "kept", N_("kept"), N_("kept"), ST_OPEN },
    { MN_SIGNED, "signed", N_("signed"), N_("signed"), ST_END },
};

static const struct step steps[] = {
    { .verb = "keep",
      .label = N_("Keep minutes"),
      .from = IN(ST_NONE),
      .to = MN_KEPT,
      .roles = R_MANAGE,
      .flags = S_MAIN,
      .source = "D5",
      .then = N_("The principal signs them") },
    { .verb = "edit",
      .label = N_("Correct"),
      .from = IN(MN_KEPT),
      .to = STAY,
      .roles = R_MANAGE,
      .source = "D5",
      .then = N_("The old values stay in the history") },
    { .verb = "sign",
      .label = N_("Sign"),
      .from = IN(MN_KEPT),
      .to = MN_SIGNED,
      .roles = R_HEAD,
      .flags = S_MAIN | S_SIGN,
      .source = "D5",
      .then = N_("They cannot be changed any more") },
};

static const struct right rights[] = {
    { "read", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
    { "export", R_MANAGE | R(AUDITOR) },
};

const struct ledger minutes_ledger = {
    .name = "minutes",
    .tag = 18,
    .title = N_("Minutes"),
    .title_one = N_("Minutes of a meeting"),
    .purpose = N_("Showing what was studied and decided"),
    .keep = "keep.work",
    LEDGER_TABLES(struct minutes, fields, states, steps, rights),
    .list = "title kind held_on org chair",
    .filter = "state kind",
};
