#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/log.h"
#include "codec/hash.h"
#include "store/files.h"
#include "store/stmt.h"

enum { SALT = 16 };

/* Between seeing bytes and counting on them, they may not be swept away. */
static pthread_mutex_t place = PTHREAD_MUTEX_INITIALIZER;

bool
files_path(char out[FILES_PATH], const char *dir, int64_t tenant,
           struct str sha)
{
    int n = snprintf(out, FILES_PATH, "%s/files/%ld/%.2s/%.*s", dir,
                     (long)tenant, sha.p, STR_ARG(sha));

    return sha.n == 64 && n > 0 && n < FILES_PATH;
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

bool
files_match(int fd, struct str sha)
{
    struct hash h;
    BUF(hex, 128);

    if (!hash_fd(&h, fd, NULL))
        return false;
    hex_put(&hex, hash_str(&h));
    return str_eq(buf_str(&hex), sha);
}

/* Does a good file of that name lie there, and was it made new? */
static bool
touch(const char *path, struct str sha)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = false;

    if (fd < 0)
        return false;
    pthread_mutex_lock(&place);
    good = utimensat(AT_FDCWD, path, NULL, 0) == 0;
    pthread_mutex_unlock(&place);
    good = good && files_match(fd, sha);
    close(fd);
    return good;
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
    char path[FILES_PATH];

    return files_path(path, data_dir, tenant, sha) && is_old(path, before);
}

bool
files_drop(const char *data_dir, int64_t tenant, struct str sha, int64_t before)
{
    char path[FILES_PATH];
    bool gone;

    if (!files_path(path, data_dir, tenant, sha))
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
    char path[FILES_PATH];

    if (!files_path(path, data_dir, tenant, sha))
        return err_set(e, ERR_STORE, NULL, "A file has no name");
    if (touch(path, sha))
        return disk_settle(data_dir, path) || failed(e);
    return (chmod(tmp, 0600) == 0 && disk_move(data_dir, tmp, path)) ||
           failed(e);
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
    char path[FILES_PATH];
    int fd = -1;

    if (files_path(path, data_dir, tenant, sha))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        err_set(e, ERR_STORE, NULL, "A file is missing from the store: %.*s",
                STR_ARG(sha));
    return fd;
}

int
files_open_whole(const char *data_dir, int64_t tenant, const struct file_row *f,
                 struct err *e)
{
    int fd = files_open(data_dir, tenant, f->sha, e);
    struct stat s;

    if (fd >= 0 && fstat(fd, &s) == 0 && s.st_size == f->size)
        return fd;
    if (fd >= 0)
        close(fd);
    log_line(LOG_ERROR, "file %ld of tenant %ld is %s: %.*s", (long)f->id,
             (long)tenant, fd < 0 ? "missing" : "damaged", STR_ARG(f->sha));
    err_set(e, ERR_MISSING, NULL,
            "The bytes of this file are damaged or gone on the server. Whoever "
            "still has it may send it again");
    return -1;
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
