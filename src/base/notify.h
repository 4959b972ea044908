#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

#include <stdint.h>

#include "base/attr.h"

/*
 * What systemd is told of a service of Type=notify: lines as "READY=1" to the
 * socket that $NOTIFY_SOCKET names (sd_notify(3)). Without one nothing happens:
 * so it is where no systemd is.
 */
void notify_tell(const char *fmt, ...) PRINTF(1, 2);

/* How often the watchdog wants to hear "WATCHDOG=1", in ms; 0: it does not. */
int64_t notify_every_ms(void);

#endif
