/* Random rules of recurrence against libical, which reads RFC 5545 and 7529 by
 * code that shares nothing with ours: 1,000 rules, 10,000 with LONG set. */
#include <libical/ical.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/time.h"
#include "domain/recur.h"
#include "unit.h"

enum { RULES = 1000, RULES_LONG = 10000, DAYS_MAX = 120, YEARS = 8 };

static unsigned seed = 20261130;

static int
dice(int n)
{
    seed = seed * 1103515245u + 12345u;
    return (int)((seed >> 16) % (unsigned)n);
}

/* 1 in n */
static bool
luck(int n)
{
    return dice(n) == 0;
}

static const char *const weekdays[] = {
    "MO", "TU", "WE", "TH", "FR", "SA", "SU"
};

/* ";NAME=" and one to four numbers out of 1 to top, some counted from the end;
 * none twice: libical would give its day twice. */
static void
put_numbers(struct buf *b, const char *name, int top, bool back)
{
    uint64_t had[2] = { 0 };

    buf_printf(b, ";%s=", name);
    for (int left = 1 + dice(4); left > 0; left--) {
        int n = 1 + dice(top), minus = back && luck(4);

        if (had[minus] >> n & 1)
            continue;
        buf_printf(b, "%s%s%d", (had[0] | had[1]) != 0 ? "," : "",
                   minus ? "-" : "", n);
        had[minus] |= UINT64_C(1) << n;
    }
}

/* top: how high its numbers go; 0: none */
static void
put_weekdays(struct buf *b, int top)
{
    bool numbered = top > 0 && !luck(3);

    buf_puts(b, ";BYDAY=");
    for (int n = 1 + dice(4), w = dice(7), k = 0; k < n; k++) {
        buf_puts(b, k > 0 ? "," : "");
        if (numbered)
            buf_printf(b, "%s%d", luck(3) ? "-" : "", 1 + dice(top));
        buf_puts(b, weekdays[(w + k * 2) % 7]);
    }
}

/* What libical 3.0.16 does not know, or does otherwise than the two RFCs, is left
 * out, each with its reason. */
static void
put_rule(struct buf *b)
{
    static const char *const freq[] = { "DAILY", "WEEKLY", "MONTHLY",
                                        "YEARLY" };
    static const char *const skips[] = { "", "OMIT", "BACKWARD", "FORWARD" };
    int f = dice(4), skip = luck(2) ? dice(4) : 0;
    /* SKIP=FORWARD: it asks nothing more of the day that it moved to */
    bool forward = skip == 3, each = luck(2), months = false, days = false,
         weeks = false, back;

    buf_printf(b, "FREQ=%s", freq[f]);
    if (!each)
        buf_printf(b, ";INTERVAL=%d", 1 + dice(f < 2 ? 20 : 5));
    /* it loses its count of weeks at the edge of a month, and a day moved over
     * the edge of one */
    if ((f != 1 || each) && (f != 2 || !forward) && luck(3)) {
        put_numbers(b, "BYMONTH", 12, false);
        months = true;
    }
    /* days: it knows none from the end. SKIP: what lies before the first of a
     * month it takes or not, by the other parts. BYSETPOS: one day that is named
     * from both ends it counts as two. */
    back = f > 1 && skip < 2 && luck(2);
    /* years without BYMONTH: it takes the first day's month, where RFC 5545
     * (3.3.10, table) has each */
    if (f != 1 && (f != 3 || months) && luck(2)) {
        if (forward) /* what falls on a 1st that is named, too, it gives twice */
            buf_printf(b, ";BYMONTHDAY=%d", 29 + dice(3));
        else
            put_numbers(b, "BYMONTHDAY", 31, back);
        days = true;
    }
    if (!forward && luck(2)) {
        put_weekdays(b, f < 2 ? 0 : f == 2 || months ? 5 : 53);
        weeks = true;
    }
    if (f > 1 && (months || days || weeks) && !forward && !(days && back) &&
        luck(4))
        put_numbers(b, "BYSETPOS", 4, true);
    if (luck(3))
        buf_printf(b, ";WKST=%s", weekdays[dice(7)]);
    if (luck(4))
        buf_printf(b, ";COUNT=%d", 1 + dice(30));
    else if (luck(4))
        buf_printf(b, ";UNTIL=%d%02d%02d", 2025 + dice(5), 1 + dice(12),
                   1 + dice(28));
    if (skip > 0)
        buf_printf(b, ";RSCALE=GREGORIAN;SKIP=%s", skips[skip]);
}

