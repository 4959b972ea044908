#include "unit.h"

#include "base/tr.h"
#include "base/tr_table.h"

static void
a_known_text_is_translated_and_an_unknown_one_is_itself(void **state)
{
    (void)state;
    assert_string_equal(tr(LANG_ZH, "Sign in"), "登录");
    assert_string_equal(tr(LANG_EN, "Sign in"), "Sign in");
    assert_string_equal(tr(LANG_ZH, "no such text"), "no such text");
    assert_string_equal(tr(LANG_ZH, ""), "");
    assert_true(tr_has(LANG_ZH, "Sign in"));
    assert_false(tr_has(LANG_ZH, "no such text"));
    assert_true(tr_has(LANG_EN, "no such text"));
}

static void
a_label_in_a_message_is_in_the_readers_language(void **state)
{
    static const char text[] = "the record is in state \"%s\" (%ld, %s)";
    struct err e;
    BUF(en, 200);
    BUF(zh, 200);
    (void)state;

    assert_false(err_label(
        err_put(&e, ERR_CONFLICT, "state", text, "Sign in", 7L, "Sign in"), 0));
    tr_err(LANG_EN, &e, &en);
    tr_err(LANG_ZH, &e, &zh);
    assert_string_equal(en.p,
                        "the record is in state \"Sign in\" (7, Sign in)");
    assert_string_equal(zh.p, "the record is in state \"登录\" (7, Sign in)");
}

static void
every_text_of_the_catalogue_is_found(void **state)
{
    (void)state;
    for (uint32_t i = 0; i <= tr_zh_mask; i++)
        if (tr_zh[i].id != NULL)
            assert_ptr_equal(tr(LANG_ZH, tr_zh[i].id), tr_zh[i].text);
}

static void
english_has_two_plural_forms_and_chinese_one(void **state)
{
    static const char one[] = "%ld row", many[] = "%ld rows";
    (void)state;

    assert_string_equal(trn(LANG_EN, one, many, 1), one);
    assert_string_equal(trn(LANG_EN, one, many, 0), many);
    assert_string_equal(trn(LANG_EN, one, many, 21), many);
    assert_string_equal(trn(LANG_ZH, one, many, 1), "共 %ld 条");
    assert_string_equal(trn(LANG_ZH, "a?", "b?", 2), "b?");
}

static void
the_best_language_a_browser_accepts_is_taken(void **state)
{
    static const struct {
        const char *accept;
        enum lang fallback, want;
    } rows[] = {
        { "zh-CN,zh;q=0.9,en;q=0.8", LANG_EN, LANG_ZH },
        { "en-US,en;q=0.9,zh-CN;q=0.8", LANG_ZH, LANG_EN },
        { "fr, de;q=0.9", LANG_ZH, LANG_ZH },
        { "fr, *;q=0.1", LANG_ZH, LANG_ZH },
        { "en;q=0, zh;q=0.1", LANG_EN, LANG_ZH },
        { "en;q=0.25 , ZH-hans ; q=0.3", LANG_EN, LANG_ZH },
        { "", LANG_ZH, LANG_ZH },
        { ",;,;q=1,zhx", LANG_EN, LANG_EN },
        { "zh;q=nonsense", LANG_EN, LANG_EN },
    };
    (void)state;

    for (size_t i = 0; i < N_OF(rows); i++)
        assert_int_equal(lang_accept(str_of(rows[i].accept), rows[i].fallback),
                         rows[i].want);
    assert_string_equal(lang_tag(LANG_ZH), "zh-CN");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_known_text_is_translated_and_an_unknown_one_is_itself),
        cmocka_unit_test(a_label_in_a_message_is_in_the_readers_language),
        cmocka_unit_test(every_text_of_the_catalogue_is_found),
        cmocka_unit_test(english_has_two_plural_forms_and_chinese_one),
        cmocka_unit_test(the_best_language_a_browser_accepts_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
