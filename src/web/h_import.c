/* Bringing an old ledger over: upload, look at the dry run, bring it over. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "codec/hash.h"
#include "web/answer.h"
#include "web/dry_run.h"
#include "web/handlers.h"
#include "web/view.h"

static const struct {
    enum reading_field field;
    const char *label;
} shown[] = {
    { RF_SCHOOL, N_("School") },
    { RF_DESCRIPTION, N_("What is wrong") },
    { RF_PLACE, N_("Place") },
    { RF_MEASURES, N_("Measures") },
    { RF_RESPONSIBLE, N_("Responsible") },
    { RF_FUNDS, N_("Funds") },
    { RF_DEADLINE, N_("Deadline") },
    { RF_FOUND_ON, N_("Found on") },
    { RF_STATUS, N_("State") },
};

/* ---- the upload ---------------------------------------------------------------- */

static struct v_form
upload_form(struct rq *rq, struct v_input *in)
{
    in[0] = (struct v_input){ .kind = "file",
                              .name = STR("file"),
                              .label = str_of(rq_tr(rq, N_("File"))),
                              .hint = str_of(rq_tr(
                                  rq, N_("The file itself is removed 7 days "
                                         "after it was last read"))),
                              .required = true };
    return (struct v_form){
        .lang = rq->lang,
        .action =
            view_url(rq, "%.*s/import", STR_ARG(rq_path(rq, rq->ledger, 0))),
        .csrf = rq->session.csrf,
        .label = str_of(rq_tr(rq, N_("Read the file"))),
        .then = str_of(rq_tr(rq, N_("You see what each row becomes; nothing "
                                    "is saved yet"))),
        .inputs = in,
        .n_inputs = 1,
        .multipart = true,
    };
}

static bool
may_import(struct rq *rq, struct err *e)
{
    if (!import_reads(rq->ledger))
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    return actor_may_somewhere(&rq->who, rq->ledger, "import") ||
           err_set(e, ERR_DENIED, NULL,
                   "Your posts do not give you access to this");
}

bool
import_page(struct rq *rq, struct err *e)
{
    struct page_import_view v = { .lang = rq->lang };
    struct v_input in[1];
    struct v_form form;

    if (!may_import(rq, e))
        return false;
    form = upload_form(rq, in);
    v.upload = &form;
    v.head = view_head(rq, rq_tr(rq, N_("Bring an old ledger over")));
    answer_html(rq);
    page_import(&rq->rs->body, &v);
    return true;
}

static bool
uploaded(struct rq *rq, struct err *e)
{
    const struct import_new *n = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return rq_redirect(rq, arena_printf(rq->arena, "%.*s/import/%ld",
                                        STR_ARG(rq_path(rq, rq->ledger, 0)),
                                        (long)n->id));
}

bool
import_upload(struct rq *rq, struct err *e)
{
    struct import_new *n = arena_new_obj(rq->arena, struct import_new);
    const struct dir_person *me = dir_person(rq->who.dir, rq->who.person);
    BUF(b, 80);

    if (n == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!may_import(rq, e) || !writer_may_change(rq->app->writer, e))
        return false;
    if (rq->http->n_files == 1 && rq->http->files[0].size == 0 &&
        rq->http->files[0].filename.n > 0)
        return err_set(e, ERR_INVALID, NULL,
                       "\"%.*s\" is empty: there is nothing to read in it",
                       STR_ARG(rq->http->files[0].filename));
    if (rq->http->n_files != 1 || rq->http->files[0].size == 0)
        return err_set(e, ERR_INVALID, NULL, "Choose one file");
    hex_put(&b, (struct str){ (const char *)rq->http->files[0].sha256, 32 });
    n->tenant = rq->who.dir->tenant.id;
    n->org = actor_may(&rq->who, rq->ledger, "import", me->org)
                 ? me->org
                 : rq->who.dir->root;
    n->person = rq->who.person;
    n->name = utf8_head(rq->http->files[0].filename, 200);
    n->path = arena_printf(rq->arena, "%s/imports/%.*s", rq->app->data_dir,
                           STR_ARG(buf_str(&b)));
    if (n->path.n == 0 ||
        !disk_move(rq->app->data_dir, rq->http->files[0].path, n->path.p))
        return err_set(e, err_disk(errno), NULL,
                       "A file could not be kept (%d)", errno);
    rq->work = n;
    return rq_job(rq, import_add_job, n, uploaded, e);
}

