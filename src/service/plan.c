#include "service/plan.h"
#include "domain/org.h"
#include "service/delivery.h"
#include "service/effects.h"
#include "service/seal.h"
#include "service/wish.h"
#include "store/stmt.h"

enum {
    ROWS_JOB = 100,  /* outbox rows, or records, in one job */
    JOBS_ROUND = 50, /* the rest waits for the next minute */
    PEOPLE = 20,
};

/* One planning job. */
struct plan {
    /* in */
    int64_t tenant;
    const struct plan_ways *ways;
    const struct ledger *ledger; /* of the reminders */
    int64_t after_key, after_id; /* in and out */
    bool more;                   /* out */
    /* while it runs */
    struct tx *tx;
    const struct dir *dir;
    struct channel *chat;
    size_t n_chats;
};

static bool
begin(struct plan *p, struct tx *tx, struct err *e)
{
    p->tx = tx;
    p->more = false;
    p->dir = tx_dir(tx, p->tenant, e);
    return p->dir != NULL && channels_read(tx->st, p->tenant, tx->arena,
                                           &p->chat, &p->n_chats, e);
}

/* One thing that somebody should know. */
struct news {
    const struct ledger *ledger;
    const void *rec;
    int64_t kind;
    bool urgent;
    struct str address; /* in place of the person's own; "" = that */
};

static bool
put(struct plan *p, const struct news *n, const struct wish *w, int64_t channel,
    int64_t person, struct err *e)
{
    int64_t now = p->tx->now;
    const struct item i = {
        .tenant = p->tenant,
        .channel = channel,
        .person = person,
        .urgent = n->urgent,
        .at = n->urgent ? wish_awake(w, p->dir->rules.zone, now)
                        : wish_digest(w, &p->dir->rules, now),
        .kind = n->kind,
        .ledger = n->ledger->tag,
        .record = ((const struct rec *)n->rec)->id,
        .address = n->address,
    };

    return delivery_put(p->tx, &i, e);
}

/* ---- people ----------------------------------------------------------------------- */

static void
reach(const struct plan *p, const struct news *n, const struct person *rec,
      const struct wish *w, bool *mail, bool *sms)
{
    bool other = n->address.n > 0; /* who has just lost it may read it there */

    *mail = p->ways->mail && (other || rec->email.n > 0);
    /* by SMS only what cannot wait, for who asked for it or has no mail */
    *sms = !other && p->ways->sms && rec->phone.n > 0 && n->urgent &&
           (w->sms || !*mail);
}

static bool
to_person(struct plan *p, const struct news *n, int64_t person, struct err *e)
{
    const struct dir_person *who = dir_person(p->dir, person);
    struct person rec;
    struct wish w;
    bool mail, sms;

    if (who == NULL || who->state != 1)
        return true;
    if (!store_rec_get(p->tx->st, p->tenant, &person_ledger, person,
                       p->tx->arena, &rec, e))
        return e->code == ERR_MISSING;
    if (!wish_get(p->tx->st, p->tenant, person, &w, e))
        return false;
    if (!wish_wants(&w, n->kind))
        return true;
    reach(p, n, &rec, &w, &mail, &sms);
    return (!mail || put(p, n, &w, CHANNEL_MAIL, person, e)) &&
           (!sms || put(p, n, &w, CHANNEL_SMS, person, e));
}

/* ---- chats ------------------------------------------------------------------------- */

/* Who is in a chat cannot be known: it hears only of what every member of the
 * school's staff reads. */
static bool
for_chats(const struct ledger *l)
{
    return !(l->flags & L_DIR) && (ledger_roles(l, "read") & R(STAFF));
}

/* A school hears of its own; the district of what was told up to it. */
static bool
hears(const struct plan *p, const struct channel *c, const struct rec *r)
{
    if (c->org == r->org || c->org == dir_school(p->dir, r->org))
        return true;
    return c->org == p->dir->root && r->escalated >= 3;
}

static bool
to_chats(struct plan *p, const struct news *n, struct err *e)
{
    if (!for_chats(n->ledger))
        return true;
    for (size_t i = 0; i < p->n_chats; i++) {
        const struct channel *c = &p->chat[i];

        if (c->state == CHANNEL_ON && (c->kinds >> n->kind & 1) &&
            hears(p, c, n->rec) && !put(p, n, &wish_chat, c->id, 0, e))
            return false;
    }
    return true;
}

