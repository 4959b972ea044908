/* The words of schools' own checklists: headings, tick boxes, how often. */
#include "domain/reading_checklist_part.h"

struct role_words {
    enum cl_role role;
    const char *is;  /* the whole heading, folded */
    const char *has; /* somewhere in it */
};

/* The first that fits: 标准分 are points before it is a standard, 检查内容及
 * 要求 names the items before it names what is required. */
static const struct role_words role_words[] = {
    { CR_NO,
      "序号|编号|序|号|no.|no|#|itemno.|itemno|number|s/n|sn|s.no.|nr|nr.",
      NULL },
    { CR_ANSWER,
      "是|否|有|无|√|×|合格|不合格|符合|不符合|正常|异常|yes|no|n/a|na|pass|"
      "fail|ok|notok|result|results|status|score|rating|compliant|"
      "noncompliant|non-compliant|satisfactory|unsatisfactory|checked|answer|"
      "findings|finding|observation|observations|实得分|备查",
      "□|☐|○有|○是|情况|结果|得分|扣分|自评|考评|是否合格|是否符合|是否达标|"
      "评价|打分|判定结论" },
    { CR_OTHER,
      "by|date|signature|action|notes|note|photo|photos|due|by whom|method",
      "备注|整改|措施|负责|责任|签字|签名|日期|时间|检查人|照片|图片|描述|"
      "频次|频率|周期|方法|方式|comment|remark|correctiveaction|responsible|"
      "frequency|actiontaken|duedate|inspectedby|recommendation" },
    { CR_WEIGHT, "points|weight|maxscore|maximumscore|maxpoints|分",
      "分值|标准分|满分|权重|应得分|分数" },
    { CR_CODE,
      "code|codes|clause|reference|references|regulation|regulations|legalbasis",
      "依据|条款|法规|codereference|standardreference|codesection|citation|"
      "referencedocument" },
    { CR_ITEM,
      "item|items|checkitem|checklistitem|inspectionitem|question|questions|"
      "description|whattocheck|checkpoint|checkpoints|check|checks|task|tasks|"
      "whatislookedat|itemtocheck|itemstocheck|inspectionpoint|事项|细则",
      "内容|要点|检查点|细目|检查事项|排查事项|考核指标|三级指标" },
    { CR_EITHER, NULL, "项目" },
    { CR_STANDARD,
      "criteria|criterion|acceptancecriteria|expected|inorderwhen|acceptable",
      "标准|要求|规范|standard|requirement" },
    { CR_SECTION,
      "area|category|section|location|zone|group|topic|place|subject|domain|"
      "类|大项|系统",
      "部位|区域|场所|类别|类型|分类|地点|位置|指标|模块|方面|环节" },
};

enum cl_role
cl_role_of(struct arena *a, struct str heading, bool *tick_box)
{
    struct str key = fold_key(a, heading);

    *tick_box = false;
    if (key.n == 0 || utf8_count(key) > (rt_has_cjk(key) ? 24u : 60u) ||
        rt_ends(key, ":"))
        return CR_NONE;
    if (rt_has(key, "□|☐")) {
        *tick_box = true;
        return CR_ANSWER;
    }
    for (size_t i = 0; i < N_OF(role_words); i++) {
        const struct role_words *w = &role_words[i];

        if ((w->is != NULL && rt_is(key, w->is)) ||
            (w->has != NULL && rt_has(key, w->has)))
            return w->role;
    }
    return CR_NONE;
}

struct str
cl_frequency(struct arena *a, struct str title, struct str *words)
{
    /* clang-format off */
    static const struct { const char *words, *key; } known[] = {
        { "每餐|each meal|every meal", "meal" },
        { "每日|每天|日常|日检|日查|daily", "daily" },
        { "每周|周检|周查|weekly", "weekly" },
        { "每月|月度|月检|月查|monthly", "monthly" },
        { "每季度|每季|季度|quarterly", "quarter" },
        { "每学期|学期|开学|termly|each term|semester", "semester" },
    };
    /* clang-format on */
    char *low = arena_dupz(a, fold_text(a, title));
    struct str s = str_of(low);

    for (size_t i = 0; i < s.n; i++)
        if (low[i] >= 'A' && low[i] <= 'Z')
            low[i] = (char)(low[i] - 'A' + 'a');
    for (size_t i = 0; i < N_OF(known); i++) {
        size_t n = 0;
        ptrdiff_t at = rt_find(s, known[i].words, &n);

        if (at < 0)
            continue;
        *words = str_cut(s, (size_t)at, (size_t)at + n);
        return str_of(known[i].key);
    }
    return STR("");
}

/* The length of a box to tick at s[at]: 0, none. */
static size_t
box_at(struct str s, size_t at)
{
    struct str rest = str_cut(s, at, s.n);

    if (rt_starts(rest, "□|☐|○|◯|☑|■|〇"))
        return 3;
    if (rt_starts(rest, "[ ]|( )"))
        return 3;
    return rt_starts(rest, "[]|()") ? 2 : 0;
}

/* Whether an answer says that all is well (1), that it is not (-1), that it
 * does not apply (2), or nothing by itself (0): 有, 无, 是 and 否 depend on
 * how the question was put. */
static int
answer_says(struct arena *a, struct str answer)
{
    struct str k = fold_key(a, answer);

    if (rt_is(k, "不适用|不涉及|无此项|n/a|na|notapplicable"))
        return 2;
    if (rt_is(k, "是|否|有|无|yes|no|y|n"))
        return 0;
    return verdict_of(k);
}

static size_t
boxes_split(struct str s, struct str *out, size_t max)
{
    size_t n = 0, from = 0;
    bool open = false;

    for (size_t at = 0; at < s.n;) {
        size_t box = box_at(s, at);

        if (box == 0) {
            utf8_next(s, &at);
            continue;
        }
        if (open && n < max)
            out[n++] = rt_trim(str_cut(s, from, at));
        at += box;
        from = at;
        open = true;
    }
    if (open && n < max)
        out[n++] = rt_trim(str_cut(s, from, s.n));
    return n;
}

struct str
cl_boxes(struct arena *a, struct str s, bool *pass, bool *marked)
{
    struct str label[CHECK_CHOICES_MAX];
    size_t n = boxes_split(s, label, N_OF(label)), good = 0, bad = 0, na = 0;
    BUF(b, 2000);

    *pass = *marked = false;
    for (size_t i = 0; i < n; i++) {
        int says = answer_says(a, label[i]);

        if (label[i].n == 0)
            return STR("");
        if (b.n > 0)
            buf_putc(&b, ';');
        for (size_t k = 0; k < label[i].n; k++)
            buf_putc(&b, strchr(";!\n", label[i].p[k]) ? ' ' : label[i].p[k]);
        if (says < 0)
            buf_putc(&b, '!');
        good += says == 1;
        bad += says < 0;
        na += says == 2;
    }
    if (n < CHECK_CHOICES_MIN || b.over)
        return STR("");
    *pass = good == 1 && bad == 1 && good + bad + na == n;
    *marked = bad > 0;
    return arena_dup(a, buf_str(&b));
}

bool
cl_is_footer(struct arena *a, struct str text)
{
    struct str k = fold_key(a, text);

    if (rt_is(k, "合计|总计|小计|共计|总分|total|subtotal|grandtotal"))
        return true;
    if (rt_starts(k, "注:|备注:|说明:|填表说明|*|※|note:|notes:|"
                     "附:|(盖章)"))
        return true;
    /* "校长是否…" is an item, "校长签字:" is not. */
    return is_footer(k) && rt_has(k, ":|签字|签名|签章|盖章|signature|signed");
}
