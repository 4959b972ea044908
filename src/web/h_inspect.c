/* Doing an inspection: item by item, kept as one goes, sent in once. */
#include "domain/inspection.h"
#include "domain/parts.h"
#include "pages/inspect.h"
#include "store/stmt.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/inspect.h"

enum { OFFERED_MAX = 8 };

/* ---- the inspection, its checklist, what is answered so far ----------------------- */

bool
inspect_read(struct rq *rq, struct inspect *x, struct err *e)
{
    int64_t tenant = rq->who.dir->tenant.id, changed;
    struct str draft = STR("");

    x->i = arena_new_obj(rq->arena, struct inspection);
    x->l = arena_new_obj(rq->arena, struct checklist);
    if (x->i == NULL || x->l == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (rq->ledger != &inspection_ledger)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!store_rec_get(rq->st, tenant, &inspection_ledger, rq->id, rq->arena,
                       x->i, e))
        return false;
    if (!actor_reads(&rq->who, &inspection_ledger, x->i))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if (!store_rec_get(rq->st, tenant, &checklist_ledger, x->i->checklist,
                       rq->arena, x->l, e) ||
        !parts_read(&check_items, x->l->items, rq->arena, &x->item, &x->n, e))
        return false;
    if (inspect_is_open(x->i) &&
        !stmt_one(rq->st, &stmts[Q_DRAFT_GET],
                  ARGS(ARG(tenant), ARG(rq->id), ARG(rq->who.person)),
                  rq->arena,
                  COLS(COL(&x->saved_at), COL(&changed), COL(&draft)), e) &&
        e->code != ERR_MISSING)
        return false;
    return parts_read(&answer_parts, draft.n > 0 ? draft : x->i->answers,
                      rq->arena, &x->answer, &x->m, e);
}

/* ---- the page ----------------------------------------------------------------------- */

static struct str
in_lang(struct rq *rq, struct text2 t)
{
    return text2_in(t, rq->lang == LANG_ZH);
}

static const char *
kind_of(const struct check_item *it)
{
    static const char *const names[] = { "pass", "pass",  "number", "choice",
                                         "text", "photo", "sign" };

    return names[it->kind >= 0 && it->kind < (int64_t)N_OF(names) ? it->kind
                                                                  : 0];
}

static const char *
verdict_key(int64_t verdict)
{
    const struct choice *c = choice_of(answer_fields[0].choices, verdict);

    return c != NULL ? c->key : "";
}

static const struct v_choice *
choices_of(struct rq *rq, const struct check_item *it, struct str value,
           size_t *n)
{
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, 20);
    struct str rest = in_lang(rq, it->choices), label;
    bool bad;

    *n = 0;
    while (c != NULL && *n < 20 && check_choice_next(&rest, &label, &bad)) {
        struct str key = arena_i64(rq->arena, (int64_t)*n + 1);

        c[(*n)++] = (struct v_choice){ key, label, str_eq(key, value) };
    }
    return c;
}

/* "2,3": the choices that mean "not in order" */
static struct str
wrong_choices(struct rq *rq, const struct check_item *it)
{
    struct str rest = it->choices.zh.n > 0 ? it->choices.zh : it->choices.en,
               label;
    int64_t n = 0;
    bool bad;
    BUF(b, 200);

    while (check_choice_next(&rest, &label, &bad)) {
        n++;
        if (bad)
            buf_printf(&b, "%s%ld", b.n > 0 ? "," : "", (long)n);
    }
    return arena_dup(rq->arena, buf_str(&b));
}

/* "at least 0, at most 8" */
static struct str
limits_of(struct rq *rq, const struct check_item *it)
{
    if (it->low.n > 0 && it->high.n > 0)
        return view_said(rq, N_("from %.*s to %.*s"), STR_ARG(it->low),
                         STR_ARG(it->high));
    if (it->low.n > 0)
        return view_said(rq, N_("at least %.*s"), STR_ARG(it->low));
    return it->high.n > 0 ? view_said(rq, N_("at most %.*s"), STR_ARG(it->high))
                          : STR("");
}

