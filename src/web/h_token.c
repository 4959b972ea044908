/* Tokens of programs: made, listed and ended by the person they speak for. */
#include <inttypes.h>

#include "base/time.h"
#include "pages/pages.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/reauth.h"
#include "web/security.h"
#include "web/view.h"

enum { POSTS = 16, DAYS_MAX = 3650, INPUTS = 5 };

/* ---- the page ---------------------------------------------------------------- */

static struct str
post_label(struct rq *rq, const struct dir_post *p)
{
    return arena_printf(rq->arena, "%s · %.*s",
                        rq_tr(rq, choice_of(role_choices, p->role)->label),
                        STR_ARG(view_org(rq, p->org)));
}

static void
post_choices(struct rq *rq, struct v_input *in)
{
    struct v_choice *list = arena_new_array(rq->arena, struct v_choice, POSTS);
    size_t n;
    const struct dir_post *p = actor_posts(&rq->who, &n);
    int64_t today = zone_day(rq->who.dir->rules.zone, rq->who.now);

    for (size_t i = 0; list != NULL && i < n && in->n_choices < POSTS; i++)
        if (dir_in_force(&p[i], today))
            list[in->n_choices++] =
                (struct v_choice){ .key = arena_i64(rq->arena, p[i].id),
                                   .label = post_label(rq, &p[i]) };
    in->choices = list;
}

static void
make_form(struct rq *rq, struct v_form *f, struct v_input *in)
{
    in[0] =
        (struct v_input){ .kind = "line",
                          .name = STR("name"),
                          .label = str_of(rq_tr(rq, N_("What will use it"))),
                          .required = true };
    in[1] = (struct v_input){
        .kind = "line",
        .name = STR("scopes"),
        .value = STR("read"),
        .label = str_of(rq_tr(rq, N_("What it may do"))),
        .hint = str_of(
            rq_tr(rq, N_("Words with blanks between: read, write, sign; or "
                         "LEDGER:VERB, such as hazard:read hazard:export"))),
        .required = true
    };
    in[2] = (struct v_input){
        .kind = "enum",
        .name = STR("post"),
        .label = str_of(rq_tr(rq, N_("For an integration: by which post"))),
        .none = N_("(for myself, by all my posts)"),
        .hint = str_of(
            rq_tr(rq, N_("An integration's token ends with that post; your "
                         "own ends when you change your password"))),
    };
    post_choices(rq, &in[2]);
    in[3] = (struct v_input){ .kind = "number",
                              .name = STR("days"),
                              .value = STR("365"),
                              .label = str_of(rq_tr(rq, N_("Days it lasts"))),
                              .required = true };
    in[4] = (struct v_input){ .kind = "sign",
                              .name = STR("password"),
                              .label = str_of(rq_tr(rq, N_("Your password"))),
                              .required = true };
    *f = (struct v_form){
        .lang = rq->lang,
        .id = str_of(rq_tr(rq, N_("Make a token"))),
        .action = { STR("/account/tokens") },
        .csrf = rq->session.csrf,
        .key = rq_key(rq),
        .label = str_of(rq_tr(rq, N_("Make a token"))),
        .then = str_of(rq_tr(rq, N_("It is shown once; a program sends it as "
                                    "\"Authorization: Bearer\""))),
        .inputs = in,
        .n_inputs = INPUTS,
    };
}

static struct str
token_facts(struct rq *rq, const struct token *t)
{
    BUF(b, 1024);

    buf_printf(&b, "%.*s · %s %.*s", STR_ARG(t->scopes),
               rq_tr(rq, N_("made on")), STR_ARG(view_time(rq, t->made_at)));
    if (t->until != 0)
        buf_printf(&b, " · %s %.*s", rq_tr(rq, N_("ends on")),
                   STR_ARG(view_time(rq, t->until)));
    if (t->used_at != 0)
        buf_printf(&b, " · %s %.*s", rq_tr(rq, N_("last used about")),
                   STR_ARG(view_time(rq, t->used_at)));
    else
        buf_printf(&b, " · %s", rq_tr(rq, N_("not used yet")));
    return arena_dup(rq->arena, buf_str(&b));
}

static bool
list(struct rq *rq, struct page_account_view *v, struct v_form *f,
     struct err *e)
{
    struct token *all = arena_new_array(rq->arena, struct token, TOKENS_MAX);
    size_t n;

