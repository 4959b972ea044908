/* Filling somebody's workbook: the cells change, nothing else does. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>

#include "sheet_file.h"

#include <xlsxwriter.h>

#include "codec/xlsx_fill.h"
#include "web/blank_sheet.h"

#define HEAD                                                                   \
    "<worksheet xmlns='urn:m'><sheetPr/><dimension ref='A1:C3'/><sheetData>"
#define FOOT "</sheetData><pageMargins left='1'/><!-- kept --></worksheet>"

static char out[] = "/tmp/anlan-filled-XXXXXX";

/* Fill; the dump of the result, or the error in words. Closes fd. */
static const char *
filled(int fd, struct fill_cell *c, size_t n, struct buf *b,
       struct fill_report *r)
{
    static char text[512];
    struct err e = { 0 };
    bool ok;

    buf_clear(b);
    ok = xlsx_fill(fd, out, c, n, r, &e);
    close(fd);
    if (!ok)
        return err_text(&e, text, sizeof(text));
    return dump_file(open(out, O_RDONLY), b);
}

static struct str
part_of(const char *path, const char *name, struct buf *b)
{
    int why;
    zip_t *z = zip_open(path, ZIP_RDONLY, &why);
    zip_file_t *f = z != NULL ? zip_fopen(z, name, 0) : NULL;
    char piece[4096];
    zip_int64_t n;

    buf_clear(b);
    while (f != NULL && (n = zip_fread(f, piece, sizeof(piece))) > 0)
        buf_put(b, piece, (size_t)n);
    if (f != NULL)
        zip_fclose(f);
    if (z != NULL)
        zip_discard(z);
    return buf_str(b);
}

static void
values_go_into_cells_rows_and_sheets_that_are_and_are_not(void **state)
{
    static const struct {
        const char *sheet, *expect;
    } rows[] = {
        /* cells that are there, with a style, between others */
        { HEAD "<row r='1'><c r='A1' s='0'><v>9</v></c><c r='B1'/></row>"
               "<row r='2'><c r='A2' t='inlineStr'><is><t>x</t></is></c>"
               "<c r='C2'><v>5</v></c></row>" FOOT,
          "=7|a<b\nx|=12.5|=5\n" },
        /* an empty row, a missing row, no positions written */
        { HEAD
          "<row r='1'/><row><c t='inlineStr'><is><t>x</t></is></c></row>" FOOT,
          "=7|a<b\nx|=12.5\n" },
        /* a sheet without rows */
        { "<worksheet><sheetData/></worksheet>", "=7|a<b\n|=12.5\n" },
        /* prefixes, as some programs write them */
        { "<x:worksheet xmlns:x='urn:m'><x:sheetData><x:row r='2'>"
          "<x:c r='A2' t='inlineStr'><x:is><x:t>x</x:t></x:is></x:c></x:row>"
          "</x:sheetData></x:worksheet>",
          "=7|a<b\nx|=12.5\n" },
    };
    BUF(b, 1 << 20);

    (void)state;
    for (size_t i = 0; i < N_OF(rows); i++) {
        struct fill_cell c[] = { { 2, 1, STR("12.5"), true, 0 },
                                 { 1, 0, STR("7"), true, 0 },
                                 { 1, 1, STR("a<b"), false, 0 } };
        struct fill_report r;

        assert_string_equal(
            filled(workbook_of(rows[i].sheet), c, N_OF(c), &b, &r),
            rows[i].expect);
        assert_int_equal(r.written, 3);
        assert_false(r.is_protected);
    }
}

