/* One connection, whatever stands behind it: which statements there are, when
 * they are made ready, when they fail on demand. What differs between engines
 * is behind store/engine.h. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/engine.h"
#include "store/roots.h"

enum { ADDRESS_MAX = 2048 };

struct stmt stmts[Q__MAX] = {
#define Q(name, text) [Q_##name] = { text, Q_##name, false },
#define W(name, text) [Q_##name] = { text, Q_##name, true },
#include "store/statements.h"
#undef Q
#undef W
};

/* Statements composed from declarations: so many, found by text, for ever. */
static struct {
    pthread_mutex_t lock;
    struct stmt at[STMT_SLOTS - Q__MAX];
    unsigned n;
} composed = { .lock = PTHREAD_MUTEX_INITIALIZER };

static const struct stmt *
find_composed(struct str sql, bool walk)
{
    const struct stmt *found = NULL;
    char *text;

    pthread_mutex_lock(&composed.lock);
    for (unsigned i = 0; i < composed.n && found == NULL; i++)
        if (str_is(sql, composed.at[i].sql))
            found = &composed.at[i];
    if (found == NULL && composed.n < N_OF(composed.at) &&
        (text = malloc(sql.n + 1)) != NULL) {
        memcpy(text, sql.p, sql.n);
        text[sql.n] = '\0';
        composed.at[composed.n] =
            (struct stmt){ text, (unsigned)Q__MAX + composed.n, walk };
        found = &composed.at[composed.n++];
    }
    pthread_mutex_unlock(&composed.lock);
    return found;
}

const struct stmt *
stmt_composed(struct str sql)
{
    return find_composed(sql, false);
}

const struct stmt *
stmt_walk(struct str sql)
{
    return find_composed(sql, true);
}

void
engine_types(struct buf *b, struct str text, const struct engine_type *types)
{
    for (size_t at = 0; at < text.n;) {
        const struct engine_type *t = types;
        struct str rest = str_cut(text, at, text.n);

        if (text.p[at] != '{') {
            buf_putc(b, text.p[at++]);
            continue;
        }
        while (t->from != NULL && !str_starts(rest, str_of(t->from)))
            t++;
        if (t->from == NULL)
            abort();
        buf_puts(b, t->to);
        at += strlen(t->from);
    }
}

/* ---- statements -------------------------------------------------------------- */

static bool
faulted(struct store *st, struct err *e)
{
    /* Out of memory or disk, SQLite takes the whole transaction back. What came
     * after would each be a transaction of its own, and stay. */
    if (st->inside && st->engine->taken_back(st))
        return !err_set(e, ERR_STORE, NULL, "The transaction was taken back");
    st->calls++;
    if (st->fault_in == 0 || --st->fault_in > 0)
        return false;
    st->fault_in = 1; /* and so do all that follow */
    err_set(e, ERR_STORE, NULL, "injected");
    return true;
}

static struct stmt
own_text(const struct store *st, const struct stmt *q)
{
    struct stmt own = *q;

    if (q->slot < Q__MAX && st->engine->instead[q->slot] != NULL)
        own.sql = st->engine->instead[q->slot];
    return own;
}

static bool
start(struct rows *r, const struct arg *args, size_t n, struct err *e)
{
    if (r->st->engine->start(r, args, n, e))
        return true;
    rows_close(r);
    return false;
}

static bool
open_rows(struct rows *r, struct store *st, const struct stmt *q, bool no_rows,
          const struct arg *args, size_t n, struct err *e)
{
    struct stmt own;
    void **ps;

    *r = (struct rows){ .st = st, .no_rows = no_rows };
    if (q == NULL)
        return err_set(e, ERR_STORE, NULL, "Too many kinds of statements");
    if (faulted(st, e))
        return false;
    ps = &st->ready[q->slot];
    if (*ps == NULL) {
        own = own_text(st, q);
        if ((*ps = st->engine->prepare(st, &own, args, n, e)) == NULL)
            return false;
    }
    r->ps = *ps;
    return start(r, args, n, e);
}

bool
rows_open(struct rows *r, struct store *st, const struct stmt *q,
          const struct arg *args, size_t n, struct err *e)
{
    return open_rows(r, st, q, false, args, n, e);
}

