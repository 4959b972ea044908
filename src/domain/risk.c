#include "domain/risk.h"
#include "domain/hazard.h"

enum { TITLE_MAX = 120, CONTROL_MAX = 1000 };

#define GRADING "identify edit reidentify"
#define WRITE   "identify edit control reidentify"
#define CONTROL "control edit reidentify"

/* clang-format off */
static const struct choice types[] = {
    { 1, "building", N_("Building") },
    { 2, "fire", N_("Fire") },
    { 3, "electricity", N_("Electricity") },
    { 4, "food", N_("Food") },
    { 5, "traffic", N_("Traffic") },
    { 6, "lab", N_("Laboratory and chemicals") },
    { 7, "equipment", N_("Special equipment") },
    { 8, "activity", N_("Activities and crowds") },
    { 9, "natural", N_("Natural disasters") },
    { 10, "surroundings", N_("Surroundings") },
    { 99, "other", N_("Other") },
    { 0 },
};

static const struct choice methods[] = {
    { RISK_LEC, "lec", N_("LEC: likelihood x exposure x consequence") },
    { RISK_LS, "ls", N_("LS matrix: likelihood x severity") },
    { 0 },
};

/* rules.md 3. Values are tenths. */
static const struct choice lec_l[] = {
    { 100, "10", N_("10: certain, to be expected") },
    { 60, "6", N_("6: quite likely") },
    { 30, "3", N_("3: possible, but not often") },
    { 10, "1", N_("1: unlikely, would surprise") },
    { 5, "0.5", N_("0.5: conceivable, very unlikely") },
    { 2, "0.2", N_("0.2: extremely unlikely") },
    { 1, "0.1", N_("0.1: practically impossible") },
    { 0 },
};

static const struct choice lec_e[] = {
    { 100, "10", N_("10: all the time") },
    { 60, "6", N_("6: each day in working hours") },
    { 30, "3", N_("3: once a week, or by chance") },
    { 20, "2", N_("2: once a month") },
    { 10, "1", N_("1: a few times a year") },
    { 5, "0.5", N_("0.5: very rarely") },
    { 0 },
};

static const struct choice lec_c[] = {
    { 100, "100", N_("100: catastrophe, many dead") },
    { 40, "40", N_("40: disaster, several dead") },
    { 15, "15", N_("15: very grave, one dead") },
    { 7, "7", N_("7: grave, serious injury") },
    { 3, "3", N_("3: disabling injury") },
    { 1, "1", N_("1: first aid is enough") },
    { 0 },
};

static const struct choice ls_l[] = {
    { 5, "5", N_("5: happens often, or nothing prevents it") },
    { 4, "4", N_("4: likely, has happened here") },
    { 3, "3", N_("3: possible, measures have gaps") },
    { 2, "2", N_("2: unlikely, measures work") },
    { 1, "1", N_("1: hardly conceivable") },
    { 0 },
};

static const struct choice ls_s[] = {
    { 5, "5", N_("5: deaths") },
    { 4, "4", N_("4: loss of ability to work or learn") },
    { 3, "3", N_("3: broken bones, long illness") },
    { 2, "2", N_("2: slight injury") },
    { 1, "1", N_("1: nobody hurt") },
    { 0 },
};

const struct choice risk_grade_choices[RISK_GRADES] = {
    { RISK_MAJOR, "major", N_("Major risk (red)") },
    { RISK_LARGER, "larger", N_("Larger risk (orange)") },
    { RISK_GENERAL, "general", N_("General risk (yellow)") },
    { RISK_LOW, "low", N_("Low risk (blue)") },
    { RISK_SLIGHT, "slight", N_("Slight risk (blue)") },
    { 0 },
};

static const struct choice patrols[] = {
    { 1, "shift", N_("each shift") },
    { 2, "daily", N_("each school day") },
    { 3, "weekly", N_("each week") },
    { 4, "monthly", N_("each month") },
    { 5, "quarter", N_("each quarter") },
    { 6, "semester", N_("each semester") },
    { 0 },
};
/* clang-format on */

