#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"

/* One line to standard error: time, level, text. Never personal data. Where
 * that is systemd's journal the line begins with its priority in place of a
 * time: "<3>" error, "<4>" warn, "<5>" security, "<6>" info (sd-daemon(3)). */
enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR, LOG_SECURITY };

void log_line(enum log_level, const char *fmt, ...) PRINTF(2, 3);

#endif
