#include "domain/reading_part.h"

/* From the cells of a data row to its hazards. */

struct items {
    struct str *p;
    size_t n;
};

/* What to write when only a tick or a verdict says that something is wrong. */
static struct str
described_by_item(struct line *l)
{
    struct str s = line_text(l, RF_REMARK);

    if (s.n == 0 || says_normal(line_key(l, RF_REMARK)))
        s = line_text(l, RF_CHECK_ITEM);
    if (s.n == 0)
        s = line_text(l, RF_CATEGORY);
    if (s.n > 0)
        line_doubt(l, RF_NO, "verdict-only",
                   N_("Only a mark says that this is not in order; the text "
                      "is what was checked: %s"),
                   s);
    return s;
}

/* "是否有裸露电线": yes is the bad answer. */
static bool
asks_for_wrong(struct str item_key)
{
    return rt_has(item_key, "有无|是否有|是否存在|有没有|存在") &&
           rt_has(item_key, "隐患|破损|裸露|损坏|松动|裂|堵|杂物|漏|私拉|"
                            "老化|缺陷|破|脱落|凸出|尖角|违规");
}

static bool
ticked(const struct line *l, enum reading_field f)
{
    struct str k = line_key(l, f);

    return k.n > 0 && !is_blank_mark(k) && !rt_is(k, "0|false|□|☐");
}

/* The description; false: this row reports nothing wrong. */
static bool
describe(struct line *l, struct str *desc)
{
    struct str k = line_key(l, RF_DESCRIPTION), mark = k;
    bool bad = ticked(l, RF_NO) && !ticked(l, RF_YES);
    int v = verdict_of(k);

    *desc = line_text(l, RF_DESCRIPTION);
    if (v == 0 && desc->n == 0) {
        mark = line_key(l, RF_RESULT);
        v = verdict_of(mark);
    }
    if (v != 0 && asks_for_wrong(line_key(l, RF_CHECK_ITEM)) &&
        rt_has(mark, "是|否|有|无|y|n|√|×"))
        v = -v;
    if (v < 0 || (desc->n == 0 && bad)) {
        *desc = described_by_item(l);
        return desc->n > 0;
    }
    if (v > 0 || desc->n == 0 || says_normal(k)) {
        if (v == 0 && utf8_count(*desc) > 8)
            line_doubt(l, RF_DESCRIPTION, "taken-as-normal",
                       N_("This was taken to say that nothing is wrong: %s"),
                       *desc);
        *desc = STR("");
        return false;
    }
    return true;
}

static bool
own_text(const struct line *l, enum reading_field f)
{
    int c = l->s->at[f];

    return c >= 0 && (size_t)c < l->n && l->own[c] && line_text(l, f).n > 0;
}

/* A hazard listed with its grade or deadline, but without a word on what it
 * is, is not dropped. */
static bool
listed_without_text(const struct line *l)
{
    struct str k = line_key(l, RF_DESCRIPTION);

    return k.n == 0 && (own_text(l, RF_SCHOOL) || own_text(l, RF_PLACE)) &&
           (own_text(l, RF_GRADE) || own_text(l, RF_DEADLINE) ||
            own_text(l, RF_FUNDS) || own_text(l, RF_RESPONSIBLE));
}

static struct items
cut(struct line *l, enum reading_field f, struct str text,
    size_t (*how)(struct str, struct str *, size_t))
{
    struct items i = { arena_new_array(l->a, struct str, ITEMS_MAX + 1), 1 };

    if (i.p == NULL)
        return (struct items){ NULL, 0 };
    i.p[0] = text;
    if (text.n == 0)
        return i;
    i.n = how(text, i.p, ITEMS_MAX);
    if (i.n == ITEMS_MAX)
        line_doubt(l, f, "too-many",
                   N_("This cell holds more items than are read; split it."),
                   STR(""));
    return i;
}

/* "1#420" after "河滨1#414": the building's name is said once. */
static struct str
with_prefix(struct line *l, struct str room)
{
    struct buf *b = &l->r->prefix;
    size_t n = 0;

    while (n < room.n && !rt_digit(room.p[n]))
        n++;
    if (n > 0) {
        buf_clear(b);
        buf_str_put(b, str_cut(room, 0, n));
        return room;
    }
    if (b->n == 0)
        return room;
    line_doubt(l, RF_PLACE, "prefix-carried",
               N_("The building's name was taken from the room before: %s"),
               room);
    return arena_printf(l->a, "%.*s%.*s", STR_ARG(buf_str(b)), STR_ARG(room));
}

static bool
is_coordinates(struct str k)
{
    if (k.n < 5 || k.p[0] != '(')
        return false;
    for (size_t i = 0; i < k.n; i++) {
        if (strchr("(),.-0123456789", k.p[i]) == NULL)
            return false;
    }
    return true;
}

