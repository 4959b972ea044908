#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/backup.h"
#include "service/dir.h"
#include "service/move.h"
#include "store/files.h"
#include "store/stmt.h"

enum { PATH = 4200 };

static bool
failed(struct err *e, const char *path)
{
    if (err_disk(errno) == ERR_FULL)
        return err_set(e, ERR_FULL, NULL, "The disk is full: %s", path);
    return err_set(e, ERR_STORE, NULL, "%s cannot be written (%d)", path,
                   errno);
}

static bool
copy_bytes(int in, int out)
{
    char piece[64 * 1024];
    ssize_t n;

    while ((n = copy_file_range(in, NULL, out, NULL, 1 << 26, 0)) > 0)
        ;
    if (n == 0)
        return true;
    while ((n = read(in, piece, sizeof(piece))) > 0)
        if (write(out, piece, (size_t)n) != n)
            return false;
    return n == 0;
}

/* in is closed. */
static bool
copy_fd(int in, const char *to, struct err *e)
{
    int out = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    bool ok = out >= 0 && copy_bytes(in, out) && fsync(out) == 0;

    if (!ok)
        (void)failed(e, to);
    if (out >= 0)
        close(out);
    close(in);
    return ok;
}

/* files/TENANT/ab, made where it is missing. */
static bool
make_folders(const char *to, int64_t tenant, struct str sha, char path[PATH],
             struct err *e)
{
    int at = snprintf(path, PATH, "%s/files", to);

    for (int i = 0;; i++) {
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return failed(e, path);
        if (i == 2)
            break;
        at += i == 0
                  ? snprintf(path + at, PATH - (size_t)at, "/%ld", (long)tenant)
                  : snprintf(path + at, PATH - (size_t)at, "/%.2s", sha.p);
    }
    snprintf(path + at, PATH - (size_t)at, "/%.*s", STR_ARG(sha));
    return true;
}

struct copying {
    struct backup *b;
    struct store *st; /* the copy: what it names is what must come along */
    int64_t tenant;
};

/* True: an earlier copy has these bytes, and now this one has them too. */
static bool
share(const struct copying *c, struct str sha, const char *path)
{
    char like[PATH];
    int n = snprintf(like, sizeof(like), "%s/files/%ld/%.2s/%.*s",
                     c->b->like != NULL ? c->b->like : "", (long)c->tenant,
                     sha.p, STR_ARG(sha));

    return c->b->like != NULL && n < (int)sizeof(like) && link(like, path) == 0;
}

static bool
copy_file(const struct file_row *f, void *arg, struct err *e)
{
    struct copying *c = arg;
    char path[PATH];
    int in;

    if (!make_folders(c->b->to, c->tenant, f->sha, path, e))
        return false;
    if (access(path, F_OK) == 0)
        return true; /* two attachments of the same bytes */
    if (share(c, f->sha, path))
        return true;
    if ((in = files_open(c->b->from, c->tenant, f->sha, e)) < 0)
        return f->record == 0; /* an unclaimed upload may just be swept away */
    c->b->files++;
    return copy_fd(in, path, e);
}

static bool
copy_files(struct copying *c, struct err *e)
{
    ARENA(a, 16 << 20);
    struct tenant *list;
    size_t n;

    if (!tenants_read(c->st, a, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        c->tenant = list[i].id;
        if (!files_each(c->st, c->tenant, copy_file, c, e))
            return false;
    }
    return true;
}

static bool
copy_own_file(const char *from, const char *to, struct err *e)
{
    struct store *st = store_open(from, STORE_READ, e);
    ARENA(a, 16 << 20);
    struct tenant *list;
    char path[PATH];
    size_t n;
    bool ok;

    if (st == NULL)
        return false;
    snprintf(path, sizeof(path), "%s/anlan.db", to);
    /* the snapshot is pinned by reading, so that no writer starts it anew */
    ok = store_is_current(st, e) && store_begin(st, e) &&
         tenants_read(st, a, &list, &n, e) && store_copy_to(st, path, e);
    store_rollback(st);
    store_close(st);
    return ok && (chmod(path, 0600) == 0 || failed(e, path));
}

/* Rows that are kept elsewhere get a file of their own: the copy needs nothing
 * else. */
static bool
copy_database(const char *from, const char *to, struct err *e)
{
    return store_dir_is_shared(from) ? move_out(from, to, e)
                                     : copy_own_file(from, to, e);
}

static bool
copy_key(const char *from, const char *to, struct err *e)
{
    char in[PATH], out[PATH];
    int fd;

    snprintf(in, sizeof(in), "%s/log.key", from);
    snprintf(out, sizeof(out), "%s/log.key", to);
    if ((fd = open(in, O_RDONLY | O_CLOEXEC)) < 0)
        return errno == ENOENT || failed(e, in);
    return copy_fd(fd, out, e);
}

static bool
sync_folder(const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && syncfs(fd) == 0;

    if (!ok)
        (void)failed(e, path);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool
backup_copy(struct backup *b, struct err *e)
{
    struct copying c = { .b = b };
    bool ok;

    if (strlen(b->from) > 3000 || strlen(b->to) > 3000)
        return err_set(e, ERR_INVALID, NULL,
                       "The data folder's name is too long");
    if (mkdir(b->to, 0700) != 0)
        return errno == EEXIST ? err_set(e, ERR_CONFLICT, NULL,
                                         "%s is there already", b->to)
                               : failed(e, b->to);
    if (!copy_database(b->from, b->to, e) ||
        (c.st = store_open(b->to, STORE_READ, e)) == NULL) {
        (void)rmdir(b->to); /* nothing came: the next try finds room */
        return false;
    }
    ok = copy_files(&c, e) && (!b->with_key || copy_key(b->from, b->to, e)) &&
         sync_folder(b->to, e);
    store_close(c.st);
    return ok;
}

bool
backup_rename(const char *tmp, const char *to, struct err *e)
{
    char parent[PATH];

    snprintf(parent, sizeof(parent), "%s/..", to);
    return (rename(tmp, to) == 0 || failed(e, to)) && sync_folder(parent, e);
}
