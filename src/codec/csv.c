#include "codec/csv.h"

#include <stdlib.h>

enum where {
    AT_START, /* of a cell */
    IN_PLAIN,
    IN_QUOTES,
    AT_QUOTE, /* in quotes, just after a quote */
};

struct csv_reader {
    sheet_row_fn *fn;
    void *ctx;
    char sep;
    enum where where;
    bool skip_lf;    /* the last byte was a CR that ended a row */
    bool any;        /* something of this row was read */
    bool plain_next; /* the next quote that opens a cell is plain text */
    bool stopped;
    int64_t row;
    uint64_t recovered;
    struct buf text; /* of the cells of this row, one after another */
    struct buf raw;  /* what was read since the open quote */
    size_t *ends;    /* where each finished cell ends in text */
    size_t n, cap;
    struct sheet_cell *cells;
    size_t cap_cells;
};

struct csv_reader *
csv_reader_new(char separator, sheet_row_fn *fn, void *ctx)
{
    struct csv_reader *r = calloc(1, sizeof(*r));

    if (r == NULL)
        return NULL;
    r->fn = fn;
    r->ctx = ctx;
    r->sep = separator;
    buf_init(&r->text, CSV_ROW_MAX);
    buf_init(&r->raw, 2 * CSV_QUOTED_MAX + 16);
    return r;
}

void
csv_reader_free(struct csv_reader *r)
{
    if (r == NULL)
        return;
    buf_fini(&r->text);
    buf_fini(&r->raw);
    free(r->ends);
    free(r->cells);
    free(r);
}

uint64_t
csv_recovered(const struct csv_reader *r)
{
    return r->recovered;
}

static bool
no_memory(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL, "out of memory; try again later");
}

static bool
cell_end(struct csv_reader *r, struct err *e)
{
    size_t from = r->n > 0 ? r->ends[r->n - 1] : 0;

    if (r->n == CSV_COLUMNS_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "row %ld has more than %d columns: check that the "
                       "cells are separated by commas",
                       (long)r->row + 1, CSV_COLUMNS_MAX);
    if (r->text.over || r->text.n - from > CSV_CELL_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "a cell in row %ld holds more text than a ledger can "
                       "have (1 MB): is this file a CSV table?",
                       (long)r->row + 1);
    if (r->n == r->cap) {
        size_t cap = r->cap > 0 ? r->cap * 2 : 32;
        size_t *p = realloc(r->ends, cap * sizeof(*p));

        if (p == NULL)
            return no_memory(e);
        r->ends = p;
        r->cap = cap;
    }
    r->ends[r->n++] = r->text.n;
    r->where = AT_START;
    buf_clear(&r->raw);
    return true;
}

static bool
row_give(struct csv_reader *r, struct err *e)
{
    struct sheet_row row = { .sheet = STR(""), .row = ++r->row };
    size_t from = 0;

    if (r->n > r->cap_cells) {
        struct sheet_cell *p = realloc(r->cells, r->cap * sizeof(*p));

        if (p == NULL)
            return no_memory(e);
        r->cells = p;
        r->cap_cells = r->cap;
    }
    for (size_t i = 0; i < r->n; i++) {
        struct str s = str_cut(buf_str(&r->text), from, r->ends[i]);

        r->cells[i] = (struct sheet_cell){
            .text = s.n > 0 ? s : STR(""),
            .kind = s.n > 0 ? CELL_TEXT : CELL_EMPTY,
        };
        from = r->ends[i];
    }
    row.n = r->n;
    row.cells = r->cells;
    if (!r->fn(r->ctx, &row)) {
        r->stopped = true;
        *e = (struct err){ 0 };
        return false;
    }
    r->n = 0;
    r->any = false;
    buf_clear(&r->text);
    return true;
}

static bool
row_end(struct csv_reader *r, char c, struct err *e)
{
    r->skip_lf = c == '\r';
    return cell_end(r, e) && row_give(r, e);
}

