#include "domain/checklist.h"
#include "domain/parts.h"

#define WRITE "draft edit"

const struct choice check_topic_choices[CHECK_TOPICS] = {
    { 1, "daily", N_("Daily round of the campus") },
    { 2, "gate", N_("Gate and guards") },
    { 3, "canteen", N_("Canteen") },
    { 4, "dormitory", N_("Dormitories") },
    { 5, "laboratory", N_("Laboratories and chemicals") },
    { 6, "bus", N_("School buses") },
    { 7, "fire", N_("Fire") },
    { 8, "building", N_("School buildings") },
    { 9, "flood", N_("Flood season") },
    { 10, "lightning", N_("Lightning") },
    { 11, "disease", N_("Infectious disease season") },
    { 12, "drowning", N_("Drowning") },
    { 13, "surroundings", N_("Surroundings") },
    { 14, "handover", N_("Handover of the duty") },
    { 15, "samples", N_("Food samples") },
    { 16, "meal", N_("Head's meal with the pupils") },
    { 17, "traffic", N_("Traffic") },
    { 99, "other", N_("Other") },
    { 0 },
};

const struct choice check_frequency_choices[CHECK_FREQUENCIES] = {
    { 1, "meal", N_("each meal") },
    { 2, "daily", N_("each school day") },
    { 3, "weekly", N_("each week") },
    { 4, "monthly", N_("each month") },
    { 5, "quarter", N_("each quarter") },
    { 6, "semester", N_("each semester") },
    { 7, "occasion", N_("when there is occasion") },
    { 0 },
};

const struct part_kind check_items = {
    .size = sizeof(struct check_item),
    .max = CHECK_ITEMS_MAX,
    .fields = check_item_fields,
    .n_fields = CHECK_ITEM_FIELDS,
};

static const struct field fields[] = {
    FIELD(struct checklist, 32, title, FK_TEXT2, N_("Title"), .max = 120,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = WRITE),
    FIELD(struct checklist, 33, topic, FK_ENUM, N_("Topic"),
          .choices = check_topic_choices, .flags = F_REQUIRED, .by = WRITE),
    FIELD(struct checklist, 34, frequency, FK_ENUM, N_("How often"),
          .choices = check_frequency_choices, .by = WRITE),
    FIELD(struct checklist, 35, source, FK_TEXT2, N_("Where it comes from"),
          .max = 300, .by = WRITE,
          .hint = N_("A law, a standard, another school, or your own")),
    FIELD(struct checklist, 36, note, FK_TEXT, N_("How to go about it"),
          .max = 2000, .by = WRITE),
    FIELD(struct checklist, 37, pass_mark, FK_INT, N_("Enough from (per cent)"),
          .min = 1, .max = 100, .flags = F_MORE, .by = WRITE,
          .hint = N_("Below it the whole is not in order; empty: each single "
                     "shortcoming counts")),
    FIELD(struct checklist, 39, version, FK_INT, N_("Version"),
          .flags = F_HIDDEN),
    FIELD(struct checklist, 40, previous, FK_REF, N_("In place of"),
          .ref = "checklist", .flags = F_HIDDEN),
    FIELD(struct checklist, 41, family, FK_REF, N_("First version"),
          .ref = "checklist", .flags = F_HIDDEN | F_MACHINE),
    FIELD(struct checklist, 42, live_on, FK_DAY, N_("Live since"),
          .flags = F_HIDDEN),
    FIELD(struct checklist, 38, items, FK_PARTS, N_("Items"),
          .parts = &check_items, .by = WRITE, .needed = "publish"),
};

static const struct state states[] = {
    { CL_DRAFT, "draft", N_("draft"), N_("draft"), ST_OPEN },
    { CL_LIVE, "live", N_("live"), N_("live"), ST_OPEN },
    { CL_RETIRED, "retired", N_("retired"), N_("retired"), ST_END },
    { CL_DROPPED, "dropped", N_("dropped"), N_("dropped"), ST_END },
};

