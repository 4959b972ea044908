#include "unit.h"

#include <fcntl.h>

#include "base/fold.h"
#include "codec/text.h"

#define BYTES(lit)                                                             \
    {                                                                          \
        "" lit, sizeof(lit) - 1                                                \
    }

/* clang-format off */
static const struct {
    const char *what;
    struct str bytes;
    enum text_encoding enc;
    const char *text;
} files[] = {
    { "ASCII is UTF-8", BYTES("abc"), TEXT_UTF8, "abc" },
    { "UTF-8 without a mark", BYTES("学校"), TEXT_UTF8, "学校" },
    { "UTF-8 with a mark", BYTES("\xef\xbb\xbf学"), TEXT_UTF8_BOM, "学" },
    { "GB18030", BYTES("\xd2\xfe\xbb\xbc,1"), TEXT_GB18030, "隐患,1" },
    { "four bytes of GB18030", BYTES("\xd2\xfe,\xbb\xbc,\xd2\xfe\x95\x32\x82\x36"), TEXT_GB18030, "隐,患,隐𠀀" },
    { "UTF-16 little end first", BYTES("\xff\xfe" "f[,\0"), TEXT_UTF16LE, "学," },
    { "UTF-16 big end first", BYTES("\xfe\xff[f\0,"), TEXT_UTF16BE, "学," },
    { "UTF-16 without a mark", BYTES("a\0,\0b\0\n\0"), TEXT_UTF16LE, "a,b\n" },
    { "an English file of Western Windows", BYTES("caf\xe9 don\x92t,"), TEXT_CP1252, "café don’t," },
    { "bytes that mean nothing are marked", BYTES("\xd2\xfe\xff\xff" "a"), TEXT_GB18030, "隐\xef\xbf\xbd\xef\xbf\xbd" "a" },
    { "a GB18030 file cut in the middle", BYTES("\xd2\xfe\xbb"), TEXT_GB18030, "隐\xef\xbf\xbd" },
};
/* clang-format on */

static void
an_encoding_is_told_by_the_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(files); i++) {
        for (size_t step = 1; step <= files[i].bytes.n; step++) {
            struct text_probe p = { 0 };
            struct text_decoder d;
            struct err e = { 0 };
            BUF(b, 1024);

            for (size_t at = 0; at < files[i].bytes.n; at += step) {
                struct str s = str_cut(files[i].bytes, at, at + step);

                text_probe_feed(&p, s.p, s.n);
            }
            assert_int_equal(text_probe_end(&p), files[i].enc);
            assert_true(text_decoder_init(&d, files[i].enc, &e));
            for (size_t at = 0; at < files[i].bytes.n; at += step) {
                struct str s = str_cut(files[i].bytes, at, at + step);

                text_decode(&d, s.p, s.n, false, &b);
            }
            text_decode(&d, "", 0, true, &b);
            text_decoder_fini(&d);
            if (!str_is(buf_str(&b), files[i].text))
                fail_msg("%s, by %zu: %.*s", files[i].what, step,
                         STR_ARG(buf_str(&b)));
        }
    }
}

static void
folding_makes_full_width_text_comparable(void **state)
{
    ARENA(a, 64 * 1024);

    (void)state;
    assert_true(str_is(fold_text(a, STR("Ｃ级，（１）：ａ；")), "C级,(1):a;"));
    assert_true(str_is(fold_text(a, STR("①⑩⑵ ㎡　x")), "1102 m2 x"));
    assert_true(str_is(fold_text(a, STR("“a”—\xe2\x80\x8b")), "\"a\"-"));
    assert_true(str_is(fold_key(a, STR("Ｎｏ． Of\tX\n")), "no.ofx"));
    assert_true(str_is(fold_text(a, STR("、。学")), "、。学"));
    assert_int_equal(fold_circled(0x2461), 2);
    assert_int_equal(fold_circled('2'), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_encoding_is_told_by_the_bytes),
        cmocka_unit_test(folding_makes_full_width_text_comparable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
