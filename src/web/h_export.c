/* Take out: what is shown is what comes, all rows, the number of rows stated. */
#include <inttypes.h>

#include "web/export_list.h"
#include "web/exports.h"
#include "web/handlers.h"
#include "web/look.h"
#include "web/made.h"
#include "web/query.h"
#include "web/view.h"

static const char *const tail[] = { N_("State"), N_("Due"),
                                    N_("Record number") };

enum {
    CELLS_MAX = 64,
    PAGE_ROWS = 500,
    PAGE_QUOTA = 64 << 20,
    LARGE = 5000, /* from here on it is made beside: web/exports.h */
    LARGE_QUOTA = 8 << 20
};

struct taking {
    struct rq *rq;
    struct query q;
    bool (*make)(struct sink *, struct err *);
    const char *path;
    struct export_sign sign;
};

static void
add_heads(struct rq *rq, const struct ledger *l, const char *names,
          struct str *out, const struct field **f, size_t *n)
{
    struct str rest = str_of(names), name;

    while (names != NULL && *n + 4 < CELLS_MAX &&
           str_split(&rest, ' ', &name)) {
        const struct field *x = ledger_field(l, name);

        if (x == NULL || x == ledger_name_field(l) || x->tag == 11)
            continue;
        f[*n] = x;
        out[(*n)++] = str_of(rq_tr(rq, x->label));
    }
}

/* What lists show, then what is taken out beside it; a page of paper has room
 * for the list alone. */
static size_t
heads(struct taking *t, struct str *out, const struct field **f)
{
    struct rq *rq = t->rq;
    const struct ledger *l = t->q.list.ledger;
    size_t n = 0;

    f[n] = ledger_name_field(l);
    out[n++] = str_of(rq_tr(rq, ledger_name_field(l)->label));
    add_heads(rq, l, l->list, out, f, &n);
    if (t->make != sink_pdf && l->taken != NULL) {
        add_heads(rq, l, l->taken, out, f, &n);
        t->q.list.fields =
            arena_printf(rq->arena, "%s %s", l->list, l->taken).p;
    }
    for (size_t i = n; i < n + N_OF(tail); i++) {
        out[i] = str_of(rq_tr(rq, tail[i - n]));
        f[i] = NULL;
    }
    return n + N_OF(tail);
}

