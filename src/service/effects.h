#ifndef SERVICE_EFFECTS_H
#define SERVICE_EFFECTS_H

#include "service/change.h"

/* What a change does beside its own row: counters, versions, messages, the
 * directory. The same for every ledger. */

/* What a step has to keep of other records, or to find done there, before the
 * ledger settles. */
bool effects_keep(struct tx *, const struct change *, const struct step *,
                  const void *before, void *after, struct err *) MUST_USE;
/* Refuse what only other records can tell: a value taken, a loop in a tree. */
bool effects_check(struct tx *, const struct change *, const struct dir *,
                   const void *before, const void *after,
                   struct err *) MUST_USE;

/* Counters, versions, sign-in names, messages. */
bool effects_after(struct tx *, const struct change *, const struct dir *,
                   const void *before, const void *after, const struct step *,
                   struct err *) MUST_USE;

/* Who answers for the next step of a record: who is named as responsible, and
 * who may take the step at its school, or at the nearest unit above where
 * somebody may. Returns how many, at most max. */
size_t effects_who_acts(const struct dir *, const struct ledger *,
                        const void *rec, int64_t now, int64_t *person,
                        size_t max);

/* Counters only: +1 for a record as it stands, -1 for one as it stood. */
bool effects_count(struct store *, int64_t tenant, const struct dir *,
                   const struct ledger *, const void *rec, int64_t by,
                   struct err *) MUST_USE;

/* What a record counts for: fn once for each counter. */
typedef bool effects_count_fn(const struct ledger *, int64_t org,
                              const char *dim, int64_t v, void *arg,
                              struct err *);
bool effects_each_count(const struct dir *, const struct ledger *,
                        const void *rec, effects_count_fn *, void *arg,
                        struct err *) MUST_USE;

/* The scheduler's own step: it is late, and somebody higher is told. */
const struct step *effects_escalate_step(void);

#endif
