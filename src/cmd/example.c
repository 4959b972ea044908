/* The example district, told as tables. Everything here is invented but for
 * the plan of 2019, which follows a real one. */
#include <sodium.h>

#include "cmd/example.h"
#include "cmd/example_part.h"
#include "domain/campaign.h"
#include "domain/hazard.h"
#include "domain/notice.h"
#include "domain/sweep.h"
#include "service/report.h"

struct school {
    const char *code, *kind, *en, *zh, *parent; /* parent: a code, "" = root */
    int pupils, staff;
};

static const struct school schools[] = {
    { "BLZX", "central_primary", "Baile Central Primary School", "白乐中心小学",
      "", 612, 38 },
    { "XHCX", "village_primary", "Xihe Village Primary School", "溪河村小学",
      "BLZX", 96, 9 },
    { "SWJX", "teaching_point", "Shiwan Teaching Point", "石湾教学点", "BLZX",
      17, 2 },
    { "BLZ", "junior", "Baile Junior Middle School", "白乐初级中学", "", 840,
      62 },
    { "BLYE", "kindergarten", "Baile Central Kindergarten", "白乐中心幼儿园",
      "", 205, 24 },
    { "NSJS", "boarding", "Nanshan Boarding School", "南山寄宿制学校", "", 520,
      47 },
    { "DQXX", "nine_year", "Dongqiao Nine-Year School", "东桥九年一贯制学校",
      "", 701, 55 },
};

struct someone {
    const char *login, *name, *role, *at; /* at: a school's code, "" = root */
};

static const struct someone people[] = {
    { "office", "张老师 (Teacher Zhang)", "district_officer", "" },
    { "admin", "管理员 (Administrator)", "admin", "" },
    { "inspector", "督导员甲 (Inspector A)", "inspector", "" },
    { "auditor", "审计员甲 (Auditor A)", "auditor", "" },
    { "police", "联络民警甲 (Officer A)", "police", "" },
    { "principal", "李校长 (Principal Li)", "principal", "BLZX" },
    { "manager", "王主任 (Manager Wang)", "safety_manager", "BLZX" },
    { "deputy", "赵副校长 (Deputy Zhao)", "deputy_head", "BLZX" },
    { "teacher", "李老师 (Teacher Li)", "class_teacher", "BLZX" },
    { "logistics", "钱老师 (Teacher Qian)", "logistics", "BLZX" },
    { "guard", "门卫甲 (Guard A)", "guard", "BLZX" },
    { "canteen", "食堂甲 (Canteen A)", "canteen", "BLZX" },
    { "doctor", "校医甲 (Doctor A)", "doctor", "BLZX" },
    { "duty", "值班领导甲 (Duty leader A)", "duty_leader", "BLZX" },
    { "lawyer", "法治副校长甲 (Legal vice A)", "legal_vice", "BLZX" },
    { "point", "石湾老师甲 (Teacher at Shiwan)", "staff", "SWJX" },
    { "village", "溪河校长 (Head of Xihe)", "principal", "XHCX" },
    { "middle", "中学安全主任 (Manager, middle school)", "safety_manager",
      "BLZ" },
    { "middlehead", "中学校长 (Principal, middle school)", "principal", "BLZ" },
    { "kinder", "幼儿园园长 (Head of kindergarten)", "principal", "BLYE" },
    { "kindersafe", "幼儿园安全员 (Manager, kindergarten)", "safety_manager",
      "BLYE" },
    { "boarding", "寄宿学校主任 (Manager, boarding school)", "safety_manager",
      "NSJS" },
    { "boardhead", "寄宿学校校长 (Principal, boarding school)", "principal",
      "NSJS" },
    { "nine", "东桥安全主任 (Manager, Dongqiao)", "safety_manager", "DQXX" },
    { "ninehead", "东桥校长 (Principal, Dongqiao)", "principal", "DQXX" },
};

struct spot {
    const char *at, *en, *zh, *kind, *in; /* in: English name of the parent */
};

