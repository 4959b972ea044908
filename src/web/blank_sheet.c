#include "web/blank_sheet.h"
#include "codec/xlsx_fill.h"

struct reading_in {
    struct blank_book *k;
    const struct xlsx *x;
    struct arena *a;
};

/* The sheet a row stands on; NULL: it is not looked at. */
static struct blank_sheet *
sheet_of(struct reading_in *in, const struct sheet_row *row)
{
    struct blank_book *k = in->k;
    struct blank_sheet *b = k->n > 0 ? k->sheet[k->n - 1] : NULL;
    size_t no = (size_t)row->sheet_no;

    if (b != NULL && b->no == no)
        return b;
    k->more |= k->n == BLANK_SHEETS;
    if (k->more || (b = arena_new_obj(in->a, struct blank_sheet)) == NULL)
        return NULL;
    *b = (struct blank_sheet){ .no = no,
                               .name = arena_dup(in->a, row->sheet),
                               .hidden = xlsx_sheet_hidden(in->x, no) };
    if (k->main == NULL && !b->hidden)
        k->main = b;
    return k->sheet[k->n++] = b;
}

static bool
take_row(void *ctx, const struct sheet_row *row)
{
    struct reading_in *in = ctx;
    struct blank_sheet *b = sheet_of(in, row);
    size_t n = row->n < BLANK_COLUMNS ? row->n : BLANK_COLUMNS;

    if (b == NULL)
        return !in->k->more;
    if (row->row > BLANK_ROWS)
        return true;
    for (size_t i = 0; i < n; i++) {
        const struct sheet_cell *c = &row->cells[i];

        b->cell[row->row - 1][i] = arena_dup(in->a, str_trim(c->text));
        b->covered[row->row - 1][i] = c->merged && !c->first_of_merge;
        b->formula[row->row - 1][i] = c->formula;
    }
    b->rows = (uint32_t)row->row;
    if (b->columns < n)
        b->columns = (uint32_t)n;
    return true;
}

/* Cells of a row whose words name a figure; a merged one counts once. */
static unsigned
hits(const struct blank_sheet *b, uint32_t row)
{
    unsigned n = 0;

    for (size_t i = 0; i < BLANK_COLUMNS; i++)
        n += !b->covered[row][i] && b->cell[row][i].n > 0 &&
             blank_guess(b->cell[row][i]).kind >= BLANK_RATE;
    return n;
}

/* "Of which rectified": of what stands before it, or above. */
static bool
goes_with(const struct blank_spot *last, uint32_t row, uint32_t col,
          struct str heading)
{
    return last->m.kind >= BLANK_RATE && blank_is_part(heading) &&
           (last->row == row || (last->col == col && last->row + 1 == row));
}

/* What the blank reckons by itself means nothing that could be written. */
static void
add_spot(struct blank_sheet *b, uint32_t row, uint32_t col, struct str heading)
{
    uint32_t at = row > 0 ? row : b->first;
    struct meaning m = blank_guess(heading);
    bool formula = at <= BLANK_ROWS && b->formula[at - 1][col];

    if (b->n == BLANK_SPOTS || heading.n == 0)
        return;
    if (m.kind >= BLANK_RATE && m.grade == 2 && b->n > 0 &&
        goes_with(&b->spot[b->n - 1], row, col, heading))
        m.grade = b->spot[b->n - 1].m.grade;
    if (formula && m.kind != BLANK_SCHOOL)
        m.kind = BLANK_NOTHING;
    b->spot[b->n++] = (struct blank_spot){ row, col, heading, m, formula };
}

/* The words above a column, each once. */
static struct str
heading_of(const struct blank_sheet *b, uint32_t top, uint32_t bottom,
           uint32_t col, struct arena *a)
{
    struct str s = STR("");

    for (uint32_t r = top; r <= bottom; r++) {
        struct str one = b->cell[r][col];

        if (one.n > 0 && str_find(s, one) < 0)
            s = s.n > 0 ? arena_printf(a, "%.*s %.*s", STR_ARG(s), STR_ARG(one))
                        : one;
    }
    return s;
}

/* A table has a row of headings; its lines begin below. */
static bool
lay_out_table(struct blank_sheet *b, struct arena *a)
{
    uint32_t best = 0, top, bottom;
    unsigned most = 0;

    for (uint32_t r = 0; r < b->rows; r++)
        if (hits(b, r) > most) {
            most = hits(b, r);
            best = r;
        }
    if (most < 3)
        return false;
    top = bottom = best;
    while (bottom + 1 < b->rows && hits(b, bottom + 1) >= 2)
        bottom++;
    while (top > 0 && hits(b, top - 1) >= 2)
        top--;
    b->first = bottom + 2;
    b->top = top;
    for (uint32_t c = 0; c < BLANK_COLUMNS; c++)
        add_spot(b, 0, c, heading_of(b, top, bottom, c, a));
    return true;
}

/* Does a form ask for something there? A date is often written into the label
 * itself. */
static bool
is_label(const struct blank_sheet *b, uint32_t r, uint32_t c,
         enum blank_kind last)
{
    struct str words = b->cell[r][c];
    enum blank_kind kind = blank_guess(words).kind;

    return words.n > 0 && !b->covered[r][c] && kind != BLANK_NOTHING &&
           kind <= last && !blank_is_title(words) && !blank_has_room(words);
}

