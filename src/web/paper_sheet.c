#include "web/paper_sheet.h"

#include <stdio.h>

#define END (A4_LONG - 35 * PAPER_MM)

static const struct paper_style foot = { PAPER_SONG, 10, PAPER_CENTER, 0 };

void
paper_sheet_end(struct paper_sheet *s)
{
    char number[32];

    snprintf(number, sizeof(number), "— %d —", ++s->page);
    paper_text(s->t.p, str_of(number), &foot, PAPER_MARGIN, END + 10 * PAPER_MM,
               PAPER_ROOM);
    paper_next(s->t.p);
    s->t.y = PAPER_TOP;
}

bool
paper_sheet_room(struct paper_sheet *s, double h)
{
    if (s->t.y + h <= END)
        return false;
    paper_sheet_end(s);
    return true;
}

void
paper_sheet_put(struct paper_sheet *s, struct str words,
                const struct paper_style *style, double gap)
{
    paper_sheet_room(s, paper_measure(s->t.p, words, style, PAPER_ROOM));
    s->t.y +=
        paper_text(s->t.p, words, style, PAPER_MARGIN, s->t.y, PAPER_ROOM) +
        gap;
}

static void
row_of(const struct v_grid *g, const struct v_grid_row *r, struct str *cells)
{
    cells[0] = r->label;
    for (size_t i = 1; i < g->n_columns; i++)
        cells[i] = r->cells[i - 1].text;
}

void
paper_sheet_grid(struct paper_sheet *s, const struct v_grid *g,
                 const int *shares, double size)
{
    struct str cells[PAPER_COLUMNS];

    paper_table_share(&s->t, PAPER_MARGIN, PAPER_ROOM, shares, g->n_columns);
    s->t.numbers = true;
    paper_sheet_room(s, 60);
    paper_table_row(&s->t, g->columns, PAPER_HEI, size, 2);
    for (size_t i = 0; i < g->n_rows; i++) {
        enum paper_font font = g->rows[i].sum ? PAPER_HEI : PAPER_SONG;

        row_of(g, &g->rows[i], cells);
        if (paper_sheet_room(s,
                             paper_table_height(&s->t, cells, font, size, 2)))
            paper_table_row(&s->t, g->columns, PAPER_HEI, size, 2);
        paper_table_row(&s->t, cells, font, size, 2);
    }
    s->t.y += 8;
}
