/* Every projection of one tenant against what the events give: rows field by
 * field, counters, numbers, sign-in names. */
#include <stdio.h>
#include <stdlib.h>

#include "domain/parts.h"
#include "service/effects.h"
#include "service/tally.h"
#include "service/verify_int.h"

struct rowwalk {
    struct checking *c;
    const struct dir *dir;
    struct tallies counts;
};

/* ---- counters ------------------------------------------------------------------- */

static void
say_counter(struct rowwalk *w, const struct ledger *l, int64_t org,
            struct str dim, int64_t v, const int64_t is_want[2])
{
    char what[96];

    /* dim and v in one word: at most four values fit an error */
    snprintf(what, sizeof(what), "%.*s=%ld", STR_ARG(dim), (long)v);
    SAY(w->c, spot("counter", org, -1), "%s %s counts %ld, the log gives %ld",
        l != NULL ? l->name : "?", what, (long)is_want[0], (long)is_want[1]);
}

static bool
check_counters(struct rowwalk *w, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, w->c->st, &stmts[Q_COUNT_ALL],
                   ARGS(ARG(w->c->tenant->id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        const struct ledger *l = ledger_by_tag((uint16_t)rows_i64(&r, 0));
        int64_t org = rows_i64(&r, 1), v = rows_i64(&r, 3);
        struct str dim = rows_str(&r, 2);
        struct tally *t =
            l != NULL ? tally_find(&w->counts, l, org, dim, v) : NULL;
        int64_t want = t != NULL ? t->n : 0;

        if (want != rows_i64(&r, 4))
            say_counter(w, l, org, dim, v,
                        (const int64_t[]){ rows_i64(&r, 4), want });
        if (t != NULL)
            t->n = 0; /* seen */
    }
    rows_close(&r);
    for (size_t i = 0; ok && i < w->counts.room; i++) {
        const struct tally *t = &w->counts.at[i];

        if (t->dim != NULL && t->n != 0)
            say_counter(w, t->ledger, t->org, str_of(t->dim), t->v,
                        (const int64_t[]){ 0, t->n });
    }
    return ok;
}

/* ---- rows ------------------------------------------------------------------------- */

static void
compare(struct rowwalk *w, const struct replayed *r, const void *is)
{
    const struct ledger *l = r->ledger;
    struct spot at = spot(l->name, r->id, r->seq);

    if (((const struct rec *)is)->rev != ((const struct rec *)r->rec)->rev) {
        at.field = "rev";
        SAY(w->c, at, "field %s differs from the log", at.field);
    }
    for (size_t i = 0; i < n_rec_fields + l->n_fields; i++) {
        const struct field *f =
            i < n_rec_fields ? &rec_fields[i] : &l->fields[i - n_rec_fields];

        if (field_equal(f, is, r->rec))
            continue;
        at.field = f->name;
        at.seq = r->seq_of[i] >= 0 ? r->seq_of[i] : r->seq;
        SAY(w->c, at, "field %s differs from the log", f->name);
    }
}

/* Ids in a field of files: each must be there. Their hashes are checked with
 * the event that names them. */
static bool
check_files(struct rowwalk *w, const struct replayed *r, struct err *e)
{
    for (size_t i = 0; i < r->ledger->n_fields; i++) {
        const struct field *f = &r->ledger->fields[i];
        struct field_files ids;
        struct str one;
        int64_t id;

        field_files_of(f, r->rec, &ids);
        while (field_files_next(&ids, &one))
            if (str_i64(one, &id) &&
                !verify_named_file(w->c, r->seq_of[n_rec_fields + i], r->id, id,
                                   STR(""), e))
                return false;
    }
    return true;
}

static bool
check_login(struct rowwalk *w, const struct person *p, struct err *e)
{
    int64_t tenant = 0, person = 0;

    if (p->r.state != 1 || p->login.n == 0)
        return true;
    if (!stmt_one(w->c->st, &stmts[Q_DIRECTORY_GET], ARGS(ARG(p->login)), NULL,
                  COLS(COL(&tenant), COL(&person)), e) &&
        e->code != ERR_MISSING)
        return false;
    if (tenant != w->c->tenant->id || person != p->r.id)
        SAY(w->c, spot("directory", p->r.id, -1),
            "the sign-in name \"%.*s\" does not lead to this person",
            STR_ARG(p->login));
    return true;
}

static bool
check_record(const struct replayed *r, void *arg, struct err *e)
{
    struct rowwalk *w = arg;
    void *is = arena_alloc(r->arena, r->ledger->size);

    if (is == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    w->c->v->rows++;
    if (store_rec_get(w->c->st, w->c->tenant->id, r->ledger, r->id, r->arena,
                      is, e))
        compare(w, r, is);
    else if (e->code == ERR_MISSING)
        SAY(w->c, spot(r->ledger->name, r->id, r->seq), "its row is missing");
    else
        return false;
    return check_files(w, r, e) &&
           effects_each_count(w->dir, r->ledger, r->rec, tally_add, &w->counts,
                              e) &&
           (r->ledger != &person_ledger || check_login(w, r->rec, e));
}

static bool
bad_event(int64_t record, int64_t seq, const struct err *why, void *arg,
          struct err *e)
{
    struct rowwalk *w = arg;

    (void)e;
    (void)record;
    verify_say(w->c, spot("event", seq, seq), why);
    return true;
}

struct stray {
    struct rowwalk *w;
    const struct ledger *l;
};

static bool
say_stray(int64_t id, void *arg, struct err *e)
{
    const struct stray *s = arg;

    (void)e;
    SAY(s->w->c, spot(s->l->name, id, -1), "the log knows nothing of this row");
    return true;
}

/* ---- sign-in names and numbers --------------------------------------------------- */

static bool
check_directory(struct rowwalk *w, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, w->c->st, &stmts[Q_DIRECTORY_ALL],
                   ARGS(ARG(w->c->tenant->id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        const struct dir_person *p = dir_person(w->dir, rows_i64(&r, 1));

        if (p == NULL || p->state != 1 || !str_eq(p->login, rows_str(&r, 0)))
            SAY(w->c, spot("directory", rows_i64(&r, 1), -1),
                "the sign-in name \"%.*s\" is nobody's",
                STR_ARG(rows_str(&r, 0)));
    }
    rows_close(&r);
    return ok;
}

struct numbering {
    struct checking *c;
    struct rows r;
    bool more;
};

static void
say_number(struct checking *c, int64_t org, const int64_t key_is_want[4])
{
    const struct ledger *l = ledger_by_tag((uint16_t)key_is_want[0]);

    SAY(c, spot("number", org, -1),
        "%s of %ld stands at %ld, the log gives %ld", l != NULL ? l->name : "?",
        (long)key_is_want[1], (long)key_is_want[2], (long)key_is_want[3]);
}

/* Rows before the next number of the log: nobody was given these. */
static bool
check_number(int64_t org, int64_t ledger, int64_t year, int64_t n, void *arg,
             struct err *e)
{
    struct numbering *w = arg;

    for (; w->more;) {
        int64_t o = rows_i64(&w->r, 0), l = rows_i64(&w->r, 1);
        int64_t y = rows_i64(&w->r, 2), is = rows_i64(&w->r, 3);
        bool same = o == org && l == ledger && y == year;

        if (!same && (o > org ||
                      (o == org && (l > ledger || (l == ledger && y > year)))))
            break;
        if (!same || is != n)
            say_number(w->c, o, (const int64_t[]){ l, y, is, same ? n : 0 });
        if (!rows_next(&w->r, &w->more, e))
            return false;
        if (same)
            return true;
    }
    say_number(w->c, org, (const int64_t[]){ ledger, year, 0, n });
    return true;
}

/* What is left: the log gave none of these. */
static bool
check_spare(struct numbering *w, struct err *e)
{
    while (w->more) {
        say_number(w->c, rows_i64(&w->r, 0),
                   (const int64_t[]){ rows_i64(&w->r, 1), rows_i64(&w->r, 2),
                                      rows_i64(&w->r, 3), 0 });
        if (!rows_next(&w->r, &w->more, e))
            return false;
    }
    return true;
}

static bool
check_numbers(struct checking *c, struct err *e)
{
    struct numbering w = { .c = c };
    bool ok;

    if (!rows_open(&w.r, c->st, &stmts[Q_NUMBER_ALL], ARGS(ARG(c->tenant->id)),
                   e))
        return false;
    ok = rows_next(&w.r, &w.more, e) &&
         replay_numbers_each(c->numbers, check_number, &w, e) &&
         check_spare(&w, e);
    rows_close(&w.r);
    return ok;
}

bool
verify_rows(struct checking *c, struct err *e)
{
    struct rowwalk w = { .c = c };
    const struct replay_sink sink = { .record = check_record,
                                      .bad = bad_event,
                                      .arg = &w };
    struct dir *d = dir_load(c->st, c->tenant->id, e);
    bool ok;

    if (d == NULL)
        return false;
    w.dir = d;
    /* numbers come out of the walk along the log */
    ok = replay_each(c->st, c->tenant->id, &sink, e) && check_counters(&w, e) &&
         (c->v->events == 0 || check_numbers(c, e)) && check_directory(&w, e);
    for (size_t i = 0; ok && i < n_ledgers; i++) {
        struct stray s = { &w, ledgers[i] };

        ok = store_rec_strays(c->st, c->tenant->id, ledgers[i], say_stray, &s,
                              e);
    }
    tally_fini(&w.counts);
    dir_free(d);
    return ok;
}
