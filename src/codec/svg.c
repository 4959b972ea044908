#include <inttypes.h>

#include "base/clean.h"
#include "codec/svg.h"

enum { SVG_TEXT_MAX = 1 << 16 };

void
svg_text(struct buf *b, struct str s)
{
    BUF(carried, SVG_TEXT_MAX);

    if (!text_is_carried(s)) {
        text_carry(&carried, s);
        s = buf_str(&carried);
    }
    for (size_t i = 0; i < s.n; i++)
        switch (s.p[i]) {
        case '&':
            buf_puts(b, "&amp;");
            break;
        case '<':
            buf_puts(b, "&lt;");
            break;
        case '>':
            buf_puts(b, "&gt;");
            break;
        case '"':
            buf_puts(b, "&quot;");
            break;
        default:
            if ((unsigned char)s.p[i] >= ' ')
                buf_putc(b, s.p[i]);
        }
}

static void
open_svg(struct buf *b, int w, int h, const char *class, struct str title)
{
    buf_printf(
        b,
        "<svg class=\"%s\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
        "role=\"img\" aria-label=\"",
        class, w, h, w, h);
    svg_text(b, title);
    buf_puts(b, "\">");
}

static void
rect(struct buf *b, const char *class, const int box[4])
{
    buf_printf(b,
               "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
               "height=\"%d\" rx=\"2\"/>",
               class, box[0], box[1], box[2], box[3]);
}

static int64_t
largest(const struct svg_bar *r, size_t n, bool sum)
{
    int64_t max = 1;

    for (size_t i = 0; i < n; i++) {
        int64_t v = sum ? r[i].a + r[i].b : r[i].a > r[i].b ? r[i].a : r[i].b;

        max = v > max ? v : max;
    }
    return max;
}

/* A label that fits: CJK counts double. */
static struct str
fit(struct str s, int units)
{
    size_t at = 0, last = 0;

    while (at < s.n) {
        int32_t c = utf8_next(s, &at);

        units -= c > 0x2e80 ? 2 : 1;
        if (units < 0)
            return (struct str){ s.p, last };
        last = at;
    }
    return s;
}

/* Where things of a chart stand; the same chart is drawn twice. */
struct layout {
    const char *class;
    int width, row, left; /* left: where bars begin; 0: below their labels */
    int label;            /* the room of a label, in half widths of CJK */
    int height, every;    /* columns: every how many have a label */
};

static const struct layout wide = { "wide", 720, 26, 230, 34, 220, 1 };
/* As wide as a phone's card, so that its letters stay as large as they are. */
static const struct layout narrow = { "narrow", 300, 44, 0, 40, 180, 3 };

static void
bars(struct buf *b, const struct svg_bar *r, size_t n, struct str title,
     const char *const class[2], const struct layout *l)
{
    int64_t max = largest(r, n, true);
    const int room = l->width - l->left - 60, below = l->left > 0 ? 0 : 18;

    open_svg(b, l->width, (int)n * l->row + 8, l->class, title);
    for (size_t i = 0; i < n; i++) {
        int y = (int)i * l->row + 4, at = y + below;
        int wa = (int)(r[i].a * room / max), wb = (int)(r[i].b * room / max);

        if (l->left > 0)
            buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">",
                       l->left - 8, y + 15);
        else
            buf_printf(b, "<text x=\"0\" y=\"%d\">", y + 13);
        svg_text(b, fit(r[i].label, l->label));
        buf_puts(b, "</text>");
        rect(
            b, class [0], (const int[]) { l->left, at, wa, 18 });
        rect(
            b, class [1], (const int[]) { l->left + wa, at, wb, 18 });
        buf_printf(b, "<text x=\"%d\" y=\"%d\">%" PRId64 "</text>",
                   l->left + wa + wb + 6, at + 15, r[i].a + r[i].b);
    }
    buf_puts(b, "</svg>");
}

static void
columns(struct buf *b, const struct svg_bar *r, size_t n, struct str title,
        const char *const class[2], const struct layout *l)
{
    enum { HALF = 18 }; /* of a label */
    const int floor = l->height - 24, room = floor - 24;
    int64_t max = largest(r, n, false);
    int step = n > 0 ? l->width / (int)n : l->width, w = (step - 4) / 2;

    w = w > 26 ? 26 : w < 2 ? 2 : w;
    open_svg(b, l->width, l->height, l->class, title);
    for (size_t i = 0; i < n; i++) {
        const int64_t v[2] = { r[i].a, r[i].b };
        int x = (int)i * step + (step - 2 * w) / 2;
        bool edge;

        for (int k = 0; k < 2; k++) {
            int h = (int)(v[k] * room / max);

            rect(
                b, class [k], (const int[]) { x + k *w, floor - h, w - 1, h });
            if (v[k] > 0)
                buf_printf(b,
                           "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">"
                           "%" PRId64 "</text>",
                           x + k * w + w / 2, floor - h - 4, v[k]);
        }
        if ((n - 1 - i) % (size_t)l->every != 0)
            continue;
        edge = x + w + HALF > l->width;
        buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">",
                   edge ? l->width : x + w, l->height - 8,
                   edge ? "end" : "middle");
        svg_text(b, r[i].label);
        buf_puts(b, "</text>");
    }
    buf_puts(b, "</svg>");
}

void
svg_bars(struct buf *b, const struct svg_bar *r, size_t n, struct str title,
         const char *const class[2])
{
    bars(b, r, n, title, class, &wide);
    bars(b, r, n, title, class, &narrow);
}

void
svg_columns(struct buf *b, const struct svg_bar *r, size_t n, struct str title,
            const char *const class[2])
{
    columns(b, r, n, title, class, &wide);
    columns(b, r, n, title, class, &narrow);
}

static void
pin(struct buf *b, const struct svg_pin *p)
{
    buf_puts(b, "<a href=\"");
    svg_text(b, p->href);
    buf_puts(b, "\" aria-label=\"");
    svg_text(b, p->label);
    buf_puts(b, "\"><circle class=\"pin ");
    svg_text(b, p->class);
    buf_printf(b,
               "\" cx=\"%" PRId64 "\" cy=\"%" PRId64 "\" r=\"26\"/>"
               "<text class=\"pinno ",
               p->x, p->y);
    svg_text(b, p->class);
    buf_printf(b,
               "\" x=\"%" PRId64 "\" y=\"%" PRId64
               "\" text-anchor=\"middle\" dominant-baseline=\"central\">",
               p->x, p->y);
    svg_text(b, p->no);
    buf_puts(b, "</text></a>");
}

void
svg_plan(struct buf *b, struct str picture, int64_t height, struct str title,
         const struct svg_pin *pins, size_t n)
{
    buf_printf(b,
               "<svg viewBox=\"0 0 1000 %" PRId64 "\" width=\"1000\" "
               "height=\"%" PRId64 "\" role=\"group\" aria-label=\"",
               height, height);
    svg_text(b, title);
    buf_puts(b, "\"><image href=\"");
    svg_text(b, picture);
    buf_printf(b, "\" width=\"1000\" height=\"%" PRId64 "\"/>", height);
    for (size_t i = 0; i < n; i++)
        pin(b, &pins[i]);
    buf_puts(b, "</svg>");
}
