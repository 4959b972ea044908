/* Forms: the questions of a step, by the ledger's declaration. */
#include "domain/parts.h"
#include "web/choices.h"
#include "web/post.h"

enum { INPUTS_MAX = 64 };

static void
enum_choices(struct rq *rq, struct choices *c, const struct field *f,
             struct str on)
{
    for (const struct choice *x = f->choices; x != NULL && x->v != 0; x++)
        choice_add(rq, c,
                   (struct v_choice){ str_of(x->key),
                                      str_of(rq_tr(rq, x->label)),
                                      str_is(on, x->key) });
}

static const char *
kind_name(const struct field *f)
{
    switch (f->kind) {
    case FK_TEXT:
        return "text";
    case FK_DAY:
        return "day";
    case FK_TIME:
        return "time";
    case FK_INT:
        return "number";
    case FK_MONEY:
        return "money";
    case FK_FILES:
        return "files";
    case FK_FLAG:
        return "flag";
    case FK_ENUM:
        return "enum";
    default:
        return "line";
    }
}

static void
ref_choices(struct rq *rq, struct v_input *v, const struct ledger *l,
            const struct field *f, const void *rec, int64_t org)
{
    const bool unit = f->preset != NULL && strcmp(f->preset, PRESET_UNIT) == 0;
    const int64_t on = rec != NULL ? *field_i64(f, rec) : unit ? org : 0;
    struct choices c = { 0 };

    if (strcmp(f->ref, "person") == 0 && (l->flags & L_DIR))
        choices_everybody(rq, &c, org, on);
    else if (strcmp(f->ref, "person") == 0)
        choices_workers(rq, &c, org, on);
    else if (strcmp(f->ref, "place") == 0)
        choices_places(rq, &c, org, on);
    else if (strcmp(f->ref, "org") == 0)
        choices_orgs(rq, &c, on, &org_ledger, "read");
    else {
        view_reference(rq, l, f, rec, org, v);
        return;
    }
    v->kind = "enum";
    v->required |= unit && (rec == NULL || on != 0);
    v->choices = c.at;
    v->n_choices = c.n;
    if (c.left_off > 0)
        v->hint = view_count(
            rq,
            rq_tr(rq, N_("%ld more do not fit in this list: choose the school "
                         "first")),
            (int64_t)c.left_off);
}

static struct str
hint(struct rq *rq, const struct field *f)
{
    if (f->hint != NULL)
        return str_of(rq_tr(rq, f->hint));
    if (f->kind != FK_FILES)
        return STR("");
    return view_count(
        rq, rq_tr(rq, N_("Photographs or PDF; at most %ld MB at once")),
        rq->app->upload_max >> 20);
}

/* "" = it is not for the day to tell. */
static struct str
preset_by_day(struct rq *rq, const char *p)
{
    const struct rules *rules = &rq->who.dir->rules;
    int64_t today = zone_day(rules->zone, rq->who.now);
    struct civil d = civil_of(today);
    int ended = (d.month - 1) / 3; /* quarters of this year */
    BUF(b, 32);

    if (strcmp(p, PRESET_TODAY) == 0)
        day_format(&b, today);
    else if (strcmp(p, PRESET_QUARTER) == 0)
        buf_printf(&b, "q%d", ended > 0 ? ended : 4);
    else if (strcmp(p, PRESET_YEAR) == 0)
        buf_i64(&b, d.year - (ended == 0));
    else if (strncmp(p, PRESET_RULE, strlen(PRESET_RULE)) == 0)
        day_format(
            &b, zone_day(rules->zone, rules_due(rules, p + strlen(PRESET_RULE),
                                                rq->who.now) -
                                          1));
    return arena_dup(rq->arena, buf_str(&b));
}

static struct str
preset(struct rq *rq, const struct field *f)
{
    const char *p = f->preset_above != NULL && !actor_at_school(&rq->who)
                        ? f->preset_above
                        : f->preset;

    if (p == NULL)
        return STR("");
    if (p[0] == '@')
        return preset_by_day(rq, p);
    return f->kind == FK_ENUM ? str_of(p) : str_of(rq_tr(rq, p));
}

struct v_input
view_input(struct rq *rq, const struct ledger *l, const struct field *f,
           const struct step *s, const void *rec, int64_t org)
{
    struct v_input v = {
        .kind = kind_name(f),
        .name = str_of(f->name),
        .label = str_of(rq_tr(rq, f->label)),
        .hint = hint(rq, f),
        .required = s != NULL && step_needs(s, f),
        .more =
            s != NULL && !step_needs(s, f) &&
            (f->flags & (s->from & IN(ST_NONE) ? F_MORE | F_LATER : F_MORE)),
        .max = f->max,
        .one = f->kind == FK_FILES && f->max == 1,
        .workbook = (f->flags & F_WORKBOOK) != 0,
    };
    struct choices c = { 0 };
    BUF(b, 64 * 1024);

    if (rec != NULL && f->kind != FK_FILES)
        field_format(f, rec, false, &b);
    v.value = arena_dup(rq->arena, buf_str(&b));
    if (v.value.n == 0 && s != NULL)
        v.value = preset(rq, f);
    if (f->kind == FK_ENUM) {
        enum_choices(rq, &c, f, v.value);
        v.choices = c.at;
        v.n_choices = c.n;
    } else if (f->kind == FK_REF) {
        ref_choices(rq, &v, l, f, rec, org);
    }
    return v;
}

