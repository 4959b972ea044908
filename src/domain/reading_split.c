#include "domain/reading_part.h"

/* The code point at *at in its folded form, when that is one ASCII byte. */
static char
ascii_at(struct str s, size_t *at)
{
    int32_t cp = utf8_next(s, at);
    char f[4];

    return cp >= 0 && fold_cp(cp, f) == 1 ? f[0] : '\0';
}

/* A number that opens an item: 1. 1、 1) (1) ① （1）.  Its length, and the
 * number; 0: none. */
static size_t
number_at(struct str s, size_t at, int64_t *no)
{
    size_t i = at, was = at;
    bool open;
    char c;

    if ((*no = fold_circled(utf8_next(s, &i))) > 0)
        return i - at;
    i = at;
    open = ascii_at(s, &i) == '(';
    if (!open)
        i = at;
    for (int digits = 0; digits < 3; digits++, was = i) {
        was = i;
        c = ascii_at(s, &i);
        if (!rt_digit(c))
            break;
        *no = *no * 10 + (c - '0');
    }
    i = was;
    if (*no == 0 || i >= s.n)
        return 0;
    c = ascii_at(s, &i);
    if (c == ')')
        return i - at;
    if (open)
        return 0;
    if (c == ':' || rt_starts(str_cut(s, was, s.n), "、"))
        return i - at;
    /* 1.5米 is no item. */
    return c == '.' && (i == s.n || !rt_digit(s.p[i])) ? i - at : 0;
}

struct str
cut_numbering(struct str s)
{
    int64_t no;
    size_t n;

    s = rt_trim(s);
    n = s.n > 0 ? number_at(s, 0, &no) : 0;
    return n > 0 ? rt_trim(str_cut(s, n, s.n)) : s;
}

/* An item number may stand at the start or after an end of a clause. */
static bool
may_open(struct str s, size_t at)
{
    struct str before = str_cut(s, 0, at);
    size_t i = at;

    if (at == 0 || fold_circled(utf8_next(s, &i)) > 0)
        return true;
    return rt_ends(before, "\n|\r|。|;|；|,|，|、|:|：| |.|　|)|）|!|！");
}

/* Items numbered 1, 2, 3 …: where each begins, and its text. */
static size_t
split_numbered(struct str s, struct str *out, size_t max)
{
    size_t n = 0, from = 0;
    int64_t want = 1;

    for (size_t at = 0; at < s.n && n < max;) {
        int64_t no;
        size_t len = may_open(s, at) ? number_at(s, at, &no) : 0;

        if (len > 0 && no == want && at + len < s.n) {
            if (want > 1)
                out[n++] = str_cut(s, from, at);
            from = at + len;
            want++;
            at = from;
        } else {
            utf8_next(s, &at);
        }
    }
    if (want <= 2 || n == max)
        return 0;
    out[n++] = str_cut(s, from, s.n);
    return n;
}

static size_t
keep_filled(struct str *out, size_t n)
{
    size_t keep = 0;

    for (size_t i = 0; i < n; i++) {
        struct str t, u;
        /* The number of a clause belongs to its title. */
        struct str s = rt_trim_end(
            split_comment(out[i], &t, &u) ? out[i] : cut_numbering(out[i]));

        while (rt_ends(s, "，|、|,") && s.n > 3)
            s = rt_trim_end(str_cut(s, 0, s.n - (s.p[s.n - 1] == ',' ? 1 : 3)));
        if (s.n > 0)
            out[keep++] = s;
    }
    return keep;
}

/* Cut at any of the words outside brackets. */
static size_t
split_at(struct str s, const char *words, struct str *out, size_t max)
{
    size_t n = 0, from = 0;
    int deep = 0;

    for (size_t at = 0; at < s.n;) {
        size_t was = at;
        struct str c;

        utf8_next(s, &at);
        c = str_cut(s, was, at);
        if (rt_is(c, "(|（|[|【|《|“"))
            deep++;
        else if (deep > 0 && rt_is(c, ")|）|]|】|》|”"))
            deep--;
        else if (deep == 0 && rt_is(c, words) && n + 1 < max) {
            out[n++] = str_cut(s, from, was);
            from = at;
        }
    }
    out[n++] = str_cut(s, from, s.n);
    return n;
}