static const struct field fields[] = {
    FIELD(struct risk, 32, title, FK_LINE, N_("Risk point"), .max = TITLE_MAX,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = WRITE),
    FIELD(struct risk, 33, place, FK_REF, N_("Place"), .ref = "place",
          .instead = "place_text", .by = WRITE),
    FIELD(struct risk, 34, place_text, FK_LINE, N_("Place in words"),
          .max = 200, .flags = F_SEARCH | F_MORE, .by = WRITE),
    FIELD(struct risk, 35, type, FK_ENUM, N_("Kind"), .choices = types,
          .flags = F_REQUIRED, .by = WRITE),
    FIELD(struct risk, 36, harm, FK_TEXT, N_("What can happen"), .max = 1000,
          .flags = F_REQUIRED | F_SEARCH, .by = WRITE),
    FIELD(struct risk, 37, method, FK_ENUM, N_("Graded by"), .choices = methods,
          .flags = F_REQUIRED, .preset = "lec", .by = GRADING),
    FIELD(struct risk, 38, lec_l, FK_ENUM, N_("L: how likely"),
          .choices = lec_l, .example = "3", .by = GRADING,
          .hint = N_("Only for LEC")),
    FIELD(struct risk, 39, lec_e, FK_ENUM, N_("E: how often people are there"),
          .choices = lec_e, .example = "3", .by = GRADING,
          .hint = N_("Only for LEC")),
    FIELD(struct risk, 40, lec_c, FK_ENUM, N_("C: how grave"), .choices = lec_c,
          .example = "3", .by = GRADING, .hint = N_("Only for LEC")),
    FIELD(struct risk, 41, ls_l, FK_ENUM, N_("Matrix: how likely"),
          .choices = ls_l, .by = GRADING, .hint = N_("Only for the matrix")),
    FIELD(struct risk, 42, ls_s, FK_ENUM, N_("Matrix: how severe"),
          .choices = ls_s, .by = GRADING, .hint = N_("Only for the matrix")),
    FIELD(struct risk, 43, score, FK_LINE, N_("Value"), .max = 20,
          .flags = F_HIDDEN),
    FIELD(struct risk, 44, grade, FK_ENUM, N_("Grade"),
          .choices = risk_grade_choices, .flags = F_HIDDEN),
    FIELD(struct risk, 45, graded_by, FK_LINE, N_("By the bands"), .max = 200,
          .flags = F_HIDDEN),
    FIELD(struct risk, 46, engineering, FK_TEXT, N_("Engineering controls"),
          .example = "", .max = 1000, .by = CONTROL),
    FIELD(struct risk, 47, management, FK_TEXT, N_("Management controls"),
          .max = 1000, .by = CONTROL),
    FIELD(struct risk, 48, training, FK_TEXT, N_("Training"), .max = 1000,
          .by = CONTROL),
    FIELD(struct risk, 49, personal, FK_TEXT, N_("Personal protection"),
          .max = 1000, .flags = F_MORE, .by = CONTROL),
    FIELD(struct risk, 50, emergency, FK_TEXT, N_("Emergency measures"),
          .max = 1000, .by = CONTROL, .needed = "control"),
    FIELD(struct risk, 51, responsible, FK_REF, N_("Owner"), .ref = "person",
          .by = CONTROL, .needed = "control"),
    FIELD(struct risk, 52, patrol, FK_ENUM, N_("Looked at"), .choices = patrols,
          .by = CONTROL, .needed = "control"),
    FIELD(struct risk, 53, residual, FK_ENUM, N_("Residual risk"),
          .choices = risk_grade_choices, .by = CONTROL,
          .hint = N_("What stays when the controls work")),
    FIELD(struct risk, 54, hazard, FK_REF, N_("From the standing hazard"),
          .ref = "hazard", .flags = F_MORE, .by = WRITE),
    FIELD(struct risk, 55, identified_on, FK_DAY, N_("Identified on"),
          .flags = F_HIDDEN),
    FIELD(struct risk, 56, plan, FK_REF, N_("On the floor plan of"),
          .ref = "place", .flags = F_MORE, .by = "edit pin",
          .hint = N_("Empty: on the plan of the whole school")),
    FIELD(struct risk, 57, x, FK_INT, N_("Across the picture"), .min = 1,
          .max = RISK_X_MAX, .flags = F_MORE, .by = "edit pin",
          .hint = N_("Thousandths of the picture's width, from the left")),
    FIELD(struct risk, 58, y, FK_INT, N_("Down the picture"), .min = 1,
          .max = RISK_Y_MAX, .flags = F_MORE, .by = "edit pin",
          .hint = N_("Thousandths of the picture's width, from the top")),
    FIELD(struct risk, 59, files, FK_FILES, N_("Photographs"), .max = 9,
          .by = WRITE),
    FIELD(struct risk, 60, note, FK_TEXT, N_("Remarks"), .max = 1000,
          .flags = F_MORE, .by = WRITE),
};

static const struct state states[] = {
    { RK_IDENTIFIED, "identified", N_("identified"), N_("identified"),
      ST_OPEN },
    { RK_CONTROLLED, "controlled", N_("controlled"), N_("controlled"),
      ST_OPEN },
    { RK_REMOVED, "removed", N_("risk removed"), N_("removed"), ST_END },
};

