/* The authority's own blank tables: what their cells mean. */
#include <stdio.h>

#include "web/answer.h"
#include "web/apart.h"
#include "web/blank_fill.h"
#include "web/handlers.h"
#include "web/view.h"

/* ---- what its cells mean -------------------------------------------------- */

static struct v_input
spot_input(struct rq *rq, const struct blank_spot *s, size_t no)
{
    struct meaning all[BLANK_MEANINGS_MAX] = { 0 };
    size_t n = blank_meanings(all);
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, n);
    char on[BLANK_KEY], key[BLANK_KEY];
    BUF(place, 32);

    ref_put(&place, s->col, s->row);
    blank_key(&s->m, on);
    for (size_t i = 0; c != NULL && i < n; i++) {
        blank_key(&all[i], key);
        c[i] =
            (struct v_choice){ arena_dup(rq->arena, str_of(key)),
                               blank_words(rq, &all[i]), strcmp(key, on) == 0 };
    }
    return (struct v_input){
        .kind = "enum",
        .name = arena_printf(rq->arena, "c%zu", no),
        .label =
            arena_printf(rq->arena, "%s · %.*s", place.p, STR_ARG(s->heading)),
        .hint = s->formula ? str_of(rq_tr(rq, N_("Reckoned by a formula of the "
                                                 "blank: it stays")))
                           : STR(""),
        .choices = c,
        .n_choices = c != NULL ? n : 0,
    };
}

/* The sheet that is asked for by its number, from 1; without one the main. */
static bool
asked_sheet(const struct blank_book *k, int64_t no, struct blank_sheet **out,
            struct err *e)
{
    *out = no > 0 ? NULL : k->main;
    for (size_t i = 0; i < k->n; i++)
        if (no > 0 && (int64_t)k->sheet[i]->no + 1 == no)
            *out = k->sheet[i];
    return *out != NULL ||
           err_set(e, no > 0 ? ERR_MISSING : ERR_TYPE, NULL,
                   no > 0 ? N_("The workbook has no such sheet")
                          : N_("the workbook has no sheet to fill"));
}

static const char *
standing(const struct blank_book *k, const struct blank_sheet *b)
{
    if (!b->guessed)
        return N_("is filled");
    if (b == k->main)
        return N_("is filled as guessed");
    return b->hidden ? N_("hidden, stays empty") : N_("stays empty");
}

static const struct v_link *
sheet_links(struct rq *rq, const struct blank_book *k,
            const struct blank_sheet *on, size_t *n)
{
    struct str at = rq_path(rq, &blank_ledger, rq->id);
    struct v_link *v = arena_new_array(rq->arena, struct v_link, k->n);

    *n = 0;
    for (size_t i = 0; v != NULL && k->n > 1 && i < k->n; i++) {
        const struct blank_sheet *b = k->sheet[i];

        v[(*n)++] = (struct v_link){
            .label = arena_printf(rq->arena, "%.*s · %s",
                                  STR_ARG(utf8_first(b->name, 31)),
                                  rq_tr(rq, standing(k, b))),
            .url = view_url(rq, "%.*s/map?sheet=%zu", STR_ARG(at), b->no + 1),
            .current = b == on,
        };
    }
    return v;
}

