#include "domain/reading_part.h"

/* Without what stands in brackets, and without * : at either end. */
static struct str
bare_key(struct arena *a, struct str key)
{
    char *out = arena_alloc(a, key.n + 1);
    size_t n = 0, deep = 0;

    if (out == NULL)
        return STR("");
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];

        if (c == '(' || c == '[')
            deep++;
        else if ((c == ')' || c == ']') && deep > 0)
            deep--;
        else if (deep == 0 && c != '*' && c != ':')
            out[n++] = c;
    }
    return (struct str){ out, n };
}

/* A heading is short: 24 characters with Chinese, 60 without. */
static bool
short_enough(struct str s)
{
    return utf8_count(s) <= (rt_has_cjk(s) ? 24 : 60);
}

static const struct heading_word *
heading_of(struct arena *a, struct str text)
{
    struct str key = fold_key(a, text), bare = bare_key(a, key);
    const struct heading_word *x, *y;

    /* "填报单位:" belongs to a note above the table. */
    if (key.n == 0 || !short_enough(key) || str_find(key, STR(":")) >= 0)
        return NULL;
    x = heading_find(key);
    y = bare.n > 0 ? heading_find(bare) : NULL;
    return x == NULL || (y != NULL && y->rank > x->rank) ? y : x;
}

struct score {
    double points;
    size_t filled, known;
    bool describes;
};

static double
points_of(const struct heading_word *h)
{
    switch (h->field) {
    case RF_DESCRIPTION:
        return h->rank >= 3 ? 3 : 1;
    case RF_RESULT:
        return 2.5;
    case RF_CHECK_ITEM:
        return 1.5;
    case RF_YES:
    case RF_NO:
    case RF_IGNORE:
        return 0.5;
    default:
        return 1;
    }
}

static struct score
score_row(struct arena *a, const struct kept_row *k)
{
    struct score s = { 0 };
    bool seen[RF__MAX] = { false };

    for (size_t i = 0; i < k->n; i++) {
        const struct heading_word *h;

        if (k->text[i].n == 0 || k->covered[i] == 1)
            continue;
        s.filled++;
        if ((h = heading_of(a, k->text[i])) == NULL) {
            s.points -= 0.25;
            continue;
        }
        s.known++;
        if (h->field == RF_DESCRIPTION || h->field == RF_RESULT ||
            h->field == RF_CHECK_ITEM || h->field == RF_REMARK ||
            h->field == RF_MEASURES)
            s.describes = true;
        if (!seen[h->field] || h->field == RF_IGNORE)
            s.points += points_of(h);
        seen[h->field] = true;
    }
    return s;
}

static bool
is_heading(const struct score *s)
{
    return s->describes && s->filled >= 2 && s->known >= 2 &&
           s->known * 5 >= s->filled * 2 && s->points >= 2;
}

/* The first row that is about as good a heading as the best; -1: none. */
static ptrdiff_t
find_heading(struct sheet_state *s)
{
    struct score score[HEAD_ROWS];
    double best = 0;
    ptrdiff_t single = -1;

    for (size_t i = 0; i < s->n_head; i++) {
        struct score c = score[i] = score_row(s->a, &s->head[i]);

        if (is_heading(&c) && c.points > best)
            best = c.points;
        if (single < 0 && c.filled == 1 && c.known == 1 && c.points >= 3 &&
            i + 1 < s->n_head)
            single = (ptrdiff_t)i;
    }
    if (best == 0)
        return single;
    for (size_t i = 0; i < s->n_head; i++) {
        if (is_heading(&score[i]) && score[i].points >= 0.8 * best)
            return (ptrdiff_t)i;
    }
    return -1;
}

/* Whether two rows of a heading hang together: the lower one has a word
 * where the upper is empty or spans, and repeats nothing. */
static bool
is_second_row(struct sheet_state *s, const struct kept_row *up,
              const struct kept_row *low)
{
    size_t known = 0, filled = 0, fills_gap = 0;

    for (size_t i = 0; i < low->n; i++) {
        const struct heading_word *h;
        bool gap = i >= up->n || up->text[i].n == 0 || up->covered[i] == 1;

        if (low->text[i].n == 0 || low->covered[i] != 0)
            continue;
        if (!gap && str_eq(low->text[i], up->text[i]))
            return false;
        h = heading_of(s->a, low->text[i]);
        filled++;
        fills_gap += gap;
        /* 是 and 否 also stand in rows of data. */
        known +=
            h != NULL && (gap || (h->field != RF_YES && h->field != RF_NO));
    }
    return known >= 2 && fills_gap >= 1 && known * 5 >= filled * 3;
}

static struct str
parent_text(const struct kept_row *up, size_t c)
{
    size_t i = c;

    if (c >= up->n && up->n > 0)
        i = up->n - 1;
    else if (up->n == 0)
        return STR("");
    /* Without merges (CSV) a heading spans the blanks to its right. */
    while (i > 0 && up->text[i].n == 0)
        i--;
    return up->text[i];
}

