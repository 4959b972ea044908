/* The authority's own blank tables: what their cells mean, and filled ones. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "codec/xlsx_fill.h"
#include "store/files.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/blank_sheet.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/office.h"
#include "web/view.h"

/* ---- the blank and its file ----------------------------------------------- */

static bool
load(struct rq *rq, struct blank **out, struct blank_book **book, struct err *e)
{
    struct blank *k = arena_new_obj(rq->arena, struct blank);
    int64_t tenant = rq->who.dir->tenant.id, id;
    struct file_row f;
    bool ok;
    int fd;

    *book = arena_new_obj(rq->arena, struct blank_book);
    if ((*out = k) == NULL || *book == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, tenant, &blank_ledger, rq->id, rq->arena, k, e))
        return false;
    if (!actor_reads(&rq->who, &blank_ledger, k) || !str_i64(k->file, &id) ||
        !files_get(rq->st, tenant, id, rq->arena, &f, e))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if ((fd = files_open(rq->app->data_dir, tenant, f.sha, e)) < 0)
        return false;
    ok = blank_read(fd, k->map, rq->arena, *book, e);
    close(fd);
    return ok;
}

/* ---- what its cells mean -------------------------------------------------- */

static struct str
meaning_words(struct rq *rq, const struct meaning *m)
{
    static const char *const plain[] = {
        [BLANK_SCHOOL] = N_("School, one line each"),
        [BLANK_NUMBER] = N_("Serial number"),
        [BLANK_UNIT] = N_("Whose table it is"),
        [BLANK_PERIOD] = N_("Period"),
        [BLANK_DATE] = N_("Today's date"),
    };
    static const char *const grade[] = { N_("general"), N_("major"),
                                         N_("together") };

    if (m->kind <= BLANK_DATE)
        return str_of(rq_tr(rq, plain[m->kind]));
    return arena_printf(rq->arena, "%s · %s%s",
                        rq_tr(rq, m->kind == BLANK_RATE
                                      ? N_("Rate of rectification")
                                      : figures[m->figure].label),
                        rq_tr(rq, grade[m->grade]),
                        m->ten_thousand ? rq_tr(rq, N_(" (in 10,000)")) : "");
}

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
        c[i] = (struct v_choice){ arena_dup(rq->arena, str_of(key)),
                                  meaning_words(rq, &all[i]),
                                  strcmp(key, on) == 0 };
    }
    return (struct v_input){
        .kind = "enum",
        .name = arena_printf(rq->arena, "c%zu", no),
        .label = arena_printf(rq->arena, "%s · %.*s", place.p,
                              STR_ARG(utf8_head(s->heading, 60))),
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
                                  STR_ARG(utf8_head(b->name, 31)),
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
    if (!load(rq, &k, &book, e) ||
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
    v.may_save = !rq->who.read_only &&
                 actor_may(&rq->who, &blank_ledger, "map", k->r.org);
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
    if (!load(rq, &k, &book, e) || !asked_sheet(book, no, &b, e) ||
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

/* ---- filling -------------------------------------------------------------- */

struct filling {
    struct rq *rq;
    struct asked a;
    struct blank_book *k;
    struct blank_sheet *b; /* that is being filled */
    struct school_sums *of;
    size_t n_of;
    struct sums all;
    struct fill_cell *cell;
    size_t n;
};

static struct str
plain_number(struct rq *rq, const struct meaning *m, int64_t v)
{
    if (!(figures[m->figure].flags & FG_MONEY))
        return arena_i64(rq->arena, v);
    if (m->ten_thousand)
        return arena_printf(rq->arena, "%" PRId64 ".%06d", v / 1000000,
                            (int)(v % 1000000));
    return arena_printf(rq->arena, "%" PRId64 ".%02d", v / 100, (int)(v % 100));
}

/* no: which line of the table, from 1; 0 = the whole. */
static void
put_value(struct filling *f, const struct meaning *m, uint32_t row,
          uint32_t col, const struct sums *s, int64_t org, size_t no)
{
    struct rq *rq = f->rq;
    struct fill_cell *c = &f->cell[f->n];
    int64_t today = zone_day(rq->who.dir->rules.zone, rq->who.now);

    *c = (struct fill_cell){ .row = row, .col = col, .sheet = f->b->no };
    switch (m->kind) {
    case BLANK_SCHOOL:
    case BLANK_UNIT:
        c->text = view_org(rq, org);
        break;
    case BLANK_NUMBER:
        c->text = arena_i64(rq->arena, (int64_t)no);
        c->number = true;
        break;
    case BLANK_PERIOD:
        c->text = office_period(rq, f->a.year, f->a.quarter);
        break;
    case BLANK_DATE:
        c->text = view_day(rq, today);
        break;
    case BLANK_RATE:
        c->text = office_rate(rq, s, m->grade);
        break;
    case BLANK_FIGURE:
        c->text = plain_number(rq, m,
                               m->grade == 2 ? sums_all(s, m->figure)
                                             : s->v[m->figure][m->grade]);
        c->number = true;
        break;
    case BLANK_NOTHING:
        return;
    }
    f->n++;
}

/* A line that is named already: by the authority, or by a formula. */
static bool
is_named(const struct blank_sheet *b, uint32_t row, const struct blank_spot *s)
{
    return s->m.kind == BLANK_SCHOOL && row <= b->rows &&
           b->cell[row - 1][s->col].n > 0;
}

static void
put_line(struct filling *f, uint32_t row, const struct school_sums *s,
         size_t no)
{
    for (size_t i = 0; i < f->b->n; i++) {
        const struct blank_spot *spot = &f->b->spot[i];

        if (spot->row == 0 && !is_named(f->b, row, spot))
            put_value(f, &spot->m, row, spot->col, &s->sums, s->org, no);
    }
}

static bool
is_called(struct rq *rq, int64_t org, struct str name)
{
    const struct dir_org *o = dir_org(rq->who.dir, org);

    return o != NULL && name.n > 0 &&
           (str_eq(name, o->name.zh) || str_eq(name, o->name.en));
}

static bool
too_short(const struct filling *f, size_t left, uint32_t end, struct err *e)
{
    if (f->k->n == 1)
        return err_set(e, ERR_CONFLICT, "first",
                       "The table has no line for %ld of the schools above "
                       "its row %ld: insert lines into the blank and give "
                       "it again",
                       (long)left, (long)end);
    return err_set(e, ERR_CONFLICT, "first",
                   "The table on the sheet %.*s has no line for %ld of the "
                   "schools above its row %ld: insert lines into the blank "
                   "and give it again",
                   STR_ARG(utf8_head(f->b->name, 31)), (long)left, (long)end);
}

/* A line that names a school is that school's; empty ones are given in order;
 * the first other words (a line of sums) end the table. */
static bool
put_table(struct filling *f, uint32_t column, struct err *e)
{
    struct blank_sheet *b = f->b;
    bool *done = arena_new_array(f->rq->arena, bool, f->n_of + 1);
    uint32_t row, end = b->first;
    size_t k = 0, left = f->n_of, no = 0;

    if (done == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (; end <= b->rows; end++) {
        struct str name = b->cell[end - 1][column];
        size_t i = 0;

        while (i < f->n_of && !is_called(f->rq, f->of[i].org, name))
            i++;
        if (name.n > 0 && i == f->n_of)
            break;
        if (i < f->n_of && !done[i]) {
            put_line(f, end, &f->of[i], end - b->first + 1);
            done[i] = true;
            left--;
        }
    }
    for (row = b->first; left > 0; row++) {
        if (end <= b->rows && row == end)
            return too_short(f, left, end, e);
        if (row <= b->rows && b->cell[row - 1][column].n > 0)
            continue;
        while (done[k])
            k++;
        done[k] = true;
        left--;
        no = row - b->first + 1;
        put_line(f, row, &f->of[k], no);
    }
    return true;
}

static bool
put_sheet(struct filling *f, int64_t whole, struct err *e)
{
    const struct blank_sheet *b = f->b;
    uint32_t column = UINT32_MAX;

    for (size_t i = 0; i < b->n; i++) {
        if (b->spot[i].row > 0)
            put_value(f, &b->spot[i].m, b->spot[i].row, b->spot[i].col, &f->all,
                      whole, 0);
        else if (b->spot[i].m.kind == BLANK_SCHOOL)
            column = b->spot[i].col;
    }
    if (column != UINT32_MAX)
        return put_table(f, column, e);
    if (b->first > 0) { /* a table of one line: the whole */
        struct school_sums one = { whole, f->all };

        put_line(f, b->first, &one, 1);
    }
    return true;
}

static bool
put_all(struct filling *f, struct err *e)
{
    int64_t whole = f->a.org != 0  ? f->a.org
                    : f->n_of == 1 ? f->of[0].org
                                   : f->rq->who.dir->root;
    size_t spots = 0;

    for (size_t i = 0; i < f->k->n; i++)
        spots += blank_counts(f->k, f->k->sheet[i]) ? f->k->sheet[i]->n : 0;
    f->cell = arena_new_array(f->rq->arena, struct fill_cell,
                              spots * (f->n_of + 1) + 1);
    if (f->cell == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < f->k->n; i++) {
        f->b = f->k->sheet[i];
        if (blank_counts(f->k, f->b) && !put_sheet(f, whole, e))
            return false;
    }
    return true;
}

/* The district's own node has a line only where something counts. */
static void
leave_out_empty_root(struct filling *f)
{
    static const struct sums none;
    size_t n = 0;

    for (size_t i = 0; i < f->n_of; i++)
        if (f->n_of == 1 || f->of[i].org != f->rq->who.dir->root ||
            memcmp(&f->of[i].sums, &none, sizeof(none)) != 0)
            f->of[n++] = f->of[i];
    f->n_of = n;
}

static bool
fill(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct filling f = { .rq = rq };
    struct fill_report report;
    struct file_row file;
    struct blank *k;
    int64_t id;
    bool ok;
    int fd;

    (void)arg;
    if (!load(rq, &k, &f.k, e) || !office_ask(rq, &f.a, e) ||
        !figures_sum(rq->st, &f.a.q, rq->arena, &f.of, &f.n_of, &f.all, e))
        return false;
    leave_out_empty_root(&f);
    if (!put_all(&f, e) || !str_i64(k->file, &id) ||
        !files_get(rq->st, rq->who.dir->tenant.id, id, rq->arena, &file, e) ||
        (fd = files_open(rq->app->data_dir, rq->who.dir->tenant.id, file.sha,
                         e)) < 0)
        return false;
    ok = xlsx_fill(fd, path, f.cell, f.n, &report, e);
    close(fd);
    return ok;
}

bool
blank_fill(struct rq *rq, struct err *e)
{
    return made_send(
        rq,
        &(struct made){ .make = fill,
                        .type = "application/vnd.openxmlformats-officedocument."
                                "spreadsheetml.sheet",
                        .name = STR("filled.xlsx") },
        e);
}
