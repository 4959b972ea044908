#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "service/backup.h"
#include "service/dir.h"
#include "service/move.h"
#include "store/files.h"
#include "store/folder.h"
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

/* *unread: it is in that cannot be read. */
static bool
copy_bytes(int in, int out, bool *unread)
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
    *unread = n != 0;
    return n == 0;
}

/* in is closed. *unread: nothing is there, for in cannot be read. */
static bool
copy_fd(int in, const char *to, bool *unread, struct err *e)
{
    int out = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    bool ok;

    *unread = false;
    ok = out >= 0 && copy_bytes(in, out, unread) && fsync(out) == 0;
    if (!ok)
        (void)failed(e, to);
    if (*unread)
        unlink(to);
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
    const struct tenant *tenant;
};

/* False: there is nobody to be told, so it is an error. */
static bool
tell(const struct copying *c, backup_told_fn *told, const struct file_row *f,
     const char *what, struct err *e)
{
    BUF(line, 1024);

    buf_printf(&line, "district %.*s, file %ld (%.*s): %s",
               STR_ARG(c->tenant->code), (long)f->id, STR_ARG(f->sha), what);
    if (told == NULL || line.over)
        return err_set(e, ERR_STORE, NULL, "The file %.*s is not whole",
                       STR_ARG(f->sha));
    told(line.p, c->b->arg);
    return true;
}

/* The bytes of a file as an installation or a copy has them; good: they are
 * what their name says. fd < 0: they are not there. */
struct bytes {
    int fd;
    bool good;
};

static struct bytes
look(const char *dir, int64_t tenant, struct str sha)
{
    struct bytes b = { .fd = -1 };
    struct err e;

    if (dir != NULL && (b.fd = files_open(dir, tenant, sha, &e)) >= 0)
        b.good = files_match(b.fd, sha);
    return b;
}

static void
leave(struct bytes *b)
{
    if (b->fd >= 0)
        close(b->fd);
    b->fd = -1;
}

/* Damaged bytes are better than none: a photograph may show enough still. */
static bool
copy_damaged(const struct copying *c, const struct file_row *f, int in,
             const char *path, struct err *e)
{
    bool unread = true;

    if (in < 0 && f->record == 0)
        return true; /* an unclaimed upload may just be swept away */
    if (in >= 0 && !copy_fd(in, path, &unread, e) && !unread)
        return false;
    return tell(c, c->b->told, f,
                in < 0   ? "its bytes are missing"
                : unread ? "its bytes cannot be read"
                         : "its bytes are damaged",
                e);
}

/* here: what the installation has; before: the earlier copy. */
static bool
copy_good(const struct copying *c, const struct file_row *f, struct bytes *here,
          struct bytes *before, const char *path, struct err *e)
{
    struct bytes *best = here->good ? here : before;
    char like[PATH];
    bool unread;
    int fd = best->fd;

    if (before->good && files_path(like, c->b->like, c->tenant->id, f->sha) &&
        link(like, path) == 0)
        return true;
    best->fd = -1;
    c->b->files++;
    return copy_fd(fd, path, &unread, e);
}

