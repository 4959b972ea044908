#include "domain/reading_part.h"

/* From the cells of a data row to its hazards. */

struct items {
    struct str *p;
    size_t n;
};

/* What to write when only a tick or a verdict says that something is wrong. */
static struct str
described_by_item(struct line *l)
{
    struct str s = line_text(l, RF_REMARK);

    if (s.n == 0 || says_normal(line_key(l, RF_REMARK)))
        s = line_text(l, RF_CHECK_ITEM);
    if (s.n == 0)
        s = line_text(l, RF_CATEGORY);
    if (s.n > 0)
        line_doubt(l, RF_NO, "verdict-only",
                   N_("Only a mark says that this is not in order; the text "
                      "is what was checked: %s"),
                   s);
    return s;
}

/* "是否有裸露电线": yes is the bad answer. */
static bool
asks_for_wrong(struct str item_key)
{
    return rt_has(item_key, "有无|是否有|是否存在|有没有|存在") &&
           rt_has(item_key, "隐患|破损|裸露|损坏|松动|裂|堵|杂物|漏|私拉|"
                            "老化|缺陷|破|脱落|凸出|尖角|违规");
}

static bool
ticked(const struct line *l, enum reading_field f)
{
    struct str k = line_key(l, f);

    return k.n > 0 && !is_blank_mark(k) && !rt_is(k, "0|false|□|☐");
}

/* The description; false: this row reports nothing wrong. */
static bool
describe(struct line *l, struct str *desc)
{
    struct str k = line_key(l, RF_DESCRIPTION), mark = k;
    bool bad = ticked(l, RF_NO) && !ticked(l, RF_YES);
    int v = verdict_of(k);

    *desc = line_text(l, RF_DESCRIPTION);
    if (v == 0 && desc->n == 0) {
        mark = line_key(l, RF_RESULT);
        v = verdict_of(mark);
    }
    if (v != 0 && asks_for_wrong(line_key(l, RF_CHECK_ITEM)) &&
        rt_has(mark, "是|否|有|无|y|n|√|×"))
        v = -v;
    if (v < 0 || (desc->n == 0 && bad)) {
        *desc = described_by_item(l);
        return desc->n > 0;
    }
    if (v > 0 || desc->n == 0 || says_normal(k)) {
        if (v == 0 && utf8_count(*desc) > 8)
            line_doubt(l, RF_DESCRIPTION, "taken-as-normal",
                       N_("This was taken to say that nothing is wrong: %s"),
                       *desc);
        *desc = STR("");
        return false;
    }
    return true;
}

static bool
own_text(const struct line *l, enum reading_field f)
{
    int c = l->s->at[f];

    return c >= 0 && (size_t)c < l->n && l->own[c] && line_text(l, f).n > 0;
}

/* A hazard listed with its grade or deadline, but without a word on what it
 * is, is not dropped. */
static bool
listed_without_text(const struct line *l)
{
    struct str k = line_key(l, RF_DESCRIPTION);

    return k.n == 0 && (own_text(l, RF_SCHOOL) || own_text(l, RF_PLACE)) &&
           (own_text(l, RF_GRADE) || own_text(l, RF_DEADLINE) ||
            own_text(l, RF_FUNDS) || own_text(l, RF_RESPONSIBLE));
}

static struct items
cut(struct line *l, enum reading_field f, struct str text,
    size_t (*how)(struct str, struct str *, size_t))
{
    struct items i = { arena_new_array(l->a, struct str, ITEMS_MAX + 1), 1 };

    if (i.p == NULL)
        return (struct items){ NULL, 0 };
    i.p[0] = text;
    if (text.n == 0)
        return i;
    i.n = how(text, i.p, ITEMS_MAX);
    if (i.n == ITEMS_MAX)
        line_doubt(l, f, "too-many",
                   N_("This cell holds more items than are read; split it."),
                   STR(""));
    return i;
}

/* "1#420" after "河滨1#414": the building's name is said once. */
static struct str
with_prefix(struct line *l, struct str room)
{
    struct buf *b = &l->r->prefix;
    size_t n = 0;

    while (n < room.n && !rt_digit(room.p[n]))
        n++;
    if (n > 0) {
        buf_clear(b);
        buf_str_put(b, str_cut(room, 0, n));
        return room;
    }
    if (b->n == 0)
        return room;
    line_doubt(l, RF_PLACE, "prefix-carried",
               N_("The building's name was taken from the room before: %s"),
               room);
    return arena_printf(l->a, "%.*s%.*s", STR_ARG(buf_str(b)), STR_ARG(room));
}

static bool
is_coordinates(struct str k)
{
    if (k.n < 5 || k.p[0] != '(')
        return false;
    for (size_t i = 0; i < k.n; i++) {
        if (strchr("(),.-0123456789", k.p[i]) == NULL)
            return false;
    }
    return true;
}

