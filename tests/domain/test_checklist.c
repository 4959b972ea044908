#include "unit.h"

#include "codec/csv.h"
#include "domain/packs.h"
#include "service/checklist_read.h"

static const struct checklist_read *
read_csv(struct arena *a, const char *csv)
{
    struct err e;
    const struct checklist_read *c = checklist_read_csv(str_of(csv), a, &e);

    if (c == NULL)
        fail_msg("%s", e.msg);
    return c;
}

#define IS(s, z)                                                               \
    do {                                                                       \
        if (!str_is((s), (z)))                                                 \
            fail_msg("%s:%d: \"%.*s\" is not \"%s\"", __FILE__, __LINE__,      \
                     STR_ARG(s), (z));                                         \
    } while (0)

static bool
doubted(const struct checklist_read *c, const char *code)
{
    for (size_t i = 0; i < c->n_doubts; i++)
        if (strcmp(c->doubts[i].code, code) == 0)
            return true;
    return false;
}

/* clang-format off */
#define T2(e, z) { STR_INIT(e), STR_INIT(z) }
#define ITEM(n, ...) { .id = (n), .text = T2("Exits are clear", "出口畅通"), __VA_ARGS__ }
#define CHOICE .kind = CK_CHOICE, .choices = T2("clean; dusty; dirty!", "干净;有灰;脏!")
#define NUMBER(l, h) .kind = CK_NUMBER, .low = STR_INIT(l), .high = STR_INIT(h)
#define WHEN(w) .when = STR_INIT(w)

static const struct {
    const char *why; /* part of the message; NULL: in order */
    struct check_item item[3];
} items[] = {
    { NULL, { ITEM(1), ITEM(2), ITEM(9999) } },
    { NULL, { { .id = 1, .text = T2("", "出口") }, { .id = 2, .text = T2("Exit", "") }, ITEM(3) } },
    { "says nothing", { ITEM(1), { .id = 2 }, ITEM(3) } },
    { "number must be 1 to 9999", { { .id = 0, .text = T2("x", "") }, ITEM(2), ITEM(3) } },
    { "number must be 1 to 9999", { ITEM(1), ITEM(10000), ITEM(3) } },
    { "same number", { ITEM(1), ITEM(2), ITEM(1) } },
    { "points must be", { ITEM(1), ITEM(2, .weight = 101), ITEM(3) } },
    { NULL, { ITEM(1, .weight = 100), ITEM(2, .weight = 1), ITEM(3) } },
    { "no such way", { ITEM(1, .kind = 7), ITEM(2), ITEM(3) } },
    { NULL, { ITEM(1, CHOICE), ITEM(2, WHEN("1=3")), ITEM(3, WHEN("1=fail")) } },
    { "2 to 20 choices", { ITEM(1, .kind = CK_CHOICE), ITEM(2), ITEM(3) } },
    { "2 to 20 choices", { ITEM(1, .kind = CK_CHOICE, .choices = T2("one;", "")), ITEM(2), ITEM(3) } },
    { "2 to 20 choices", { ITEM(1, .kind = CK_CHOICE, .choices = T2("", "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21")), ITEM(2), ITEM(3) } },
    { NULL, { ITEM(1, .kind = CK_CHOICE, .choices = T2("", "好;差!")), ITEM(2), ITEM(3) } },
    { "not the same ones", { ITEM(1, .kind = CK_CHOICE, .choices = T2("a;b", "甲;乙;丙")), ITEM(2), ITEM(3) } },
    { "not the same ones", { ITEM(1, .kind = CK_CHOICE, .choices = T2("a;b!", "甲;乙")), ITEM(2), ITEM(3) } },
    { NULL, { ITEM(1, NUMBER("0", "8")), ITEM(2, NUMBER("-18.5", "")), ITEM(3, NUMBER("", "")) } },
    { NULL, { ITEM(1, NUMBER("4", "4.000")), ITEM(2), ITEM(3) } },
    { "cannot both be", { ITEM(1, NUMBER("4.001", "4")), ITEM(2), ITEM(3) } },
    { "not a number", { ITEM(1, NUMBER("4°", "")), ITEM(2), ITEM(3) } },
    { "not a number", { ITEM(1, NUMBER("", "1.")), ITEM(2), ITEM(3) } },
    { "not a number", { ITEM(1, NUMBER("--1", "")), ITEM(2), ITEM(3) } },
    { "not a number", { ITEM(1, NUMBER("1.2345", "")), ITEM(2), ITEM(3) } },
    { NULL, { ITEM(1), ITEM(2, WHEN("1=pass")), ITEM(3, WHEN("2=na")) } },
    { "does not stand before", { ITEM(1, WHEN("2=fail")), ITEM(2), ITEM(3) } },
    { "does not stand before", { ITEM(1, WHEN("1=fail")), ITEM(2), ITEM(3) } },
    { "does not stand before", { ITEM(1), ITEM(2), ITEM(3, WHEN("8=fail")) } },
    { "write its condition", { ITEM(1), ITEM(2, WHEN("1")), ITEM(3) } },
    { "write its condition", { ITEM(1), ITEM(2, WHEN("1=")), ITEM(3) } },
    { "write its condition", { ITEM(1), ITEM(2, WHEN("one=fail")), ITEM(3) } },
    { "cannot be answered", { ITEM(1), ITEM(2, WHEN("1=2")), ITEM(3) } },
    { "cannot be answered", { ITEM(1, CHOICE), ITEM(2, WHEN("1=4")), ITEM(3) } },
    { "cannot be answered", { ITEM(1, CHOICE), ITEM(2, WHEN("1=0")), ITEM(3) } },
    { "cannot be answered", { ITEM(1, NUMBER("", "")), ITEM(2, WHEN("1=fail")), ITEM(3) } },
    { NULL, { ITEM(1, NUMBER("0", "")), ITEM(2, WHEN("1=fail")), ITEM(3) } },
    { "cannot be answered", { ITEM(1, .kind = CK_PHOTO), ITEM(2, WHEN("1=fail")), ITEM(3) } },
};
/* clang-format on */

