#include "domain/notice.h"
#include "domain/hazard.h"

#define WRITE  "draft edit"
#define ABOVE  (R(DISTRICT_OFFICER) | R(INSPECTOR))
#define ISSUER (ABOVE | R(PRINCIPAL))

static const struct choice services[] = {
    { SERVED_SIGNED, "signed", N_("received and signed") },
    { SERVED_REFUSED, "refused", N_("receipt refused, before a witness") },
    { SERVED_LEFT, "left", N_("left at the place, before a witness") },
    { 0 },
};

static const struct choice sides[] = {
    { SIDE_SCHOOL, "school", N_("the school itself") },
    { SIDE_ABOVE, "above", N_("the district") },
    { 0 },
};

static const struct field fields[] = {
    FIELD(struct notice, 32, title, FK_LINE, N_("Title"), .max = 200,
          .flags = F_REQUIRED | F_NAME | F_SEARCH, .by = WRITE,
          .preset = N_("Notice to rectify safety hazards")),
    FIELD(struct notice, 33, inspected_on, FK_DAY, N_("Inspected on"),
          .flags = F_REQUIRED, .preset = PRESET_TODAY, .by = WRITE),
    FIELD(struct notice, 34, inspected_at, FK_LINE, N_("Inspected where"),
          .max = 200, .by = WRITE),
    FIELD(struct notice, 35, problems, FK_TEXT, N_("Problems found"),
          .example = "", .max = 6000, .flags = F_SEARCH, .by = WRITE,
          .hint = N_("Hazards of the ledger are added after saving; here what "
                     "is in no ledger")),
    FIELD(struct notice, 36, clause, FK_LINE, N_("Clause violated"), .max = 300,
          .by = WRITE),
    FIELD(struct notice, 37, requirement, FK_TEXT, N_("What is required"),
          .max = 4000, .by = WRITE, .needed = "issue"),
    FIELD(struct notice, 38, deadline, FK_DAY, N_("Deadline"), .by = WRITE,
          .example = "+14", .needed = "issue"),
    FIELD(struct notice, 39, inspectors, FK_LINE, N_("Two inspectors"),
          .max = 120, .flags = F_PERSONAL, .by = WRITE, .needed = "issue",
          .see = SEE_NAMES),
    FIELD(struct notice, 40, previous, FK_REF, N_("In place of the notice"),
          .ref = "notice", .flags = F_MORE, .by = WRITE),
    FIELD(struct notice, 41, doc_no, FK_LINE, N_("Document number"), .max = 80,
          .flags = F_SEARCH, .by = "issue number renumber",
          .needed = "number renumber"),
    FIELD(struct notice, 42, issued_on, FK_DAY, N_("Issued on"),
          .flags = F_HIDDEN),
    FIELD(struct notice, 43, issuer, FK_REF, N_("Issued by"), .ref = "person",
          .flags = F_HIDDEN),
    FIELD(struct notice, 44, code, FK_LINE, N_("Check code"), .max = 64,
          .flags = F_HIDDEN | F_MACHINE),
    FIELD(struct notice, 45, served, FK_ENUM, N_("How it was received"),
          .choices = services, .by = "serve", .needed = "serve"),
    FIELD(struct notice, 46, served_on, FK_DAY, N_("Received on"),
          .preset = PRESET_TODAY, .by = "serve", .needed = "serve"),
    FIELD(struct notice, 47, receiver, FK_LINE, N_("Who received it"),
          .example = "The school's office", .max = 60, .flags = F_PERSONAL,
          .by = "serve", .see = SEE_NAMES),
    FIELD(struct notice, 48, witness, FK_LINE, N_("Witness"), .max = 60,
          .flags = F_PERSONAL, .by = "serve", .see = SEE_NAMES),
    FIELD(struct notice, 49, situation, FK_TEXT,
          N_("Receipt part: what was done"), .max = 4000, .by = "reply",
          .needed = "reply"),
    FIELD(struct notice, 50, replied_by, FK_LINE, N_("Answered by"), .max = 60,
          .flags = F_PERSONAL, .by = "reply", .needed = "reply",
          .see = SEE_NAMES),
    FIELD(struct notice, 51, replied_on, FK_DAY, N_("Answered on"),
          .flags = F_HIDDEN),
    FIELD(struct notice, 52, opinion, FK_TEXT, N_("Opinion of the re-check"),
          .max = 2000, .by = "recheck second", .needed = "recheck"),
    FIELD(struct notice, 53, referred_to, FK_LINE, N_("Referred to"),
          .max = 120, .by = "refer", .needed = "refer"),
    FIELD(struct notice, 54, files, FK_FILES, N_("Signed paper"), .max = 9,
          .by = "issue serve reply original"),
    FIELD(struct notice, 55, step_due, FK_TIME, N_("Next step due"),
          .flags = F_HIDDEN | F_MACHINE),
    FIELD(struct notice, 56, inspection, FK_REF, N_("Found by the inspection"),
          .ref = "inspection", .flags = F_HIDDEN),
    FIELD(struct notice, 57, hazards, FK_LINE, N_("Hazards when issued (ids)"),
          .max = NOTICE_HAZARDS_MAX, .flags = F_HIDDEN | F_MACHINE),
    FIELD(struct notice, 58, side, FK_ENUM, N_("On the part of"),
          .choices = sides, .flags = F_HIDDEN),
};

