/* Setting messages up: channels, a test, what became of what was sent. */
#include "domain/org.h"
#include "service/delivery.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/messages.h"
#include "web/security.h"
#include "web/view.h"

enum { PAGE = 30, INPUTS = 16, RELOAD = 3 };

static bool
may(struct rq *rq, struct err *e)
{
    return actor_may(&rq->who, &org_ledger, "edit", rq->who.dir->root) ||
           err_set(e, ERR_DENIED, NULL,
                   "Your posts do not give you access to this");
}

static struct str
home(struct rq *rq, const char *more)
{
    return arena_printf(rq->arena, "/t/%.*s/messages%s",
                        STR_ARG(rq->who.dir->tenant.code), more);
}

static struct url
link_to(struct rq *rq, const char *more)
{
    return view_url(rq, "%.*s", STR_ARG(home(rq, more)));
}

/* ---- the page ------------------------------------------------------------------------ */

static void
ways(struct rq *rq, struct page_messages_view *v)
{
    const struct gateways *g = rq->app->gateways;
    struct v_fact *f = arena_new_array(rq->arena, struct v_fact, 4);
    const char *yes = rq_tr(rq, N_("set up"));
    const char *no = rq_tr(rq, N_("not set up (settings of the server)"));

    if (f == NULL)
        return;
    f[0] = (struct v_fact){ .label = str_of(rq_tr(rq, N_("E-mail"))),
                            .value = str_of(g->smtp_url[0] ? yes : no) };
    f[1] = (struct v_fact){ .label = str_of(rq_tr(rq, N_("SMS"))),
                            .value = str_of(g->sms_url[0] ? yes : no) };
    f[2] = (struct v_fact){
        .label = str_of(rq_tr(rq, N_("Links in messages"))),
        .value = g->public_url[0]
                     ? str_of(g->public_url)
                     : str_of(rq_tr(rq, N_("none: public-url is not set"))),
    };
    v->ways = f;
    v->n_ways = 3;
}

static struct str
kinds_text(struct rq *rq, int64_t kinds)
{
    BUF(b, 512);

    for (const struct message_class *c = message_classes; c->v != 0; c++)
        if (c->asked && (kinds >> c->v & 1))
            buf_printf(&b, "%s%s", b.n > 0 ? rq_tr(rq, N_(", ")) : "",
                       rq_tr(rq, c->label));
    return arena_dup(rq->arena, buf_str(&b));
}

static void
channels(struct rq *rq, const struct channel *c, size_t n,
         struct page_messages_view *v)
{
    const struct gateways *g = rq->app->gateways;
    struct v_channel *out = arena_new_array(rq->arena, struct v_channel, n + 2);
    const char *on = rq_tr(rq, N_("on")), *off = rq_tr(rq, N_("off"));

    if (out == NULL)
        return;
    out[0] = (struct v_channel){ .id = STR("1"),
                                 .name = str_of(rq_tr(rq, N_("E-mail"))),
                                 .on = g->smtp_url[0] != '\0' };
    out[1] = (struct v_channel){ .id = STR("2"),
                                 .name = str_of(rq_tr(rq, N_("SMS"))),
                                 .on = g->sms_url[0] != '\0' };
    for (size_t i = 0; i < n; i++)
        out[i + 2] = (struct v_channel){
            .id = arena_i64(rq->arena, c[i].id),
            .name = c[i].name,
            .on = c[i].state == CHANNEL_ON,
            .about = arena_printf(rq->arena, "%s · %.*s · %.*s",
                                  rq_tr(rq, chat_kind(c[i].kind)->label),
                                  STR_ARG(view_org(rq, c[i].org)),
                                  STR_ARG(kinds_text(rq, c[i].kinds))),
            .edit =
                view_url(rq, "%.*s/%ld", STR_ARG(home(rq, "")), (long)c[i].id),
        };
    for (size_t i = 0; i < n + 2; i++)
        out[i].state = str_of(out[i].on ? on : off);
    v->channels = out;
    v->n_channels = n + 2;
}