static bool
show_map(struct rq *rq, struct err *e)
{
    struct page_blank_view v = { .lang = rq->lang };
    struct v_input *in =
        arena_new_array(rq->arena, struct v_input, BLANK_SPOTS);
    struct blank *k;
    struct blank_book *book;
    struct blank_sheet *b;

    if (in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!blank_load(rq, &k, &book, e) ||
        !asked_sheet(book, rq_query_i64(rq, "sheet"), &b, e))
        return false;
    for (size_t i = 0; i < b->n; i++)
        in[v.n_inputs++] = spot_input(rq, &b->spot[i], i);
    v.inputs = in;
    v.sheets = sheet_links(rq, book, b, &v.n_sheets);
    v.more = book->more;
    v.sheet = arena_i64(rq->arena, (int64_t)b->no + 1);
    v.first = (struct v_input){
        .kind = "number",
        .name = STR("first"),
        .label = str_of(rq_tr(rq, N_("First row of the schools"))),
        .value = arena_i64(rq->arena, b->first),
    };
    v.has_table = b->first > 0;
    v.guessed = b->guessed;
    v.is_protected = book->is_protected;
    v.may_save = actor_may(&rq->who, &blank_ledger, "map", k->r.org);
    v.csrf = rq->session.csrf;
    v.rev = arena_i64(rq->arena, k->r.rev);
    v.action =
        view_url(rq, "%.*s/map", STR_ARG(rq_path(rq, &blank_ledger, k->r.id)));
    v.back = view_path(rq, &blank_ledger, k->r.id);
    v.head = view_head(rq, rq_tr(rq, N_("What its cells mean")));
    answer_html(rq);
    page_blank(&rq->rs->body, &v);
    return true;
}

bool
blank_page(struct rq *rq, struct err *e)
{
    return rq_apart(rq, show_map, NULL, e);
}

/* ---- choosing ------------------------------------------------------------- */

static bool
mapped(struct rq *rq, struct err *e)
{
    const struct change *c = rq->work;
    struct str sheet = rq_form(rq, "sheet");
    struct str at = rq_path(rq, &blank_ledger, c->id);

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return rq_redirect(
        rq, sheet.n > 0 ? arena_printf(rq->arena, "%.*s/map?sheet=%.*s&done=1",
                                       STR_ARG(at), STR_ARG(sheet))
                        : arena_printf(rq->arena, "%.*s?done=1", STR_ARG(at)));
}

/* What the form says of the cells of a sheet. */
static bool
choose(struct rq *rq, struct blank_sheet *b, struct err *e)
{
    int64_t first;
    char name[16];

    for (size_t i = 0; i < b->n; i++) {
        snprintf(name, sizeof(name), "c%zu", i);
        b->spot[i].m = (struct meaning){ .kind = BLANK_NOTHING };
        if (rq_form(rq, name).n > 0 &&
            !blank_meaning(rq_form(rq, name), &b->spot[i].m))
            return err_set(e, ERR_INVALID, NULL, "There is no such meaning");
    }
    if (str_i64(rq_form(rq, "first"), &first) && first > 0 &&
        first <= BLANK_ROWS)
        b->first = (uint32_t)first;
    b->guessed = false;
    return true;
}

static bool
read_choice(struct rq *rq, struct err *e)
{
    struct change *c = arena_new_obj(rq->arena, struct change);
    struct input *in = arena_new_obj(rq->arena, struct input);
    struct blank *k;
    struct blank_book *book;
    struct blank_sheet *b;
    struct str map;
    int64_t no = 0;

    if (c == NULL || in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (rq_form(rq, "sheet").n > 0 && !str_i64(rq_form(rq, "sheet"), &no))
        no = -1;
    if (!blank_load(rq, &k, &book, e) || !asked_sheet(book, no, &b, e) ||
        !choose(rq, b, e) || !blank_map(book, rq->arena, &map, e))
        return false;
    *in = (struct input){ STR("map"), map };
    *c = (struct change){ .ledger = &blank_ledger,
                          .tenant = rq->who.dir->tenant.id,
                          .person = rq->who.person,
                          .id = rq->id,
                          .verb = STR("map"),
                          .input = in,
                          .n_inputs = 1 };
    if (!str_i64(rq_form(rq, "rev"), &c->rev))
        c->rev = k->r.rev;
    rq->work = c;
    return true;
}

static bool
write_choice(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return rq_job(rq, change_job, rq->work, mapped, e);
}

bool
blank_choose(struct rq *rq, struct err *e)
{
    return rq_apart(rq, read_choice, write_choice, e);
}
