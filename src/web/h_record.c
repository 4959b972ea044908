/* Lists, records and their steps: the same pages for every ledger. */
#include <inttypes.h>

#include "pages/pages.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/history.h"
#include "web/post.h"
#include "web/query.h"
#include "web/view.h"

/* ---- lists ------------------------------------------------------------------- */

static struct v_input
state_input(struct rq *rq, const struct ledger *l, const struct query *q)
{
    struct v_choice *c =
        arena_new_array(rq->arena, struct v_choice, l->n_states + 2);
    struct str on = rq_query(rq, "state");
    size_t n = 0;

    (void)q;
    if (c != NULL) {
        c[n++] = (struct v_choice){ STR("open"),
                                    str_of(rq_tr(rq, N_("all that are open"))),
                                    str_is(on, "open") };
        for (size_t i = 0; i < l->n_states; i++)
            c[n++] = (struct v_choice){ str_of(l->states[i].key),
                                        str_of(rq_tr(rq, l->states[i].label)),
                                        str_is(on, l->states[i].key) };
    }
    return (struct v_input){ .kind = "enum",
                             .name = STR("state"),
                             .label = str_of(rq_tr(rq, N_("State"))),
                             .choices = c,
                             .n_choices = n };
}

static struct v_input
org_filter_input(struct rq *rq, const struct ledger *l)
{
    const struct dir *d = rq->who.dir;
    struct v_choice *c =
        arena_new_array(rq->arena, struct v_choice, d->n_org + 1);
    int64_t on = rq_query_i64(rq, "org");
    size_t n = 0;

    for (size_t i = 0; c != NULL && i < d->n_org; i++) {
        const struct dir_org *o = d->tree[i];

        if (o != NULL && actor_may(&rq->who, l, "read", o->id))
            c[n++] =
                (struct v_choice){ arena_printf(rq->arena, "%ld", (long)o->id),
                                   view_org(rq, o->id), o->id == on };
    }
    return (struct v_input){ .kind = "enum",
                             .name = STR("org"),
                             .label = str_of(rq_tr(rq, N_("School"))),
                             .choices = c,
                             .n_choices = n };
}

static size_t
filter_inputs(struct rq *rq, const struct ledger *l, const struct query *q,
              struct v_input *in)
{
    struct str rest = str_of(l->filter), name;
    struct v_input org = org_filter_input(rq, l);
    size_t n = 0;

    if (org.n_choices > 1)
        in[n++] = org;
    in[n++] = state_input(rq, l, q);
    while (n < 12 && str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (f == NULL || f->kind != FK_ENUM)
            continue;
        in[n] = view_input(rq, l, f, NULL, NULL, 0);
        for (size_t i = 0; i < in[n].n_choices; i++)
            ((struct v_choice *)(uintptr_t)in[n].choices)[i].on =
                str_eq(rq_query(rq, f->name), in[n].choices[i].key);
        n++;
    }
    if (l->settle != NULL)
        in[n++] =
            (struct v_input){ .kind = "flag",
                              .name = STR("overdue"),
                              .label = str_of(rq_tr(rq, N_("overdue only"))),
                              .value = rq_query(rq, "overdue") };
    return n;
}

static void
list_columns(struct rq *rq, const struct ledger *l, struct page_list_view *v)
{
    struct v_cell *c = arena_new_array(rq->arena, struct v_cell, 20);
    struct str rest = str_of(l->list), name;
    size_t n = 0;

    if (c == NULL)
        return;
    c[n++].label = str_of(rq_tr(rq, ledger_name_field(l)->label));
    while (n < 16 && str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (f != NULL && f != ledger_name_field(l) && f->tag != 11)
            c[n++].label = str_of(rq_tr(rq, f->label));
    }
    c[n++].label = str_of(rq_tr(rq, N_("State")));
    c[n++].label = str_of(rq_tr(rq, N_("Due")));
    v->columns = c;
    v->n_columns = n;
}

