/* What a person gets told, when, and how to have less of it. */
#include <stdio.h>

#include "domain/org.h"
#include "service/delivery.h"
#include "service/wish.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/messages.h"
#include "web/view.h"

enum { TICKS = 8, OWN = 10, INPUTS = TICKS + 4 };

/* ---- what was sent -------------------------------------------------------------- */

static const struct {
    const char *key, *label;
} states[] = {
    { "none", "" },
    { "planned", N_("not yet sent") },
    { "sent", N_("sent") },
    { "failed", N_("failed, will be tried again") },
    { "dead", N_("given up") },
};

static struct str
channel_label(struct rq *rq, int64_t id, const struct channel *c, size_t n)
{
    if (id == CHANNEL_MAIL)
        return str_of(rq_tr(rq, N_("E-mail")));
    if (id == CHANNEL_SMS)
        return str_of(rq_tr(rq, N_("SMS")));
    for (size_t i = 0; i < n; i++)
        if (c[i].id == id)
            return str_of(rq_tr(rq, chat_kind(c[i].kind)->label));
    return STR("?");
}

static struct str
channel_name(int64_t id, const struct channel *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c[i].id == id)
            return c[i].name;
    return STR("?");
}

/* "refused by the mail server (SMTP 550) · 3 tries · next 2026-07-28 07:30" */
static struct str
detail(struct rq *rq, const struct delivery *d)
{
    BUF(b, 1024);

    if (d->reason.n > 0)
        buf_puts(&b, rq_tr(rq, arena_dupz(rq->arena, d->reason)));
    if (d->answer.n > 0)
        buf_printf(&b, " (%.*s)", STR_ARG(d->answer));
    if (d->tries > 1)
        buf_printf(&b, "%s%.*s", b.n > 0 ? " · " : "",
                   STR_ARG(view_count(
                       rq, trn(rq->lang, "%ld try", "%ld tries", d->tries),
                       d->tries)));
    if (d->next_at > 0 && d->next_at < rq->who.now)
        buf_printf(&b, "%s%s", b.n > 0 ? " · " : "",
                   rq_tr(rq, N_("waits for its turn")));
    else if (d->next_at > 0)
        buf_printf(&b, "%s%.*s", b.n > 0 ? " · " : "",
                   STR_ARG(view_said(rq, N_("goes out %.*s"),
                                     STR_ARG(view_time(rq, d->next_at)))));
    return str_trim(arena_dup(rq->arena, buf_str(&b)));
}

struct v_delivery *
messages_view(struct rq *rq, const struct delivery *d, size_t n,
              const struct channel *c, size_t n_chats, bool again)
{
    struct v_delivery *v = arena_new_array(rq->arena, struct v_delivery, n + 1);

    for (size_t i = 0; v != NULL && i < n; i++) {
        size_t s = d[i].state >= 1 && d[i].state <= 4 ? (size_t)d[i].state : 0;

        v[i] = (struct v_delivery){
            .id = arena_i64(rq->arena, d[i].id),
            .when =
                view_time(rq, d[i].done_at > 0 ? d[i].done_at : d[i].made_at),
            .to = d[i].person != 0 ? view_person(rq, d[i].person)
                                   : channel_name(d[i].channel, c, n_chats),
            .by = channel_label(rq, d[i].channel, c, n_chats),
            .state = str_of(rq_tr(rq, states[s].label)),
            .state_key = str_of(states[s].key),
            .detail = detail(rq, &d[i]),
            .again = again && d[i].state == DLV_DEAD,
        };
    }
    return v;
}

/* ---- what is wanted -------------------------------------------------------------- */

size_t
messages_ticks(struct rq *rq, struct v_input *in, int64_t off)
{
    size_t n = 0;

    for (const struct message_class *c = message_classes; c->v != 0; c++)
        if (c->asked && !c->duty && n < TICKS)
            in[n++] = (struct v_input){
                .kind = "flag",
                .name = arena_printf(rq->arena, "on_%s", c->key),
                .label = str_of(rq_tr(rq, c->label)),
                .value = off >> c->v & 1 ? STR("") : STR("1"),
            };
    return n;
}

