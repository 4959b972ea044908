#include "unit.h"

#include <errno.h>

#include "base/clean.h"
#include "base/err.h"

static void
what_no_writer_carries_goes_and_names_stay(void **state)
{
    static const struct {
        const char *in, *out;
    } row[] = {
        { "Railing loose\xef\xb7\x90", "Railing loose" }, /* FDD0 */
        { "a\xef\xb7\xaf\xef\xbf\xbe\xef\xbf\xbf"
          "b",
          "ab" }, /* FDEF.. */
        { "a\xf0\x9f\xbf\xbe\xf4\x8f\xbf\xbf"
          "b",
          "ab" }, /* 1FFFE */
        { "a\x01\x08\x0b\x0c\x0e\x1e\x1f\x7f"
          "b",
          "ab" },
        { "a\xc2\x80\xc2\x85\xc2\x9f"
          "b",
          "ab" }, /* C1 */
        { "a\tb\nc\r\nd", "a\tb\nc\r\nd" },
        { "a\rb\r", "a\rb\r" },
        { "user\xe2\x80\xaegpj.exe\xe2\x81\xa9", "usergpj.exe" }, /* RLO */
        { "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xe2\x81\xa6x", "x" }, /* marks */
        { "⼀⿕⼈", "一龠人" },                                   /* Kangxi */
        { "⻓⻳⺟⻅", "长龟母见" },             /* supplement */
        { "\xe2\xba\x80", "\xe2\xba\x80" },     /* has none */
        { "\xe2\xba\x87", "\xf0\xa0\x98\xa8" }, /* 20628 */
        { "𠮷田㙍䶮", "𠮷田㙍䶮" },
        { "\xef\xa4\x80神", "\xef\xa4\x80神" }, /* F900 */
        { "阿卜杜•买买提·", "阿卜杜•买买提·" },
        { "👨‍👩‍👧 क्‍ष می‌خواهم",
          "👨‍👩‍👧 क्‍ष می‌خواهم" },
        { "１２３ＡＢＣ　ｘ①½", "１２３ＡＢＣ　ｘ①½" },
        { "e\xcc\x81 \xc3\xa9 \xe2\x80\xa8 \xef\xbb\xbf \xee\x80\x80 \xef\xbf\xbd",
          "e\xcc\x81 \xc3\xa9 \xe2\x80\xa8 \xef\xbb\xbf \xee\x80\x80 \xef\xbf\xbd" },
        { "", "" },
    };
    ARENA(a, 1 << 16);

    (void)state;
    for (size_t i = 0; i < N_OF(row); i++) {
        struct str in = str_of(row[i].in), got = text_clean(a, in);
        bool same = strcmp(row[i].in, row[i].out) == 0;

        if (!str_is(got, row[i].out) || text_is_clean(in) != same ||
            !text_is_clean(got) || (same && got.p != in.p))
            fail_msg("%zu: \"%.*s\"", i, STR_ARG(got));
    }
}

static void
every_code_point_is_kept_or_is_one_that_must_go(void **state)
{
    ARENA(a, 1 << 16);
    char sign[4];
    size_t gone = 0, changed = 0;

    (void)state;
    for (int32_t cp = 0; cp <= 0x10ffff; cp++) {
        struct str in, out;

        if (cp >= 0xd800 && cp <= 0xdfff)
            continue;
        in = (struct str){ sign, utf8_put(sign, cp) };
        if (text_is_clean(in))
            continue;
        out = text_clean(a, in);
        gone += out.n == 0;
        changed += out.n > 0;
        assert_true(text_is_carried(out));
        assert_true(text_is_clean(out));
    }
    /* 29 C0 and DEL, 32 C1, 66 noncharacters, 12 marks of direction */
    assert_int_equal(gone, 30 + 32 + 66 + 12);
    assert_int_equal(changed, 214 + 114); /* radicals */
}

static void
a_name_of_a_file_is_one_line(void **state)
{
    ARENA(a, 1 << 12);

    (void)state;
    assert_true(str_is(text_clean_line(a, STR("a\tb\nc\r\nd.png\xe2\x80\xae")),
                       "a b c  d.png"));
}

static void
what_is_stored_already_comes_out_with_signs_in_its_place(void **state)
{
    static const struct {
        const char *in, *out;
        size_t n;
    } row[] = {
        { "ok 𠮷\t\r\n", "ok 𠮷\t\r\n", 0 },
        { "a\xef\xbf\xbe"
          "b",
          "a\xef\xbf\xbd"
          "b",
          1 },
        { "\x01\xef\xb7\x90\xf0\x9f\xbf\xbf",
          "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3 },
        { "\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd", 2 },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(row); i++) {
        BUF(b, 256);

        assert_int_equal(text_carry(&b, str_of(row[i].in)), row[i].n);
        assert_string_equal(b.p, row[i].out);
        assert_int_equal(text_is_carried(str_of(row[i].in)), row[i].n == 0);
    }
}

static void
only_a_full_disk_is_called_one(void **state)
{
    (void)state;
    assert_int_equal(err_disk(ENOSPC), ERR_FULL);
    assert_int_equal(err_disk(EDQUOT), ERR_FULL);
    assert_int_equal(err_disk(EIO), ERR_STORE);
    assert_int_equal(err_disk(0), ERR_STORE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_writer_carries_goes_and_names_stay),
        cmocka_unit_test(every_code_point_is_kept_or_is_one_that_must_go),
        cmocka_unit_test(a_name_of_a_file_is_one_line),
        cmocka_unit_test(
            what_is_stored_already_comes_out_with_signs_in_its_place),
        cmocka_unit_test(only_a_full_disk_is_called_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