static struct str
column_text(struct sheet_state *s, ptrdiff_t first, ptrdiff_t last, size_t c,
            const struct heading_word **word)
{
    struct str own = STR("");

    *word = NULL;
    for (ptrdiff_t i = last; i >= first; i--) {
        const struct kept_row *k = &s->head[i];
        struct str t = c < k->n ? k->text[c] : STR("");
        const struct heading_word *h;
        struct str both;

        if (t.n == 0 && own.n > 0)
            t = parent_text(k, c);
        if (t.n == 0 || str_eq(t, own))
            continue;
        both = own.n > 0
                   ? arena_printf(s->a, "%.*s / %.*s", STR_ARG(t), STR_ARG(own))
                   : t;
        h = heading_of(
            s->a, own.n > 0 && *word == NULL
                      ? arena_printf(s->a, "%.*s%.*s", STR_ARG(t), STR_ARG(own))
                      : t);
        /* The lower word is nearer; a weak one yields to both together. */
        if (*word == NULL || ((*word)->rank <= 2 && h != NULL))
            *word = h;
        own = both;
    }
    return own;
}

/* 校舍安全隐患 beside 消防安全隐患, 问题1 beside 问题2: both say what is
 * wrong. */
static bool
is_one_of_several(struct sheet_state *s, size_t c, enum reading_field f)
{
    struct str key = fold_key(s->a, s->columns[c].heading);
    size_t n = key.n;

    while (key.n > 0 && rt_digit(key.p[key.n - 1]))
        key.n--;
    return f == RF_DESCRIPTION && (rt_ends(key, "隐患|问题") || key.n < n);
}

/* Give each single field to its best column, and the loser its second use. */
static void
settle(struct sheet_state *s, const struct heading_word **word)
{
    for (size_t c = 0; c < s->pub.n_columns; c++) {
        enum reading_field f = word[c] != NULL ? word[c]->field : RF_NONE;

        for (size_t d = 0; d < s->pub.n_columns && f != RF_NONE; d++) {
            bool better;

            if (d == c || word[d] == NULL || word[d]->field != f ||
                f == RF_IGNORE)
                continue;
            better = word[d]->rank > word[c]->rank ||
                     (word[d]->rank == word[c]->rank && d < c);
            if (better && !(word[c] == word[d] && is_one_of_several(s, c, f)))
                f = word[c]->alt;
        }
        s->columns[c].field = f;
    }
}

static bool
has(const struct sheet_state *s, enum reading_field f)
{
    return s->at[f] >= 0;
}

static void
rename_field(struct sheet_state *s, enum reading_field from,
             enum reading_field to)
{
    s->columns[s->at[from]].field = to;
    columns_index(s);
}

void
columns_index(struct sheet_state *s)
{
    for (size_t f = 0; f < RF__MAX; f++)
        s->at[f] = -1;
    for (size_t c = s->pub.n_columns; c-- > 0;)
        s->at[s->columns[c].field] = (int)c;
    s->at[RF_NONE] = -1;
    s->unit =
        s->at[RF_FUNDS] < 0
            ? 0
            : money_unit(fold_key(s->a, s->columns[s->at[RF_FUNDS]].heading));
}

static bool
is_number(struct str key)
{
    size_t at = 0;
    int64_t v;

    return rt_number(key, &at, &v) && at + 1 >= key.n;
}

static bool
is_grade(struct str key)
{
    return rt_is(key, "一般|重大|较大|一般隐患|重大隐患|较大隐患|特别重大");
}

/* "Item" above 1, 2, 3 is a running number, 隐患类型 above 一般 a grade: true
 * when all cells of the kept rows are so. */
static bool
all_are(struct sheet_state *s, size_t c, bool (*so)(struct str))
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_head; i++) {
        const struct kept_row *k = &s->head[i];

        if (k->row <= s->pub.heading_last || c >= k->n || k->text[c].n == 0 ||
            k->covered[c] != 0)
            continue;
        if (!so(fold_key(s->a, k->text[c])))
            return false;
        n++;
    }
    return n > 0;
}

/* In a risk assessment 风险 or Risk heads what may go wrong. */
static bool
take_risk_column(struct sheet_state *s)
{
    for (size_t c = 0; c < s->pub.n_columns; c++) {
        if (!rt_is(fold_key(s->a, s->columns[c].heading),
                   "risk|risks|risk/hazard|风险|风险内容"))
            continue;
        s->columns[c].field = RF_DESCRIPTION;
        columns_index(s);
        return true;
    }
    return false;
}

static bool
says_what_to_do(const struct sheet_state *s)
{
    return has(s, RF_MEASURES) || has(s, RF_DEADLINE) || has(s, RF_RESPONSIBLE);
}