static void
what_an_item_cannot_tell_alone_is_checked_for_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(items); i++) {
        struct err e = { 0 };
        char text[256];
        bool ok = check_items_check(items[i].item, 3, &e);

        err_text(&e, text, sizeof(text));
        if (ok != (items[i].why == NULL))
            fail_msg("row %zu: %s", i, ok ? "taken" : text);
        if (!ok && strstr(text, items[i].why) == NULL)
            fail_msg("row %zu: \"%s\" does not say \"%s\"", i, text,
                     items[i].why);
    }
}

static bool
to_csv(void *ctx, const struct str *cells, size_t n)
{
    csv_put_row(ctx, cells, n);
    return true;
}

static bool
same_item(const struct check_item *a, const struct check_item *b)
{
    for (size_t i = 0; i < CHECK_ITEM_FIELDS; i++) {
        const struct field *f = &check_item_fields[i];

        if (f->kind != FK_FILES && !field_equal(f, a, b))
            return false;
    }
    return a->id == b->id;
}

static void
what_is_written_is_read_again(void **state)
{
    static const char *const texts[] = {
        "",     "plain", "a, b; c",  "say \"stop\"", "=1+1",        "'=1+1",
        "''-x", "-18",   "'quoted'", "灭火器；压力", "+8 m, @gate", "no",
    };
    struct checklist_head head = { .title = T2("=Gate", "校门"),
                                   .source = T2("house list, no law", ""),
                                   .topic = STR("gate"),
                                   .frequency = STR("daily") };
    struct check_item in[60] = { 0 };
    struct str photos[N_OF(in)];
    const struct checklist_read *c;
    ARENA(a, 8 * 1024 * 1024);
    BUF(csv, 1024 * 1024);

    (void)state;
    for (size_t i = 0; i < N_OF(in); i++) {
        struct str t[6];

        photos[i] = i % 3 ? STR("") : STR("0123456789abcdef.jpg");
        for (size_t k = 0; k < N_OF(t); k++)
            t[k] = str_of(texts[(i * (k + 3) + k) % N_OF(texts)]);
        in[i] = (struct check_item){
            .id = (int64_t)(i * 7 % 61) + 1,
            .section = { t[0], t[1] },
            .text = { STR("item"), t[2] },
            .standard = { t[3], t[4] },
            .kind = (int64_t)(i % 7),
            .clause = t[5],
            .low = i % 3 ? STR("-0.5") : STR(""),
            .high = i % 2 ? STR("8") : STR(""),
            .unit = i % 4 ? STR("℃") : STR(""),
            .choices = T2("a;b!", "甲;乙!"),
            .weight = (int64_t)(i % 5),
            .critical = i % 2,
            .when = i > 0 ? arena_printf(a, "%d=pass", (int)in[0].id) : STR(""),
        };
    }
    assert_true(checklist_write(&head, in, N_OF(in), photos, a, to_csv, &csv));
    assert_false(csv.over);
    c = read_csv(a, csv.p);
    assert_true(c->own_form);
    for (size_t i = 0; i < c->n_doubts; i++)
        fail_msg("row %ld: %s", (long)c->doubts[i].row, c->doubts[i].code);
    IS(c->head.title.en, "=Gate");
    IS(c->head.title.zh, "校门");
    IS(c->head.source.en, "house list, no law");
    IS(c->head.topic, "gate");
    IS(c->head.frequency, "daily");
    assert_int_equal(c->n_items, N_OF(in));
    for (size_t i = 0; i < N_OF(in); i++)
        if (!same_item(&in[i], &c->items[i]) ||
            !str_eq(photos[i], c->from[i].photo))
            fail_msg("item %zu changed", i);
}

