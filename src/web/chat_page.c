/* Boards and tables of figures as a text and a picture for chat groups. */
#include "web/chat_page.h"
#include "web/answer.h"
#include "web/made.h"
#include "web/view.h"

void
chat_begin(struct rq *rq, struct chat_lines *l, struct str title)
{
    *l = (struct chat_lines){
        .title = title,
        .below = view_day(rq, zone_day(rq->who.dir->rules.zone, rq->who.now)),
    };
}

void
chat_line(struct chat_lines *l, struct str s)
{
    if (s.n == 0)
        return;
    if (l->n < N_OF(l->line))
        l->line[l->n++] = s;
    else
        l->more++;
}

void
chat_of_chart(struct rq *rq, struct chat_lines *l, const struct v_chart *c,
              size_t cells, bool names)
{
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct v_table_row *r = &c->rows[i];
        BUF(b, 1024);

        buf_str_put(&b, r->said.n > 0 ? r->said : r->label);
        for (size_t k = 0; r->said.n == 0 && k < cells && k + 1 < c->n_columns;
             k++) {
            buf_puts(&b, k > 0 ? " · " : rq_tr(rq, N_(": ")));
            if (names)
                buf_printf(&b, "%.*s ", STR_ARG(c->columns[k + 1].label));
            buf_str_put(&b, r->cell[k]);
        }
        chat_line(l, arena_dup(rq->arena, buf_str(&b)));
    }
}

void
chat_of_grid(struct rq *rq, struct chat_lines *l, const struct v_grid *g,
             size_t cells)
{
    for (size_t i = 0; i < g->n_rows; i++) {
        const struct v_grid_row *r = &g->rows[i];
        BUF(b, 1024);

        buf_str_put(&b, r->label);
        for (size_t k = 0; k < cells && k + 1 < g->n_columns; k++)
            buf_printf(&b, "%s%.*s %.*s", k > 0 ? " · " : ": ",
                       STR_ARG(g->columns[k + 1]), STR_ARG(r->cells[k].text));
        chat_line(l, arena_dup(rq->arena, buf_str(&b)));
    }
}

/* The page's address, whether it or its picture was asked for. */
static struct str
page_address(struct rq *rq, bool picture)
{
    struct str all = view_here(rq).s, path = all, query = STR("");
    ptrdiff_t mark = str_find(all, STR("?"));

    if (mark >= 0) {
        path = str_cut(all, 0, (size_t)mark);
        query = str_cut(all, (size_t)mark, all.n);
    }
    if (path.n > 4 && str_is(str_cut(path, path.n - 4, path.n), ".png"))
        path.n -= 4;
    return arena_printf(rq->arena, "%.*s%s%.*s", STR_ARG(path),
                        picture ? ".png" : "", STR_ARG(query));
}

/* Whole lines only: half a number would be another number. */
const struct v_chat *
chat_page(struct rq *rq, const struct chat_lines *l)
{
    struct v_chat *c = arena_new_obj(rq->arena, struct v_chat);
    const struct say s = view_say(rq);
    size_t n;
    BUF(b, 8 * 1024);

    if (c == NULL)
        return NULL;
    buf_printf(&b, "%.*s %.*s", STR_ARG(say_cut(&s, l->title, 80)),
               STR_ARG(l->below));
    n = utf8_count(buf_str(&b));
    for (size_t i = 0; i < l->n; i++) {
        n += 1 + utf8_count(l->line[i]);
        if (n > CHAT_CHARS - 2) {
            buf_puts(&b, "\n…");
            break;
        }
        buf_printf(&b, "\n%.*s", STR_ARG(l->line[i]));
    }
    if (l->more > 0 && n <= CHAT_CHARS - 2)
        buf_puts(&b, "\n…");
    *c = (struct v_chat){
        .lang = rq->lang,
        .text = arena_printf(rq->arena, "%s\n%.*s", b.p,
                             STR_ARG(rq_absolute(rq, page_address(rq, false)))),
        .has_picture = true,
        .picture = view_url(rq, "%.*s", STR_ARG(page_address(rq, true))),
    };
    return c;
}

struct page_drawing {
    chat_page_fn *build;
};

static bool
draw(struct rq *rq, const char *path, void *arg, struct err *e)
{
    const struct page_drawing *d = arg;
    struct chat_lines l = { .n = 0 };

    if (!d->build(rq, &l, e))
        return false;
    l.link = rq_absolute(rq, page_address(rq, false));
    return chat_draw_lines(rq, path, &l, e);
}

bool
chat_page_picture(struct rq *rq, chat_page_fn *build, struct err *e)
{
    struct page_drawing *d = arena_new_obj(rq->arena, struct page_drawing);

    if (d == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    d->build = build;
    return made_picture(rq, draw, d, STR(""), e);
}
