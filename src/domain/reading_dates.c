#include "domain/reading_part.h"

static const char *const months[] = {
    "jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec"
};

static struct str
rest_of(struct str s, size_t at)
{
    return str_cut(s, at, s.n);
}

static size_t
skip_blank(struct str s, size_t at)
{
    while (at < s.n && s.p[at] == ' ')
        at++;
    return at;
}

/* "2024", or "24" where two digits are allowed. */
static bool
plausible_year(int64_t y)
{
    return y >= 1980 && y <= 2099;
}

static bool
month_day_ok(int64_t m, int64_t d)
{
    return m >= 1 && m <= 12 && d >= 0 && d <= 31;
}

/* After a date: 前 / 之前 / 底前; and a second date makes it a range. */
static void
look_after(struct str s, struct date_parts *p)
{
    struct str r = rest_of(s, skip_blank(s, p->to));

    if (rt_starts(r, "前|之前|以前"))
        p->before = true;
    if (rt_starts(r, "-|~|至|到|—") && r.n > 1) {
        size_t at = r.p[0] == '-' || r.p[0] == '~' ? 1 : 3;

        at = skip_blank(r, at);
        if (at < r.n &&
            (rt_digit(r.p[at]) || rt_starts(rest_of(r, at), "底|今|本")))
            p->range = true;
    }
}

/* 2024年3月5日, 2024年3月, 3月5日; at stands on the first digit. */
static bool
chinese_date(struct str s, size_t at, struct date_parts *p)
{
    int64_t v, month, day = 0;
    size_t i = at;

    if (!rt_number(s, &i, &v))
        return false;
    p->from = at;
    i = skip_blank(s, i);
    if (rt_starts(rest_of(s, i), "年")) {
        if (v < 100)
            v += 2000;
        if (!plausible_year(v))
            return false;
        p->year = v;
        i = skip_blank(s, i + 3);
        p->to = i;
        if (!rt_number(s, &i, &v) ||
            !rt_starts(rest_of(s, skip_blank(s, i)), "月"))
            return false; /* a year alone is no date */
        i = skip_blank(s, i);
    } else if (!rt_starts(rest_of(s, i), "月")) {
        return false;
    }
    month = v;
    i += 3;
    p->to = i;
    i = skip_blank(s, i);
    if (rt_number(s, &i, &v)) {
        i = skip_blank(s, i);
        if (rt_starts(rest_of(s, i), "日|号")) {
            day = v;
            p->to = i + 3;
        } else if (i == s.n && v <= 31) {
            day = v;
            p->to = i;
        }
    }
    if (!month_day_ok(month, day) || (p->year == 0 && day == 0))
        return false;
    p->month = (int)month;
    p->day = (int)day;
    look_after(s, p);
    return true;
}

/* 2024-3-5, 2024.3.5, 2024/3/5, 20240305, 2024.3 */
static bool
year_first(struct str s, size_t at, struct date_parts *p)
{
    int64_t y, m, d = 0;
    size_t i = at;
    char sep;

    if (!rt_number(s, &i, &y))
        return false;
    if (i - at == 8) {
        d = y % 100;
        m = y / 100 % 100;
        y /= 10000;
    } else {
        if (i - at != 4 || i >= s.n || strchr("-./", s.p[i]) == NULL)
            return false;
        sep = s.p[i++];
        if (!rt_number(s, &i, &m))
            return false;
        if (i + 1 < s.n && s.p[i] == sep && rt_digit(s.p[i + 1])) {
            i++;
            if (!rt_number(s, &i, &d))
                return false;
        }
    }
    if (!plausible_year(y) || !month_day_ok(m, d) || (i - at == 8 && d == 0))
        return false;
    *p = (struct date_parts){
        .year = y, .month = (int)m, .day = (int)d, .from = at, .to = i
    };
    look_after(s, p);
    return true;
}

/* "/03" or "/2013": the separator, then digits; how many of them. */
static bool
next_part(struct str s, size_t *at, char sep, int64_t *v, size_t *digits)
{
    size_t from = *at + 1;

    if (*at >= s.n || s.p[*at] != sep)
        return false;
    *at = from;
    if (!rt_number(s, at, v))
        return false;
    *digits = *at - from;
    return true;
}

/* One of them a month, the other a day. */
static bool
day_and_month(int64_t a, int64_t b)
{
    return a >= 1 && a <= 31 && b >= 1 && b <= 31 && (a <= 12 || b <= 12);
}

/* 14/03/2013, 2-26-20, 14.2.13: day and month as they stand. */
static bool
year_last(struct str s, size_t at, struct date_parts *p)
{
    int64_t a, b, y;
    size_t i = at, digits;
    char sep;

    if (!rt_number(s, &i, &a) || i - at > 2 || i >= s.n)
        return false;
    sep = s.p[i];
    if (strchr("-./", sep) == NULL || !next_part(s, &i, sep, &b, &digits) ||
        !next_part(s, &i, sep, &y, &digits) || (digits != 4 && digits != 2))
        return false;
    if (digits == 2)
        y += 2000;
    if (!plausible_year(y) || !day_and_month(a, b))
        return false;
    *p = (struct date_parts){
        .year = y,
        .month = (int)a,
        .day = (int)b,
        .slashed = true,
        .from = at,
        .to = i,
    };
    /* Dots never put the month first. */
    if (sep == '.' && b <= 12) {
        p->month = (int)b;
        p->day = (int)a;
        p->slashed = false;
    }
    look_after(s, p);
    return true;
}

