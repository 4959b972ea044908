/* Records and their steps: the same pages for every ledger. */
#include <inttypes.h>

#include "base/time.h"
#include "domain/inspection.h"
#include "pages/pages.h"
#include "service/erase.h"
#include "service/notice_hazards.h"
#include "web/answer.h"
#include "web/apart.h"
#include "web/chat.h"
#include "web/handlers.h"
#include "web/history.h"
#include "web/look.h"
#include "web/office.h"
#include "web/papers.h"
#include "web/parts.h"
#include "web/post.h"
#include "web/programme_view.h"
#include "web/reauth.h"
#include "web/resume.h"
#include "web/view.h"

/* ---- one record ----------------------------------------------------------------- */

static bool
load(struct rq *rq, void **rec, struct err *e)
{
    const struct ledger *l = rq->ledger;

    if ((*rec = arena_alloc(rq->arena, l->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, rq->id, rq->arena,
                       *rec, e))
        return false;
    return actor_reads(&rq->who, l, *rec) ||
           err_set(e, ERR_MISSING, NULL, "There is no such record");
}

/* The link by which somebody sets a password: open where none was set yet. */
static struct v_form
link_form(struct rq *rq, const struct person *p)
{
    struct str path = rq_path(rq, &person_ledger, p->r.id), hash;
    struct err why;
    struct v_form f = {
        .lang = rq->lang,
        .action = view_url(rq, "%.*s/link", STR_ARG(path)),
        .csrf = rq->session.csrf,
        .id = STR("link"),
        .label = str_of(rq_tr(rq, N_("Make a one-time link"))),
        .then =
            str_of(rq_tr(rq, N_("Whoever opens the link chooses a password"))),
    };

    f.open = f.main = !account_secret(rq->st, rq->who.dir->tenant.id, p->r.id,
                                      rq->arena, &hash, &why) ||
                      hash.n == 0;
    if (p->login.n > 0)
        return f;
    f.missing = str_of(rq_tr(rq, N_("Sign-in name")));
    f.mend = view_url(rq, "%.*s?step=edit#s-edit", STR_ARG(path));
    f.mend_label = str_of(rq_tr(rq, N_("Change")));
    return f;
}

/* What is no step of the ledger's own table. */
static void
other_forms(struct rq *rq, const void *rec, const struct err *sent,
            struct page_record_view *v, struct v_form *f)
{
    static const char *const verbs[] = { "erase", "erase_files" };
    const struct ledger *l = rq->ledger;
    struct err ignored;

    for (size_t i = 0; i < N_OF(verbs); i++) {
        const struct step *s = erase_step(l, str_of(verbs[i]));

        if (s == NULL || !erase_fits(l, s, rec) ||
            !actor_steps(&rq->who, l, s, rec, ((const struct rec *)rec)->org,
                         &ignored))
            continue;
        f[v->n_forms] = view_step(rq, l, s, rec, 0);
        if (l == &person_ledger) {
            f[v->n_forms].first = str_of(
                rq_tr(rq, N_("First look where the name stands in words that "
                             "people wrote")));
            f[v->n_forms].look = view_url(
                rq, "%.*s/words",
                STR_ARG(rq_path(rq, l, ((const struct rec *)rec)->id)));
        }
        if (sent != NULL && str_is(rq->verb, verbs[i]))
            view_typed(rq, &f[v->n_forms], sent);
        v->n_forms++;
    }
    if (l == &person_ledger &&
        (ledger_states(l, ST_OPEN) & IN(((const struct rec *)rec)->state)) &&
        actor_may(&rq->who, l, "password", ((const struct rec *)rec)->org))
        f[v->n_forms++] = link_form(rq, rec);
}

/* sent: why a form that was sent did not pass; NULL: none was. */
static void
forms(struct rq *rq, const void *rec, const struct err *sent,
      struct page_record_view *v)
{
    const struct ledger *l = rq->ledger;
    const struct rec *r = rec;
    struct v_form *f =
        arena_new_array(rq->arena, struct v_form, l->n_steps + 4);
    struct err ignored;

    for (int main = 1; f != NULL && main >= 0; main--)
        for (size_t i = 0; i < l->n_steps; i++) {
            const struct step *s = &l->steps[i];

            if (!(s->from & IN(r->state)) || (s->flags & (S_QUIET | S_PAGE)) ||
                ((s->flags & S_MAIN) != 0) != (main == 1) ||
                (s->fits != NULL && !s->fits(rec)) ||
                !actor_steps(&rq->who, l, s, rec, r->org, &ignored))
                continue;
            rq->asks_password =
                reauth_asked(sent) && str_eq(rq->verb, str_of(s->verb));
            f[v->n_forms] = view_step(rq, l, s, rec, r->org);
            f[v->n_forms].open = str_eq(rq_query(rq, "step"), str_of(s->verb));
            if (sent != NULL && str_eq(rq->verb, str_of(s->verb)))
                view_typed(rq, &f[v->n_forms], sent);
            v->n_forms++;
        }
    if (f != NULL)
        other_forms(rq, rec, sent, v, f);
    view_own_ids(rq, f, v->n_forms);
    v->forms = f;
}

/* A form whose step is no longer offered has no place of its own for what was
 * wrong with it. */
static void
say_on_top(struct rq *rq, const struct err *sent, struct page_record_view *v)
{
    for (size_t i = 0; i < v->n_forms; i++)
        if (str_eq(v->forms[i].id, rq->verb))
            return;
    if (sent->code != ERR_NONE)
        v->conflict = rq_error_text(rq, sent);
}

/* The steps that the reader could take, had somebody else done what they
 * judge. */
static struct str
barred(struct rq *rq, const void *rec)
{
    const struct ledger *l = rq->ledger;
    const struct rec *r = rec;
    uint64_t mine =
        actor_roles(&rq->who, r->org) | actor_roles_on(&rq->who, l, rec);
    BUF(b, 1024);

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];

        if (!(s->from & IN(r->state)) || !(s->roles & mine) ||
            (s->fits != NULL && !s->fits(rec)) ||
            !step_bars(l, s, rec, rq->who.person))
            continue;
        buf_puts(&b, b.n == 0 ? "" : rq->lang == LANG_ZH ? "、" : ", ");
        buf_puts(&b, rq_tr(rq, s->label));
    }
    if (b.n == 0)
        return STR("");
    return arena_printf(rq->arena, "%s%s",
                        rq_tr(rq, N_("For somebody else, because you did or "
                                     "decided it before: ")),
                        b.p);
}

