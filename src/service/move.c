#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "service/lease.h"
#include "service/move.h"
#include "service/rebuild.h"
#include "store/stmt.h"

enum { PATH = 4200 };

struct moving {
    const struct move *m;
    char aside[4064]; /* DIR/moving */
};

static void
path_in(char out[PATH], const char *dir, const char *name)
{
    snprintf(out, PATH, "%s/%s", dir, name);
}

static bool
failed(const char *path, struct err *e)
{
    return err_set(e, err_disk(errno), NULL, "%s cannot be written (%d)", path,
                   errno);
}

static bool
copy_rows(const char *from_dir, const char *to_dir, store_copy_fn *progress,
          void *arg, struct err *e)
{
    struct store *from = store_open(from_dir, STORE_READ, e);
    struct store *to = from != NULL ? store_open(to_dir, STORE_WRITE, e) : NULL;
    bool ok = to != NULL && store_is_current(from, e) && store_begin(from, e) &&
              store_copy(from, to, progress, arg, e);

    if (from != NULL)
        store_rollback(from);
    store_close(to);
    store_close(from);
    return ok;
}

bool
move_out(const char *from, const char *to, struct err *e)
{
    return copy_rows(from, to, NULL, NULL, e);
}

/* ---- checking what came out --------------------------------------------------- */

struct finds {
    const struct move *m;
    int64_t n;
};

static void
count(const struct finding *f, void *arg)
{
    struct finds *all = arg;

    all->n++;
    if (all->m->found != NULL)
        all->m->found(f, all->m->arg);
}

/* The rows say what the log says, and the files are those it names. */
static bool
verifies(struct moving *x, struct err *e)
{
    struct finds all = { .m = x->m };
    struct verify v = { .dir = x->m->dir, .found = count, .arg = &all };
    bool ok;

    if ((v.st = store_open(x->aside, STORE_READ, e)) == NULL)
        return false;
    ok = verify_run(&v, e);
    store_close(v.st);
    return ok && (all.n == 0 ||
                  err_set(e, ERR_CONFLICT, NULL,
                          "The new database does not verify: it stays in %s",
                          x->aside));
}

/* What was projected there is what the events give. */
static bool
rebuilds(struct moving *x, struct err *e)
{
    struct rebuild r = { .check = true };
    struct writer *w = writer_new(x->aside, x->m->clock, e);
    bool ok = w != NULL && rebuild_run(w, &r, e);

    writer_free(w);
    return ok && (r.n_told == 0 || err_set(e, ERR_CONFLICT, NULL,
                                           "%zu tables of the new database "
                                           "differ from its log (%s)",
                                           r.n_told, r.told[0]));
}

/* ---- taking the place ------------------------------------------------------------ */

static bool
rename_in(const char *from_dir, const char *from, const char *to_dir,
          const char *to, struct err *e)
{
    char a[PATH], b[PATH];

    path_in(a, from_dir, from);
    path_in(b, to_dir, to);
    return (rename(a, b) == 0 ? disk_sync(from_dir) && disk_sync(to_dir)
                              : errno == ENOENT) ||
           failed(b, e);
}

/* While both are there, the address counts. */
static bool
take_place(struct moving *x, struct err *e)
{
    static const char *const locks[] = { "lock", "lock.log" };
    const char *dir = x->m->dir;
    char lock[PATH];
    bool ok;

    if (x->m->url != NULL)
        ok = rename_in(x->aside, STORE_ELSEWHERE, dir, STORE_ELSEWHERE, e) &&
             rename_in(dir, "anlan.db", dir, "anlan.db.moved", e);
    else
        ok = rename_in(x->aside, "anlan.db", dir, "anlan.db", e) &&
             rename_in(dir, STORE_ELSEWHERE, dir, STORE_ELSEWHERE ".moved", e);
    for (size_t i = 0; i < N_OF(locks); i++) {
        path_in(lock, x->aside, locks[i]);
        unlink(lock);
    }
    rmdir(x->aside);
    return ok;
}

static bool
prepare(struct moving *x, struct err *e)
{
    if (strlen(x->m->dir) > 3900)
        return err_set(e, ERR_STORE, NULL,
                       "The data folder's name is too long");
    snprintf(x->aside, sizeof(x->aside), "%s/moving", x->m->dir);
    if (store_dir_is_shared(x->m->dir) == (x->m->url != NULL))
        return err_set(e, ERR_INVALID, NULL, "The database is there already");
    if (mkdir(x->aside, 0700) != 0 && errno != EEXIST)
        return failed(x->aside, e);
    return x->m->url == NULL || store_point(x->aside, x->m->url, e);
}

bool
move_run(const struct move *m, struct err *e)
{
    struct moving x = { .m = m };
    struct writer *old;
    bool ok;

    if (!prepare(&x, e) || (old = writer_new(m->dir, m->clock, e)) == NULL)
        return false;
    /* nobody may write while it moves: the folder's own writer is us, and
     * servers that share a database have given their numbers back */
    ok = lease_alone(old, e) &&
         copy_rows(m->dir, x.aside, m->progress, m->arg, e) &&
         verifies(&x, e) && rebuilds(&x, e);
    writer_free(old);
    return ok && take_place(&x, e);
}
