/* What an old ledger would become, for a person to look at. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/hazard.h"
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

static bool
dry_row(void *ctx, const struct reading_row *r)
{
    struct dry *d = ctx;
    struct arena *a = d->rq->arena;

    d->total++;
    if (d->n_rows == DRY_ROWS)
        return true;
    d->rows[d->n_rows++] = (struct v_table_row){
        .label = arena_printf(a, "%.*s %ld", STR_ARG(r->src.sheet),
                              (long)r->src.row),
        .cell = { arena_dup(a, r->school),
                  arena_dup(a, utf8_head(r->description, 300)),
                  arena_dup(a, r->place),
                  arena_dup(a, utf8_head(r->measures, 200)),
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
    if (d->n_doubts == DRY_DOUBTS)
        return true;
    e = (struct err){ .msg = x->msg, .n = 1, .arg = { { .type = 's' } } };
    memcpy(e.arg[0].s, x->arg.p, utf8_head(x->arg, 90).n);
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

bool
dry_run(void *arg, struct err *e)
{
    struct dry *d = arg;
    struct reading_opts opts = { .on_row = dry_row,
                                 .on_doubt = dry_doubt,
                                 .ctx = d,
                                 .overrides = d->over,
                                 .n_overrides = d->n_over };
    struct ledger_read_job job = { .opts = &opts,
                                   .tmp_dir = d->rq->app->data_dir,
                                   .mapped = dry_mapped,
                                   .counts = &d->counts };
    char path[4096];
    bool ok;

    snprintf(path, sizeof(path), "%.*s", STR_ARG(d->row->path));
    if ((job.fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return err_set(e, ERR_MISSING, NULL,
                       "The uploaded file is not there any more: upload it "
                       "again");
    (void)futimens(job.fd, NULL); /* swept a week after it was last read */
    ok = ledger_read(&job, e);
    close(job.fd);
    return ok;
}