static const struct spot spots[] = {
    { "BLZX", "Teaching block", "教学楼", "building", "" },
    { "BLZX", "Second floor", "二楼", "floor", "Teaching block" },
    { "BLZX", "Stairs, east", "东侧楼梯", "room", "Second floor" },
    { "BLZX", "Canteen", "食堂", "building", "" },
    { "BLZX", "Kitchen", "操作间", "room", "Canteen" },
    { "BLZX", "Sports ground", "操场", "area", "" },
    { "BLZX", "School gate", "校门", "area", "" },
    { "XHCX", "Classroom row", "教室一排", "building", "" },
    { "SWJX", "Schoolhouse", "校舍", "building", "" },
    { "BLZ", "Laboratory", "化学实验室", "room", "" },
    { "BLZ", "Teaching block A", "A 栋教学楼", "building", "" },
    { "BLYE", "Nap room", "午睡室", "room", "" },
    { "BLYE", "Playground", "户外活动场", "area", "" },
    { "NSJS", "Dormitory 1", "1 号宿舍楼", "building", "" },
    { "NSJS", "Boiler room", "锅炉房", "room", "" },
    { "DQXX", "Bus stop", "校车停靠点", "area", "" },
};

struct off {
    const char *en, *zh, *kind, *from, *to;
};

/* Known only from general knowledge: to be checked against the notice. */
static const struct off days_off[] = {
    { "National Day (to be checked)", "国庆节（待核对）", "holiday",
      "2026-10-01", "2026-10-07" },
    { "New Year (to be checked)", "元旦（待核对）", "holiday", "2027-01-01",
      "2027-01-01" },
};

#define TEXT(d, p)   "description", d, "place_text", p
#define FIX(m, u, d) "measures", m, "responsible_unit", u, "deadline", d

