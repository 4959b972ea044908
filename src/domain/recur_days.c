/* The days of a rule, period by period: FREQ and INTERVAL choose the days, weeks,
 * months or years, the BY parts choose the days in each. */
#include "domain/recur.h"

enum { YEARS_MAX = 10, YEAR_DAYS = 366 };

/* One period. A day that SKIP moves may fall one day before or after it. */
struct span {
    int64_t first;
    int n;
    bool on[YEAR_DAYS + 2]; /* [1] is the first day */
};

static int64_t
month_no(int64_t day)
{
    struct civil c = civil_of(day);

    return c.year * 12 + c.month - 1;
}

static int64_t
first_of_month(int64_t no)
{
    return day_of((struct civil){ no / 12, (int)(no % 12) + 1, 1 });
}

static int64_t
first_of_year(int64_t year)
{
    return day_of((struct civil){ year, 1, 1 });
}

static int
month_length(int64_t no)
{
    return (int)(first_of_month(no + 1) - first_of_month(no));
}

static int
weekday(int64_t day) /* 0 = Monday */
{
    return weekday_of(day) - 1;
}

static int64_t
week_of(const struct recur *r, int64_t day) /* the first day of its week */
{
    return day - (weekday(day) - r->week_start + 7) % 7;
}

/* How many periods after that of start the day lies, by FREQ alone. */
static int64_t
periods_between(const struct recur *r, int64_t start, int64_t day)
{
    switch (r->freq) {
    case RECUR_DAY:
        return day - start;
    case RECUR_WEEK:
        return (week_of(r, day) - week_of(r, start)) / 7;
    case RECUR_MONTH:
        return month_no(day) - month_no(start);
    default:
        return civil_of(day).year - civil_of(start).year;
    }
}

/* The period n periods after that of start, no day chosen. */
static void
span_init(struct span *s, const struct recur *r, int64_t start, int64_t n)
{
    int64_t year = civil_of(start).year + n;

    switch (r->freq) {
    case RECUR_DAY:
        s->first = start + n;
        s->n = 1;
        break;
    case RECUR_WEEK:
        s->first = week_of(r, start) + 7 * n;
        s->n = 7;
        break;
    case RECUR_MONTH:
        s->first = first_of_month(month_no(start) + n);
        s->n = month_length(month_no(start) + n);
        break;
    default:
        s->first = first_of_year(year);
        s->n = (int)(first_of_year(year + 1) - s->first);
    }
    memset(s->on, 0, (size_t)s->n + 2);
}

static bool
by_day(const struct recur *r)
{
    return (r->weekdays | r->numbered) != 0;
}

static bool
by_month_day(const struct recur *r)
{
    return (r->month_days | r->back_days) != 0;
}

/* BYMONTHDAY; where nothing says which day, that of the first day. */
static unsigned
days_ahead(const struct recur *r, int64_t start)
{
    return by_day(r) || by_month_day(r) ? r->month_days
                                        : 1u << civil_of(start).day;
}

static bool
in_months(const struct recur *r, int64_t start, int month)
{
    if (r->months != 0)
        return r->months >> month & 1;
    return r->freq != RECUR_YEAR || by_day(r) || by_month_day(r) ||
           month == civil_of(start).month;
}

static bool
on_month_day(const struct recur *r, int64_t day)
{
    int d = civil_of(day).day, back = month_length(month_no(day)) - d + 1;

    return (r->month_days >> d & 1) || (r->back_days >> back & 1);
}

/* The days of a day or a week: BYMONTH and BYMONTHDAY only take away. */
static void
choose_near(struct span *s, const struct recur *r, int64_t start)
{
    for (int i = 1; i <= s->n; i++) {
        int64_t day = s->first + i - 1;

        s->on[i] = in_months(r, start, civil_of(day).month) &&
                   (!by_month_day(r) || on_month_day(r, day)) &&
                   (r->freq == RECUR_DAY || by_day(r) || by_month_day(r) ||
                    weekday(day) == weekday(start));
    }
}

/* The days of one month; at: the place of its first day in s->on. */
static void
choose_in_month(struct span *s, const struct recur *r, int64_t start, int at,
                int length)
{
    unsigned ahead = days_ahead(r, start), back = r->back_days;

    for (int d = 1; d <= length && (ahead | back) == 0; d++)
        s->on[at + d - 1] = true;
    for (int d = 1; d <= 31; d++) {
        bool is = d <= length;

        if ((ahead >> d & 1) && (is || r->skip != RECUR_OMIT))
            s->on[is                          ? at + d - 1
                  : r->skip == RECUR_BACKWARD ? at + length - 1
                                              : at + length] = true;
        if ((back >> d & 1) && (is || r->skip != RECUR_OMIT))
            s->on[is                          ? at + length - d
                  : r->skip == RECUR_BACKWARD ? at - 1
                                              : at] = true;
    }
}

