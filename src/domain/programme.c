#include "domain/programme.h"
#include "domain/inspection.h"
#include "domain/parts.h"

#define WRITE "draft edit"

enum { TIMES_MAX = 30, TASKS_MAX = 30 };

const struct field task_fields[TASK_FIELDS] = {
    FIELD(struct task, 1, text, FK_TEXT2, N_("What every school does"),
          .max = 200, .flags = F_REQUIRED | F_NAME),
    FIELD(struct task, 2, checklist, FK_REF, N_("Checklist"),
          .ref = "checklist", .flags = F_REQUIRED),
    FIELD(struct task, 3, times, FK_INT, N_("How many times"), .min = 1,
          .max = TIMES_MAX),
    FIELD(struct task, 4, due_on, FK_DAY, N_("At the latest on"),
          .hint = N_("Empty: by the end of the programme")),
};

const struct part_kind programme_tasks = {
    .size = sizeof(struct task),
    .max = TASKS_MAX,
    .fields = task_fields,
    .n_fields = TASK_FIELDS,
};

static const struct field fields[] = {
    FIELD(struct programme, 32, title, FK_LINE, N_("Title"), .max = 200,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = WRITE),
    FIELD(struct programme, 33, topic, FK_ENUM, N_("Topic"),
          .choices = check_topic_choices, .flags = F_REQUIRED, .by = WRITE),
    FIELD(struct programme, 34, campaign, FK_REF, N_("Part of the campaign"),
          .ref = "campaign", .flags = F_MORE, .by = WRITE),
    FIELD(struct programme, 35, from_on, FK_DAY, N_("From"),
          .flags = F_REQUIRED, .by = WRITE),
    FIELD(struct programme, 36, to_on, FK_DAY, N_("Until"), .flags = F_REQUIRED,
          .example = "+60", .by = WRITE),
    FIELD(struct programme, 37, basis, FK_TEXT, N_("Basis"), .max = 2000,
          .by = WRITE),
    FIELD(struct programme, 38, requirement, FK_TEXT, N_("What is required"),
          .max = 4000, .flags = F_SEARCH, .by = WRITE),
    FIELD(struct programme, 39, tasks, FK_PARTS, N_("Tasks of every school"),
          .parts = &programme_tasks, .example = "", .by = WRITE),
    FIELD(struct programme, 40, report, FK_TEXT, N_("Closing report (English)"),
          .max = 8000, .flags = F_SEARCH, .by = "close", .needed = "close",
          .instead = "report_zh",
          .hint = N_("\"Draft the closing report\" writes it from the data; "
                     "change what you like")),
    FIELD(struct programme, 41, files, FK_FILES, N_("Signed original"),
          .max = 9, .by = "draft edit start close"),
    FIELD(struct programme, 42, started_on, FK_DAY, N_("Started on"),
          .flags = F_HIDDEN),
    FIELD(struct programme, 43, closed_on, FK_DAY, N_("Closed on"),
          .flags = F_HIDDEN),
    FIELD(struct programme, 44, figures, FK_TEXT, N_("Figures"), .max = 400000,
          .flags = F_HIDDEN | F_APART),
    FIELD(struct programme, 45, as_of, FK_TIME, N_("Figures taken"),
          .flags = F_HIDDEN),
    FIELD(struct programme, 46, report_zh, FK_TEXT,
          N_("Closing report (Chinese)"), .max = 8000, .flags = F_SEARCH,
          .by = "close"),
};

static const struct state states[] = {
    { PR_DRAFT, "draft", N_("draft"), N_("draft"), ST_OPEN },
    { PR_RUNNING, "running", N_("running"), N_("running"), ST_OPEN },
    { PR_CLOSED, "closed", N_("closed"), N_("closed"), ST_END },
    { PR_DROPPED, "dropped", N_("dropped"), N_("dropped"), ST_END },
};

static bool
check_dates(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct programme *p = rec;

    (void)c;
    return p->to_on >= p->from_on ||
           err_set(e, ERR_INVALID, "to_on", "It ends before it begins");
}

static bool
check_start(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct programme *p = rec;

    if (parts_count(p->tasks) == 0)
        return err_set(e, ERR_INVALID, "tasks",
                       "Say what every school does: add the tasks first");
    return p->to_on >= c->today ||
           err_set(e, ERR_INVALID, "to_on", "That time is over already");
}

