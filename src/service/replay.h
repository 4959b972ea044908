#ifndef SERVICE_REPLAY_H
#define SERVICE_REPLAY_H

#include "domain/event.h"
#include "service/dir.h"

/* Records as the events give them, one after the other, in constant memory. */
struct replayed {
    const struct ledger *ledger;
    int64_t id;
    void *rec;             /* after its last event */
    const int64_t *seq_of; /* by field: the header's, then the ledger's; the
                            * event that stated it last, -1 = none */
    int64_t seq;           /* of its last event */
    struct arena *arena;   /* for as long as the record */
};

struct replay_sink {
    bool (*record)(const struct replayed *, void *arg, struct err *);
    /* An event that cannot be applied; false stops with what it set.
     * NULL: stop with *why. */
    bool (*bad)(int64_t record, int64_t seq, const struct err *why, void *arg,
                struct err *);
    void *arg;
};

/* Every record of a tenant, in the order of ids. */
bool replay_each(struct store *, int64_t tenant, const struct replay_sink *,
                 struct err *) MUST_USE;

/* What numbers were given out: walks the events in their order and knows the
 * org tree as it stood at each. */
struct replay_numbers;
struct replay_numbers *replay_numbers_new(void);
void replay_numbers_free(struct replay_numbers *);
bool replay_numbers_event(struct replay_numbers *, const struct event *,
                          struct str body, struct err *) MUST_USE;
typedef bool replay_number_fn(int64_t org, int64_t ledger, int64_t year,
                              int64_t n, void *arg, struct err *);
/* The numbers, sorted by org, ledger, year. */
bool replay_numbers_each(struct replay_numbers *, replay_number_fn *, void *arg,
                         struct err *) MUST_USE;

#endif
