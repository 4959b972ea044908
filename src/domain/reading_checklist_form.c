/* A sheet of a school's own checklist, to items. */
#include "domain/reading_checklist_part.h"

static struct str
at(const struct cl_row *k, int column)
{
    return column >= 0 ? cl_own(k, (size_t)column) : STR("");
}

/* Words of answers alone: the second row of a heading. */
static bool
is_second_heading(const struct cl_form *f, const struct cl_row *k)
{
    size_t known = 0;
    bool tick;

    for (size_t c = 0; c < k->n; c++) {
        enum cl_role role = cl_role_of(f->r->a, cl_new(k, c), &tick);

        if (cl_new(k, c).n == 0)
            continue;
        if (role != CR_ANSWER && role != CR_OTHER)
            return false;
        known++;
    }
    return known > 0 && cl_new(k, (size_t)f->item).n == 0;
}

static bool
same_as_heading(const struct cl_form *f, const struct cl_row *k)
{
    const struct cl_row *h = &f->row[f->heading];

    for (size_t c = 0; c < f->n_columns; c++)
        if (!str_eq(cl_own(h, c), cl_own(k, c)))
            return false;
    return true;
}

/* How many cells say something that is not the sheet's own form. */
static size_t
filled(const struct cl_row *k, int *first)
{
    size_t n = 0;

    *first = -1;
    for (size_t c = 0; c < k->n; c++) {
        if (cl_new(k, c).n == 0)
            continue;
        if (n++ == 0)
            *first = (int)c;
    }
    return n;
}

/* "一 | 校门" among rows numbered 1, 2, 3; "1 | Exits" above 1.1 and 1.2. */
static bool
is_numbered_section(const struct cl_form *f, const struct cl_row *k)
{
    int64_t n;
    int c;

    if (!f->digits || f->no < 0 || filled(k, &c) != 2 || c != f->no ||
        at(k, f->item).n == 0)
        return false;
    return rt_digit(k->text[c].p[0])
               ? f->dotted && !cl_is_dotted(fold_text(f->r->a, k->text[c]))
               : rt_any_number(k->text[c], &n);
}

/* A line of the items' column that names those below it. */
static bool
names_what_follows(const struct cl_form *f, struct str s)
{
    struct str name;

    return is_section(s, &name) || rt_ends(s, ":|：") ||
           (f->asks && !rt_ends(s, "?|？") && utf8_count(s) <= 40) ||
           (f->shouts && cl_in_capitals(s));
}

/* A row that is nothing but the name of what follows. */
static bool
is_section_row(const struct cl_form *f, const struct cl_row *k)
{
    struct str s;
    size_t width = 1;
    int c;

    if (is_numbered_section(f, k))
        return true;
    if (filled(k, &c) != 1 || at(k, f->item).n == 0)
        return filled(k, &c) == 1 && c < f->item && k->covered[c] == 0 &&
               (f->no != c || rt_has_cjk(k->text[c]) || k->text[c].n > 4);
    s = k->text[c];
    while ((size_t)c + width < k->n && k->covered[(size_t)c + width] == 1)
        width++;
    return c == f->item && (names_what_follows(f, s) ||
                            (width > 1 && width * 2 >= f->n_columns));
}

static struct str
without_colon(struct str s)
{
    while (rt_ends(s, ":|："))
        s = rt_trim(str_cut(s, 0, s.n - (s.p[s.n - 1] == ':' ? 1 : 3)));
    return s;
}

/* A blank below the name of a section goes on with it. */
static void
read_sections(struct cl_form *f, const struct cl_row *k)
{
    for (int i = 0; i < 2; i++) {
        struct str v = at(k, f->section[i]);

        if (v.n == 0 || str_eq(v, f->value[i]))
            continue;
        f->value[i] = v;
        if (i == 0)
            f->value[1] = at(k, f->section[1]);
    }
}

static struct str
one_line(struct arena *a, struct str s)
{
    char *out = arena_dupz(a, s);

    for (size_t i = 0; i < s.n; i++)
        if (out[i] == '\n' || out[i] == '\r' || out[i] == '\t')
            out[i] = ' ';
    return (struct str){ out, s.n };
}

static struct text2
line2(struct cl_form *f, struct str s)
{
    return cl_text2(one_line(f->r->a, s));
}

static void
doubt(struct cl_form *f, const struct cl_row *k, int column, const char *code,
      const char *msg, struct str arg)
{
    cl_doubt(f->r, k, column < 0 ? column : column + (int)f->offset,
             (struct checklist_doubt){ .code = code, .msg = msg, .arg = arg });
}

