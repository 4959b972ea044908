#include <curl/curl.h>
#include <stdlib.h>

#include "base/contact.h"
#include "base/log.h"
#include "base/ticker.h"
#include "service/lease.h"
#include "service/letter.h"
#include "service/sender.h"

enum {
    HOLDS = 1024,
    LOOK_SECONDS = 2,
    QUOTA = 8 << 20,
    NOTE_TRIES = 10, /* to write down what became of a message */
    BURST = 10,
};

/* A channel that rests, and how often in a row it has failed. */
struct hold {
    int64_t tenant, channel, until, fails;
};

struct sender {
    struct writer *w;
    struct store *st;
    struct dir_cache *dirs;
    const struct gateways *g;
    struct wire *wire;
    clock_fn *clock;
    struct ticker *ticker;
    atomic_bool closing; /* also ends what is on the wire */
    struct hold hold[HOLDS];
    size_t n_holds;
};

/* ---- channels that rest -------------------------------------------------------------- */

static struct hold *
hold_of(struct sender *s, int64_t tenant, int64_t channel)
{
    if (channel <= CHANNEL_SMS)
        tenant = 0; /* one gateway for all */
    for (size_t i = 0; i < s->n_holds; i++)
        if (s->hold[i].tenant == tenant && s->hold[i].channel == channel)
            return &s->hold[i];
    if (s->n_holds == HOLDS)
        s->n_holds = 0;
    s->hold[s->n_holds] = (struct hold){ .tenant = tenant, .channel = channel };
    return &s->hold[s->n_holds++];
}

static int64_t
rest_ms(int64_t fails)
{
    static const int64_t seconds[] = { 15, 30, 60, 120, 300, 600, 900 };
    size_t i = (size_t)(fails < 1 ? 0 : fails - 1);

    return seconds[i < N_OF(seconds) ? i : N_OF(seconds) - 1] * 1000;
}

static void
rest(struct sender *s, struct delivery_end *d, const struct outcome *o)
{
    struct hold *h = hold_of(s, d->tenant, d->channel);

    if (o->verdict != SENT_WAIT) {
        h->fails = 0;
        return;
    }
    h->fails++;
    d->wait_until =
        s->clock() + (o->wait_ms > 0 ? o->wait_ms : rest_ms(h->fails));
    h->until = d->wait_until;
}

/* ---- one message --------------------------------------------------------------------- */

/* What is dialled: the digits alone. */
static struct str
phone_of(struct arena *a, struct str typed)
{
    BUF(b, 64);

    if (!phone_number_ok(typed, false))
        return STR("");
    for (size_t i = 0; i < typed.n; i++)
        if ((typed.p[i] >= '0' && typed.p[i] <= '9') || typed.p[i] == '+')
            buf_putc(&b, typed.p[i]);
    return arena_dup(a, buf_str(&b));
}

static void
never(struct outcome *o, const char *reason)
{
    *o = (struct outcome){ .verdict = SENT_NEVER, .reason = reason };
}

static void
send_mail(struct sender *s, struct arena *a, const struct tenant *t,
          const struct delivery *d, const struct letter *l, struct outcome *o)
{
    struct str from = str_of(s->g->mail_from);
    const struct mail m = {
        .from = from,
        .from_name = text2_in(t->name, l->lang == LANG_ZH),
        .to = l->to,
        .subject = l->subject,
        .text = l->text,
        .leave = l->leave,
        .date_ms = s->clock(),
        .id = arena_printf(a, "anlan.%.*s.%ld@%.*s", STR_ARG(t->code),
                           (long)d->id, STR_ARG(mail_domain(from))),
    };

    if (!mail_address_ok(l->to))
        never(o, N_("the address is not one"));
    else
        wire_mail(s->wire, &m, o);
}

static void
send_it(struct sender *s, struct arena *a, const struct tenant *t,
        const struct delivery *d, const struct channel_way *way,
        const struct letter *l, struct outcome *o)
{
    if (l->cannot != NULL) {
        never(o, l->cannot);
    } else if (way != NULL) {
        wire_chat(s->wire, chat_kind(way->c.kind), way->url, way->secret,
                  l->text, s->clock(), o);
    } else if (d->channel == CHANNEL_SMS) {
        struct str phone = phone_of(a, l->to);

        if (phone.n == 0)
            never(o, N_("the telephone number is not one"));
        else
            wire_sms(s->wire, phone, l->text, o);
    } else {
        send_mail(s, a, t, d, l, o);
    }
}