/* 24.3.5, 23/11/09: two digits of a year in front.  Only where the last part
 * is too small to be the year of a record. */
static bool
short_year_first(struct str s, size_t at, struct date_parts *p)
{
    int64_t y, m, d;
    size_t i = at, digits;
    char sep;

    if (!rt_number(s, &i, &y) || i - at != 2 || y < 15 || y > 35 || i >= s.n)
        return false;
    sep = s.p[i];
    if (strchr("-./", sep) == NULL || !next_part(s, &i, sep, &m, &digits) ||
        !next_part(s, &i, sep, &d, &digits) || digits > 2 || d > 9 ||
        !month_day_ok(m, d) || m == 0 || d == 0)
        return false;
    *p = (struct date_parts){
        .year = 2000 + y,
        .month = (int)m,
        .day = (int)d,
        .from = at,
        .to = i,
    };
    look_after(s, p);
    return true;
}

static int
month_name(struct str s, size_t at, size_t *end)
{
    static const char *const full[] = { "january", "february", "march",
                                        "april",   "may",      "june",
                                        "july",    "august",   "september",
                                        "october", "november", "december" };

    for (int m = 0; m < 12; m++) {
        size_t n = 0;

        while (full[m][n] != '\0' && at + n < s.n &&
               (s.p[at + n] | 32) == full[m][n])
            n++;
        if (n < 3 ||
            (at + n < s.n &&
             ((s.p[at + n] | 32) >= 'a' && (s.p[at + n] | 32) <= 'z') &&
             n < strlen(full[m]) && strncmp(full[m], "sep", 3) != 0))
            continue;
        if (n >= strlen(months[m])) {
            *end = at + n;
            if (*end < s.n && s.p[*end] == '.')
                (*end)++;
            return m + 1;
        }
    }
    return 0;
}

int
month_find(struct str s, size_t *end)
{
    return month_name(s, 0, end);
}

static size_t
skip_ordinal(struct str s, size_t at)
{
    if (rt_starts(rest_of(s, at), "st|nd|rd|th"))
        at += 2;
    return at;
}

static size_t
skip_comma(struct str s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == ',' || s.p[at] == '-'))
        at++;
    return at;
}

/* 14 March 2013, 5th of May 2014, March 14, 2013, 14-Mar-13 */
static bool
english_date(struct str s, size_t at, struct date_parts *p)
{
    int64_t day = 0, y = 0;
    size_t i = at, was;
    int m;

    if (rt_number(s, &i, &day)) {
        if (day < 1 || day > 31)
            return false;
        i = skip_comma(s, skip_ordinal(s, i));
        if (rt_starts(rest_of(s, i), "of "))
            i += 3;
        if ((m = month_name(s, i, &i)) == 0)
            return false;
    } else {
        if ((m = month_name(s, i, &i)) == 0)
            return false;
        i = skip_comma(s, i);
        if (!rt_number(s, &i, &day) || day < 1 || day > 31)
            return false;
        i = skip_ordinal(s, i);
    }
    *p =
        (struct date_parts){ .month = m, .day = (int)day, .from = at, .to = i };
    was = i = skip_comma(s, i);
    if (rt_number(s, &i, &y) && (i - was == 4 || i - was == 2)) {
        y = i - was == 2 ? y + 2000 : y;
        if (plausible_year(y)) {
            p->year = y;
            p->to = i;
        }
    }
    look_after(s, p);
    return true;
}

static bool
letter_before(struct str s, size_t at)
{
    char c = at > 0 ? s.p[at - 1] : ' ';

    return rt_digit(c) || c == '.' || c == '#' ||
           ((c | 32) >= 'a' && (c | 32) <= 'z');
}

bool
date_find(struct str s, struct date_parts *p)
{
    for (size_t at = 0; at < s.n; at++) {
        bool digit = rt_digit(s.p[at]);

        if (letter_before(s, at) || s.p[at] < '0')
            continue;
        *p = (struct date_parts){ 0 };
        if (digit && (year_first(s, at, p) || short_year_first(s, at, p) ||
                      year_last(s, at, p)))
            return true;
        *p = (struct date_parts){ 0 };
        if (digit && chinese_date(s, at, p))
            return true;
        *p = (struct date_parts){ 0 };
        if (english_date(s, at, p))
            return true;
    }
    return false;
}

bool
date_whole(struct str s, const struct date_parts *p)
{
    struct str head = str_trim(str_cut(s, 0, p->from));
    struct str tail = str_trim(str_cut(s, p->to, s.n));

    if (rt_starts(tail, "之前|以前"))
        tail = str_cut(tail, 6, tail.n);
    else if (rt_starts(tail, "前"))
        tail = str_cut(tail, 3, tail.n);
    tail = str_trim(tail);
    /* A clock time, a weekday, a part of the day. */
    if (tail.n > 0 && rt_digit(tail.p[0]) && str_find(tail, STR(":")) > 0)
        tail = STR("");
    if (tail.n > 0 && (tail.p[0] == 'T' || tail.p[0] == '('))
        tail = STR("");
    return (head.n == 0 || rt_is(head, "于|至|by|before|BY|By|Before|截至|截止|"
                                       "限|限于|在|on|due|Due")) &&
           (tail.n == 0 ||
            rt_is(tail, "上午|下午|完成|整改|完成整改|整改完成|整改完毕|"
                        "止|为止|.|。|,|完毕|起|见报|整改到位"));
}
