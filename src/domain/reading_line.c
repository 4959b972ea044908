#include "domain/reading_part.h"

/* One row below the heading: what kind of row it is, and its cells. */

struct str
line_text(const struct line *l, enum reading_field f)
{
    int c = l->s->at[f];

    return c >= 0 && (size_t)c < l->n && !is_blank_mark(l->key[c]) ? l->text[c]
                                                                   : STR("");
}

struct str
line_key(const struct line *l, enum reading_field f)
{
    int c = l->s->at[f];

    return c >= 0 && (size_t)c < l->n ? l->key[c] : STR("");
}

bool
line_doubt(const struct line *l, enum reading_field f, const char *code,
           const char *msg, struct str arg)
{
    return reading_doubt(l->r, l->s,
                         (struct doubt){
                             .row = l->row->row,
                             .column = l->s->at[f],
                             .code = code,
                             .msg = msg,
                             .arg = arg,
                         });
}

const struct sheet_cell *
line_cell(const struct line *l, size_t c)
{
    static const struct sheet_cell empty = { .text = { "", 0 } };

    return c < l->row->n ? &l->row->cells[c] : &empty;
}

static void
take_above(struct line *l, size_t c)
{
    l->text[c] = arena_dup(l->a, buf_str(&l->r->above[c]));
    l->own[c] = false;
}

static bool
load_cell(struct line *l, size_t c)
{
    const struct sheet_cell *cell = line_cell(l, c);

    l->own[c] = !(cell->merged && !cell->first_of_merge);
    l->text[c] = cell->from_left ? STR("") : rt_trim(cell->text);
    if (cell->kind == CELL_ERROR) {
        reading_doubt(l->r, l->s,
                      (struct doubt){
                          .row = l->row->row,
                          .column = (int)c,
                          .code = "cell-error",
                          .msg = N_("The formula here failed (%s); the cell "
                                    "is taken as empty."),
                          .arg = cell->text,
                      });
        l->text[c] = STR("");
    }
    if (l->text[c].n == 0 || l->text[c].n > 12 ||
        !is_ditto(fold_key(l->a, l->text[c])))
        return true;
    if (l->r->above[c].n == 0) {
        reading_doubt(l->r, l->s,
                      (struct doubt){
                          .row = l->row->row,
                          .column = (int)c,
                          .code = "ditto-nothing",
                          .msg = N_("%s repeats the cell above, but there is "
                                    "none; fill it in."),
                          .arg = l->text[c],
                      });
        l->text[c] = STR("");
        return true;
    }
    take_above(l, c);
    return true;
}

/* Whether a blank in column c goes with the row above: the row has no number
 * of its own, or the column groups rows, left of their numbers. */
static bool
goes_with_above(const struct line *l, int c)
{
    int seq = l->s->at[RF_SEQ], desc = l->s->at[RF_DESCRIPTION];

    if (desc < 0 || l->text[desc].n == 0)
        return false;
    if (seq >= 0)
        return l->text[seq].n == 0 || !l->own[seq] || c < seq;
    return c == 0 && desc > 0;
}

/* CSV has no merged cells: a blank school under a school, in a row without a
 * number of its own, belongs to the one above. So does a blank day where the
 * number is merged with the row above. */
static void
fill_down(struct line *l)
{
    static const enum reading_field fields[] = { RF_SCHOOL, RF_FOUND_ON,
                                                 RF_CATEGORY, RF_PLACE,
                                                 RF_CHECK_ITEM };

    for (size_t i = 0; i < N_OF(fields); i++) {
        int c = l->s->at[fields[i]];

        if (c < 0 || l->text[c].n > 0 || l->r->above[c].n == 0 ||
            line_cell(l, (size_t)c)->merged || !goes_with_above(l, c))
            continue;
        take_above(l, (size_t)c);
        line_doubt(l, fields[i], "filled-down",
                   N_("Empty here; taken from the row above: %s"), l->text[c]);
    }
}

static bool
load(struct line *l)
{
    l->n = l->s->pub.n_columns;
    l->text = arena_new_array(l->a, struct str, l->n + 1);
    l->folded = arena_new_array(l->a, struct str, l->n + 1);
    l->key = arena_new_array(l->a, struct str, l->n + 1);
    l->own = arena_new_array(l->a, bool, l->n + 1);
    if (arena_failed(l->a) || l->a == NULL)
        return false;
    for (size_t c = 0; c < l->n; c++) {
        if (!load_cell(l, c))
            return false;
    }
    return true;
}

static void
fold_cells(struct line *l)
{
    for (size_t c = 0; c < l->n; c++) {
        l->folded[c] = l->text[c].n > 0 ? fold_text(l->a, l->text[c]) : STR("");
        l->key[c] = l->text[c].n > 0 ? fold_key(l->a, l->text[c]) : STR("");
    }
}

