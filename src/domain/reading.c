#include <stdlib.h>

#include "domain/reading_part.h"

enum {
    KEPT_TEXT_MAX = 512,
    SHEET_QUOTA = 4 * 1024 * 1024,
    LINES_MAX = 8, /* lines below the table that are kept */
};

const char *
reading_status_key(enum reading_status s)
{
    static const char *const keys[] = {
        [RS_RECTIFIED] = "rectified",
        [RS_IN_PROGRESS] = "in_progress",
        [RS_OPEN] = "open",
        [RS_NO_ACTION] = "no_action",
    };

    return s < N_OF(keys) ? keys[s] : NULL;
}

struct reading *
reading_new(const struct reading_opts *o)
{
    struct reading *r = calloc(1, sizeof(*r));

    if (r == NULL)
        return NULL;
    r->opts = *o;
    if (o->n_overrides > 0) {
        r->overrides = calloc(o->n_overrides, sizeof(*r->overrides));
        if (r->overrides == NULL) {
            free(r);
            return NULL;
        }
        memcpy(r->overrides, o->overrides,
               o->n_overrides * sizeof(*r->overrides));
    }
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        buf_init(&r->above[i], 64 * 1024);
    buf_init(&r->section, 4096);
    buf_init(&r->section_school, 4096);
    buf_init(&r->prefix, 256);
    return r;
}

void
reading_free(struct reading *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->n_sheets; i++) {
        arena_free(r->sheet[i]->a);
        free(r->sheet[i]);
    }
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        buf_fini(&r->above[i]);
    buf_fini(&r->section);
    buf_fini(&r->section_school);
    buf_fini(&r->prefix);
    free(r->overrides);
    free(r);
}

static bool
tell_once_more(struct reading *r, const char *code)
{
    for (size_t i = 0; i < N_OF(r->told); i++) {
        if (r->told[i].code == NULL)
            r->told[i].code = code;
        if (r->told[i].code == code)
            return r->told[i].n++ < DOUBTS_PER_CODE;
    }
    return false;
}

bool
reading_doubt(struct reading *r, const struct sheet_state *s, struct doubt d)
{
    struct reading_doubt out = {
        .sheet = s != NULL ? s->pub.name : STR(""),
        .row = d.row,
        .column = d.column,
        .code = d.code,
        .msg = d.msg,
        .arg = d.arg,
    };

    r->counts.doubts++;
    if (r->opts.on_doubt == NULL || r->stopped ||
        !(r->opts.every_doubt || tell_once_more(r, d.code)))
        return !r->stopped;
    if (!r->opts.on_doubt(r->opts.ctx, &out))
        r->stopped = true;
    return !r->stopped;
}

static struct sheet_state *
sheet_of(struct reading *r, int sheet_no)
{
    for (size_t i = 0; i < r->n_sheets; i++) {
        if (r->sheet[i]->pub.sheet_no == sheet_no)
            return r->sheet[i];
    }
    return NULL;
}

static struct sheet_state *
sheet_begin(struct reading *r, const struct sheet_row *row)
{
    struct sheet_state *s;

    if (r->n_sheets == SHEETS_MAX)
        return NULL;
    s = calloc(1, sizeof(*s));
    if (s == NULL || (s->a = arena_new(SHEET_QUOTA)) == NULL ||
        (s->head = arena_new_array(s->a, struct kept_row,
                                   HEAD_ROWS + LINES_MAX)) == NULL) {
        if (s != NULL)
            arena_free(s->a);
        free(s);
        r->failed = true;
        return NULL;
    }
    s->pub.sheet_no = row->sheet_no;
    s->pub.name = arena_dup(s->a, row->sheet);
    s->pub.heading_first = r->opts.heading_row;
    for (size_t f = 0; f < RF__MAX; f++)
        s->at[f] = -1;
    r->sheet[r->n_sheets++] = s;
    return s;
}

