#include <dirent.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "service/install.h"
#include "service/loghead.h"
#include "service/logkey.h"
#include "store/folder.h"

enum { LINE = 400, FILE_MAX = 4 << 20, PATH = 4200 };
#define NAME    "log.head"
#define SERVERS "log_heads"

struct line {
    char log[256];
    uint64_t size;
    struct hash root;
    bool torn; /* the database does not reach it */
};

struct loghead {
    pthread_mutex_t lock;
    char dir[4000], name[32];
    uint32_t server;
    bool there; /* the file */
    bool off;   /* of a restored copy: nothing is noted */
    bool unsaved;
    struct line *at;
    size_t n, room;
};

static void
name_of(char out[32], uint32_t server)
{
    if (server == 0)
        snprintf(out, 32, NAME);
    else
        snprintf(out, 32, NAME ".%" PRIu32, server);
}

/* ---- files ---------------------------------------------------------------------- */

static bool
parse(struct str line, const char *file, struct loghead_line *l)
{
    struct str size, root;
    int64_t n = -1;

    *l = (struct loghead_line){ .file = file };
    if (!str_split(&line, ' ', &l->log) || !str_split(&line, ' ', &size) ||
        !str_split(&line, ' ', &root) || line.n > 0 || !str_i64(size, &n) ||
        n < 0 || !hex_parse(root, l->root.b, sizeof(l->root.b)))
        return false;
    l->size = (uint64_t)n;
    return true;
}

/* *there = false: there is none of that name. */
static bool
read_lines(const char *dir, const char *name, bool *there, loghead_fn *fn,
           void *arg, struct err *e)
{
    struct loghead_line l;
    char path[PATH], text[LINE];
    bool ok = true;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    *there = access(path, F_OK) == 0;
    if (!*there)
        return true;
    if ((f = fopen(path, "re")) == NULL)
        return err_set(e, ERR_STORE, NULL, "%s cannot be read", path);
    while (ok && fgets(text, sizeof(text), f) != NULL)
        ok = parse(str_trim(str_of(text)), name, &l)
                 ? fn(&l, arg, e)
                 : err_set(e, ERR_STORE, NULL, "%s is damaged", path);
    if (ok && ferror(f))
        ok = err_set(e, ERR_STORE, NULL, "%s cannot be read", path);
    fclose(f);
    return ok;
}

static bool
is_one(const char *name)
{
    const char *rest = name + strlen(NAME);

    if (strncmp(name, NAME, strlen(NAME)) != 0)
        return false;
    return *rest == '\0' ||
           (*rest == '.' && rest[1] != '\0' &&
            strspn(rest + 1, "0123456789") == strlen(rest + 1));
}

bool
loghead_each(const char *dir, loghead_fn *fn, void *arg, struct err *e)
{
    DIR *d = opendir(dir);
    const struct dirent *x;
    bool ok = true, there;

    if (d == NULL)
        return err_set(e, ERR_STORE, NULL, "%s cannot be read", dir);
    while (ok && (x = readdir(d)) != NULL)
        if (is_one(x->d_name))
            ok = read_lines(dir, x->d_name, &there, fn, arg, e);
    closedir(d);
    return ok;
}

/* ---- our own -------------------------------------------------------------------- */

static struct line *
find(const struct loghead *h, struct str log)
{
    for (size_t i = 0; i < h->n; i++)
        if (str_is(log, h->at[i].log))
            return &h->at[i];
    return NULL;
}

/* The larger of two stays. */
static bool
keep(const struct loghead_line *l, void *arg, struct err *e)
{
    struct loghead *h = arg;
    struct line *at = find(h, l->log);

    if (at != NULL) {
        if (l->size > at->size) {
            at->size = l->size;
            at->root = l->root;
        }
        return true;
    }
    if (l->log.n >= sizeof(at->log))
        return err_set(e, ERR_TOO_LARGE, NULL, "The log's name is too long");
    if (h->at == NULL || h->n == h->room) {
        size_t room = h->room == 0 ? 8 : 2 * h->room;

        if ((at = realloc(h->at, room * sizeof(*at))) == NULL)
            return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        memset(at + h->n, 0, (room - h->n) * sizeof(*at));
        h->at = at;
        h->room = room;
    }
    at = &h->at[h->n++];
    *at = (struct line){ .size = l->size, .root = l->root };
    memcpy(at->log, l->log.p, l->log.n);
    return true;
}

