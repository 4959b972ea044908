/* Shared devices and PINs: the guards' telephone at the gate. */
#include <inttypes.h>

#include "base/time.h"
#include "pages/pages.h"
#include "service/device.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/resume.h"
#include "web/security.h"
#include "web/view.h"

enum { PEOPLE = 64, DEVICES = 64, SHARED_DAYS = 365 };
/* A million PINs, one each two minutes; the password opens the device, too. And
 * the own password where a PIN is set: whoever has a session guesses there. */
static const struct throttle_rule pins = { 'P', 5, 2 * 60 * MS_PER_SECOND, 0 },
                                  passwords = { 'n', 6, 3 * 60 * MS_PER_SECOND,
                                                60 * MS_PER_SECOND };

/* ---- the door of a shared device -------------------------------------------- */

/* Who of the school may open this device with a PIN; NULL: it is none. */
const struct v_choice *
device_people(struct rq *rq, struct str *name, size_t *n)
{
    struct str secret = rq_cookie_of(rq, "shared");
    struct v_choice *list = arena_new_array(rq->arena, struct v_choice, PEOPLE);
    int64_t *people = arena_new_array(rq->arena, int64_t, PEOPLE * 16);
    const struct dir *d;
    struct device dev;
    struct err e = { 0 };
    size_t count;

    *n = 0;
    if (secret.n == 0 || list == NULL || people == NULL ||
        !device_find(rq->st, secret, rq->arena, &dev, &e) ||
        (d = dir_get(rq->reader->dirs, rq->st, dev.tenant, &e)) == NULL ||
        !pin_each(rq->st, dev.tenant, people, PEOPLE * 16, &count, &e))
        return NULL;
    *name = dev.name;
    for (size_t i = 0; i < count && *n < PEOPLE; i++) {
        const struct dir_person *p = dir_person(d, people[i]);

        if (p != NULL && p->state == 1 && dir_below(d, p->org, dev.org))
            list[(*n)++] =
                (struct v_choice){ .key = arena_i64(rq->arena, p->id),
                                   .label = p->name };
    }
    return list;
}

struct opening {
    struct device dev;
    int64_t person;
    struct str pin, hash;
    struct throttle_try tried;
    struct session_new session;
};

static bool
pin_verify(void *arg, struct err *e)
{
    const struct opening *o = arg;

    return account_verify(o->hash, o->pin) ||
           err_set(e, ERR_DENIED, "pin", "This PIN is not right");
}

static bool
opened(struct rq *rq, struct err *e)
{
    struct opening *o = rq->work;

    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    security_note_of(rq, "pin", o->person);
    rq_cookie(rq, "anlan", str_of(o->session.secret), PIN_HOURS * 3600);
    return resume_or_go(
        rq, rq_form(rq, "typed").n > 0 ? rq_form(rq, "to") : STR("/"),
        o->session.csrf, e);
}

static bool
pin_verified(struct rq *rq, struct err *e)
{
    struct opening *o = rq->work;

    if (!rq->work_ok) {
        if (rq->work_err.code == ERR_DENIED)
            security_note_of(rq, "pin-failed", o->person);
        else
            throttle_back(rq->app->throttle, &o->tried, 1);
        return door_again(rq, &rq->work_err, e);
    }
    throttle_forget(rq->app->throttle, pins.kind, o->tried.who);
    o->session = (struct session_new){ .tenant = o->dev.tenant,
                                       .person = o->person,
                                       .hours = PIN_HOURS };
    return rq_job(rq, session_add_job, &o->session, opened, e);
}

