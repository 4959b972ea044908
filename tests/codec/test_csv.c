#include "unit.h"

#include <fcntl.h>

#include "codec/csv.h"
#include "sheet_file.h"

/* clang-format off */
static const struct {
    const char *what, *file, *rows;
} readings[] = {
    { "plain cells", "a,b\nc,d\n", "a|b\nc|d\n" },
    { "CR LF, CR and LF end a row", "a\r\nb\rc\n", "a\nb\nc\n" },
    { "the last row needs no line end", "a,b\nc,d", "a|b\nc|d\n" },
    { "a quoted cell holds separators, newlines and quotes",
      "\"a,\"\"b\"\"\nc\",d\n", "a,\"b\"\nc|d\n" },
    { "empty cells stay", "a,,\n,,b\n", "a||\n||b\n" },
    { "an empty line is a row of its own", "a\n\nb\n", "a\n\nb\n" },
    { "a semicolon separates when it cuts more rows", "a;b\nc;d,e\n", "a|b\nc|d,e\n" },
    { "so does a tab", "a\tb\nc\td\n", "a|b\nc|d\n" },
    { "a quote inside a plain cell is text", "5\" nail,b\n", "5\" nail|b\n" },
    { "a quote not doubled is text", "\"a \"b\" c\",d\n", "a \"b\" c|d\n" },
    { "a quote that never closes is text", "\"a,b\nc,d\n", "\"a|b\nc|d\n" },
    { "a NUL is left out", "a\0b" , "a\n" },
};
/* clang-format on */

static void
a_file_reads_as_its_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(readings); i++) {
        BUF(b, 1 << 20);
        const char *got = dump_file(file_of_text(readings[i].file), &b);

        if (strcmp(got, readings[i].rows) != 0)
            fail_msg("%s: %s", readings[i].what, got);
    }
}

static void
nuls_are_dropped_and_counted(void **state)
{
    struct err e = { 0 };
    int fd = file_of("a\0b,c\0\0\nd,e,f\n", 14);
    struct table *t;
    BUF(b, 1024);

    (void)state;
    t = table_open_fd(fd, NULL, &e);
    close(fd);
    assert_non_null(t);
    assert_true(table_each(t, dump_row, &b, &e));
    assert_int_equal(table_facts(t)->nuls, 3);
    assert_true(str_starts(buf_str(&b), STR("ab|c\n")));
    table_close(t);
}

static void
too_many_columns_are_refused(void **state)
{
    char *p = malloc(1000001);
    BUF(b, 1 << 20);

    (void)state;
    memset(p, ',', 1000000);
    p[1000000] = '\n';
    assert_non_null(
        strstr(dump_file(file_of(p, 1000001), &b), "more than 16384 columns"));
    free(p);
}

static void
a_cell_of_ten_megabytes_is_refused(void **state)
{
    size_t n = 10 * 1024 * 1024;
    char *p = malloc(n);
    BUF(b, 1 << 20);

    (void)state;
    memset(p, 'x', n);
    assert_non_null(strstr(dump_file(file_of(p, n), &b), "more text"));
    p[0] = '"';
    assert_non_null(strstr(dump_file(file_of(p, n), &b), "more text"));
    free(p);
}

static void
a_thousand_open_quotes_are_read_in_time(void **state)
{
    BUF(in, 1 << 24);
    BUF(b, 1 << 24);

    (void)state;
    for (int i = 0; i < 100000; i++)
        buf_puts(&in, "1,\"门锁损坏\n");
    assert_non_null(strstr(dump_file(file_of(in.p, in.n), &b),
                           "1|\"门锁损坏\n1|\"门锁损坏\n"));
}

static void
rows_come_alike_however_the_pieces_are_cut(void **state)
{
    static const char text[] = "\"a\r\n\"\"b\",c\r\n\"d,e\nf,g\r\r\n";
    BUF(whole, 1024);

    (void)state;
    for (size_t step = 1; step < sizeof(text); step++) {
        struct err e = { 0 };
        BUF(b, 1024);
        struct csv_reader *r = csv_reader_new(',', dump_row, &b);

        for (size_t i = 0; i < sizeof(text) - 1; i += step)
            assert_true(
                csv_feed(r, str_cut(str_of(text), i, i + step), false, &e));
        assert_true(csv_feed(r, STR(""), true, &e));
        if (step == 1)
            buf_str_put(&whole, buf_str(&b));
        assert_true(str_eq(buf_str(&b), buf_str(&whole)));
        csv_reader_free(r);
    }
}

static bool
stop_at_once(void *ctx, const struct sheet_row *row)
{
    (void)ctx;
    (void)row;
    return false;
}

static void
a_callback_that_says_stop_leaves_no_error(void **state)
{
    struct err e = { .code = ERR_STORE };
    int fd = file_of_text("a,b\nc,d\n");
    struct table *t = table_open_fd(fd, NULL, &e);

    (void)state;
    close(fd);
    assert_non_null(t);
    assert_false(table_each(t, stop_at_once, NULL, &e));
    assert_int_equal(e.code, ERR_NONE);
    table_close(t);
}

/* clang-format off */
static const struct { const char *cell, *written; } writings[] = {
    { "plain", "plain" },
    { "a,b", "\"a,b\"" },
    { "say \"x\"", "\"say \"\"x\"\"\"" },
    { "two\nlines", "\"two\nlines\"" },
    { "=1+1", "'=1+1" },
    { "@SUM(A1)", "'@SUM(A1)" },
    { "+cmd", "'+cmd" },
    { "-cmd|x", "'-cmd|x" },
    { "\tx", "\"'\tx\"" },
    { "\rx", "\"'\rx\"" },
    { "-5", "-5" },
    { "+1.5", "+1.5" },
    { "-1.5%", "-1.5%" },
    { "-1.5.2", "'-1.5.2" },
    { "-", "'-" },
    { "", "" },
};
/* clang-format on */

static void
a_written_cell_neither_breaks_the_row_nor_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(writings); i++) {
        BUF(b, 1024);

        csv_put_cell(&b, str_of(writings[i].cell));
        if (!str_is(buf_str(&b), writings[i].written))
            fail_msg("%s: %.*s", writings[i].cell, STR_ARG(buf_str(&b)));
    }
}

static void
what_is_written_reads_the_same(void **state)
{
    static const struct str cells[] = { STR_INIT("教学楼"), STR_INIT("a\"b"),
                                        STR_INIT("x\r\ny,;\t"), STR_INIT(""),
                                        STR_INIT("-5") };
    BUF(out, 1024);
    BUF(b, 1024);

    (void)state;
    csv_put_mark(&out);
    csv_put_row(&out, cells, N_OF(cells));
    assert_string_equal(dump_file(file_of(out.p, out.n), &b),
                        "教学楼|a\"b|x\r\ny,;\t||-5\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_reads_as_its_rows),
        cmocka_unit_test(nuls_are_dropped_and_counted),
        cmocka_unit_test(too_many_columns_are_refused),
        cmocka_unit_test(a_cell_of_ten_megabytes_is_refused),
        cmocka_unit_test(a_thousand_open_quotes_are_read_in_time),
        cmocka_unit_test(rows_come_alike_however_the_pieces_are_cut),
        cmocka_unit_test(a_callback_that_says_stop_leaves_no_error),
        cmocka_unit_test(a_written_cell_neither_breaks_the_row_nor_runs),
        cmocka_unit_test(what_is_written_reads_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