/* "□有 □无": how the item is answered. */
static void
read_boxes(struct cl_form *f, const struct cl_row *k, struct check_item *it)
{
    struct str boxes = f->boxes;
    bool pass, marked;
    int column = -1;

    for (size_t c = 0; c < k->n && c < f->n_columns; c++)
        if (f->role[c] == CR_ANSWER && rt_has(cl_own(k, c), "□|☐|○")) {
            boxes = cl_own(k, c);
            column = (int)c;
            break;
        }
    if (boxes.n == 0)
        return;
    boxes = cl_boxes(f->r->a, boxes, &pass, &marked);
    if (boxes.n == 0 || pass)
        return;
    it->kind = CK_CHOICE;
    it->choices = cl_text2(boxes);
    if (marked || f->told_boxes)
        return;
    f->told_boxes = true;
    doubt(f, k, column, "choices-open",
          N_("Nothing says which of the choices \"%s\" means \"not in order\"; "
             "put ! after it, item by item."),
          boxes);
}

/* "〔 〕人": words to be filled in, no yes or no. */
static bool
has_gap(struct str s)
{
    return rt_has(s, "〔 〕|〔〕|〔　〕|（ ）|（）|（　）|____|＿＿");
}

static void
read_kind(struct cl_form *f, const struct cl_row *k, struct check_item *it,
          struct str text)
{
    struct str w = fold_text(f->r->a, at(k, f->weight));
    int64_t points = 0;

    it->kind = has_gap(text) ? CK_TEXT : CK_PASS;
    if (it->kind == CK_PASS)
        read_boxes(f, k, it);
    if (rt_ends(w, "分"))
        w = rt_trim(str_cut(w, 0, w.n - 3));
    if (w.n > 0 && (!str_i64(w, &points) || points < 1 || points > 100)) {
        doubt(f, k, f->weight, "points-unread",
              N_("\"%s\" is no number of points from 1 to 100."), w);
        points = 0;
    }
    it->weight = points;
}

static void
read_number(struct cl_form *f, const struct cl_row *k, struct check_source *s)
{
    struct str v = fold_text(f->r->a, at(k, f->no));
    size_t i = 0;

    if (cl_is_dotted(v) || !rt_number(v, &i, &s->no) || s->no < 1 ||
        s->no > CHECK_ID_MAX)
        s->no = 0;
}

static void
set_section(struct cl_form *f, struct check_item *it, struct check_source *s)
{
    struct arena *a = f->r->a;
    struct str main = f->head, sub = f->value[0], both;

    if (main.n == 0) {
        main = f->value[0];
        sub = f->value[1];
    } else if (f->value[1].n > 0 && sub.n > 0) {
        sub =
            arena_printf(a, "%.*s / %.*s", STR_ARG(sub), STR_ARG(f->value[1]));
    }
    both = sub.n > 0
               ? arena_printf(a, "%.*s / %.*s", STR_ARG(main), STR_ARG(sub))
               : main;
    s->main = line2(f, main);
    s->sub = line2(f, sub);
    it->section = line2(f, both);
}

static void
other_side(struct text2 *t, struct text2 other)
{
    if (t->en.n == 0)
        t->en = other.en;
    if (t->zh.n == 0)
        t->zh = other.zh;
}

static void
read_point(struct cl_form *f, const struct cl_row *k, struct str text,
           struct str standard)
{
    struct check_item *it = cl_item(f->r, k);
    struct check_source *s;

    if (it == NULL)
        return;
    s = &f->r->from[f->r->n_items - 1];
    read_number(f, k, s);
    it->text = line2(f, text);
    it->standard = line2(f, standard);
    other_side(&it->text, line2(f, at(k, f->item2)));
    other_side(&it->standard, line2(f, at(k, f->standard2)));
    it->clause = one_line(f->r->a, at(k, f->code));
    set_section(f, it, s);
    read_kind(f, k, it, text);
}

/* A standard that was divided like its item goes along with it. */
static void
read_row(struct cl_form *f, const struct cl_row *k)
{
    struct str point[CL_POINTS_MAX], standard[CL_POINTS_MAX],
        whole = at(k, f->standard);
    size_t n, m = 1;

    read_sections(f, k);
    n = split_points(at(k, f->item), point, N_OF(point));
    if (n > 1)
        m = split_points(whole, standard, N_OF(standard));
    for (size_t i = 0; i < n; i++)
        read_point(f, k, point[i], n > 1 && m == n ? standard[i] : whole);
    if (n > 1 && m > 1 && m != n)
        doubt(f, k, f->standard, "standard-shared",
              N_("The row was divided into several items; each has the whole "
                 "standard."),
              STR(""));
}

/* An item that stands merged above goes on with a standard of its own. */
static bool
goes_on_above(const struct cl_form *f, const struct cl_row *k)
{
    return f->item >= 0 && (size_t)f->item < k->n && k->covered[f->item] == 2 &&
           (f->standard < 0 || cl_new(k, (size_t)f->standard).n == 0);
}

static void
read_line(struct cl_form *f, const struct cl_row *k)
{
    int first;

    if (cl_row_blank(k) || same_as_heading(f, k) || goes_on_above(f, k))
        return;
    filled(k, &first);
    if (at(k, f->no).n == 0 || first != f->no) {
        if (cl_is_footer(f->r->a, k->text[first]) && at(k, f->standard).n == 0)
            return;
    } else if (cl_is_footer(f->r->a, k->text[first])) {
        return;
    }
    if (is_section_row(f, k)) {
        f->head =
            is_numbered_section(f, k)
                ? arena_printf(f->r->a, "%.*s、%.*s", STR_ARG(k->text[first]),
                               STR_ARG(at(k, f->item)))
                : without_colon(k->text[first]);
        f->value[0] = f->value[1] = STR("");
    } else if (at(k, f->item).n > 0) {
        read_row(f, k);
    } else {
        doubt(f, k, first, "row-unread",
              N_("This row has no text where the items stand; \"%s\" was not "
                 "read."),
              k->text[first]);
    }
}