static struct kept *
kept_prepared(struct store *st, struct str sql, const struct arg *args,
              size_t n, struct err *e)
{
    struct kept *k = kept_find(&st->kept, sql);

    if (k != NULL && k->ps != NULL)
        return k;
    if (k == NULL && (k = kept_place(&st->kept, sql)) == NULL) {
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    if (k->ps != NULL)
        st->engine->discard(k->ps);
    k->ps = st->engine->prepare(st, &(struct stmt){ k->sql, STMT_SLOTS, false },
                                args, n, e);
    return k->ps != NULL ? k : NULL;
}

bool
rows_open_text(struct rows *r, struct store *st, const struct buf *sql,
               const struct arg *args, size_t n, struct err *e)
{
    *r = (struct rows){ .st = st };
    if (sql->over)
        return err_set(e, ERR_TOO_LARGE, NULL,
                       "That asks for too much at once: narrow it down");
    if (faulted(st, e) ||
        (r->kept = kept_prepared(st, buf_str(sql), args, n, e)) == NULL)
        return false;
    r->ps = r->kept->ps;
    r->kept->busy = true;
    return start(r, args, n, e);
}

bool
rows_next(struct rows *r, bool *more, struct err *e)
{
    return r->st->engine->next(r, more, e);
}

int64_t
rows_i64(struct rows *r, int col)
{
    return r->st->engine->i64(r, col);
}

struct str
rows_str(struct rows *r, int col)
{
    struct str s = r->st->engine->str(r, col);

    if (s.n == 0)
        return STR("");
    return r->arena != NULL ? arena_dup(r->arena, s) : s;
}

void
rows_get(struct rows *r, const struct col *cols, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cols[i].type == 'i')
            *(int64_t *)cols[i].to = rows_i64(r, (int)i);
        else
            *(struct str *)cols[i].to = rows_str(r, (int)i);
}

void
rows_close(struct rows *r)
{
    if (r->ps == NULL)
        return;
    r->st->engine->end(r);
    r->ps = NULL;
    if (r->kept != NULL)
        r->kept->busy = false;
}

bool
rows_one(struct rows *r, const struct col *cols, size_t n_cols, struct err *e)
{
    bool more = false, ok = rows_next(r, &more, e);

    if (ok && more)
        rows_get(r, cols, n_cols);
    else if (ok)
        ok = err_set(e, ERR_MISSING, NULL, "There is no such record");
    rows_close(r);
    return ok;
}

bool
stmt_one(struct store *st, const struct stmt *q, const struct arg *args,
         size_t n, struct arena *a, const struct col *cols, size_t n_cols,
         struct err *e)
{
    struct rows r;

    if (!rows_open(&r, st, q, args, n, e))
        return false;
    r.arena = a;
    return rows_one(&r, cols, n_cols, e);
}

bool
stmt_run(struct store *st, const struct stmt *q, const struct arg *args,
         size_t n, int64_t *changed, struct err *e)
{
    struct rows r;
    bool ok, more;

    if (!open_rows(&r, st, q, changed == NULL, args, n, e))
        return false;
    ok = rows_next(&r, &more, e);
    if (ok && changed != NULL)
        *changed = st->engine->changed(&r);
    rows_close(&r);
    return ok;
}

bool
engine_script(struct store *st, const char *text, struct err *e)
{
    return !faulted(st, e) && st->engine->script(st, text, e);
}

/* ---- connections ------------------------------------------------------------- */

static bool
is_address(const char *url)
{
    return str_starts(str_of(url), STR("postgresql://")) ||
           str_starts(str_of(url), STR("postgres://"));
}

/* What the folder's file says, into line; "" when there is none. */
static bool
read_address(const char *dir, char *line, size_t cap, struct err *e)
{
    char path[4096];
    FILE *f;

    line[0] = '\0';
    snprintf(path, sizeof(path), "%s/" STORE_ELSEWHERE, dir);
    if ((f = fopen(path, "re")) == NULL)
        return errno == ENOENT || errno == ENOTDIR ||
               err_set(e, ERR_STORE, NULL, "%s cannot be read", path);
    if (fgets(line, (int)cap, f) == NULL)
        line[0] = '\0';
    fclose(f);
    line[strcspn(line, "\r\n")] = '\0';
    return is_address(line) ||
           err_set(e, ERR_STORE, NULL,
                   "%s must hold one line, as postgresql://user@host/name",
                   path);
}

static bool
write_line(const char *path, const char *line, struct err *e)
{
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    size_t n = strlen(line);
    bool ok = fd >= 0 && write(fd, line, n) == (ssize_t)n &&
              write(fd, "\n", 1) == 1 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    if (!ok && fd >= 0)
        unlink(path);
    return ok || err_set(e, err_disk(errno), NULL, "%s cannot be written (%d)",
                         path, errno);
}

bool
store_point(const char *dir, const char *url, struct err *e)
{
    char path[4096], own[4096], is[ADDRESS_MAX];

    if (!is_address(url) || strlen(url) >= ADDRESS_MAX)
        return err_set(e, ERR_INVALID, "database",
                       "A database is named as postgresql://user@host/name");
    snprintf(path, sizeof(path), "%s/" STORE_ELSEWHERE, dir);
    snprintf(own, sizeof(own), "%s/anlan.db", dir);
    if (!read_address(dir, is, sizeof(is), e))
        return false;
    if (is[0] != '\0')
        return strcmp(is, url) == 0 ||
               err_set(e, ERR_CONFLICT, NULL,
                       "This data folder has another database: see %s", path);
    if (access(own, F_OK) == 0)
        return err_set(e, ERR_CONFLICT, NULL,
                       "This data folder has its own database: move it with "
                       "\"anlan copy\" first");
    return write_line(path, url, e);
}

