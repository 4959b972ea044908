/* What the patterns and rules of a schedule mean. */
#include "domain/recur.h"
#include "domain/schedule.h"

enum { YEAR = 365 };

#define LAST_DAY ";RSCALE=GREGORIAN;SKIP=BACKWARD"

/* What a pattern means: today, and in schedules of before. */
static const struct {
    const char *rule, *plain;
} meant[] = {
    [SP_DAILY] = { "FREQ=DAILY", "FREQ=DAILY" },
    [SP_WEEKLY] = { "FREQ=WEEKLY", "FREQ=WEEKLY" },
    [SP_MONTHLY] = { "FREQ=MONTHLY" LAST_DAY, "FREQ=MONTHLY" },
    [SP_QUARTER] = { "FREQ=MONTHLY;INTERVAL=3" LAST_DAY,
                     "FREQ=MONTHLY;INTERVAL=3" },
    [SP_SEMESTER] = { "FREQ=YEARLY;BYMONTH=3,9" LAST_DAY,
                      "FREQ=YEARLY;BYMONTH=3,9" },
};

static bool
is_own(const struct schedule *s)
{
    return s->pattern <= 0 || s->pattern >= (int64_t)N_OF(meant);
}

struct str
schedule_rule(const struct schedule *s)
{
    if (is_own(s) || str_is(s->rrule, meant[s->pattern].rule))
        return s->rrule;
    return str_of(meant[s->pattern].plain);
}

struct str
schedule_rule_chosen(const struct schedule *s, const struct schedule *was)
{
    if (is_own(s))
        return s->rrule;
    return was != NULL && was->pattern == s->pattern
               ? schedule_rule(was)
               : str_of(meant[s->pattern].rule);
}

size_t
schedule_left_out(const struct schedule *s, int64_t from, struct civil *out,
                  size_t max)
{
    int64_t to = from + YEAR < s->to_on ? from + YEAR : s->to_on;
    struct recur r;
    struct err ignored;

    return recur_parse(schedule_rule(s), &r, &ignored)
               ? recur_left_out(&r, s->from_on, from, to, out, max)
               : 0;
}

struct str
schedule_rule_last_day(const struct schedule *s, struct arena *a)
{
    struct str rule = str_trim(schedule_rule(s));
    struct recur r;
    struct err ignored;

    if (!recur_parse(schedule_rule(s), &r, &ignored) || r.scaled)
        return STR("");
    if (!is_own(s))
        return str_of(meant[s->pattern].rule);
    if (rule.p[rule.n - 1] == ';')
        rule.n--;
    if (rule.n + sizeof(LAST_DAY) - 1 > RECUR_RULE_MAX)
        return STR("");
    return a == NULL ? rule : arena_printf(a, "%.*s" LAST_DAY, STR_ARG(rule));
}

bool
schedule_check_rule(const struct schedule *s, const struct schedule *was,
                    struct err *e)
{
    struct recur r;

    if (is_own(s))
        return recur_parse(s->rrule, &r, e) &&
               ((was != NULL && str_eq(s->rrule, was->rrule)) ||
                recur_check(&r, e));
    return s->rrule.n == 0 || (was != NULL && str_eq(s->rrule, was->rrule)) ||
           str_eq(s->rrule, schedule_rule_chosen(s, was)) ||
           err_set(
               e, ERR_INVALID, "rrule",
               "This rule would not count: choose \"by a rule of your own\" "
               "above, or leave it empty");
}
