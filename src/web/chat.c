/* What people carry into chat groups: a short text, or a picture. */
#include "web/chat.h"
#include "web/answer.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/paper.h"
#include "web/view.h"

enum {
    FIRST = 3,
    LINE = 60,
    ROW = 76, /* of a picture: it goes over two lines */
    ROOM_LEFT = 40,
    WIDTH = 720,
    HEIGHT = 900,
    LIST_HEIGHT = 1280,
    QR_ROOM = 380,
    EDGE = 40
};

static struct v_chat *
chat(struct rq *rq, struct str text, struct str link)
{
    struct v_chat *c = arena_new_obj(rq->arena, struct v_chat);
    const struct say s = view_say(rq);

    if (c == NULL)
        return NULL;
    text = arena_dup(rq->arena, say_cut(&s, text, CHAT_CHARS));
    c->lang = rq->lang;
    c->no_link = link.n == 0;
    c->text = link.n == 0 ? text
                          : arena_printf(rq->arena, "%.*s\n%.*s", STR_ARG(text),
                                         STR_ARG(link));
    return c;
}

static struct str
ledger_link(struct rq *rq, const struct ledger *l, int64_t id)
{
    return rq_absolute(rq, rq_path(rq, l, id));
}

const struct v_chat *
chat_record(struct rq *rq, const struct ledger *l, const void *rec)
{
    const struct say s = view_say(rq);
    int64_t id = ((const struct rec *)rec)->id;
    struct v_chat *c;

    if (l->flags & L_SETUP)
        return NULL;
    c = chat(rq, say_line(&s, l, rec, CHAT_CHARS), ledger_link(rq, l, id));
    if (c != NULL) {
        c->has_picture = true;
        c->picture = view_url(rq, "%.*s/picture", STR_ARG(rq_path(rq, l, id)));
    }
    return c;
}

static struct str
list_path(struct rq *rq, const struct ledger *l, const struct query *q,
          const char *ending)
{
    return arena_printf(rq->arena, "%.*s%s%s%.*s", STR_ARG(rq_path(rq, l, 0)),
                        ending, q->params.n > 0 ? "?" : "", STR_ARG(q->params));
}

const struct v_chat *
chat_list(struct rq *rq, const struct ledger *l, const struct query *q,
          const void *recs, size_t n, bool more)
{
    const struct say s = view_say(rq);
    struct str link = STR("");
    struct v_chat *c;
    BUF(b, 8 * 1024);

    if (n == 0 || (l->flags & L_SETUP))
        return NULL;
    buf_printf(&b, "%s%s", rq_tr(rq, l->title),
               q->filtered ? rq_tr(rq, N_(" (a part)")) : "");
    buf_printf(&b, "%s%zu%s", rq_tr(rq, N_(": ")), n, more ? "+" : "");
    for (size_t i = 0; i < n && i < FIRST; i++) {
        const void *rec = (const char *)recs + i * l->size;

        buf_printf(&b, "\n%.*s", STR_ARG(say_line(&s, l, rec, LINE)));
    }
    if (rq->app->public_url[0] != '\0')
        link = rq_absolute(rq, list_path(rq, l, q, ""));
    c = chat(rq, buf_str(&b), link);
    if (c != NULL) {
        c->has_picture = true;
        c->picture = view_url(rq, "%.*s", STR_ARG(list_path(rq, l, q, ".png")));
    }
    return c;
}

const struct v_chat *
chat_board(struct rq *rq, const struct v_group *g, size_t n)
{
    struct v_chat *c;
    BUF(b, 8 * 1024);

    buf_printf(
        &b, "%.*s %.*s",
        STR_ARG(text2_in(rq->who.dir->tenant.name, rq->lang == LANG_ZH)),
        STR_ARG(view_day(rq, zone_day(rq->who.dir->rules.zone, rq->who.now))));
    for (size_t i = 0; i < n; i++)
        if (g[i].count > 0)
            buf_printf(&b, "\n%.*s%s%ld%s", STR_ARG(g[i].title),
                       rq_tr(rq, N_(": ")), (long)g[i].count,
                       g[i].more ? "+" : "");
    c = chat(rq, buf_str(&b),
             rq_absolute(rq, arena_printf(rq->arena, "/t/%.*s",
                                          STR_ARG(rq->who.dir->tenant.code))));
    if (c != NULL) {
        c->has_picture = true;
        c->picture = view_url(rq, "/t/%.*s/board.png",
                              STR_ARG(rq->who.dir->tenant.code));
    }
    return c;
}

/* ---- the picture ------------------------------------------------------------------- */

