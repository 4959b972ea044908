#include "domain/hazard_life.h"

#define OPEN                                                                   \
    (IN(HZ_REPORTED) | IN(HZ_GRADED) | IN(HZ_ORDERED) | IN(HZ_PLANNED) |       \
     IN(HZ_RECTIFYING) | IN(HZ_SUBMITTED) | IN(HZ_ACCEPTED) |                  \
     IN(HZ_REFERRED) | IN(HZ_STANDING))
#define ENDED      (IN(HZ_CLOSED) | IN(HZ_NOT_HAZARD) | IN(HZ_DUPLICATE))
#define TO_RECTIFY (OPEN & ~(IN(HZ_SUBMITTED) | IN(HZ_ACCEPTED)))
#define WORK       (R_MANAGE | R(ANSWERS) | R(LOGISTICS))

static bool
is_major(const void *rec)
{
    return ((const struct hazard *)rec)->grade == GRADE_MAJOR;
}

static bool
is_general(const void *rec)
{
    return !is_major(rec);
}

/* Somebody without an account holds a receipt for it. */
static bool
is_public(const void *rec)
{
    return ((const struct rec *)rec)->created_by == PERSON_PUBLIC;
}

static bool
ext_asked(const void *rec)
{
    return ((const struct hazard *)rec)->ext_state == EXT_ASKED;
}

static bool
ext_not_asked(const void *rec)
{
    return !ext_asked(rec);
}

static bool
to_approve(const void *rec)
{
    return is_major(rec) && ((const struct hazard *)rec)->approved_at == 0;
}

static bool
to_report_up(const void *rec)
{
    return is_major(rec) && ((const struct hazard *)rec)->reported_up_at == 0;
}

static bool
to_receive_up(const void *rec)
{
    const struct hazard *h = rec;

    return h->reported_up_at != 0 && h->up_received_at == 0;
}

static bool
check_somewhere(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;

    if (h->place == 0 && h->place_text.n == 0)
        return err_set(e, ERR_INVALID, "place_text",
                       "Say where it is: choose a place or write it down");
    if (h->found_on > c->today)
        return err_set(e, ERR_INVALID, "found_on",
                       "The day it was found lies in the future");
    return true;
}

/* Reported and fixed in one step: what was done, and how it looks now. */
static bool
check_report(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;

    if (h->situation.n > 0 && h->photos_after.n == 0)
        return err_set(e, ERR_INVALID, "photos_after",
                       "What was put right on the spot is shown by a "
                       "photograph of how it looks now");
    if (h->photos_after.n > 0 && h->situation.n == 0)
        return err_set(e, ERR_INVALID, "situation",
                       "Say what was done to put it right");
    return check_somewhere(rec, c, e);
}

static bool
check_fix(const void *rec, const struct step_ctx *c, struct err *e)
{
    (void)c;
    if (is_major(rec))
        return err_set(e, ERR_CONFLICT, "grade",
                       "A major hazard cannot be fixed on the spot: it needs "
                       "a plan");
    return true;
}

static bool
check_grade(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;

    (void)c;
    if (h->grade == GRADE_MAJOR && h->clause.n == 0)
        return err_set(e, ERR_INVALID, "clause",
                       "A major hazard is graded by a clause: name it");
    return true;
}

static bool
check_someone(const struct hazard *h, struct err *e)
{
    if (h->responsible == 0 && h->responsible_unit.n == 0 && h->firm.n == 0 &&
        h->contractor.n == 0)
        return err_set(e, ERR_INVALID, "responsible",
                       "Name who is responsible: a person, a unit or a "
                       "contractor");
    return true;
}

static bool
check_deadline(const struct hazard *h, const struct step_ctx *c, struct err *e)
{
    if (h->deadline < c->today)
        return err_set(e, ERR_INVALID, "deadline",
                       "The deadline lies in the past");
    return true;
}

static bool
check_assign(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;

    return check_someone(h, e) && check_deadline(h, c, e);
}

static bool
check_plan(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;
    const struct {
        struct str s;
        const char *field;
    } six[] = { { h->plan_goal, "plan_goal" },
                { h->plan_means, "plan_means" },
                { h->plan_duty, "plan_duty" },
                { h->plan_time, "plan_time" } };

    if (!check_someone(h, e) || !check_deadline(h, c, e))
        return false;
    if (h->funds_need != FUNDS_NONE && h->funds == 0)
        return err_set(e, ERR_INVALID, "funds",
                       "Say how much money it takes, or that none is needed");
    for (size_t i = 0; is_major(rec) && i < N_OF(six); i++)
        if (six[i].s.n == 0)
            return err_set(e, ERR_INVALID, six[i].field,
                           "The plan of a major hazard has six parts: this "
                           "one is missing");
    return true;
}

