#ifndef SERVICE_ERASED_H
#define SERVICE_ERASED_H

#include "service/writer.h"

/*
 * What was erased must not come back with an older copy (N14). Beside dated
 * copies lies a list of every erasure known, a line each,
 *	1795492944000 whitefun person 912913225568223253 erase
 * (ms, district, ledger, id, step), without anybody's data. A copy that is put
 * back brings the list along, and when it goes on as the installation, what was
 * erased since is erased again.
 */

/* Bring FOLDER/erased up to what the copy's log knows; lines that it does not
 * know stay. Errors: ERR_STORE, ERR_FULL, ERR_BUSY. */
bool erased_note(const char *folder, const char *copy, struct err *) MUST_USE;

/* Put the list that lies beside a copy into the data folder made from it; no
 * list is no fault. Errors as above. */
bool erased_bring(const char *copy, const char *data, struct err *) MUST_USE;

/* Whether that folder has erasures to do again. */
bool erased_waits(const char *data);

/* The records of the list, for what a copy serves until it goes on: bytes of a
 * record that something was erased of since are shown to nobody. Empty where
 * there is no list. Errors: ERR_STORE, ERR_BUSY. */
struct erased_set;
struct erased_set *erased_load(const char *data, struct err *) MUST_USE;
void erased_free(struct erased_set *);
/* set may be NULL: nothing was erased. */
bool erased_has(const struct erased_set *, int64_t record);

struct erased_again {
    const char *data;
    long done; /* out: records erased again */
    long left; /* out: for people to do; told says which and why */
    void (*told)(const char *line, void *arg);
    void *arg;
};
/* Erase again, as the system. The list is gone afterwards, but for what is
 * left: words, which it does not know, and people who work here by this copy.
 * May be broken off and repeated. Errors: ERR_STORE, ERR_FULL, ERR_BUSY. */
bool erased_again(struct writer *, struct erased_again *,
                  struct err *) MUST_USE;

#endif