static void
all_other_bytes_of_the_sheet_stay(void **state)
{
    struct fill_cell c[] = { { 1, 1, STR("7"), true, 0 } };
    struct fill_report r;
    BUF(b, 1 << 20);

    (void)state;
    filled(workbook_of(HEAD "<row r='1' ht='30'><c r='A1' s='2'><f>SUM(B1)</f>"
                            "<v>3</v></c><c r='B1' s='3' t='s'><v>0</v></c>"
                            "</row>" FOOT),
           c, N_OF(c), &b, &r);
    assert_true(
        str_is(part_of(out, "xl/worksheets/sheet1.xml", &b), HEAD
               "<row r='1' ht='30'><c r='A1' s='2'><f>SUM(B1)</f><v>3</v></c>"
               "<c r=\"B1\" s=\"3\"><v>7</v></c></row>" FOOT));
    assert_true(str_find(part_of(out, "xl/workbook.xml", &b),
                         STR("<calcPr fullCalcOnLoad=\"1\"/>")) > 0);
    assert_true(str_is(part_of(out, "xl/styles.xml", &b), STYLES));
}

static void
what_cannot_be_filled_is_refused_in_words(void **state)
{
    static const struct part macros[] = {
        { "xl/workbook.xml", WORKBOOK },
        { "xl/_rels/workbook.xml.rels", RELS },
        { "xl/worksheets/sheet1.xml", "<worksheet/>" },
        { "xl/vbaProject.bin", "x" },
        { NULL, NULL }
    };
    static const char *const sheets[][2] = {
        { HEAD "<row r='1'><c r='B1'><f>A1*2</f></c></row>" FOOT,
          "Cell B1 holds a formula" },
        { "<worksheet/>", "no sheet to fill" },
        { HEAD "<row r='2'/><row r='1'/>" FOOT, "out of order" },
        { HEAD "<row r='1'><c r='C1'/><c r='B1'/></row>" FOOT, "out of order" },
        { "<!DOCTYPE x [<!ENTITY a 'b'>]>" HEAD FOOT, "" },
    };
    struct fill_report r;
    BUF(b, 1 << 20);

    (void)state;
    for (size_t i = 0; i < N_OF(sheets); i++) {
        struct fill_cell c[] = { { 1, 1, STR("7"), true, 0 } };
        const char *said = filled(workbook_of(sheets[i][0]), c, 1, &b, &r);

        assert_int_equal(r.written, 0);
        if (strstr(said, sheets[i][1]) == NULL)
            fail_msg("%s: %s", sheets[i][0], said);
    }
    {
        struct fill_cell c[] = { { 1, 1, STR("7"), true, 0 } };

        assert_non_null(strstr(filled(zip_of(macros), c, 1, &b, &r), "macros"));
        assert_non_null(strstr(
            filled(file_of_text("no workbook"), c, 1, &b, &r), "damaged"));
    }
}

static void
merged_cells_take_the_value_top_left_and_protection_is_told(void **state)
{
    struct fill_cell c[] = { { 2, 2, STR("7"), true, 0 },
                             { 1, 1, STR("8"), true, 0 } };
    struct fill_report r;
    BUF(b, 1 << 20);

    (void)state;
    assert_string_equal(
        filled(workbook_of(
                   "<worksheet><sheetData><row r='1'><c r='B1' s='0'/></row>"
                   "</sheetData><sheetProtection sheet='1'/><mergeCells>"
                   "<mergeCell ref='B1:C2'/></mergeCells></worksheet>"),
               c, N_OF(c), &b, &r),
        "|=7|(=7)\n");
    assert_true(r.is_protected);
    assert_int_equal(r.written, 1);
}

static void
whether_it_can_be_filled_is_told_before(void **state)
{
    int fd = workbook_of("<worksheet><sheetData/><sheetProtection sheet='1'/>"
                         "</worksheet>");
    struct fill_report r;
    struct err e = { 0 };

    (void)state;
    assert_true(xlsx_fill(fd, NULL, NULL, 0, &r, &e));
    assert_true(r.is_protected);
    assert_true(xlsx_fill(fd, NULL, NULL, 0, &r, &e));
    close(fd);
}

