#include "unit.h"

#include "web/address.h"

static void
a_telephone_opens_what_is_outside(void **state)
{
    static const struct {
        const char *url;
        bool outside;
    } row[] = {
        { "https://anlan.example.edu.cn", true },
        { "http://10.2.3.4:8080", true },
        { "HTTPS://Anlan.Example", true },
        { "https://localhost.example.org", true },
        { "https://LOCALHOST", false },
        { "http://localhost:8080", false },
        { "http://LocalHost/", false },
        { "http://127.0.0.1:8080", false },
        { "http://127.1", false },
        { "http://[::1]:8080", false },
        { "http://[::FFFF:127.0.0.1]", false },
        { "http://0.0.0.0", false },
        { "https://", false },
        { "ftp://anlan.example", false },
        { "anlan.example", false },
        { "", false },
    };

    (void)state;
    for (size_t i = 0; i < N_OF(row); i++)
        if (address_is_outside(str_of(row[i].url)) != row[i].outside)
            fail_msg("%s", row[i].url);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_telephone_opens_what_is_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
