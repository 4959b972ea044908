/* Pictures of strangers: what is made of them, and what is said of what is not
 * one. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "codec/image.h"

static struct str
sample(const char *name)
{
    static char bytes[64 * 1024];
    char path[4096];
    struct str s = { bytes, 0 };
    FILE *f;

    snprintf(path, sizeof(path), "%s/tests/data/pictures/%s", getenv("SRCDIR"),
             name);
    assert_non_null(f = fopen(path, "rb"));
    s.n = fread(bytes, 1, sizeof(bytes), f);
    fclose(f);
    assert_true(s.n > 0);
    return s;
}

static void
copies_free(struct picture_copy copy[PICTURE_COPIES])
{
    for (int i = 0; i < PICTURE_COPIES; i++)
        free((void *)(uintptr_t)copy[i].jpeg.p);
}

/* Which of the three colours stands at (x, y) of w, of a picture w by h. */
static char
colour(struct str jpeg, unsigned x, unsigned y)
{
    struct image_sink s;
    const unsigned char *p;
    char c;

    assert_int_equal(image_from_jpeg(jpeg, &s), PICTURE_OK);
    p = s.pixels + ((size_t)y * s.w + x) * 3;
    c = p[0] > 120 ? 'r' : p[1] > 100 ? 'g' : p[2] > 120 ? 'b' : '?';
    image_sink_fini(&s);
    return c;
}

static void
every_kind_becomes_two_clean_pictures(void **state)
{
    static const char *const names[] = { "plain.png",       "interlaced.png",
                                         "lossy.webp",      "lossless.webp",
                                         "progressive.jpg", "phone.heic" };
    struct picture_copy copy[PICTURE_COPIES];
    unsigned w, h;

    (void)state;
    for (size_t i = 0; i < N_OF(names); i++) {
        if (image_copies(sample(names[i]), copy) != PICTURE_OK)
            fail_msg("%s cannot be read", names[i]);
        for (int k = 0; k < PICTURE_COPIES; k++) {
            assert_true(picture_is_clean(copy[k].jpeg, &w, &h));
            assert_int_equal(w, 64);
            assert_int_equal(h, 48);
            assert_int_equal(colour(copy[k].jpeg, 5, 5), 'g');
            assert_int_equal(colour(copy[k].jpeg, 5, 42), 'r');
            assert_int_equal(colour(copy[k].jpeg, 58, 5), 'b');
        }
        copies_free(copy);
    }
}

static void
a_photograph_stands_upright_and_tells_nothing_else(void **state)
{
    struct picture_copy copy[PICTURE_COPIES];
    struct str in = sample("turned.jpg");

    (void)state;
    assert_true(str_find(in, STR("Camera")) > 0);
    assert_int_equal(image_copies(in, copy), PICTURE_OK);
    assert_int_equal(copy[PICTURE_LARGE].w, 48);
    assert_int_equal(copy[PICTURE_LARGE].h, 64);
    /* turned clockwise: what was below on the left is above on the left */
    assert_int_equal(colour(copy[PICTURE_LARGE].jpeg, 5, 5), 'r');
    assert_int_equal(colour(copy[PICTURE_LARGE].jpeg, 42, 5), 'g');
    assert_int_equal(colour(copy[PICTURE_LARGE].jpeg, 20, 60), 'b');
    for (int i = 0; i < PICTURE_COPIES; i++) {
        assert_true(str_find(copy[i].jpeg, STR("Exif")) < 0);
        assert_true(str_find(copy[i].jpeg, STR("Camera")) < 0);
    }
    copies_free(copy);
}

static void
a_vast_picture_is_refused_before_it_is_unpacked(void **state)
{
    struct picture_copy copy[PICTURE_COPIES];

    (void)state;
    assert_int_equal(image_copies(sample("bomb.png"), copy), PICTURE_PIXELS);
    copies_free(copy);
    assert_int_equal(image_copies(STR("MZ\x90 a program"), copy), PICTURE_KIND);
    assert_int_equal(image_copies(STR(""), copy), PICTURE_KIND);
}

