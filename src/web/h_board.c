/* What a person has to do today; administration; the district at a glance. */
#include <inttypes.h>

#include "domain/message.h"
#include "pages/board.h"
#include "service/above.h"
#include "service/backup.h"
#include "service/delivery.h"
#include "service/health.h"
#include "service/own.h"
#include "store/stmt.h"
#include "web/address.h"
#include "web/answer.h"
#include "web/chat.h"
#include "web/first_steps.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/view.h"

enum { SHOWN = 5, COUNTED = 999 };

/* ---- today --------------------------------------------------------------------- */

/* The states from which the actor may take a usual step. */
static uint64_t
my_states(struct rq *rq, const struct ledger *l)
{
    uint64_t roles = actor_roles_anywhere(&rq->who), bits = 0;

    for (size_t i = 0; i < l->n_steps; i++)
        if ((l->steps[i].flags & S_MAIN) && (l->steps[i].roles & roles))
            bits |= l->steps[i].from;
    return bits & ledger_states(l, ST_OPEN);
}

static bool
group(struct rq *rq, const struct list_query *q, const char *title,
      const char *empty, const char *params, struct v_group *g, struct err *e)
{
    struct list_query one = *q;
    struct view_columns columns;
    void *recs;
    bool more;
    size_t n;

    one.limit = SHOWN;
    if (!store_list(rq->st, &one, rq->arena, &recs, &n, &more, e) ||
        !store_list_count(rq->st, q, COUNTED + 1, &g->count, e))
        return false;
    g->more = g->count > COUNTED;
    g->count = g->count > COUNTED ? COUNTED : g->count;
    columns = view_columns(rq, q->ledger, "org place");
    g->rows = view_rows(rq, q->ledger, recs, n, &columns);
    g->n_rows = g->rows != NULL ? n : 0;
    g->title = q->ledger == ledgers[0]
                   ? str_of(rq_tr(rq, title))
                   : arena_printf(rq->arena, "%s · %s", rq_tr(rq, title),
                                  rq_tr(rq, q->ledger->title));
    g->empty = str_of(rq_tr(rq, empty));
    g->all =
        view_url(rq, "%.*s?%s", STR_ARG(rq_path(rq, q->ledger, 0)), params);
    g->picture =
        view_url(rq, "%.*s.png?%s", STR_ARG(rq_path(rq, q->ledger, 0)), params);
    g->has_picture = q->n_filters == 0; /* the list shows just these */
    return true;
}

/* state=a,b for the states of a set */
static const char *
states_param(struct rq *rq, const struct ledger *l, uint64_t bits)
{
    BUF(b, 1024);

    buf_puts(&b, "sort=due&state=");
    for (size_t i = 0; i < l->n_states; i++)
        if (bits >> l->states[i].v & 1)
            buf_printf(&b, "%s%s", b.p[b.n - 1] == '=' ? "" : ",",
                       l->states[i].key);
    return arena_dup(rq->arena, buf_str(&b)).p;
}

struct grouping {
    struct rq *rq;
    struct list_query q;
    struct v_group *g;
    size_t *n;
};

static bool
add_group(struct grouping *to, uint64_t states, const char *title,
          const char *empty, const char *params, struct err *e)
{
    to->q.states = states;
    if (states == 0)
        return true;
    if (!group(to->rq, &to->q, title, empty, params, &to->g[*to->n], e))
        return false;
    *to->n += empty[0] != '\0' || to->g[*to->n].count > 0;
    return true;
}

/* Each record stands once: where the reader can act, there; else where
 * somebody is late; else with the others. What is late comes first in each. */
