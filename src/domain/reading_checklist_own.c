/* Our own form of a checklist: what export writes and import reads again. */
#include "domain/reading_checklist_part.h"

const char *const checklist_columns[CHECKLIST_COLUMNS] = {
    "no",          "section_en",  "section_zh", "text_en", "text_zh",
    "standard_en", "standard_zh", "kind",       "low",     "high",
    "unit",        "choices_en",  "choices_zh", "weight",  "critical",
    "when",        "clause",      "photo",
};

/* In the same order. */
enum column {
    OC_NO,
    OC_SECTION_EN,
    OC_SECTION_ZH,
    OC_TEXT_EN,
    OC_TEXT_ZH,
    OC_STANDARD_EN,
    OC_STANDARD_ZH,
    OC_KIND,
    OC_LOW,
    OC_HIGH,
    OC_UNIT,
    OC_CHOICES_EN,
    OC_CHOICES_ZH,
    OC_WEIGHT,
    OC_CRITICAL,
    OC_WHEN,
    OC_CLAUSE,
    OC_PHOTO,
};

static const char *const kind_keys[] = { "",     "pass",  "number", "choice",
                                         "text", "photo", "sign" };

static int
column_of(struct str name)
{
    for (int i = 0; i < CHECKLIST_COLUMNS; i++)
        if (str_is(name, checklist_columns[i]))
            return i;
    return -1;
}

size_t
cl_own_heading(const struct cl_row *row, size_t n)
{
    for (size_t i = 0; i < n && i < HEAD_ROWS; i++) {
        bool text = false;
        size_t known = 0;

        for (size_t c = 0; c < row[i].n; c++) {
            int at = column_of(row[i].text[c]);

            known += at >= 0;
            text |= at == OC_TEXT_EN || at == OC_TEXT_ZH;
        }
        if (text && known >= 3)
            return i;
    }
    return n;
}

/* Formulas. A spreadsheet runs a text that begins with = + - @; the CSV writer
 * puts a ' before it.  That one is taken off again, and a text that begins so
 * by itself gets one more. */
static bool
quoted_formula(struct str s)
{
    size_t i = 0;

    while (i < s.n && s.p[i] == '\'')
        i++;
    return i > 0 && i < s.n && memchr("=+-@", s.p[i], 4) != NULL;
}

static struct str
unquoted(struct str s)
{
    return quoted_formula(s) ? str_cut(s, 1, s.n) : s;
}

static struct str
quoted(struct arena *a, struct str s)
{
    return quoted_formula(s) ? arena_printf(a, "'%.*s", STR_ARG(s)) : s;
}

struct own {
    struct checklist_reading *r;
    const struct cl_row *row;
    int at[CHECKLIST_COLUMNS]; /* where each column stands, or -1 */
};

static struct str
value(const struct own *o, enum column c)
{
    return o->at[c] >= 0 ? unquoted(cl_cell(o->row, (size_t)o->at[c]))
                         : STR("");
}

static void
doubt(const struct own *o, enum column c, const char *code, const char *msg)
{
    cl_doubt(o->r, o->row, o->at[c],
             (struct checklist_doubt){
                 .code = code, .msg = msg, .arg = value(o, c) });
}

static int64_t
whole(const struct own *o, enum column c, int64_t max)
{
    struct str s = fold_text(o->r->a, value(o, c));
    int64_t v = 0;

    if (s.n > 0 && (!str_i64(s, &v) || v < 1 || v > max)) {
        doubt(o, c, "not-a-number",
              N_("\"%s\" is no whole number that fits here."));
        v = 0;
    }
    return v;
}

static int64_t
kind(const struct own *o)
{
    struct str s = value(o, OC_KIND);

    for (size_t i = 0; i < N_OF(kind_keys); i++)
        if (str_is(s, kind_keys[i]))
            return (int64_t)i;
    doubt(o, OC_KIND, "kind-unknown",
          N_("\"%s\" is no way to answer: pass, number, choice, text, photo or "
             "sign."));
    return CK_PASS;
}

