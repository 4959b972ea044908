#include "store/sqlite_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
    HEAD = 100, /* of the database */
    LOG_HEAD = 32,
    FRAME_HEAD = 24
};

static uint32_t
be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

/* By the library's own descriptor: to close one of ours would take away the
 * locks of every other connection of this process. */
static bool
look(sqlite3 *db, unsigned char head[HEAD], int64_t *size)
{
    sqlite3_file *f = NULL;
    sqlite3_int64 n = 0;

    memset(head, 0, HEAD);
    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER,
                             (void *)&f) != SQLITE_OK ||
        f == NULL || f->pMethods == NULL ||
        f->pMethods->xFileSize(f, &n) != SQLITE_OK)
        return false;
    *size = n;
    return n < HEAD || f->pMethods->xRead(f, head, HEAD, 0) == SQLITE_OK;
}

static int64_t
frames_of(const char *path, int64_t page)
{
    char log[4200];
    struct stat s;

    snprintf(log, sizeof(log), "%s-wal", path);
    return stat(log, &s) == 0 && s.st_size > LOG_HEAD
               ? (s.st_size - LOG_HEAD) / (FRAME_HEAD + page)
               : 0;
}

bool
sqlite_file_check(sqlite3 *db, const char *path, struct err *e)
{
    unsigned char head[HEAD];
    int64_t size = 0, page, says, has;

    if (!look(db, head, &size) || size == 0)
        return true; /* the library will say more of it */
    page = head[16] << 8 | head[17];
    page = page == 1 ? 65536 : page;
    says = be32(head + 28);
    /* who is no database, or counts no pages, says it elsewhere */
    if (size >= HEAD && (memcmp(head, "SQLite format 3", 16) != 0 ||
                         page < 512 || be32(head + 24) != be32(head + 92)))
        return true;
    has = page > 0 ? size / page : 0;
    return (size >= HEAD && has + frames_of(path, page) >= says) ||
           err_set(e, ERR_STORE, NULL,
                   "The database file %s was cut: %ld of its %ld pages are "
                   "there. Put the newest backup in its place (anlan restore)",
                   path, (long)has, (long)says);
}
