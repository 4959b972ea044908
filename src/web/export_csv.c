#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/csv.h"
#include "web/export.h"

enum { ROW_MAX = 8 << 20 };

static bool
put(struct sink *s, const struct str *cells, size_t n, struct err *e)
{
    BUF(b, 2 * ROW_MAX);

    if (s->rows == 0 && ftell(s->own) == 0)
        csv_put_mark(&b);
    csv_put_row(&b, cells, n);
    if (b.over || fwrite(b.p, 1, b.n, s->own) != b.n)
        return err_set(e, err_disk(errno), NULL,
                       "The file could not be written");
    return true;
}

static bool
begin(struct sink *s, const struct str *heads, size_t n, struct err *e)
{
    if ((s->own = fopen(s->path, "wb")) == NULL)
        return err_set(e, err_disk(errno), NULL,
                       "The file could not be written");
    return put(s, heads, n, e);
}

/* As a program reads it, whatever the language: no currency, no marks between
 * thousands, a time with its distance from UTC. */
static void
put_plain(const struct sink *s, const struct sink_cell *c, struct buf *b)
{
    size_t day_end = b->n + strlen("2024-03-05");
    int64_t off;

    switch (c->text.n > 0 ? c->kind : SINK_TEXT) {
    case SINK_NUMBER:
        buf_i64(b, c->v);
        break;
    case SINK_MONEY:
        buf_printf(b, "%s%" PRId64 ".%02d", c->v < 0 ? "-" : "",
                   c->v < 0 ? -(c->v / 100) : c->v / 100,
                   (int)(c->v < 0 ? -(c->v % 100) : c->v % 100));
        break;
    case SINK_DAY:
        day_format(b, c->v);
        break;
    case SINK_TIME:
        off = zone_offset_ms(s->zone, c->v) / 60000;
        time_format_local(b, s->zone, c->v);
        if (!b->over)
            b->p[day_end] = 'T';
        buf_printf(b, "%c%02d:%02d", off < 0 ? '-' : '+',
                   (int)(off < 0 ? -off : off) / 60,
                   (int)(off < 0 ? -off : off) % 60);
        break;
    case SINK_TEXT:
        buf_str_put(b, c->text);
        break;
    }
}

static bool
row(struct sink *s, const struct sink_cell *cells, size_t n, struct err *e)
{
    struct str one[SINK_CELLS];
    size_t from[SINK_CELLS + 1] = { 0 };
    BUF(b, ROW_MAX);

    for (size_t i = 0; i < n && i < SINK_CELLS; i++) {
        put_plain(s, &cells[i], &b);
        from[i + 1] = b.n;
    }
    if (b.over || n > SINK_CELLS)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++)
        one[i] = str_cut(buf_str(&b), from[i], from[i + 1]);
    s->rows++;
    return put(s, one, n, e);
}

static bool
end(struct sink *s, struct err *e)
{
    bool ok = s->own != NULL && fclose(s->own) == 0;

    s->own = NULL;
    return ok ||
           err_set(e, err_disk(errno), NULL, "The file could not be written");
}

bool
sink_csv(struct sink *s, struct err *e)
{
    (void)e;
    s->begin = begin;
    s->row = row;
    s->end = end;
    return true;
}
