/* The log of one tenant: events in their order, their commitments, the tree
 * they make, its tiles, checkpoints and head. One pass. */
#include <stdlib.h>

#include "base/time.h"
#include "service/publish.h"
#include "service/verify_int.h"
#include "store/tlog.h"

enum { LEVELS = 8 };

struct tree {
    struct merkle_edge edge;
    /* the tile under way on each level */
    struct hash open[LEVELS][TLOG_TILE];
    bool unknown; /* entries are missing and no tile stands in for them */
};

struct logwalk {
    struct checking *c;
    struct tree t;
    int64_t next, last_ms;
    struct rows part, point;
    bool has_part, has_point;
    int64_t point_size; /* of the checkpoint that comes next */
    int64_t point_at;
    int64_t last_size;
    int64_t pad_after; /* the time before the blank entries at hand */
    bool padding;
};

struct row {
    int64_t seq, at, ledger, record, rev, actor;
    struct str verb, salt, body, commits;
};

/* ---- tiles ------------------------------------------------------------------- */

static bool
check_tile(struct logwalk *w, int64_t level, int64_t n, struct err *e)
{
    const struct hash *is = w->t.open[level];
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, w->c->st, &stmts[Q_TILE_GET],
                   ARGS(ARG(w->c->tenant->id), ARG(level), ARG(n)), e))
        return false;
    ok = rows_next(&r, &more, e);
    if (ok && !more)
        SAY(w->c, spot("tile", n, -1), "tile %ld/%ld is missing", (long)level,
            (long)n);
    if (ok && more) {
        struct str data = rows_str(&r, 0);
        size_t i = 0;

        w->c->v->tiles++;
        if (data.n != sizeof(w->t.open[0]))
            SAY(w->c, spot("tile", n, -1), "tile %ld/%ld has a wrong size",
                (long)level, (long)n);
        else if (memcmp(data.p, is, data.n) != 0) {
            while (memcmp(data.p + 32 * i, is[i].b, 32) == 0)
                i++;
            SAY(w->c,
                spot("tile", n, level == 0 ? n * TLOG_TILE + (int64_t)i : -1),
                "tile %ld/%ld differs from the events at hash %ld", (long)level,
                (long)n, (long)i);
        }
    }
    rows_close(&r);
    return ok;
}

static void
fold(const struct hash *in, struct hash *out)
{
    struct hash at[TLOG_TILE / 2];

    for (unsigned i = 0; i < TLOG_TILE / 2; i++)
        merkle_node(&at[i], &in[2 * i], &in[2 * i + 1]);
    for (unsigned n = TLOG_TILE / 4; n > 0; n /= 2)
        for (unsigned i = 0; i < n; i++)
            merkle_node(&at[i], &at[2 * i], &at[2 * i + 1]);
    *out = at[0];
}

static bool
add_leaf(struct logwalk *w, const struct hash *leaf, struct err *e)
{
    uint64_t n = w->t.edge.size;
    struct hash h = *leaf;

    w->t.open[0][n % TLOG_TILE] = h;
    merkle_append(&w->t.edge, &h);
    n++;
    for (int64_t level = 0; level + 1 < LEVELS && n % TLOG_TILE == 0; level++) {
        n /= TLOG_TILE;
        if (!w->t.unknown && !check_tile(w, level, (int64_t)n - 1, e))
            return false;
        fold(w->t.open[level], &h);
        w->t.open[level + 1][(n - 1) % TLOG_TILE] = h;
    }
    return true;
}

/* ---- checkpoints ----------------------------------------------------------------- */

static bool
next_point(struct logwalk *w, struct err *e)
{
    if (!rows_next(&w->point, &w->has_point, e))
        return false;
    if (w->has_point) {
        w->point_at = rows_i64(&w->point, 0);
        w->point_size = rows_i64(&w->point, 1);
        w->c->v->checkpoints++;
    }
    return true;
}

