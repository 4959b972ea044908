#ifndef SERVICE_HEAD_H
#define SERVICE_HEAD_H

#include "codec/hash.h"
#include "service/dir.h"

/* A size and a root that were given out, against a district's log as it is in
 * the store's snapshot. */
struct head_held {
    int64_t size; /* out: of the log; -1 = it has none */
    enum { HEAD_WITHIN, HEAD_SHORT, HEAD_OTHER } is;
};
/* Errors: ERR_STORE, ERR_BUSY. */
bool head_held(struct store *, const struct tenant *, uint64_t size,
               const struct hash *root, struct arena *, struct head_held *,
               struct err *) MUST_USE;

#endif
