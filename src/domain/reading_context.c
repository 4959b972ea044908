#include "domain/reading_part.h"

/* How a school's name ends; longer ones first where one ends another. */
#define SCHOOL_END                                                                                              \
    "幼儿园|幼儿班|托儿所|学前班|小学校|中心小学|完全小学|小学|初级中学|"          \
    "高级中学|完全中学|中学|职业技术学校|中等专业学校|职业高中|学校|学院|大学|" \
    "教学点|中心校|附属中学|附中|附小|实验小|实小|中心小|完小|职中|职高|"           \
    "高中|初中|技校|党校|中专|一中|二中|三中|四中|五中|六中|七中|八中|九中|"        \
    "十中|一小|二小|三小|四小|五小|六小|七小|八小|九小|十小|一幼|二幼|三幼|"        \
    "机关幼|中心园|民中|民小|实验园|外国语"

static struct str
cut_brackets(struct str s)
{
    if (rt_ends(s, "）|)")) {
        ptrdiff_t at = rt_find(s, "（|(", NULL);

        if (at > 0)
            return rt_trim(str_cut(s, 0, (size_t)at));
    }
    return s;
}

bool
looks_like_school(struct str s)
{
    struct str name = cut_brackets(rt_trim(s));
    size_t n = utf8_count(name);

    if (n < 2 || n > 40)
        return false;
    if (!rt_has_cjk(name))
        return rt_ends(name, "School|SCHOOL|school|Academy|ACADEMY|Elementary|"
                             "ELEMENTARY|College|COLLEGE|Nursery|Primary|"
                             "High|Kindergarten|University|H.S.|HS");
    return rt_ends(name, SCHOOL_END "|园|分校|校区|本部|总校|校|中|小|幼");
}

/* Where a name may begin: after a date, a label, a bracket, or these. */
static struct str
cut_opening(struct arena *a, struct str s)
{
    struct date_parts p;
    struct str f = fold_text(a, s);

    /* Only when folding left the length alone are the offsets the same. */
    if (f.n == s.n && date_find(f, &p) && p.from == 0)
        s = rt_trim(str_cut(s, p.to, s.n));
    for (int i = 0; i < 4; i++) {
        size_t at = 0;
        int64_t y;

        if (rt_starts(s, "关于对"))
            s = str_cut(s, 9, s.n);
        else if (rt_starts(s, "关于"))
            s = str_cut(s, 6, s.n);
        else if (rt_starts(s, "对|《|【"))
            s = str_cut(s, 3, s.n);
        else if (rt_number(s, &at, &y) && rt_starts(str_cut(s, at, s.n), "年"))
            s = str_cut(s, at + 3, s.n);
        else if (rt_starts(s, "年度|学年"))
            s = str_cut(s, 6, s.n);
        s = rt_trim(s);
    }
    return s;
}

static struct str
after_label(struct str s)
{
    static const char *const labels[] = {
        "学校名称",   "单位名称", "学校",   "填报单位",    "受检单位",
        "被检查单位", "报送单位", "单位",   "园所名称",    "检查学校",
        "受检学校",   "School",   "SCHOOL", "School name", "Name of school",
    };

    for (size_t i = 0; i < N_OF(labels); i++) {
        struct str l = str_of(labels[i]), r;
        ptrdiff_t at = str_find(s, l);

        if (at < 0)
            continue;
        r = str_cut(s, (size_t)at + l.n, s.n);
        if (rt_starts(r, "（盖章）"))
            r = str_cut(r, 12, r.n);
        else if (rt_starts(r, "(盖章)"))
            r = str_cut(r, 8, r.n);
        if (rt_starts(r, "："))
            return rt_trim(str_cut(r, 3, r.n));
        if (rt_starts(r, ":"))
            return rt_trim(str_cut(r, 1, r.n));
    }
    return STR("");
}

