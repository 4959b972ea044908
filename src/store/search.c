/* Words for the search index, made here and not by the database, so that one
 * way of splitting serves every engine. */
#include "store/engine.h"

static bool
is_cjk(int32_t c)
{
    return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
           (c >= 0x20000 && c <= 0x3ffff) || (c >= 0x3040 && c <= 0x30ff);
}

static bool
is_word(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c < 0x2000 && c != 0xd7) ||
           (c >= 0xff10 && c <= 0xff5a);
}

/* Full-width to ASCII, and ASCII to lower case. */
static int32_t
fold(int32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0;
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static void
put_cp(struct buf *b, int32_t c)
{
    char u[4];

    buf_put(b, u, utf8_put(u, c));
}

/* Where a splitter stands: words go to b, each behind sep. */
struct splitter {
    struct buf *b;
    const char *sep;
    bool singles; /* every CJK character also stands for itself: an index */
    size_t max;   /* bytes of a word that are kept; 0 = all */
    bool in_word;
    size_t began; /* where the word under way begins in b */
    bool paired;  /* the run of CJK under way has given a pair */
    int32_t prev; /* its last character; 0 = none */
};

static void
end_run(struct splitter *s)
{
    if (s->prev != 0 && !s->paired && !s->singles) {
        buf_puts(s->b, s->sep);
        put_cp(s->b, s->prev);
    }
    s->prev = 0;
    s->paired = false;
}

static void
put_cjk(struct splitter *s, int32_t c)
{
    if (s->singles) {
        buf_puts(s->b, s->sep);
        put_cp(s->b, c);
    }
    if (s->prev != 0) {
        buf_puts(s->b, s->sep);
        put_cp(s->b, s->prev);
        put_cp(s->b, c);
        s->paired = true;
    }
    s->prev = c;
}

static void
put_letter(struct splitter *s, int32_t c)
{
    if (!s->in_word) {
        buf_puts(s->b, s->sep);
        s->began = s->b->n;
    }
    if (s->max == 0 || s->b->n - s->began + 4 <= s->max)
        put_cp(s->b, c);
}

static void
split(struct buf *b, struct str text, const char *sep, bool singles, size_t max)
{
    struct splitter s = { .b = b, .sep = sep, .singles = singles, .max = max };

    for (size_t at = 0; at < text.n;) {
        int32_t c = fold(utf8_next(text, &at));

        if (is_cjk(c)) {
            s.in_word = false;
            put_cjk(&s, c);
            continue;
        }
        end_run(&s);
        if (is_word(c))
            put_letter(&s, c);
        s.in_word = is_word(c);
    }
    end_run(&s);
}

static void
put_mark(struct buf *b, int64_t tenant, const struct ledger *l)
{
    buf_printf(b, "t%lxl%x", (unsigned long)tenant, (unsigned)l->tag);
}

static void
put_record(struct buf *b, int64_t tenant, const struct ledger *l,
           const void *rec, size_t max)
{
    put_mark(b, tenant, l);
    split(b, ((const struct rec *)rec)->no, " ", true, max);
    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];

        if (!(f->flags & F_SEARCH) || f->see != NULL)
            continue;
        if (field_ctype(f) == CT_STR)
            split(b, *field_str(f, rec), " ", true, max);
        else if (field_ctype(f) == CT_TEXT2) {
            split(b, field_text2(f, rec)->en, " ", true, max);
            split(b, field_text2(f, rec)->zh, " ", true, max);
        }
    }
}

void
store_words(struct buf *b, int64_t tenant, const struct ledger *l,
            const void *rec)
{
    put_record(b, tenant, l, rec, 0);
}

void
store_match(struct buf *b, int64_t tenant, const struct ledger *l,
            struct str typed)
{
    BUF(words, 4096);

    split(&words, utf8_head(typed, 200), " AND ", false, 0);
    if (words.n == 0 || words.over)
        return;
    put_mark(b, tenant, l);
    buf_str_put(b, buf_str(&words));
}

static bool
put_words(struct store *st, int64_t tenant, int64_t id, bool forget,
          struct str words, struct err *e)
{
    struct search_queue *q = store_search_queue(st);

    if (q != NULL)
        return search_queue_add(q, st, tenant, id, forget, words, e);
    return forget ? QRUN(st, SEARCH_FORGET, e, ARG(tenant), ARG(id), ARG(words))
                  : QRUN(st, SEARCH_ADD, e, ARG(tenant), ARG(id), ARG(words));
}

bool
store_search_put(struct store *st, int64_t tenant, const struct ledger *l,
                 const void *before, const void *after, struct err *e)
{
    BUF(was, 1 << 20);
    BUF(is, 1 << 20);
    int64_t id = ((const struct rec *)after)->id;

    put_record(&is, tenant, l, after, st->engine->search.word_max);
    if (before != NULL)
        put_record(&was, tenant, l, before, st->engine->search.word_max);
    if (is.over || was.over) /* the index forgets only what it was told */
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (before != NULL) {
        if (str_eq(buf_str(&was), buf_str(&is)))
            return true;
        if (!put_words(st, tenant, id, true, buf_str(&was), e))
            return false;
    }
    return put_words(st, tenant, id, false, buf_str(&is), e);
}

bool
store_search_tidy(struct store *st, bool begin, bool *more, struct err *e)
{
    *more = false;
    return st->engine->tidy_search == NULL ||
           st->engine->tidy_search(st, begin, more, e);
}

bool
store_search_picture(struct store *st, struct hash *h, int64_t *n,
                     struct err *e)
{
    struct rows r;
    bool ok, more = false;
    BUF(b, 4096);

    /* words that wait for the commit belong into the picture */
    if (store_search_queue(st) != NULL &&
        !search_queue_flush(store_search_queue(st), st, e))
        return false;
    if (!rows_open(&r, st, stmt_walk(str_of(st->engine->search.each)), NULL, 0,
                   e))
        return false;
    *h = (struct hash){ { 0 } };
    *n = 0;
    while ((ok = rows_next(&r, &more, e)) && more) {
        buf_clear(&b);
        buf_printf(&b, "%ld ", (long)rows_i64(&r, 1));
        buf_str_put(&b, rows_str(&r, 0));
        hash_of(h, (const struct str[]){ hash_str(h), buf_str(&b) }, 2);
        ++*n;
    }
    rows_close(&r);
    return ok;
}
