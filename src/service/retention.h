#ifndef SERVICE_RETENTION_H
#define SERVICE_RETENTION_H

#include "service/writer.h"

/* Erase the personal data of records that ended longer ago than their ledger's
 * keep rule says: at most about RETENTION_BATCH of one ledger and tenant. Looks
 * with st, a reader's connection, and erases by the writer, as the system, each
 * as a step "erase" of its own. *n grows by how many were erased.
 * Errors: ERR_STORE, ERR_BUSY, ERR_FULL. */
enum { RETENTION_BATCH = 100 };

bool retention_round(struct store *st, struct writer *, int64_t tenant,
                     const struct ledger *, int64_t now, long *n,
                     struct err *) MUST_USE;

/* The same of so many slices (store_list_expired()) from where the last walk
 * ended, so that no table is read in one go. */
struct retention {
    int64_t tenant;
    const struct ledger *ledger;
    int64_t now;
    int slices;
    int64_t *at; /* where it goes on; 0 = at the beginning */
};
bool retention_walk(struct store *st, struct writer *, const struct retention *,
                    long *n, struct err *) MUST_USE;

#endif
