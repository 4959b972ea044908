#ifndef WEB_POST_H
#define WEB_POST_H

#include "web/app.h"

/* A form or an API call as a change of rq->ledger. Knows csrf, key, rev, org;
 * everything else is a field. NULL: an error. */
struct change *post_change(struct rq *, struct err *) MUST_USE;
/* Keep the files that came along (on a worker), then run the change on the
 * writer, then go on with next. */
bool post_run(struct rq *, struct change *, handler *next,
              struct err *) MUST_USE;

/* A file that was kept: the database row comes with the change. */
struct kept {
    int64_t id; /* given in the job */
    struct str field, name, type;
    struct str sha; /* hex */
    int64_t size;
    const char *tmp;
};
/* Move uploads into the store of files: checks what they really are. Runs on
 * a worker; arg is a struct keeping. */
struct keeping {
    const char *data_dir;
    int64_t tenant;
    struct kept *file;
    size_t n;
};
bool keep_files(void *arg, struct err *);
/* Rows for the kept files. */
bool keep_rows(struct tx *, int64_t tenant, int64_t person, struct kept *,
               size_t n, struct err *) MUST_USE;
struct keeping *keeping_of(struct rq *, struct err *) MUST_USE;

#endif
