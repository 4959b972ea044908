#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 4300, OPEN_FOLDERS = 16 };

bool
disk_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int why = errno;

    if (fd >= 0)
        close(fd);
    errno = why;
    return ok;
}

/* Every folder from root down to the one that holds path: made where it is
 * missing, or synced. */
static bool
walk(const char *root, const char *path, bool make)
{
    size_t n = strlen(root);
    char p[PATH];

    if (strncmp(root, path, n) != 0 || strlen(path) >= sizeof(p)) {
        errno = EINVAL;
        return false;
    }
    memcpy(p, path, strlen(path) + 1);
    for (char *c = p + n; (c = strchr(c, '/')) != NULL; c++) {
        bool is_root = c == p + n;

        if (c == p)
            continue;
        *c = '\0';
        if (make ? !is_root && mkdir(p, 0700) != 0 && errno != EEXIST
                 : !disk_sync(p))
            return false;
        *c = '/';
    }
    return true;
}

bool
disk_settle(const char *root, const char *path)
{
    return disk_sync(path) && walk(root, path, false);
}

bool
disk_move(const char *root, const char *from, const char *path)
{
    return walk(root, path, true) && disk_sync(from) &&
           rename(from, path) == 0 && walk(root, path, false);
}

static bool
write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_cut(bytes, (size_t)n, bytes.n);
    }
    return true;
}

bool
disk_write(const char *folder, const char *name, struct str bytes)
{
    char path[PATH], tmp[PATH];
    int fd, why;
    bool ok;

    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >=
            (int)sizeof(path) - 8 ||
        snprintf(tmp, sizeof(tmp), "%s/%s.tmp", folder, name) >=
            (int)sizeof(tmp)) {
        errno = ENAMETOOLONG;
        return false;
    }
    fd = open(tmp, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    ok = fd >= 0 && write_all(fd, bytes);
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    ok = ok && disk_move(folder, tmp, path);
    why = errno;
    if (!ok)
        unlink(tmp);
    errno = why;
    return ok;
}

static int
remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s;
    (void)kind;
    (void)at;
    return remove(path);
}

bool
disk_remove(const char *path)
{
    return nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) == 0 ||
           errno == ENOENT;
}
