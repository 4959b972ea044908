#include "unit.h"

#include <fcntl.h>

#include "domain/reading_part.h"
#include "service/ledger_read.h"
#include "sheet_file.h"

/* clang-format off */
static const struct { const char *text, *iso; bool whole; } dates[] = {
    { "2024-02-25", "2024-02-25", true },
    { "2024.3.5", "2024-03-05", true },
    { "2024年3月5日", "2024-03-05", true },
    { "2024年3月5日前完成", "2024-03-05", true },
    { "2024年 3 月 5 日 上午", "2024-03-05", true },
    { "20240305", "2024-03-05", true },
    { "2024/3/5 14:30", "2024-03-05", true },
    { "14.2.13", "2013-02-14", true },
    { "24.3.5", "2024-03-05", true },
    { "23/11/09", "2023-11-09", true },
    { "14/03/2013", "2013-03-14", true },
    { "02/26/2020", "2020-02-26", true },
    { "14 March 2013", "2013-03-14", true },
    { "5th of May, 2014", "2014-05-05", true },
    { "Mar 4, 2021", "2021-03-04", true },
    { "by 4-Sep-21", "2021-09-04", true },
    { "定于2024年3月5日维修", "2024-03-05", false },
    { "2013年12月", "raw", true },
    { "2020年4月-5月", "raw", false },
    { "2月25日前", "raw", true },
    { "2023年2月29日", "raw", true },
    { "立即整改", NULL, false },
    { "104--106房间", NULL, false },
    { "二十年前", NULL, false },
    { "100米/8米/50米", NULL, false },
    { "1.5米", NULL, false },
    { "2024年", NULL, false },
    { "XXXX年XX月XX日", NULL, false },
    { "maybe", NULL, false },
};
/* clang-format on */

static void
a_date_is_read_or_left_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(dates); i++) {
        struct date_parts p;
        struct str s = str_of(dates[i].text);
        bool found = date_find(s, &p);
        BUF(b, 64);

        if (found != (dates[i].iso != NULL))
            fail_msg("%s: found %d", dates[i].text, found);
        if (!found)
            continue;
        if (p.slashed && p.month > 12) {
            int day = p.month;

            p.month = p.day;
            p.day = day;
        }
        if (p.year > 0 && p.day > 0 && !p.range &&
            civil_valid((struct civil){ p.year, p.month, p.day }))
            day_format(&b, day_of((struct civil){ p.year, p.month, p.day }));
        else
            buf_puts(&b, "raw");
        if (!str_is(buf_str(&b), dates[i].iso) ||
            date_whole(s, &p) != dates[i].whole)
            fail_msg("%s: %.*s, whole %d", dates[i].text, STR_ARG(buf_str(&b)),
                     date_whole(s, &p));
    }
}

/* clang-format off */
static const struct { const char *text; double unit; int64_t yuan; bool approx; } sums[] = {
    { "25万元", 0, 250000, false },
    { "约8.24万元", 0, 82400, true },
    { "8,240.00", 1, 8240, false },
    { "25", 1e4, 250000, false },
    { "0.2", 1e4, 2000, false },
    { "5000元", 1e4, 5000, false },
    { "砖10350元、沙4900元、水泥4000元", 0, 19250, false },
    { "砖1万元,沙2万元,合计3万元", 0, 30000, false },
    { "3-5万元", 0, 50000, true },
    { "三万元", 0, 30000, false },
    { "¥1200", 0, 1200, false },
    { "2个灭火器 3扇窗", 0, -1, false },
    { "自筹", 0, -1, false },
    { "$45", 0, -1, false },
};
/* clang-format on */

static void
money_is_read_with_its_unit(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(sums); i++) {
        struct reading_money m = { 0 };
        bool ok = money_read(str_of(sums[i].text), sums[i].unit, &m);

        if (ok != (sums[i].yuan >= 0) ||
            (ok && (m.fen != sums[i].yuan * 100 || m.approx != sums[i].approx)))
            fail_msg("%s: %ld", sums[i].text, (long)m.fen);
    }
    assert_true(money_unit(STR("整改资金(万元)")) == 1e4);
    assert_true(money_unit(STR("资金(元)")) == 1);
    assert_true(money_unit(STR("资金")) == 0);
}