static const struct state states[] = {
    { NT_DRAFT, "draft", N_("draft"), N_("draft"), ST_OPEN },
    { NT_ISSUED, "issued", N_("issued"), N_("issued"), ST_OPEN },
    { NT_SERVED, "served", N_("served"), N_("served"), ST_OPEN },
    { NT_REPLIED, "replied", N_("answered"), N_("answered"), ST_OPEN },
    { NT_CLOSED, "closed", N_("re-checked"), N_("re-checked"), ST_END },
    { NT_REPLACED, "replaced", N_("replaced by a second notice"),
      N_("replaced"), ST_END },
    { NT_REFERRED, "referred", N_("referred"), N_("referred"), ST_END },
    { NT_DROPPED, "dropped", N_("dropped"), N_("dropped"), ST_END },
};

/* What is not known to be the school's own is not the school's to judge. */
static bool
from_school(const void *rec)
{
    return ((const struct notice *)rec)->side == SIDE_SCHOOL;
}

static bool
from_above(const void *rec)
{
    return !from_school(rec);
}

/* The number is given by hand, often after the issue: once, then it is only
 * corrected. */
static bool
above_unnumbered(const void *rec)
{
    return from_above(rec) && ((const struct notice *)rec)->doc_no.n == 0;
}

static bool
school_unnumbered(const void *rec)
{
    return from_school(rec) && ((const struct notice *)rec)->doc_no.n == 0;
}

static bool
above_numbered(const void *rec)
{
    return from_above(rec) && ((const struct notice *)rec)->doc_no.n > 0;
}

static bool
school_numbered(const void *rec)
{
    return from_school(rec) && ((const struct notice *)rec)->doc_no.n > 0;
}

static int64_t
side_of(const struct step_ctx *c)
{
    return (c->roles & ABOVE) != 0 ? SIDE_ABOVE : SIDE_SCHOOL;
}

static bool
is_comma(int32_t c)
{
    return c == ',' || c == ';' || c == '/' || c == L'、' || c == L'，' ||
           c == L'；';
}

/* A blank stands between names only where no name has one within: Teacher Li
 * is one person. */
static bool
needs_comma(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        int32_t c = utf8_next(s, &at);

        if (is_comma(c) || (c >= 'A' && c <= 'z'))
            return true;
    }
    return false;
}

size_t
notice_inspectors(struct str s, struct str *names, size_t max)
{
    const bool commas = needs_comma(s);
    size_t n = 0, from = 0;

    for (size_t at = 0, was = 0; was < s.n && n < max; was = at) {
        int32_t c = utf8_next(s, &at);
        bool between = commas ? is_comma(c) : c == ' ' || c == 0x3000;
        struct str one =
            str_trim(str_cut(s, from, !between && at >= s.n ? at : was));

        if (!between && at < s.n)
            continue;
        if (one.n > 0)
            names[n++] = one;
        from = at;
    }
    return n;
}

static bool
check_issue(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct notice *n = rec;
    struct str names[2];

    if (n->deadline <= c->today)
        return err_set(e, ERR_INVALID, "deadline",
                       "The deadline lies in the past");
    return (n->side == SIDE_SCHOOL && side_of(c) == SIDE_SCHOOL) ||
           notice_inspectors(n->inspectors, names, 2) == 2 ||
           err_set(e, ERR_INVALID, "inspectors",
                   "Two inspectors sign such a notice: name both, for example "
                   "\"Teacher Li, Teacher Wang\"");
}

static bool
check_serve(const void *rec, const struct step_ctx *c, struct err *e)
{
    const struct notice *n = rec;

    if (n->served_on > c->today || n->served_on < n->issued_on)
        return err_set(e, ERR_INVALID, "served_on",
                       "That day does not lie between the issue and today");
    if (n->served == SERVED_SIGNED && n->receiver.n == 0)
        return err_set(e, ERR_INVALID, "receiver", "Say who received it");
    return n->served == SERVED_SIGNED || n->witness.n > 0 ||
           err_set(e, ERR_INVALID, "witness",
                   "Refused or left: name the witness");
}

