#include "domain/figure.h"

struct period
period_of(int64_t year, int64_t quarter, int64_t today, const struct zone *z)
{
    bool whole = quarter < 1 || quarter >= PERIOD_YEAR;
    int first = whole ? 1 : (int)(3 * quarter - 2);
    int last = whole ? 12 : first + 2;
    struct civil end = { last == 12 ? year + 1 : year,
                         last == 12 ? 1 : last + 1, 1 };

    return (struct period){ day_of((struct civil){ year, first, 1 }),
                            day_of(end) - 1, today, z };
}

struct period
period_before(const struct period *p)
{
    return (struct period){ p->from - (p->to - p->from + 1), p->from - 1,
                            p->today, p->zone };
}

bool
hazard_counts(const struct hazard *h)
{
    return h->r.state != HZ_NOT_HAZARD && h->r.state != HZ_DUPLICATE;
}

int64_t
hazard_found_day(const struct hazard *h, const struct zone *z)
{
    if (h->found_on != 0)
        return h->found_on;
    return zone_day(z,
                    h->r.occurred_at != 0 ? h->r.occurred_at : h->r.created_at);
}

/* What an old ledger calls closed may have no day of acceptance. */
int64_t
hazard_done_day(const struct hazard *h, const struct zone *z)
{
    int64_t found = hazard_found_day(h, z), day = found;

    if (h->r.state != HZ_ACCEPTED && h->r.state != HZ_CLOSED)
        return 0;
    if (h->accepted_at != 0)
        day = zone_day(z, h->accepted_at);
    else if (h->closed_at != 0)
        day = zone_day(z, h->closed_at);
    else if (h->finished_on != 0)
        day = h->finished_on;
    return day > found ? day : found;
}

/* ---- the figures --------------------------------------------------------- */

static bool
is_found_in(const struct hazard *h, const struct period *p)
{
    int64_t day = hazard_found_day(h, p->zone);

    return day >= p->from && day <= p->to;
}

static bool
is_done_by(const struct hazard *h, const struct period *p, int64_t day)
{
    int64_t done = hazard_done_day(h, p->zone);

    return done != 0 && done <= day;
}

static int64_t
before(const struct hazard *h, const struct period *p)
{
    return hazard_found_day(h, p->zone) < p->from &&
           !is_done_by(h, p, p->from - 1);
}

/* To be worked on in the period: open from before, or found in it. */
static bool
is_in_work(const struct hazard *h, const struct period *p)
{
    return before(h, p) || is_found_in(h, p);
}

static int64_t
found(const struct hazard *h, const struct period *p)
{
    return is_found_in(h, p);
}

static int64_t
found_done(const struct hazard *h, const struct period *p)
{
    return is_found_in(h, p) && is_done_by(h, p, p->to);
}

static int64_t
done(const struct hazard *h, const struct period *p)
{
    return is_in_work(h, p) && is_done_by(h, p, p->to);
}

static int64_t
still_open(const struct hazard *h, const struct period *p)
{
    return is_in_work(h, p) && !is_done_by(h, p, p->to);
}

static int64_t
late(const struct hazard *h, const struct period *p)
{
    int64_t end = p->to < p->today ? p->to + 1 : p->today;

    return still_open(h, p) && h->deadline != 0 && h->deadline < end;
}

static int64_t
listed(const struct hazard *h, const struct period *p)
{
    int64_t day = h->listed_at != 0 ? zone_day(p->zone, h->listed_at) : 0;

    return h->grade == GRADE_MAJOR && day != 0 && day >= p->from &&
           day <= p->to;
}

static int64_t
five_duty(const struct hazard *h, const struct period *p)
{
    return is_in_work(h, p) &&
           (h->responsible != 0 || h->responsible_unit.n > 0 ||
            h->contractor.n > 0);
}

static int64_t
five_means(const struct hazard *h, const struct period *p)
{
    return is_in_work(h, p) && h->measures.n > 0;
}

static int64_t
five_funds(const struct hazard *h, const struct period *p)
{
    return is_in_work(h, p) &&
           (h->funds_need == FUNDS_NONE || h->funds_need == FUNDS_SECURED);
}

static int64_t
five_time(const struct hazard *h, const struct period *p)
{
    return is_in_work(h, p) && h->deadline != 0;
}

