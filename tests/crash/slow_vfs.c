/* Preloaded into anlan: a VFS before SQLite's own that makes checkpoints slow
 * and sees whether a commit comes into one.
 *	SLOW_DB		the database that is watched; others are left alone
 *	SLOW_STATE	a file that all processes of a test share, of struct state
 *	SLOW_MS		how long a checkpoint stands still when it has read where
 *			the log ends. Before SQLite 3.51.3 a commit in that
 *			moment destroys the database. A tenth of it when it has
 *			just begun. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_OF_WRITER = 0, LOCK_OF_CHECKPOINT = 1 }; /* sqlite.org/walformat */

struct state {
    int64_t writing, moving; /* how many do now, in all processes */
    int64_t overlaps;        /* times one began while another did the other */
    int64_t writes, checkpoints;
};

struct file {
    sqlite3_file base;
    int writes, moves; /* holds the lock */
    sqlite3_file real[];
};

static struct {
    pthread_once_t once;
    sqlite3_vfs vfs, *under;
    struct state *state;
    const char *db;
    struct timespec pause, tenth;
} s = { .once = PTHREAD_ONCE_INIT };

static struct file *
file_of(sqlite3_file *f)
{
    return (struct file *)(void *)f;
}

#define REAL(f)  (file_of(f)->real)
#define UNDER(f) (REAL(f)->pMethods)

static int64_t
add(int64_t *n, int64_t by)
{
    return __atomic_add_fetch(n, by, __ATOMIC_SEQ_CST);
}

static int64_t
now(const int64_t *n)
{
    return __atomic_load_n(n, __ATOMIC_SEQ_CST);
}

/* Another one's: what this connection does itself, as in a recovery or a close,
 * is in nobody's way. */
static void
begins(struct file *f, int at)
{
    if (at == LOCK_OF_WRITER) {
        f->writes = 1;
        add(&s.state->writing, 1);
        if (!f->moves) /* a checkpoint may take it as well */
            add(&s.state->writes, 1);
        if (now(&s.state->moving) > f->moves)
            add(&s.state->overlaps, 1);
        return;
    }
    f->moves = 1;
    add(&s.state->moving, 1);
    add(&s.state->checkpoints, 1);
    if (now(&s.state->writing) > f->writes)
        add(&s.state->overlaps, 1);
    nanosleep(&s.tenth, NULL);
}

static void
ends(struct file *f, int at)
{
    int *mine = at == LOCK_OF_WRITER ? &f->writes : &f->moves;

    if (*mine)
        add(at == LOCK_OF_WRITER ? &s.state->writing : &s.state->moving, -1);
    *mine = 0;
}

static int
f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    const int alone = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE;
    int rc;

    if (flags & SQLITE_SHM_UNLOCK)
        for (int i = at; i < at + n; i++)
            if (i <= LOCK_OF_CHECKPOINT)
                ends(file_of(f), i);
    rc = UNDER(f)->xShmLock(REAL(f), at, n, flags);
    if (rc == SQLITE_OK && flags == alone && n == 1 && at <= LOCK_OF_CHECKPOINT)
        begins(file_of(f), at);
    return rc;
}

/* Called with nothing where a checkpoint has found a log longer than it knew:
 * sqlite3WalCheckpoint(), between reading its end and using it. */
static int
f_unfetch(sqlite3_file *f, sqlite3_int64 at, void *p)
{
    if (p == NULL && file_of(f)->moves)
        nanosleep(&s.pause, NULL);
    return UNDER(f)->xUnfetch(REAL(f), at, p);
}

static int
f_close(sqlite3_file *f)
{
    ends(file_of(f), LOCK_OF_WRITER);
    ends(file_of(f), LOCK_OF_CHECKPOINT);
    return UNDER(f) != NULL ? UNDER(f)->xClose(REAL(f)) : SQLITE_OK;
}

#define PASS(name, params, args)                                               \
    static int name params                                                     \
    {                                                                          \
        return UNDER(f)->args;                                                 \
    }

