#include "domain/reading_checklist_part.h"

struct checklist_reading *
checklist_reading_new(struct arena *a)
{
    struct checklist_reading *r = arena_new_obj(a, struct checklist_reading);

    if (r == NULL)
        return NULL;
    r->a = a;
    r->item = arena_new_array(a, struct check_item, CHECK_ITEMS_MAX);
    r->from = arena_new_array(a, struct check_source, CHECK_ITEMS_MAX);
    r->doubt = arena_new_array(a, struct checklist_doubt, CL_DOUBTS_MAX);
    return arena_failed(a) ? NULL : r;
}

struct str
cl_cell(const struct cl_row *k, size_t column)
{
    return column < k->n ? k->text[column] : STR("");
}

struct str
cl_own(const struct cl_row *k, size_t column)
{
    return column < k->n && k->covered[column] != 1 ? k->text[column] : STR("");
}

struct str
cl_new(const struct cl_row *k, size_t column)
{
    return column < k->n && k->covered[column] == 0 ? k->text[column] : STR("");
}

bool
cl_row_blank(const struct cl_row *k)
{
    for (size_t i = 0; i < k->n; i++)
        if (cl_new(k, i).n > 0)
            return false;
    return true;
}

void
cl_doubt(struct checklist_reading *r, const struct cl_row *row, int column,
         struct checklist_doubt d)
{
    if (r->n_doubts == CL_DOUBTS_MAX)
        return;
    if (r->n_doubts + 1 == CL_DOUBTS_MAX)
        d = (struct checklist_doubt){
            .code = "more",
            .msg = N_("There are more doubts; these come first."),
        };
    d.sheet = row != NULL ? row->sheet : STR("");
    d.row = row != NULL ? row->row : 0;
    d.column = column;
    if (d.arg.p == NULL)
        d.arg = STR("");
    r->doubt[r->n_doubts++] = d;
}

struct check_item *
cl_item(struct checklist_reading *r, const struct cl_row *row)
{
    struct check_source *s;

    if (r->n_items == CHECK_ITEMS_MAX) {
        static const char code[] = "too-many-items";

        for (size_t i = 0; i < r->n_doubts; i++)
            if (r->doubt[i].code == code)
                return NULL;
        cl_doubt(r, row, -1,
                 (struct checklist_doubt){
                     .code = code,
                     .msg = N_("A checklist has at most 300 items; from this "
                               "row on they are not read. Divide it."),
                 });
        return NULL;
    }
    s = &r->from[r->n_items];
    s->sheet = row->sheet;
    s->row = row->row;
    return &r->item[r->n_items++];
}

struct text2
cl_text2(struct str s)
{
    return rt_has_cjk(s) ? (struct text2){ STR(""), s }
                         : (struct text2){ s, STR("") };
}

/* What a spreadsheet shows as one cell in lines is one line here, but for the
 * line ends between points: see split_points. */
static struct str
kept(struct checklist_reading *r, const struct sheet_cell *c, bool *cut)
{
    struct str s = rt_trim(c->text);

    if (s.n > CL_CELL_MAX) {
        s = utf8_head(s, CL_CELL_MAX);
        *cut = true;
    }
    return arena_dup(r->a, s);
}

static bool
grow(struct checklist_reading *r)
{
    size_t cap = r->cap_rows > 0 ? r->cap_rows * 2 : 64;
    struct cl_row *row;

    if (r->n_rows < r->cap_rows)
        return true;
    if ((row = arena_new_array(r->a, struct cl_row, cap)) == NULL)
        return false;
    if (r->n_rows > 0)
        memcpy(row, r->row, r->n_rows * sizeof(*row));
    r->row = row;
    r->cap_rows = cap;
    return true;
}

static void
doubt_limits(struct checklist_reading *r, const struct cl_row *k, bool cut,
             bool wide)
{
    if (cut)
        cl_doubt(r, k, -1,
                 (struct checklist_doubt){
                     .code = "cell-cut",
                     .msg = N_("A cell of this row is too long; only its "
                               "beginning was read."),
                 });
    if (wide)
        cl_doubt(r, k, CL_COLUMNS_MAX,
                 (struct checklist_doubt){
                     .code = "too-many-columns",
                     .msg = N_("Columns beyond the 64th are not read."),
                 });
}