static int64_t
five_plan(const struct hazard *h, const struct period *p)
{
    return is_in_work(h, p) && h->contingency.n > 0;
}

static int64_t
need(const struct hazard *h, const struct period *p)
{
    return is_in_work(h, p) && h->funds_need != FUNDS_NONE ? h->funds : 0;
}

static int64_t
lacking(const struct hazard *h, const struct period *p)
{
    return still_open(h, p) && h->funds_need == FUNDS_NEEDED ? h->funds : 0;
}

static int64_t
spent(const struct hazard *h, const struct period *p)
{
    return done(h, p) ? h->funds_spent : 0;
}

#define FIGURE(id, lbl, how, fl)                                               \
    [FIG_##id] = {                                                             \
        .name = #id, .label = (lbl), .means = (how), .flags = (fl), .of = id   \
    }

const struct figure figures[N_FIGURES] = {
    FIGURE(before, N_("Carried over"),
           N_("Found before the period and not rectified when it began"),
           FG_YEAR),
    FIGURE(found, N_("Found"),
           N_("Found in the period: the day written down, else the day it was "
              "entered"),
           FG_YEAR | FG_SHORT),
    FIGURE(found_done, N_("Found and rectified"),
           N_("Found in the period and accepted by its last day; the rate is "
              "this of what was found"),
           0),
    FIGURE(done, N_("Rectified"),
           N_("Accepted in the period, whenever it was found"),
           FG_YEAR | FG_SHORT),
    FIGURE(still_open, N_("Still open"),
           N_("Carried over or found, and not accepted by the last day, or "
              "until today"),
           FG_YEAR | FG_SHORT),
    FIGURE(late, N_("Overdue"),
           N_("Still open, and the deadline had passed on the last day, or "
              "today"),
           FG_BAD | FG_SHORT),
    FIGURE(listed, N_("Newly listed for supervision"),
           N_("Major, and listed for supervision on a day of the period"),
           FG_MAJOR | FG_SHORT),
    FIGURE(five_duty, N_("Responsibility assigned"),
           N_("Carried over or found, and somebody is named as responsible"),
           0),
    FIGURE(five_means, N_("Measures fixed"),
           N_("Carried over or found, and the measures are written down"), 0),
    FIGURE(five_funds, N_("Funds settled"),
           N_("Carried over or found, and the money is secured or none is "
              "needed"),
           0),
    FIGURE(five_time, N_("Time limit set"),
           N_("Carried over or found, and a deadline is set"), 0),
    FIGURE(five_plan, N_("Contingency plan made"),
           N_("Carried over or found, and a contingency plan is written down"),
           0),
    FIGURE(need, N_("Money needed"),
           N_("Amounts of those carried over or found that need money"),
           FG_MONEY),
    FIGURE(lacking, N_("Money not yet there"),
           N_("Amounts of those still open whose money is needed and not yet "
              "there"),
           FG_MONEY | FG_BAD | FG_SHORT),
    FIGURE(spent, N_("Money spent"),
           N_("Spent on those rectified in the period"), FG_MONEY | FG_SHORT),
};

int
figure_find(struct str name)
{
    for (int i = 0; i < N_FIGURES; i++)
        if (str_is(name, figures[i].name))
            return i;
    return -1;
}

void
sums_add(struct sums *s, const struct hazard *h, const struct period *p)
{
    int grade = h->grade == GRADE_MAJOR;

    if (!hazard_counts(h))
        return;
    for (size_t i = 0; i < N_FIGURES; i++)
        s->v[i][grade] += figures[i].of(h, p);
}

void
sums_plus(struct sums *s, const struct sums *more)
{
    for (size_t i = 0; i < N_FIGURES; i++)
        for (int g = 0; g < 2; g++)
            s->v[i][g] += more->v[i][g];
}

int64_t
sums_all(const struct sums *s, enum figure_no i)
{
    return s->v[i][0] + s->v[i][1];
}

/* grade: 0 general, 1 major, 2 both */
int64_t
sums_rate(const struct sums *s, int grade)
{
    int64_t of = grade == 2 ? sums_all(s, FIG_found) : s->v[FIG_found][grade];
    int64_t n =
        grade == 2 ? sums_all(s, FIG_found_done) : s->v[FIG_found_done][grade];

    return of == 0 ? -1 : (2000 * n + of) / (2 * of);
}