/* Numbers 1 to n, each once, but out of order: their order is meant. */
static void
put_in_order(struct cl_form *f, size_t from)
{
    struct checklist_reading *r = f->r;
    size_t n = r->n_items - from;
    struct check_item *item = arena_new_array(r->a, struct check_item, n);
    struct check_source *src = arena_new_array(r->a, struct check_source, n);
    unsigned char *seen = arena_alloc(r->a, n + 1);
    bool in_order = true;

    if (n < 2 || item == NULL || src == NULL || seen == NULL)
        return;
    for (size_t i = 0; i < n; i++) {
        int64_t no = r->from[from + i].no;

        if (no < 1 || (uint64_t)no > n || seen[no] != 0 ||
            r->from[from + i].main.en.n + r->from[from + i].main.zh.n > 0)
            return;
        seen[no] = 1;
        in_order &= (size_t)no == i + 1;
        item[no - 1] = r->item[from + i];
        src[no - 1] = r->from[from + i];
    }
    if (in_order)
        return;
    memcpy(r->item + from, item, n * sizeof(*item));
    memcpy(r->from + from, src, n * sizeof(*src));
    doubt(f, NULL, f->no, "reordered",
          N_("The rows did not stand in the order of their numbers; the items "
             "do."),
          STR(""));
}

/* No heading: the widest column of words is the list. */
static void
without_heading(struct cl_form *f, size_t first)
{
    size_t width = 0;

    for (size_t i = first; i < f->n_rows; i++)
        width = f->row[i].n > width ? f->row[i].n : width;
    f->n_columns = width;
    f->heading = first - 1;
    for (size_t c = 0; c < width; c++)
        f->role[c] = CR_NONE;
    cl_form_columns(f);
    if (f->item >= 0)
        doubt(f, &f->row[first], f->item, "no-heading",
              N_("No heading was found; every row of this column was taken as "
                 "an item."),
              STR(""));
}

/* Where a second list stands beside the first, under the same headings. */
static size_t
second_list(const struct cl_row *h)
{
    size_t first = 0;

    while (first < h->n && cl_new(h, first).n == 0)
        first++;
    for (size_t c = first + 2; c + 1 < h->n; c++)
        if (cl_new(h, c).n > 0 && str_eq(cl_new(h, c), cl_new(h, first)) &&
            str_eq(cl_new(h, c + 1), cl_new(h, first + 1)))
            return c;
    return 0;
}

/* The columns from, up to, of all rows: a form of its own. */
static void
read_list(struct cl_form *f, size_t from, size_t to)
{
    struct cl_row *part = arena_new_array(f->r->a, struct cl_row, f->n_rows);
    size_t i = f->heading + 1;

    if (part == NULL)
        return;
    for (size_t k = 0; k < f->n_rows; k++) {
        struct cl_row row = f->row[k];

        row.n = row.n < to ? row.n : to;
        row.n = row.n > from ? row.n - from : 0;
        row.text = row.n > 0 ? row.text + from : row.text;
        row.covered = row.n > 0 ? row.covered + from : row.covered;
        part[k] = row;
    }
    f->row = part;
    f->offset = from;
    cl_form_heading(f);
    if (f->item < 0)
        return;
    if (i < f->n_rows && is_second_heading(f, &f->row[i]))
        i++;
    for (; i < f->n_rows; i++)
        read_line(f, &f->row[i]);
}

static void
doubt_hidden(struct cl_form *f)
{
    for (size_t i = 0; i < f->n_rows; i++)
        if (f->row[i].hidden) {
            doubt(f, &f->row[i], -1, "hidden",
                  N_("Hidden in the file; it was read all the same."), STR(""));
            return;
        }
}

void
cl_foreign_sheet(struct checklist_reading *r, const struct cl_row *row,
                 size_t n)
{
    struct cl_form f = { .r = r, .row = row, .n_rows = n }, beside = f;
    size_t before = r->n_items, cut;

    f.heading = beside.heading = cl_heading(r->a, row, n);
    cl_title(r, row, f.heading < n ? f.heading : 1);
    doubt_hidden(&f);
    if (f.heading < n) {
        cut = second_list(&row[f.heading]);
        read_list(&f, 0, cut > 0 ? cut : CL_COLUMNS_MAX);
        if (cut > 0)
            read_list(&beside, cut, CL_COLUMNS_MAX);
    } else if (n > 1) {
        without_heading(&f, 1);
        for (size_t i = 1; f.item >= 0 && i < n; i++)
            read_line(&f, &row[i]);
    }
    if (r->n_items > before)
        put_in_order(&f, before);
}