static bool
check_items_of(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct checklist *l = rec;
    struct check_item *item;
    size_t n;

    return parts_read(&check_items, l->items, c->arena, &item, &n, e) &&
           check_items_check(item, n, e);
}

static bool
check_publish(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct checklist *l = rec;

    if (parts_count(l->items) == 0)
        return err_set(e, ERR_INVALID, "items", "Add its items first");
    return check_items_of(rec, c, e);
}

static void
apply_draft(void *rec, const struct step_ctx *c)
{
    struct checklist *l = rec;

    (void)c;
    if (l->version == 0)
        l->version = 1;
}

static void
apply_publish(void *rec, const struct step_ctx *c)
{
    struct checklist *l = rec;

    l->live_on = c->today;
    if (l->family == 0)
        l->family = l->r.id;
}

/* What is live is never changed: a new version begins as its copy. */
static bool
follow(const void *rec, const struct step *s, const struct step_ctx *c,
       follow_fn *fn, void *arg, struct err *e)
{
    const struct checklist *l = rec;
    struct follow f = { .ledger = &checklist_ledger };

    if (strcmp(s->verb, "publish") == 0 && l->previous != 0) {
        f.id = l->previous;
        f.verb = "replace";
        f.optional = true;
        return fn(&f, arg, e);
    }
    if (strcmp(s->verb, "renew") != 0)
        return true;
    f.org = l->r.org;
    f.verb = "draft";
    for (size_t i = 0; i < N_OF(fields); i++)
        if (fields[i].by != NULL) /* what people write */
            follow_copy(&f, &fields[i], rec, c->arena);
    follow_i64(&f, "version", l->version + 1, c->arena);
    follow_i64(&f, "previous", l->r.id, c->arena);
    follow_i64(&f, "family", l->family, c->arena);
    return fn(&f, arg, e);
}

/* clang-format off */
static const struct step steps[] = {
    { "draft", N_("Draft a checklist"), IN(ST_NONE), CL_DRAFT, R_MANAGE | R(INSPECTOR), S_MAIN, "C1",
      N_("Its items are added, then it goes live"), .check = check_items_of, .apply = apply_draft },
    { "edit", N_("Change"), IN(CL_DRAFT), STAY, R_MANAGE | R(INSPECTOR), 0, "C1",
      N_("The old values stay in the history"), .check = check_items_of },
    { "publish", N_("Make it live"), IN(CL_DRAFT), CL_LIVE, R_MANAGE, S_MAIN, "C1",
      N_("Inspections can use it from now on; it is not changed any more. The version before it retires"),
      .check = check_publish, .apply = apply_publish },
    { "drop", N_("Drop the draft"), IN(CL_DRAFT), CL_DROPPED, R_MANAGE, S_DANGER, "C1",
      N_("It stays readable and is never used") },
    { "renew", N_("Begin a new version"), IN(CL_LIVE) | IN(CL_RETIRED), STAY, R_MANAGE | R(INSPECTOR), 0, "C1",
      N_("A draft with the same items; this one stays as it is") },
    { "retire", N_("Retire"), IN(CL_LIVE), CL_RETIRED, R_MANAGE, S_DANGER, "C1",
      N_("New inspections cannot use it; filled forms stay as they are") },
    { "replace", N_("Replaced by a new version"), IN(CL_LIVE), CL_RETIRED, R_MANAGE | R(SYSTEM), S_QUIET, "C1" },
};
/* clang-format on */

static const struct right rights[] = {
    { "read", R_READ },
    { "export", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
};

const struct ledger checklist_ledger = {
    .name = "checklist",
    .tag = 25,
    .title = N_("Checklists"),
    .title_one = N_("Checklist"),
    .purpose = N_("Saying what an inspection looks at"),
    .keep = "keep.work",
    .flags = L_SHARED,
    .under = "inspection",
    LEDGER_TABLES(struct checklist, fields, states, steps, rights),
    .list = "title topic frequency version org",
    .filter = "org state topic",
    .choose = IN(CL_LIVE),
    .follow = follow,
};
