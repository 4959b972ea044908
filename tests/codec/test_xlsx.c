#include "unit.h"

#include <fcntl.h>

#include "sheet_file.h"

/* clang-format off */
static const struct { const char *what, *sheet, *rows; } sheets[] = {
    { "shared text, rich text without its reading aid, escapes",
      "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>"
      "<c r='C1' t='s'><v>2</v></c></row></sheetData></worksheet>",
      "序号|存在问题|a\rb&\n" },
    { "a shared text that does not exist is empty",
      "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>9</v></c><c r='B1' t='s'><v>-1</v></c></row></sheetData></worksheet>",
      "|\n" },
    { "inline text and formula results",
      "<worksheet><sheetData><row r='2'><c r='A2' t='inlineStr'><is><r><t>楼</t></r><r><t>道</t></r></is></c>"
      "<c r='C2' t='str'><f>X1</f><v>ok</v></c></row></sheetData></worksheet>",
      "楼道||ok\n" },
    { "numbers, truth and errors",
      "<worksheet><sheetData><row r='1'><c r='A1'><v>25</v></c><c r='B1'><v>0.1</v></c>"
      "<c r='C1' t='b'><v>1</v></c><c r='D1' t='e'><v>#N/A</v></c></row></sheetData></worksheet>",
      "=25|=0.1|TRUE|#N/A\n" },
    { "days by built-in and own formats; a quoted d is no date",
      "<worksheet><sheetData><row r='1'><c r='A1' s='1'><v>42845</v></c><c r='B1' s='2'><v>42845.5</v></c>"
      "<c r='C1' s='3'><v>42845</v></c><c r='D1' s='1'><v>59</v></c><c r='E1' s='1'><v>61</v></c></row></sheetData></worksheet>",
      "@2017-04-20|@2017-04-20|=42845|@1900-02-28|@1900-03-01\n" },
    { "a merged value shows in every covered cell",
      "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row><row r='2'><c r='C2'><v>7</v></c></row>"
      "<row r='3'><c r='A3'/></row></sheetData><mergeCells><mergeCell ref='A1:B2'/><mergeCell ref='C2:C3'/></mergeCells></worksheet>",
      "序号|(序号)\n(序号)|(序号)|=7\n||(=7)\n" },
    { "cells and rows without references follow one another",
      "<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData></worksheet>",
      "=1|=2\n=3\n" },
    { "prefixed names are the same names",
      "<x:worksheet xmlns:x='u'><x:sheetData><x:row r='1'><x:c r='A1'><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>",
      "=1\n" },
};
/* clang-format on */

static void
a_sheet_reads_as_its_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(sheets); i++) {
        BUF(b, 1 << 20);
        const char *got = dump_file(workbook_of(sheets[i].sheet), &b);

        if (strcmp(got, sheets[i].rows) != 0)
            fail_msg("%s: %s", sheets[i].what, got);
    }
}

#define CFB "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

/* clang-format off */
static const struct {
    const char *what;
    struct str bytes;
    const char *says;
} foreign[] = {
    { "an empty file", STR_INIT(""), "empty" },
    { "a renamed PNG", STR_INIT("\x89PNG\r\n\x1a\n...."), "picture" },
    { "a PDF", STR_INIT("%PDF-1.7 ..."), "PDF" },
    { "an .xls", STR_INIT(CFB "W\0o\0r\0k\0b\0o\0o\0k\0"), "Excel 97-2003" },
    { "an encrypted workbook", STR_INIT(CFB "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), "password" },
    { "a page saved as .xls", STR_INIT("<html><table><tr>"), "web page" },
    { "Excel 2003 XML", STR_INIT("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>"), "Excel 2003" },
    { "a cut ZIP", STR_INIT("PK\3\4\x14\0\0\0\x08\0......"), "cut short" },
};
/* clang-format on */

static void
what_is_no_ledger_is_told_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(foreign); i++) {
        BUF(b, 1 << 20);
        const char *got =
            dump_file(file_of(foreign[i].bytes.p, foreign[i].bytes.n), &b);

        if (strstr(got, foreign[i].says) == NULL)
            fail_msg("%s: %s", foreign[i].what, got);
    }
}