bool
pin_open(struct rq *rq, struct err *e)
{
    struct opening *o = arena_new_obj(rq->arena, struct opening);
    struct str secret = rq_cookie_of(rq, "shared"), name;
    const struct v_choice *people;
    bool listed = false;
    struct err limit;
    size_t n;

    if (o == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (secret.n == 0 || !device_find(rq->st, secret, rq->arena, &o->dev, e))
        return err_set(e, ERR_DENIED, NULL,
                       "This is not a shared device any more. Sign in with "
                       "name and password");
    people = device_people(rq, &name, &n);
    for (size_t i = 0; i < n; i++)
        listed |= str_eq(people[i].key, rq_form(rq, "person"));
    o->pin = rq_form(rq, "pin");
    o->tried = (struct throttle_try){
        &pins, arena_printf(rq->arena, "%ld|%.*s", (long)o->dev.id,
                            STR_ARG(rq_form(rq, "person")))
    };
    if (!throttle_take(rq->app->throttle, &o->tried, 1, rq->who.now, &limit)) {
        security_refused(rq, &limit);
        return door_again(rq, &limit, e);
    }
    if (!listed || !str_i64(rq_form(rq, "person"), &o->person) ||
        !pin_find(rq->st, o->dev.tenant, o->person, rq->arena, &o->hash, e))
        return err_set(e, ERR_DENIED, "pin", "This PIN is not right");
    rq->work = o;
    return rq_work(rq, rq->app->hasher, pin_verify, o, pin_verified, e);
}

/* ---- setting up ----------------------------------------------------------------- */

static bool
may_enrol(struct rq *rq, int64_t org)
{
    return (actor_roles(&rq->who, org) & (R_MANAGE | R(ADMIN))) != 0;
}

static int64_t
own_org(struct rq *rq)
{
    const struct dir_person *p = dir_person(rq->who.dir, rq->who.person);

    return p != NULL ? p->org : 0;
}

static void
device_forms(struct rq *rq, struct page_account_view *v, struct v_form *f,
             struct v_input *in)
{
    in[0] = (struct v_input){ .kind = "sign",
                              .name = STR("password"),
                              .label = str_of(rq_tr(rq, N_("Password"))),
                              .required = true };
    in[1] = (struct v_input){ .kind = "number",
                              .name = STR("pin"),
                              .label = str_of(rq_tr(rq, N_("PIN, six digits"))),
                              .required = true };
    f[v->n_forms++] = (struct v_form){
        .lang = rq->lang,
        .id = str_of(rq_tr(rq, N_("Your PIN for shared devices"))),
        .action = { STR("/device/pin") },
        .csrf = rq->session.csrf,
        .key = rq_key(rq),
        .label = str_of(rq_tr(rq, N_("Set the PIN"))),
        .then = str_of(rq_tr(
            rq, N_("It opens devices that your school has enrolled as shared, "
                   "for two hours, and nothing else"))),
        .inputs = in,
        .n_inputs = 2,
    };
    if (!may_enrol(rq, own_org(rq)))
        return;
    in[2] = (struct v_input){ .kind = "line",
                              .name = STR("name"),
                              .label = str_of(rq_tr(rq, N_("Its name"))),
                              .required = true };
    f[v->n_forms++] = (struct v_form){
        .lang = rq->lang,
        .id = str_of(rq_tr(rq, N_("Make this device a shared one"))),
        .action = { STR("/device/enrol") },
        .csrf = rq->session.csrf,
        .key = rq_key(rq),
        .label = str_of(rq_tr(rq, N_("Enrol this device"))),
        .then = str_of(rq_tr(rq, N_("You are signed out here; who has a PIN "
                                    "opens it with that"))),
        .inputs = in + 2,
        .n_inputs = 1,
    };
}

/* The devices that the reader may end, each with its button. */
static bool
device_list(struct rq *rq, struct page_account_view *v, struct v_form *f,
            struct err *e)
{
    struct device *all = arena_new_array(rq->arena, struct device, DEVICES);
    size_t n;

    if (all == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!device_each(rq->st, rq->session.tenant, rq->arena, all, DEVICES, &n,
                     e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (may_enrol(rq, all[i].org))
            f[v->n_forms++] = (struct v_form){
                .lang = rq->lang,
                .id =
                    arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(all[i].name),
                                 STR_ARG(view_org(rq, all[i].org))),
                .action = view_url(rq, "/device/end?id=%" PRId64, all[i].id),
                .csrf = rq->session.csrf,
                .key = rq_key(rq),
                .label = str_of(rq_tr(rq, N_("End it as a shared device"))),
                .danger = true,
            };
    return true;
}

/* wrong: what the form of the PIN was refused for; NULL: nothing. */
static bool
show_devices(struct rq *rq, const struct err *wrong, struct err *e)
{
    struct page_account_view v = { .lang = rq->lang };
    struct v_form *f = arena_new_array(rq->arena, struct v_form, DEVICES + 2);
    struct v_input *in = arena_new_array(rq->arena, struct v_input, 3);

    if (f == NULL || in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    device_forms(rq, &v, f, in);
    if (wrong != NULL)
        view_typed(rq, &f[0], wrong);
    if (!device_list(rq, &v, f, e))
        return false;
    view_own_ids(rq, f, v.n_forms);
    v.forms = f;
    v.head = view_head(rq, rq_tr(rq, N_("Shared devices")));
    answer_html(rq);
    page_account(&rq->rs->body, &v);
    return true;
}

bool
device_page(struct rq *rq, struct err *e)
{
    return show_devices(rq, NULL, e);
}

struct pinning {
    struct str password, pin, hash;
    struct throttle_try tried;
    char pin_hash[128];
    struct pin_set set;
};

static bool
hash_pin(void *arg, struct err *e)
{
    struct pinning *p = arg;

    if (!account_verify(p->hash, p->password))
        return err_set(e, ERR_INVALID, "password", "This is not your password");
    return account_hash(p->pin, p->pin_hash, e);
}

static bool
back(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return rq_redirect(rq, STR("/device?done=1"));
}

static bool
pin_refused(struct rq *rq, struct err *e)
{
    const struct err wrong = *e;

    if (wrong.code != ERR_INVALID)
        return false;
    rq->rs->status = err_info[wrong.code].http;
    return show_devices(rq, &wrong, e);
}

static bool
pin_hashed(struct rq *rq, struct err *e)
{
    struct pinning *p = rq->work;

    if (rq->work_ok || rq->work_err.code != ERR_INVALID)
        throttle_back(rq->app->throttle, &p->tried, 1);
    if (!rq->work_ok) {
        *e = rq->work_err;
        return pin_refused(rq, e);
    }
    p->set = (struct pin_set){ .tenant = rq->session.tenant,
                               .person = rq->who.person,
                               .hash = p->pin_hash };
    return rq_job(rq, pin_set_job, &p->set, back, e);
}

bool
pin_change(struct rq *rq, struct err *e)
{
    struct pinning *p = arena_new_obj(rq->arena, struct pinning);

    if (p == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    p->password = rq_form(rq, "password");
    p->pin = rq_form(rq, "pin");
    p->tried = (struct throttle_try){ &passwords,
                                      arena_i64(rq->arena, rq->who.person) };
    if (!pin_check(p->pin, e))
        return pin_refused(rq, e);
    if (!account_secret(rq->st, rq->session.tenant, rq->who.person, rq->arena,
                        &p->hash, e) ||
        !throttle_take(rq->app->throttle, &p->tried, 1, rq->who.now, e))
        return false;
    rq->work = p;
    return rq_work(rq, rq->app->hasher, hash_pin, p, pin_hashed, e);
}

static bool
signed_off(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    rq_cookie(rq, "anlan", STR(""), 0);
    return rq_redirect(rq, STR("/sign-in"));
}

static bool
enrolled(struct rq *rq, struct err *e)
{
    const struct device_new *d = rq->work;
    struct session_end *s = arena_new_obj(rq->arena, struct session_end);

    if (!rq->work_ok || s == NULL) {
        *e = rq->work_err;
        return false;
    }
    security_note(rq, "device-enrolled");
    rq_cookie(rq, "shared", str_of(d->secret), SHARED_DAYS * 86400);
    *s = (struct session_end){ .tenant = rq->session.tenant,
                               .person = rq->who.person,
                               .secret = rq_cookie_of(rq, "anlan") };
    return rq_job(rq, session_end_job, s, signed_off, e);
}

bool
device_enrol(struct rq *rq, struct err *e)
{
    struct device_new *d = arena_new_obj(rq->arena, struct device_new);
    int64_t org = own_org(rq);

    if (d == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!may_enrol(rq, org))
        return err_set(e, ERR_DENIED, NULL,
                       "Your posts do not give you access to this");
    *d = (struct device_new){ .tenant = rq->session.tenant,
                              .org = org,
                              .person = rq->who.person,
                              .name = str_trim(rq_form(rq, "name")) };
    if (d->name.n == 0 || utf8_count(d->name) > 40)
        return err_set(e, ERR_INVALID, "name",
                       "Give the device a name of up to 40 characters");
    rq->work = d;
    return rq_job(rq, device_add_job, d, enrolled, e);
}

bool
device_end_it(struct rq *rq, struct err *e)
{
    struct device_end *d = arena_new_obj(rq->arena, struct device_end);
    struct device *all = arena_new_array(rq->arena, struct device, DEVICES);
    size_t n;

    if (d == NULL || all == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!device_each(rq->st, rq->session.tenant, rq->arena, all, DEVICES, &n,
                     e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (all[i].id == rq_query_i64(rq, "id") && may_enrol(rq, all[i].org)) {
            *d = (struct device_end){ rq->session.tenant, all[i].id,
                                      rq->who.person };
            return rq_job(rq, device_end_job, d, back, e);
        }
    return err_set(e, ERR_MISSING, NULL, "There is no such device");
}
