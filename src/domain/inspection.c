#include "domain/inspection.h"
#include "domain/hazard.h"
#include "domain/notice.h"
#include "domain/parts.h"
#include "domain/programme.h"
#include "domain/schedule.h"

#define TO_DO (IN(IS_PENDING) | IN(IS_RETURNED))
#define DONE  (IN(IS_SUBMITTED) | IN(IS_REVIEWED))
#define CHIEF (R(DISTRICT_OFFICER) | R(INSPECTOR))

static const struct choice verdicts[] = {
    { V_PASS, "pass", N_("in order") },
    { V_FAIL, "fail", N_("not in order") },
    { V_NA, "na", N_("does not apply") },
    { 0 },
};

const struct field answer_fields[ANSWER_FIELDS] = {
    FIELD(struct answer, 1, verdict, FK_ENUM, N_("Verdict"),
          .choices = verdicts),
    FIELD(struct answer, 2, value, FK_LINE, N_("Answer"), .max = 300),
    FIELD(struct answer, 3, comment, FK_TEXT, N_("What is wrong"), .max = 1000),
    FIELD(struct answer, 4, files, FK_FILES, N_("Photographs"), .max = 6),
    FIELD(struct answer, 5, hazard, FK_REF, N_("Hazard"), .ref = "hazard",
          .flags = F_LIVING),
    FIELD(struct answer, 6, where, FK_LINE, N_("Where exactly"), .max = 200),
};

const struct part_kind answer_parts = {
    .size = sizeof(struct answer),
    .max = CHECK_ITEMS_MAX,
    .fields = answer_fields,
    .n_fields = ANSWER_FIELDS,
};

const struct field signature_fields[SIGNATURE_FIELDS] = {
    FIELD(struct signature, 1, name, FK_LINE, N_("Signed by"), .max = 60,
          .flags = F_REQUIRED, .see = SEE_NAMES),
};

const struct part_kind signature_parts = {
    .size = sizeof(struct signature),
    .max = CHECK_ITEMS_MAX,
    .fields = signature_fields,
    .n_fields = SIGNATURE_FIELDS,
};

static const struct choice kinds[] = {
    { INSPECT_OWN, "own", N_("the school's own") },
    { INSPECT_VISIT, "visit", N_("supervision visit") },
    { INSPECT_TASK, "task", N_("of a special rectification") },
    { 0 },
};

static const struct choice results[] = {
    { IR_IN_ORDER, "in_order", N_("in order") },
    { IR_SHORT, "short", N_("shortcomings") },
    { IR_CRITICAL, "critical", N_("critical item not in order") },
    { 0 },
};

