#ifndef SERVICE_BACKUP_H
#define SERVICE_BACKUP_H

#include "base/err.h"

/*
 * Copy an installation, beside a running server too: the database as of one
 * moment first, then every file that it names, so that the copy lacks none.
 *	to	a folder that is made here and must not exist
 * log.key is copied only when asked for. *files: how many.
 * Errors: ERR_CONFLICT, to is there already; ERR_STORE, ERR_FULL.
 */
bool backup_copy(const char *from, const char *to, bool with_key, long *files,
                 struct err *) MUST_USE;
/* Give a finished copy its name; an empty folder of that name gives way. */
bool backup_rename(const char *tmp, const char *to, struct err *) MUST_USE;

#endif
