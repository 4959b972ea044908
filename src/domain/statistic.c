#include "domain/statistic.h"

static const struct choice quarters[] = {
    { 1, "q1", N_("first quarter") },
    { 2, "q2", N_("second quarter") },
    { 3, "q3", N_("third quarter") },
    { 4, "q4", N_("fourth quarter") },
    { PERIOD_YEAR, "year", N_("whole year") },
    { 0 },
};

/* Figures are given by the service; no form and no program may send them. */
static const struct field fields[] = {
    FIELD(struct statistic, 32, title, FK_LINE, N_("Period"), .max = 40,
          .flags = F_NAME | F_HIDDEN | F_SEARCH),
    FIELD(struct statistic, 33, year, FK_INT, N_("Year"), .min = 2000,
          .max = 2100, .flags = F_REQUIRED, .preset = PRESET_YEAR,
          .by = "draft"),
    FIELD(struct statistic, 34, quarter, FK_ENUM, N_("Quarter or year"),
          .choices = quarters, .flags = F_REQUIRED, .preset = PRESET_QUARTER,
          .by = "draft"),
    FIELD(struct statistic, 35, reason, FK_TEXT, N_("Why it is corrected"),
          .max = 1000, .by = "draft refresh",
          .hint = N_("Only where a signed one for this period is replaced")),
    FIELD(struct statistic, 36, previous, FK_REF, N_("In place of"),
          .ref = "statistic", .flags = F_HIDDEN),
    FIELD(struct statistic, 37, as_of, FK_TIME, N_("Figures taken"),
          .flags = F_HIDDEN),
    FIELD(struct statistic, 38, signer, FK_REF, N_("Signed by"),
          .ref = "person", .flags = F_HIDDEN),
    FIELD(struct statistic, 39, signed_at, FK_TIME, N_("Signed"),
          .flags = F_HIDDEN),
    FIELD(struct statistic, 40, by_school, FK_TEXT, N_("By school"),
          .max = 400000, .flags = F_HIDDEN | F_APART),
    FIELD(struct statistic, 41, files, FK_FILES, N_("Signed paper"), .max = 9,
          .by = "original"),
#define X(name, kind, g, m, lg, lm)                                            \
    FIELD(struct statistic, g, name##_g, kind, lg,                             \
          .flags = F_HIDDEN | F_APART | F_COUNT),                              \
        FIELD(struct statistic, m, name##_m, kind, lm,                         \
              .flags = F_HIDDEN | F_APART | F_COUNT),
    FIGURES(X)
#undef X
};

enum { BEFORE_FIGURES = N_OF(fields) - 2 * N_FIGURES };

const struct field *
statistic_field(enum figure_no i, int grade)
{
    return &fields[BEFORE_FIGURES + 2 * (int)i + grade];
}

void
statistic_sums(const struct statistic *s, struct sums *out)
{
    for (int i = 0; i < N_FIGURES; i++)
        for (int g = 0; g < 2; g++)
            out->v[i][g] = *field_i64(statistic_field((enum figure_no)i, g), s);
}

void
school_sums_put(struct buf *b, int64_t org, const struct sums *s)
{
    buf_i64(b, org);
    for (size_t i = 0; i < 2 * N_FIGURES; i++) {
        buf_putc(b, i == 0 ? ':' : ',');
        buf_i64(b, s->v[i / 2][i % 2]);
    }
    buf_putc(b, ';');
}

bool
school_sums_next(struct str *rest, int64_t *org, struct sums *out)
{
    struct str one, number;
    ptrdiff_t colon;
    size_t n = 0;

    *out = (struct sums){ 0 };
    if (rest->n == 0 || !str_split(rest, ';', &one) ||
        (colon = str_find(one, STR(":"))) <= 0 ||
        !str_i64(str_cut(one, 0, (size_t)colon), org))
        return false;
    one = str_cut(one, (size_t)colon + 1, one.n);
    while (n < 2 * N_FIGURES && str_split(&one, ',', &number)) {
        if (!str_i64(number, &out->v[n / 2][n % 2]))
            return false;
        n++;
    }
    return true;
}

/* ---- the life ----------------------------------------------------------- */

static const struct state states[] = {
    { STAT_DRAFT, "draft", N_("draft"), N_("draft"), ST_OPEN },
    { STAT_SIGNED, "signed", N_("signed"), N_("signed"), ST_END },
    { STAT_REPLACED, "replaced", N_("replaced by a corrected one"),
      N_("replaced"), ST_END },
    { STAT_DROPPED, "dropped", N_("dropped"), N_("dropped"), ST_END },
};

static struct period
its_period(const struct statistic *s, const struct step_ctx *c)
{
    return period_of(s->year, s->quarter, c->today, c->rules->zone);
}