static bool
is_general(struct str name)
{
    return rt_has(name, "各|全县|全市|全区|全镇|教育局|教体局|教委|中小学|"
                        "公安局|联合|所有|辖区|部分|一览|汇总|本校|我校|县级|"
                        "市级|学期|安全|检查|排查|专项|隐患") ||
           rt_is(name, "小学|中学|学校|幼儿园|学院|大学|校园|中心小学|高中|"
                       "初中|民办学校|农村学校|农村小学|乡镇学校|某小学|"
                       "某中学|某学校|某校");
}

/* What stands after the last dash, colon or preposition. */
static struct str
after_last(struct str s)
{
    static const char *const marks[] = { " - ",  "— ",   "– ",    ": ",
                                         " | ",  " at ", " for ", " of ",
                                         " AT ", " FOR " };

    for (size_t i = 0; i < N_OF(marks); i++) {
        struct str mark = str_of(marks[i]);
        ptrdiff_t at;

        while ((at = str_find(s, mark)) >= 0)
            s = rt_trim(str_cut(s, (size_t)at + mark.n, s.n));
    }
    return s;
}

/* English: the words up to and with School, Academy, College … */
static struct str
english_school(struct str s)
{
    static const char *const ends[] = {
        "SCHOOL",       "School",     "ACADEMY",   "Academy",
        "COLLEGE",      "College",    "NURSERY",   "Nursery",
        "Kindergarten", "Elementary", "ELEMENTARY"
    };
    size_t best = 0;

    for (size_t i = 0; i < N_OF(ends); i++) {
        ptrdiff_t at = str_find(s, str_of(ends[i]));
        size_t end = (size_t)at + strlen(ends[i]);

        if (at > 2 && s.p[at - 1] == ' ' &&
            (end == s.n || s.p[end] == ' ' || s.p[end] == ',' ||
             s.p[end] == ':' || s.p[end] == '-'))
            if (best == 0 || end < best || (end > best && i < 2))
                best = end;
    }
    s = after_last(rt_trim(str_cut(s, 0, best)));
    return rt_starts(s, "THE SCHOOL|The School|Name of|Safety|SAFETY|"
                        "Inspection|INSPECTION|Weekly|Monthly|Annual|Date")
               ? STR("")
               : s;
}

/* Where a name ends that has an ending at [0, end): 实验小学 ends later than
 * 实验小, a 校区 in brackets belongs to it. */
static size_t
name_end(struct str s, size_t end)
{
    struct str r;
    size_t n = 0;
    ptrdiff_t at;

    for (int i = 0; i < 3; i++) {
        r = str_cut(s, end, s.n);
        at = rt_find(r, SCHOOL_END, &n);
        if (at >= 0 && at <= 6 && !rt_starts(r, "及|和|、|与"))
            end += (size_t)at + n;
        else if (rt_starts(r, "学"))
            end += 3;
    }
    r = str_cut(s, end, s.n);
    at = rt_starts(r, "（|(") ? rt_find(r, "）|)", &n) : -1;
    if (at > 0 && rt_has(str_cut(r, 0, (size_t)at), "校区|分校|部"))
        end += (size_t)at + n;
    return end;
}

struct str
school_in_title(struct arena *a, struct str line)
{
    struct str s = after_label(line), name;
    bool labelled = s.n > 0;
    size_t n = 0;
    ptrdiff_t at;

    if (!labelled && is_section(line, &name))
        s = name;
    else if (!labelled)
        s = cut_opening(a, rt_trim(line));
    if (!rt_has_cjk(s))
        return english_school(s);
    at = rt_find(s, SCHOOL_END, &n);
    if (at < 0)
        return STR("");
    name = str_cut(s, 0, name_end(s, (size_t)at + n));
    if (is_general(name) || utf8_count(name) > 30 || utf8_count(name) < 3)
        return STR("");
    return name;
}

/* How much of r closes a number that opened with （, with 第, or bare. */
static size_t
closing_of(struct str r, bool open, bool ordinal)
{
    if (open)
        return rt_starts(r, "）") ? 3 : rt_starts(r, ")") ? 1 : 0;
    if (ordinal)
        return rt_starts(r, "部分") ? 6 : rt_starts(r, "类|项|章") ? 3 : 0;
    return rt_starts(r, "、|．|：") ? 3 : rt_starts(r, ".|:") ? 1 : 0;
}

