#include "unit.h"

#include "domain/login.h"

static void
what_looks_alike_is_one_name_or_is_refused(void **state)
{
    static const struct {
        const char *typed, *kept; /* NULL: refused */
    } row[] = {
        { "office", "office" },
        { "OFFICE", "office" },
        { "ＯＦＦｉｃｅ１", "office1" },
        { " office ", "office" },
        { "off\xe2\x80\x8bice\xef\xbb\xbf", "office" },
        { "li.na-01_x@baile", "li.na-01_x@baile" },
        { "张老师", "张老师" },
        { "张wei", "张wei" },
        { "Иван", "иван" },
        { "Éric", "éric" },
        { "ئالىم", "ئالىم" },
        { "བསོད", "བསོད" },
        { "оffice", NULL },    /* Cyrillic о */
        { "оссе", NULL },      /* all Cyrillic, looks Latin */
        { "ΑΒΓοffice", NULL }, /* Greek and Latin */
        { "νο", NULL },        /* all Greek, looks Latin */
        { "𝐨ffice", NULL },    /* a mathematical letter */
        { "oﬀice", NULL },     /* a ligature */
        { "ɡuard", NULL },     /* IPA */
        { "li na", NULL },
        { "张\xe3\x80\x80老师", NULL },
        { "li\xcc\x81na", NULL }, /* a mark that stands above another letter */
        { "张иван", NULL },
    };
    ARENA(a, 1 << 16);

    (void)state;
    for (size_t i = 0; i < N_OF(row); i++) {
        struct str kept = login_fold(a, str_of(row[i].typed));
        struct err e = { 0 };
        bool ok = login_check(kept, &e);

        if (ok != (row[i].kept != NULL) || (ok && !str_is(kept, row[i].kept)))
            fail_msg("%zu: %s -> %d \"%.*s\"", i, row[i].typed, ok,
                     STR_ARG(kept));
        if (!ok)
            assert_string_equal(e.field, "login");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_looks_alike_is_one_name_or_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