/* The note of a checkpoint whose tree is the one at hand. */
static void
check_point(struct logwalk *w)
{
    struct checking *c = w->c;
    struct spot at = spot("checkpoint", w->point_size, -1);
    struct str note = rows_str(&w->point, 2);
    struct note_key key = c->key;
    struct checkpoint is;
    struct hash root;
    struct err why = { 0 };
    bool ok = false;

    note_key_name(&key, logkey_origin(c->arena, c->tenant));
    if (c->has_key)
        ok = checkpoint_open(note, &key, &is, &why);
    for (size_t i = 0; !ok && i < c->n_former; i++)
        ok = checkpoint_open(note, &c->former[i], &is, &why);
    if (!c->has_key)
        SAY(c, at, "there is no public key to check it with");
    else if (!ok)
        verify_say(c, at, &why);
    merkle_root(&w->t.edge, &root);
    if (ok && (int64_t)is.size != w->point_size)
        SAY(c, at, "it is signed for %ld entries, not for %ld", (long)is.size,
            (long)w->point_size);
    else if (ok && !w->t.unknown && memcmp(&root, &is.root, sizeof(root)) != 0)
        SAY(c, at, "its root is not the root of the log's first %ld entries",
            (long)is.size);
}

/* Each checkpoint was made with the blank entries that end before it, at the hour
 * in which they were entered. Where the clock had stood ahead the entries were
 * given the time of what came before them, and say only that it was not later. */
static void
check_hour(struct logwalk *w)
{
    int64_t at = w->last_ms - w->last_ms % (PUBLISH_HOURS * MS_PER_HOUR);

    if (w->point_at != at &&
        (w->last_ms != w->pad_after || w->point_at > w->last_ms))
        SAY(w->c, spot("checkpoint", w->point_size, -1),
            "its hour is not that of the blank entries before it");
}

static bool
check_points(struct logwalk *w, struct err *e)
{
    while (w->has_point && w->point_size <= (int64_t)w->t.edge.size) {
        if (w->point_size <= w->last_size)
            SAY(w->c, spot("checkpoint", w->point_size, -1),
                "it is not larger than the one before it");
        else if (w->point_size == (int64_t)w->t.edge.size)
            check_point(w);
        w->last_size = w->point_size;
        if (!next_point(w, e))
            return false;
    }
    return true;
}

/* A blank entry that fills the tree up to a step ends what was published. */
static bool
expect_point(struct logwalk *w, bool blank, struct err *e)
{
    int64_t size = (int64_t)w->t.edge.size;
    bool due = blank && size % PUBLISH_STEP == 0;

    if (due && w->has_point && w->point_size == size)
        check_hour(w);
    else if (due)
        SAY(w->c, spot("checkpoint", size, -1),
            "it is missing: the blank entries before it say that it was made");
    else if (w->has_point && w->point_size == size)
        SAY(w->c, spot("checkpoint", size, -1),
            "the log has no blank entries before it");
    return check_points(w, e);
}

/* ---- events ------------------------------------------------------------------------ */

static bool
next_part(struct logwalk *w, struct err *e)
{
    return rows_next(&w->part, &w->has_part, e);
}

static bool
is_zero(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != 0)
            return false;
    return true;
}

static bool
is_blank(const struct row *r)
{
    return r->ledger == 0 && r->record == 0 && r->rev == 0 && r->verb.n == 0;
}

