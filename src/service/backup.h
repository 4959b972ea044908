#ifndef SERVICE_BACKUP_H
#define SERVICE_BACKUP_H

#include "base/err.h"

/*
 * Copy an installation, beside a running server too: the database as of one
 * moment first, then every file that it names, so that the copy lacks none.
 * Errors: ERR_CONFLICT, .to is there already; ERR_STORE, ERR_FULL.
 */
struct backup {
    const char *from;
    const char *to;   /* a folder that is made here and must not exist */
    const char *like; /* an earlier copy: its files are shared where they are
                       * the same, for their bytes never change; NULL: none */
    bool with_key;    /* log.key too */
    long files;       /* out: how many were copied */
};
bool backup_copy(struct backup *, struct err *) MUST_USE;
/* Give a finished copy its name; an empty folder of that name gives way. */
bool backup_rename(const char *tmp, const char *to, struct err *) MUST_USE;

#endif