    if (all == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!token_of(rq->st, rq->session.tenant, rq->who.person, rq->who.now,
                  rq->arena, all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (token_in_force(&all[i], rq->who.dir, rq->who.now))
            f[v->n_forms++] = (struct v_form){
                .lang = rq->lang,
                .id = all[i].name,
                .action =
                    view_url(rq, "/account/tokens/end?id=%" PRId64, all[i].id),
                .csrf = rq->session.csrf,
                .key = rq_key(rq),
                .note = token_facts(rq, &all[i]),
                .label = str_of(rq_tr(rq, N_("End it now"))),
                .danger = true,
            };
    return true;
}

/* wrong: what the form was refused for; NULL: nothing. */
static bool
show(struct rq *rq, const struct err *wrong, struct err *e)
{
    struct page_account_view v = { .lang = rq->lang };
    struct v_form *f =
        arena_new_array(rq->arena, struct v_form, TOKENS_MAX + 1);
    struct v_input *in = arena_new_array(rq->arena, struct v_input, INPUTS);

    if (f == NULL || in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    make_form(rq, &f[v.n_forms++], in);
    if (wrong != NULL) {
        rq->rs->status = err_info[wrong->code].http;
        view_typed(rq, &f[0], wrong);
    }
    if (!list(rq, &v, f, e))
        return false;
    view_own_ids(rq, f, v.n_forms);
    v.forms = f;
    v.head = view_head(rq, rq_tr(rq, N_("Tokens for programs")));
    answer_html(rq);
    page_account(&rq->rs->body, &v);
    return true;
}

bool
tokens_page(struct rq *rq, struct err *e)
{
    return show(rq, NULL, e);
}

/* ---- making one ----------------------------------------------------------------- */

static bool
made(struct rq *rq, struct err *e)
{
    const struct token_new *t = rq->work;
    struct page_form_view v = { .lang = rq->lang };

    if (!rq->work_ok) {
        struct err why = rq->work_err;

        if (why.code == ERR_INVALID || why.code == ERR_CONFLICT)
            return show(rq, &why, e);
        *e = why;
        return false;
    }
    security_note(rq, "token-made");
    v.intro = str_of(rq_tr(rq, N_("Copy it now, it is not shown again. Whoever "
                                  "has it acts in your name:")));
    v.secret = str_of(t->text);
    v.head = view_head(rq, rq_tr(rq, N_("The new token")));
    http_set(rq->http, rq->rs, "Cache-Control", STR("no-store"));
    answer_html(rq);
    page_form(&rq->rs->body, &v);
    return true;
}

static bool
allowed(struct rq *rq, struct err *e)
{
    return rq->work_ok ? rq_job(rq, token_add_job, rq->work, made, e)
                       : made(rq, e);
}

bool
token_make(struct rq *rq, struct err *e)
{
    struct token_new *t = arena_new_obj(rq->arena, struct token_new);
    int64_t days = 0, post = 0;
    struct err wrong = { 0 };

    if (t == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!str_i64(rq_form(rq, "days"), &days) || days < 1 || days > DAYS_MAX) {
        err_set(&wrong, ERR_INVALID, "days", "From 1 to %d days", DAYS_MAX);
        return show(rq, &wrong, e);
    }
    if (!str_i64(rq_form(rq, "post"), &post))
        post = 0;
    *t = (struct token_new){ .tenant = rq->session.tenant,
                             .person = rq->who.person,
                             .by = rq->who.person,
                             .kind = post != 0 ? TOKEN_TOOL : TOKEN_OWN,
                             .post = post,
                             .name = str_trim(rq_form(rq, "name")),
                             .scopes = str_trim(rq_form(rq, "scopes")),
                             .until = rq->who.now + days * MS_PER_DAY };
    rq->work = t;
    return reauth(rq, rq_form(rq, "password"), "password", allowed, e);
}

/* ---- ending one ------------------------------------------------------------------ */

static bool
ended(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    security_note(rq, "token-ended");
    return rq_redirect(rq, STR("/account/tokens?done=5"));
}

bool
token_end_it(struct rq *rq, struct err *e)
{
    struct token_end *t = arena_new_obj(rq->arena, struct token_end);
    struct token *all = arena_new_array(rq->arena, struct token, TOKENS_MAX);
    size_t n;

    if (t == NULL || all == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!token_of(rq->st, rq->session.tenant, rq->who.person, rq->who.now,
                  rq->arena, all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (all[i].id == rq_query_i64(rq, "id")) {
            *t = (struct token_end){ rq->session.tenant, all[i].id,
                                     rq->who.person };
            return rq_job(rq, token_end_job, t, ended, e);
        }
    return err_set(e, ERR_MISSING, NULL, "There is no such token any more");
}