/* "Next: Accept – Principal, Inspector" */
static struct str
waiting(struct rq *rq, const void *rec)
{
    const struct ledger *l = rq->ledger;
    BUF(b, 2048);

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = &l->steps[i];
        bool first = true;

        if (!(s->flags & S_MAIN) ||
            !(s->from & IN(((const struct rec *)rec)->state)) ||
            (s->fits != NULL && !s->fits(rec)) || (l->flags & L_DIR))
            continue;
        buf_puts(&b, b.n == 0 ? rq_tr(rq, N_("Next: ")) : rq_tr(rq, N_("; ")));
        buf_puts(&b, rq_tr(rq, s->label));
        buf_puts(&b, " – ");
        for (const struct choice *c = role_choices; c->v != 0; c++)
            if (s->roles >> c->v & 1) {
                buf_puts(&b, first ? "" : rq->lang == LANG_ZH ? "、" : ", ");
                buf_puts(&b, rq_tr(rq, c->label));
                first = false;
            }
    }
    return arena_dup(rq->arena, buf_str(&b));
}

static bool
similar(struct rq *rq, const void *rec, struct page_record_view *v,
        struct err *e)
{
    struct view_columns columns;
    void *recs;
    size_t n;

    if (!view_similar(rq, rq->ledger, rec, 3, &recs, &n, e))
        return false;
    if (n == 0)
        return true;
    columns = view_columns(rq, rq->ledger, "place category");
    v->similar = view_rows(rq, rq->ledger, recs, n, &columns);
    v->n_similar = v->similar != NULL ? n : 0;
    return true;
}

/* Records of another ledger that name this one, and the way to add more while
 * this one can still be changed. */
