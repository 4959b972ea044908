#include <pthread.h>
#include <stdlib.h>

#include "web/pages.h"

enum { QUEUE_MAX = 2048 };

/* Readers that nobody uses just now, as a stack: as many as there are threads,
 * so that one is always left. */
struct pages {
    pthread_mutex_t lock;
    struct reader *all, **idle;
    unsigned n, n_idle;
    struct worker *worker;
};

struct page {
    struct work w;
    struct pages *pages;
    struct rq *rq;
};

static struct reader *
take(struct pages *p)
{
    struct reader *r;

    pthread_mutex_lock(&p->lock);
    r = p->idle[--p->n_idle];
    pthread_mutex_unlock(&p->lock);
    return r;
}

static void
give_back(struct pages *p, struct reader *r)
{
    pthread_mutex_lock(&p->lock);
    p->idle[p->n_idle++] = r;
    pthread_mutex_unlock(&p->lock);
}

static bool
render(void *arg, struct err *e)
{
    const struct page *one = arg;
    struct reader *r = take(one->pages);

    (void)e;
    if (rq_pass(one->rq, r) == HTTP_SEND)
        one->rq->answered = true;
    give_back(one->pages, r);
    return true;
}

static void
rendered(struct work *w)
{
    rq_go_on(((const struct page *)w)->rq);
}

bool
pages_put(struct pages *p, struct rq *rq)
{
    struct page *one = arena_new_obj(rq->arena, struct page);

    if (one == NULL)
        return false;
    *one = (struct page){ .w = { .run = render, .done = rendered, .arg = one },
                          .pages = p,
                          .rq = rq };
    __atomic_add_fetch(&rq->owed, 1, __ATOMIC_RELAXED);
    if (worker_put(p->worker, &one->w))
        return true;
    __atomic_sub_fetch(&rq->owed, 1, __ATOMIC_RELAXED);
    return false;
}

struct pages *
pages_new(const char *data_dir, unsigned threads, struct err *e)
{
    struct pages *p = calloc(1, sizeof(*p));

    if (p == NULL || (p->all = calloc(threads, sizeof(*p->all))) == NULL ||
        (p->idle = calloc(threads, sizeof(struct reader *))) == NULL) {
        pages_free(p);
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    pthread_mutex_init(&p->lock, NULL);
    for (; p->n < threads; p->n++) {
        if (!reader_open(&p->all[p->n], data_dir, e)) {
            pages_free(p);
            return NULL;
        }
        p->idle[p->n_idle++] = &p->all[p->n];
    }
    if ((p->worker = worker_new(threads, QUEUE_MAX, 0, e)) != NULL)
        return p;
    pages_free(p);
    return NULL;
}

void
pages_free(struct pages *p)
{
    if (p == NULL)
        return;
    worker_free(p->worker);
    for (unsigned i = 0; i < p->n; i++)
        reader_close(&p->all[i]);
    free(p->all);
    free(p->idle);
    free(p);
}