/* clang-format off */
static const struct act story[] = {
    { 1, 75, "boarding", "report", { TEXT("1 号宿舍楼三层疏散通道堆放床架", "三层走廊"), "category", "fire", "source", "inspection" } },
    { 1, 74, "boarding", "grade", { "grade", "major", "clause", "疏散通道被占用（教发厅函〔2024〕20号，消防类）", "category", "fire" } },
    { 1, 74, "boardhead", "control", { "control", "已清出一条净宽 1.4 米通道，安排两名宿管夜间值守", "in_use", "normal" } },
    { 1, 73, "boarding", "order", { "responsible_unit", "总务处", "deadline", "@20", "notice_no", "白学安改〔2026〕9 号" } },
    { 1, 72, "boarding", "report_up", { "up_state", "三层走廊堆放 40 余张旧床架，原因是仓库屋面维修", "up_harm", "夜间 180 名学生住宿，疏散困难；整改难度一般", "up_plan", "腾空仓库，转运床架，恢复通道" } },
    { 1, 71, "office", "receive_up", { NULL } },
    { 1, 70, "boarding", "plan", { "plan_goal", "恢复两条疏散通道", "measures", "租用仓库，分两批转运旧床架", "plan_means", "租金与搬运费 8,000 元", "plan_duty", "总务主任负责，宿管配合", "plan_time", "20 天内完成，每周报进度", "contingency", "夜间加派两名值守，火警时走西侧楼梯", "funds_need", "secured", "funds", "8000", "deadline", "@20" } },
    { 1, 68, "boardhead", "approve", { NULL } },
    { 1, 68, "boarding", "start", { NULL } },
    { 1, 66, "office", "list", { "listing_level", "county", "listing_by", "白乐学区安全办公室", "listing_deadline", "@60" } },
    { 1, 64, "office", "publish", { NULL } },
    { 2, 60, "teacher", "report", { TEXT("东侧楼梯扶手松动", "扶手"), "place", "#Stairs, east", "photos_before", "!before", "category", "building", "source", "staff" } },
    { 2, 59, "manager", "assign", { FIX("重新焊接并加固", "总务处", "@-50") } },
    { 17, 58, "middle", "report", { TEXT("教学楼 B 栋二层疏散楼梯缺一部", "B 栋"), "category", "fire", "source", "inspection" } },
    { 17, 57, "middle", "grade", { "grade", "major", "clause", "安全出口数量不足（教发厅函〔2024〕20号，消防类）", "category", "fire" } },
    { 17, 56, "middlehead", "control", { "control", "B 栋二层停用，班级并入 A 栋", "in_use", "stopped" } },
    { 3, 55, "canteen", "report", { TEXT("操作间排风机积油", "操作间"), "category", "food", "source", "patrol" } },
    { 17, 55, "middle", "order", { "responsible_unit", "总务处", "deadline", "@-8" } },
    { 3, 54, "manager", "assign", { FIX("请专业公司清洗，签字验收", "食堂", "@-40") } },
    { 17, 54, "middle", "report_up", { "up_state", "B 栋二层只有一部楼梯", "up_harm", "疏散宽度不足，需增建室外楼梯", "up_plan", "增建室外钢楼梯一部" } },
    { 17, 53, "middle", "plan", { "plan_goal", "消除隐患，恢复使用", "measures", "委托有资质单位施工", "plan_means", "专项资金与材料", "plan_duty", "校长负责，总务处实施", "plan_time", "按期完成，每周报告", "contingency", "停用并设围挡，专人值守", "funds_need", "secured", "funds", "126000", "deadline", "@-8" } },
    { 2, 52, "logistics", "submit", { "situation", "扶手已加固，逐层检查无松动", "photos_after", "!after", "cause_kind", "upkeep", "cause", "固定螺栓锈蚀，扶手未列入每学期检查", "whys", "为什么松动？螺栓锈蚀。为什么没发现？检查表没有这一项。为什么没有？新楼交付时未更新检查表。" } },
    { 17, 52, "middlehead", "approve", { NULL } },
    { 17, 51, "middle", "start", { NULL } },
    { 2, 50, "principal", "accept", { "opinion", "现场晃动检查合格" } },
    { 3, 45, "manager", "submit", { "situation", "已清洗，附清洗记录" } },
    { 3, 44, "principal", "reject", { "comment", "风口背面仍有油垢，请再洗一次" } },
    { 4, 40, "middle", "report", { TEXT("化学实验室危化品柜只有一把锁", "药品室"), "category", "laboratory", "source", "inspection" } },
    { 4, 39, "middle", "assign", { FIX("换双人双锁，补台账", "化学组", "@9") } },
    { 5, 34, "kindersafe", "report", { TEXT("户外滑梯螺栓锈蚀", "滑梯"), "photos_before", "!before", "category", "equipment", "source", "patrol" } },
    { 5, 33, "kindersafe", "control", { "control", "滑梯围挡停用", "in_use", "stopped" } },
    { 5, 32, "kindersafe", "assign", { FIX("更换全部连接螺栓", "后勤", "@-12") } },
    { 6, 30, "guard", "report", { TEXT("校门口减速带缺一段", "校门外"), "category", "traffic", "source", "patrol" } },
    { 6, 29, "manager", "refer", { "referred_to", "镇交管站", "referral_letter", "白中小函〔2026〕3 号", "control", "上下学时段设人工引导" } },
    { 7, 25, "teacher", "report", { TEXT("教室后门插座面板破损", "三（2）班"), "category", "electricity", "source", "staff" } },
    { 7, 25, "logistics", "fix", { "situation", "当场断电更换面板", "photos_after", "!after" } },
    { 8, 20, "nine", "report", { TEXT("校车停靠点无候车护栏", "东桥路口"), "category", "traffic", "source", "supervision" } },
    { 8, 19, "nine", "assign", { FIX("加装护栏 12 米，画等候线", "总务处", "@12"), "funds_need", "needed", "funds", "6800" } },
    { 18, 18, "boarding", "report", { TEXT("2 号宿舍楼外墙瓷砖大面积空鼓", "2 号宿舍楼北墙"), "category", "building", "source", "patrol" } },
    { 18, 17, "boarding", "grade", { "grade", "major", "clause", "校舍外墙存在脱落危险（校舍安全类）", "category", "building" } },
    { 18, 17, "boarding", "control", { "control", "北墙下设围挡 6 米，改道通行", "in_use", "normal" } },
    { 9, 16, "village", "report", { TEXT("教室外墙有一条斜裂缝，宽约 2 毫米", "教室一排东头"), "category", "building", "source", "patrol" } },
    { 18, 16, "boarding", "order", { "responsible_unit", "总务处", "deadline", "@30" } },
    { 9, 15, "village", "control", { "control", "靠墙两排座位前移，拉警戒线", "in_use", "normal" } },
    { 19, 14, "nine", "report", { TEXT("教学楼配电间堆放易燃物", "一层配电间"), "category", "electricity", "source", "inspection" } },
    { 19, 13, "nine", "grade", { "grade", "major", "clause", "配电间堆放易燃物（消防类）", "category", "electricity" } },
    { 24, 13, "inspector", "draft", { "title", "安全隐患整改通知书", "inspected_on", "@-13", "inspected_at", "食堂操作间", "requirement", "三日内请专业公司彻底清洗排风系统，此后每月清洗一次并留存记录。", "deadline", "@-3", "inspectors", "督导员甲、张老师", "org", "BLZX" }, &notice_ledger },
    { 3, 13, "inspector", "put_on_notice", { "notice", "&24" } },
    { 8, 12, "nine", "ask_extension", { "ext_day", "@25", "ext_reason", "厂家供货延迟，期间每日派人值守" } },
    { 19, 12, "nine", "order", { "responsible_unit", "总务处", "deadline", "@10", "notice_no", "白学安改〔2026〕14 号" } },
    { 24, 12, "inspector", "issue", { "doc_no", "白学安改〔2026〕15 号" }, &notice_ledger },
    { 24, 11, "inspector", "serve", { "served", "signed", "served_on", "@-11", "receiver", "李校长" }, &notice_ledger },
    { 10, 10, "point", "report", { TEXT("校舍旁水塘无围栏", "校舍西侧"), "category", "drowning", "source", "staff" } },
    { 10, 9, "manager", "grade", { "grade", "general", "category", "drowning" } },
    { 10, 9, "manager", "stand", { "control", "放学由老师送过水塘，设警示牌", "comment", "水塘属村集体，长期管控" } },
    { 17, 9, "middle", "submit", { "situation", "室外钢楼梯已竣工，附验收报告" } },
    { 25, 9, "duty", "state", { "looked_at", "教学楼消防通道、应急灯、灭火器", "place", "#Teaching block", "looked_on", "@-9", "result", "none" }, &sweep_ledger },
    { 11, 8, "duty", "report", { TEXT("操场足球门未固定", "操场北侧"), "category", "equipment", "source", "patrol" } },
    { 11, 7, "manager", "not_hazard", { "comment", "球门已于上周打入地锚，照片见总务处记录" } },
    { 26, 7, "canteen", "state", { "looked_at", "操作间用电用气", "place", "#Kitchen", "looked_on", "@-7", "result", "some", "found", "1", "note", "排风机积油，已在台账" }, &sweep_ledger },
    { 12, 6, "middle", "report", { TEXT("A 栋教学楼疏散指示灯三处不亮", "A 栋一至三层"), "photos_before", "!before", "category", "fire", "source", "inspection" } },
    { 12, 5, "middle", "assign", { FIX("更换灯具并测试应急时长", "总务处", "@4") } },
    { 13, 5, "kinder", "report", { TEXT("午睡室烟感报警器电量低", "午睡室"), "category", "fire", "source", "patrol" } },
    { 27, 5, "middle", "state", { "looked_at", "化学实验室危化品", "place", "#Laboratory", "looked_on", "@-5", "result", "none" }, &sweep_ledger },
    { 17, 4, "inspector", "accept", { "opinion", "现场核查合格", "cause_kind", "built", "cause", "建楼时按较少班额设计，只设一部楼梯" } },
    { 14, 3, "teacher", "report", { TEXT("二楼东侧楼梯防滑条脱落", "第三级台阶"), "place", "#Stairs, east", "photos_before", "!before", "category", "building", "source", "staff" } },
    { 18, 3, "boarding", "plan", { "plan_goal", "消除隐患，恢复使用", "measures", "委托有资质单位施工", "plan_means", "专项资金与材料", "plan_duty", "校长负责，总务处实施", "plan_time", "按期完成，每周报告", "contingency", "停用并设围挡，专人值守", "funds_need", "secured", "funds", "58000", "deadline", "@30" } },
    { 12, 2, "middle", "submit", { "situation", "三处灯具已更换，断电测试 90 分钟", "photos_after", "!after" } },
    { 15, 2, "boarding", "report", { TEXT("锅炉房压力表超过检定有效期", "锅炉房"), "category", "equipment", "source", "inspection" } },
    { 20, 2, "guard", "report", { TEXT("东侧楼梯第三级防滑条掉了", "二楼东侧楼梯"), "category", "building", "source", "patrol" } },
    { 15, 1, "boarding", "grade", { "grade", "general", "category", "equipment" } },
    { 16, 1, "guard", "report", { TEXT("门卫室灭火器压力不足", "门卫室"), "category", "fire", "source", "patrol" } },
    { 20, 1, "manager", "duplicate", { "duplicate_of", "&14", "comment", "李老师已于前日上报同一处" } },
};
/* clang-format on */

