#include "domain/ledger.h"
#include "base/time.h"

const struct choice role_choices[] = {
    { ROLE_DISTRICT_OFFICER, "district_officer",
      N_("District safety officer") },
    { ROLE_INSPECTOR, "inspector", N_("Inspector") },
    { ROLE_AUDITOR, "auditor", N_("Auditor") },
    { ROLE_PRINCIPAL, "principal", N_("Principal") },
    { ROLE_SAFETY_MANAGER, "safety_manager", N_("School safety manager") },
    { ROLE_DEPUTY_HEAD, "deputy_head", N_("Deputy head in charge") },
    { ROLE_DUTY_LEADER, "duty_leader", N_("Duty leader") },
    { ROLE_CLASS_TEACHER, "class_teacher", N_("Class teacher") },
    { ROLE_LOGISTICS, "logistics", N_("Logistics and finance") },
    { ROLE_CANTEEN, "canteen", N_("Canteen and dormitory") },
    { ROLE_DOCTOR, "doctor", N_("School doctor") },
    { ROLE_LEGAL_VICE, "legal_vice", N_("Legal vice-principal") },
    { ROLE_GUARD, "guard", N_("Gate guard") },
    { ROLE_STAFF, "staff", N_("Teacher or staff member") },
    { ROLE_POLICE, "police", N_("Police liaison") },
    { ROLE_ADMIN, "admin", N_("Administrator") },
    { 0 },
};

const struct role_rank role_ranks[] = {
    { ROLE_ADMIN, { 90, 80, 50 } },
    { ROLE_DISTRICT_OFFICER, { 70, 70, 70 } },
    { ROLE_INSPECTOR, { RANK_WATCH, RANK_WATCH, RANK_WATCH } },
    { ROLE_AUDITOR, { RANK_WATCH, RANK_WATCH, RANK_WATCH } },
    { ROLE_POLICE, { RANK_WATCH, RANK_WATCH, RANK_WATCH } },
    { ROLE_PRINCIPAL, { 40, 40, 40 } },
    { ROLE_DEPUTY_HEAD, { 30, 30, 30 } },
    { ROLE_SAFETY_MANAGER, { 20, 20, 20 } },
    { 0 },
};

int
role_rank(int64_t role, enum role_where where)
{
    for (const struct role_rank *r = role_ranks; r->role != 0; r++)
        if (r->role == role)
            return r->at[where];
    return RANK_OTHERS;
}

static const struct choice origins[] = {
    { ORIGIN_ENTERED, "entered", N_("entered here") },
    { ORIGIN_PAPER, "paper", N_("from paper") },
    { ORIGIN_API, "api", N_("by a program") },
    { ORIGIN_SYSTEM, "system", N_("by the system") },
    { 0 },
};

/* Tags 1 to 31 belong to the header; 1 to 9 are used by the event itself. */
const struct field rec_fields[] = {
    FIELD(struct rec, 10, org, FK_REF, N_("School"), .ref = "org"),
    FIELD(struct rec, 11, state, FK_INT, N_("State")),
    FIELD(struct rec, 12, created_at, FK_TIME, N_("Entered")),
    FIELD(struct rec, REC_CREATED_BY, created_by, FK_REF, N_("Entered by"),
          .ref = "person"),
    FIELD(struct rec, 14, changed_at, FK_TIME, N_("Last change")),
    FIELD(struct rec, REC_CHANGED_BY, changed_by, FK_REF, N_("Changed by"),
          .ref = "person"),
    FIELD(struct rec, 16, occurred_at, FK_TIME, N_("Happened (claimed)")),
    FIELD(struct rec, 17, due_at, FK_TIME, N_("Due")),
    FIELD(struct rec, 18, due_rule, FK_LINE, N_("Rule of the deadline")),
    FIELD(struct rec, 19, escalated, FK_INT, N_("Escalated")),
    FIELD(struct rec, 20, origin, FK_ENUM, N_("How it came in"),
          .choices = origins),
    FIELD(struct rec, 21, no, FK_LINE, N_("Record number")),
    FIELD(struct rec, 22, raw, FK_TEXT, N_("As it stood in the old ledger"),
          .flags = F_PERSONAL),
};
const size_t n_rec_fields = N_OF(rec_fields);

const struct ledger *
ledger_find(struct str name)
{
    for (size_t i = 0; i < n_ledgers; i++)
        if (str_is(name, ledgers[i]->name))
            return ledgers[i];
    return NULL;
}

const struct ledger *
ledger_by_tag(uint16_t tag)
{
    for (size_t i = 0; i < n_ledgers; i++)
        if (ledgers[i]->tag == tag)
            return ledgers[i];
    return NULL;
}

const struct field *
ledger_field(const struct ledger *l, struct str name)
{
    for (size_t i = 0; i < l->n_fields; i++)
        if (str_is(name, l->fields[i].name))
            return &l->fields[i];
    for (size_t i = 0; i < n_rec_fields; i++)
        if (str_is(name, rec_fields[i].name))
            return &rec_fields[i];
    return NULL;
}

const struct field *
ledger_field_tag(const struct ledger *l, uint64_t tag)
{
    for (size_t i = 0; i < n_rec_fields; i++)
        if (rec_fields[i].tag == tag)
            return &rec_fields[i];
    for (size_t i = 0; i < l->n_fields; i++)
        if (l->fields[i].tag == tag)
            return &l->fields[i];
    return NULL;
}

const struct field *
ledger_name_field(const struct ledger *l)
{
    for (size_t i = 0; i < l->n_fields; i++)
        if (l->fields[i].flags & F_NAME)
            return &l->fields[i];
    return &l->fields[0];
}

