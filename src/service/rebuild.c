#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "service/effects.h"
#include "service/rebuild.h"
#include "service/replay.h"
#include "service/tally.h"
#include "store/stmt.h"

/* ---- what stands there: one hash a table ------------------------------------ */

struct picture {
    const char *table;
    int64_t tenant, rows;
    struct hash h;
};

struct pictures {
    struct picture *at;
    size_t n, room;
};

static void
fold_in(struct picture *p, struct str bytes)
{
    hash_of(&p->h, (const struct str[]){ hash_str(&p->h), bytes }, 2);
    p->rows++;
}

struct drawing {
    struct picture *p;
    const struct ledger *l;
    struct buf body, part;
};

static bool
draw_record(void *rec, void *arg, struct err *e)
{
    struct drawing *d = arg;
    const struct rec *r = rec;
    const struct event ev = { .record = r->id,
                              .rev = r->rev,
                              .verb = STR(""),
                              .comment = STR(""),
                              .files = STR("") };

    buf_clear(&d->body);
    buf_clear(&d->part);
    event_encode(d->l, &ev, NULL, rec, &d->body, &d->part);
    fold_in(d->p, buf_str(&d->body));
    fold_in(d->p, buf_str(&d->part));
    d->p->rows--;
    return !d->body.over ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}

static bool
draw_ledger(struct store *st, int64_t tenant, const struct ledger *l,
            struct picture *p, struct err *e)
{
    struct drawing d = { .p = p, .l = l };
    bool ok;

    buf_init(&d.body, 4 << 20);
    buf_init(&d.part, 4 << 20);
    ok = store_rec_each(st, tenant, l, NULL, draw_record, &d, e);
    buf_fini(&d.body);
    buf_fini(&d.part);
    return ok;
}

/* kinds: 'i' or 's' for each column. */
static bool
draw_query(struct store *st, const struct stmt *q, const char *kinds,
           struct picture *p, struct err *e)
{
    struct rows r;
    bool ok, more = false;
    BUF(b, 64 * 1024);