static bool
on_weekday(const struct recur *r, int64_t day)
{
    int w = weekday(day);
    int64_t no = month_no(day), first = first_of_month(no),
            end = first_of_month(no + 1);

    if (r->weekdays >> w & 1)
        return true;
    if (r->freq == RECUR_YEAR && r->months == 0) {
        first = first_of_year(no / 12);
        end = first_of_year(no / 12 + 1);
    }
    return (r->ahead[w] >> ((day - first) / 7 + 1) & 1) ||
           (r->back[w] >> ((end - 1 - day) / 7 + 1) & 1);
}

static void
keep_weekdays(struct span *s, const struct recur *r)
{
    for (int i = 0; i <= s->n + 1; i++)
        if (s->on[i] && !on_weekday(r, s->first + i - 1))
            s->on[i] = false;
}

/* BYSETPOS: the first, the last, ... of the days that were chosen */
static void
keep_places(struct span *s, const struct recur *r)
{
    int all = 0, no = 0;

    for (int i = 0; i <= s->n + 1; i++)
        all += s->on[i];
    for (int i = 0; i <= s->n + 1; i++) {
        bool keep = false;

        if (!s->on[i])
            continue;
        no++;
        for (int k = 0; k < r->n_places; k++)
            keep |= r->place[k] == no || r->place[k] == no - all - 1;
        s->on[i] = keep;
    }
}

static void
choose(struct span *s, const struct recur *r, int64_t start)
{
    int64_t no = month_no(s->first);

    if (r->freq < RECUR_MONTH)
        choose_near(s, r, start);
    for (; r->freq >= RECUR_MONTH && first_of_month(no) < s->first + s->n; no++)
        if (in_months(r, start, (int)(no % 12) + 1))
            choose_in_month(s, r, start,
                            (int)(first_of_month(no) - s->first) + 1,
                            month_length(no));
    if (by_day(r))
        keep_weekdays(s, r);
    if (r->n_places > 0)
        keep_places(s, r);
}

/* Where the walk stands: the days come in order, each once. */
struct walk {
    int64_t from, last;
    int left; /* of COUNT; 0: no limit */
};

/* The first day of the period from walk.from on; 0: none in it; -1: the rule has
 * come to its end. */
static int64_t
walk_span(struct walk *w, const struct span *s, const struct recur *r,
          int64_t start)
{
    for (int i = 0; i <= s->n + 1; i++) {
        int64_t day = s->first + i - 1;

        if (!s->on[i] || day < start || day <= w->last)
            continue;
        if (r->until != 0 && day > r->until)
            return -1;
        if (day >= w->from)
            return day;
        w->last = day;
        if (r->count > 0 && --w->left == 0)
            return -1;
    }
    return 0;
}

int64_t
recur_next(const struct recur *r, int64_t start, int64_t from)
{
    struct walk w = { from < start ? start : from, start - 1, r->count };
    int64_t end = start + YEARS_MAX * INT64_C(366), n = 0, day;
    struct span s;

    if (w.from > end)
        return 0;
    /* COUNT counts from the first day; else what lies before does not matter, but
     * for the period before, of which SKIP may move a day into this one */
    if (r->count == 0) {
        n = periods_between(r, start, w.from) / r->interval - 1;
        n = n > 0 ? n * r->interval : 0;
    }
    for (;; n += r->interval) {
        span_init(&s, r, start, n);
        if (s.first > end)
            return 0;
        choose(&s, r, start);
        day = walk_span(&w, &s, r, start);
        if (day != 0)
            return day > 0 && day <= end ? day : 0;
    }
}

/* The last day of the rule by COUNT, or to where it goes on until then. */
static int64_t
last_counted(const struct recur *r, int64_t start, int64_t to)
{
    int64_t day = recur_next(r, start, start), last = day;

    for (int k = 0; day != 0 && day <= to && k <= r->count; k++) {
        last = day;
        day = recur_next(r, start, day + 1);
    }
    return day != 0 ? to : last;
}

size_t
recur_left_out(const struct recur *r, int64_t start, int64_t from, int64_t to,
               struct civil *out, size_t max)
{
    struct recur now = *r, then = *r;
    int64_t day = from;
    size_t n = 0;

    if (r->freq < RECUR_MONTH || r->skip != RECUR_OMIT)
        return 0;
    if (r->count > 0)
        to = last_counted(r, start, to);
    now.count = then.count = 0;
    then.skip = RECUR_BACKWARD;
    while ((day = recur_next(&then, start, day)) != 0 && day <= to) {
        struct civil c = civil_of(day);
        int length = month_length(month_no(day));

        /* for -31 and the like it would be the month before: not told */
        if (c.day == length && recur_next(&now, start, day) != day)
            for (int d = length + 1; d <= 31 && n < max; d++)
                if (days_ahead(r, start) >> d & 1)
                    out[n++] = (struct civil){ c.year, c.month, d };
        day++;
    }
    return n;
}