static bool
check_start(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;

    (void)c;
    if (is_major(rec) && h->approved_at == 0)
        return err_set(e, ERR_CONFLICT, "approved_at",
                       "The plan of a major hazard must be approved first. "
                       "Temporary control can be recorded at any time");
    if (is_major(rec) && h->reported_up_at == 0)
        return err_set(e, ERR_CONFLICT, "reported_up_at",
                       "A major hazard must be reported upward first. "
                       "Temporary control can be recorded at any time");
    return true;
}

static bool
check_extension(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;

    (void)c;
    if (h->ext_day <= h->deadline)
        return err_set(e, ERR_INVALID, "ext_day",
                       "The new deadline must be later than the old one");
    return true;
}

static bool
check_reopen(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;
    int64_t until = rules_due(c->rules, "hazard.reopen_within", h->closed_at);

    if (until != 0 && h->closed_at != 0 && c->now > until)
        return err_set(e, ERR_CONFLICT, "closed_at",
                       "It was closed too long ago to be re-opened: report a "
                       "new hazard");
    return h->deadline == 0 || check_deadline(h, c, e);
}

static bool
check_close(const void *rec, const struct step_ctx *c, struct err *e)
{
    (void)c;
    if (hazard_is_listed(rec))
        return err_set(e, ERR_CONFLICT, "listing",
                       "It is listed for supervision: delist it first");
    return true;
}

static bool
check_duplicate(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct hazard *h = rec;

    (void)c;
    if (h->duplicate_of == h->r.id)
        return err_set(e, ERR_INVALID, "duplicate_of",
                       "A hazard cannot be a duplicate of itself");
    return true;
}

static void
apply_assign(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    if (h->grade == 0)
        h->grade = GRADE_GENERAL;
    if (h->funds_need == 0)
        h->funds_need = FUNDS_NONE;
    if (h->started_at == 0)
        h->started_at = c->now;
}

static void
apply_plan(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    (void)c; /* a changed plan is approved anew */
    h->approved_at = h->approved_by = 0;
}

static void
apply_approve(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->approved_at = c->now;
    h->approved_by = c->person;
}

static void
apply_report_up(void *rec, const struct step_ctx *c)
{
    ((struct hazard *)rec)->reported_up_at = c->now;
}

static void
apply_receive_up(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->up_received_at = c->now;
    h->up_received_by = c->person;
}

static void
apply_start(void *rec, const struct step_ctx *c)
{
    ((struct hazard *)rec)->started_at = c->now;
}

static void
apply_submit(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->rectified_by = c->person;
    h->submitted_at = c->now;
    if (h->finished_on == 0)
        h->finished_on = c->today;
}

static void
apply_fix(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    apply_assign(rec, c);
    apply_submit(rec, c);
    h->on_spot = 1;
}

static void
apply_report(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    if (h->found_on == 0)
        h->found_on = h->r.occurred_at != 0
                          ? zone_day(c->rules->zone, h->r.occurred_at)
                          : c->today;
    if (h->finder == 0 && c->person != PERSON_PUBLIC)
        h->finder = c->person;
    if (h->situation.n > 0) {
        apply_fix(rec, c);
        h->r.state = HZ_SUBMITTED;
    }
}

static void
apply_accept(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->acceptor = c->person;
    h->accepted_at = c->now;
    if (h->r.state == HZ_CLOSED)
        h->closed_at = c->now;
}

static void
apply_reject(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    (void)c;
    h->rejected++;
    h->submitted_at = h->finished_on = 0;
    h->on_spot = 0;
}

static void
apply_close(void *rec, const struct step_ctx *c)
{
    ((struct hazard *)rec)->closed_at = c->now;
}

/* Who ruled it out stays known when it is objected to, and so do those before:
 * see .other below. Without room, a hundred others have decided since. */
static void
apply_rule_out(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;
    struct str all = arena_i64(c->arena, h->decided_by);

    apply_close(rec, c);
    if (h->ruled_out.n > 0)
        all = arena_printf(c->arena, "%.*s,%.*s", STR_ARG(h->ruled_out),
                           STR_ARG(all));
    if (h->decided_by != 0 && all.n <= RULED_OUT_MAX)
        h->ruled_out = all;
    h->decided_by = c->person;
}

static void
apply_object(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    (void)c;
    h->closed_at = 0;
    h->duplicate_of = 0;
}