/* Which column says what is wrong, when none does so by its name. */
static void
find_description(struct sheet_state *s)
{
    bool ticks = has(s, RF_NO), items = has(s, RF_CHECK_ITEM);

    if (has(s, RF_DESCRIPTION) || take_risk_column(s))
        return;
    if (has(s, RF_RESULT))
        rename_field(s, RF_RESULT, RF_DESCRIPTION);
    else if (items && has(s, RF_REMARK))
        rename_field(s, RF_REMARK, RF_DESCRIPTION);
    else if (items && has(s, RF_STATUS))
        rename_field(s, RF_STATUS, RF_DESCRIPTION);
    else if (ticks)
        return; /* what was checked and a tick say it */
    else if (items && says_what_to_do(s))
        rename_field(s, RF_CHECK_ITEM, RF_DESCRIPTION);
    else if (!items && has(s, RF_REMARK))
        rename_field(s, RF_REMARK, RF_DESCRIPTION);
}

/* 完成时间 where nothing else tells of deadlines or of what was done. */
static bool
is_planned_day(struct sheet_state *s)
{
    struct str key = fold_key(s->a, s->columns[s->at[RF_COMPLETED_ON]].heading);

    return !has(s, RF_DEADLINE) && !has(s, RF_STATUS) &&
           rt_ends(key, "完成时间|完成日期|completiondate") &&
           !rt_has(key, "实际");
}

/* What a heading means depends on what else there is. */
static void
complete(struct sheet_state *s)
{
    columns_index(s);
    if (has(s, RF_CHECK_ITEM) && !has(s, RF_SEQ) &&
        all_are(s, (size_t)s->at[RF_CHECK_ITEM], is_number))
        rename_field(s, RF_CHECK_ITEM, RF_SEQ);
    if (has(s, RF_CATEGORY) && !has(s, RF_GRADE) &&
        all_are(s, (size_t)s->at[RF_CATEGORY], is_grade))
        rename_field(s, RF_CATEGORY, RF_GRADE);
    if (has(s, RF_YES) && !has(s, RF_NO) && has(s, RF_SEQ) &&
        rt_is(fold_key(s->a, s->columns[s->at[RF_SEQ]].heading), "no"))
        rename_field(s, RF_SEQ, RF_NO);
    if (has(s, RF_COMPLETED_ON) && is_planned_day(s))
        rename_field(s, RF_COMPLETED_ON, RF_DEADLINE);
    find_description(s);
}

/* Day first or month first, judged from the whole column. */
static void
decide_order(struct sheet_state *s)
{
    enum date_order all = ORDER_UNKNOWN;

    for (size_t c = 0; c < s->pub.n_columns; c++) {
        const struct column_stats *t = &s->stats[c];

        s->order[c] = ORDER_UNKNOWN;
        if (t->first_over_12 > 0 && t->second_over_12 == 0)
            s->order[c] = ORDER_DMY;
        if (t->second_over_12 > 0 && t->first_over_12 == 0)
            s->order[c] = ORDER_MDY;
        if (all == ORDER_UNKNOWN)
            all = s->order[c];
    }
    /* A column that cannot tell follows one that can. */
    for (size_t c = 0; c < s->pub.n_columns; c++) {
        const struct column_stats *t = &s->stats[c];

        if (s->order[c] == ORDER_UNKNOWN && t->first_over_12 == 0)
            s->order[c] = all;
    }
}

static void
extend_heading(struct sheet_state *s, ptrdiff_t *first, ptrdiff_t *last)
{
    while (*last - *first < 2 && *first > 0 &&
           s->head[*first - 1].row + 1 == s->head[*first].row) {
        const struct kept_row *up = &s->head[*first - 1];
        struct score c = score_row(s->a, up);

        if (c.filled < 2 || c.known == 0 ||
            !is_second_row(s, up, &s->head[*first]))
            break;
        (*first)--;
    }
    while (*last - *first < 2 && (size_t)*last + 1 < s->n_head &&
           is_second_row(s, &s->head[*last], &s->head[*last + 1]))
        (*last)++;
}

void
columns_decide(struct sheet_state *s)
{
    const struct heading_word *word[COLUMNS_MAX] = { NULL };
    ptrdiff_t first = -1, last;

    if (s->pub.heading_first > 0) { /* a person said so */
        for (size_t i = 0; i < s->n_head; i++) {
            if (s->head[i].row == s->pub.heading_first)
                first = (ptrdiff_t)i;
        }
    } else {
        first = find_heading(s);
    }
    s->pub.has_heading = first >= 0;
    if (first < 0)
        return;
    last = first;
    extend_heading(s, &first, &last);
    s->pub.heading_first = s->head[first].row;
    s->pub.heading_last = s->head[last].row;
    s->pub.n_columns = 0;
    for (ptrdiff_t i = first; i <= last; i++) {
        if (s->head[i].n > s->pub.n_columns)
            s->pub.n_columns = s->head[i].n;
    }
    for (size_t c = 0; c < s->pub.n_columns; c++)
        s->columns[c].heading = column_text(s, first, last, c, &word[c]);
    s->pub.columns = s->columns;
    settle(s, word);
    complete(s);
    decide_order(s);
}
