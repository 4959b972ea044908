/* Posters: a QR code at each place, by which anybody reports a danger there.
 * Both languages on one sheet, to be read at two metres. */
#include "domain/org.h"
#include "web/address.h"
#include "web/papers.h"
#include "web/view.h"

static const struct paper_style title = { PAPER_HEI_BOLD, 44, PAPER_CENTER };
static const struct paper_style second = { PAPER_HEI, 26, PAPER_CENTER };
static const struct paper_style where = { PAPER_HEI_BOLD, 26, PAPER_CENTER, 2 };
static const struct paper_style where2 = { PAPER_HEI, 20, PAPER_CENTER, 2 };
static const struct paper_style text = { PAPER_HEI, 22, PAPER_CENTER };
static const struct paper_style text2 = { PAPER_HEI, 20, PAPER_CENTER };
static const struct paper_style danger = { PAPER_HEI_BOLD, 24, PAPER_CENTER };
static const struct paper_style warning = { PAPER_HEI_BOLD, 13, PAPER_CENTER };
static const struct paper_style small = { PAPER_HEI, 12, PAPER_CENTER };

#define EDGE  (16 * PAPER_MM)
#define WIDTH (A4_SHORT - 2 * EDGE)
/* The code takes what the words leave. */
#define SIDE_MAX (110 * PAPER_MM)

/* Sheets in one paper. */
enum { SHEETS = 200 };

struct sheet {
    struct paper *p;
    double y;
    bool dry; /* only measured */
};

/* As narrow as it goes in as many lines: no word stands alone in the last. */
static double
balanced(struct paper *p, struct str s, const struct paper_style *style)
{
    struct paper_style whole = *style;
    double no = WIDTH / 2, yes = WIDTH, high;

    whole.lines = 0; /* what is cut is as high at any width */
    high = paper_measure(p, s, &whole, WIDTH);
    for (int i = 0; i < 8; i++) {
        double mid = (no + yes) / 2;

        if (paper_measure(p, s, &whole, mid) > high)
            no = mid;
        else
            yes = mid;
    }
    return yes;
}

static void
put(struct sheet *s, struct str words, const struct paper_style *style,
    double gap)
{
    double w = balanced(s->p, words, style);

    s->y +=
        (s->dry ? paper_measure(s->p, words, style, w)
                : paper_text(s->p, words, style, (A4_SHORT - w) / 2, s->y, w)) +
        gap;
}

struct line {
    const char *msgid;
    enum lang lang;
    const struct paper_style *style;
    double gap;
};

static void
put_lines(struct sheet *s, const struct line *line, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(s, str_of(tr(line[i].lang, line[i].msgid)), line[i].style,
            line[i].gap);
}

/* Its name in both languages, whatever the reader's is. */
static void
put_name(struct sheet *s, struct rq *rq, struct text2 school, int64_t place)
{
    const enum lang was = rq->lang;

    for (enum lang lang = LANG_ZH;; lang = LANG_EN) {
        struct str name = text2_in(school, lang == LANG_ZH);

        rq->lang = lang;
        if (place != 0)
            name = arena_printf(rq->arena, "%.*s · %.*s", STR_ARG(name),
                                STR_ARG(view_place(rq, place)));
        rq->lang = was;
        put(s, name, lang == LANG_ZH ? &where : &where2, 4);
        if (lang == LANG_EN)
            return;
    }
}

