/* Which school keeps which rule: several judged side by side, each by itself,
 * with since when it is not kept. */
#include "domain/comply.h"
#include "domain/inspection.h"
#include "pages/inspect.h"
#include "store/stmt.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/chat_page.h"
#include "web/handlers.h"
#include "web/view.h"

enum { MISSED_SHOWN = 50 };

struct judging {
    struct rq *rq;
    struct comply_rule rule[COMPLY_MAX];
    size_t n;
    int64_t today;
};

static bool
last_of(struct judging *j, int64_t topic, int64_t org, int64_t *ms,
        struct err *e)
{
    *ms = 0;
    return stmt_one(j->rq->st, &stmts[Q_INSPECT_LAST],
                    ARGS(ARG(j->rq->who.dir->tenant.id), ARG(topic), ARG(org)),
                    NULL, COLS(COL(ms)), e) ||
           e->code == ERR_MISSING;
}

static struct str
rule_words(struct rq *rq, const struct rule *r)
{
    return text2_in(r->note, rq->lang == LANG_ZH);
}

static struct url
list_of(struct rq *rq, int64_t org, int64_t topic)
{
    return view_url(rq, "%.*s?org=%ld&topic=%s",
                    STR_ARG(rq_path(rq, &inspection_ledger, 0)), (long)org,
                    choice_of(check_topic_choices, topic)->key);
}

/* One cell: kept, not kept since, or not judged. */
static bool
judge_one(struct judging *j, size_t i, int64_t org, struct v_number *cell,
          bool *broken, struct err *e)
{
    struct rq *rq = j->rq;
    int64_t last, since;
    enum comply c;

    if (!last_of(j, j->rule[i].topic, org, &last, e))
        return false;
    c = comply_judge(&rq->who.dir->rules, &j->rule[i], last, j->today, &since);
    *broken = c == COMPLY_BROKEN;
    cell->text = c == COMPLY_KEPT     ? str_of(rq_tr(rq, N_("fulfilled")))
                 : c == COMPLY_UNUSED ? str_of(rq_tr(rq, N_("not judged")))
                 : since == 0         ? str_of(rq_tr(rq, N_("never yet")))
                                      : view_said(rq, N_("not since %.*s"),
                                                  STR_ARG(view_day(rq, since)));
    cell->bad = *broken;
    cell->link = c != COMPLY_UNUSED;
    cell->url = list_of(rq, org, j->rule[i].topic);
    return true;
}

/* ---- one school: rule by rule ---------------------------------------------------- */

