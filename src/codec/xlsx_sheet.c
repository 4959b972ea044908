#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "codec/xlsx_part.h"

enum { ACTIVE_MAX = 4096, KEEP_MERGES = 4096 };

/* A cell while its row is read: text stands in .text at [from, to). */
struct open_cell {
    size_t from, to;
    struct sheet_cell c;
};

/* A merged range whose rows have begun. */
struct active {
    struct merge m;
    struct sheet_cell cell;
    char *text;
};

struct reading {
    const struct sheet_job *job;
    struct err *e;
    const struct merges *merges;
    size_t next_merge;
    struct active *active;
    size_t n_active, cap_active;
    struct open_cell *cells;
    struct sheet_cell *given;
    size_t n, cap;
    struct buf text; /* of the cells of this row */
    struct buf raw;  /* the value being read */
    uint32_t row, col;
    char type; /* n s i(nline) t(str) b e d */
    long style;
    bool in_row, in_cell, in_value, in_phonetic, hidden, formula;
};

static void
fail_memory(struct xml *x)
{
    err_set(x->e, ERR_BUSY, NULL, "out of memory; try again later");
    xml_stop(x);
}

static bool
reserve(struct reading *r, size_t n)
{
    size_t cap = r->cap > 0 ? r->cap : 32;
    struct open_cell *p;
    struct sheet_cell *q;

    if (n <= r->cap)
        return true;
    while (cap < n)
        cap *= 2;
    if ((p = realloc(r->cells, cap * sizeof(*p))) == NULL)
        return false;
    r->cells = p;
    if ((q = realloc(r->given, cap * sizeof(*q))) == NULL)
        return false;
    r->given = q;
    r->cap = cap;
    return true;
}

/* Make the row n cells wide, empty ones at its end. */
static bool
widen(struct reading *r, size_t n)
{
    if (!reserve(r, n))
        return false;
    for (; r->n < n; r->n++)
        r->cells[r->n] = (struct open_cell){ 0 };
    return true;
}

/* Read as another place the words of a cell would stand where they do not. */
static void
nowhere(struct xml *x, const char *ref)
{
    err_set(x->e, ERR_TYPE, NULL,
            "the workbook is damaged: there is no cell \"%s\". Open it in "
            "Excel or WPS and save it anew",
            ref);
    xml_stop(x);
}

static void
row_start(struct xml *x, struct reading *r, const char **attr)
{
    const char *v = xml_attr(attr, "r");
    char *end = NULL;
    long n = v != NULL ? strtol(v, &end, 10) : (long)r->row + 1;

    if (n < 1 || n > 1048576 || (end != NULL && *end != '\0')) {
        nowhere(x, v != NULL ? v : "");
        return;
    }
    r->row = (uint32_t)n;
    v = xml_attr(attr, "hidden");
    r->hidden = v != NULL && (v[0] == '1' || v[0] == 't');
    r->in_row = true;
    r->col = 0;
    r->n = 0;
    buf_clear(&r->text);
}

static char
type_of(const char *t)
{
    if (t == NULL)
        return 'n';
    if (strcmp(t, "str") == 0)
        return 't';
    if (strcmp(t, "inlineStr") == 0)
        return 'i';
    return t[0];
}

static void
cell_start(struct xml *x, struct reading *r, const char **attr)
{
    const char *v = NULL, *end;
    uint32_t col, row;

    r->type = 'n';
    r->style = 0;
    for (size_t i = 0; attr[i] != NULL; i += 2) {
        if (strcmp(attr[i], "r") == 0)
            v = attr[i + 1];
        else if (strcmp(attr[i], "t") == 0)
            r->type = type_of(attr[i + 1]);
        else if (strcmp(attr[i], "s") == 0)
            r->style = strtol(attr[i + 1], NULL, 10);
    }
    if (v != NULL &&
        (!ref_parse(v, &col, &row, &end) || *end != '\0' || row != r->row)) {
        nowhere(x, v);
        return;
    }
    if (v != NULL)
        r->col = col;
    r->in_cell = true;
    r->formula = false;
    buf_clear(&r->raw);
}

static void
on_start(struct xml *x, const char *name, const char **attr)
{
    struct reading *r = x->ctx;

    if (strcmp(name, "c") == 0 && r->in_row)
        cell_start(x, r, attr);
    else if (strcmp(name, "row") == 0)
        row_start(x, r, attr);
    else if (!r->in_cell)
        return;
    else if (strcmp(name, "v") == 0)
        r->in_value = r->type != 'i';
    else if (strcmp(name, "f") == 0)
        r->formula = true;
    else if (strcmp(name, "rPh") == 0)
        r->in_phonetic = true;
    else if (strcmp(name, "t") == 0)
        r->in_value = r->type == 'i' && !r->in_phonetic;
}

