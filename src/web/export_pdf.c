/* A ledger as an official paper: A4 landscape, the margins of GB/T 9704-2012
 * turned (top 37 mm becomes the binding side's 28 mm rule), title in size 2,
 * text in size 4 and smaller so that a table fits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "web/export.h"
#include "web/paper.h"

#define TOP    (28 * PAPER_MM)
#define BOTTOM (26 * PAPER_MM)
#define LEFT   (37 * PAPER_MM / 1.5)
#define RIGHT  (26 * PAPER_MM / 1.5)
#define ROOM   (A4_LONG - LEFT - RIGHT)

enum {
    COLS_MAX = 16,
    CELL_CHARS = 600,
    SURE_BYTES = 24 /* fit at any width */
};

static const struct paper_style title_style = { PAPER_SONG_BOLD, 22,
                                                PAPER_CENTER };
static const struct paper_style head_style = { PAPER_HEI, 10.5, PAPER_LEFT };
static const struct paper_style text_style = { PAPER_SONG, 10.5, PAPER_LEFT };
static const struct paper_style foot_style = { PAPER_KAI, 10.5, PAPER_CENTER };

struct sheet {
    struct paper *p;
    double x[COLS_MAX + 1], y;
    struct str heads[COLS_MAX];
    double high; /* what a row may be */
    char cut[COLS_MAX][4 * CELL_CHARS];
    size_t n;
    int page;
};

/* At most so many characters of the text, in memory until the next row. */
static struct str
head_of(struct sheet *t, size_t column, struct str text, size_t max)
{
    static const struct str more = STR_INIT("…");
    struct str head = utf8_first(text, max - 1);
    char *own = t->cut[column];

    if (utf8_first(text, max).n == text.n)
        return text;
    memcpy(own, head.p, head.n);
    memcpy(own + head.n, more.p, more.n);
    return (struct str){ own, head.n + more.n };
}

/* The text as it is drawn: no higher than a page. */
static struct str
fit(struct sink *s, struct sheet *t, size_t column, struct str text)
{
    double wide = t->x[column + 1] - t->x[column] - 6;
    size_t max = CELL_CHARS;
    struct str shown = head_of(t, column, text, max);

    while (shown.n > SURE_BYTES &&
           paper_measure(t->p, shown, &text_style, wide) > t->high) {
        max -= max / 8 + 1;
        shown = head_of(t, column, text, max);
    }
    s->n_cut += shown.n != text.n;
    return shown;
}

static double
row_height(struct sheet *t, const struct str *cells,
           const struct paper_style *style)
{
    double h = 0;

    for (size_t i = 0; i < t->n; i++) {
        double one =
            paper_measure(t->p, cells[i], style, t->x[i + 1] - t->x[i] - 6);

        h = one > h ? one : h;
    }
    return h + 6;
}

static void
put_row(struct sheet *t, const struct str *cells,
        const struct paper_style *style, double h)
{
    double top = t->y;

    for (size_t i = 0; i < t->n; i++)
        paper_text(t->p, cells[i], style, t->x[i] + 3, top + 3,
                   t->x[i + 1] - t->x[i] - 6);
    t->y = top + h;
    for (size_t i = 0; i <= t->n; i++)
        paper_line(t->p, t->x[i], top, t->x[i], t->y);
    paper_line(t->p, t->x[0], top, t->x[t->n], top);
    paper_line(t->p, t->x[0], t->y, t->x[t->n], t->y);
}

static void
page_foot(struct sheet *t)
{
    char text[32];

    snprintf(text, sizeof(text), "— %d —", t->page);
    paper_text(t->p, str_of(text), &foot_style, LEFT,
               A4_SHORT - BOTTOM + 10 * PAPER_MM, ROOM);
}

static void
new_page(struct sheet *t)
{
    if (t->page > 0) {
        page_foot(t);
        paper_next(t->p);
    }
    t->page++;
    t->y = TOP;
}

/* The first column is what the row is about: it gets thrice the room. None is
 * narrower than what may not be broken in it, as far as there is room. */
