#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "web/throttle.h"

enum { BUCKETS = 8192, WAYS = 4, FIRST_WAIT_MS = 2000 };

struct bucket {
    uint64_t key;
    int64_t since; /* when the first of its failures was counted */
    int64_t n;
    int64_t every_ms; /* one is forgotten so often; 0: nothing was counted */
    int64_t next;     /* of a rule that slows: when the next try may come */
    /* the same of all other servers together */
    int64_t others_since, others;
    int64_t noticed; /* how many of others' have set .next */
    bool changed;    /* since others were told */
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

static int64_t
total(const struct bucket *b, int64_t every_ms, int64_t now)
{
    return left(b->n, b->since, every_ms, now) +
           left(b->others, b->others_since, every_ms, now);
}

/* When the next one of a run is forgotten; never: INT64_MAX. */
static int64_t
next_drop(int64_t n, int64_t since, int64_t every_ms, int64_t now)
{
    int64_t gone = now > since ? (now - since) / every_ms : 0;

    return gone < n ? since + (gone + 1) * every_ms : INT64_MAX;
}

/* From when on fewer than max are counted: both runs shrink by themselves. */
static int64_t
room_at(const struct bucket *b, int64_t max, int64_t every_ms, int64_t now)
{
    int64_t at = now;

    while (total(b, every_ms, at) >= max) {
        int64_t own = next_drop(b->n, b->since, every_ms, at);
        int64_t other = next_drop(b->others, b->others_since, every_ms, at);

        if (own == INT64_MAX && other == INT64_MAX)
            break;
        at = own < other ? own : other;
    }
    return at;
}

/* Passwords, PINs and signatures; what the public's door counts stays here. */
static bool
is_told(char kind)
{
    return strchr("pabPsotn", kind) != NULL;
}

static bool
wait(int64_t ms, struct err *e)
{
    return ms <= 0 ||
           err_set(e, ERR_RATE, NULL,
                   "Too many tries. Please wait %ld seconds and try again",
                   (long)((ms + 999) / 1000));
}

bool
throttle_check(struct throttle *t, char kind, struct str who, unsigned max,
               int64_t every_ms, int64_t now, struct err *e)
{
    struct bucket *b;
    int64_t at = now;

    pthread_mutex_lock(&t->lock);
    if ((b = bucket_of(t, kind, who, false)) != NULL) {
        drain(b, every_ms, now);
        at = room_at(b, max, every_ms, now);
    }
    pthread_mutex_unlock(&t->lock);
    return wait(at - now, e);
}

/* How long after that many tries beyond the free ones. */
static int64_t
delay_of(const struct throttle_rule *r, int64_t over)
{
    int64_t delay = FIRST_WAIT_MS;

    for (int64_t i = 0; i < over && delay < r->slow_ms; i++)
        delay *= 2;
    return delay < r->slow_ms ? delay : r->slow_ms;
}

/* When others tried is not told, only that they did: it counts as now. */
static void
notice(struct bucket *b, const struct throttle_rule *r, int64_t now)
{
    int64_t over = total(b, r->every_ms, now) - r->free;

    if (b->others > b->noticed && over >= 0 &&
        b->next < now + delay_of(r, over))
        b->next = now + delay_of(r, over);
    b->noticed = b->others;
}

/* When it may be counted in that bucket. */
static int64_t
may_at(struct throttle *t, const struct throttle_try *x, int64_t now)
{
    const struct throttle_rule *r = x->rule;
    struct bucket *b = bucket_of(t, r->kind, x->who, false);

    if (b == NULL)
        return now;
    drain(b, r->every_ms, now);
    if (r->slow_ms == 0)
        return room_at(b, r->free, r->every_ms, now);
    notice(b, r, now);
    return total(b, r->every_ms, now) >= r->free && b->next > now ? b->next
                                                                  : now;
}

static void
count(struct throttle *t, const struct throttle_try *x, int64_t now)
{
    const struct throttle_rule *r = x->rule;
    struct bucket *b = bucket_of(t, r->kind, x->who, true);
    int64_t over;

    drain(b, r->every_ms, now);
    b->n++;
    b->every_ms = r->every_ms;
    b->changed = is_told(r->kind);
    over = total(b, r->every_ms, now) - r->free;
    if (r->slow_ms == 0 || over < 0)
        return;
    b->next = now + delay_of(r, over);
}

bool
throttle_take(struct throttle *t, const struct throttle_try *x, size_t n,
              int64_t now, struct err *e)
{
    int64_t at = now;

    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < n; i++) {
        int64_t one = may_at(t, &x[i], now);

        at = one > at ? one : at;
    }
    for (size_t i = 0; i < n && at == now; i++)
        count(t, &x[i], now);
    pthread_mutex_unlock(&t->lock);
    return wait(at - now, e);
}

void
throttle_back(struct throttle *t, const struct throttle_try *x, size_t n)
{
    struct bucket *b;

    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < n; i++) {
        b = bucket_of(t, x[i].rule->kind, x[i].who, false);
        if (b == NULL || b->n == 0)
            continue;
        b->n--;
        b->changed = is_told(x[i].rule->kind);
        if (b->n < x[i].rule->free)
            b->next = 0;
    }
    pthread_mutex_unlock(&t->lock);
}

int64_t
throttle_count(struct throttle *t, const struct throttle_try *x, int64_t now)
{
    struct bucket *b;
    int64_t n = 0;

    pthread_mutex_lock(&t->lock);
    if ((b = bucket_of(t, x->rule->kind, x->who, false)) != NULL)
        n = total(b, x->rule->every_ms, now);
    pthread_mutex_unlock(&t->lock);
    return n;
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
        b->n = b->others = b->next = 0;
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
