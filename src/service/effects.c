#include "service/effects.h"
#include "base/id.h"
#include "domain/login.h"
#include "service/figures.h"
#include "service/notice_hazards.h"
#include "service/rank.h"
#include "service/seal.h"

enum { TOLD_MAX = 20 };

const struct step *
effects_escalate_step(void)
{
    static const struct step s = {
        .verb = "escalate",
        .label = N_("Overdue: told further up"),
        .to = STAY,
        .roles = R(SYSTEM),
        .flags = S_QUIET,
        .source = "B6",
    };

    return &s;
}

/* ---- counters ---------------------------------------------------------- */

static int64_t
month_of(const struct dir *d, int64_t ms)
{
    struct civil c = civil_of(zone_day(d->rules.zone, ms));

    return c.year * 100 + c.month;
}

struct adding {
    struct store *st;
    int64_t tenant, by;
};

static bool
add_count(const struct ledger *l, int64_t org, const char *dim, int64_t v,
          void *arg, struct err *e)
{
    const struct adding *a = arg;

    return QRUN(a->st, COUNT_ADD, e, ARG(a->tenant), ARG((int64_t)l->tag),
                ARG(org), ARG(str_of(dim)), ARG(v), ARG(a->by));
}

/* v of a counted field carries whether the record is open: 2v + open. */
static int64_t
counted_value(const struct ledger *l, const struct field *f, const void *rec)
{
    const struct rec *r = rec;
    const struct state *s = ledger_state(l, r->state);
    int64_t v = *field_i64(f, rec);

    return f->tag == 11 ? v : 2 * v + (s != NULL && (s->flags & ST_OPEN));
}

static bool
count_fields(const struct ledger *l, const void *rec, effects_count_fn *fn,
             void *arg, struct err *e)
{
    struct str rest = str_of(l->count), name;
    const struct rec *r = rec;

    while (l->count != NULL && str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (!fn(l, r->org, f->name, counted_value(l, f, rec), arg, e))
            return false;
    }
    return true;
}

static int64_t
ended_at(const struct ledger *l, const void *rec)
{
    const struct field *f = ledger_field(l, STR("closed_at"));

    return f != NULL ? *field_i64(f, rec) : 0;
}

bool
effects_each_count(const struct dir *d, const struct ledger *l, const void *rec,
                   effects_count_fn *fn, void *arg, struct err *e)
{
    const struct rec *r = rec;
    int64_t end;

    if (l->count == NULL)
        return true;
    if (!count_fields(l, rec, fn, arg, e) ||
        !fn(l, r->org, "made", month_of(d, r->created_at), arg, e))
        return false;
    end = ended_at(l, rec);
    return end == 0 || fn(l, r->org, "ended", month_of(d, end), arg, e);
}

bool
effects_count(struct store *st, int64_t tenant, const struct dir *d,
              const struct ledger *l, const void *rec, int64_t by,
              struct err *e)
{
    struct adding a = { .st = st, .tenant = tenant, .by = by };

    return effects_each_count(d, l, rec, add_count, &a, e);
}

static bool
counts_alike(const struct ledger *l, const void *a, const void *b)
{
    struct str rest = str_of(l->count), name;
    const struct rec *ra = a, *rb = b;

    while (l->count != NULL && str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (counted_value(l, f, a) != counted_value(l, f, b))
            return false;
    }
    return ra->org == rb->org && ended_at(l, a) == ended_at(l, b);
}

static bool
count(struct tx *tx, const struct change *c, const struct dir *d,
      const void *before, const void *after, struct err *e)
{
    const struct ledger *l = c->ledger;

    if (l->count == NULL || (before != NULL && counts_alike(l, before, after)))
        return true;
    return (before == NULL ||
            effects_count(tx->st, c->tenant, d, l, before, -1, e)) &&
           effects_count(tx->st, c->tenant, d, l, after, 1, e);
}

/* ---- versions: what caches depend on ------------------------------------ */

static bool
bump(struct tx *tx, const struct change *c, const struct rec *r, struct err *e)
{
    int64_t l = c->ledger->flags & L_DIR ? 0 : c->ledger->tag;
    int64_t org = c->ledger->flags & L_DIR ? 0 : r->org;

    return QRUN(tx->st, VERSION_BUMP, e, ARG(c->tenant), ARG(l), ARG(org)) &&
           (org == 0 || QRUN(tx->st, VERSION_BUMP, e, ARG(c->tenant), ARG(l),
                             ARG((int64_t)0)));
}

/* ---- messages ------------------------------------------------------------ */

struct told {
    int64_t person[TOLD_MAX];
    size_t n;
};

static void
tell(struct told *t, const struct change *c, int64_t person)
{
    if (person == 0 || person == PERSON_PUBLIC || person == c->person ||
        t->n == TOLD_MAX)
        return;
    for (size_t i = 0; i < t->n; i++)
        if (t->person[i] == person)
            return;
    t->person[t->n++] = person;
}

/* Who is looked for: by roles, or who may take a record's usual next step. */
struct wanted {
    const struct dir *d;
    int64_t today;
    uint64_t roles;
    const struct ledger *l; /* with rec: of its next step */
    const void *rec;
};