static void
apply_draft(void *rec, const struct step_ctx *c)
{
    struct notice *n = rec;

    if (n->side == 0) /* a second one has the first one's */
        n->side = side_of(c);
}

static void
apply_issue(void *rec, const struct step_ctx *c)
{
    struct notice *n = rec;

    n->issued_on = c->today;
    n->issuer = c->person;
    if (side_of(c) == SIDE_ABOVE)
        n->side = SIDE_ABOVE;
    if (n->code.n == 0)
        n->code = ctx_random_hex(c);
}

static void
apply_reply(void *rec, const struct step_ctx *c)
{
    ((struct notice *)rec)->replied_on = c->today;
}

/* clang-format off */
/* Who decides about a notice is who stands for its issuer: a row for those from
 * above, and one for a school's own, which .own may take too. */
#define BY_ISSUER(v, lbl, in, out, own, ...) \
    { .verb = v, .label = lbl, .from = in, .to = out, .roles = ABOVE, .source = "B7", .fits = from_above, __VA_ARGS__ }, \
    { .verb = v, .label = lbl, .from = in, .to = out, .roles = own, .source = "B7", .fits = from_school, __VA_ARGS__ }

static const struct step steps[] = {
    { "draft", N_("Draft a notice"), IN(ST_NONE), NT_DRAFT, ISSUER | R_MANAGE, S_MAIN, "B7",
      N_("Hazards are added, then it is signed and issued"), .apply = apply_draft },
    BY_ISSUER("edit", N_("Change"), IN(NT_DRAFT), STAY, ISSUER | R_MANAGE,
      .then = N_("The old values stay in the history")),
    BY_ISSUER("issue", N_("Sign and issue"), IN(NT_DRAFT), NT_ISSUED, ISSUER, .flags = S_MAIN | S_SIGN,
      .then = N_("It is printed, handed over, and the receipt is entered"), .check = check_issue, .apply = apply_issue),
    BY_ISSUER("drop", N_("Drop the draft"), IN(NT_DRAFT), NT_DROPPED, ISSUER | R_MANAGE, .flags = S_DANGER | S_COMMENT,
      .then = N_("It stays readable and is never issued")),
    { "serve", N_("Enter the receipt"), IN(NT_ISSUED), NT_SERVED, ISSUER | R_MANAGE, S_MAIN, "B7",
      N_("The school rectifies and answers by the deadline"), .check = check_serve },
    { "reply", N_("Answer the notice"), IN(NT_SERVED), NT_REPLIED, R_MANAGE, S_MAIN, "B7",
      N_("Who issued it checks again"), .apply = apply_reply },
    BY_ISSUER("recheck", N_("Re-checked: in order"), IN(NT_REPLIED), NT_CLOSED, ISSUER, .flags = S_MAIN,
      .then = N_("It is closed")),
    BY_ISSUER("second", N_("Replace by a second notice"), IN(NT_SERVED) | IN(NT_REPLIED), STAY, ISSUER, .flags = S_COMMENT,
      .then = N_("A second notice is drafted with the hazards that are still open; once it is signed and issued, it stands in the place of this one")),
    { "replaced", N_("Replaced by a second notice"), IN(NT_SERVED) | IN(NT_REPLIED), NT_REPLACED, R(SYSTEM), S_QUIET, "B7" },
    { "number", N_("Enter the document number"), NT_OUT, STAY, ABOVE, 0, "N14",
      N_("It stands on the record, its paper and the page that its QR code leads to"), .fits = above_unnumbered },
    { "number", N_("Enter the document number"), NT_OUT, STAY, ISSUER | R_MANAGE, 0, "N14",
      N_("It stands on the record, its paper and the page that its QR code leads to"), .fits = school_unnumbered },
    { "renumber", N_("Correct the document number"), NT_OUT, STAY, ABOVE, S_COMMENT, "N14",
      N_("The old number and the reason stay in the history"), .fits = above_numbered },
    { "renumber", N_("Correct the document number"), NT_OUT, STAY, ISSUER | R_MANAGE, S_COMMENT, "N14",
      N_("The old number and the reason stay in the history"), .fits = school_numbered },
    BY_ISSUER("refer", N_("Refer to another office"), IN(NT_SERVED) | IN(NT_REPLIED), NT_REFERRED, ISSUER, .flags = S_COMMENT | S_DANGER,
      .then = N_("That office goes on; the hazards stay open here")),
    { "original", N_("Add the signed paper"), NT_OUT, STAY, ISSUER | R_MANAGE, 0, "N14",
      N_("The photograph is kept as the attached original") },
};
/* clang-format on */

