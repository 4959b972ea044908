/* Words for the search index, made here and not by the database, so that one
 * way of splitting serves every engine. */
#include <stdio.h>

#include "base/letters.h"
#include "store/engine.h"
#include "store/search_again.h"

enum {
    /* Bytes of a word that count, in the index as in what is typed; an index of
     * PostgreSQL takes no more than 2,700. */
    WORD_MAX = 200,
    /* Words of what is typed that count: more than any text of a record that
     * somebody pastes to find it. */
    TYPED_MAX = 1000,
    /* Bytes of all words of a record: thirty for each letter, twice. */
    RECORD_MAX = 16 << 20
};

static bool
is_cjk(int32_t c)
{
    return (c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x3ffff) ||
           (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3005 && c <= 0x3007);
}

/* Where a splitter stands. Each word goes to b behind the mark, with a blank
 * between two: nothing but ASCII letters and digits and the bytes of letters
 * beyond, so that no engine finds anything in it to split or to understand. */
struct splitter {
    struct buf *b;
    struct str mark;
    bool singles;  /* every CJK character also stands for itself: an index */
    size_t n, max; /* words so far, and how many there may be */
    bool in_word;
    size_t began; /* where the word under way begins in b */
    bool paired;  /* the run of CJK under way has given a pair */
    int32_t prev; /* its last character; 0 = none */
};

static void
put_cp(struct buf *b, int32_t c)
{
    char u[4];

    buf_put(b, u, utf8_put(u, c));
}

static bool
begin_word(struct splitter *s)
{
    if (s->n >= s->max)
        return false;
    if (s->b->n > 0)
        buf_putc(s->b, ' ');
    buf_str_put(s->b, s->mark);
    s->began = s->b->n;
    s->n++;
    return true;
}

static void
put_pair(struct splitter *s, int32_t one, int32_t two)
{
    if (!begin_word(s))
        return;
    put_cp(s->b, one);
    if (two != 0)
        put_cp(s->b, two);
}

static void
end_run(struct splitter *s)
{
    if (s->prev != 0 && !s->paired && !s->singles)
        put_pair(s, s->prev, 0);
    s->prev = 0;
    s->paired = false;
}

static void
put_cjk(struct splitter *s, int32_t c)
{
    if (s->singles)
        put_pair(s, c, 0);
    if (s->prev != 0) {
        put_pair(s, s->prev, c);
        s->paired = true;
    }
    s->prev = c;
}

static void
put_letter(struct splitter *s, int32_t c)
{
    if (!s->in_word && !begin_word(s))
        return;
    s->in_word = true;
    if (s->b->n - s->began + 4 <= WORD_MAX)
        put_cp(s->b, c);
}

/* An accent that stands by itself belongs to the letter before, and is folded
 * away with it. */
static bool
is_accent(int32_t c)
{
    return c >= 0x300 && c <= 0x36f;
}

static void
split(struct splitter *s, struct str text)
{
    s->in_word = false;
    for (size_t at = 0; at < text.n;) {
        int32_t c = letter_fold(utf8_next(text, &at));

        if (is_accent(c))
            continue;
        if (is_cjk(c)) {
            s->in_word = false;
            put_cjk(s, c);
            continue;
        }
        end_run(s);
        if (letter_is(c))
            put_letter(s, c);
        else
            s->in_word = false;
    }
    end_run(s);
}

/* Where a word belongs: "t2l10x". Words of one ledger stand together in the
 * index and share these bytes; several ledgers are found by several words of
 * which one is enough. Hexadecimal digits have neither l nor x: no mark is the
 * beginning of another. */
static struct str
mark(char *p, size_t cap, int64_t tenant, const struct ledger *l)
{
    int n =
        snprintf(p, cap, "t%lxl%xx", (unsigned long)tenant, (unsigned)l->tag);

    return (struct str){ p, (size_t)n };
}

void
store_words(struct buf *b, int64_t tenant, const struct ledger *l,
            const void *rec)
{
    char m[48];
    struct splitter s = { .b = b,
                          .mark = mark(m, sizeof(m), tenant, l),
                          .singles = true,
                          .max = SIZE_MAX };

    split(&s, ((const struct rec *)rec)->no);
    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];

        if (!(f->flags & F_SEARCH) || f->see != NULL)
            continue;
        if (field_ctype(f) == CT_STR)
            split(&s, *field_str(f, rec));
        else if (field_ctype(f) == CT_TEXT2) {
            split(&s, field_text2(f, rec)->en);
            split(&s, field_text2(f, rec)->zh);
        }
    }
}

void
store_match(struct buf *b, int64_t tenant, const struct ledger *l,
            struct str typed)
{
    char m[48];
    struct splitter s = { .b = b,
                          .mark = mark(m, sizeof(m), tenant, l),
                          .max = TYPED_MAX };

    split(&s, typed);
    if (b->over)
        buf_clear(b);
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
    BUF(was, RECORD_MAX);
    BUF(is, RECORD_MAX);
    int64_t id = ((const struct rec *)after)->id;
    bool there;

    if (!search_has(st, tenant, l, id, &there, e))
        return false;
    if (!there) /* its turn comes, as it is then */
        return true;
    store_words(&is, tenant, l, after);
    if (before != NULL)
        store_words(&was, tenant, l, before);
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
