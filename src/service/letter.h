#ifndef SERVICE_LETTER_H
#define SERVICE_LETTER_H

#include "service/delivery.h"
#include "service/say.h"

/*
 * A delivery in words, made at the moment it goes out: from records as they
 * are now, of what the reader may read now, still wants to know, and what is
 * still so.
 */
struct letter {
    bool nothing;       /* nothing is left to say */
    const char *cannot; /* N_(): why it can never be sent; NULL: it can */
    enum lang lang;     /* of whoever reads it */
    struct str to;      /* address or telephone; "" of a chat */
    struct str subject, text;
    struct str leave; /* https://…: where it can be turned off; "" */
};

struct letter_for {
    struct store *st; /* in a snapshot */
    const struct dir *dir;
    struct arena *arena;
    int64_t now;
    enum lang lang;         /* where the reader has none */
    const char *public_url; /* "" = no links */
};

/* way: of a chat; NULL for a person.
 * Errors: ERR_STORE, ERR_BUSY. */
bool letter_write(const struct letter_for *, const struct delivery *,
                  const struct channel_way *way, struct letter *,
                  struct err *) MUST_USE;

#endif