/* A workbook as libxlsxwriter makes them, with styles, widths, formulas. */
static void
a_real_workbook_keeps_its_parts(void **state)
{
    char path[] = "/tmp/anlan-blank-XXXXXX";
    struct fill_cell c[] = { { 3, 0, STR("溪河村小学"), false, 0 },
                             { 3, 1, STR("12"), true, 0 } };
    struct fill_report r;
    lxw_workbook *w;
    lxw_worksheet *s;
    lxw_format *bold;
    BUF(before, 1 << 20);
    BUF(after, 1 << 20);
    BUF(b, 1 << 20);

    (void)state;
    close(mkstemp(path));
    w = workbook_new(path);
    s = workbook_add_worksheet(w, "统计");
    bold = workbook_add_format(w);
    format_set_bold(bold);
    worksheet_set_column(s, 0, 0, 30, NULL);
    worksheet_merge_range(s, 0, 0, 0, 2, "隐患排查治理统计表", bold);
    worksheet_write_string(s, 1, 0, "学校", bold);
    worksheet_write_string(s, 1, 1, "排查数", bold);
    worksheet_write_formula(s, 3, 1, "=SUM(B3:B3)", bold);
    assert_int_equal(workbook_close(w), 0);
    assert_string_equal(
        filled(open(path, O_RDONLY), c, N_OF(c), &b, &r),
        "隐患排查治理统计表|(隐患排查治理统计表)|(隐患排查治理统计表)\n"
        "学校|排查数\n溪河村小学|=12\n|=0\n");
    for (size_t i = 0; i < 3; i++) {
        static const char *const parts[] = { "xl/styles.xml",
                                             "xl/sharedStrings.xml",
                                             "[Content_Types].xml" };

        assert_true(str_eq(part_of(path, parts[i], &before),
                           part_of(out, parts[i], &after)));
    }
    assert_non_null(strstr(part_of(out, "xl/worksheets/sheet1.xml", &b).p,
                           "<f>SUM(B3:B3)</f>"));
    unlink(path);
}

#define THREE                                                                  \
    "<workbook xmlns:r='urn:r'><sheets><sheet name='说明' sheetId='1' "      \
    "state='hidden' r:id='r1'/><sheet name='一' sheetId='2' r:id='r2'/>"      \
    "<sheet name='二' sheetId='3' r:id='r3'/></sheets></workbook>"
#define REL(n)                                                                 \
    "<Relationship Id='r" n "' Type='x/worksheet' Target='worksheets/sheet" n  \
    ".xml'/>"
#define WORDS(ref, w) "<c r='" ref "' t='inlineStr'><is><t>" w "</t></is></c>"

static const char hidden_sheet[] =
    HEAD "<row r='1'>" WORDS("A1", "填报单位") "<c r='B1'/></row>" FOOT;
static const char table_sheet[] = HEAD "<row r='1'>" WORDS("A1", "学校")
    WORDS("B1", "一般隐患排查数") WORDS("C1", "一般隐患整改数")
        WORDS("D1", "整改率") "</row><row r='2'><c r='A2'/></row>" FOOT;
static const char form_sheet[] =
    HEAD "<row r='1'>" WORDS("A1", "排查隐患数") "<c r='B1' s='2'/></row>" FOOT;

static int
three_sheets(void)
{
    static const struct part parts[] = {
        { "xl/workbook.xml", THREE },
        { "xl/_rels/workbook.xml.rels",
          "<Relationships>" REL("1") REL("2") REL("3") "</Relationships>" },
        { "xl/styles.xml", STYLES },
        { "xl/worksheets/sheet1.xml", hidden_sheet },
        { "xl/worksheets/sheet2.xml", table_sheet },
        { "xl/worksheets/sheet3.xml", form_sheet },
        { NULL, NULL },
    };

    return zip_of(parts);
}

/* Each set of sheets: those are changed, the others keep their bytes. */
static void
any_sheet_is_filled_and_the_others_keep_their_bytes(void **state)
{
    static const char *const was[] = { hidden_sheet, table_sheet, form_sheet };
    struct fill_report r;
    BUF(b, 1 << 20);

    (void)state;
    for (unsigned set = 0; set < 8; set++) {
        struct fill_cell c[3];
        size_t n = 0;

        for (size_t k = 3; k-- > 0;)
            if (set & 1u << k)
                c[n++] = (struct fill_cell){ 1, 1, STR("31"), true, k };
        filled(three_sheets(), c, n, &b, &r);
        assert_int_equal(r.written, n);
        for (size_t k = 0; k < 3; k++) {
            char name[] = "xl/worksheets/sheet1.xml";

            name[19] = (char)('1' + k);
            part_of(out, name, &b);
            if ((set & 1u << k) == 0)
                assert_true(str_is(buf_str(&b), was[k]));
            else
                assert_true(str_find(buf_str(&b), STR("<v>31</v>")) > 0);
        }
    }
    {
        struct fill_cell none[] = { { 1, 1, STR("31"), true, 3 } };

        assert_non_null(
            strstr(filled(three_sheets(), none, 1, &b, &r), "no sheet"));
    }
}

