#include "domain/reading_part.h"

/* What the columns of a row say about each of its hazards. */

static void
read_funds(struct line *l, struct reading_row *h)
{
    int c = l->s->at[RF_FUNDS];

    h->funds.raw = line_text(l, RF_FUNDS);
    if (h->funds.raw.n == 0 || rt_has(l->key[c], "无需|不需|已落实|自筹资金"))
        return;
    if (!money_read(l->folded[c], l->s->unit, &h->funds))
        line_doubt(l, RF_FUNDS, "money-unread",
                   N_("%s is no sum of money that could be read; the words "
                      "are kept."),
                   h->funds.raw);
    else if (l->s->unit == 0 && !rt_has(l->key[c], "元|万|¥|rmb"))
        line_doubt(l, RF_FUNDS, "money-unit",
                   N_("Neither the heading nor the cell names a unit; %s was "
                      "taken as yuan."),
                   h->funds.raw);
}

/* Words in the measures that set a time: 假期中, 三日内, 6月30日前. */
static struct reading_date
deadline_in_words(struct line *l, const struct reading_date *found)
{
    static const char words[] =
        "暑假期间|寒假期间|假期期间|假期中|暑假中|寒假中|暑假前|寒假前|"
        "假期内|暑假内|寒假内|开学前|放假前|年底前|月底前|本周内|本月内|"
        "学期末|期末前|三日内|三天内|一周内|两周内|一个月内|年内|近期|"
        "五日内|七日内|十日内|两日内|24小时内|当日内";
    int c = l->s->at[RF_MEASURES];
    struct reading_date d = { .raw = STR("") };
    struct date_parts p;
    size_t n = 0;
    ptrdiff_t at;
    struct str s;

    if (c < 0 || (size_t)c >= l->n || l->text[c].n == 0)
        return d;
    s = l->folded[c];
    if (date_find(s, &p) && p.before) {
        d = date_resolve(l, RF_DEADLINE, p,
                         arena_dup(l->a, str_cut(s, p.from, p.to + 3)), found);
    } else if ((at = rt_find(s, words, &n)) >= 0) {
        d.raw = str_cut(s, (size_t)at, (size_t)at + n);
    }
    if (d.raw.n > 0)
        line_doubt(l, RF_MEASURES, "deadline-in-text",
                   N_("The deadline was taken from the measures: %s"), d.raw);
    return d;
}

static void
read_dates(struct line *l, struct reading_row *h)
{
    const struct reading_date *sheet = &l->s->pub.found_on;
    struct date_parts p;

    h->found_on = line_date(l, RF_FOUND_ON, sheet);
    if (h->found_on.raw.n == 0) {
        int c = l->s->at[RF_REFERENCE];

        if (c >= 0 && (size_t)c < l->n && date_find(l->folded[c], &p)) {
            h->found_on = date_resolve(
                l, RF_REFERENCE, p,
                arena_dup(l->a, str_cut(l->folded[c], p.from, p.to)), sheet);
            line_doubt(l, RF_REFERENCE, "date-of-document",
                       N_("The day of the document was taken as the day the "
                          "hazard was found: %s"),
                       h->found_on.raw);
        }
    }
    if (h->found_on.raw.n == 0 && l->s->at[RF_FOUND_ON] < 0)
        h->found_on = *sheet;
    h->deadline = line_date(l, RF_DEADLINE, &h->found_on);
    if (h->deadline.raw.n == 0)
        h->deadline = deadline_in_words(l, &h->found_on);
    if (h->deadline.raw.n == 0)
        h->deadline = l->s->pub.deadline;
    h->completed_on = line_date(l, RF_COMPLETED_ON, &h->found_on);
}

/* A measure that tells what was done also tells the status. */
static bool
tells_status(struct str key)
{
    return rt_has(key, "已|当场|现场整改|无需|不需|属正常|整改中|正在|即可|"
                       "定于|隐患还在|隐患仍在|消除|done|fixed|completed|"
                       "replaced|repaired|noaction|ordered");
}

/* "2022.10.20复查已修复", "Yes - 11/09/2021" */
static void
completed_in_status(struct line *l, struct reading_row *h, enum reading_field f)
{
    struct str s = l->folded[l->s->at[f]];
    struct date_parts p;

    if (!date_find(s, &p) || p.before || p.range)
        return;
    h->completed_on = date_resolve(
        l, f, p, arena_dup(l->a, str_cut(s, p.from, p.to)), &h->found_on);
    line_doubt(l, f, "completed-in-status",
               N_("The day of completion was taken from the status: %s"),
               h->completed_on.raw);
}

static void
read_status(struct line *l, struct reading_row *h)
{
    static const enum reading_field sources[] = { RF_STATUS, RF_REMARK,
                                                  RF_MEASURES };

    for (size_t i = 0; i < N_OF(sources); i++) {
        struct str raw = line_text(l, sources[i]);
        struct str key = line_key(l, sources[i]);

        if (raw.n == 0 || (sources[i] != RF_STATUS && !tells_status(key)))
            continue;
        h->status = status_of(key);
        if (sources[i] != RF_STATUS && h->status == RS_NONE)
            continue;
        h->status_raw = raw;
        if (h->status == RS_RECTIFIED && h->completed_on.raw.n == 0)
            completed_in_status(l, h, sources[i]);
        if (h->status == RS_NONE)
            line_doubt(l, sources[i], "status-unknown",
                       N_("%s is no status that is known; choose one."), raw);
        return;
    }
    h->status_raw = line_text(l, RF_RESULT);
    if (h->completed_on.has_day) {
        h->status = RS_RECTIFIED;
        h->status_raw = h->completed_on.raw;
    }
}

