#include <qrencode.h>

#include "codec/qr.h"
#include "codec/svg.h"

enum { QUIET = 4 };

bool
qr_make(struct arena *a, struct str text, struct qr *out)
{
    QRcode *q = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0,
                                  QR_ECLEVEL_M);
    unsigned char *at;
    size_t n;

    if (q == NULL)
        return false;
    n = (size_t)q->width * (size_t)q->width;
    if ((at = arena_alloc(a, n)) != NULL)
        for (size_t i = 0; i < n; i++)
            at[i] = q->data[i] & 1;
    *out = (struct qr){ q->width, at };
    QRcode_free(q);
    return at != NULL;
}

/* One path: a run of dark squares is one stroke of it. */
void
qr_svg(struct buf *b, const struct qr *q, struct str label)
{
    int side = q->side + 2 * QUIET;

    buf_printf(b,
               "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" "
               "shape-rendering=\"crispEdges\" aria-label=\"",
               side, side);
    svg_text(b, label);
    buf_printf(b,
               "\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>"
               "<path fill=\"#000\" d=\"",
               side, side);
    for (int y = 0; y < q->side; y++)
        for (int x = 0, run; x < q->side; x += run + 1) {
            for (run = 0; x + run < q->side && q->at[y * q->side + x + run];)
                run++;
            if (run > 0)
                buf_printf(b, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run,
                           run);
        }
    buf_puts(b, "\"/></svg>");
}

static bool
is_light(const struct qr *q, int x, int y)
{
    return x < 0 || y < 0 || x >= q->side || y >= q->side ||
           q->at[y * q->side + x] == 0;
}

void
qr_text(struct buf *b, const struct qr *q)
{
    static const char *const half[] = { " ", "\u2584", "\u2580", "\u2588" };

    for (int y = -QUIET; y < q->side + QUIET; y += 2) {
        for (int x = -QUIET; x < q->side + QUIET; x++)
            buf_puts(b, half[2 * is_light(q, x, y) + is_light(q, x, y + 1)]);
        buf_puts(b, "\n");
    }
}
