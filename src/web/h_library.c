/* Checklists that come from somewhere: out of the library that ships, or out of
 * a file that a school has; and out again. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "domain/packs.h"
#include "domain/parts.h"
#include "pages/inspect.h"
#include "service/checklist_read.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/export.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/parts.h"
#include "web/post.h"

enum { LIBRARY_MAX = 64, DOUBTS_MAX = 50 };

/* ---- what there is ---------------------------------------------------------------- */

static bool
may_draft(struct rq *rq, struct err *e)
{
    if (rq->ledger != &checklist_ledger)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    return actor_may_somewhere(&rq->who, &checklist_ledger, "draft") ||
           err_set(e, ERR_DENIED, NULL,
                   "Your posts do not give you access to this");
}

static struct v_form
upload_form(struct rq *rq, struct v_input *in)
{
    in[0] = (struct v_input){ .kind = "file",
                              .name = STR("file"),
                              .label = str_of(rq_tr(rq, N_("File"))),
                              .required = true };
    return (struct v_form){
        .lang = rq->lang,
        .action =
            view_url(rq, "%.*s/library", STR_ARG(rq_path(rq, rq->ledger, 0))),
        .csrf = rq->session.csrf,
        .label = str_of(rq_tr(rq, N_("Read the file"))),
        .then = str_of(rq_tr(rq, N_("You see its items; nothing is saved "
                                    "yet"))),
        .inputs = in,
        .n_inputs = 1,
        .multipart = true,
    };
}

static bool
library_build(struct rq *rq, struct err *e)
{
    struct page_library_view v = { .lang = rq->lang };
    struct v_row *rows = arena_new_array(rq->arena, struct v_row, LIBRARY_MAX);
    struct v_cell *cells =
        arena_new_array(rq->arena, struct v_cell, 2 * LIBRARY_MAX);
    bool zh = rq->lang == LANG_ZH;
    struct v_input in[1];
    struct v_form form = upload_form(rq, in);

    if (rows == NULL || cells == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (const struct pack *p = checklist_packs;
         p->name != NULL && v.n < LIBRARY_MAX; p++) {
        ARENA(a, CHECKLIST_READ_MEMORY);
        const struct checklist_read *c =
            checklist_read_csv(str_of(p->text), a, e);

        if (c == NULL)
            return false;
        cells[2 * v.n].value = view_said(rq, N_("%ld items"), (long)c->n_items);
        cells[2 * v.n + 1].value =
            arena_dup(rq->arena, text2_in(c->head.source, zh));
        rows[v.n] = (struct v_row){
            .name = arena_dup(rq->arena, text2_in(c->head.title, zh)),
            .url = view_url(rq, "%.*s/library/%s",
                            STR_ARG(rq_path(rq, rq->ledger, 0)), p->name),
            .cells = &cells[2 * v.n],
            .n_cells = 2,
        };
        v.n++;
    }
    v.rows = rows;
    v.upload = &form;
    v.back = view_path(rq, rq->ledger, 0);
    v.head = view_head(rq, rq_tr(rq, N_("Library of checklists")));
    answer_html(rq);
    page_library(&rq->rs->body, &v);
    return true;
}

bool
library_page(struct rq *rq, struct err *e)
{
    return may_draft(rq, e) && rq_apart(rq, library_build, NULL, e);
}

/* ---- one of them, before it is taken ------------------------------------------------ */

struct taking {
    struct rq *rq;
    struct str text; /* of the library; else path */
    struct str path;
    struct arena *arena;
    const struct checklist_read *read;
};

static void
free_arena(void *arena)
{
    arena_free(arena);
}

/* On a worker: an archive of a stranger takes its time. */
static bool
read_it(void *arg, struct err *e)
{
    struct taking *t = arg;
    int fd;

    if (t->path.n == 0) {
        t->read = checklist_read_csv(t->text, t->arena, e);
        return t->read != NULL;
    }
    if ((fd = open(t->path.p, O_RDONLY | O_CLOEXEC)) < 0)
        return err_set(e, ERR_STORE, NULL, "There is no such file");
    t->read = checklist_read_fd(fd, NULL, t->arena, e);
    close(fd);
    return t->read != NULL;
}

static void
set_text2(struct v_input *in, size_t n, const char *name, struct text2 t)
{
    for (size_t i = 0; i < n; i++)
        if (in[i].name.n == strlen(name) + 3 &&
            str_starts(in[i].name, str_of(name)))
            in[i].value =
                str_eq(str_cut(in[i].name, in[i].name.n - 2, in[i].name.n),
                       STR("zh"))
                    ? t.zh
                    : t.en;
}

static void
set_choice(struct v_input *in, size_t n, const char *name, struct str key)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; str_is(in[i].name, name) && k < in[i].n_choices; k++)
            ((struct v_choice *)(uintptr_t)in[i].choices)[k].on =
                str_eq(in[i].choices[k].key, key);
}

