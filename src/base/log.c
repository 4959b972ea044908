#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/log.h"

void
log_line(enum log_level level, const char *fmt, ...)
{
    static const char *const names[] = { "info", "warn", "error" };
    char text[1024], when[32];
    struct timespec now;
    struct tm tm;
    va_list ap;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\n')
            *p = ' ';
    fprintf(stderr, "%s.%03ldZ %s %s\n", when, now.tv_nsec / 1000000,
            names[level], text);
}
