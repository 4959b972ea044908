#include "domain/reading_part.h"

/* What says that something is wrong; 无 or 没有 before it says all is well. */
#define WRONG                                                                                            \
    "破损|损坏|脱落|剥落|松动|松散|裂|漏|渗|锈|腐|朽|老化|堵|积水|杂物|私拉|" \
    "乱|裸露|缺|失效|过期|倾斜|坍塌|塌|隐患|异常|问题|故障|风险|危险|违规|"   \
    "占用|堆放|超标|变质|异味|霉|破|坏|断|翘|起泡|隆起|不良|盲区|死角|"         \
    "过长|过低|过高|不足|不全|不严|不到位|不规范|不合格|不符|不达标|"          \
    "不清|不当|不牢|不稳|不亮|不灵|不畅|摔|坠|绊|开焊|松|歪|掉|露|凹凸|"        \
    "尖角|遮挡|闲置|未|违反|烂|残|灭失|锁闭|上锁|威胁|危|影响|妨碍|无法|"      \
    "难以|脏|臭|滑|陡|堆|占|挡|秃|凸|凹|钉|鼠|蝇|蟑|噪|暗|旧|超期|超员"

#define GOOD                                                                                             \
    "正常|良好|完好|坚固|牢固|稳固|稳定|规范|合格|达标|齐全|整洁|干净|清洁|" \
    "畅通|通畅|有效|到位|安全|符合|健全|完善|完整|清晰|明亮|已落实|无误|"     \
    "整齐|灵敏|可靠|及时|优|达到要求"

#define NO_FINDING                                                                                        \
    "未发现|未见|没有发现|没发现|无发现|未查出|未排查出|未检查出|没有隐患|" \
    "没有问题|没有异常|不存在"

bool
has_defect(struct str key)
{
    return rt_has(key, WRONG "|不|无");
}

static bool
is_negated(struct str clause)
{
    /* 不, 未 and their like, but for the words that say all is well. */
    return rt_has(clause, "不|未|欠|缺|没|待|需|应|建议|较差|差");
}

/* What is well to be without. */
#define BAD_THING                                                                                        \
    "隐患|异常|问题|破损|损坏|脱落|剥落|松动|裂|漏|渗|锈|积水|杂物|私拉|"      \
    "乱|堵|裸露|故障|过期|倾斜|违规|占用|堆放|变质|异味|霉|死角|蚊|蝇|鼠|蟑|" \
    "油污|油垢|灰尘|缺失|缺损|残渣|老化|腐|危险|变形|阻挡|遮挡|变化|事故|"    \
    "明火|易燃|变动|不符合|不合格|超"

/* "无隐患", "地面无积水", but not "无门卫" nor "无防蝇门帘". */
static bool
lacks_wrong(struct str clause)
{
    size_t n = 0;
    ptrdiff_t at = rt_find(clause, "没有|无", &n);
    struct str after;

    if (at < 0)
        return false;
    after = str_cut(clause, (size_t)at + n, clause.n);
    if (rt_starts(after, "防|挡|灭|除|驱|捕|避|遮|护|警示|人|专人|消") ||
        rt_ends(after, "板|帘|网|罩|器|灯|设施|设备|装置|措施|标志|标识|"
                       "记录|制度|台账|预案|栏|门|锁|证|图|人员|警示|柜|箱"))
        return false;
    return rt_has(str_cut(after, 0, 24), BAD_THING);
}

/* English: "no defects found", "all lights are ok". */
static bool
clause_is_fine(struct str c)
{
    if (rt_has(c, "except|but|however|apartfrom"))
        return false;
    if (rt_has(c, "noissue|nodefect|nohazard|nofinding|noviolation|"
                  "noconcern|noproblem|nodeficienc|nodamage|nofault|"
                  "nothingtoreport|noactionrequired|noactionneeded|"
                  "nofurtheraction|nonefound|noneidentified"))
        return true;
    if (rt_has(c, "not|need|must|should|broken|damage|missing|leak|repair|"
                  "replace|crack|loose|unsat|insuff"))
        return false;
    return rt_has(c, "areok|isok|allok|okatthemoment|ingoodcondition|"
                     "ingoodorder|ingoodrepair|workingproperly|"
                     "workingcorrectly|allclear|insatisfactorycondition|"
                     "infullworkingorder") ||
           rt_ends(c, "yearcontract|contractinplace|monthcontract");
}

