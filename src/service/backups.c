#include "service/backups.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"

enum { PATH = 4200, NAME_BYTES = 18 };

void
backups_name(int64_t now_ms, char out[BACKUPS_NAME])
{
    struct civil d = civil_of(now_ms / MS_PER_DAY);
    int64_t s = now_ms % MS_PER_DAY / 1000;

    snprintf(out, BACKUPS_NAME, "%04d-%02d-%02dT%02d%02d%02dZ", (int)d.year,
             d.month, d.day, (int)(s / 3600), (int)(s / 60 % 60),
             (int)(s % 60));
}

/* When a copy of that name was made; tail: what follows the name. False: it is
 * no name of ours. */
static bool
made_at(const char *name, int64_t *ms, const char **tail)
{
    static const char form[] = "0000-00-00T000000Z";
    char again[BACKUPS_NAME];
    int64_t n[6] = { 0 };
    int k = 0;

    for (size_t i = 0; i < NAME_BYTES; i++) {
        bool digit = name[i] >= '0' && name[i] <= '9';

        if (form[i] == '0' ? !digit : name[i] != form[i])
            return false;
        if (digit)
            n[k] = n[k] * 10 + (name[i] - '0');
        /* numbers end at a sign, those of the time after two digits */
        k += i == 3 || i == 6 || i == 9 || i == 12 || i == 14;
    }
    *ms = day_of((struct civil){ n[0], (int)n[1], (int)n[2] }) * MS_PER_DAY +
          ((n[3] * 60 + n[4]) * 60 + n[5]) * 1000;
    *tail = name + NAME_BYTES;
    backups_name(*ms, again);
    return strncmp(again, name, NAME_BYTES) == 0;
}

bool
backups_newest(const char *folder, char out[BACKUPS_NAME])
{
    DIR *d = opendir(folder);
    const struct dirent *f;
    const char *tail;
    int64_t ms, best = -1;

    while (d != NULL && (f = readdir(d)) != NULL)
        if (made_at(f->d_name, &ms, &tail) && *tail == '\0' && ms > best) {
            best = ms;
            snprintf(out, BACKUPS_NAME, "%.*s", NAME_BYTES, f->d_name);
        }
    if (d != NULL)
        closedir(d);
    return best >= 0;
}

static int
remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s;
    (void)kind;
    (void)at;
    return remove(path);
}

/* Out of sight first: half of a copy is never taken for one. */
static bool
remove_copy(const char *folder, const char *name, struct err *e)
{
    char path[PATH], going[PATH];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    snprintf(going, sizeof(going), "%s/%.*s.tmp", folder, NAME_BYTES, name);
    return ((strcmp(path, going) == 0 || rename(path, going) == 0) &&
            nftw(going, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0) ||
           err_set(e, ERR_STORE, NULL, "%s cannot be removed (%d)", path,
                   errno);
}

bool
backups_expire(const char *folder, int64_t now_ms, int64_t days,
               backups_fn *told, void *arg, struct err *e)
{
    char newest[BACKUPS_NAME] = "";
    const struct dirent *f;
    const char *tail;
    bool ok = true;
    int64_t ms;
    DIR *d;

    (void)backups_newest(folder, newest);
    if ((d = opendir(folder)) == NULL)
        return err_set(e, ERR_STORE, NULL, "%s cannot be read (%d)", folder,
                       errno);
    while (ok && (f = readdir(d)) != NULL) {
        bool half;

        if (!made_at(f->d_name, &ms, &tail) ||
            (*tail != '\0' && strcmp(tail, ".tmp") != 0))
            continue;
        half = *tail != '\0';
        if (strcmp(f->d_name, newest) == 0 ||
            now_ms - ms < (half ? 1 : days) * MS_PER_DAY)
            continue;
        if ((ok = remove_copy(folder, f->d_name, e)) && !half)
            told(f->d_name, arg);
    }
    closedir(d);
    return ok;
}