/* In a form a label stands left of its empty cell; one that is merged as far
 * as the table goes has none. */
static void
lay_out_labels(struct blank_sheet *b, uint32_t to, enum blank_kind last)
{
    for (uint32_t r = 0; r < to; r++)
        for (uint32_t c = 0; c + 1 < BLANK_COLUMNS; c++) {
            uint32_t at = c + 1;

            if (!is_label(b, r, c, last))
                continue;
            while (at < BLANK_COLUMNS && b->covered[r][at] &&
                   b->cell[r][at].n > 0)
                at++;
            if (at < (at > c + 1 ? b->columns : BLANK_COLUMNS) &&
                b->cell[r][at].n == 0 && !b->formula[r][at])
                add_spot(b, r + 1, at, b->cell[r][c]);
        }
}

/* ---- what was chosen ------------------------------------------------------ */

/* One entry of the map: which sheet it is about, its place, its meaning. */
static struct blank_sheet *
entry(const struct blank_book *k, struct str one, struct str *name,
      struct str *key)
{
    ptrdiff_t eq = str_find(one, STR("=")), bang;
    int64_t no;

    *name = str_cut(one, 0, eq > 0 ? (size_t)eq : 0);
    *key = str_cut(one, (size_t)(eq + 1), one.n);
    if ((bang = str_find(*name, STR("!"))) < 0)
        return k->main;
    if (!str_i64(str_cut(*name, 0, (size_t)bang), &no))
        return NULL;
    *name = str_cut(*name, (size_t)bang + 1, name->n);
    for (size_t i = 0; i < k->n; i++)
        if ((int64_t)k->sheet[i]->no + 1 == no)
            return k->sheet[i];
    return NULL;
}

/* The first entry about a sheet says that its guesses no longer count. */
static void
begin_chosen(struct blank_sheet *b)
{
    for (size_t i = 0; b->guessed && i < b->n; i++)
        b->spot[i].m = (struct meaning){ .kind = BLANK_NOTHING };
    b->guessed = false;
}

static void
apply_map(struct blank_book *k, struct str map)
{
    struct str one, name, key;
    int64_t first;

    while (map.n > 0 && str_split(&map, ' ', &one)) {
        struct blank_sheet *b = entry(k, one, &name, &key);

        if (b == NULL)
            continue;
        begin_chosen(b);
        if (str_is(name, "first") && str_i64(key, &first) && first > 0 &&
            first <= BLANK_ROWS)
            b->first = (uint32_t)first;
        for (size_t i = 0; i < b->n; i++) {
            BUF(place, 32);

            ref_put(&place, b->spot[i].col, b->spot[i].row);
            if (str_eq(name, buf_str(&place)) &&
                !blank_meaning(key, &b->spot[i].m))
                b->spot[i].m.kind = BLANK_NOTHING;
        }
    }
}

static void
put_number(struct buf *map, const struct blank_book *k,
           const struct blank_sheet *b)
{
    buf_puts(map, map->n > 0 ? " " : "");
    if (b != k->main)
        buf_printf(map, "%zu!", b->no + 1);
}

bool
blank_map(const struct blank_book *k, struct arena *a, struct str *out,
          struct err *e)
{
    BUF(map, BLANK_MAP);

    for (size_t s = 0; s < k->n; s++) {
        const struct blank_sheet *b = k->sheet[s];

        if (b->guessed)
            continue;
        put_number(&map, k, b);
        buf_printf(&map, "first=%lu", (unsigned long)b->first);
        for (size_t i = 0; i < b->n; i++) {
            char key[BLANK_KEY];

            blank_key(&b->spot[i].m, key);
            if (key[0] == '\0')
                continue;
            put_number(&map, k, b);
            ref_put(&map, b->spot[i].col, b->spot[i].row);
            buf_printf(&map, "=%s", key);
        }
    }
    if (map.over)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "More cells are given a meaning than can be kept");
    *out = arena_dup(a, buf_str(&map));
    return !arena_failed(a) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

bool
blank_counts(const struct blank_book *k, const struct blank_sheet *b)
{
    return b == k->main || !b->guessed;
}

static void
lay_out(struct blank_sheet *b, struct arena *a)
{
    if (lay_out_table(b, a))
        lay_out_labels(b, b->top, BLANK_DATE); /* above: whose, when */
    else
        lay_out_labels(b, b->rows, BLANK_FIGURE);
    b->guessed = true;
}

bool
blank_read(int fd, struct str map, struct arena *a, struct blank_book *k,
           struct err *e)
{
    struct reading_in in = { .k = k, .a = a };
    struct fill_report report;
    struct xlsx *x;
    bool ok;

    if (!xlsx_fill(fd, NULL, NULL, 0, &report, e) ||
        (x = xlsx_open(fd, NULL, e)) == NULL)
        return false;
    k->is_protected = report.is_protected;
    in.x = x;
    *e = (struct err){ 0 };
    ok = xlsx_each(x, take_row, &in, e) || e->code == ERR_NONE;
    xlsx_close(x);
    if (!ok)
        return false;
    for (size_t i = 0; i < k->n; i++)
        lay_out(k->sheet[i], a);
    apply_map(k, map);
    return !arena_failed(a) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}
