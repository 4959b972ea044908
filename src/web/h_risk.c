/* Risk points by colour, and where they lie on a floor plan. Plans are never
 * public: product.md, line 6; who may read the place's record sees its plan. */
#include "codec/svg.h"
#include "domain/org.h"
#include "domain/risk.h"
#include "pages/risk.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/chat_page.h"
#include "web/handlers.h"
#include "web/view.h"

enum { SHOWN = 60, PINS_MAX = 300, PLANS_MAX = 40 };

#define OPEN_RISKS (IN(RK_IDENTIFIED) | IN(RK_CONTROLLED))

static struct str
tenant_code(struct rq *rq)
{
    return rq->who.dir->tenant.code;
}

/* Whose records are asked for: one school with all below it, or everything the
 * reader may see. */
static bool
scope_of(struct rq *rq, int64_t only, struct scope *sc, struct err *e)
{
    const struct dir *d = rq->who.dir;
    size_t n = 0;

    if (!actor_scope(&rq->who, &risk_ledger, "read", rq->arena, sc, e))
        return false;
    if (only == d->root && sc->all)
        return true;
    for (size_t i = 0; only != 0 && i < d->n_org && n < LIST_SCOPE_MAX; i++)
        if (dir_below(d, d->org[i].id, only) &&
            actor_may(&rq->who, &risk_ledger, "read", d->org[i].id))
            sc->org[n++] = d->org[i].id;
    if (only != 0) {
        sc->all = false;
        sc->n = n;
    }
    return sc->all || sc->n > 0 ||
           err_set(e, ERR_DENIED, NULL,
                   "Your posts do not give you access to this");
}

static struct list_query
open_risks(struct rq *rq, const struct scope *sc)
{
    return (struct list_query){ .tenant = rq->who.dir->tenant.id,
                                .ledger = &risk_ledger,
                                .all = sc->all,
                                .org = sc->org,
                                .n_org = sc->n,
                                .states = OPEN_RISKS };
}

/* ---- the register by colour ------------------------------------------------------ */

/* Who sees one school only is not asked which. */
static int64_t
only_choice(const struct v_input *in)
{
    int64_t id;

    return in->n_choices == 1 && str_i64(in->choices[0].key, &id) ? id : 0;
}

static struct url
plan_url(struct rq *rq, int64_t org, int64_t place)
{
    return view_url(rq, "/t/%.*s/plan?org=%ld&place=%ld",
                    STR_ARG(tenant_code(rq)), (long)org, (long)place);
}

/* Places of the school that have a plan, the school's own first. */
static bool
plans_of(struct rq *rq, int64_t org, struct page_risks_view *v, struct err *e)
{
    struct v_link *l = arena_new_array(rq->arena, struct v_link, PLANS_MAX + 1);
    struct list_query q = { .tenant = rq->who.dir->tenant.id,
                            .ledger = &place_ledger,
                            .org = &org,
                            .n_org = 1,
                            .states = IN(1),
                            .sort = SORT_OLD,
                            .limit = 500,
                            .fields = "name plan" };
    const struct place *p;
    void *recs;
    bool more;
    size_t n;

    if (l == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_list(rq->st, &q, rq->arena, &recs, &n, &more, e))
        return false;
    l[v->n_plans++] =
        (struct v_link){ .label = str_of(rq_tr(rq, N_("The whole school"))),
                         .url = plan_url(rq, org, 0) };
    p = recs;
    for (size_t i = 0; i < n && v->n_plans < PLANS_MAX; i++)
        if (p[i].plan.n > 0)
            l[v->n_plans++] =
                (struct v_link){ .label = view_place(rq, p[i].r.id),
                                 .url = plan_url(rq, org, p[i].r.id) };
    v->plans = l;
    return true;
}

/* One of the four; blue has two grades. */
static bool
one_colour(struct rq *rq, const struct scope *sc, int64_t grade,
           struct v_colour *c, struct err *e)
{
    const struct field *f = ledger_field(&risk_ledger, STR("grade"));
    const struct choice *x = choice_of(risk_grade_choices, grade);
    struct view_columns columns =
        view_columns(rq, &risk_ledger,
                     rq_query_i64(rq, "org") != 0
                         ? "place type score responsible patrol"
                         : "org place type score responsible patrol");
    struct list_query q = open_risks(rq, sc);
    void *recs;