static bool
children(struct rq *rq, const void *rec, struct page_record_view *v,
         struct err *e)
{
    const struct rec *r = rec;
    struct str rest = str_of(rq->ledger->children), word[3] = { 0 };
    struct list_query q = { .tenant = rq->who.dir->tenant.id, .limit = 100 };
    struct view_columns columns;
    const struct step *add;
    struct scope sc;
    void *recs;
    bool more;
    size_t n;
    struct err no;

    if (rq->ledger->children == NULL)
        return true;
    for (size_t i = 0; i < N_OF(word) && str_split(&rest, ' ', &word[i]); i++)
        ;
    q.ledger = ledger_find(word[0]);
    q.filter[0] = (struct list_filter){
        .field = ledger_field(q.ledger, word[1]), .v = { r->id }, .n = 1
    };
    q.n_filters = 1;
    if (!actor_scope(&rq->who, q.ledger, "read", rq->arena, &sc, e))
        return false;
    q.all = sc.all;
    q.org = sc.org;
    q.n_org = sc.n;
    if (rq->ledger == &notice_ledger &&
                ((const struct notice *)rec)->hazards.n > 0
            ? !notice_hazards(rq->st, rec, &q, rq->arena, &recs, &n, e)
            : !store_list(rq->st, &q, rq->arena, &recs, &n, &more, e))
        return false;
    columns = view_columns(rq, q.ledger,
                           q.ledger->flags & L_DIR ? q.ledger->list
                                                   : "org place deadline");
    v->children = view_rows(rq, q.ledger, recs, n, &columns);
    v->n_children = v->children != NULL ? n : 0;
    add = ledger_step(rq->ledger, rec, STR("edit"), &no);
    v->can_adopt = word[2].n > 0 && add != NULL &&
                   actor_steps(&rq->who, rq->ledger, add, rec, r->org, &no);
    if (v->n_children > 0 || v->can_adopt)
        v->children_title = str_of(rq_tr(rq, q.ledger->title));
    v->adopt = view_url(rq, "%.*s/together?verb=%.*s&%.*s=%ld&org=%ld",
                        STR_ARG(rq_path(rq, q.ledger, 0)), STR_ARG(word[2]),
                        STR_ARG(word[1]), (long)r->id, (long)r->org);
    return true;
}

/* Tables of numbers that some records were made of. */
static bool
tables_of(struct rq *rq, const void *rec, bool compare,
          struct page_record_view *v, struct err *e)
{
    if (rq->ledger == &statistic_ledger)
        return office_statement(rq, rec, compare, v, e);
    return rq->ledger != &programme_ledger || programme_show(rq, rec, v, e);
}

/* The page of a record; conflict: what to say on top, the reader had seen
 * revision seen. sent: why the form that was sent did not pass, or NULL. */
static bool
show(struct rq *rq, struct str conflict, int64_t seen, const struct err *sent,
     struct err *e)
{
    struct page_record_view v = { .lang = rq->lang, .conflict = conflict };
    const struct rec *r;
    void *rec;

    if (!load(rq, &rec, e))
        return false;
    r = rec;
    v.name = view_name(rq, rq->ledger, rec);
    v.head = view_head(rq, v.name.p);
    ((struct v_head *)(uintptr_t)v.head)->title = v.name;
    v.no = r->no;
    v.state = view_state(rq, rq->ledger, r->state);
    v.state_key = str_of(view_state_key(rq->ledger, r->state));
    if (!(rq->ledger->flags & L_CLOCKWORK)) {
        v.due = view_due(rq, r->due_at);
        v.overdue = r->due_at != 0 && r->due_at < rq->who.now;
    }
    v.origin = r->origin == ORIGIN_PAPER ? view_value(rq, &rec_fields[10], rec)
                                         : STR("");
    if (actor_sees_raw(&rq->who, rq->ledger, r->org))
        v.raw = r->raw;
    v.list = view_path(rq, rq->ledger, 0);
    v.proof =
        view_url(rq, "%.*s/proof", STR_ARG(rq_path(rq, rq->ledger, r->id)));
    v.papers = papers_of(rq, rq->ledger, r->id, &v.n_papers);
    v.waiting = waiting(rq, rec);
    v.barred = barred(rq, rec);
    v.chat = chat_record(rq, rq->ledger, rec);
    view_facts(rq, rec, &v);
    forms(rq, rec, sent, &v);
    if (sent != NULL)
        say_on_top(rq, sent, &v);
    if (!record_parts(rq, rec, &v, e))
        return false;
    if (!tables_of(rq, rec, sent == NULL, &v, e))
        return false;
    if (rq->ledger == &person_ledger &&
        !look_view(rq, r->id, &v.looks, &v.n_looks, e))
        return false;
    if (!similar(rq, rec, &v, e) || !children(rq, rec, &v, e) ||
        !history_view(rq, rq->ledger, rec, seen, &v.events, &v.n_events, e))
        return false;
    answer_html(rq);
    http_set(rq->http, rq->rs, "ETag",
             arena_printf(rq->arena, "\"%" PRId64 "\"", r->rev));
    page_record(&rq->rs->body, &v);
    return true;
}

