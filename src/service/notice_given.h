#ifndef SERVICE_NOTICE_GIVEN_H
#define SERVICE_NOTICE_GIVEN_H

#include "domain/notice.h"
#include "service/change.h"

/* For the step "issue": the ids of the hazards that stand on the notice now.
 * Errors: ERR_BUSY, ERR_STORE. */
bool notice_give(struct store *, struct arena *, struct change *,
                 struct err *) MUST_USE;

/* Those that a notice had when it was issued, else those that name it; read as
 * q says, its ledger, filter and limit are set here. Errors: the same. */
bool notice_hazards(struct store *, const struct notice *, struct list_query *q,
                    struct arena *, void **recs, size_t *n,
                    struct err *) MUST_USE;

#endif
