#include "domain/checklist.h"

static const struct choice kinds[] = {
    { CK_PASS, "pass", N_("in order or not") },
    { CK_NUMBER, "number", N_("a number") },
    { CK_CHOICE, "choice", N_("a choice") },
    { CK_TEXT, "text", N_("words") },
    { CK_PHOTO, "photo", N_("a photograph") },
    { CK_SIGN, "sign", N_("a signature") },
    { 0 },
};

const struct field check_item_fields[CHECK_ITEM_FIELDS] = {
    FIELD(struct check_item, 1, section, FK_TEXT2, N_("Section"), .max = 120),
    FIELD(struct check_item, 2, text, FK_TEXT2, N_("What is looked at"),
          .max = 500, .flags = F_REQUIRED | F_NAME),
    FIELD(struct check_item, 3, standard, FK_TEXT2, N_("In order when"),
          .max = 500),
    FIELD(struct check_item, 4, kind, FK_ENUM, N_("How it is answered"),
          .choices = kinds, .preset = "pass"),
    FIELD(struct check_item, 5, clause, FK_LINE, N_("Clause"), .max = 200,
          .flags = F_MORE),
    FIELD(struct check_item, 6, low, FK_LINE, N_("At least"), .max = 20,
          .flags = F_MORE),
    FIELD(struct check_item, 7, high, FK_LINE, N_("At most"), .max = 20,
          .flags = F_MORE),
    FIELD(struct check_item, 8, unit, FK_LINE, N_("Unit"), .max = 20,
          .flags = F_MORE),
    FIELD(struct check_item, 9, choices, FK_TEXT2, N_("Choices"), .max = 300,
          .flags = F_MORE,
          .hint = N_("Separated by ; and with ! after those that are not in "
                     "order")),
    FIELD(struct check_item, 10, weight, FK_INT, N_("Points"), .min = 1,
          .max = 100, .flags = F_MORE),
    FIELD(struct check_item, 11, critical, FK_FLAG,
          N_("Critical: failing it fails the whole"), .flags = F_MORE),
    FIELD(struct check_item, 12, when, FK_LINE, N_("Asked only when"),
          .max = 40, .flags = F_MORE,
          .hint = N_("For example 3=fail: when item 3 is not in order")),
    FIELD(struct check_item, 13, photo, FK_FILES, N_("Guidance photograph"),
          .max = 1),
};