static bool
copy_file(const struct file_row *f, void *arg, struct err *e)
{
    struct copying *c = arg;
    struct bytes here, before;
    char path[PATH];
    bool ok = true;

    if (!make_folders(c->b->to, c->tenant->id, f->sha, path, e))
        return false;
    if (access(path, F_OK) == 0)
        return true; /* two attachments of the same bytes */
    here = look(c->b->from, c->tenant->id, f->sha);
    before = look(c->b->like, c->tenant->id, f->sha);
    if (before.good && !here.good)
        ok = tell(c, c->b->told_here, f,
                  "its bytes are damaged or missing in the installation; the "
                  "copy keeps the good ones of the copy before",
                  e);
    if (here.good || before.good) {
        ok = ok && copy_good(c, f, &here, &before, path, e);
    } else {
        ok = copy_damaged(c, f, here.fd, path, e);
        here.fd = -1;
    }
    leave(&here);
    leave(&before);
    return ok;
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
        c->tenant = &list[i];
        if (!files_each(c->st, list[i].id, copy_file, c, e))
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

/* A file that lies beside the database, where there is one. */
static bool
copy_beside(const struct backup *b, const char *name, struct err *e)
{
    char in[PATH], out[PATH], line[128];
    bool unread = true;
    int fd;

    snprintf(in, sizeof(in), "%s/%s", b->from, name);
    snprintf(out, sizeof(out), "%s/%s", b->to, name);
    if ((fd = open(in, O_RDONLY | O_CLOEXEC)) < 0 && errno == ENOENT)
        return true;
    if (fd >= 0 && !copy_fd(fd, out, &unread, e) && !unread)
        return false;
    if (unread && b->told == NULL)
        return failed(e, in);
    if (unread) {
        snprintf(line, sizeof(line), "%s cannot be read", name);
        b->told(line, b->arg);
    }
    return true;
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

/* Whoever works in a folder has it locked, as long as he lives. Where folders
 * cannot be locked (NFS), nobody is taken to work in it. */
static int
lock_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* What a copy may hold, and a folder that is put back from one. */
static bool
is_ours(const char *name)
{
    static const char words[] =
        ". .. anlan.db anlan.db-journal anlan.db-wal anlan.db-shm files log.key "
        "erased " BACKUP_SETTINGS " " BACKUP_INCOMPLETE
        " lock lock.log tmp imports cache";

    return str_in_words(str_of(name), words);
}

static bool
is_leftover(const char *path)
{
    DIR *d = opendir(path);
    const struct dirent *f;
    bool ours = d != NULL;

    while (ours && (f = readdir(d)) != NULL)
        ours = is_ours(f->d_name);
    if (d != NULL)
        closedir(d);
    return ours;
}

void
backup_clear(const char *tmp)
{
    int lock = is_leftover(tmp) ? lock_folder(tmp) : -1;

    if (lock < 0)
        return;
    (void)!disk_remove(tmp); /* making it anew says that it is there */
    close(lock);
}

static bool
copy_all(struct backup *b, struct err *e)
{
    struct copying c = { .b = b };
    bool ok = copy_database(b->from, b->to, e) &&
              (c.st = store_open(b->to, STORE_READ, e)) != NULL;

    ok = ok && copy_files(&c, e) && copy_beside(b, BACKUP_SETTINGS, e) &&
         (!b->with_key || copy_beside(b, "log.key", e)) &&
         sync_folder(b->to, e);
    if (c.st != NULL)
        store_close(c.st);
    return ok;
}

bool
backup_copy(struct backup *b, struct err *e)
{
    if (strlen(b->from) > 3000 || strlen(b->to) > 3000)
        return err_set(e, ERR_INVALID, NULL,
                       "The data folder's name is too long");
    if (mkdir(b->to, 0700) != 0)
        return errno == EEXIST ? err_set(e, ERR_CONFLICT, NULL,
                                         "%s is there already", b->to)
                               : failed(e, b->to);
    b->lock = lock_folder(b->to);
    if (copy_all(b, e))
        return true;
    (void)!disk_remove(b->to); /* what made it fail is told */
    if (b->lock >= 0)
        close(b->lock);
    return false;
}

bool
backup_rename(const char *tmp, const char *to, struct err *e)
{
    char parent[PATH];

    snprintf(parent, sizeof(parent), "%s/..", to);
    return (rename(tmp, to) == 0 || failed(e, to)) && sync_folder(parent, e);
}

bool
backup_note(const char *data_dir, int64_t now, struct err *e)
{
    BUF(line, 32);

    buf_printf(&line, "%" PRId64 "\n", now);
    return folder_replace(data_dir, BACKUP_LAST, buf_str(&line), e);
}

int64_t
backup_last(const char *data_dir)
{
    char path[PATH], line[32] = "";
    int64_t at;
    FILE *f;

    snprintf(path, sizeof(path), "%.4000s/" BACKUP_LAST, data_dir);
    if ((f = fopen(path, "re")) == NULL)
        return 0;
    if (fgets(line, sizeof(line), f) == NULL)
        line[0] = '\0';
    fclose(f);
    line[strcspn(line, "\n")] = '\0';
    return str_i64(str_of(line), &at) ? at : 0;
}
