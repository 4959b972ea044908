#include "service/ledger_read.h"

static bool
no_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
}

/* Doubts about the bytes themselves; only the second pass can count them. */
static bool
file_doubts(const struct reading_opts *o, const struct table_facts *f)
{
    struct reading_doubt d = { .column = -1, .sheet = STR(""), .arg = STR("") };

    if (o->on_doubt == NULL || f->kind != TABLE_CSV)
        return true;
    if (f->bad_bytes > 0) {
        d.code = "bytes-unread";
        d.msg = N_("Some characters could not be decoded and show as question "
                   "marks; save the file as UTF-8 and read it again.");
        if (!o->on_doubt(o->ctx, &d))
            return false;
    }
    if (f->recovered > 0) {
        d.code = "quote-open";
        d.msg = N_("A quotation mark is never closed; it was taken as plain "
                   "text. Check the rows around it.");
        if (!o->on_doubt(o->ctx, &d))
            return false;
    }
    return true;
}

static bool
two_passes(const struct ledger_read_job *j, struct table *t, struct reading *r,
           struct err *e)
{
    if (!table_each(t, reading_scan_row, r, e) || !reading_scan_end(r))
        return reading_failed(r) ? no_memory(e) : false;
    if (j->mapped != NULL && !j->mapped(j->opts->ctx, r, table_facts(t)))
        return false;
    if (!table_each(t, reading_read_row, r, e))
        return reading_failed(r) ? no_memory(e) : false;
    return file_doubts(j->opts, table_facts(t));
}

bool
ledger_read(const struct ledger_read_job *j, struct err *e)
{
    struct table *t;
    struct reading *r;
    bool ok;

    *e = (struct err){ 0 };
    if ((t = table_open_fd(j->fd, j->tmp_dir, e)) == NULL)
        return false;
    if (j->seconds > 0)
        table_give_time(t, j->seconds);
    if ((r = reading_new(j->opts)) == NULL) {
        table_close(t);
        return no_memory(e);
    }
    ok = two_passes(j, t, r, e);
    if (j->counts != NULL)
        *j->counts = reading_counts(r);
    reading_free(r);
    table_close(t);
    return ok;
}
