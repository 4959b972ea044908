/* Checklists that come from somewhere: out of the library that ships, or out of
 * a file that a school has. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "domain/packs.h"
#include "domain/parts.h"
#include "pages/inspect.h"
#include "service/checklist_read.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/handlers.h"
#include "web/parts.h"
#include "web/photos.h"
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
    struct keeping keep; /* the photographs that came along */
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
    struct err none;
    int fd;

    if (t->path.n == 0) {
        t->read = checklist_read_csv(t->text, t->arena, e);
        return t->read != NULL;
    }
    if ((fd = open(t->path.p, O_RDONLY | O_CLOEXEC)) < 0)
        return err_set(e, ERR_STORE, NULL, "There is no such file");
    t->read = checklist_read_fd(fd, NULL, t->arena, e);
    if (t->read != NULL && t->read->own_form &&
        !photos_take(fd, t->path.p, t->read, t->rq->app->upload_max, t->arena,
                     &t->keep, &none))
        t->keep.n = 0; /* a CSV file holds none: each is a doubt */
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
                                       .value = parts_hidden(rq, items) };
    f.inputs = in;
    f.n_inputs++;
    return f;
}

static struct v_cell
doubt_view(struct rq *rq, int64_t row, struct str words)
{
    return (struct v_cell){
        .label = row > 0 ? view_said(rq, N_("Row %ld"), (long)row)
                         : str_of(rq_tr(rq, N_("The whole file"))),
        .value = words,
    };
}

/* The photographs of items, by the ids that they were kept under; what did not
 * come along, or is none, is told. */
static const struct check_item *
with_photos(struct rq *rq, const struct taking *t, struct v_cell *doubts,
            size_t *n_doubts)
{
    const struct checklist_read *c = t->read;
    struct check_item *it =
        arena_new_array(rq->arena, struct check_item, c->n_items + 1);

    for (size_t i = 0; it != NULL && i < c->n_items; i++) {
        struct str name = c->from[i].photo;
        int64_t id = photo_kept(&t->keep, name);

        it[i] = c->items[i];
        if (id != 0)
            it[i].photo = arena_i64(rq->arena, id);
        else if (name.n > 0 && *n_doubts < DOUBTS_MAX)
            doubts[(*n_doubts)++] = doubt_view(
                rq, c->from[i].row,
                view_said(rq,
                          N_("The photograph \"%.*s\" did not come with this "
                             "file, or cannot be opened: add it by hand."),
                          STR_ARG(name)));
    }
    return it;
}

static struct v_cell *
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
        v[*n] = doubt_view(rq, d->row, rq_error_text(rq, &words));
    }
    return v;
}

static bool
show_read(struct rq *rq, struct err *e)
{
    const struct taking *t = rq->work;
    const struct checklist_read *c = t->read;
    const struct check_item *items;
    struct page_taken_view v = { .lang = rq->lang };
    struct checklist like = { .r = { .state = CL_LIVE } };
    struct v_cell *doubts = doubts_of(rq, c, &v.n_doubts);
    struct v_form form;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    if (doubts == NULL ||
        (items = with_photos(rq, t, doubts, &v.n_doubts)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    v.doubts = doubts;
    like.items = parts_write(&check_items, items, c->n_items, rq->arena);
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
photo_rows(struct tx *tx, void *arg, struct err *e)
{
    struct taking *t = arg;

    return keep_rows(tx, t->keep.tenant, t->rq->who.person, t->keep.file,
                     t->keep.n, e);
}

/* One that is no picture, or a damaged one, is a doubt and stops nothing. */
static bool
photos_kept(struct rq *rq, struct err *e)
{
    struct taking *t = rq->work;

    for (size_t i = 0; i < t->keep.n; i++)
        t->keep.file[i].ready =
            t->keep.file[i].ready && pictures_takes(t->keep.file[i].type);
    return rq_job(rq, photo_rows, t, show_read, e);
}

static void
clear_away(void *path)
{
    (void)!unlink(path); /* gone already where it was kept */
}

static bool
was_read(struct rq *rq, struct err *e)
{
    struct taking *t = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    if (t->keep.n == 0)
        return show_read(rq, e);
    for (size_t i = 0; i < t->keep.n; i++)
        arena_defer(rq->arena, clear_away,
                    (void *)(uintptr_t)t->keep.file[i].tmp);
    t->keep.pictures = &rq->app->pictures;
    t->keep.writer = rq->app->writer;
    t->keep.tenant = rq->who.dir->tenant.id;
    return rq_keep(rq, &t->keep, photos_kept, e);
}

static bool
take(struct rq *rq, struct str text, struct str path, struct err *e)
{
    struct taking *t = arena_new_obj(rq->arena, struct taking);

    if (t == NULL || (t->arena = arena_new(CHECKLIST_READ_MEMORY)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    arena_defer(rq->arena, free_arena, t->arena);
    t->rq = rq;
    t->text = text;
    t->path = path;
    rq->work = t;
    return rq_work(rq, rq->app->heavy, read_it, t, was_read, e);
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