static bool
clause_is_normal(struct str c)
{
    c = rt_trim_end(cut_numbering(c));
    if (c.n == 0)
        return true;
    if (rt_is(
            c,
            "无|无隐患|无问题|无异常|无安全隐患|没有|没有问题|暂无|暂无隐患|"
            "正常|良好|完好|合格|符合|符合要求|达标|安全|好|较好|一切正常|"
            "√|✓|✔|☑|是|有|/|-|—|--|ok|none|nil|n/a|na|no|yes|y|"
            "good|fine|clear|satisfactory|compliant|acceptable|pass|"
            "passed|noissues|noissue|nodefects|nohazards|nofindings|"
            "noviolations|noconcerns|noproblems|allok|allgood|allclear|"
            "nothingtoreport|noactionrequired|incompliance|normal|"
            "inorder|ingoodorder|noneobserved|nonefound|nonenoted|allsatisfactory|allingoodorder|不适用|"
            "未涉及|零隐患|零报告"))
        return true;
    if (rt_has_cjk(c)) {
        if (rt_has(c, NO_FINDING))
            return !rt_has(c, "但|除");
        if (rt_starts(c, "无|没有"))
            return lacks_wrong(c);
        if (rt_has(c, "无|没有") && lacks_wrong(c))
            return true;
        return rt_has(c, GOOD) && !is_negated(c) && !rt_has(c, WRONG) &&
               !rt_has(c, "加强|进一步|须");
    }
    return clause_is_fine(c);
}

bool
says_normal(struct str key)
{
    struct str piece;
    size_t from = 0;

    if (key.n == 0)
        return true;
    /* 正常, then clauses that say the same in other words. */
    for (size_t at = 0; at <= key.n;) {
        size_t was = at;
        bool end = at == key.n, cut;

        if (!end)
            utf8_next(key, &at);
        cut = end || rt_is(str_cut(key, was, at), ",|;|。|.|!");
        if (cut && !end && key.p[was] == '.' && was > 0 &&
            rt_digit(key.p[was - 1]))
            cut = false;
        if (!cut)
            continue;
        piece = str_cut(key, from, was);
        /* Two lines of one cell came together: 正常。正常。 */
        if (!clause_is_normal(piece))
            return false;
        if (end)
            return true;
        from = at;
    }
    return true;
}

/* "☑有□无": the words after the mark that is filled. */
static struct str
ticked_option(struct str k)
{
    size_t n = 0;
    ptrdiff_t at = rt_find(k, "☑|■|☒|▣|◼", &n), end;
    struct str s;

    if (at < 0)
        at = rt_has(k, "□|☐|○") ? rt_find(k, "√|✓|✔", &n) : -1;
    if (at < 0)
        return k;
    s = str_cut(k, (size_t)at + n, k.n);
    end = rt_find(s, "□|☐|○", NULL);
    /* The mark may also stand behind its word: 有√ 无□. */
    if (end == 0 || s.n == 0)
        return str_cut(k, 0, (size_t)at);
    return end > 0 ? str_cut(s, 0, (size_t)end) : s;
}

int
verdict_of(struct str k)
{
    k = ticked_option(k);
    if (rt_is(k, "√|✓|✔|☑|是|合格|符合|正常|达标|良好|y|yes|pass|passed|ok|"
                 "true|1|满意|已落实|落实|good|satisfactory|x是|compliant"))
        return 1;
    if (rt_is(k, "×|✗|✘|否|不合格|不符合|异常|不达标|n|no|fail|failed|false|"
                 "不满意|未落实|较差|差|poor|unsatisfactory|x|non-compliant|"
                 "noncompliant|基本合格|基本符合|有隐患|存在隐患|有问题"))
        return -1;
    return 0;
}

bool
is_ditto(struct str k)
{
    return rt_is(k, "同上|〃|\"|''|″|″″|同前|上同|,,|ditto|do.|\"\"|..|同左上|"
                    "如上|同上行|asabove|sameasabove|same|々|ˮ|˝|、、");
}

bool
is_blank_mark(struct str k)
{
    return rt_is(k, "/|-|—|--|——|\\|无|n/a|na|none|nil|.|暂无|null|*|#n/a|、|"
                    "----|___|____|□有□无|□是□否|□合格□不合格|□");
}

enum reading_grade
grade_of(struct str k)
{
    if (rt_has(k, "非重大|一般|较小|轻微|低|普通|minor|low|general|medium|"
                  "moderate|中|不是|否|×"))
        return RG_GENERAL;
    if (rt_has(k, "重大|特别|严重|major|critical|high|severe|serious|是|√"))
        return RG_MAJOR;
    return RG_NONE;
}

/* 90% and its like: 100 and more is done. */
static int
per_cent(struct str k)
{
    size_t at = 0;
    int64_t v;

    if (!rt_number(k, &at, &v))
        return -1;
    if (at < k.n && k.p[at] == '.')
        for (at++; at < k.n && rt_digit(k.p[at]); at++)
            ;
    return at + 1 == k.n && k.p[at] == '%' && v <= 1000 ? (int)v : -1;
}

