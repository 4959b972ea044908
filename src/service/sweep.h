#ifndef SERVICE_SWEEP_H
#define SERVICE_SWEEP_H

#include "service/writer.h"

/*
 * What nobody needs any more, and for how long it is kept.  Attachments that
 * no record names are taken out of the database by service/purge.h; here their
 * bytes follow, and whatever an interrupted upload left behind.  Nothing is
 * removed that a row names, so it may be broken off anywhere.
 */
enum { SWEEP_UNCLAIMED_HOURS = 24, SWEEP_IMPORT_DAYS = 7, SWEEP_FOLDERS = 256 };

/* Bytes in one of the 256 folders of a tenant's files that no attachment names
 * and that are older than a day. *n: adds how many. */
bool sweep_bytes(struct store *, const char *data_dir, int64_t tenant,
                 unsigned folder, int64_t now, long *n, struct err *) MUST_USE;

/* Uploaded ledgers, a week after they were last read; halves of uploads, after
 * a day. */
void sweep_folders(const char *data_dir, int64_t now, long *n);

#endif