static void
other_packages_are_told_what_they_are(void **state)
{
    static const struct part word[] = { { "word/document.xml", "<w/>" },
                                        { NULL, NULL } };
    static const struct part ods[] = { { "content.xml", "<o/>" },
                                       { NULL, NULL } };
    static const struct part xlsb[] = { { "xl/workbook.bin", "x" },
                                        { NULL, NULL } };
    static const struct part other[] = { { "readme.txt", "x" },
                                         { NULL, NULL } };
    BUF(b, 1024);

    (void)state;
    assert_non_null(strstr(dump_file(zip_of(word), &b), "Word"));
    assert_non_null(strstr(dump_file(zip_of(ods), &b), "OpenDocument"));
    assert_non_null(strstr(dump_file(zip_of(xlsb), &b), ".xlsb"));
    assert_non_null(strstr(dump_file(zip_of(other), &b), "archive"));
}

static void
a_dtd_is_refused(void **state)
{
    static const char bomb[] =
        "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;'>]>"
        "<worksheet><sheetData><row r='1'><c t='str'><v>&b;</v></c></row>"
        "</sheetData></worksheet>";
    BUF(b, 1024);

    (void)state;
    assert_non_null(strstr(dump_file(workbook_of(bomb), &b), "XML entities"));
}

static void
a_zip_bomb_is_refused_before_it_is_unpacked(void **state)
{
    size_t n = 64u * 1024 * 1024;
    char *big = malloc(n + 1);
    BUF(b, 1024);

    (void)state;
    memset(big, ' ', n);
    big[n] = '\0';
    assert_non_null(strstr(dump_file(workbook_of(big), &b), "harm"));
    free(big);
}

static void
a_truncated_workbook_says_so(void **state)
{
    BUF(b, 1024);
    int fd = workbook_of(sheets[0].sheet);
    off_t n = lseek(fd, 0, SEEK_END);

    (void)state;
    for (off_t cut = n - 1; cut > 4; cut -= 7) {
        const char *got;

        assert_int_equal(ftruncate(fd, cut), 0);
        buf_clear(&b);
        got = dump_file(dup(fd), &b);
        if (strstr(got, "damaged") == NULL && strstr(got, "archive") == NULL)
            fail_msg("%ld: %s", (long)cut, got);
    }
    close(fd);
}

static void
broken_xml_and_far_columns_are_errors(void **state)
{
    BUF(b, 1024);

    (void)state;
    assert_non_null(
        strstr(dump_file(workbook_of("<worksheet><row>"), &b), "damaged"));
    assert_non_null(
        strstr(dump_file(workbook_of("<worksheet><row r='1'><c r='XFD1'/>"
                                     "<c><v>1</v></c></row></worksheet>"),
                         &b),
               "columns"));
}

static void
wild_merges_and_styles_do_no_harm(void **state)
{
    static const char wild[] =
        "<worksheet><sheetData><row r='1'><c s='-9' t=''><v>1</v></c>"
        "<c r='C1'><v>1e999</v></c></row>"
        "</sheetData><mergeCells><mergeCell ref='A1:XFD1048576'/>"
        "<mergeCell ref='B2:A1'/><mergeCell ref=':'/><mergeCell/>"
        "</mergeCells></worksheet>";
    BUF(b, 1 << 20);

    (void)state;
    assert_non_null(strstr(dump_file(workbook_of(wild), &b), "=1"));
}