static void
list_links(struct rq *rq, const struct ledger *l, const struct query *q,
           const struct rec *last, bool more, struct page_list_view *v)
{
    struct str base = rq_path(rq, l, 0);
    const struct step *make = ledger_create(l);
    const char *amp = q->params.n > 0 ? "&" : "";
    struct str unsorted = q->params; /* the order is the last that is kept */

    if (q->list.sort == SORT_DUE) {
        unsorted.n -= strlen("sort=due");
        unsorted.n -= unsorted.n > 0;
    }

    v->first = view_url(rq, "%.*s", STR_ARG(base));
    v->query = q->text;
    v->by_due = q->list.sort == SORT_DUE;
    v->can_sort = l->settle != NULL;
    v->newest = view_url(rq, "%.*s?%.*s", STR_ARG(base), STR_ARG(unsorted));
    v->due_first = view_url(rq, "%.*s?%.*s%ssort=due", STR_ARG(base),
                            STR_ARG(unsorted), unsorted.n > 0 ? "&" : "");
    v->has_first = q->list.after_id != 0;
    v->has_next = more && last != NULL;
    if (v->has_next)
        v->next = view_url(rq, "%.*s?%.*s%safter=%" PRId64 "&key=%" PRId64,
                           STR_ARG(base), STR_ARG(q->params), amp, last->id,
                           last->due_at);
    v->csv = view_url(rq, "%.*s.csv?%.*s", STR_ARG(base), STR_ARG(q->params));
    v->xlsx = view_url(rq, "%.*s.xlsx?%.*s", STR_ARG(base), STR_ARG(q->params));
    v->pdf = view_url(rq, "%.*s.pdf?%.*s", STR_ARG(base), STR_ARG(q->params));
    v->can_export = actor_may_somewhere(&rq->who, l, "export");
    v->import = view_url(rq, "%.*s/import", STR_ARG(base));
    v->can_import = actor_may_somewhere(&rq->who, l, "import") &&
                    !(l->flags & L_DIR) && l->similar != NULL;
    v->can_add = make != NULL && actor_may_somewhere(&rq->who, l, make->verb);
    v->add = view_url(rq, "%.*s/new", STR_ARG(base));
    v->add_label = make != NULL ? str_of(rq_tr(rq, make->label)) : STR("");
}

static void
list_rows(struct rq *rq, const struct ledger *l, const void *recs, size_t n,
          struct page_list_view *v)
{
    struct v_row *rows = arena_new_array(rq->arena, struct v_row, n + 1);

    if (rows == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        rows[i] = view_row(rq, l, (const char *)recs + i * l->size, l->list);
    v->rows = rows;
    v->n_rows = n;
}

bool
record_list(struct rq *rq, struct err *e)
{
    const struct ledger *l = rq->ledger;
    struct page_list_view v = { .lang = rq->lang };
    struct query q;
    void *recs;
    size_t n;
    bool more;

    if (!query_read(rq, l, "read", &q, e) ||
        !store_list(rq->st, &q.list, rq->arena, &recs, &n, &more, e))
        return false;
    v.head = view_head(rq, rq_tr(rq, l->title));
    v.filters = arena_new_array(rq->arena, struct v_input, 16);
    if (v.filters != NULL)
        v.n_filters =
            filter_inputs(rq, l, &q, (struct v_input *)(uintptr_t)v.filters);
    v.filtered = q.filtered;
    list_columns(rq, l, &v);
    list_rows(rq, l, recs, n, &v);
    list_links(rq, l, &q,
               n > 0 ? (const struct rec *)(const void *)((const char *)recs +
                                                          (n - 1) * l->size)
                     : NULL,
               more, &v);
    v.count =
        view_count(rq,
                   more ? trn(rq->lang, "%ld row on this page",
                              "%ld rows on this page", (int64_t)n)
                        : trn(rq->lang, "%ld row", "%ld rows", (int64_t)n),
                   (int64_t)n);
    answer_html(rq);
    page_list(&rq->rs->body, &v);
    return true;
}

/* ---- making one --------------------------------------------------------------- */

static int64_t
home_org(struct rq *rq, const struct ledger *l, const char *verb)
{
    const struct dir *d = rq->who.dir;
    int64_t want = rq_query_i64(rq, "org");
    const struct dir_person *p = dir_person(d, rq->who.person);

    if (want != 0 && actor_may(&rq->who, l, verb, want))
        return want;
    if (p != NULL && actor_may(&rq->who, l, verb, p->org))
        return p->org;
    for (size_t i = 0; i < d->n_org; i++)
        if (actor_may(&rq->who, l, verb, d->tree[i]->id))
            return d->tree[i]->id;
    return 0;
}

/* The empty form for a school, or the one that was sent with what is wrong. */
static bool
show_new(struct rq *rq, int64_t org, const struct err *sent, struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);
    struct page_form_view v = { .lang = rq->lang };
    struct v_form form;

    if (s == NULL || org == 0)
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    form = view_step(rq, rq->ledger, s, NULL, org);
    if (sent != NULL)
        view_typed(rq, &form, sent);
    v.form = &form;
    v.head = view_head(rq, rq_tr(rq, s->label));
    answer_html(rq);
    page_form(&rq->rs->body, &v);
    return true;
}