struct made {
    struct tx *tx;
    const struct install_tenant *t;
    const char *dir;
    int64_t school[N_OF(schools)], person[N_OF(people)],
        hazard[EXAMPLE_RECORDS], spot[N_OF(spots)];
    int64_t now;
};

static struct str
num(struct made *m, int64_t v)
{
    return arena_printf(m->tx->arena, "%ld", (long)v);
}

static int64_t
school_at(const struct made *m, const char *code)
{
    for (size_t i = 0; i < N_OF(schools); i++)
        if (strcmp(schools[i].code, code) == 0)
            return m->school[i];
    return m->t->root;
}

int64_t
example_school(const struct made *m, const char *code)
{
    return school_at(m, code);
}

int64_t
example_person(const struct made *m, const char *login)
{
    for (size_t i = 0; i < N_OF(people); i++)
        if (strcmp(people[i].login, login) == 0)
            return m->person[i];
    return 0;
}

int64_t
example_place(const struct made *m, const char *en)
{
    for (size_t i = 0; i < N_OF(spots); i++)
        if (strcmp(spots[i].en, en) == 0)
            return m->spot[i];
    return 0;
}

bool
example_change(struct made *m, int ago, struct change *c, struct err *e)
{
    c->tenant = m->t->id;
    m->tx->now = m->now - ago * MS_PER_DAY - 3 * MS_PER_HOUR;
    return change_run(m->tx, c, e);
}

