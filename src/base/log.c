#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

/* $JOURNAL_STREAM names the file that goes to the journal: is it ours? */
static bool
to_journal(void)
{
    static int known; /* 1 yes, 2 no; every thread finds the same */
    uintmax_t dev, ino;
    const char *names = getenv("JOURNAL_STREAM");
    struct stat st;
    int is = __atomic_load_n(&known, __ATOMIC_RELAXED);

    if (is == 0) {
        is = names != NULL &&
                     sscanf(names, "%" SCNuMAX ":%" SCNuMAX, &dev, &ino) == 2 &&
                     fstat(STDERR_FILENO, &st) == 0 && st.st_dev == dev &&
                     st.st_ino == ino
                 ? 1
                 : 2;
        __atomic_store_n(&known, is, __ATOMIC_RELAXED);
    }
    return is == 1;
}

static void
put_head(char *out, size_t cap, enum log_level level)
{
    static const char *const names[] = { "info", "warn", "error", "security" };
    static const char *const priorities[] = { "<6>", "<4>", "<3>", "<5>" };
    char when[32];
    struct timespec now;
    struct tm tm;

    if (to_journal()) {
        snprintf(out, cap, "%s%s", priorities[level], names[level]);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out, cap, "%s.%03ldZ %s", when, now.tv_nsec / 1000000,
             names[level]);
}

void
log_line(enum log_level level, const char *fmt, ...)
{
    char text[1024], head[64];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    for (char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f) /* nobody forges a line */
            *p = ' ';
    put_head(head, sizeof(head), level);
    fprintf(stderr, "%s %s\n", head, text);
}