/* The length of the number that opens a section: （一） 一、 第一部分; 0: none. */
static size_t
section_number(struct str s)
{
    static const char nums[] = "一|二|三|四|五|六|七|八|九|十|百";
    bool open = rt_starts(s, "（|("), ordinal = rt_starts(s, "第");
    size_t i = 0, from, close;

    if (open || ordinal)
        i = s.p[0] == '(' ? 1 : 3;
    from = i;
    while (i + 3 <= s.n && i - from < 9 && rt_is(str_cut(s, i, i + 3), nums))
        i += 3;
    if (i == from)
        return 0;
    close = closing_of(str_cut(s, i, s.n), open, ordinal);
    return close > 0 ? i + close : 0;
}

/* A line of its own that names what follows. */
bool
is_section(struct str text, struct str *name)
{
    struct str s = rt_trim(text);
    size_t n = section_number(s);

    if (n == 0)
        return false;
    s = str_cut(s, n, s.n);
    while (rt_starts(s, "、|：|，"))
        s = str_cut(s, 3, s.n);
    s = rt_trim_end(s);
    while (rt_ends(s, "：|:"))
        s.n -= s.p[s.n - 1] == ':' ? 1 : 3;
    *name = s;
    return s.n > 0;
}

bool
is_footer(struct str k)
{
    return rt_starts(k, "填表|填报|制表|审核|检查人|检查组|检查人员|排查人|"
                        "排查小组|排查人员|检查时间|检查日期|组长|负责人|校长|"
                        "园长|注:|注1|备注:|说明:|填表说明|单位(盖章)|"
                        "(盖章)|盖章|联系人|联系电话|合计|总计|小计|共计|"
                        "日期:|时间:|签字|签名|抄送|报送|附:|附件|记录人|"
                        "巡查人|参加人|参检|受检单位|复核|复查人|分管|主管|"
                        "安全员|经办|责任人:|带队|督查|分发|total|subtotal|"
                        "grandtotal|inspectedby|inspector|signature|signed|"
                        "note:|notes:|preparedby|reviewedby|approvedby|"
                        "completedby|date:|headteacher|*|※|source:") ||
           rt_has(k, "(签字)|(签名)|(签章)|签字:|签名:|前完成整改|"
                     "前整改完毕|前整改到位|切实消除|请各|请在|年月日");
}

static bool
is_deadline_line(struct str k)
{
    return rt_has(k, "整改|完成|消除|rectif|correct|complete") &&
           rt_has(k, "前|内|before|by|within|deadline|限");
}

/* Where a range ends whose first date is p: "2020年4月-5月". */
static size_t
range_end(struct str folded, const struct date_parts *p)
{
    struct str rest = str_cut(folded, p->to, folded.n);
    struct date_parts second;
    size_t to = p->to;

    if (date_find(rest, &second) && second.from <= 4)
        return to + second.to;
    while (to < folded.n && strchr("-~ .0123456789", folded.p[to]) != NULL)
        to++;
    if (rt_starts(str_cut(folded, to, folded.n), "至|到|月|日|年"))
        to += 3;
    while (to < folded.n && rt_digit(folded.p[to]))
        to++;
    if (rt_starts(str_cut(folded, to, folded.n), "月|日"))
        to += 3;
    return to;
}

/* a/b/y in a title has no column to judge the order from. */
static void
order_title(struct date_parts *p)
{
    int first = p->month;

    if (first > 12) {
        p->month = p->day;
        p->day = first;
    } else if (p->day <= 12 && p->day != first) {
        p->day = 0; /* either could be the month: the words stay */
    }
}

