#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static const char *const level_names[] = { "info", "warn", "error",
                                           "security" };
static int least_level, as_json; /* atomic */

void
log_set(enum log_level least, bool json)
{
    __atomic_store_n(&least_level, (int)least, __ATOMIC_RELAXED);
    __atomic_store_n(&as_json, json, __ATOMIC_RELAXED);
}

bool
log_level_of(const char *name, enum log_level *out)
{
    for (enum log_level l = LOG_INFO; l <= LOG_ERROR; l++)
        if (strcmp(name, level_names[l]) == 0) {
            *out = l;
            return true;
        }
    return false;
}

static void
put_time(char *out, size_t cap)
{
    char when[32];
    struct timespec now;
    struct tm tm;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out, cap, "%s.%03ldZ", when, now.tv_nsec / 1000000);
}

/* What was cut in the middle of a sign of UTF-8 ends before it. */
static void
cut_whole(char *text)
{
    size_t n = strlen(text), back = n;

    while (back > 0 && n - back < 3 && (text[back - 1] & 0xc0) == 0x80)
        back--;
    if (back > 0 && (unsigned char)text[back - 1] >= 0xc0)
        text[back - 1] = '\0';
}

static void
put_json(const char *priority, const char *when, const char *level,
         const char *text)
{
    char out[2048 + 128];
    size_t n = 0;

    for (; *text != '\0' && n + 2 < sizeof(out); text++) {
        if (*text == '"' || *text == '\\')
            out[n++] = '\\';
        out[n++] = *text;
    }
    out[n] = '\0';
    fprintf(stderr, "%s{\"time\":\"%s\",\"level\":\"%s\",\"text\":\"%s\"}\n",
            priority, when, level, out);
}

void
log_line(enum log_level level, const char *fmt, ...)
{
    static const char *const priorities[] = { "<6>", "<4>", "<3>", "<5>" };
    const char *priority = to_journal() ? priorities[level] : "";
    char text[1024], when[64];
    va_list ap;
    int n;

    if ((int)level < __atomic_load_n(&least_level, __ATOMIC_RELAXED))
        return;
    va_start(ap, fmt);
    n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (n >= (int)sizeof(text))
        cut_whole(text);
    for (char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f) /* nobody forges a line */
            *p = ' ';
    put_time(when, sizeof(when));
    if (__atomic_load_n(&as_json, __ATOMIC_RELAXED))
        put_json(priority, when, level_names[level], text);
    else if (*priority != '\0')
        fprintf(stderr, "%s%s %s\n", priority, level_names[level], text);
    else
        fprintf(stderr, "%s %s %s\n", when, level_names[level], text);
}
