#include <cairo-pdf.h>
#include <errno.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/clean.h"
#include "base/log.h"
#include "web/paper.h"

enum { CARRIED_MAX = 1 << 20 /* of one text */, NUMBER_MAX = 32 };

struct paper {
    cairo_surface_t *surface;
    cairo_t *c;
    PangoLayout *layout;
    PangoFontDescription *font[PAPER_KAI + 1];
    FILE *file;
    int errnum; /* why a write failed; 0: none did */
    bool png;
    struct buf carried; /* a text without what no page carries */
};

static _Thread_local size_t replaced;

/* Address space for the fonts, and for what is drawn with them once they are
 * there (measured: 390 MB of it partly there already, and 20 MB). Where there is less, the libraries end
 * the whole process: so we ask first. */
enum { ROOM_FIRST = 368, ROOM_NEXT = 32 };

static bool warm; /* a document was drawn: the fonts are there; atomic */

static bool
has_room(void)
{
    size_t need =
        (size_t)(__atomic_load_n(&warm, __ATOMIC_RELAXED) ? ROOM_NEXT
                                                          : ROOM_FIRST)
        << 20;
    void *p = mmap(NULL, need, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        return false;
    munmap(p, need);
    return true;
}

static bool
no_room(struct err *e)
{
    return err_set(e, ERR_BUSY, NULL,
                   "The server has too little memory to draw a page: take it "
                   "out as CSV or XLSX, or tell the administrator");
}

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

    if (p != NULL && p->file != NULL && p->surface != NULL && set_up(p))
        return p;
    if (p != NULL && p->file == NULL)
        err_set(e, err_disk(p->errnum), NULL, "The file could not be written");
    else
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (paper_close(p, &later))
        later.code = ERR_NONE;
    return NULL;
}

/* Cairo tells that a write failed, not why. */
static cairo_status_t
put_bytes(void *arg, const unsigned char *bytes, unsigned n)
{
    struct paper *p = arg;

    if (fwrite(bytes, 1, n, p->file) == n)
        return CAIRO_STATUS_SUCCESS;
    if (p->errnum == 0)
        p->errnum = errno;
    return CAIRO_STATUS_WRITE_ERROR;
}

static struct paper *
paper_new(const char *path)
{
    struct paper *p = calloc(1, sizeof(*p));

    if (p != NULL)
        buf_init(&p->carried, CARRIED_MAX);
    if (p != NULL && (p->file = fopen(path, "wb")) == NULL)
        p->errnum = errno;
    return p;
}

struct paper *
paper_pdf(const char *path, double width, double height, struct err *e)
{
    struct paper *p;

    if (!has_room() && !no_room(e))
        return NULL;
    p = paper_new(path);
    if (p != NULL && p->file != NULL)
        p->surface =
            cairo_pdf_surface_create_for_stream(put_bytes, p, width, height);
    return begun(p, e);
}