/* The usual form of a draft, filled in, and the items in a hidden question. */
static struct v_form
draft_form(struct rq *rq, const struct checklist_read *c, struct str items)
{
    const struct step *s = ledger_create(&checklist_ledger);
    const struct dir_person *me = dir_person(rq->who.dir, rq->who.person);
    int64_t org = me != NULL ? me->org : rq->who.dir->root;
    struct v_form f = view_step(rq, &checklist_ledger, s, NULL, org);
    struct v_input *in =
        arena_new_array(rq->arena, struct v_input, f.n_inputs + 1);

    if (in == NULL)
        return f;
    memcpy(in, f.inputs, f.n_inputs * sizeof(*in));
    set_text2(in, f.n_inputs, "title", c->head.title);
    set_text2(in, f.n_inputs, "source", c->head.source);
    set_choice(in, f.n_inputs, "topic",
               c->head.topic.n > 0 ? c->head.topic : STR("other"));
    set_choice(in, f.n_inputs, "frequency", c->head.frequency);
    in[f.n_inputs] = (struct v_input){ .kind = "hidden",
                                       .name = STR("items"),
                                       .value = items };
    f.inputs = in;
    f.n_inputs++;
    return f;
}

static const struct v_cell *
doubts_of(struct rq *rq, const struct checklist_read *c, size_t *n)
{
    struct v_cell *v =
        arena_new_array(rq->arena, struct v_cell, DOUBTS_MAX + 1);

    for (*n = 0; v != NULL && *n < c->n_doubts && *n < DOUBTS_MAX; ++*n) {
        const struct checklist_doubt *d = &c->doubts[*n];
        struct err words = { .msg = d->msg };
        struct str cut = utf8_head(d->arg, sizeof(words.arg[0].s) - 1);

        if (d->arg.n > 0) {
            words.n = 1;
            words.arg[0].type = 's';
            memcpy(words.arg[0].s, cut.p, cut.n);
        }
        v[*n] = (struct v_cell){
            .label = d->row > 0 ? view_said(rq, N_("Row %ld"), (long)d->row)
                                : str_of(rq_tr(rq, N_("The whole file"))),
            .value = rq_error_text(rq, &words),
        };
    }
    return v;
}

static bool
show_read(struct rq *rq, struct err *e)
{
    const struct taking *t = rq->work;
    const struct checklist_read *c = t->read;
    struct page_taken_view v = { .lang = rq->lang };
    struct checklist like = { .r = { .state = CL_LIVE } };
    struct v_form form;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    like.items = parts_write(&check_items, c->items, c->n_items, rq->arena);
    v.doubts = doubts_of(rq, c, &v.n_doubts);
    if (c->problem.code != ERR_NONE)
        v.problem = rq_error_text(rq, &c->problem);
    v.none = c->n_items == 0;
    if (!v.none)
        parts_view(rq, &checklist_ledger,
                   ledger_field(&checklist_ledger, STR("items")), &like,
                   &v.parts);
    v.parts.may = false;
    form = draft_form(rq, c, like.items);
    v.form = &form;
    v.back = view_url(rq, "%.*s/library",
                      STR_ARG(rq_path(rq, &checklist_ledger, 0)));
    v.head =
        view_head(rq, arena_dupz(rq->arena,
                                 text2_in(c->head.title, rq->lang == LANG_ZH)));
    answer_html(rq);
    page_taken(&rq->rs->body, &v);
    return true;
}

