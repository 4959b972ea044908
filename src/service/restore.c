#include "service/restore.h"
#include "domain/event.h"
#include "service/log_note.h"
#include "service/loghead.h"
#include "service/publish.h"
#include "store/stmt.h"

bool
restore_mark_job(struct tx *tx, void *arg, struct err *e)
{
    (void)arg;
    return QRUN(tx->st, SETTING_PUT, e, ARG(STR("read_only")),
                ARG(STR("restored")));
}

static bool
unmark(struct tx *tx, struct err *e)
{
    return QRUN(tx->st, SETTING_DEL, e, ARG(STR("read_only")));
}

/* ---- going on ------------------------------------------------------------------ */

/* Is the tree of that size in our log, as it is? */
static bool
within(struct tx *tx, const struct tenant *t, const struct checkpoint *c,
       struct err *e)
{
    struct head_held h;

    if (!head_held(tx->st, t, c->size, &c->root, tx->arena, &h, e))
        return false;
    if (h.is == HEAD_SHORT)
        return err_set(e, ERR_CONFLICT, NULL,
                       "The copy is older than the checkpoint of %.*s: it has "
                       "%ld of %ld entries. Restore a newer one, or go on "
                       "with --new-origin",
                       STR_ARG(t->code), (long)h.size, (long)c->size);
    return h.is == HEAD_WITHIN ||
           err_set(e, ERR_CONFLICT, NULL,
                   "The log of %.*s is not the one of the checkpoint",
                   STR_ARG(t->code));
}

static bool
check_note(struct tx *tx, const struct tenant *list, size_t n, struct str note,
           bool *proven, struct err *e)
{
    struct note_key key;
    struct checkpoint c;
    struct err why = { 0 };

    if (!logkey_public(tx->st, tx->arena, &key, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        note_key_name(&key, logkey_origin(tx->arena, &list[i]));
        if (!checkpoint_open(note, &key, &c, &why))
            continue;
        proven[i] = true;
        return within(tx, &list[i], &c, e);
    }
    return err_set(e, ERR_INVALID, NULL,
                   "A file is no checkpoint that this installation signed");
}

/* Is log.key there, and the key that the database names? */
static bool
own_key(struct tx *tx, bool *own, bool *there, struct err *e)
{
    struct note_key pub;
    struct logkey k;

    *own = *there = false;
    if (!logkey_public(tx->st, tx->arena, &pub, e))
        return false;
    if (!logkey_load(tx_folder(tx), &k, e))
        return e->code == ERR_MISSING;
    *there = true;
    *own = memcmp(pub.pub, k.signer.key.pub, sizeof(pub.pub)) == 0;
    logkey_fini(&k);
    return true;
}

static bool
needs_own_key(struct tx *tx, struct err *e)
{
    bool own, there;

    if (!own_key(tx, &own, &there, e))
        return false;
    if (!there)
        return err_set(e, ERR_CONFLICT, NULL,
                       "Put log.key back from its own backup first");
    return own || err_set(e, ERR_CONFLICT, NULL,
                          "The file log.key is not the key of this "
                          "installation");
}

/* Each line of log.head against the logs that still go by that name. */
struct binding {
    struct tx *tx;
    const struct tenant *list;
    size_t n;
};

static bool
reaches(const struct loghead_line *l, void *arg, struct err *e)
{
    const struct binding *b = arg;
    struct tx *tx = b->tx;

    for (size_t i = 0; i < b->n; i++) {
        const struct tenant *t = &b->list[i];
        struct head_held h;

        if (!str_eq(l->log, logkey_origin(tx->arena, t)))
            continue;
        if (!head_held(tx->st, t, l->size, &l->root, tx->arena, &h, e))
            return false;
        if (h.is != HEAD_WITHIN)
            return err_set(e, ERR_CONFLICT, NULL,
                           "The copy of %.*s has %ld entries, and %ld were "
                           "signed: it is older than what was given away. Go "
                           "on with --new-origin",
                           STR_ARG(t->code), (long)h.size, (long)l->size);
    }
    return true;
}

static bool
given_away(struct tx *tx, const struct tenant *list, size_t n, struct err *e)
{
    struct binding b = { tx, list, n };
    const char *missing;

    if (!loghead_missing(tx->st, tx_folder(tx), tx->arena, &missing, e))
        return false;
    if (missing != NULL)
        return err_set(e, ERR_CONFLICT, NULL,
                       "Put %s back from beside the log.key of before: it says "
                       "what was given out of the log. Where it is lost, go on "
                       "with --new-origin",
                       missing);
    return loghead_each(tx_folder(tx), reaches, &b, e);
}

static bool
all_proven(struct tx *tx, const struct tenant *list, size_t n,
           const bool *proven, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        struct published p;

        if (!publish_newest(tx->st, &list[i], tx->arena, &p, e))
            return false;
        if (p.size > 0 && !proven[i])
            return err_set(e, ERR_CONFLICT, NULL,
                           "The newest known checkpoint of %.*s is wanted too",
                           STR_ARG(list[i].code));
    }
    return true;
}