static bool
check_draft(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct statistic *s = rec;

    return its_period(s, c).from <= c->today ||
           err_set(e, ERR_INVALID, "year", "This period has not begun yet");
}

/* What is signed is what was looked at. */
static bool
check_sign(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct statistic *s = rec, *was = c->before;
    struct sums now, seen;

    statistic_sums(s, &now);
    statistic_sums(was, &seen);
    if (its_period(s, c).to >= c->today)
        return err_set(e, ERR_CONFLICT, "quarter",
                       "This period is not over yet: it can be signed from the "
                       "day after its last one");
    if (memcmp(&now, &seen, sizeof(now)) != 0 ||
        !str_eq(s->by_school, was->by_school))
        return err_set(e, ERR_CONFLICT, "as_of",
                       "The figures are no longer those of the draft: take "
                       "them anew, look at them, then sign");
    return s->previous == 0 || s->reason.n > 0 ||
           err_set(e, ERR_CONFLICT, "reason",
                   "It replaces one that is signed: say why, with \"Take the "
                   "figures anew\"");
}

static void
apply_draft(void *rec, const struct step_ctx *c)
{
    struct statistic *s = rec;

    s->title = s->quarter == PERIOD_YEAR
                   ? arena_i64(c->arena, s->year)
                   : arena_printf(c->arena, "%ld Q%ld", (long)s->year,
                                  (long)s->quarter);
}

static void
apply_sign(void *rec, const struct step_ctx *c)
{
    struct statistic *s = rec;

    s->signer = c->person;
    s->signed_at = c->now;
}

const char *
statistic_rule(int64_t quarter)
{
    return quarter == PERIOD_YEAR ? "statistic.year_within"
                                  : "statistic.quarter_within";
}

/* A draft is to be signed so long after the last day of its period; one that
 * only corrects a signed one has time. */
static void
settle(void *rec, const struct step_ctx *c)
{
    struct statistic *s = rec;
    const struct statistic *was = c->before;
    const char *rule = statistic_rule(s->quarter);
    int64_t last = rules_end_of(c->rules, its_period(s, c).to) - 1;

    if (was != NULL && was->r.state == s->r.state && s->r.due_at != 0)
        return;
    s->r.due_at = s->r.state == STAT_DRAFT && s->previous == 0
                      ? rules_due(c->rules, rule, last)
                      : 0;
    s->r.due_rule =
        s->r.due_at != 0 ? rules_name(c->rules, c->arena, rule) : STR("");
    s->r.escalated = 0;
}

/* clang-format off */
static const struct step steps[] = {
    { "draft", N_("Draft a statistical statement"), IN(ST_NONE), STAT_DRAFT, R_MANAGE, S_MAIN | S_GIVEN, "B10",
      N_("The figures are taken from the ledger; look at them, then they are signed"), .check = check_draft, .apply = apply_draft },
    { "sign", N_("Sign"), IN(STAT_DRAFT), STAT_SIGNED, R_HEAD, S_MAIN | S_GIVEN | S_SIGN, "B10",
      N_("It is never changed again; a correction is a new one that names it"), .check = check_sign, .apply = apply_sign },
    { "refresh", N_("Take the figures anew"), IN(STAT_DRAFT), STAY, R_MANAGE, S_GIVEN, "B10",
      N_("The draft then shows today's figures") },
    { "drop", N_("Drop the draft"), IN(STAT_DRAFT), STAT_DROPPED, R_MANAGE, S_DANGER, "B10",
      N_("It stays readable and is never signed") },
    { "replace", N_("Replaced by a corrected one"), IN(STAT_SIGNED), STAT_REPLACED, R(SYSTEM), S_QUIET, "B10", NULL },
    { "original", N_("Add the signed paper"), IN(STAT_SIGNED) | IN(STAT_REPLACED), STAY, R_MANAGE, 0, "N14",
      N_("The photograph is kept as the attached original") },
};
/* clang-format on */

static const struct right rights[] = {
    { "read", R_MANAGE | R(INSPECTOR) | R(AUDITOR) | R(LOGISTICS) },
    { "export", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
};

const struct ledger statistic_ledger = {
    .name = "statistic",
    .tag = 23,
    .title = N_("Statements"),
    .title_one = N_("Statistical statement"),
    LEDGER_TABLES(struct statistic, fields, states, steps, rights),
    .purpose = N_("Statistics that the law asks for, signed"),
    .keep = "keep.hazard",
    .list = "title org signed_at signer state",
#define X(name, kind, g, m, lg, lm) " " #name "_g " #name "_m"
    .taken = "as_of" FIGURES(X),
#undef X
    .filter = "org state quarter",
    .settle = settle,
};
