#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "base/disk.h"
#include "store/folder.h"

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

/* A new file of that folder with these bytes, on disk; tmp: its path. */
static bool
write_beside(const char *dir, char tmp[PATH], const void *bytes, size_t n)
{
    bool ok;
    int fd, why;

    snprintf(tmp, PATH, "%s/new-XXXXXX", dir);
    if ((fd = mkostemp(tmp, O_CLOEXEC)) < 0)
        return false;
    ok = write(fd, bytes, n) == (ssize_t)n && fsync(fd) == 0;
    why = errno;
    close(fd);
    if (!ok)
        unlink(tmp);
    errno = why;
    return ok;
}

/* Written beside and linked: of two servers that start at once one wins. */
static bool
key_make(const char *dir, const char *path, unsigned char *key, size_t n)
{
    char tmp[PATH];
    bool ok;

    randombytes_buf(key, n);
    if (!write_beside(dir, tmp, key, n))
        return false;
    ok = link(tmp, path) == 0 || errno == EEXIST;
    unlink(tmp);
    return ok && disk_sync(dir);
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

bool
folder_key_find(const char *dir, const char *name, unsigned char *key, size_t n,
                bool *there, struct err *e)
{
    char path[PATH];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    *there = access(path, F_OK) == 0;
    return !*there || key_read(path, key, n) ||
           err_set(e, ERR_STORE, NULL, "%s cannot be read", path);
}

bool
folder_replace(const char *dir, const char *name, struct str bytes,
               struct err *e)
{
    if (disk_write(dir, name, bytes))
        return true;
    if (err_disk(errno) == ERR_FULL)
        return err_set(e, ERR_FULL, NULL,
                       "The disk is full: nothing can be saved until the "
                       "administrator makes room. Reading goes on");
    return err_set(e, ERR_STORE, NULL, "%s/%s cannot be written (%d)", dir,
                   name, errno);
}
