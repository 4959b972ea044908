/* Numbers that others carry. */
#include "unit.h"

#include "codec/sealed.h"

static const unsigned char key[SEALED_KEY] = "one key of thirty-two bytes....";
static const unsigned char other[SEALED_KEY] =
    "two key of thirty-two bytes....";

static void
what_was_sealed_is_read_again(void **state)
{
    static const int64_t numbers[] = { 0,         1,
                                       -1,        915256580159570293,
                                       INT64_MAX, INT64_MIN };

    (void)state;
    for (size_t i = 0; i < N_OF(numbers); i++)
        for (uint64_t salt = 0; salt < 3; salt++) {
            char text[SEALED_TEXT + 1];
            int64_t back = 7;

            sealed_put(key, numbers[i], salt, text);
            assert_int_equal(strlen(text), SEALED_TEXT);
            assert_true(sealed_read(key, str_of(text), &back));
            assert_true(back == numbers[i]);
            assert_false(sealed_read(other, str_of(text), &back));
        }
}

static void
one_number_is_one_id_and_many_places(void **state)
{
    char a[SEALED_TEXT + 1], b[SEALED_TEXT + 1];

    (void)state;
    sealed_put(key, 12, 0, a);
    sealed_put(key, 12, 0, b);
    assert_string_equal(a, b);
    sealed_put(key, 12, 99, b);
    assert_string_not_equal(a, b);
    sealed_put(key, 13, 0, b);
    for (int i = 0, same = 0; i < SEALED_TEXT; i++) {
        same += a[i] == b[i];
        assert_true(same <
                    SEALED_TEXT / 2); /* neighbours look like strangers */
    }
}

static void
what_was_changed_is_refused(void **state)
{
    char text[SEALED_TEXT + 1];
    int64_t back = 7;

    (void)state;
    sealed_put(key, 12, 5, text);
    for (int i = 0; i < SEALED_TEXT; i++) {
        char was = text[i];

        text[i] = was == '0' ? '1' : '0';
        assert_false(sealed_read(key, str_of(text), &back));
        text[i] = was;
    }
    assert_false(sealed_read(key, str_cut(str_of(text), 0, 62), &back));
    assert_false(sealed_read(key, STR(""), &back));
    assert_false(sealed_read(key, STR("latest"), &back));
    assert_int_equal(back, 7);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_is_read_again),
        cmocka_unit_test(one_number_is_one_id_and_many_places),
        cmocka_unit_test(what_was_changed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
