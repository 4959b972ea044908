#include "codec/image.h"

struct tiff {
    const unsigned char *p;
    size_t n;
    bool big;
};

static unsigned
get16(const struct tiff *t, size_t at)
{
    if (t->n < 2 || at > t->n - 2)
        return 0;
    return t->big ? (unsigned)t->p[at] << 8 | t->p[at + 1]
                  : (unsigned)t->p[at + 1] << 8 | t->p[at];
}

static size_t
get32(const struct tiff *t, size_t at)
{
    return t->big ? (size_t)get16(t, at) << 16 | get16(t, at + 2)
                  : (size_t)get16(t, at + 2) << 16 | get16(t, at);
}

int
image_exif_orientation(const unsigned char *p, size_t n)
{
    struct tiff t = { p, n, n > 0 && p[0] == 'M' };
    size_t at;
    unsigned entries;

    if (n < 14 || (memcmp(p, "II*\0", 4) != 0 && memcmp(p, "MM\0*", 4) != 0))
        return 1;
    at = get32(&t, 4);
    entries = get16(&t, at);
    for (at += 2; entries > 0 && at < n; entries--, at += 12) {
        unsigned v = get16(&t, at + 8);

        if (get16(&t, at) == 0x0112 && get16(&t, at + 2) == 3)
            return v >= 1 && v <= 8 ? (int)v : 1;
    }
    return 1;
}