static void
remember(struct line *l)
{
    for (size_t c = 0; c < l->n && c < COLUMNS_MAX; c++) {
        struct buf *b = &l->r->above[c];

        if (l->text[c].n == 0 || l->text[c].n > 16 * 1024 || !l->own[c])
            continue;
        buf_clear(b);
        buf_str_put(b, l->text[c]);
    }
}

/* Cells with a text of their own; *first the first of them. */
static size_t
count_own(const struct line *l, size_t *first)
{
    size_t n = 0;

    for (size_t c = l->n; c-- > 0;) {
        if (l->text[c].n == 0 || !l->own[c])
            continue;
        n++;
        *first = c;
    }
    return n;
}

static bool
is_repeated_heading(const struct line *l)
{
    size_t same = 0, other = 0;

    for (size_t i = 0; i < l->s->n_head; i++) {
        const struct kept_row *k = &l->s->head[i];

        if (k->row < l->s->pub.heading_first || k->row > l->s->pub.heading_last)
            continue;
        same = other = 0;
        for (size_t c = 0; c < l->n; c++) {
            if (l->text[c].n == 0)
                continue;
            if (c < k->n && str_eq(l->text[c], k->text[c]))
                same++;
            else
                other++;
        }
        if (same >= 2 && other == 0)
            return true;
    }
    return false;
}

static bool
spans(const struct line *l, size_t c)
{
    return line_cell(l, c)->first_of_merge && line_cell(l, c + 1)->from_left;
}

static void
set_section(struct line *l, struct str name)
{
    struct reading *r = l->r;
    bool school = looks_like_school(name) && utf8_count(name) <= 20 &&
                  l->s->at[RF_SCHOOL] < 0;
    struct buf *b = school ? &r->section_school : &r->section;

    buf_clear(b);
    buf_str_put(b, name);
    if (school)
        buf_clear(&r->section);
}

static bool
is_number(struct str key)
{
    size_t at = 0;
    int64_t no;

    return rt_number(key, &at, &no) && at == key.n;
}

/* A short line, spanning the table or naming a school, opens a section. */
static bool
opens_section(const struct line *l, size_t c, bool across)
{
    return (across || (c == 0 && looks_like_school(l->text[c]))) &&
           utf8_count(l->text[c]) <= 30;
}

/* A row with one cell: a section, a footer, a note, or a short data row. */
static bool
is_aside(struct line *l, size_t c)
{
    struct str name, key = fold_key(l->a, l->text[c]);
    bool across = spans(l, c), narrow = l->s->pub.n_columns <= 1;
    bool described = (int)c == l->s->at[RF_DESCRIPTION] && !across;

    if (is_footer(key) &&
        (!described || rt_starts(key, "请|检查人|填表|注:|备注:|说明:")))
        return true;
    if (!narrow && is_section(l->text[c], &name) &&
        (!described || looks_like_school(name) || !has_defect(key))) {
        set_section(l, name);
        return true;
    }
    if (described || narrow)
        return false;
    if (is_number(key))
        return true; /* a running number with nothing beside it */
    if (opens_section(l, c, across)) {
        set_section(l, cut_numbering(rt_trim_end(l->text[c])));
        return true;
    }
    if (across)
        reading_doubt(l->r, l->s,
                      (struct doubt){
                          .row = l->row->row,
                          .column = (int)c,
                          .code = "note-skipped",
                          .msg = N_("This line was taken as a note, not as "
                                    "a hazard: %s"),
                          .arg = l->text[c],
                      });
    return across;
}

/* 合计, or signatures side by side below the table. */
static bool
is_closing_row(struct line *l, size_t first, size_t n)
{
    struct str key = fold_key(l->a, l->text[first]);
    int d = l->s->at[RF_DESCRIPTION];
    bool described = d >= 0 && (size_t)d < l->n && l->text[d].n > 0;

    if (rt_starts(key, "合计|总计|小计|共计|total|grandtotal|subtotal") &&
        utf8_count(key) <= 12)
        return true;
    return is_footer(key) && (n <= 3 || !described) &&
           (!described || d == 0 || rt_has(key, "签字|签名|盖章|:"));
}

bool
line_read(struct line *l)
{
    size_t first = 0, n;

    if (!load(l))
        return false;
    n = count_own(l, &first);
    if (n == 0)
        return true;
    if (is_repeated_heading(l) || (n == 1 && is_aside(l, first)) ||
        (n > 1 && is_closing_row(l, first, n))) {
        l->r->counts.skipped++;
        return true;
    }
    fill_down(l);
    fold_cells(l);
    remember(l);
    if (arena_failed(l->a))
        return false;
    l->r->counts.rows++;
    return hazards_give(l);
}
