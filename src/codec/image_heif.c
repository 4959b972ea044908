#include <stdlib.h>

#include <libheif/heif.h>

#include "codec/image.h"

/* Held whole, in the camera's planes and once more as pixels. */
enum { PIXELS_MAX = 50000000 };

static enum picture_fault
fault_of(struct heif_error e)
{
    if (e.code == heif_error_Ok)
        return PICTURE_OK;
    return e.code == heif_error_Memory_allocation_error ? PICTURE_MEMORY
                                                        : PICTURE_BROKEN;
}

/* The library has turned it upright already (ISO/IEC 23008-12: irot, imir);
 * EXIF says the same once more and is not asked. */
static enum picture_fault
take(struct heif_image *img, struct image_sink *s)
{
    int stride = 0;
    const uint8_t *p =
        heif_image_get_plane_readonly(img, heif_channel_interleaved, &stride);
    int w = heif_image_get_width(img, heif_channel_interleaved);
    int h = heif_image_get_height(img, heif_channel_interleaved);

    if (p == NULL || w <= 0 || h <= 0 || stride < 3 * w)
        return PICTURE_BROKEN;
    if (!image_sink_begin(s, (unsigned)w, (unsigned)h, PICTURE_LARGE_PX))
        return PICTURE_MEMORY;
    for (int y = 0; y < h; y++)
        image_sink_row(s, p + (size_t)y * (size_t)stride);
    image_sink_end(s);
    return PICTURE_OK;
}

static enum picture_fault
decode(struct heif_context *ctx, struct str in, struct image_sink *s)
{
    struct heif_image_handle *handle = NULL;
    struct heif_image *img = NULL;
    enum picture_fault fault;
    int w, h;

    heif_context_set_max_decoding_threads(ctx, 0);
    fault = fault_of(
        heif_context_read_from_memory_without_copy(ctx, in.p, in.n, NULL));
    if (fault == PICTURE_OK)
        fault = fault_of(heif_context_get_primary_image_handle(ctx, &handle));
    if (fault == PICTURE_OK) {
        w = heif_image_handle_get_width(handle);
        h = heif_image_handle_get_height(handle);
        if (w <= 0 || h <= 0)
            fault = PICTURE_BROKEN;
        else if ((int64_t)w * h > PIXELS_MAX)
            fault = PICTURE_PIXELS;
    }
    if (fault == PICTURE_OK)
        fault = fault_of(heif_decode_image(handle, &img, heif_colorspace_RGB,
                                           heif_chroma_interleaved_RGB, NULL));
    if (fault == PICTURE_OK)
        fault = take(img, s);
    heif_image_release(img);
    heif_image_handle_release(handle);
    return fault;
}

enum picture_fault
image_from_heif(struct str in, struct image_sink *s)
{
    struct heif_context *ctx = heif_context_alloc();
    enum picture_fault fault;

    if (ctx == NULL)
        return PICTURE_MEMORY;
    fault = decode(ctx, in, s);
    heif_context_free(ctx);
    return fault;
}