int64_t
example_tenant(const struct made *m)
{
    return m->t->id;
}

struct tx *
example_tx(const struct made *m)
{
    return m->tx;
}

/* The local day, `from_now` days from now. */
struct str
example_day(const struct made *m, int64_t from_now)
{
    BUF(b, 32);

    day_format(&b, m->now / MS_PER_DAY + from_now);
    return arena_dup(m->tx->arena, buf_str(&b));
}

static bool
fill_schools(struct made *m, struct err *e)
{
    for (size_t i = 0; i < N_OF(schools); i++) {
        const struct school *s = &schools[i];
        const struct input in[] = {
            { STR("name_en"), str_of(s->en) },
            { STR("name_zh"), str_of(s->zh) },
            { STR("kind"), str_of(s->kind) },
            { STR("code"), str_of(s->code) },
            { STR("parent"), num(m, school_at(m, s->parent)) },
            { STR("pupils"), num(m, s->pupils) },
            { STR("staff"), num(m, s->staff) },
            { STR("township"), STR("白乐镇人民政府") },
            { STR("police"), STR("白乐派出所") },
            { STR("health"), STR("白乐镇卫生院") },
        };

        if (!install_change(m->tx, m->t->id, &org_ledger, 0, "add",
                            school_at(m, s->parent), in, N_OF(in),
                            &m->school[i], e))
            return false;
    }
    return true;
}

static bool
fill_people(struct made *m, const char *hash, struct err *e)
{
    for (size_t i = 0; i < N_OF(people); i++) {
        const struct choice *role =
            choice_find(role_choices, str_of(people[i].role));
        struct install_person p = { .tenant = m->t->id,
                                    .org = school_at(m, people[i].at),
                                    .name = str_of(people[i].name),
                                    .login = str_of(people[i].login),
                                    .role = (enum role)role->v };
        struct password_set set = { .tenant = m->t->id, .hash = hash };

        if (!install_person_job(m->tx, &p, e))
            return false;
        set.person = m->person[i] = p.id;
        if (!password_set_job(m->tx, &set, e))
            return false;
    }
    return true;
}

static bool
fill_places(struct made *m, struct err *e)
{
    int64_t *id = m->spot;

    for (size_t i = 0; i < N_OF(spots); i++) {
        const struct spot *s = &spots[i];
        struct input in[4] = { { STR("name_en"), str_of(s->en) },
                               { STR("name_zh"), str_of(s->zh) },
                               { STR("kind"), str_of(s->kind) } };
        size_t n = 3;

        for (size_t k = 0; k < i; k++)
            if (strcmp(spots[k].en, s->in) == 0)
                in[n++] = (struct input){ STR("parent"), num(m, id[k]) };
        if (!install_change(m->tx, m->t->id, &place_ledger, 0, "add",
                            school_at(m, s->at), in, n, &id[i], e))
            return false;
    }
    return true;
}