static bool
one_school(struct judging *j, int64_t org, struct v_grid *g, struct err *e)
{
    struct rq *rq = j->rq;
    struct str *heads = arena_new_array(rq->arena, struct str, 3);
    struct v_grid_row *rows =
        arena_new_array(rq->arena, struct v_grid_row, COMPLY_MAX);
    struct v_number *cells =
        arena_new_array(rq->arena, struct v_number, 2 * COMPLY_MAX);
    bool broken;

    if (heads == NULL || rows == NULL || cells == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    heads[0] = str_of(rq_tr(rq, N_("Rule")));
    heads[1] = str_of(rq_tr(rq, N_("Verdict")));
    heads[2] = str_of(rq_tr(rq, N_("Last inspected")));
    for (size_t i = 0; i < j->n; i++) {
        int64_t last;

        if (!judge_one(j, i, org, &cells[2 * i], &broken, e) ||
            !last_of(j, j->rule[i].topic, org, &last, e))
            return false;
        cells[2 * i + 1].text = last != 0 ? view_time(rq, last) : STR("–");
        rows[i] = (struct v_grid_row){
            .label = rule_words(rq, j->rule[i].rule),
            .means = text2_in(j->rule[i].rule->source, rq->lang == LANG_ZH),
            .cells = &cells[2 * i],
        };
    }
    *g = (struct v_grid){ .title = view_org(rq, org),
                          .columns = heads,
                          .n_columns = 3,
                          .rows = rows,
                          .n_rows = j->n };
    return true;
}

/* ---- all schools, side by side ------------------------------------------------------ */

static bool
all_schools(struct judging *j, const struct scope *sc, struct v_grid *g,
            struct err *e)
{
    struct rq *rq = j->rq;
    const struct dir *d = rq->who.dir;
    struct str *heads = arena_new_array(rq->arena, struct str, j->n + 1);
    struct v_grid_row *rows =
        arena_new_array(rq->arena, struct v_grid_row, d->n_org + 1);

    if (heads == NULL || rows == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    heads[0] = str_of(rq_tr(rq, N_("School")));
    for (size_t i = 0; i < j->n; i++)
        heads[i + 1] = rule_words(rq, j->rule[i].rule);
    *g = (struct v_grid){ .title = str_of(rq_tr(rq, N_("All schools"))),
                          .columns = heads,
                          .n_columns = j->n + 1,
                          .rows = rows };
    for (size_t k = 0; k < d->n_org; k++) {
        const struct dir_org *o = d->tree[k];
        struct v_number *cells =
            arena_new_array(rq->arena, struct v_number, COMPLY_MAX);
        bool mine = sc->all, broken;

        for (size_t i = 0; i < sc->n && !mine; i++)
            mine = sc->org[i] == o->id;
        if (!mine || !dir_is_school(o))
            continue;
        if (cells == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        for (size_t i = 0; i < j->n; i++)
            if (!judge_one(j, i, o->id, &cells[i], &broken, e))
                return false;
        rows[g->n_rows++] = (struct v_grid_row){
            .label = view_org(rq, o->id),
            .url = view_url(rq, "/t/%.*s/compliance?org=%ld",
                            STR_ARG(d->tenant.code), (long)o->id),
            .link = true,
            .cells = cells,
        };
    }
    return true;
}

/* ---- missed, by name of place --------------------------------------------------------- */

static bool
missed(struct rq *rq, const struct scope *sc, int64_t org,
       struct page_compliance_view *v, struct err *e)
{
    struct list_query q = { .tenant = rq->who.dir->tenant.id,
                            .ledger = &inspection_ledger,
                            .states = IN(IS_MISSED),
                            .all = org == 0 && sc->all,
                            .org = org != 0 ? &org : sc->org,
                            .n_org = org != 0 ? 1 : sc->n,
                            .limit = MISSED_SHOWN };
    struct view_columns columns = view_columns(
        rq, &inspection_ledger, "org place planned_on responsible");
    void *recs;
    size_t n;

    if (!store_list(rq->st, &q, rq->arena, &recs, &n, &v->more_missed, e))
        return false;
    v->missed = view_rows(rq, &inspection_ledger, recs, n, &columns);
    v->n_missed = v->missed != NULL ? n : 0;
    v->all_missed = view_url(rq, "%.*s?state=missed",
                             STR_ARG(rq_path(rq, &inspection_ledger, 0)));
    return true;
}

/* Of all schools: which rules each does not keep. Of one: rule by rule. */
static void
compliance_lines(struct rq *rq, const struct v_grid *g, bool one,
                 struct chat_lines *l)
{
    chat_begin(rq, l, str_of(rq_tr(rq, N_("Who keeps which rule"))));
    for (size_t i = 0; i < g->n_rows; i++) {
        const struct v_grid_row *r = &g->rows[i];
        long bad = 0;

        if (one) {
            chat_line(l, arena_printf(rq->arena, "%.*s%s%.*s",
                                      STR_ARG(r->label), rq_tr(rq, N_(": ")),
                                      STR_ARG(r->cells[0].text)));
            continue;
        }
        for (size_t k = 0; k + 1 < g->n_columns; k++)
            bad += r->cells[k].bad;
        chat_line(l, view_said(rq, N_("%.*s: rules not kept: %ld"),
                               STR_ARG(r->label), bad));
    }
}

static bool
build(struct rq *rq, struct chat_lines *lines, struct err *e)
{
    struct chat_lines own;
    struct page_compliance_view v = { .lang = rq->lang };
    struct judging j = { .rq = rq };
    const struct dir *d = rq->who.dir;
    int64_t org = rq_query_i64(rq, "org");
    struct scope sc;

    if (!actor_scope(&rq->who, &inspection_ledger, "read", rq->arena, &sc, e))
        return false;
    if (!sc.all && sc.n == 0)
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    if (org == 0 && !sc.all && sc.n == 1)
        org = sc.org[0];
    if (org != 0 && (dir_org(d, org) == NULL ||
                     !actor_reads_at(&rq->who, &inspection_ledger, org)))
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    j.today = zone_day(d->rules.zone, rq->who.now);
    j.n = comply_rules(&d->rules, j.rule, COMPLY_MAX);
    if (org != 0 ? !one_school(&j, org, &v.grid, e)
                 : !all_schools(&j, &sc, &v.grid, e))
        return false;
    if (!missed(rq, &sc, org, &v, e))
        return false;
    compliance_lines(rq, &v.grid, org != 0, lines != NULL ? lines : &own);
    if (lines != NULL)
        return true;
    v.chat = chat_page(rq, &own);
    v.head = view_head(rq, rq_tr(rq, N_("Who keeps which rule")));
    v.rules = view_url(rq, "/t/%.*s/rules", STR_ARG(d->tenant.code));
    answer_html(rq);
    page_compliance(&rq->rs->body, &v);
    return true;
}

static bool
render(struct rq *rq, struct err *e)
{
    return build(rq, NULL, e);
}

bool
compliance_page(struct rq *rq, struct err *e)
{
    return rq_apart(rq, render, NULL, e);
}

bool
compliance_picture(struct rq *rq, struct err *e)
{
    return chat_page_picture(rq, build, e);
}