static void
apply_reopen(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;
    const struct hazard *was = c->before;

    h->reopened++;
    h->closed_at = h->accepted_at = h->acceptor = 0;
    h->submitted_at = h->finished_on = h->on_spot = 0;
    if (h->deadline == was->deadline)
        h->deadline =
            zone_day(c->rules->zone,
                     rules_due(c->rules, "hazard.rectify_within", c->now) - 1);
}

static void
apply_ask(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    h->ext_state = EXT_ASKED;
    h->ext_by = c->person;
}

static void
apply_grant(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;

    (void)c;
    h->ext_state = EXT_GRANTED;
    h->deadline = h->ext_day;
    h->extensions++;
}

static void
apply_refuse(void *rec, const struct step_ctx *c)
{
    (void)c;
    ((struct hazard *)rec)->ext_state = EXT_REFUSED;
}

static void
apply_recheck(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;
    const struct hazard *was = c->before;

    if (h->recheck_on <= c->today || h->recheck_on == was->recheck_on)
        h->recheck_on =
            zone_day(c->rules->zone,
                     rules_due(c->rules, "hazard.recheck_every", c->now) - 1);
}

/* clang-format off */
/* Making safe comes first: control may be recorded by anybody, always. */
const struct step hazard_steps[HAZARD_STEPS] = {
    { "report", N_("Report a hazard"), IN(ST_NONE), HZ_REPORTED, R_STAFF | R(PUBLIC), S_MAIN, "B1",
      N_("The safety manager verifies and grades it"),
      .check = check_report, .apply = apply_report },
    { "import", N_("Bring over"), IN(ST_NONE), ANY, R_MANAGE, S_QUIET, "B11", NULL },
    { "fix", N_("Fix on the spot"), IN(HZ_REPORTED) | IN(HZ_GRADED), HZ_SUBMITTED, R_STAFF, 0, "B4",
      N_("Somebody else confirms it"),
      .check = check_fix, .apply = apply_fix, .fits = is_general },
    { "grade", N_("Verify and grade"), IN(HZ_REPORTED) | IN(HZ_GRADED), HZ_GRADED, R_MANAGE | R(INSPECTOR), 0, "B3",
      N_("It is assigned, or for a major one ordered and planned"),
      .check = check_grade },
    { "assign", N_("Assign"), IN(HZ_REPORTED) | IN(HZ_GRADED), HZ_RECTIFYING, R_MANAGE, S_MAIN, "B2",
      N_("The responsible person rectifies it by the deadline and submits it"),
      .check = check_assign, .apply = apply_assign, .fits = is_general },
    { "order", N_("Order rectification"), IN(HZ_GRADED), HZ_ORDERED, R_MANAGE | R(INSPECTOR), S_MAIN, "B2",
      N_("The responsible person makes the plan"), .check = check_assign },
    { "plan", N_("Write the plan"), IN(HZ_GRADED) | IN(HZ_ORDERED) | IN(HZ_PLANNED), HZ_PLANNED, WORK, S_MAIN, "B2",
      N_("A major one is approved and reported upward, then work starts"),
      .check = check_plan, .apply = apply_plan },
    { "approve", N_("Approve the plan"), IN(HZ_PLANNED), STAY, R_HEAD, S_MAIN | S_SIGN, "B2",
      N_("Work may start"), .apply = apply_approve, .fits = to_approve },
    { "report_up", N_("Report upward"), IN(HZ_GRADED) | IN(HZ_ORDERED) | IN(HZ_PLANNED) | IN(HZ_RECTIFYING), STAY, R_MANAGE, 0, "B2",
      N_("The district confirms the receipt"), .apply = apply_report_up, .fits = to_report_up },
    { "receive_up", N_("Confirm receipt of the report"), OPEN, STAY, R_DISTRICT, 0, "B2",
      N_("The school sees that the report has arrived"), .apply = apply_receive_up, .fits = to_receive_up },
    { "start", N_("Start work"), IN(HZ_PLANNED), HZ_RECTIFYING, WORK, S_MAIN, "B2",
      N_("The responsible person rectifies it by the deadline and submits it"),
      .check = check_start, .apply = apply_start },
    { "submit", N_("Submit as rectified"), IN(HZ_RECTIFYING), HZ_SUBMITTED, WORK, S_MAIN, "B4",
      N_("Somebody other than who rectified it accepts or rejects it"), .apply = apply_submit },
    { "accept", N_("Accept"), IN(HZ_SUBMITTED), HZ_CLOSED, R_MANAGE | R(INSPECTOR), S_MAIN | S_TOGETHER, "B4",
      N_("It is closed"), .other = "rectified_by", .apply = apply_accept, .fits = is_general },
    { "accept", N_("Accept"), IN(HZ_SUBMITTED), HZ_ACCEPTED, R_HEAD | R(INSPECTOR), S_MAIN | S_TOGETHER, "B4",
      N_("It is closed after a last look"), .other = "rectified_by", .apply = apply_accept, .fits = is_major },
    { "reject", N_("Reject"), IN(HZ_SUBMITTED), HZ_RECTIFYING, R_MANAGE | R(INSPECTOR), S_COMMENT, "B4",
      N_("It returns to the responsible person"), .other = "rectified_by", .apply = apply_reject },
    { "close", N_("Close"), IN(HZ_ACCEPTED), HZ_CLOSED, R_HEAD | R(INSPECTOR), S_MAIN | S_TOGETHER, "B4",
      N_("It leaves the open list; it can be re-opened"), .check = check_close, .apply = apply_close },
    { "reopen", N_("Re-open"), IN(HZ_CLOSED), HZ_RECTIFYING, R_MANAGE | R(INSPECTOR), S_COMMENT, "B6",
      N_("It returns to the responsible person"), .check = check_reopen, .apply = apply_reopen },
    { "ask_extension", N_("Ask for more time"), IN(HZ_RECTIFYING), STAY, WORK, 0, "B6",
      N_("The principal or the district decides; the clock runs on"),
      .check = check_extension, .apply = apply_ask, .fits = ext_not_asked },
    { "grant_extension", N_("Grant the extension"), IN(HZ_RECTIFYING), STAY, R_HEAD, S_MAIN, "B6",
      N_("The new deadline counts"), .other = "ext_by", .apply = apply_grant, .fits = ext_asked },
    { "refuse_extension", N_("Refuse the extension"), IN(HZ_RECTIFYING), STAY, R_HEAD, S_COMMENT, "B6",
      N_("The old deadline stays"), .apply = apply_refuse, .fits = ext_asked },
    { "control", N_("Make safe now"), OPEN, STAY, R_STAFF, S_ANYTIME, "B9",
      N_("Everybody sees what is in force at the place") },
    { "duplicate", N_("Mark as duplicate"), IN(HZ_REPORTED) | IN(HZ_GRADED), HZ_DUPLICATE, R_MANAGE, S_DANGER | S_COMMENT, "B8",
      N_("The reporter is told and may object"), .other = "decided_by ruled_out", .check = check_duplicate, .apply = apply_rule_out },
    { "not_hazard", N_("Mark as no hazard"), IN(HZ_REPORTED) | IN(HZ_GRADED), HZ_NOT_HAZARD, R_MANAGE, S_DANGER | S_COMMENT, "B3",
      N_("The reporter is told and may object"), .other = "decided_by ruled_out", .apply = apply_rule_out },
    { "object", N_("Object"), IN(HZ_NOT_HAZARD) | IN(HZ_DUPLICATE), HZ_REPORTED, R(CREATOR) | R(REPORTER) | R(PUBLIC) | R_DISTRICT, S_COMMENT | S_UP, "B8",
      N_("It is verified again by somebody else; the district sees it"), .apply = apply_object },
    { "ask", N_("Ask the reporter"), OPEN | IN(HZ_NOT_HAZARD) | IN(HZ_DUPLICATE), STAY, R_MANAGE | R(INSPECTOR), S_COMMENT, "M",
      N_("The reporter reads it with the receipt code and may answer"), .fits = is_public },
    { "reply", N_("The reporter's answer"), OPEN | IN(HZ_NOT_HAZARD) | IN(HZ_DUPLICATE), STAY, R(PUBLIC), S_COMMENT | S_QUIET | S_TELL, "M",
      N_("The school reads it"), .fits = is_public },
    { "reword", N_("Put it in your own words"), OPEN | ENDED, STAY, R_MANAGE | R(INSPECTOR), S_COMMENT | S_UP | S_VEIL, "M",
      N_("Staff read your words; what stood there only you and the district do. The reporter is told why"),
      .fits = is_public },
    { "refer", N_("Refer to another office"), IN(HZ_REPORTED) | IN(HZ_GRADED) | IN(HZ_ORDERED) | IN(HZ_RECTIFYING), HZ_REFERRED, R_MANAGE, 0, "B1",
      N_("The answer is chased; the school's control stays in force") },
    { "answer", N_("Enter the answer"), IN(HZ_REFERRED), STAY, R_MANAGE, S_MAIN, "B1",
      N_("Close it by acceptance, or take it back") },
    { "take_back", N_("Take it back into our own work"), IN(HZ_REFERRED) | IN(HZ_STANDING), HZ_GRADED, R_MANAGE, 0, "B1",
      N_("It is assigned or ordered") },
    { "stand", N_("Keep as standing hazard"), IN(HZ_GRADED) | IN(HZ_RECTIFYING) | IN(HZ_REFERRED), HZ_STANDING, R_MANAGE, S_COMMENT, "C6",
      N_("It is looked at again and again, under control"), .apply = apply_recheck },
    { "recheck", N_("Record another look"), IN(HZ_STANDING), STAY, WORK, S_MAIN | S_COMMENT, "C6",
      N_("It will be looked at again"), .apply = apply_recheck },
    { "put_on_notice", N_("Put on the notice"), TO_RECTIFY, STAY, R_MANAGE | R(INSPECTOR), S_QUIET | S_TOGETHER, "B7",
      N_("The notice is signed, issued and handed over"), .check = hazard_check_notice },
    { "edit", N_("Correct"), OPEN, STAY, R_MANAGE | R(CREATOR), 0, "B1",
      N_("The old values stay in the history") },
    /* listing 挂牌督办 stands beside the life: in any open state */
    { "list", N_("List for supervision"), OPEN, STAY, R_DISTRICT, 0, "B5",
      N_("The listing is published"), .check = hazard_check_listing, .apply = hazard_apply_list, .fits = hazard_can_list },
    { "publish", N_("Publish the listing"), OPEN, STAY, R_DISTRICT, S_MAIN, "B5",
      N_("It is rectified by the listing's deadline"), .apply = hazard_apply_publish, .fits = hazard_can_publish },
    { "extend_listing", N_("Extend the listing"), OPEN, STAY, R_DISTRICT, S_COMMENT, "B5",
      N_("The new deadline counts"), .check = hazard_check_listing, .apply = hazard_apply_publish, .fits = hazard_is_listed },
    { "delist", N_("Delist"), IN(HZ_ACCEPTED) | IN(HZ_REFERRED), STAY, R_DISTRICT, S_MAIN, "B5",
      N_("The delisting is published"), .apply = hazard_apply_delist, .fits = hazard_is_listed },
    { "end_listing", N_("Publish the delisting"), OPEN | IN(HZ_CLOSED), STAY, R_DISTRICT, S_MAIN, "B5",
      N_("The listing is over"), .apply = hazard_apply_end_listing, .fits = hazard_can_end_listing },
};
/* clang-format on */

