#ifndef SERVICE_MOVE_H
#define SERVICE_MOVE_H

#include "service/verify.h"
#include "service/writer.h"
#include "store/copy.h"

/*
 * Move an installation's database: from the data folder's own file to the
 * address url, or back (url NULL). Photographs and keys stay where they are.
 * The new one is made in DIR/moving, checked whole (counts, tree heads, verify,
 * rebuild), and only then takes the old one's place, which stays beside it as
 * anlan.db.moved or database.moved. Cut short, it goes on where it stopped.
 * Errors: ERR_CONFLICT, a server is running, or what came out differs (found was
 * told how); ERR_BUSY, ERR_STORE, ERR_FULL.
 */
struct move {
    const char *dir, *url;
    store_copy_fn *progress; /* may be NULL */
    verify_fn *found;
    void *arg; /* of both */
    clock_fn *clock;
};
bool move_run(const struct move *, struct err *) MUST_USE;

/* Copy the rows of the installation in from into the folder to, which gets a
 * file of its own: how a database elsewhere is backed up. Errors: as above. */
bool move_out(const char *from, const char *to, struct err *) MUST_USE;

#endif