/* Cut anywhere, and with any byte changed: an answer, never a crash. */
static void
broken_pictures_do_no_harm(void **state)
{
    static const char *const names[] = { "turned.jpg", "progressive.jpg",
                                         "plain.png",  "lossy.webp",
                                         "phone.heic", "lossless.webp" };
    struct picture_copy copy[PICTURE_COPIES];
    unsigned seed = 1;

    (void)state;
    for (size_t i = 0; i < N_OF(names); i++) {
        struct str in = sample(names[i]);
        size_t step = in.n / 150 + 1;
        bool cut_seen = false;

        for (size_t n = 0; n < in.n; n += step) {
            enum picture_fault f = image_copies(str_cut(in, 0, n), copy);

            cut_seen |= f == PICTURE_CUT || f == PICTURE_BROKEN;
            copies_free(copy);
        }
        assert_true(cut_seen);
        for (size_t n = 0; n < in.n; n += step) {
            char *p = malloc(in.n);

            memcpy(p, in.p, in.n);
            seed = seed * 1103515245 + 12345;
            p[n] = (char)(seed >> 16);
            (void)image_copies((struct str){ p, in.n }, copy);
            copies_free(copy);
            free(p);
        }
    }
}

static void
half_a_photograph_is_told_from_a_whole_one(void **state)
{
    struct picture_copy copy[PICTURE_COPIES];
    struct image_sink s;
    unsigned char *p = NULL;
    struct str jpeg;
    uint32_t noise = 7;

    (void)state;
    assert_true(image_sink_begin(&s, 400, 400, 400));
    for (size_t i = 0; i < 400 * 400 * 3; i++)
        s.pixels[i] =
            (unsigned char)((noise = noise * 1664525 + 1013904223) >> 24);
    assert_int_equal(image_to_jpeg(&s, 80, &p, &jpeg.n), PICTURE_OK);
    jpeg.p = (const char *)p;
    image_sink_fini(&s);
    assert_int_equal(image_copies(jpeg, copy), PICTURE_OK);
    copies_free(copy);
    /* some cameras forget the end mark */
    assert_int_equal(image_copies(str_cut(jpeg, 0, jpeg.n - 2), copy),
                     PICTURE_OK);
    copies_free(copy);
    assert_int_equal(image_copies(str_cut(jpeg, 0, jpeg.n / 2), copy),
                     PICTURE_CUT);
    assert_int_equal(copy[PICTURE_SMALL].w, 320);
    copies_free(copy);
    free(p);
}

static void
a_photograph_of_a_few_rows_is_whole(void **state)
{
    (void)state;
    for (unsigned high = 1; high < 40; high += 6) {
        struct picture_copy copy[PICTURE_COPIES];
        unsigned char *p = NULL;
        struct image_sink s;
        struct str jpeg;

        assert_true(image_sink_begin(&s, 60, high, 400));
        memset(s.pixels, 0x55, 60 * (size_t)high * 3);
        assert_int_equal(image_to_jpeg(&s, 80, &p, &jpeg.n), PICTURE_OK);
        jpeg.p = (const char *)p;
        image_sink_fini(&s);
        assert_int_equal(image_copies(jpeg, copy), PICTURE_OK);
        copies_free(copy);
        free(p);
    }
}

static void
sizes_fit_and_keep_their_shape(void **state)
{
    static const struct {
        unsigned w, h, max, to_w, to_h;
    } t[] = {
        { 64, 48, 320, 64, 48 },         { 4000, 3000, 1600, 1600, 1200 },
        { 3000, 4000, 320, 240, 320 },   { 1600, 1600, 1600, 1600, 1600 },
        { 65535, 1, 1600, 1600, 1 },     { 1601, 1600, 1600, 1600, 1599 },
        { 60000, 40000, 320, 320, 213 },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(t); i++) {
        unsigned w, h;

        image_fit(t[i].w, t[i].h, t[i].max, &w, &h);
        assert_int_equal(w, t[i].to_w);
        assert_int_equal(h, t[i].to_h);
    }
}

/* Made smaller, a picture keeps its mean, whatever the sizes. */
static void
a_smaller_picture_keeps_its_light(void **state)
{
    static const unsigned sizes[][3] = { { 640, 480, 320 }, { 321, 7, 320 },
                                         { 7, 991, 320 },   { 1000, 999, 3 },
                                         { 5, 5, 5 },       { 1, 700, 320 } };

    (void)state;
    for (size_t i = 0; i < N_OF(sizes); i++) {
        unsigned w = sizes[i][0], h = sizes[i][1];
        unsigned char *row = malloc((size_t)w * 3);
        uint64_t in = 0, out = 0, n;
        struct image_sink s;

        assert_true(image_sink_begin(&s, w, h, sizes[i][2]));
        for (unsigned y = 0; y < h; y++) {
            for (unsigned x = 0; x < w * 3; x++)
                in += row[x] = (unsigned char)(x * 13 + y * 7);
            image_sink_row(&s, row);
        }
        assert_int_equal(s.at, s.h);
        image_sink_end(&s);
        n = (uint64_t)s.w * s.h * 3;
        for (uint64_t k = 0; k < n; k++)
            out += s.pixels[k];
        in = in * 10 / ((uint64_t)w * h * 3);
        out = out * 10 / n;
        assert_true(in + 10 >= out && out + 10 >= in);
        image_sink_fini(&s);
        free(row);
    }
}