static bool
ledger_groups(struct rq *rq, const struct ledger *l, struct v_group *g,
              size_t *n, struct err *e)
{
    struct grouping to = { .rq = rq, .g = g, .n = n };
    const struct field *responsible = ledger_field(l, STR("responsible"));
    uint64_t mine = my_states(rq, l),
             others = ledger_states(l, ST_OPEN) & ~mine;
    struct scope sc;

    if (!actor_scope(&rq->who, l, "read", rq->arena, &sc, e))
        return false;
    if ((!sc.all && sc.n == 0) || (l->flags & L_CLOCKWORK))
        return true;
    to.q = (struct list_query){ .tenant = rq->who.dir->tenant.id,
                                .ledger = l,
                                .sort = SORT_DUE_FIRST,
                                .all = sc.all,
                                .org = sc.org,
                                .n_org = sc.n };
    g[*n].act = true;
    if (!add_group(&to, mine, N_("Waiting for you"),
                   N_("Nothing waits for you. Well done."),
                   states_param(rq, l, mine), e))
        return false;
    if (responsible != NULL) {
        to.q.filter[0] =
            (struct list_filter){ responsible, { rq->who.person }, 1 };
        to.q.n_filters = 1;
        if (!add_group(&to, others, N_("You are responsible"), "",
                       "state=open&sort=due", e))
            return false;
        to.q.n_filters = 0;
    }
    to.q.due_before = rq->who.now;
    g[*n].late = true;
    if (!add_group(&to, others, N_("Overdue with others"), "",
                   "overdue=1&sort=due", e))
        return false;
    g[*n].late = false;
    to.q.due_before = 0;
    to.q.due_from = rq->who.now;
    return add_group(&to, others, N_("With others, in time"), "",
                     states_param(rq, l, others), e);
}

static bool
news(struct rq *rq, struct page_board_view *v, struct err *e)
{
    struct v_event *list = arena_new_array(rq->arena, struct v_event, 8);
    struct rows r;
    bool ok, more = false;

    if (list == NULL)
        return true;
    if (!rows_open(&r, rq->st, &stmts[Q_OUT_OF],
                   ARGS(ARG(rq->who.dir->tenant.id), ARG(rq->who.person),
                        ARG(INT64_MAX), ARG((int64_t)8)),
                   e))
        return false;
    r.arena = rq->arena;
    while ((ok = rows_next(&r, &more, e)) && more) {
        const struct ledger *l = ledger_by_tag((uint16_t)rows_i64(&r, 2));
        void *rec = l != NULL ? arena_alloc(rq->arena, l->size) : NULL;
        struct err gone;

        if (rec == NULL ||
            !store_rec_get(rq->st, rq->who.dir->tenant.id, l, rows_i64(&r, 3),
                           rq->arena, rec, &gone) ||
            !(message_class(message_of(rows_str(&r, 4)))->own ||
              actor_reads(&rq->who, l, rec)))
            continue;
        list[v->n_news++] = (struct v_event){
            .when = view_time(rq, rows_i64(&r, 1)),
            .what = view_verb(rq, l, rows_str(&r, 4)),
            .who =
                view_person_of(rq, ((struct rec *)rec)->org, rows_i64(&r, 5)),
            .comment = view_name(rq, l, rec),
            .url = view_path(rq, l, rows_i64(&r, 3)),
            .picture = l->flags & L_SETUP
                           ? (struct url){ STR("") }
                           : view_url(rq, "%.*s/picture?news=%.*s",
                                      STR_ARG(rq_path(rq, l, rows_i64(&r, 3))),
                                      STR_ARG(rows_str(&r, 4))),
            .fresh = rows_i64(&r, 6) == 0,
        };
        v->n_fresh += rows_i64(&r, 6) == 0;
        if (v->newest == 0)
            v->newest = rows_i64(&r, 0);
    }
    rows_close(&r);
    v->news = list;
    v->seen = view_url(rq, "/t/%.*s/seen", STR_ARG(rq->who.dir->tenant.code));
    return ok;
}

static bool
seen_done(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return rq_redirect(
        rq, view_url(rq, "/t/%.*s", STR_ARG(rq->who.dir->tenant.code)).s);
}

