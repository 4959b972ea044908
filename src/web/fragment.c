#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "store/stmt.h"
#include "web/fragment.h"

enum { SLOTS = 512, WAYS = 8 };

struct fragment {
    atomic_uint refs; /* one of the cache, one of each answer under way */
    struct fragment_key key;
    int64_t valid_until, used;
    size_t n;
    char bytes[];
};

struct fragments {
    pthread_mutex_t lock;
    struct fragment *at[SLOTS];
    size_t bytes, max;
    int64_t clock; /* counts uses: the oldest of a set goes first */
};

struct fragments *
fragments_new(size_t max_bytes, struct err *e)
{
    struct fragments *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    pthread_mutex_init(&c->lock, NULL);
    c->max = max_bytes;
    return c;
}

void
fragment_release(void *arg)
{
    struct fragment *f = arg;

    if (f != NULL && atomic_fetch_sub(&f->refs, 1) == 1)
        free(f);
}

static void
drop(struct fragments *c, struct fragment **slot)
{
    if (*slot == NULL)
        return;
    c->bytes -= (*slot)->n;
    fragment_release(*slot);
    *slot = NULL;
}

void
fragments_free(struct fragments *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        drop(c, &c->at[i]);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static bool
same(const struct fragment_key *a, const struct fragment_key *b)
{
    return memcmp(&a->hash, &b->hash, sizeof(a->hash)) == 0;
}

static struct fragment **
set_of(struct fragments *c, const struct fragment_key *k)
{
    return &c->at[(k->hash.b[0] | k->hash.b[1] << 8) % (SLOTS / WAYS) * WAYS];
}

struct fragment *
fragment_find(struct fragments *c, const struct fragment_key *k, int64_t now)
{
    struct fragment **set = set_of(c, k), *found = NULL;

    pthread_mutex_lock(&c->lock);
    for (int i = 0; i < WAYS && found == NULL; i++) {
        struct fragment *f = set[i];

        if (f == NULL || !same(&f->key, k))
            continue;
        if (f->key.ledger_version != k->ledger_version ||
            f->key.dir_version != k->dir_version || now >= f->valid_until) {
            drop(c, &set[i]);
            break;
        }
        f->used = ++c->clock;
        atomic_fetch_add(&f->refs, 1);
        found = f;
    }
    pthread_mutex_unlock(&c->lock);
    return found;
}

/* The place for a piece: its own, a free one, or the oldest of its set. */
static struct fragment **
place(struct fragments *c, const struct fragment_key *k)
{
    struct fragment **set = set_of(c, k), **best = set;

    for (int i = 0; i < WAYS; i++) {
        if (set[i] != NULL && same(&set[i]->key, k))
            return &set[i];
        if (set[i] == NULL || (*best != NULL && set[i]->used < (*best)->used))
            best = &set[i];
    }
    return best;
}

struct fragment *
fragment_keep(struct fragments *c, const struct fragment_key *k,
              struct str bytes, int64_t valid_until)
{
    struct fragment *f = malloc(sizeof(*f) + bytes.n), **slot;

    if (f == NULL)
        return NULL;
    *f = (struct fragment){ .key = *k,
                            .valid_until = valid_until,
                            .n = bytes.n };
    atomic_store(&f->refs, 1); /* the caller's */
    memcpy(f->bytes, bytes.p, bytes.n);
    pthread_mutex_lock(&c->lock);
    slot = place(c, k);
    drop(c, slot);
    if (c->bytes + f->n <= c->max) {
        atomic_fetch_add(&f->refs, 1);
        f->used = ++c->clock;
        c->bytes += f->n;
        *slot = f;
    }
    pthread_mutex_unlock(&c->lock);
    return f;
}

struct str
fragment_bytes(const struct fragment *f)
{
    return (struct str){ f->bytes, f->n };
}

static bool
version(struct rq *rq, int64_t ledger, int64_t *v, struct err *e)
{
    *v = 0;
    return stmt_one(
               rq->st, &stmts[Q_VERSION_GET],
               ARGS(ARG(rq->who.dir->tenant.id), ARG(ledger), ARG((int64_t)0)),
               NULL, COLS(COL(v)), e) ||
           e->code == ERR_MISSING;
}

/* The reader's posts decide what is seen: two people with the same ones see
 * the same. */
static void
put_posts(struct rq *rq, struct buf *b)
{
    const struct dir *d = rq->who.dir;
    int64_t today = zone_day(d->rules.zone, rq->who.now);
    size_t lo = 0, hi = d->n_post;

    while (lo < hi) { /* posts are sorted by person */
        size_t mid = (lo + hi) / 2;

        if (d->post[mid].person < rq->who.person)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < d->n_post && d->post[lo].person == rq->who.person; lo++) {
        const struct dir_post *p = &d->post[lo];

        if ((p->from_on == 0 || p->from_on <= today) &&
            (p->to_on == 0 || p->to_on >= today)) {
            buf_i64(b, p->org);
            buf_putc(b, ':');
            buf_i64(b, p->role);
            buf_putc(b, ',');
        }
    }
}

static bool
is_paging(struct str name)
{
    return str_is(name, "after") || str_is(name, "key");
}

bool
fragment_key_of(struct rq *rq, const struct ledger *l, enum fragment_part part,
                struct fragment_key *k, struct err *e)
{
    BUF(b, 64 * 1024);

    buf_i64(&b, rq->who.dir->tenant.id);
    buf_putc(&b, part == PART_FORM ? 'f' : 'r');
    buf_puts(&b, l->name);
    buf_putc(&b, rq->lang == LANG_ZH ? 'z' : 'e');
    put_posts(rq, &b);
    if (l == &person_ledger) /* one's own telephone is shown to oneself */
        buf_i64(&b, rq->who.person);
    for (size_t i = 0; i < rq->http->n_query; i++) {
        const struct http_param *p = &rq->http->query[i];

        if (part == PART_FORM && is_paging(p->name))
            continue;
        buf_putc(&b, '\n');
        buf_i64(&b, (int64_t)p->name.n);
        buf_str_put(&b, p->name);
        buf_putc(&b, '=');
        buf_str_put(&b, p->value);
    }
    if (b.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    hash_of(&k->hash, (const struct str[]){ buf_str(&b) }, 1);
    k->dir_version = rq->who.dir->version;
    k->ledger_version = 0;
    return part == PART_FORM ||
           version(rq, l->flags & L_DIR ? 0 : l->tag, &k->ledger_version, e);
}