static const struct field fields[] = {
    FIELD(struct inspection, 32, title, FK_TEXT2, N_("Title"), .max = 120,
          .flags = F_NAME | F_SEARCH | F_HIDDEN),
    FIELD(struct inspection, 33, checklist, FK_REF, N_("Checklist"),
          .ref = "checklist", .flags = F_REQUIRED, .by = "plan"),
    FIELD(struct inspection, 34, kind, FK_ENUM, N_("Kind"), .choices = kinds,
          .preset = "own", .preset_above = "visit", .by = "plan"),
    FIELD(struct inspection, 35, topic, FK_ENUM, N_("Topic"),
          .choices = check_topic_choices, .flags = F_HIDDEN),
    FIELD(struct inspection, 36, place, FK_REF, N_("Place"), .ref = "place",
          .instead = "place_text", .by = "plan",
          .hint = N_("Empty: the whole school")),
    FIELD(struct inspection, 37, place_text, FK_LINE, N_("Where exactly"),
          .max = 200, .by = "plan"),
    FIELD(struct inspection, 38, responsible, FK_REF, N_("Who inspects"),
          .ref = "person", .by = "plan assign", .needed = "assign"),
    FIELD(struct inspection, 39, planned_on, FK_DAY, N_("Planned for"),
          .by = "plan", .hint = N_("Empty: today")),
    FIELD(struct inspection, 40, due_on, FK_DAY, N_("At the latest on"),
          .flags = F_MORE, .by = "plan"),
    FIELD(struct inspection, 41, late_until, FK_DAY, N_("Late until"),
          .flags = F_HIDDEN | F_MACHINE),
    FIELD(struct inspection, 42, announced, FK_FLAG,
          N_("The school was told beforehand"), .flags = F_MORE, .by = "plan"),
    FIELD(struct inspection, 43, company, FK_LINE,
          N_("Accompanied by (for the school)"), .max = 120,
          .flags = F_MORE | F_PERSONAL, .by = "plan submit", .see = SEE_NAMES),
    FIELD(struct inspection, 44, schedule, FK_REF, N_("Schedule"),
          .ref = "schedule", .flags = F_HIDDEN),
    FIELD(struct inspection, 45, programme, FK_REF, N_("Programme"),
          .ref = "programme", .flags = F_HIDDEN),
    FIELD(struct inspection, 46, task, FK_INT, N_("Task"),
          .flags = F_HIDDEN | F_MACHINE),
    FIELD(struct inspection, 49, paper, FK_FILES,
          N_("The form on paper, photographed"), .max = 9, .by = "submit"),
    FIELD(struct inspection, 50, submitted_at, FK_TIME, N_("Sent in"),
          .flags = F_HIDDEN),
    FIELD(struct inspection, 51, submitted_by, FK_REF, N_("Sent in by"),
          .ref = "person", .flags = F_HIDDEN),
    FIELD(struct inspection, 52, late, FK_FLAG, N_("Late"), .flags = F_HIDDEN),
    FIELD(struct inspection, 53, score, FK_LINE, N_("Score (per cent)"),
          .max = 8, .flags = F_HIDDEN),
    FIELD(struct inspection, 54, failed, FK_INT, N_("Not in order"),
          .flags = F_HIDDEN),
    FIELD(struct inspection, 55, result, FK_ENUM, N_("Result"),
          .choices = results, .flags = F_HIDDEN),
    FIELD(struct inspection, 47, answers, FK_PARTS, N_("Answers"),
          .parts = &answer_parts, .by = "submit"),
    FIELD(struct inspection, 48, note, FK_TEXT, N_("Remarks"), .max = 2000,
          .flags = F_SEARCH, .by = "submit"),
    FIELD(struct inspection, 56, objection, FK_TEXT,
          N_("Objection of the school"), .max = 2000, .by = "object",
          .needed = "object"),
    FIELD(struct inspection, 57, correction, FK_TEXT, N_("Correction"),
          .max = 2000, .by = "correct", .needed = "correct",
          .hint = N_("What stands above stays readable")),
    FIELD(struct inspection, 58, signatures, FK_PARTS, N_("Signatures"),
          .parts = &signature_parts, .flags = F_PERSONAL, .by = "submit",
          .see = SEE_NAMES),
};

static const struct state states[] = {
    { IS_PENDING, "pending", N_("to be done"), N_("to be done"), ST_OPEN },
    { IS_SUBMITTED, "submitted", N_("done"), N_("done"), ST_END },
    { IS_REVIEWED, "reviewed", N_("done and looked through"), N_("done"),
      ST_END },
    { IS_RETURNED, "returned", N_("sent back"), N_("to be done"), ST_OPEN },
    { IS_MISSED, "missed", N_("missed"), N_("missed"), ST_END },
    { IS_EXCUSED, "excused", N_("excused"), N_("excused"), ST_END },
};

/* ---- planning ------------------------------------------------------------------ */

static bool
check_plan(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct inspection *i = rec;
    const struct checklist *l = c->with[0];

    if (l == NULL || l->r.state != CL_LIVE)
        return err_set(e, ERR_INVALID, "checklist",
                       "This checklist is not live: choose one that is");
    if (i->planned_on != 0 && i->planned_on < c->today - 366)
        return err_set(e, ERR_INVALID, "planned_on",
                       "That day lies more than a year back");
    return i->due_on == 0 || i->due_on >= i->planned_on ||
           err_set(e, ERR_INVALID, "due_on", "It ends before it begins");
}