/* The rule that runs in a state, and when it is due. */
static const char *
state_clock(const struct hazard *h, const struct step_ctx *c, int64_t *due)
{
    static const char *const rules[] = {
        [HZ_REPORTED] = "hazard.grade_within",
        [HZ_GRADED] = "hazard.order_within",
        [HZ_ORDERED] = "hazard.plan_within",
        [HZ_PLANNED] = "hazard.start_within",
        [HZ_RECTIFYING] = "hazard.rectify_within",
        [HZ_SUBMITTED] = "hazard.accept_within",
        [HZ_ACCEPTED] = "hazard.close_within",
        [HZ_REFERRED] = "hazard.referral_answer",
        [HZ_STANDING] = "hazard.recheck_every",
    };
    const char *rule =
        (size_t)h->r.state < N_OF(rules) ? rules[h->r.state] : NULL;

    *due = 0;
    if (rule == NULL)
        return NULL;
    if (h->r.state == HZ_RECTIFYING && h->deadline != 0) {
        *due = rules_end_of(c->rules, h->deadline);
        return NULL;
    }
    if (h->r.state == HZ_STANDING && h->recheck_on != 0) {
        *due = rules_end_of(c->rules, h->recheck_on);
        return rule;
    }
    *due = rules_due(c->rules, rule, c->now);
    return rule;
}

void
hazard_settle(void *rec, const struct step_ctx *c)
{
    struct hazard *h = rec;
    const struct hazard *was = c->before;
    const char *rule;

    if (was == NULL || was->r.state != h->r.state ||
        was->deadline != h->deadline || was->recheck_on != h->recheck_on) {
        rule = state_clock(h, c, &h->step_due);
        h->step_rule = rule != NULL       ? rules_name(c->rules, c->arena, rule)
                       : h->step_due != 0 ? STR("deadline")
                                          : STR("");
    }
    h->r.due_at = h->step_due;
    h->r.due_rule = h->step_rule;
    if (h->listing_due != 0 &&
        (h->r.due_at == 0 || h->listing_due < h->r.due_at)) {
        h->r.due_at = h->listing_due;
        h->r.due_rule = h->listing_rule;
    }
    if (was != NULL && was->r.due_at != h->r.due_at)
        h->r.escalated = 0;
}
