#include "domain/recur.h"

/* what was taken once and is not any more */
enum { ODD_TWICE = 1, ODD_NUMBER = 2, ODD_MONTH_DAY = 4, ODD_UNTIL = 8 };

static bool
refuse(struct err *e, struct str what)
{
    return err_set(e, ERR_INVALID, "rrule",
                   "\"%.*s\" is not understood. Taken are FREQ (DAILY, WEEKLY, "
                   "MONTHLY, YEARLY), INTERVAL, WKST, BYDAY, BYMONTHDAY, "
                   "BYMONTH, BYSETPOS, COUNT, UNTIL and RSCALE=GREGORIAN with "
                   "SKIP, for example FREQ=MONTHLY;BYDAY=1MO,3MO",
                   STR_ARG(what));
}

static int
place_in(struct str v, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (str_is(v, names[i]))
            return i;
    return -1;
}

static bool
parse_freq(struct str v, struct recur *r)
{
    static const char *const names[] = { "DAILY", "WEEKLY", "MONTHLY",
                                         "YEARLY" };

    r->freq = (enum recur_freq)(place_in(v, names, N_OF(names)) + 1);
    return r->freq != 0;
}

static bool
parse_skip(struct str v, struct recur *r)
{
    static const char *const names[] = { "OMIT", "BACKWARD", "FORWARD" };
    int i = place_in(v, names, N_OF(names));

    r->skips = true;
    r->skip = i > 0 ? (enum recur_skip)i : RECUR_OMIT;
    return i >= 0;
}

static bool
parse_weekday(struct str v, int *out)
{
    static const char *const names[] = { "MO", "TU", "WE", "TH",
                                         "FR", "SA", "SU" };

    *out = place_in(v, names, N_OF(names));
    return *out >= 0;
}

/* "3", "+3", "-3" */
static bool
parse_int(struct str v, int lo, int hi, int *out)
{
    int64_t n;

    if (v.n > 1 && v.p[0] == '+' && v.p[1] != '-')
        v = str_cut(v, 1, v.n);
    if (!str_i64(v, &n) || n < lo || n > hi)
        return false;
    *out = (int)n;
    return true;
}

/* "MO", "1MO", "-1FR" */
static bool
parse_by_day(struct str v, struct recur *r)
{
    int n, w;

    if (v.n < 2 || !parse_weekday(str_cut(v, v.n - 2, v.n), &w))
        return false;
    if (v.n == 2) {
        r->weekdays |= 1u << w;
        return true;
    }
    if (!parse_int(str_cut(v, 0, v.n - 2), -53, 53, &n) || n == 0)
        return false;
    r->numbered |= 1u << w;
    *(n > 0 ? &r->ahead[w] : &r->back[w]) |= UINT64_C(1) << (n > 0 ? n : -n);
    return true;
}

static bool
parse_by_month(struct str v, struct recur *r)
{
    int n;

    if (!parse_int(v, 1, 12, &n))
        return false;
    r->months |= 1u << n;
    return true;
}

static bool
parse_by_month_day(struct str v, struct recur *r)
{
    int n;

    if (!parse_int(v, -31, 31, &n) || n == 0)
        return false;
    *(n > 0 ? &r->month_days : &r->back_days) |= 1u << (n > 0 ? n : -n);
    return true;
}

static bool
parse_by_place(struct str v, struct recur *r)
{
    int n;

    if (r->n_places == RECUR_PLACES_MAX || !parse_int(v, -366, 366, &n) ||
        n == 0)
        return false;
    r->place[r->n_places++] = (int16_t)n;
    return true;
}

/* 20260630, with or without a time of day behind it */
static bool
parse_until(struct str v, struct recur *r)
{
    char text[11] = "";
    bool whole = v.n == 8 || (v.n >= 15 && v.p[8] == 'T' &&
                              (v.n == 15 || (v.n == 16 && v.p[15] == 'Z')));

    if (v.n < 8)
        return false;
    for (size_t i = 9; whole && i < 15 && i < v.n; i++)
        whole = v.p[i] >= '0' && v.p[i] <= '9';
    r->odd |= whole ? 0 : ODD_UNTIL;
    memcpy(text, v.p, 4);
    text[4] = text[7] = '-';
    memcpy(text + 5, v.p + 4, 2);
    memcpy(text + 8, v.p + 6, 2);
    return day_parse((struct str){ text, 10 }, &r->until);
}

static bool
parse_interval(struct str v, struct recur *r)
{
    return parse_int(v, 1, 400, &r->interval);
}

static bool
parse_count(struct str v, struct recur *r)
{
    return parse_int(v, 1, 1000, &r->count);
}

static bool
parse_week_start(struct str v, struct recur *r)
{
    return parse_weekday(v, &r->week_start);
}

static bool
parse_scale(struct str v, struct recur *r)
{
    r->scaled = true;
    return str_is(v, "GREGORIAN");
}