int64_t
messages_off(struct rq *rq)
{
    int64_t off = 0;
    char name[32];

    for (const struct message_class *c = message_classes; c->v != 0; c++) {
        snprintf(name, sizeof(name), "on_%s", c->key);
        if (c->asked && !c->duty && !str_is(rq_form(rq, name), "1"))
            off |= INT64_C(1) << c->v;
    }
    return off;
}

static struct v_input
clock_input(struct rq *rq, const char *name, const char *label, int64_t minute)
{
    return (struct v_input){
        .kind = "clock",
        .name = str_of(name),
        .label = str_of(rq_tr(rq, label)),
        .value = arena_printf(rq->arena, "%02ld:%02ld", (long)(minute / 60),
                              (long)(minute % 60)),
        .required = true,
    };
}

/* "07:30" -> 450; -1: no time of day. */
static int64_t
minute_of(struct str s)
{
    int64_t h, m;

    if (s.n < 4 || s.n > 8 || s.p[s.n > 4 ? 2 : 1] != ':')
        return -1;
    s = str_cut(s, 0, s.n > 4 ? 5 : 4);
    if (!str_i64(str_cut(s, 0, s.n - 3), &h) ||
        !str_i64(str_cut(s, s.n - 2, s.n), &m) || h < 0 || h > 23 || m < 0 ||
        m > 59)
        return -1;
    return h * 60 + m;
}

static bool
own_list(struct rq *rq, struct page_account_view *v, struct err *e)
{
    int64_t tenant = rq->who.dir->tenant.id;
    struct delivery *list;
    size_t n;

    if (!deliveries_read(rq->st, tenant, 0, rq->who.person, INT64_MAX, OWN,
                         rq->arena, &list, &n, e))
        return false;
    v->sent = messages_view(rq, list, n, NULL, 0, false);
    v->n_sent = v->sent != NULL ? n : 0;
    return true;
}

static struct str
addresses(struct rq *rq, const struct person *p)
{
    const struct gateways *g = rq->app->gateways;
    BUF(b, 1024);

    if (g->smtp_url[0] == '\0' && g->sms_url[0] == '\0')
        return str_of(rq_tr(rq, N_("Nothing is sent so far: no mail server "
                                   "and no SMS gateway is set up. What is new "
                                   "stands under Today.")));
    if (p->email.n == 0 && p->phone.n == 0)
        return str_of(rq_tr(rq, N_("No address is known of you. Ask your "
                                   "safety manager to enter one.")));
    if (g->smtp_url[0] != '\0' && p->email.n > 0)
        buf_str_put(&b, p->email);
    if (g->sms_url[0] != '\0' && p->phone.n > 0)
        buf_printf(&b, "%s%.*s", b.n > 0 ? " · " : "", STR_ARG(p->phone));
    buf_printf(&b, ". %s",
               rq_tr(rq, N_("What is overdue comes in any case, by day.")));
    return arena_dup(rq->arena, buf_str(&b));
}

bool
messages_account(struct rq *rq, struct page_account_view *v, struct v_form *f,
                 struct err *e)
{
    struct v_input *in = arena_new_array(rq->arena, struct v_input, INPUTS);
    int64_t tenant = rq->who.dir->tenant.id;
    struct person p;
    struct wish w;
    size_t n;

