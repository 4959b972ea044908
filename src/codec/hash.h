#ifndef CODEC_HASH_H
#define CODEC_HASH_H

#include "base/buf.h"
#include "base/str.h"

/* SHA-256 (FIPS 180-4), by libcrypto. */
struct hash {
    unsigned char b[32];
};

/* The hash of up to eight pieces in a row. */
void hash_of(struct hash *out, const struct str *piece, size_t n);

/* Append the hash of the bytes in hex. */
void hash_hex(struct buf *, struct str bytes);

/* The hash of all of a file, however far it has been read. False: it cannot be
 * read, see errno. size: how many bytes it has; may be NULL. */
bool hash_fd(struct hash *out, int fd, int64_t *size) MUST_USE;

/* HMAC-SHA256 (RFC 2104). */
void hash_hmac(struct hash *out, struct str key, struct str text);

static inline struct str
hash_str(const struct hash *h)
{
    return (struct str){ (const char *)h->b, sizeof(h->b) };
}

void hex_put(struct buf *, struct str bytes);
/* Lower or upper case; false unless s is exactly 2n hex digits. */
bool hex_parse(struct str s, unsigned char *out, size_t n) MUST_USE;
/* RFC 4648 with padding. */
void base64_put(struct buf *, struct str bytes);
/* Bytes written, or -1: not base64, or more than cap. */
ptrdiff_t base64_parse(struct str s, unsigned char *out, size_t cap);

#endif