/* CIPA DC-008: where the first pixel of the file ends up. */
static void
each_orientation_puts_the_corner_where_it_belongs(void **state)
{
    static const struct {
        int orientation;
        unsigned w, x, y;
    } t[] = { { 1, 3, 0, 0 }, { 2, 3, 2, 0 }, { 3, 3, 2, 1 }, { 4, 3, 0, 1 },
              { 5, 2, 0, 0 }, { 6, 2, 1, 0 }, { 7, 2, 1, 2 }, { 8, 2, 0, 2 } };

    (void)state;
    for (size_t i = 0; i < N_OF(t); i++) {
        struct image_sink s;

        assert_true(image_sink_begin(&s, 3, 2, 10));
        memset(s.pixels, 0, 18);
        s.pixels[0] = 255;
        assert_true(image_turn(&s, t[i].orientation));
        assert_int_equal(s.w, t[i].w);
        assert_int_equal(s.pixels[(t[i].y * s.w + t[i].x) * 3], 255);
        image_sink_fini(&s);
    }
}

static void
exif_that_makes_no_sense_turns_nothing(void **state)
{
    static const unsigned char good[] = { 'M', 'M', 0, '*',  0, 0, 0, 8,
                                          0,   1,   1, 0x12, 0, 3, 0, 0,
                                          0,   1,   0, 8,    0, 0 };
    unsigned char bad[sizeof(good)];

    (void)state;
    assert_int_equal(image_exif_orientation(good, sizeof(good)), 8);
    for (size_t n = 0; n < 20; n++)
        assert_int_equal(image_exif_orientation(good, n), 1);
    memcpy(bad, good, sizeof(bad));
    bad[19] = 9;
    assert_int_equal(image_exif_orientation(bad, sizeof(bad)), 1);
    memset(bad + 4, 0xff, 6); /* the directory lies far outside */
    assert_int_equal(image_exif_orientation(bad, sizeof(bad)), 1);
}

/* ---- the answer of the program ----------------------------------------------- */

static size_t
answer(char *out, enum picture_fault fault, const struct picture_copy *copy)
{
    size_t n = PICTURE_HEAD;

    picture_head_put((unsigned char *)out, fault);
    for (int i = 0; copy != NULL && i < PICTURE_COPIES; i++) {
        picture_copy_put((unsigned char *)out + n, &copy[i]);
        memcpy(out + n + PICTURE_COPY_HEAD, copy[i].jpeg.p, copy[i].jpeg.n);
        n += PICTURE_COPY_HEAD + copy[i].jpeg.n;
    }
    return n;
}

static bool
believed(const char *p, size_t n)
{
    struct picture_copy copy[PICTURE_COPIES];
    enum picture_fault fault;

    return picture_parse((struct str){ p, n }, &fault, copy);
}

/* Code bits, with the zero byte that follows 0xff in a scan. */
struct bits {
    struct buf *b;
    unsigned acc, n;
};

static void
bits_put(struct bits *s, unsigned v, unsigned n)
{
    while (n-- > 0) {
        s->acc = s->acc << 1 | (v >> n & 1);
        if (++s->n < 8)
            continue;
        buf_putc(s->b, (char)s->acc);
        if ((s->acc & 0xff) == 0xff)
            buf_putc(s->b, 0);
        s->acc = s->n = 0;
    }
}

/* A grey progressive JPEG of few bytes whose scans say nothing new: a run of
 * 32,767 empty blocks is 15 bits, yet each scan goes over all coefficients. */
static void
many_scans(struct buf *b, unsigned side, unsigned scans)
{
    static const unsigned char dc[] = { 0xff, 0xc4, 0, 20, 0x00, 1, 0, 0,
                                        0,    0,    0, 0,  0,    0, 0, 0,
                                        0,    0,    0, 0,  0,    0 },
                               ac[] = { 0xff, 0xc4, 0, 20, 0x10, 1,   0, 0,
                                        0,    0,    0, 0,  0,    0,   0, 0,
                                        0,    0,    0, 0,  0,    0xe0 };
    const char sof[] = {
        (char)0xff, (char)0xc2,        0,          11, 8, (char)(side >> 8),
        (char)side, (char)(side >> 8), (char)side, 1,  1, 0x11,
        0
    };
    unsigned blocks = (side + 7) / 8 * ((side + 7) / 8);

    buf_put(b, "\xff\xd8\xff\xdb\0\x43\0", 7);
    for (int i = 0; i < 64; i++)
        buf_putc(b, 1);
    buf_put(b, sof, sizeof(sof));
    buf_put(b, dc, sizeof(dc));
    buf_put(b, ac, sizeof(ac));
    for (unsigned k = 0; k < scans; k++) {
        const char sos[] = { (char)0xff, (char)0xda,     0, 8, 1, 1, 0,
                             k > 0,      k > 0 ? 63 : 0, 0 };
        struct bits s = { .b = b };

        buf_put(b, sos, sizeof(sos));
        for (unsigned n = 0; n<blocks; n += k> 0 ? 32767 : 1)
            bits_put(&s, k > 0 ? 0x3fff : 0, k > 0 ? 15 : 1);
        while (s.n > 0)
            bits_put(&s, 1, 1);
    }
    buf_put(b, "\xff\xd9", 2);
}