/* A name in two languages is two questions, the reader's own first. */
static size_t
two_inputs(struct rq *rq, const struct field *f, struct v_input *in, size_t n,
           const void *rec)
{
    for (int i = 0; i < 2; i++) {
        bool zh = (rq->lang == LANG_ZH) == (i == 0);
        struct v_input *v = &in[n++];
        BUF(b, 4096);

        if (i > 0)
            *v = in[n - 2];
        if (rec != NULL)
            field_format(f, rec, zh, &b);
        v->name = arena_printf(rq->arena, "%s_%s", f->name, zh ? "zh" : "en");
        v->label = arena_printf(rq->arena, "%s (%s)", rq_tr(rq, f->label),
                                rq_tr(rq, zh ? N_("Chinese") : N_("English")));
        v->value = arena_dup(rq->arena, buf_str(&b));
        v->required = false;
    }
    return n;
}

size_t
view_part_inputs(struct rq *rq, const struct ledger *l,
                 const struct part_kind *k, const void *part, int64_t org,
                 struct v_input *in)
{
    size_t n = 0;

    for (size_t i = 0; i < k->n_fields; i++) {
        const struct field *f = &k->fields[i];

        in[n] = view_input(rq, l, f, NULL, part, org);
        in[n].required = (f->flags & F_REQUIRED) != 0;
        for (size_t c = 0;
             f->preset != NULL && in[n].value.n == 0 && c < in[n].n_choices;
             c++)
            ((struct v_choice *)(uintptr_t)in[n].choices)[c].on =
                str_is(in[n].choices[c].key, f->preset);
        in[n].more =
            (f->flags & F_MORE) && (part == NULL || field_empty(f, part));
        n = field_ctype(f) == CT_TEXT2 ? two_inputs(rq, f, in, n, part) : n + 1;
    }
    return n;
}

static struct v_input
org_input(struct rq *rq, const struct ledger *l, const struct step *s,
          int64_t org)
{
    struct choices c = { 0 };

    const struct dir *d = rq->who.dir;
    const struct dir_org *o = dir_org(d, dir_school(d, org));

    if ((l->flags & L_AT_SCHOOL) && (o == NULL || !dir_is_school(o)))
        org = 0; /* not the office itself by default */
    choices_orgs(rq, &c, org, l, s->verb);
    return (struct v_input){ .kind = "enum",
                             .name = STR("org"),
                             .label = str_of(rq_tr(rq, N_("School"))),
                             .choices = c.at,
                             .n_choices = c.n,
                             .required = true };
}

/* A step adds to the files that the record has; they can be taken out. */
static void
held_files(struct rq *rq, const struct field *f, const void *rec,
           struct v_input *in)
{
    if (rec == NULL || field_empty(f, rec))
        return;
    in->kept = view_kept(rq, *field_str(f, rec), &in->n_kept);
    in->held = in->n_kept > 0;
    in->more = in->more && !in->held;
}

/* Its signature, or the confirmation of a right that is given. */
static size_t
password_input(struct rq *rq, const struct step *s, struct v_input *in)
{
    const char *label = s->flags & S_SIGN
                            ? N_("Your password, as your signature")
                            : N_("Your password");

    if (!(s->flags & S_SIGN) && !rq->asks_password)
        return 0;
    *in = (struct v_input){ .kind = "sign",
                            .name = STR("sign_password"),
                            .label = str_of(rq_tr(rq, label)),
                            .required = true };
    return 1;
}

static size_t
step_inputs(struct rq *rq, const struct ledger *l, const struct step *s,
            const void *rec, int64_t org, struct v_input *in, bool *files)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n_fields && n + 2 < INPUTS_MAX; i++) {
        const struct field *f = &l->fields[i];

        if (!step_writes(s, f) || (f->flags & F_HIDDEN) ||
            f->kind == FK_PARTS || /* they have pages of their own */
            (rec != NULL && !actor_sees(&rq->who, l, rec, f)) ||
            (rec == NULL && f->see != NULL &&
             !actor_may_somewhere(&rq->who, l, f->see)))
            continue;
        in[n] = view_input(rq, l, f, s, rec, org);
        if (f->kind == FK_FILES)
            held_files(rq, f, rec, &in[n]);
        *files |= f->kind == FK_FILES;
        n = field_ctype(f) == CT_TEXT2 ? two_inputs(rq, f, in, n, rec) : n + 1;
    }
    if (s->flags & S_COMMENT)
        in[n++] = (struct v_input){ .kind = "text",
                                    .name = STR("comment"),
                                    .label = str_of(rq_tr(rq, N_("Why?"))),
                                    .required = true };
    return n + password_input(rq, s, &in[n]);
}