/* All parts of one event against the second half of its commitments. */
static bool
check_parts(struct logwalk *w, const struct row *r, struct err *e)
{
    struct str want = str_cut(r->commits, 32, 64);
    struct spot at = spot("event", r->seq, r->seq);
    struct hash h;
    bool any = false;
    BUF(all, 64 * 32);

    while (w->has_part && rows_i64(&w->part, 0) <= r->seq) {
        struct str commit = rows_str(&w->part, 4);

        if (rows_i64(&w->part, 0) < r->seq) {
            SAY(w->c, at, "a personal part belongs to no event");
        } else {
            tlog_commit(&h, rows_str(&w->part, 2), rows_str(&w->part, 3));
            if (rows_str(&w->part, 2).n == 0) {
                if (!verify_was_erased(w->c, rows_i64(&w->part, 1), r->seq,
                                       "erase", e))
                    SAY(w->c, at,
                        "its personal part is gone, and nobody "
                        "erased it");
            } else if (!str_eq(hash_str(&h), commit))
                SAY(w->c, at,
                    "the personal part of %ld is not the one that was logged",
                    (long)rows_i64(&w->part, 1));
            buf_str_put(&all, commit);
            any = true;
        }
        if (!next_part(w, e))
            return false;
    }
    tlog_commit(&h, STR(""), buf_str(&all));
    if (!any && !is_zero(want))
        SAY(w->c, at, "its personal part is missing");
    else if (any && !str_eq(hash_str(&h), want))
        SAY(w->c, at, "its personal parts are not those that were logged");
    return true;
}

static void
check_columns(struct logwalk *w, const struct row *r, const struct event *ev)
{
    struct spot at = spot("event", r->seq, r->seq);

    at.field = ev->ledger != r->ledger      ? "ledger"
               : ev->record != r->record    ? "record_id"
               : ev->rev != r->rev          ? "rev"
               : ev->actor != r->actor      ? "actor"
               : !str_eq(ev->verb, r->verb) ? "verb"
               : r->at < ev->at_ms || (r->at > ev->at_ms && r->at != w->last_ms)
                   ? "at_ms"
                   : NULL;
    if (at.field != NULL)
        SAY(w->c, at, "column %s differs from what was logged", at.field);
}

/* Events of the log itself, which tell of rows beside it. */
static bool
check_own(struct checking *c, const struct row *r, const struct event *ev,
          struct err *e)
{
    if (str_starts(ev->verb, STR("credential-")))
        return verify_credential_event(c, r->seq, r->body, e);
    return !str_is(ev->verb, "looks") ||
           verify_looks_event(c, r->seq, ev->comment, e);
}

static bool
check_body(struct logwalk *w, const struct row *r, struct err *e)
{
    struct checking *c = w->c;
    struct spot at = spot("event", r->seq, r->seq);
    struct event ev;
    struct err why = { 0 };

    if (r->body.n == 0) {
        if (!is_blank(r))
            SAY(c, at, "its body is missing");
        else if (r->actor != 0 || !is_zero(str_cut(r->commits, 32, 64)))
            SAY(c, at, "it is blank, and yet somebody's");
        return true;
    }
    if (!event_decode(r->body, &ev, &why)) {
        verify_say(c, at, &why);
        return true;
    }
    check_columns(w, r, &ev);
    if (ev.ledger != 0 && !replay_numbers_event(c->numbers, &ev, r->body, &why))
        verify_say(c, at, &why);
    if (ev.ledger == 0 && !check_own(c, r, &ev, e))
        return false;
    if (!verify_file_rows(c, r->seq, ev.file_rows, e))
        return false;
    for (size_t i = 0; i + EVENT_FILE <= ev.files.n; i += EVENT_FILE) {
        uint64_t id = 0;

        for (int k = 0; k < 8; k++)
            id = id << 8 | (unsigned char)ev.files.p[i + (size_t)k];
        if (!verify_named_file(c, r->seq, ev.record, (int64_t)id,
                               str_cut(ev.files, i + 8, i + EVENT_FILE), e))
            return false;
    }
    return true;
}