static void
keep_row(struct sheet_state *s, struct kept_row *k, const struct sheet_row *row)
{
    k->row = row->row;
    k->n = row->n < COLUMNS_MAX ? row->n : COLUMNS_MAX;
    k->text = arena_new_array(s->a, struct str, k->n + 1);
    k->covered = arena_alloc(s->a, k->n + 1);
    if (k->text == NULL || k->covered == NULL) {
        k->n = 0;
        return;
    }
    for (size_t c = 0; c < k->n; c++) {
        const struct sheet_cell *cell = &row->cells[c];

        k->text[c] =
            arena_dup(s->a, utf8_head(rt_trim(cell->text), KEPT_TEXT_MAX));
        if (cell->merged && !cell->first_of_merge)
            k->covered[c] = cell->from_left ? 1 : 2;
    }
}

/* Cells that hold something of their own; *only the first of them. */
static size_t
own_cells(const struct sheet_row *row, size_t *only)
{
    size_t n = 0;

    for (size_t c = 0; c < row->n && c < COLUMNS_MAX; c++) {
        const struct sheet_cell *cell = &row->cells[c];

        if (cell->text.n == 0 || (cell->merged && !cell->first_of_merge) ||
            rt_trim(cell->text).n == 0)
            continue;
        if (n++ == 0)
            *only = c;
    }
    return n;
}

/* Whether 03/04/2013 puts the day first shows in 14/03/2013. */
static void
count_orders(struct sheet_state *s, const struct sheet_row *row)
{
    for (size_t c = 0; c < row->n && c < COLUMNS_MAX; c++) {
        const struct sheet_cell *cell = &row->cells[c];
        struct date_parts p;

        if (cell->kind != CELL_TEXT || cell->text.n < 6 || cell->text.n > 24 ||
            !rt_digit(cell->text.p[0]) || !date_find(cell->text, &p) ||
            !p.slashed)
            continue;
        s->stats[c].slashed++;
        s->stats[c].first_over_12 += p.month > 12;
        s->stats[c].second_over_12 += p.day > 12;
    }
}

static bool
progress(struct reading *r)
{
    if (++r->rows_seen % 512 == 0 && r->opts.on_progress != NULL &&
        !r->opts.on_progress(r->opts.ctx, r->rows_seen))
        r->stopped = true;
    return !r->stopped && !r->failed;
}

bool
reading_scan_row(void *ctx, const struct sheet_row *row)
{
    struct reading *r = ctx;
    struct sheet_state *s = sheet_of(r, row->sheet_no);
    size_t only = 0, n;

    if (s == NULL && (s = sheet_begin(r, row)) == NULL)
        return !r->failed;
    n = own_cells(row, &only);
    s->n_rows++;
    s->n_filled += n > 0;
    if (n > 0 && s->n_head < HEAD_ROWS) {
        keep_row(s, &s->head[s->n_head++], row);
    } else if (n == 1 && row->cells[only].text.n < KEPT_TEXT_MAX) {
        /* Perhaps the lines below the table: keep the last of them. */
        size_t i = HEAD_ROWS + s->n_rows % LINES_MAX;

        if (arena_used(s->a) < SHEET_QUOTA / 2)
            keep_row(s, &s->head[i], row);
    }
    count_orders(s, row);
    return progress(r);
}

/* Lines below the heading that stand alone: a deadline for all, a day. */
static void
lines_below(struct reading *r, struct sheet_state *s)
{
    struct reading_date found = s->pub.found_on;
    struct str school = s->pub.school;

    for (size_t i = 0; i < HEAD_ROWS + LINES_MAX; i++) {
        const struct kept_row *k = &s->head[i];
        size_t filled = 0, only = 0;

        if (k->n == 0 || k->row <= s->pub.heading_last)
            continue;
        for (size_t c = k->n; c-- > 0;) {
            if (k->text[c].n == 0 || k->covered[c] != 0)
                continue;
            filled++;
            only = c;
        }
        if (filled != 1 || !is_footer(fold_key(s->a, k->text[only])))
            continue;
        context_line(r, s, k->text[only]);
        /* Below, only a labelled day counts, and no school. */
        if (found.has_day || found.raw.n > 0 ||
            !rt_has(fold_key(s->a, k->text[only]),
                    "检查时间|检查日期|排查时间|排查日期|dateofinspection"))
            s->pub.found_on = found;
        s->pub.school = school;
    }
}

