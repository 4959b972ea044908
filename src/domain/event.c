#include "domain/event.h"
#include "domain/parts.h"

enum {
    TAG_VERSION = 1,
    TAG_LEDGER = 2,
    TAG_RECORD = 3,
    TAG_VERB = 4,
    TAG_ACTOR = 5,
    TAG_AT = 6,
    TAG_REV = 7,
    TAG_COMMENT = 8,
    TAG_FILES = 9,
    TAG_HEADER = 10,
    TAG_FILE_ROWS = 30, /* behind the header */
    TAG_RETOLD = 31,    /* behind the header, before the ledger's fields */
};

static void
put_uvar(struct buf *b, uint64_t v)
{
    do {
        unsigned char c = (unsigned char)(v & 0x7f);

        v >>= 7;
        buf_putc(b, (char)(v > 0 ? c | 0x80 : c));
    } while (v > 0);
}

static bool
get_uvar(struct str *s, uint64_t *out)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64 && s->n > 0; shift += 7) {
        unsigned char c = (unsigned char)s->p[0];

        s->p++, s->n--;
        v |= (uint64_t)(c & 0x7f) << shift;
        if (!(c & 0x80)) {
            *out = v;
            return true;
        }
    }
    return false;
}

static uint64_t
zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

static size_t
uvar_size(uint64_t v)
{
    size_t n = 1;

    while (v >>= 7)
        n++;
    return n;
}

static void
put_i64(struct buf *b, uint64_t tag, int64_t v)
{
    put_uvar(b, tag);
    put_uvar(b, uvar_size(zigzag(v)));
    put_uvar(b, zigzag(v));
}

static void
put_text(struct buf *b, uint64_t tag, struct str s)
{
    put_uvar(b, tag);
    put_uvar(b, s.n);
    buf_str_put(b, s);
}

static void
put_text2(struct buf *b, uint64_t tag, const struct text2 *t)
{
    put_uvar(b, tag);
    put_uvar(b, uvar_size(t->en.n) + t->en.n + t->zh.n);
    put_uvar(b, t->en.n);
    buf_str_put(b, t->en);
    buf_str_put(b, t->zh);
}

/* Of child rows only those that changed. */
static void
put_parts(struct buf *b, const struct field *f, const void *before,
          const void *after)
{
    BUF(delta, 4 << 20);

    parts_delta(before != NULL ? *field_str(f, before) : STR(""),
                *field_str(f, after), &delta);
    b->over |= delta.over;
    put_text(b, f->tag, buf_str(&delta));
}

static void
put_field(struct buf *b, const struct field *f, const void *rec)
{
    switch (field_ctype(f)) {
    case CT_I64:
        put_i64(b, f->tag, *field_i64(f, rec));
        break;
    case CT_STR:
        put_text(b, f->tag, *field_str(f, rec));
        break;
    case CT_TEXT2:
        put_text2(b, f->tag, field_text2(f, rec));
        break;
    }
}

static bool
changed(const struct field *f, const void *before, const void *after)
{
    return before != NULL ? !field_equal(f, before, after)
                          : !field_empty(f, after);
}

/* Fields are declared in reading order; bytes are in rising tags. Few change
 * at a time: those are put in order. */
static void
put_fields(const struct ledger *l, const void *before, const void *after,
           struct buf *body, struct buf *part)
{
    const struct field *f[LEDGER_FIELDS_MAX];
    size_t n = 0;

    for (size_t i = 0; i < l->n_fields; i++) {
        size_t at = n;

        if (!changed(&l->fields[i], before, after))
            continue;
        for (; at > 0 && f[at - 1]->tag > l->fields[i].tag; at--)
            f[at] = f[at - 1];
        f[at] = &l->fields[i];
        n++;
    }
    for (size_t i = 0; i < n; i++) {
        struct buf *b = f[i]->flags & F_PERSONAL ? part : body;

        if (f[i]->kind == FK_PARTS)
            put_parts(b, f[i], before, after);
        else
            put_field(b, f[i], after);
    }
}