static bool
check_event(struct logwalk *w, const struct row *r, struct err *e)
{
    struct spot at = spot("event", r->seq, r->seq);
    struct hash h;

    tlog_commit(&h, r->salt, r->body);
    if (r->salt.n == 0 && r->body.n > 0) {
        if (!verify_was_retold(w->c, r->record, r->seq, r->body, e))
            SAY(w->c, at, "words are gone from it, and nobody took them out");
    } else if (!str_eq(hash_str(&h), str_cut(r->commits, 0, 32)))
        SAY(w->c, at, "it is not what was logged: body or salt was changed");
    if (r->at < w->last_ms)
        SAY(w->c, at, "its time lies before that of the event before it");
    if (!check_parts(w, r, e) || !check_body(w, r, e))
        return false;
    if (is_blank(r) && !w->padding)
        w->pad_after = w->last_ms;
    w->padding = is_blank(r) && w->next % PUBLISH_STEP != 0;
    w->last_ms = r->at;
    tlog_leaf(&h, w->c->tenant->id, r->seq, r->at,
              (const unsigned char *)r->commits.p);
    w->c->v->events++;
    return add_leaf(w, &h, e) && expect_point(w, is_blank(r), e);
}

/* A leaf whose event is gone, out of a tile if there is one. */
static bool
lost_leaf(struct logwalk *w, int64_t seq, struct err *e)
{
    struct hash h = { { 0 } };
    struct rows r;
    bool ok, more = false;

    if (!rows_open(
            &r, w->c->st, &stmts[Q_TILE_GET],
            ARGS(ARG(w->c->tenant->id), ARG((int64_t)0), ARG(seq / TLOG_TILE)),
            e))
        return false;
    ok = rows_next(&r, &more, e);
    if (ok && more && rows_str(&r, 0).n == TLOG_TILE * sizeof(h))
        memcpy(&h, rows_str(&r, 0).p + seq % TLOG_TILE * (int64_t)sizeof(h),
               sizeof(h));
    else
        w->t.unknown = true;
    rows_close(&r);
    return ok && add_leaf(w, &h, e) && check_points(w, e);
}

static bool
gap(struct logwalk *w, int64_t until, struct err *e)
{
    if (until - w->next == 1)
        SAY(w->c, spot("event", w->next, w->next), "it is missing");
    else
        SAY(w->c, spot("event", w->next, w->next),
            "the events %ld to %ld are missing", (long)w->next,
            (long)until - 1);
    if (until - w->next > (1 << 24)) { /* an index out of nowhere */
        w->t.unknown = true;
        w->next = until;
        return true;
    }
    for (; w->next < until; w->next++)
        if (!lost_leaf(w, w->next, e))
            return false;
    return true;
}

static bool
walk(struct logwalk *w, struct err *e)
{
    struct rows q;
    bool ok, more = false;

    if (!rows_open(&q, w->c->st, &stmts[Q_EVENT_ALL],
                   ARGS(ARG(w->c->tenant->id)), e))
        return false;
    while ((ok = rows_next(&q, &more, e)) && more) {
        struct row r;

        rows_get(&q,
                 COLS(COL(&r.seq), COL(&r.at), COL(&r.ledger), COL(&r.record),
                      COL(&r.rev), COL(&r.verb), COL(&r.actor), COL(&r.salt),
                      COL(&r.body), COL(&r.commits)));
        if (r.seq > w->next && !(ok = gap(w, r.seq, e)))
            break;
        if (r.seq < w->next || r.commits.n != 64) {
            SAY(w->c, spot("event", r.seq, r.seq), "it is malformed");
            w->t.unknown = true;
            if (r.seq == w->next)
                w->next++;
            continue;
        }
        w->next++;
        if (!(ok = check_event(w, &r, e)))
            break;
    }
    rows_close(&q);
    return ok;
}

/* ---- the end of the log ------------------------------------------------------------ */

