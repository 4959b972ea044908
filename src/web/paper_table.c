#include "web/paper_table.h"

enum { GAP = 3 };

void
paper_table_share(struct paper_table *t, double left, double width,
                  const int *shares, size_t n)
{
    int all = 0;

    for (size_t i = 0; i < n; i++)
        all += shares[i];
    t->x[0] = left;
    for (size_t i = 0; i < n; i++)
        t->x[i + 1] = t->x[i] + width * shares[i] / all;
    t->n = n;
}

static struct paper_style
style_of(const struct paper_table *t, size_t i, enum paper_font font,
         double size, int lines)
{
    return (struct paper_style){ font, size,
                                 t->numbers && i > 0 ? PAPER_RIGHT : PAPER_LEFT,
                                 lines };
}

double
paper_table_height(struct paper_table *t, const struct str *cells,
                   enum paper_font font, double size, int lines)
{
    double h = 0;

    for (size_t i = 0; i < t->n; i++) {
        struct paper_style s = style_of(t, i, font, size, lines);
        double one =
            paper_measure(t->p, cells[i], &s, t->x[i + 1] - t->x[i] - 2 * GAP);

        h = one > h ? one : h;
    }
    return h + GAP;
}

void
paper_table_row(struct paper_table *t, const struct str *cells,
                enum paper_font font, double size, int lines)
{
    double h = paper_table_height(t, cells, font, size, lines), top = t->y;

    for (size_t i = 0; i < t->n; i++) {
        struct paper_style s = style_of(t, i, font, size, lines);

        paper_text(t->p, cells[i], &s, t->x[i] + GAP, top + GAP / 2.0,
                   t->x[i + 1] - t->x[i] - 2 * GAP);
    }
    t->y = top + h;
    for (size_t i = 0; i <= t->n; i++)
        paper_line(t->p, t->x[i], top, t->x[i], t->y);
    paper_line(t->p, t->x[0], top, t->x[t->n], top);
    paper_line(t->p, t->x[0], t->y, t->x[t->n], t->y);
}
