/* A checklist as a file, in the form that is read again. */
#include <stdlib.h>

#include "domain/parts.h"
#include "web/answer.h"
#include "web/export.h"
#include "web/handlers.h"
#include "web/made.h"
#include "web/photos.h"
#include "web/view.h"

struct giving {
    struct checklist *l;
    bool (*make)(struct sink *, struct err *);
};

struct pouring {
    struct rq *rq;
    struct sink *sink;
    const struct check_item *item;
    bool begun;
    size_t next; /* rows of the heading and the items so far */
    struct err *e;
};

static bool
put_photo(struct pouring *p)
{
    struct photo photo;
    bool ok;

    photo_read(p->rq, p->item[p->next - 2].photo, &photo);
    ok = photo.jpeg == NULL ||
         p->sink->picture(p->sink, (struct str){ photo.jpeg, photo.n }, photo.h,
                          p->e);
    free(photo.jpeg);
    return ok;
}

static bool
pour(void *arg, const struct str *cells, size_t n)
{
    struct pouring *p = arg;
    struct str head[CHECKLIST_COLUMNS];
    struct sink_cell wide[CHECKLIST_COLUMNS];

    for (size_t i = 0; i < CHECKLIST_COLUMNS; i++) {
        head[i] = i < n ? cells[i] : STR("");
        wide[i] = (struct sink_cell){ .text = head[i] };
    }
    if (n == CHECKLIST_COLUMNS && p->next++ > 0 && p->sink->picture != NULL &&
        !put_photo(p))
        return false;
    if (p->begun)
        return sink_row(p->sink, wide, CHECKLIST_COLUMNS, head[0], p->e);
    p->begun = true;
    return p->sink->begin(p->sink, head, CHECKLIST_COLUMNS, p->e);
}

static bool
give(struct rq *rq, const char *path, void *arg, struct err *e)
{
    struct giving *g = arg;
    struct checklist *l = g->l;
    struct sink s = { .path = path };
    struct pouring p = { .rq = rq, .sink = &s, .e = e };
    const struct choice *topic = choice_of(check_topic_choices, l->topic);
    const struct choice *often =
        choice_of(check_frequency_choices, l->frequency);
    struct checklist_head head = {
        .title = l->title,
        .source = l->source,
        .topic = str_of(topic != NULL ? topic->key : ""),
        .frequency = str_of(often != NULL ? often->key : ""),
    };
    struct check_item *item;
    struct str *photos;
    bool ok;
    size_t n;

    if (!parts_read(&check_items, l->items, rq->arena, &item, &n, e) ||
        !photo_names(rq, item, n, g->make == sink_xlsx, &photos, e) ||
        !g->make(&s, e))
        return false;
    e->code = ERR_NONE;
    p.item = item;
    ok = checklist_write(&head, item, n, photos, rq->arena, pour, &p);
    if (!ok && e->code == ERR_NONE)
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return sink_end(&s, e) && ok;
}

static bool
send_items(struct rq *rq, bool (*make)(struct sink *, struct err *),
           const char *type, const char *end, struct err *e)
{
    struct giving *g = arena_new_obj(rq->arena, struct giving);
    struct made m = { .make = give, .arg = g, .type = type };

    if (g == NULL ||
        (g->l = arena_new_obj(rq->arena, struct checklist)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (rq->ledger != &checklist_ledger)
        return err_set(e, ERR_MISSING, NULL, "There is no such page");
    if (!store_rec_get(rq->st, rq->who.dir->tenant.id, &checklist_ledger,
                       rq->id, rq->arena, g->l, e))
        return false;
    if (!actor_reads(&rq->who, &checklist_ledger, g->l))
        return err_set(e, ERR_MISSING, NULL, "There is no such record");
    g->make = make;
    m.name =
        arena_printf(rq->arena, "%.*s.%s",
                     STR_ARG(text2_in(g->l->title, rq->lang == LANG_ZH)), end);
    return made_send(rq, &m, e);
}

bool
items_csv(struct rq *rq, struct err *e)
{
    return send_items(rq, sink_csv, "text/csv; charset=utf-8", "csv", e);
}

bool
items_xlsx(struct rq *rq, struct err *e)
{
    return send_items(rq, sink_xlsx,
                      "application/vnd.openxmlformats-officedocument."
                      "spreadsheetml.sheet",
                      "xlsx", e);
}
