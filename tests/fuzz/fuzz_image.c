/* Every decoder of pictures, on whatever the bytes say they are. What comes out
 * is two clean JPEG files of the sizes that were told. */
#include <stdlib.h>

#include "codec/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
    if (!ok)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct picture_copy copy[PICTURE_COPIES];
    enum picture_fault fault =
        image_copies((struct str){ (const char *)p, n }, copy);
    unsigned w, h;

    for (int i = 0; i < PICTURE_COPIES; i++) {
        if (fault == PICTURE_OK || fault == PICTURE_CUT)
            must(picture_is_clean(copy[i].jpeg, &w, &h) && w == copy[i].w &&
                 h == copy[i].h && w <= PICTURE_LARGE_PX &&
                 h <= PICTURE_LARGE_PX);
        free((void *)(uintptr_t)copy[i].jpeg.p);
    }
    return 0;
}