bool
news_seen(struct rq *rq, struct err *e)
{
    struct own_seen *s = arena_new_obj(rq->arena, struct own_seen);

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *s = (struct own_seen){ .tenant = rq->who.dir->tenant.id,
                            .person = rq->who.person };
    if (!str_i64(rq_form(rq, "upto"), &s->upto))
        s->upto = 0;
    return rq_job(rq, own_seen_job, s, seen_done, e);
}

static void
actions(struct rq *rq, struct page_board_view *v)
{
    struct v_link *a = arena_new_array(rq->arena, struct v_link, n_ledgers);

    v->actions = a;
    for (size_t i = 0; a != NULL && i < n_ledgers; i++) {
        const struct step *s = ledger_create(ledgers[i]);

        if ((ledgers[i]->flags & L_SETUP) || s == NULL ||
            ledgers[i]->under != NULL ||
            !actor_may_somewhere(&rq->who, ledgers[i], s->verb))
            continue;
        a[v->n_actions++] = (struct v_link){
            .label = str_of(rq_tr(rq, s->label)),
            .url =
                view_url(rq, "%.*s/new", STR_ARG(rq_path(rq, ledgers[i], 0))),
        };
    }
}

/* What the reader can do comes first, then what burns, what is empty last. */
static int
urgency(const struct v_group *g)
{
    return g->count == 0 ? 3 : g->act ? 0 : g->late ? 1 : 2;
}

static void
by_urgency(struct v_group *g, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && urgency(&g[k]) < urgency(&g[k - 1]); k--) {
            struct v_group x = g[k];

            g[k] = g[k - 1];
            g[k - 1] = x;
        }
}

/* That nothing waits is said once, and only where nothing does. */
static void
drop_empty(struct rq *rq, struct v_group *g, size_t *n)
{
    bool waits = false;
    size_t full = 0;

    for (; full < *n && g[full].count > 0; full++)
        waits |= g[full].act;
    if (!waits && full < *n)
        g[full++].title = str_of(rq_tr(rq, N_("Waiting for you")));
    *n = full;
}

static bool
groups(struct rq *rq, struct v_group **out, size_t *n, struct err *e)
{
    struct v_group *g =
        arena_new_array(rq->arena, struct v_group, 4 * n_ledgers);

    *n = 0;
    if ((*out = g) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n_ledgers; i++)
        if (ledgers[i]->settle != NULL &&
            !ledger_groups(rq, ledgers[i], g, n, e))
            return false;
    by_urgency(g, *n);
    drop_empty(rq, g, n);
    return true;
}

/* The board as its text for chats tells it: what there is, and how many. */
static bool
draw_board(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct chat_lines l = {
        .title = text2_in(rq->who.dir->tenant.name, rq->lang == LANG_ZH),
        .below =
            view_said(rq, N_("Today, %.*s"),
                      STR_ARG(view_day_paper(
                          rq, zone_day(rq->who.dir->rules.zone, rq->who.now)))),
        .link =
            rq_absolute(rq, arena_printf(rq->arena, "/t/%.*s",
                                         STR_ARG(rq->who.dir->tenant.code))),
    };
    struct v_group *g;
    size_t n;

    (void)arg;
    if (!groups(rq, &g, &n, e))
        return false;
    for (size_t i = 0; i < n && l.n < N_OF(l.line); i++)
        if (g[i].count > 0)
            l.line[l.n++] = arena_printf(
                rq->arena, "%.*s%s%ld%s", STR_ARG(g[i].title),
                rq_tr(rq, N_(": ")), (long)g[i].count, g[i].more ? "+" : "");
    if (l.n == 0)
        l.line[l.n++] =
            str_of(rq_tr(rq, N_("Nothing waits for you. Well done.")));
    return chat_draw_lines(rq, path, &l, e);
}

bool
board_picture(struct rq *rq, struct err *e)
{
    return made_picture(rq, draw_board, NULL, STR(""), e);
}