static void
share_width(struct sheet *t, size_t n, const struct str *least)
{
    double wide[COLS_MAX] = { 0 }, room = ROOM, parts = (double)n + 2;
    bool more = least != NULL;

    while (more) { /* what one takes makes the others narrower */
        more = false;
        for (size_t i = 0; i < n; i++) {
            double share = i == 0 ? 3 : 1;
            double w = least[i].n > 0
                           ? paper_width(t->p, least[i], &text_style) + 8
                           : 0;

            if (wide[i] > 0 || w <= room / parts * share || w > room / 2)
                continue;
            wide[i] = w;
            room -= w;
            parts -= share;
            more = true;
        }
    }
    t->x[0] = LEFT;
    for (size_t i = 0; i < n; i++)
        t->x[i + 1] =
            t->x[i] + (wide[i] > 0 ? wide[i] : room / parts * (i == 0 ? 3 : 1));
    t->n = n;
}

/* What the list is and how it is narrowed. */
static struct str
about_of(const struct sink *s, char *out, size_t cap)
{
    static const struct str dot = STR_INIT(" · ");
    size_t n = utf8_fit(s->title, out, cap / 2);

    memcpy(out + n, dot.p, dot.n);
    n += dot.n;
    return (struct str){ out, n + utf8_fit(s->subtitle, out + n, cap - n) };
}

static bool
begin(struct sink *s, const struct str *heads, size_t n, struct err *e)
{
    struct sheet *t = s->own;
    double head_high;
    char about[1024];

    if (n > COLS_MAX)
        n = COLS_MAX;
    if ((t->p = paper_pdf(s->path, A4_LONG, A4_SHORT, e)) == NULL)
        return false;
    s->begun_ms = steady_ms();
    for (size_t i = 0; i < n; i++)
        t->heads[i] = heads[i];
    share_width(t, n, s->least);
    paper_about(t->p, about_of(s, about, sizeof(about)), s->issuer);
    new_page(t);
    t->y += paper_text(t->p, s->title, &title_style, LEFT, t->y, ROOM) + 4;
    t->y += paper_text(t->p, s->subtitle, &foot_style, LEFT, t->y, ROOM) + 8;
    head_high = row_height(t, t->heads, &head_style);
    put_row(t, t->heads, &head_style, head_high);
    t->high = A4_SHORT - BOTTOM - TOP - head_high - 6;
    return true;
}

static bool
row(struct sink *s, const struct sink_cell *cells, size_t n, struct err *e)
{
    struct sheet *t = s->own;
    struct str text[COLS_MAX] = { { 0 } };
    double h;

    for (size_t i = 0; i < t->n; i++)
        text[i] = i < n ? fit(s, t, i, cells[i].text) : STR("");
    if (s->rows >= PDF_ROWS_MAX)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "A PDF has room for %ld rows: narrow the list by a "
                       "filter, or use XLSX",
                       (long)PDF_ROWS_MAX);
    if (steady_ms() - s->begun_ms > PDF_DRAW_MS)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "Drawing this takes longer than half an hour: narrow "
                       "the list by a filter, or use XLSX");
    s->rows++;
    h = row_height(t, text, &text_style);
    if (t->y + h > A4_SHORT - BOTTOM) {
        new_page(t);
        put_row(t, t->heads, &head_style, row_height(t, t->heads, &head_style));
    }
    put_row(t, text, &text_style, h);
    return true;
}

static bool
end(struct sink *s, struct err *e)
{
    struct sheet *t = s->own;
    bool ok;

    if (t->p != NULL) {
        t->y += 8;
        if (t->y + 20 > A4_SHORT - BOTTOM)
            new_page(t);
        paper_text(t->p, s->footer, &foot_style, LEFT, t->y, ROOM);
        page_foot(t);
        paper_next(t->p);
    }
    ok = paper_close(t->p, e);
    free(t);
    s->own = NULL;
    return ok;
}

bool
sink_pdf(struct sink *s, struct err *e)
{
    if ((s->own = calloc(1, sizeof(struct sheet))) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    s->begin = begin;
    s->row = row;
    s->end = end;
    s->room = COLS_MAX;
    return true;
}
