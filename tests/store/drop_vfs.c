#include "store/drop_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What happened to a file since its last sync. */
struct op {
    int64_t at, n; /* n < 0: truncated to `at` */
    unsigned char *bytes;
};

/* The disk's own idea of a file. */
struct disk {
    char *path;
    unsigned char *synced;
    int64_t n;
    struct op *op;
    size_t n_ops;
    bool exists;
    struct disk *next;
};

struct file {
    sqlite3_file base;
    struct disk *disk; /* NULL: a temporary file, not watched */
    sqlite3_file real[];
};

static struct {
    pthread_mutex_t lock;
    sqlite3_vfs vfs, *under;
    struct disk *disks;
    int ops, cut_at, full_at, fail_at;
    bool cut;
} d = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct disk *
disk_of(const char *path, bool make)
{
    struct disk *k = d.disks;

    while (k != NULL && strcmp(k->path, path) != 0)
        k = k->next;
    if (k == NULL && make) {
        k = calloc(1, sizeof(*k));
        k->path = strdup(path);
        k->next = d.disks;
        d.disks = k;
    }
    return k;
}

/* What stood there before we began to watch counts as synced. */
static void
disk_read(struct disk *k)
{
    FILE *f = fopen(k->path, "rb");
    long n;

    if (f == NULL)
        return;
    fseek(f, 0, SEEK_END);
    n = ftell(f);
    rewind(f);
    k->synced = malloc((size_t)n + 1);
    k->n = (int64_t)fread(k->synced, 1, (size_t)n, f);
    k->exists = true;
    fclose(f);
}

static void
apply(struct disk *k, const struct op *o, int64_t n)
{
    int64_t end = o->n < 0 ? o->at : o->at + n;

    if (end > k->n || o->n < 0) {
        k->synced = realloc(k->synced, (size_t)end + 1);
        if (end > k->n)
            memset(k->synced + k->n, 0, (size_t)(end - k->n));
        k->n = end;
    }
    if (o->n > 0)
        memcpy(k->synced + o->at, o->bytes, (size_t)n);
}

static void
forget_ops(struct disk *k)
{
    for (size_t i = 0; i < k->n_ops; i++)
        free(k->op[i].bytes);
    free(k->op);
    k->op = NULL;
    k->n_ops = 0;
}

static void
record(struct disk *k, int64_t at, const void *bytes, int64_t n)
{
    struct op *o;

    if (k == NULL)
        return;
    if ((k->n_ops & (k->n_ops - 1)) == 0)
        k->op =
            realloc(k->op, (k->n_ops == 0 ? 1 : 2 * k->n_ops) * sizeof(*k->op));
    o = &k->op[k->n_ops++];
    *o = (struct op){ .at = at, .n = n };
    if (n > 0) {
        o->bytes = malloc((size_t)n);
        memcpy(o->bytes, bytes, (size_t)n);
    }
}

/* One operation is about to happen: SQLITE_OK, or what it fails with. */
static int
ticket(bool write)
{
    if (d.cut)
        return SQLITE_IOERR;
    d.ops++;
    if (d.cut_at > 0 && --d.cut_at == 0) {
        d.cut = true;
        return SQLITE_IOERR;
    }
    if (d.fail_at > 0 && --d.fail_at == 0)
        return SQLITE_IOERR;
    if (write && d.full_at > 0) {
        if (d.full_at == 1)
            return SQLITE_FULL;
        d.full_at--;
    }
    return SQLITE_OK;
}

static struct file *
file_of(sqlite3_file *f)
{
    return (struct file *)(void *)f;
}

#define REAL(f)   (file_of(f)->real)
#define UNDER(f)  (REAL(f)->pMethods)
#define IF_ON(do) (d.cut ? SQLITE_IOERR : (do))

static int
f_close(sqlite3_file *f)
{
    return UNDER(f) != NULL ? UNDER(f)->xClose(REAL(f)) : SQLITE_OK;
}

static int
f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return IF_ON(UNDER(f)->xRead(REAL(f), to, n, at));
}

static int
f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    int rc, bytes = n;

    if (file_of(f)->disk == NULL)
        return UNDER(f)->xWrite(REAL(f), from, n, at);
    pthread_mutex_lock(&d.lock);
    rc = ticket(true);
    if (rc == SQLITE_FULL)
        bytes = n / 2;
    if (rc == SQLITE_OK || (rc == SQLITE_FULL && bytes > 0)) {
        int did = UNDER(f)->xWrite(REAL(f), from, bytes, at);

        if (did == SQLITE_OK)
            record(file_of(f)->disk, at, from, bytes);
        else
            rc = did;
    }
    pthread_mutex_unlock(&d.lock);
    return rc;
}

static int
f_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    int rc;

    if (file_of(f)->disk == NULL)
        return UNDER(f)->xTruncate(REAL(f), n);
    pthread_mutex_lock(&d.lock);
    if ((rc = ticket(false)) == SQLITE_OK &&
        (rc = UNDER(f)->xTruncate(REAL(f), n)) == SQLITE_OK)
        record(file_of(f)->disk, n, NULL, -1);
    pthread_mutex_unlock(&d.lock);
    return rc;
}

