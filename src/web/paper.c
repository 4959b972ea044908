#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>

#include "web/paper.h"

struct paper {
    cairo_surface_t *surface;
    cairo_t *c;
    PangoLayout *layout;
    PangoFontDescription *font[PAPER_KAI + 1];
    const char *png; /* where a picture goes */
};

static bool
set_up(struct paper *p)
{
    static const char *const names[] = {
        [PAPER_SONG_BOLD] = "Noto Serif CJK SC Bold",
        [PAPER_SONG] = "Noto Serif CJK SC",
        [PAPER_HEI] = "Noto Sans CJK SC",
        [PAPER_HEI_BOLD] = "Noto Sans CJK SC Bold",
        [PAPER_KAI] = "AR PL UKai CN, Noto Serif CJK SC",
    };

    p->c = cairo_create(p->surface);
    if (cairo_status(p->c) != CAIRO_STATUS_SUCCESS)
        return false;
    p->layout = pango_cairo_create_layout(p->c);
    pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
    for (size_t i = 0; i < N_OF(names); i++)
        p->font[i] = pango_font_description_from_string(names[i]);
    return true;
}

static struct paper *
begun(struct paper *p, struct err *e)
{
    struct err later;

    if (p != NULL && p->surface != NULL && set_up(p))
        return p;
    if (paper_close(p, &later))
        later.code = ERR_NONE;
    err_set(e, ERR_STORE, NULL, "The file could not be written");
    return NULL;
}

struct paper *
paper_pdf(const char *path, double width, double height, struct err *e)
{
    struct paper *p = calloc(1, sizeof(*p));

    if (p != NULL)
        p->surface = cairo_pdf_surface_create(path, width, height);
    return begun(p, e);
}

struct paper *
paper_png(const char *path, int width, int height, struct err *e)
{
    struct paper *p = calloc(1, sizeof(*p));

    if (p != NULL) {
        p->png = path;
        p->surface =
            cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    }
    if ((p = begun(p, e)) != NULL) {
        cairo_set_source_rgb(p->c, 1, 1, 1);
        cairo_paint(p->c);
        cairo_set_source_rgb(p->c, 0, 0, 0);
    }
    return p;
}

void
paper_next(struct paper *p)
{
    cairo_show_page(p->c);
}

bool
paper_close(struct paper *p, struct err *e)
{
    bool ok;

    if (p == NULL)
        return true;
    ok = p->layout != NULL && cairo_status(p->c) == CAIRO_STATUS_SUCCESS;
    if (ok && p->png != NULL)
        ok = cairo_surface_write_to_png(p->surface, p->png) ==
             CAIRO_STATUS_SUCCESS;
    if (p->layout != NULL)
        g_object_unref(p->layout);
    for (size_t i = 0; i < N_OF(p->font); i++)
        pango_font_description_free(p->font[i]);
    if (p->c != NULL)
        cairo_destroy(p->c);
    if (p->surface != NULL) {
        cairo_surface_finish(p->surface);
        ok = cairo_surface_status(p->surface) == CAIRO_STATUS_SUCCESS && ok;
        cairo_surface_destroy(p->surface);
    }
    free(p);
    return ok || err_set(e, ERR_FULL, NULL, "The file could not be written");
}

double
paper_measure(struct paper *p, struct str s, const struct paper_style *style,
              double width)
{
    static const PangoAlignment align[] = { PANGO_ALIGN_LEFT,
                                            PANGO_ALIGN_CENTER,
                                            PANGO_ALIGN_RIGHT };
    PangoFontDescription *f = p->font[style->font];
    int w, h;

    pango_font_description_set_absolute_size(f, style->size * PANGO_SCALE);
    pango_layout_set_font_description(p->layout, f);
    pango_layout_set_alignment(p->layout, align[style->align]);
    pango_layout_set_width(p->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_ellipsize(p->layout, style->lines > 0
                                              ? PANGO_ELLIPSIZE_END
                                              : PANGO_ELLIPSIZE_NONE);
    pango_layout_set_height(p->layout, style->lines > 0 ? -style->lines : -1);
    pango_layout_set_text(p->layout, s.n > 0 ? s.p : "", (int)s.n);
    pango_layout_get_size(p->layout, &w, &h);
    return (double)h / PANGO_SCALE;
}

double
paper_text(struct paper *p, struct str s, const struct paper_style *style,
           double x, double y, double width)
{
    double h = paper_measure(p, s, style, width);

    cairo_move_to(p->c, x, y);
    pango_cairo_show_layout(p->c, p->layout);
    return h;
}

void
paper_line(struct paper *p, double x0, double y0, double x1, double y1)
{
    cairo_set_line_width(p->c, 0.5);
    cairo_move_to(p->c, x0, y0);
    cairo_line_to(p->c, x1, y1);
    cairo_stroke(p->c);
}

void
paper_ink(struct paper *p, unsigned rgb)
{
    cairo_set_source_rgb(p->c, (rgb >> 16 & 0xff) / 255.0,
                         (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
}

void
paper_box(struct paper *p, double x, double y, double w, double h, unsigned rgb)
{
    paper_ink(p, rgb);
    cairo_rectangle(p->c, x, y, w, h);
    cairo_fill(p->c);
    paper_ink(p, 0);
}

void
paper_qr(struct paper *p, const struct qr *q, double x, double y, double side)
{
    double one = side / q->side;

    for (int i = 0; i < q->side * q->side; i++) {
        const int column = i % q->side, row = i / q->side;

        if (q->at[i])
            cairo_rectangle(p->c, x + column * one, y + row * one, one, one);
    }
    cairo_fill(p->c);
}