static bool
may_go_on(const struct wanted *w, const struct dir_post *p)
{
    for (size_t i = 0; i < w->l->n_steps; i++) {
        const struct step *s = &w->l->steps[i];

        if ((s->flags & S_MAIN) &&
            (s->from & IN(((const struct rec *)w->rec)->state)) &&
            (s->roles & ~R(LOGISTICS)) >> p->role & 1 &&
            (s->fits == NULL || s->fits(w->rec)) &&
            !step_bars(w->l, s, w->rec, p->person))
            return true;
    }
    return false;
}

static bool
is_wanted(const struct wanted *w, const struct dir_post *p)
{
    const struct dir_person *who = dir_person(w->d, p->person);

    return dir_in_force(p, w->today) && who != NULL && who->state == 1 &&
           (w->rec != NULL ? may_go_on(w, p) : (w->roles >> p->role & 1) != 0);
}

/* Those of the unit, or of the nearest above it that has such a person: a
 * teaching point has two teachers and nobody who grades. */
static void
tell_wanted(struct told *t, const struct change *c, const struct wanted *w,
            int64_t node)
{
    bool any = false;

    for (const struct dir_org *o = dir_org(w->d, node); o != NULL && !any;
         o = dir_org(w->d, o->parent))
        for (size_t i = 0; i < w->d->n_post; i++)
            if (w->d->post[i].org == o->id && is_wanted(w, &w->d->post[i])) {
                tell(t, c, w->d->post[i].person);
                any = true;
            }
}

static void
tell_whom(struct told *t, const struct change *c, struct wanted *w,
          const void *before, const void *after, const struct step *s)
{
    static const uint64_t ladder[] = { 0, R(SAFETY_MANAGER),
                                       R(PRINCIPAL) | R(SAFETY_MANAGER),
                                       R(DISTRICT_OFFICER) };
    const struct field *f = ledger_field(c->ledger, STR("responsible"));
    const struct rec *r = after, *was = before;

    if (was != NULL && r->escalated > was->escalated) {
        w->roles = ladder[r->escalated & 3];
        tell_wanted(t, c, w, r->escalated >= 3 ? w->d->root : r->org);
        return;
    }
    w->roles = R(DISTRICT_OFFICER);
    if (s->flags & S_UP)
        tell_wanted(t, c, w, w->d->root);
    if (was != NULL && was->state == r->state && !(s->flags & S_TELL))
        return;
    if (f != NULL)
        tell(t, c, *field_i64(f, after));
    tell(t, c, r->created_by);
    w->l = c->ledger;
    w->rec = after;
    tell_wanted(t, c, w, r->org);
}

size_t
effects_who_acts(const struct dir *d, const struct ledger *l, const void *rec,
                 int64_t now, int64_t *person, size_t max)
{
    const struct wanted w = {
        .d = d, .today = zone_day(d->rules.zone, now), .l = l, .rec = rec
    };
    const struct field *f = ledger_field(l, STR("responsible"));
    const struct change by_system = { .ledger = l };
    struct told t = { .n = 0 };

    if (f != NULL)
        tell(&t, &by_system, *field_i64(f, rec));
    tell_wanted(&t, &by_system, &w, ((const struct rec *)rec)->org);
    for (size_t i = 0; i < t.n && i < max; i++)
        person[i] = t.person[i];
    return t.n < max ? t.n : max;
}

/* Of a step that leaves the state only the newest is told, while nobody has
 * looked at it: many answers to one record in a day are one row of the board. */
static bool
tell_again(struct tx *tx, const struct change *c, int64_t person,
           const struct rec *r, const struct step *s, struct err *e)
{
    return QRUN(tx->st, OUT_AGAIN, e, ARG(c->tenant), ARG(person),
                ARG(id_from_time(tx->now - MS_PER_DAY)),
                ARG((int64_t)c->ledger->tag), ARG(r->id), ARG(str_of(s->verb)));
}

static bool
notify(struct tx *tx, const struct change *c, const struct dir *d,
       const void *before, const void *after, const struct step *s,
       struct err *e)
{
    struct wanted w = { .d = d, .today = zone_day(d->rules.zone, tx->now) };
    struct told t = { .n = 0 };
    const struct rec *r = after, *was = before;
    bool stays = was != NULL && was->state == r->state;

    if (c->ledger->flags & L_DIR ||
        (s->flags & S_QUIET && !(s->flags & S_TELL) && c->person != 0))
        return true;
    tell_whom(&t, c, &w, before, after, s);
    for (size_t i = 0; i < t.n; i++)
        if ((stays && !tell_again(tx, c, t.person[i], r, s, e)) ||
            !seal_add(tx, SEAL_NOTICE, &stmts[Q_OUT_ADD],
                      ARGS(ARG(c->tenant), ARG(tx_id(tx)), ARG(tx->now),
                           ARG(t.person[i]), ARG((int64_t)c->ledger->tag),
                           ARG(r->id), ARG(str_of(s->verb)), ARG(c->person),
                           ARG((int64_t)0), ARG(STR(""))),
                      e))
            return false;
    return true;
}