struct drawing {
    const struct ledger *ledger;
    const void *rec;
    struct str news; /* the step that it tells of; "" = none */
    struct qr qr;
};

static bool
draw(struct rq *rq, const char *path, void *arg, struct err *e)
{
    static const struct paper_style head = { PAPER_HEI, 26, PAPER_LEFT };
    static const struct paper_style big = { PAPER_HEI_BOLD, 40, PAPER_LEFT };
    static const struct paper_style text = { PAPER_HEI, 30, PAPER_LEFT };
    static const struct paper_style foot = { PAPER_HEI, 22, PAPER_CENTER };
    const struct drawing *d = arg;
    const struct rec *r = d->rec;
    const struct say s = view_say(rq);
    const struct state *st = ledger_state(d->ledger, r->state);
    struct str due = say_due(&s, r->due_at);
    struct paper *p = paper_png(path, WIDTH, HEIGHT, e);
    double y = EDGE, w = WIDTH - 2 * EDGE;

    if (p == NULL)
        return false;
    y += paper_text(p,
                    view_said(rq, N_("Anlan: %.*s %.*s"),
                              STR_ARG(str_of(rq_tr(rq, d->ledger->title_one))),
                              STR_ARG(r->no)),
                    &head, EDGE, y, w);
    y += 16;
    y += paper_text(p, say_title(&s, d->ledger, d->rec, 70), &big, EDGE, y, w);
    y += 16;
    if (d->news.n > 0)
        y += paper_text(p, view_verb(rq, d->ledger, d->news), &text, EDGE, y,
                        w) +
             8;
    y += paper_text(p, say_org(&s, r->org), &text, EDGE, y, w) + 8;
    if (st != NULL)
        y += paper_text(p, str_of(rq_tr(rq, st->label)), &text, EDGE, y, w) + 8;
    if (due.n > 0)
        paper_text(p, due, &text, EDGE, y, w);
    paper_qr(p, &d->qr, (WIDTH - 300) / 2.0, HEIGHT - 390, 300);
    paper_text(p, str_of(rq_tr(rq, N_("Scan to open. Signing in is needed."))),
               &foot, EDGE, HEIGHT - 70, w);
    return paper_close(p, e);
}

static bool
ledger_has_verb(const struct ledger *l, struct str verb)
{
    for (size_t i = 0; i < l->n_steps; i++)
        if (str_is(verb, l->steps[i].verb))
            return true;
    return str_is(verb, "escalate");
}

bool
record_picture(struct rq *rq, struct err *e)
{
    const struct ledger *l = rq->ledger;
    struct drawing *d = arena_new_obj(rq->arena, struct drawing);
    void *rec = arena_alloc(rq->arena, l->size);

    if (d == NULL || rec == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, l, rq->id, rq->arena,
                       rec, e))
        return false;
    if (!actor_reads(&rq->who, l, rec) || (l->flags & L_SETUP))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    d->ledger = l;
    d->rec = rec;
    d->news = ledger_has_verb(l, rq_query(rq, "news")) ? rq_query(rq, "news")
                                                       : STR("");
    if (!qr_make(rq->arena, ledger_link(rq, l, rq->id), &d->qr))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return made_picture(rq, draw, d, ((const struct rec *)rec)->no, e);
}

/* ---- a list as a picture ---------------------------------------------------------- */

struct list_drawing {
    struct query q;
    struct qr qr;
};

/* The rows from y on; the last line says how many found no room. */
static void
draw_rows(struct rq *rq, struct paper *p, const struct ledger *l,
          const void *recs, size_t n, bool more, double y)
{
    static const struct paper_style line = { PAPER_HEI, 26, PAPER_LEFT };
    const struct say s = view_say(rq);
    double w = WIDTH - 2 * EDGE;

    for (size_t i = 0; i < n; i++) {
        struct str text =
            say_line(&s, l, (const char *)recs + i * l->size, ROW);
        double h = paper_measure(p, text, &line, w);

        if (y + h + (i + 1 < n ? ROOM_LEFT : 0) > LIST_HEIGHT - QR_ROOM) {
            paper_text(p,
                       more ? STR("…")
                            : say_count(&s, rq_tr(rq, N_("and %ld more")),
                                        (int64_t)(n - i)),
                       &line, EDGE, y, w);
            return;
        }
        y += paper_text(p, text, &line, EDGE, y, w) + 8;
        paper_line(p, EDGE, y, WIDTH - EDGE, y);
        y += 8;
    }
}

