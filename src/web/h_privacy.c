/* What is kept about people: purpose, fields, who sees them, how long, and how
 * they go. Made from the ledgers' declarations, so that it cannot be wrong. */
#include "domain/org.h"
#include "pages/pages.h"
#include "service/delivery.h"
#include "service/look.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/view.h"

static struct str
personal_fields(struct rq *rq, const struct ledger *l)
{
    BUF(b, 2048);

    for (size_t i = 0; i < l->n_fields; i++)
        if (l->fields[i].flags & F_PERSONAL) {
            buf_puts(&b, b.n == 0 ? "" : rq->lang == LANG_ZH ? "、" : ", ");
            buf_puts(&b, rq_tr(rq, l->fields[i].label));
        }
    return arena_dup(rq->arena, buf_str(&b));
}

static struct str
roles_text(struct rq *rq, uint64_t roles)
{
    BUF(b, 2048);

    for (const struct choice *c = role_choices; c->v != 0; c++)
        if (roles >> c->v & 1) {
            buf_puts(&b, b.n == 0 ? "" : rq->lang == LANG_ZH ? "、" : ", ");
            buf_puts(&b, rq_tr(rq, c->label));
        }
    return arena_dup(rq->arena, buf_str(&b));
}

static struct str
who_sees(struct rq *rq, const struct ledger *l)
{
    uint64_t roles = ledger_roles(l, "see_people");

    return roles_text(rq, roles != 0 ? roles : ledger_roles(l, "read"));
}

/* Messages are no ledger. */
static struct v_table_row
messages_row(struct rq *rq)
{
    return (struct v_table_row){
        .label = str_of(rq_tr(rq, N_("Messages"))),
        .cell = { str_of(rq_tr(rq, N_("To tell people what waits for them"))),
                  str_of(rq_tr(rq, N_("To whom a message went, when, and what "
                                      "became of it, without its words; the "
                                      "hours that somebody chose"))),
                  roles_text(rq, ledger_roles(&org_ledger, "edit")),
                  view_said(rq, N_("%ld days"), (long)DELIVERY_KEEP_DAYS) },
    };
}

static struct v_table_row
looks_row(struct rq *rq)
{
    return (struct v_table_row){
        .label = str_of(rq_tr(rq, N_("Looks at people's records"))),
        .cell = { str_of(rq_tr(rq, N_("To show who looked at whose data"))),
                  str_of(rq_tr(rq, N_("Who looked, at whom, on which day and "
                                      "how often"))),
                  str_of(rq_tr(rq, N_("The person and the administrator"))),
                  view_said(rq, N_("%ld days"), (long)LOOK_KEEP_DAYS) },
    };
}

static struct str
how_long(struct rq *rq, const struct ledger *l)
{
    const struct rule *r = rules_find(&rq->who.dir->rules, str_of(l->keep));

    return r != NULL
               ? view_said(rq, N_("%ld days after its end"), (long)r->value)
               : STR("");
}

bool
privacy_page(struct rq *rq, struct err *e)
{
    static const char *const heads[] = { N_("Record"), N_("What for"),
                                         N_("Personal data in it"),
                                         N_("Who sees them"), N_("Kept for") };
    struct page_privacy_view v = { .lang = rq->lang };
    struct v_cell *h = arena_new_array(rq->arena, struct v_cell, N_OF(heads));
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, n_ledgers + 2);

    if (h == NULL || rows == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < N_OF(heads); i++)
        h[i].label = str_of(rq_tr(rq, heads[i]));
    for (size_t i = 0; i < n_ledgers; i++) {
        struct str personal = personal_fields(rq, ledgers[i]);

        if (personal.n > 0)
            rows[v.n_rows++] = (struct v_table_row){
                .label = str_of(rq_tr(rq, ledgers[i]->title)),
                .cell = { str_of(rq_tr(rq, ledgers[i]->purpose)), personal,
                          who_sees(rq, ledgers[i]), how_long(rq, ledgers[i]) },
            };
    }
    rows[v.n_rows++] = messages_row(rq);
    rows[v.n_rows++] = looks_row(rq);
    v.columns = h;
    v.n_columns = N_OF(heads);
    v.rows = rows;
    v.head = view_head(rq, rq_tr(rq, N_("What is kept about people")));
    answer_html(rq);
    page_privacy(&rq->rs->body, &v);
    return true;
}
