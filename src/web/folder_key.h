#ifndef WEB_FOLDER_KEY_H
#define WEB_FOLDER_KEY_H

#include "base/err.h"

/* A random key that is kept in the data folder under that name: made by the
 * first server that asks, found by the others and after every restart. It is
 * whole or it is not there. Errors: ERR_STORE, ERR_FULL. */
bool folder_key(const char *dir, const char *name, unsigned char *key, size_t n,
                struct err *) MUST_USE;

#endif
