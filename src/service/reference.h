#ifndef SERVICE_REFERENCE_H
#define SERVICE_REFERENCE_H

#include "service/change.h"

/* What a person types where a form asks for a record is its public number 编号,
 * in either case, with full-width signs or not. *in becomes a copy with ids in
 * their place where there are any; ids stay as they are.
 * Errors: ERR_INVALID (.field), the same for a number that nobody has and for
 * a record that the actor may not read; ERR_STORE, ERR_BUSY. */
bool reference_resolve(struct store *, const struct actor *,
                       const struct ledger *, const struct input **in, size_t n,
                       struct arena *, struct err *) MUST_USE;

/* The one refusal, for ids too. */
bool reference_refuse(const struct field *, struct err *);

struct references {
    struct tx *tx;
    const struct change *c;
    const struct actor *who;
    const void *before, *after;
};

/* Every reference that the change sets, also in child rows, names a record
 * that exists, that the person may see, of the same unit, one above or below.
 * Errors: ERR_INVALID (.field), the same for what is not there and what may not
 * be seen; ERR_STORE, ERR_BUSY. */
bool reference_check(const struct references *, struct err *) MUST_USE;

#endif