    if (in == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!wish_get(rq->st, tenant, rq->who.person, &w, e) ||
        !store_rec_get(rq->st, tenant, &person_ledger, rq->who.person,
                       rq->arena, &p, e) ||
        !own_list(rq, v, e))
        return false;
    n = messages_ticks(rq, in, w.off);
    in[n++] = (struct v_input){
        .kind = "flag",
        .name = STR("sms"),
        .label = str_of(rq_tr(rq, N_("what is urgent by SMS as well"))),
        .value = w.sms ? STR("1") : STR(""),
    };
    in[n++] = clock_input(rq, "digest_at", N_("Daily message, on working days"),
                          w.digest_at);
    in[n++] = clock_input(rq, "quiet_from", N_("Quiet from"), w.quiet_from);
    in[n++] = clock_input(rq, "quiet_until", N_("Quiet until"), w.quiet_until);
    in[0].hint = addresses(rq, &p);
    *f = (struct v_form){
        .lang = rq->lang,
        .id = str_of(rq_tr(rq, N_("Messages"))),
        .action = { STR("/account/messages") },
        .csrf = rq->session.csrf,
        .label = str_of(rq_tr(rq, N_("Save"))),
        .inputs = in,
        .n_inputs = n,
    };
    return true;
}

static bool
wished(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    return rq_redirect(rq, STR("/account?done=5"));
}

bool
account_messages(struct rq *rq, struct err *e)
{
    struct wish_new *n = arena_new_obj(rq->arena, struct wish_new);

    if (n == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *n = (struct wish_new){
        .tenant = rq->session.tenant,
        .person = rq->who.person,
        .wish = { .digest_at = minute_of(rq_form(rq, "digest_at")),
                  .quiet_from = minute_of(rq_form(rq, "quiet_from")),
                  .quiet_until = minute_of(rq_form(rq, "quiet_until")),
                  .off = messages_off(rq),
                  .sms = str_is(rq_form(rq, "sms"), "1") },
    };
    return rq_job(rq, wish_put_job, n, wished, e);
}

/* ---- the link in a mail ------------------------------------------------------------ */

bool
stop_page(struct rq *rq, struct err *e)
{
    struct page_stop_view v = { .lang = rq->lang };
    struct v_input in[TICKS];
    int64_t tenant, person;
    struct wish w;

    if (!link_read(rq->st, rq->arena, rq->verb, &tenant, &person, e) ||
        !wish_get(rq->st, tenant, person, &w, e))
        return false;
    v.action = view_url(rq, "/stop/%.*s", STR_ARG(rq->verb));
    v.done = rq_query_i64(rq, "done") == 1;
    v.n_inputs = messages_ticks(rq, in, w.off);
    v.inputs = in;
    v.head = view_head(rq, rq_tr(rq, N_("Messages by mail")));
    ((struct v_head *)(uintptr_t)v.head)->flash = STR("");
    answer_html(rq);
    page_stop(&rq->rs->body, &v);
    return true;
}

/* Of a mail program, which follows no redirect (RFC 8058, 3.1). */
static bool
one_click(const struct rq *rq)
{
    return rq_form(rq, "List-Unsubscribe").n > 0;
}

static bool
stopped(struct rq *rq, struct err *e)
{
    if (!rq->work_ok) {
        *e = rq->work_err;
        return false;
    }
    if (one_click(rq)) {
        http_set(rq->http, rq->rs, "Content-Type",
                 STR("text/plain; charset=utf-8"));
        buf_puts(&rq->rs->body, "OK\n");
        return true;
    }
    return rq_redirect(
        rq, arena_printf(rq->arena, "/stop/%.*s?done=1", STR_ARG(rq->verb)));
}

/* The form of the page, or a mail program's one click (RFC 8058). */
bool
stop_set(struct rq *rq, struct err *e)
{
    struct wish_new *n = arena_new_obj(rq->arena, struct wish_new);

    if (n == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!link_read(rq->st, rq->arena, rq->verb, &n->tenant, &n->person, e))
        return false;
    n->off_only = true;
    n->all_off = str_is(rq_form(rq, "none"), "1") || one_click(rq);
    n->wish.off = messages_off(rq);
    return rq_job(rq, wish_put_job, n, stopped, e);
}