struct paper *
paper_png(const char *path, int width, int height, struct err *e)
{
    struct paper *p;

    if (!has_room() && !no_room(e))
        return NULL;
    p = paper_new(path);
    if (p != NULL && p->file != NULL) {
        p->png = true;
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

static bool
close_file(struct paper *p)
{
    if (p->file == NULL)
        return false;
    if (fclose(p->file) == 0)
        return true;
    if (p->errnum == 0)
        p->errnum = errno;
    return false;
}

/* What the drawing library found wrong is our fault, and in the log. */
static bool
close_failed(cairo_status_t why, int errnum, struct err *e)
{
    if (why != CAIRO_STATUS_SUCCESS && why != CAIRO_STATUS_WRITE_ERROR)
        log_line(LOG_ERROR, "a page could not be drawn: %s",
                 cairo_status_to_string(why));
    if (why == CAIRO_STATUS_NO_MEMORY)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return err_set(e, err_disk(errnum), NULL, "The file could not be written");
}

bool
paper_close(struct paper *p, struct err *e)
{
    cairo_status_t why = CAIRO_STATUS_NO_MEMORY;
    int errnum;
    bool ok;

    if (p == NULL)
        return true;
    if (p->layout != NULL)
        why = cairo_status(p->c);
    if (why == CAIRO_STATUS_SUCCESS && p->png)
        why = cairo_surface_write_to_png_stream(p->surface, put_bytes, p);
    if (p->layout != NULL)
        g_object_unref(p->layout);
    for (size_t i = 0; i < N_OF(p->font); i++)
        pango_font_description_free(p->font[i]);
    if (p->c != NULL)
        cairo_destroy(p->c);
    if (p->surface != NULL) {
        cairo_surface_finish(p->surface);
        if (why == CAIRO_STATUS_SUCCESS)
            why = cairo_surface_status(p->surface);
        cairo_surface_destroy(p->surface);
    }
    ok = close_file(p) && why == CAIRO_STATUS_SUCCESS;
    if (ok && !p->png)
        __atomic_store_n(&warm, true, __ATOMIC_RELAXED);
    errnum = p->errnum;
    buf_fini(&p->carried);
    free(p);
    return ok || close_failed(why, errnum, e);
}

size_t
paper_replaced(void)
{
    size_t n = replaced;

    replaced = 0;
    return n;
}

static void
say_about(struct paper *p, cairo_pdf_metadata_t what, struct str s)
{
    buf_clear(&p->carried);
    text_carry(&p->carried, s);
    if (p->carried.n > 0 && !p->carried.over)
        cairo_pdf_surface_set_metadata(p->surface, what, p->carried.p);
}

void
paper_about(struct paper *p, struct str title, struct str author)
{
    say_about(p, CAIRO_PDF_METADATA_TITLE, title);
    say_about(p, CAIRO_PDF_METADATA_AUTHOR, author);
}

/* A number, a date, an amount: 2026-11-30, YH-2026-0012, 1,234.50, 8:30. */
static bool
in_number(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == ',' ||
           c == ':';
}

/* Lines do not end in the middle of one. */
static void
keep_numbers(struct paper *p, struct str s)
{
    PangoAttrList *list = pango_attr_list_new();
    size_t from = 0;
    bool digit = false;

    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && in_number(s.p[i])) {
            digit |= s.p[i] >= '0' && s.p[i] <= '9';
            continue;
        }
        if (digit && i - from > 1 && i - from <= NUMBER_MAX) {
            PangoAttribute *a = pango_attr_allow_breaks_new(FALSE);

            a->start_index = (guint)from;
            a->end_index = (guint)i;
            pango_attr_list_insert(list, a);
        }
        digit = false;
        from = i + 1;
    }
    pango_layout_set_attributes(p->layout, list);
    pango_attr_list_unref(list);
}

/* A sign that cairo refuses would spoil the whole document. */
static void
set_text(struct paper *p, struct str s)
{
    if (!text_is_carried(s)) {
        buf_clear(&p->carried);
        replaced += text_carry(&p->carried, s);
        s = buf_str(&p->carried);
    }
    pango_layout_set_text(p->layout, s.n > 0 ? s.p : "", (int)s.n);
    keep_numbers(p, s);
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
    set_text(p, s);
    pango_layout_get_size(p->layout, &w, &h);
    if (w > width * PANGO_SCALE && width > 0) { /* rather broken than outside */
        pango_layout_set_attributes(p->layout, NULL);
        pango_layout_get_size(p->layout, &w, &h);
    }
    return (double)h / PANGO_SCALE;
}

double
paper_width(struct paper *p, struct str s, const struct paper_style *style)
{
    int w, h;

    paper_measure(p, s, style, 0);
    pango_layout_set_width(p->layout, -1);
    pango_layout_get_size(p->layout, &w, &h);
    return (double)w / PANGO_SCALE;
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

bool
paper_lacks_fonts(struct buf *out)
{
    static const char *const wanted[] = { "Noto Serif CJK SC",
                                          "Noto Sans CJK SC", "AR PL UKai CN" };
    PangoFontFamily **list;
    size_t before = out->n;
    int n;

    pango_font_map_list_families(pango_cairo_font_map_get_default(), &list, &n);
    for (size_t i = 0; i < N_OF(wanted); i++) {
        int k = 0;

        while (k < n &&
               strcmp(pango_font_family_get_name(list[k]), wanted[i]) != 0)
            k++;
        if (k == n)
            buf_printf(out, "%s%s", out->n > before ? ", " : "", wanted[i]);
    }
    g_free(list);
    return out->n > before;
}
