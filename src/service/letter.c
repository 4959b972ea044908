#include "service/letter.h"
#include "domain/org.h"
#include "service/effects.h"
#include "service/wish.h"
#include "store/stmt.h"

enum {
    ITEMS_MAX = 400, /* read; more are counted in the next message */
    LINES_MAIL = 40,
    LINES_CHAT = 8,
    LINES_SMS = 1,
    LINE_MAIL = 120,
    LINE_CHAT = 80,
    LINE_SMS = 40,
    PEOPLE = 20,
    KINDS = MSG__MAX,
};

/* One record that is spoken of. */
struct line {
    int64_t kind;
    const struct ledger *ledger;
    const void *rec;
};

struct writing {
    const struct letter_for *f;
    const struct delivery *d;
    const struct channel_way *way;
    struct say say;
    struct wish wish;
    struct line line[ITEMS_MAX];
    size_t n, count[KINDS];
    bool test;
};

/* ---- is it still so? ------------------------------------------------------------- */

static bool
acts(const struct writing *w, const struct line *l)
{
    int64_t who[PEOPLE];
    size_t n =
        effects_who_acts(w->f->dir, l->ledger, l->rec, w->f->now, who, PEOPLE);

    for (size_t i = 0; i < n; i++)
        if (who[i] == w->d->person || w->d->person == 0)
            return true;
    return false;
}

static bool
still_so(const struct writing *w, struct line *l)
{
    const struct rec *r = l->rec;
    const struct state *st = ledger_state(l->ledger, r->state);
    bool open = st != NULL && (st->flags & ST_OPEN);

    switch (l->kind) {
    case MSG_OVERDUE:
        return open && r->due_at != 0 && r->due_at < w->f->now;
    case MSG_DUE_SOON:
        if (open && r->due_at != 0 && r->due_at < w->f->now)
            l->kind = MSG_OVERDUE;
        return open && r->due_at != 0;
    case MSG_WAITING:
        return open && acts(w, l);
    default:
        return true;
    }
}

static bool
may_hear(const struct writing *w, const struct line *l)
{
    struct actor who = { .dir = w->f->dir,
                         .person = w->d->person,
                         .now = w->f->now };

    if (w->way != NULL)
        return (w->way->c.kinds >> l->kind & 1) &&
               (ledger_roles(l->ledger, "read") & R(STAFF)) &&
               !(l->ledger->flags & L_DIR);
    if (message_class(l->kind)->own)
        return ((const struct rec *)l->rec)->id == w->d->person;
    return actor_reads(&who, l->ledger, l->rec) &&
           wish_wants(&w->wish, l->kind);
}

/* The first of a record counts: items come in the order of their weight. */
static bool
said_already(const struct writing *w, const struct line *l)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->line[i].ledger == l->ledger && !message_class(l->kind)->own &&
            ((const struct rec *)w->line[i].rec)->id ==
                ((const struct rec *)l->rec)->id)
            return true;
    return false;
}