/* ---- from the outbox ----------------------------------------------------------------- */

struct out_row {
    int64_t id, person, ledger, record;
    struct str verb, address;
};

static bool
can_act(const struct dir *d, int64_t person, const struct ledger *l,
        const void *rec, int64_t now)
{
    int64_t who[PEOPLE];
    size_t n = effects_who_acts(d, l, rec, now, who, PEOPLE);
    const struct state *st = ledger_state(l, ((const struct rec *)rec)->state);

    if (st == NULL || !(st->flags & ST_OPEN))
        return false;
    for (size_t i = 0; i < n; i++)
        if (who[i] == person)
            return true;
    return false;
}

static bool
plan_row(struct plan *p, const struct out_row *o, struct err *e)
{
    struct news n = { .ledger = ledger_by_tag((uint16_t)o->ledger),
                      .address = o->address };
    struct actor who = { .dir = p->dir,
                         .person = o->person,
                         .now = p->tx->now };
    void *rec;

    if (n.ledger == NULL)
        return true;
    if ((rec = arena_alloc(p->tx->arena, n.ledger->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(p->tx->st, p->tenant, n.ledger, o->record, p->tx->arena,
                       rec, e))
        return e->code == ERR_MISSING;
    n.rec = rec;
    n.kind = message_of(o->verb);
    n.urgent = n.kind == MSG_OVERDUE || message_class(n.kind)->own;
    if (n.kind == MSG_NEWS &&
        can_act(p->dir, o->person, n.ledger, rec, p->tx->now))
        n.kind = MSG_WAITING;
    if (!message_class(n.kind)->own && !actor_reads(&who, n.ledger, rec))
        return true;
    return to_person(p, &n, o->person, e) && to_chats(p, &n, e);
}

static bool
read_rows(struct plan *p, int64_t upto, struct out_row **list, size_t *n,
          struct err *e)
{
    struct rows r;
    bool ok, more = false;

    *n = 0;
    if ((*list = arena_new_array(p->tx->arena, struct out_row, ROWS_JOB)) ==
        NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!rows_open(&r, p->tx->st, &stmts[Q_OUT_SINCE],
                   ARGS(ARG(p->tenant), ARG(upto), ARG((int64_t)ROWS_JOB)), e))
        return false;
    r.arena = p->tx->arena;
    while ((ok = rows_next(&r, &more, e)) && more && *n < ROWS_JOB) {
        struct out_row *o = &(*list)[(*n)++];

        rows_get(&r, COLS(COL(&o->id), COL(&o->person), COL(&o->ledger),
                          COL(&o->record), COL(&o->verb), COL(&o->address)));
    }
    rows_close(&r);
    return ok;
}

struct head {
    int64_t upto, reminded;
};

/* The first time, what happened before is past: nobody wants a year's mail. */
static bool
head_get(struct plan *p, struct head *h, struct err *e)
{
    if (stmt_one(p->tx->st, &stmts[Q_MESSAGE_HEAD_GET], ARGS(ARG(p->tenant)),
                 NULL, COLS(COL(&h->upto), COL(&h->reminded)), e))
        return true;
    h->reminded = 0;
    return e->code == ERR_MISSING && link_key_make(p->tx, e) &&
           stmt_one(p->tx->st, &stmts[Q_OUT_NEWEST], ARGS(ARG(p->tenant)), NULL,
                    COLS(COL(&h->upto)), e) &&
           QRUN(p->tx->st, MESSAGE_HEAD_PUT, e, ARG(p->tenant), ARG(h->upto),
                ARG((int64_t)0));
}

static bool
outbox_job(struct tx *tx, void *arg, struct err *e)
{
    struct plan *p = arg;
    struct out_row *list;
    struct head h;
    size_t n;

    if (!begin(p, tx, e) || !head_get(p, &h, e) ||
        !read_rows(p, h.upto, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!plan_row(p, &list[i], e))
            return false;
    p->more = n == ROWS_JOB;
    return n == 0 ||
           (seal_change(tx, SEAL_ADDRESS_GONE,
                        ARGS(ARG(p->tenant), ARG(h.upto), ARG(list[n - 1].id)),
                        NULL, e) &&
            QRUN(tx->st, MESSAGE_HEAD_PUT, e, ARG(p->tenant),
                 ARG(list[n - 1].id), ARG(h.reminded)));
}

/* ---- reminders ------------------------------------------------------------------------- */

static bool
remind_one(struct plan *p, int64_t id, struct err *e)
{
    const struct ledger *l = p->ledger;
    struct rec *rec = arena_alloc(p->tx->arena, l->size);
    struct news n = { .ledger = l, .rec = rec };
    int64_t who[PEOPLE];
    size_t k;

    if (rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(p->tx->st, p->tenant, l, id, p->tx->arena, rec, e))
        return e->code == ERR_MISSING;
    n.kind = rec->due_at < p->tx->now ? MSG_OVERDUE : MSG_DUE_SOON;
    k = effects_who_acts(p->dir, l, rec, p->tx->now, who, PEOPLE);
    for (size_t i = 0; i < k; i++)
        if (!to_person(p, &n, who[i], e))
            return false;
    return to_chats(p, &n, e);
}

static bool
remind_job(struct tx *tx, void *arg, struct err *e)
{
    struct plan *p = arg;
    struct list_query q = { .tenant = p->tenant,
                            .ledger = p->ledger,
                            .all = true,
                            .sort = SORT_DUE,
                            .after_key = p->after_key,
                            .after_id = p->after_id,
                            .fields = "",
                            .limit = ROWS_JOB };
    void *recs;
    size_t n;

    if (!begin(p, tx, e))
        return false;
    if (!p->ways->mail && !p->ways->sms && p->n_chats == 0)
        return true; /* nobody could be told */
    q.due_before = rules_due(&p->dir->rules, "remind.before", tx->now) + 1;
    if (!store_list(tx->st, &q, tx->arena, &recs, &n, &p->more, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct rec *r =
            (const void *)((const char *)recs + i * p->ledger->size);

        if (!remind_one(p, r->id, e))
            return false;
        p->after_key = r->due_at;
        p->after_id = r->id;
    }
    return true;
}

/* Whether today's reminders are still to come. They are noted when all were
 * planned: whoever was interrupted plans them again, into the same messages. */
struct today {
    int64_t tenant;
    bool due, done;
};

static bool
today_job(struct tx *tx, void *arg, struct err *e)
{
    struct today *t = arg;
    struct plan p = { .tenant = t->tenant };
    const struct rules *r;
    struct head h;
    int64_t day;

    if (!begin(&p, tx, e) || !head_get(&p, &h, e))
        return false;
    r = &p.dir->rules;
    day = zone_day(r->zone, tx->now);
    if (h.reminded >= day || !rules_is_workday(r, day))
        return true;
    t->due = true;
    return !t->done || QRUN(tx->st, MESSAGE_HEAD_PUT, e, ARG(t->tenant),
                            ARG(h.upto), ARG(day));
}

static bool
remind(struct writer *w, int64_t tenant, const struct plan_ways *ways,
       struct err *e)
{
    struct today t = { .tenant = tenant };

    if (!writer_run(w, today_job, &t, e))
        return false;
    for (size_t i = 0; t.due && i < n_ledgers; i++) {
        struct plan p = { .tenant = tenant,
                          .ways = ways,
                          .ledger = ledgers[i],
                          .more = ledgers[i]->settle != NULL &&
                                  !(ledgers[i]->flags & L_CLOCKWORK) };

        while (p.more)
            if (!writer_run(w, remind_job, &p, e))
                return false;
    }
    t.done = t.due;
    return !t.due || writer_run(w, today_job, &t, e);
}

bool
plan_round(struct writer *w, int64_t tenant, const struct plan_ways *ways,
           struct err *e)
{
    struct plan p = { .tenant = tenant, .ways = ways, .more = true };

    if (writer_read_only(w))
        return true;
    for (int i = 0; i < JOBS_ROUND && p.more; i++)
        if (!writer_run(w, outbox_job, &p, e))
            return false;
    return remind(w, tenant, ways, e);
}