bool
record_new(struct rq *rq, struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);

    return show_new(rq, s != NULL ? home_org(rq, rq->ledger, s->verb) : 0, NULL,
                    e);
}

/* Whether a person can mend what was sent and send it again. */
static bool
mendable(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_TYPE ||
           e->code == ERR_TOO_LARGE || e->code == ERR_CONFLICT;
}

static bool
created(struct rq *rq, struct err *e)
{
    const struct change *c = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        if (!mendable(e))
            return false;
        rq->rs->status = err_info[e->code].http;
        return show_new(rq, c->org, &rq->work_err, e);
    }
    return rq_redirect(
        rq, arena_printf(rq->arena, "%.*s?done=1",
                         STR_ARG(rq_path(rq, c->ledger, c->out_id))));
}

bool
record_create(struct rq *rq, struct err *e)
{
    const struct step *s = ledger_create(rq->ledger);
    struct change *c;

    if (s == NULL)
        return err_set(e, ERR_METHOD, NULL, "Nothing can be added here");
    if ((c = post_change(rq, e)) == NULL)
        return false;
    c->verb = str_of(s->verb);
    if (c->org == 0)
        c->org = home_org(rq, rq->ledger, s->verb);
    return post_run(rq, c, created, e);
}

/* ---- one record ----------------------------------------------------------------- */

static bool
load(struct rq *rq, void **rec, struct err *e)
{
    const struct ledger *l = rq->ledger;

    if ((*rec = arena_alloc(rq->arena, l->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, rq->id, rq->arena,
                       *rec, e))
        return false;
    return actor_reads(&rq->who, l, *rec) ||
           err_set(e, ERR_MISSING, NULL, "There is no such record");
}

/* sent: why a form that was sent did not pass; NULL: none was. */
static void
forms(struct rq *rq, const void *rec, const struct err *sent,
      struct page_record_view *v)
{
    const struct ledger *l = rq->ledger;
    const struct rec *r = rec;
    struct v_form *f =
        arena_new_array(rq->arena, struct v_form, l->n_steps + 1);
    struct err ignored;

    for (int main = 1; f != NULL && main >= 0; main--)
        for (size_t i = 0; i < l->n_steps; i++) {
            const struct step *s = &l->steps[i];

            if (!(s->from & IN(r->state)) || (s->flags & S_QUIET) ||
                ((s->flags & S_MAIN) != 0) != (main == 1) ||
                (s->fits != NULL && !s->fits(rec)) ||
                !actor_steps(&rq->who, l, s, rec, r->org, &ignored))
                continue;
            f[v->n_forms] = view_step(rq, l, s, rec, r->org);
            f[v->n_forms].open = str_eq(rq_query(rq, "step"), str_of(s->verb));
            if (sent != NULL && str_eq(rq->verb, str_of(s->verb)))
                view_typed(rq, &f[v->n_forms], sent);
            v->n_forms++;
        }
    if (f != NULL && l == &person_ledger &&
        actor_may(&rq->who, l, "password", r->org))
        f[v->n_forms++] = (struct v_form){
            .lang = rq->lang,
            .action = view_url(rq, "%.*s/link", STR_ARG(rq_path(rq, l, r->id))),
            .csrf = rq->session.csrf,
            .label = str_of(rq_tr(rq, N_("Make a one-time link"))),
            .then = str_of(
                rq_tr(rq, N_("Whoever opens the link chooses a password"))),
        };
    v->forms = f;
}

/* "Next: Accept – Principal, Inspector" */
static struct str
waiting(struct rq *rq, const void *rec)
{
    const struct ledger *l = rq->ledger;
    BUF(b, 2048);

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];
        bool first = true;

        if (!(s->flags & S_MAIN) ||
            !(s->from & IN(((const struct rec *)rec)->state)) ||
            (s->fits != NULL && !s->fits(rec)) || (l->flags & L_DIR))
            continue;
        buf_puts(&b, b.n == 0 ? rq_tr(rq, N_("Next: ")) : "; ");
        buf_puts(&b, rq_tr(rq, s->label));
        buf_puts(&b, " – ");
        for (const struct choice *c = role_choices; c->v != 0; c++)
            if (s->roles >> c->v & 1) {
                buf_puts(&b, first ? "" : ", ");
                buf_puts(&b, rq_tr(rq, c->label));
                first = false;
            }
    }
    return arena_dup(rq->arena, buf_str(&b));
}