/* ---- the directory --------------------------------------------------------- */

static bool
sign_in_name(struct tx *tx, const struct change *c, const void *before,
             const void *after, struct err *e)
{
    const struct person *was = before, *is = after;
    bool open = is->r.state == 1 && is->login.n > 0;

    if (was != NULL && was->r.state == is->r.state &&
        str_eq(was->login, is->login))
        return true;
    if (!QRUN(tx->st, DIRECTORY_DEL, e, ARG(c->tenant), ARG(is->r.id)))
        return false;
    if (!open)
        return QRUN(tx->st, SESSION_DEL_ALL, e, ARG(c->tenant), ARG(is->r.id));
    return QRUN(tx->st, DIRECTORY_PUT, e, ARG(is->login), ARG(c->tenant),
                ARG(is->r.id));
}

/* A name that was there before this rule stays as it is. */
static void
keep_login(const struct person *was, struct person *is, struct arena *a)
{
    if (was == NULL || !str_eq(was->login, is->login))
        is->login = login_fold(a, is->login);
}

static bool
check_login(struct tx *tx, const struct change *c, const struct person *was,
            const struct person *p, struct err *e)
{
    int64_t tenant, person;

    if (p->login.n == 0 || p->r.state != 1)
        return true;
    if ((was == NULL || !str_eq(was->login, p->login)) &&
        !login_check(p->login, e))
        return false;
    if (!stmt_one(tx->st, &stmts[Q_DIRECTORY_GET], ARGS(ARG(p->login)), NULL,
                  COLS(COL(&tenant), COL(&person)), e))
        return e->code == ERR_MISSING;
    return (tenant == c->tenant && person == p->r.id) ||
           err_set(e, ERR_INVALID, "login", "This sign-in name is taken");
}

static bool
check_org(const struct dir *d, const struct org *o, struct err *e)
{
    if (o->parent == 0 && d->root != 0 && d->root != o->r.id)
        return err_set(e, ERR_INVALID, "parent",
                       "Say which unit it belongs to");
    if (o->parent != 0 && dir_below(d, o->parent, o->r.id))
        return err_set(e, ERR_INVALID, "parent",
                       "A unit cannot belong to itself or to one below it");
    for (size_t i = 0; i < d->n_org; i++)
        if (o->code.n > 0 && d->org[i].id != o->r.id &&
            str_eq(d->org[i].code, o->code))
            return err_set(e, ERR_INVALID, "code", "This code is taken");
    return true;
}

static bool
check_days(const struct calendar *c, struct err *e)
{
    return c->to_on >= c->from_on ||
           err_set(e, ERR_INVALID, "to_on", "It ends before it begins");
}

static bool
check_rule(const struct dir *d, const struct rule_change *r, struct err *e)
{
    return rules_find(&d->rules, r->rule_key) != NULL ||
           err_set(e, ERR_INVALID, "rule_key",
                   "No rule pack has a rule called \"%.*s\"",
                   STR_ARG(r->rule_key));
}

bool
effects_keep(struct tx *tx, const struct change *c, const struct step *s,
             const void *before, void *after, struct err *e)
{
    if (c->ledger == &person_ledger)
        keep_login(before, after, tx->arena);
    if (c->ledger != &notice_ledger)
        return true;
    if (strcmp(s->verb, "issue") == 0)
        return notice_keep(tx->st, c->tenant, tx->arena, after, e);
    return strcmp(s->verb, "recheck") != 0 ||
           notice_is_done(tx->st, c->tenant, tx->arena, after, e);
}

/* Nobody shall learn a month later that no message arrived. */
static bool
check_contacts(const struct change *c, const void *before, const void *after,
               struct err *e)
{
    for (size_t i = 0; c->person != 0 && i < c->ledger->n_fields; i++) {
        const struct field *f = &c->ledger->fields[i];

        if ((before == NULL || !field_equal(f, before, after)) &&
            !field_check_contact(f, after, e))
            return false;
    }
    return true;
}

bool
effects_check(struct tx *tx, const struct change *c, const struct dir *d,
              const void *before, const void *after, struct err *e)
{
    const struct ledger *l = c->ledger;

    if (!check_contacts(c, before, after, e))
        return false;
    if (l == &person_ledger)
        return check_login(tx, c, before, after, e);
    if (l == &org_ledger)
        return check_org(d, after, e);
    if (l == &calendar_ledger)
        return check_days(after, e);
    if (l == &rule_ledger)
        return check_rule(d, after, e);
    if (l == &statistic_ledger)
        return figures_check(tx, c, after, e);
    return true;
}

bool
effects_after(struct tx *tx, const struct change *c, const struct dir *d,
              const void *before, const void *after, const struct step *s,
              struct err *e)
{
    return count(tx, c, d, before, after, e) && bump(tx, c, after, e) &&
           (c->ledger != &person_ledger ||
            sign_in_name(tx, c, before, after, e)) &&
           rank_tell(tx, c, s, before, after, e) &&
           (c->ledger != &statistic_ledger ||
            figures_after(tx, c, s, after, e)) &&
           notify(tx, c, d, before, after, s, e);
}