/* Rules: notice.serve_within, notice.reply_within (house defaults). */
static void
settle(void *rec, const struct step_ctx *c)
{
    struct notice *n = rec;
    const struct notice *was = c->before;
    const char *rule = n->r.state == NT_ISSUED    ? "notice.serve_within"
                       : n->r.state == NT_SERVED  ? "notice.reply_within"
                       : n->r.state == NT_REPLIED ? "notice.recheck_within"
                                                  : NULL;

    if (was != NULL && was->r.state == n->r.state)
        return;
    n->step_due = rule != NULL ? rules_due(c->rules, rule, c->now) : 0;
    n->r.due_rule =
        rule != NULL ? rules_name(c->rules, c->arena, rule) : STR("");
    n->r.due_at = n->step_due;
    n->r.escalated = 0;
}

/* The second notice says what the first one said, but for the deadline, and
 * takes over what is still open. */
static bool
draft_second(const struct notice *n, const struct step_ctx *c, follow_fn *fn,
             void *arg, struct err *e)
{
    static const char *const copied = "title inspected_at problems clause "
                                      "requirement inspectors inspection side";
    int64_t second = 0;
    struct follow f = {
        .ledger = &notice_ledger,
        .org = n->r.org,
        .verb = "draft",
        .made = &second,
        .unless = { .id = n->r.id, .states = NT_STANDING, .own = "previous" }
    };
    struct follow put = { .ledger = &hazard_ledger,
                          .verb = "put_on_notice",
                          .optional = true,
                          .ids = n->hazards };
    struct str rest = str_of(copied), name;

    while (str_split(&rest, ' ', &name))
        follow_copy(&f, ledger_field(&notice_ledger, name), n, c->arena);
    follow_day(&f, "inspected_on", c->today, c->arena);
    follow_i64(&f, "previous", n->r.id, c->arena);
    if (!fn(&f, arg, e))
        return false;
    if (n->hazards.n == 0) { /* issued before the list was kept */
        put.each = "notice";
        put.each_id = n->r.id;
    }
    follow_i64(&put, "notice", second, c->arena);
    return fn(&put, arg, e);
}

/* A second notice that is issued replaces the first; one that is dropped gives
 * it back what it took. */
static bool
follow(const void *rec, const struct step *s, const struct step_ctx *c,
       follow_fn *fn, void *arg, struct err *e)
{
    const struct notice *n = rec;
    struct follow replace = { .ledger = &notice_ledger,
                              .id = n->previous,
                              .verb = "replaced",
                              .optional = true };
    struct follow back = { .ledger = &hazard_ledger,
                           .verb = "put_on_notice",
                           .optional = true,
                           .each = "notice",
                           .each_id = n->r.id };

    if (strcmp(s->verb, "second") == 0)
        return draft_second(n, c, fn, arg, e);
    if (n->previous == 0)
        return true;
    if (strcmp(s->verb, "issue") == 0)
        return fn(&replace, arg, e);
    if (strcmp(s->verb, "drop") != 0)
        return true;
    follow_i64(&back, "notice", n->previous, c->arena);
    return fn(&back, arg, e);
}

bool
notice_holds(const struct notice *n, int64_t hazard)
{
    struct str rest = n->hazards, one;
    int64_t id;

    while (rest.n > 0 && str_split(&rest, ',', &one))
        if (str_i64(one, &id) && id == hazard)
            return true;
    return false;
}

static const struct right rights[] = {
    { "read", R_MANAGE | R(INSPECTOR) | R(AUDITOR) | R(LOGISTICS) },
    { "export", R_MANAGE | R(INSPECTOR) | R(AUDITOR) },
};

const struct ledger notice_ledger = {
    .name = "notice",
    .tag = 21,
    .code = "TZ",
    .title = N_("Notices"),
    .title_one = N_("Rectification notice"),
    .purpose = N_("Ordering rectification, with receipt"),
    .keep = "keep.hazard",
    .flags = L_NUMBERED,
    LEDGER_TABLES(struct notice, fields, states, steps, rights),
    .list = "title org issued_on deadline state",
    .taken = "doc_no served served_on replied_on",
    .filter = "org state",
    .children = "hazard notice put_on_notice",
    .settle = settle,
    .follow = follow,
};