/* ---- the dry run as a page -------------------------------------------------------- */

static struct v_input
column_input(struct rq *rq, const struct dry *d, size_t i)
{
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, RF__MAX);
    size_t n = 0;

    for (int f = RF_SCHOOL; c != NULL && f < RF__MAX; f++) {
        const char *label = reading_field_label((enum reading_field)f);

        if (label != NULL)
            c[n++] = (struct v_choice){
                str_of(reading_field_key((enum reading_field)f)),
                str_of(rq_tr(rq, label)), d->field[i] == (enum reading_field)f
            };
    }
    return (struct v_input){
        .kind = "enum",
        .name = arena_printf(rq->arena, "c%zu", i),
        .label = d->heading[i].n > 0
                     ? d->heading[i]
                     : arena_printf(rq->arena, "%s %zu",
                                    rq_tr(rq, N_("Column")), i + 1),
        .choices = c,
        .n_choices = n,
    };
}

static void
dry_view(struct rq *rq, const struct dry *d, struct page_import_view *v)
{
    struct v_input *in =
        arena_new_array(rq->arena, struct v_input, DRY_COLUMNS);
    struct v_cell *heads =
        arena_new_array(rq->arena, struct v_cell, N_OF(shown));

    if (in == NULL || heads == NULL)
        return;
    for (size_t i = 0; i < d->n_columns; i++)
        in[i] = column_input(rq, d, i);
    heads[0].label = str_of(rq_tr(rq, N_("Row")));
    for (size_t i = 1; i < N_OF(shown); i++)
        heads[i].label = str_of(rq_tr(rq, shown[i - 1].label));
    heads[N_OF(shown) - 1].label = str_of(rq_tr(rq, N_("Found on, state")));
    v->dry = d->total > 0 || d->n_columns > 0;
    v->nothing = d->total == 0;
    v->head_key = d->head;
    v->columns = in;
    v->n_columns = d->n_columns;
    v->heads = heads;
    v->n_heads = N_OF(shown);
    v->rows = d->rows;
    v->n_rows = d->n_rows;
    v->doubts = d->doubts;
    v->n_doubts = d->n_doubts;
    v->doubtful = d->doubtful;
    v->total = d->total;
    v->clean = d->clean;
    v->summary = view_said(rq, N_("%ld rows would become records; %ld doubts."),
                           (long)d->total, (long)d->doubtful);
}

static struct page_import_view
import_view(struct rq *rq, const struct import_row *row)
{
    struct str base = rq_path(rq, rq->ledger, 0);

    return (struct page_import_view){
        .lang = rq->lang,
        .head = view_head(rq, rq_tr(rq, N_("Bring an old ledger over"))),
        .name = row->name,
        .csrf = rq->session.csrf,
        .run = view_url(rq, "%.*s/import/%ld", STR_ARG(base), (long)row->id),
        .cancel = view_url(rq, "%.*s/import/%ld/cancel", STR_ARG(base),
                           (long)row->id),
        .back = view_url(rq, "%.*s", STR_ARG(base)),
    };
}

/* Each look at the page reads the file again, on the worker that draws papers:
 * a person has so many looks, and each second of reading is one more. */
static const struct throttle_rule looks = { 'l', 120, 5000, 60 * 1000 };

static struct throttle_try
look_of(struct rq *rq)
{
    return (struct throttle_try){ &looks,
                                  arena_i64(rq->arena, rq->who.person) };
}

static bool start_dry(struct rq *, const struct import_row *, struct str,
                      bool chosen, struct err *);

static bool
dry_done(struct rq *rq, struct err *e)
{
    struct dry *d = rq->work;
    struct page_import_view v;
    const struct throttle_try look = look_of(rq);
    struct str known;

    for (int64_t i = 0; i < d->spent_ms / 1000; i++)
        throttle_add(rq->app->throttle, looks.kind, look.who, looks.every_ms,
                     rq->who.now);
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    /* what this school chose the last time for the same headings */
    if (!d->chosen && d->head.n > 0) {
        if (!import_mapping_get(rq->st, rq->who.dir->tenant.id, d->row->org,
                                d->head, rq->arena, &known, e))
            return false;
        if (known.n > 0)
            return start_dry(rq, d->row, known, true, e);
    }
    v = import_view(rq, d->row);
    dry_view(rq, d, &v);
    answer_html(rq);
    page_import(&rq->rs->body, &v);
    return true;
}

