#ifndef SERVICE_ONCE_H
#define SERVICE_ONCE_H

#include "service/change.h"

/* Has the change been made already? Then its results are filled in: by the
 * idempotency key; or, of a form (.once), by the same words of the same person
 * within ten minutes, while the record they made has not gone on since.
 * Errors: ERR_CONFLICT, the key stood for something else; ERR_STORE, ERR_BUSY. */
bool once_known(struct tx *, struct change *, bool *found,
                struct err *) MUST_USE;
/* Keep what once_known() looks for, in the same transaction. made: the change
 * made a record. */
bool once_remember(struct tx *, const struct change *, bool made,
                   struct err *) MUST_USE;

#endif
