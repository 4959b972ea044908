#include "unit.h"

#include "domain/password.h"

static void
what_is_tried_first_is_common(void **state)
{
    static const char *const common[] = {
        "1234567890",    "0987654321",           "password123",
        "Password1!",    "qwertyuiop",           "aaaaaaaaaa",
        "            ",  "　　　　　　　　　　", "woaini1314",
        "woaini5201314", "5201314520",           "p@ssw0rd2024",
        "1qaz2wsx3edc",  "qazwsxedcrfv",         "asdfghjkl123",
        "zxcvbnm123456", "abcabcabcabc",         "1212121212",
        "abcdefghij",    "iloveyou520",          "adminadmin",
        "admin123456",   "welcome2026!",         "school2026",
        "teacher12345",  "xuexiao2024",          "laoshi123456",
        "zhangwei1990",  "wangfang888",          "beijing2008",
        "13800138000",   "office123456",         "ＰＡＳＳＷＯＲＤ１２３",
        "pass word 123", "qwer1234asdf",         "1q2w3e4r5t",
        "!@#$%^&*()",    "anquan123456",         "letmein12345",
        "boarding2026",  "x.office.2026",        "yinhuan12345",
        "superman123!",  "147258369a",           "xyzxyzxyzxyz",
        "monkeydragon",  "9999999999",
    };
    static const char *const fine[] = {
        "vier gute worte",
        "correct horse battery staple",
        "tulip gravel umbrella",
        "红砖墙边有三只猫",
        "Kx7#vQ2m!pLw9",
        "83719502746183650291",
        "teacher gravel umbrella spoon",
        "mein hut der hat drei ecken",
        "床前明月光疑是地上霜",
    };
    size_t entries = 0;
    struct str rest = str_of(password_words), word;
    ARENA(a, 1 << 20);

    (void)state;
    for (size_t i = 0; i < N_OF(common); i++)
        if (!password_is_common(a, str_of(common[i]), STR("x.office")))
            fail_msg("\"%s\" is taken", common[i]);
    for (size_t i = 0; i < N_OF(fine); i++)
        if (password_is_common(a, str_of(fine[i]), STR("x.office")))
            fail_msg("\"%s\" is refused", fine[i]);
    while (str_split(&rest, ' ', &word))
        entries += word.n > 0;
    assert_true(entries > 3000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_tried_first_is_common),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