/* "-18.5" in thousandths, as an answer is read. */
static bool
decimal(struct str s, int64_t *out)
{
    bool minus = s.n > 0 && s.p[0] == '-', point = false;
    int64_t v = 0;
    int digits = 0, decimals = 0;

    for (size_t i = minus; i < s.n; i++) {
        if (s.p[i] == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9' || decimals == 3 || ++digits > 12)
            return false;
        v = v * 10 + (s.p[i] - '0');
        decimals += point;
    }
    if (digits == 0 || (point && decimals == 0))
        return false;
    for (; decimals < 3; decimals++)
        v *= 10;
    *out = minus ? -v : v;
    return true;
}

static bool
number_check(const struct check_item *it, size_t no, struct err *e)
{
    int64_t low = 0, high = 0;

    if (it->low.n > 0 && !decimal(it->low, &low))
        return err_set(e, ERR_INVALID, "items",
                       "Item %zu: \"%.*s\" is not a number such as 4 or -18.5",
                       no, STR_ARG(it->low));
    if (it->high.n > 0 && !decimal(it->high, &high))
        return err_set(e, ERR_INVALID, "items",
                       "Item %zu: \"%.*s\" is not a number such as 4 or -18.5",
                       no, STR_ARG(it->high));
    if (it->low.n > 0 && it->high.n > 0 && low > high)
        return err_set(e, ERR_INVALID, "items",
                       "Item %zu: at least %.*s and at most %.*s cannot both "
                       "be",
                       no, STR_ARG(it->low), STR_ARG(it->high));
    return true;
}

/* How many choices a side has; *bad: how many of them mean "not in order". */
static size_t
choices_count(struct str side, size_t *bad)
{
    struct str label;
    size_t n = 0;
    bool b;

    *bad = 0;
    while (check_choice_next(&side, &label, &b)) {
        n++;
        *bad += b;
    }
    return n;
}

/* One language may be missing; where both stand they are the same choices. */
static bool
choices_check(const struct check_item *it, size_t no, struct err *e)
{
    size_t bad_en, bad_zh, en = choices_count(it->choices.en, &bad_en),
                           zh = choices_count(it->choices.zh, &bad_zh);
    size_t n = en > zh ? en : zh;

    if (n < CHECK_CHOICES_MIN || n > CHECK_CHOICES_MAX)
        return err_set(e, ERR_INVALID, "items",
                       "Item %zu needs 2 to 20 choices, separated by ;", no);
    if (en > 0 && zh > 0 && (en != zh || bad_en != bad_zh))
        return err_set(e, ERR_INVALID, "items",
                       "Item %zu: the English and the Chinese choices are not "
                       "the same ones in the same order",
                       no);
    return true;
}

/* Whether the item can be answered so: "fail", "pass", "na", or "2" for the
 * second choice. */
static bool
can_answer(const struct check_item *it, struct str answer)
{
    size_t bad_en, bad_zh, en = choices_count(it->choices.en, &bad_en),
                           zh = choices_count(it->choices.zh, &bad_zh);
    int64_t n;

    if (str_is(answer, "na") || str_is(answer, "pass"))
        return true;
    switch (it->kind) {
    case CK_CHOICE:
        if (str_is(answer, "fail"))
            return bad_en + bad_zh > 0;
        return str_i64(answer, &n) && n >= 1 &&
               (uint64_t)n <= (en > zh ? en : zh);
    case CK_NUMBER:
        return str_is(answer, "fail") && it->low.n + it->high.n > 0;
    case CK_TEXT:
    case CK_PHOTO:
    case CK_SIGN:
        return false;
    default:
        return str_is(answer, "fail");
    }
}

/* A condition looks back only, so that it cannot go round in a circle. */
static bool
when_check(const struct check_item *items, size_t at, struct err *e)
{
    struct str rest = items[at].when, id;
    int64_t want = 0;

    if (rest.n == 0)
        return true;
    if (!str_split(&rest, '=', &id) || !str_i64(id, &want) ||
        str_trim(rest).n == 0)
        return err_set(e, ERR_INVALID, "items",
                       "Item %zu: write its condition like 3=fail, 3=pass, "
                       "3=na or, for the second choice, 3=2",
                       at + 1);
    for (size_t i = 0; i < at; i++)
        if (items[i].id == want)
            return can_answer(&items[i], str_trim(rest)) ||
                   err_set(e, ERR_INVALID, "items",
                           "Item %zu: item %ld cannot be answered \"%.*s\"",
                           at + 1, (long)want, STR_ARG(str_trim(rest)));
    return err_set(e, ERR_INVALID, "items",
                   "Item %zu: its condition names item %ld, which does not "
                   "stand before it",
                   at + 1, (long)want);
}

static bool
id_check(const struct check_item *items, size_t at, struct err *e)
{
    if (items[at].id < 1 || items[at].id > CHECK_ID_MAX)
        return err_set(e, ERR_INVALID, "items",
                       "Item %zu: its number must be 1 to 9999", at + 1);
    for (size_t i = 0; i < at; i++)
        if (items[i].id == items[at].id)
            return err_set(e, ERR_INVALID, "items",
                           "Items %zu and %zu have the same number, %ld", i + 1,
                           at + 1, (long)items[at].id);
    return true;
}

static bool
kind_check(const struct check_item *it, size_t no, struct err *e)
{
    if (it->kind == CK_NUMBER)
        return number_check(it, no, e);
    if (it->kind == CK_CHOICE)
        return choices_check(it, no, e);
    return (it->kind >= 0 && it->kind <= CK_SIGN) ||
           err_set(e, ERR_INVALID, "items",
                   "Item %zu: there is no such way to answer", no);
}

bool
check_items_check(const struct check_item *it, size_t n, struct err *e)
{
    if (n > CHECK_ITEMS_MAX)
        return err_set(e, ERR_INVALID, "items", "At most %d items",
                       CHECK_ITEMS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (it[i].text.en.n == 0 && it[i].text.zh.n == 0)
            return err_set(e, ERR_INVALID, "items",
                           "Item %zu says nothing: write what is looked at",
                           i + 1);
        if (it[i].weight < 0 || it[i].weight > 100)
            return err_set(e, ERR_INVALID, "items",
                           "Item %zu: its points must be 1 to 100", i + 1);
        if (!id_check(it, i, e) || !kind_check(&it[i], i + 1, e) ||
            !when_check(it, i, e))
            return false;
    }
    return true;
}
