#include "domain/schedule.h"
#include "domain/inspection.h"
#include "domain/org.h"
#include "domain/recur.h"

#define WRITE "add edit"

enum { DAYS_ANY = 1, DAYS_WORK = 2, DAYS_SCHOOL = 3 };
enum { LONGEST = 400, SHIFT_MAX = 30, BACK_MAX = 3 };

static const struct choice patterns[] = {
    { SP_DAILY, "daily", N_("each day") },
    { SP_WEEKLY, "weekly", N_("each week, on the weekday of the first day") },
    { SP_MONTHLY, "monthly", N_("each month, on the date of the first day") },
    { SP_QUARTER, "quarter", N_("every three months") },
    { SP_SEMESTER, "semester", N_("in March and in September") },
    { SP_OWN, "own", N_("by a rule of your own") },
    { 0 },
};

static const struct choice day_kinds[] = {
    { DAYS_ANY, "any", N_("any day") },
    { DAYS_WORK, "workday", N_("working days") },
    { DAYS_SCHOOL, "school", N_("school days") },
    { 0 },
};

static const struct field fields[] = {
    FIELD(struct schedule, 32, title, FK_TEXT2, N_("Title"), .max = 120,
          .flags = F_NAME | F_SEARCH | F_HIDDEN),
    FIELD(struct schedule, 33, checklist, FK_REF, N_("Checklist"),
          .ref = "checklist", .flags = F_REQUIRED, .by = WRITE),
    FIELD(struct schedule, 34, place, FK_REF, N_("Place"), .ref = "place",
          .instead = "place_text", .by = WRITE,
          .hint = N_("Empty: the whole school")),
    FIELD(struct schedule, 35, place_text, FK_LINE, N_("Where exactly"),
          .max = 200, .flags = F_MORE, .by = WRITE),
    FIELD(struct schedule, 36, responsible, FK_REF, N_("Who inspects"),
          .ref = "person", .example = EXAMPLE_ID, .by = WRITE),
    FIELD(struct schedule, 37, every_school, FK_FLAG,
          N_("At every school below this unit"), .flags = F_MORE, .by = WRITE),
    FIELD(struct schedule, 38, pattern, FK_ENUM, N_("How often"),
          .choices = patterns, .preset = "weekly", .flags = F_REQUIRED,
          .by = WRITE,
          .hint = N_("In a month that has no 31st the last day counts")),
    FIELD(struct schedule, 39, rrule, FK_LINE, N_("Rule (RFC 5545)"),
          .max = 200, .flags = F_MORE, .by = WRITE,
          .hint = N_("Only beside \"by a rule of your own\"; for example "
                     "FREQ=WEEKLY;BYDAY=MO,TH or FREQ=MONTHLY;BYDAY=1MO,3MO")),
    FIELD(struct schedule, 40, days, FK_ENUM, N_("Only on"),
          .choices = day_kinds, .preset = "school", .by = WRITE),
    FIELD(struct schedule, 41, from_on, FK_DAY, N_("From"), .flags = F_REQUIRED,
          .by = WRITE),
    FIELD(struct schedule, 42, to_on, FK_DAY, N_("Until"), .flags = F_REQUIRED,
          .example = "+60", .by = WRITE, .hint = N_("At most a school year")),
    FIELD(struct schedule, 43, span, FK_INT, N_("Days to do it in"), .min = 1,
          .max = 60, .flags = F_MORE, .by = WRITE,
          .hint = N_("Empty: on the day itself")),
    FIELD(struct schedule, 44, late, FK_INT, N_("Days it may be late"),
          .min = 1, .max = 60, .flags = F_MORE, .by = WRITE,
          .hint = N_("After them it counts as missed")),
    FIELD(struct schedule, 45, next_on, FK_DAY, N_("Next on"),
          .flags = F_HIDDEN),
    FIELD(struct schedule, 46, made, FK_INT, N_("Inspections made"),
          .flags = F_HIDDEN),
    FIELD(struct schedule, 47, period, FK_REF, N_("Only in the key period"),
          .ref = "calendar", .flags = F_MORE, .by = WRITE,
          .hint = N_("Key periods stand in the calendar: opening, exams, flood "
                     "season")),
};

