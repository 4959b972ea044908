#ifndef SERVICE_CHANNEL_H
#define SERVICE_CHANNEL_H

#include "codec/chat.h"
#include "service/writer.h"

/* Where messages go: 1 and 2 for people, else the id of a chat's robot. */
enum { CHANNEL_MAIL = 1, CHANNEL_SMS = 2 };
enum { CHANNEL_ON = 1, CHANNEL_OFF = 2 };

/* What may be shown of a robot; its address and secret are never read but to
 * send. */
struct channel {
    int64_t id, org, kind, lang, kinds, state; /* kinds: bits 1 << message */
    struct str name;
};
bool channels_read(struct store *, int64_t tenant, struct arena *,
                   struct channel **, size_t *n, struct err *) MUST_USE;

struct channel_way {
    struct channel c;
    struct str url, secret;
};
/* Errors: ERR_MISSING. */
bool channel_get(struct store *, int64_t tenant, int64_t id, struct arena *,
                 struct channel_way *, struct err *) MUST_USE;

/* A writer's job. id 0: a new one. An empty address or secret leaves the old
 * one; whoever clears the secret says so. What waits for a robot that is
 * turned off is given up.
 * Errors: ERR_INVALID (.field), ERR_MISSING. */
struct channel_put {
    int64_t tenant, person;
    bool no_secret;
    struct channel_way way;
};
bool channel_put_job(struct tx *, void *, struct err *);

#endif
