#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/files.h"
#include "store/stmt.h"

enum { SALT = 16 };

/* Between seeing bytes and counting on them, they may not be swept away. */
static pthread_mutex_t place = PTHREAD_MUTEX_INITIALIZER;

static bool
path_of(char *out, size_t cap, const char *dir, int64_t tenant, struct str sha,
        bool folder)
{
    int n = folder ? snprintf(out, cap, "%s/files/%ld/%.2s", dir, (long)tenant,
                              sha.p)
                   : snprintf(out, cap, "%s/files/%ld/%.2s/%.*s", dir,
                              (long)tenant, sha.p, STR_ARG(sha));

    return sha.n == 64 && n > 0 && (size_t)n < cap;
}

static bool
make_folders(const char *path)
{
    char p[4096];

    snprintf(p, sizeof(p), "%s", path);
    for (char *c = p + 1; *c != '\0'; c++)
        if (*c == '/') {
            *c = '\0';
            if (mkdir(p, 0700) != 0 && errno != EEXIST)
                return false;
            *c = '/';
        }
    return mkdir(p, 0700) == 0 || errno == EEXIST;
}

static bool
sync_path(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

static bool
failed(struct err *e)
{
    if (err_disk(errno) == ERR_FULL)
        return err_set(e, ERR_FULL, NULL,
                       "The disk is full: nothing can be saved until the "
                       "administrator makes room. Reading goes on");
    return err_set(e, ERR_STORE, NULL, "A file could not be kept (%d)", errno);
}

static bool
touch(const char *path)
{
    bool there;

    pthread_mutex_lock(&place);
    there = access(path, R_OK) == 0 && utimensat(AT_FDCWD, path, NULL, 0) == 0;
    pthread_mutex_unlock(&place);
    return there;
}

static bool
is_old(const char *path, int64_t before)
{
    struct stat s;

    return stat(path, &s) == 0 && (int64_t)s.st_mtime * 1000 < before;
}

bool
files_are_old(const char *data_dir, int64_t tenant, struct str sha,
              int64_t before)
{
    char path[4200];

    return path_of(path, sizeof(path), data_dir, tenant, sha, false) &&
           is_old(path, before);
}

bool
files_drop(const char *data_dir, int64_t tenant, struct str sha, int64_t before)
{
    char path[4200];
    bool gone;

    if (!path_of(path, sizeof(path), data_dir, tenant, sha, false))
        return false;
    pthread_mutex_lock(&place);
    gone = is_old(path, before) && unlink(path) == 0;
    pthread_mutex_unlock(&place);
    return gone;
}

bool
files_keep(const char *data_dir, int64_t tenant, const char *tmp,
           struct str sha, struct err *e)
{
    char folder[4096], path[4200];

    if (!path_of(folder, sizeof(folder), data_dir, tenant, sha, true) ||
        !path_of(path, sizeof(path), data_dir, tenant, sha, false))
        return err_set(e, ERR_STORE, NULL, "A file has no name");
    if (touch(path))
        return true; /* the same bytes are there already */
    if (!make_folders(folder) || !sync_path(tmp) || rename(tmp, path) != 0 ||
        chmod(path, 0600) != 0 || !sync_path(folder))
        return failed(e);
    return true;
}

void
files_print(const struct file_row *f, struct hash *h)
{
    char numbers[96];
    int n = snprintf(numbers, sizeof(numbers),
                     "%" PRId64 ";%" PRId64 ";%" PRId64 ";%zu;%zu;", f->size,
                     f->added_at, f->added_by, f->type.n, f->name.n);

    hash_of(h,
            (const struct str[]){ STR("anlan attachment\n"),
                                  f->salt,
                                  { numbers, (size_t)n },
                                  f->type,
                                  f->name },
            5);
}

static struct str
new_salt(char out[2 * SALT + 1])
{
    unsigned char bytes[SALT];

    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2hex(out, 2 * SALT + 1, bytes, sizeof(bytes));
    return (struct str){ out, 2 * SALT };
}

bool
files_salt(struct store *st, int64_t tenant, int64_t id, struct err *e)
{
    char salt[2 * SALT + 1];

    return QRUN(st, FILE_SALT, e, ARG(tenant), ARG(id), ARG(new_salt(salt)));
}

bool
files_rename(struct store *st, int64_t tenant, int64_t id, struct str name,
             struct err *e)
{
    return QRUN(st, FILE_RENAME, e, ARG(tenant), ARG(id), ARG(name)) &&
           files_salt(st, tenant, id, e);
}

bool
files_add(struct store *st, int64_t tenant, const struct file_row *f,
          struct err *e)
{
    char salt[2 * SALT + 1];

    return QRUN(st, FILE_ADD, e, ARG(tenant), ARG(f->id), ARG(f->sha),
                ARG(f->size), ARG(f->type), ARG(f->name), ARG(f->added_at),
                ARG(f->added_by), ARG(new_salt(salt)));
}

bool
files_forget(struct store *st, int64_t tenant, int64_t id, struct err *e)
{
    return QRUN(st, FILE_FORGET, e, ARG(tenant), ARG(id));
}

bool
files_waiting(struct store *st, int64_t tenant, int64_t person,
              struct files_waiting *w, struct err *e)
{
    return stmt_one(st, &stmts[Q_FILE_UNCLAIMED],
                    ARGS(ARG(tenant), ARG(person)), NULL,
                    COLS(COL(&w->n), COL(&w->bytes), COL(&w->since)), e);
}

bool
files_get(struct store *st, int64_t tenant, int64_t id, struct arena *a,
          struct file_row *f, struct err *e)
{
    f->id = id;
    return stmt_one(st, &stmts[Q_FILE_GET], ARGS(ARG(tenant), ARG(id)), a,
                    COLS(COL(&f->sha), COL(&f->size), COL(&f->type),
                         COL(&f->name), COL(&f->added_at), COL(&f->added_by),
                         COL(&f->record), COL(&f->salt)),
                    e);
}

int
files_open(const char *data_dir, int64_t tenant, struct str sha, struct err *e)
{
    char path[4200];
    int fd = -1;

    if (path_of(path, sizeof(path), data_dir, tenant, sha, false))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        err_set(e, ERR_STORE, NULL, "A file is missing from the store: %.*s",
                STR_ARG(sha));
    return fd;
}

bool
files_each(struct store *st, int64_t tenant, file_fn *fn, void *arg,
           struct err *e)
{
    struct file_row f = { .id = 0 };
    bool ok, more;
    struct rows r;
    int64_t from;

    do {
        from = f.id;
        more = false;
        if (!rows_open(&r, st, &stmts[Q_FILE_EACH],
                       ARGS(ARG(tenant), ARG(from)), e))
            return false;
        while ((ok = rows_next(&r, &more, e)) && more) {
            f = (struct file_row){ .id = rows_i64(&r, 0),
                                   .sha = rows_str(&r, 1),
                                   .size = rows_i64(&r, 2),
                                   .record = rows_i64(&r, 3) };
            if (!(ok = fn(&f, arg, e)))
                break;
        }
        rows_close(&r);
    } while (ok && f.id != from);
    return ok;
}