static void
apply_start(void *rec, const struct step_ctx *c)
{
    ((struct programme *)rec)->started_on = c->today;
}

static void
apply_close(void *rec, const struct step_ctx *c)
{
    ((struct programme *)rec)->closed_on = c->today;
}

/* The times of a task are spread over the time there is. */
static bool
plan_task(const struct programme *p, const struct task *t, size_t school,
          const struct step_ctx *c, follow_fn *fn, void *arg, struct err *e)
{
    int64_t times = t->times > 0 ? t->times : 1;
    int64_t first = p->from_on > c->today ? p->from_on : c->today;
    int64_t last = t->due_on != 0 ? t->due_on : p->to_on;

    if (last < first)
        last = first;
    for (int64_t i = 0; i < times; i++) {
        struct follow f = { .ledger = &inspection_ledger,
                            .org = c->school[school],
                            .verb = "plan" };

        follow_i64(&f, "checklist", t->checklist, c->arena);
        follow_i64(&f, "programme", p->r.id, c->arena);
        follow_i64(&f, "task", t->id, c->arena);
        follow_add(&f, "kind", STR("task"));
        follow_i64(&f, "responsible", c->chief[school], c->arena);
        follow_day(&f, "planned_on", first + (last - first) * i / times,
                   c->arena);
        follow_day(&f, "due_on", first + (last - first) * (i + 1) / times,
                   c->arena);
        if (!fn(&f, arg, e))
            return false;
    }
    return true;
}

static bool
follow(const void *rec, const struct step *s, const struct step_ctx *c,
       follow_fn *fn, void *arg, struct err *e)
{
    const struct programme *p = rec;
    struct task *t;
    size_t n;

    if (strcmp(s->verb, "start") != 0)
        return true;
    if (!parts_read(&programme_tasks, p->tasks, c->arena, &t, &n, e))
        return false;
    for (size_t i = 0; i < c->n_school; i++)
        for (size_t k = 0; k < n; k++)
            if (!plan_task(p, &t[k], i, c, fn, arg, e))
                return false;
    return true;
}

/* clang-format off */
static const struct step steps[] = {
    { "draft", N_("Draft a programme"), IN(ST_NONE), PR_DRAFT, R_MANAGE | R(INSPECTOR), S_MAIN, "C4",
      N_("Its tasks are added, then it starts"), .check = check_dates },
    { "edit", N_("Change"), IN(PR_DRAFT), STAY, R_MANAGE | R(INSPECTOR), 0, "C4",
      N_("The old values stay in the history"), .check = check_dates },
    { "start", N_("Start the programme"), IN(PR_DRAFT), PR_RUNNING, R_HEAD, S_MAIN, "C4",
      N_("Every school gets its inspections; the board shows how far each is"), .check = check_start, .apply = apply_start },
    { "compose", N_("Draft the closing report"), IN(PR_RUNNING), STAY, R_HEAD, S_MAIN | S_GIVEN, "C4",
      N_("The figures are taken as they stand now, and a text is written from them in both languages. You change it, then close") },
    { "close", N_("Close with a report"), IN(PR_RUNNING), PR_CLOSED, R_HEAD, S_MAIN, "C4",
      N_("It stays readable with the figures that were taken; hazards that are open go on"), .apply = apply_close },
    { "drop", N_("Drop the draft"), IN(PR_DRAFT), PR_DROPPED, R_MANAGE | R(INSPECTOR), S_DANGER, "C4",
      N_("It stays readable and never starts") },
};
/* clang-format on */

static const struct right rights[] = {
    { "read", R_READ },
    { "export", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
};

const struct ledger programme_ledger = {
    .name = "programme",
    .tag = 28,
    .title = N_("Special rectifications"),
    .title_one = N_("Special rectification"),
    .purpose = N_("Putting one topic right at every school"),
    .keep = "keep.work",
    .flags = L_SHARED,
    .under = "inspection",
    LEDGER_TABLES(struct programme, fields, states, steps, rights),
    .list = "title topic from_on to_on org",
    .filter = "org state topic",
    .follow = follow,
};