static void
apply_plan(void *rec, const struct step_ctx *c)
{
    struct inspection *i = rec;
    const struct checklist *l = c->with[0];

    i->title = l->title;
    i->topic = l->topic;
    if (i->kind == 0)
        i->kind = INSPECT_OWN;
    if (i->planned_on == 0)
        i->planned_on = c->today;
    if (i->due_on == 0)
        i->due_on = i->planned_on < c->today ? c->today : i->planned_on;
    if (i->late_until < i->due_on)
        i->late_until = i->due_on;
}

/* ---- doing ----------------------------------------------------------------------- */

struct filled {
    struct check_item *item;
    struct answer *answer;
    size_t n, m;
    struct judged j;
};

/* What is signed has its name among the signatures and nowhere else. */
static bool
check_signatures(const struct inspection *i, const struct filled *f,
                 struct err *e)
{
    for (size_t k = 0; k < f->n; k++) {
        const struct answer *a =
            inspection_answer(f->answer, f->m, f->item[k].id);
        struct str name;

        if (a == NULL || f->item[k].kind != CK_SIGN)
            continue;
        if (a->value.n > 0)
            return err_set(e, ERR_INVALID, "answers",
                           "Item %zu: who signed goes into \"signatures\"",
                           k + 1);
        if (a->verdict == V_PASS &&
            !inspection_signature(i->signatures, a->id, &name))
            return err_set(e, ERR_INVALID, "signatures",
                           "Item %zu is not signed yet", k + 1);
    }
    return true;
}

static bool
judge(const struct inspection *i, const struct step_ctx *c, struct filled *f,
      struct err *e)
{
    const struct checklist *l = c->with[0];

    if (l == NULL)
        return err_set(e, ERR_INVALID, "checklist", "There is no such record");
    return parts_read(&check_items, l->items, c->arena, &f->item, &f->n, e) &&
           parts_read(&answer_parts, i->answers, c->arena, &f->answer, &f->m,
                      e) &&
           inspection_judge(f->item, f->n, f->answer, f->m, true, &f->j, e) &&
           check_signatures(i, f, e);
}

static bool
check_submit(const void *rec, const struct step_ctx *c, struct err *e)
{
    struct filled f;

    return judge(rec, c, &f, e);
}

static void
apply_submit(void *rec, const struct step_ctx *c)
{
    struct inspection *i = rec;
    const struct checklist *l = c->with[0];
    struct err ignored;
    struct filled f;
    int64_t tenths;

    if (!judge(i, c, &f, &ignored))
        return; /* check_submit has said so */
    i->answers = parts_write(&answer_parts, f.answer, f.m, c->arena);
    tenths = f.j.of > 0 ? (f.j.points * 1000 + f.j.of / 2) / f.j.of : 1000;
    i->score = arena_printf(c->arena, "%ld.%ld", (long)(tenths / 10),
                            (long)(tenths % 10));
    i->failed = f.j.failed;
    i->result =
        f.j.critical ? IR_CRITICAL
        : f.j.failed > 0 && (l->pass_mark == 0 || tenths < l->pass_mark * 10)
            ? IR_SHORT
            : IR_IN_ORDER;
    i->submitted_at = c->now;
    i->submitted_by = c->person;
    i->late = c->today > i->due_on;
}

/* ---- what is not in order becomes a hazard: C3 ------------------------------------- */

static int64_t
category_of(int64_t topic)
{
    static const int64_t of[] = { 0,  0,  11, 4,  6,  7, 5, 2, 1,
                                  13, 13, 12, 14, 10, 0, 4, 4, 5 };

    return topic > 0 && topic < (int64_t)N_OF(of) ? of[topic] : 0;
}

/* The item in the language of who wrote the comment. */
static struct str
item_text(const struct check_item *it, struct str comment)
{
    bool han = false;

    for (size_t k = 0; k < comment.n; k++)
        han |= (unsigned char)comment.p[k] >= 0xe0;
    return (han && it->text.zh.n > 0) || it->text.en.n == 0 ? it->text.zh
                                                            : it->text.en;
}

