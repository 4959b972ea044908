#ifndef SERVICE_HISTORY_H
#define SERVICE_HISTORY_H

#include "domain/event.h"
#include "service/actor.h"

/* One change of one field, as it was and as it became. */
struct history_delta {
    const struct field *field;
    const void *before, *after; /* records to read the field from */
    struct str bytes;           /* of child rows: what changed (parts.h) */
};

struct history_entry {
    struct event ev;
    int64_t seq, occurred_at, origin;
    struct history_delta *delta;
    size_t n;
};

/* All events of a record, oldest first, with what each changed. Personal
 * parts that were erased are simply not there.
 * Errors: ERR_STORE, ERR_BUSY. */
bool history_read(struct store *, int64_t tenant, const struct ledger *,
                  int64_t id, struct arena *, struct history_entry **,
                  size_t *n, struct err *) MUST_USE;

#endif
