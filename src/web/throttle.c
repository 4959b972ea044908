#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "web/throttle.h"

enum { BUCKETS = 8192, WAYS = 4 };

struct bucket {
    uint64_t key;
    int64_t since; /* when the first of its failures was counted */
    int64_t n;
    int64_t every_ms; /* one is forgotten so often; 0: nothing was counted */
    /* the same of all other servers together */
    int64_t others_since, others;
    bool changed; /* since others were told */
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

/* What others counted and is not forgotten yet. */
static int64_t
left(int64_t n, int64_t since, int64_t every_ms, int64_t now)
{
    int64_t gone = now > since ? (now - since) / every_ms : 0;

    return n > gone ? n - gone : 0;
}

/* Passwords, PINs and signatures; what the public's door counts stays here. */
static bool
is_told(char kind)
{
    return strchr("paPso", kind) != NULL;
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
        if (b->n + left(b->others, b->others_since, every_ms, now) >=
            (int64_t)max)
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
    b->every_ms = every_ms;
    b->changed = is_told(kind);
    pthread_mutex_unlock(&t->lock);
}

void
throttle_forget(struct throttle *t, char kind, struct str who)
{
    struct bucket *b;

    pthread_mutex_lock(&t->lock);
    if ((b = bucket_of(t, kind, who, false)) != NULL) {
        b->n = b->others = 0;
        b->changed = is_told(kind);
    }
    pthread_mutex_unlock(&t->lock);
}

/* ---- several servers -------------------------------------------------------- */

void
throttle_set_key(struct throttle *t, const unsigned char key[16])
{
    pthread_mutex_lock(&t->lock);
    memcpy(t->secret, key, sizeof(t->secret));
    pthread_mutex_unlock(&t->lock);
}

size_t
throttle_changed(struct throttle *t, struct throttle_news *out, size_t cap)
{
    size_t n = 0;

    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < BUCKETS && n < cap; i++) {
        struct bucket *b = &t->at[i];

        if (!b->changed)
            continue;
        b->changed = false;
        out[n++] = (struct throttle_news){ (int64_t)b->key, b->since, b->n,
                                           b->every_ms };
    }
    pthread_mutex_unlock(&t->lock);
    return n;
}

static void
hear(struct throttle *t, const struct throttle_news *x, bool first)
{
    struct bucket *set = &t->at[(uint64_t)x->key % (BUCKETS / WAYS) * WAYS],
                  *b = &set[0];

    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == (uint64_t)x->key) {
            b = &set[i];
            break;
        }
        if (set[i].since < b->since)
            b = &set[i];
    }
    if (b->key != (uint64_t)x->key)
        *b = (struct bucket){ .key = (uint64_t)x->key, .since = x->since };
    b->others = first ? x->n : b->others + x->n;
    b->others_since = x->since;
}

void
throttle_heard(struct throttle *t, const struct throttle_news *news, size_t n)
{
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < n; i++) {
        bool first = true;

        for (size_t k = 0; k < i && first; k++)
            first = news[k].key != news[i].key;
        hear(t, &news[i], first);
    }
    pthread_mutex_unlock(&t->lock);
}
