#ifndef STORE_SEARCH_SUMS_H
#define STORE_SEARCH_SUMS_H

#include "store/sound.h"

/* Every word of the index against the words of the records as they stand in
 * their rows: the records that it would not find by what they say, or find by
 * what they do not, up to SOUND_MAX; then how many there are. *waits: the index
 * is being made anew, and nothing was compared. In constant memory.
 * Errors: ERR_STORE, ERR_BUSY. */
bool store_search_check(struct store *, bool *waits, store_wrong_fn *,
                        void *arg, struct err *) MUST_USE;

#endif