/* Messages that reached nobody, to who can mend that. */
static bool
given_up(struct rq *rq, struct page_board_view *v, struct err *e)
{
    const struct tenant *t = &rq->who.dir->tenant;
    int64_t waiting, dead;

    if (!actor_may(&rq->who, &org_ledger, "edit", rq->who.dir->root))
        return true;
    if (!delivery_counts(rq->st, t, 1, &waiting, &dead, e))
        return false;
    if (dead > 0)
        v->given_up = view_said(
            rq, N_("Messages that could not be delivered: %ld."), (long)dead);
    v->messages = view_url(rq, "/t/%.*s/messages?state=dead", STR_ARG(t->code));
    return true;
}

/* What is wrong with the server, to who can mend that. */
static void
put_wrong(struct rq *rq, struct page_board_view *v)
{
    unsigned all = health_look(rq->app->writer, rq->app->data_dir);
    const char *url = rq->app->public_url;
    struct str *said;

    if ((actor_roles(&rq->who, rq->who.dir->root) & R(ADMIN)) == 0 ||
        (said = arena_new_array(rq->arena, struct str, TROUBLE__MAX + 1)) ==
            NULL)
        return;
    for (unsigned i = 0; i < TROUBLE__MAX; i++)
        if (all >> i & 1)
            said[v->n_wrong++] = str_of(rq_tr(rq, trouble_info[i].says));
    if (!rq->app->example && !address_is_outside(str_of(url)))
        said[v->n_wrong++] = str_of(
            rq_tr(rq, N_("Where people find this server is not set yet: QR "
                         "codes on posters, links and messages lead to this "
                         "machine alone. Who runs it sets public-url.")));
    v->wrong = said;
}

bool
board_page(struct rq *rq, struct err *e)
{
    struct page_board_view v = { .lang = rq->lang };
    struct v_group *g;
    struct str name = view_person(rq, rq->who.person);

    if (rq->who.dir->tenant.id == TENANT_ABOVE)
        return rq_redirect(rq, arena_printf(rq->arena, "/t/%.*s/overview",
                                            STR_ARG(rq->who.dir->tenant.code)));
    if (!groups(rq, &g, &v.n_groups, e))
        return false;
    v.groups = g;
    v.no_post = actor_roles_anywhere(&rq->who) == 0;
    v.hello = view_said(rq, N_("Good day, %.*s"), STR_ARG(name));
    v.day = view_day(rq, zone_day(rq->who.dir->rules.zone, rq->who.now));
    actions(rq, &v);
    if (!news(rq, &v, e))
        return false;
    if (!given_up(rq, &v, e) || !first_steps(rq, &v.todo, &v.n_todo, e))
        return false;
    put_wrong(rq, &v);
    v.chat = chat_board(rq, v.groups, v.n_groups);
    v.head = view_head(rq, rq_tr(rq, N_("Today")));
    answer_html(rq);
    page_board(&rq->rs->body, &v);
    return true;
}

/* How old the newest copy is: it is looked for when it is too late. */
static void
put_backup(struct rq *rq, struct page_board_view *v)
{
    int64_t at = backup_last(rq->app->data_dir);

    if ((actor_roles(&rq->who, rq->who.dir->root) & R(ADMIN)) == 0)
        return;
    if (at == 0)
        v->day = str_of(rq_tr(rq, N_("No whole backup of this installation has "
                                     "been made yet (\"anlan backup\")")));
    else
        v->day = view_said(rq, N_("Newest whole backup: %.*s, %ld days ago"),
                           STR_ARG(view_time(rq, at)),
                           (long)((rq->who.now - at) / MS_PER_DAY));
}

/* ---- administration ----------------------------------------------------------------- */

