#include <libdeflate.h>

#include "unit.h"

#include "web/asset.h"

static void
an_asset_is_found_by_its_hashed_path_only(void **state)
{
    const char *path = asset_path("app.css");
    const struct asset *a;
    (void)state;

    assert_non_null(path);
    assert_int_equal(strlen(path), strlen("/static/app-0123456789.css"));
    a = asset_find(str_of(path));
    assert_non_null(a);
    assert_string_equal(a->name, "app.css");
    assert_string_equal(a->type, "text/css; charset=utf-8");
    assert_null(asset_find(STR("/static/app.css")));
    assert_null(asset_find(STR("")));
    assert_null(asset_find(STR("/static/app-0123456789.css\0x")));
    assert_null(asset_path("none.css"));
}

static void
the_compressed_form_holds_the_same_bytes(void **state)
{
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    (void)state;

    for (const struct asset *a = assets; a->name != NULL; a++) {
        unsigned char *out = test_malloc(a->size + 1);
        size_t n = 0;

        if (a->gz != NULL) {
            assert_int_equal(libdeflate_gzip_decompress(d, a->gz, a->gz_size,
                                                        out, a->size + 1, &n),
                             LIBDEFLATE_SUCCESS);
            assert_int_equal(n, a->size);
            assert_memory_equal(out, a->data, n);
        }
        test_free(out);
    }
    libdeflate_free_decompressor(d);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_asset_is_found_by_its_hashed_path_only),
        cmocka_unit_test(the_compressed_form_holds_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