static struct items
places_of(struct line *l)
{
    struct items i;

    if (is_coordinates(line_key(l, RF_PLACE)))
        return cut(l, RF_PLACE, STR(""), split_rooms);
    i = cut(l, RF_PLACE, line_text(l, RF_PLACE), split_rooms);
    for (size_t k = 0; k < i.n; k++) {
        struct str bare = i.p[k];

        if (i.n > 1 || str_find(bare, STR("#")) > 0)
            i.p[k] = with_prefix(l, bare);
    }
    return i;
}

static struct items
schools_of(struct line *l)
{
    struct str s = line_text(l, RF_SCHOOL);
    struct items i = cut(l, RF_SCHOOL, s, split_schools);

    if (i.n == 1 && s.n == 0) {
        if (l->r->section_school.n > 0)
            i.p[0] = buf_str(&l->r->section_school);
        else if (l->s->at[RF_SCHOOL] < 0)
            i.p[0] = l->s->pub.school;
    }
    return i;
}

/* Measures numbered like the hazards belong to them one by one. */
static struct items
measures_by_item(struct line *l, const struct reading_row *h, size_t n)
{
    struct items m = { NULL, 0 };

    if (n < 2 || h->measures.n == 0)
        return m;
    m = cut(l, RF_MEASURES, h->measures, split_hazards);
    if (m.n == n)
        return m;
    line_doubt(l, RF_MEASURES, "measures-shared",
               N_("The measures stand for all hazards of this row."), STR(""));
    return (struct items){ NULL, 0 };
}

struct product {
    struct items schools, places, hazards, measures;
};

static bool
give_product(struct line *l, const struct reading_row *common,
             const struct product *x)
{
    size_t of = x->schools.n * x->places.n * x->hazards.n;

    if (of > ITEMS_MAX)
        line_doubt(l, RF_DESCRIPTION, "too-many",
                   N_("This cell holds more items than are read; split it."),
                   STR(""));
    for (size_t i = 0; i < of && i < ITEMS_MAX; i++) {
        size_t k = i % x->hazards.n, rest = i / x->hazards.n;
        struct reading_row h = *common;

        h.src.item = (int)i + 1;
        h.src.of = (int)of;
        h.place = rt_trim_end(x->places.p[rest % x->places.n]);
        h.school = rt_trim_end(x->schools.p[rest / x->places.n]);
        if (x->measures.p != NULL)
            h.measures = x->measures.p[k];
        fields_read_item(l, &h, x->hazards.p[k]);
        l->r->counts.hazards++;
        if (!l->r->opts.on_row(l->r->opts.ctx, &h)) {
            l->r->stopped = true;
            return false;
        }
    }
    return true;
}

/* The hazards of one column that says what is wrong. */
static bool
column_give(struct line *l)
{
    struct reading_row h = { .raw = l->text, .n_raw = l->n };
    struct product x;
    struct str desc;
    struct str *headings = arena_new_array(l->a, struct str, l->n + 1);

    if (!describe(l, &desc)) {
        if (!listed_without_text(l)) {
            l->r->counts.normal++;
            return true;
        }
        line_doubt(l, RF_DESCRIPTION, "description-missing",
                   N_("The row lists a hazard without saying what it is; "
                      "fill it in."),
                   STR(""));
    }
    for (size_t c = 0; c < l->n && headings != NULL; c++)
        headings[c] = l->s->columns[c].heading;
    h.headings = headings;
    fields_read(l, &h);
    x.schools = schools_of(l);
    x.places = places_of(l);
    x.hazards = cut(l, RF_DESCRIPTION, desc, split_hazards);
    if (arena_failed(l->a) || x.schools.n == 0 || x.places.n == 0 ||
        x.hazards.n == 0)
        return false;
    x.measures = measures_by_item(l, &h, x.hazards.n);
    if (l->row->hidden)
        line_doubt(l, RF_DESCRIPTION, "hidden-row",
                   N_("This row is hidden in the file; it is read all the "
                      "same."),
                   STR(""));
    return give_product(l, &h, &x);
}

/* "食品安全隐患" -> "食品安全": the kind, where each kind has its column. */
static struct str
kind_of_column(struct str heading)
{
    struct str s = cut_numbering(heading);

    if (rt_ends(s, "安全隐患|存在问题"))
        s.n -= 6;
    else if (rt_ends(s, "隐患|问题"))
        s.n -= 6;
    return s;
}

bool
hazards_give(struct line *l)
{
    struct sheet_state *s = l->s;
    int first = s->at[RF_DESCRIPTION];
    bool ok = true, several = false;

    for (size_t c = 0; first >= 0 && c < l->n; c++)
        several = several ||
                  (s->columns[c].field == RF_DESCRIPTION && (int)c != first);
    if (!several)
        return column_give(l);
    for (size_t c = 0; ok && c < l->n; c++) {
        if (s->columns[c].field != RF_DESCRIPTION)
            continue;
        s->at[RF_DESCRIPTION] = (int)c;
        l->kind = kind_of_column(s->columns[c].heading);
        ok = column_give(l);
    }
    s->at[RF_DESCRIPTION] = first;
    return ok;
}
