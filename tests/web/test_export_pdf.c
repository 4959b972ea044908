/* A PDF of a list ends in words: behind its last row, after its time. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"
#include "web/export.h"

static const struct str heads[] = { STR_INIT("Hazard"), STR_INIT("State") };
static const struct sink_cell cells[] = { { .text = STR_INIT("Wet floor") },
                                          { .text = STR_INIT("Open") } };

/* cairo 1.16 loses 768 bytes for each OpenType font that it cuts to what a
 * document wants (cairo_surface_finish). */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
    return "leak:libcairo";
}

static char path[] = "/tmp/anlan-pdf-XXXXXX";

static struct sink
begun(void)
{
    struct sink s = { .path = path, .title = STR("Hazards") };
    struct err e;

    assert_true(sink_pdf(&s, &e));
    assert_true(s.begin(&s, heads, N_OF(heads), &e));
    return s;
}

static void
refused(struct sink *s, const char *words)
{
    struct err e = { 0 };
    char said[256];

    assert_false(sink_row(s, cells, N_OF(cells), STR("1"), &e));
    assert_int_equal(e.code, ERR_TOO_LARGE);
    assert_non_null(strstr(err_text(&e, said, sizeof(said)), words));
    assert_true(sink_end(s, &e));
}

static void
it_ends_behind_its_last_row(void **state)
{
    struct sink s = begun();
    struct err e;

    (void)state;
    s.rows = PDF_ROWS_MAX - 1;
    assert_true(sink_row(&s, cells, N_OF(cells), STR("1"), &e));
    assert_int_equal(s.rows, PDF_ROWS_MAX);
    refused(&s, "room for 200000 rows");
}

static void
it_ends_after_its_time(void **state)
{
    struct sink s = begun();
    struct err e;

    (void)state;
    assert_true(sink_row(&s, cells, N_OF(cells), STR("1"), &e));
    s.begun_ms = steady_ms() - PDF_DRAW_MS - 1;
    refused(&s, "longer than half an hour");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_behind_its_last_row),
        cmocka_unit_test(it_ends_after_its_time),
    };
    int fd = mkstemp(path), rc;

    if (fd < 0)
        return 1;
    close(fd);
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return rc;
}
