#ifndef CMD_CHECKED_COPY_H
#define CMD_CHECKED_COPY_H

#include "service/backup.h"

/* Copy to TO.tmp, check it there, then give it its name; what is wrong is
 * printed and lies in the copy's file "incomplete". mark: it is put back, so it
 * is marked as restored, and what was erased since comes along.
 *	*rc	out: the exit code; EXIT_WRONG for a copy that is not whole
 * False: there is no copy of that name. */
bool copy_checked(const struct backup *, bool mark, int *rc);

/* True when nothing is there, or an empty folder. */
bool folder_is_free(const char *path);

#endif