static bool
fill_calendar(struct made *m, struct err *e)
{
    int64_t id;

    for (size_t i = 0; i < N_OF(days_off); i++) {
        const struct off *d = &days_off[i];
        const struct input in[] = { { STR("name_en"), str_of(d->en) },
                                    { STR("name_zh"), str_of(d->zh) },
                                    { STR("kind"), str_of(d->kind) },
                                    { STR("from_on"), str_of(d->from) },
                                    { STR("to_on"), str_of(d->to) } };

        if (!install_change(m->tx, m->t->id, &calendar_ledger, 0, "add",
                            m->t->root, in, N_OF(in), &id, e))
            return false;
    }
    return true;
}

/* plan-2019: the district's programme, and a school's plan under it. */
static bool
fill_campaign(struct made *m, struct err *e)
{
    static const struct input plan[] = {
        { STR_INIT("title"),
          STR_INIT(
              "白乐学区 2019 年“安全生产月”活动实施方案 · Safety Production Month 2019") },
        { STR_INIT("theme"),
          STR_INIT("安全发展，预防为主 · Safe development, prevention first") },
        { STR_INIT("from_on"), STR_INIT("2019-06-01") },
        { STR_INIT("to_on"), STR_INIT("2019-06-30") },
        { STR_INIT("guiding"),
          STR_INIT(
              "坚持安全第一，创建平安校园；谁主管谁负责，综合治理；以加强安全管理为重点，排查治理隐患，遏制重特大事故；标本兼治，落实责任，强化措施，建立长效机制。") },
        { STR_INIT("publicity"),
          STR_INIT(
              "“关注安全，关爱生命”：结合安全教育日、安全生产月、道路交通安全宣传周、消防宣传日、法制宣传日，分别制定详细计划，利用各校宣传阵地，提高师生安全意识。") },
        { STR_INIT("governance"),
          STR_INIT(
              "全面排查各类隐患，逐项制定整改方案，责任、措施、资金、时限、预案五落实，建立隐患台账。深化校舍、食品卫生、交通、消防专项整治；按季节防范传染病、洪涝、雷电。") },
        { STR_INIT("rules"),
          STR_INIT(
              "健全安全组织和责任体系；严格事故报告，杜绝迟报、谎报、漏报、瞒报，事故后隐瞒、逃逸的从重处理；制度化管理：各类应急预案、日检查、日监管、重点部位和环节的源头日监控、门卫制度、警校共建、考核制度；经费保障。") },
        { STR_INIT("support"),
          STR_INIT(
              "师生素质：培训制度、全员培训、自救自护。应急救援：各类事故的预测、预警、救援机制，应急培训，每学期至少一次演练。") },
        { STR_INIT("team"),
          STR_INIT(
              "加强管理队伍建设，坚持政治、业务、实践学习；转变作风，决策部署不打折扣，务求实效。") },
        { STR_INIT("requirements"),
          STR_INIT(
              "一、加强领导，摆上议事日程，法定代表人负责，方案具体、职责明确、部署周密。二、突出重点，整体推进，重点部位、重点时段采取针对性措施。三、加强宣传，利用新媒体和学校阵地，保障师生知情权、参与权、监督权。") },
    };
    static const struct input school[] = {
        { STR_INIT("title"),
          STR_INIT(
              "白乐中心小学 2019 年“安全生产月”活动方案 · School plan under the district's programme") },
        { STR_INIT("theme"),
          STR_INIT("安全发展，预防为主 · Safe development, prevention first") },
        { STR_INIT("from_on"), STR_INIT("2019-06-01") },
        { STR_INIT("to_on"), STR_INIT("2019-06-30") },
        { STR_INIT("publicity"),
          STR_INIT(
              "国旗下讲话、主题班会、黑板报、家长群推送各一次；6 月 16 日咨询日设摊。") },
        { STR_INIT("governance"),
          STR_INIT("全校排查一次，隐患入账，逐条销号。") },
        { STR_INIT("support"), STR_INIT("6 月中旬全校疏散演练一次。") },
    };
    struct change c = { .ledger = &campaign_ledger,
                        .tenant = m->t->id,
                        .org = m->t->root,
                        .verb = STR("import"),
                        .input = plan,
                        .n_inputs = N_OF(plan),
                        .origin = ORIGIN_PAPER,
                        .state = CP_ARCHIVED,
                        .raw = STR("2019 年纸质方案 · on paper, 2019") };
    struct input with_parent[N_OF(school) + 1];

    if (!change_run(m->tx, &c, e))
        return false;
    memcpy(with_parent, school, sizeof(school));
    with_parent[N_OF(school)] =
        (struct input){ STR("parent"), num(m, c.out_id) };
    c.org = m->school[0];
    c.input = with_parent;
    c.n_inputs = N_OF(with_parent);
    return change_run(m->tx, &c, e);
}