static void
a_cell_that_is_nowhere_is_refused(void **state)
{
    static const char *const rows[] = {
        "<row r='1'><c r='ZZZZZZ1'><v>1</v></c></row>",
        "<row r='1'><c r='XFE1'><v>1</v></c></row>",
        "<row r='1'><c r='A99999999999999999999'><v>1</v></c></row>",
        "<row r='1'><c r='A4294967297'><v>1</v></c></row>",
        "<row r='1'><c r='A2'><v>1</v></c></row>",
        "<row r='1'><c r='A1B'><v>1</v></c></row>",
        "<row r='1'><c r='A'><v>1</v></c></row>",
        "<row r='1'><c r=''><v>1</v></c></row>",
        "<row r='99999999999'><c><v>1</v></c></row>",
        "<row r='-3'><c><v>1</v></c></row>",
        "<row r='1x'><c><v>1</v></c></row>",
    };

    (void)state;
    for (size_t i = 0; i < N_OF(rows); i++) {
        BUF(sheet, 4096);
        BUF(b, 1 << 20);

        buf_printf(&sheet, "<worksheet><sheetData>%s</sheetData></worksheet>",
                   rows[i]);
        if (strstr(dump_file(workbook_of(sheet.p), &b), "no cell") == NULL)
            fail_msg("%s: %s", rows[i], b.p);
    }
}

static uint32_t
le32(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;

    return (uint32_t)u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 |
           (uint32_t)u[3] << 24;
}

/* Write a number over every field at `at` behind a signature. */
static int
patched(int fd, const char *sign, size_t at, uint32_t v)
{
    char bytes[64 * 1024];
    ssize_t n = pread(fd, bytes, sizeof(bytes), 0);

    for (ssize_t i = 0; i + 46 <= n; i++)
        if (memcmp(bytes + i, sign, 4) == 0)
            memcpy(bytes + i + at, &v, sizeof(v));
    assert_int_equal(pwrite(fd, bytes, (size_t)n, 0), n);
    return fd;
}

static void
a_size_that_lies_is_refused(void **state)
{
    static const char sheet[] =
        "<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>a room of one's "
        "own</v></c></row></sheetData></worksheet>";
    BUF(b, 1 << 20);

    (void)state;
    assert_non_null(strstr(dump_file(workbook_of(sheet), &b), "a room"));
    for (uint32_t lie = 1; lie < 40; lie += 13) {
        /* in the list at the end, in front of the part, in both */
        int fd[] = { patched(workbook_of(sheet), "PK\1\2", 24, lie),
                     patched(workbook_of(sheet), "PK\3\4", 22, lie),
                     patched(patched(workbook_of(sheet), "PK\1\2", 24, lie),
                             "PK\3\4", 22, lie) };

        for (size_t i = 0; i < N_OF(fd); i++)
            assert_null(strstr(dump_file(fd[i], &b), "a room"));
    }
}

/* The name of the second of two parts becomes the first's. */
static void
two_parts_of_one_name_are_refused(void **state)
{
    static const struct part twice[] = {
        { "xl/workbook.xml",
          "<workbook xmlns:r='r'><sheets><sheet name='a' r:id='r1'/></sheets>"
          "</workbook>" },
        { "xl/_rels/workbook.xml.rels",
          "<Relationships><Relationship Id='r1' Type='x/worksheet' "
          "Target='worksheets/sheet1.xml'/></Relationships>" },
        { "xl/worksheets/sheet1.xml",
          "<worksheet><sheetData><row><c t='str'><v>one</v></c></row>"
          "</sheetData></worksheet>" },
        { "xl/worksheets/SHEET2.xml",
          "<worksheet><sheetData><row><c t='str'><v>two</v></c></row>"
          "</sheetData></worksheet>" },
        { NULL, NULL },
    };
    char bytes[64 * 1024];
    int fd = zip_of(twice);
    ssize_t n = pread(fd, bytes, sizeof(bytes), 0);
    char *at;
    BUF(b, 1 << 20);

    (void)state;
    assert_true(le32(bytes) == 0x04034b50);
    assert_non_null(strstr(dump_file(dup(fd), &b), "one"));
    while ((at = memmem(bytes, (size_t)n, "SHEET2", 6)) != NULL)
        memcpy(at, "Sheet1", 6);
    assert_int_equal(pwrite(fd, bytes, (size_t)n, 0), n);
    buf_clear(&b);
    assert_non_null(strstr(dump_file(fd, &b), "two parts of one name"));
}

