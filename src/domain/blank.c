#include "domain/blank.h"
#include "domain/simple.h"

#define WRITE "add edit"

static const struct field fields[] = {
    FIELD(struct blank, 32, title, FK_LINE, N_("Title"), .max = 200,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = WRITE),
    FIELD(struct blank, 33, file, FK_FILES, N_("The blank (XLSX)"), .max = 1,
          .flags = F_REQUIRED | F_WORKBOOK, .by = WRITE,
          .hint = N_("The authority's own empty table; only values are "
                     "written into it")),
    FIELD(struct blank, 34, map, FK_LINE, N_("What its cells mean"),
          .max = 30000, .flags = F_APART, .by = "map"),
};

static const struct state states[] = SIMPLE_STATES;

static const struct step steps[] = {
    SIMPLE_STEPS(R_MANAGE, N_("Add a blank table")),
    { .verb = "map",
      .label = N_("Say what its cells mean"),
      .from = IN(SS_ACTIVE),
      .to = STAY,
      .roles = R_MANAGE,
      .flags = S_QUIET,
      .source = "B10" },
};

static const struct right rights[] = {
    { "read", R_MANAGE | R(INSPECTOR) | R(AUDITOR) | R(LOGISTICS) },
    { "export", R_MANAGE },
};

const struct ledger blank_ledger = {
    .name = "blank",
    .tag = 24,
    .title = N_("Blank tables"),
    .title_one = N_("Blank table"),
    .flags = L_SETUP,
    .under = "statistic",
    LEDGER_TABLES(struct blank, fields, states, steps, rights),
    .purpose = N_("Filling in the authority's own tables"),
    .keep = "keep.work",
    .list = "title org state",
    .filter = "org state",
};

/* ---- meanings ------------------------------------------------------------- */

static const char *const plain[] = {
    [BLANK_SCHOOL] = "school", [BLANK_NUMBER] = "no", [BLANK_UNIT] = "unit",
    [BLANK_PERIOD] = "period", [BLANK_DATE] = "date",
};
static const char grades[] = "gma";

void
blank_key(const struct meaning *m, char key[BLANK_KEY])
{
    const char *name = "";
    size_t n;

    if (m->kind >= BLANK_SCHOOL && m->kind <= BLANK_DATE)
        name = plain[m->kind];
    else if (m->kind == BLANK_RATE)
        name = "rate";
    else if (m->kind == BLANK_FIGURE)
        name = figures[m->figure].name;
    n = strlen(name);
    memcpy(key, name, n);
    if (m->kind == BLANK_RATE || m->kind == BLANK_FIGURE) {
        key[n++] = '_';
        key[n++] = grades[m->grade];
    }
    if (m->kind == BLANK_FIGURE && m->ten_thousand)
        key[n++] = 'w';
    key[n] = '\0';
}

size_t
blank_meanings(struct meaning out[BLANK_MEANINGS_MAX])
{
    size_t n = 0;

    for (int k = BLANK_SCHOOL; k <= BLANK_DATE; k++)
        out[n++].kind = (enum blank_kind)k;
    for (int g = 0; g < 3; g++)
        out[n++] = (struct meaning){ .kind = BLANK_RATE, .grade = g };
    for (int i = 0; i < N_FIGURES; i++)
        for (int g = 0; g < 3; g++)
            for (int w = 0; w <= !!(figures[i].flags & FG_MONEY); w++)
                out[n++] = (struct meaning){ BLANK_FIGURE, (enum figure_no)i, g,
                                             w != 0 };
    return n;
}

bool
blank_meaning(struct str key, struct meaning *out)
{
    struct meaning all[BLANK_MEANINGS_MAX] = { 0 };
    size_t n = blank_meanings(all);
    char one[BLANK_KEY];

    for (size_t i = 0; i < n; i++) {
        blank_key(&all[i], one);
        if (str_is(key, one)) {
            *out = all[i];
            return true;
        }
    }
    return false;
}

/* ---- guesses -------------------------------------------------------------- */

static bool
has_any(struct str s, const char *words)
{
    struct str rest = str_of(words), one;

    while (str_split(&rest, '|', &one))
        if (one.n > 0 && str_find(s, one) >= 0)
            return true;
    return false;
}

