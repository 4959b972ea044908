#ifndef WEB_EXPORTS_H
#define WEB_EXPORTS_H

#include "web/made.h"

/*
 * Files that take long: a list of thousands of rows. They are made one at a time
 * by a thread that gives way to everybody's pages; one for each person. Who
 * asked sees how far it is, may stop it, and fetches it within half an hour.
 * They live as long as the server.
 */
struct exports;
struct exports *exports_new(const char *data_dir, struct err *) MUST_USE;
/* Ask what is under way and what waits to end. */
void exports_stop(struct exports *);
/* When its worker is gone: removes all files. */
void exports_free(struct exports *);

/* What the work sees of it: give a sign now and then, stop when asked to. */
struct export_sign {
    int64_t rows; /* atomic: so far */
    bool stop;    /* atomic: nobody wants it any more */
};

/* A copy of the request for work that goes on without it. The copy has no heads,
 * no body and no answer; its memory is of the arena. NULL: no memory. */
struct rq *exports_copy(const struct rq *, struct arena *);

/* Queue m for the person who asks and lead to its page; where there is one of
 * that person's already, to that. m->arg and its strings live in the arena,
 * which is ours from here on, as is copy (of exports_copy()).
 *	sign	in m->arg's memory: what the work tells of itself */
struct export_ask {
    struct made made;
    struct arena *arena;
    struct rq *copy;
    struct export_sign *sign;
    struct str title;
};
/* Errors: ERR_BUSY, the queue is full; ERR_FULL, ERR_STORE. */
bool exports_start(struct rq *, const struct export_ask *,
                   struct err *) MUST_USE;

#endif