static bool
take(struct writing *w, struct line l, int64_t id, struct err *e)
{
    void *rec;

    if (l.kind == MSG_TEST)
        return w->test = true;
    if (l.ledger == NULL)
        return true;
    if ((rec = arena_alloc(w->f->arena, l.ledger->size)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(w->f->st, w->f->dir->tenant.id, l.ledger, id,
                       w->f->arena, rec, e))
        return e->code == ERR_MISSING;
    l.rec = rec;
    if (said_already(w, &l) || !still_so(w, &l) || !may_hear(w, &l))
        return true;
    w->line[w->n++] = l;
    w->count[l.kind]++;
    return true;
}

static bool
read_items(struct writing *w, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, w->f->st, &stmts[Q_ITEM_EACH],
                   ARGS(ARG(w->f->dir->tenant.id), ARG(w->d->id),
                        ARG((int64_t)ITEMS_MAX)),
                   e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        if (!(ok = take(w,
                        (struct line){ .kind = rows_i64(&r, 0),
                                       .ledger = ledger_by_tag(
                                           (uint16_t)rows_i64(&r, 1)) },
                        rows_i64(&r, 2), e)))
            break;
    rows_close(&r);
    return ok;
}

/* ---- the words --------------------------------------------------------------------- */

static const char *
words(const struct writing *w, const char *id)
{
    return tr(w->say.lang, id);
}

/* "2 overdue, 1 waiting" */
static struct str
summary(const struct writing *w)
{
    BUF(b, 512);

    for (const struct message_class *c = message_classes; c->v != 0; c++) {
        if (w->count[c->v] == 0)
            continue;
        if (b.n > 0)
            buf_puts(&b, words(w, N_(", ")));
        buf_str_put(&b, say_count(&w->say, words(w, c->count),
                                  (int64_t)w->count[c->v]));
    }
    return arena_dup(w->f->arena, buf_str(&b));
}

static void
line(const struct writing *w, struct buf *b, const struct line *l, size_t width)
{
    struct str link =
        say_link(&w->say, l->ledger, ((const struct rec *)l->rec)->id);

    if (message_class(l->kind)->own) {
        buf_printf(b, "%s\n",
                   words(w, N_("If you do not know why, ask your administrator "
                               "at once.")));
        return;
    }
    buf_str_put(b, say_line(&w->say, l->ledger, l->rec, width));
    buf_putc(b, '\n');
    if (link.n > 0)
        buf_printf(b, "%.*s\n", STR_ARG(link));
}

static void
lines(const struct writing *w, struct buf *b, size_t most, size_t width,
      bool headings)
{
    int64_t kind = 0;
    size_t shown = 0;

    for (int64_t k = 1; k < KINDS; k++)
        for (size_t i = 0; i < w->n && shown < most; i++) {
            const struct line *l = &w->line[i];

            if (l->kind != k)
                continue;
            if (headings && kind != k)
                buf_printf(b, "%s%s\n", shown > 0 ? "\n" : "",
                           words(w, message_class(k)->label));
            kind = k;
            line(w, b, l, width);
            shown++;
        }
    if (w->n > shown) {
        buf_str_put(b, say_count(&w->say, words(w, N_("and %ld more")),
                                 (int64_t)(w->n - shown)));
        buf_putc(b, '\n');
    }
}

static struct str
test_words(const struct writing *w)
{
    return say_text(&w->say,
                    N_("This is a test. Messages of Anlan arrive here."));
}

static struct str
mail_text(const struct writing *w, struct str leave)
{
    BUF(b, 128 * 1024);

    if (w->test)
        buf_printf(&b, "%.*s\n", STR_ARG(test_words(w)));
    lines(w, &b, LINES_MAIL, LINE_MAIL, true);
    buf_puts(&b, "\n-- \n");
    buf_puts(&b, words(w, N_("You get this because of your posts. What is "
                             "overdue always comes; the rest can be turned "
                             "off.")));
    if (leave.n > 0)
        buf_printf(&b, "\n%.*s", STR_ARG(leave));
    buf_putc(&b, '\n');
    return arena_dup(w->f->arena, buf_str(&b));
}

/* Short: for a chat or a telephone. */
static struct str
short_text(const struct writing *w, size_t most, size_t width)
{
    BUF(b, 16 * 1024);

    buf_printf(&b, "%s%.*s\n", words(w, N_("Anlan: ")),
               STR_ARG(w->test ? test_words(w) : summary(w)));
    lines(w, &b, most, width, false);
    while (b.n > 0 && b.p[b.n - 1] == '\n')
        b.n--;
    return arena_dup(w->f->arena, buf_str(&b));
}

/* ---- to whom ------------------------------------------------------------------------- */

/* News that also goes where the person's mail went before. */
static bool
elsewhere(struct writing *w, struct letter *l, struct err *e)
{
    struct str other;

    if (!stmt_one(w->f->st, &stmts[Q_DELIVERY_ADDRESS],
                  ARGS(ARG(w->f->dir->tenant.id), ARG(w->d->id)), w->f->arena,
                  COLS(COL(&other)), e))
        return e->code == ERR_MISSING;
    if (other.n > 0)
        l->to = other;
    return true;
}

static bool
open_person(struct writing *w, struct letter *l, struct err *e)
{
    const struct dir_person *p = dir_person(w->f->dir, w->d->person);
    struct person rec;

    if (p == NULL || p->state != 1) {
        l->cannot = N_("the person has left");
        return true;
    }
    if (!store_rec_get(w->f->st, w->f->dir->tenant.id, &person_ledger,
                       w->d->person, w->f->arena, &rec, e) ||
        !wish_get(w->f->st, w->f->dir->tenant.id, w->d->person, &w->wish, e))
        return false;
    if (rec.lang != 0)
        w->say.lang = rec.lang == 2 ? LANG_ZH : LANG_EN;
    l->to = str_trim(w->d->channel == CHANNEL_SMS ? rec.phone : rec.email);
    if (w->d->channel == CHANNEL_MAIL && !elsewhere(w, l, e))
        return false;
    if (l->to.n == 0)
        l->cannot = N_("no address is known");
    return true;
}

static void
open_chat(struct writing *w, struct letter *l)
{
    const struct channel *c = &w->way->c;

    if (c->state != CHANNEL_ON)
        l->cannot = N_("the channel was turned off");
    if (c->lang != 0)
        w->say.lang = c->lang == 2 ? LANG_ZH : LANG_EN;
}

static bool
leave_link(struct writing *w, struct letter *l, struct err *e)
{
    struct str word, base = w->say.base;

    if (base.n == 0 || w->d->channel != CHANNEL_MAIL)
        return true;
    word =
        link_word(w->f->st, w->f->arena, w->f->dir->tenant.id, w->d->person, e);
    if (word.n == 0)
        return e->code == ERR_MISSING;
    l->leave = arena_printf(w->f->arena, "%.*s/stop/%.*s", STR_ARG(base),
                            STR_ARG(word));
    return true;
}

static void
compose(struct writing *w, struct letter *l)
{
    if (w->d->channel == CHANNEL_MAIL) {
        l->subject = w->test ? str_of(words(w, N_("Anlan: a test")))
                             : arena_printf(w->f->arena, "%s%.*s",
                                            words(w, N_("Anlan: ")),
                                            STR_ARG(summary(w)));
        l->text = mail_text(w, l->leave);
    } else if (w->d->channel == CHANNEL_SMS) {
        l->text = short_text(w, LINES_SMS, LINE_SMS);
    } else {
        l->text = short_text(w, LINES_CHAT, LINE_CHAT);
    }
}

bool
letter_write(const struct letter_for *f, const struct delivery *d,
             const struct channel_way *way, struct letter *l, struct err *e)
{
    struct writing *w = arena_new_obj(f->arena, struct writing);
    struct str base = str_of(f->public_url);

    *l = (struct letter){ .nothing = false };
    if (w == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    w->f = f;
    w->d = d;
    w->way = way;
    w->say = (struct say){ .lang = f->lang,
                           .dir = f->dir,
                           .now = f->now,
                           .arena = f->arena,
                           .base = base };
    if (way != NULL)
        open_chat(w, l);
    else if (!open_person(w, l, e))
        return false;
    l->lang = w->say.lang;
    if (l->cannot != NULL)
        return true;
    if (!read_items(w, e) || !leave_link(w, l, e))
        return false;
    l->nothing = w->n == 0 && !w->test;
    if (!l->nothing)
        compose(w, l);
    return !arena_failed(f->arena) ||
           err_set(e, ERR_BUSY, NULL, "The server is short of memory");
}