/* The first row that fits wins: what is more special stands first. */
static const struct {
    const char *words;
    enum blank_kind kind;
    enum figure_no figure;
} hints[] = {
    { "整改率|治理率|rate|%", BLANK_RATE, 0 },
    { "未到位|未落实资金|资金未落实|未落实经费|缺口|lacking|not yet there|"
      "shortfall",
      BLANK_FIGURE, FIG_lacking },
    /* one of the five implementations, whatever unit stands behind it */
    { "经费物资|资金物资|经费、物资|资金、物资|funds and materials",
      BLANK_FIGURE, FIG_five_funds },
    { "投入|支出|已用|使用资金|spent|invested", BLANK_FIGURE, FIG_spent },
    { "金额|万元|所需资金|amount|cost|money needed", BLANK_FIGURE, FIG_need },
    { "逾期|超期|overdue", BLANK_FIGURE, FIG_late },
    { "未整改|未完成|未销号|尚未|still open|outstanding|not rectified",
      BLANK_FIGURE, FIG_still_open },
    { "挂牌|listed|supervis", BLANK_FIGURE, FIG_listed },
    { "结转|上年|上期|上季|carried", BLANK_FIGURE, FIG_before },
    { "责任|机构人员|responsib|duty", BLANK_FIGURE, FIG_five_duty },
    { "预案|contingency|emergency", BLANK_FIGURE, FIG_five_plan },
    { "措施|目标任务|measure", BLANK_FIGURE, FIG_five_means },
    { "资金|经费|fund", BLANK_FIGURE, FIG_five_funds },
    { "时限|时间要求|期限|time limit|deadline", BLANK_FIGURE, FIG_five_time },
    { "列入|纳入|计划|planned", BLANK_NOTHING, 0 }, /* no figure is that */
    { "整改|销号|治理|完成|rectified|remedied|fixed|closed", BLANK_FIGURE,
      FIG_found_done },
    { "填报单位|填表单位|reporting unit|reported by", BLANK_UNIT, 0 },
    { "学校|单位|school|unit", BLANK_SCHOOL, 0 },
    { "序号|no.|serial|#", BLANK_NUMBER, 0 },
    { "填报日期|填表日期|日期|date", BLANK_DATE, 0 },
    { "排查|发现|隐患数|隐患|found|identified|hazards", BLANK_FIGURE,
      FIG_found },
    /* "found in the quarter" is what was found */
    { "期间|季度|年度|报表期|填报期|报告期|统计期|period|quarter", BLANK_PERIOD,
      0 },
};

bool
blank_is_part(struct str heading)
{
    return has_any(heading, "其中|of which|Of which|thereof");
}

/* "Quarterly return of hazards" asks for nothing: a label ends with a colon or
 * is short. */
bool
blank_is_title(struct str text)
{
    enum { LABEL = 8 };

    return !has_any(text, "：|:") && utf8_count(text) > LABEL &&
           has_any(text, "统计表|报表|汇总表|情况表|一览表|明细表|台账|"
                         "eturn of|eport|able of|tatistics");
}

/* "年  月  日" with nothing between but room for it. */
bool
blank_has_room(struct str text)
{
    static const char *const next[] = { "月", "日" };
    ptrdiff_t at = str_find(text, STR("年"));

    if (at < 0)
        return false;
    text = str_cut(text, (size_t)at + 3, text.n);
    for (size_t i = 0; i < N_OF(next); i++) {
        size_t to = 0, from = 0;
        int32_t c = ' ';

        while (to < text.n && (c == ' ' || c == '_' || c == 0x3000)) {
            from = to;
            c = utf8_next(text, &to);
        }
        if (!str_eq(str_cut(text, from, to), str_of(next[i])))
            return false;
        text = str_cut(text, to, text.n);
    }
    return true;
}

struct meaning
blank_guess(struct str heading)
{
    struct meaning m = { .kind = BLANK_NOTHING, .grade = 2 };
    char low[512];
    struct str s = { low, 0 };
    bool major, general;

    for (size_t i = 0; i < heading.n && s.n < sizeof(low); i++)
        low[s.n++] = heading.p[i] >= 'A' && heading.p[i] <= 'Z'
                         ? (char)(heading.p[i] | 32)
                         : heading.p[i];
    major = has_any(s, "重大|major");
    general = has_any(s, "一般|general");
    for (size_t i = 0; i < N_OF(hints); i++)
        if (has_any(s, hints[i].words)) {
            m.kind = hints[i].kind;
            m.figure = hints[i].figure;
            break;
        }
    if (major != general)
        m.grade = major;
    if (m.kind == BLANK_FIGURE && m.figure == FIG_listed && !general)
        m.grade = 1;
    m.ten_thousand = m.kind == BLANK_FIGURE &&
                     (figures[m.figure].flags & FG_MONEY) &&
                     has_any(s, "万元|10,000|10 000|ten thousand");
    return m;
}
