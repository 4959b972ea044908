#include "service/backups.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/time.h"
#include "service/backup.h"

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

/* ---- what goes ------------------------------------------------------------ */

/* A name of ours in the folder. */
struct copy {
    int64_t ms;
    bool half;
};

struct copies {
    struct copy *list;
    size_t n, room;
};

static bool
put(struct copies *all, struct copy c)
{
    if (all->n == all->room) {
        size_t room = all->room * 2 + 64;
        struct copy *more = realloc(all->list, room * sizeof(*more));

        if (more == NULL)
            return false;
        all->list = more;
        all->room = room;
    }
    all->list[all->n++] = c;
    return true;
}

static int
newest_first(const void *a, const void *b)
{
    const struct copy *x = a, *y = b;

    return (x->ms < y->ms) - (x->ms > y->ms);
}

/* The caller frees all->list. */
static bool
read_folder(const char *folder, struct copies *all, struct err *e)
{
    const struct dirent *f;
    DIR *d = opendir(folder);
    const char *tail;
    bool ok = true;
    int64_t ms;

    if (d == NULL)
        return err_set(e, ERR_STORE, NULL, "%s cannot be read (%d)", folder,
                       errno);
    while (ok && (f = readdir(d)) != NULL)
        if (made_at(f->d_name, &ms, &tail) &&
            (*tail == '\0' || strcmp(tail, ".tmp") == 0))
            ok = put(all, (struct copy){ ms, *tail != '\0' });
    closedir(d);
    if (!ok)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    if (all->n > 0)
        qsort(all->list, all->n, sizeof(*all->list), newest_first);
    return true;
}

static void
path_of(char out[PATH], const char *folder, int64_t ms, const char *tail)
{
    char name[BACKUPS_NAME];

    backups_name(ms, name);
    snprintf(out, PATH, "%s/%s%s", folder, name, tail);
}

static bool
is_whole(const char *folder, const struct copy *c)
{
    char path[PATH];

    path_of(path, folder, c->ms, "/" BACKUP_INCOMPLETE);
    return !c->half && access(path, F_OK) != 0;
}

/* Out of sight first: half of a copy is never taken for one. */
static bool
remove_copy(const char *folder, const struct copy *c, struct err *e)
{
    char path[PATH], going[PATH];

    path_of(path, folder, c->ms, "");
    path_of(going, folder, c->ms, ".tmp");
    return (rename(path, going) == 0 && disk_remove(going)) ||
           err_set(e, ERR_STORE, NULL, "%s cannot be removed (%d)", path,
                   errno);
}

/* A clock that has jumped ahead makes all copies old at once: they cannot be
 * much older than the one before the newest says. */
static int64_t
sober_now(const struct copies *all, int64_t now_ms)
{
    int whole = 0;

    for (size_t i = 0; i < all->n; i++)
        if (!all->list[i].half && ++whole == 2) {
            int64_t most = all->list[i].ms + BACKUPS_PAUSE_DAYS * MS_PER_DAY;

            return now_ms < most ? now_ms : most;
        }
    return now_ms;
}

static bool
expire(const char *folder, const struct copies *all, struct backups_age age,
       backups_fn *told, void *arg, struct err *e)
{
    int64_t now = sober_now(all, age.now_ms);
    char name[BACKUPS_NAME];
    int good = 0;

    for (size_t i = 0; i < all->n; i++) {
        const struct copy *c = &all->list[i];
        bool spare = !c->half && good >= BACKUPS_MIN && i > 0;

        good += is_whole(folder, c);
        if (!spare || now - c->ms < age.days * MS_PER_DAY)
            continue;
        if (!remove_copy(folder, c, e))
            return false;
        backups_name(c->ms, name);
        told(name, arg);
    }
    return true;
}

bool
backups_expire(const char *folder, struct backups_age age, backups_fn *told,
               void *arg, struct err *e)
{
    struct copies all = { NULL, 0, 0 };
    bool ok =
        read_folder(folder, &all, e) && expire(folder, &all, age, told, arg, e);

    free(all.list);
    return ok;
}

void
backups_clear(const char *folder)
{
    struct copies all = { NULL, 0, 0 };
    char path[PATH];
    struct err e;

    if (read_folder(folder, &all, &e))
        for (size_t i = 0; i < all.n; i++)
            if (all.list[i].half) {
                path_of(path, folder, all.list[i].ms, ".tmp");
                backup_clear(path);
            }
    free(all.list);
}
