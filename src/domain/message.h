#ifndef DOMAIN_MESSAGE_H
#define DOMAIN_MESSAGE_H

#include "domain/rules.h"

/* What people are told, when, and what of it they may turn off. N6. */

/* Permanent numbers: rows keep them. The order is that of a message. */
enum message_kind {
    MSG_OVERDUE = 1,
    MSG_DUE_SOON = 2,
    MSG_WAITING = 3,
    MSG_REJECTED = 4,
    MSG_ACCEPTED = 5,
    MSG_NEWS = 6,
    MSG_TEST = 7,
    /* of the reader's own account */
    MSG_LINK = 8,
    MSG_PASSWORD = 9,
    MSG_TOKEN = 10,
    MSG_SIGN_IN = 11,
    MSG_POST = 12,
    MSG_POST_ENDED = 13,
    MSG__MAX
};

struct message_class {
    int64_t v;
    const char *key;
    const char *label; /* message id: heading and choice */
    const char *count; /* message ids for a subject: "%ld overdue" */
    bool duty;         /* cannot be turned off by who answers for it */
    bool asked;        /* a person can choose it */
    bool own;          /* of the reader's own account: see service/own.h */
};
extern const struct message_class message_classes[];  /* ends with .v == 0 */
const struct message_class *message_class(int64_t v); /* NULL: none */

/* What an event of that verb says to who is told of it: MSG_OVERDUE,
 * MSG_REJECTED, MSG_ACCEPTED, one of the own account by the key of its class,
 * or MSG_NEWS for all others. */
enum message_kind message_of(struct str verb);

/* What a person chose; minutes of the local day. */
struct wish {
    int64_t digest_at;
    int64_t quiet_from, quiet_until; /* equal: never quiet */
    int64_t off;                     /* bits 1 << kind that are not wanted */
    int64_t sms;                     /* 1: what is urgent by SMS as well */
};
extern const struct wish wish_preset;
extern const struct wish wish_chat; /* of robots: not at :00 and :30, when all
                                     * the world sends */

bool wish_wants(const struct wish *, int64_t kind);
/* Errors: ERR_INVALID (.field). */
bool wish_check(const struct wish *, struct err *) MUST_USE;

/* The first moment from now on that is not quiet. */
int64_t wish_awake(const struct wish *, const struct zone *, int64_t now);
/* The next digest: the hour of a working day, moved out of the quiet hours. */
int64_t wish_digest(const struct wish *, const struct rules *, int64_t now);

/* How long to wait after so many tries (from 1), ms; 0 = no more tries. */
int64_t message_back_off(int64_t tries);

#endif
