/* What the answers of a filled checklist add up to. Pure. */
#include "domain/inspection.h"
#include "domain/parts.h"

const struct answer *
inspection_answer(const struct answer *a, size_t m, int64_t item)
{
    for (size_t i = 0; i < m; i++)
        if (a[i].id == item)
            return &a[i];
    return NULL;
}

bool
inspection_signature(struct str signatures, int64_t item, struct str *name)
{
    struct signature s;
    struct err ignored;

    while (parts_next(&signature_parts, &signatures, &s, &ignored))
        if (s.id == item) {
            *name = s.name;
            return true;
        }
    return false;
}

/* "-18.5" in thousandths */
static bool
decimal(struct str s, int64_t *out)
{
    bool minus = s.n > 0 && s.p[0] == '-';
    int64_t v = 0;
    int decimals = -1, digits = 0;

    for (size_t i = minus; i < s.n; i++) {
        char c = s.p[i];

        if (c == '.' && decimals < 0)
            decimals = 0;
        else if (c >= '0' && c <= '9' && decimals < 3 && ++digits <= 12) {
            v = v * 10 + (c - '0');
            decimals += decimals >= 0;
        } else {
            return false;
        }
    }
    for (int d = decimals < 0 ? 0 : decimals; d < 3; d++)
        v *= 10;
    *out = minus ? -v : v;
    return digits > 0;
}

bool
check_choice_next(struct str *rest, struct str *label, bool *bad)
{
    while (rest->n > 0 && str_split(rest, ';', label)) {
        *label = str_trim(*label);
        *bad = label->n > 0 && label->p[label->n - 1] == '!';
        if (*bad)
            *label = str_trim(str_cut(*label, 0, label->n - 1));
        if (label->n > 0)
            return true;
    }
    return false;
}

static int64_t
number_verdict(const struct check_item *it, struct str value)
{
    int64_t v, limit;

    if (!decimal(value, &v))
        return 0;
    if ((decimal(it->low, &limit) && v < limit) ||
        (decimal(it->high, &limit) && v > limit))
        return V_FAIL;
    return V_PASS;
}

static int64_t
choice_verdict(const struct check_item *it, struct str value)
{
    struct str rest = it->choices.zh.n > 0 ? it->choices.zh : it->choices.en,
               label;
    int64_t n, i = 0;
    bool bad;

    if (!str_i64(value, &n))
        return 0;
    while (check_choice_next(&rest, &label, &bad))
        if (++i == n)
            return bad ? V_FAIL : V_PASS;
    return 0;
}

int64_t
inspection_verdict(const struct check_item *it, const struct answer *a)
{
    if (a == NULL)
        return 0;
    if (a->verdict == V_NA)
        return V_NA;
    switch (it->kind) {
    case CK_NUMBER:
        return number_verdict(it, a->value);
    case CK_CHOICE:
        return choice_verdict(it, a->value);
    case CK_TEXT:
        return a->value.n > 0 ? V_PASS : 0;
    case CK_SIGN:
        return a->verdict == V_PASS ? V_PASS : 0;
    case CK_PHOTO:
        return a->files.n > 0 ? V_PASS : 0;
    default:
        return a->verdict;
    }
}

/* "3=fail", "4=2" */
bool
inspection_asks(const struct check_item *items, size_t n, size_t i,
                const struct answer *answers, size_t m)
{
    struct str rest = items[i].when, word;
    const struct answer *a;
    int64_t id, verdict;

    if (rest.n == 0 || !str_split(&rest, '=', &word) || !str_i64(word, &id))
        return true;
    rest = str_trim(rest);
    a = inspection_answer(answers, m, id);
    for (size_t k = 0; k < n && k < i; k++)
        if (items[k].id == id) {
            verdict = inspection_asks(items, n, k, answers, m)
                          ? inspection_verdict(&items[k], a)
                          : 0;
            if (str_is(rest, "pass") || str_is(rest, "fail") ||
                str_is(rest, "na"))
                return verdict == (str_is(rest, "pass")   ? V_PASS
                                   : str_is(rest, "fail") ? V_FAIL
                                                          : V_NA);
            return verdict != 0 && str_eq(a->value, rest);
        }
    return true;
}

static bool
known(const struct check_item *items, size_t n, const struct answer *a,
      struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].id == a->id)
            return true;
    return err_set(e, ERR_INVALID, "answers",
                   "The checklist has no item %ld: was it filled in with "
                   "another version? Open the inspection again",
                   (long)a->id);
}

static bool
complete(const struct check_item *it, size_t at, const struct answer *a,
         int64_t verdict, struct err *e)
{
    if (verdict == 0 && it->kind == CK_NUMBER && a != NULL && a->value.n > 0)
        return err_set(e, ERR_INVALID, "answers",
                       "Item %zu: \"%.*s\" is not a number", at + 1,
                       STR_ARG(a->value));
    if (verdict == 0)
        return err_set(e, ERR_INVALID, "answers",
                       "Item %zu is not answered yet", at + 1);
    return verdict != V_FAIL || a->comment.n > 0 || a->hazard != 0 ||
           err_set(e, ERR_INVALID, "answers",
                   "Item %zu is not in order: say what is wrong", at + 1);
}

bool
inspection_judge(const struct check_item *items, size_t n, struct answer *a,
                 size_t m, bool whole, struct judged *j, struct err *e)
{
    *j = (struct judged){ 0 };
    for (size_t i = 0; i < m; i++)
        if (!known(items, n, &a[i], e))
            return false;
    for (size_t i = 0; i < n; i++) {
        const struct answer *x = inspection_answer(a, m, items[i].id);
        int64_t v, weight = items[i].weight > 0 ? items[i].weight : 1;

        if (!inspection_asks(items, n, i, a, m))
            continue;
        v = inspection_verdict(&items[i], x);
        j->asked++;
        j->answered += v != 0;
        if (whole && !complete(&items[i], i, x, v, e))
            return false;
        if (x != NULL)
            a[x - a].verdict = v;
        if (x != NULL && v != V_FAIL)
            a[x - a].hazard = 0; /* what is in order is no hazard's */
        j->failed += v == V_FAIL;
        j->critical |= v == V_FAIL && items[i].critical != 0;
        j->points += v == V_PASS ? weight : 0;
        j->of += v == V_PASS || v == V_FAIL ? weight : 0;
    }
    return true;
}
