#include <math.h>

#include "domain/reading_part.h"

double
money_unit(struct str key)
{
    if (rt_has(key, "亿元"))
        return 1e8;
    if (rt_has(key, "万元|万)|/万|单位:万|(万"))
        return 1e4;
    if (rt_has(key, "千元"))
        return 1e3;
    if (rt_has(key, "元|rmb|cny"))
        return 1;
    return 0;
}

/* "8,240.00": commas only between groups of three. */
static bool
amount(struct str s, size_t *at, double *out)
{
    size_t i = *at, digits = 0;
    double v = 0, scale = 0.1;

    while (i < s.n && digits < 15) {
        if (rt_digit(s.p[i])) {
            v = v * 10 + (s.p[i] - '0');
            digits++;
        } else if (!(s.p[i] == ',' && i + 3 < s.n && rt_digit(s.p[i + 1]) &&
                     rt_digit(s.p[i + 2]) && rt_digit(s.p[i + 3]))) {
            break;
        }
        i++;
    }
    if (digits == 0)
        return false;
    if (i + 1 < s.n && s.p[i] == '.' && rt_digit(s.p[i + 1])) {
        for (i++; i < s.n && rt_digit(s.p[i]); i++, scale /= 10)
            v += scale * (s.p[i] - '0');
    }
    *at = i;
    *out = v;
    return true;
}

/* The unit that follows: its value in yuan; 0 = none, -1 = not money. */
static double
unit_at(struct str s, size_t *at)
{
    /* clang-format off */
    static const struct { const char *w; double yuan; } units[] = {
        { "亿元", 1e8 }, { "万余元", 1e4 }, { "多万元", 1e4 }, { "余万元", 1e4 },
        { "万多元", 1e4 }, { "万元", 1e4 }, { "万", 1e4 }, { "千元", 1e3 },
        { "百元", 1e2 }, { "余元", 1 }, { "多元", 1 }, { "元", 1 },
        { "块", 1 }, { "rmb", 1 }, { "RMB", 1 }, { "w", 1e4 }, { "W", 1e4 },
        { "平方", -1 }, { "米", -1 }, { "个", -1 }, { "台", -1 }, { "%", -1 },
        { "套", -1 }, { "处", -1 }, { "m2", -1 }, { "m", -1 }, { "年", -1 },
        { "月", -1 }, { "日", -1 }, { "天", -1 }, { "人", -1 }, { "只", -1 },
        { "张", -1 }, { "扇", -1 }, { "根", -1 }, { "块砖", -1 },
    };
    /* clang-format on */

    while (*at < s.n && s.p[*at] == ' ')
        (*at)++;
    for (size_t i = 0; i < N_OF(units); i++) {
        struct str w = str_of(units[i].w);

        if (str_starts(str_cut(s, *at, s.n), w)) {
            *at += w.n;
            return units[i].yuan;
        }
    }
    return 0;
}

struct sum {
    double yuan, total, last;
    size_t n, unitless, totals;
    bool range;
};

static void
add_amounts(struct str s, double heading_unit, struct sum *t)
{
    for (size_t i = 0; i < s.n;) {
        struct str before = str_cut(s, 0, i);
        double v, u;

        if (!amount(s, &i, &v)) {
            i++;
            continue;
        }
        /* 5-8万元: the upper end, with the unit of the upper end. */
        if (i + 1 < s.n && (s.p[i] == '-' || s.p[i] == '~') &&
            rt_digit(s.p[i + 1])) {
            i++;
            t->range = true;
            amount(s, &i, &v);
        }
        u = unit_at(s, &i);
        if (u < 0)
            continue;
        if (u == 0) {
            t->unitless++;
            u = heading_unit > 0 ? heading_unit : 1;
        }
        if (rt_ends(str_trim(before), "合计|总计|共计|共|合计:|总计:|共计:|"
                                      "合计约|共计约|共约|总计约|合计为")) {
            t->total = v * u;
            t->totals++;
        } else {
            t->yuan += v * u;
            t->n++;
        }
    }
}

static bool
chinese_amount(struct str s, double *yuan)
{
    size_t n = 0;
    ptrdiff_t at = rt_find(s, "万元|元整|元|万", &n);
    int64_t v;

    if (at <= 0 || !rt_any_number(str_cut(s, 0, (size_t)at), &v) ||
        rt_digit(s.p[0]))
        return false;
    *yuan =
        (double)v * (rt_starts(str_cut(s, (size_t)at, s.n), "万") ? 1e4 : 1);
    return true;
}

bool
money_read(struct str s, double unit, struct reading_money *m)
{
    struct sum t = { 0 };
    double yuan;

    s = str_trim(s);
    m->approx = rt_has(s, "约|大概|左右|近|余|多万|预计|估|about|approx|~");
    if (rt_has(s, "$|€|£|usd|USD|eur|EUR|gbp|GBP|港币|美元|欧元"))
        return false;
    if (chinese_amount(s, &yuan)) {
        m->fen = (int64_t)llround(yuan * 100);
        m->has_fen = true;
        return true;
    }
    add_amounts(s, unit, &t);
    yuan = t.totals > 0 ? t.total : t.yuan;
    if (t.n + t.totals == 0 || t.totals > 1 || yuan > 1e12)
        return false;
    /* Bare numbers are money only alone: "2个灭火器 3 扇窗" is not. */
    if (t.unitless > 0 && t.n + t.totals > 1)
        return false;
    if (t.unitless > 0 && rt_has_cjk(s) && !rt_starts(s, "约|¥|人民币|预计"))
        return false;
    m->approx = m->approx || t.range;
    m->fen = (int64_t)llround(yuan * 100);
    m->has_fen = true;
    return true;
}
