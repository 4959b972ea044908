#ifndef WEB_KEEPING_H
#define WEB_KEEPING_H

#include "web/app.h"

/* A file that was kept: the database row comes with the change. */
struct kept {
    int64_t id;           /* given in the job */
    const char *question; /* its field, where the ledger has such a one */
    bool workbook;        /* the question is for one that can be filled in */
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
    const struct writer *writer; /* takes nothing while it may not change */
    int64_t tenant;
    struct kept *file;
    size_t n;
    /* keep the clean copy in place of the photograph: the original tells the
     * device, the hour, and often the place */
    bool anonymous;
    int64_t spent_ms; /* out: how long it took */
};
bool keep_files(void *arg, struct err *);
/* What somebody may have lying here that no record names: it goes after a day.
 * By the API a hundred files are brought in and named one by one; a form that is
 * saved on the way, such as an inspection's, may hold more. Errors: ERR_RATE,
 * with the seconds until the oldest of them goes. */
enum { KEPT_BY_API = 60, KEPT_BY_FORMS = 1000 };
bool keep_quota(struct store *, const struct keeping *, int64_t person,
                int64_t most, int64_t now, struct err *) MUST_USE;
/* Rows for the kept files that are ready. */
bool keep_rows(struct tx *, int64_t tenant, int64_t person, struct kept *,
               size_t n, struct err *) MUST_USE;
/* Have the files of a form kept by who is signed in, then go on with next.
 * Errors: ERR_RATE, too many wait; ERR_BUSY. */
bool rq_keep(struct rq *, struct keeping *, handler *next,
             struct err *) MUST_USE;
struct keeping *keeping_of(struct rq *, struct err *) MUST_USE;

#endif