static bool
make_hazard(const struct inspection *i, const struct check_item *it,
            const struct answer *a, const struct step_ctx *c, follow_fn *fn,
            void *arg, struct err *e)
{
    struct str text = item_text(it, a->comment);
    struct follow f = { .ledger = &hazard_ledger,
                        .org = i->r.org,
                        .verb = "report",
                        .once = "inspection item",
                        .files = a->files,
                        .as = "photos_before" };

    follow_add(&f, "description",
               arena_printf(c->arena, "%.*s (%.*s)", STR_ARG(a->comment),
                            STR_ARG(text)));
    follow_i64(&f, "place", i->place, c->arena);
    if (a->where.n > 0 || i->place == 0)
        follow_add(&f, "place_text",
                   a->where.n > 0        ? a->where
                   : i->place_text.n > 0 ? i->place_text
                   : i->title.zh.n > 0   ? i->title.zh
                                         : i->title.en);
    if (category_of(i->topic) != 0)
        follow_choice(&f, "category", category_of(i->topic));
    follow_add(&f, "source",
               i->kind == INSPECT_VISIT ? STR("supervision")
                                        : STR("inspection"));
    follow_i64(&f, "finder", c->person, c->arena);
    if (it->clause.n > 0)
        follow_add(&f, "clause", it->clause);
    follow_i64(&f, "inspection", i->r.id, c->arena);
    follow_i64(&f, "item", it->id, c->arena);
    follow_i64(&f, "programme", i->programme, c->arena);
    return fn(&f, arg, e);
}

/* What was known already stands on it too, unless it is on another one. */
static bool
put_known(const struct inspection *i, int64_t notice, const struct step_ctx *c,
          follow_fn *fn, void *arg, struct err *e)
{
    const struct answer *a;
    size_t n;

    if (!parts_read(&answer_parts, i->answers, c->arena, &a, &n, e))
        return false;
    for (size_t k = 0; k < n; k++) {
        struct follow put = { .ledger = &hazard_ledger,
                              .id = a[k].hazard,
                              .verb = "put_on_notice",
                              .optional = true,
                              .unset = "notice" };

        if (a[k].verdict != V_FAIL || a[k].hazard <= 0)
            continue;
        follow_i64(&put, "notice", notice, c->arena);
        if (!fn(&put, arg, e))
            return false;
    }
    return true;
}

/* A notice with all that was found; it is looked through, signed and issued
 * as any other: C5. */
static bool
make_notice(const struct inspection *i, const struct step_ctx *c, follow_fn *fn,
            void *arg, struct err *e)
{
    int64_t notice = 0;
    struct follow f = { .ledger = &notice_ledger,
                        .org = i->r.org,
                        .verb = "draft",
                        .made = &notice,
                        .unless = { &hazard_ledger, "inspection", "notice",
                                    i->r.id, NT_STANDING, "inspection" } };
    struct follow put = { .ledger = &hazard_ledger,
                          .verb = "put_on_notice",
                          .optional = true,
                          .each = "inspection",
                          .each_id = i->r.id };

    follow_add(&f, "title",
               i->title.zh.n > 0 ? STR("安全隐患整改通知书")
                                 : STR("Notice to rectify safety hazards"));
    follow_day(&f, "inspected_on",
               i->submitted_at != 0 ? i->planned_on : c->today, c->arena);
    if (i->place_text.n > 0)
        follow_add(&f, "inspected_at", i->place_text);
    follow_i64(&f, "inspection", i->r.id, c->arena);
    if (!fn(&f, arg, e))
        return false;
    follow_i64(&put, "notice", notice, c->arena);
    return fn(&put, arg, e) && put_known(i, notice, c, fn, arg, e);
}

static bool
follow(const void *rec, const struct step *s, const struct step_ctx *c,
       follow_fn *fn, void *arg, struct err *e)
{
    const struct inspection *i = rec;
    struct filled f;

    if (strcmp(s->verb, "notify") == 0)
        return make_notice(i, c, fn, arg, e);
    if (strcmp(s->verb, "submit") != 0)
        return true;
    if (!judge(i, c, &f, e))
        return false;
    for (size_t k = 0; k < f.n; k++) {
        const struct answer *a = inspection_answer(f.answer, f.m, f.item[k].id);

        if (a != NULL && a->verdict == V_FAIL && a->hazard == 0 &&
            inspection_asks(f.item, f.n, k, f.answer, f.m) &&
            !make_hazard(i, &f.item[k], a, c, fn, arg, e))
            return false;
    }
    return true;
}

