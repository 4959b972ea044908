#include "domain/org.h"
#include "domain/simple.h"

static const struct state simple_states[] = SIMPLE_STATES;
static const struct step person_steps[] = { SIMPLE_STEPS(R_SETUP,
                                                         N_("Add a person")) };
static const struct step post_steps[] = { SIMPLE_STEPS(R_SETUP,
                                                       N_("Give a post")) };
static const struct step calendar_steps[] = { SIMPLE_STEPS(R_SETUP,
                                                           N_("Add days")) };
static const struct step rule_steps[] = { SIMPLE_STEPS(
    R_SETUP, N_("Set an own number")) };
/* What a school knows best of itself is not for the office to type. */
static const struct step org_steps[] = {
    SIMPLE_STEPS(R_SETUP, N_("Add a school or unit")),
    { .verb = "plan",
      .label = N_("Plan of the grounds and telephone"),
      .from = IN(SS_ACTIVE),
      .to = STAY,
      .roles = R_SETUP | R_MANAGE | R(LOGISTICS),
      .source = "C6",
      .then = N_("Risk points are drawn on the plan; the telephone stands on "
                 "notices for the wall") },
};
static const struct step place_steps[] = { SIMPLE_STEPS(
    R_SETUP | R_MANAGE | R(LOGISTICS), N_("Add a place")) };

static const struct right setup_rights[] = {
    { "read", R_READ },
    { "export", R_SETUP | R(AUDITOR) },
};

static const struct choice org_kinds[] = {
    { ORG_DISTRICT, "district", N_("School district") },
    { ORG_CENTRAL_PRIMARY, "central_primary", N_("Central primary school") },
    { ORG_VILLAGE_PRIMARY, "village_primary", N_("Village primary school") },
    { ORG_TEACHING_POINT, "teaching_point", N_("Teaching point") },
    { ORG_JUNIOR, "junior", N_("Junior middle school") },
    { ORG_SENIOR, "senior", N_("Senior middle school") },
    { ORG_NINE_YEAR, "nine_year", N_("Nine-year school") },
    { ORG_KINDERGARTEN, "kindergarten", N_("Kindergarten") },
    { ORG_BOARDING, "boarding", N_("Boarding school") },
    { ORG_DEPARTMENT, "department", N_("Department") },
    { ORG_AUTHORITY, "authority", N_("Higher authority") },
    { 0 },
};

static const struct field org_fields[] = {
    FIELD(struct org, 32, name, FK_TEXT2, N_("Name"), .max = 80,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = "add edit import"),
    FIELD(struct org, 33, kind, FK_ENUM, N_("Kind"), .choices = org_kinds,
          .example = "junior", .flags = F_REQUIRED, .by = "add edit import"),
    FIELD(struct org, 34, parent, FK_REF, N_("Belongs to"), .ref = "org",
          .preset = PRESET_UNIT, .example = EXAMPLE_ID,
          .by = "add edit import"),
    FIELD(struct org, 35, code, FK_LINE, N_("Short code"), .max = 12,
          .flags = F_UNIQUE | F_SEARCH, .by = "add edit import",
          .hint = N_("Stands in the numbers of records, for example BLZX")),
    FIELD(struct org, 36, head, FK_REF, N_("Legal representative"),
          .ref = "person", .by = "add edit import"),
    FIELD(struct org, 37, township, FK_LINE, N_("Township government"),
          .max = 80, .by = "add edit import"),
    FIELD(struct org, 38, police, FK_LINE, N_("Police station"), .max = 80,
          .by = "add edit import"),
    FIELD(struct org, 39, health, FK_LINE, N_("Health centre"), .max = 80,
          .by = "add edit import"),
    FIELD(struct org, 40, pupils, FK_INT, N_("Pupils"), .max = 100000,
          .by = "add edit import"),
    FIELD(struct org, 41, staff, FK_INT, N_("Staff"), .max = 100000,
          .by = "add edit import"),
    FIELD(struct org, 42, phone, FK_LINE, N_("Telephone of the school"),
          .max = 40, .flags = F_PHONE | F_EXTENSION,
          .by = "add edit import plan",
          .hint = N_("Stands on notices for the wall")),
    FIELD(struct org, 43, plan, FK_FILES, N_("Plan of the grounds"), .max = 1,
          .by = "add edit import plan",
          .hint = N_("A picture; risk points are drawn on it. Never public")),
};