/* clang-format off */
PASS(f_read, (sqlite3_file *f, void *to, int n, sqlite3_int64 at), xRead(REAL(f), to, n, at))
PASS(f_write, (sqlite3_file *f, const void *b, int n, sqlite3_int64 at), xWrite(REAL(f), b, n, at))
PASS(f_truncate, (sqlite3_file *f, sqlite3_int64 n), xTruncate(REAL(f), n))
PASS(f_sync, (sqlite3_file *f, int flags), xSync(REAL(f), flags))
PASS(f_size, (sqlite3_file *f, sqlite3_int64 *n), xFileSize(REAL(f), n))
PASS(f_lock, (sqlite3_file *f, int how), xLock(REAL(f), how))
PASS(f_unlock, (sqlite3_file *f, int how), xUnlock(REAL(f), how))
PASS(f_reserved, (sqlite3_file *f, int *out), xCheckReservedLock(REAL(f), out))
PASS(f_control, (sqlite3_file *f, int op, void *arg), xFileControl(REAL(f), op, arg))
PASS(f_sector, (sqlite3_file *f), xSectorSize(REAL(f)))
PASS(f_promises, (sqlite3_file *f), xDeviceCharacteristics(REAL(f)))
PASS(f_shm_map, (sqlite3_file *f, int page, int size, int more, void volatile **p), xShmMap(REAL(f), page, size, more, p))
PASS(f_shm_unmap, (sqlite3_file *f, int gone), xShmUnmap(REAL(f), gone))
PASS(f_fetch, (sqlite3_file *f, sqlite3_int64 at, int n, void **p), xFetch(REAL(f), at, n, p))
/* clang-format on */

static void
f_shm_barrier(sqlite3_file *f)
{
    UNDER(f)->xShmBarrier(REAL(f));
}

static const sqlite3_io_methods methods = {
    .iVersion = 3,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_promises,
    .xShmMap = f_shm_map,
    .xShmLock = f_shm_lock,
    .xShmBarrier = f_shm_barrier,
    .xShmUnmap = f_shm_unmap,
    .xFetch = f_fetch,
    .xUnfetch = f_unfetch,
};

static int
v_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags,
       int *out)
{
    struct file *w = file_of(f);
    int rc;

    (void)v;
    memset(w, 0, sizeof(*w));
    if (!(flags & SQLITE_OPEN_MAIN_DB) || strcmp(name, s.db) != 0)
        return s.under->xOpen(s.under, name, f, flags, out);
    w->real->pMethods = NULL;
    rc = s.under->xOpen(s.under, name, w->real, flags, out);
    if (w->real->pMethods != NULL)
        w->base.pMethods = &methods;
    return rc;
}

static void
install(void)
{
    const char *path = getenv("SLOW_STATE"), *ms = getenv("SLOW_MS");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    long pause = ms != NULL ? strtol(ms, NULL, 10) : 0;
    void *at = MAP_FAILED;

    if (fd >= 0) {
        at = mmap(NULL, sizeof(*s.state), PROT_READ | PROT_WRITE, MAP_SHARED,
                  fd, 0);
        close(fd);
    }
    s.db = getenv("SLOW_DB");
    if (at == MAP_FAILED || s.db == NULL)
        abort();
    s.state = at;
    s.pause = (struct timespec){ pause / 1000, pause % 1000 * 1000000 };
    s.tenth = (struct timespec){ pause / 10000, pause % 10000 * 100000 };
    s.under = sqlite3_vfs_find(NULL);
    s.vfs = *s.under;
    s.vfs.zName = "slow";
    s.vfs.szOsFile = (int)sizeof(struct file) + s.under->szOsFile;
    s.vfs.xOpen = v_open;
    sqlite3_vfs_register(&s.vfs, 1);
}

/* In the place of the library's own: it is not to be initialized before the
 * program has configured it. */
int
sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs)
{
    int (*real)(const char *, sqlite3 **, int, const char *);

    pthread_once(&s.once, install);
    *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_open_v2");
    return real(path, db, flags, vfs);
}
