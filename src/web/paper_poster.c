/* Posters: a QR code at each place, by which anybody reports a danger there.
 * Both languages on one sheet. */
#include "domain/org.h"
#include "web/address.h"
#include "web/papers.h"
#include "web/view.h"

static const struct paper_style title = { PAPER_HEI_BOLD, 44, PAPER_CENTER };
static const struct paper_style second = { PAPER_HEI, 22, PAPER_CENTER };
static const struct paper_style where = { PAPER_HEI_BOLD, 24, PAPER_CENTER };
static const struct paper_style text = { PAPER_SONG, 15, PAPER_CENTER };
static const struct paper_style warning = { PAPER_HEI_BOLD, 13, PAPER_CENTER };
static const struct paper_style small = { PAPER_SONG, 11, PAPER_CENTER };

#define SIDE  (110 * PAPER_MM)
#define EDGE  (25 * PAPER_MM)
#define WIDTH (A4_SHORT - 2 * EDGE)

struct sheet {
    struct paper *p;
    double y;
};

static void
put(struct sheet *s, const char *msgid, enum lang lang,
    const struct paper_style *style, double gap)
{
    s->y +=
        paper_text(s->p, str_of(tr(lang, msgid)), style, EDGE, s->y, WIDTH) +
        gap;
}

static void
put_name(struct sheet *s, struct rq *rq, struct text2 school, int64_t place)
{
    for (enum lang lang = LANG_ZH;; lang = LANG_EN) {
        enum lang was = rq->lang;
        struct str name = text2_in(school, lang == LANG_ZH);

        rq->lang = lang;
        if (place != 0)
            name = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(name),
                                STR_ARG(view_place(rq, place)));
        rq->lang = was;
        s->y += paper_text(s->p, name, lang == LANG_ZH ? &where : &text, EDGE,
                           s->y, WIDTH) +
                6;
        if (lang == LANG_EN)
            return;
    }
}

/* Nobody would notice at the wall: printed where it was not set up. */
static void
put_not_yet(struct sheet *s)
{
    static const char not_yet[] =
        N_("Do not hang this up yet: the server's public address (public-url) "
           "is not set, and telephones may not reach this code. Set it, then "
           "print again.");

    paper_ink(s->p, 0xa8201a);
    put(s, not_yet, LANG_ZH, &warning, 2);
    put(s, not_yet, LANG_EN, &warning, 0);
    paper_ink(s->p, 0);
}

static bool
draw_one(struct paper *p, struct rq *rq, const struct dir_org *o, int64_t place,
         struct err *e)
{
    struct sheet s = { p, 28 * PAPER_MM };
    struct str link =
        rq_absolute(rq, arena_printf(rq->arena, "/report/%.*s/%ld",
                                     STR_ARG(rq->who.dir->tenant.code),
                                     (long)(place != 0 ? place : o->id)));
    struct qr qr;

    if (!qr_make(rq->arena, link, &qr))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    put(&s, N_("See a danger? Report it"), LANG_ZH, &title, 4);
    put(&s, "See a danger? Report it", LANG_EN, &second, 16);
    put_name(&s, rq, o->name, place);
    paper_qr(p, &qr, (A4_SHORT - SIDE) / 2, s.y + 12, SIDE);
    s.y += SIDE + 30;
    put(&s,
        N_("Scan, say what is wrong, add a photograph. No account is "
           "needed; your name stays unknown if you like."),
        LANG_ZH, &text, 6);
    put(&s,
        "Scan, say what is wrong, add a photograph. No account is needed; your "
        "name stays unknown if you like.",
        LANG_EN, &text, 10);
    put(&s, N_("In danger call 119, 110 or 120 first."), LANG_ZH, &where, 4);
    put(&s, "In danger call 119, 110 or 120 first.", LANG_EN, &text, 12);
    s.y += paper_text(p, link, &small, EDGE, s.y, WIDTH) + 8;
    if (!address_is_outside(str_of(rq->app->public_url)))
        put_not_yet(&s);
    paper_next(p);
    return true;
}

/* A place's one; or those of a school: its own and one for each place. */
bool
draw_poster(struct rq *rq, const char *path, void *arg, struct err *e)
{
    const struct dir *d = rq->who.dir;
    const struct dir_place *only = dir_place(d, rq->id);
    const struct dir_org *o = dir_org(d, only != NULL ? only->org : rq->id);
    struct paper *p;
    struct err later;
    bool ok = true;

    (void)arg;
    if (o == NULL)
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if ((p = paper_pdf(path, A4_SHORT, A4_LONG, e)) == NULL)
        return false;
    if (only != NULL)
        ok = draw_one(p, rq, o, only->id, e);
    else
        ok = draw_one(p, rq, o, 0, e);
    for (size_t i = 0; only == NULL && ok && i < d->n_place; i++)
        if (d->place[i].org == o->id && d->place[i].state == 1)
            ok = draw_one(p, rq, o, d->place[i].id, e);
    return paper_close(p, ok ? e : &later) && ok;
}
