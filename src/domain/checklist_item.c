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
          .choices = kinds),
    FIELD(struct check_item, 5, clause, FK_LINE, N_("Clause"), .max = 200),
    FIELD(struct check_item, 6, low, FK_LINE, N_("At least"), .max = 20),
    FIELD(struct check_item, 7, high, FK_LINE, N_("At most"), .max = 20),
    FIELD(struct check_item, 8, unit, FK_LINE, N_("Unit"), .max = 20),
    FIELD(struct check_item, 9, choices, FK_TEXT2, N_("Choices"), .max = 300,
          .hint = N_("Separated by ; and with ! after those that are not in "
                     "order")),
    FIELD(struct check_item, 10, weight, FK_INT, N_("Points"), .min = 1,
          .max = 100),
    FIELD(struct check_item, 11, critical, FK_FLAG,
          N_("Critical: failing it fails the whole")),
    FIELD(struct check_item, 12, when, FK_LINE, N_("Asked only when"),
          .max = 40,
          .hint = N_("For example 3=fail: when item 3 is not in order")),
    FIELD(struct check_item, 13, photo, FK_FILES, N_("Guidance photograph"),
          .max = 1),
};

bool
check_items_check(const struct check_item *it, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (it[i].text.en.n == 0 && it[i].text.zh.n == 0)
            return err_set(e, ERR_INVALID, "items",
                           "Item %zu says nothing: write what is looked at",
                           i + 1);
    return true;
}
