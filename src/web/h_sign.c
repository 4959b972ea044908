/* The door: sign in and out, language, the own account. */
#include "base/version.h"
#include "domain/login.h"
#include "pages/pages.h"
#include "service/device.h"
#include "service/install.h"
#include "web/answer.h"
#include "web/door.h"
#include "web/handlers.h"
#include "web/let_in.h"
#include "web/look.h"
#include "web/messages.h"
#include "web/password.h"
#include "web/security.h"
#include "web/sign_limit.h"
#include "web/view.h"

#define EXAMPLE_WORDS "anlan-example"

bool
start_page(struct rq *rq, struct err *e)
{
    (void)e;
    if (rq->who.dir == NULL)
        return rq_redirect(rq, STR("/sign-in"));
    return rq_redirect(rq, arena_printf(rq->arena, "/t/%.*s",
                                        STR_ARG(rq->who.dir->tenant.code)));
}

enum { PEOPLE_MAX = 32 };

static bool
people_of(struct rq *rq, int64_t tenant, struct v_choice *list,
          struct page_signin_view *v, struct err *e)
{
    const struct dir *d = dir_get(rq->reader->dirs, rq->st, tenant, e);

    if (d == NULL)
        return false;
    for (size_t i = 0; i < d->n_post && v->n_people < PEOPLE_MAX; i++) {
        const struct dir_person *p = dir_person(d, d->post[i].person);
        const struct choice *role = choice_of(role_choices, d->post[i].role);
        const struct dir_org *o = dir_org(d, d->post[i].org);

        if (p == NULL || p->login.n == 0 || role == NULL || o == NULL)
            continue;
        list[v->n_people++] = (struct v_choice){
            .key = p->login,
            .label =
                arena_printf(rq->arena, "%.*s – %s, %.*s", STR_ARG(p->name),
                             rq_tr(rq, role->label),
                             STR_ARG(text2_in(o->name, rq->lang == LANG_ZH))),
        };
    }
    return true;
}

/* The people of an example installation, by what they are: the district's, then
 * who stands above. */
static bool
example_people(struct rq *rq, struct page_signin_view *v, struct err *e)
{
    struct v_choice *list =
        arena_new_array(rq->arena, struct v_choice, PEOPLE_MAX);
    const struct tenant *t = rq->app->tenants;

    if (!rq->app->example || list == NULL || rq->app->n_tenants < 2)
        return true;
    v->people = list;
    v->password = STR(EXAMPLE_WORDS);
    return people_of(rq, t[1].id, list, v, e) &&
           people_of(rq, t[0].id, list, v, e);
}

static bool
show_door_with(struct rq *rq, struct str login, struct str error, struct str to,
               struct str typed, struct err *e)
{
    struct page_signin_view v = { .lang = rq->lang,
                                  .login = login,
                                  .error = error,
                                  .to = to,
                                  .typed = rq_form(rq, "typed") };

    if (typed.n > 0)
        v.typed = typed;
    if (!example_people(rq, &v, e))
        return false;
    v.pins = device_people(rq, &v.device, &v.n_pins);
    v.head = view_head(rq, rq_tr(rq, N_("Sign in")));
    v.key = door_key(rq);
    answer_html(rq);
    page_signin(&rq->rs->body, &v);
    return true;
}

static bool
show_door(struct rq *rq, struct str login, struct str error, struct str to,
          struct err *e)
{
    return show_door_with(rq, login, error, to, STR(""), e);
}

bool
door_typed(struct rq *rq, struct str to, struct str typed, struct err *e)
{
    rq->rs->status = 401;
    return show_door_with(rq, STR(""), STR(""), to, typed, e);
}

bool
door_again(struct rq *rq, const struct err *why, struct err *e)
{
    rq->rs->status = err_info[why->code].http;
    rq_retry(rq, why);
    return show_door(rq, STR(""), rq_error_text(rq, why), rq_form(rq, "to"), e);
}

bool
sign_in_page(struct rq *rq, struct err *e)
{
    return show_door(rq, STR(""), STR(""), rq_query(rq, "to"), e);
}

struct sign_in {
    struct account acct;
    struct str login, password, to;
    struct str name; /* the login as it is looked up */
    struct sign_limit limit;
};

static bool
verify(void *arg, struct err *e)
{
    struct sign_in *s = arg;

    return account_verify(s->acct.hash, s->password) ||
           err_set(e, ERR_DENIED, NULL,
                   "The name or the password is not right");
}

static bool
verified(struct rq *rq, struct err *e)
{
    struct sign_in *s = rq->work;

    if (rq->work_ok) {
        sign_limit_right(rq, &s->limit);
        return let_in(rq,
                      &(struct letting){ .who = s->acct,
                                         .name = s->name,
                                         .network = s->limit.network,
                                         .to = s->to },
                      e);
    }
    if (rq->work_err.code == ERR_DENIED) {
        security_note_of(rq, "sign-in-failed", s->acct.person);
        rq->rs->status = 403;
        return show_door(rq, s->login, rq_error_text(rq, &rq->work_err), s->to,
                         e);
    }
    throttle_back(rq->app->throttle, s->limit.count, s->limit.n);
    *e = rq->work_err;
    return false;
}