/* The words, from one snapshot that is closed before anything is sent. */
static bool
write_letter(struct sender *s, struct arena *a, int64_t tenant,
             const struct delivery *d, struct channel_way *way,
             struct letter *l, struct err *e)
{
    struct letter_for f = { .st = s->st,
                            .arena = a,
                            .now = s->clock(),
                            .lang = s->g->zh ? LANG_ZH : LANG_EN,
                            .public_url = s->g->public_url };
    bool chat = d->channel > CHANNEL_SMS, ok;

    if (!store_begin(s->st, e))
        return false;
    f.dir = dir_get(s->dirs, s->st, tenant, e);
    ok = f.dir != NULL &&
         (!chat || channel_get(s->st, tenant, d->channel, a, way, e)) &&
         letter_write(&f, d, chat ? way : NULL, l, e);
    store_rollback(s->st);
    return ok;
}

/* What was sent must be known to have been sent: the disk may be full for a
 * while. In the end the lease runs out and it is sent again. */
static void
note(struct sender *s, struct delivery_end *end)
{
    struct timespec second = { .tv_sec = 1 };
    struct err e = { 0 };
    char text[256];

    for (int i = 0; i < NOTE_TRIES; i++) {
        if (writer_run(s->w, delivery_end_job, end, &e))
            return;
        if (atomic_load(&s->closing))
            break;
        nanosleep(&second, NULL);
    }
    log_line(LOG_WARN, "what became of a message could not be noted: %s",
             err_text(&e, text, sizeof(text)));
}

static void
deliver(struct sender *s, const struct tenant *t, const struct delivery *d,
        int64_t tries)
{
    struct channel_way way = { .url = STR("") };
    struct delivery_end end = { .tenant = t->id,
                                .id = d->id,
                                .channel = d->channel,
                                .tries = tries,
                                .answer = "" };
    struct outcome o = { .verdict = SENT_AGAIN,
                         .reason = N_("the message could not be written") };
    struct letter l;
    struct err e = { 0 };
    ARENA(a, QUOTA);

    if (a != NULL && write_letter(s, a, t->id, d, &way, &l, &e)) {
        end.nothing = l.nothing;
        if (!l.nothing)
            send_it(s, a, t, d, d->channel > CHANNEL_SMS ? &way : NULL, &l, &o);
    }
    end.verdict = o.verdict;
    end.untried = o.stopped;
    end.reason = o.reason;
    end.answer = o.answer;
    if (!end.nothing && !end.untried)
        rest(s, &end, &o);
    note(s, &end);
}

static void
try_one(struct sender *s, const struct tenant *t, const struct delivery *d)
{
    struct limit own = { .burst = BURST };
    struct delivery_try job = { .tenant = t->id,
                                .id = d->id,
                                .channel = d->channel };
    struct err e = { 0 };
    char text[256];

    if (d->channel > CHANNEL_SMS) {
        struct channel_way way = { .url = STR("") };
        ARENA(a, 64 * 1024);
        const struct chat_kind *k;

        if (a == NULL || !store_begin(s->st, &e))
            return;
        if (!channel_get(s->st, t->id, d->channel, a, &way, &e))
            way.c.kind = 0;
        store_rollback(s->st);
        if ((k = chat_kind(way.c.kind)) == NULL) {
            hold_of(s, t->id, d->channel)->until = s->clock() + 60000;
            return;
        }
        job.limit = k->limit;
        while (job.n_limits < CHAT_LIMITS && k->limit[job.n_limits].burst > 0)
            job.n_limits++;
    } else {
        own.every_ms =
            60000 / (d->channel == CHANNEL_MAIL ? s->g->mail_per_minute
                                                : s->g->sms_per_minute);
        job.limit = &own;
        job.n_limits = 1;
    }
    job.tries = d->tries + 1;
    if (!writer_run(s->w, delivery_try_job, &job, &e)) {
        log_line(LOG_WARN, "a message cannot be tried: %s",
                 err_text(&e, text, sizeof(text)));
        hold_of(s, t->id, d->channel)->until = s->clock() + 5000;
    } else if (job.taken) {
        deliver(s, t, d, job.tries);
    } else if (job.wait_until != 0) {
        hold_of(s, t->id, d->channel)->until = job.wait_until;
    }
}

