#include "codec/picture.h"

enum {
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    DQT = 0xdb,
    DHT = 0xc4,
    SOF0 = 0xc0,
    APP0 = 0xe0,
};

static unsigned
u16(const char *p)
{
    return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

static void
u16_put(unsigned char *p, unsigned v)
{
    p[0] = (unsigned char)(v >> 8);
    p[1] = (unsigned char)v;
}

void
picture_head_put(unsigned char out[PICTURE_HEAD], enum picture_fault fault)
{
    memcpy(out, "ANLP\1\0\0\0", PICTURE_HEAD);
    out[5] = (unsigned char)fault;
}

void
picture_copy_put(unsigned char out[PICTURE_COPY_HEAD],
                 const struct picture_copy *c)
{
    u16_put(out, c->w);
    u16_put(out + 2, c->h);
    u16_put(out + 4, (unsigned)(c->jpeg.n >> 16));
    u16_put(out + 6, (unsigned)(c->jpeg.n & 0xffff));
}

static bool
copy_parse(struct str *rest, unsigned max, struct picture_copy *c)
{
    unsigned w, h;
    size_t n;

    if (rest->n < PICTURE_COPY_HEAD)
        return false;
    c->w = u16(rest->p);
    c->h = u16(rest->p + 2);
    n = (size_t)u16(rest->p + 4) << 16 | u16(rest->p + 6);
    if (n > PICTURE_COPY_MAX || n > rest->n - PICTURE_COPY_HEAD || c->w == 0 ||
        c->h == 0 || c->w > max || c->h > max)
        return false;
    c->jpeg = str_cut(*rest, PICTURE_COPY_HEAD, PICTURE_COPY_HEAD + n);
    *rest = str_cut(*rest, PICTURE_COPY_HEAD + n, rest->n);
    return picture_is_clean(c->jpeg, &w, &h) && w == c->w && h == c->h;
}

bool
picture_parse(struct str answer, enum picture_fault *fault,
              struct picture_copy copy[PICTURE_COPIES])
{
    struct str rest = str_cut(answer, PICTURE_HEAD, answer.n);

    if (answer.n < PICTURE_HEAD || memcmp(answer.p, "ANLP\1", 5) != 0 ||
        (unsigned char)answer.p[5] >= PICTURE__MAX || answer.p[6] != 0 ||
        answer.p[7] != 0)
        return false;
    *fault = (enum picture_fault)answer.p[5];
    if (*fault != PICTURE_OK && *fault != PICTURE_CUT)
        return rest.n == 0;
    return copy_parse(&rest, PICTURE_SMALL_PX, &copy[PICTURE_SMALL]) &&
           copy_parse(&rest, PICTURE_LARGE_PX, &copy[PICTURE_LARGE]) &&
           rest.n == 0;
}

/* Take one marker with its data off *rest; data without the length. */
static bool
segment_next(struct str *rest, unsigned *marker, struct str *data)
{
    size_t n;

    if (rest->n < 4 || (unsigned char)rest->p[0] != 0xff)
        return false;
    *marker = (unsigned char)rest->p[1];
    n = u16(rest->p + 2);
    if (n < 2 || n > rest->n - 2)
        return false;
    *data = str_cut(*rest, 4, 2 + n);
    *rest = str_cut(*rest, 2 + n, rest->n);
    return true;
}

/* Up to the scan: only what a picture needs, each where it belongs. */
static bool
tables(struct str *rest, unsigned *w, unsigned *h)
{
    bool frame = false;
    unsigned marker;
    struct str d;

    if (rest->n < 2 || memcmp(rest->p, "\xff\xd8", 2) != 0)
        return false;
    *rest = str_cut(*rest, 2, rest->n);
    while (segment_next(rest, &marker, &d)) {
        switch (marker) {
        case APP0:
            if (d.n != 14 || memcmp(d.p, "JFIF", 5) != 0)
                return false;
            break;
        case SOF0:
            if (frame || d.n != 15 || d.p[0] != 8 || d.p[5] != 3)
                return false;
            *h = u16(d.p + 1);
            *w = u16(d.p + 3);
            frame = *w > 0 && *h > 0;
            if (!frame)
                return false;
            break;
        case DQT:
        case DHT:
            break;
        case SOS:
            return frame && d.n == 10;
        default:
            return false;
        }
    }
    return false;
}

bool
picture_size(struct str head, unsigned *w, unsigned *h)
{
    *w = *h = 0;
    return tables(&head, w, h);
}

bool
picture_is_clean(struct str jpeg, unsigned *w, unsigned *h)
{
    struct str rest = jpeg;

    if (!tables(&rest, w, h))
        return false;
    for (size_t i = 0; i + 1 < rest.n; i++) {
        if ((unsigned char)rest.p[i] != 0xff)
            continue;
        if ((unsigned char)rest.p[i + 1] == EOI)
            return i + 2 == rest.n;
        if (rest.p[++i] != 0) /* only a stuffed byte may stand in a scan */
            return false;
    }
    return false;
}
