#include "web/export.h"
#include "base/clean.h"
#include "base/log.h"

enum { ROW_MAX = 8 << 20, NAMED = 20 };

bool
sink_row(struct sink *s, const struct sink_cell *cells, size_t n,
         struct str name, struct err *e)
{
    struct sink_cell own[SINK_CELLS];
    size_t from[SINK_CELLS + 1] = { 0 }, replaced = 0;
    BUF(b, ROW_MAX);
    bool bad = false;

    for (size_t i = 0; i < n && i < SINK_CELLS; i++)
        bad |= !text_is_carried(cells[i].text);
    if (!bad || n > SINK_CELLS)
        return s->row(s, cells, n, e);
    for (size_t i = 0; i < n; i++) {
        replaced += text_carry(&b, cells[i].text);
        from[i + 1] = b.n;
    }
    if (b.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < n; i++) {
        own[i] = cells[i];
        own[i].text = str_cut(buf_str(&b), from[i], from[i + 1]);
    }
    log_line(LOG_WARN,
             "%.*s: %zu characters that no file can carry were replaced",
             STR_ARG(name), replaced);
    if (s->spoiled.max == 0)
        buf_init(&s->spoiled, ROW_MAX);
    if (s->n_spoiled++ < NAMED) {
        buf_puts(&s->spoiled, s->n_spoiled > 1 ? ", " : "");
        buf_str_put(&s->spoiled, name);
    } else if (s->n_spoiled == NAMED + 1)
        buf_puts(&s->spoiled, ", …");
    return s->row(s, own, n, e);
}

bool
sink_end(struct sink *s, struct err *e)
{
    bool ok = s->end(s, e);

    buf_fini(&s->spoiled);
    return ok;
}