static struct str
list_below(struct rq *rq, const struct query *q, size_t n, bool more)
{
    return arena_printf(
        rq->arena, "%.*s · %zu%s%s",
        STR_ARG(view_day(rq, zone_day(rq->who.dir->rules.zone, rq->who.now))),
        n, more ? "+" : "", q->filtered ? rq_tr(rq, N_(" (a part)")) : "");
}

static bool
draw_list(struct rq *rq, const char *path, void *arg, struct err *e)
{
    static const struct paper_style big = { PAPER_HEI_BOLD, 40, PAPER_LEFT };
    static const struct paper_style small = { PAPER_HEI, 24, PAPER_LEFT };
    static const struct paper_style foot = { PAPER_HEI, 22, PAPER_CENTER };
    const struct list_drawing *d = arg;
    const struct ledger *l = d->q.list.ledger;
    double y = EDGE, w = WIDTH - 2 * EDGE;
    struct paper *p;
    void *recs;
    size_t n;
    bool more;

    if (!store_list(rq->st, &d->q.list, rq->arena, &recs, &n, &more, e) ||
        (p = paper_png(path, WIDTH, LIST_HEIGHT, e)) == NULL)
        return false;
    y += paper_text(p, str_of(rq_tr(rq, l->title)), &big, EDGE, y, w) + 8;
    y += paper_text(p, list_below(rq, &d->q, n, more), &small, EDGE, y, w) + 16;
    draw_rows(rq, p, l, recs, n, more, y);
    paper_qr(p, &d->qr, (WIDTH - 260) / 2.0, LIST_HEIGHT - 340, 260);
    paper_text(p, str_of(rq_tr(rq, N_("Scan to open. Signing in is needed."))),
               &foot, EDGE, LIST_HEIGHT - 60, w);
    return paper_close(p, e);
}

bool
list_picture(struct rq *rq, struct err *e)
{
    const struct ledger *l = rq->ledger;
    struct list_drawing *d = arena_new_obj(rq->arena, struct list_drawing);

    if (d == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (l->flags & L_SETUP)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!query_read(rq, l, "read", &d->q, e))
        return false;
    if (!qr_make(rq->arena, rq_absolute(rq, list_path(rq, l, &d->q, "")),
                 &d->qr))
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "This address is too long for a QR code");
    return made_picture(rq, draw_list, d, STR(""), e);
}

/* Many lines are written smaller; the last says how many found no room. */
static void
draw_lines(struct rq *rq, struct paper *p, const struct chat_lines *l, double y)
{
    enum { MANY = 10, AIRY = 10, TIGHT = 5 };
    const bool many = l->n > MANY;
    const struct paper_style line = { PAPER_HEI, many ? 24 : 30, PAPER_LEFT };
    const double gap = many ? TIGHT : AIRY, w = WIDTH - 2 * EDGE;
    const struct say s = view_say(rq);
    const size_t all = l->n + l->more;
    size_t i;

    for (i = 0; i < l->n; i++) {
        double h = paper_measure(p, l->line[i], &line, w);

        if (y + h + (i + 1 < all ? ROOM_LEFT : 0) > LIST_HEIGHT - QR_ROOM)
            break;
        y += paper_text(p, l->line[i], &line, EDGE, y, w) + gap;
        paper_line(p, EDGE, y, WIDTH - EDGE, y);
        y += gap;
    }
    if (i < all)
        paper_text(
            p, say_count(&s, rq_tr(rq, N_("and %ld more")), (int64_t)(all - i)),
            &line, EDGE, y, w);
}

bool
chat_draw_lines(struct rq *rq, const char *path, const struct chat_lines *l,
                struct err *e)
{
    static const struct paper_style big = { PAPER_HEI_BOLD, 40, PAPER_LEFT };
    static const struct paper_style small = { PAPER_HEI, 24, PAPER_LEFT };
    static const struct paper_style foot = { PAPER_HEI, 22, PAPER_CENTER };
    struct paper *p = paper_png(path, WIDTH, LIST_HEIGHT, e);
    double y = EDGE, w = WIDTH - 2 * EDGE;
    struct qr qr;

    if (p == NULL)
        return false;
    y += paper_text(p, l->title, &big, EDGE, y, w) + 8;
    y += paper_text(p, l->below, &small, EDGE, y, w) + 24;
    draw_lines(rq, p, l, y);
    if (qr_make(rq->arena, l->link, &qr))
        paper_qr(p, &qr, (WIDTH - 260) / 2.0, LIST_HEIGHT - 340, 260);
    paper_text(p, str_of(rq_tr(rq, N_("Scan to open. Signing in is needed."))),
               &foot, EDGE, LIST_HEIGHT - 60, w);
    return paper_close(p, e);
}