/* "Only when item 3 is not in order." */
static struct str
when_words(struct rq *rq, const struct inspect *x, const struct check_item *it)
{
    struct str rest = it->when, word;
    int64_t id;

    if (rest.n == 0 || !str_split(&rest, '=', &word) || !str_i64(word, &id))
        return STR("");
    for (size_t i = 0; i < x->n; i++)
        if (x->item[i].id == id)
            return view_said(
                rq,
                str_is(rest, "fail") ? N_("Only when item %ld is not in order")
                : str_is(rest, "na") ? N_("Only when item %ld does not apply")
                : str_is(rest, "pass") ? N_("Only when item %ld is in order")
                                       : N_("Only by the answer to item %ld"),
                (long)i + 1);
    return STR("");
}

/* Files that came along stand in the form by their ids. */
static struct v_input
files_input(struct rq *rq, struct str name, struct str ids, const char *label)
{
    struct v_input in = { .kind = "files",
                          .name = name,
                          .label = str_of(rq_tr(rq, label)) };

    in.kept = view_kept(rq, ids, &in.n_kept);
    return in;
}

static struct v_item
item_view(struct rq *rq, const struct inspect *x, size_t i, struct str *heading)
{
    static const struct answer nothing;
    const struct check_item *it = &x->item[i];
    const struct answer *a = inspection_answer(x->answer, x->m, it->id);
    struct str id = arena_i64(rq->arena, it->id), h = in_lang(rq, it->section);
    struct v_item v;
    struct file_row row;
    struct v_file *guide = NULL;
    int64_t photo;

    if (a == NULL)
        a = &nothing;
    v = (struct v_item){
        .id = id,
        .no = arena_i64(rq->arena, (int64_t)i + 1),
        .text = in_lang(rq, it->text),
        .standard = in_lang(rq, it->standard),
        .clause = it->clause,
        .kind = kind_of(it),
        .value = a->value,
        .unit = it->unit,
        .limits = limits_of(rq, it),
        .comment = a->comment,
        .where = a->where,
        .low = it->low,
        .high = it->high,
        .wrong = wrong_choices(rq, it),
        .verdict = str_of(verdict_key(a->verdict)),
        .critical = it->critical != 0,
        .when = it->when,
        .when_said = when_words(rq, x, it),
        .files =
            files_input(rq, arena_printf(rq->arena, "files.%.*s", STR_ARG(id)),
                        a->files, N_("Photographs")),
    };
    v.choices = choices_of(rq, it, a->value, &v.n_choices);
    if (str_i64(it->photo, &photo) &&
        (guide = arena_new_obj(rq->arena, struct v_file)) != NULL &&
        view_file(rq, photo, &row, guide) && guide->image)
        v.guide = guide;
    if (!str_eq(h, *heading))
        v.heading = *heading = h;
    return v;
}

/* For one item: what is open from it, then what else is open at the place. None
 * is meant before the reader has said so; where nothing arose from the item, it
 * is a new one. */
static void
offer(struct rq *rq, const struct known_hazard *known, size_t n,
      const struct answer *a, int64_t item, struct v_item *v)
{
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, n + 1);
    int64_t said = a != NULL ? a->hazard : 0;

    if (c == NULL)
        return;
    v->open = c;
    for (int others = 0; others < 2; others++)
        for (size_t i = 0; i < n; i++) {
            bool same = known[i].item == item;

            /* of another item: the newest few that all share are enough */
            if (same == (others == 1) || (!same && v->n_open >= OFFERED_MAX))
                continue;
            c[v->n_open] =
                (struct v_choice){ arena_i64(rq->arena, known[i].id),
                                   arena_printf(rq->arena, "%.*s %.*s",
                                                STR_ARG(known[i].no),
                                                STR_ARG(known[i].words)),
                                   said == known[i].id };
            v->is_other |= !same && said == known[i].id;
            v->n_open++;
            v->n_same += same;
        }
    v->is_new = said == HAZARD_NEW || (said == 0 && v->n_same == 0);
}