static bool
show_plain(struct rq *rq, struct err *e)
{
    return show(rq, STR(""), INT64_MAX, NULL, e);
}

/* A statement's page computes the figures of today. */
bool
record_page(struct rq *rq, struct err *e)
{
    return rq->ledger == &statistic_ledger
               ? rq_apart(rq, show_plain, NULL, e)
               : look_first(rq, LOOK_RECORD, show_plain, e);
}

/* A second notice was wanted while one counts: on to that one. */
static bool
to_notice(struct rq *rq, const struct err *e)
{
    struct notice *k;
    struct err no;
    void *rec;

    return rq->ledger == &inspection_ledger && e->code == ERR_CONFLICT &&
           e->field != NULL && strcmp(e->field, "notice") == 0 &&
           load(rq, &rec, &no) && record_notice(rq, rec, NT_STANDING, &k) &&
           rq_redirect(
               rq, arena_printf(rq->arena, "%.*s?done=7",
                                STR_ARG(rq_path(rq, &notice_ledger, k->r.id))));
}

static bool
stepped(struct rq *rq, struct err *e)
{
    const struct change *c = rq->work;

    if (rq->work_ok)
        return rq_redirect(
            rq, arena_printf(rq->arena, "%.*s?done=1",
                             STR_ARG(rq_path(rq, c->ledger, c->out_id))));
    if (rq->work_err.code == ERR_CONFLICT && rq->work_err.field != NULL &&
        strcmp(rq->work_err.field, "rev") == 0) {
        rq->rs->status = 409;
        return show(rq,
                    str_of(rq_tr(rq, N_("Somebody else was faster. What has "
                                        "changed is marked in the history "
                                        "below; please look and try again."))),
                    c->rev, &(struct err){ 0 }, e);
    }
    *e = rq->work_err;
    if (post_sent_before(c, e))
        return post_to_first(rq, c);
    if (to_notice(rq, e))
        return true;
    if (!post_mendable(e))
        return false;
    rq->rs->status = err_info[e->code].http;
    return show(rq, STR(""), INT64_MAX, &rq->work_err, e);
}

/* ---- signing ---------------------------------------------------------------- */

static bool
signed_by_hand(struct rq *rq, struct err *e)
{
    struct change *c = rq->work;

    c->by_hand = rq->work_ok;
    return rq->work_ok ? post_run(rq, c, stepped, e) : stepped(rq, e);
}

static bool
is_signature(const struct ledger *l, struct str verb)
{
    for (size_t i = 0; i < l->n_steps; i++)
        if (str_is(verb, l->steps[i].verb) && (l->steps[i].flags & S_SIGN))
            return true;
    return false;
}

static bool
step_again(struct rq *rq, struct err *e)
{
    return show(rq, STR(""), INT64_MAX, &rq->work_err, e);
}

bool
record_step(struct rq *rq, struct err *e)
{
    struct change *c = post_change(rq, e);

    if (c == NULL)
        return false;
    if (resume_fills(rq))
        return post_keep(rq, c, step_again, e);
    c->id = rq->id;
    c->verb = rq->verb;
    rq->work = c;
    if (is_signature(rq->ledger, c->verb) || rq_form(rq, "sign_password").n > 0)
        return reauth(rq, rq_form(rq, "sign_password"), "sign_password",
                      signed_by_hand, e);
    return post_run(rq, c, stepped, e);
}
