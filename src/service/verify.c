#include "service/install.h"
#include "service/verify_int.h"
#include "store/search_sums.h"

enum { TENANT_QUOTA = 64 << 20 };

void
verify_say(struct checking *c, struct spot at, const struct err *what)
{
    struct finding f = { .tenant =
                             c->tenant != NULL ? c->tenant->code : STR(""),
                         .kind = at.kind,
                         .id = at.id,
                         .seq = at.seq,
                         .field = at.field,
                         .what = what };

    c->v->findings++;
    c->v->found(&f, c->v->arg);
}

bool
finding_is_rebuilt(const struct finding *f)
{
    static const char *const made[] = { "counter", "number", "directory",
                                        "search" };

    for (size_t i = 0; i < N_OF(made); i++)
        if (strcmp(f->kind, made[i]) == 0)
            return true;
    for (size_t i = 0; i < n_ledgers; i++)
        if (strcmp(f->kind, ledgers[i]->name) == 0)
            return true;
    return strcmp(f->kind, "database") == 0 && f->what->n > 0 &&
           strstr(f->what->arg[0].s, " index ") != NULL &&
           strncmp(f->what->msg, "the file", strlen("the file")) == 0;
}

void
finding_format(struct buf *b, const struct finding *f)
{
    if (f->tenant.n > 0)
        buf_printf(b, "tenant %.*s, ", STR_ARG(f->tenant));
    buf_puts(b, f->kind);
    if (f->id >= 0)
        buf_printf(b, " %ld", (long)f->id);
    if (f->seq >= 0 && f->seq != f->id)
        buf_printf(b, " (event %ld)", (long)f->seq);
    buf_puts(b, ": ");
    err_format(f->what, f->what->msg, b);
}

static void
put_json_text(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c < ' ')
            buf_printf(b, "\\u%04x", c);
        else {
            if (c == '"' || c == '\\')
                buf_putc(b, '\\');
            buf_putc(b, (char)c);
        }
    }
    buf_putc(b, '"');
}

void
finding_json(struct buf *b, const struct finding *f)
{
    BUF(words, 4096);

    err_format(f->what, f->what->msg, &words);
    buf_puts(b, "{\"tenant\":");
    put_json_text(b, f->tenant);
    buf_printf(b, ",\"kind\":\"%s\"", f->kind);
    if (f->id >= 0)
        buf_printf(b, ",\"id\":\"%ld\"", (long)f->id);
    if (f->seq >= 0)
        buf_printf(b, ",\"event\":%ld", (long)f->seq);
    if (f->field != NULL)
        buf_printf(b, ",\"field\":\"%s\"", f->field);
    buf_puts(b, ",\"what\":");
    put_json_text(b, buf_str(&words));
    buf_putc(b, '}');
}

/* The key to trust: the caller's, or what the installation keeps. */
static bool
find_key(struct checking *c, struct err *e)
{
    struct logkey own;

    if (c->v->vkey.n > 0)
        return (c->has_key = vkey_parse(c->v->vkey, &c->key, e));
    c->has_key = logkey_public(c->st, c->arena, &c->key, e);
    if (!c->has_key && e->code != ERR_MISSING && e->code != ERR_INVALID)
        return false;
    if (!logkey_load(c->v->dir, &own, e)) {
        if (e->code != ERR_MISSING)
            SAY(c, spot("key", -1, -1), "log.key cannot be read");
        return true; /* a backup has none */
    }
    if (c->has_key && memcmp(c->key.pub, own.signer.key.pub, 32) != 0)
        SAY(c, spot("key", -1, -1),
            "log.key is not the key that the database names");
    logkey_fini(&own);
    return true;
}

/* Rows of tenants that are not there. */
static bool
check_orphans(struct checking *c, const char *table, struct err *e)
{
    int64_t n = 0;
    BUF(b, 512);

    buf_printf(&b,
               "SELECT count(*) FROM %s WHERE NOT EXISTS (SELECT 1 FROM tenant"
               " WHERE tenant.id = %s.tenant_id)",
               table, table);
    if (!stmt_one(c->st, stmt_composed(buf_str(&b)), NULL, 0, NULL,
                  COLS(COL(&n)), e))
        return false;
    if (n > 0)
        SAY(c, spot("tenant", -1, -1),
            "%ld rows of table %s belong to no tenant", (long)n, table);
    return true;
}