static int64_t
critical(const struct own *o)
{
    struct str k = fold_key(o->r->a, value(o, OC_CRITICAL));

    if (rt_is(k, "1|yes|y|true|是|√"))
        return 1;
    if (k.n > 0 && !rt_is(k, "0|no|n|false|否|×"))
        doubt(o, OC_CRITICAL, "critical-unknown",
              N_("\"%s\" is neither yes nor no."));
    return 0;
}

static struct text2
both(const struct own *o, enum column en, enum column zh)
{
    return (struct text2){ value(o, en), value(o, zh) };
}

static void
read_item(const struct own *o)
{
    struct check_item *it = cl_item(o->r, o->row);
    struct check_source *s;

    if (it == NULL)
        return;
    it->id = whole(o, OC_NO, CHECK_ID_MAX);
    it->section = both(o, OC_SECTION_EN, OC_SECTION_ZH);
    it->text = both(o, OC_TEXT_EN, OC_TEXT_ZH);
    it->standard = both(o, OC_STANDARD_EN, OC_STANDARD_ZH);
    it->kind = kind(o);
    it->clause = value(o, OC_CLAUSE);
    it->low = value(o, OC_LOW);
    it->high = value(o, OC_HIGH);
    it->unit = value(o, OC_UNIT);
    it->choices = both(o, OC_CHOICES_EN, OC_CHOICES_ZH);
    it->weight = whole(o, OC_WEIGHT, 100);
    it->critical = critical(o);
    it->when = value(o, OC_WHEN);
    s = &o->r->from[o->r->n_items - 1];
    s->no = it->id;
    s->main = it->section;
    s->photo = value(o, OC_PHOTO);
    if (it->text.en.n == 0 && it->text.zh.n == 0)
        doubt(o, OC_TEXT_EN, "no-text",
              N_("This row does not say what is looked at."));
}

/* "title_en","Canteen" above the heading. */
static void
read_head(struct checklist_reading *r, const struct cl_row *k)
{
    struct checklist_head *h = &r->out.head;
    const struct {
        const char *key;
        struct str *to;
    } known[] = {
        { "title_en", &h->title.en },   { "title_zh", &h->title.zh },
        { "source_en", &h->source.en }, { "source_zh", &h->source.zh },
        { "topic", &h->topic },         { "frequency", &h->frequency },
    };
    struct str key = cl_cell(k, 0);

    for (size_t i = 0; i < N_OF(known); i++)
        if (str_is(key, known[i].key)) {
            *known[i].to = unquoted(cl_cell(k, 1));
            return;
        }
    if (!cl_row_blank(k))
        cl_doubt(r, k, 0,
                 (struct checklist_doubt){
                     .code = "line-unknown",
                     .msg = N_("\"%s\" is not known above the heading: "
                               "title_en, title_zh, topic, source_en, "
                               "source_zh, frequency."),
                     .arg = key,
                 });
}

static void
known_choice(struct checklist_reading *r, const struct choice *list,
             struct str *key, const char *code)
{
    if (key->n == 0 || choice_find(list, *key) != NULL)
        return;
    cl_doubt(r, NULL, -1,
             (struct checklist_doubt){
                 .code = code,
                 .msg = N_("\"%s\" is not known here and was left out."),
                 .arg = *key });
    *key = STR("");
}

static void
columns_at(struct own *o, const struct cl_row *k)
{
    for (size_t i = 0; i < CHECKLIST_COLUMNS; i++)
        o->at[i] = -1;
    for (size_t c = 0; c < k->n; c++) {
        int at = column_of(k->text[c]);

        if (at >= 0 && o->at[at] < 0)
            o->at[at] = (int)c;
        else if (k->text[c].n > 0)
            cl_doubt(o->r, k, (int)c,
                     (struct checklist_doubt){
                         .code = "column-unknown",
                         .msg = N_("The column \"%s\" is not known, or stands "
                                   "twice; it is not read."),
                         .arg = k->text[c] });
    }
}

