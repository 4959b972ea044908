#ifndef SERVICE_BACKUPS_H
#define SERVICE_BACKUPS_H

#include "base/err.h"

/*
 * A folder of dated copies of an installation, "2026-11-24T041503Z" (UTC), each
 * whole by itself, for as long as personal data may lie about (N14). Nothing
 * else in that folder is ever touched.
 */
enum { BACKUPS_NAME = 32 };

void backups_name(int64_t now_ms, char out[BACKUPS_NAME]);
/* The newest finished copy; false: there is none. */
bool backups_newest(const char *folder, char out[BACKUPS_NAME]);

/* Remove copies older than so many days, never the newest one, and halves that
 * were broken off a day ago. told: each name that is gone.
 * Errors: ERR_STORE, something cannot be removed. */
typedef void backups_fn(const char *name, void *arg);
bool backups_expire(const char *folder, int64_t now_ms, int64_t days,
                    backups_fn *told, void *arg, struct err *) MUST_USE;

#endif