static bool
own_import(struct rq *rq, struct import_row **row, struct err *e)
{
    if ((*row = arena_new_obj(rq->arena, struct import_row)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return import_get(rq->st, rq->who.dir->tenant.id, rq->id, rq->arena, *row,
                      e) &&
           ((*row)->person == rq->who.person ||
            err_set(e, ERR_MISSING, NULL, "There is no such page"));
}

static bool
start_dry(struct rq *rq, const struct import_row *row, struct str mapping,
          bool chosen, struct err *e)
{
    struct dry *d = arena_new_obj(rq->arena, struct dry);
    const struct throttle_try look = look_of(rq);

    if (d == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!throttle_take(rq->app->throttle, &look, 1, rq->who.now, e))
        return false;
    d->rq = rq;
    d->row = row;
    d->chosen = chosen;
    d->rows = arena_new_array(rq->arena, struct v_table_row, DRY_ROWS);
    d->doubts = arena_new_array(rq->arena, struct v_cell, DRY_DOUBTS);
    d->n_over = N_OF(d->over);
    if (d->rows == NULL || d->doubts == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!import_mapping_parse(mapping, d->over, &d->n_over, e))
        return false;
    rq->work = d;
    return rq_work(rq, rq->app->heavy, dry_run, d, dry_done, e);
}

/* One at a time in a server; who asks while one runs is told. */
static struct {
    bool busy, cancel; /* atomic, and so is id */
    int64_t id;
} running;

static bool
is_running(int64_t id)
{
    return __atomic_load_n(&running.busy, __ATOMIC_ACQUIRE) &&
           __atomic_load_n(&running.id, __ATOMIC_RELAXED) == id;
}

static struct str
how_far(struct rq *rq, const struct import_row *row)
{
    const long done = (long)row->done, left = (long)row->skipped;

    switch (row->state) {
    case IMPORT_RUNNING:
        if (!is_running(row->id))
            return view_said(
                rq,
                N_("Cut off when the server stopped: %ld rows are in, %ld were "
                   "left out. Going on doubles nothing."),
                done, left);
        return view_said(rq,
                         N_("Under way: %ld rows brought over, %ld left out."),
                         done, left);
    case IMPORT_DONE:
        return view_said(rq,
                         N_("Finished: %ld rows brought over, %ld left out "
                            "(known already, or with doubts)."),
                         done, left);
    case IMPORT_CANCELLED:
        return view_said(rq,
                         N_("Stopped: %ld rows were brought over and stay, "
                            "%ld were left out."),
                         done, left);
    default:
        return view_said(rq,
                         N_("Failed after %ld rows, which stay; %ld were left "
                            "out. The same file can be brought over again: "
                            "nothing is doubled."),
                         done, left);
    }
}

bool
import_show(struct rq *rq, struct err *e)
{
    struct page_import_view v;
    struct import_row *row;

    if (!own_import(rq, &row, e))
        return false;
    if (row->state == IMPORT_UPLOADED)
        return start_dry(rq, row, row->mapping, row->mapping.n > 0, e);
    v = import_view(rq, row);
    v.running = row->state == IMPORT_RUNNING && is_running(row->id);
    v.cut_off = row->state == IMPORT_RUNNING && !v.running;
    v.done = row->state != IMPORT_RUNNING;
    v.total = row->total;
    v.finished = row->done + row->skipped;
    v.summary = how_far(rq, row);
    answer_html(rq);
    page_import(&rq->rs->body, &v);
    return true;
}

/* ---- the run --------------------------------------------------------------------- */

struct run_work {
    struct work w;
    struct import_run run;
    struct arena *arena;
};

static bool
run_it(void *arg, struct err *e)
{
    struct run_work *r = arg;

    return import_run(&r->run, e);
}

static void
run_over(struct work *w)
{
    struct run_work *r = w->arg;

    __atomic_store_n(&running.busy, false, __ATOMIC_RELEASE);
    arena_free(r->arena);
}

/* c0=place, c3= ... of the form as "0=place,3=..." */
static struct str
mapping_of(struct rq *rq)
{
    BUF(b, 4096);

    for (size_t i = 0; i < rq->http->n_form; i++) {
        struct str name = rq->http->form[i].name;
        int64_t column;

        if (name.n > 1 && name.p[0] == 'c' &&
            str_i64(str_cut(name, 1, name.n), &column) &&
            rq->http->form[i].value.n > 0)
            buf_printf(&b, "%s%ld=%.*s", b.n > 0 ? "," : "", (long)column,
                       STR_ARG(rq->http->form[i].value));
    }
    return arena_dup(rq->arena, buf_str(&b));
}

static bool
marked(struct rq *rq, struct err *e)
{
    struct run_work *r = rq->work;

    if (!rq->work_ok) {
        run_over(&r->w);
        *e = rq->work_err;
        return false;
    }
    if (!worker_put(rq->app->importer, &r->w)) {
        run_over(&r->w);
        return err_set(e, ERR_BUSY, NULL,
                       "The server is busy; try again in a moment");
    }
    return rq_redirect(rq, arena_printf(rq->arena, "%.*s/import/%ld",
                                        STR_ARG(rq_path(rq, rq->ledger, 0)),
                                        (long)rq->id));
}

/* How the run that was cut off was begun is in its row. */
static bool
start_run(struct rq *rq, const struct import_row *row, bool on, struct err *e)
{
    struct str mapping = on ? row->mapping : mapping_of(rq);
    bool clean = on ? str_is(row->message, IMPORT_CLEAN)
                    : str_is(rq_form(rq, "what"), "clean");
    struct arena *a = arena_new(1 << 20);
    struct run_work *r = arena_new_obj(a, struct run_work);
    struct import_put *p = arena_new_obj(rq->arena, struct import_put);
    bool busy = false;

    if (r == NULL || p == NULL ||
        !__atomic_compare_exchange_n(&running.busy, &busy, true, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        arena_free(a);
        return err_set(e, ERR_BUSY, NULL,
                       "Another ledger is being brought over; try again when "
                       "it is finished");
    }
    __atomic_store_n(&running.cancel, false, __ATOMIC_RELAXED);
    __atomic_store_n(&running.id, row->id, __ATOMIC_RELAXED);
    *r = (struct run_work){
        .w = { .run = run_it, .done = run_over, .arg = r },
        .arena = a,
        .run = { .writer = rq->app->writer,
                 .data_dir = rq->app->data_dir,
                 .tenant = rq->who.dir->tenant.id,
                 .id = row->id,
                 .org = row->org,
                 .person = row->person,
                 .clean_only = clean,
                 .done_before = on ? row->done : 0,
                 .path = arena_dup(a, row->path),
                 .mapping = arena_dup(a, mapping),
                 .head = arena_dup(a, utf8_head(rq_form(rq, "head"), 2000)),
                 .cancel = &running.cancel },
    };
    *p = (struct import_put){ .tenant = r->run.tenant, .row = *row };
    p->row.state = IMPORT_RUNNING;
    p->row.mapping = mapping;
    p->row.message = clean ? STR(IMPORT_CLEAN) : STR("");
    rq->work = r;
    if (rq_job(rq, import_put_job, p, marked, e))
        return true;
    run_over(&r->w);
    return false;
}

bool
import_run_now(struct rq *rq, struct err *e)
{
    struct import_row *row;
    bool on = str_is(rq_form(rq, "what"), "on");

    if (!own_import(rq, &row, e))
        return false;
    if (str_is(rq_form(rq, "what"), "again"))
        return start_dry(rq, row, mapping_of(rq), true, e);
    if (is_running(row->id))
        return err_set(e, ERR_CONFLICT, NULL, "It is running already");
    if (on && row->state != IMPORT_RUNNING)
        return err_set(e, ERR_CONFLICT, NULL, "It is over already");
    return start_run(rq, row, on, e);
}

static bool
to_import(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return rq_redirect(rq, arena_printf(rq->arena, "%.*s/import/%ld",
                                        STR_ARG(rq_path(rq, rq->ledger, 0)),
                                        (long)rq->id));
}

bool
import_cancel(struct rq *rq, struct err *e)
{
    struct import_stop *s = arena_new_obj(rq->arena, struct import_stop);
    struct import_row *row;

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!own_import(rq, &row, e))
        return false;
    if (is_running(row->id)) {
        __atomic_store_n(&running.cancel, true, __ATOMIC_RELAXED);
        rq->work_ok = true;
        return to_import(rq, e);
    }
    *s = (struct import_stop){ rq->who.dir->tenant.id, row->id };
    return rq_job(rq, import_stop_job, s, to_import, e);
}