void
event_encode(const struct ledger *l, const struct event *ev, const void *before,
             const void *after, struct buf *body, struct buf *part)
{
    put_i64(body, TAG_VERSION, EVENT_VERSION);
    put_i64(body, TAG_LEDGER, l->tag);
    put_i64(body, TAG_RECORD, ev->record);
    put_text(body, TAG_VERB, ev->verb);
    put_i64(body, TAG_ACTOR, ev->actor);
    put_i64(body, TAG_AT, ev->at_ms);
    put_i64(body, TAG_REV, ev->rev);
    if (ev->comment.n > 0)
        put_text(body, TAG_COMMENT, ev->comment);
    if (ev->files.n > 0)
        put_text(body, TAG_FILES, ev->files);
    for (size_t i = 0; i < n_rec_fields; i++)
        if (changed(&rec_fields[i], before, after))
            put_field(rec_fields[i].flags & F_PERSONAL ? part : body,
                      &rec_fields[i], after);
    if (ev->file_rows.n > 0)
        put_text(body, TAG_FILE_ROWS, ev->file_rows);
    if (ev->retold.n > 0)
        put_text(body, TAG_RETOLD, ev->retold);
    put_fields(l, before, after, body, part);
}

static bool
malformed(struct err *e)
{
    return err_set(e, ERR_STORE, NULL, "An event in the log is malformed");
}

static bool
next_item(struct str *rest, uint64_t *tag, struct str *bytes)
{
    uint64_t n;

    if (!get_uvar(rest, tag) || !get_uvar(rest, &n) || n > rest->n)
        return false;
    *bytes = (struct str){ rest->p, (size_t)n };
    rest->p += n;
    rest->n -= (size_t)n;
    return true;
}

static bool
get_i64(struct str bytes, int64_t *out)
{
    uint64_t u;

    if (!get_uvar(&bytes, &u) || bytes.n != 0)
        return false;
    *out = (int64_t)(u >> 1) ^ -(int64_t)(u & 1);
    return true;
}

static bool
own_item(uint64_t tag, struct str bytes, struct event *ev, int64_t *version)
{
    switch (tag) {
    case TAG_VERSION:
        return get_i64(bytes, version);
    case TAG_LEDGER:
        return get_i64(bytes, &ev->ledger);
    case TAG_RECORD:
        return get_i64(bytes, &ev->record);
    case TAG_VERB:
        ev->verb = bytes;
        return true;
    case TAG_ACTOR:
        return get_i64(bytes, &ev->actor);
    case TAG_AT:
        return get_i64(bytes, &ev->at_ms);
    case TAG_REV:
        return get_i64(bytes, &ev->rev);
    case TAG_COMMENT:
        ev->comment = bytes;
        return true;
    case TAG_FILES:
        ev->files = bytes;
        return bytes.n % EVENT_FILE == 0;
    default:
        return true;
    }
}

bool
event_decode(struct str body, struct event *out, struct err *e)
{
    struct event ev = { .verb = STR(""),
                        .comment = STR(""),
                        .files = STR(""),
                        .file_rows = STR(""),
                        .retold = STR("") };
    int64_t version = 0;
    struct str bytes;
    uint64_t tag;

    while (body.n > 0) {
        if (!next_item(&body, &tag, &bytes))
            return malformed(e);
        if (tag > TAG_RETOLD)
            break;
        if (tag == TAG_RETOLD)
            ev.retold = bytes;
        else if (tag == TAG_FILE_ROWS)
            ev.file_rows = bytes;
        else if (tag < TAG_HEADER && !own_item(tag, bytes, &ev, &version))
            return malformed(e);
    }
    if (version < 1 || version > EVENT_VERSION)
        return err_set(e, ERR_STORE, NULL,
                       "An event is of version %ld, which this program does "
                       "not know",
                       (long)version);
    *out = ev;
    return true;
}