static void
on_text(struct xml *x, struct str t)
{
    struct reading *r = x->ctx;

    if (r->in_value)
        buf_str_put(&r->raw, t);
}

/* Excel's serial day: 60 is a 29 February 1900 that never was. */
static bool
serial_day(double v, bool from_1904, int64_t *day)
{
    static const struct civil epoch = { 1899, 12, 30 };
    double whole = floor(v);

    if (from_1904)
        whole += 1462;
    else if (whole < 60)
        whole += 1;
    if (!(whole >= 1 && whole < 2958466)) /* 9999-12-31 */
        return false;
    *day = day_of(epoch) + (int64_t)whole;
    return true;
}

static void
put_number(struct reading *r, double v, struct sheet_cell *c)
{
    const struct book *b = r->job->book;
    bool date =
        r->style >= 0 && (size_t)r->style < b->n_styles && b->is_date[r->style];
    char out[40];

    c->kind = CELL_NUMBER;
    c->number = v;
    if (date && serial_day(v, b->from_1904, &c->day)) {
        c->kind = CELL_DAY;
        day_format(&r->text, c->day);
        return;
    }
    snprintf(out, sizeof(out), "%.15g", v);
    buf_puts(&r->text, out);
}

static void
put_iso_date(struct reading *r, struct sheet_cell *c)
{
    struct str s = str_trim(buf_str(&r->raw));

    c->kind = CELL_TEXT;
    if (day_parse(str_cut(s, 0, 10), &c->day))
        c->kind = CELL_DAY;
    buf_str_put(&r->text, c->kind == CELL_DAY ? str_cut(s, 0, 10) : s);
}

static bool
put_value(struct reading *r, struct sheet_cell *c, struct err *e)
{
    struct str s = buf_str(&r->raw);
    char *end;
    double v;

    c->kind = CELL_TEXT;
    if (r->type == 's') {
        s = str_trim(s);
        if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9')
            return true;
        return strings_get(r->job->strings, strtoull(s.p, NULL, 10), &r->text,
                           e);
    }
    if (r->type == 'd') {
        put_iso_date(r, c);
        return true;
    }
    if (r->type == 'i' || r->type == 't' || r->type == 'e') {
        strings_unescape(&r->raw, 0);
        buf_str_put(&r->text, buf_str(&r->raw));
        c->kind = r->type == 'e' ? CELL_ERROR : CELL_TEXT;
        return true;
    }
    s = str_trim(s);
    if (s.n == 0)
        return true;
    v = strtod(s.p, &end);
    if (end == s.p || !isfinite(v)) {
        buf_str_put(&r->text, s);
    } else if (r->type == 'b') {
        c->kind = CELL_BOOL;
        c->number = v != 0;
        buf_puts(&r->text, v != 0 ? "TRUE" : "FALSE");
    } else {
        put_number(r, v, c);
    }
    return true;
}

static void
cell_end(struct xml *x, struct reading *r)
{
    struct open_cell *o;

    r->in_cell = r->in_value = r->in_phonetic = false;
    if (r->col >= XLSX_COLUMNS_MAX) {
        err_set(x->e, ERR_TOO_LARGE, NULL,
                "row %ld has more than %d columns; no ledger has so many",
                (long)r->row, XLSX_COLUMNS_MAX);
        xml_stop(x);
        return;
    }
    if (!widen(r, (size_t)r->col + 1)) {
        fail_memory(x);
        return;
    }
    o = &r->cells[r->col];
    *o = (struct open_cell){ .from = r->text.n };
    if (r->raw.over || !put_value(r, &o->c, x->e)) {
        if (r->raw.over)
            err_set(x->e, ERR_TOO_LARGE, NULL,
                    "a cell in row %ld holds more text than a ledger can have "
                    "(1 MB)",
                    (long)r->row);
        xml_stop(x);
        return;
    }
    o->to = r->text.n;
    if (o->to == o->from)
        o->c.kind = CELL_EMPTY;
    o->c.formula = r->formula;
    r->col++;
}

static void
drop_ended(struct reading *r)
{
    size_t keep = 0;

    for (size_t i = 0; i < r->n_active; i++) {
        if (r->active[i].m.row2 >= r->row)
            r->active[keep++] = r->active[i];
        else
            free(r->active[i].text);
    }
    r->n_active = keep;
}