static int
f_sync(sqlite3_file *f, int flags)
{
    struct disk *k = file_of(f)->disk;
    int rc;

    (void)flags; /* the disk is ours: the real one need not be waited for */
    if (k == NULL)
        return SQLITE_OK;
    pthread_mutex_lock(&d.lock);
    if ((rc = ticket(false)) == SQLITE_OK) {
        for (size_t i = 0; i < k->n_ops; i++)
            apply(k, &k->op[i], k->op[i].n);
        forget_ops(k);
        k->exists = true;
    }
    pthread_mutex_unlock(&d.lock);
    return rc;
}

static int
f_size(sqlite3_file *f, sqlite3_int64 *n)
{
    return IF_ON(UNDER(f)->xFileSize(REAL(f), n));
}

static int
f_lock(sqlite3_file *f, int how)
{
    return UNDER(f)->xLock(REAL(f), how);
}

static int
f_unlock(sqlite3_file *f, int how)
{
    return UNDER(f)->xUnlock(REAL(f), how);
}

static int
f_reserved(sqlite3_file *f, int *out)
{
    return UNDER(f)->xCheckReservedLock(REAL(f), out);
}

static int
f_control(sqlite3_file *f, int op, void *arg)
{
    return UNDER(f)->xFileControl(REAL(f), op, arg);
}

static int
f_sector(sqlite3_file *f)
{
    (void)f;
    return 512;
}

/* No promises: writes may tear, and arrive in any order. */
static int
f_promises(sqlite3_file *f)
{
    (void)f;
    return 0;
}

static int
f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p)
{
    return UNDER(f)->xShmMap(REAL(f), page, size, extend, p);
}

static int
f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return UNDER(f)->xShmLock(REAL(f), at, n, flags);
}

static void
f_shm_barrier(sqlite3_file *f)
{
    UNDER(f)->xShmBarrier(REAL(f));
}

static int
f_shm_unmap(sqlite3_file *f, int remove)
{
    return UNDER(f)->xShmUnmap(REAL(f), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no memory maps: every read and write is seen */
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
};

static int
v_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags,
       int *out)
{
    struct file *w = file_of(f);
    const int kept =
        SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
    int rc;

    (void)v;
    w->base.pMethods = NULL;
    w->disk = NULL;
    w->real->pMethods = NULL;
    if (d.cut)
        return SQLITE_CANTOPEN;
    if (name != NULL && (flags & kept) != 0) {
        pthread_mutex_lock(&d.lock);
        w->disk = disk_of(name, false);
        if (w->disk == NULL)
            disk_read(w->disk = disk_of(name, true));
        pthread_mutex_unlock(&d.lock);
    }
    rc = d.under->xOpen(d.under, name, w->real, flags, out);
    if (w->real->pMethods != NULL)
        w->base.pMethods = &methods;
    return rc;
}

static int
v_delete(sqlite3_vfs *v, const char *name, int sync)
{
    struct disk *k;
    int rc;

    (void)v;
    pthread_mutex_lock(&d.lock);
    if ((rc = ticket(false)) == SQLITE_OK &&
        (rc = d.under->xDelete(d.under, name, sync)) == SQLITE_OK &&
        (k = disk_of(name, false)) != NULL) {
        forget_ops(k);
        k->n = 0;
        k->exists = false;
    }
    pthread_mutex_unlock(&d.lock);
    return rc;
}

void
drop_install(void)
{
    d.under = sqlite3_vfs_find(NULL);
    d.vfs = *d.under;
    d.vfs.zName = "drop";
    d.vfs.szOsFile = (int)sizeof(struct file) + d.under->szOsFile;
    d.vfs.xOpen = v_open;
    d.vfs.xDelete = v_delete;
    sqlite3_vfs_register(&d.vfs, 1);
}

void
drop_reset(void)
{
    struct disk *next;

    for (struct disk *k = d.disks; k != NULL; k = next) {
        next = k->next;
        forget_ops(k);
        free(k->synced);
        free(k->path);
        free(k);
    }
    d.disks = NULL;
    d.ops = d.cut_at = d.full_at = d.fail_at = 0;
    d.cut = false;
}

void
drop_cut_at(int nth)
{
    d.cut_at = nth;
}

bool
drop_is_cut(void)
{
    return d.cut;
}

void
drop_full_at(int nth)
{
    d.full_at = nth;
}

void
drop_fail_at(int nth)
{
    d.fail_at = nth;
}

int
drop_ops(void)
{
    return d.ops;
}

static unsigned
next(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Some of what was not synced has reached the disk. */
static void
leak(struct disk *k, unsigned *seed, unsigned keep)
{
    for (size_t i = 0; i < k->n_ops; i++) {
        struct op *o = &k->op[i];
        int64_t n = o->n;

        if (next(seed) % 256 >= keep)
            continue;
        if (n > 512 && next(seed) % 4 == 0)
            n = n * (next(seed) % 8) / 8 / 512 * 512; /* torn at a sector */
        apply(k, o, n);
        k->exists = true;
    }
}

void
drop_restore(unsigned seed, unsigned keep)
{
    char shm[4200];

    for (struct disk *k = d.disks; k != NULL; k = k->next) {
        leak(k, &seed, keep);
        snprintf(shm, sizeof(shm), "%s-shm", k->path);
        unlink(shm); /* memory */
        unlink(k->path);
        if (k->exists) {
            FILE *f = fopen(k->path, "wb");

            fwrite(k->synced, 1, (size_t)k->n, f);
            fclose(f);
        }
    }
}
