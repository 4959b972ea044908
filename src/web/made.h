#ifndef WEB_MADE_H
#define WEB_MADE_H

#include "web/app.h"

typedef bool made_fn(struct rq *, const char *path, void *arg, struct err *);

/* A file that is made when it is asked for, on the heavy worker: an export, a
 * poster, a picture. It is sent and gone. */
struct made {
    /* Writes the file. rq->st and rq->who.dir are the worker's meanwhile, in a
     * snapshot. */
    made_fn *make;
    void *arg;
    const char *type;
    struct str name; /* that a browser saves it under */
    bool shown;      /* in the window, not saved at once */
    bool many;       /* very many rows: nobody's page waits behind it */
};
/* "隐患台账-2026-11-30.xlsx", "整改通知书-WF-TZ-2026-0003-2026-11-30.pdf": what it
 * is, in the reader's language, its number (or "") and today; no sign that a
 * file's name may not have. In memory of the arena. */
struct str made_name(struct rq *, struct arena *, const char *kind,
                     struct str number, const char *ending);
/* Answer with such a file, which is open. */
bool made_answer(struct rq *, const struct made *, int fd);

/* Parks. Errors: ERR_FULL, ERR_BUSY, those of make(). */
bool made_send(struct rq *, const struct made *, struct err *) MUST_USE;
/* The same for a picture (PNG) that is shown, of whatever draw() draws; number:
 * of the record that it shows, or "". */
bool made_picture(struct rq *, made_fn *draw, void *arg, struct str number,
                  struct err *) MUST_USE;

#endif
