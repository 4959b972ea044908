#include <setjmp.h>
#include <stdlib.h>

#include <png.h>

#include "codec/image.h"

/* A row at a time, unless it is interlaced: then all of it is held. */
enum {
    SIDE_MAX = 65535,
    PIXELS_MAX = 120000000,
    INTERLACED_MAX = 50000000,
    CHUNK_MAX = 8 << 20,
};

struct png_work {
    struct str in;
    size_t at;
    int orientation;
    unsigned char *all, *row; /* freed after a jump, too */
    png_structp png;
    png_infop info;
};

static void
on_read(png_structp png, png_bytep to, size_t n)
{
    struct png_work *w = png_get_io_ptr(png);

    if (n > w->in.n - w->at)
        png_error(png, "cut off");
    memcpy(to, w->in.p + w->at, n);
    w->at += n;
}

static void NORETURN
on_error(png_structp png, png_const_charp text)
{
    (void)text;
    png_longjmp(png, 1);
}

static void
on_warning(png_structp png, png_const_charp text)
{
    (void)png, (void)text;
}

static void
to_rgba(struct png_work *w)
{
    png_set_expand(w->png);
    png_set_scale_16(w->png);
    png_set_gray_to_rgb(w->png);
    png_set_add_alpha(w->png, 0xff, PNG_FILLER_AFTER);
}

static enum picture_fault
pixels(struct png_work *w, struct image_sink *s, unsigned wide, unsigned high,
       bool interlaced)
{
    size_t stride = (size_t)wide * 4;
    int passes = png_set_interlace_handling(w->png);

    png_read_update_info(w->png, w->info);
    if (png_get_rowbytes(w->png, w->info) != stride)
        return PICTURE_BROKEN;
    w->all = malloc(interlaced ? stride * high : stride);
    w->row = malloc((size_t)wide * 3);
    if (w->all == NULL || w->row == NULL ||
        !image_sink_begin(s, wide, high, PICTURE_LARGE_PX))
        return PICTURE_MEMORY;
    for (int pass = 0; interlaced && pass < passes; pass++)
        for (unsigned y = 0; y < high; y++)
            png_read_row(w->png, w->all + y * stride, NULL);
    for (unsigned y = 0; y < high; y++) {
        if (!interlaced)
            png_read_row(w->png, w->all, NULL);
        image_sink_rgba(s, w->all + (interlaced ? y * stride : 0), w->row);
    }
    image_sink_end(s);
    return PICTURE_OK;
}

static enum picture_fault
decode(struct png_work *w, struct image_sink *s)
{
    png_uint_32 wide, high, exif_size = 0;
    png_bytep exif = NULL;
    uint64_t area;
    bool interlaced;
    enum picture_fault fault;

    png_set_read_fn(w->png, w, on_read);
    png_set_user_limits(w->png, SIDE_MAX, SIDE_MAX);
    png_set_chunk_malloc_max(w->png, CHUNK_MAX);
    png_read_info(w->png, w->info);
    wide = png_get_image_width(w->png, w->info);
    high = png_get_image_height(w->png, w->info);
    area = (uint64_t)wide * high;
    interlaced = png_get_interlace_type(w->png, w->info) != PNG_INTERLACE_NONE;
    if (area > PIXELS_MAX || (interlaced && area > INTERLACED_MAX))
        return PICTURE_PIXELS;
    if (png_get_eXIf_1(w->png, w->info, &exif_size, &exif) != 0)
        w->orientation = image_exif_orientation(exif, exif_size);
    to_rgba(w);
    fault = pixels(w, s, wide, high, interlaced);
    if (fault == PICTURE_OK && !image_turn(s, w->orientation))
        fault = PICTURE_MEMORY;
    return fault;
}

/* What the head says, read before the library refuses it in its own words. */
static bool
is_vast(struct str in)
{
    const unsigned char *p = (const unsigned char *)in.p;

    return in.n >= 24 && memcmp(p + 12, "IHDR", 4) == 0 &&
           (p[16] != 0 || p[17] != 0 || p[20] != 0 || p[21] != 0);
}

enum picture_fault
image_from_png(struct str in, struct image_sink *s)
{
    struct png_work w = { .in = in, .orientation = 1 };
    volatile enum picture_fault fault = PICTURE_MEMORY;

    if (is_vast(in))
        return PICTURE_PIXELS;
    w.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error,
                                   on_warning);
    w.info = w.png != NULL ? png_create_info_struct(w.png) : NULL;
    if (w.info != NULL) {
        if (setjmp(png_jmpbuf(w.png)) == 0)
            fault = decode(&w, s);
        else
            fault = PICTURE_BROKEN;
    }
    png_destroy_read_struct(&w.png, &w.info, NULL);
    free(w.all);
    free(w.row);
    return fault;
}