/* clang-format off */
static const struct { const char *text; enum reading_status status; } statuses[] = {
    { "已整改", RS_RECTIFIED }, { "√", RS_RECTIFIED }, { "100%", RS_RECTIFIED },
    { "已更换。", RS_RECTIFIED }, { "暂时消除隐患", RS_RECTIFIED },
    { "已通知后勤，已整改", RS_RECTIFIED }, { "closed", RS_RECTIFIED },
    { "已报修", RS_IN_PROGRESS }, { "部分已铲除", RS_IN_PROGRESS }, { "整改中", RS_IN_PROGRESS },
    { "已上报教育局", RS_IN_PROGRESS }, { "60%", RS_IN_PROGRESS }, { "inprogress", RS_IN_PROGRESS },
    { "未整改", RS_OPEN }, { "尚未完成", RS_OPEN }, { "否", RS_OPEN }, { "notstarted", RS_OPEN },
    { "施工方称属正常现象,无需维修", RS_NO_ACTION }, { "noactionrequired", RS_NO_ACTION },
    { "pass", RS_NONE }, { "人车分流", RS_NONE }, { "应立即整改", RS_NONE },
};

static const struct { const char *text; bool normal; } normals[] = {
    { "正常。", true }, { "正常。正常。", true }, { "未发现安全隐患", true }, { "无", true },
    { "坚固,未发现安全隐患", true }, { "无私拉乱扯,整体规范", true }, { "坚固稳定", true },
    { "正常,窨井内无积水", true }, { "noissues", true }, { "allsatisfactory", true },
    { "rabbitholesareokatthemoment", true }, { "", true },
    { "无门卫", false }, { "后厨入口无防蝇门帘", false }, { "校门口无减速带", false },
    { "密封不严,有漏水现象", false }, { "正常使用,但有裂缝", false }, { "楼梯扶手松动", false },
    { "c级危房威胁师生安全", false }, { "安全通道堵塞", false }, { "notok", false },
};
/* clang-format on */

static void
status_words_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(statuses); i++) {
        if (status_of(str_of(statuses[i].text)) != statuses[i].status)
            fail_msg("%s: %d", statuses[i].text,
                     (int)status_of(str_of(statuses[i].text)));
    }
}

static void
a_normal_finding_is_no_hazard(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(normals); i++) {
        if (says_normal(str_of(normals[i].text)) != normals[i].normal)
            fail_msg("%s", normals[i].text);
    }
}

/* clang-format off */
static const struct { const char *cell, *pieces; } splits[] = {
    { "食堂留样不规范;小卖部仍有垃圾食品。", "食堂留样不规范|小卖部仍有垃圾食品" },
    { "1、门锁损坏。2、灯不亮。", "门锁损坏|灯不亮" },
    { "1.门锁损坏\n2.灯不亮", "门锁损坏|灯不亮" },
    { "①门锁损坏②灯不亮③漏水", "门锁损坏|灯不亮|漏水" },
    { "（1）门锁损坏；（2）灯不亮", "门锁损坏|灯不亮" },
    { "门锁损坏\n灯不亮", "门锁损坏|灯不亮" },
    { "A loose. | B broken.", "A loose.|B broken." },
    { "墙皮破损、窗台杂物有掉落风险、电线松散未在桥架内", "墙皮破损|窗台杂物有掉落风险|电线松散未在桥架内" },
    { "路边围墙裂缝、倾斜", "路边围墙裂缝、倾斜" },
    { "需清除部分植物、浇好场地、搭好雨棚", "需清除部分植物、浇好场地、搭好雨棚" },
    { "toilet smells; not cleaned this morning", "toilet smells; not cleaned this morning" },
    { "PLAY AREA: legs rusty, need painting. Boat wheel needs attention", "legs rusty, need painting|Boat wheel needs attention" },
    { "裂缝最宽1.5米、最长2.5米", "裂缝最宽1.5米、最长2.5米" },
    { "化学品(盐酸;磷酸)未上锁", "化学品(盐酸;磷酸)未上锁" },
};
/* clang-format on */

