#ifndef SERVICE_SENDER_H
#define SERVICE_SENDER_H

#include "service/wire.h"
#include "service/writer.h"

/*
 * The thread that sends what has come due.  It reads on a connection of its
 * own and writes by jobs: one before each try, one after.  A channel that is
 * slow or down rests; the others go on.
 */
struct sender;

/* data_dir, gateways: live as long as the sender.
 * Errors: ERR_BUSY, those of store_open(). */
struct sender *sender_start(struct writer *, const char *data_dir,
                            const struct gateways *, clock_fn *,
                            struct err *) MUST_USE;
/* Something is due now: do not wait for the next look. s may be NULL. */
void sender_wake(struct sender *);
/* Break off what is under way (it will be tried again) and end. */
void sender_stop(struct sender *);

#endif