/* The central primary school has a plan of its grounds and a telephone. */
static bool
fill_plan(struct made *m, struct err *e)
{
    const struct input in[] = {
        { STR("phone"), STR("0000-0000000") },
        { STR("plan"), num(m, example_plan(m->tx, m->dir, m->t->id)) },
    };
    int64_t id;

    return install_change(m->tx, m->t->id, &org_ledger, m->school[0], "edit",
                          m->school[0], in, N_OF(in), &id, e);
}

/* Somebody without an account has seen something, too. */
static bool
fill_report(struct made *m, struct err *e)
{
    struct report_new r = {
        .tenant = m->t->id,
        .org = m->school[0],
        .place = m->spot[6],
        .description = STR("校门口地砖松动，下雨天容易绊倒"),
        .who = STR("家长甲"),
    };

    randombytes_buf(r.code, sizeof(r.code));
    m->tx->now = m->now - MS_PER_DAY;
    return report_job(m->tx, &r, e);
}

/* "@-5" -> the day five days before now */
static struct str
value_of(struct made *m, const char *v)
{
    BUF(b, 32);
    int64_t days;

    for (size_t i = 0; v[0] == '#' && i < N_OF(spots); i++)
        if (strcmp(spots[i].en, v + 1) == 0)
            return num(m, m->spot[i]);
    for (size_t i = 0; v[0] == '~' && i < N_OF(people); i++)
        if (strcmp(people[i].login, v + 1) == 0)
            return num(m, m->person[i]);
    if (v[0] == '&' && str_i64(str_of(v + 1), &days))
        return num(m, m->hazard[days]);
    if (v[0] == '!')
        return num(m, example_photo(m->tx, m->dir, m->t->id, v[1] == 'a'));
    if (v[0] != '@' || !str_i64(str_of(v + 1), &days))
        return str_of(v);
    day_format(&b, m->now / MS_PER_DAY + days);
    return arena_dup(m->tx->arena, buf_str(&b));
}

static bool
play(struct made *m, const struct act *a, struct err *e)
{
    struct input in[16];
    struct change c = { .ledger = a->of != NULL ? a->of : &hazard_ledger,
                        .tenant = m->t->id,
                        .verb = str_of(a->verb),
                        .input = in };

    for (size_t i = 0; i < N_OF(people); i++)
        if (strcmp(people[i].login, a->who) == 0) {
            c.person = m->person[i];
            c.org = school_at(m, people[i].at);
        }
    for (size_t i = 0; i + 1 < N_OF(a->in) && a->in[i] != NULL; i += 2)
        if (strcmp(a->in[i], "org") == 0)
            c.org = school_at(m, a->in[i + 1]);
        else
            in[c.n_inputs++] =
                (struct input){ str_of(a->in[i]), value_of(m, a->in[i + 1]) };
    c.id = m->hazard[a->record];
    m->tx->now = m->now - a->ago * MS_PER_DAY - 3 * MS_PER_HOUR;
    if (!change_run(m->tx, &c, e))
        return false;
    m->hazard[a->record] = c.out_id;
    return true;
}

bool
example_fill(struct tx *tx, const struct install_tenant *t, const char *dir,
             struct err *e)
{
    struct made m = { .tx = tx, .t = t, .dir = dir, .now = tx->now };
    char hash[128];
    bool ok;

    tx->now = m.now - 80 * MS_PER_DAY;
    ok = account_hash(STR(EXAMPLE_PASSWORD), hash, e) && fill_schools(&m, e) &&
         fill_people(&m, hash, e) && fill_places(&m, e) &&
         fill_calendar(&m, e) && fill_campaign(&m, e);
    for (size_t i = 0; ok && i < N_OF(story); i++)
        ok = play(&m, &story[i], e);
    ok = ok && example_inspections(&m, e) && fill_plan(&m, e);
    for (size_t i = 0; ok && i < n_risk_story; i++)
        ok = play(&m, &risk_story[i], e);
    ok = ok && fill_report(&m, e);
    tx->now = m.now;
    return ok && setting_put(tx, "example", STR("1"), e);
}
