#ifndef SERVICE_ATTACHED_H
#define SERVICE_ATTACHED_H

#include "service/writer.h"
#include "store/files.h"

/*
 * What a row says of a file beside its bytes (name, type, size, who added it and
 * when), as events commit to it: `anlan verify` names a row that was changed past
 * the program. Salted, so that whoever may read the event cannot try names; the
 * salt goes with an erased name.
 */

/* Append (id, commitment of the row) as an event holds them: EVENT_FILE bytes. */
void attached_put(struct buf *, const struct file_row *);

/* A job: rows of before there were such commitments get a salt, and events that
 * commit to them, some hundreds a time, until *done. Then nothing. */
struct attached_finding {
    bool done; /* out */
};
bool attached_find_job(struct tx *, void *, struct err *);
/* All of it, before anybody is served; not on a restored copy. */
bool attached_find_all(struct writer *, struct err *) MUST_USE;
/* A new installation has nothing to find. */
bool attached_none_to_find(struct tx *, struct err *) MUST_USE;

#endif