/* Take up the ranges that begin in this row, with their values. */
static bool
begin_merges(struct reading *r)
{
    while (r->next_merge < r->merges->n &&
           r->merges->m[r->next_merge].row1 <= r->row) {
        struct merge m = r->merges->m[r->next_merge++];
        struct active a = { .m = m };
        struct open_cell *o;

        if (m.row2 < r->row || r->n_active == ACTIVE_MAX)
            continue;
        if (r->n_active == r->cap_active) {
            size_t cap = r->cap_active > 0 ? r->cap_active * 2 : 16;
            struct active *p = realloc(r->active, cap * sizeof(*p));

            if (p == NULL)
                return false;
            r->active = p;
            r->cap_active = cap;
        }
        if (!widen(r, (size_t)m.col2 + 1))
            return false;
        o = &r->cells[m.col1];
        if (m.row1 == r->row) {
            o->c.merged = o->c.first_of_merge = true;
            a.cell = o->c;
            a.cell.text.n = o->to - o->from;
            if ((a.text = malloc(a.cell.text.n + 1)) == NULL)
                return false;
            if (a.cell.text.n > 0)
                memcpy(a.text, r->text.p + o->from, a.cell.text.n);
        }
        r->active[r->n_active++] = a;
    }
    return true;
}

static bool
fill_merges(struct reading *r)
{
    for (size_t i = 0; i < r->n_active; i++) {
        const struct active *a = &r->active[i];

        if (!widen(r, (size_t)a->m.col2 + 1))
            return false;
        for (size_t c = a->m.col1; c <= a->m.col2; c++) {
            if (r->cells[c].c.first_of_merge)
                continue;
            r->cells[c] = (struct open_cell){ .c = a->cell };
            r->cells[c].c.text.p = a->text;
            r->cells[c].c.merged = true;
            r->cells[c].c.first_of_merge = false;
            r->cells[c].c.from_left = a->m.row1 == r->row || c > a->m.col1;
        }
    }
    return true;
}

static void
row_end(struct xml *x, struct reading *r)
{
    const struct book_sheet *bs = &r->job->book->sheets[r->job->no];
    struct sheet_row row = {
        .sheet = bs->name,
        .sheet_no = (int)r->job->no,
        .row = r->row,
        .hidden = r->hidden || bs->hidden,
    };

    r->in_row = false;
    drop_ended(r);
    if (!begin_merges(r) || !fill_merges(r) || !reserve(r, r->n + 1)) {
        fail_memory(x);
        return;
    }
    if (r->text.over) {
        err_set(x->e, ERR_TOO_LARGE, NULL,
                "row %ld holds more text than a ledger can have (8 MB)",
                (long)r->row);
        xml_stop(x);
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        struct open_cell *o = &r->cells[i];

        r->given[i] = o->c;
        if (o->to > o->from)
            r->given[i].text = str_cut(buf_str(&r->text), o->from, o->to);
        else if (o->c.text.p == NULL)
            r->given[i].text = STR("");
    }
    row.n = r->n;
    row.cells = r->given;
    if (!r->job->fn(r->job->ctx, &row)) {
        *x->e = (struct err){ 0 };
        xml_stop(x);
    }
}

static void
on_end(struct xml *x, const char *name)
{
    struct reading *r = x->ctx;

    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        r->in_value = false;
    else if (strcmp(name, "rPh") == 0)
        r->in_phonetic = false;
    else if (strcmp(name, "c") == 0 && r->in_cell)
        cell_end(x, r);
    else if (strcmp(name, "row") == 0 && r->in_row)
        row_end(x, r);
}

bool
sheet_read(const struct sheet_job *job, struct err *e)
{
    struct reading r = { .job = job, .e = e };
    struct xml x = {
        .start = on_start, .end = on_end, .text = on_text, .ctx = &r
    };
    struct book_sheet *bs = &job->book->sheets[job->no];
    bool ok;

    /* The ranges stand after the rows that need them. */
    if (bs->merges == NULL &&
        (bs->merges = merges_read(job->zip, bs->part, e)) == NULL)
        return false;
    r.merges = bs->merges;
    buf_init(&r.text, XLSX_ROW_MAX);
    buf_init(&r.raw, XLSX_CELL_MAX);
    ok = xml_part(job->zip, bs->part, &x, e);
    for (size_t i = 0; i < r.n_active; i++)
        free(r.active[i].text);
    free(r.active);
    free(r.cells);
    free(r.given);
    buf_fini(&r.text);
    buf_fini(&r.raw);
    /* Many ranges are not worth their memory. */
    if (bs->merges->n > KEEP_MERGES) {
        merges_free(bs->merges);
        bs->merges = NULL;
    }
    return ok;
}
