#ifndef SERVICE_WIRE_H
#define SERVICE_WIRE_H

#include <stdatomic.h>

#include "base/err.h"
#include "codec/chat.h"
#include "codec/mail.h"

/*
 * The ways out of the house, by libcurl.  The other side is slow, wrong or
 * hostile: deadlines, a cap on what it may answer, no redirects, TLS checked.
 * Used by one thread.
 */
struct gateways {
    const char *public_url; /* "" = messages carry no links */
    bool zh;                /* for readers without a language */
    /* mail: "smtp://host:587", "smtps://host:465"; "" = none */
    const char *smtp_url, *smtp_user, *smtp_password_file, *mail_from;
    bool smtp_plain; /* without TLS: a relay in the same house only */
    int64_t mail_per_minute;
    /* SMS: an address and a body with {phone} {text} {key}; "" = none */
    const char *sms_url, *sms_body, *sms_key_file;
    const char *sms_ok; /* must stand in the answer; "" = any 2xx will do */
    int64_t sms_per_minute;
    const char *chat_relay; /* stands for the robots' hosts; "" = none */
    const char *ca_file;    /* of a gateway with its own authority; "" */
    int64_t seconds;        /* for one message in all */
};

struct wire;
/* closing: set to stop a transfer at once. Errors: ERR_BUSY. */
struct wire *wire_new(const struct gateways *, const atomic_bool *closing,
                      struct err *) MUST_USE;
void wire_free(struct wire *);

struct outcome {
    enum verdict verdict;
    bool stopped;       /* by closing */
    int64_t wait_ms;    /* asked for by the other side; 0 = did not say */
    const char *reason; /* N_(), "" when taken */
    char answer[64];    /* its code: no text of theirs, no address of ours */
};

void wire_mail(struct wire *, const struct mail *, struct outcome *);
void wire_sms(struct wire *, struct str phone, struct str text,
              struct outcome *);
void wire_chat(struct wire *, const struct chat_kind *, struct str url,
               struct str secret, struct str text, int64_t now_ms,
               struct outcome *);

#endif
