#ifndef SERVICE_OWN_H
#define SERVICE_OWN_H

#include "domain/message.h"
#include "service/writer.h"

/* News of a person's own account: who can sign in as whom is told to whom it is
 * about, at once, and cannot be turned off. */
struct own_news {
    int64_t tenant, person;
    int64_t by;             /* who did it; 0 = the system */
    enum message_kind kind; /* one whose class is .own */
    struct str address;     /* tell it there as well: the mail of before */
};
/* Inside a job. Errors: ERR_STORE. */
bool own_tell(struct tx *, const struct own_news *, struct err *) MUST_USE;

/* A job: a person has looked at what the board tells, up to that row. Errors:
 * ERR_STORE. */
struct own_seen {
    int64_t tenant, person, upto;
};
bool own_seen_job(struct tx *, void *seen, struct err *);

#endif
