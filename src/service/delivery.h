#ifndef SERVICE_DELIVERY_H
#define SERVICE_DELIVERY_H

#include "domain/message.h"
#include "service/channel.h"

/*
 * One message to one reader: planned by the scheduler, tried by the sender,
 * kept for half a year for whoever asks what was sent.  What it says is not
 * kept, only which records it is about.
 */
enum delivery_state {
    DLV_PLANNED = 1,
    DLV_SENT = 2,
    DLV_FAILED = 3, /* will be tried again */
    DLV_DEAD = 4,
};

enum { DELIVERY_LEASE_MS = 300 * 1000, DELIVERY_KEEP_DAYS = 180 };

/* How many of all districts wait, to be sent or tried again, and how many were
 * given up: sums that tell nothing of a district, a school or a kind. */
bool delivery_counts(struct store *, const struct tenant *, size_t n,
                     int64_t *waiting, int64_t *dead, struct err *) MUST_USE;

struct delivery {
    int64_t id, channel, person, urgent, state;
    int64_t next_at, tries, made_at, tried_at, done_at;
    struct str reason; /* message id; "" = none */
    struct str answer; /* the other side's code */
};

/* Put an item into the reader's message that waits, or into a new one that
 * goes out at `at`. Within a job. */
struct item {
    int64_t tenant, channel, person; /* person 0: a chat's robot */
    bool urgent;
    int64_t at, kind, ledger, record;
    struct str address; /* of mail: in place of the person's own; "" = that */
};
bool delivery_put(struct tx *, const struct item *, struct err *) MUST_USE;

/* ---- jobs: arg is the struct ------------------------------------------------ */

/* Write down that it is tried now, and take a token of each bucket. */
struct delivery_try {
    int64_t tenant, id, channel;
    const struct limit *limit;
    size_t n_limits;
    bool taken;         /* out: go on; else not before wait_until */
    int64_t wait_until; /* out: ms; 0 = it is gone */
    int64_t tries;      /* out: this one included */
};
bool delivery_try_job(struct tx *, void *, struct err *);

/* What became of it. */
struct delivery_end {
    int64_t tenant, id, channel, tries;
    enum verdict verdict;
    bool nothing;       /* there was nothing left to say: it is forgotten */
    bool untried;       /* the server stops: as if it had not been tried */
    int64_t wait_until; /* the channel rests until then; 0 = no */
    const char *reason; /* N_() */
    const char *answer;
};
bool delivery_end_job(struct tx *, void *, struct err *);

struct delivery_ref {
    int64_t tenant, id, channel, person;
};
/* A dead one again, from the beginning. Errors: ERR_CONFLICT. */
bool delivery_again_job(struct tx *, void *, struct err *);
/* A test message, at once. .id: out. */
bool delivery_test_job(struct tx *, void *, struct err *);

/* ---- reads -------------------------------------------------------------------- */

/* The newest first, below an id (INT64_MAX: all). state 0: any; person: only
 * that person's, 0: everybody's. */
bool deliveries_read(struct store *, int64_t tenant, int64_t state,
                     int64_t person, int64_t below, size_t limit,
                     struct arena *, struct delivery **, size_t *n,
                     struct err *) MUST_USE;
/* The next one of a channel that has come due. *id = 0: none. */
bool delivery_due(struct store *, int64_t tenant, int64_t channel, int64_t now,
                  struct delivery *, struct err *) MUST_USE;

#endif