static size_t
split_bars(struct str s, struct str *out, size_t max)
{
    size_t n = 0, from = 0;

    for (size_t at = 0; at + 3 <= s.n && n + 1 < max; at++) {
        if (memcmp(s.p + at, " | ", 3) != 0)
            continue;
        out[n++] = str_cut(s, from, at);
        from = at + 3;
    }
    out[n++] = str_cut(s, from, s.n);
    return n;
}

#define DEFECT                                                                                            \
    "破损|损坏|脱落|剥落|松动|松散|裂|漏|渗|锈|腐|朽|老化|堵|积水|私拉|乱|"     \
    "裸露|缺|失效|过期|倾斜|塌|隐患|异常|故障|风险|危险|违规|占用|堆放|破坏|" \
    "不|未|无|断|翘|起泡|隆起|死角|过长|过低|过高|变形|坏|掉"

/* 、 joins nouns far more often than findings: cut only where there are
 * three or more, and every one says what is wrong. */
static size_t
split_list(struct str s, struct str *out, size_t max)
{
    size_t n;

    if (rt_has(s, "，|,|。|；|;"))
        return 1;
    n = split_at(s, "、", out, max);
    if (n < 3)
        return 1;
    for (size_t i = 0; i < n; i++) {
        if (utf8_count(out[i]) < 4 || !rt_has(out[i], DEFECT))
            return 1;
    }
    return n;
}

static bool
shouting(struct str s)
{
    size_t lower = 0, upper = 0;

    for (size_t i = 0; i < s.n; i++) {
        lower += s.p[i] >= 'a' && s.p[i] <= 'z';
        upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
    }
    return upper > lower;
}

/* A sentence that says what to do about the one before it. */
static bool
goes_on(struct str s)
{
    return rt_starts(s, "Must|Instructed|Work |To be|Please|Repair|Replace|"
                        "Needs|Need |Should|Recommend|This|These|It |They|"
                        "Action|Contractor|Caretaker|Remove|Clean |Ensure|"
                        "Advise|Will |Has been|Have been|Also|Not |See ");
}

/* English sentences: "… loose. Several planks …". */
static size_t
split_sentences(struct str s, struct str *out, size_t max)
{
    size_t n = 0, from = 0;

    if (rt_has_cjk(s) || shouting(s))
        return 1;
    for (size_t at = 1; at + 3 < s.n && n + 1 < max; at++) {
        struct str next = str_cut(s, at + 2, s.n);

        if (memcmp(s.p + at, ". ", 2) != 0 || next.p[0] < 'A' ||
            next.p[0] > 'Z' || at - from < 12 || goes_on(next))
            continue;
        out[n++] = str_cut(s, from, at);
        from = at + 2;
    }
    out[n++] = str_cut(s, from, s.n);
    return n;
}

/* "PLAY AREA: a. B": the words before the first colon belong to every item;
 * cut them off the first. */
static void
cut_lead(struct str *first)
{
    ptrdiff_t at = str_find(*first, STR(": "));

    if (at > 0 && at < 40)
        *first = str_cut(*first, (size_t)at + 2, first->n);
}

/* ; in English joins halves of a sentence; only a capital opens anew. */
static bool
semicolons_part(struct str s)
{
    if (rt_has_cjk(s))
        return true;
    for (size_t i = 0; i + 2 < s.n; i++) {
        if (s.p[i] == ';' && s.p[i + 1] == ' ' &&
            (s.p[i + 2] < 'A' || s.p[i + 2] > 'Z'))
            return false;
    }
    return !shouting(s);
}

/* Lines are items unless one only runs on: it began in lower case, or the
 * one before had no end while this is short. */