static struct items
places_of(struct line *l)
{
    struct items i;

    if (is_coordinates(line_key(l, RF_PLACE)))
        return cut(l, RF_PLACE, STR(""), split_rooms);
    i = cut(l, RF_PLACE, line_text(l, RF_PLACE), split_rooms);
    for (size_t k = 0; k < i.n; k++) {
        struct str bare = i.p[k];

        if (i.n > 1 || str_find(bare, STR("#")) > 0)
            i.p[k] = with_prefix(l, bare);
    }
    return i;
}

static struct items
schools_of(struct line *l)
{
    struct str s = line_text(l, RF_SCHOOL);
    struct items i = cut(l, RF_SCHOOL, s, split_schools);

    if (i.n == 1 && s.n == 0) {
        if (l->r->section_school.n > 0)
            i.p[0] = buf_str(&l->r->section_school);
        else if (l->s->at[RF_SCHOOL] < 0)
            i.p[0] = l->s->pub.school;
    }
    return i;
}

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

/* What all hazards of a row have in common. */
static void
read_row_fields(struct line *l, struct reading_row *h)
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

static void
read_item(struct line *l, struct reading_row *h, struct str item)
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
}

/* Measures numbered like the hazards belong to them one by one. */
static struct items
measures_by_item(struct line *l, const struct reading_row *h, size_t n)
{
    struct items m = { NULL, 0 };

    if (n < 2 || h->measures.n == 0)
        return m;
    m = cut(l, RF_MEASURES, h->measures, split_hazards);
    if (m.n == n)
        return m;
    line_doubt(l, RF_MEASURES, "measures-shared",
               N_("The measures stand for all hazards of this row."), STR(""));
    return (struct items){ NULL, 0 };
}

struct product {
    struct items schools, places, hazards, measures;
};

static bool
give_product(struct line *l, const struct reading_row *common,
             const struct product *x)
{
    size_t of = x->schools.n * x->places.n * x->hazards.n;

    if (of > ITEMS_MAX)
        line_doubt(l, RF_DESCRIPTION, "too-many",
                   N_("This cell holds more items than are read; split it."),
                   STR(""));
    for (size_t i = 0; i < of && i < ITEMS_MAX; i++) {
        size_t k = i % x->hazards.n, rest = i / x->hazards.n;
        struct reading_row h = *common;

        h.src.item = (int)i + 1;
        h.src.of = (int)of;
        h.place = rt_trim_end(x->places.p[rest % x->places.n]);
        h.school = rt_trim_end(x->schools.p[rest / x->places.n]);
        if (x->measures.p != NULL)
            h.measures = x->measures.p[k];
        read_item(l, &h, x->hazards.p[k]);
        l->r->counts.hazards++;
        if (!l->r->opts.on_row(l->r->opts.ctx, &h)) {
            l->r->stopped = true;
            return false;
        }
    }
    return true;
}

/* The hazards of one column that says what is wrong. */
static bool
column_give(struct line *l)
{
    struct reading_row h = { .raw = l->text, .n_raw = l->n };
    struct product x;
    struct str desc;
    struct str *headings = arena_new_array(l->a, struct str, l->n + 1);

    if (!describe(l, &desc)) {
        if (!listed_without_text(l)) {
            l->r->counts.normal++;
            return true;
        }
        line_doubt(l, RF_DESCRIPTION, "description-missing",
                   N_("The row lists a hazard without saying what it is; "
                      "fill it in."),
                   STR(""));
    }
    for (size_t c = 0; c < l->n && headings != NULL; c++)
        headings[c] = l->s->columns[c].heading;
    h.headings = headings;
    read_row_fields(l, &h);
    x.schools = schools_of(l);
    x.places = places_of(l);
    x.hazards = cut(l, RF_DESCRIPTION, desc, split_hazards);
    if (arena_failed(l->a) || x.schools.n == 0 || x.places.n == 0 ||
        x.hazards.n == 0)
        return false;
    x.measures = measures_by_item(l, &h, x.hazards.n);
    if (l->row->hidden)
        line_doubt(l, RF_DESCRIPTION, "hidden-row",
                   N_("This row is hidden in the file; it is read all the "
                      "same."),
                   STR(""));
    return give_product(l, &h, &x);
}

/* "食品安全隐患" -> "食品安全": the kind, where each kind has its column. */
static struct str
kind_of_column(struct str heading)
{
    struct str s = cut_numbering(heading);

    if (rt_ends(s, "安全隐患|存在问题"))
        s.n -= 6;
    else if (rt_ends(s, "隐患|问题"))
        s.n -= 6;
    return s;
}

bool
hazards_give(struct line *l)
{
    struct sheet_state *s = l->s;
    int first = s->at[RF_DESCRIPTION];
    bool ok = true, several = false;

    for (size_t c = 0; first >= 0 && c < l->n; c++)
        several = several ||
                  (s->columns[c].field == RF_DESCRIPTION && (int)c != first);
    if (!several)
        return column_give(l);
    for (size_t c = 0; ok && c < l->n; c++) {
        if (s->columns[c].field != RF_DESCRIPTION)
            continue;
        s->at[RF_DESCRIPTION] = (int)c;
        l->kind = kind_of_column(s->columns[c].heading);
        ok = column_give(l);
    }
    s->at[RF_DESCRIPTION] = first;
    return ok;
}