/* Open records alike in the fields that the ledger names. */
static bool
similar(struct rq *rq, const void *rec, struct page_record_view *v,
        struct err *e)
{
    const struct ledger *l = rq->ledger;
    const struct rec *r = rec;
    const struct state *st = ledger_state(l, r->state);
    struct list_query q = { .tenant = rq->who.dir->tenant.id,
                            .ledger = l,
                            .org = &r->org,
                            .n_org = 1,
                            .not_id = r->id,
                            .limit = 3 };
    struct str rest = str_of(l->similar), name;
    void *recs;
    bool more;
    size_t n;

    if (l->similar == NULL || st == NULL || !(st->flags & ST_OPEN))
        return true;
    while (str_split(&rest, ' ', &name)) {
        const struct field *f = ledger_field(l, name);

        if (field_empty(f, rec))
            return true;
        q.filter[q.n_filters++] = (struct list_filter){
            .field = f, .v = { *field_i64(f, rec) }, .n = 1
        };
    }
    for (size_t i = 0; i < l->n_states; i++)
        if (l->states[i].flags & ST_OPEN)
            q.states |= IN(l->states[i].v);
    if (!store_list(rq->st, &q, rq->arena, &recs, &n, &more, e))
        return false;
    v->similar = arena_new_array(rq->arena, struct v_row, n + 1);
    for (size_t i = 0; v->similar != NULL && i < n; i++)
        ((struct v_row *)(uintptr_t)v->similar)[i] =
            view_row(rq, l, (char *)recs + i * l->size, "place category");
    v->n_similar = v->similar != NULL ? n : 0;
    return true;
}

/* The page of a record; conflict: what to say on top, the reader had seen
 * revision seen. sent: why the form that was sent did not pass, or NULL. */
static bool
show(struct rq *rq, struct str conflict, int64_t seen, const struct err *sent,
     struct err *e)
{
    struct page_record_view v = { .lang = rq->lang, .conflict = conflict };
    const struct rec *r;
    void *rec;

    if (!load(rq, &rec, e))
        return false;
    r = rec;
    v.name = view_name(rq, rq->ledger, rec);
    v.head = view_head(rq, v.name.p);
    ((struct v_head *)(uintptr_t)v.head)->title = v.name;
    v.no = r->no;
    v.state = view_state(rq, rq->ledger, r->state);
    v.state_key = str_of(view_state_key(rq->ledger, r->state));
    v.due = view_due(rq, r->due_at);
    v.overdue = r->due_at != 0 && r->due_at < rq->who.now;
    v.origin = r->origin == ORIGIN_PAPER ? view_value(rq, &rec_fields[10], rec)
                                         : STR("");
    v.raw = r->raw;
    v.list = view_path(rq, rq->ledger, 0);
    v.proof =
        view_url(rq, "%.*s/proof", STR_ARG(rq_path(rq, rq->ledger, r->id)));
    v.waiting = waiting(rq, rec);
    view_facts(rq, rec, &v);
    forms(rq, rec, sent, &v);
    if (!similar(rq, rec, &v, e) ||
        !history_view(rq, rq->ledger, rec, seen, &v.events, &v.n_events, e))
        return false;
    answer_html(rq);
    http_set(rq->http, rq->rs, "ETag",
             arena_printf(rq->arena, "\"%" PRId64 "\"", r->rev));
    page_record(&rq->rs->body, &v);
    return true;
}

bool
record_page(struct rq *rq, struct err *e)
{
    return show(rq, STR(""), INT64_MAX, NULL, e);
}

static bool
stepped(struct rq *rq, struct err *e)
{
    const struct change *c = rq->work;

    if (rq->work_ok)
        return rq_redirect(
            rq, arena_printf(rq->arena, "%.*s?done=1",
                             STR_ARG(rq_path(rq, c->ledger, c->out_id))));
    if (rq->work_err.code == ERR_CONFLICT && rq->work_err.field != NULL &&
        strcmp(rq->work_err.field, "rev") == 0) {
        rq->rs->status = 409;
        return show(rq,
                    str_of(rq_tr(rq, N_("Somebody else was faster. What has "
                                        "changed is marked in the history "
                                        "below; please look and try again."))),
                    c->rev, &(struct err){ 0 }, e);
    }
    *e = rq->work_err;
    if (!mendable(e))
        return false;
    rq->rs->status = err_info[e->code].http;
    return show(rq, STR(""), INT64_MAX, &rq->work_err, e);
}

bool
record_step(struct rq *rq, struct err *e)
{
    struct change *c = post_change(rq, e);

    if (c == NULL)
        return false;
    c->id = rq->id;
    c->verb = rq->verb;
    return post_run(rq, c, stepped, e);
}