static const struct state states[] = {
    { SD_ACTIVE, "active", N_("in force"), N_("in force"), ST_OPEN },
    { SD_PAUSED, "paused", N_("paused"), N_("paused"), ST_OPEN },
    { SD_ENDED, "ended", N_("ended"), N_("ended"), ST_END },
};

/* ---- when ------------------------------------------------------------------------ */

static bool
leaves_out(const void *rec)
{
    const struct schedule *s = rec;
    struct civil one;

    return schedule_rule_last_day(s, NULL).n > 0 &&
           schedule_left_out(s, s->from_on, &one, 1) > 0;
}

static bool
day_fits(const struct schedule *s, const struct rules *r, int64_t day)
{
    return s->days == DAYS_SCHOOL ? rules_is_school_day(r, day)
           : s->days == DAYS_WORK ? rules_is_workday(r, day)
                                  : true;
}

int64_t
schedule_next(const struct schedule *s, const struct rules *rules, int64_t from)
{
    struct recur r;
    struct err ignored;
    int64_t day = from;

    if (!recur_parse(schedule_rule(s), &r, &ignored))
        return 0;
    while ((day = recur_next(&r, s->from_on, day)) != 0 && day <= s->to_on) {
        int64_t moved = day;

        /* a day that is none: daily passes over it, others move on */
        while (r.freq != RECUR_DAY && moved < day + SHIFT_MAX &&
               !day_fits(s, rules, moved))
            moved++;
        if (moved <= s->to_on && day_fits(s, rules, moved))
            return moved;
        day++;
    }
    return 0;
}

/* The next day from "from" on, within the key period where there is one. */
static int64_t
next_within(const struct schedule *s, const struct step_ctx *c, int64_t from)
{
    const struct calendar *key = c->with[1];
    struct schedule in = *s;

    if (key != NULL && in.to_on > key->to_on)
        in.to_on = key->to_on;
    if (key != NULL && from < key->from_on)
        from = key->from_on;
    return schedule_next(&in, c->rules, from);
}

static bool
check_schedule(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct schedule *s = rec, *was = c->before;
    const struct checklist *l = c->with[0];
    struct schedule then = *s;

    if (l == NULL || l->r.state != CL_LIVE)
        return err_set(e, ERR_INVALID, "checklist",
                       "This checklist is not live: choose one that is");
    if (s->to_on < s->from_on)
        return err_set(e, ERR_INVALID, "to_on", "It ends before it begins");
    if (s->to_on > s->from_on + LONGEST)
        return err_set(e, ERR_INVALID, "to_on",
                       "A schedule runs for a school year at most (%d days): "
                       "choose an earlier end and begin a new one then",
                       (int)LONGEST);
    if (s->responsible == 0 && !s->every_school)
        return err_set(e, ERR_INVALID, "responsible", "Say who inspects");
    if (!schedule_check_rule(s, was, e))
        return false;
    then.rrule = schedule_rule_chosen(s, was);
    return next_within(&then, c, s->from_on) != 0 ||
           err_set(e, ERR_INVALID, "from_on",
                   "There is no such day in that time");
}

static void
plan_next(struct schedule *s, const struct step_ctx *c)
{
    const struct schedule *was = c->before;
    int64_t from = s->from_on;

    /* what is planned for today stands already */
    if (was != NULL && was->made > 0 && from <= c->today)
        from = c->today + 1;
    else if (from < c->today)
        from = c->today;
    s->next_on = next_within(s, c, from);
}

static void
apply_schedule(void *rec, const struct step_ctx *c)
{
    struct schedule *s = rec;

    if (c->with[0] != NULL)
        s->title = ((const struct checklist *)c->with[0])->title;
    s->rrule = schedule_rule_chosen(s, c->before);
    plan_next(s, c);
}

static void
apply_last_day(void *rec, const struct step_ctx *c)
{
    struct schedule *s = rec;

    s->rrule = schedule_rule_last_day(s, c->arena);
    plan_next(s, c);
}

static void
apply_occur(void *rec, const struct step_ctx *c)
{
    struct schedule *s = rec;
    int64_t from = s->next_on + 1;

    s->made++;
    if (from < c->today - BACK_MAX)
        from = c->today - BACK_MAX; /* nobody could have known of them */
    s->next_on = next_within(s, c, from);
}

