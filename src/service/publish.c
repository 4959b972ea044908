#include "service/publish.h"
#include "store/stmt.h"

int64_t
publish_slot(int64_t last, int64_t now)
{
    int64_t slot = now - now % (PUBLISH_HOURS * MS_PER_HOUR);

    return slot > last ? slot : 0;
}

bool
publish_sign(struct logkey *k, struct str origin, uint64_t size,
             const struct hash *root, struct buf *note, struct err *e)
{
    const struct checkpoint c = { .origin = origin,
                                  .size = size,
                                  .root = *root };
    BUF(text, 4096);

    checkpoint_format(&text, &c);
    note_key_name(&k->signer.key, origin);
    note_sign(note, &k->signer, buf_str(&text));
    return (!text.over && !note->over) ||
           err_set(e, ERR_TOO_LARGE, NULL, "The log's name is too long");
}

bool
publish_newest(struct store *st, const struct tenant *t, struct arena *a,
               struct published *p, struct err *e)
{
    const struct published none = { .note = STR("") };
    struct checkpoint c;
    struct err why = { 0 };

    *p = none;
    if (!stmt_one(st, &stmts[Q_CHECKPOINT_LAST], ARGS(ARG(t->id)), a,
                  COLS(COL(&p->at_ms), COL(&p->size), COL(&p->note)), e))
        return e->code == ERR_MISSING;
    /* signatures stand behind an empty line */
    if (!checkpoint_parse(
            str_cut(p->note, 0, (size_t)(str_find(p->note, STR("\n\n")) + 1)),
            &c, &why) ||
        !str_eq(c.origin, logkey_origin(a, t)))
        *p = none;
    else
        p->root = c.root;
    return true;
}

/* The key that the installation was made with. *there = false: there was
 * never one. */
static bool
load_key(struct tx *tx, struct logkey *k, bool *there, struct err *e)
{
    struct note_key pub;

    *there = logkey_public(tx->st, tx->arena, &pub, e);
    if (!*there)
        return e->code == ERR_MISSING;
    if (!logkey_load(tx_folder(tx), k, e))
        return err_set(e, ERR_STORE, NULL,
                       "The file log.key is gone: put it back from its own "
                       "backup");
    if (memcmp(pub.pub, k->signer.key.pub, sizeof(pub.pub)) == 0)
        return true;
    logkey_fini(k);
    return err_set(e, ERR_STORE, NULL,
                   "The file log.key is not the key of this installation");
}

static bool
pad(struct tx *tx, struct tlog *log, struct err *e)
{
    int64_t seq;

    do
        if (!tlog_append(tx->st, log,
                         &(struct tlog_event){ .at_ms = tx->now,
                                               .verb = STR(""),
                                               .body = STR(""),
                                               .part = STR("") },
                         &seq, e))
            return false;
    while (log->edge.size % PUBLISH_STEP != 0);
    return true;
}

static bool
publish(struct tx *tx, int64_t tenant, int64_t slot, struct logkey *k,
        struct err *e)
{
    struct tlog *log = tx_log(tx, tenant, e);
    const struct dir *d = tx_dir(tx, tenant, e);
    struct hash root;
    BUF(note, 8192);

    if (log == NULL || d == NULL || !pad(tx, log, e))
        return false;
    merkle_root(&log->edge, &root);
    return publish_sign(k, logkey_origin(tx->arena, &d->tenant), log->edge.size,
                        &root, &note, e) &&
           QRUN(tx->st, CHECKPOINT_ADD, e, ARG(tenant), ARG(slot),
                ARG((int64_t)log->edge.size), ARG(buf_str(&note)));
}

bool
publish_job(struct tx *tx, void *arg, struct err *e)
{
    const int64_t *tenant = arg;
    int64_t last = 0, slot;
    struct logkey k;
    bool there, ok;

    if (!tx_may_change(tx, e))
        return false;
    /* what a clock that was ahead has stamped stops nothing */
    if (!stmt_one(tx->st, &stmts[Q_CHECKPOINT_BEFORE],
                  ARGS(ARG(*tenant), ARG(tx->now + CLOCK_SLACK_MS)), NULL,
                  COLS(COL(&last)), e) &&
        e->code != ERR_MISSING)
        return false;
    if ((slot = publish_slot(last, tx->now)) == 0)
        return true;
    if (!load_key(tx, &k, &there, e))
        return false;
    if (!there)
        return true;
    ok = publish(tx, *tenant, slot, &k, e);
    logkey_fini(&k);
    return ok;
}
