#include <inttypes.h>

#include "web/charts.h"
#include "web/view.h"

struct str
chart_number(struct rq *rq, int64_t n)
{
    return arena_printf(rq->arena, "%" PRId64, n);
}

const struct v_cell *
chart_columns(struct rq *rq, struct v_chart *c, const char *const *names,
              size_t n)
{
    struct v_cell *x = arena_new_array(rq->arena, struct v_cell, n);

    for (size_t i = 0; x != NULL && i < n; i++)
        x[i].label = str_of(rq_tr(rq, names[i]));
    c->columns = x;
    c->n_columns = x != NULL ? n : 0;
    return x;
}

void
chart_draw(struct rq *rq, struct v_chart *c, const struct svg_bar *bars,
           size_t n, const struct chart_colours *k)
{
    struct v_choice *keys = arena_new_array(rq->arena, struct v_choice, 2);
    BUF(b, 256 * 1024);

    (k->upright ? svg_columns : svg_bars)(&b, bars, n, c->title, k->class);
    c->svg = (struct markup){ arena_dup(rq->arena, buf_str(&b)) };
    for (int i = 0; keys != NULL && k->label[1] != NULL && i < 2; i++)
        keys[c->n_keys++] =
            (struct v_choice){ .key = str_of(k->class[i]),
                               .label = str_of(rq_tr(rq, k->label[i])) };
    c->keys = keys;
}

bool
chart_units(struct rq *rq, struct v_chart *c, const char *const *heads,
            size_t n_heads, const struct chart_unit *u, size_t n)
{
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, n + 1);
    struct svg_bar *bars = arena_new_array(rq->arena, struct svg_bar, n + 1);

    if (rows == NULL || bars == NULL ||
        chart_columns(rq, c, heads, n_heads) == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct str name = view_org(rq, u[i].org);

        bars[i] =
            (struct svg_bar){ name, u[i].overdue, u[i].open - u[i].overdue };
        rows[i] = (struct v_table_row){ .label = name,
                                        .link = u[i].url.s.n > 0,
                                        .url = u[i].url };
        for (size_t k = 0; k + 1 < n_heads && k < N_OF(u[i].cell); k++)
            rows[i].cell[k] = chart_number(rq, u[i].cell[k]);
    }
    chart_draw(
        rq, c, bars, n,
        &(struct chart_colours){ { "bar-late", "bar-open" },
                                 { N_("overdue"), N_("open, in time") } });
    c->rows = rows;
    c->n_rows = n;
    return true;
}

/* ---- what comes again --------------------------------------------------------------- */

enum { RECURRING_MAX = 15 };

struct again {
    struct rq *rq;
    const struct ledger *l;
    struct v_table_row *rows;
    size_t n;
};

static void
note_again(const struct recurring *x, void *arg)
{
    struct again *g = arg;
    struct rq *rq = g->rq;
    const struct choice *c =
        choice_of(ledger_field(g->l, STR("category"))->choices, x->b);

    if (g->n == RECURRING_MAX || c == NULL)
        return;
    g->rows[g->n++] = (struct v_table_row){
        .label = view_place(rq, x->a),
        .link = true,
        .url = view_url(rq, "%.*s?org=%" PRId64 "&category=%s",
                        STR_ARG(rq_path(rq, g->l, 0)), x->org, c->key),
        .cell = { view_org(rq, x->org), str_of(rq_tr(rq, c->label)),
                  chart_number(rq, x->n) },
    };
}

bool
chart_again(struct rq *rq, const struct ledger *l, const struct scope *sc,
            struct v_chart *c, struct err *e)
{
    static const char *const heads[] = { N_("Place"), N_("School"),
                                         N_("Category"), N_("How many") };
    struct again g = { .rq = rq,
                       .l = l,
                       .rows = arena_new_array(rq->arena, struct v_table_row,
                                               RECURRING_MAX) };
    const struct list_query q = {
        .tenant = rq->who.dir->tenant.id,
        .ledger = l,
        .all = sc->all,
        .org = sc->org,
        .n_org = sc->n,
        .since_from = rq->who.now - 365 * MS_PER_DAY,
        .limit = RECURRING_MAX,
    };

    c->title = str_of(rq_tr(rq, N_("Recurring hazards")));
    c->caption = str_of(rq_tr(
        rq, N_("The same place and category more than once in twelve months: "
               "look for the root cause.")));
    if (g.rows == NULL || chart_columns(rq, c, heads, N_OF(heads)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_list_recurring(rq->st, &q, ledger_field(l, STR("place")),
                              ledger_field(l, STR("category")), note_again, &g,
                              e))
        return false;
    c->rows = g.rows;
    c->n_rows = g.n;
    return true;
}