const struct ledger org_ledger = {
    .name = "org",
    .tag = 1,
    .title = N_("Schools and units"),
    .title_one = N_("School or unit"),
    .purpose = N_("Saying who belongs to what"),
    .keep = "keep.work",
    .flags = L_DIR | L_SETUP | L_TREE,
    LEDGER_TABLES(struct org, org_fields, simple_states, org_steps,
                  setup_rights),
    .list = "name kind code head pupils staff",
    .filter = "state kind",
};

static const struct choice langs[] = {
    { 1, "en", N_("English") },
    { 2, "zh", N_("Chinese") },
    { 0 },
};

static const struct field person_fields[] = {
    FIELD(struct person, 32, name, FK_LINE, N_("Full name"), .max = 60,
          .flags = F_REQUIRED | F_NAME | F_PERSONAL | F_SEARCH,
          .by = "add edit import"),
    FIELD(struct person, 33, login, FK_LINE, N_("Sign-in name"), .max = 40,
          .flags = F_UNIQUE | F_PERSONAL, .see = "see_people",
          .by = "add edit import",
          .hint = N_("Without one the person cannot sign in")),
    FIELD(struct person, 34, phone, FK_LINE, N_("Telephone"), .max = 40,
          .flags = F_PERSONAL | F_PHONE, .see = "see_people",
          .by = "add edit import"),
    FIELD(struct person, 35, email, FK_LINE, N_("E-mail"), .max = 80,
          .flags = F_PERSONAL | F_MAIL, .see = "see_people",
          .by = "add edit import"),
    FIELD(struct person, 36, lang, FK_ENUM, N_("Language"), .choices = langs,
          .by = "add edit import"),
};

static const struct right person_rights[] = {
    { "read", R_STAFF | R(ADMIN) },
    { "see_people", R_SETUP | R_MANAGE },
    { "export", R_SETUP },
    { "password", R_SETUP },
};

const struct ledger person_ledger = {
    .name = "person",
    .tag = 2,
    .title = N_("People"),
    .title_one = N_("Person"),
    .purpose = N_("Signing in, and saying who did what"),
    .keep = "keep.person",
    .flags = L_DIR | L_SETUP,
    LEDGER_TABLES(struct person, person_fields, simple_states, person_steps,
                  person_rights),
    .list = "name org login phone",
    .filter = "org state",
    .children = "post person",
};

static const struct field post_fields[] = {
    FIELD(struct post, 32, person, FK_REF, N_("Person"), .ref = "person",
          .flags = F_REQUIRED | F_NAME, .by = "add import"),
    FIELD(struct post, 33, role, FK_ENUM, N_("Role"), .choices = role_choices,
          .flags = F_REQUIRED, .by = "add import"),
    FIELD(struct post, 34, title, FK_LINE, N_("Title of the post"), .max = 80,
          .by = "add edit import"),
    FIELD(struct post, 35, from_on, FK_DAY, N_("From"),
          .by = "add edit import"),
    FIELD(struct post, 36, to_on, FK_DAY, N_("Until"), .by = "add edit import"),
};

/* Unit and person are set already; what is left to say is the role. */
static void
begin_post(void *rec, const void *from, struct arena *a)
{
    (void)rec;
    (void)from;
    (void)a;
}

const struct ledger post_ledger = {
    .name = "post",
    .tag = 3,
    .title = N_("Posts and rights"),
    .title_one = N_("Post"),
    .purpose = N_("Saying who may do what, and since when"),
    .keep = "keep.work",
    .flags = L_DIR | L_SETUP,
    LEDGER_TABLES(struct post, post_fields, simple_states, post_steps,
                  setup_rights),
    .list = "person role org title state",
    .filter = "org role state",
    .from = "person",
    .from_in = IN(SS_ACTIVE),
    .begin = begin_post,
};

static const struct choice place_kinds[] = {
    { PLACE_AREA, "area", N_("Area") },
    { PLACE_BUILDING, "building", N_("Building") },
    { PLACE_FLOOR, "floor", N_("Floor") },
    { PLACE_ROOM, "room", N_("Room or spot") },
    { 0 },
};