    if (!rows_open(&r, st, q, ARGS(ARG(p->tenant)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        buf_clear(&b);
        for (int i = 0; kinds[i] != '\0'; i++) {
            if (kinds[i] == 'i')
                buf_i64(&b, rows_i64(&r, i));
            else
                buf_str_put(&b, rows_str(&r, i));
            buf_putc(&b, '\n');
        }
        fold_in(p, buf_str(&b));
    }
    rows_close(&r);
    return ok;
}

static struct picture *
blank(struct pictures *all, const char *table, int64_t tenant)
{
    struct picture *p;

    if (all->n == all->room) {
        size_t room = all->room == 0 ? 64 : 2 * all->room;

        if ((p = realloc(all->at, room * sizeof(*p))) == NULL)
            return NULL;
        all->at = p;
        all->room = room;
    }
    p = &all->at[all->n++];
    *p = (struct picture){ .table = table, .tenant = tenant };
    return p;
}

static bool
draw_tenant(struct store *st, int64_t tenant, struct pictures *all,
            struct err *e)
{
    static const struct {
        const char *table, *kinds;
        enum stmt_id q;
    } plain[] = { { "counter", "iisii", Q_COUNT_ALL },
                  { "number", "iiii", Q_NUMBER_ALL },
                  { "directory", "si", Q_DIRECTORY_ALL } };
    struct picture *p;

    for (size_t i = 0; i < n_ledgers; i++)
        if ((p = blank(all, ledgers[i]->name, tenant)) == NULL ||
            !draw_ledger(st, tenant, ledgers[i], p, e))
            return false;
    for (size_t i = 0; i < N_OF(plain); i++)
        if ((p = blank(all, plain[i].table, tenant)) == NULL ||
            !draw_query(st, &stmts[plain[i].q], plain[i].kinds, p, e))
            return false;
    return true;
}

static bool
draw(struct store *st, const struct tenant *list, size_t n,
     struct pictures *all, struct err *e)
{
    struct picture *p;

    for (size_t i = 0; i < n; i++)
        if (!draw_tenant(st, list[i].id, all, e))
            return e->code != ERR_NONE
                       ? false
                       : err_set(e, ERR_BUSY, NULL,
                                 "The server is short of memory");
    p = blank(all, "search", 0);
    return p != NULL && store_search_picture(st, &p->h, &p->rows, e);
}

static void
compare(struct rebuild *r, const struct pictures *was,
        const struct pictures *is)
{
    for (size_t i = 0; i < was->n && i < is->n; i++) {
        const struct picture *a = &was->at[i], *b = &is->at[i];

        if (memcmp(&a->h, &b->h, sizeof(a->h)) == 0)
            continue;
        if (r->n_told < REBUILD_TOLD)
            snprintf(r->told[r->n_told], sizeof(r->told[0]),
                     "tenant %ld, table %s: %ld rows, were %ld",
                     (long)a->tenant, a->table, (long)b->rows, (long)a->rows);
        r->n_told++;
    }
}

/* ---- making it again ---------------------------------------------------------- */

struct making {
    struct rebuild *r;
    struct tx *tx;
    int64_t tenant;
    const struct dir *dir;
    struct tallies counts;
};

static bool
make_record(const struct replayed *p, void *arg, struct err *e)
{
    struct making *m = arg;
    struct store *st = m->tx->st;
    const struct person *who = p->rec;

    m->r->records++;
    if (!store_rec_add(st, m->tenant, p->ledger, p->rec, e) ||
        !store_search_put(st, m->tenant, p->ledger, NULL, p->rec, e) ||
        !effects_each_count(m->dir, p->ledger, p->rec, tally_add, &m->counts,
                            e))
        return false;
    return p->ledger != &person_ledger || who->r.state != 1 ||
           who->login.n == 0 ||
           QRUN(st, DIRECTORY_PUT, e, ARG(who->login), ARG(m->tenant),
                ARG(who->r.id));
}

/* Each once: a row that one transaction changes a hundred thousand times is as
 * many versions to look through on PostgreSQL. */
static bool
put_counts(const struct making *m, struct err *e)
{
    for (size_t i = 0; i < m->counts.room; i++) {
        const struct tally *t = &m->counts.at[i];

        if (t->dim != NULL && !QRUN(m->tx->st, COUNT_ADD, e, ARG(m->tenant),
                                    ARG((int64_t)t->ledger->tag), ARG(t->org),
                                    ARG(str_of(t->dim)), ARG(t->v), ARG(t->n)))
            return false;
    }
    return true;
}

static bool
put_number(int64_t org, int64_t ledger, int64_t year, int64_t n, void *arg,
           struct err *e)
{
    struct making *m = arg;

    return QRUN(m->tx->st, NUMBER_PUT, e, ARG(m->tenant), ARG(org), ARG(ledger),
                ARG(year), ARG(n));
}

static bool
walk_numbers(struct making *m, struct replay_numbers *all, struct err *e)
{
    struct rows q;
    bool ok, more = false;

    if (!rows_open(&q, m->tx->st, &stmts[Q_EVENT_ALL], ARGS(ARG(m->tenant)), e))
        return false;
    while ((ok = rows_next(&q, &more, e)) && more) {
        struct str body = rows_str(&q, 8);
        struct event ev;

        if (body.n > 0 && (!(ok = event_decode(body, &ev, e)) ||
                           !(ok = replay_numbers_event(all, &ev, body, e))))
            break;
    }
    rows_close(&q);
    return ok;
}

static bool
make_numbers(struct making *m, struct err *e)
{
    struct replay_numbers *all = replay_numbers_new();
    bool ok;

    if (all == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    ok = walk_numbers(m, all, e) && replay_numbers_each(all, put_number, m, e);
    replay_numbers_free(all);
    return ok;
}

static bool
wipe(struct making *m, struct err *e)
{
    for (size_t i = 0; i < n_ledgers; i++)
        if (!store_rec_wipe(m->tx->st, m->tenant, ledgers[i], e))
            return false;
    return QRUN(m->tx->st, COUNT_WIPE, e, ARG(m->tenant)) &&
           QRUN(m->tx->st, NUMBER_WIPE, e, ARG(m->tenant)) &&
           QRUN(m->tx->st, DIRECTORY_WIPE, e, ARG(m->tenant));
}

static bool
make_tenant(struct making *m, struct err *e)
{
    const struct replay_sink sink = { .record = make_record, .arg = m };
    struct dir *d = dir_load(m->tx->st, m->tenant, e);
    bool ok;

    if (d == NULL)
        return false;
    m->dir = d;
    ok = wipe(m, e) && make_numbers(m, e) &&
         replay_each(m->tx->st, m->tenant, &sink, e) && put_counts(m, e) &&
         QRUN(m->tx->st, VERSION_BUMP, e, ARG(m->tenant), ARG((int64_t)0),
              ARG((int64_t)0));
    tally_fini(&m->counts);
    dir_free(d);
    return ok;
}

static bool
make_all(struct tx *tx, struct rebuild *r, const struct tenant *list, size_t n,
         struct err *e)
{
    if (!stmt_run(tx->st, &stmts[Q_SEARCH_WIPE], NULL, 0, NULL, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct making m = { .r = r, .tx = tx, .tenant = list[i].id };

        if (!make_tenant(&m, e))
            return false;
    }
    return true;
}

/* An index that is not whole yet differs from what comes out, and is well. */
static bool
all_words(struct tx *tx, struct err *e)
{
    bool more = true;

    while (more)
        if (!store_search_again(tx->st, INT_MAX, &more, e))
            return false;
    return true;
}

static bool
rebuild_job(struct tx *tx, void *arg, struct err *e)
{
    struct rebuild *r = arg;
    struct pictures was = { .n = 0 }, is = { .n = 0 };
    struct tenant *list;
    size_t n;
    bool ok;

    r->records = 0;
    r->n_told = 0;
    r->compared = false;
    ok = (r->check || store_reindex(tx->st, e)) && all_words(tx, e) &&
         tenants_read(tx->st, tx->arena, &list, &n, e) &&
         draw(tx->st, list, n, &was, e) && make_all(tx, r, list, n, e) &&
         draw(tx->st, list, n, &is, e);
    if (ok)
        compare(r, &was, &is);
    free(was.at);
    free(is.at);
    r->compared = ok;
    /* false: taken back, whatever came out */
    return ok && (!r->check || err_set(e, ERR_CONFLICT, NULL, "Only checked"));
}

bool
rebuild_run(struct writer *w, struct rebuild *r, struct err *e)
{
    return writer_run(w, rebuild_job, r, e) || (r->check && r->compared);
}