/* One row of a school's own form and what it has to become. */
struct want {
    const char *section, *text, *standard, *clause;
    int64_t kind;
};

static void
expect(const struct checklist_read *c, const struct want *w, size_t n)
{
    assert_int_equal(c->n_items, n);
    assert_int_equal(c->problem.code, ERR_NONE);
    for (size_t i = 0; i < n; i++) {
        const struct check_item *it = &c->items[i];

        IS(it->section.zh.n > 0 ? it->section.zh : it->section.en,
           w[i].section);
        IS(it->text.zh.n > 0 ? it->text.zh : it->text.en, w[i].text);
        IS(it->standard.zh.n > 0 ? it->standard.zh : it->standard.en,
           w[i].standard);
        IS(it->clause, w[i].clause);
        assert_int_equal(it->kind, w[i].kind);
        assert_int_equal(it->id, i + 1);
    }
}

static void
points_in_one_cell_are_items_and_tick_boxes_say_how(void **state)
{
    static const struct want want[] = {
        { "一、消防", "灭火器在有效期内", "", "", CK_PASS },
        { "一、消防", "疏散通道畅通", "", "", CK_PASS },
        { "一、消防", "应急照明完好", "", "", CK_PASS },
        { "一、消防", "不得使用大功率电器", "", "", CK_PASS },
        { "二、卫生", "每日通风", "", "", CK_CHOICE },
        { "二、卫生", "床位〔 〕张", "", "", CK_TEXT },
    };
    ARENA(a, 4 * 1024 * 1024);
    const struct checklist_read *c = read_csv(
        a, "附件2,,,,\n学校宿舍安全检查表（每周）,,,,\n"
           "检查单位：,,检查时间：,,\n项目,检查内容及要求,检查结果,,备注\n"
           ",,合格,不合格,\n"
           "一、消防,1.灭火器在有效期内；2.疏散通道畅通；3.应急照明完好,,,\n"
           ",不得使用大功率电器,□合格 □不合格 □不适用,,\n"
           "二、卫生,每日通风,□好 □中 □差,,\n,床位〔 〕张,,,\n"
           "检查人签字：,,,,\n注：每周五交,,,,\n");

    (void)state;
    expect(c, want, N_OF(want));
    IS(c->head.title.zh, "学校宿舍安全检查表（每周）");
    IS(c->head.frequency, "weekly");
    IS(c->items[4].choices.zh, "好;中;差!");
    assert_int_equal(c->n_doubts, 0);
}

static void
both_languages_side_by_side_are_one_item(void **state)
{
    ARENA(a, 4 * 1024 * 1024);
    const struct checklist_read *c =
        read_csv(a, "Fire 消防\n"
                    "序号,检查项目,Check item,检查标准,Standard,分值,依据\n"
                    "1,灭火器,Extinguishers,压力正常,Pressure in the green,5,"
                    "GB 50444\n"
                    "2,疏散通道,Escape routes,无堵塞,Not blocked,10分,\n");

    (void)state;
    assert_int_equal(c->n_items, 2);
    IS(c->items[0].text.zh, "灭火器");
    IS(c->items[0].text.en, "Extinguishers");
    IS(c->items[0].standard.zh, "压力正常");
    IS(c->items[0].standard.en, "Pressure in the green");
    IS(c->items[0].clause, "GB 50444");
    assert_int_equal(c->items[0].weight, 5);
    assert_int_equal(c->items[1].weight, 10);
    assert_int_equal(c->items[0].section.zh.n + c->items[0].section.en.n, 0);
}

