#ifndef SERVICE_PUBLISH_H
#define SERVICE_PUBLISH_H

#include "service/logkey.h"

/*
 * What the public sees of a log: checkpoints at fixed hours (00, 06, 12, 18
 * UTC), each of a tree padded with blank entries to the next multiple of 64
 * and always by at least one, so that neither time nor size of a checkpoint
 * tells what happened.
 */
enum { PUBLISH_STEP = 64, PUBLISH_HOURS = 6 };

/* The fixed hour for which a checkpoint is due by now; 0 = none.
 *	last	the hour of the newest one, ms; 0 = there is none yet */
int64_t publish_slot(int64_t last, int64_t now);

/* Publish if it is due. *arg: the tenant, int64_t. An installation without a
 * key publishes nothing. Errors: ERR_STORE, the key is gone or another's. */
bool publish_job(struct tx *, void *arg, struct err *) MUST_USE;

/* The newest checkpoint that a log has published under the name that it has now;
 * under another one it was another log's. .size 0: none yet. */
struct published {
    int64_t at_ms, size;
    struct hash root;
    struct str note;
};
bool publish_newest(struct store *, const struct tenant *, struct arena *,
                    struct published *, struct err *) MUST_USE;

/* The signed note of a tenant's tree. Errors: ERR_TOO_LARGE. */
bool publish_sign(struct logkey *, struct str origin, uint64_t size,
                  const struct hash *root, struct buf *note,
                  struct err *) MUST_USE;

#endif