int64_t
risk_score(const struct risk *k)
{
    if (k->method == RISK_LS)
        return 100 * k->ls_l * k->ls_s;
    return k->lec_l * k->lec_e * k->lec_c;
}

static const struct {
    enum risk_method method;
    enum risk_grade grade;
    const char *rule;
} bands[] = {
    { RISK_LEC, RISK_MAJOR, "risk.lec.major" },
    { RISK_LEC, RISK_LARGER, "risk.lec.larger" },
    { RISK_LEC, RISK_GENERAL, "risk.lec.general" },
    { RISK_LEC, RISK_LOW, "risk.lec.low" },
    { RISK_LS, RISK_MAJOR, "risk.ls.major" },
    { RISK_LS, RISK_LARGER, "risk.ls.larger" },
    { RISK_LS, RISK_GENERAL, "risk.ls.general" },
    { RISK_LS, RISK_LOW, "risk.ls.low" },
};

enum risk_grade
risk_grade_of(const struct rules *rules, enum risk_method method, int64_t score)
{
    for (size_t i = 0; i < N_OF(bands); i++) {
        const struct rule *r = rules_find(rules, str_of(bands[i].rule));

        if (bands[i].method == method && r != NULL && score >= r->value * 100)
            return bands[i].grade;
    }
    return RISK_SLIGHT;
}

const char *
risk_colour(int64_t grade)
{
    switch (grade) {
    case RISK_MAJOR:
        return "red";
    case RISK_LARGER:
        return "orange";
    case RISK_GENERAL:
        return "yellow";
    case RISK_LOW:
    case RISK_SLIGHT:
        return "blue";
    default:
        return "";
    }
}

/* "270", "4.5", "0.05" */
static struct str
score_words(struct arena *a, int64_t score)
{
    if (score % 100 == 0)
        return arena_i64(a, score / 100);
    if (score % 10 == 0)
        return arena_printf(a, "%ld.%ld", (long)(score / 100),
                            (long)(score % 100 / 10));
    return arena_printf(a, "%ld.%02ld", (long)(score / 100),
                        (long)(score % 100));
}

static struct str
band_names(const struct step_ctx *c, int64_t method)
{
    BUF(b, 400);

    for (size_t i = 0; i < N_OF(bands); i++) {
        if (bands[i].method != (enum risk_method)method)
            continue;
        if (b.n > 0)
            buf_putc(&b, ' ');
        buf_str_put(&b, rules_name(c->rules, c->arena, bands[i].rule));
    }
    return arena_dup(c->arena, buf_str(&b));
}

static bool
same_inputs(const struct risk *a, const struct risk *b)
{
    return b != NULL && a->grade != 0 && a->method == b->method &&
           a->lec_l == b->lec_l && a->lec_e == b->lec_e &&
           a->lec_c == b->lec_c && a->ls_l == b->ls_l && a->ls_s == b->ls_s;
}

static bool
check_grading(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct risk *k = rec;
    const char *missing = k->method == RISK_LS ? (k->ls_l == 0   ? "ls_l"
                                                  : k->ls_s == 0 ? "ls_s"
                                                                 : NULL)
                          : k->lec_l == 0      ? "lec_l"
                          : k->lec_e == 0      ? "lec_e"
                          : k->lec_c == 0      ? "lec_c"
                                               : NULL;

    (void)c;
    return missing == NULL ||
           err_set(e, ERR_INVALID, missing, "The grade needs this, too");
}

static void
grade(struct risk *k, const struct step_ctx *c)
{
    int64_t score = risk_score(k);

    k->score = score_words(c->arena, score);
    k->grade = risk_grade_of(c->rules, (enum risk_method)k->method, score);
    k->graded_by = band_names(c, k->method);
}

/* Frozen: a rule that changed grades nobody anew until somebody looks again. */
static void
apply_edit(void *rec, const struct step_ctx *c)
{
    if (!same_inputs(rec, c->before))
        grade(rec, c);
}

static int64_t
type_of(int64_t category)
{
    static const int64_t of[] = { 0, 1, 2,  3,  4,  5, 1,  6,
                                  7, 1, 10, 99, 99, 9, 99, 99 };

    return category > 0 && category < (int64_t)N_OF(of) ? of[category] : 0;
}

/* What the school does about it meanwhile becomes what controls it. */
static void
begin(void *rec, const void *from, struct arena *a)
{
    struct risk *k = rec;
    const struct hazard *h = from;

    if (k->title.n == 0)
        k->title = arena_cut(a, h->description, TITLE_MAX);
    if (k->place == 0 && k->place_text.n == 0 && k->r.org == h->r.org) {
        k->place = h->place;
        k->place_text = h->place_text;
    }
    if (k->type == 0)
        k->type = type_of(h->category);
    if (k->management.n == 0)
        k->management = arena_cut(a, h->control, CONTROL_MAX);
    if (k->emergency.n == 0)
        k->emergency = arena_cut(a, h->contingency, CONTROL_MAX);
    if (k->responsible == 0)
        k->responsible = h->responsible;
}