bool
messages_page(struct rq *rq, struct err *e)
{
    struct page_messages_view v = { .lang = rq->lang };
    int64_t tenant = rq->who.dir->tenant.id;
    int64_t below = rq_query_i64(rq, "before");
    struct channel *c;
    struct delivery *d;
    size_t n_c, n_d;

    v.only_dead = str_is(rq_query(rq, "state"), "dead");
    if (!may(rq, e) || !channels_read(rq->st, tenant, rq->arena, &c, &n_c, e) ||
        !deliveries_read(rq->st, tenant, v.only_dead ? DLV_DEAD : 0, 0,
                         below > 0 ? below : INT64_MAX, PAGE, rq->arena, &d,
                         &n_d, e))
        return false;
    ways(rq, &v);
    channels(rq, c, n_c, &v);
    v.deliveries = messages_view(rq, d, n_d, c, n_c, true);
    v.n_deliveries = v.deliveries != NULL ? n_d : 0;
    v.has_next = n_d == PAGE;
    if (v.has_next)
        v.next =
            view_url(rq, "%.*s?before=%ld%s", STR_ARG(home(rq, "")),
                     (long)d[n_d - 1].id, v.only_dead ? "&state=dead" : "");
    if (n_d > 0 && d[0].state == DLV_PLANNED && d[0].urgent &&
        d[0].next_at <= rq->who.now + DELIVERY_LEASE_MS &&
        rq->who.now - d[0].made_at < DELIVERY_LEASE_MS)
        v.reload = RELOAD;
    v.add = link_to(rq, "/new");
    v.test = link_to(rq, "/test");
    v.again = link_to(rq, "/again");
    v.all = link_to(rq, "");
    v.dead = link_to(rq, "?state=dead");
    v.head = view_head(rq, rq_tr(rq, N_("Messages")));
    answer_html(rq);
    page_messages(&rq->rs->body, &v);
    return true;
}

/* ---- a robot's form -------------------------------------------------------------------- */

static struct v_input
choose(struct rq *rq, const char *name, const char *label,
       const struct v_choice *c, size_t n)
{
    return (struct v_input){ .kind = "enum",
                             .name = str_of(name),
                             .label = str_of(rq_tr(rq, label)),
                             .choices = c,
                             .n_choices = n,
                             .required = true };
}

static struct v_input
ask_org(struct rq *rq)
{
    const struct dir *d = rq->who.dir;
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, d->n_org);
    struct str sent = rq_form(rq, "unit");
    size_t n = 0;

    for (size_t i = 0; c != NULL && i < d->n_org; i++)
        if (d->tree[i]->state == 1) {
            struct str id = arena_i64(rq->arena, d->tree[i]->id);

            c[n++] = (struct v_choice){ id, view_org(rq, d->tree[i]->id),
                                        str_eq(sent, id) };
        }
    return choose(rq, "unit", N_("Whose chat"), c, n);
}

static struct v_input
ask_kind(struct rq *rq)
{
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, 8);
    size_t n = 0;

    for (const struct chat_kind *k = chat_kinds; c != NULL && k->v != 0; k++)
        c[n++] = (struct v_choice){ str_of(k->key), str_of(rq_tr(rq, k->label)),
                                    str_is(rq_form(rq, "kind"), k->key) };
    return choose(rq, "kind", N_("Kind of chat"), c, n);
}

static struct v_input
ask_lang(struct rq *rq, int64_t lang)
{
    struct v_choice *c = arena_new_array(rq->arena, struct v_choice, 2);

    if (c == NULL)
        return (struct v_input){ .kind = "line" };
    c[0] = (struct v_choice){ STR("zh"), str_of(rq_tr(rq, N_("Chinese"))),
                              lang != 1 };
    c[1] = (struct v_choice){ STR("en"), str_of(rq_tr(rq, N_("English"))),
                              lang == 1 };
    return choose(rq, "lang", N_("Language"), c, 2);
}

