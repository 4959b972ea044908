/* A password is chosen: anew by who knows the old one, or by a one-time link. */
#include "domain/login.h"
#include "pages/pages.h"
#include "web/answer.h"
#include "web/door.h"
#include "web/handlers.h"
#include "web/let_in.h"
#include "web/password.h"
#include "web/security.h"

/* The password so far, asked of who is signed in: a stolen cookie guesses. */
static const struct throttle_rule old_password = { 'o', 6,
                                                   3 * 60 * MS_PER_SECOND,
                                                   60 * MS_PER_SECOND };

struct v_input
password_ask(struct rq *rq, const char *name, const char *label)
{
    return (struct v_input){ .kind = "password",
                             .name = str_of(name),
                             .label = str_of(rq_tr(rq, label)),
                             .required = true };
}

struct new_password {
    struct account acct;
    struct str login, old, password;
    bool check_old;
    struct throttle_try tried; /* of the old one */
    char hash[128];
    struct password_set set;
};

static bool
hash_new(void *arg, struct err *e)
{
    struct new_password *p = arg;

    if (p->check_old && !account_verify(p->acct.hash, p->old))
        return err_set(e, ERR_DENIED, "old",
                       "The password so far is not right");
    return account_hash(p->password, p->hash, e);
}

/* By a link: whoever has set the password need not type it once more. */
static bool
password_done(struct rq *rq, struct err *e)
{
    struct new_password *p = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    security_note_of(
        rq, p->set.once.n > 0 ? "password-set-by-link" : "password-changed",
        p->set.person);
    if (p->set.once.n > 0)
        return let_in(
            rq,
            &(struct letting){ .who = p->acct,
                               .name = login_fold(rq->arena, p->login),
                               .done = STR("done=10") },
            e);
    if (p->set.until > rq->who.now)
        rq_cookie(rq, "anlan", str_of(p->set.secret),
                  (p->set.until - rq->who.now) / MS_PER_SECOND);
    return rq_redirect(rq, STR("/account?done=2"));
}

static bool
hashed(struct rq *rq, struct err *e)
{
    struct new_password *p = rq->work;

    if (rq->work_ok || rq->work_err.code != ERR_DENIED)
        throttle_back(rq->app->throttle, &p->tried, p->check_old);
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    p->set.hash = p->hash;
    return rq_job(rq, password_set_job, &p->set, password_done, e);
}

bool
password_change(struct rq *rq, struct err *e)
{
    struct new_password *p = arena_new_obj(rq->arena, struct new_password);
    const struct dir_person *me = dir_person(rq->who.dir, rq->who.person);

    if (p == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    p->login = me->login;
    p->old = rq_form(rq, "old");
    p->password = rq_form(rq, "password");
    p->check_old = true;
    p->tried = (struct throttle_try){ &old_password, me->login };
    p->set = (struct password_set){ .tenant = rq->session.tenant,
                                    .person = rq->session.person,
                                    .keep = rq_cookie_of(rq, "anlan") };
    rq->work = p;
    return account_check_password(p->password, me->login, e) &&
           account_find(rq->st, me->login, rq->arena, &p->acct, e) &&
           throttle_take(rq->app->throttle, &p->tried, 1, rq->who.now, e) &&
           rq_work(rq, rq->app->hasher, hash_new, p, hashed, e);
}

/* ---- the first password, by a one-time link ------------------------------------- */

/* Whose link it is. Errors: ERR_MISSING. */
static bool
owner_of(struct rq *rq, struct account *a, const struct dir **d,
         const struct dir_person **p, struct err *e)
{
    if (!once_find(rq->st, rq->verb, rq->who.now, a, e) ||
        (*d = dir_get(rq->reader->dirs, rq->st, a->tenant, e)) == NULL)
        return false;
    *p = dir_person(*d, a->person);
    return *p != NULL ||
           err_set(e, ERR_MISSING, NULL, "There is no such person");
}

/* Who opens the link reads whose it is, and the name to sign in with. */
static void
owner_facts(struct rq *rq, const struct dir *d, const struct dir_person *p,
            struct page_form_view *v, struct v_fact fact[3])
{
    const bool zh = rq->lang == LANG_ZH;
    const struct dir_org *o = dir_org(d, dir_school(d, p->org));

    fact[0] = (struct v_fact){ .label = str_of(rq_tr(rq, N_("Full name"))),
                               .value = p->name };
    fact[1] = (struct v_fact){ .label = str_of(rq_tr(rq, N_("Sign-in name"))),
                               .value = p->login };
    fact[2] =
        (struct v_fact){ .label = str_of(rq_tr(rq, N_("School or unit"))),
                         .value = o != NULL ? text2_in(o->name, zh)
                                            : text2_in(d->tenant.name, zh) };
    v->facts = fact;
    v->n_facts = 3;
}

/* wrong: what the password was refused for; NULL: nothing. */
static bool
show_once(struct rq *rq, const struct err *wrong, struct err *e)
{
    struct v_input in[2] = {
        { .kind = "username" },
        password_ask(rq, "password", N_("New password")),
    };
    struct v_form form = {
        .lang = rq->lang,
        .action = view_url(rq, "/once/%.*s", STR_ARG(rq->verb)),
        .csrf = door_key(rq),
        .label = str_of(rq_tr(rq, N_("Set the password and sign in"))),
        .inputs = in,
        .n_inputs = N_OF(in),
    };
    struct page_form_view v = { .lang = rq->lang, .form = &form };
    struct v_fact fact[3];
    const struct dir *d;
    const struct dir_person *p;
    struct account a;

    if (!owner_of(rq, &a, &d, &p, e))
        return false;
    owner_facts(rq, d, p, &v, fact);
    in[0].value = p->login;
    in[1].hint = str_of(
        rq_tr(rq, N_("At least 10 characters; three or four words are good")));
    v.intro = str_of(
        rq_tr(rq, N_("From now on you sign in with this sign-in name and the "
                     "password that you choose here.")));
    if (wrong != NULL) {
        view_typed(rq, &form, wrong);
        rq->rs->status = err_info[wrong->code].http;
    }
    v.head = view_head(rq, rq_tr(rq, N_("Choose your password")));
    answer_html(rq);
    page_form(&rq->rs->body, &v);
    return true;
}

bool
once_page(struct rq *rq, struct err *e)
{
    return show_once(rq, NULL, e);
}

bool
once_set(struct rq *rq, struct err *e)
{
    struct new_password *p = arena_new_obj(rq->arena, struct new_password);
    const struct dir_person *who;
    const struct dir *d;
    struct err weak;

    if (p == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!owner_of(rq, &p->acct, &d, &who, e)) {
        security_note_of(rq, "link-unknown", 0);
        return false;
    }
    p->login = arena_dup(rq->arena, who->login);
    p->password = rq_form(rq, "password");
    p->set = (struct password_set){ .tenant = p->acct.tenant,
                                    .person = p->acct.person,
                                    .once = rq->verb };
    rq->work = p;
    if (!account_check_password(p->password, p->login, &weak))
        return show_once(rq, &weak, e);
    return rq_work(rq, rq->app->hasher, hash_new, p, hashed, e);
}
