#include "base/id.h"

#define EPOCH_MS INT64_C(1577836800000) /* 2020-01-01T00:00Z */
#define COUNTER  14
#define SERVER   8

int64_t
id_next(struct idgen *g, int64_t now_ms)
{
    if (now_ms > g->last_ms) {
        g->last_ms = now_ms;
        g->next = 0;
    } else if (g->next == (1u << COUNTER)) {
        g->last_ms++;
        g->next = 0;
    }
    return (g->last_ms - EPOCH_MS) << (COUNTER + SERVER) |
           (int64_t)(g->server & 0xff) << COUNTER | (int64_t)g->next++;
}

void
id_after(struct idgen *g, int64_t id)
{
    if (id <= 0 || id_time_ms(id) < g->last_ms)
        return;
    g->last_ms = id_time_ms(id);
    g->next = 1u << COUNTER;
}

int64_t
id_time_ms(int64_t id)
{
    return (id >> (COUNTER + SERVER)) + EPOCH_MS;
}

int64_t
id_from_time(int64_t ms)
{
    return ms <= EPOCH_MS ? 0 : (ms - EPOCH_MS) << (COUNTER + SERVER);
}
