#ifndef SERVICE_NOTICE_HAZARDS_H
#define SERVICE_NOTICE_HAZARDS_H

#include "domain/notice.h"
#include "store/store.h"

/* What stands on a notice: until it is issued, the hazards that name it; from
 * then on those that did so, for its paper stays what it was. */

/* At its issue, within that change: keep which they are.
 * Errors: ERR_INVALID, more than a notice has room for, or there is nothing
 * that it asks for; ERR_BUSY, ERR_STORE. */
bool notice_keep(struct store *, int64_t tenant, struct arena *,
                 struct notice *, struct err *) MUST_USE;

/* At its re-check: all of them are accepted, or have ended otherwise.
 * Errors: ERR_CONFLICT, some are open; ERR_BUSY, ERR_STORE. */
bool notice_is_done(struct store *, int64_t tenant, struct arena *,
                    const struct notice *, struct err *) MUST_USE;

/* Read them as q says; its ledger, filter and limit are set here. Errors:
 * ERR_BUSY, ERR_STORE. */
bool notice_hazards(struct store *, const struct notice *, struct list_query *q,
                    struct arena *, void **recs, size_t *n,
                    struct err *) MUST_USE;

#endif
