/* What stands beside the log and yet follows from it, or from the program: a
 * district's own row, the settings that the program keeps, figures for the
 * authorities above. */
#include "base/time.h"
#include "domain/org.h"
#include "service/above.h"
#include "service/look.h"
#include "service/verify_int.h"
#include "store/migrations.h"

/* ---- the district's row --------------------------------------------------------- */

/* A district and its root node are made together: the log's first event says the
 * name and when. */
static bool
first_event(struct checking *c, struct org *root, int64_t *at, bool *whole,
            struct err *e)
{
    struct err why = { 0 };
    struct str salt, body;
    struct event ev;

    *whole = false;
    if (!stmt_one(c->st, &stmts[Q_EVENT_FIRST], ARGS(ARG(c->tenant->id)),
                  c->arena, COLS(COL(at), COL(&salt), COL(&body)), e))
        return e->code == ERR_MISSING;
    /* words taken out of it are not asked for any more */
    *whole = salt.n > 0 && event_decode(body, &ev, &why) &&
             ev.ledger == org_ledger.tag &&
             event_apply(&org_ledger, body, root, c->arena, &why);
    return true;
}

static bool
check_row(struct checking *c, struct err *e)
{
    struct org root = { .name = { STR(""), STR("") } };
    const struct tenant *t = c->tenant;
    struct spot at = spot("tenant", t->id, 0);
    int64_t made;
    bool whole;

    if (!first_event(c, &root, &made, &whole, e))
        return false;
    if (!str_is(t->currency, "CNY"))
        SAY(c, at, "field %s differs from what the program writes", "currency");
    if (!whole)
        return true;
    if (!str_eq(root.name.en, t->first_name.en) ||
        !str_eq(root.name.zh, t->first_name.zh))
        SAY(c, at, "field %s differs from the log", "name");
    if (made != t->created_at)
        SAY(c, at, "field %s differs from the log", "created_at");
    return true;
}

/* ---- figures for those above ------------------------------------------------------ */

static bool
check_above(struct checking *c, struct err *e)
{
    struct rows r;
    bool ok, more = false;

    if (!rows_open(&r, c->st, &stmts[Q_ABOVE_ODD],
                   ARGS(ARG(c->tenant->id), ARG((int64_t)ABOVE__MAX)), e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more)
        SAY(c, spot("above", rows_i64(&r, 0), -1),
            "figure %ld is of no district, or of nothing that is counted",
            (long)rows_i64(&r, 1));
    rows_close(&r);
    return ok;
}

/* ---- who looked ------------------------------------------------------------------- */

/* "AFTER DAY SALT HASH", as look_commit_job() wrote it. */
struct looks {
    int64_t seq, after, day;
    struct str salt, hash;
    struct looks *next;
};

bool
verify_looks_event(struct checking *c, int64_t seq, struct str said,
                   struct err *e)
{
    struct looks *l = arena_new_obj(c->arena, struct looks);
    struct str after, day;

    if (l == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    said = arena_dup(c->arena, said);
    *l = (struct looks){ .seq = seq, .next = c->looks };
    if (!str_split(&said, ' ', &after) || !str_split(&said, ' ', &day) ||
        !str_split(&said, ' ', &l->salt) || !str_i64(after, &l->after) ||
        !str_i64(day, &l->day)) {
        SAY(c, spot("event", seq, seq), "it tells of no looks");
        return true;
    }
    l->hash = said;
    c->looks = l;
    return true;
}

/* What was kept for its year is gone, or goes in these days: the log's own time
 * tells, for each day that has looks ends with an event. */
static bool
check_looks(struct checking *c, struct err *e)
{
    int64_t size, last = 0;
    struct hash h;
    BUF(hex, 128);

    if (!stmt_one(c->st, &stmts[Q_HEAD_GET], ARGS(ARG(c->tenant->id)), NULL,
                  COLS(COL(&size), COL(&last)), e) &&
        e->code != ERR_MISSING)
        return false;
    for (const struct looks *l = c->looks; l != NULL; l = l->next) {
        if (l->day <= last / MS_PER_DAY - LOOK_KEEP_DAYS + 2)
            continue;
        if (!look_hash(c->st, c->tenant->id, l->after, l->day, l->salt, &h, e))
            return false;
        buf_clear(&hex);
        hex_put(&hex, hash_str(&h));
        if (!str_eq(buf_str(&hex), l->hash))
            SAY(c, spot("look", l->day, l->seq),
                "who looked at whom on that day is not what was logged");
    }
    return true;
}

bool
verify_tenant(struct checking *c, struct err *e)
{
    return check_row(c, e) && check_above(c, e) && check_looks(c, e);
}

/* ---- settings ---------------------------------------------------------------------- */

/* What may stand there; NULL: what the one that reads it takes. */
static const struct {
    const char *name, *value;
} kept[] = { { "log_key", NULL },        { "read_only", "restored" },
             { "credentials", NULL },    { "search_again", NULL },
             { "search_forgets", NULL }, { "link_key", NULL },
             { "attachments", "found" }, { "log_heads", NULL },
             { "row_key", NULL },        { "example", "1" },
             { "copying", "yes" },       { MIGRATION_STOPS, "done" } };

static bool
is_kept(struct str name, struct str value)
{
    for (size_t i = 0; i < N_OF(kept); i++)
        if (str_is(name, kept[i].name))
            return kept[i].value == NULL || str_is(value, kept[i].value);
    if (str_starts(name, STR(LOOK_SETTING)))
        return true;
    /* before there was a table of them */
    for (const struct migration *m = migrations; m->name != NULL; m++)
        if (str_is(name, m->name))
            return str_is(value, "done");
    return false;
}

bool
verify_settings(struct checking *c, struct err *e)
{
    bool ok, more = false, stops = false;
    struct rows r;

    if (!rows_open(&r, c->st, &stmts[Q_SETTINGS], NULL, 0, e))
        return false;
    while ((ok = rows_next(&r, &more, e)) && more) {
        struct str name = rows_str(&r, 0);

        stops = stops || str_is(name, MIGRATION_STOPS);
        c->v->read_only = c->v->read_only || str_is(name, "read_only");
        if (!is_kept(name, rows_str(&r, 1)))
            SAY(c, spot("setting", -1, -1),
                "\"%.*s\" is none that the program writes, or not so",
                STR_ARG(name));
    }
    rows_close(&r);
    if (ok && !stops)
        SAY(c, spot("setting", -1, -1), "\"%s\" is missing", MIGRATION_STOPS);
    return ok;
}
