#include "domain/campaign.h"

#define WRITE "draft edit import"

static const struct field fields[] = {
    FIELD(struct campaign, 32, title, FK_LINE, N_("Title"), .max = 200,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = WRITE),
    FIELD(struct campaign, 33, parent, FK_REF, N_("Part of"), .ref = "campaign",
          .by = WRITE),
    FIELD(struct campaign, 34, theme, FK_LINE, N_("Theme"), .max = 200,
          .flags = F_SEARCH, .by = WRITE, .needed = "issue"),
    FIELD(struct campaign, 35, from_on, FK_DAY, N_("From"), .flags = F_REQUIRED,
          .by = WRITE),
    FIELD(struct campaign, 36, to_on, FK_DAY, N_("Until"), .flags = F_REQUIRED,
          .by = WRITE),
    FIELD(struct campaign, 37, doc_no, FK_LINE, N_("Document number"),
          .max = 80, .flags = F_SEARCH, .by = "issue import"),
    FIELD(struct campaign, 38, to_whom, FK_LINE, N_("To"), .max = 300,
          .by = "issue import"),
    FIELD(struct campaign, 39, copy_to, FK_LINE, N_("Copies to"), .max = 300,
          .by = "issue import"),
    FIELD(struct campaign, 40, leader, FK_LINE, N_("Leader of the group"),
          .max = 80, .flags = F_PERSONAL, .by = WRITE, .see = SEE_NAMES),
    FIELD(struct campaign, 41, deputies, FK_LINE, N_("Deputy leaders"),
          .max = 200, .flags = F_PERSONAL, .by = WRITE, .see = SEE_NAMES),
    FIELD(struct campaign, 42, members, FK_TEXT, N_("Members"), .max = 1000,
          .flags = F_PERSONAL, .by = WRITE, .see = SEE_NAMES),
    FIELD(struct campaign, 43, guiding, FK_TEXT, N_("Guiding idea"),
          .max = 4000, .flags = F_SEARCH, .by = WRITE),
    FIELD(struct campaign, 44, publicity, FK_TEXT,
          N_("Publicity and education"), .max = 4000, .by = WRITE),
    FIELD(struct campaign, 45, governance, FK_TEXT,
          N_("Hazards and special rectification"), .max = 4000, .by = WRITE),
    FIELD(struct campaign, 46, rules, FK_TEXT, N_("Rules and responsibility"),
          .max = 4000, .by = WRITE),
    FIELD(struct campaign, 47, support, FK_TEXT, N_("Training and rescue"),
          .max = 4000, .by = WRITE),
    FIELD(struct campaign, 48, team, FK_TEXT, N_("The management team"),
          .max = 4000, .by = WRITE),
    FIELD(struct campaign, 49, requirements, FK_TEXT, N_("Requirements"),
          .max = 4000, .by = WRITE),
    FIELD(struct campaign, 50, summary, FK_TEXT, N_("Summary"), .max = 8000,
          .flags = F_SEARCH, .by = "summarise import", .needed = "summarise"),
    FIELD(struct campaign, 51, files, FK_FILES, N_("Signed original"), .max = 9,
          .by = "issue summarise import"),
};

static const struct state states[] = {
    { CP_DRAFT, "draft", N_("draft"), N_("draft"), ST_OPEN },
    { CP_ISSUED, "issued", N_("issued"), N_("issued"), ST_OPEN },
    { CP_RUNNING, "running", N_("running"), N_("running"), ST_OPEN },
    { CP_SUMMARISED, "summarised", N_("summarised"), N_("summarised"),
      ST_OPEN },
    { CP_ARCHIVED, "archived", N_("archived"), N_("archived"), ST_END },
};

static bool
check_dates(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct campaign *p = rec;

    (void)c;
    return p->to_on >= p->from_on ||
           err_set(e, ERR_INVALID, "to_on", "It ends before it begins");
}

/* clang-format off */
static const struct step steps[] = {
    { "draft", N_("Draft a campaign"), IN(ST_NONE), CP_DRAFT, R_HEAD | R(SAFETY_MANAGER), S_MAIN, "A1",
      N_("It is signed and issued"), .check = check_dates },
    { "import", N_("Bring over"), IN(ST_NONE), ANY, R_HEAD | R(SAFETY_MANAGER), S_QUIET, "B11" },
    { "edit", N_("Change"), IN(CP_DRAFT), STAY, R_HEAD | R(SAFETY_MANAGER), 0, "A1",
      N_("The old values stay in the history"), .check = check_dates },
    { "issue", N_("Sign and issue"), IN(CP_DRAFT), CP_ISSUED, R_HEAD, S_MAIN | S_SIGN, "A1",
      N_("The schools receive it") },
    { "run", N_("Start the campaign"), IN(CP_ISSUED), CP_RUNNING, R_HEAD, S_MAIN, "A1",
      N_("Its activities and rectifications are carried out") },
    { "summarise", N_("Sum up"), IN(CP_RUNNING), CP_SUMMARISED, R_HEAD | R(SAFETY_MANAGER), S_MAIN, "A4",
      N_("It goes into the archive") },
    { "archive", N_("Archive"), IN(CP_SUMMARISED), CP_ARCHIVED, R_HEAD, S_MAIN, "A1",
      N_("It stays readable for ever") },
};
/* clang-format on */

static const struct right rights[] = {
    { "read", R_READ },
    { "export", R_MANAGE | R(AUDITOR) },
};

const struct ledger campaign_ledger = {
    .name = "campaign",
    .tag = 17,
    .title = N_("Campaigns"),
    .title_one = N_("Campaign"),
    .purpose = N_("Planning and summing up campaigns"),
    .keep = "keep.work",
    LEDGER_TABLES(struct campaign, fields, states, steps, rights),
    .list = "title theme from_on to_on org",
    .filter = "state",
};
