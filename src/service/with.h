#ifndef SERVICE_WITH_H
#define SERVICE_WITH_H

#include "service/change.h"

/* The records that a ledger's steps need to see (ledger.with), into ctx: as
 * the record names them, and as it did before (NULL: it is made).
 * Errors: ERR_BUSY, ERR_STORE. */
bool with_load(struct store *, int64_t tenant, const struct ledger *,
               const void *before, const void *after, struct arena *,
               struct step_ctx *, struct err *) MUST_USE;

/* Would the step's own check let the change through? Nothing is written: pages
 * use it to offer only what can be taken.
 * Errors: those of change_fill() and of the check; ERR_BUSY, ERR_STORE. */
bool with_check(struct store *, const struct change *, const struct step *,
                const struct actor *, const void *rec, struct arena *,
                struct err *) MUST_USE;

#endif
