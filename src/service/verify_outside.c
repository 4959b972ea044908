/* Checkpoints that somebody kept outside, against the logs. A database that was
 * put back as a whole contradicts itself nowhere: only they can tell. */
#include "base/time.h"
#include "service/loghead.h"
#include "service/verify_int.h"

/* Signed by this log, under the name and key that it has or once had? */
static bool
is_ours(struct checking *c, struct str note, struct checkpoint *is)
{
    struct note_key key = c->key;
    struct err why = { 0 };
    bool ours;

    note_key_name(&key, logkey_origin(c->arena, c->tenant));
    ours = c->has_key && checkpoint_open(note, &key, is, &why);
    for (size_t i = 0; !ours && i < c->n_former; i++)
        ours = checkpoint_open(note, &c->former[i], is, &why);
    return ours;
}

static void
say_held(struct checking *c, const struct verify_outside *o,
         const struct checkpoint *is, const struct head_held *h)
{
    struct spot at = spot("checkpoint", (int64_t)is->size, -1);
    BUF(day, 64);

    time_format_utc(&day, o->at_ms);
    if (h->is == HEAD_SHORT)
        SAY(c, at,
            "the log has only %ld entries and is shorter than the checkpoint "
            "of %.*s (%.*s): an older database was put back",
            (long)(h->size < 0 ? 0 : h->size), STR_ARG(buf_str(&day)),
            STR_ARG(o->name));
    else if (h->is == HEAD_OTHER)
        SAY(c, at,
            "the log differs from the checkpoint of %.*s (%.*s): it tells "
            "another story",
            STR_ARG(buf_str(&day)), STR_ARG(o->name));
}

bool
verify_outside(struct checking *c, struct err *e)
{
    for (size_t i = 0; i < c->v->n_outside; i++) {
        struct verify_outside *o = &c->v->outside[i];
        struct checkpoint is;
        struct head_held h;

        if (o->known || !is_ours(c, o->note, &is))
            continue;
        o->known = true;
        if (!head_held(c->st, c->tenant, is.size, &is.root, c->arena, &h, e))
            return false;
        say_held(c, o, &is, &h);
    }
    return true;
}

void
verify_outside_end(struct checking *c)
{
    for (size_t i = 0; i < c->v->n_outside; i++)
        if (!c->v->outside[i].known)
            SAY(c, spot("checkpoint", -1, -1),
                "%.*s is no checkpoint that a log of this installation signed",
                STR_ARG(c->v->outside[i].name));
}

/* ---- what servers say that they signed ---------------------------------------------- */

struct lines {
    struct checking *c;
    struct arena *a;
};

static bool
take_line(const struct loghead_line *l, void *arg, struct err *e)
{
    const struct lines *w = arg;
    struct verify_given *g = arena_new_obj(w->a, struct verify_given);

    if (g == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    *g = (struct verify_given){ .log = arena_dup(w->a, l->log),
                                .size = l->size,
                                .root = l->root,
                                .next = w->c->given };
    w->c->given = g;
    return true;
}

bool
verify_given_read(struct checking *c, struct err *e)
{
    struct lines w = { c, c->arena };
    struct err why = { 0 };

    if (loghead_each(c->v->dir, take_line, &w, &why))
        return true;
    if (why.code != ERR_BUSY) {
        verify_say(c, spot("head", -1, -1), &why);
        return true;
    }
    *e = why;
    return false;
}

bool
verify_given(struct checking *c, struct err *e)
{
    const struct str log = logkey_origin(c->arena, c->tenant);

    for (const struct verify_given *g = c->given; g != NULL; g = g->next) {
        struct head_held h;

        if (!str_eq(g->log, log))
            continue;
        if (!head_held(c->st, c->tenant, g->size, &g->root, c->arena, &h, e))
            return false;
        if (h.is != HEAD_WITHIN)
            SAY(c, spot("head", -1, -1),
                h.is == HEAD_SHORT
                    ? "the log has %ld entries, and log.head says that %ld were "
                      "signed: an older database was put back"
                    : "of its %ld entries the first %ld are not those that "
                      "log.head says were signed: it tells another story",
                (long)(h.size < 0 ? 0 : h.size), (long)g->size);
    }
    return true;
}