static void
a_section_may_be_a_numbered_row_or_a_column_with_blanks(void **state)
{
    static const struct want rows[] = {
        { "一、校门", "保安在岗", "", "", CK_PASS },
        { "一、校门", "防冲撞设施完好", "", "", CK_PASS },
        { "二、周边", "无流动摊贩", "", "", CK_PASS },
    };
    static const struct want column[] = {
        { "Gate", "Guard present", "Two guards at arrival", "", CK_PASS },
        { "Gate", "Bollards in place", "", "", CK_PASS },
        { "Canteen", "No. 2 fridge runs", "", "", CK_PASS },
    };
    ARENA(a, 8 * 1024 * 1024);

    (void)state;
    expect(read_csv(a, "校门及周边安全检查记录,,\n序号,内容,检查情况\n"
                       "一,校门,\n1,保安在岗,\n2,防冲撞设施完好,\n"
                       "二,周边,\n1,无流动摊贩,\n"),
           rows, N_OF(rows));
    expect(read_csv(a, "Daily round,,,,,\n"
                       "No,Area,Check point,Standard,Yes,No\n"
                       "1,Gate,Guard present,Two guards at arrival,,\n"
                       "2,,Bollards in place,,,\n"
                       "3,Canteen,No. 2 fridge runs,,,\nInspected by:,,,,,\n"),
           column, N_OF(column));
}

static void
a_section_may_be_no_question_in_capitals_or_a_number_above(void **state)
{
    static const struct want asks[] = {
        { "Walkways", "Are aisles kept clear?", "", "", CK_PASS },
        { "Walkways", "Are holes covered?", "", "", CK_PASS },
        { "Exits", "Do doors open outward?", "", "", CK_PASS },
    };
    static const struct want shouts[] = {
        { "KITCHEN", "Floors clean", "", "", CK_PASS },
        { "KITCHEN", "Hands washed", "", "", CK_PASS },
        { "STORE", "Food off the floor", "", "", CK_PASS },
    };
    static const struct want dotted[] = {
        { "1、Exits", "Doors open outward", "", "", CK_PASS },
        { "1、Exits", "Signs lit", "", "", CK_PASS },
        { "2、Equipment", "Extinguishers charged", "", "", CK_PASS },
    };
    ARENA(a, 16 * 1024 * 1024);

    (void)state;
    expect(read_csv(a, "Safety walk,,\nItem,Yes,No\nWalkways,,\n"
                       "Are aisles kept clear?,,\nAre holes covered?,,\n"
                       "Exits,,\nDo doors open outward?,,\n"),
           asks, N_OF(asks));
    expect(read_csv(a, "Canteen hygiene,,\nItem,Pass,Fail\nKITCHEN,,\n"
                       "Floors clean,,\nHands washed,,\nSTORE,,\n"
                       "Food off the floor,,\n"),
           shouts, N_OF(shouts));
    expect(read_csv(a, "Fire,,\nNo.,Check,OK\n1,Exits,\n"
                       "1.1,Doors open outward,\n1.2,Signs lit,\n"
                       "2,Equipment,\n2.1,Extinguishers charged,\n"),
           dotted, N_OF(dotted));
}

static void
two_lists_side_by_side_are_both_read(void **state)
{
    static const struct want want[] = {
        { "", "校门值守", "", "", CK_PASS },
        { "", "围墙完好", "", "", CK_PASS },
        { "", "消防通道", "", "", CK_PASS },
        { "", "电气线路", "", "", CK_PASS },
    };
    ARENA(a, 4 * 1024 * 1024);

    (void)state;
    expect(read_csv(a, "校园安全检查表,,,,,\n"
                       "序号,检查内容,检查结果,序号,检查内容,检查结果\n"
                       "1,校门值守,,3,消防通道,\n2,围墙完好,,4,电气线路,\n"
                       "检查人：,,,,,\n"),
           want, N_OF(want));
}

