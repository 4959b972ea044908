#ifndef SERVICE_REFS_H
#define SERVICE_REFS_H

#include "service/change.h"

struct refs {
    struct tx *tx;
    const struct change *c;
    const struct actor *who;
    const void *before, *after;
};

/* Every reference that the change sets, also in child rows, names a record
 * that exists, that the person may see, of the same unit, one above or below.
 * Errors: ERR_INVALID (.field), the same for what is not there and what may not
 * be seen; ERR_STORE, ERR_BUSY. */
bool refs_check(const struct refs *, struct err *) MUST_USE;

#endif
