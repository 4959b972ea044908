#include "service/checklist_read.h"

static const struct checklist_read *
no_memory(struct err *e)
{
    (void)err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
    return NULL;
}

/* Almost any bytes are signs of some old encoding, but no text has signs that
 * steer a printer. */
static bool
is_text(const struct checklist_read *c)
{
    for (size_t i = 0; i < c->n_items; i++) {
        const struct str s[] = { c->items[i].text.en, c->items[i].text.zh };

        for (size_t k = 0; k < 2; k++)
            for (size_t at = 0; at < s[k].n; at++)
                if ((unsigned char)s[k].p[at] < ' ')
                    return false;
    }
    return true;
}

const struct checklist_read *
checklist_read_fd(int fd, const char *tmp_dir, struct arena *a, struct err *e)
{
    struct checklist_reading *r = checklist_reading_new(a);
    const struct checklist_read *c = NULL;
    const struct table_facts *f;
    struct table *t;

    *e = (struct err){ 0 };
    if (r == NULL)
        return no_memory(e);
    if ((t = table_open_fd(fd, tmp_dir, e)) == NULL)
        return NULL;
    /* False without an error: it has rows enough, or no memory. */
    if (table_each(t, checklist_reading_row, r, e) || e->code == ERR_NONE) {
        f = table_facts(t);
        if (f->kind == TABLE_CSV)
            checklist_reading_bytes(r, f->bad_bytes, f->recovered);
        if ((c = checklist_reading_end(r)) == NULL)
            (void)no_memory(e);
    }
    table_close(t);
    if (c == NULL || is_text(c))
        return c;
    (void)err_set(e, ERR_TYPE, NULL,
                  "This is no table: most of it is not text. Save it as XLSX, "
                  "or as CSV in UTF-8");
    return NULL;
}

const struct checklist_read *
checklist_read_csv(struct str text, struct arena *a, struct err *e)
{
    struct checklist_reading *r = checklist_reading_new(a);
    struct csv_reader *csv;
    const struct checklist_read *c = NULL;

    *e = (struct err){ 0 };
    if (r == NULL ||
        (csv = csv_reader_new(',', checklist_reading_row, r)) == NULL)
        return no_memory(e);
    if (csv_feed(csv, text, true, e) || e->code == ERR_NONE) {
        checklist_reading_bytes(r, 0, csv_recovered(csv));
        if ((c = checklist_reading_end(r)) == NULL)
            (void)no_memory(e);
    }
    csv_reader_free(csv);
    return c;
}
