#include "store/drop_names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST = 4096 };

/* A name on the disk: what it stands for after a power cut. */
struct name {
    char path[PATH_MAX];
    ino_t file;
    bool folder;
};

static struct name disk[MOST];
static size_t n_disk;
static ino_t synced[MOST]; /* files whose bytes are on the disk */
static size_t n_synced;
static char root[PATH_MAX], shelf[PATH_MAX];
static int calls, cut_at;

static bool
ours(const char *path)
{
    return root[0] != '\0' && strncmp(path, root, strlen(root)) == 0;
}

/* False: the machine is off. */
static bool
on(void)
{
    if (cut_at == 0 || ++calls < cut_at)
        return true;
    errno = EIO;
    return false;
}

static size_t
at(const char *path)
{
    size_t i = 0;

    while (i < n_disk && strcmp(disk[i].path, path) != 0)
        i++;
    return i;
}

static void
put(const char *path, const struct stat *s)
{
    size_t i = at(path);
    char kept[PATH_MAX + 32];

    if (i == n_disk && n_disk++ >= MOST)
        abort();
    snprintf(disk[i].path, sizeof(disk[i].path), "%s", path);
    disk[i].file = s->st_ino;
    disk[i].folder = S_ISDIR(s->st_mode);
    /* a file whose name goes must be found again */
    snprintf(kept, sizeof(kept), "%s/%lu", shelf, (unsigned long)s->st_ino);
    if (!disk[i].folder && link(path, kept) != 0 && errno != EEXIST)
        abort();
}

/* The folder is on the disk as it is now. */
static void
sync_folder(const char *path)
{
    size_t n = strlen(path);
    struct dirent *f;
    struct stat s;
    DIR *d;

    for (size_t i = 0; i < n_disk; i++)
        if (strncmp(disk[i].path, path, n) == 0 && disk[i].path[n] == '/' &&
            strchr(disk[i].path + n + 1, '/') == NULL &&
            lstat(disk[i].path, &s) != 0)
            disk[i--] = disk[--n_disk];
    if ((d = opendir(path)) == NULL)
        abort();
    while ((f = readdir(d)) != NULL) {
        char one[PATH_MAX];

        if (snprintf(one, sizeof(one), "%s/%s", path, f->d_name) < PATH_MAX &&
            f->d_name[0] != '.' && lstat(one, &s) == 0)
            put(one, &s);
    }
    closedir(d);
}

int
fsync(int fd)
{
    char link_[64], path[PATH_MAX] = "";
    struct stat s;
    ssize_t n;

    snprintf(link_, sizeof(link_), "/proc/self/fd/%d", fd);
    n = readlink(link_, path, sizeof(path) - 1);
    if (n < 0 || !ours(path))
        return (int)syscall(SYS_fsync, fd);
    if (!on())
        return -1;
    if (fstat(fd, &s) != 0)
        abort();
    if (S_ISDIR(s.st_mode))
        sync_folder(path);
    else
        synced[n_synced++ % MOST] = s.st_ino;
    return 0;
}

int
mkdir(const char *path, mode_t mode)
{
    return ours(path) && !on()
               ? -1
               : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int
rename(const char *from, const char *to)
{
    return ours(to) && !on()
               ? -1
               : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
unlink(const char *path)
{
    return ours(path) && !on() ? -1
                               : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

static int
first(const char *path, const struct stat *s, int kind, struct FTW *where)
{
    (void)kind;
    (void)where;
    put(path, s);
    synced[n_synced++ % MOST] = s->st_ino;
    return 0;
}

void
names_begin(const char *folder)
{
    n_disk = n_synced = 0;
    calls = cut_at = 0;
    root[0] = '\0';
    if (realpath(folder, root) == NULL ||
        snprintf(shelf, sizeof(shelf), "%s.shelf", root) >= PATH_MAX)
        abort();
    (void)mkdir(shelf, 0700);
    if (nftw(root, first, 16, FTW_PHYS) != 0)
        abort();
}

void
names_cut_at(int nth)
{
    calls = 0;
    cut_at = nth > 0 ? nth : INT_MAX;
}

int
names_calls(void)
{
    return calls;
}

static bool
is_synced(ino_t file)
{
    for (size_t i = 0; i < n_synced && i < MOST; i++)
        if (synced[i] == file)
            return true;
    return false;
}

static int
drop(const char *path, const struct stat *s, int kind, struct FTW *where)
{
    (void)s;
    (void)kind;
    return where->level == 0 ? 0 : remove(path);
}

static int
shorter(const void *a, const void *b)
{
    size_t x = strlen(((const struct name *)a)->path),
           y = strlen(((const struct name *)b)->path);

    return (x > y) - (x < y);
}

void
names_restore(void)
{
    cut_at = 0;
    if (nftw(root, drop, 16, FTW_PHYS | FTW_DEPTH) != 0)
        abort();
    qsort(disk, n_disk, sizeof(disk[0]), shorter);
    for (size_t i = 0; i < n_disk; i++) {
        char kept[PATH_MAX + 32];

        snprintf(kept, sizeof(kept), "%s/%lu", shelf,
                 (unsigned long)disk[i].file);
        /* in a folder that is gone, a name is gone */
        if (disk[i].folder)
            (void)mkdir(disk[i].path, 0700);
        else if (link(kept, disk[i].path) == 0 && !is_synced(disk[i].file) &&
                 truncate(disk[i].path, 0) != 0)
            abort();
    }
}
