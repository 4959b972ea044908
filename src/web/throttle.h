#ifndef WEB_THROTTLE_H
#define WEB_THROTTLE_H

#include "base/err.h"

/*
 * Who may try again, and when: buckets in memory that fill with failures and
 * empty with time.  Sign-in counts failures by (address, account) and by
 * address; a browser that has signed in before has a bucket of its own, so
 * that nobody can lock another out.
 */
struct throttle;

struct throttle *throttle_new(struct err *) MUST_USE;
void throttle_free(struct throttle *);

/* May `who` (any text) try in `kind`? max failures, one forgotten every
 * `every_ms`. Errors: ERR_RATE, with the seconds to wait in it. */
bool throttle_check(struct throttle *, char kind, struct str who, unsigned max,
                    int64_t every_ms, int64_t now, struct err *) MUST_USE;
/* Count a failure. */
void throttle_add(struct throttle *, char kind, struct str who,
                  int64_t every_ms, int64_t now);
/* Forget the failures: it was the right person after all. */
void throttle_forget(struct throttle *, char kind, struct str who);

/* ---- several servers ------------------------------------------------------- */

/* What servers on one database tell each other: failures to sign in, and to sign,
 * never what the public's door counts. All of them hash with the same key. */
struct throttle_news {
    int64_t key, since, n, every_ms;
};
void throttle_set_key(struct throttle *, const unsigned char key[16]);
/* What has changed here since the last call, at most cap; how many. */
size_t throttle_changed(struct throttle *, struct throttle_news *, size_t cap);
/* What all others have counted for these keys, instead of what they had. */
void throttle_heard(struct throttle *, const struct throttle_news *, size_t n);

struct writer;
struct throttle_share;
/* Exchange them every second, by a thread of its own. dir: the data folder,
 * where the key is made or found. Errors: ERR_STORE, ERR_FULL, ERR_BUSY. */
struct throttle_share *throttle_share_start(struct throttle *, struct writer *,
                                            const char *dir,
                                            struct err *) MUST_USE;
void throttle_share_stop(struct throttle_share *);

#endif