static struct v_input
tick(struct rq *rq, struct str name, const char *label, bool on)
{
    return (struct v_input){ .kind = "flag",
                             .name = name,
                             .label = str_of(rq_tr(rq, label)),
                             .value = on ? STR("1") : STR("") };
}

static size_t
questions(struct rq *rq, const struct channel *c, struct v_input *in)
{
    size_t n = 0;

    if (c->id == 0) {
        in[n++] = ask_kind(rq);
        in[n++] = ask_org(rq);
    }
    in[n++] = (struct v_input){ .kind = "line",
                                .name = STR("name"),
                                .label = str_of(rq_tr(rq, N_("Name"))),
                                .value = c->name,
                                .required = true };
    in[n] = (struct v_input){
        .kind = "line",
        .name = STR("url"),
        .label = str_of(rq_tr(rq, N_("Address of the robot (webhook)"))),
        .required = c->id == 0,
    };
    if (c->id != 0)
        in[n].hint = str_of(rq_tr(rq, N_("Empty: as it was. It is not shown "
                                         "again.")));
    n++;
    in[n++] = (struct v_input){
        .kind = "line",
        .name = STR("secret"),
        .label = str_of(rq_tr(rq, N_("Secret for the signature"))),
        .hint = str_of(rq_tr(rq, N_("DingTalk and Feishu: if the robot has "
                                    "one. Empty: as it was."))),
    };
    in[n++] = ask_lang(rq, c->lang);
    for (const struct message_class *m = message_classes; m->v != 0; m++)
        if (m->asked)
            in[n++] = tick(rq, arena_printf(rq->arena, "on_%s", m->key),
                           m->label, c->kinds >> m->v & 1);
    if (c->id != 0) {
        in[n++] =
            tick(rq, STR("no_secret"), N_("The robot has no secret"), false);
        in[n++] =
            tick(rq, STR("off"), N_("Turned off"), c->state == CHANNEL_OFF);
    }
    return n;
}

static bool
show_form(struct rq *rq, const struct channel *c, const struct err *sent)
{
    struct v_input in[INPUTS];
    struct v_form form = {
        .lang = rq->lang,
        .action = link_to(rq, "/channel"),
        .csrf = rq->session.csrf,
        .label = str_of(rq_tr(rq, N_("Save"))),
        .inputs = in,
        .then = str_of(rq_tr(rq, N_("Send a test and see whether it arrives"))),
    };
    struct page_form_view v = { .lang = rq->lang, .form = &form };

    form.n_inputs = questions(rq, c, in);
    if (c->id != 0)
        form.key = arena_i64(rq->arena, c->id);
    if (sent != NULL) {
        form.error = rq_error_text(rq, sent);
        rq->rs->status = err_info[sent->code].http;
    }
    v.intro = str_of(rq_tr(
        rq, N_("A group chat's robot. It hears only what every member of the "
               "school's staff may read: number, title, school, due day and "
               "link. Whoever is in the group reads along.")));
    v.head = view_head(rq, rq_tr(rq, c->id == 0 ? N_("Add a chat's robot")
                                                : N_("Change a chat's robot")));
    answer_html(rq);
    page_form(&rq->rs->body, &v);
    return true;
}

enum { USUAL = 1 << MSG_OVERDUE | 1 << MSG_DUE_SOON | 1 << MSG_WAITING };

bool
channel_new(struct rq *rq, struct err *e)
{
    return may(rq, e) &&
           show_form(rq, &(struct channel){ .kinds = USUAL }, NULL);
}

bool
channel_edit(struct rq *rq, struct err *e)
{
    struct channel_way w;

    return may(rq, e) &&
           channel_get(rq->st, rq->who.dir->tenant.id, rq->id, rq->arena, &w,
                       e) &&
           show_form(rq, &w.c, NULL);
}

