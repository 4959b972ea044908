/* Moving SQLite's write-ahead log into the database file: when, and by whom.
 * Readers may read meanwhile; no one may commit, see store_checkpoint(). So it
 * is the writer's own work between two transactions, and the few verbs that
 * write beside a running server hold a lock of the folder while they do. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "service/writer_int.h"

enum {
    IDLE_FIRST = 250,
    IDLE_MOST = 8000 /* where somebody reads an old state for long */
};

bool
log_lock_open(struct writer *w, struct err *e)
{
    char path[4096];
    struct stat s;

    w->log_idle = IDLE_FIRST;
    if (w->shared)
        return true;
    snprintf(path, sizeof(path), "%s/lock.log", w->folder);
    w->log_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    /* a verb run by root must not keep the server out */
    if (w->log_fd >= 0 && geteuid() == 0 && stat(w->folder, &s) == 0 &&
        fchown(w->log_fd, s.st_uid, s.st_gid) != 0)
        log_line(LOG_WARN, "%s stays root's (%d)", path, errno);
    return w->log_fd >= 0 ||
           err_set(e, ERR_STORE, NULL, "Cannot write to the data folder %s",
                   w->folder);
}

void
log_keep(struct writer *w)
{
    if (w->aside)
        while (flock(w->log_fd, LOCK_EX) != 0 && errno == EINTR)
            ;
}

void
log_let(struct writer *w)
{
    if (w->aside)
        flock(w->log_fd, LOCK_UN);
}

/* Who writes beside us is not waited for: there will be another time. */
static bool
move_log(struct writer *w)
{
    bool ok;

    if (w->aside || w->log_fd < 0 || flock(w->log_fd, LOCK_EX | LOCK_NB) != 0)
        return false;
    ok = store_checkpoint(w->st);
    flock(w->log_fd, LOCK_UN);
    return ok;
}

void
log_after_batch(struct writer *w)
{
    w->log_idle = IDLE_FIRST;
    if (store_log(w->st) == LOG_LONG)
        move_log(w);
}

int
log_patience(const struct writer *w)
{
    return store_log(w->st) == LOG_EMPTY ? -1 : w->log_idle;
}

void
log_idle(struct writer *w)
{
    if (!move_log(w) && w->log_idle < IDLE_MOST)
        w->log_idle *= 2;
}