bool
step_bars(const struct ledger *l, const struct step *s, const void *rec,
          int64_t person)
{
    struct str rest = str_of(s->other != NULL ? s->other : ""), name, ids, one;
    int64_t id;

    while (str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (f == NULL)
            continue;
        if (field_ctype(f) == CT_I64 && *field_i64(f, rec) == person)
            return true;
        if (field_ctype(f) != CT_STR)
            continue;
        ids = *field_str(f, rec);
        while (str_split(&ids, ',', &one))
            if (str_i64(one, &id) && id == person)
                return true;
    }
    return false;
}

const struct state *
ledger_state(const struct ledger *l, int64_t v)
{
    for (size_t i = 0; i < l->n_states; i++)
        if (l->states[i].v == v)
            return &l->states[i];
    return NULL;
}

uint64_t
ledger_states(const struct ledger *l, unsigned flag)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < l->n_states; i++)
        if (l->states[i].flags & flag)
            bits |= IN(l->states[i].v);
    return bits;
}

uint64_t
ledger_roles(const struct ledger *l, const char *verb)
{
    uint64_t roles = 0;

    if (strcmp(verb, SEE_NAMES) == 0)
        return ~(R(AUDITOR) | R(PUBLIC));
    for (size_t i = 0; i < l->n_rights; i++)
        if (strcmp(l->rights[i].verb, verb) == 0)
            return l->rights[i].roles;
    for (size_t i = 0; i < l->n_steps; i++)
        if (strcmp(l->steps[i].verb, verb) == 0)
            roles |= l->steps[i].roles;
    return roles;
}

const struct step *
ledger_step(const struct ledger *l, const void *rec, struct str verb,
            struct err *e)
{
    int64_t from = rec != NULL ? ((const struct rec *)rec)->state : ST_NONE;
    const struct state *st = ledger_state(l, from);
    bool named = false;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];

        if (!str_is(verb, s->verb))
            continue;
        if ((s->from & IN(from)) &&
            (rec == NULL || s->fits == NULL || s->fits(rec)))
            return s;
        named = true;
    }
    if (!named) {
        err_set(e, ERR_INVALID, "verb", "There is no step called \"%.*s\"",
                STR_ARG(verb));
        return NULL;
    }
    err_set(e, ERR_CONFLICT, "state",
            "This step is not possible now: the record is in state \"%s\". "
            "Reload the page to see what is",
            st != NULL ? st->label : N_("new"));
    err_label(e, 0);
    return NULL;
}

const struct step *
ledger_create(const struct ledger *l)
{
    for (size_t i = 0; i < l->n_steps; i++)
        if ((l->steps[i].from & IN(ST_NONE)) && !(l->steps[i].flags & S_QUIET))
            return &l->steps[i];
    return NULL;
}

bool
step_writes(const struct step *s, const struct field *f)
{
    return f->by != NULL && str_in_words(str_of(s->verb), f->by);
}

bool
step_needs(const struct step *s, const struct field *f)
{
    if (s->flags & S_QUIET)
        return false;
    return ((f->flags & F_REQUIRED) && (s->from & IN(ST_NONE))) ||
           (f->needed != NULL && str_in_words(str_of(s->verb), f->needed));
}

bool
ledger_check(const struct ledger *l, const struct step *s, const void *rec,
             struct err *e)
{
    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];

        if (!field_check(f, rec, e))
            return false;
        if (step_needs(s, f) && field_empty(f, rec))
            return err_set(e, ERR_INVALID, f->name, "must be filled in");
    }
    return true;
}

struct str
ctx_random_hex(const struct step_ctx *c)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(c->arena, 2 * sizeof(c->random));

    for (size_t i = 0; out != NULL && i < sizeof(c->random); i++) {
        out[2 * i] = digits[c->random[i] >> 4];
        out[2 * i + 1] = digits[c->random[i] & 15];
    }
    return out != NULL ? (struct str){ out, 2 * sizeof(c->random) } : STR("");
}

/* ---- what follows from a step -------------------------------------------------- */

void
follow_add(struct follow *f, const char *name, struct str value)
{
    if (f->n == FOLLOW_VALUES)
        return;
    f->name[f->n] = str_of(name);
    f->value[f->n++] = value;
}

void
follow_i64(struct follow *f, const char *name, int64_t v, struct arena *a)
{
    if (v != 0)
        follow_add(f, name, arena_i64(a, v));
}

void
follow_day(struct follow *f, const char *name, int64_t day, struct arena *a)
{
    BUF(b, 64);

    day_format(&b, day);
    follow_add(f, name, arena_dup(a, buf_str(&b)));
}

void
follow_choice(struct follow *f, const char *name, int64_t v)
{
    const struct field *x = ledger_field(f->ledger, str_of(name));
    const struct choice *c = x != NULL ? choice_of(x->choices, v) : NULL;

    if (c != NULL)
        follow_add(f, name, str_of(c->key));
}

void
follow_copy(struct follow *f, const struct field *x, const void *rec,
            struct arena *a)
{
    static const char *const side[] = { "_en", "_zh" };

    for (int zh = 0; zh < (field_ctype(x) == CT_TEXT2 ? 2 : 1); zh++) {
        BUF(b, 4 << 20);

        field_format(x, rec, zh, &b);
        if (b.n > 0)
            follow_add(f,
                       field_ctype(x) == CT_TEXT2
                           ? arena_printf(a, "%s%s", x->name, side[zh]).p
                           : x->name,
                       arena_dup(a, buf_str(&b)));
    }
}