/* A try is counted before the password is hashed: see web/sign_limit.h. */
bool
sign_in(struct rq *rq, struct err *e)
{
    struct sign_in *s = arena_new_obj(rq->arena, struct sign_in);
    struct err limit;

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    s->login = str_trim(rq_form(rq, "login"));
    s->name = login_fold(rq->arena, s->login);
    s->password = rq_form(rq, "password");
    s->to = rq_form(rq, "to");
    if (!account_find(rq->st, s->login, rq->arena, &s->acct, e)) {
        if (e->code != ERR_MISSING)
            return false;
        s->acct = (struct account){ .hash = STR("") };
    }
    if (!sign_limit_take(rq, s->name, s->acct.tenant, &s->limit, &limit)) {
        if (limit.code != ERR_RATE) {
            *e = limit;
            return false;
        }
        security_refused(rq, &limit);
        rq->rs->status = 429;
        rq_retry(rq, &limit);
        return show_door(rq, s->login, rq_error_text(rq, &limit), s->to, e);
    }
    rq->work = s;
    if (rq_work(rq, rq->app->hasher, verify, s, verified, e))
        return true;
    throttle_back(rq->app->throttle, s->limit.count, s->limit.n);
    return false;
}

static bool
signed_out(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    security_note_of(rq, "sign-out", rq->session.person);
    rq_cookie(rq, "anlan", STR(""), 0);
    return rq_redirect(rq, STR("/sign-in"));
}

bool
sign_out(struct rq *rq, struct err *e)
{
    struct session_end *s = arena_new_obj(rq->arena, struct session_end);

    if (s == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *s = (struct session_end){ .tenant = rq->session.tenant,
                               .person = rq->session.person,
                               .secret = rq_cookie_of(rq, "anlan"),
                               .everywhere =
                                   str_is(rq_form(rq, "everywhere"), "1") };
    return rq_job(rq, session_end_job, s, signed_out, e);
}

bool
language_set(struct rq *rq, struct err *e)
{
    struct str lang = rq_form(rq, "lang");

    (void)e;
    rq_cookie(rq, "lang", str_is(lang, "zh") ? STR("zh") : STR("en"),
              365 * 86400);
    return rq_redirect(rq, rq_form(rq, "to"));
}

/* ---- the own account --------------------------------------------------------- */

static void
account_forms(struct rq *rq, struct v_form *f, struct v_input *in,
              struct v_choice *yes)
{
    in[0] = password_ask(rq, "old", N_("Password so far"));
    in[0].kind = "sign";
    in[1] = password_ask(rq, "password", N_("New password"));
    in[1].hint = str_of(
        rq_tr(rq, N_("At least 10 characters; three or four words are good")));
    *yes = (struct v_choice){ STR("1"), STR(""), true };
    f[0] = (struct v_form){
        .lang = rq->lang,
        .id = str_of(rq_tr(rq, N_("Change the password"))),
        .action = { STR("/account/password") },
        .csrf = rq->session.csrf,
        .label = str_of(rq_tr(rq, N_("Change the password"))),
        .then = str_of(rq_tr(rq, N_("All other devices are signed out"))),
        .inputs = in,
        .n_inputs = 2,
    };
    f[1] = (struct v_form){
        .lang = rq->lang,
        .id = str_of(rq_tr(rq, N_("Sign out"))),
        .action = { STR("/sign-out") },
        .csrf = rq->session.csrf,
        .label = str_of(rq_tr(rq, N_("Sign out"))),
        .inputs = in + 2,
        .n_inputs = 1,
    };
    in[2] =
        (struct v_input){ .kind = "flag",
                          .name = STR("everywhere"),
                          .label = str_of(rq_tr(rq, N_("on all devices"))) };
}

bool
account_page(struct rq *rq, struct err *e)
{
    struct page_account_view v = { .lang = rq->lang };
    struct v_fact *facts = arena_new_array(rq->arena, struct v_fact, 16);
    const struct dir *d = rq->who.dir;
    struct v_form forms[3];
    struct v_input in[3];
    struct v_choice yes;

    if (facts == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < d->n_post && v.n_facts < 16; i++)
        if (d->post[i].person == rq->who.person)
            facts[v.n_facts++] = (struct v_fact){
                .label = str_of(
                    rq_tr(rq, choice_of(role_choices, d->post[i].role)->label)),
                .value = view_org(rq, d->post[i].org),
            };
    if (!messages_account(rq, &v, &forms[0], e) ||
        !look_view(rq, rq->who.person, &v.looks, &v.n_looks, e))
        return false;
    account_forms(rq, forms + 1, in, &yes);
    v.facts = facts;
    view_own_ids(rq, forms, N_OF(forms));
    v.forms = forms;
    v.n_forms = N_OF(forms);
    v.head = view_head(rq, view_person(rq, rq->who.person).p);
    answer_html(rq);
    page_account(&rq->rs->body, &v);
    return true;
}

bool
about_page(struct rq *rq, struct err *e)
{
    struct page_about_view v = { .lang = rq->lang };
    struct tenant *t;
    struct v_link *logs;
    size_t n;

    if (!tenants_read(rq->st, rq->arena, &t, &n, e))
        return false;
    if ((logs = arena_new_array(rq->arena, struct v_link, n + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (; v.n_logs < n; v.n_logs++)
        logs[v.n_logs] = (struct v_link){
            .label = text2_in(t[v.n_logs].name, rq->lang == LANG_ZH),
            .url = view_url(rq, "/t/%.*s/log", STR_ARG(t[v.n_logs].code)),
        };
    v.logs = logs;
    v.version = str_of(anlan_version);
    v.head = view_head(rq, rq_tr(rq, N_("About Anlan")));
    answer_html(rq);
    page_about(&rq->rs->body, &v);
    return true;
}
