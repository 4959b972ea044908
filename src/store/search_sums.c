/* The index gives its words in their order, the rows give theirs by record:
 * neither can be walked beside the other. So both are summed up by record, under
 * a key that is thrown away afterwards, so that nobody can prepare words that
 * add up to others. Records share sums; where one does not come out, both sides
 * are walked again for the records that share it. */
#include "store/search_sums.h"

#include <sodium.h>
#include <stdlib.h>

#include "store/engine.h"

enum {
    SUMS = 1 << 16,
    NAMED = 1 << 14, /* records that a second walk tells apart */
    WORDS = 64 * 1024
};

struct named {
    int64_t id; /* 0: free */
    const char *table;
    uint64_t sum;
};

struct summing {
    struct store *st;
    unsigned char key[crypto_shorthash_KEYBYTES];
    uint64_t sum[SUMS];
    struct named *named; /* in the second walk */
    size_t n_named;
    int64_t tenant;
    const struct ledger *ledger;
    struct str *words; /* of one record */
};

static size_t
share_of(int64_t id)
{
    return (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 48);
}

/* Where a record is told apart; NULL: its sum came out, or there are too many. */
static struct named *
named_of(struct summing *s, int64_t id)
{
    size_t at = share_of(id);

    if (s->sum[at] == 0)
        return NULL;
    for (;; at++) {
        struct named *n = &s->named[at % (2 * NAMED)];

        if (n->id == id)
            return n;
        if (n->id == 0) {
            if (s->n_named == NAMED)
                return NULL;
            s->n_named++;
            n->id = id;
            return n;
        }
    }
}

/* One word of one record, or how long it is; sign: +1 of the index, -1 of the
 * rows. */
static void
add(struct summing *s, char what, struct str word, int64_t id, int sign)
{
    char text[512];
    uint64_t h;
    size_t n = word.n < 480 ? word.n : 480;
    struct named *at;

    text[0] = what;
    memcpy(text + 1, &id, sizeof(id));
    if (n > 0)
        memcpy(text + 1 + sizeof(id), word.p, n);
    crypto_shorthash((unsigned char *)&h, (const unsigned char *)text,
                     1 + sizeof(id) + n, s->key);
    h = sign > 0 ? h : 0 - h;
    if (s->named == NULL) {
        s->sum[share_of(id)] += h;
        return;
    }
    if ((at = named_of(s, id)) == NULL)
        return;
    at->sum += h;
    if (s->ledger != NULL)
        at->table = s->ledger->name;
}

static bool
add_index(struct summing *s, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    s->ledger = NULL;
    if (!rows_open(&r, s->st, stmt_walk(str_of(s->st->engine->search.each)),
                   NULL, 0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        add(s, 'w', rows_str(&r, 0), rows_i64(&r, 1), 1);
    rows_close(&r);
    if (!ok || s->st->engine->search.sizes == NULL)
        return ok;
    if (!rows_open(&r, s->st, stmt_walk(str_of(s->st->engine->search.sizes)),
                   NULL, 0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        add(s, 's', rows_str(&r, 1), rows_i64(&r, 0), 1);
    rows_close(&r);
    return ok;
}

static int
by_word(const void *x, const void *y)
{
    const struct str *a = x, *b = y;
    int c = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);

    return c != 0 ? c : (a->n > b->n) - (a->n < b->n);
}

/* A count of words as FTS5 writes one. */
static struct str
size_of(char out[8], size_t n)
{
    size_t len = 1;

    for (size_t rest = n >> 7; rest > 0; rest >>= 7)
        len++;
    for (size_t i = len; i-- > 0; n >>= 7)
        out[i] = (char)((n & 0x7f) | (i + 1 < len ? 0x80 : 0));
    return (struct str){ out, len };
}

static bool
add_record(void *rec, void *arg, struct err *e)
{
    struct summing *s = arg;
    int64_t id = ((const struct rec *)rec)->id;
    struct str rest, one;
    size_t n = 0;
    char size[8];
    BUF(b, 1 << 20);

    store_words(&b, s->tenant, s->ledger, rec);
    rest = buf_str(&b);
    while (rest.n > 0 && n < WORDS && str_split(&rest, ' ', &one))
        s->words[n++] = one;
    if (b.over || n == WORDS)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (s->st->engine->search.sizes != NULL)
        add(s, 's', size_of(size, n), id, -1);
    if (n > 0)
        qsort(s->words, n, sizeof(*s->words), by_word);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_word(&s->words[i], &s->words[i - 1]) != 0)
            add(s, 'w', s->words[i], id, -1);
    return true;
}

static bool
add_rows(struct summing *s, struct err *e)
{
    int64_t id = INT64_MIN;

    while (stmt_one(s->st,
                    stmt_composed(STR("SELECT id FROM tenant WHERE id > $1"
                                      " ORDER BY id LIMIT 1")),
                    ARGS(ARG(id)), NULL, COLS(COL(&id)), e)) {
        s->tenant = id;
        for (size_t i = 0; i < n_ledgers; i++) {
            s->ledger = ledgers[i];
            if (!store_rec_each(s->st, id, ledgers[i], NULL, add_record, s, e))
                return false;
        }
    }
    return e->code == ERR_MISSING;
}

static bool
all_came_out(const struct summing *s)
{
    for (size_t i = 0; i < SUMS; i++)
        if (s->sum[i] != 0)
            return false;
    return true;
}

static void
tell(const struct summing *s, store_wrong_fn *fn, void *arg)
{
    struct err what = { 0 };
    int n = 0;

    for (size_t i = 0; i < 2 * NAMED; i++) {
        const struct named *k = &s->named[i];

        if (k->id == 0 || k->sum == 0)
            continue;
        err_put(&what, ERR_STORE, NULL,
                k->table != NULL
                    ? "the index of words does not say what its row says"
                    : "the index of words knows a record that is not there");
        if (n++ < SOUND_MAX)
            fn(&(struct store_wrong){ k->table != NULL ? k->table : "search",
                                      k->id, NULL, &what },
               arg);
    }
    if (n <= SOUND_MAX)
        return;
    err_put(&what, ERR_STORE, NULL,
            "the index of words is wrong for %d records or more", n);
    fn(&(struct store_wrong){ "search", -1, NULL, &what }, arg);
}

static bool
sum_up(struct summing *s, store_wrong_fn *fn, void *arg, struct err *e)
{
    randombytes_buf(s->key, sizeof(s->key));
    if (!add_index(s, e) || !add_rows(s, e))
        return false;
    if (all_came_out(s))
        return true;
    if ((s->named = calloc(2 * NAMED, sizeof(*s->named))) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!add_index(s, e) || !add_rows(s, e))
        return false;
    tell(s, fn, arg);
    return true;
}

bool
store_search_check(struct store *st, bool *waits, store_wrong_fn *fn, void *arg,
                   struct err *e)
{
    struct summing *s;
    int64_t tenant;
    bool ok;

    if (!store_search_next(st, &tenant, e))
        return false;
    if ((*waits = tenant != 0))
        return true;
    if ((s = calloc(1, sizeof(*s))) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    s->st = st;
    s->words = calloc(WORDS, sizeof(*s->words));
    ok = s->words != NULL
             ? sum_up(s, fn, arg, e)
             : err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    free(s->named);
    free(s->words);
    free(s);
    return ok;
}
