#ifndef CODEC_SEALED_H
#define CODEC_SEALED_H

#include "base/str.h"

/*
 * A number that others carry and must not read: 64 hex digits, encrypted and
 * authenticated under a key (a synthetic IV: HMAC-SHA256 of the number and a
 * salt, which also makes the stream). With the salt 0 the same number is always
 * the same text, an id; with a random salt it never is, so that a place in a
 * sequence does not tell whether it has moved.
 */
enum { SEALED_KEY = 32, SEALED_TEXT = 64 };

void sealed_put(const unsigned char key[SEALED_KEY], int64_t number,
                uint64_t salt, char out[SEALED_TEXT + 1]);
/* False: it was not made with this key. */
bool sealed_read(const unsigned char key[SEALED_KEY], struct str text,
                 int64_t *number) MUST_USE;

#endif