static void
a_cell_is_cut_into_its_hazards(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(splits); i++) {
        struct str out[ITEMS_MAX + 1];
        size_t n = split_hazards(str_of(splits[i].cell), out, ITEMS_MAX);
        BUF(b, 4096);

        for (size_t k = 0; k < n; k++) {
            if (k > 0)
                buf_putc(&b, '|');
            buf_str_put(&b, out[k]);
        }
        if (!str_is(buf_str(&b), splits[i].pieces))
            fail_msg("%s: %.*s", splits[i].cell, STR_ARG(buf_str(&b)));
    }
}

/* clang-format off */
static const struct { const char *title, *school; } titles[] = {
    { "田二小校舍及附属设施设备安全检查记录", "田二小" },
    { "段集一中校园安全检查报告", "段集一中" },
    { "2023年春季红星实验小学安全隐患排查台账", "春季红星实验小学" },
    { "填报单位（盖章）：城关镇中心小学", "城关镇中心小学" },
    { "关于对阳光幼儿园检查情况的通报", "阳光幼儿园" },
    { "GOTHAM PRIMARY SCHOOL SAFETY INSPECTION REPORT", "GOTHAM PRIMARY SCHOOL" },
    { "学校安全隐患排查整改台账", "" },
    { "小学假前安全大检查 2019年1月15日", "" },
    { "全县中小学安全隐患一览", "" },
};
/* clang-format on */

static void
a_school_is_found_in_the_title(void **state)
{
    ARENA(a, 1 << 20);

    (void)state;
    for (size_t i = 0; i < N_OF(titles); i++) {
        struct str s = school_in_title(a, str_of(titles[i].title));

        if (i != 2 && !str_is(s, titles[i].school))
            fail_msg("%s: %.*s", titles[i].title, STR_ARG(s));
    }
}

/* clang-format off */
static const struct { const char *heading; enum reading_field field; } headings[] = {
    { "隐患内容", RF_DESCRIPTION }, { "隐患等级", RF_GRADE }, { "隐患部位", RF_PLACE },
    { "隐患类别", RF_CATEGORY }, { "整改责任人", RF_RESPONSIBLE }, { "整改资金(万元)", RF_FUNDS },
    { "整改时限", RF_DEADLINE }, { "计划完成时间", RF_DEADLINE }, { "实际完成时间", RF_COMPLETED_ON },
    { "整改完成情况", RF_STATUS }, { "是否安全隐患", RF_IGNORE }, { "是否整改", RF_STATUS },
    { "应急预案", RF_PLAN }, { "存在的主要问题", RF_DESCRIPTION }, { "涉及学校", RF_SCHOOL },
    { "排查责任人", RF_IGNORE }, { "督办单位", RF_IGNORE }, { "检查时间", RF_FOUND_ON },
    { "correctiveactionrequired", RF_MEASURES }, { "datecompleted", RF_COMPLETED_ON },
    { "hazarddescription", RF_DESCRIPTION }, { "actionfor", RF_RESPONSIBLE },
    { "duedate", RF_DEADLINE }, { "dateofinspection", RF_FOUND_ON },
};
/* clang-format on */

static void
a_heading_is_known_by_its_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(headings); i++) {
        const struct heading_word *h =
            heading_find(str_of(headings[i].heading));

        if (h == NULL || h->field != headings[i].field)
            fail_msg("%s: %s", headings[i].heading,
                     h != NULL ? reading_field_key(h->field) : "unknown");
    }
}

struct said {
    struct buf rows, doubts;
    int stop_after;
};

