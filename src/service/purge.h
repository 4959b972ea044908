#ifndef SERVICE_PURGE_H
#define SERVICE_PURGE_H

#include "service/writer.h"

/* How many rows one job removes at most: everybody's writes wait for it. */
enum { PURGE_SLICE = 1000 };

/* Forget what a tenant has kept long enough and no log names: sessions, keys of
 * requests, drafts, notices, looks, what was sent, files that no record claimed.
 * Slice by slice until nothing is left or the writer hurries, so that others
 * write in between. What is over its time may be any amount after a long stop.
 * Errors: ERR_STORE, ERR_BUSY, ERR_FULL. */
bool purge_round(struct writer *, int64_t tenant, struct err *) MUST_USE;

#endif
