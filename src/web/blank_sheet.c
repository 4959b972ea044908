#include "web/blank_sheet.h"
#include "codec/xlsx_fill.h"

struct reading_in {
    struct blank_sheet *b;
    struct arena *a;
    int sheet;
};

static bool
take_row(void *ctx, const struct sheet_row *row)
{
    struct reading_in *in = ctx;
    struct blank_sheet *b = in->b;
    size_t n = row->n < BLANK_COLUMNS ? row->n : BLANK_COLUMNS;

    if (row->hidden && in->sheet < 0)
        return true;
    if (in->sheet < 0)
        in->sheet = row->sheet_no;
    if (row->sheet_no != in->sheet || row->row > BLANK_ROWS)
        return row->sheet_no == in->sheet;
    for (size_t i = 0; i < n; i++) {
        const struct sheet_cell *c = &row->cells[i];

        b->cell[row->row - 1][i] = arena_dup(in->a, str_trim(c->text));
        b->covered[row->row - 1][i] = c->merged && !c->first_of_merge;
    }
    b->rows = (uint32_t)row->row;
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

static void
add_spot(struct blank_sheet *b, uint32_t row, uint32_t col, struct str heading)
{
    if (b->n < BLANK_SPOTS && heading.n > 0)
        b->spot[b->n++] =
            (struct blank_spot){ row, col, heading, blank_guess(heading) };
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

/* In a form a label stands left of its empty cell. */
static void
lay_out_labels(struct blank_sheet *b, uint32_t to, enum blank_kind last)
{
    for (uint32_t r = 0; r < to; r++)
        for (uint32_t c = 0; c + 1 < BLANK_COLUMNS; c++) {
            enum blank_kind kind = blank_guess(b->cell[r][c]).kind;
            uint32_t at = c + 1;

            if (b->cell[r][c].n == 0 || b->covered[r][c] ||
                kind == BLANK_NOTHING || kind > last)
                continue;
            while (at < BLANK_COLUMNS && b->covered[r][at] &&
                   b->cell[r][at].n > 0)
                at++;
            if (at < BLANK_COLUMNS && b->cell[r][at].n == 0)
                add_spot(b, r + 1, at, b->cell[r][c]);
        }
}

/* ---- what was chosen ------------------------------------------------------ */

static void
put_place(struct buf *b, const struct blank_spot *s)
{
    ref_put(b, s->col, s->row);
}

static void
apply_map(struct blank_sheet *b, struct str map)
{
    struct str one;
    int64_t first;

    b->guessed = map.n == 0;
    for (size_t i = 0; !b->guessed && i < b->n; i++)
        b->spot[i].m = (struct meaning){ .kind = BLANK_NOTHING };
    while (map.n > 0 && str_split(&map, ' ', &one)) {
        ptrdiff_t eq = str_find(one, STR("="));
        struct str name = str_cut(one, 0, eq > 0 ? (size_t)eq : 0);
        struct str key = str_cut(one, (size_t)(eq + 1), one.n);

        if (str_is(name, "first") && str_i64(key, &first) && first > 0 &&
            first <= BLANK_ROWS)
            b->first = (uint32_t)first;
        for (size_t i = 0; i < b->n; i++) {
            BUF(place, 32);

            put_place(&place, &b->spot[i]);
            if (str_eq(name, buf_str(&place)) &&
                !blank_meaning(key, &b->spot[i].m))
                b->spot[i].m.kind = BLANK_NOTHING;
        }
    }
}

struct str
blank_map(const struct blank_sheet *b, struct arena *a)
{
    BUF(map, 8192);

    buf_printf(&map, "first=%lu", (unsigned long)b->first);
    for (size_t i = 0; i < b->n; i++) {
        char key[BLANK_KEY];

        blank_key(&b->spot[i].m, key);
        if (key[0] == '\0')
            continue;
        buf_putc(&map, ' ');
        put_place(&map, &b->spot[i]);
        buf_printf(&map, "=%s", key);
    }
    return arena_dup(a, buf_str(&map));
}

bool
blank_read(int fd, struct str map, struct arena *a, struct blank_sheet *b,
           struct err *e)
{
    struct reading_in in = { b, a, -1 };
    struct fill_report report;
    struct xlsx *x;
    bool ok;

    if (!xlsx_fill(fd, NULL, NULL, 0, &report, e) ||
        (x = xlsx_open(fd, NULL, e)) == NULL)
        return false;
    b->is_protected = report.is_protected;
    *e = (struct err){ 0 };
    ok = xlsx_each(x, take_row, &in, e) || e->code == ERR_NONE;
    xlsx_close(x);
    if (!ok)
        return false;
    if (lay_out_table(b, a))
        lay_out_labels(b, b->top, BLANK_DATE); /* above: whose, when */
    else
        lay_out_labels(b, b->rows, BLANK_FIGURE);
    apply_map(b, map);
    return true;
}