static struct store *
open_at(const char *dir, const char *url, enum store_mode mode, struct err *e)
{
    struct store *st = calloc(1, sizeof(*st));

    if (st == NULL || (dir != NULL && strlen(dir) > 4000)) {
        free(st);
        err_set(e, ERR_STORE, NULL, "The data folder's name is too long");
        return NULL;
    }
    st->mode = mode;
    st->engine = url != NULL ? &postgres_engine : &sqlite_engine;
    if (st->engine->open(st, dir, url, e))
        return st;
    store_close(st);
    return NULL;
}

struct store *
store_open(const char *dir, enum store_mode mode, struct err *e)
{
    char url[ADDRESS_MAX];

    if (!read_address(dir, url, sizeof(url), e))
        return NULL;
    return open_at(dir, url[0] != '\0' ? url : NULL, mode, e);
}

struct store *
store_open_empty(struct err *e)
{
    return open_at(NULL, NULL, STORE_WRITE, e);
}

bool
store_dir_is_shared(const char *dir)
{
    char url[ADDRESS_MAX];
    struct err e;

    return read_address(dir, url, sizeof(url), &e) && url[0] != '\0';
}

void
store_close(struct store *st)
{
    if (st == NULL)
        return;
    for (size_t i = 0; i < N_OF(st->ready); i++)
        if (st->ready[i] != NULL)
            st->engine->discard(st->ready[i]);
    for (size_t i = 0; i < st->kept.n; i++)
        if (st->kept.at[i].ps != NULL)
            st->engine->discard(st->kept.at[i].ps);
    kept_fini(&st->kept);
    search_queue_fini(&st->words);
    free(st->roots);
    st->engine->close(st);
    free(st);
}

bool
store_is_shared(const struct store *st)
{
    return st->engine->shared;
}

void
store_deadline(struct store *st, int seconds)
{
    st->deadline = seconds;
    if (st->engine->agree != NULL)
        st->engine->agree(st);
}

enum store_fate
store_fate(const struct store *st)
{
    return st->fate;
}

/* ---- transactions ------------------------------------------------------------ */

/* They are statements like others, so that they are counted, fail on demand,
 * and are prepared once. */
static bool
control(struct store *st, enum stmt_id id, struct err *e)
{
    return stmt_run(st, &stmts[id], NULL, 0, NULL, e);
}

bool
store_begin(struct store *st, struct err *e)
{
    st->words.saved = 0;
    st->words.early = false;
    st->inside = false;
    st->fate = FATE_NONE;
    if (st->engine->ready != NULL && !st->engine->ready(st, e))
        return false;
    st->inside =
        control(st, st->mode == STORE_WRITE ? Q_BEGIN_WRITE : Q_BEGIN_READ, e);
    return st->inside;
}

bool
store_commit(struct store *st, struct err *e)
{
    if (!search_queue_flush(&st->words, st, e) || !control(st, Q_COMMIT, e))
        return false;
    st->inside = false;
    return true;
}

void
store_rollback(struct store *st)
{
    search_queue_cut(&st->words, 0);
    st->again.known = false;
    st->inside = false;
    st->engine->rollback(st);
}

bool
store_save(struct store *st, struct err *e)
{
    st->words.saved = st->words.n;
    return control(st, Q_SAVE, e);
}

bool
store_release(struct store *st, struct err *e)
{
    return control(st, Q_RELEASE, e);
}

bool
store_undo(struct store *st)
{
    search_queue_cut(&st->words, st->words.saved);
    st->again.known = false;
    return !st->words.early && st->engine->undo(st);
}

struct search_queue *
store_search_queue(struct store *st)
{
    return st->inside && !st->engine->taken_back(st) ? &st->words : NULL;
}

bool
store_copy_to(struct store *st, const char *path, struct err *e)
{
    return st->engine->copy_to(st, path, e);
}

bool
store_reindex(struct store *st, struct err *e)
{
    return !st->engine->reindex || engine_script(st, "REINDEX", e);
}

enum store_log
store_log(const struct store *st)
{
    return st->engine->log != NULL ? st->engine->log(st) : LOG_EMPTY;
}

bool
store_checkpoint(struct store *st)
{
    return st->engine->checkpoint == NULL || st->engine->checkpoint(st);
}

void
store_fault_at(struct store *st, int nth)
{
    st->fault_in = nth;
}

int
store_calls(const struct store *st)
{
    return st->calls;
}

struct roots *
store_roots(struct store *st)
{
    if (st->mode == STORE_READ && st->roots == NULL)
        st->roots = calloc(1, sizeof(*st->roots));
    return st->roots;
}