bool
event_is_free(const struct ledger *l, const struct field *f)
{
    return field_is_free(f) && !((l->flags & L_DIR) && (f->flags & F_NAME));
}

void
event_text_without(const struct field *f, struct str value, struct str words,
                   struct buf *out, size_t *n)
{
    if (f->kind == FK_PARTS)
        parts_without(f->parts, value, words, out, n);
    else
        *n += buf_put_without(out, value, words);
}

/* One item again, without these words. */
static bool
put_rest(struct buf *b, uint64_t tag, const struct field *f, struct str value,
         struct str words, size_t *n)
{
    BUF(rest, 4 << 20);
    BUF(zh, 4 << 20);
    uint64_t en;

    if (f == NULL || field_ctype(f) == CT_STR) {
        if (f == NULL)
            *n += buf_put_without(&rest, value, words);
        else
            event_text_without(f, value, words, &rest, n);
        put_text(b, tag, buf_str(&rest));
    } else {
        if (!get_uvar(&value, &en) || en > value.n)
            return false;
        *n += buf_put_without(&rest, str_cut(value, 0, (size_t)en), words);
        *n += buf_put_without(&zh, str_cut(value, (size_t)en, value.n), words);
        put_text2(b, tag, &(struct text2){ buf_str(&rest), buf_str(&zh) });
    }
    b->over |= rest.over || zh.over;
    return true;
}

bool
event_without(const struct ledger *l, struct str body, struct str words,
              struct buf *out, size_t *n, struct err *e)
{
    *n = 0;
    while (body.n > 0) {
        const char *from = body.p;
        const struct field *f;
        struct str value;
        uint64_t tag;

        if (!next_item(&body, &tag, &value))
            return malformed(e);
        f = tag > TAG_RETOLD ? ledger_field_tag(l, tag) : NULL;
        if (tag != TAG_COMMENT && (f == NULL || !event_is_free(l, f)))
            buf_put(out, from, (size_t)(body.p - from));
        else if (!put_rest(out, tag, f, value, words, n))
            return malformed(e);
    }
    return true;
}

bool
event_each(const struct ledger *l, struct str bytes, event_field_fn *fn,
           void *arg, struct err *e)
{
    struct str value;
    uint64_t tag;

    while (bytes.n > 0) {
        const struct field *f;

        if (!next_item(&bytes, &tag, &value))
            return malformed(e);
        if (tag >= TAG_HEADER && (f = ledger_field_tag(l, tag)) != NULL &&
            !fn(f, value, arg, e))
            return false;
    }
    return true;
}

bool
event_value(const struct field *f, struct str bytes, void *rec, struct arena *a,
            struct err *e)
{
    uint64_t n;

    if (f->kind == FK_PARTS)
        return parts_apply(*field_str(f, rec), bytes, a, field_str(f, rec), e);
    switch (field_ctype(f)) {
    case CT_I64:
        return get_i64(bytes, field_i64(f, rec)) || malformed(e);
    case CT_STR:
        *field_str(f, rec) = bytes;
        return true;
    case CT_TEXT2:
        if (!get_uvar(&bytes, &n) || n > bytes.n)
            return malformed(e);
        field_text2(f, rec)->en = str_cut(bytes, 0, (size_t)n);
        field_text2(f, rec)->zh = str_cut(bytes, (size_t)n, bytes.n);
        return true;
    }
    return malformed(e);
}

struct applying {
    void *rec;
    struct arena *arena;
};

static bool
apply_one(const struct field *f, struct str bytes, void *arg, struct err *e)
{
    const struct applying *to = arg;

    return event_value(f, bytes, to->rec, to->arena, e);
}

bool
event_apply(const struct ledger *l, struct str bytes, void *rec,
            struct arena *a, struct err *e)
{
    return event_each(l, bytes, apply_one, &(struct applying){ rec, a }, e);
}
