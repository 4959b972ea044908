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
/* So long a server is watched before it is taken for gone at a start. */
enum { LEASE_LOOK_MS = 10000 };
#define LEASE_OFFICE "office" /* the clock's work and the messages */

/* A number of another server, as it was seen. */
struct lease_seen {
    char holder[LEASE_HOLDER]; /* "": nobody has it */
    int64_t beat, at;
};

/* Take a number that no server has, or, where there is none, one whose server
 * does not move while we look on for LEASE_LOOK_MS.
 *	now	what the beat begins with; it only has to grow
 * Errors: ERR_BUSY, all are taken; those of the database. */
bool lease_number(struct lease *, struct store *, int64_t now, uint32_t *number,
                  struct err *) MUST_USE;
/* Beat; *ours = false: others have taken the number while we slept. */
bool lease_keep(const struct lease *, struct store *, int64_t now, bool *ours,
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
    struct lease_seen number[SERVERS_MAX];
    int64_t looked_at;
    bool held; /* out: this server leads */
};
bool lease_beat_job(struct tx *, void *lease_beat, struct err *) MUST_USE;
/* Stop leading, so that another need not wait. */
bool lease_end_job(struct tx *, void *lease_beat, struct err *) MUST_USE;

/* Nobody else uses the database: whoever is there does not move while we look
 * on. Outside a transaction; waits LEASE_LOOK_MS where there is somebody.
 * Errors: ERR_CONFLICT, another server uses the database. */
bool lease_alone(struct writer *, struct err *) MUST_USE;

/* True: this server leads, and will until the transaction ends.
 * Errors: ERR_BUSY, it does not. */
bool lease_holds(struct tx *, const char *name, struct err *) MUST_USE;

#endif
