#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"

/* One line to standard error: time, level, text. Never personal data. */
enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

void log_line(enum log_level, const char *fmt, ...) PRINTF(2, 3);

#endif
