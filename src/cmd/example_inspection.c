/* The example district's inspections: the library's checklists, schedules, the
 * seven special rectifications of the plan of 2019, and forms in every state. */
#include "cmd/example_part.h"
#include "domain/inspection.h"
#include "domain/org.h"
#include "domain/packs.h"
#include "domain/parts.h"
#include "domain/programme.h"
#include "domain/schedule.h"
#include "service/checklist_read.h"

enum { LISTS_MAX = 32 };

struct told {
    struct made *m;
    struct tx *tx;
    const char *topic[LISTS_MAX];
    int64_t list[LISTS_MAX];
    size_t n;
    int64_t period;
};

static int64_t
list_of(const struct told *t, const char *topic)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->topic[i], topic) == 0)
            return t->list[i];
    return 0;
}

static struct str
num(const struct told *t, int64_t v)
{
    return arena_i64(t->tx->arena, v);
}

/* ---- the library ------------------------------------------------------------------ */

static bool
take_list(struct told *t, const struct pack *p, struct err *e)
{
    ARENA(a, CHECKLIST_READ_MEMORY);
    const struct checklist_read *r = checklist_read_csv(str_of(p->text), a, e);
    struct input in[8];
    struct change c = { .ledger = &checklist_ledger,
                        .person = example_person(t->m, "office"),
                        .org = example_school(t->m, ""),
                        .verb = STR("draft"),
                        .input = in };

    if (r == NULL)
        return false;
    in[c.n_inputs++] = (struct input){ STR("title_en"), r->head.title.en };
    in[c.n_inputs++] = (struct input){ STR("title_zh"), r->head.title.zh };
    in[c.n_inputs++] = (struct input){ STR("source_en"), r->head.source.en };
    in[c.n_inputs++] = (struct input){ STR("source_zh"), r->head.source.zh };
    in[c.n_inputs++] = (struct input){ STR("topic"), r->head.topic };
    in[c.n_inputs++] = (struct input){ STR("frequency"), r->head.frequency };
    in[c.n_inputs++] =
        (struct input){ STR("items"), parts_write(&check_items, r->items,
                                                  r->n_items, t->tx->arena) };
    if (!example_change(t->m, 78, &c, e))
        return false;
    c.id = c.out_id;
    c.verb = STR("publish");
    c.n_inputs = 0;
    if (!example_change(t->m, 78, &c, e))
        return false;
    t->topic[t->n] = p->name;
    t->list[t->n++] = c.out_id;
    return true;
}

/* ---- filling one in ------------------------------------------------------------------ */

struct finding {
    size_t item; /* 1 = the first */
    const char *comment;
};

static struct str
good_choice(const struct told *t, const struct check_item *it)
{
    struct str rest = it->choices.zh, label;
    int64_t n = 0;
    bool bad;

    while (check_choice_next(&rest, &label, &bad))
        if (n++, !bad)
            return num(t, n);
    return STR("1");
}

static void
answer_one(const struct told *t, const struct check_item *it,
           const struct finding *f, struct answer *a)
{
    *a = (struct answer){ .id = it->id, .verdict = V_PASS };
    switch (it->kind) {
    case CK_NUMBER:
        a->value = it->low.n > 0 ? it->low : it->high;
        break;
    case CK_CHOICE:
        a->value = good_choice(t, it);
        break;
    case CK_TEXT:
        a->value = STR("正常");
        break;
    case CK_PHOTO:
        a->verdict = V_NA;
        break;
    default:
        break;
    }
    if (f != NULL) {
        a->verdict = V_FAIL;
        a->value = STR("");
        a->comment = str_of(f->comment);
    }
}

