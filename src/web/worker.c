#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "web/worker.h"

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct work *first, **last;
    unsigned waiting, max, threads;
    int give_way;
    bool closing;
    pthread_t thread[8];
    struct slot {
        struct worker *w;
        unsigned i;
    } slot[8];
};

static _Thread_local const struct slot *mine;

unsigned
worker_slot(const struct worker **of)
{
    *of = mine != NULL ? mine->w : NULL;
    return mine != NULL ? mine->i : 0;
}

static struct work *
take(struct worker *w)
{
    struct work *x;

    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->closing)
        pthread_cond_wait(&w->wake, &w->lock);
    if ((x = w->first) != NULL) {
        w->first = x->next;
        if (w->first == NULL)
            w->last = &w->first;
        w->waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return x;
}

static void *
worker_main(void *arg)
{
    struct worker *w = ((const struct slot *)arg)->w;
    struct work *x;

    mine = arg;

    if (w->give_way != 0) /* Linux: of this thread alone */
        (void)setpriority(PRIO_PROCESS, (id_t)gettid(),
                          getpriority(PRIO_PROCESS, 0) + w->give_way);

    while ((x = take(w)) != NULL) {
        x->err = (struct err){ 0 };
        x->ok = x->run(x->arg, &x->err);
        x->done(x);
    }
    return NULL;
}

struct worker *
worker_new(unsigned threads, unsigned queue, int give_way, struct err *e)
{
    struct worker *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->last = &w->first;
    w->max = queue;
    w->give_way = give_way;
    for (; w->threads < threads && w->threads < N_OF(w->thread); w->threads++) {
        struct slot *s = &w->slot[w->threads];

        *s = (struct slot){ w, w->threads };
        if (pthread_create(&w->thread[w->threads], NULL, worker_main, s) != 0) {
            worker_free(w);
            err_set(e, ERR_BUSY, NULL, "A thread cannot be started");
            return NULL;
        }
    }
    return w;
}

bool
worker_put(struct worker *w, struct work *x)
{
    bool ok;

    pthread_mutex_lock(&w->lock);
    ok = !w->closing && w->waiting < w->max;
    if (ok) {
        x->next = NULL;
        *w->last = x;
        w->last = &x->next;
        w->waiting++;
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    return ok;
}

void
worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->closing = true;
    pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->threads; i++)
        pthread_join(w->thread[i], NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    free(w);
}
