#ifndef SERVICE_ERASE_H
#define SERVICE_ERASE_H

#include "service/change.h"

/*
 * Erasing by law (N14): two steps that every ledger has which holds such data.
 * "erase" blanks the personal fields of a record and takes salt and bytes of
 * their parts out of all its events; what was logged stays as a commitment, so
 * the log still verifies. "erase_files" takes photographs and files away; their
 * bytes go with the next sweep. "erase_words" takes words out of free fields:
 * see service/mention.h. All are themselves events, with a reason.
 */

/* The step, or NULL: no such verb, or nothing of that kind in this ledger. */
const struct step *erase_step(const struct ledger *, struct str verb);
/* Whether there is anything to erase in this record. */
bool erase_fits(const struct ledger *, const struct step *, const void *rec);
/* Errors: ERR_CONFLICT, the record is somebody who still works here. */
bool erase_check(const struct ledger *, const struct step *, const void *rec,
                 struct err *) MUST_USE;
/* Blank what the step erases. */
void erase_apply(const struct ledger *, const struct step *, void *rec);
/* The same in what was stored before, within the change's job. */
bool erase_after(struct tx *, const struct step *, int64_t tenant,
                 int64_t record, struct err *) MUST_USE;

/* Have the index of words lose the bytes of what it was told to forget since
 * last time, between other people's changes. Broken off, it begins anew. */
enum { TIDY_STEPS = 20000 };
bool erase_from_index(struct writer *, struct err *) MUST_USE;

#endif