static enum picture_fault
fault_of_scans(unsigned side, unsigned scans)
{
    struct picture_copy copy[PICTURE_COPIES];
    enum picture_fault fault;
    BUF(b, 1 << 20);

    many_scans(&b, side, scans);
    assert_false(b.over);
    fault = image_copies(buf_str(&b), copy);
    copies_free(copy);
    return fault;
}

static void
a_picture_of_scans_without_end_is_refused(void **state)
{
    (void)state;
    assert_int_equal(fault_of_scans(256, 12), PICTURE_OK);
    assert_int_equal(fault_of_scans(256, 100), PICTURE_OK);
    assert_int_equal(fault_of_scans(256, 101), PICTURE_PIXELS);
    assert_int_equal(fault_of_scans(256, 5000), PICTURE_PIXELS);
    /* a large one sooner: pixels count as often as they are gone over */
    assert_int_equal(fault_of_scans(7680, 12), PICTURE_OK);
    assert_int_equal(fault_of_scans(7680, 40), PICTURE_PIXELS);
}

static void
an_answer_is_believed_only_whole_and_clean(void **state)
{
    static char buf[64 * 1024];
    struct picture_copy copy[PICTURE_COPIES], got[PICTURE_COPIES];
    enum picture_fault fault;
    size_t n, at;

    (void)state;
    assert_int_equal(image_copies(sample("plain.png"), copy), PICTURE_OK);
    n = answer(buf, PICTURE_CUT, copy);
    assert_true(picture_parse((struct str){ buf, n }, &fault, got));
    assert_int_equal(fault, PICTURE_CUT);
    assert_true(str_eq(got[1].jpeg, copy[1].jpeg));
    for (size_t k = 0; k < n; k++)
        assert_false(believed(buf, k));
    assert_false(believed(buf, n + 1));
    at = PICTURE_HEAD; /* each byte of the heads counts */
    for (size_t k = 0; k < at + PICTURE_COPY_HEAD; k++) {
        buf[k] ^= 0x40;
        assert_false(believed(buf, n));
        buf[k] ^= 0x40;
    }
    buf[at + PICTURE_COPY_HEAD + 3] = (char)0xe1; /* JFIF becomes EXIF */
    assert_false(believed(buf, n));
    copies_free(copy);
}

static void
a_fault_comes_without_pictures(void **state)
{
    char buf[64];

    (void)state;
    for (int f = PICTURE_BROKEN; f < PICTURE__MAX; f++) {
        assert_true(believed(buf, answer(buf, (enum picture_fault)f, NULL)));
        assert_false(
            believed(buf, answer(buf, (enum picture_fault)f, NULL) + 1));
    }
    assert_false(believed(buf, answer(buf, PICTURE_OK, NULL)));
    assert_false(believed(buf, answer(buf, PICTURE__MAX, NULL)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_becomes_two_clean_pictures),
        cmocka_unit_test(a_photograph_stands_upright_and_tells_nothing_else),
        cmocka_unit_test(a_vast_picture_is_refused_before_it_is_unpacked),
        cmocka_unit_test(a_picture_of_scans_without_end_is_refused),
        cmocka_unit_test(broken_pictures_do_no_harm),
        cmocka_unit_test(half_a_photograph_is_told_from_a_whole_one),
        cmocka_unit_test(a_photograph_of_a_few_rows_is_whole),
        cmocka_unit_test(sizes_fit_and_keep_their_shape),
        cmocka_unit_test(a_smaller_picture_keeps_its_light),
        cmocka_unit_test(each_orientation_puts_the_corner_where_it_belongs),
        cmocka_unit_test(exif_that_makes_no_sense_turns_nothing),
        cmocka_unit_test(an_answer_is_believed_only_whole_and_clean),
        cmocka_unit_test(a_fault_comes_without_pictures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
