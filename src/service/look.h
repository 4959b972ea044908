#ifndef SERVICE_LOOK_H
#define SERVICE_LOOK_H

#include "service/writer.h"

/* Who looked at a person's record. Looking changes nothing, so it is no event;
 * it is kept beside the log, by day, for a year. The person and the
 * administrator read it. */
enum look_how { LOOK_RECORD = 1, LOOK_HISTORY = 2, LOOK_LIST = 3 };

enum { LOOK_KEEP_DAYS = 365 };

struct look {
    int64_t tenant, person; /* person 0: a list of people */
    int64_t by, day;
    enum look_how how;
    int64_t n, last_at; /* out: times that day, and the last one */
};

/* A job; arg is a struct look. */
bool look_job(struct tx *, void *, struct err *);

/* The newest looks at a person, at most *n. */
bool look_of(struct store *, int64_t tenant, int64_t person, struct look *,
             size_t *n, struct err *) MUST_USE;

/* A job; arg is a struct look_days. Days that are over and have looks are put
 * under the log, each by one event; some days a job. */
#define LOOK_SETTING "looks/" /* and the tenant: the last day committed to */
struct look_days {
    int64_t tenant;
    bool more; /* out */
};
bool look_commit_job(struct tx *, void *arg, struct err *);
/* SHA-256 of the salt and of all looks from the day behind after to day, as such
 * an event states it. Errors: ERR_STORE. */
bool look_hash(struct store *, int64_t tenant, int64_t after, int64_t day,
               struct str salt, struct hash *, struct err *) MUST_USE;

#endif