bool
restore_continue_job(struct tx *tx, void *arg, struct err *e)
{
    const struct restore_proof *p = arg;
    struct tenant *list;
    bool *proven;
    size_t n;

    if (!needs_own_key(tx, e) || !tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    if ((proven = arena_new_array(tx->arena, bool, n + 1)) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    for (size_t i = 0; i < p->n; i++)
        if (!check_note(tx, list, n, p->note[i], proven, e))
            return false;
    return all_proven(tx, list, n, proven, e) && given_away(tx, list, n, e) &&
           unmark(tx, e);
}

/* ---- a new name -------------------------------------------------------------------- */

static bool
note_head(struct tx *tx, const struct tenant *t, const struct note_key *key,
          struct err *e)
{
    struct tlog *log = tx_log(tx, t->id, e);
    struct note_key k = *key;
    struct checkpoint c = { .origin = logkey_origin(tx->arena, t) };
    BUF(head, 4096);

    if (log == NULL)
        return false;
    c.size = log->edge.size;
    merkle_root(&log->edge, &c.root);
    checkpoint_format(&head, &c);
    note_key_name(&k, c.origin);
    vkey_format(&head, &k);
    buf_putc(&head, '\n');
    return log_note(tx, t->id,
                    &(struct log_note){ "new-origin", buf_str(&head), STR("") },
                    e);
}

/* A name that a log had once is another story's for ever. */
struct naming {
    struct str log;
    bool taken;
};

static bool
is_line_of(const struct loghead_line *l, void *arg, struct err *e)
{
    struct naming *k = arg;

    (void)e;
    k->taken = k->taken || str_eq(l->log, k->log);
    return true;
}

static bool
was_named(struct tx *tx, const struct tenant *t, struct str origin,
          struct err *e)
{
    struct tenant as = *t;
    struct naming k;
    struct rows r;
    struct err why = { 0 };
    bool ok, more = false;

    as.origin = origin;
    k = (struct naming){ .log = logkey_origin(tx->arena, &as) };

    /* a damaged file keeps nobody from a new name */
    (void)!loghead_each(tx_folder(tx), is_line_of, &k, &why);
    if (!rows_open(&r, tx->st, &stmts[Q_EVENT_ORIGINS], ARGS(ARG(t->id)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct event ev;
        struct str name;

        if (event_decode(rows_str(&r, 0), &ev, &why) &&
            str_split(&ev.comment, '\n', &name))
            k.taken = k.taken || str_eq(name, k.log);
    }
    rows_close(&r);
    return ok && (!k.taken || err_set(e, ERR_CONFLICT, "origin",
                                      "The log went by that name before: "
                                      "choose another one"));
}

static bool
rename_tenant(struct tx *tx, const struct tenant *t, struct str origin,
              const struct note_key *key, struct err *e)
{
    return note_head(tx, t, key, e) &&
           QRUN(tx->st, TENANT_ORIGIN, e, ARG(t->id), ARG(origin)) &&
           QRUN(tx->st, VERSION_BUMP, e, ARG(t->id), ARG((int64_t)0),
                ARG((int64_t)0));
}

bool
restore_new_origin_job(struct tx *tx, void *arg, struct err *e)
{
    const struct str *origin = arg;
    struct note_key key;
    struct tenant *list;
    size_t n;
    bool own, there;

    if (!note_name_ok(*origin))
        return err_set(e, ERR_INVALID, "origin",
                       "The origin is a name like example.org/anlan, without "
                       "blanks and \"+\"");
    if (!logkey_public(tx->st, tx->arena, &key, e) ||
        !tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(list[i].origin, *origin))
            return err_set(e, ERR_INVALID, "origin",
                           "That is the origin which the log has now");
        if (!was_named(tx, &list[i], *origin, e) ||
            !rename_tenant(tx, &list[i], *origin, &key, e))
            return false;
    }
    if (!own_key(tx, &own, &there, e) ||
        (!own && !QRUN(tx->st, SETTING_DEL, e, ARG(STR("log_key")))))
        return false;
    return logkey_make_job(tx, NULL, e) && unmark(tx, e);
}
