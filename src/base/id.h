#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdint.h>

/*
 * Ids are positive, 63 bits, ordered by time and unique in an installation:
 * 41 bits of milliseconds since 2020-01-01T00:00Z, 8 bits of server number,
 * 14 bits of counter. A clock set back never gives a lower id: the generator
 * keeps counting on from the highest time it has seen.
 */
struct idgen {
    int64_t last_ms; /* since 1970; see id_after() */
    uint32_t server; /* 0 to 255, from a lease */
    uint32_t next;
};

int64_t id_next(struct idgen *, int64_t now_ms);
/* From now on give only ids above that one: the newest one stored. */
void id_after(struct idgen *, int64_t id);
/* The lowest id that can be made at that time, ms since 1970. */
int64_t id_from_time(int64_t ms);
/* When the id was made, ms since 1970. */
int64_t id_time_ms(int64_t id);

#endif
