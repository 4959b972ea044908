#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/buf.h"
#include "base/str.h"

/* Times are milliseconds since 1970-01-01T00:00Z; days are days since
 * 1970-01-01 in the proleptic Gregorian calendar. 0 stands for "none". */

#define MS_PER_SECOND INT64_C(1000)
#define MS_PER_HOUR   INT64_C(3600000)
#define MS_PER_DAY    INT64_C(86400000)

struct civil {
    int64_t year;
    int month, day; /* from 1 */
};

int64_t day_of(struct civil);
struct civil civil_of(int64_t day);
/* 1 = Monday ... 7 = Sunday (ISO 8601). */
int weekday_of(int64_t day);
/* True when such a day exists, e.g. not 2023-02-29. */
bool civil_valid(struct civil);

/* "2024-03-05", nothing beside it. */
bool day_parse(struct str, int64_t *day) MUST_USE;
void day_format(struct buf *, int64_t day);
/* RFC 3339 in UTC with milliseconds: 2024-03-05T01:02:03.004Z */
void time_format_utc(struct buf *, int64_t ms);

/* A time zone as the operating system keeps it (RFC 8536 TZif). */
struct zone;

/* name: "Asia/Shanghai". NULL when there is no such zone. */
struct zone *zone_open(const char *name);
void zone_close(struct zone *);
/* What to add to UTC at that moment to get local time. z == NULL: 0. */
int64_t zone_offset_ms(const struct zone *z, int64_t utc_ms);
/* The local day in which that moment lies. */
int64_t zone_day(const struct zone *z, int64_t utc_ms);
/* The moment at which that local day, at minute of day, begins. */
int64_t zone_time(const struct zone *z, int64_t day, int minute);
/* "2024-03-05T09:02", also with seconds, with Z or +08:00 behind. Without
 * either it is that zone's own time; zone == NULL: then it is no time. */
bool time_parse(struct str, const struct zone *, int64_t *utc_ms) MUST_USE;
/* The same to the thousandth, which a person does not write and a program that
 * asks again does; the zone is stated. */
bool moment_parse(struct str, int64_t *utc_ms) MUST_USE;
/* "2024-03-05 09:02" local. */
void time_format_local(struct buf *, const struct zone *, int64_t utc_ms);

/* The real clock; the only callers are cmd/ and the event loop. */
int64_t clock_now_ms(void);
/* A stamp that is further ahead of the clock than this was made by a wrong one:
 * clocks that are kept differ by less. */
enum { CLOCK_SLACK_MS = 5 * 60 * 1000 };
/* Milliseconds by a watch that nobody sets, from any beginning. */
int64_t clock_watch_ms(void);
/* The same, and it goes on while the machine sleeps. */
int64_t clock_awake_ms(void);

/* Of a clock that is never set: for how long something takes. */
int64_t steady_ms(void);
int64_t steady_us(void);

#endif