void
cl_own_read(struct checklist_reading *r, size_t heading)
{
    struct own o = { .r = r };

    r->out.own_form = true;
    for (size_t i = 0; i < heading; i++)
        read_head(r, &r->row[i]);
    known_choice(r, check_topic_choices, &r->out.head.topic, "topic-unknown");
    known_choice(r, check_frequency_choices, &r->out.head.frequency,
                 "frequency-unknown");
    r->out.frequency_words = r->out.head.frequency;
    columns_at(&o, &r->row[heading]);
    for (size_t i = heading + 1; i < r->n_rows; i++) {
        o.row = &r->row[i];
        if (!cl_row_blank(o.row))
            read_item(&o);
    }
}

struct writing {
    struct arena *a;
    checklist_row_fn *fn;
    void *ctx;
};

static bool
write_pair(const struct writing *w, const char *key, struct str v)
{
    struct str cells[] = { str_of(key), quoted(w->a, v) };

    return v.n == 0 || w->fn(w->ctx, cells, 2);
}

static struct str
number_or_blank(struct arena *a, int64_t v)
{
    return v > 0 ? arena_i64(a, v) : STR("");
}

static bool
write_item(const struct writing *w, const struct check_item *it,
           struct str photo)
{
    const struct str cells[CHECKLIST_COLUMNS] = {
        [OC_NO] = number_or_blank(w->a, it->id),
        [OC_SECTION_EN] = quoted(w->a, it->section.en),
        [OC_SECTION_ZH] = quoted(w->a, it->section.zh),
        [OC_TEXT_EN] = quoted(w->a, it->text.en),
        [OC_TEXT_ZH] = quoted(w->a, it->text.zh),
        [OC_STANDARD_EN] = quoted(w->a, it->standard.en),
        [OC_STANDARD_ZH] = quoted(w->a, it->standard.zh),
        [OC_KIND] = str_of(it->kind >= 0 && it->kind < (int64_t)N_OF(kind_keys)
                               ? kind_keys[it->kind]
                               : ""),
        [OC_LOW] = quoted(w->a, it->low),
        [OC_HIGH] = quoted(w->a, it->high),
        [OC_UNIT] = quoted(w->a, it->unit),
        [OC_CHOICES_EN] = quoted(w->a, it->choices.en),
        [OC_CHOICES_ZH] = quoted(w->a, it->choices.zh),
        [OC_WEIGHT] = number_or_blank(w->a, it->weight),
        [OC_CRITICAL] = it->critical != 0 ? STR("yes") : STR(""),
        [OC_WHEN] = quoted(w->a, it->when),
        [OC_CLAUSE] = quoted(w->a, it->clause),
        [OC_PHOTO] = quoted(w->a, photo),
    };

    return w->fn(w->ctx, cells, CHECKLIST_COLUMNS);
}

bool
checklist_write(const struct checklist_head *h, const struct check_item *it,
                size_t n, const struct str *photos, struct arena *a,
                checklist_row_fn *fn, void *ctx)
{
    const struct writing w = { a, fn, ctx };
    struct str heading[CHECKLIST_COLUMNS];

    for (size_t i = 0; i < CHECKLIST_COLUMNS; i++)
        heading[i] = str_of(checklist_columns[i]);
    if (!write_pair(&w, "title_en", h->title.en) ||
        !write_pair(&w, "title_zh", h->title.zh) ||
        !write_pair(&w, "topic", h->topic) ||
        !write_pair(&w, "source_en", h->source.en) ||
        !write_pair(&w, "source_zh", h->source.zh) ||
        !write_pair(&w, "frequency", h->frequency) ||
        !fn(ctx, heading, CHECKLIST_COLUMNS))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!write_item(&w, &it[i], photos != NULL ? photos[i] : STR("")))
            return false;
    return !arena_failed(a);
}
