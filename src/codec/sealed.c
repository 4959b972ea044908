#include "codec/sealed.h"

#include <sodium.h>

#include "codec/hash.h"

enum { HALF = 16 }; /* the IV; the number and its salt */

static void
mac(const unsigned char *key, char label, const unsigned char *in,
    unsigned char out[HALF])
{
    unsigned char text[1 + HALF];
    struct hash h;

    text[0] = (unsigned char)label;
    memcpy(text + 1, in, HALF);
    hash_hmac(&h, (struct str){ (const char *)key, SEALED_KEY },
              (struct str){ (const char *)text, sizeof(text) });
    memcpy(out, &h, HALF);
}

static void
put_u64(unsigned char *out, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(v >> (56 - 8 * i));
}

void
sealed_put(const unsigned char key[SEALED_KEY], int64_t number, uint64_t salt,
           char out[SEALED_TEXT + 1])
{
    unsigned char plain[HALF], all[2 * HALF], stream[HALF];

    put_u64(plain, (uint64_t)number);
    put_u64(plain + 8, salt);
    mac(key, 'i', plain, all);
    mac(key, 's', all, stream);
    for (int i = 0; i < HALF; i++)
        all[HALF + i] = plain[i] ^ stream[i];
    sodium_bin2hex(out, SEALED_TEXT + 1, all, sizeof(all));
}

bool
sealed_read(const unsigned char key[SEALED_KEY], struct str text,
            int64_t *number)
{
    unsigned char all[2 * HALF], plain[HALF], stream[HALF], iv[HALF];
    uint64_t v = 0;

    if (text.n != SEALED_TEXT || !hex_parse(text, all, sizeof(all)))
        return false;
    mac(key, 's', all, stream);
    for (int i = 0; i < HALF; i++)
        plain[i] = all[HALF + i] ^ stream[i];
    mac(key, 'i', plain, iv);
    if (sodium_memcmp(iv, all, HALF) != 0)
        return false;
    for (int i = 0; i < 8; i++)
        v = v << 8 | plain[i];
    *number = (int64_t)v;
    return true;
}
