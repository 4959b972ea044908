#include <stdlib.h>

#include <webp/decode.h>

#include "codec/image.h"

/* Without loss it is held whole, four bytes a pixel. */
enum { LOSSLESS = 2, LOSSLESS_MAX = 50000000 };

static size_t
le32(const unsigned char *p)
{
    return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
           (size_t)p[3] << 24;
}

/* RIFF: "RIFF" size "WEBP", then chunks of name, size, bytes, padded to two. */
static int
orientation_of(struct str in)
{
    const unsigned char *p = (const unsigned char *)in.p;
    size_t at = 12;

    while (at < in.n && in.n - at > 8) {
        size_t n = le32(p + at + 4), left = in.n - at - 8;

        if (n > left)
            break;
        if (memcmp(p + at, "EXIF", 4) == 0) {
            if (n > 6 && memcmp(p + at + 8, "Exif\0", 6) == 0)
                return image_exif_orientation(p + at + 14, n - 6);
            return image_exif_orientation(p + at + 8, n);
        }
        at += 8 + n + (n & 1);
    }
    return 1;
}

static enum picture_fault
rows(const WebPRGBABuffer *from, unsigned w, unsigned h, struct image_sink *s)
{
    unsigned char *row = malloc((size_t)w * 3);

    if (row == NULL || !image_sink_begin(s, w, h, PICTURE_LARGE_PX)) {
        free(row);
        return PICTURE_MEMORY;
    }
    for (unsigned y = 0; y < h; y++)
        image_sink_rgba(s, from->rgba + (size_t)y * (size_t)from->stride, row);
    image_sink_end(s);
    free(row);
    return PICTURE_OK;
}

enum picture_fault
image_from_webp(struct str in, struct image_sink *s)
{
    WebPDecoderConfig c;
    VP8StatusCode code;
    unsigned w, h;
    enum picture_fault fault;

    if (!WebPInitDecoderConfig(&c) ||
        WebPGetFeatures((const uint8_t *)in.p, in.n, &c.input) !=
            VP8_STATUS_OK ||
        c.input.width <= 0 || c.input.height <= 0)
        return PICTURE_BROKEN;
    if (c.input.has_animation)
        return PICTURE_KIND;
    if (c.input.format == LOSSLESS &&
        (int64_t)c.input.width * c.input.height > LOSSLESS_MAX)
        return PICTURE_PIXELS;
    image_fit((unsigned)c.input.width, (unsigned)c.input.height,
              PICTURE_LARGE_PX, &w, &h);
    c.options.use_scaling = w != (unsigned)c.input.width;
    c.options.scaled_width = (int)w;
    c.options.scaled_height = (int)h;
    c.output.colorspace = MODE_RGBA;
    code = WebPDecode((const uint8_t *)in.p, in.n, &c);
    if (code != VP8_STATUS_OK)
        return code == VP8_STATUS_OUT_OF_MEMORY ? PICTURE_MEMORY
                                                : PICTURE_BROKEN;
    fault = rows(&c.output.u.RGBA, w, h, s);
    WebPFreeDecBuffer(&c.output);
    if (fault == PICTURE_OK && !image_turn(s, orientation_of(in)))
        fault = PICTURE_MEMORY;
    return fault;
}