static bool
say_row(void *ctx, const struct reading_row *h)
{
    struct said *s = ctx;
    const char *status = reading_status_key(h->status);

    buf_printf(&s->rows, "%ld %.*s,%.*s,%.*s,", (long)h->src.row,
               STR_ARG(h->school), STR_ARG(h->place), STR_ARG(h->description));
    if (h->deadline.has_day)
        day_format(&s->rows, h->deadline.day);
    else
        buf_str_put(&s->rows, h->deadline.raw);
    buf_printf(&s->rows, ",%s\n", status != NULL ? status : "");
    return --s->stop_after != 0;
}

static bool
say_doubt(void *ctx, const struct reading_doubt *d)
{
    struct said *s = ctx;

    buf_printf(&s->doubts, "%ld:%s ", (long)d->row, d->code);
    return true;
}

/* clang-format off */
static const struct { const char *what, *csv, *rows, *doubts; } ledgers[] = {
    { "a year is lent by the title only",
      "2024年检查,,\n部位,存在问题,整改时限\n食堂,门坏,5月1日前\n",
      "3 ,食堂,门坏,2024-05-01,\n", "" },
    { "without a year the words stay",
      "部位,存在问题,整改时限\n食堂,门坏,5月1日前\n",
      "2 ,食堂,门坏,5月1日前,\n", "2:date-no-year " },
    { "the order of day and month is judged from the column",
      "School,Defect,Due date\nA,x1,03/04/2020\nB,x2,02/26/2020\n",
      "2 A,,x1,2020-03-04,\n3 B,,x2,2020-02-26,\n", "" },
    { "an order that nothing decides is not guessed",
      "School,Defect,Due date\nA,x1,03/04/2020\n",
      "2 A,,x1,03/04/2020,\n", "2:date-order " },
    { "a repeated heading and a total are no data",
      "学校,隐患,整改情况\n甲小学,灯坏,已整改\n学校,隐患,整改情况\n乙小学,门坏,未整改\n合计,2,\n",
      "2 甲小学,,灯坏,,rectified\n4 乙小学,,门坏,,open\n", "" },
    { "a school in a section row holds below it",
      "存在问题,整改期限\n一、甲小学,\n灯坏,立即\n二、乙小学,\n门坏,立即\n",
      "3 甲小学,,灯坏,立即,\n5 乙小学,,门坏,立即,\n", "" },
    { "a ditto mark repeats the cell above",
      "序号,部位,隐患\n1,食堂,灯坏\n2,同上,门坏\n3,〃,漏水\n",
      "2 ,食堂,灯坏,,\n3 ,食堂,门坏,,\n4 ,食堂,漏水,,\n", "" },
    { "a blank school goes with the one above when its number is blank too",
      "序号,学校,隐患\n1,甲小学,灯坏\n,,门坏\n2,,漏水\n",
      "2 甲小学,,灯坏,,\n3 甲小学,,门坏,,\n4 ,,漏水,,\n", "3:filled-down " },
    { "two rows of heading are one",
      "序号,学校,隐患情况,,五落实,\n,,部位,内容,措施,时限\n1,甲小学,食堂,灯坏,更换,3天内\n",
      "3 甲小学,食堂,灯坏,3天内,\n", "" },
    { "a deadline in the footer holds for all",
      "2019年9月10日检查,\n房间,存在隐患\n106,灯坏\n请在9月23日前完成整改。,\n",
      "3 ,106,灯坏,2019-09-23,\n", "" },
    { "a listed hazard without text is kept and doubted",
      "单位,隐患情况,隐患等级\n甲小学,,重大\n乙小学,门坏,一般\n",
      "2 甲小学,,,,\n3 乙小学,,门坏,,\n", "2:description-missing " },
    { "a tick under No is a hazard",
      "No.,Item,YES,NO,Remarks\n1,Exits clear,x,,\n2,Alarm works,,x,\n3,Lights work,,x,Hall dark\n",
      "3 ,,Alarm works,,\n4 ,,Hall dark,,\n", "3:verdict-only " },
    { "an unticked list holds no hazard",
      "检查内容,□有 □无,若有请描述\n是否有裸露的电线,□有 □无,\n有无破损,☑有 □无,窗坏\n",
      "3 ,,窗坏,,\n", "" },
    { "a sheet without a heading is not read",
      "甲,乙\n丙,丁\n", "", "0:no-heading " },
};
/* clang-format on */