static struct icaltimetype
ical_day(int64_t day)
{
    struct civil c = civil_of(day);

    return (struct icaltimetype){
        .year = (int)c.year, .month = c.month, .day = c.day, .is_date = 1
    };
}

static size_t
by_libical(const char *rule, int64_t start, int64_t *days)
{
    struct icalrecurrencetype r = icalrecurrencetype_from_string(rule);
    struct icaltimetype t = ical_day(start);
    icalrecur_iterator *it;
    size_t n = 0;

    if (icaltime_is_null_time(r.until)) /* else it looks on for centuries */
        r.until = ical_day(start + YEARS * 365);
    it = icalrecur_iterator_new(r, t);
    while (it != NULL && n < DAYS_MAX) { /* NULL: it never comes */
        t = icalrecur_iterator_next(it);
        if (icaltime_is_null_time(t))
            break;
        days[n] = day_of((struct civil){ t.year, t.month, t.day });
        if (days[n] > start + YEARS * 365)
            break;
        n++;
    }
    if (it != NULL)
        icalrecur_iterator_free(it);
    free(r.rscale);
    return n;
}

/* libical 3.0.16 mistakes which weeks are meant where the first day is not the
 * first of the rule in its week: a day after start that is. */
static int64_t
first_of_a_week(struct recur r, int64_t start)
{
    int64_t day, next;

    r.until = r.count = 0;
    next = day = recur_next(&r, start, start);
    while (next != 0 && next - day < 7) {
        day = next;
        next = recur_next(&r, start, day + 1);
    }
    return next != 0 ? next : start;
}

static size_t
by_anlan(const char *rule, int64_t *start_at, int64_t *days)
{
    struct recur r;
    struct err e;
    int64_t start = *start_at, day;
    size_t n = 0;

    if (!recur_parse(str_of(rule), &r, &e) || !recur_check(&r, &e))
        fail_msg("%s: %s", rule, e.msg);
    if (r.freq == RECUR_WEEK && r.interval > 1)
        *start_at = start = first_of_a_week(r, start);
    day = start;
    while (n < DAYS_MAX && (day = recur_next(&r, start, day)) != 0 &&
           day <= start + YEARS * 365)
        days[n++] = day++;
    return n;
}

static void
tell(const char *who, const int64_t *days, size_t n)
{
    BUF(b, 4096);

    for (size_t i = 0; i < n && i < 40; i++) {
        buf_puts(&b, " ");
        day_format(&b, days[i]);
    }
    print_message("%s:%s\n", who, b.p);
}

static void
random_rules_fall_on_the_days_that_libical_finds(void **state)
{
    int64_t ours[DAYS_MAX], theirs[DAYS_MAX], some = 0;
    int rules = getenv("LONG") != NULL ? RULES_LONG : RULES, wrong = 0;

    (void)state;
    for (int i = 0; i < rules; i++) {
        BUF(b, 512);
        int64_t start = day_of((struct civil){ 2024, 1, 1 }) + dice(1461);
        size_t n, m;

        put_rule(&b);
        n = by_anlan(b.p, &start, ours);
        /* libical looks for what never comes until the year 2582 */
        if (n == 0 && !luck(20))
            continue;
        m = by_libical(b.p, start, theirs);
        some += n > 1;
        if (n == m && memcmp(ours, theirs, n * sizeof(*ours)) == 0)
            continue;
        if (wrong++ > 20)
            continue;
        BUF(s, 32);
        day_format(&s, start);
        print_message("%s from %s\n", b.p, s.p);
        tell("ours", ours, n);
        tell("libical", theirs, m);
    }
    print_message("%d rules, %d of them more than one day\n", rules, (int)some);
    assert_int_equal(wrong, 0);
    assert_true(some > rules / 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_rules_fall_on_the_days_that_libical_finds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
