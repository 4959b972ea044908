#ifndef WEB_THROTTLE_H
#define WEB_THROTTLE_H

#include "base/err.h"

/*
 * Who may try again, and when: buckets in memory that fill with tries and
 * empty with time.  A try is counted before the work is done and given back
 * when it was the right person after all: of fifty at once no more pass than
 * one after the other.  What a bucket stands for is its kind and a text: an
 * account as seen from one network, a network, a browser (web/network.h).
 */
struct throttle;

/* So many tries are free, one is forgotten every every_ms. From then on:
 *	slow_ms = 0	the next one waits until one is forgotten
 *	slow_ms > 0	each one waits twice as long as the one before it, from
 *			two seconds to slow_ms; nobody is shut out for good */
struct throttle_rule {
    char kind;
    unsigned free;
    int64_t every_ms, slow_ms;
};

/* One bucket that a try counts in. */
struct throttle_try {
    const struct throttle_rule *rule;
    struct str who;
};

struct throttle *throttle_new(struct err *) MUST_USE;
void throttle_free(struct throttle *);

/* Count a try in all of these, or in none: when one of them says wait, *e says
 * how long, and after that many seconds all of them let the next one pass.
 * Errors: ERR_RATE, with the seconds in its first value. */
bool throttle_take(struct throttle *, const struct throttle_try *, size_t n,
                   int64_t now, struct err *) MUST_USE;
/* It was no failure: as if it had not been tried. */
void throttle_back(struct throttle *, const struct throttle_try *, size_t n);
/* How many tries a bucket holds. */
int64_t throttle_count(struct throttle *, const struct throttle_try *,
                       int64_t now);

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
