#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jerror.h>
#include <jpeglib.h>

#include "codec/image.h"

/* A progressive picture is held whole, as coefficients of two bytes. Each of its
 * scans goes over all of them, be it a few bytes long: cameras and programs
 * write about ten. */
enum {
    PIXELS_MAX = 250000000,
    PROGRESSIVE_MAX = 60000000,
    SCANS_MAX = 100,
};
#define SCANNED_MAX INT64_C(1200000000) /* pixels times scans */

struct trap {
    struct jpeg_error_mgr mgr; /* first: the library hands it back */
    jmp_buf back;
    enum picture_fault fault;
    bool cut;
};

static void
on_error(j_common_ptr c)
{
    struct trap *t = (struct trap *)c->err;

    t->fault = c->err->msg_code == JERR_OUT_OF_MEMORY ? PICTURE_MEMORY
                                                      : PICTURE_BROKEN;
    longjmp(t->back, 1);
}

static void
on_message(j_common_ptr c, int level)
{
    struct trap *t = (struct trap *)c->err;

    if (level < 0 && c->err->msg_code == JWRN_JPEG_EOF)
        t->cut = true;
}

static void
trap_set(struct trap *t)
{
    *t = (struct trap){ 0 };
    jpeg_std_error(&t->mgr);
    t->mgr.error_exit = on_error;
    t->mgr.emit_message = on_message;
}

/* Called again and again while a scan is read. */
static void
on_progress(j_common_ptr common)
{
    const struct jpeg_decompress_struct *c =
        (const struct jpeg_decompress_struct *)common;
    struct trap *t = (struct trap *)common->err;
    int64_t pixels = (int64_t)c->image_width * c->image_height;

    if (c->input_scan_number <= SCANS_MAX &&
        c->input_scan_number * pixels <= SCANNED_MAX)
        return;
    t->fault = PICTURE_PIXELS;
    longjmp(t->back, 1);
}

static int
orientation_of(const struct jpeg_decompress_struct *c)
{
    for (jpeg_saved_marker_ptr m = c->marker_list; m != NULL; m = m->next)
        if (m->marker == JPEG_APP0 + 1 && m->data_length > 6 &&
            memcmp(m->data, "Exif\0", 6) == 0)
            return image_exif_orientation(m->data + 6, m->data_length - 6);
    return 1;
}

/* The library itself gives a half, a quarter, an eighth, at a fraction of the
 * work; the rest is ours. */
static void
choose_scale(struct jpeg_decompress_struct *c)
{
    unsigned longest =
        c->image_width > c->image_height ? c->image_width : c->image_height;

    c->scale_num = 1;
    c->scale_denom = 1;
    while (c->scale_denom < 8 &&
           longest / (2 * c->scale_denom) >= PICTURE_LARGE_PX)
        c->scale_denom *= 2;
    c->out_color_space =
        c->jpeg_color_space == JCS_CMYK || c->jpeg_color_space == JCS_YCCK
            ? JCS_CMYK
            : JCS_RGB;
}

/* Adobe writes ink upside down: 255 = none. */
static void
from_cmyk(unsigned char *p, unsigned w)
{
    for (unsigned x = 0; x < w; x++)
        for (int k = 0; k < 3; k++)
            p[3 * x + (unsigned)k] =
                (unsigned char)(p[4 * x + (unsigned)k] * p[4 * x + 3] / 255);
}

static bool
rows(struct jpeg_decompress_struct *c, struct image_sink *s)
{
    const struct trap *t = (struct trap *)c->err;
    JSAMPARRAY row = c->mem->alloc_sarray(
        (j_common_ptr)c, JPOOL_IMAGE,
        c->output_width * (unsigned)c->output_components, 1);
    unsigned whole = 0;

    while (c->output_scanline < c->output_height) {
        jpeg_read_scanlines(c, row, 1);
        whole += !t->cut;
        if (c->output_components == 4)
            from_cmyk(row[0], c->output_width);
        image_sink_row(s, row[0]);
    }
    /* the last rows may be read ahead of a missing end mark */
    return whole + c->output_height / 50 + 2 * 16 >= c->output_height;
}

static enum picture_fault
decode(struct jpeg_decompress_struct *c, struct str in, struct image_sink *s)
{
    const struct trap *t = (struct trap *)c->err;
    uint64_t pixels;
    int turned;
    bool whole;

    jpeg_mem_src(c, (const unsigned char *)in.p, in.n);
    jpeg_save_markers(c, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(c, TRUE);
    pixels = (uint64_t)c->image_width * c->image_height;
    turned = orientation_of(c);
    if (pixels > PIXELS_MAX ||
        (jpeg_has_multiple_scans(c) && pixels > PROGRESSIVE_MAX))
        return PICTURE_PIXELS;
    choose_scale(c);
    jpeg_start_decompress(c);
    if (!image_sink_begin(s, c->output_width, c->output_height,
                          PICTURE_LARGE_PX))
        return PICTURE_MEMORY;
    whole = rows(c, s) && !(jpeg_has_multiple_scans(c) && t->cut);
    image_sink_end(s);
    if (!image_turn(s, turned))
        return PICTURE_MEMORY;
    return whole ? PICTURE_OK : PICTURE_CUT;
}

enum picture_fault
image_from_jpeg(struct str in, struct image_sink *s)
{
    struct jpeg_progress_mgr progress = { .progress_monitor = on_progress };
    struct jpeg_decompress_struct c;
    struct trap t;
    volatile enum picture_fault fault;

    trap_set(&t);
    c.err = &t.mgr;
    if (setjmp(t.back) == 0) {
        jpeg_create_decompress(&c);
        c.progress = &progress;
        fault = decode(&c, in, s);
    } else {
        fault = t.fault;
    }
    jpeg_destroy_decompress(&c);
    return fault;
}

static void
encode(struct jpeg_compress_struct *c, const struct image_sink *s, int quality,
       unsigned char **out, unsigned long *n)
{
    jpeg_mem_dest(c, out, n);
    c->image_width = s->w;
    c->image_height = s->h;
    c->input_components = 3;
    c->in_color_space = JCS_RGB;
    jpeg_set_defaults(c);
    jpeg_set_quality(c, quality, TRUE);
    c->optimize_coding = TRUE;
    jpeg_start_compress(c, TRUE);
    while (c->next_scanline < c->image_height) {
        JSAMPROW row = s->pixels + (size_t)c->next_scanline * s->w * 3;

        jpeg_write_scanlines(c, &row, 1);
    }
    jpeg_finish_compress(c);
}

enum picture_fault
image_to_jpeg(const struct image_sink *s, int quality, unsigned char **out,
              size_t *n)
{
    struct jpeg_compress_struct c;
    struct trap t;
    unsigned long size = 0;
    volatile enum picture_fault fault = PICTURE_OK;

    trap_set(&t);
    c.err = &t.mgr;
    if (setjmp(t.back) == 0) {
        jpeg_create_compress(&c);
        encode(&c, s, quality, out, &size);
    } else {
        fault = PICTURE_MEMORY;
    }
    jpeg_destroy_compress(&c);
    *n = size;
    return fault;
}
