/* How far the schools are with a special rectification. */
#include <stdlib.h>

#include "domain/hazard.h"
#include "domain/inspection.h"
#include "domain/parts.h"
#include "service/figures.h"
#include "service/programme_figures.h"
#include "store/stmt.h"

static bool
short_of_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

struct reading {
    const struct dir *dir;
    const struct scope *scope;
    struct programme_figures *f;
    int64_t now;
};

/* NULL: of a unit that is not in the scope. */
static struct programme_line *
line_of(struct reading *r, int64_t org)
{
    int64_t school = dir_school(r->dir, org);
    bool mine = r->scope->all;

    for (size_t i = 0; i < r->scope->n && !mine; i++)
        mine = r->scope->org[i] == org;
    for (size_t i = 0; i < r->f->n && mine; i++)
        if (r->f->school[i].org == school)
            return &r->f->school[i];
    if (!mine || r->f->n > r->dir->n_org)
        return NULL;
    r->f->school[r->f->n] = (struct programme_line){ .org = school };
    return &r->f->school[r->f->n++];
}

static void
count_inspections(struct reading *r, struct programme_line *l, int64_t task,
                  int64_t state, bool late, int64_t n)
{
    bool done = (IN(IS_SUBMITTED) | IN(IS_REVIEWED)) & IN(state);
    enum programme_figure is = done                  ? PRF_done
                               : state == IS_MISSED  ? PRF_missed
                               : state == IS_EXCUSED ? PRF_excused
                                                     : PRF_todo;

    l->v[PRF_planned] += n;
    l->v[is] += n;
    l->v[PRF_late] += done && late ? n : 0;
    for (size_t i = 0; i < r->f->n_tasks && i < PROGRAMME_TASKS_MAX; i++)
        if (r->f->task[i].id == task) {
            l->all[i] += n;
            l->done[i] += done || state == IS_EXCUSED ? n : 0;
            l->missed[i] += state == IS_MISSED ? n : 0;
        }
}

static bool
read_inspections(struct reading *r, struct store *st, int64_t programme,
                 struct err *e)
{
    struct rows rows;
    bool ok, more = false;

    if (!rows_open(&rows, st, &stmts[Q_PROGRAMME_DONE],
                   ARGS(ARG(r->dir->tenant.id), ARG(programme)), e))
        return false;
    while ((ok = rows_next(&rows, &more, e)) && more) {
        struct programme_line *l = line_of(r, rows_i64(&rows, 0));

        if (l != NULL)
            count_inspections(r, l, rows_i64(&rows, 1), rows_i64(&rows, 2),
                              rows_i64(&rows, 3) != 0, rows_i64(&rows, 4));
    }
    rows_close(&rows);
    return ok;
}

/* What was no hazard, or one that was known, was not found here. */
static void
count_hazard(const struct reading *r, struct programme_line *l,
             const struct hazard *h)
{
    bool major = h->grade == GRADE_MAJOR,
         open = ledger_states(&hazard_ledger, ST_OPEN) & IN(h->r.state);

    if (h->r.state == HZ_NOT_HAZARD || h->r.state == HZ_DUPLICATE)
        return;
    l->v[PRF_found]++;
    l->v[PRF_major] += major;
    l->v[open ? PRF_open : PRF_closed]++;
    l->v[open ? PRF_open_major : PRF_closed_major] += major;
    l->v[PRF_overdue] += open && h->r.due_at != 0 && h->r.due_at < r->now;
    l->v[PRF_need] += h->funds;
    l->v[PRF_spent] += h->funds_spent;
}

static bool
read_hazards(struct reading *r, struct store *st, int64_t programme,
             struct err *e)
{
    struct rows rows;
    bool ok, more = false;