static struct str
where_of(struct rq *rq, const struct inspection *i)
{
    struct str org = view_org(rq, i->r.org);
    struct str place = i->place != 0 ? view_place(rq, i->place) : i->place_text;

    return place.n > 0 ? arena_printf(rq->arena, "%.*s › %.*s", STR_ARG(org),
                                      STR_ARG(place))
                       : org;
}

/* "Item 15 is not answered yet": the way there is long on a telephone. */
static void
mark(struct rq *rq, const struct err *sent, struct v_item *items, size_t n,
     struct page_inspect_view *v)
{
    size_t at = sent->n > 0 && sent->arg[0].type == 'd' &&
                        sent->field != NULL &&
                        strcmp(sent->field, "answers") == 0
                    ? (size_t)sent->arg[0].d
                    : 0;

    if (at < 1 || at > n)
        return;
    items[at - 1].bad = true;
    v->at = items[at - 1].id;
    v->at_url = view_url(rq, "#i%.*s", STR_ARG(v->at));
}

bool
inspect_show(struct rq *rq, struct inspect *x, const struct err *sent,
             struct err *e)
{
    struct page_inspect_view v = { .lang = rq->lang };
    struct v_item *items = arena_new_array(rq->arena, struct v_item, x->n + 1);
    const struct answer *other =
        inspection_answer(x->answer, x->m, INSPECT_NOTE);
    struct str heading = STR("");
    struct known_hazard *known;
    struct judged j;
    struct err ignored;
    size_t n_known;

    if (items == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!inspect_known(rq, x->i, x->l, &known, &n_known, e))
        return false;
    if (!inspection_judge(x->item, x->n, x->answer, inspect_plain(x), false, &j,
                          &ignored))
        j = (struct judged){ .asked = (int64_t)x->n };
    for (size_t i = 0; i < x->n; i++) {
        items[i] = item_view(rq, x, i, &heading);
        offer(rq, known, n_known,
              inspection_answer(x->answer, x->m, x->item[i].id), x->item[i].id,
              &items[i]);
    }
    v.items = items;
    v.n_items = x->n;
    v.answered = j.answered;
    v.asked = j.asked;
    v.name = view_name(rq, &inspection_ledger, x->i);
    v.where = where_of(rq, x->i);
    v.how = x->l->note;
    v.note = other != NULL ? other->comment : x->i->note;
    v.visit = x->i->kind == INSPECT_VISIT;
    v.company = (struct v_input){
        .kind = "line",
        .name = STR("company"),
        .label = str_of(rq_tr(rq, N_("Accompanied by (for the school)"))),
        .value = other != NULL ? other->value : x->i->company,
        .max = 120
    };
    v.paper =
        files_input(rq, STR("paper"), other != NULL ? other->files : STR(""),
                    N_("The form on paper, photographed"));
    v.csrf = rq->session.csrf;
    v.key = rq_key(rq);
    v.rev = arena_i64(rq->arena, x->i->r.rev);
    v.back = view_path(rq, &inspection_ledger, rq->id);
    v.action = view_url(rq, "%.*s/do",
                        STR_ARG(rq_path(rq, &inspection_ledger, rq->id)));
    if (x->saved_at != 0)
        v.saved = view_said(rq, N_("Kept for you since %.*s; not sent in yet"),
                            STR_ARG(view_time(rq, x->saved_at)));
    if (sent != NULL) {
        v.error = rq_error_text(rq, sent);
        mark(rq, sent, items, x->n, &v);
    }
    v.head = view_head(rq, v.name.p);
    answer_html(rq);
    page_inspect(&rq->rs->body, &v);
    return true;
}

bool
inspect_page(struct rq *rq, struct err *e)
{
    struct inspect x = { 0 };

    if (!inspect_read(rq, &x, e))
        return false;
    if (!inspect_is_open(x.i))
        return rq_redirect(rq, rq_path(rq, &inspection_ledger, rq->id));
    return inspect_show(rq, &x, NULL, e);
}
