#ifndef SERVICE_FOLLOW_H
#define SERVICE_FOLLOW_H

#include "service/change.h"

/* Run the changes of other records that a step brings about, by its ledger's
 * own account (ledger.follow), in the same transaction and in the name of the
 * same person. Attachments are copied: each record keeps its own.
 * Errors: as change_run(). */
bool follow_run(struct tx *, const struct change *, const struct step *,
                const struct step_ctx *, const void *after,
                struct err *) MUST_USE;

#endif
