/* Lists: the same page for every ledger. */
#include <inttypes.h>

#include "domain/inspection.h"
#include "pages/pages.h"
#include "service/import.h"
#include "web/answer.h"
#include "web/chat.h"
#include "web/fragment.h"
#include "web/handlers.h"
#include "web/look.h"
#include "web/query.h"
#include "web/view.h"

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
    bool zh = rq->lang == LANG_ZH;
    size_t n = 0;

    for (size_t i = 0; c != NULL && i < d->n_org; i++) {
        const struct dir_org *o = d->tree[i];

        if (o != NULL && actor_may(&rq->who, l, "read", o->id))
            c[n++] = (struct v_choice){ arena_i64(rq->arena, o->id),
                                        text2_in(o->name, zh), o->id == on };
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
    for (size_t i = 0; i < n; i++)
        in[i].none = N_("all");
    if (l->settle != NULL)
        in[n++] =
            (struct v_input){ .kind = "flag",
                              .name = STR("overdue"),
                              .label = str_of(rq_tr(rq, N_("overdue only"))),
                              .value = rq_query(rq, "overdue") };
    return n;
}

static void
list_columns(struct rq *rq, const struct view_columns *columns,
             const struct ledger *l, struct page_list_view *v)
{
    struct v_cell *c =
        arena_new_array(rq->arena, struct v_cell, columns->n + 3);
    size_t n = 0;

    if (c == NULL)
        return;
    c[n++].label = str_of(rq_tr(rq, ledger_name_field(l)->label));
    for (size_t i = 0; i < columns->n; i++)
        c[n++].label = columns->label[i];
    c[n++].label = str_of(rq_tr(rq, N_("State")));
    if (l->settle != NULL) /* else nothing in it falls due */
        c[n++].label = str_of(rq_tr(rq, N_("Due")));
    v->columns = c;
    v->n_columns = n;
}

static void
list_links(struct rq *rq, const struct ledger *l, const struct query *q,
           const struct rec *last, bool more, struct page_list_view *v)
{
    struct str base = rq_path(rq, l, 0);
    const char *amp = q->params.n > 0 ? "&" : "";
    struct str unsorted = q->params; /* the order is the last that is kept */

    if (q->list.sort == SORT_DUE_FIRST) {
        unsorted.n -= strlen("sort=due");
        unsorted.n -= unsorted.n > 0;
    }

    v->first = view_url(rq, "%.*s", STR_ARG(base));
    v->by_due = q->list.sort == SORT_DUE_FIRST;
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
    v->together = together_links(rq, l, &v->n_together);
    v->can_export = actor_may_somewhere(&rq->who, l, "export");
    v->import = view_url(rq, "%.*s/import", STR_ARG(base));
    v->can_import =
        import_reads(l) && actor_may_somewhere(&rq->who, l, "import");
}

static int64_t
midnight(struct rq *rq)
{
    const struct zone *z = rq->who.dir->rules.zone;

    return zone_time(z, zone_day(z, rq->who.now) + 1, 0);
}

/* Rows are good until one of them falls due, or the day ends: the words "due
 * in 3 days" change then. */
static int64_t
good_until(struct rq *rq, const struct ledger *l, const void *recs, size_t n)
{
    int64_t until = midnight(rq);

    for (size_t i = 0; i < n; i++) {
        int64_t due = ((const struct rec *)(const void *)((const char *)recs +
                                                          i * l->size))
                          ->due_at;

        if (due > rq->who.now && due < until)
            until = due;
    }
    return until;
}

/* What to do where there is nothing. */
static void
begins(struct rq *rq, const struct ledger *l, struct page_list_view *v)
{
    const struct step *s = ledger_create(l);

    v->begins = str_of(rq_tr(rq, N_("Nothing here yet.")));
    if (s == NULL)
        return;
    if (actor_may_somewhere(&rq->who, l, s->verb)) {
        v->add_label = str_of(rq_tr(rq, s->label));
        v->add = view_url(rq, "%.*s/new", STR_ARG(rq_path(rq, l, 0)));
    } else {
        v->begins =
            view_said(rq,
                      N_("Nothing here yet. It begins with \"%.*s\", which "
                         "others do: your posts do not include it."),
                      STR_ARG(str_of(rq_tr(rq, s->label))));
    }
}

static bool
list_body(struct rq *rq, struct buf *b, int64_t *until, struct err *e)
{
    const struct ledger *l = rq->ledger;
    struct view_columns columns = view_columns(rq, l, l->list);
    struct page_list_view v = { .lang = rq->lang };
    struct query q;
    void *recs;
    size_t n;
    bool more, lacks = false;

    if (!query_read(rq, l, "read", &q, e) ||
        !store_list(rq->st, &q.list, rq->arena, &recs, &n, &more, e))
        return false;
    v.filtered = q.filtered;
    if (q.list.match.n > 0 &&
        !store_search_lacks(rq->st, q.list.tenant, l, &lacks, e))
        return false;
    if (lacks)
        v.note = str_of(rq_tr(
            rq, N_("After an update the search is being made ready: older "
                   "records may be missing here for some minutes.")));
    list_columns(rq, &columns, l, &v);
    v.rows = view_rows(rq, l, recs, n, &columns);
    v.n_rows = v.rows != NULL ? n : 0;
    if (n == 0)
        begins(rq, l, &v);
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
    v.chat = chat_list(rq, l, &q, recs, n, more);
    *until = good_until(rq, l, recs, n);
    part_list(b, &v);
    return true;
}