bool
setup_page(struct rq *rq, struct err *e)
{
    struct page_board_view v = { .lang = rq->lang };
    struct v_link *a = arena_new_array(rq->arena, struct v_link, n_ledgers + 5);
    struct str code = rq->who.dir->tenant.code;

    if (a == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n_ledgers; i++)
        if ((ledgers[i]->flags & L_SETUP) &&
            actor_may_somewhere(&rq->who, ledgers[i], "read"))
            a[v.n_actions++] = (struct v_link){
                .label = str_of(rq_tr(rq, ledgers[i]->title)),
                .url = view_path(rq, ledgers[i], 0),
            };
    a[v.n_actions++] = (struct v_link){
        .label = str_of(rq_tr(rq, N_("Posters with QR codes"))),
        .url = view_url(rq, "/t/%.*s/posters", STR_ARG(code))
    };
    a[v.n_actions++] =
        (struct v_link){ .label = str_of(rq_tr(rq, N_("Deadlines and rules"))),
                         .url = view_url(rq, "/t/%.*s/rules", STR_ARG(code)) };
    a[v.n_actions++] =
        (struct v_link){ .label = str_of(rq_tr(rq, N_("The log"))),
                         .url = view_url(rq, "/t/%.*s/log", STR_ARG(code)) };
    if (actor_may(&rq->who, &org_ledger, "edit", rq->who.dir->root))
        a[v.n_actions++] = (struct v_link){
            .label = str_of(rq_tr(rq, N_("Messages"))),
            .url = view_url(rq, "/t/%.*s/messages", STR_ARG(code)),
        };
    v.actions = a;
    v.hello = str_of(rq_tr(rq, N_("Setup")));
    put_wrong(rq, &v);
    put_backup(rq, &v);
    v.head = view_head(rq, rq_tr(rq, N_("Setup")));
    answer_html(rq);
    page_board(&rq->rs->body, &v);
    return true;
}

/* One paper for each school: its own poster and those of all its places. */
bool
posters_page(struct rq *rq, struct err *e)
{
    struct page_board_view v = { .lang = rq->lang };
    const struct dir *d = rq->who.dir;
    struct v_link *a = arena_new_array(rq->arena, struct v_link, d->n_org + 1);

    if (a == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < d->n_org; i++)
        if (dir_is_school(d->tree[i]) &&
            actor_reads_at(&rq->who, &org_ledger, d->tree[i]->id))
            a[v.n_actions++] = (struct v_link){
                .label = view_org(rq, d->tree[i]->id),
                .url =
                    view_url(rq, "%.*s/paper",
                             STR_ARG(rq_path(rq, &org_ledger, d->tree[i]->id))),
            };
    v.actions = a;
    v.hello = str_of(rq_tr(rq, N_("Posters with QR codes")));
    v.day = str_of(rq_tr(rq, N_("A sheet for the school and one for each of "
                                "its places, in one paper")));
    v.head = view_head(rq, rq_tr(rq, N_("Posters with QR codes")));
    answer_html(rq);
    page_board(&rq->rs->body, &v);
    return true;
}

static const char *
unit_name(enum rule_unit u)
{
    static const char *const names[] = { "", N_("hours"), N_("calendar days"),
                                         N_("working days"), N_("times") };

    return names[u];
}

bool
rules_page(struct rq *rq, struct err *e)
{
    struct page_rules_view v = { .lang = rq->lang };
    const struct rules *r = &rq->who.dir->rules;
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, r->n + 1);

    if (rows == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < r->n; i++)
        rows[i] = (struct v_table_row){
            .label = r->rule[i].key,
            .cell = { arena_printf(rq->arena, "%" PRId64 " %s",
                                   r->rule[i].value,
                                   rq_tr(rq, unit_name(r->rule[i].unit))),
                      text2_in(r->rule[i].source, rq->lang == LANG_ZH),
                      text2_in(r->rule[i].note, rq->lang == LANG_ZH) },
        };
    v.rows = rows;
    v.n_rows = r->n;
    v.add = view_url(rq, "%.*s/new", STR_ARG(rq_path(rq, &rule_ledger, 0)));
    v.can_add = actor_may_somewhere(&rq->who, &rule_ledger, "add");
    v.head = view_head(rq, rq_tr(rq, N_("Deadlines and rules")));
    answer_html(rq);
    page_rules(&rq->rs->body, &v);
    return true;
}
