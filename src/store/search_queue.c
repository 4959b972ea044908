#include <stdlib.h>

#include "store/search_queue.h"
#include "store/stmt.h"

enum { QUEUE_MAX = 4096 }; /* of one large job, written as it goes on */

struct queued_words {
    int64_t tenant, id;
    bool forget;
    char *words;
    size_t n;
};

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

bool
search_queue_add(struct search_queue *q, struct store *st, int64_t tenant,
                 int64_t id, bool forget, struct str words, struct err *e)
{
    struct queued_words one = {
        .tenant = tenant, .id = id, .forget = forget, .n = words.n
    };

    if (q->n >= QUEUE_MAX && q->saved == 0 && !search_queue_flush(q, st, e))
        return false;
    if (q->n == q->cap) {
        size_t cap = q->cap > 0 ? 2 * q->cap : 64;
        void *p = reallocarray(q->at, cap, sizeof(*q->at));

        if (p == NULL)
            return short_of_memory(e);
        q->at = p;
        q->cap = cap;
    }
    if ((one.words = malloc(words.n + 1)) == NULL)
        return short_of_memory(e);
    memcpy(one.words, words.p, words.n);
    q->at[q->n++] = one;
    return true;
}

void
search_queue_cut(struct search_queue *q, size_t n)
{
    while (q->n > n)
        free(q->at[--q->n].words);
}

bool
search_queue_flush(struct search_queue *q, struct store *st, struct err *e)
{
    for (size_t i = 0; i < q->n; i++) {
        const struct queued_words *w = &q->at[i];
        const struct str words = { w->words, w->n };

        if (!(w->forget ? QRUN(st, SEARCH_FORGET, e, ARG(w->tenant), ARG(w->id),
                               ARG(words))
                        : QRUN(st, SEARCH_ADD, e, ARG(w->tenant), ARG(w->id),
                               ARG(words))))
            return false;
    }
    q->early |= q->n > 0 && q->saved > 0;
    search_queue_cut(q, 0);
    return true;
}

void
search_queue_fini(struct search_queue *q)
{
    search_queue_cut(q, 0);
    free(q->at);
    *q = (struct search_queue){ .n = 0 };
}