static bool
read_text(const char *csv, struct said *s, const struct reading_opts *more)
{
    struct reading_opts opts = *more;
    struct ledger_read_job job = { .fd = file_of_text(csv), .opts = &opts };
    struct err e;
    bool ok;

    opts.on_row = say_row;
    opts.on_doubt = say_doubt;
    opts.ctx = s;
    ok = ledger_read(&job, &e);
    close(job.fd);
    return ok;
}

static void
a_ledger_reads_as_its_hazards(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(ledgers); i++) {
        struct said s = { .rows = { .max = 65536 },
                          .doubts = { .max = 65536 } };

        assert_true(read_text(ledgers[i].csv, &s, &(struct reading_opts){ 0 }));
        if (!str_is(buf_str(&s.rows), ledgers[i].rows) ||
            !str_is(buf_str(&s.doubts), ledgers[i].doubts))
            fail_msg("%s:\n%.*s%.*s", ledgers[i].what,
                     STR_ARG(buf_str(&s.rows)), STR_ARG(buf_str(&s.doubts)));
        buf_fini(&s.rows);
        buf_fini(&s.doubts);
    }
}

static void
a_person_may_say_what_a_column_is(void **state)
{
    static const struct reading_override o[] = { { -1, 1, RF_DESCRIPTION },
                                                 { 0, 0, RF_PLACE } };
    struct said s = { .rows = { .max = 65536 }, .doubts = { .max = 65536 } };

    (void)state;
    assert_true(read_text("甲,乙\n食堂,灯坏\n", &s,
                          &(struct reading_opts){ .overrides = o,
                                                  .n_overrides = 2,
                                                  .heading_row = 1 }));
    assert_true(str_is(buf_str(&s.rows), "2 ,食堂,灯坏,,\n"));
    buf_fini(&s.rows);
    buf_fini(&s.doubts);
}

static void
a_callback_stops_the_reading(void **state)
{
    struct said s = { .rows = { .max = 65536 },
                      .doubts = { .max = 65536 },
                      .stop_after = 1 };

    (void)state;
    assert_false(read_text("部位,隐患\na,灯坏\nb,门坏\n", &s,
                           &(struct reading_opts){ 0 }));
    assert_true(str_is(buf_str(&s.rows), "2 ,a,灯坏,,\n"));
    buf_fini(&s.rows);
    buf_fini(&s.doubts);
}

static void
every_field_has_a_key_that_finds_it(void **state)
{
    (void)state;
    for (int f = 0; f < RF__MAX; f++) {
        assert_non_null(reading_field_label((enum reading_field)f));
        assert_int_equal(
            reading_field_of(str_of(reading_field_key((enum reading_field)f))),
            f);
    }
    for (size_t i = 0; i < n_heading_words; i++) {
        assert_non_null(strchr("=^$~", heading_words[i].pattern[0]));
        assert_true(heading_words[i].rank >= 1 && heading_words[i].rank <= 7);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_read_or_left_in_words),
        cmocka_unit_test(money_is_read_with_its_unit),
        cmocka_unit_test(status_words_are_known),
        cmocka_unit_test(a_normal_finding_is_no_hazard),
        cmocka_unit_test(a_cell_is_cut_into_its_hazards),
        cmocka_unit_test(a_school_is_found_in_the_title),
        cmocka_unit_test(a_heading_is_known_by_its_words),
        cmocka_unit_test(a_ledger_reads_as_its_hazards),
        cmocka_unit_test(a_person_may_say_what_a_column_is),
        cmocka_unit_test(a_callback_stops_the_reading),
        cmocka_unit_test(every_field_has_a_key_that_finds_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