static bool
check_head(struct logwalk *w, struct err *e)
{
    struct checking *c = w->c;
    struct spot at = spot("head", -1, -1);
    int64_t size, last;
    struct str was;
    struct hash root;

    if (!stmt_one(c->st, &stmts[Q_HEAD_GET], ARGS(ARG(c->tenant->id)), c->arena,
                  COLS(COL(&size), COL(&last), COL(&was)), e)) {
        if (e->code != ERR_MISSING)
            return false;
        SAY(c, at, "the log has no head");
        return true;
    }
    merkle_root(&w->t.edge, &root);
    if (size > w->next)
        SAY(c, at, "the last events are missing: %ld to %ld", (long)w->next,
            (long)size - 1);
    else if (size < w->next)
        SAY(c, at, "it counts %ld events, but there are %ld", (long)size,
            (long)w->next);
    else if (!w->t.unknown && !str_eq(hash_str(&root), was))
        SAY(c, at, "its root is not the root of the log's %ld entries",
            (long)size);
    if (size == w->next && last != w->last_ms)
        SAY(c, at, "its time is not that of the last event");
    return true;
}

/* Tiles of a tree larger than the log. */
static bool
check_tile_names(struct logwalk *w, struct err *e)
{
    struct rows q;
    bool ok, more = false;

    if (!rows_open(&q, w->c->st, &stmts[Q_TILE_NAMES],
                   ARGS(ARG(w->c->tenant->id)), e))
        return false;
    while ((ok = rows_next(&q, &more, e)) && more) {
        int64_t level = rows_i64(&q, 0), n = rows_i64(&q, 1);

        if (level < 0 || level >= LEVELS || n < 0 ||
            (uint64_t)n >= w->t.edge.size >> (8 * (level + 1)))
            SAY(w->c, spot("tile", n, -1),
                "tile %ld/%ld belongs to no part of the log", (long)level,
                (long)n);
    }
    rows_close(&q);
    return ok;
}

static bool
check_rest(struct logwalk *w, struct err *e)
{
    while (w->has_part) {
        SAY(w->c, spot("event", rows_i64(&w->part, 0), rows_i64(&w->part, 0)),
            "a personal part belongs to no event");
        if (!next_part(w, e))
            return false;
    }
    while (w->has_point) {
        SAY(w->c, spot("checkpoint", w->point_size, -1),
            "the log has only %ld entries: its end is missing", (long)w->next);
        if (!next_point(w, e))
            return false;
    }
    return check_head(w, e) && check_tile_names(w, e);
}

/* Under which names and keys the log was signed before: it says so itself. */
static void
note_former(struct checking *c, struct str body)
{
    struct event ev;
    struct str rest, line;
    struct err e;

    if (c->n_former == N_OF(c->former) ||
        !event_decode(arena_dup(c->arena, body), &ev, &e))
        return;
    rest = ev.comment;
    while (str_split(&rest, '\n', &line))
        if (vkey_parse(line, &c->former[c->n_former], &e)) {
            c->n_former++;
            return;
        }
}

static bool
read_former(struct checking *c, struct err *e)
{
    struct rows q;
    bool ok, more = false;

    if (!rows_open(&q, c->st, &stmts[Q_EVENT_ORIGINS], ARGS(ARG(c->tenant->id)),
                   e))
        return false;
    while ((ok = rows_next(&q, &more, e)) && more)
        note_former(c, rows_str(&q, 0));
    rows_close(&q);
    return ok;
}

bool
verify_log(struct checking *c, struct err *e)
{
    struct logwalk *w = calloc(1, sizeof(*w));
    bool ok = false;

    if (w == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    w->c = c;
    if (read_former(c, e) &&
        rows_open(&w->part, c->st, &stmts[Q_EVENT_PART_ALL],
                  ARGS(ARG(c->tenant->id)), e) &&
        rows_open(&w->point, c->st, &stmts[Q_CHECKPOINT_EACH],
                  ARGS(ARG(c->tenant->id)), e))
        ok = next_part(w, e) && next_point(w, e) && walk(w, e) &&
             check_rest(w, e);
    rows_close(&w->part);
    rows_close(&w->point);
    free(w);
    return ok;
}
