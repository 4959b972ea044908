#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "web/throttle.h"

enum { BUCKETS = 8192, WAYS = 4 };

struct bucket {
    uint64_t key;
    int64_t since; /* when the first of its failures was counted */
    int64_t n;
};

struct throttle {
    pthread_mutex_t lock;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    struct bucket at[BUCKETS];
};

struct throttle *
throttle_new(struct err *e)
{
    struct throttle *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    pthread_mutex_init(&t->lock, NULL);
    randombytes_buf(t->secret, sizeof(t->secret));
    return t;
}

void
throttle_free(struct throttle *t)
{
    if (t == NULL)
        return;
    pthread_mutex_destroy(&t->lock);
    free(t);
}

/* The bucket of a key; made in place of the oldest of its set if need be. */
static struct bucket *
bucket_of(struct throttle *t, char kind, struct str who, bool make)
{
    unsigned char text[257];
    struct bucket *set, *oldest;
    uint64_t key;

    who = str_cut(who, 0, sizeof(text) - 1);
    text[0] = (unsigned char)kind;
    if (who.n > 0)
        memcpy(text + 1, who.p, who.n);
    crypto_shorthash((unsigned char *)&key, text, who.n + 1, t->secret);
    set = &t->at[key % (BUCKETS / WAYS) * WAYS];
    oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].since < oldest->since)
            oldest = &set[i];
    }
    if (!make)
        return NULL;
    *oldest = (struct bucket){ .key = key };
    return oldest;
}

static void
drain(struct bucket *b, int64_t every_ms, int64_t now)
{
    int64_t gone = (now - b->since) / every_ms;

    if (b->n == 0 || gone >= b->n) {
        b->n = 0;
        b->since = now;
    } else if (gone > 0) {
        b->n -= gone;
        b->since += gone * every_ms;
    }
}

bool
throttle_check(struct throttle *t, char kind, struct str who, unsigned max,
               int64_t every_ms, int64_t now, struct err *e)
{
    struct bucket *b;
    int64_t wait = 0;

    pthread_mutex_lock(&t->lock);
    if ((b = bucket_of(t, kind, who, false)) != NULL) {
        drain(b, every_ms, now);
        if (b->n >= (int64_t)max)
            wait = (b->since + every_ms - now) / 1000 + 1;
    }
    pthread_mutex_unlock(&t->lock);
    return wait == 0 ||
           err_set(e, ERR_RATE, NULL,
                   "Too many tries. Please wait %ld seconds and try again",
                   (long)wait);
}

void
throttle_add(struct throttle *t, char kind, struct str who, int64_t every_ms,
             int64_t now)
{
    struct bucket *b;

    pthread_mutex_lock(&t->lock);
    b = bucket_of(t, kind, who, true);
    drain(b, every_ms, now);
    b->n++;
    pthread_mutex_unlock(&t->lock);
}

void
throttle_forget(struct throttle *t, char kind, struct str who)
{
    struct bucket *b;

    pthread_mutex_lock(&t->lock);
    if ((b = bucket_of(t, kind, who, false)) != NULL)
        b->n = 0;
    pthread_mutex_unlock(&t->lock);
}
