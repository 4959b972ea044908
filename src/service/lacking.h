#ifndef SERVICE_LACKING_H
#define SERVICE_LACKING_H

#include "service/dir.h"

/* What a district has not been given yet: what its first days are spent on. */
enum { LACKING_NAMED = 4 };

/* Some by their ids, and how many there are. */
struct lacking_some {
    int64_t id[LACKING_NAMED];
    size_t n;
};

struct lacking {
    bool schools;                /* there is none */
    struct lacking_some manager, /* schools where nobody manages safety */
        place,                   /* schools without any place */
        post,                    /* people who hold none */
        password;                /* people who could sign in and never set one;
                                  * .n counts up to LACKING_NAMED + 1 */
    bool calendar;               /* no semester, no holiday */
};

/* Errors: ERR_STORE, ERR_BUSY. */
bool lacking_read(struct store *, const struct dir *, struct arena *,
                  struct lacking *, struct err *) MUST_USE;

#endif
