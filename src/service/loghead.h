#ifndef SERVICE_LOGHEAD_H
#define SERVICE_LOGHEAD_H

#include "codec/hash.h"
#include "service/head.h"
#include "service/writer.h"

/*
 * The largest tree of each log that a server has signed and given away, in a file
 * beside log.key: log.head, log.head.N of a server with number N. It is on disk
 * before the signature leaves, so that a database that is put back can be held
 * against it: a log must not tell two stories, and proofs go out between two
 * checkpoints. One line a log: NAME SIZE ROOT. Like the key it is in no backup.
 */
struct loghead;

/* Errors: ERR_STORE, the file is damaged; ERR_BUSY. */
struct loghead *loghead_open(const char *dir, uint32_t server,
                             struct err *) MUST_USE;
void loghead_close(struct loghead *);
const char *loghead_dir(const struct loghead *);

/* Each log must still be what was given out of it: of one that is not, nothing is
 * signed any more, and the server's log says what helps. Of logs that the file
 * does not know: as they are now, for nobody knows what was
 * given away before; and the file, if there is none. The database remembers
 * that this server has one. Nothing on a restored copy, of which the file would
 * say less than what is known. Errors: those of writers and files. */
bool loghead_begin(struct loghead *, struct writer *, struct err *) MUST_USE;

/* A tree of that size is about to be given away, signed: note it, if it is larger
 * than any before. Any thread; some milliseconds where it has to be noted.
 * Errors: ERR_CONFLICT, the log is not the one that was given away before;
 * ERR_STORE, ERR_FULL. Then nothing may leave. */
bool loghead_reach(struct loghead *, struct str log, uint64_t size,
                   const struct hash *root, struct err *) MUST_USE;

/* All lines of all servers' files of a data folder; strings live for one call.
 * Errors: ERR_STORE, a file is damaged; what fn set. */
struct loghead_line {
    const char *file; /* its name in the folder */
    struct str log;
    uint64_t size;
    struct hash root;
};
typedef bool loghead_fn(const struct loghead_line *, void *arg, struct err *);
bool loghead_each(const char *dir, loghead_fn *, void *arg,
                  struct err *) MUST_USE;

/* Which servers have one, as the database says: NULL for all that are there in
 * the folder, else the name of one that is missing. It lives in the arena.
 * Errors: ERR_STORE. */
bool loghead_missing(struct store *, const char *dir, struct arena *,
                     const char **name, struct err *) MUST_USE;

#endif