static const struct field place_fields[] = {
    FIELD(struct place, 32, name, FK_TEXT2, N_("Name"), .max = 80,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = "add edit import"),
    FIELD(struct place, 33, kind, FK_ENUM, N_("Kind"), .choices = place_kinds,
          .flags = F_REQUIRED, .by = "add edit import"),
    FIELD(struct place, 34, parent, FK_REF, N_("Lies in"), .ref = "place",
          .by = "add edit import"),
    FIELD(struct place, 35, note, FK_LINE, N_("Note"), .max = 200,
          .by = "add edit import"),
    FIELD(struct place, 36, plan, FK_FILES, N_("Floor plan"), .max = 1,
          .by = "add edit import",
          .hint = N_("A picture; risk points are drawn on it. Never public")),
};

const struct ledger place_ledger = {
    .name = "place",
    .tag = 4,
    .title = N_("Places"),
    .title_one = N_("Place"),
    .purpose = N_("Saying where something is"),
    .keep = "keep.work",
    .flags = L_DIR | L_SETUP,
    LEDGER_TABLES(struct place, place_fields, simple_states, place_steps,
                  setup_rights),
    .list = "name kind parent org",
    .filter = "org state kind",
};

static const struct choice calendar_kinds[] = {
    { CAL_HOLIDAY, "holiday", N_("Holiday") },
    { CAL_WORKDAY, "workday", N_("Make-up workday") },
    { CAL_TERM, "term", N_("Semester") },
    { CAL_KEY, "key", N_("Key period (opening, exams, flood season ...)") },
    { 0 },
};

static const struct field calendar_fields[] = {
    FIELD(struct calendar, 32, name, FK_TEXT2, N_("Name"), .max = 80,
          .flags = F_REQUIRED | F_NAME, .by = "add edit import"),
    FIELD(struct calendar, 33, kind, FK_ENUM, N_("Kind"),
          .choices = calendar_kinds, .flags = F_REQUIRED,
          .by = "add edit import"),
    FIELD(struct calendar, 34, from_on, FK_DAY, N_("From"), .flags = F_REQUIRED,
          .by = "add edit import"),
    FIELD(struct calendar, 35, to_on, FK_DAY, N_("Until"), .flags = F_REQUIRED,
          .by = "add edit import"),
};

const struct ledger calendar_ledger = {
    .name = "calendar",
    .tag = 5,
    .title = N_("Calendar"),
    .title_one = N_("Days of the calendar"),
    .purpose = N_("Counting deadlines"),
    .keep = "keep.work",
    .flags = L_DIR | L_SETUP | L_SHARED,
    LEDGER_TABLES(struct calendar, calendar_fields, simple_states,
                  calendar_steps, setup_rights),
    .list = "name kind from_on to_on",
    .filter = "state kind",
    .choose = IN(SS_ACTIVE),
};

static const struct choice rule_units[] = {
    { UNIT_HOUR, "hour", N_("hours") },
    { UNIT_DAY, "day", N_("calendar days") },
    { UNIT_WORKDAY, "workday", N_("working days") },
    { UNIT_COUNT, "count", N_("times") },
    { 0 },
};

static const struct field rule_fields[] = {
    FIELD(struct rule_change, 32, rule_key, FK_LINE, N_("Rule"), .max = 60,
          .example = "hazard.grade_within",
          .flags = F_REQUIRED | F_NAME | F_UNIQUE, .by = "add import"),
    FIELD(struct rule_change, 33, value, FK_INT, N_("Number"), .example = "2",
          .min = 0, .max = 3650, .by = "add edit import"),
    FIELD(struct rule_change, 34, unit, FK_ENUM, N_("Unit"),
          .choices = rule_units, .example = "workday", .flags = F_REQUIRED,
          .by = "add edit import"),
    FIELD(struct rule_change, 35, note, FK_TEXT, N_("Why"), .max = 500,
          .flags = F_REQUIRED, .by = "add edit import"),
};

const struct ledger rule_ledger = {
    .name = "rule",
    .tag = 6,
    .title = N_("Own rules"),
    .title_one = N_("Own rule"),
    .purpose = N_("Counting deadlines"),
    .keep = "keep.work",
    .flags = L_DIR | L_SETUP,
    LEDGER_TABLES(struct rule_change, rule_fields, simple_states, rule_steps,
                  setup_rights),
    .list = "rule_key value unit note",
    .filter = "state",
};