static enum reading_status
status_english(struct str k)
{
    if (rt_has(k, "notfixed|notdone|notcorrected|notrectified|notstarted|"
                  "notcompleted|notcomplete|incomplete|notyet|outstanding|"
                  "pending|unresolved|uncorrected|notaddressed|overdue|"
                  "notresolved|notclosed|reopened") ||
        rt_is(k, "open|new|todo|no|n"))
        return RS_OPEN;
    if (rt_starts(k, "no-|no,|no("))
        return RS_OPEN;
    if (rt_starts(k, "yes"))
        return RS_RECTIFIED;
    if (rt_has(k, "noaction|notrequired|notapplicable|noworkneeded|"
                  "riskaccepted"))
        return RS_NO_ACTION;
    if (rt_has(k, "inprogress|ongoing|underway|partial|ordered|scheduled|"
                  "workorder|awaiting|reportedto|planned|started|requested|"
                  "inhand|booked|monitoring|onorder"))
        return RS_IN_PROGRESS;
    if (rt_has(k, "complete|closed|rectified|resolved|corrected|repaired|"
                  "replaced|removed|fixed|cleared|abated|remedied|cleaned") ||
        rt_is(k, "done|yes|y|c"))
        return RS_RECTIFIED;
    return RS_NONE;
}

/* 已… is done, unless what was done only prepares the rectification. */
#define ONLY_PREPARED                                                                                      \
    "已报修|已上报|已联系|已下达|已通知|已责令|已列入|已申请|已安排|已要求|" \
    "已督促|已派|已采购|已订购|已购买|已报告|已警示|已设置警|已围|已停用|"    \
    "已封闭|已提醒|已停止|已纳入|已制定|已制订|已向|已委托|已立项|已招标|"    \
    "已落实责任|已与|已开始|已着手|已动工|已进场|已报|已登记|已告知|已请示|" \
    "已口头|已约谈|已签|已协调|已对接|已反映|已部分|已函告|已移交"

static enum reading_status
status_chinese(struct str k)
{
    if (rt_has(k, "无需|无须|不需|不用整改|不必|属正常|不影响使用|不予整改|"
                  "非隐患") ||
        (rt_starts(k, "等|确认") && rt_has(k, "即可")) ||
        (rt_has(k, ",等") && rt_has(k, "即可")))
        return RS_NO_ACTION;
    if (rt_has(k, "已整改|已完成|已全部|已修复|已更换|已消除|已销号|已处理|"
                  "已解决|已维修|整改完毕|整改到位") &&
        !rt_has(k, "部分|未|正在|应|确保|需|拟|将"))
        return RS_RECTIFIED;
    if (rt_has(k, "部分|正在|整改中|进行中|维修中|施工中|处理中|办理中|推进|"
                  "限期|隐患还在|隐患仍在|仍存在|逐步|陆续|抓紧|跟进|正申请|"
                  "采购中|招标中|落实中|实施中|持续") ||
        rt_has(k, ONLY_PREPARED))
        return RS_IN_PROGRESS;
    if (rt_has(k, "未整改|未完成|未落实|未修|未处理|未解决|未消除|未销号|尚未|"
                  "没有整改|还没|未办|未闭环|未更换|未到位|未动|未开始|未启动|"
                  "未清|不到位|不彻底|待整改|待维修|待处理|待解决|无法整改"))
        return RS_OPEN;
    if (rt_has(k, "拟|计划|准备|待|定于|将于|下一步|力争|预计"))
        return RS_IN_PROGRESS;
    if (rt_has(k, "已|完成|整改到位|销号|消除|当场|现场整改|修复|完毕|办结|"
                  "闭环|落实到位|整改合格|验收合格|整改好|修好|处理好|立行立改|"
                  "立改"))
        return rt_has(k, "立即整改|应") ? RS_NONE : RS_RECTIFIED;
    return RS_NONE;
}

enum reading_status
status_of(struct str k)
{
    int pc = per_cent(k);

    if (pc >= 0)
        return pc >= 100 ? RS_RECTIFIED : pc == 0 ? RS_OPEN : RS_IN_PROGRESS;
    if (rt_is(k, "√|✓|✔|☑|是|已|合格|通过|达标|完成|办结|销号|闭环|完毕|到位"))
        return RS_RECTIFIED;
    if (rt_is(k, "×|✗|✘|否|未|不合格|未通过|x"))
        return RS_OPEN;
    return rt_has_cjk(k) ? status_chinese(k) : status_english(k);
}
