/* What is kept about people: purpose, fields, who sees them, how long, and how
 * they go. Made from the ledgers' declarations, so that it cannot be wrong. */
#include "domain/org.h"
#include "pages/pages.h"
#include "service/account.h"
#include "service/delivery.h"
#include "service/look.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/view.h"

static void
add_label(struct rq *rq, struct buf *b, const struct field *f)
{
    buf_puts(b, b->n == 0 ? "" : rq->lang == LANG_ZH ? "、" : ", ");
    buf_puts(b, rq_tr(rq, f->label));
}

/* What is erased in time; and who else is named: by a reference, whose name
 * goes with the person's own record, or as part of what was decided. */
static struct str
personal_fields(struct rq *rq, const struct ledger *l, bool *erased)
{
    BUF(own, 2048);
    BUF(named, 2048);

    for (size_t i = 0; i < l->n_fields; i++) {
        const struct field *f = &l->fields[i];

        if (f->flags & F_PERSONAL)
            add_label(rq, &own, f);
        else if ((f->kind == FK_REF && strcmp(f->ref, "person") == 0) ||
                 (f->see != NULL && strcmp(f->see, SEE_NAMES) == 0))
            add_label(rq, &named, f);
    }
    *erased = own.n > 0;
    if (own.n == 0 || named.n == 0)
        return arena_dup(rq->arena, buf_str(own.n > 0 ? &own : &named));
    return arena_printf(rq->arena, "%s%s%s%s", own.p,
                        rq->lang == LANG_ZH ? "；" : "; ",
                        rq_tr(rq, N_("kept with the record: ")), named.p);
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

/* "10 years", "180 days". */
static struct str
span(struct rq *rq, int64_t days)
{
    if (days == 365)
        return str_of(rq_tr(rq, N_("1 year")));
    return days % 365 == 0 ? view_said(rq, N_("%ld years"), (long)(days / 365))
                           : view_said(rq, N_("%ld days"), (long)days);
}

static struct str
how_long(struct rq *rq, const struct ledger *l, bool erased)
{
    const struct rule *r = rules_find(&rq->who.dir->rules, str_of(l->keep));

    if (!erased)
        return str_of(rq_tr(rq, N_("With the record; a name goes when that of "
                                   "the person does")));
    return r != NULL ? view_said(rq, N_("%.*s after its end"),
                                 STR_ARG(span(rq, r->value)))
                     : STR("");
}

/* What is no ledger, in words. */
static size_t
other_rows(struct rq *rq, struct v_table_row *rows)
{
    const char *const in_force =
        rq_tr(rq, N_("As long as the record; they can be erased by hand"));
    const struct {
        const char *label, *what_for, *data;
        struct str who, kept;
    } other[] = {
        { N_("Messages"), N_("To tell people what waits for them"),
          N_("To whom a message went, when, and what became of it, without its "
             "words; the hours that somebody chose"),
          roles_text(rq, ledger_roles(&org_ledger, "edit")),
          span(rq, DELIVERY_KEEP_DAYS) },
        { N_("Looks at people's records"),
          N_("To show who looked at whose data"),
          N_("Who looked, at whom, on which day and how often"),
          str_of(rq_tr(rq, N_("The person and the administrator"))),
          span(rq, LOOK_KEEP_DAYS) },
        { N_("Sign-ins"), N_("To stay signed in"),
          N_("Who is signed in, since when and until when; no address, no "
             "device"),
          str_of(rq_tr(rq, N_("Nobody"))), span(rq, SESSION_DAYS) },
        { N_("Photographs and files"), N_("To show what was found and done"),
          N_("Who may be seen in them; place and device are taken out of "
             "photographs that the public sends"),
          str_of(rq_tr(rq, N_("Who may read the record"))), str_of(in_force) },
        { N_("Backups"), N_("To lose nothing when a machine breaks"),
          N_("All of the above; what was erased is erased again when a copy "
             "is put back"),
          roles_text(rq, R(ADMIN)),
          str_of(rq_tr(rq, N_("Until the copy expires, as the administrator "
                              "has set"))) },
    };

    for (size_t i = 0; i < N_OF(other); i++)
        rows[i] = (struct v_table_row){
            .label = str_of(rq_tr(rq, other[i].label)),
            .cell = { str_of(rq_tr(rq, other[i].what_for)),
                      str_of(rq_tr(rq, other[i].data)), other[i].who,
                      other[i].kept },
        };
    return N_OF(other);
}

enum { OTHER_ROWS = 5 };

bool
privacy_page(struct rq *rq, struct err *e)
{
    static const char *const heads[] = { N_("Record"), N_("What for"),
                                         N_("Personal data in it"),
                                         N_("Who sees them"), N_("Kept for") };
    struct page_privacy_view v = { .lang = rq->lang };
    struct v_cell *h = arena_new_array(rq->arena, struct v_cell, N_OF(heads));
    struct v_table_row *rows =
        arena_new_array(rq->arena, struct v_table_row, n_ledgers + OTHER_ROWS);

    if (h == NULL || rows == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < N_OF(heads); i++)
        h[i].label = str_of(rq_tr(rq, heads[i]));
    for (size_t i = 0; i < n_ledgers; i++) {
        bool erased;
        struct str personal = personal_fields(rq, ledgers[i], &erased);

        if (personal.n > 0)
            rows[v.n_rows++] = (struct v_table_row){
                .label = str_of(rq_tr(rq, ledgers[i]->title)),
                .cell = { str_of(rq_tr(rq, ledgers[i]->purpose)), personal,
                          who_sees(rq, ledgers[i]),
                          how_long(rq, ledgers[i], erased) },
            };
    }
    v.n_rows += other_rows(rq, rows + v.n_rows);
    v.columns = h;
    v.n_columns = N_OF(heads);
    v.rows = rows;
    v.head = view_head(rq, rq_tr(rq, N_("What is kept about people")));
    answer_html(rq);
    page_privacy(&rq->rs->body, &v);
    return true;
}