static bool
take(struct rq *rq, struct str text, struct str path, struct err *e)
{
    struct taking *t = arena_new_obj(rq->arena, struct taking);

    if (t == NULL || (t->arena = arena_new(CHECKLIST_READ_MEMORY)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    arena_defer(rq->arena, free_arena, t->arena);
    t->text = text;
    t->path = path;
    rq->work = t;
    return rq_work(rq, rq->app->heavy, read_it, t, show_read, e);
}

bool
library_one(struct rq *rq, struct err *e)
{
    if (!may_draft(rq, e))
        return false;
    for (const struct pack *p = checklist_packs; p->name != NULL; p++)
        if (str_is(rq->verb, p->name))
            return take(rq, str_of(p->text), STR(""), e);
    return err_set(e, ERR_MISSING, NULL, "There is no such page");
}

bool
library_upload(struct rq *rq, struct err *e)
{
    if (!may_draft(rq, e))
        return false;
    if (rq->http->bad.code != ERR_NONE) {
        *e = rq->http->bad;
        return false;
    }
    if (rq->http->n_files != 1 || rq->http->files[0].size == 0)
        return err_set(e, ERR_INVALID, NULL, "Choose one file");
    return take(rq, STR(""),
                arena_dup(rq->arena, str_of(rq->http->files[0].path)), e);
}

/* ---- out again ----------------------------------------------------------------------- */

struct giving {
    struct checklist *l;
    bool (*make)(struct sink *, struct err *);
};

struct pouring {
    struct sink *sink;
    bool begun;
    struct err *e;
};

static bool
pour(void *arg, const struct str *cells, size_t n)
{
    struct pouring *p = arg;
    struct str wide[CHECKLIST_COLUMNS] = { { "", 0 } };

    for (size_t i = 0; i < CHECKLIST_COLUMNS; i++)
        wide[i] = i < n ? cells[i] : STR("");
    if (p->begun)
        return p->sink->row(p->sink, wide, CHECKLIST_COLUMNS, p->e);
    p->begun = true;
    return p->sink->begin(p->sink, wide, CHECKLIST_COLUMNS, p->e);
}

static bool
give(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct giving *g = arg;
    struct checklist *l = g->l;
    struct sink s = { .path = path };
    struct pouring p = { .sink = &s, .e = e };
    const struct choice *topic = choice_of(check_topic_choices, l->topic);
    const struct choice *often =
        choice_of(check_frequency_choices, l->frequency);
    struct checklist_head head = {
        .title = l->title,
        .source = l->source,
        .topic = str_of(topic != NULL ? topic->key : ""),
        .frequency = str_of(often != NULL ? often->key : ""),
    };
    struct check_item *item;
    bool ok;
    size_t n;

    if (!parts_read(&check_items, l->items, rq->arena, &item, &n, e) ||
        !g->make(&s, e))
        return false;
    e->code = ERR_NONE;
    ok = checklist_write(&head, item, n, rq->arena, pour, &p);
    if (!ok && e->code == ERR_NONE)
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return s.end(&s, e) && ok;
}

static bool
send_items(struct rq *rq, bool (*make)(struct sink *, struct err *),
           const char *type, const char *end, struct err *e)
{
    struct giving *g = arena_new_obj(rq->arena, struct giving);
    struct made m = { .make = give, .arg = g, .type = type };

    if (g == NULL ||
        (g->l = arena_new_obj(rq->arena, struct checklist)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (rq->ledger != &checklist_ledger)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &checklist_ledger,
                       rq->id, rq->arena, g->l, e))
        return false;
    if (!actor_reads(&rq->who, &checklist_ledger, g->l))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    g->make = make;
    m.name =
        arena_printf(rq->arena, "%.*s.%s",
                     STR_ARG(text2_in(g->l->title, rq->lang == LANG_ZH)), end);
    return made_send(rq, &m, e);
}

bool
items_csv(struct rq *rq, struct err *e)
{
    return send_items(rq, sink_csv, "text/csv; charset=utf-8", "csv", e);
}

bool
items_xlsx(struct rq *rq, struct err *e)
{
    return send_items(rq, sink_xlsx,
                      "application/vnd.openxmlformats-officedocument."
                      "spreadsheetml.sheet",
                      "xlsx", e);
}