static void
a_formula_in_the_way_is_named_with_its_sheet(void **state)
{
    static const struct part parts[] = {
        { "xl/workbook.xml", THREE },
        { "xl/_rels/workbook.xml.rels",
          "<Relationships>" REL("1") REL("2") REL("3") "</Relationships>" },
        { "xl/worksheets/sheet1.xml", HEAD FOOT },
        { "xl/worksheets/sheet2.xml", HEAD FOOT },
        { "xl/worksheets/sheet3.xml",
          HEAD "<row r='1'><c r='B1'><f>A1*2</f></c></row>" FOOT },
        { NULL, NULL },
    };
    struct fill_cell c[] = { { 1, 1, STR("7"), true, 2 } };
    struct fill_report r;
    BUF(b, 1 << 20);

    (void)state;
    assert_non_null(strstr(filled(zip_of(parts), c, 1, &b, &r), "二!B1"));
}

static struct blank_book
read_three(const char *map, struct arena *a)
{
    struct blank_book k = { .n = 0 };
    struct err e = { 0 };
    int fd = three_sheets();

    assert_true(blank_read(fd, str_of(map), a, &k, &e));
    close(fd);
    return k;
}

/* A map that was kept when only one sheet could be mapped says what it said. */
static void
an_older_map_means_the_first_sheet_that_shows(void **state)
{
    ARENA(a, 24 << 20);
    struct blank_book k = read_three("first=2 A=school B=found_g", a);

    (void)state;
    assert_int_equal(k.n, 3);
    assert_ptr_equal(k.main, k.sheet[1]);
    assert_true(k.sheet[0]->hidden);
    assert_false(k.main->guessed);
    assert_int_equal(k.main->spot[0].m.kind, BLANK_SCHOOL);
    assert_int_equal(k.main->spot[2].m.kind, BLANK_NOTHING);
    assert_true(blank_counts(&k, k.main));
    assert_false(blank_counts(&k, k.sheet[0]));
    assert_false(blank_counts(&k, k.sheet[2]));
}

static void
what_each_sheet_means_is_kept_and_read_again(void **state)
{
    static const char *const maps[] = {
        "first=2 A=school B=found_g",
        "first=2 A=school 3!first=0 3!B1=late_a",
        "1!first=0 1!B1=unit first=2 D=rate_g 3!first=0",
    };
    ARENA(a, 24 << 20);

    (void)state;
    for (size_t i = 0; i < N_OF(maps); i++) {
        struct blank_book k = read_three(maps[i], a);
        struct err e = { 0 };
        struct str map;

        assert_true(blank_map(&k, a, &map, &e));
        assert_true(str_is(map, maps[i]));
        assert_int_equal(blank_counts(&k, k.sheet[2]), i > 0);
    }
    {
        struct blank_book k = read_three("9!B1=unit x!B1=unit 1!=", a);

        assert_true(k.main->guessed); /* nothing was said about it */
    }
}

static struct blank_book
read_blank(const char *rows, struct arena *a)
{
    struct blank_book k = { .n = 0 };
    struct err e = { 0 };
    int fd = workbook_of(rows);

    assert_true(blank_read(fd, STR(""), a, &k, &e));
    close(fd);
    return k;
}

#define T(ref, words)                                                          \
    "<c r='" ref "' t='inlineStr'><is><t>" words "</t></is></c>"

