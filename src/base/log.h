#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/attr.h"

/* One line to standard error: time, level, text. Never personal data. Where
 * that is systemd's journal the line begins with its priority in place of a
 * time: "<3>" error, "<4>" warn, "<5>" security, "<6>" info (sd-daemon(3)). */
enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR, LOG_SECURITY };

/* From that level on; what touches the door (LOG_SECURITY) is always written.
 * json: a line is {"time":...,"level":...,"text":...}. Any thread, any time. */
void log_set(enum log_level least, bool json);
/* "info", "warn", "error"; false: none of them. */
bool log_level_of(const char *name, enum log_level *) MUST_USE;

void log_line(enum log_level, const char *fmt, ...) PRINTF(2, 3);

#endif
