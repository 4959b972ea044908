/* What an old ledger would become, for a person to look at. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "domain/hazard.h"
#include "web/apart.h"
#include "web/dry_run.h"
#include "web/view.h"

static struct str
day_or_words(struct rq *rq, const struct reading_date *d)
{
    BUF(b, 32);

    if (!d->has_day)
        return arena_dup(rq->arena, d->raw);
    day_format(&b, d->day);
    return arena_dup(rq->arena, buf_str(&b));
}

static struct str
state_words(struct rq *rq, const struct reading_row *r)
{
    switch (r->status) {
    case RS_RECTIFIED:
        return view_state(rq, &hazard_ledger, HZ_CLOSED);
    case RS_IN_PROGRESS:
        return view_state(rq, &hazard_ledger, HZ_RECTIFYING);
    case RS_NO_ACTION:
        return view_state(rq, &hazard_ledger, HZ_NOT_HAZARD);
    default:
        return view_state(rq, &hazard_ledger, HZ_REPORTED);
    }
}

static bool dry_doubt(void *, const struct reading_doubt *);

/* The column of the row's sheet that names the school; -1: none does. */
static int
school_column(const struct dry *d, const struct reading_row *r)
{
    for (size_t i = 0; i < reading_sheet_count(d->reading); i++) {
        const struct reading_sheet *s = reading_sheet_at(d->reading, i);

        for (size_t k = 0; s->sheet_no == r->src.sheet_no && k < s->n_columns;
             k++)
            if (s->columns[k].field == RF_SCHOOL)
                return (int)k;
    }
    return -1;
}

/* A name that no school here has: said for each row whose own cell says it, of
 * a title or a heading once. */
static bool
dry_school(struct dry *d, const struct reading_row *r)
{
    struct arena *a = d->rq->arena;
    const struct reading_doubt x = {
        .sheet = r->src.sheet,
        .row = r->src.row,
        .column = school_column(d, r),
        .code = "school-unknown",
        .msg = N_("This school is not known here, or not yours to enter for; "
                  "the row would be entered for %s"),
    };
    struct reading_doubt told = x;
    bool known, again;
    const struct dir_org *o = dir_org(
        d->who.dir, import_school(&d->who, r->school, d->row->org, &known));

    if (known || o == NULL)
        return true;
    again = str_eq(d->stranger, r->school);
    d->stranger = arena_dup(a, r->school);
    if (r->src.item > 1 || (x.column < 0 && again)) {
        d->doubt_row = r->src.row;
        return true;
    }
    told.arg = text2_in(o->name, d->rq->lang == LANG_ZH);
    return dry_doubt(d, &told);
}

static bool
dry_row(void *ctx, const struct reading_row *r)
{
    struct dry *d = ctx;
    struct arena *a = d->rq->arena;

    if (!dry_school(d, r))
        return false;
    d->total++;
    d->clean += d->doubt_row != r->src.row;
    if (d->n_rows == DRY_ROWS)
        return true;
    d->rows[d->n_rows++] = (struct v_table_row){
        .label = arena_printf(a, "%.*s %ld", STR_ARG(r->src.sheet),
                              (long)r->src.row),
        .cell = { arena_dup(a, r->school), arena_cut(a, r->description, 300),
                  arena_dup(a, r->place), arena_cut(a, r->measures, 200),
                  arena_dup(a, r->responsible), arena_dup(a, r->funds.raw),
                  day_or_words(d->rq, &r->deadline),
                  arena_printf(a, "%.*s · %.*s",
                               STR_ARG(day_or_words(d->rq, &r->found_on)),
                               STR_ARG(state_words(d->rq, r))) },
    };
    return true;
}

static bool
dry_doubt(void *ctx, const struct reading_doubt *x)
{
    struct dry *d = ctx;
    struct rq *rq = d->rq;
    struct err e;
    BUF(b, 2048);

    d->doubtful++;
    d->doubt_row = x->row;
    if (d->n_doubts == DRY_DOUBTS)
        return true;
    e = (struct err){ .msg = x->msg, .n = 1, .arg = { { .type = 's' } } };
    utf8_fit(x->arg, e.arg[0].s, sizeof(e.arg[0].s));
    err_format(&e, rq_tr(rq, x->msg), &b);
    d->doubts[d->n_doubts++] = (struct v_cell){
        .label = x->row > 0
                     ? arena_printf(rq->arena, "%.*s %s %ld%s%s",
                                    STR_ARG(x->sheet), rq_tr(rq, N_("Row")),
                                    (long)x->row, x->column >= 0 ? ", " : "",
                                    x->column >= 0 &&
                                            (size_t)x->column < d->n_columns
                                        ? d->heading[x->column].p
                                        : "")
                     : arena_dup(rq->arena, x->sheet),
        .value = arena_dup(rq->arena, buf_str(&b)),
    };
    return true;
}

/* Between the passes: note the columns, and put in what this school chose the
 * last time for the same headings. */
static bool
dry_mapped(void *ctx, struct reading *rd, const struct table_facts *facts)
{
    struct dry *d = ctx;
    const struct reading_sheet *s =
        reading_sheet_count(rd) > 0 ? reading_sheet_at(rd, 0) : NULL;
    BUF(head, 8192);

    (void)facts;
    d->reading = rd;
    for (size_t i = 0; s != NULL && i < s->n_columns && i < DRY_COLUMNS; i++) {
        d->heading[i] = arena_dup(d->rq->arena, s->columns[i].heading);
        d->field[i] = s->columns[i].field;
        d->n_columns = i + 1;
        buf_str_put(&head, d->heading[i]);
        buf_putc(&head, '|');
    }
    d->head = arena_dup(d->rq->arena, utf8_head(buf_str(&head), 2000));
    return true;
}

/* The schools as they are now, of the one heavy worker. */
static bool
dry_who(struct dry *d, struct err *e)
{
    struct reader *own = apart_reader(d->rq->app);

    d->who = d->rq->who;
    if (!store_begin(own->st, e))
        return false;
    d->who.dir = dir_get(own->dirs, own->st, d->rq->session.tenant, e);
    store_rollback(own->st);
    return d->who.dir != NULL;
}

bool
dry_run(void *arg, struct err *e)
{
    struct dry *d = arg;
    struct reading_opts opts = { .on_row = dry_row,
                                 .on_doubt = dry_doubt,
                                 .ctx = d,
                                 .every_doubt = true,
                                 .overrides = d->over,
                                 .n_overrides = d->n_over };
    struct ledger_read_job job = { .opts = &opts,
                                   .tmp_dir = d->rq->app->data_dir,
                                   .mapped = dry_mapped,
                                   .counts = &d->counts };
    int64_t begun;
    bool ok;

    if (!dry_who(d, e))
        return false;
    if ((job.fd = import_open(d->row->path, e)) < 0)
        return false;
    begun = steady_ms();
    ok = ledger_read(&job, e);
    d->spent_ms = steady_ms() - begun;
    close(job.fd);
    return ok;
}
