#include "domain/parts.h"
#include "base/clean.h"

enum { US = 0x1f, RS = 0x1e };

/* ---- reading ------------------------------------------------------------------ */

static const struct field *
field_of(const struct part_kind *k, struct str tag, bool *zh)
{
    int64_t n;

    *zh = tag.n > 0 && tag.p[tag.n - 1] == 'z';
    if (!str_i64(str_cut(tag, 0, tag.n - *zh), &n))
        return NULL;
    for (size_t i = 0; i < k->n_fields; i++)
        if (k->fields[i].tag == n)
            return &k->fields[i];
    return NULL;
}

static bool
malformed(struct err *e)
{
    return err_set(e, ERR_INVALID, NULL, "These parts are malformed");
}

static bool
read_value(const struct field *f, bool zh, struct str value, void *part)
{
    switch (field_ctype(f)) {
    case CT_I64:
        return str_i64(value, field_i64(f, part));
    case CT_STR:
        *field_str(f, part) = value;
        return true;
    case CT_TEXT2:
        *(zh ? &field_text2(f, part)->zh : &field_text2(f, part)->en) = value;
        return true;
    }
    return false;
}

bool
parts_next(const struct part_kind *k, struct str *rest, void *part,
           struct err *e)
{
    struct str one, word;

    if (rest->n == 0 || !str_split(rest, RS, &one))
        return false;
    memset(part, 0, k->size);
    for (size_t i = 0; i < k->n_fields; i++)
        if (field_ctype(&k->fields[i]) == CT_STR)
            *field_str(&k->fields[i], part) = STR("");
        else if (field_ctype(&k->fields[i]) == CT_TEXT2)
            *field_text2(&k->fields[i], part) =
                (struct text2){ STR(""), STR("") };
    if (!str_split(&one, US, &word) || !str_i64(word, part))
        return malformed(e);
    while (str_split(&one, US, &word)) {
        ptrdiff_t eq = str_find(word, STR("="));
        const struct field *f;
        bool zh;

        if (eq < 0)
            return malformed(e);
        f = field_of(k, str_cut(word, 0, (size_t)eq), &zh);
        if (f != NULL &&
            !read_value(f, zh, str_cut(word, (size_t)eq + 1, word.n), part))
            return malformed(e);
    }
    return true;
}

size_t
parts_count(struct str value)
{
    size_t n = 0;

    for (size_t i = 0; i < value.n; i++)
        n += value.p[i] == RS;
    return n;
}

