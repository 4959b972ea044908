#ifndef WEB_POST_H
#define WEB_POST_H

#include "web/app.h"

/* A form or an API call as a change of rq->ledger. Knows csrf, key, rev, org;
 * everything else is a field. NULL: an error. */
struct change *post_change(struct rq *, struct err *) MUST_USE;
/* Keep the files that came along (on a worker), then run the change on the
 * writer, then go on with next. When a form is refused, its files stay as
 * unclaimed attachments of that person, and rq->kept says which. */
bool post_run(struct rq *, struct change *, handler *next,
              struct err *) MUST_USE;

/* One row of many in one form: its questions are called "field.N", those
 * without a number count for every row. files: what came along, kept already.
 * Not run yet: see post_row_job(). */
struct change *post_row(struct rq *, unsigned row, const struct keeping *files,
                        struct err *) MUST_USE;
/* Whether anything was filled in for this row alone. */
bool post_row_empty(const struct change *);
/* Jobs: make it; or, when it was refused, keep its files for the next try. */
bool post_row_job(struct tx *, void *change, struct err *) MUST_USE;
bool post_row_later(struct tx *, void *change, struct err *) MUST_USE;
/* The files of a row, with their ids once post_row_later() has run. */
const struct keeping *post_row_files(const struct change *);

/* Whether a person can mend what was sent and send it again. */
bool post_mendable(const struct err *);

/* A file that was kept: the database row comes with the change. */
struct kept {
    int64_t id;           /* given in the job */
    const char *question; /* its field, where the ledger has such a one */
    bool ready;           /* its bytes are in the store */
    struct str field, name, type;
    struct str sha; /* hex */
    int64_t size;
    const char *tmp;
    char clean_sha[65]; /* of an anonymous one */
};
/* Move uploads into the store of files: checks what they really are, and has
 * photographs decoded. Of several the good ones are kept, the error is of the
 * first bad one. Runs on a worker; arg is a struct keeping. */
struct keeping {
    const struct pictures *pictures;
    int64_t tenant;
    struct kept *file;
    size_t n;
    /* keep the clean copy in place of the photograph: the original tells the
     * device, the hour, and often the place */
    bool anonymous;
};
bool keep_files(void *arg, struct err *);
/* Rows for the kept files that are ready. */
bool keep_rows(struct tx *, int64_t tenant, int64_t person, struct kept *,
               size_t n, struct err *) MUST_USE;
struct keeping *keeping_of(struct rq *, struct err *) MUST_USE;

#endif