static size_t
split_lines(struct str s, struct str *out, size_t max)
{
    size_t n = keep_filled(out, split_at(s, "\n|\r", out, max));

    for (size_t i = 1; i < n; i++) {
        if (!rt_has_cjk(out[i]) && out[i].p[0] >= 'a' && out[i].p[0] <= 'z')
            return 1;
    }
    return n;
}

size_t
split_hazards(struct str text, struct str *out, size_t max)
{
    struct str s = rt_trim(text), title, body;
    size_t n;

    if ((n = keep_filled(out, split_bars(s, out, max))) > 1)
        return n;
    if ((n = keep_filled(out, split_numbered(s, out, max))) > 1)
        return n;
    if ((n = split_lines(s, out, max)) > 1)
        return n;
    if (split_comment(s, &title, &body)) {
        out[0] = s;
        return 1;
    }
    s = cut_numbering(s);
    if (semicolons_part(s) &&
        (n = keep_filled(out, split_at(s, ";|；", out, max))) > 1)
        return n;
    if ((n = keep_filled(out, split_list(s, out, max))) > 1)
        return n;
    if ((n = split_sentences(s, out, max)) > 1) {
        cut_lead(&out[0]);
        return keep_filled(out, n);
    }
    out[0] = rt_trim_end(s);
    return 1;
}

/* A line that only runs on has no end of its own before the next. */
static bool
lines_end(const struct str *line, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        struct str s = rt_trim(line[i]);

        if (s.n > 0 && !rt_ends(s, "。|；|;|.|！|!|？|?"))
            return false;
    }
    return n > 1;
}

size_t
split_points(struct str text, struct str *out, size_t max)
{
    struct str s = rt_trim(text);
    size_t n;

    if ((n = keep_filled(out, split_numbered(s, out, max))) > 1)
        return n;
    n = split_at(s, "\n", out, max);
    if (lines_end(out, n) && (n = keep_filled(out, n)) > 1)
        return n;
    out[0] = cut_numbering(s);
    return 1;
}

size_t
split_schools(struct str text, struct str *out, size_t max)
{
    struct str s = rt_trim(text);
    size_t n = keep_filled(out, split_at(s, "、|,|，|;|；|\n|\r|/", out, max));

    for (size_t i = 0; n > 1 && i < n; i++) {
        if (!looks_like_school(out[i]))
            n = 0;
    }
    if (n > 1)
        return n;
    out[0] = rt_trim_end(s);
    return 1;
}

/* "河滨4#424", "3-502", "2栋301": a building with a room, nothing else. */
static bool
is_room(struct str s)
{
    size_t at = 0;
    int64_t no;

    while (at < s.n && !rt_digit(s.p[at]))
        at++;
    if (at > 18 || !rt_number(s, &at, &no))
        return false;
    if (at < s.n && (s.p[at] == '#' || s.p[at] == '-'))
        at++;
    else if (rt_starts(str_cut(s, at, s.n), "栋|幢|座|＃"))
        at += 3;
    else
        return false;
    if (!rt_number(s, &at, &no))
        return false;
    return at == s.n || rt_is(str_cut(s, at, s.n), "室|房|寝室|宿舍");
}

size_t
split_rooms(struct str text, struct str *out, size_t max)
{
    struct str s = rt_trim(text);
    size_t n = keep_filled(out, split_at(s, "、|,|，|;|；|\n|\r", out, max));

    for (size_t i = 0; n > 0 && i < n; i++) {
        if (!is_room(out[i]))
            n = 0;
    }
    if (n >= 1)
        return n;
    out[0] = rt_trim_end(s);
    return 1;
}

bool
split_comment(struct str item, struct str *title, struct str *text)
{
    static const char *const marks[] = { " - Comments:", " - Comment:",
                                         "; Comments:", " Comments:" };

    for (size_t i = 0; i < N_OF(marks); i++) {
        ptrdiff_t at = str_find(item, str_of(marks[i]));

        if (at <= 0)
            continue;
        *title = rt_trim(str_cut(item, 0, (size_t)at));
        *text = rt_trim(str_cut(item, (size_t)at + strlen(marks[i]), item.n));
        return text->n > 0;
    }
    return false;
}
