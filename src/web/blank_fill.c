#include <inttypes.h>
#include <unistd.h>

#include "store/files.h"
#include "web/blank_fill.h"
#include "web/view.h"

bool
blank_load(struct rq *rq, struct blank **out, struct blank_book **book,
           struct err *e)
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
    if ((fd = files_open_whole(rq->app->data_dir, tenant, &f, e)) < 0)
        return false;
    ok = blank_read(fd, k->map, rq->arena, *book, e);
    close(fd);
    return ok;
}

struct str
blank_words(struct rq *rq, const struct meaning *m)
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

/* ---- values --------------------------------------------------------------- */

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
put_value(struct filling *f, const struct blank_spot *spot, uint32_t row,
          uint32_t col, const struct sums *s, int64_t org, size_t no)
{
    struct rq *rq = f->rq;
    const struct meaning *m = &spot->m;
    struct fill_cell *c = &f->cell[f->n];
    int64_t today = zone_day(rq->who.dir->rules.zone, rq->who.now);

    *c = (struct fill_cell){ .row = row, .col = col, .sheet = f->b->no };
    f->what[f->n] = (struct filled){ f->b, spot, org };
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
            put_value(f, spot, row, spot->col, &s->sums, s->org, no);
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
                   STR_ARG(utf8_first(f->b->name, 31)), (long)left, (long)end);
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
            put_value(f, &b->spot[i], b->spot[i].row, b->spot[i].col, &f->all,
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
    f->what =
        arena_new_array(f->rq->arena, struct filled, spots * (f->n_of + 1) + 1);
    if (f->cell == NULL || f->what == NULL)
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

bool
blank_values(struct rq *rq, struct filling *f, struct err *e)
{
    *f = (struct filling){ .rq = rq };
    if (!blank_load(rq, &f->blank, &f->k, e))
        return false;
    if (f->blank->map.n == 0)
        return err_set(e, ERR_CONFLICT, NULL,
                       "Nobody has looked yet at what the cells of this blank "
                       "mean: open \"What its cells mean\" and save it once, "
                       "then it is filled");
    if (!office_ask(rq, &f->a, e) ||
        !figures_sum(rq->st, &f->a.q, rq->arena, &f->of, &f->n_of, &f->all, e))
        return false;
    leave_out_empty_root(f);
    return put_all(f, e);
}