static void
apply_overrides(struct reading *r, struct sheet_state *s)
{
    for (size_t i = 0; i < r->opts.n_overrides; i++) {
        const struct reading_override *o = &r->overrides[i];

        if ((o->sheet_no != -1 && o->sheet_no != s->pub.sheet_no) ||
            o->column < 0 || (size_t)o->column >= s->pub.n_columns ||
            o->field >= RF__MAX)
            continue;
        s->columns[o->column].field = o->field;
    }
    columns_index(s);
}

void
sheet_decide(struct reading *r, struct sheet_state *s)
{
    columns_decide(s);
    context_decide(r, s);
    if (!s->pub.has_heading) {
        if (s->n_filled > 1)
            reading_doubt(r, s,
                          (struct doubt){
                              .column = -1,
                              .code = "no-heading",
                              .msg = N_("No heading was found in this sheet; "
                                        "nothing was read from it. Say which "
                                        "row is the heading."),
                              .arg = STR(""),
                          });
        return;
    }
    lines_below(r, s);
    apply_overrides(r, s);
    if (s->at[RF_DESCRIPTION] < 0 && s->at[RF_NO] < 0)
        reading_doubt(r, s,
                      (struct doubt){
                          .row = s->pub.heading_first,
                          .column = -1,
                          .code = "no-description",
                          .msg = N_("No column says what is wrong; choose "
                                    "one."),
                          .arg = STR(""),
                      });
    for (size_t c = 0; c < s->pub.n_columns; c++) {
        if (s->columns[c].field == RF_NONE && s->columns[c].heading.n > 0)
            reading_doubt(r, s,
                          (struct doubt){
                              .row = s->pub.heading_first,
                              .column = (int)c,
                              .code = "column-unknown",
                              .msg = N_("The column \"%s\" is not imported; "
                                        "choose what it holds."),
                              .arg = s->columns[c].heading,
                          });
    }
}

bool
reading_scan_end(struct reading *r)
{
    r->counts = (struct reading_counts){ 0 };
    for (size_t i = 0; i < r->n_sheets && !r->stopped; i++) {
        sheet_decide(r, r->sheet[i]);
        if (arena_failed(r->sheet[i]->a))
            r->failed = true;
    }
    r->scanned = true;
    r->rows_seen = 0;
    return !r->stopped && !r->failed;
}

size_t
reading_sheet_count(const struct reading *r)
{
    return r->n_sheets;
}

const struct reading_sheet *
reading_sheet_at(const struct reading *r, size_t i)
{
    return i < r->n_sheets ? &r->sheet[i]->pub : NULL;
}

void
reading_column_set(struct reading *r, size_t sheet, size_t column,
                   enum reading_field f)
{
    if (sheet >= r->n_sheets || column >= r->sheet[sheet]->pub.n_columns ||
        f >= RF__MAX)
        return;
    r->sheet[sheet]->columns[column].field = f;
    columns_index(r->sheet[sheet]);
}

bool
reading_failed(const struct reading *r)
{
    return r->failed;
}

struct reading_counts
reading_counts(const struct reading *r)
{
    return r->counts;
}

static void
leave_sheet(struct reading *r, struct sheet_state *s)
{
    r->now = s;
    for (size_t c = 0; c < COLUMNS_MAX; c++)
        buf_clear(&r->above[c]);
    buf_clear(&r->section);
    buf_clear(&r->section_school);
    buf_clear(&r->prefix);
    if (s != NULL)
        buf_str_put(&r->section, s->first_section);
    for (size_t i = 0; i < N_OF(r->told); i++)
        r->told[i].n = 0;
}

bool
reading_read_row(void *ctx, const struct sheet_row *row)
{
    struct reading *r = ctx;
    struct sheet_state *s = r->now;

    if (s == NULL || s->pub.sheet_no != row->sheet_no) {
        s = sheet_of(r, row->sheet_no);
        leave_sheet(r, s);
    }
    if (!progress(r))
        return false;
    if (s == NULL || !s->pub.has_heading || row->row <= s->pub.heading_last)
        return true;
    {
        ARENA(a, 64 * 1024 * 1024);
        struct line l = { .r = r, .s = s, .row = row, .a = a };

        if (a == NULL || !line_read(&l) || arena_failed(a))
            r->failed = r->failed || a == NULL || arena_failed(a);
    }
    return !r->stopped && !r->failed;
}
