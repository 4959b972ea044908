#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/pictures.h"

enum { PATH = 4200, LETTERS = 3, HEAD_MAX = 2048 };

static const char letter[LETTERS] = { 's', 'l', 'x' };

static bool
path_of(char out[PATH], const char *dir, int64_t tenant, struct str sha,
        char kind)
{
    int n = snprintf(out, PATH, "%s/cache/%ld/%.2s/%.*s.%c", dir, (long)tenant,
                     sha.p, STR_ARG(sha), kind);

    return sha.n == 64 && n > 0 && n < PATH;
}

int
picture_open(const char *dir, int64_t tenant, struct str sha, int which,
             int64_t *size)
{
    char path[PATH];
    struct stat s;
    int fd = path_of(path, dir, tenant, sha, letter[which])
                 ? open(path, O_RDONLY | O_CLOEXEC)
                 : -1;

    if (fd >= 0 && (fstat(fd, &s) != 0 || s.st_size == 0)) {
        close(fd); /* the machine went down before it was written out */
        fd = -1;
    }
    *size = fd >= 0 ? (int64_t)s.st_size : 0;
    return fd;
}

enum picture_state
picture_state(const char *dir, int64_t tenant, struct str sha, unsigned *w,
              unsigned *h)
{
    char path[PATH], head[HEAD_MAX];
    int64_t size;
    int fd = picture_open(dir, tenant, sha, PICTURE_SMALL, &size);
    ssize_t n = 0;

    if (fd >= 0) {
        n = read(fd, head, sizeof(head));
        close(fd);
    }
    if (n > 0 && picture_size((struct str){ head, (size_t)n }, w, h))
        return PICTURE_READY;
    return path_of(path, dir, tenant, sha, 'x') && access(path, F_OK) == 0
               ? PICTURE_NONE
               : PICTURE_UNKNOWN;
}

/* The folders of a path, whose last part is the file. */
static void
make_folders(const char *path, size_t from)
{
    char p[PATH];

    snprintf(p, sizeof(p), "%s", path);
    for (char *c = p + from; *c != '\0'; c++)
        if (*c == '/') {
            *c = '\0';
            mkdir(p, 0700); /* open() tells when it is not there */
            *c = '/';
        }
}

static bool
put(const char *dir, const char *path, struct str bytes)
{
    char tmp[PATH + 8];
    int fd;
    bool ok;

    make_folders(path, strlen(dir) + 1);
    snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path);
    if ((fd = mkostemp(tmp, O_CLOEXEC)) < 0)
        return false;
    ok = write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n && fsync(fd) == 0 &&
         rename(tmp, path) == 0;
    if (!ok)
        unlink(tmp);
    close(fd);
    return ok;
}

bool
picture_keep(const char *dir, int64_t tenant, struct str sha,
             const struct picture_copy copy[PICTURE_COPIES], struct err *e)
{
    char path[PATH];

    /* the small one last: it says that both are there */
    for (int i = PICTURE_COPIES - 1; i >= 0; i--)
        if (!path_of(path, dir, tenant, sha, letter[i]) ||
            !put(dir, path, copy[i].jpeg))
            return err_set(e, err_disk(errno), NULL,
                           "A file could not be kept (%d)", errno);
    return true;
}

void
picture_mark(const char *dir, int64_t tenant, struct str sha)
{
    char path[PATH];

    if (path_of(path, dir, tenant, sha, 'x'))
        (void)put(dir, path, STR("x"));
}

void
picture_drop(const char *dir, int64_t tenant, struct str sha)
{
    char path[PATH];

    for (size_t i = 0; i < LETTERS; i++)
        if (path_of(path, dir, tenant, sha, letter[i]))
            unlink(path);
}