static void
put_foot(struct sheet *s, const struct rq *rq, struct str link)
{
    static const char scan[] = N_("Scan, say what is wrong, add a photograph.");
    static const char account[] =
        N_("No account is needed; your name stays unknown if you like.");
    static const char call[] = N_("In danger call 119, 110 or 120 first.");
    static const char not_yet[] =
        N_("Do not hang this up yet: the server's public address (public-url) "
           "is not set, and telephones may not reach this code. Set it, then "
           "print again.");
    static const struct line foot[] = {
        { scan, LANG_ZH, &text, 0 },   { account, LANG_ZH, &text, 2 },
        { scan, LANG_EN, &text2, 0 },  { account, LANG_EN, &text2, 8 },
        { call, LANG_ZH, &danger, 0 }, { call, LANG_EN, &text2, 6 },
    };
    static const struct line warned[] = { { not_yet, LANG_ZH, &warning, 2 },
                                          { not_yet, LANG_EN, &warning, 0 } };

    put_lines(s, foot, N_OF(foot));
    put(s, link, &small, 4);
    if (address_is_outside(str_of(rq->app->public_url)))
        return;
    paper_ink(s->p, 0xa8201a);
    put_lines(s, warned, N_OF(warned));
    paper_ink(s->p, 0);
}

static bool
draw_one(struct paper *p, struct rq *rq, const struct dir_org *o, int64_t place,
         struct err *e)
{
    static const char head[] = N_("See a danger? Report it");
    static const struct line top[] = { { head, LANG_ZH, &title, 0 },
                                       { head, LANG_EN, &second, 10 } };
    struct sheet s = { p, 16 * PAPER_MM, false }, foot = { p, 0, true };
    struct str link =
        rq_absolute(rq, arena_printf(rq->arena, "/report/%.*s/%ld",
                                     STR_ARG(rq->who.dir->tenant.code),
                                     (long)(place != 0 ? place : o->id)));
    double side;
    struct qr qr;

    if (!qr_make(rq->arena, link, &qr))
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    put_lines(&s, top, N_OF(top));
    put_name(&s, rq, o->name, place);
    put_foot(&foot, rq, link);
    side = A4_LONG - 12 * PAPER_MM - s.y - foot.y - 28;
    side = side > SIDE_MAX ? SIDE_MAX : side;
    paper_qr(p, &qr, (A4_SHORT - side) / 2, s.y + 10, side);
    s.y += side + 28;
    put_foot(&s, rq, link);
    paper_next(p);
    return true;
}

/* What did not fit is said, not left out. */
static void
draw_more(struct paper *p, struct rq *rq, size_t left)
{
    struct sheet s = { p, 60 * PAPER_MM, false };

    put(&s,
        view_said(rq,
                  N_("There are %ld more places: print the posters of "
                     "these from their own pages."),
                  (long)left),
        &text, 0);
    paper_next(p);
}

/* The school's own, and one for each place of it and its departments. */
static bool
draw_school(struct paper *p, struct rq *rq, const struct dir_org *o,
            struct err *e)
{
    const struct dir *d = rq->who.dir;
    size_t drawn = 1, left = 0;

    if (!draw_one(p, rq, o, 0, e))
        return false;
    for (size_t i = 0; i < d->n_place; i++) {
        const struct dir_place *place = &d->place[i];

        if (place->state != 1 ||
            (place->org != o->id && dir_school(d, place->org) != o->id))
            continue;
        if (drawn == SHEETS)
            left++;
        else if (!draw_one(p, rq, o, place->id, e))
            return false;
        else
            drawn++;
    }
    if (left > 0)
        draw_more(p, rq, left);
    return true;
}

/* A place's one; or those of a school. */
bool
draw_poster(struct rq *rq, const char *path, void *arg, struct err *e)
{
    const struct dir *d = rq->who.dir;
    const struct dir_place *only = dir_place(d, rq->id);
    const struct dir_org *o = dir_org(d, only != NULL ? only->org : rq->id);
    struct paper *p;
    struct err later;
    bool ok;

    (void)arg;
    if (o == NULL)
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    if ((p = paper_pdf(path, A4_SHORT, A4_LONG, e)) == NULL)
        return false;
    ok = only != NULL ? draw_one(p, rq, o, only->id, e)
                      : draw_school(p, rq, o, e);
    return paper_close(p, ok ? e : &later) && ok;
}
