#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "service/sweep.h"
#include "store/files.h"
#include "store/pictures.h"
#include "store/stmt.h"

enum { PATH = 4400 };

/* Does any attachment name these bytes, as the database stands now? */
static bool
is_named(struct store *st, int64_t tenant, struct str sha, bool *yes,
         struct err *e)
{
    int64_t id;
    bool ok;

    if (!store_begin(st, e))
        return false;
    ok = stmt_one(st, &stmts[Q_FILE_NAMED], ARGS(ARG(tenant), ARG(sha)), NULL,
                  COLS(COL(&id)), e);
    store_rollback(st);
    *yes = ok;
    return ok || e->code == ERR_MISSING;
}

bool
sweep_bytes(struct store *st, const char *dir, int64_t tenant, unsigned folder,
            int64_t now, long *n, struct err *e)
{
    int64_t before = now - SWEEP_UNCLAIMED_HOURS * MS_PER_HOUR;
    char path[PATH];
    struct dirent *d;
    bool ok = true, named;
    DIR *at;

    snprintf(path, sizeof(path), "%s/files/%ld/%02x", dir, (long)tenant,
             folder & 0xff);
    if ((at = opendir(path)) == NULL)
        return true;
    while (ok && (d = readdir(at)) != NULL) {
        struct str sha = str_of(d->d_name);

        if (sha.n != 64 || !files_are_old(dir, tenant, sha, before))
            continue;
        ok = is_named(st, tenant, sha, &named, e);
        if (!ok || named)
            continue;
        picture_drop(dir, tenant, sha);
        *n += files_drop(dir, tenant, sha, before);
    }
    closedir(at);
    return ok;
}

/* Files of a folder that were last touched before. */
static void
clear(const char *dir, const char *folder, int64_t before, long *n)
{
    char path[PATH];
    struct dirent *d;
    struct stat s;
    DIR *at;

    snprintf(path, sizeof(path), "%s/%s", dir, folder);
    if ((at = opendir(path)) == NULL)
        return;
    while ((d = readdir(at)) != NULL)
        if (fstatat(dirfd(at), d->d_name, &s, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(s.st_mode) && (int64_t)s.st_mtime * 1000 < before)
            *n += unlinkat(dirfd(at), d->d_name, 0) == 0;
    closedir(at);
}

void
sweep_folders(const char *dir, int64_t now, long *n)
{
    clear(dir, "imports", now - SWEEP_IMPORT_DAYS * MS_PER_DAY, n);
    clear(dir, "tmp", now - SWEEP_UNCLAIMED_HOURS * MS_PER_HOUR, n);
}
