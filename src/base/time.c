#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/time.h"

/* Days from civil and back: the era method, exact for all of int64's days
 * that fit a four-digit year (Howard Hinnant, chrono-compatible algorithms). */
int64_t
day_of(struct civil c)
{
    int64_t y = c.month <= 2 ? c.year - 1 : c.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t mp = (c.month + 9) % 12;
    int64_t doy = (153 * mp + 2) / 5 + c.day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - 719468;
}

struct civil
civil_of(int64_t day)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);

    return (struct civil){ .year = yoe + era * 400 + (month <= 2),
                           .month = month,
                           .day = (int)(doy - (153 * mp + 2) / 5 + 1) };
}

int
weekday_of(int64_t day)
{
    int64_t w = (day + 3) % 7;

    return (int)(w < 0 ? w + 7 : w) + 1;
}

bool
civil_valid(struct civil c)
{
    struct civil back;

    if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31 || c.year < 1 ||
        c.year > 9999)
        return false;
    back = civil_of(day_of(c));
    return back.month == c.month && back.day == c.day;
}

bool
day_parse(struct str s, int64_t *day)
{
    int64_t y, m, d;
    struct civil c;

    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' ||
        !str_i64(str_cut(s, 0, 4), &y) || !str_i64(str_cut(s, 5, 7), &m) ||
        !str_i64(str_cut(s, 8, 10), &d) || m < 0 || d < 0)
        return false;
    c = (struct civil){ y, (int)m, (int)d };
    if (!civil_valid(c))
        return false;
    *day = day_of(c);
    return true;
}

void
day_format(struct buf *b, int64_t day)
{
    struct civil c = civil_of(day);

    buf_printf(b, "%04ld-%02d-%02d", (long)c.year, c.month, c.day);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static void
put_clock(struct buf *b, int64_t ms, bool seconds)
{
    int64_t day = floor_div(ms, MS_PER_DAY);
    int s = (int)((ms - day * MS_PER_DAY) / 1000);

    day_format(b, day);
    buf_printf(b, "%c%02d:%02d", seconds ? 'T' : ' ', s / 3600, s / 60 % 60);
    if (seconds)
        buf_printf(b, ":%02d.%03dZ", s % 60,
                   (int)(ms - floor_div(ms, 1000) * 1000));
}

void
time_format_utc(struct buf *b, int64_t ms)
{
    put_clock(b, ms, true);
}

struct zone {
    size_t n;
    int64_t *from_ms;
    int64_t *offset_ms;
    int64_t first_ms; /* before from_ms[0] */
};

static int64_t
big_endian(const unsigned char *p, int n)
{
    uint64_t v = (p[0] & 0x80) != 0 ? ~UINT64_C(0) : 0;

    for (int i = 0; i < n; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

struct tzif {
    int64_t isut, isstd, leap, times, types, chars;
};

static bool
tzif_head(const unsigned char *p, size_t n, struct tzif *h)
{
    if (n < 44 || memcmp(p, "TZif", 4) != 0)
        return false;
    h->isut = big_endian(p + 20, 4);
    h->isstd = big_endian(p + 24, 4);
    h->leap = big_endian(p + 28, 4);
    h->times = big_endian(p + 32, 4);
    h->types = big_endian(p + 36, 4);
    h->chars = big_endian(p + 40, 4);
    return h->times >= 0 && h->times < 4096 && h->types > 0 && h->types < 256 &&
           h->chars >= 0 && h->leap >= 0 && h->isut >= 0 && h->isstd >= 0;
}

static size_t
tzif_size(const struct tzif *h, int64_t width)
{
    return (size_t)(44 + h->times * width + h->times + h->types * 6 + h->chars +
                    h->leap * (width + 4) + h->isstd + h->isut);
}

static bool
zone_read(struct zone *z, const unsigned char *p, size_t n)
{
    const unsigned char *kinds, *types;
    struct tzif h;
    size_t skip;

    if (!tzif_head(p, n, &h) || p[4] < '2' || (skip = tzif_size(&h, 4)) > n)
        return false;
    p += skip;
    n -= skip;
    if (!tzif_head(p, n, &h) || tzif_size(&h, 8) > n)
        return false;
    p += 44;
    kinds = p + 8 * h.times;
    types = kinds + h.times;
    z->n = (size_t)h.times;
    z->from_ms = calloc(z->n + 1, sizeof(int64_t));
    z->offset_ms = calloc(z->n + 1, sizeof(int64_t));
    if (z->from_ms == NULL || z->offset_ms == NULL)
        return false;
    z->first_ms = big_endian(types, 4) * 1000;
    for (size_t i = 0; i < z->n; i++) {
        if (kinds[i] >= h.types)
            return false;
        z->from_ms[i] = big_endian(p + 8 * i, 8) * 1000;
        z->offset_ms[i] = big_endian(types + 6 * kinds[i], 4) * 1000;
    }
    return true;
}

struct zone *
zone_open(const char *name)
{
    unsigned char data[64 * 1024];
    struct zone *z;
    char path[256];
    size_t n = 0;
    FILE *f;

    if (strstr(name, "..") != NULL || name[0] == '/' ||
        snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name) >=
            (int)sizeof(path))
        return NULL;
    if ((f = fopen(path, "rb")) != NULL) {
        n = fread(data, 1, sizeof(data), f);
        fclose(f);
    }
    if ((z = calloc(1, sizeof(*z))) == NULL)
        return NULL;
    if (!zone_read(z, data, n)) {
        zone_close(z);
        return NULL;
    }
    return z;
}

void
zone_close(struct zone *z)
{
    if (z == NULL)
        return;
    free(z->from_ms);
    free(z->offset_ms);
    free(z);
}

int64_t
zone_offset_ms(const struct zone *z, int64_t utc_ms)
{
    size_t lo = 0, hi;

    if (z == NULL)
        return 0;
    hi = z->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (z->from_ms[mid] <= utc_ms)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > 0 ? z->offset_ms[lo - 1] : z->first_ms;
}

int64_t
zone_day(const struct zone *z, int64_t utc_ms)
{
    return floor_div(utc_ms + zone_offset_ms(z, utc_ms), MS_PER_DAY);
}

int64_t
zone_time(const struct zone *z, int64_t day, int minute)
{
    int64_t local = day * MS_PER_DAY + minute * INT64_C(60000);
    int64_t guess = local - zone_offset_ms(z, local);

    return local - zone_offset_ms(z, guess);
}

void
time_format_local(struct buf *b, const struct zone *z, int64_t utc_ms)
{
    put_clock(b, utc_ms + zone_offset_ms(z, utc_ms), false);
}

int64_t
clock_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * MS_PER_SECOND + t.tv_nsec / 1000000;
}

int64_t
clock_awake_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_BOOTTIME, &t);
    return t.tv_sec * MS_PER_SECOND + t.tv_nsec / 1000000;
}