static void
take_found(struct sheet_state *s, struct date_parts p, struct str folded,
           bool labelled)
{
    struct reading_date *d = &s->pub.found_on;
    size_t to = p.range ? range_end(folded, &p) : p.to;
    struct civil c;

    if (d->has_day && !labelled)
        return;
    if (p.slashed)
        order_title(&p);
    c = (struct civil){ p.year, p.month, p.day };
    if (p.year > 0 && p.day > 0 && !p.range && civil_valid(c))
        *d = (struct reading_date){ true, day_of(c), STR("") };
    else if (d->has_day || d->raw.n > 0)
        return;
    d->raw = arena_dup(s->a, rt_trim(str_cut(folded, p.from, to)));
}

/* "in 2021", "2021年冬季": the year alone. */
static void
take_year(struct sheet_state *s, struct str f)
{
    for (size_t i = 0; i + 4 <= f.n && s->year == 0; i++) {
        size_t at = i;
        int64_t y;

        if ((i > 0 && rt_digit(f.p[i - 1])) || !rt_number(f, &at, &y) ||
            at - i != 4 || y < 1990 || y > 2099)
            continue;
        if (rt_starts(str_cut(f, at, f.n), "年|-|.|/| ") || at == f.n)
            s->year = y;
    }
}

/* A deadline for all rows, in a note or footer: its words and its day. */
static void
take_deadline(struct sheet_state *s, struct str folded)
{
    struct date_parts p;
    struct reading_date *d = &s->pub.deadline;
    struct civil c;
    size_t to;

    if (!date_find(folded, &p) || !p.before || d->raw.n > 0)
        return;
    to = p.to;
    if (rt_starts(str_cut(folded, to, folded.n), "之前|以前"))
        to += 6;
    else if (rt_starts(str_cut(folded, to, folded.n), "前"))
        to += 3;
    d->raw = arena_dup(s->a, str_cut(folded, p.from, to));
    c = (struct civil){ p.year > 0 ? p.year : s->year, p.month, p.day };
    if (c.year > 0 && c.day > 0 && !p.slashed && civil_valid(c)) {
        d->has_day = true;
        d->day = day_of(c);
    }
}

void
context_line(struct reading *r, struct sheet_state *s, struct str line)
{
    struct str folded = fold_text(s->a, line), key = fold_key(s->a, line);
    struct str school, rest = folded;
    struct date_parts p;
    bool labelled;

    (void)r;
    take_year(s, folded);
    if (is_deadline_line(key) && !rt_has(key, "检查时间|排查时间|检查日期"))
        take_deadline(s, folded);
    if (s->pub.school.n == 0) {
        school = school_in_title(s->a, line);
        s->pub.school = arena_dup(s->a, school);
    }
    labelled = rt_has(key, "检查时间|排查时间|检查日期|排查日期|巡查时间|"
                           "dateofinspection|inspectiondate|日期:|时间:");
    if (!date_find(rest, &p) || p.before)
        return;
    if (p.year == 0 && s->year > 0)
        p.year = s->year;
    take_found(s, p, folded, labelled);
}

/* "检查时间:" in one cell and the day in the next are one line. */
static struct str
label_and_value(struct sheet_state *s, const struct kept_row *k, size_t c)
{
    struct str label = k->text[c];

    if (!rt_ends(label, "：|:"))
        return label;
    for (c++; c < k->n; c++) {
        if (k->text[c].n > 0 && k->covered[c] == 0)
            return rt_ends(k->text[c], "：|:")
                       ? label
                       : arena_printf(s->a, "%.*s%.*s", STR_ARG(label),
                                      STR_ARG(k->text[c]));
    }
    return label;
}

/* Title lines stand above the heading; a note there may cover two cells. */
void
context_decide(struct reading *r, struct sheet_state *s)
{
    for (size_t i = 0; i < s->n_head; i++) {
        const struct kept_row *k = &s->head[i];

        if (s->pub.has_heading && k->row >= s->pub.heading_first)
            break;
        for (size_t c = 0; c < k->n; c++) {
            struct str name;

            if (k->text[c].n == 0 || k->covered[c] != 0)
                continue;
            context_line(r, s, label_and_value(s, k, c));
            if (is_section(k->text[c], &name) && !looks_like_school(name))
                s->first_section = name;
        }
    }
}