/* A byte outside quotes. */
static bool
plain_byte(struct csv_reader *r, char c, struct err *e)
{
    if (c == r->sep) {
        r->any = true;
        return cell_end(r, e);
    }
    if (c == '\n' || c == '\r')
        return row_end(r, c, e);
    if (c == '"' && r->where == AT_START && !r->plain_next &&
        r->recovered < CSV_RECOVER_MAX) {
        r->where = IN_QUOTES;
        r->any = true;
        return true;
    }
    r->plain_next = false;
    r->where = IN_PLAIN;
    r->any = true;
    buf_putc(&r->text, c);
    if (r->text.over)
        return cell_end(r, e);
    return true;
}

static bool
one_byte(struct csv_reader *r, char c, struct err *e)
{
    if (r->skip_lf) {
        r->skip_lf = false;
        if (c == '\n')
            return true;
    }
    switch (r->where) {
    case IN_QUOTES:
        buf_putc(&r->raw, c);
        if (c == '"')
            r->where = AT_QUOTE;
        else
            buf_putc(&r->text, c);
        return true;
    case AT_QUOTE:
        if (c == r->sep || c == '\n' || c == '\r') {
            r->where = IN_PLAIN;
            return plain_byte(r, c, e);
        }
        /* "" is a quote; so is " before anything else, not doubled. */
        buf_putc(&r->raw, c);
        buf_putc(&r->text, '"');
        if (c != '"')
            buf_putc(&r->text, c);
        r->where = IN_QUOTES;
        return true;
    case AT_START:
    case IN_PLAIN:
        return plain_byte(r, c, e);
    }
    return true;
}

static bool feed(struct csv_reader *, struct str, struct err *);

/* The open quote never closed: read from it again as plain text. */
static bool
recover(struct csv_reader *r, struct err *e)
{
    char *again = NULL;
    size_t n = r->raw.n, from = r->n > 0 ? r->ends[r->n - 1] : 0;
    bool ok;

    if (n > 0) {
        if ((again = malloc(n)) == NULL)
            return no_memory(e);
        memcpy(again, r->raw.p, n);
    }
    buf_clear(&r->raw);
    r->text.n = from;
    r->text.over = false;
    r->where = AT_START;
    r->plain_next = true;
    r->recovered++;
    ok = one_byte(r, '"', e) && feed(r, (struct str){ again, n }, e);
    free(again);
    return ok;
}

static bool
feed(struct csv_reader *r, struct str s, struct err *e)
{
    for (size_t i = 0; i < s.n; i++) {
        if (r->where == IN_QUOTES && r->raw.n > CSV_QUOTED_MAX &&
            !recover(r, e))
            return false;
        if (!one_byte(r, s.p[i], e))
            return false;
    }
    return true;
}

bool
csv_feed(struct csv_reader *r, struct str s, bool last, struct err *e)
{
    if (r->stopped || !feed(r, s, e))
        return false;
    if (!last)
        return true;
    while (r->where == IN_QUOTES) {
        if (!recover(r, e))
            return false;
    }
    if (!r->any)
        return true;
    return cell_end(r, e) && row_give(r, e);
}

struct tally {
    size_t count[64]; /* rows by their number of separators */
};

static void
tally_rows(struct str sample, char sep, struct tally *t)
{
    bool quoted = false;
    size_t n = 0;

    for (size_t i = 0; i < sample.n; i++) {
        char c = sample.p[i];

        if (c == '"')
            quoted = !quoted;
        else if (c == sep && !quoted)
            n++;
        if ((c == '\n' || c == '\r') && !quoted) {
            t->count[n < 63 ? n : 63]++;
            n = 0;
        }
    }
    t->count[n < 63 ? n : 63]++;
}

char
csv_separator(struct str sample)
{
    static const char known[] = { ',', '\t', ';', '|' };
    char best = ',';
    size_t most = 0;

    /* Excel's own word: a first line that says which it is. */
    if (sample.n >= 5 && memcmp(sample.p, "sep=", 4) == 0 &&
        memchr(",;\t|:^~", sample.p[4], 7) != NULL)
        return sample.p[4];
    for (size_t k = 0; k < sizeof(known); k++) {
        struct tally t = { 0 };

        tally_rows(sample, known[k], &t);
        for (size_t n = 1; n < 64; n++) {
            size_t score = t.count[n] * 64 + n;

            if (t.count[n] > 0 && score > most) {
                most = score;
                best = known[k];
            }
        }
    }
    return best;
}
