#include "domain/report.h"

/* Reports by the public: what the reporter alone may know of, beside the hazard
 * that the school works on. product.md M and line 4: the school never learns
 * who. The receipt is kept as a hash; whoever holds the code is the reporter.
 */
static const struct field fields[] = {
    FIELD(struct report, 32, about, FK_LINE, N_("Hazard"), .max = 60,
          .flags = F_REQUIRED | F_NAME, .by = "receive"),
    FIELD(struct report, 33, hazard, FK_REF, N_("Hazard's page"),
          .ref = "hazard", .flags = F_REQUIRED, .by = "receive"),
    FIELD(struct report, 34, who, FK_LINE, N_("Name, to the district only"),
          .flags = F_PERSONAL, .max = 60, .see = "see_people", .by = "receive"),
    FIELD(struct report, 35, contact, FK_LINE,
          N_("Telephone or address, to the district only"), .flags = F_PERSONAL,
          .max = 120, .see = "see_people", .by = "receive"),
    FIELD(struct report, 36, receipt, FK_LINE, N_("Receipt (hash)"), .max = 64,
          .flags = F_REQUIRED | F_HIDDEN | F_MACHINE | F_UNIQUE,
          .see = "see_people", .by = "receive"),
};

static const struct state states[] = {
    { 1, "received", N_("received"), N_("received"), ST_END },
};

static const struct step steps[] = {
    { .verb = "receive",
      .label = N_("Receive a report by the public"),
      .from = IN(ST_NONE),
      .to = 1,
      .roles = R(PUBLIC),
      .flags = S_QUIET,
      .source = "M",
      .then = N_("The safety manager verifies and grades it") },
};

static const struct right rights[] = {
    { "read", R_DISTRICT },
    { "see_people", R_DISTRICT },
    { "export", R_DISTRICT },
};

const struct ledger report_ledger = {
    .name = "report",
    .tag = 19,
    .title = N_("Reports by the public"),
    .title_one = N_("Report by the public"),
    .purpose = N_("Answering who reported, if the name was given"),
    .keep = "keep.report",
    LEDGER_TABLES(struct report, fields, states, steps, rights),
    .list = "about org who contact created_at",
    .filter = "org",
};
