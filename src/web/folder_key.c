#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "web/folder_key.h"

enum { PATH = 4200 };

static bool
key_read(const char *path, unsigned char *key, size_t n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && read(fd, key, n) == (ssize_t)n;

    if (fd >= 0)
        close(fd);
    return ok;
}

/* Written beside and linked: of two servers that start at once one wins. */
static bool
key_make(const char *dir, const char *path, unsigned char *key, size_t n)
{
    char tmp[PATH];
    int fd, folder;
    bool ok;

    snprintf(tmp, sizeof(tmp), "%s/key-XXXXXX", dir);
    if ((fd = mkostemp(tmp, O_CLOEXEC)) < 0)
        return false;
    randombytes_buf(key, n);
    ok = write(fd, key, n) == (ssize_t)n && fsync(fd) == 0;
    close(fd);
    ok = ok && (link(tmp, path) == 0 || errno == EEXIST);
    unlink(tmp);
    if (ok && (folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0) {
        fsync(folder);
        close(folder);
    }
    return ok;
}

bool
folder_key(const char *dir, const char *name, unsigned char *key, size_t n,
           struct err *e)
{
    char path[PATH];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return key_read(path, key, n) ||
           (key_make(dir, path, key, n) && key_read(path, key, n)) ||
           err_set(e, err_disk(errno), NULL, "%s cannot be read", path);
}