static void
apply_identify(void *rec, const struct step_ctx *c)
{
    struct risk *k = rec;
    const struct hazard *h = c->with[0];

    if (c->before == NULL && h != NULL && h->r.state == HZ_STANDING)
        begin(k, h, c->arena);
    grade(k, c);
    k->identified_on = c->today;
}

static bool
check_control(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct risk *k = rec;

    (void)c;
    return k->engineering.n + k->management.n + k->training.n > 0 ||
           err_set(e, ERR_INVALID, "management",
                   "Name at least one control: engineering, management or "
                   "training");
}

static bool
check_pin(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct risk *k = rec;

    (void)c;
    return (k->x > 0 && k->y > 0) ||
           err_set(e, ERR_INVALID, k->x > 0 ? "y" : "x",
                   "Click inside the picture, or write both numbers");
}

/* clang-format off */
static const struct step steps[] = {
    { "identify", N_("Enter a risk point"), IN(ST_NONE), RK_IDENTIFIED, R_MANAGE | R(LOGISTICS), S_MAIN, "C6",
      N_("Its grade is computed; controls, owner and patrol follow"), .check = check_grading, .apply = apply_identify },
    { "edit", N_("Correct"), IN(RK_IDENTIFIED) | IN(RK_CONTROLLED), STAY, R_MANAGE, 0, "C6",
      N_("The old values stay in the history"), .check = check_grading, .apply = apply_edit },
    { "control", N_("Put controls in force"), IN(RK_IDENTIFIED), RK_CONTROLLED, R_MANAGE, S_MAIN, "C6",
      N_("It is identified anew each semester"), .check = check_control },
    { "reidentify", N_("Identify anew"), IN(RK_CONTROLLED), STAY, R_MANAGE, S_MAIN | S_TELL, "C6",
      N_("Graded by the bands that are in force today; the grades before stay in the history"),
      .check = check_grading, .apply = apply_identify },
    { "pin", N_("Put it on the floor plan"), IN(RK_IDENTIFIED) | IN(RK_CONTROLLED), STAY, R_MANAGE | R(LOGISTICS), S_QUIET, "C6",
      .check = check_pin },
    { "remove", N_("The risk is gone"), IN(RK_IDENTIFIED) | IN(RK_CONTROLLED), RK_REMOVED, R_MANAGE, S_COMMENT | S_DANGER, "C6",
      N_("It stays readable and leaves the register") },
};
/* clang-format on */

/* Rules: risk.control_within, risk.reidentify_every. A clock that runs is not
 * moved by another rule. */
static void
settle(void *rec, const struct step_ctx *c)
{
    struct risk *k = rec;
    const struct risk *was = c->before;
    const char *rule = k->r.state == RK_IDENTIFIED   ? "risk.control_within"
                       : k->r.state == RK_CONTROLLED ? "risk.reidentify_every"
                                                     : NULL;

    if (was != NULL && was->r.state == k->r.state &&
        was->identified_on == k->identified_on)
        return;
    k->r.due_rule =
        rule != NULL ? rules_name(c->rules, c->arena, rule) : STR("");
    k->r.due_at =
        rule != NULL ? rules_due(c->rules, rule,
                                 zone_time(c->rules->zone, k->identified_on, 0))
                     : 0;
    k->r.escalated = 0;
}

static const struct right rights[] = {
    { "read", R_READ },
    { "export", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
};

static const struct group groups[] = {
    { N_("Grading"),
      "method lec_l lec_e lec_c ls_l ls_s score grade graded_by residual "
      "identified_on" },
    { N_("Controls"), "engineering management training personal emergency "
                      "responsible patrol" },
    { N_("On the floor plan"), "plan x y" },
};

const struct ledger risk_ledger = {
    .name = "risk",
    .tag = 29,
    .code = "FX",
    .title = N_("Risk points"),
    .title_one = N_("Risk point"),
    .purpose = N_("Knowing what can happen where, and who controls it"),
    .keep = "keep.work",
    .flags = L_NUMBERED,
    LEDGER_TABLES(struct risk, fields, states, steps, rights),
    .groups = groups,
    .n_groups = N_OF(groups),
    .list = "title org place type grade score responsible",
    .filter = "org state grade type",
    .with = "hazard",
    .from = "hazard",
    .from_in = IN(HZ_STANDING),
    .begin = begin,
    .settle = settle,
};