/* Lists that are reached from this one, and pages of its own. */
static const struct v_link *
beside(struct rq *rq, const struct ledger *l, size_t *n)
{
    struct v_link *v = arena_new_array(rq->arena, struct v_link, n_ledgers + 3);
    const struct ledger *top =
        l->under != NULL ? ledger_find(str_of(l->under)) : l;
    struct str code = rq->who.dir->tenant.code;

    *n = 0;
    for (size_t i = 0; v != NULL && i < n_ledgers; i++)
        if ((ledgers[i] == top ||
             (ledgers[i]->under != NULL &&
              ledger_find(str_of(ledgers[i]->under)) == top)) &&
            actor_may_somewhere(&rq->who, ledgers[i], "read"))
            v[(*n)++] =
                (struct v_link){ .label = str_of(rq_tr(rq, ledgers[i]->title)),
                                 .url = view_path(rq, ledgers[i], 0),
                                 .current = ledgers[i] == l };
    if (v != NULL && top == &inspection_ledger)
        v[(*n)++] = (struct v_link){
            .label = str_of(rq_tr(rq, N_("Who keeps which rule"))),
            .url = view_url(rq, "/t/%.*s/compliance", STR_ARG(code))
        };
    if (v != NULL && l == &checklist_ledger &&
        actor_may_somewhere(&rq->who, l, "draft"))
        v[(*n)++] = (struct v_link){
            .label = str_of(rq_tr(rq, N_("Library of checklists"))),
            .url = view_url(rq, "%.*s/library", STR_ARG(rq_path(rq, l, 0)))
        };
    if (*n == 1)
        *n = 0;
    return v;
}

/* Title and filters: the same on every page of the list. */
static bool
list_top(struct rq *rq, struct buf *b, int64_t *until, struct err *e)
{
    const struct ledger *l = rq->ledger;
    const struct step *make = ledger_create(l);
    struct v_input *filters = arena_new_array(rq->arena, struct v_input, 16);
    struct page_list_top v = {
        .lang = rq->lang,
        .title = str_of(rq_tr(rq, l->title)),
        .first = view_path(rq, l, 0),
        .can_add = make != NULL && actor_may_somewhere(&rq->who, l, make->verb),
        .add = view_url(rq, "%.*s/new", STR_ARG(rq_path(rq, l, 0))),
        .can_round = l->round != NULL && make != NULL &&
                     actor_may_somewhere(&rq->who, l, make->verb),
        .round = view_url(rq, "%.*s/round", STR_ARG(rq_path(rq, l, 0))),
        .add_label = make != NULL ? str_of(rq_tr(rq, make->label)) : STR(""),
        .filters = filters,
    };
    struct query q;

    if (!query_read(rq, l, "read", &q, e))
        return false;
    v.beside = beside(rq, l, &v.n_beside);
    v.filtered = q.filtered;
    v.query = q.text;
    v.by_due = q.list.sort == SORT_DUE_FIRST;
    if (filters != NULL)
        v.n_filters = filter_inputs(rq, l, &q, filters);
    *until = midnight(rq);
    part_list_top(b, &v);
    return true;
}

/* One piece of the page, kept or made now. */
static bool
add_piece(struct rq *rq, enum fragment_part part,
          bool (*make)(struct rq *, struct buf *, int64_t *, struct err *),
          struct err *e)
{
    struct fragments *cache = rq->app->fragments;
    struct fragment_key key;
    struct fragment *f;
    int64_t until;
    BUF(b, 4 << 20);

    if (!fragment_key_of(rq, rq->ledger, part, &key, e))
        return false;
    if ((f = fragment_find(cache, &key, rq->who.now)) == NULL) {
        if (!make(rq, &b, &until, e))
            return false;
        if (b.over || arena_failed(rq->arena) ||
            (f = fragment_keep(cache, &key, buf_str(&b), until)) == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    }
    rq->rs->piece[rq->rs->n_pieces++] =
        (struct http_piece){ fragment_bytes(f), fragment_release, f };
    return true;
}

/* A personal head, two pieces that many readers share, a foot. */
static bool
list_now(struct rq *rq, struct err *e)
{
    const struct v_head *head;

    if (!add_piece(rq, PART_FORM, list_top, e) ||
        !add_piece(rq, PART_ROWS, list_body, e))
        return false;
    head = view_head(rq, rq_tr(rq, rq->ledger->title));
    answer_html(rq);
    part_head(&rq->rs->body, head);
    part_foot(&rq->rs->tail, head);
    return true;
}

bool
record_list(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_LIST, list_now, e);
}
