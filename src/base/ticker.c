#include "base/ticker.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct ticker {
    ticker_fn *fn;
    void *arg;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool woken, closing;
};

static struct timespec
in_ms(unsigned ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000L;
    if (at.tv_nsec >= 1000000000L) {
        at.tv_nsec -= 1000000000L;
        at.tv_sec++;
    }
    return at;
}

static void *
run(void *arg)
{
    struct ticker *t = arg;

    pthread_mutex_lock(&t->lock);
    while (!t->closing) {
        struct timespec until;
        int late = 0;

        t->woken = false;
        pthread_mutex_unlock(&t->lock);
        until = in_ms(t->fn(t->arg));
        pthread_mutex_lock(&t->lock);
        while (!t->woken && !t->closing && late == 0)
            late = pthread_cond_timedwait(&t->wake, &t->lock, &until);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static void
ticker_free(struct ticker *t)
{
    pthread_cond_destroy(&t->wake);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

struct ticker *
ticker_start(ticker_fn *fn, void *arg, struct err *e)
{
    struct ticker *t = calloc(1, sizeof(*t));
    pthread_condattr_t attr;

    if (t == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    t->fn = fn;
    t->arg = arg;
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&t->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&t->thread, NULL, run, t) == 0)
        return t;
    ticker_free(t);
    err_set(e, ERR_BUSY, NULL, "A thread cannot be started");
    return NULL;
}

static void
tell(struct ticker *t, bool closing)
{
    pthread_mutex_lock(&t->lock);
    t->woken = true;
    t->closing |= closing;
    pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->lock);
}

void
ticker_wake(struct ticker *t)
{
    if (t != NULL)
        tell(t, false);
}

void
ticker_stop(struct ticker *t)
{
    if (t == NULL)
        return;
    tell(t, true);
    pthread_join(t->thread, NULL);
    ticker_free(t);
}
