#ifndef SERVICE_BACKUP_H
#define SERVICE_BACKUP_H

#include "base/err.h"

/*
 * Copy an installation, beside a running server too: the database as of one
 * moment first, then every file that it names, so that the copy lacks none.
 * One file that is gone or damaged spoils no copy: it is told, and the rest is
 * taken. A copy that is not whole has a file BACKUP_INCOMPLETE, a line for each
 * thing that is wrong with it.
 */
#define BACKUP_INCOMPLETE "incomplete"
/* The settings that lie in the data folder go with it. */
#define BACKUP_SETTINGS "anlan.conf"

typedef void backup_told_fn(const char *line, void *arg);

struct backup {
    const char *from;
    const char *to;   /* a folder that is made here and must not exist */
    const char *like; /* an earlier copy: its files are shared where their bytes
                       * are those that their name says; NULL: none */
    bool with_key;    /* log.key too */
    /* Each file of the copy that is gone or damaged, and each that is in the
     * installation, while the earlier copy has it good:
     *	district whitefun, file 12 (SHA256): its bytes are missing
     * NULL: nobody hears it, and the copy fails instead. */
    backup_told_fn *told, *told_here;
    void *arg;
    long files; /* out: how many were copied */
    int lock;   /* out: while it is open, the copy is nobody's leftover */
};
/* False: there is no copy, and nothing is left of it.
 * Errors: ERR_CONFLICT, .to is there already; ERR_STORE, ERR_FULL. */
bool backup_copy(struct backup *, struct err *) MUST_USE;
/* Give a finished copy its name; an empty folder of that name gives way. */
bool backup_rename(const char *tmp, const char *to, struct err *) MUST_USE;

/* Remove what a killed run has left under that name, if it is one: nobody works
 * in it, and nothing else lies there. */
void backup_clear(const char *tmp);

/* When the newest whole copy of that data folder was made, in ms: a line of the
 * file BACKUP_LAST in it, for who watches it. 0: never, or it cannot be read. */
#define BACKUP_LAST "backup.last"
int64_t backup_last(const char *data_dir);
/* Errors: ERR_STORE, ERR_FULL. */
bool backup_note(const char *data_dir, int64_t now, struct err *) MUST_USE;

#endif
