/* The plain functions, not EVP's: those allocate at every hash, and a hash
 * must not be able to fail. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <errno.h>
#include <openssl/sha.h>
#include <unistd.h>

#include "codec/hash.h"

void
hash_of(struct hash *out, const struct str *piece, size_t n)
{
    SHA256_CTX ctx;

    SHA256_Init(&ctx);
    for (size_t i = 0; i < n; i++)
        SHA256_Update(&ctx, piece[i].p, piece[i].n);
    SHA256_Final(out->b, &ctx);
}

bool
hash_fd(struct hash *out, int fd, int64_t *size)
{
    char piece[64 * 1024];
    int64_t at = 0;
    SHA256_CTX ctx;
    ssize_t n;

    SHA256_Init(&ctx);
    while ((n = pread(fd, piece, sizeof(piece), at)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        SHA256_Update(&ctx, piece, (size_t)n);
        at += n;
    }
    SHA256_Final(out->b, &ctx);
    if (size != NULL)
        *size = at;
    return true;
}

void
hash_hmac(struct hash *out, struct str key, struct str text)
{
    unsigned char in[64] = { 0 }, outer[64];
    struct hash h;

    if (key.n > sizeof(in)) {
        hash_of(&h, &key, 1);
        key = hash_str(&h);
    }
    memcpy(in, key.p, key.n);
    for (size_t i = 0; i < sizeof(in); i++) {
        outer[i] = in[i] ^ 0x5c;
        in[i] ^= 0x36;
    }
    hash_of(&h, (const struct str[]){ { (const char *)in, sizeof(in) }, text },
            2);
    hash_of(out,
            (const struct str[]){ { (const char *)outer, sizeof(outer) },
                                  hash_str(&h) },
            2);
}

void
hex_put(struct buf *b, struct str s)
{
    static const char digit[] = "0123456789abcdef";

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        const char two[2] = { digit[c >> 4], digit[c & 15] };

        buf_put(b, two, 2);
    }
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
hex_parse(struct str s, unsigned char *out, size_t n)
{
    if (s.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int hi = hex_digit(s.p[2 * i]), lo = hex_digit(s.p[2 * i + 1]);

        if (hi < 0 || lo < 0)
            return false;
        out[i] = (unsigned char)(hi << 4 | lo);
    }
    return true;
}

static const char b64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_put(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i += 3) {
        unsigned v = 0;
        char four[4];

        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (i + k < s.n ? (unsigned char)s.p[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            four[k] = i + k <= s.n ? b64[v >> (18 - 6 * k) & 63] : '=';
        buf_put(b, four, 4);
    }
}

ptrdiff_t
base64_parse(struct str s, unsigned char *out, size_t cap)
{
    size_t n = 0, pad = 0;

    if (s.n % 4 != 0)
        return -1;
    for (size_t i = 0; i < s.n; i += 4) {
        unsigned v = 0;

        for (size_t k = 0; k < 4; k++) {
            char c = s.p[i + k];
            const char *at = c != '\0' ? strchr(b64, c) : NULL;

            if (c == '=' && i + 4 == s.n && k >= 2)
                pad++;
            else if (at == NULL || pad > 0)
                return -1;
            v = v << 6 | (at != NULL ? (unsigned)(at - b64) : 0u);
        }
        for (size_t k = 0; k < 3 - pad; k++) {
            if (n == cap)
                return -1;
            out[n++] = (unsigned char)(v >> (16 - 8 * k));
        }
        if (pad > 0 && (v & ((1u << 8 * pad) - 1)) != 0)
            return -1; /* bits that stand for nothing */
    }
    return (ptrdiff_t)n;
}

void
hash_hex(struct buf *b, struct str bytes)
{
    struct hash h;

    hash_of(&h, &bytes, 1);
    hex_put(b, hash_str(&h));
}
