/* A ledger as an official paper: A4 landscape, the margins of GB/T 9704-2012
 * turned (top 37 mm becomes the binding side's 28 mm rule), title in size 2,
 * text in size 4 and smaller so that a table fits. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

#include "web/export.h"

#define MM         (72.0 / 25.4)
#define PAGE_W     (297 * MM)
#define PAGE_H     (210 * MM)
#define TOP        (28 * MM)
#define BOTTOM     (26 * MM)
#define LEFT       (37 * MM / 1.5)
#define RIGHT      (26 * MM / 1.5)
#define TITLE_FONT "Noto Serif CJK SC Bold 18"
#define HEAD_FONT  "Noto Sans CJK SC 8.5"
#define TEXT_FONT  "Noto Serif CJK SC 8.5"
#define FOOT_FONT  "AR PL UKai CN, Noto Serif CJK SC 9"

enum { COLS_MAX = 16, CELL_CHARS = 600 };

struct paper {
    cairo_surface_t *surface;
    cairo_t *c;
    PangoLayout *layout;
    PangoFontDescription *title, *head, *text, *foot;
    double x[COLS_MAX + 1], y;
    struct str heads[COLS_MAX];
    size_t n;
    int page;
};

static double
measure(struct paper *p, struct str s, const PangoFontDescription *f,
        double width)
{
    int w, h;

    s = utf8_head(s, CELL_CHARS);
    pango_layout_set_font_description(p->layout, f);
    pango_layout_set_width(p->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_text(p->layout, s.p, (int)s.n);
    pango_layout_get_size(p->layout, &w, &h);
    return (double)h / PANGO_SCALE;
}

static void
put(struct paper *p, struct str s, const PangoFontDescription *f, double x,
    double width)
{
    measure(p, s, f, width);
    cairo_move_to(p->c, x, p->y);
    pango_cairo_show_layout(p->c, p->layout);
}

static double
row_height(struct paper *p, const struct str *cells,
           const PangoFontDescription *f)
{
    double h = 0;

    for (size_t i = 0; i < p->n; i++) {
        double one = measure(p, cells[i], f, p->x[i + 1] - p->x[i] - 6);

        h = one > h ? one : h;
    }
    return h + 6;
}

static void
put_row(struct paper *p, const struct str *cells, const PangoFontDescription *f,
        double h)
{
    double top = p->y;

    p->y += 3;
    for (size_t i = 0; i < p->n; i++)
        put(p, cells[i], f, p->x[i] + 3, p->x[i + 1] - p->x[i] - 6);
    p->y = top + h;
    cairo_set_line_width(p->c, 0.5);
    for (size_t i = 0; i <= p->n; i++) {
        cairo_move_to(p->c, p->x[i], top);
        cairo_line_to(p->c, p->x[i], p->y);
    }
    cairo_move_to(p->c, p->x[0], top);
    cairo_line_to(p->c, p->x[p->n], top);
    cairo_move_to(p->c, p->x[0], p->y);
    cairo_line_to(p->c, p->x[p->n], p->y);
    cairo_stroke(p->c);
}

static void
page_foot(struct paper *p)
{
    char text[32];
    double y = p->y;

    snprintf(text, sizeof(text), "— %d —", p->page);
    p->y = PAGE_H - BOTTOM + 10 * MM;
    pango_layout_set_alignment(p->layout, PANGO_ALIGN_CENTER);
    put(p, str_of(text), p->foot, LEFT, PAGE_W - LEFT - RIGHT);
    pango_layout_set_alignment(p->layout, PANGO_ALIGN_LEFT);
    p->y = y;
}

static void
new_page(struct paper *p)
{
    if (p->page > 0) {
        page_foot(p);
        cairo_show_page(p->c);
    }
    p->page++;
    p->y = TOP;
}

/* The first column is what the row is about: it gets thrice the room. */
static void
share_width(struct paper *p, size_t n)
{
    double unit = (PAGE_W - LEFT - RIGHT) / (double)(n + 2);

    p->x[0] = LEFT;
    for (size_t i = 0; i < n; i++)
        p->x[i + 1] = p->x[i] + unit * (i == 0 ? 3 : 1);
    p->n = n;
}

static bool
begin(struct sink *s, const struct str *heads, size_t n, struct err *e)
{
    struct paper *p = s->own;

    if (n > COLS_MAX)
        n = COLS_MAX;
    p->surface = cairo_pdf_surface_create(s->path, PAGE_W, PAGE_H);
    p->c = cairo_create(p->surface);
    if (cairo_status(p->c) != CAIRO_STATUS_SUCCESS)
        return err_set(e, ERR_STORE, NULL, "The file could not be written");
    p->layout = pango_cairo_create_layout(p->c);
    pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
    p->title = pango_font_description_from_string(TITLE_FONT);
    p->head = pango_font_description_from_string(HEAD_FONT);
    p->text = pango_font_description_from_string(TEXT_FONT);
    p->foot = pango_font_description_from_string(FOOT_FONT);
    for (size_t i = 0; i < n; i++)
        p->heads[i] = heads[i];
    share_width(p, n);
    new_page(p);
    pango_layout_set_alignment(p->layout, PANGO_ALIGN_CENTER);
    put(p, s->title, p->title, LEFT, PAGE_W - LEFT - RIGHT);
    p->y += measure(p, s->title, p->title, PAGE_W - LEFT - RIGHT) + 4;
    put(p, s->subtitle, p->foot, LEFT, PAGE_W - LEFT - RIGHT);
    p->y += measure(p, s->subtitle, p->foot, PAGE_W - LEFT - RIGHT) + 8;
    pango_layout_set_alignment(p->layout, PANGO_ALIGN_LEFT);
    put_row(p, p->heads, p->head, row_height(p, p->heads, p->head));
    return true;
}

static bool
row(struct sink *s, const struct str *cells, size_t n, struct err *e)
{
    struct paper *p = s->own;
    double h;

    (void)e;
    (void)n;
    s->rows++;
    h = row_height(p, cells, p->text);
    if (p->y + h > PAGE_H - BOTTOM) {
        new_page(p);
        put_row(p, p->heads, p->head, row_height(p, p->heads, p->head));
    }
    put_row(p, cells, p->text, h);
    return true;
}

static void
close_paper(struct paper *p)
{
    if (p->layout != NULL) {
        g_object_unref(p->layout);
        pango_font_description_free(p->title);
        pango_font_description_free(p->head);
        pango_font_description_free(p->text);
        pango_font_description_free(p->foot);
    }
    if (p->c != NULL)
        cairo_destroy(p->c);
    if (p->surface != NULL) {
        cairo_surface_finish(p->surface);
        cairo_surface_destroy(p->surface);
    }
    free(p);
}

static bool
end(struct sink *s, struct err *e)
{
    struct paper *p = s->own;
    bool ok = p->layout != NULL;

    if (ok) {
        p->y += 8;
        if (p->y + 20 > PAGE_H - BOTTOM)
            new_page(p);
        put(p, s->footer, p->foot, LEFT, PAGE_W - LEFT - RIGHT);
        page_foot(p);
        cairo_show_page(p->c);
        ok = cairo_status(p->c) == CAIRO_STATUS_SUCCESS;
    }
    close_paper(p);
    s->own = NULL;
    return ok || err_set(e, ERR_FULL, NULL, "The file could not be written");
}

bool
sink_pdf(struct sink *s, struct err *e)
{
    if ((s->own = calloc(1, sizeof(struct paper))) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    s->begin = begin;
    s->row = row;
    s->end = end;
    return true;
}