static void
what_is_not_understood_is_told(void **state)
{
    ARENA(a, 16 * 1024 * 1024);
    const struct checklist_read *c;
    BUF(many, 64 * 1024);

    (void)state;
    c = read_csv(a, "开学前安全检查清单\n教室门窗完好\n消防栓有水\n");
    assert_int_equal(c->n_items, 2);
    assert_true(doubted(c, "no-heading"));
    IS(c->head.frequency, "semester");
    c = read_csv(a, "no,text_en,kind,when,weight,colour\n"
                    "1,Exit,pass,,,\n2,Door,tick,1=fail,500,red\n"
                    ",Stairs,,9=fail,,\n");
    assert_int_equal(c->n_items, 3);
    assert_true(doubted(c, "kind-unknown"));
    assert_true(doubted(c, "not-a-number"));
    assert_true(doubted(c, "column-unknown"));
    assert_true(doubted(c, "no-title"));
    assert_int_equal(c->items[2].id, 3);
    assert_int_equal(c->problem.code, ERR_INVALID);
    buf_puts(&many, "title,\nno,text_en,kind\n");
    for (int i = 1; i <= 310; i++)
        buf_printf(&many, "%d,Item,pass\n", i);
    c = read_csv(a, many.p);
    assert_int_equal(c->n_items, CHECK_ITEMS_MAX);
    assert_true(doubted(c, "too-many-items"));
    assert_true(doubted(c, "line-unknown"));
    assert_true(doubted(read_csv(a, ""), "no-items"));
}

static void
both_sides(const char *name, int64_t item, const char *field, struct text2 t,
           bool needed)
{
    if ((t.en.n > 0) != (t.zh.n > 0) || (needed && t.en.n == 0))
        fail_msg("%s, item %ld: %s in one language", name, (long)item, field);
}

static void
one_that_ships(const struct pack *p, const struct checklist_read *c)
{
    for (size_t i = 0; i < c->n_doubts; i++)
        fail_msg("%s, row %ld: %s", p->name, (long)c->doubts[i].row,
                 c->doubts[i].code);
    assert_true(c->own_form);
    assert_int_equal(c->problem.code, ERR_NONE);
    IS(c->head.topic, p->name);
    assert_true(c->head.frequency.n > 0);
    both_sides(p->name, 0, "title", c->head.title, true);
    both_sides(p->name, 0, "source", c->head.source, true);
    if (c->n_items < 8 || c->n_items > 25)
        fail_msg("%s: %zu items", p->name, c->n_items);
    for (size_t i = 0; i < c->n_items; i++) {
        const struct check_item *it = &c->items[i];

        both_sides(p->name, it->id, "section", it->section, true);
        both_sides(p->name, it->id, "text", it->text, true);
        both_sides(p->name, it->id, "standard", it->standard, true);
        both_sides(p->name, it->id, "choices", it->choices,
                   it->kind == CK_CHOICE);
        assert_int_equal(it->id, i + 1);
    }
}

static void
every_checklist_that_ships_is_whole_in_both_languages(void **state)
{
    size_t n = 0, kinds[CK_SIGN + 1] = { 0 };

    (void)state;
    for (const struct pack *p = checklist_packs; p->name != NULL; p++, n++) {
        ARENA(a, 8 * 1024 * 1024);
        const struct checklist_read *c = read_csv(a, p->text);

        one_that_ships(p, c);
        for (size_t i = 0; i < c->n_items; i++)
            kinds[c->items[i].kind]++;
    }
    assert_int_equal(n, 16);
    for (size_t k = CK_PASS; k <= CK_SIGN; k++)
        assert_true(kinds[k] > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_item_cannot_tell_alone_is_checked_for_all),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(points_in_one_cell_are_items_and_tick_boxes_say_how),
        cmocka_unit_test(both_languages_side_by_side_are_one_item),
        cmocka_unit_test(
            a_section_may_be_a_numbered_row_or_a_column_with_blanks),
        cmocka_unit_test(
            a_section_may_be_no_question_in_capitals_or_a_number_above),
        cmocka_unit_test(two_lists_side_by_side_are_both_read),
        cmocka_unit_test(what_is_not_understood_is_told),
        cmocka_unit_test(every_checklist_that_ships_is_whole_in_both_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
