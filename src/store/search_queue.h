#ifndef STORE_SEARCH_QUEUE_H
#define STORE_SEARCH_QUEUE_H

#include "store/store.h"

/*
 * Words on their way into the search index. The index writes a segment of its
 * own at every savepoint that finds it changed, and merges them later: one for
 * each job. So the words wait, and go in together just before the commit. What is taken back is taken out of the queue.
 */
struct search_queue {
    struct queued_words *at;
    size_t n, cap;
    size_t saved; /* how many there were at the savepoint */
    bool early;   /* some of those were written behind it: no way back but
                   * that of the whole transaction */
};

/* The connection's own; NULL outside a transaction: no need to wait. */
struct search_queue *store_search_queue(struct store *);

/* The words are copied. Errors: ERR_BUSY. */
bool search_queue_add(struct search_queue *, struct store *, int64_t tenant,
                      int64_t id, bool forget, struct str words,
                      struct err *) MUST_USE;
/* Forget all from the nth on. */
void search_queue_cut(struct search_queue *, size_t n);
/* Write them to the index, in order: before a commit, and before the index is
 * read or emptied within a transaction. */
bool search_queue_flush(struct search_queue *, struct store *,
                        struct err *) MUST_USE;
void search_queue_fini(struct search_queue *);

#endif