    q.filter[0] = (struct list_filter){ f, { grade }, 1 };
    if (grade == RISK_LOW)
        q.filter[0] = (struct list_filter){ f, { RISK_LOW, RISK_SLIGHT }, 2 };
    q.n_filters = 1;
    q.sort = SORT_OLD;
    q.limit = SHOWN;
    q.fields = "title place place_text type score responsible patrol";
    if (!store_list_count(rq->st, &q, LIST_SCAN_MAX, &c->count, e) ||
        !store_list(rq->st, &q, rq->arena, &recs, &c->n_rows, &c->more, e))
        return false;
    c->title = str_of(rq_tr(rq, x->label));
    c->key = str_of(risk_colour(grade));
    c->rows = view_rows(rq, &risk_ledger, recs, c->n_rows, &columns);
    c->all = view_url(rq, "%.*s?grade=%s&state=open",
                      STR_ARG(rq_path(rq, &risk_ledger, 0)), x->key);
    return c->rows != NULL ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
build_risks(struct rq *rq, struct chat_lines *lines, struct err *e)
{
    struct chat_lines own, *said = lines != NULL ? lines : &own;
    struct page_risks_view v = { .lang = rq->lang };
    struct v_colour colours[4] = { 0 };
    int64_t org = rq_query_i64(rq, "org");
    struct v_input in;
    struct scope sc;

    if (!scope_of(rq, org, &sc, e))
        return false;
    in = view_school_input(rq, &risk_ledger, org);
    if (org == 0)
        org = only_choice(&in);
    if (in.n_choices > 1) {
        v.inputs = &in;
        v.n_inputs = 1;
    }
    for (int64_t g = RISK_MAJOR; g <= RISK_LOW; g++)
        if (!one_colour(rq, &sc, g, &colours[g - 1], e))
            return false;
    chat_begin(rq, said, str_of(rq_tr(rq, N_("Risk points by colour"))));
    if (org != 0)
        chat_line(said, view_org(rq, org));
    for (size_t i = 0; i < N_OF(colours); i++)
        chat_line(said, arena_printf(
                            rq->arena, "%.*s%s%ld", STR_ARG(colours[i].title),
                            rq_tr(rq, N_(": ")), (long)colours[i].count));
    if (lines != NULL)
        return true;
    v.chat = chat_page(rq, &own);
    if (org != 0 && !plans_of(rq, org, &v, e))
        return false;
    v.colours = colours;
    v.n_colours = N_OF(colours);
    v.can_add =
        (org != 0 ? actor_may(&rq->who, &risk_ledger, "identify", org)
                  : actor_may_somewhere(&rq->who, &risk_ledger, "identify"));
    v.add =
        org != 0
            ? view_url(rq, "%.*s/new?org=%ld",
                       STR_ARG(rq_path(rq, &risk_ledger, 0)), (long)org)
            : view_url(rq, "%.*s/new", STR_ARG(rq_path(rq, &risk_ledger, 0)));
    v.list = view_path(rq, &risk_ledger, 0);
    v.head = view_head(rq, rq_tr(rq, N_("Risk points by colour")));
    answer_html(rq);
    page_risks(&rq->rs->body, &v);
    return true;
}

static bool
show_risks(struct rq *rq, struct err *e)
{
    return build_risks(rq, NULL, e);
}

bool
risks_page(struct rq *rq, struct err *e)
{
    return rq_apart(rq, show_risks, NULL, e);
}

bool
risks_picture(struct rq *rq, struct err *e)
{
    return chat_page_picture(rq, build_risks, e);
}

/* ---- on a floor plan ------------------------------------------------------------------ */

struct planned {
    struct rq *rq;
    int64_t org, place; /* place 0: the plan of the whole school */
    struct v_file file;
    struct str sha;
    bool has_file, may_pin;
    int64_t h;
};

/* The picture of the place or of the school; none is no error. */
static bool
find_plan(struct planned *p, struct err *e)
{
    struct rq *rq = p->rq;
    const struct ledger *l = p->place != 0 ? &place_ledger : &org_ledger;
    int64_t id = p->place != 0 ? p->place : p->org, file;
    void *rec = arena_alloc(rq->arena, l->size);
    struct file_row row;
    struct str list, one;

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, id, rq->arena, rec,
                       e))
        return false;
    if (p->place != 0)
        p->org = ((const struct rec *)rec)->org;
    if (!actor_reads(&rq->who, l, rec) ||
        !actor_reads_at(&rq->who, &risk_ledger, p->org))
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    list = *field_str(ledger_field(l, STR("plan")), rec);
    p->has_file = str_split(&list, ',', &one) && str_i64(one, &file) &&
                  view_file(rq, file, &row, &p->file) && p->file.image &&
                  p->file.w > 0;
    if (p->has_file) {
        p->sha = row.sha;
        p->h = 1000 * p->file.h / p->file.w;
    }
    if (p->h > RISK_Y_MAX)
        p->has_file = false;
    p->may_pin = actor_may(&rq->who, &risk_ledger, "pin", p->org);
    return true;
}