static bool
put_page(struct taking *t, struct sink *s, const struct field *const *f,
         size_t n_f, struct err *e)
{
    struct rq *rq = t->rq;
    const struct ledger *l = t->q.list.ledger;
    void *recs;
    size_t n;
    bool more;

    if (!store_list(rq->st, &t->q.list, rq->arena, &recs, &n, &more, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const void *rec = (const char *)recs + i * l->size;
        const struct rec *r = rec;
        struct sink_cell cell[CELLS_MAX];

        for (size_t k = 0; k + N_OF(tail) < n_f; k++)
            cell[k] = export_cell(rq, l, f[k], rec);
        cell[n_f - 3] =
            (struct sink_cell){ .text = view_state(rq, l, r->state) };
        cell[n_f - 2] = export_due(rq, r);
        cell[n_f - 1] = (struct sink_cell){ .text = r->no };
        if (!sink_row(s, cell, n_f,
                      r->no.n > 0 ? r->no : arena_i64(rq->arena, r->id), e))
            return false;
        t->q.list.after_id = r->id;
        t->q.list.after_key = r->due_at;
    }
    if (!more)
        t->q.list.limit = 0;
    return true;
}

/* Page by page, each in a memory of its own. */
static bool
put_all(struct taking *t, struct sink *s, const struct field *const *f,
        size_t n_f, struct err *e)
{
    struct arena *whole = t->rq->arena;
    bool ok = true;

    t->q.list.limit = PAGE_ROWS;
    while (ok && t->q.list.limit > 0) {
        ARENA(page, PAGE_QUOTA);

        t->rq->arena = page;
        ok = put_page(t, s, f, n_f, e);
        __atomic_store_n(&t->sign.rows, s->rows, __ATOMIC_RELAXED);
        if (ok && __atomic_load_n(&t->sign.stop, __ATOMIC_RELAXED))
            ok = err_set(e, ERR_CONFLICT, NULL, "It was stopped");
        if (ok && arena_failed(page))
            ok = err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        t->rq->arena = whole;
    }
    return ok;
}

static bool
write_file(struct taking *t, struct err *e)
{
    struct rq *rq = t->rq;
    const struct ledger *l = t->q.list.ledger;
    struct str head[CELLS_MAX];
    const struct field *f[CELLS_MAX];
    size_t n = heads(t, head, f);
    const struct str tenant =
        text2_in(rq->who.dir->tenant.name, rq->lang == LANG_ZH);
    struct sink s = {
        .path = t->path,
        .title = arena_printf(rq->arena, "%.*s %s", STR_ARG(tenant),
                              rq_tr(rq, l->title)),
        .name = str_of(rq_tr(rq, l->title)),
        .issuer = tenant,
        .subtitle = export_narrowed(rq, &t->q),
        .zone = rq->who.dir->rules.zone,
    };
    struct err later;
    struct str least[CELLS_MAX];
    bool ok;

    export_least(rq, l, f, n, least);
    s.least = least;
    if (!t->make(&s, e))
        return false;
    ok = s.begin(&s, head, n, e) && put_all(t, &s, f, n, e);
    s.footer = export_footer(rq, &s, head, n);
    return sink_end(&s, ok ? e : &later) && ok;
}

static bool
take(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct taking *t = arg;

    t->path = path;
    return query_read(rq, rq->ledger, "export", &t->q, e) && write_file(t, e);
}

struct format {
    bool (*make)(struct sink *, struct err *);
    const char *type, *ending, *label;
};

static struct made
file_of(struct rq *rq, struct taking *t, const struct format *f,
        struct arena *a)
{
    BUF(ending, 8);

    *t = (struct taking){ .rq = rq, .make = f->make };
    buf_printf(&ending, ".%s", f->ending);
    return (struct made){ .make = take,
                          .arg = t,
                          .type = f->type,
                          .name = made_name(rq, a, rq->ledger->title, STR(""),
                                            ending.p) };
}

/* More rows than somebody waits for with the window open? */
static bool
is_large(struct rq *rq, bool *large, struct err *e)
{
    struct query q = { .filtered = false };
    int64_t n = 0;

    if (!query_read(rq, rq->ledger, "export", &q, e) ||
        !store_list_count(rq->st, &q.list, LARGE + 1, &n, e))
        return false;
    *large = n > LARGE;
    return true;
}

/* Made beside, by a copy of the request in memory of its own. */
static bool
start_beside(struct rq *rq, const struct format *f, struct err *e)
{
    struct export_ask ask = { .arena = arena_new(LARGE_QUOTA) };
    struct taking *t =
        ask.arena != NULL ? arena_new_obj(ask.arena, struct taking) : NULL;

    if (t == NULL || (ask.copy = exports_copy(rq, ask.arena)) == NULL) {
        if (ask.arena != NULL)
            arena_free(ask.arena);
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    }
    ask.made = file_of(rq, t, f, ask.arena);
    t->rq = ask.copy;
    ask.sign = &t->sign;
    ask.title = arena_printf(ask.arena, "%s · %s", rq_tr(rq, rq->ledger->title),
                             f->ending);
    return exports_start(rq, &ask, e);
}

static bool
start(struct rq *rq, const struct format *f, struct err *e)
{
    struct taking *t = arena_new_obj(rq->arena, struct taking);
    struct made m;
    bool large;

    if (t == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!actor_may_somewhere(&rq->who, rq->ledger, "export"))
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    if (!is_large(rq, &large, e))
        return false;
    if (large && !rq->by_token) /* a program waits */
        return start_beside(rq, f, e);
    m = file_of(rq, t, f, rq->arena);
    m.many = large;
    return made_send(rq, &m, e);
}

static bool
csv_now(struct rq *rq, struct err *e)
{
    return start(
        rq,
        &(struct format){ sink_csv, "text/csv; charset=utf-8", "csv", "CSV" },
        e);
}

static bool
xlsx_now(struct rq *rq, struct err *e)
{
    return start(rq,
                 &(struct format){ sink_xlsx,
                                   "application/vnd.openxmlformats-"
                                   "officedocument.spreadsheetml.sheet",
                                   "xlsx", "XLSX" },
                 e);
}

static bool
pdf_now(struct rq *rq, struct err *e)
{
    return start(
        rq, &(struct format){ sink_pdf, "application/pdf", "pdf", "PDF" }, e);
}

bool
list_csv(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_LIST, csv_now, e);
}

bool
list_xlsx(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_LIST, xlsx_now, e);
}

bool
list_pdf(struct rq *rq, struct err *e)
{
    return look_first(rq, LOOK_LIST, pdf_now, e);
}