/* each once; where it is a list, each piece of it is read by itself */
static const struct {
    const char *name;
    bool (*parse)(struct str, struct recur *);
    bool list;
} parts[] = {
    { "FREQ", parse_freq, false },
    { "INTERVAL", parse_interval, false },
    { "COUNT", parse_count, false },
    { "UNTIL", parse_until, false },
    { "WKST", parse_week_start, false },
    { "RSCALE", parse_scale, false },
    { "SKIP", parse_skip, false },
    { "BYDAY", parse_by_day, true },
    { "BYMONTH", parse_by_month, true },
    { "BYMONTHDAY", parse_by_month_day, true },
    { "BYSETPOS", parse_by_place, true },
};

static bool
parse_part(struct str part, struct recur *r, unsigned *seen)
{
    ptrdiff_t eq = str_find(part, STR("="));
    struct str name, v, one;
    size_t i = 0;

    if (eq < 1)
        return false;
    name = str_cut(part, 0, (size_t)eq);
    v = str_cut(part, (size_t)eq + 1, part.n);
    while (i < N_OF(parts) && !str_is(name, parts[i].name))
        i++;
    if (i == N_OF(parts))
        return false;
    if (*seen >> i & 1)
        r->odd |= ODD_TWICE;
    *seen |= 1u << i;
    if (!parts[i].list)
        return parts[i].parse(v, r);
    while (str_split(&v, ',', &one))
        if (!parts[i].parse(one, r))
            return false;
    return true;
}

/* Numbered weekdays: each has to be able to come. */
static bool
settle_numbers(struct recur *r, struct err *e)
{
    bool in_year = r->freq == RECUR_YEAR && r->months == 0;

    for (int w = 0; w < 7; w++)
        if (!in_year && (r->ahead[w] | r->back[w]) >> 6 != 0)
            return err_set(e, ERR_INVALID, "rrule",
                           "No weekday comes more than five times in a month");
    if (r->freq < RECUR_MONTH && r->numbered != 0) {
        r->odd |= ODD_NUMBER;
        r->weekdays |= r->numbered;
        r->numbered = 0;
    }
    return true;
}

/* What its parts mean together. */
static bool
settle(struct recur *r, struct err *e)
{
    bool chosen = (r->weekdays | r->numbered | r->months | r->month_days |
                   r->back_days) != 0;

    if (r->count > 0 && r->until != 0)
        return err_set(e, ERR_INVALID, "rrule",
                       "Either COUNT or UNTIL, not both");
    if (r->skips && !r->scaled)
        return err_set(e, ERR_INVALID, "rrule",
                       "SKIP needs RSCALE=GREGORIAN beside it");
    if (r->n_places > 0 && (r->freq == RECUR_DAY || !chosen))
        return err_set(e, ERR_INVALID, "rrule",
                       "BYSETPOS chooses among several days: name them by "
                       "BYDAY, BYMONTHDAY or BYMONTH, in weeks, months or "
                       "years");
    if (r->freq == RECUR_WEEK && (r->month_days | r->back_days) != 0)
        r->odd |= ODD_MONTH_DAY;
    return settle_numbers(r, e);
}

bool
recur_parse(struct str rule, struct recur *out, struct err *e)
{
    struct recur r = { .interval = 1 };
    struct str rest = str_trim(rule), one;
    char upper[RECUR_RULE_MAX];
    unsigned seen = 0;

    if (rest.n == 0 || rest.n > sizeof(upper))
        return refuse(e, utf8_head(rest, 40));
    for (size_t i = 0; i < rest.n; i++)
        upper[i] =
            (char)(rest.p[i] >= 'a' && rest.p[i] <= 'z' ? rest.p[i] - 'a' + 'A'
                                                        : rest.p[i]);
    rest.p = upper;
    if (str_starts(rest, STR("RRULE:")))
        rest = str_cut(rest, 6, rest.n);
    while (str_split(&rest, ';', &one)) {
        if (one.n == 0 && rest.p == NULL)
            break;
        if (!parse_part(one, &r, &seen))
            return refuse(e, one);
    }
    if (r.freq == 0)
        return refuse(e, rule);
    if (!settle(&r, e))
        return false;
    *out = r;
    return true;
}

bool
recur_check(const struct recur *r, struct err *e)
{
    if (r->odd & ODD_TWICE)
        return err_set(e, ERR_INVALID, "rrule",
                       "One part of the rule stands there twice");
    if (r->odd & ODD_NUMBER)
        return err_set(e, ERR_INVALID, "rrule",
                       "A numbered weekday (1MO) has a meaning in months and "
                       "years only: take FREQ=MONTHLY or FREQ=YEARLY");
    if (r->odd & ODD_MONTH_DAY)
        return err_set(e, ERR_INVALID, "rrule",
                       "BYMONTHDAY has no meaning in weeks: take FREQ=MONTHLY, "
                       "FREQ=YEARLY or FREQ=DAILY");
    if (r->odd & ODD_UNTIL)
        return err_set(e, ERR_INVALID, "rrule",
                       "UNTIL is a day, for example UNTIL=20260630");
    return true;
}