/* ---- the life --------------------------------------------------------------------- */

static bool
is_visit(const void *rec)
{
    return ((const struct inspection *)rec)->kind == INSPECT_VISIT;
}

static bool
has_findings(const void *rec)
{
    return ((const struct inspection *)rec)->failed > 0;
}

/* clang-format off */
static const struct step steps[] = {
    { "plan", N_("Plan an inspection"), IN(ST_NONE), IS_PENDING, R_STAFF | R(SYSTEM), S_MAIN, "C2",
      N_("Who inspects opens it and goes through the items"), .check = check_plan, .apply = apply_plan },
    { "assign", N_("Say who inspects"), TO_DO, STAY, R_MANAGE | R(INSPECTOR), S_TELL, "C2",
      N_("The inspection stands on that person's board") },
    { "submit", N_("Send in"), TO_DO | IN(IS_MISSED), IS_SUBMITTED, R_STAFF, S_PAGE | S_TELL, "C3",
      N_("What is not in order has become a hazard"), .check = check_submit, .apply = apply_submit },
    { "review", N_("Looked through"), IN(IS_SUBMITTED), IS_REVIEWED, R_MANAGE | R(INSPECTOR), S_TOGETHER, "C2",
      N_("It stays as it is"), .other = "submitted_by" },
    { "return", N_("Send back"), IN(IS_SUBMITTED), IS_RETURNED, R_MANAGE | R(INSPECTOR), S_COMMENT, "C2",
      N_("It is done once more; what became a hazard stays one"), .other = "submitted_by" },
    { "excuse", N_("Excuse"), TO_DO | IN(IS_MISSED), IS_EXCUSED, R_MANAGE | R(INSPECTOR), S_COMMENT | S_DANGER | S_TOGETHER, "C2",
      N_("It counts as excused: closed school, weather. Your name and the reason stand beside it"), .other = "responsible" },
    { "notify", N_("Draft a notice from the findings"), DONE, STAY, CHIEF | R(PRINCIPAL), 0, "C5",
      N_("A draft under Notices with every hazard that was found here; it is then signed and issued"), .fits = has_findings },
    { "object", N_("Object"), DONE, STAY, R_MANAGE, S_TELL | S_UP, "C5",
      N_("The objection stands on the record; the district answers"), .fits = is_visit },
    { "correct", N_("Add a correction"), DONE, STAY, R(CREATOR) | R(ANSWERS) | R_MANAGE | R(INSPECTOR), 0, "C2",
      N_("The answers stay as they were; the correction stands beside them") },
    { "miss", N_("Not done in time"), TO_DO, IS_MISSED, R(SYSTEM), S_QUIET | S_TELL, "C2",
      N_("It can still be entered late, or be excused") },
};
/* clang-format on */

/* The end of the last day on which late is allowed. */
static void
settle(void *rec, const struct step_ctx *c)
{
    struct inspection *i = rec;
    bool open = TO_DO & IN(i->r.state);
    const struct inspection *was = c->before;

    if (i->r.state == IS_RETURNED &&
        (was == NULL || was->r.state != IS_RETURNED))
        i->late_until = c->today + 3;
    i->r.due_at = open ? rules_end_of(c->rules, i->late_until) : 0;
    i->r.escalated = 0;
}

static const struct right rights[] = {
    { "read", R_READ },
    { "export", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
};

const struct ledger inspection_ledger = {
    .name = "inspection",
    .tag = 26,
    .title = N_("Inspections"),
    .title_one = N_("Inspection"),
    .purpose = N_("Showing what was looked at, by whom, and what was found"),
    .keep = "keep.hazard",
    .flags = L_AT_SCHOOL,
    LEDGER_TABLES(struct inspection, fields, states, steps, rights),
    .list = "title org place planned_on responsible result failed score",
    .filter = "org state topic kind result schedule programme task late",
    .with = "checklist",
    .when_due = "miss",
    .follow = follow,
    .children = "hazard inspection",
    .settle = settle,
};