static bool
put_done(struct rq *rq, struct err *e)
{
    const struct channel_put *p = rq->work;

    if (rq->work_ok) {
        security_note(rq, "robot-set");
        return rq_redirect(rq, home(rq, "?done=5"));
    }
    if (err_info[rq->work_err.code].fault == FAULT_CLIENT)
        return show_form(rq, &p->way.c, &rq->work_err);
    *e = rq->work_err;
    return false;
}

static int64_t
ticked_kinds(struct rq *rq)
{
    int64_t kinds = INT64_C(1) << MSG_TEST;

    for (const struct message_class *m = message_classes; m->v != 0; m++)
        if (m->asked &&
            str_is(rq_form(rq, arena_printf(rq->arena, "on_%s", m->key).p),
                   "1"))
            kinds |= INT64_C(1) << m->v;
    return kinds;
}

/* form.key carries the channel's id: the page_form has no other place for it,
 * and saving the same again changes nothing. */
bool
channel_put(struct rq *rq, struct err *e)
{
    struct channel_put *p = arena_new_obj(rq->arena, struct channel_put);
    const struct chat_kind *k = chat_kind_find(rq_form(rq, "kind"));
    struct channel *c;

    if (p == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!may(rq, e))
        return false;
    c = &p->way.c;
    if (!str_i64(rq_form(rq, "key"), &c->id))
        c->id = 0;
    if (!str_i64(rq_form(rq, "unit"), &c->org))
        c->org = 0;
    if (c->id == 0 && dir_org(rq->who.dir, c->org) == NULL)
        return err_set(e, ERR_INVALID, "unit",
                       "Say which school it belongs to");
    c->kind = k != NULL ? k->v : 0;
    c->name = str_trim(rq_form(rq, "name"));
    c->lang = str_is(rq_form(rq, "lang"), "en") ? 1 : 2;
    c->kinds = ticked_kinds(rq);
    c->state = str_is(rq_form(rq, "off"), "1") ? CHANNEL_OFF : CHANNEL_ON;
    p->way.url = str_trim(rq_form(rq, "url"));
    p->way.secret = str_trim(rq_form(rq, "secret"));
    p->no_secret = str_is(rq_form(rq, "no_secret"), "1");
    p->tenant = rq->who.dir->tenant.id;
    p->person = rq->who.person;
    rq->work = p;
    return rq_job(rq, channel_put_job, p, put_done, e);
}

/* ---- a test; once more --------------------------------------------------------------- */

static bool
sent_now(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    sender_wake(rq->app->sender);
    return rq_redirect(rq, home(rq, "?done=4"));
}

bool
messages_test(struct rq *rq, struct err *e)
{
    struct delivery_ref *d = arena_new_obj(rq->arena, struct delivery_ref);
    const struct gateways *g = rq->app->gateways;
    struct channel_way w;

    if (d == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!may(rq, e))
        return false;
    d->tenant = rq->who.dir->tenant.id;
    if (!str_i64(rq_form(rq, "channel"), &d->channel))
        d->channel = 0;
    if ((d->channel == CHANNEL_MAIL && g->smtp_url[0] == '\0') ||
        (d->channel == CHANNEL_SMS && g->sms_url[0] == '\0'))
        return err_set(e, ERR_CONFLICT, NULL, "This is not set up");
    if (d->channel == CHANNEL_MAIL || d->channel == CHANNEL_SMS)
        d->person = rq->who.person;
    else if (!channel_get(rq->st, d->tenant, d->channel, rq->arena, &w, e))
        return false;
    return rq_job(rq, delivery_test_job, d, sent_now, e);
}

bool
messages_again(struct rq *rq, struct err *e)
{
    struct delivery_ref *d = arena_new_obj(rq->arena, struct delivery_ref);

    if (d == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!may(rq, e))
        return false;
    d->tenant = rq->who.dir->tenant.id;
    if (!str_i64(rq_form(rq, "id"), &d->id))
        d->id = 0;
    return rq_job(rq, delivery_again_job, d, sent_now, e);
}