    if (!rows_open(&rows, st, &stmts[Q_PROGRAMME_FOUND],
                   ARGS(ARG(r->dir->tenant.id), ARG(programme)), e))
        return false;
    while ((ok = rows_next(&rows, &more, e)) && more) {
        struct programme_line *l = line_of(r, rows_i64(&rows, 0));
        struct hazard h = { .r.state = rows_i64(&rows, 1),
                            .grade = rows_i64(&rows, 2),
                            .r.due_at = rows_i64(&rows, 3),
                            .funds = rows_i64(&rows, 4),
                            .funds_spent = rows_i64(&rows, 5) };

        if (l != NULL)
            count_hazard(r, l, &h);
    }
    rows_close(&rows);
    return ok;
}

/* Who is furthest behind comes first; else in the tree's order. */
static int
by_behind(const void *a, const void *b)
{
    const struct programme_line *x = a, *y = b;
    int64_t bx = x->v[PRF_missed] * 1000 + programme_behind(x),
            by = y->v[PRF_missed] * 1000 + programme_behind(y);

    return bx != by ? (bx > by ? -1 : 1)
                    : (x->org > y->org) - (x->org < y->org);
}

bool
programme_figures_read(struct store *st, const struct dir *d,
                       const struct scope *scope, const struct programme *p,
                       int64_t now, struct arena *a,
                       struct programme_figures *f, struct err *e)
{
    struct reading r = { .dir = d, .scope = scope, .f = f, .now = now };

    *f = (struct programme_figures){
        .school = arena_new_array(a, struct programme_line, d->n_org + 2)
    };
    if (f->school == NULL)
        return short_of_memory(e);
    if (!parts_read(&programme_tasks, p->tasks, a, &f->task, &f->n_tasks, e) ||
        !read_inspections(&r, st, p->r.id, e) ||
        !read_hazards(&r, st, p->r.id, e))
        return false;
    qsort(f->school, f->n, sizeof(*f->school), by_behind);
    for (size_t i = 0; i < f->n; i++)
        programme_line_plus(&f->sum, &f->school[i]);
    return true;
}

bool
programme_figures_kept(const struct programme *p, struct arena *a,
                       struct programme_figures *f, struct err *e)
{
    struct str rest = p->figures;
    struct programme_line one;
    size_t n = 1; /* the last line has no end of its own */

    for (size_t i = 0; i < p->figures.n; i++)
        n += p->figures.p[i] == '\n';
    *f = (struct programme_figures){ .school = arena_new_array(
                                         a, struct programme_line, n) };
    if (f->school == NULL)
        return short_of_memory(e);
    while (f->n < n && programme_line_next(&rest, &one)) {
        f->school[f->n++] = one;
        programme_line_plus(&f->sum, &one);
    }
    return parts_read(&programme_tasks, p->tasks, a, &f->task, &f->n_tasks, e);
}

bool
programme_figures_give(struct store *st, const struct dir *d, int64_t now,
                       struct arena *a, struct change *c, struct err *e)
{
    struct programme *p = arena_new_obj(a, struct programme);
    struct input *in = arena_new_array(a, struct input, 4);
    struct programme_figures f;
    struct scope scope;
    BUF(lines, 400000);

    if (p == NULL || in == NULL)
        return short_of_memory(e);
    if (!store_rec_get(st, c->tenant, &programme_ledger, c->id, a, p, e) ||
        !figures_scope(d, p->r.org, a, &scope, e) ||
        !programme_figures_read(st, d, &scope, p, now, a, &f, e))
        return false;
    for (size_t i = 0; i < f.n; i++)
        programme_line_put(&lines, &f.school[i], f.n_tasks);
    in[0] = (struct input){ STR("figures"), arena_dup(a, buf_str(&lines)) };
    in[1] = (struct input){ STR("as_of"), arena_i64(a, now) };
    in[2] = (struct input){ STR("report"),
                            programme_draft(d, p, &f, now, false, a) };
    in[3] = (struct input){ STR("report_zh"),
                            programme_draft(d, p, &f, now, true, a) };
    c->given = in;
    c->n_given = 4;
    return (!lines.over && !arena_failed(a)) || short_of_memory(e);
}