static struct v_pin
pin_view(const struct planned *p, const struct risk *k, size_t no)
{
    struct rq *rq = p->rq;
    const struct choice *c = choice_of(risk_grade_choices, k->grade);
    const char *label = no > 0 ? N_("Move") : N_("Put it on the plan");

    return (struct v_pin){
        .no = no > 0 ? arena_i64(rq->arena, (int64_t)no) : STR(""),
        .name = k->title,
        .key = str_of(risk_colour(k->grade)),
        .grade = str_of(c != NULL ? rq_tr(rq, c->label) : ""),
        .where = k->place != 0 ? view_place(rq, k->place) : k->place_text,
        .url = view_path(rq, &risk_ledger, k->r.id),
        .place =
            view_url(rq, "%.*s&pin=%ld",
                     STR_ARG(plan_url(rq, p->org, p->place).s), (long)k->r.id),
        .place_label = str_of(rq_tr(rq, label)),
        .place_name = arena_printf(rq->arena, "%s: %.*s", rq_tr(rq, label),
                                   STR_ARG(k->title)),
        .can_place = p->may_pin && p->has_file,
    };
}

/* Below the place of the plan, or anywhere for the plan of the school. */
static bool
lies_on(const struct planned *p, const struct risk *k)
{
    int64_t at = k->place;

    for (int depth = 0; p->place != 0 && depth < 16; depth++) {
        const struct dir_place *x = dir_place(p->rq->who.dir, at);

        if (at == p->place)
            return true;
        if (x == NULL)
            return false;
        at = x->parent;
    }
    return p->place == 0;
}

static bool
draw(const struct planned *p, const struct v_pin *pins, const struct risk **k,
     size_t n, struct page_plan_view *v, struct err *e)
{
    struct rq *rq = p->rq;
    struct svg_pin *at = arena_new_array(rq->arena, struct svg_pin, n + 1);
    BUF(b, 256 * 1024);

    if (at == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++)
        at[i] = (struct svg_pin){
            .x = k[i]->x,
            .y = k[i]->y < p->h ? k[i]->y : p->h,
            .no = pins[i].no,
            .label =
                arena_printf(rq->arena, "%.*s %.*s: %.*s", STR_ARG(pins[i].no),
                             STR_ARG(pins[i].name), STR_ARG(pins[i].grade)),
            .href = pins[i].url.s,
            .class = arena_printf(rq->arena, "c-%.*s", STR_ARG(pins[i].key)),
        };
    svg_plan(&b, p->file.large.s, p->h, v->head->title, at, n);
    v->svg = (struct markup){ arena_dup(rq->arena, buf_str(&b)) };
    return !b.over ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
read_pins(const struct planned *p, struct page_plan_view *v, struct err *e)
{
    struct rq *rq = p->rq;
    struct scope sc = { .org = NULL };
    struct list_query q;
    struct v_pin *pins = arena_new_array(rq->arena, struct v_pin, PINS_MAX),
                 *others = arena_new_array(rq->arena, struct v_pin, PINS_MAX);
    const struct risk **on =
        arena_new_array(rq->arena, const struct risk *, PINS_MAX);
    const struct risk *k;
    void *recs;
    bool more;
    size_t n;

    if (pins == NULL || others == NULL || on == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!scope_of(rq, p->org, &sc, e))
        return false;
    q = open_risks(rq, &sc);
    q.sort = SORT_OLD;
    q.limit = PINS_MAX;
    q.fields = "title place place_text grade plan x y";
    if (!store_list(rq->st, &q, rq->arena, &recs, &n, &more, e))
        return false;
    k = recs;
    for (size_t i = 0; i < n; i++) {
        if (k[i].x > 0 && k[i].plan == p->place) {
            on[v->n_pins] = &k[i];
            pins[v->n_pins] = pin_view(p, &k[i], v->n_pins + 1);
            v->n_pins++;
        } else if ((k[i].x == 0 || p->place != 0) && lies_on(p, &k[i])) {
            /* on the plan of the school, perhaps: here it is seen nearer */
            others[v->n_others++] = pin_view(p, &k[i], 0);
        }
    }
    v->pins = pins;
    v->others = others;
    return !p->has_file || draw(p, pins, on, v->n_pins, v, e);
}

/* The picture as a question: an image button sends where it was clicked, also
 * without scripts. */
static bool
ask_pin(const struct planned *p, int64_t id, struct page_plan_view *v,
        struct err *e)
{
    struct rq *rq = p->rq;
    struct risk k = { 0 };

    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &risk_ledger, id,
                       rq->arena, &k, e))
        return false;
    if (!actor_reads(&rq->who, &risk_ledger, &k) || !p->has_file ||
        dir_school(rq->who.dir, k.r.org) != dir_school(rq->who.dir, p->org))
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!actor_may(&rq->who, &risk_ledger, "pin", k.r.org))
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    v->placing = true;
    v->name = k.title;
    v->action =
        view_url(rq, "%.*s/pin", STR_ARG(rq_path(rq, &risk_ledger, id)));
    v->picture = p->file.large;
    v->plan = plan_url(rq, p->org, p->place);
    v->csrf = v->head->csrf;
    v->key = rq_key(rq);
    v->rev = arena_i64(rq->arena, k.r.rev);
    v->place = p->place != 0 ? arena_i64(rq->arena, p->place) : STR("");
    v->h = p->h;
    return true;
}

