#ifndef STORE_FILES_H
#define STORE_FILES_H

#include "store/store.h"

/* Attachments: content-addressed files under DIR/files/TENANT/ab/SHA256,
 * written before the event that names them. */
struct file_row {
    int64_t id;
    struct str sha; /* hex */
    int64_t size;
    struct str type, name;
    int64_t added_at, added_by, record;
    struct str salt; /* of files_print(); files_add() makes its own */
};

/* What events commit to: SHA-256 of the salt and of all columns but the bytes'
 * hash and the record, which events state themselves. */
void files_print(const struct file_row *, struct hash *);
/* Give the row a new salt. Errors: ERR_STORE. */
bool files_salt(struct store *, int64_t tenant, int64_t id,
                struct err *) MUST_USE;
/* Another name, under a new salt: the one before cannot be tried any more. */
bool files_rename(struct store *, int64_t tenant, int64_t id, struct str name,
                  struct err *) MUST_USE;

/* Where the bytes lie. False: there is no such path. */
enum { FILES_PATH = 4200 };
bool files_path(char out[FILES_PATH], const char *data_dir, int64_t tenant,
                struct str sha) MUST_USE;

/* Put a temporary file in its place. True: its bytes and its name are on the
 * disk. The same bytes that are there already count as put there now, once they
 * were looked at: damaged ones give way to the good.
 * Errors: ERR_FULL, ERR_STORE. */
bool files_keep(const char *data_dir, int64_t tenant, const char *tmp,
                struct str sha, struct err *) MUST_USE;
bool files_add(struct store *, int64_t tenant, const struct file_row *,
               struct err *) MUST_USE;
bool files_get(struct store *, int64_t tenant, int64_t id, struct arena *,
               struct file_row *, struct err *) MUST_USE;
/* What somebody has put there that no record names yet: how many, how many
 * bytes, and since when the oldest of them (ms; 0: there are none). */
struct files_waiting {
    int64_t n, bytes, since;
};
bool files_waiting(struct store *, int64_t tenant, int64_t person,
                   struct files_waiting *, struct err *) MUST_USE;
/* Take the row of an upload away again, unless a record has claimed it. */
bool files_forget(struct store *, int64_t tenant, int64_t id,
                  struct err *) MUST_USE;
/* Were these bytes last put there before (ms)? False, too: not there. */
bool files_are_old(const char *data_dir, int64_t tenant, struct str sha,
                   int64_t before);
/* Remove bytes that are still that old. The caller knows that no row names
 * them; whoever puts the same bytes there meanwhile makes them new. */
bool files_drop(const char *data_dir, int64_t tenant, struct str sha,
                int64_t before);
/* Every attachment of a tenant, by id, some hundred in a breath; texts live for
 * one call. False: what fn set. */
typedef bool file_fn(const struct file_row *, void *arg, struct err *e);
bool files_each(struct store *, int64_t tenant, file_fn *, void *arg,
                struct err *) MUST_USE;
/* Open for reading. Errors: ERR_STORE, it is not there. */
int files_open(const char *data_dir, int64_t tenant, struct str sha,
               struct err *) MUST_USE;
/* Open to send or to read all of it: there are as many bytes as the row says.
 * Errors: ERR_MISSING, in words for the reader; the log says which. */
int files_open_whole(const char *data_dir, int64_t tenant,
                     const struct file_row *, struct err *) MUST_USE;
/* Are these the bytes that the name stands for? */
bool files_match(int fd, struct str sha);

#endif