/* The guesses of the first sheet, as a map says them. */
static const char *
guesses(const struct blank_book *k, struct buf *b)
{
    char key[BLANK_KEY];

    buf_clear(b);
    for (size_t i = 0; i < k->main->n; i++) {
        blank_key(&k->main->spot[i].m, key);
        ref_put(b, k->main->spot[i].col, k->main->spot[i].row);
        buf_printf(b, "=%s ", key);
    }
    return b->p;
}

static void
what_the_blank_reckons_by_itself_is_left_to_it(void **state)
{
    ARENA(a, 24 << 20);
    BUF(b, 1024);
    struct blank_book k = read_blank(
        HEAD "<row r='1'>" T("A1", "序号") T("B1", "学校")
            T("C1", "一般隐患排查数") T("D1", "其中已整改")
                T("E1", "整改率") "</row><row r='2'><c r='A2'><f>ROW()-1"
                                  "</f></c><c r='E2'><f>D2/C2</f></c>"
                                  "</row>" FOOT,
        a);

    (void)state;
    assert_string_equal(guesses(&k, &b),
                        "A= B=school C=found_g D=found_done_g E= ");
    assert_true(k.main->spot[0].formula && k.main->spot[4].formula);
    assert_false(k.main->spot[1].formula);
}

static void
a_part_is_of_what_stands_before_it_and_a_title_asks_for_nothing(void **state)
{
    ARENA(a, 24 << 20);
    BUF(b, 1024);
    struct blank_book k = read_blank(
        HEAD
        "<row r='1'>" T("A1", "重大事故隐患排查整治季度报表") "</row><row r='2'>" T(
            "A2",
            "报表期：") "</row>"
                        "<row r='3'>" T("A3", "排查一般隐患") T(
                            "C3",
                            "其中已整改") "</row>"
                                          "<row r='4'>" T(
                                              "A4",
                                              "排查重大隐患") "</row>"
                                                              "<row r='5'>" T(
                                                                  "A5",
                                                                  "其中已整改") "</row>" FOOT,
        a);

    (void)state;
    assert_string_equal(guesses(&k, &b),
                        "B2=period B3=found_g D3=found_done_g B4=found_m "
                        "B5=found_done_m ");
}

static void
a_label_merged_to_the_edge_fills_no_cell_outside_the_table(void **state)
{
    ARENA(a, 24 << 20);
    BUF(b, 1024);
    struct blank_book k = read_blank(
        HEAD "<row r='1'>" T(
            "A1",
            "填报单位") "<c r='B1'/><c r='C1'/></row>"
                        "<row r='2'>" T(
                            "A2",
                            "排查一般隐患") "<c r='B2'/></row>"
                                            "<row r='3'>" T(
                                                "A3",
                                                "填报日期：　年　月　日") "</row></sheetData>"
                                                                          "<mergeCells><mergeCell ref='A1:C1'/></mergeCells></worksheet>",
        a);

    (void)state;
    assert_string_equal(guesses(&k, &b), "B2=found_g ");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            values_go_into_cells_rows_and_sheets_that_are_and_are_not),
        cmocka_unit_test(all_other_bytes_of_the_sheet_stay),
        cmocka_unit_test(what_cannot_be_filled_is_refused_in_words),
        cmocka_unit_test(
            merged_cells_take_the_value_top_left_and_protection_is_told),
        cmocka_unit_test(whether_it_can_be_filled_is_told_before),
        cmocka_unit_test(a_real_workbook_keeps_its_parts),
        cmocka_unit_test(any_sheet_is_filled_and_the_others_keep_their_bytes),
        cmocka_unit_test(a_formula_in_the_way_is_named_with_its_sheet),
        cmocka_unit_test(an_older_map_means_the_first_sheet_that_shows),
        cmocka_unit_test(what_each_sheet_means_is_kept_and_read_again),
        cmocka_unit_test(what_the_blank_reckons_by_itself_is_left_to_it),
        cmocka_unit_test(
            a_label_merged_to_the_edge_fills_no_cell_outside_the_table),
        cmocka_unit_test(
            a_part_is_of_what_stands_before_it_and_a_title_asks_for_nothing),
    };
    int failed;

    close(mkstemp(out));
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(out);
    return failed;
}