static struct planned
asked_plan(struct rq *rq)
{
    return (struct planned){ .rq = rq,
                             .org = rq_query_i64(rq, "org"),
                             .place = rq_query_i64(rq, "place") };
}

static bool
show_plan(struct rq *rq, struct err *e)
{
    struct page_plan_view v = { .lang = rq->lang };
    struct planned p = asked_plan(rq);
    int64_t pin = rq_query_i64(rq, "pin");
    const struct ledger *l = p.place != 0 ? &place_ledger : &org_ledger;
    const char *verb;
    struct str name;

    if (!find_plan(&p, e))
        return false;
    name = p.place != 0 ? view_place(rq, p.place) : view_org(rq, p.org);
    v.head = view_head(
        rq, arena_dupz(rq->arena,
                       view_said(rq, N_("Floor plan: %.*s"), STR_ARG(name))));
    v.back = view_url(rq, "/t/%.*s/risks?org=%ld", STR_ARG(tenant_code(rq)),
                      (long)p.org);
    verb = p.place != 0 ? "edit" : "plan";
    v.add =
        view_url(rq, "%.*s?step=%s",
                 STR_ARG(rq_path(rq, l, p.place != 0 ? p.place : p.org)), verb);
    v.can_add = actor_may(&rq->who, l, verb, p.org);
    if (pin != 0 ? !ask_pin(&p, pin, &v, e) : !read_pins(&p, &v, e))
        return false;
    answer_html(rq);
    page_plan(&rq->rs->body, &v);
    return true;
}

struct looking {
    const struct pictures *pictures;
    int64_t tenant;
    struct str sha;
};

static bool
look(void *arg, struct err *e)
{
    const struct looking *l = arg;

    return pictures_look(l->pictures, l->tenant, l->sha, e);
}

/* Pins stand by the shape of the picture: copies that were cleared away are
 * made before it is drawn. One that cannot be had is told by the page. */
bool
plan_page(struct rq *rq, struct err *e)
{
    struct looking *l = arena_new_obj(rq->arena, struct looking);
    struct planned p = asked_plan(rq);
    unsigned w, h;

    if (l == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!find_plan(&p, e))
        return false;
    *l = (struct looking){ .pictures = &rq->app->pictures,
                           .tenant = rq->who.dir->tenant.id,
                           .sha = p.sha };
    if (!p.has_file || picture_state(rq->app->data_dir, l->tenant, l->sha, &w,
                                     &h) != PICTURE_UNKNOWN)
        return show_plan(rq, e);
    return rq_work(rq, rq->app->uploads, look, l, show_plan, e);
}
