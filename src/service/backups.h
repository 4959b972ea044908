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

/* Remove copies older than so many days, but always leave the newest and
 * BACKUPS_MIN that are whole. A clock that is ahead ages nothing: what the clock
 * says counts for as many days as BACKUPS_PAUSE_DAYS after the copy before the
 * newest, so after a longer pause the second run removes.
 * told: each name that is gone.
 * Errors: ERR_STORE, something cannot be removed; ERR_BUSY. */
enum { BACKUPS_MIN = 3, BACKUPS_PAUSE_DAYS = 7 };
struct backups_age {
    int64_t now_ms, days;
};
typedef void backups_fn(const char *name, void *arg);
bool backups_expire(const char *folder, struct backups_age, backups_fn *told,
                    void *arg, struct err *) MUST_USE;

/* Remove what killed runs have left. */
void backups_clear(const char *folder);

#endif
