#ifndef SERVICE_LEASE_H
#define SERVICE_LEASE_H

#include "service/writer.h"

/*
 * Several servers on one database. Each has a number, which its ids carry, and
 * one of them leads: it alone runs the clock's work and sends messages. Who
 * leads beats; a server that has seen no beat for LEASE_MS by its own watch takes
 * over, so that no two clocks are compared. The fence grows with each new leader.
 */
enum { LEASE_MS = 9000, LEASE_BEAT_MS = 2500, SERVERS_MAX = 256 };
#define LEASE_OFFICE "office" /* the clock's work and the messages */

/* Take a number that no server has, in a transaction of its own.
 * Errors: ERR_BUSY, all are taken; those of the database. */
bool lease_number(struct lease *, struct store *, int64_t now, uint32_t *number,
                  struct err *) MUST_USE;
void lease_give_back(const struct lease *, struct store *);

/* One beat: as the leader, or to see whether there is one; the server's own
 * number beats too. */
struct lease_beat {
    const char *name;
    int64_t watch; /* ms by this machine's own watch, from any beginning */
    /* what was seen the last time; zeroed at first */
    char seen[LEASE_HOLDER];
    int64_t seen_beat, seen_at;
    bool held; /* out: this server leads */
};
bool lease_beat_job(struct tx *, void *lease_beat, struct err *) MUST_USE;
/* Stop leading, so that another need not wait. */
bool lease_end_job(struct tx *, void *lease_beat, struct err *) MUST_USE;

/* Errors: ERR_CONFLICT, another server uses the database. */
bool lease_alone(struct tx *, struct err *) MUST_USE;

/* True: this server leads, and will until the transaction ends.
 * Errors: ERR_BUSY, it does not. */
bool lease_holds(struct tx *, const char *name, struct err *) MUST_USE;

#endif
