#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H

#include "base/err.h"
#include "base/str.h"

/* Small files of the data folder that are no database. */

/* A random key that is kept there under that name: made by the first server that
 * asks, found by the others and after every restart. It is whole or it is not
 * there. Errors: ERR_STORE, ERR_FULL. */
bool folder_key(const char *dir, const char *name, unsigned char *key, size_t n,
                struct err *) MUST_USE;
/* The same, where it is there: *there. Errors: ERR_STORE, it is cut short. */
bool folder_key_find(const char *dir, const char *name, unsigned char *key,
                     size_t n, bool *there, struct err *) MUST_USE;

/* Put these bytes there under that name, readable by the owner alone: written
 * beside, synced, renamed, and the folder synced. Whoever looks finds what was
 * there before or all of it, also behind a power cut.
 * Errors: ERR_STORE, ERR_FULL. */
bool folder_replace(const char *dir, const char *name, struct str bytes,
                    struct err *) MUST_USE;

#endif