/* What another process has written meanwhile under our number is kept. */
static bool
write_lines(struct loghead *h, struct err *e)
{
    BUF(b, FILE_MAX);

    if (!read_lines(h->dir, h->name, &h->there, keep, h, e))
        return false;
    for (size_t i = 0; i < h->n; i++) {
        buf_printf(&b, "%s %" PRIu64 " ", h->at[i].log, h->at[i].size);
        hex_put(&b, hash_str(&h->at[i].root));
        buf_putc(&b, '\n');
    }
    if (b.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    h->there = folder_replace(h->dir, h->name, buf_str(&b), e);
    return h->there;
}

struct loghead *
loghead_open(const char *dir, uint32_t server, struct err *e)
{
    struct loghead *h = calloc(1, sizeof(*h));

    if (h == NULL || strlen(dir) >= sizeof(h->dir)) {
        free(h);
        err_set(e, ERR_BUSY, NULL, "The server is short of memory");
        return NULL;
    }
    snprintf(h->dir, sizeof(h->dir), "%s", dir);
    name_of(h->name, server);
    h->server = server;
    pthread_mutex_init(&h->lock, NULL);
    if (read_lines(dir, h->name, &h->there, keep, h, e))
        return h;
    loghead_close(h);
    return NULL;
}

void
loghead_close(struct loghead *h)
{
    if (h == NULL)
        return;
    pthread_mutex_destroy(&h->lock);
    free(h->at);
    free(h);
}

const char *
loghead_dir(const struct loghead *h)
{
    return h->dir;
}

static bool
note(struct loghead *h, const struct loghead_line *l, struct err *e)
{
    const struct line *at = find(h, l->log);

    if (h->off)
        return true;
    if (at != NULL && at->torn)
        return err_set(e, ERR_CONFLICT, NULL,
                       "The database is older than what was given out of its "
                       "log: nothing is signed until the newer one is put "
                       "back, or the log goes on under a new name");
    if (at != NULL && at->size >= l->size && !h->unsaved)
        return true;
    h->unsaved = true; /* until it is on disk, for whatever comes next */
    if (!keep(l, h, e) || !write_lines(h, e))
        return false;
    h->unsaved = false;
    return true;
}

bool
loghead_reach(struct loghead *h, struct str log, uint64_t size,
              const struct hash *root, struct err *e)
{
    const struct loghead_line l = { NULL, log, size, *root };
    bool ok;

    pthread_mutex_lock(&h->lock);
    ok = note(h, &l, e);
    pthread_mutex_unlock(&h->lock);
    return ok;
}

/* ---- beginning ------------------------------------------------------------------- */

/* "0 1 4": servers that have such a file. */
static bool
remember(struct tx *tx, uint32_t server, struct err *e)
{
    struct str is, rest, one;
    int64_t n;

    if (!setting_get(tx->st, SERVERS, tx->arena, &is, e))
        return false;
    rest = is;
    while (rest.n > 0 && str_split(&rest, ' ', &one))
        if (str_i64(one, &n) && n == server)
            return true;
    return setting_put(tx, SERVERS,
                       arena_printf(tx->arena, "%.*s%s%" PRIu32, STR_ARG(is),
                                    is.n > 0 ? " " : "", server),
                       e);
}

/* What was given away must be there still. */
static bool
hold(struct tx *tx, struct line *l, const struct tenant *t, struct err *e)
{
    struct head_held h;

    if (!head_held(tx->st, t, l->size, &l->root, tx->arena, &h, e))
        return false;
    l->torn = h.is != HEAD_WITHIN;
    if (l->torn)
        log_line(LOG_ERROR,
                 "the log %s has %ld entries, and %" PRIu64 " were signed: an "
                 "older database was put back. Nothing is signed until the "
                 "newer one is there, or \"anlan restore --new-origin\" lets "
                 "the log go on under a new name",
                 l->log, (long)h.size, l->size);
    return true;
}

static bool
add_log(struct tx *tx, struct loghead *h, const struct tenant *t, struct err *e)
{
    struct loghead_line l = { .log = logkey_origin(tx->arena, t) };
    struct line *known = find(h, l.log);
    struct tlog *log;

    if (known != NULL)
        return hold(tx, known, t, e);
    if ((log = tx_log(tx, t->id, e)) == NULL)
        return false;
    l.size = log->edge.size;
    merkle_root(&log->edge, &l.root);
    return keep(&l, h, e);
}

static bool
begin_job(struct tx *tx, void *arg, struct err *e)
{
    struct loghead *h = arg;
    struct tenant *list;
    size_t n;

    if (!tenants_read(tx->st, tx->arena, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!add_log(tx, h, &list[i], e))
            return false;
    return remember(tx, h->server, e);
}

bool
loghead_begin(struct loghead *h, struct writer *w, struct err *e)
{
    size_t was = h->n;

    h->off = writer_read_only(w);
    if (h->off)
        return true;
    return writer_run(w, begin_job, h, e) &&
           ((h->there && h->n == was) || write_lines(h, e));
}

bool
loghead_missing(struct store *st, const char *dir, struct arena *a,
                const char **name, struct err *e)
{
    struct str rest, one;
    char path[PATH], file[32];

    *name = NULL;
    if (!setting_get(st, SERVERS, a, &rest, e))
        return false;
    if (rest.n == 0)
        rest = STR("0");
    while (*name == NULL && rest.n > 0 && str_split(&rest, ' ', &one)) {
        int64_t n = 0;

        if (!str_i64(one, &n))
            continue;
        name_of(file, (uint32_t)n);
        snprintf(path, sizeof(path), "%s/%s", dir, file);
        if (access(path, F_OK) != 0)
            *name = arena_dupz(a, str_of(file));
    }
    return true;
}