static bool
submit(struct told *t, int ago, int64_t id, const char *who,
       const struct finding *found, struct err *e)
{
    struct inspection i;
    struct checklist l;
    struct check_item *item;
    struct answer *a;
    struct input in[2];
    struct signature s[8];
    size_t signed_items = 0;
    struct change c = { .ledger = &inspection_ledger,
                        .id = id,
                        .person = example_person(t->m, who),
                        .verb = STR("submit"),
                        .input = in,
                        .n_inputs = 2 };
    int64_t tenant = example_tenant(t->m);
    size_t n;

    if (!store_rec_get(t->tx->st, tenant, &inspection_ledger, id, t->tx->arena,
                       &i, e) ||
        !store_rec_get(t->tx->st, tenant, &checklist_ledger, i.checklist,
                       t->tx->arena, &l, e) ||
        !parts_read(&check_items, l.items, t->tx->arena, &item, &n, e))
        return false;
    if ((a = arena_new_array(t->tx->arena, struct answer, n)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t k = 0; k < n; k++) {
        const struct finding *f = found;

        while (f != NULL && f->item != 0 && f->item != k + 1)
            f++;
        answer_one(t, &item[k],
                   f != NULL && f->item != 0 && item[k].kind <= CK_PASS ? f
                                                                        : NULL,
                   &a[k]);
    }
    for (size_t k = 0; k < n && signed_items < N_OF(s); k++)
        if (item[k].kind == CK_SIGN)
            s[signed_items++] =
                (struct signature){ item[k].id, STR("值班人员甲") };
    in[0] = (struct input){ STR("answers"),
                            parts_write(&answer_parts, a, n, t->tx->arena) };
    in[1] = (struct input){ STR("signatures"),
                            parts_write(&signature_parts, s, signed_items,
                                        t->tx->arena) };
    return example_change(t->m, ago, &c, e);
}

/* ---- single inspections ---------------------------------------------------------------- */

struct one {
    int ago; /* when it was planned for; below 0: to come */
    const char *topic, *at, *who, *place, *kind;
    const char
        *then; /* verb: submit, miss, excuse, return, object; "" = open */
    struct finding found[3];
};

/* clang-format off */
static const struct one story[] = {
    { 26, "fire", "BLZX", "manager", "", "own", "submit", { { 3, "三楼西侧灭火器压力表指针在红区" } } },
    { 20, "fire", "BLZ", "middle", "", "own", "submit", { { 0, NULL } } },
    { 22, "fire", "NSJS", "boarding", "", "own", "submit", { { 0, NULL } } },
    { 47, "fire", "DQXX", "nine", "", "own", "submit", { { 0, NULL } } },
    { 30, "building", "BLZX", "manager", "#Teaching block", "own", "submit", { { 0, NULL } } },
    { 41, "building", "XHCX", "village", "#Classroom row", "own", "submit", { { 0, NULL } } },
    { 18, "dormitory", "NSJS", "boarding", "#Dormitory 1", "own", "submit", { { 2, "二楼东头应急灯不亮" } } },
    { 11, "dormitory", "NSJS", "boarding", "#Dormitory 1", "own", "miss", { { 0, NULL } } },
    { 4, "dormitory", "NSJS", "boarding", "#Dormitory 1", "own", "submit", { { 0, NULL } } },
    { 9, "laboratory", "BLZ", "middle", "#Laboratory", "visit", "object", { { 2, "药品柜只有一把锁" }, { 4, "无领用登记" } } },
    { 6, "canteen", "BLZX", "canteen", "#Canteen", "own", "submit", { { 0, NULL } } },
    { 5, "samples", "BLZX", "canteen", "#Kitchen", "own", "submit", { { 0, NULL } } },
    { 3, "gate", "BLZX", "guard", "#School gate", "own", "return", { { 0, NULL } } },
    { 3, "daily", "BLYE", "kindersafe", "", "own", "excuse", { { 0, NULL } } },
    { 2, "daily", "BLZX", "duty", "", "own", "submit", { { 0, NULL } } },
    { 1, "daily", "BLZX", "duty", "", "own", "submit", { { 4, "二楼走廊窗台有松动花盆" } } },
    { 1, "daily", "BLZ", "middle", "", "own", "submit", { { 0, NULL } } },
    { 1, "daily", "DQXX", "nine", "", "own", "miss", { { 0, NULL } } },
    { 0, "daily", "BLZX", "duty", "", "own", "", { { 0, NULL } } },
    { -1, "canteen", "BLZX", "canteen", "#Canteen", "own", "", { { 0, NULL } } },
    { -2, "fire", "BLYE", "inspector", "", "visit", "", { { 0, NULL } } },
};
/* clang-format on */

static bool
step(struct told *t, int ago, int64_t id, const char *who, const char *verb,
     const char *field, const char *words, struct err *e)
{
    const struct input in[] = { { str_of(field), str_of(words) } };
    struct change c = { .ledger = &inspection_ledger,
                        .id = id,
                        .person = example_person(t->m, who),
                        .verb = str_of(verb),
                        .input = in,
                        .n_inputs = field[0] != '\0' };

    return example_change(t->m, ago, &c, e);
}

static bool
then(struct told *t, const struct one *o, int64_t id, struct err *e)
{
    if (o->then[0] == '\0')
        return true;
    if (strcmp(o->then, "miss") == 0)
        return step(t, o->ago - 1, id, "", "miss", "", "", e);
    if (strcmp(o->then, "excuse") == 0)
        return step(t, o->ago, id, "kinder", "excuse", "comment",
                    "暴雨停课，园内无人", e);
    if (!submit(t, o->ago, id, o->who, o->found, e))
        return false;
    if (strcmp(o->then, "return") == 0)
        return step(t, o->ago - 1, id, "manager", "return", "comment",
                    "访客登记没有看，请补查", e);
    return strcmp(o->then, "object") != 0 ||
           step(t, o->ago - 1, id, "middlehead", "object", "objection",
                "药品柜当天正在换锁，次日已装双锁，请复核", e);
}

static bool
play(struct told *t, const struct one *o, struct err *e)
{
    struct input in[6];
    struct change c = { .ledger = &inspection_ledger,
                        .person = example_person(
                            t->m, strcmp(o->kind, "visit") == 0 ? "inspector"
                                                                : o->who),
                        .org = example_school(t->m, o->at),
                        .verb = STR("plan"),
                        .input = in };

    in[c.n_inputs++] =
        (struct input){ STR("checklist"), num(t, list_of(t, o->topic)) };
    in[c.n_inputs++] = (struct input){ STR("kind"), str_of(o->kind) };
    in[c.n_inputs++] = (struct input){
        STR("responsible"),
        num(t, example_person(t->m, strcmp(o->kind, "visit") == 0 ? "inspector"
                                                                  : o->who))
    };
    in[c.n_inputs++] =
        (struct input){ STR("planned_on"), example_day(t->m, -o->ago) };
    if (o->place[0] == '#')
        in[c.n_inputs++] =
            (struct input){ STR("place"),
                            num(t, example_place(t->m, o->place + 1)) };
    return example_change(t->m, o->ago > 0 ? o->ago : 0, &c, e) &&
           then(t, o, c.out_id, e);
}

/* ---- schedules ------------------------------------------------------------------------- */

struct plan {
    const char *topic, *at, *who, *place, *pattern, *rrule, *span, *late;
    bool key; /* only in the key period */
};

/* clang-format off */
static const struct plan plans[] = {
    { "daily", "BLZX", "duty", "", "daily", "", "1", "1" },
    { "canteen", "BLZX", "canteen", "#Canteen", "own", "FREQ=WEEKLY;BYDAY=MO,TH", "1", "1" },
    { "samples", "BLZX", "canteen", "#Kitchen", "daily", "", "1", "1" },
    { "dormitory", "NSJS", "boarding", "#Dormitory 1", "weekly", "", "3", "2" },
    { "laboratory", "BLZ", "middle", "#Laboratory", "monthly", "", "7", "3" },
    { "bus", "DQXX", "nine", "#Bus stop", "weekly", "", "2", "1" },
    { "fire", "", "", "", "monthly", "", "10", "5" }, /* every school */
    { "gate", "BLZX", "guard", "#School gate", "daily", "", "1", "1", true },
};
/* clang-format on */

static bool
add_period(struct told *t, struct err *e)
{
    const struct input in[] = {
        { STR("name_en"), STR("End-of-term exams") },
        { STR("name_zh"), STR("期末考试") },
        { STR("kind"), STR("key") },
        { STR("from_on"), example_day(t->m, 40) },
        { STR("to_on"), example_day(t->m, 55) },
    };
    struct change c = { .ledger = &calendar_ledger,
                        .person = example_person(t->m, "office"),
                        .org = example_school(t->m, ""),
                        .verb = STR("add"),
                        .input = in,
                        .n_inputs = N_OF(in) };

    if (!example_change(t->m, 0, &c, e))
        return false;
    t->period = c.out_id;
    return true;
}

static bool
add_plan(struct told *t, const struct plan *p, struct err *e)
{
    struct input in[12];
    struct change c = { .ledger = &schedule_ledger,
                        .person = example_person(t->m, "office"),
                        .org = example_school(t->m, p->at),
                        .verb = STR("add"),
                        .input = in };

    in[c.n_inputs++] =
        (struct input){ STR("checklist"), num(t, list_of(t, p->topic)) };
    in[c.n_inputs++] = (struct input){ STR("pattern"), str_of(p->pattern) };
    in[c.n_inputs++] = (struct input){ STR("rrule"), str_of(p->rrule) };
    in[c.n_inputs++] = (struct input){ STR("days"), STR("school") };
    in[c.n_inputs++] = (struct input){ STR("from_on"), example_day(t->m, 1) };
    in[c.n_inputs++] = (struct input){ STR("to_on"), example_day(t->m, 210) };
    in[c.n_inputs++] = (struct input){ STR("span"), str_of(p->span) };
    in[c.n_inputs++] = (struct input){ STR("late"), str_of(p->late) };
    if (p->who[0] != '\0')
        in[c.n_inputs++] =
            (struct input){ STR("responsible"),
                            num(t, example_person(t->m, p->who)) };
    else
        in[c.n_inputs++] = (struct input){ STR("every_school"), STR("1") };
    if (p->place[0] == '#')
        in[c.n_inputs++] =
            (struct input){ STR("place"),
                            num(t, example_place(t->m, p->place + 1)) };
    if (p->key)
        in[c.n_inputs++] = (struct input){ STR("period"), num(t, t->period) };
    return example_change(t->m, 0, &c, e);
}

/* ---- the seven special rectifications of the plan ------------------------------------------ */

struct special {
    const char *topic, *list, *title, *requirement;
    int from, to;       /* days from now */
    const char *report; /* closed with it; "" = running, NULL = draft */
};

/* clang-format off */
static const struct special specials[] = {
    { "building", "building", "校舍安全专项整治 · School premises", "逐栋检查，谁检查谁签字谁负责；D 级危房一律停用。", -5, 40, NULL },
    { "canteen", "canteen", "食品卫生专项整治 · Food hygiene", "食堂、库房、留样逐项自查，问题当场改。", -25, 20, "" },
    { "bus", "bus", "交通安全专项整治 · Traffic", "校车、停靠点、校门口道路逐项自查。", -10, 30, "" },
    { "fire", "fire", "消防安全专项整治 · Fire", "疏散通道、消防设施、用电逐项自查。", -30, 12, "" },
    { "disease", "disease", "季节性传染病防控 · Infectious disease, in season", "晨午检、通风消毒、缺课追踪逐项自查。", 2, 60, NULL },
    { "flood", "flood", "汛期安全专项整治 · Flood, in season", "排水、围墙、边坡、临水处逐项自查。", -75, -40, "七所学校全部完成自查，发现的问题均已入账整改；围墙、边坡汛后再查一次。" },
    { "lightning", "lightning", "防雷安全专项整治 · Lightning, in season", "防雷装置检测报告在有效期内，接地良好。", -72, -45, "各校防雷检测报告齐全，两处接地已整改。" },
};
/* clang-format on */

/* All schools but one have done theirs: somebody is always behind. */
static bool
do_tasks(struct told *t, int64_t programme, int ago, bool all, struct err *e)
{
    const struct field *f = ledger_field(&inspection_ledger, STR("programme"));
    static const char *const who[][2] = {
        { "BLZX", "manager" },    { "XHCX", "village" },  { "BLZ", "middle" },
        { "BLYE", "kindersafe" }, { "NSJS", "boarding" }, { "DQXX", "nine" },
        { "SWJX", "point" },
    };
    struct list_query q = { .tenant = example_tenant(t->m),
                            .ledger = &inspection_ledger,
                            .all = true,
                            .filter = { { f, { programme }, 1 } },
                            .n_filters = 1,
                            .limit = 100 };
    struct inspection *i;
    void *recs;
    bool more;
    size_t n;

    if (!store_list(t->tx->st, &q, t->tx->arena, &recs, &n, &more, e))
        return false;
    i = recs;
    for (size_t k = 0; k < n; k++)
        for (size_t w = 0; w < N_OF(who) - (all ? 0 : 3); w++)
            if (i[k].r.org == example_school(t->m, who[w][0]) &&
                !submit(t, ago, i[k].r.id, who[w][1], NULL, e))
                return false;
    return true;
}

static bool
add_special(struct told *t, const struct special *s, struct err *e)
{
    const struct task task = {
        .id = 1,
        .text = { STR("Own inspection, item by item"), STR("逐项自查一次") },
        .checklist = list_of(t, s->list),
    };
    const struct input in[] = {
        { STR("title"), str_of(s->title) },
        { STR("topic"), str_of(s->topic) },
        { STR("from_on"), example_day(t->m, s->from) },
        { STR("to_on"), example_day(t->m, s->to) },
        { STR("requirement"), str_of(s->requirement) },
        { STR("basis"), STR("“安全生产月”活动方案：深化专项整治") },
        { STR("tasks"), parts_write(&programme_tasks, &task, 1, t->tx->arena) },
    };
    const struct input report[] = { { STR("report"), str_of(s->report) } };
    int ago = s->from < 0 ? -s->from : 0;
    struct change c = { .ledger = &programme_ledger,
                        .person = example_person(t->m, "office"),
                        .org = example_school(t->m, ""),
                        .verb = STR("draft"),
                        .input = in,
                        .n_inputs = N_OF(in) };

    if (!example_change(t->m, ago, &c, e) || s->report == NULL)
        return s->report == NULL && e->code == ERR_NONE;
    c.id = c.out_id;
    c.verb = STR("start");
    c.n_inputs = 0;
    if (!example_change(t->m, ago, &c, e) ||
        !do_tasks(t, c.id, ago - 3, s->report[0] != '\0', e))
        return false;
    if (s->report[0] == '\0')
        return true;
    c.verb = STR("close");
    c.input = report;
    c.n_inputs = 1;
    return example_change(t->m, -s->to, &c, e);
}

bool
example_inspections(struct made *m, struct err *e)
{
    struct told t = { .m = m, .tx = example_tx(m) };

    e->code = ERR_NONE;
    for (const struct pack *p = checklist_packs;
         p->name != NULL && t.n < LISTS_MAX; p++)
        if (!take_list(&t, p, e))
            return false;
    for (size_t i = 0; i < N_OF(specials); i++)
        if (!add_special(&t, &specials[i], e))
            return false;
    for (size_t i = 0; i < N_OF(story); i++)
        if (!play(&t, &story[i], e))
            return false;
    if (!add_period(&t, e))
        return false;
    for (size_t i = 0; i < N_OF(plans); i++)
        if (!add_plan(&t, &plans[i], e))
            return false;
    return true;
}