/* Two digits at s[at], behind the sign given. */
static bool
two_digits(struct str s, size_t at, const char *before, int64_t most,
           int64_t *out)
{
    return s.n >= at + 3 && strchr(before, s.p[at]) != NULL &&
           s.p[at] != '\0' && s.p[at + 1] >= '0' && s.p[at + 1] <= '9' &&
           str_i64(str_cut(s, at + 1, at + 3), out) && *out <= most;
}

/* Behind the minutes: nothing, Z, or +08:00. *known: it was said. */
static bool
offset_parse(struct str s, int64_t *ms, bool *known)
{
    int64_t h, m;

    *ms = 0;
    *known = s.n > 0;
    if (s.n == 0 || str_is(s, "Z"))
        return true;
    if (s.n != 6 || !two_digits(s, 0, "+-", 14, &h) ||
        !two_digits(s, 3, ":", 59, &m))
        return false;
    *ms = (h * 60 + m) * INT64_C(60000) * (s.p[0] == '-' ? -1 : 1);
    return true;
}

bool
time_parse(struct str s, const struct zone *z, int64_t *out)
{
    int64_t day, h, m, sec = 0, offset;
    size_t at = 16;
    bool known;

    if (s.n < 16 || !day_parse(str_cut(s, 0, 10), &day) ||
        !two_digits(s, 10, "T ", 23, &h) || !two_digits(s, 13, ":", 59, &m))
        return false;
    if (two_digits(s, at, ":", 59, &sec))
        at += 3;
    if (at < s.n && s.p[at] == '.')
        while (++at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
            ;
    if (!offset_parse(str_cut(s, at, s.n), &offset, &known) ||
        (!known && z == NULL))
        return false;
    if (known)
        *out = day * MS_PER_DAY + h * MS_PER_HOUR + m * INT64_C(60000) - offset;
    else
        *out = zone_time(z, day, (int)(h * 60 + m));
    *out += sec * 1000;
    return true;
}

bool
moment_parse(struct str s, int64_t *utc_ms)
{
    int64_t weight = 100;
    ptrdiff_t dot = str_find(s, STR("."));

    if (!time_parse(s, NULL, utc_ms))
        return false;
    for (size_t i = dot < 0 ? s.n : (size_t)dot + 1;
         i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++, weight /= 10)
        *utc_ms += (s.p[i] - '0') * weight;
    return true;
}

int64_t
clock_watch_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

int64_t
steady_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
steady_ms(void)
{
    return steady_us() / 1000;
}