static void
one_part_is_no_two_sheets(void **state)
{
    static const struct part same[] = {
        { "xl/workbook.xml",
          "<workbook xmlns:r='r'><sheets><sheet name='a' r:id='r1'/>"
          "<sheet name='b' r:id='r2'/></sheets></workbook>" },
        { "xl/_rels/workbook.xml.rels",
          "<Relationships><Relationship Id='r1' Type='x/worksheet' "
          "Target='worksheets/sheet1.xml'/><Relationship Id='r2' "
          "Type='x/worksheet' Target='../xl/worksheets/Sheet1.xml'/>"
          "</Relationships>" },
        { "xl/worksheets/sheet1.xml",
          "<worksheet><sheetData><row><c t='str'><v>one</v></c></row>"
          "</sheetData></worksheet>" },
        { NULL, NULL },
    };
    BUF(b, 1 << 20);

    (void)state;
    assert_non_null(strstr(dump_file(zip_of(same), &b), "same part"));
}

static bool
count_rows(void *ctx, const struct sheet_row *row)
{
    (void)row;
    ++*(int *)ctx;
    return true;
}

/* Passes add up: what a file may cost is not what one reading of it may. */
static void
a_workbook_has_a_budget_in_bytes(void **state)
{
    enum { BYTES = 15 << 20 };
    char *sheet = malloc(BYTES + 1);
    struct err e = { 0 };
    struct xlsx *x;
    int fd, passes = 0, rows = 0;
    int n = snprintf(sheet, BYTES,
                     "<worksheet><sheetData><row><c><v>1</v></c>"
                     "</row>");

    (void)state;
    memset(sheet + n, ' ', (size_t)(BYTES - n));
    memcpy(sheet + BYTES - 24, "</sheetData></worksheet>", 24);
    sheet[BYTES] = '\0';
    fd = workbook_of(sheet);
    free(sheet);
    assert_non_null(x = xlsx_open(fd, NULL, &e));
    while (passes < 100 && xlsx_each(x, count_rows, &rows, &e))
        passes++;
    assert_int_equal(e.code, ERR_TOO_LARGE);
    assert_true(passes >= 2 && passes < 12);
    xlsx_close(x);
    close(fd);
}

static void
a_workbook_has_a_budget_in_seconds(void **state)
{
    struct err e = { 0 };
    struct xlsx *x;
    int fd = workbook_of("<worksheet><sheetData><row><c><v>1</v></c></row>"
                         "</sheetData></worksheet>"),
        rows = 0;

    (void)state;
    assert_non_null(x = xlsx_open(fd, NULL, &e));
    xlsx_give_time(x, fd, 0);
    assert_false(xlsx_each(x, count_rows, &rows, &e));
    assert_int_equal(e.code, ERR_TOO_LARGE);
    xlsx_give_time(x, fd, 10);
    assert_true(xlsx_each(x, count_rows, &rows, &e));
    assert_int_equal(rows, 1);
    xlsx_close(x);
    close(fd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_reads_as_its_rows),
        cmocka_unit_test(what_is_no_ledger_is_told_what_it_is),
        cmocka_unit_test(other_packages_are_told_what_they_are),
        cmocka_unit_test(a_dtd_is_refused),
        cmocka_unit_test(a_zip_bomb_is_refused_before_it_is_unpacked),
        cmocka_unit_test(a_truncated_workbook_says_so),
        cmocka_unit_test(broken_xml_and_far_columns_are_errors),
        cmocka_unit_test(wild_merges_and_styles_do_no_harm),
        cmocka_unit_test(a_cell_that_is_nowhere_is_refused),
        cmocka_unit_test(a_size_that_lies_is_refused),
        cmocka_unit_test(two_parts_of_one_name_are_refused),
        cmocka_unit_test(one_part_is_no_two_sheets),
        cmocka_unit_test(a_workbook_has_a_budget_in_bytes),
        cmocka_unit_test(a_workbook_has_a_budget_in_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
