#include "domain/recur.h"
#include "base/time.h"

enum { YEARS_MAX = 10 };

static bool
refuse(struct err *e, struct str what)
{
    return err_set(e, ERR_INVALID, "rrule",
                   "\"%.*s\" is not understood. Taken are FREQ (DAILY, WEEKLY, "
                   "MONTHLY, YEARLY), INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, "
                   "COUNT and UNTIL, for example FREQ=WEEKLY;BYDAY=MO,TH",
                   STR_ARG(what));
}

/* ---- reading ------------------------------------------------------------------ */

static bool
parse_freq(struct str v, struct recur *r)
{
    static const char *const names[] = { "DAILY", "WEEKLY", "MONTHLY",
                                         "YEARLY" };

    for (int i = 0; i < 4; i++)
        if (str_is(v, names[i]))
            r->freq = (enum recur_freq)(i + 1);
    return r->freq != 0;
}

static bool
parse_int(struct str v, int lo, int hi, int *out)
{
    int64_t n;

    if (!str_i64(v, &n) || n < lo || n > hi)
        return false;
    *out = (int)n;
    return true;
}

/* "MO", "1MO", "-1FR" */
static bool
parse_weekday(struct str v, struct recur *r)
{
    static const char *const names[] = { "MO", "TU", "WE", "TH",
                                         "FR", "SA", "SU" };
    int n = 0;

    if (v.n < 2 ||
        (v.n > 2 && !parse_int(str_cut(v, v.p[0] == '+', v.n - 2), -5, 5, &n)))
        return false;
    for (int i = 0; i < 7; i++)
        if (str_is(str_cut(v, v.n - 2, v.n), names[i])) {
            r->weekdays |= 1u << i;
            r->nth[i] = n;
            return v.n == 2 || n != 0;
        }
    return false;
}

static bool
parse_list(struct str name, struct str v, struct recur *r)
{
    struct str one;
    int n;

    while (str_split(&v, ',', &one))
        if (str_is(name, "BYDAY")) {
            if (!parse_weekday(one, r))
                return false;
        } else if (str_is(name, "BYMONTH")) {
            if (!parse_int(one, 1, 12, &n))
                return false;
            r->months |= 1u << n;
        } else {
            if (!parse_int(one, -31, 31, &n) || n == 0)
                return false;
            *(n > 0 ? &r->month_days : &r->back_days) |= 1u << (n > 0 ? n : -n);
        }
    return true;
}

/* 20260630, with or without a time of day behind it */
static bool
parse_until(struct str v, int64_t *day)
{
    char text[11] = "";

    if (v.n < 8)
        return false;
    memcpy(text, v.p, 4);
    text[4] = text[7] = '-';
    memcpy(text + 5, v.p + 4, 2);
    memcpy(text + 8, v.p + 6, 2);
    return day_parse((struct str){ text, 10 }, day);
}

static bool
parse_one(struct str name, struct str v, struct recur *r)
{
    if (str_is(name, "FREQ"))
        return parse_freq(v, r);
    if (str_is(name, "INTERVAL"))
        return parse_int(v, 1, 400, &r->interval);
    if (str_is(name, "COUNT"))
        return parse_int(v, 1, 1000, &r->count);
    if (str_is(name, "UNTIL"))
        return parse_until(v, &r->until);
    return str_in_words(name, "BYDAY BYMONTH BYMONTHDAY") &&
           parse_list(name, v, r);
}

bool
recur_parse(struct str rule, struct recur *out, struct err *e)
{
    struct recur r = { .interval = 1 };
    struct str rest = str_trim(rule), one;

    if (str_starts(rest, STR("RRULE:")))
        rest = str_cut(rest, 6, rest.n);
    if (rest.n == 0 || rest.n > 200)
        return refuse(e, str_cut(rest, 0, 40));
    while (str_split(&rest, ';', &one)) {
        ptrdiff_t eq = str_find(one, STR("="));

        if (one.n == 0 && rest.p == NULL)
            break;
        if (eq < 1 || !parse_one(str_cut(one, 0, (size_t)eq),
                                 str_cut(one, (size_t)eq + 1, one.n), &r))
            return refuse(e, one);
    }
    if (r.freq == 0)
        return refuse(e, rule);
    if (r.count > 0 && r.until != 0)
        return err_set(e, ERR_INVALID, "rrule",
                       "Either COUNT or UNTIL, not both");
    *out = r;
    return true;
}

/* ---- one day -------------------------------------------------------------------- */

static int64_t
month_no(int64_t day)
{
    struct civil c = civil_of(day);

    return c.year * 12 + c.month - 1;
}

static int
weekday(int64_t day) /* 0 = Monday */
{
    return weekday_of(day) - 1;
}

static int64_t
month_length(struct civil c)
{
    struct civil first = { c.year, c.month, 1 };
    struct civil next = { c.month == 12 ? c.year + 1 : c.year,
                          c.month == 12 ? 1 : c.month + 1, 1 };

    return day_of(next) - day_of(first);
}

static bool
in_interval(const struct recur *r, int64_t start, int64_t day)
{
    int64_t n;

    switch (r->freq) {
    case RECUR_DAY:
        n = day - start;
        break;
    case RECUR_WEEK:
        n = (day - weekday(day) - (start - weekday(start))) / 7;
        break;
    case RECUR_MONTH:
        n = month_no(day) - month_no(start);
        break;
    default:
        n = civil_of(day).year - civil_of(start).year;
    }
    return n % r->interval == 0;
}

static bool
on_weekday(const struct recur *r, int64_t day, struct civil c)
{
    int w = weekday(day), nth = r->nth[w];
    int64_t from_end = (month_length(c) - c.day) / 7 + 1;

    if (!(r->weekdays >> w & 1))
        return false;
    return nth == 0 || r->freq < RECUR_MONTH || nth == (c.day - 1) / 7 + 1 ||
           -nth == from_end;
}

static bool
on_month_day(const struct recur *r, struct civil c)
{
    int64_t back = month_length(c) - c.day + 1;

    return (r->month_days >> c.day & 1) || (r->back_days >> back & 1);
}

static bool
falls_on(const struct recur *r, int64_t start, int64_t day)
{
    struct civil c = civil_of(day), s = civil_of(start);
    bool by_day = r->weekdays != 0,
         by_month_day = (r->month_days | r->back_days) != 0;

    if (!in_interval(r, start, day) ||
        (r->months != 0 && !(r->months >> c.month & 1)) ||
        (by_day && !on_weekday(r, day, c)) ||
        (by_month_day && !on_month_day(r, c)))
        return false;
    if (by_day || by_month_day || r->freq == RECUR_DAY)
        return true;
    if (r->freq == RECUR_WEEK)
        return weekday(day) == weekday(start);
    return c.day == s.day &&
           (r->freq == RECUR_MONTH || r->months != 0 || c.month == s.month);
}

int64_t
recur_next(const struct recur *r, int64_t start, int64_t from)
{
    int64_t end = start + YEARS_MAX * INT64_C(366), day;
    int left = r->count;

    if (from < start)
        from = start;
    /* COUNT counts from the first day; else the days before do not matter */
    for (day = r->count > 0 ? start : from; day <= end; day++) {
        if (r->until != 0 && day > r->until)
            return 0;
        if (!falls_on(r, start, day))
            continue;
        if (day >= from)
            return day;
        if (r->count > 0 && --left == 0)
            return 0;
    }
    return 0;
}
