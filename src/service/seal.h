#ifndef SERVICE_SEAL_H
#define SERVICE_SEAL_H

#include "service/writer.h"
#include "store/stmt.h"

/*
 * Rows of which no event tells: sessions, keys of requests, notices, messages to
 * send. Each carries a seal, HMAC-SHA256 cut to 16 bytes, under the key row.key of
 * the data folder, over all its columns; whatever changes a row seals it anew, if
 * its seal did fit before. So a row that was put in or changed past the program is
 * named by verify, and stays named; that one was removed cannot be told.
 */
enum seal_kind { SEAL_SESSION, SEAL_REQUEST, SEAL_NOTICE, SEAL_DELIVERY };
enum { SEAL__MAX = SEAL_DELIVERY + 1 };

/* Run a statement that puts in such a row: args are all its values in the order
 * in which they are sealed (SEALED_ in statements.h); the statement takes the seal
 * behind them. Errors: those of statements; ERR_STORE, ERR_FULL of the key. */
bool seal_add(struct tx *, enum seal_kind, const struct stmt *,
              const struct arg *, size_t, struct err *) MUST_USE;

/* What changes such rows: the statements of seal.c's table. */
enum seal_way {
    SEAL_USED,
    SEAL_SEEN,
    SEAL_ADDRESS_GONE,
    SEAL_TRY,
    SEAL_UNTRY,
    SEAL_END,
    SEAL_AGAIN,
    SEAL_MOVE,
    SEAL_STOP
};
enum { SEAL_WAY__MAX = SEAL_STOP + 1 };
/* Run one. *changed (may be NULL): how many rows it changed. Errors: the same. */
bool seal_change(struct tx *, enum seal_way, const struct arg *, size_t,
                 int64_t *changed, struct err *) MUST_USE;
/* Is that statement one of them? */
bool seal_is_way(const struct stmt *);

/* The key of a data folder and its name, which the database remembers. */
enum { SEAL_KEY = 32, SEAL_NAME = 17 };
void seal_key_name(const unsigned char key[SEAL_KEY], char name[SEAL_NAME]);
#define SEAL_FILE    "row.key"
#define SEAL_SETTING "row_key"

/* fn for each row of a tenant whose seal does not fit: what it is, and the number
 * of the row, or of the person where it has none. Errors: ERR_STORE. */
typedef void seal_fn(const char *kind, int64_t id, void *arg);
bool seal_check(struct store *, int64_t tenant, const unsigned char *key,
                seal_fn *, void *arg, struct err *) MUST_USE;

/* Where the database names another key than the folder's, or none (an update, a
 * copy that was put back): seal every row anew, some hundreds a job, and say in
 * the log how many there were. Begun anew where it was interrupted. Before
 * anybody is served; nothing on a restored copy. */
bool seal_all(struct writer *, struct err *) MUST_USE;

#endif