static bool
check_all_orphans(struct checking *c, struct err *e)
{
    static const char *const table[] = { "log_head", "event",      "event_part",
                                         "tile",     "checkpoint", "device",
                                         "pin",      "attachment", "counter",
                                         "number",   "directory" };

    for (size_t i = 0; i < N_OF(table); i++)
        if (!check_orphans(c, table[i], e))
            return false;
    for (size_t i = 0; i < n_ledgers; i++)
        if (!check_orphans(c, ledgers[i]->name, e))
            return false;
    return true;
}

static bool
does(const struct verify *v, unsigned part)
{
    return v->only == 0 || (v->only & part) != 0;
}

/* The log, and what stands beside it. */
static bool
check_log(struct checking *c, struct err *e)
{
    return verify_log(c, e) && verify_credentials(c, e) &&
           verify_tenant(c, e) && verify_outside(c, e) && verify_given(c, e) &&
           verify_seals(c, e);
}

static bool
check_tenant(struct checking *all, const struct tenant *t, struct err *e)
{
    struct verify *v = all->v;
    ARENA(a, TENANT_QUOTA);
    struct checking c = {
        .v = v, .st = v->st, .tenant = t, .arena = a, .given = all->given
    };
    bool ok;

    if (v->vkey.n > 0)
        c.has_key = vkey_parse(v->vkey, &c.key, e);
    else
        c.has_key = logkey_public(v->st, a, &c.key, e);
    if (!c.has_key && e->code != ERR_MISSING && e->code != ERR_INVALID)
        return false;
    c.has_row_key = all->has_row_key;
    memcpy(c.row_key, all->row_key, sizeof(c.row_key));
    if ((c.numbers = replay_numbers_new()) == NULL)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    v->tenants++;
    ok = (!does(v, VERIFY_LOG) || check_log(&c, e)) &&
         (!does(v, VERIFY_ROWS) || verify_rows(&c, e)) &&
         (!does(v, VERIFY_FILES) || verify_files(&c, e));
    replay_numbers_free(c.numbers);
    return ok;
}

static void
say_wrong(const struct store_wrong *w, void *arg)
{
    struct spot at = spot(w->table, w->id, -1);

    at.field = w->column;
    verify_say(arg, at, w->what);
}

/* A file so damaged that it cannot be walked is a finding too, and the last of
 * its kind. */
static bool
check_file(struct checking *c, struct err *e)
{
    struct err why = { 0 };

    if (store_integrity(c->st, say_wrong, c, &why) &&
        store_types(c->st, say_wrong, c, &why) &&
        store_schema_as_made(c->st, say_wrong, c, &why))
        return true;
    if (why.code == ERR_BUSY) {
        *e = why;
        return false;
    }
    verify_say(c, spot("database", -1, -1), &why);
    return true;
}

static bool
run(struct checking *c, struct err *e)
{
    struct verify *v = c->v;
    struct tenant *list;
    size_t n;

    if (does(v, VERIFY_FILE) && !check_file(c, e))
        return false;
    if (!find_key(c, e) || !tenants_read(v->st, c->arena, &list, &n, e) ||
        !check_all_orphans(c, e) || !verify_settings(c, e) ||
        !verify_seal_key(c, e))
        return false;
    if (n == 0)
        return err_set(e, ERR_STORE, NULL, "%s holds no installation", v->dir);
    for (size_t i = 0; i < n; i++)
        if (!check_tenant(c, &list[i], e))
            return false;
    if (does(v, VERIFY_LOG))
        verify_outside_end(c);
    return !does(v, VERIFY_ROWS) ||
           store_search_check(v->st, &v->words_wait, say_wrong, c, e);
}

bool
verify_run(struct verify *v, struct err *e)
{
    ARENA(a, TENANT_QUOTA);
    struct checking c = { .v = v, .st = v->st, .arena = a };
    bool ok;

    for (size_t i = 0; i < v->n_outside; i++)
        v->outside[i].known = false;
    v->words_wait = v->read_only = v->seals_wait = false;
    v->files_bare = v->tenants = v->events = v->rows = v->tiles =
        v->checkpoints = v->files = v->findings = 0;
    if (!verify_given_read(&c, e) || !store_begin(v->st, e))
        return false;
    ok = run(&c, e);
    store_rollback(v->st);
    return ok;
}
