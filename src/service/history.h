#ifndef SERVICE_HISTORY_H
#define SERVICE_HISTORY_H

#include "domain/event.h"
#include "service/actor.h"

/* One change of one field, as it was and as it became. */
struct history_delta {
    const struct field *field;
    const void *before, *after; /* records to read the field from */
    struct str bytes;           /* of child rows: what changed (parts.h) */
};

struct history_entry {
    struct event ev;
    int64_t seq, occurred_at, origin;
    struct history_delta *delta;
    size_t n;
    const struct step *veil; /* the step with S_VEIL that came later, or NULL */
};

/* Whose eyes: what is said of a record's past. */
struct history_eyes {
    const struct actor *who;
    const struct ledger *l;
    const void *rec; /* as it stands */
};

/* May they read what the field was before, and what it became? Both false:
 * not even that it changed.	(product.md M, lines 4 and 5) */
void history_shows(const struct history_eyes *, const struct history_entry *,
                   const struct history_delta *, bool *before, bool *after);
/* ... who took the step? */
bool history_shows_actor(const struct history_eyes *,
                         const struct history_entry *);
/* ... and the words beside the step? */
bool history_shows_words(const struct history_eyes *,
                         const struct history_entry *);

/* The number of the newest event by which something was veiled from them; 0:
 * nothing is. Errors: ERR_STORE. */
bool history_veiled(struct store *, int64_t tenant, const struct history_eyes *,
                    int64_t *seq, struct err *) MUST_USE;

/* All events of a record, oldest first, with what each changed. Personal
 * parts that were erased are simply not there.
 * Errors: ERR_STORE, ERR_BUSY. */
bool history_read(struct store *, int64_t tenant, const struct ledger *,
                  int64_t id, struct arena *, struct history_entry **,
                  size_t *n, struct err *) MUST_USE;

#endif
