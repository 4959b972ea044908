#ifndef SERVICE_REBUILD_H
#define SERVICE_REBUILD_H

#include "service/writer.h"

enum { REBUILD_TOLD = 16 };

/* Make every projection again from the events: rows, search, counters,
 * numbers, sign-in names. Indexes are made anew first: one that is damaged would
 * be in the way. */
struct rebuild {
    bool check; /* only say what would become different */
    /* results */
    bool compared; /* everything was made and compared */
    int64_t records;
    size_t n_told; /* tables that differ from what they were */
    char told[REBUILD_TOLD][96];
};

/* All or nothing; with .check always nothing (what was made is taken back, and
 * indexes stay as they are).
 * Errors: ERR_STORE, an event cannot be read; any of the database's. */
bool rebuild_run(struct writer *, struct rebuild *, struct err *) MUST_USE;

#endif
