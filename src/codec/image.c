#include <stdlib.h>

#include "codec/image.h"

enum { QUALITY_SMALL = 76, QUALITY_LARGE = 82 };

typedef enum picture_fault decoder(struct str, struct image_sink *);

static decoder *
decoder_of(struct str in)
{
    static const struct {
        const char *magic;
        size_t at, n;
        decoder *run;
    } known[] = {
        { "\xff\xd8\xff", 0, 3, image_from_jpeg },
        { "\x89PNG\r\n\x1a\n", 0, 8, image_from_png },
        { "WEBP", 8, 4, image_from_webp },
        { "ftyp", 4, 4, image_from_heif },
    };

    for (size_t i = 0; i < N_OF(known); i++)
        if (in.n >= known[i].at + known[i].n &&
            memcmp(in.p + known[i].at, known[i].magic, known[i].n) == 0)
            return known[i].run;
    return NULL;
}

static enum picture_fault
write_copy(const struct image_sink *s, int quality, struct picture_copy *c)
{
    unsigned char *p = NULL;
    size_t n = 0;
    enum picture_fault fault = image_to_jpeg(s, quality, &p, &n);

    *c = (struct picture_copy){ s->w, s->h, { (const char *)p, n } };
    return fault == PICTURE_OK && n > PICTURE_COPY_MAX ? PICTURE_PIXELS : fault;
}

static enum picture_fault
shrink(const struct image_sink *large, struct image_sink *small)
{
    if (!image_sink_begin(small, large->w, large->h, PICTURE_SMALL_PX))
        return PICTURE_MEMORY;
    for (unsigned y = 0; y < large->h; y++)
        image_sink_row(small, large->pixels + (size_t)y * large->w * 3);
    image_sink_end(small);
    return PICTURE_OK;
}

enum picture_fault
image_copies(struct str in, struct picture_copy copy[PICTURE_COPIES])
{
    struct image_sink large = { 0 }, small = { 0 };
    decoder *run = decoder_of(in);
    enum picture_fault fault = PICTURE_KIND, made = PICTURE_OK;

    memset(copy, 0, PICTURE_COPIES * sizeof(*copy));
    if (run != NULL)
        fault = run(in, &large);
    if (fault == PICTURE_OK || fault == PICTURE_CUT) {
        made = shrink(&large, &small);
        if (made == PICTURE_OK)
            made = write_copy(&small, QUALITY_SMALL, &copy[PICTURE_SMALL]);
        if (made == PICTURE_OK)
            made = write_copy(&large, QUALITY_LARGE, &copy[PICTURE_LARGE]);
    }
    image_sink_fini(&large);
    image_sink_fini(&small);
    return made != PICTURE_OK ? made : fault;
}
