#include <inttypes.h>

#include "codec/svg.h"

void
svg_text(struct buf *b, struct str s)
{
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
open_svg(struct buf *b, int w, int h, struct str title)
{
    buf_printf(b,
               "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
               "role=\"img\" aria-label=\"",
               w, h, w, h);
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

void
svg_bars(struct buf *b, const struct svg_bar *r, size_t n, struct str title,
         const char *const class[2])
{
    enum { WIDTH = 720, LEFT = 230, ROW = 26, ROOM = WIDTH - LEFT - 60 };
    int64_t max = largest(r, n, true);

    open_svg(b, WIDTH, (int)n * ROW + 8, title);
    for (size_t i = 0; i < n; i++) {
        int y = (int)i * ROW + 4;
        int wa = (int)(r[i].a * ROOM / max), wb = (int)(r[i].b * ROOM / max);

        buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 8,
                   y + 15);
        svg_text(b, fit(r[i].label, 34));
        buf_puts(b, "</text>");
        rect(
            b, class [0], (const int[]) { LEFT, y, wa, ROW - 8 });
        rect(
            b, class [1], (const int[]) { LEFT + wa, y, wb, ROW - 8 });
        buf_printf(b, "<text x=\"%d\" y=\"%d\">%" PRId64 "</text>",
                   LEFT + wa + wb + 6, y + 15, r[i].a + r[i].b);
    }
    buf_puts(b, "</svg>");
}

void
svg_columns(struct buf *b, const struct svg_bar *r, size_t n, struct str title,
            const char *const class[2])
{
    enum { HEIGHT = 220, FLOOR = HEIGHT - 24, ROOM = FLOOR - 24 };
    int64_t max = largest(r, n, false);
    int step = n > 0 ? 720 / (int)n : 720, w = (step - 8) / 2;

    w = w > 26 ? 26 : w < 2 ? 2 : w;
    open_svg(b, 720, HEIGHT, title);
    for (size_t i = 0; i < n; i++) {
        const int64_t v[2] = { r[i].a, r[i].b };
        int x = (int)i * step + (step - 2 * w) / 2;

        for (int k = 0; k < 2; k++) {
            int h = (int)(v[k] * ROOM / max);

            rect(
                b, class [k], (const int[]) { x + k *w, FLOOR - h, w - 1, h });
            if (v[k] > 0)
                buf_printf(b,
                           "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">"
                           "%" PRId64 "</text>",
                           x + k * w + w / 2, FLOOR - h - 4, v[k]);
        }
        buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", x + w,
                   HEIGHT - 8);
        svg_text(b, r[i].label);
        buf_puts(b, "</text>");
    }
    buf_puts(b, "</svg>");
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