bool
parts_read(const struct part_kind *k, struct str value, struct arena *a,
           void *out, size_t *n, struct err *e)
{
    char *at = arena_alloc(a, (parts_count(value) + 1) * k->size);

    e->code = ERR_NONE;
    *n = 0;
    if (at == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *(char **)out = at;
    while (parts_next(k, &value, at + *n * k->size, e))
        ++*n;
    return e->code == ERR_NONE;
}

/* ---- writing ------------------------------------------------------------------ */

static void
put_text(struct buf *b, const struct field *f, bool zh, struct str s)
{
    if (s.n == 0)
        return;
    buf_printf(b, "%c%u%s=", US, (unsigned)f->tag, zh ? "z" : "");
    /* field_parse refuses them; nothing may end a row that is no end */
    for (size_t i = 0; i < s.n; i++)
        buf_putc(b, s.p[i] == US || s.p[i] == RS ? ' ' : s.p[i]);
}

static const struct field *
next_field(const struct part_kind *k, unsigned after)
{
    const struct field *next = NULL;

    for (size_t i = 0; i < k->n_fields; i++)
        if (k->fields[i].tag > after &&
            (next == NULL || k->fields[i].tag < next->tag))
            next = &k->fields[i];
    return next;
}

void
parts_put(const struct part_kind *k, const void *part, struct buf *b)
{
    const struct field *f = NULL;

    buf_i64(b, *(const int64_t *)part);
    while ((f = next_field(k, f != NULL ? f->tag : 0)) != NULL)
        switch (field_ctype(f)) {
        case CT_I64:
            if (*field_i64(f, part) != 0)
                buf_printf(b, "%c%u=%ld", US, (unsigned)f->tag,
                           (long)*field_i64(f, part));
            break;
        case CT_STR:
            put_text(b, f, false, *field_str(f, part));
            break;
        case CT_TEXT2:
            put_text(b, f, false, field_text2(f, part)->en);
            put_text(b, f, true, field_text2(f, part)->zh);
            break;
        }
    buf_putc(b, RS);
}

struct str
parts_write(const struct part_kind *k, const void *parts, size_t n,
            struct arena *a)
{
    BUF(b, 4 << 20);

    for (size_t i = 0; i < n; i++)
        parts_put(k, (const char *)parts + i * k->size, &b);
    return b.over ? STR("") : arena_dup(a, buf_str(&b));
}

/* ---- as pieces of text: what follows knows no fields --------------------------- */

/* The next part as it stands, with its id; false: none left. */
static bool
next_piece(struct str *rest, struct str *id, struct str *piece)
{
    struct str whole;

    if (rest->n == 0 || !str_split(rest, RS, piece))
        return false;
    whole = *piece;
    if (!str_split(&whole, US, id))
        *id = STR("");
    return true;
}

static bool
find_piece(struct str value, struct str id, struct str *piece)
{
    struct str other;

    while (next_piece(&value, &other, piece))
        if (str_eq(other, id))
            return true;
    return false;
}

static int64_t
highest(struct str value)
{
    struct str id, piece;
    int64_t most = 0, n;

    while (next_piece(&value, &id, &piece))
        if (str_i64(id, &n) && n > most)
            most = n;
    return most;
}

static void
put_piece(struct buf *b, struct str piece)
{
    buf_str_put(b, piece);
    buf_putc(b, RS);
}

struct str
parts_number(struct str before, struct str value, struct arena *a)
{
    int64_t a1 = highest(before), a2 = highest(value), top = a1 > a2 ? a1 : a2;
    struct str id, piece;
    BUF(b, 4 << 20);

    while (next_piece(&value, &id, &piece)) {
        if (str_is(id, "0")) {
            top += top < INT64_MAX; /* taken twice, it is refused */
            buf_i64(&b, top);
            piece = str_cut(piece, id.n, piece.n);
        }
        put_piece(&b, piece);
    }
    return b.over ? STR("") : arena_dup(a, buf_str(&b));
}

/* The order of ids, "1,2,5". */
static void
put_order(struct buf *b, struct str value)
{
    struct str id, piece;
    size_t from = b->n;

    while (next_piece(&value, &id, &piece)) {
        if (b->n > from)
            buf_putc(b, ',');
        buf_str_put(b, id);
    }
}

/* What stays of the old ones, then the new ones in their order. */
static void
put_expected(struct buf *b, struct str before, struct str after)
{
    struct str rest = before, id, piece, other;

    while (next_piece(&rest, &id, &piece))
        if (find_piece(after, id, &other))
            put_piece(b, id);
    rest = after;
    while (next_piece(&rest, &id, &piece))
        if (!find_piece(before, id, &other))
            put_piece(b, id);
}

void
parts_delta(struct str before, struct str after, struct buf *b)
{
    struct str rest = after, id, piece, other;
    BUF(expected, 1 << 20);
    BUF(order, 1 << 20);
    BUF(natural, 1 << 20);

    while (next_piece(&rest, &id, &piece))
        if (!find_piece(before, id, &other) || !str_eq(other, piece))
            put_piece(b, piece);
    rest = before;
    while (next_piece(&rest, &id, &piece))
        if (!find_piece(after, id, &other)) {
            buf_str_put(b, id);
            buf_printf(b, "%c-%c", US, RS);
        }
    put_expected(&expected, before, after);
    put_order(&natural, buf_str(&expected));
    put_order(&order, after);
    if (!str_eq(buf_str(&natural), buf_str(&order))) {
        buf_putc(b, '@');
        put_piece(b, buf_str(&order));
    }
}

static bool
is_gone(struct str id, struct str piece)
{
    return piece.n == id.n + 2 && piece.p[id.n + 1] == '-';
}

/* Old ones with their changes, then new ones. */
static void
merge(struct buf *b, struct str before, struct str delta, struct str *order)
{
    struct str rest = before, id, piece, now;

    while (next_piece(&rest, &id, &piece))
        if (!find_piece(delta, id, &now))
            put_piece(b, piece);
        else if (!is_gone(id, now))
            put_piece(b, now);
    rest = delta;
    while (next_piece(&rest, &id, &piece))
        if (piece.n > 0 && piece.p[0] == '@')
            *order = str_cut(piece, 1, piece.n);
        else if (!find_piece(before, id, &now) && !is_gone(id, piece))
            put_piece(b, piece);
}

bool
parts_apply(struct str before, struct str delta, struct arena *a,
            struct str *after, struct err *e)
{
    struct str order = STR(""), id, piece;
    BUF(merged, 4 << 20);
    BUF(sorted, 4 << 20);

    merge(&merged, before, delta, &order);
    while (str_split(&order, ',', &id))
        if (find_piece(buf_str(&merged), id, &piece))
            put_piece(&sorted, piece);
    *after = arena_dup(a, buf_str(sorted.n > 0 ? &sorted : &merged));
    return !(merged.over || sorted.over || arena_failed(a)) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

bool
parts_changed(struct str *rest, struct part_change *c)
{
    struct str id, piece;

    while (next_piece(rest, &id, &piece))
        if (str_i64(id, &c->id)) {
            c->gone = is_gone(id, piece);
            return true;
        }
    return false;
}

/* ---- taking words out ---------------------------------------------------------- */

/* "3=the lamp" -> the text, where it is of a field of free words. */
static bool
free_text(const struct part_kind *k, struct str word, struct str *text)
{
    ptrdiff_t eq = str_find(word, STR("="));
    const struct field *f;
    bool zh;

    if (eq < 0)
        return false;
    f = field_of(k, str_cut(word, 0, (size_t)eq), &zh);
    *text = str_cut(word, (size_t)eq + 1, word.n);
    return f != NULL && field_is_free(f);
}

static void
piece_without(const struct part_kind *k, struct str piece, struct str words,
              struct buf *out, size_t *n)
{
    struct str id = STR(""), word, text;

    if (str_split(&piece, US, &id))
        buf_str_put(out, id);
    while (str_split(&piece, US, &word)) {
        buf_putc(out, US);
        if (!free_text(k, word, &text)) {
            buf_str_put(out, word);
            continue;
        }
        buf_str_put(out, str_cut(word, 0, word.n - text.n));
        *n += buf_put_without(out, text, words);
    }
    buf_putc(out, RS);
}

void
parts_without(const struct part_kind *k, struct str value, struct str words,
              struct buf *out, size_t *n)
{
    struct str piece;

    while (value.n > 0 && str_split(&value, RS, &piece))
        piece_without(k, piece, words, out, n);
}

/* ---- taking in ------------------------------------------------------------------ */

/* The next text of a value, up to a separator or the end. */
static struct str
text_next(struct str value, size_t *at)
{
    size_t from = *at;

    while (*at < value.n && value.p[*at] != US && value.p[*at] != RS)
        ++*at;
    return str_cut(value, from, *at);
}

struct str
parts_clean(struct str value, struct arena *a)
{
    BUF(b, 4 << 20);
    bool clean = true;

    for (size_t at = 0; clean && at < value.n; at++)
        clean = text_is_clean(text_next(value, &at));
    if (clean)
        return value;
    for (size_t at = 0; at < value.n;) {
        buf_str_put(&b, text_clean(a, text_next(value, &at)));
        if (at < value.n)
            buf_putc(&b, value.p[at++]);
    }
    return b.over ? STR("") : arena_dup(a, buf_str(&b));
}

/* ---- checking ------------------------------------------------------------------ */

/* A text that would read as two is refused where it comes in. */
static bool
check_bytes(const struct field *f, struct str value, struct err *e)
{
    if (!utf8_valid(value))
        return err_set(e, ERR_INVALID, f->name,
                       "This text is not valid Unicode (UTF-8)");
    if (value.n > 0 && value.p[value.n - 1] != RS)
        return err_set(e, ERR_INVALID, f->name, "These parts are malformed");
    if (parts_count(value) > (size_t)f->parts->max)
        return err_set(e, ERR_INVALID, f->name, "has %zu rows; at most %ld fit",
                       parts_count(value), (long)f->parts->max);
    return true;
}

static bool
check_one(const struct field *f, const void *part, struct err *e)
{
    const struct part_kind *k = f->parts;

    for (size_t i = 0; i < k->n_fields; i++) {
        struct err why = { 0 };

        if (field_check(&k->fields[i], part, &why) &&
            !((k->fields[i].flags & F_REQUIRED) &&
              field_empty(&k->fields[i], part)))
            continue;
        err_set(e, ERR_INVALID, f->name,
                "In row %ld, \"%s\" is empty, too long or not one of "
                "the values it can have",
                (long)*(const int64_t *)part, k->fields[i].label);
        return err_label(e, 1);
    }
    return true;
}

bool
parts_check(const struct field *f, struct str value, struct err *e)
{
    _Alignas(16) char part[PART_SIZE_MAX];
    struct str rest = value, id, piece, other, behind;
    struct err why = { 0 };

    if (!check_bytes(f, value, e))
        return false;
    while (parts_next(f->parts, &rest, part, &why)) {
        if (*(int64_t *)(void *)part < 1)
            return err_set(e, ERR_INVALID, f->name, "A row has no number");
        if (!check_one(f, part, e))
            return false;
    }
    if (why.code != ERR_NONE)
        return err_set(e, ERR_INVALID, f->name, "These parts are malformed");
    behind = value;
    while (next_piece(&behind, &id, &piece))
        if (find_piece(behind, id, &other))
            return err_set(e, ERR_INVALID, f->name,
                           "Two rows have the number %.*s", STR_ARG(id));
    return true;
}

/* ---- attachments ------------------------------------------------------------------ */

bool
field_has_files(const struct field *f)
{
    if (f->kind == FK_PARTS)
        for (size_t i = 0; i < f->parts->n_fields; i++)
            if (f->parts->fields[i].kind == FK_FILES)
                return true;
    return f->kind == FK_FILES;
}

void
field_files_of(const struct field *f, const void *rec, struct field_files *ids)
{
    *ids = (struct field_files){ .field = f };
    if (f->kind == FK_FILES)
        ids->list = *field_str(f, rec);
    else if (field_has_files(f)) {
        ids->rest = *field_str(f, rec);
        ids->next = f->parts->n_fields;
    }
}

/* The next list of ids within the parts. */
static bool
next_list(struct field_files *ids)
{
    const struct part_kind *k = ids->field->parts;
    struct err ignored;

    for (;;) {
        for (; ids->next < k->n_fields; ids->next++)
            if (k->fields[ids->next].kind == FK_FILES) {
                ids->list = *field_str(&k->fields[ids->next++], ids->part);
                return true;
            }
        if (!parts_next(k, &ids->rest, ids->part, &ignored))
            return false;
        ids->next = 0;
    }
}

bool
field_files_next(struct field_files *ids, struct str *id)
{
    do
        while (ids->list.n > 0 && str_split(&ids->list, ',', id))
            if (id->n > 0)
                return true;
    while (field_has_files(ids->field) && ids->field->kind == FK_PARTS &&
           next_list(ids));
    return false;
}
