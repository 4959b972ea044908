#ifndef SERVICE_WORDS_H
#define SERVICE_WORDS_H

#include "service/writer.h"

/* What is done to the index of words when nobody waits for it. */

/* The next records into an index that is made anew, in one small job; *more:
 * there are others. Errors: ERR_STORE, ERR_BUSY, ERR_FULL. */
bool words_fill(struct writer *, bool *more, struct err *) MUST_USE;

/* Pieces that came together in a day become one, in the small hours of the
 * first district, by small steps: then words are found faster. */
struct words_night {
    int64_t day; /* the last on which it was begun */
    bool more;   /* and not finished */
};
bool words_tidy(struct writer *, struct words_night *, int64_t now,
                struct err *) MUST_USE;

#endif