/* A step that the reader may take now and that writes the field. */
static const struct step *
mending(struct rq *rq, const struct ledger *l, const void *rec,
        const struct field *f)
{
    const struct rec *r = rec;
    struct err ignored;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];

        if (step_writes(s, f) && (s->from & IN(r->state)) &&
            !(s->flags & S_QUIET) && (s->fits == NULL || s->fits(rec)) &&
            actor_steps(&rq->who, l, s, rec, r->org, &ignored))
            return s;
    }
    return NULL;
}

/* What the step must find filled in and does not ask for itself. */
static void
lacks(struct rq *rq, const struct ledger *l, const struct step *s,
      const void *rec, struct v_form *v)
{
    BUF(b, 2048);

    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];
        const struct step *mend;

        if (!step_needs(s, f) || step_writes(s, f) || !field_empty(f, rec))
            continue;
        buf_puts(&b, b.n == 0 ? "" : rq->lang == LANG_ZH ? "、" : ", ");
        buf_puts(&b, rq_tr(rq, f->label));
        if (v->mend_label.n > 0 || (mend = mending(rq, l, rec, f)) == NULL)
            continue;
        v->mend_label = str_of(rq_tr(rq, mend->label));
        v->mend = view_url(
            rq, "%.*s?step=%s#s-%s",
            STR_ARG(rq_path(rq, l, ((struct rec *)(uintptr_t)rec)->id)),
            mend->verb, mend->verb);
    }
    v->missing = arena_dup(rq->arena, buf_str(&b));
}

struct v_form
view_step(struct rq *rq, const struct ledger *l, const struct step *s,
          const void *rec, int64_t org)
{
    const struct rec *r = rec;
    const bool made = rec != NULL && r->id != 0;
    struct v_input *in = arena_new_array(rq->arena, struct v_input, INPUTS_MAX);
    struct v_form v = {
        .lang = rq->lang,
        .id = str_of(s->verb),
        .csrf = rq->session.csrf,
        .key = rq_key(rq),
        .label = str_of(rq_tr(rq, s->label)),
        .then = s->then != NULL ? str_of(rq_tr(rq, s->then)) : STR(""),
        .inputs = in,
        .danger = (s->flags & S_DANGER) != 0,
        .main = (s->flags & S_MAIN) != 0,
        .anytime = (s->flags & S_ANYTIME) != 0,
        .switches = true,
    };

    if (made) {
        v.action =
            view_url(rq, "%.*s/%s", STR_ARG(rq_path(rq, l, r->id)), s->verb);
        v.rev = arena_i64(rq->arena, r->rev);
        lacks(rq, l, s, rec, &v);
    } else {
        v.action = view_path(rq, l, 0);
    }
    const bool asks_org = in != NULL && !made && !(l->flags & L_TREE);

    if (asks_org)
        in[v.n_inputs++] = org_input(rq, l, s, org);
    if (in != NULL)
        v.n_inputs +=
            step_inputs(rq, l, s, rec, org, in + v.n_inputs, &v.multipart);
    for (size_t i = 0; i < v.n_inputs; i++)
        v.more |= in[i].more;
    /* one school is no question */
    if (asks_org && in[0].n_choices == 1) {
        v.action = view_url(rq, "%.*s?org=%.*s", STR_ARG(rq_path(rq, l, 0)),
                            STR_ARG(in[0].choices[0].key));
        v.inputs++;
        v.n_inputs--;
    }
    return v;
}

struct v_input
view_school_input(struct rq *rq, const struct ledger *l, int64_t now)
{
    const struct dir *d = rq->who.dir;
    struct v_choice *c =
        arena_new_array(rq->arena, struct v_choice, d->n_org + 1);
    struct v_input in = { .kind = "enum",
                          .name = STR("org"),
                          .label = str_of(rq_tr(rq, N_("School"))),
                          .none = N_("all"),
                          .choices = c };

    for (size_t i = 0; c != NULL && i < d->n_org; i++) {
        const struct dir_org *o = d->tree[i];

        if (dir_school(d, o->id) == o->id &&
            actor_may(&rq->who, l, "read", o->id))
            c[in.n_choices++] =
                (struct v_choice){ arena_i64(rq->arena, o->id),
                                   text2_in(o->name, rq->lang == LANG_ZH),
                                   o->id == now };
    }
    return in;
}

static bool
is_asked_before(const struct v_form *f, size_t before, struct str name)
{
    for (size_t i = 0; i < before; i++)
        for (size_t k = 0; k < f[i].n_inputs; k++)
            if (str_eq(f[i].inputs[k].name, name))
                return true;
    return false;
}

void
view_own_ids(struct rq *rq, struct v_form *f, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct v_input *own =
            arena_new_array(rq->arena, struct v_input, f[i].n_inputs + 1);

        if (own == NULL)
            return;
        for (size_t k = 0; k < f[i].n_inputs; k++) {
            own[k] = f[i].inputs[k];
            if (is_asked_before(f, i, own[k].name))
                own[k].id = arena_printf(rq->arena, "%zu-%.*s", i + 1,
                                         STR_ARG(own[k].name));
        }
        f[i].inputs = own;
    }
}