/* "Ｃ级危房" in the text is a grade. */
static struct str
grade_in_text(struct line *l, struct str desc)
{
    struct str f = fold_text(l->a, desc);
    ptrdiff_t at = str_find(f, STR("级危房"));

    if (at < 1 || f.p[at - 1] < 'A' || f.p[at - 1] > 'D')
        return STR("");
    return str_cut(f, (size_t)at - 1, (size_t)at + 3);
}

static void
read_people(struct line *l, struct reading_row *h)
{
    struct str k = line_key(l, RF_RESPONSIBLE);

    h->responsible = line_text(l, RF_RESPONSIBLE);
    /* "Action for: Monitor" names a deed, not a person. */
    if (h->measures.n == 0 &&
        rt_is(k, "monitor|repair|replace|review|clean|check|fix|remove|"
                 "noaction|reportonly|tomonitor|report|order|tidy|observe")) {
        h->measures = h->responsible;
        h->responsible = STR("");
    }
}

/* What a remark says is a measure when there is no column for measures. */
static struct str
measures_of(struct line *l)
{
    struct str m = line_text(l, RF_MEASURES), k = line_key(l, RF_REMARK);

    if (m.n > 0 || l->s->at[RF_MEASURES] >= 0)
        return rt_trim_end(m);
    m = line_text(l, RF_REMARK);
    if (m.n == 0 || rt_starts(k, "合计|总计|共计|申请|另|附|见") ||
        !rt_has(k, "装|修|换|加固|粉刷|防水|清理|改造|拆除|增设|增加|整改|"
                   "清洗|疏通|补|更新|添置|购置|维护") ||
        status_of(k) != RS_NONE)
        return STR("");
    return rt_trim_end(m);
}

void
fields_read(struct line *l, struct reading_row *h)
{
    h->src.sheet = l->s->pub.name;
    h->src.sheet_no = l->s->pub.sheet_no;
    h->src.row = l->row->row;
    h->src.hidden = l->row->hidden;
    h->category = buf_str(&l->r->section);
    if (h->category.n == 0)
        h->category = line_text(l, RF_CATEGORY);
    if (h->category.n == 0)
        h->category = line_text(l, RF_CHECK_ITEM);
    if (h->category.n == 0)
        h->category = l->kind;
    h->category = rt_trim_end(h->category);
    h->grade_raw = line_text(l, RF_GRADE);
    h->grade = h->grade_raw.n > 0 ? grade_of(line_key(l, RF_GRADE)) : RG_NONE;
    /* Under 是否重大隐患 the answer is a word, not a grade. */
    if (rt_is(line_key(l, RF_GRADE), "是|√|否|×"))
        h->grade_raw = h->grade == RG_MAJOR ? STR("重大") : STR("一般");
    h->measures = measures_of(l);
    read_people(l, h);
    h->plan = line_text(l, RF_PLAN);
    read_funds(l, h);
    read_dates(l, h);
    read_status(l, h);
}

/* "…压力不足，已更换": the finding tells its own status. */
static void
status_in_text(struct line *l, struct reading_row *h, struct str item)
{
    static const char words[] =
        "removed for safety|fixed on the day|made safe|repaired on the day|"
        "rectified on site|当场整改|当场清理|现场已整改|已整改|已更换|"
        "已维修|已修复|已修好|已清理|已处理|已拆除|已加固|已清除|已疏通|"
        "已补齐|已报修|已上报|已联系|已停用|尚未整改|未整改";
    size_t n = 0;
    ptrdiff_t at = rt_find(item, words, &n);

    if (at < 0)
        return;
    h->status_raw = str_cut(item, (size_t)at, (size_t)at + n);
    h->status = rt_is(h->status_raw, "removed for safety|fixed on the day|"
                                     "made safe|repaired on the day|"
                                     "rectified on site")
                    ? RS_RECTIFIED
                    : status_of(h->status_raw);
    line_doubt(l, RF_DESCRIPTION, "status-in-text",
               N_("The status was taken from the finding itself: %s"),
               h->status_raw);
}

/* "... to be done by the council in April": who, and the words for when. */
static void
plan_in_text(struct line *l, struct reading_row *h, struct str item)
{
    size_t n = 0, end;
    ptrdiff_t at = rt_find(item,
                           "to be done|to be completed|to be repaired|"
                           "to be fixed|to be replaced|to be carried "
                           "out|will be done|will be repaired|"
                           "will be replaced|will be fixed",
                           &n);
    struct str rest, who = STR("");

    if (at < 0)
        return;
    rest = str_trim(str_cut(item, (size_t)at + n, item.n));
    at = rt_find(rest, "in |by end of |before |by the end of |during ", &n);
    if (rt_starts(rest, "by ") && at > 3)
        who = str_trim(str_cut(rest, 3, (size_t)at));
    if (at < 0 || month_find(str_cut(rest, (size_t)at + n, rest.n), &end) == 0)
        return;
    h->deadline.raw = str_cut(rest, (size_t)at, (size_t)at + n + end);
    if (h->responsible.n == 0 && who.n <= 40)
        h->responsible = who;
    line_doubt(l, RF_DESCRIPTION, "deadline-in-text",
               N_("The deadline was taken from the finding itself: %s"),
               h->deadline.raw);
}

void
fields_read_item(struct line *l, struct reading_row *h, struct str item)
{
    struct str title, text, grade;

    h->description = item;
    if (split_comment(item, &title, &text)) {
        h->category = title;
        h->description = text;
    }
    grade = grade_in_text(l, item);
    if (h->grade_raw.n == 0)
        h->grade_raw = grade;
    if (h->status == RS_NONE && line_text(l, RF_STATUS).n == 0)
        status_in_text(l, h, item);
    if (h->deadline.raw.n == 0)
        plan_in_text(l, h, item);
}