static bool
plan_at(const struct schedule *s, int64_t on, int64_t org, int64_t who,
        const struct step_ctx *c, follow_fn *fn, void *arg, struct err *e)
{
    struct follow f = { .ledger = &inspection_ledger,
                        .org = org,
                        .verb = "plan",
                        .optional = true };

    follow_i64(&f, "checklist", s->checklist, c->arena);
    follow_i64(&f, "schedule", s->r.id, c->arena);
    if (org == s->r.org) {
        follow_i64(&f, "place", s->place, c->arena);
        if (s->place_text.n > 0)
            follow_add(&f, "place_text", s->place_text);
    }
    follow_i64(&f, "responsible", who, c->arena);
    follow_day(&f, "planned_on", on, c->arena);
    follow_day(&f, "due_on", on + (s->span > 0 ? s->span - 1 : 0), c->arena);
    follow_day(&f, "late_until", on + (s->span > 0 ? s->span - 1 : 0) + s->late,
               c->arena);
    return fn(&f, arg, e);
}

static bool
follow(const void *rec, const struct step *st, const struct step_ctx *c,
       follow_fn *fn, void *arg, struct err *e)
{
    const struct schedule *s = rec, *was = c->before;

    if (strcmp(st->verb, "occur") != 0 || was == NULL)
        return true;
    if (!s->every_school)
        return plan_at(s, was->next_on, s->r.org, s->responsible, c, fn, arg,
                       e);
    for (size_t i = 0; i < c->n_school; i++)
        if (!plan_at(s, was->next_on, c->school[i],
                     s->responsible != 0 ? s->responsible : c->chief[i], c, fn,
                     arg, e))
            return false;
    return true;
}

/* clang-format off */
static const struct step steps[] = {
    { "add", N_("Add a schedule"), IN(ST_NONE), SD_ACTIVE, R_MANAGE | R(INSPECTOR), S_MAIN, "C2",
      N_("On each day an inspection stands on the board of who inspects"), .check = check_schedule, .apply = apply_schedule },
    { "edit", N_("Change"), IN(SD_ACTIVE) | IN(SD_PAUSED), STAY, R_MANAGE | R(INSPECTOR), 0, "C2",
      N_("Inspections that are planned already stay as they are"), .check = check_schedule, .apply = apply_schedule },
    { "last_day", N_("Put missing days on the last day of the month"), IN(SD_ACTIVE) | IN(SD_PAUSED), STAY, R_MANAGE | R(INSPECTOR), 0, "C2",
      N_("In a month without a 31st the 30th counts, and so on"), .apply = apply_last_day, .fits = leaves_out },
    { "pause", N_("Pause"), IN(SD_ACTIVE), SD_PAUSED, R_MANAGE | R(INSPECTOR), S_COMMENT, "C2",
      N_("No inspections are planned until it goes on") },
    { "resume", N_("Go on"), IN(SD_PAUSED), SD_ACTIVE, R_MANAGE | R(INSPECTOR), 0, "C2",
      N_("The next one is planned from today on"), .apply = apply_schedule },
    { "end", N_("End"), IN(SD_ACTIVE) | IN(SD_PAUSED), SD_ENDED, R_MANAGE | R(INSPECTOR), S_DANGER, "C2",
      N_("Inspections that are planned already stay") },
    { "occur", N_("An inspection is planned"), IN(SD_ACTIVE), STAY, R(SYSTEM), S_QUIET, "C2",
      .apply = apply_occur },
};
/* clang-format on */

static void
settle(void *rec, const struct step_ctx *c)
{
    struct schedule *s = rec;

    s->r.due_at = s->r.state == SD_ACTIVE && s->next_on != 0
                      ? rules_end_of(c->rules, s->next_on - 1)
                      : 0;
    s->r.escalated = 0;
}

static const struct right rights[] = {
    { "read", R_READ },
    { "export", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
};

const struct ledger schedule_ledger = {
    .name = "schedule",
    .tag = 27,
    .title = N_("Schedules"),
    .title_one = N_("Schedule"),
    .purpose = N_("Saying who inspects what, and how often"),
    .keep = "keep.work",
    .flags = L_CLOCKWORK | L_SHARED,
    .under = "inspection",
    LEDGER_TABLES(struct schedule, fields, states, steps, rights),
    .list = "title org place responsible pattern next_on to_on",
    .filter = "org state",
    .with = "checklist period",
    .when_due = "occur",
    .follow = follow,
    .settle = settle,
};