bool
checklist_reading_row(void *reading, const struct sheet_row *row)
{
    struct checklist_reading *r = reading;
    size_t n = row->n < CL_COLUMNS_MAX ? row->n : CL_COLUMNS_MAX;
    struct cl_row *k;
    bool cut = false, wide = false;

    if (r->n_rows == CL_ROWS_MAX || r->bytes > CL_BYTES_MAX) {
        r->too_many_rows = true;
        return false;
    }
    if (!grow(r))
        return false;
    k = &r->row[r->n_rows];
    *k = (struct cl_row){ .sheet_no = row->sheet_no,
                          .row = row->row,
                          .n = n,
                          .hidden = row->hidden };
    k->sheet = r->n_rows > 0 && k[-1].sheet_no == row->sheet_no
                   ? k[-1].sheet
                   : arena_dup(r->a, row->sheet);
    k->text = arena_new_array(r->a, struct str, n);
    k->covered = arena_alloc(r->a, n + 1);
    if (k->text == NULL || k->covered == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct sheet_cell *c = &row->cells[i];

        k->text[i] = kept(r, c, &cut);
        r->bytes += k->text[i].n;
        if (c->merged && !c->first_of_merge)
            k->covered[i] = c->from_left ? 1 : 2;
    }
    for (size_t i = n; i < row->n; i++)
        wide |= rt_trim(row->cells[i].text).n > 0;
    r->n_rows++;
    doubt_limits(r, k, cut, wide);
    return !arena_failed(r->a);
}

void
checklist_reading_bytes(struct checklist_reading *r, uint64_t unread,
                        uint64_t quotes)
{
    if (unread > 0)
        cl_doubt(r, NULL, -1,
                 (struct checklist_doubt){
                     .code = "bytes-unread",
                     .msg = N_("Some characters could not be decoded and show "
                               "as question marks; save the file as UTF-8 and "
                               "read it again."),
                 });
    if (quotes > 0)
        cl_doubt(r, NULL, -1,
                 (struct checklist_doubt){
                     .code = "quote-open",
                     .msg = N_("A quotation mark is never closed; it was taken "
                               "as plain text. Check the rows around it."),
                 });
}

/* A number for those that have none, above all that stand. */
static void
number_rest(struct checklist_reading *r)
{
    int64_t most = 0;

    for (size_t i = 0; i < r->n_items; i++)
        if (r->item[i].id > most)
            most = r->item[i].id;
    for (size_t i = 0; i < r->n_items; i++)
        if (r->item[i].id == 0)
            r->item[i].id = ++most;
}

static int64_t
longest(const struct check_item *it, const struct field **which)
{
    for (size_t i = 0; i < CHECK_ITEM_FIELDS; i++) {
        const struct field *f = &check_item_fields[i];
        struct err e = { 0 };

        if (f->kind != FK_FILES && !field_empty(f, it) &&
            !field_check(f, it, &e)) {
            *which = f;
            return f->max;
        }
    }
    return 0;
}

/* What no field takes would be refused later, without its row. */
static void
doubt_lengths(struct checklist_reading *r)
{
    for (size_t i = 0; i < r->n_items; i++) {
        const struct field *f;
        struct cl_row k = { .sheet = r->from[i].sheet, .row = r->from[i].row };

        if (longest(&r->item[i], &f) > 0)
            cl_doubt(r, &k, -1,
                     (struct checklist_doubt){
                         .code = "out-of-range",
                         .msg = N_("Too long, or out of range: %s. Shorten it "
                                   "before it is imported."),
                         .arg = str_of(f->name),
                     });
    }
}

static void
read_sheets(struct checklist_reading *r)
{
    size_t from = 0;

    for (size_t i = 1; i <= r->n_rows; i++) {
        if (i < r->n_rows && r->row[i].sheet_no == r->row[from].sheet_no)
            continue;
        cl_foreign_sheet(r, &r->row[from], i - from);
        from = i;
    }
}

static void
doubt_whole(struct checklist_reading *r)
{
    const struct text2 *t = &r->out.head.title;

    if (r->too_many_rows)
        cl_doubt(r, &r->row[r->n_rows - 1], -1,
                 (struct checklist_doubt){
                     .code = "too-many-rows",
                     .msg = N_("This is no checklist: rows after this one are "
                               "not read."),
                 });
    if (t->en.n == 0 && t->zh.n == 0)
        cl_doubt(r, NULL, -1,
                 (struct checklist_doubt){
                     .code = "no-title",
                     .msg = N_("No title stands above the table; give it one."),
                 });
    if (r->n_items == 0)
        cl_doubt(r, NULL, -1,
                 (struct checklist_doubt){
                     .code = "no-items",
                     .msg = N_("No items were found. Does a heading row name "
                               "the column with what is looked at?"),
                 });
}

const struct checklist_read *
checklist_reading_end(struct checklist_reading *r)
{
    size_t own;

    if (arena_failed(r->a))
        return NULL;
    own = cl_own_heading(r->row, r->n_rows);
    if (own < r->n_rows)
        cl_own_read(r, own);
    else
        read_sheets(r);
    number_rest(r);
    doubt_lengths(r);
    doubt_whole(r);
    r->out.items = r->item;
    r->out.from = r->from;
    r->out.n_items = r->n_items;
    r->out.doubts = r->doubt;
    r->out.n_doubts = r->n_doubts;
    if (!check_items_check(r->item, r->n_items, &r->out.problem) &&
        r->out.problem.code == ERR_NONE)
        r->out.problem.code = ERR_INVALID;
    return arena_failed(r->a) ? NULL : &r->out;
}