/* ---- all of them ------------------------------------------------------------------------ */

/* The next message of each channel of a tenant that does not rest. */
static size_t
due_now(struct sender *s, int64_t tenant, struct arena *a,
        struct delivery **list, struct err *e)
{
    struct channel *chat;
    size_t n_chats, n = 0;
    int64_t now = s->clock();

    if (!channels_read(s->st, tenant, a, &chat, &n_chats, e) ||
        (*list = arena_new_array(a, struct delivery, n_chats + 2)) == NULL)
        return 0;
    for (size_t i = 0; i < n_chats + 2; i++) {
        int64_t channel = i == 0   ? CHANNEL_MAIL
                          : i == 1 ? CHANNEL_SMS
                                   : chat[i - 2].id;

        if ((i == 0 && s->g->smtp_url[0] == '\0') ||
            (i == 1 && s->g->sms_url[0] == '\0') ||
            hold_of(s, tenant, channel)->until > now)
            continue;
        if (!delivery_due(s->st, tenant, channel, now, &(*list)[n], e))
            return n;
        n += (*list)[n].id != 0;
    }
    return n;
}

/* Whether anything was tried. */
static bool
one_tenant(struct sender *s, const struct tenant *t, struct err *e)
{
    struct delivery *list;
    size_t n;
    ARENA(a, QUOTA);

    if (a == NULL || !store_begin(s->st, e))
        return false;
    n = due_now(s, t->id, a, &list, e);
    store_rollback(s->st);
    for (size_t i = 0; i < n && !atomic_load(&s->closing); i++)
        try_one(s, t, &list[i]);
    return n > 0;
}

static bool
look(struct sender *s)
{
    struct tenant *tenants;
    struct err e = { 0 };
    bool any = false, ok;
    char text[256];
    size_t n;
    ARENA(a, QUOTA);

    if (writer_read_only(s->w) || !writer_leads(s->w) || a == NULL ||
        !store_begin(s->st, &e))
        return false;
    ok = tenants_read(s->st, a, &tenants, &n, &e);
    store_rollback(s->st);
    for (size_t i = 0; ok && i < n && !atomic_load(&s->closing); i++)
        any = one_tenant(s, &tenants[i], &e) || any;
    if (e.code != ERR_NONE && e.code != ERR_MISSING)
        log_line(LOG_WARN, "messages: %s", err_text(&e, text, sizeof(text)));
    return any;
}

static unsigned
tick(void *arg)
{
    struct sender *s = arg;

    if (store_is_shared(s->st))
        writer_lead(LEASE_OFFICE);
    return look(s) ? 0 : LOOK_SECONDS * 1000;
}

static void
sender_free(struct sender *s)
{
    wire_free(s->wire);
    dir_cache_free(s->dirs);
    store_close(s->st);
    free(s);
}

struct sender *
sender_start(struct writer *w, const char *data_dir, const struct gateways *g,
             clock_fn *clock, struct err *e)
{
    struct sender *s = calloc(1, sizeof(*s));

    if (s == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(s);
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    s->w = w;
    s->g = g;
    s->clock = clock;
    if ((s->st = store_open(data_dir, STORE_READ, e)) != NULL &&
        (s->dirs = dir_cache_new()) != NULL &&
        (s->wire = wire_new(g, &s->closing, e)) != NULL &&
        (s->ticker = ticker_start(tick, s, e)) != NULL)
        return s;
    sender_free(s);
    return NULL;
}

void
sender_wake(struct sender *s)
{
    if (s != NULL)
        ticker_wake(s->ticker);
}

void
sender_stop(struct sender *s)
{
    if (s == NULL)
        return;
    atomic_store(&s->closing, true);
    ticker_stop(s->ticker);
    sender_free(s);
}
