#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "codec/hash.h"
#include "domain/ledger.h"

struct store; /* one connection and its open transaction, if any */
struct stmt;

enum store_mode {
    STORE_WRITE, /* the one writer of an installation */
    STORE_READ,  /* refuses every change */
};

/* A data folder's file with the address of its database, one line as
 * postgresql://user@host/name, when that is not the folder's own anlan.db. */
#define STORE_ELSEWHERE "database"

/* Let a data folder's database be the one at that address: writes the file,
 * readable by its owner alone. It changes nothing where the file says the same.
 * Errors: ERR_INVALID, no such address; ERR_CONFLICT, the folder has another
 * database; ERR_STORE, ERR_FULL. */
bool store_point(const char *dir, const char *url, struct err *) MUST_USE;

/* Open the database of a data folder. The writer makes it when missing and
 * brings the schema up to date (each migration in a transaction of its own).
 * Errors: ERR_STORE, with what the operator can do; ERR_FULL. */
struct store *store_open(const char *dir, enum store_mode,
                         struct err *) MUST_USE;
/* A new database of this program that is nowhere but in memory, empty but for
 * what migrations make. Errors: ERR_STORE, ERR_BUSY. */
struct store *store_open_empty(struct err *) MUST_USE;
void store_close(struct store *);
/* Has every migration run here? store_open(STORE_READ) does not ask: an old
 * backup can be opened. Errors: ERR_STORE, says which program to use. */
bool store_is_current(struct store *, struct err *) MUST_USE;
/* True: other programs may write to it at the same time. */
bool store_is_shared(const struct store *);
/* The same, of the database that the folder has or would have. */
bool store_dir_is_shared(const char *dir);

/* The longest that one question may take from now on, where somebody waits for
 * the answer; only a database behind a wire keeps it. */
void store_deadline(struct store *, int seconds);

/* What became of a transaction that failed. */
enum store_fate {
    FATE_NONE,   /* it was taken back, and would fail again */
    FATE_AGAIN,  /* it was taken back; run again, it may succeed */
    FATE_UNKNOWN /* the answer to its commit never came */
};
enum store_fate store_fate(const struct store *);

/* A transaction: a snapshot for readers, all or nothing for the writer. */
bool store_begin(struct store *, struct err *) MUST_USE;
bool store_commit(struct store *, struct err *) MUST_USE;
void store_rollback(struct store *);
/* Inside a transaction: what follows can be taken back by itself. */
bool store_save(struct store *, struct err *) MUST_USE;
bool store_release(struct store *, struct err *) MUST_USE;
/* False: it could not be taken back by itself; the transaction is gone or must
 * be rolled back as a whole. */
bool store_undo(struct store *) MUST_USE;

/* Online copy of the whole database into a new file (SQLite's backup).
 * Errors: ERR_STORE, ERR_FULL. */
bool store_copy_to(struct store *, const char *path, struct err *) MUST_USE;
/* Make every index anew from its table, within the transaction; nothing where
 * that is not this program's work. Errors: ERR_CONFLICT, two rows have what only
 * one may; ERR_STORE, ERR_FULL. */
bool store_reindex(struct store *, struct err *) MUST_USE;
/* What of this connection's commits stands in the write-ahead log alone. After
 * an open something may, for another may have left it there. No call to the
 * operating system. */
enum store_log {
    LOG_EMPTY, /* nothing, or the database has no such log */
    LOG_WAITS,
    LOG_LONG /* so much that it is moved before anything else is written */
};
enum store_log store_log(const struct store *);
/* Move it into the database file, and let the log begin anew. Only ever
 * between two transactions of the one connection that writes, and while no
 * other process can commit: SQLite before 3.51.3 destroys the database when a
 * commit begins the log anew that a checkpoint is about to read.
 * False: somebody still reads what is older; try again later. */
bool store_checkpoint(struct store *);

/* For tests: the nth statement from now on and all behind it fail with
 * ERR_STORE; 0 = none. */
void store_fault_at(struct store *, int nth);
/* Statements run so far; tests use it to know how far to count. */
int store_calls(const struct store *);

/* ---- records: any ledger, by its declaration -------------------------- */

/* One record of a tenant into *rec (ledger->size bytes, zeroed here).
 * Errors: ERR_MISSING, ERR_STORE, ERR_BUSY. */
bool store_rec_get(struct store *, int64_t tenant, const struct ledger *,
                   int64_t id, struct arena *, void *rec,
                   struct err *) MUST_USE;
bool store_rec_add(struct store *, int64_t tenant, const struct ledger *,
                   const void *rec, struct err *) MUST_USE;
/* Errors: ERR_CONFLICT when its rev is no longer old_rev. */
bool store_rec_put(struct store *, int64_t tenant, const struct ledger *,
                   const void *rec, int64_t old_rev, struct err *) MUST_USE;
/* Every record of a ledger in the order of ids; fn false stops. Strings are
 * copied to the arena; NULL: they live only while fn runs. */
typedef bool store_rec_fn(void *rec, void *arg, struct err *);
bool store_rec_each(struct store *, int64_t tenant, const struct ledger *,
                    struct arena *, store_rec_fn *, void *arg,
                    struct err *) MUST_USE;
/* Ids of rows that no event speaks of: verify only. */
typedef bool store_id_fn(int64_t id, void *arg, struct err *);
bool store_rec_strays(struct store *, int64_t tenant, const struct ledger *,
                      store_id_fn *, void *arg, struct err *) MUST_USE;
/* The highest id of any row that has one; 0 = none yet. */
bool store_newest_id(struct store *, int64_t *id, struct err *) MUST_USE;
/* Remove all rows of a ledger: rebuild only. */
bool store_rec_wipe(struct store *, int64_t tenant, const struct ledger *,
                    struct err *) MUST_USE;

/* ---- lists ------------------------------------------------------------ */

enum list_sort {
    SORT_NEW,
    SORT_OLD,
    SORT_DUE,       /* only what has a due time */
    SORT_DUE_FIRST, /* that, and behind it the rest, the newest first */
};

struct list_filter {
    const struct field *field;
    int64_t v[16]; /* any of these; for a flag field 0 or 1 */
    unsigned n;
};

/* A day or a time from .from on and before .until, in the field's own unit;
 * INT64_MIN, INT64_MAX: no such end. What is not stated is in no span. */
struct list_span {
    const struct field *field;
    int64_t from, until;
};

enum { LIST_SPANS_MAX = 4 };

enum { LIST_SCOPE_MAX = 64, LIST_FILTERS_MAX = 8, LIST_SCAN_MAX = 5000 };

struct list_query {
    int64_t tenant;
    const struct ledger *ledger;
    /* whose records: all of the tenant, or of these nodes only */
    bool all;
    const int64_t *org;
    size_t n_org;
    struct list_filter filter[LIST_FILTERS_MAX];
    unsigned n_filters;
    struct list_span span[LIST_SPANS_MAX]; /* found by walking: not for an I/O
                                            * thread */
    unsigned n_spans;
    uint64_t states;                 /* IN() bits; 0 = any */
    int64_t due_from, due_before;    /* ms; 0 = no matter */
    int64_t since_from, since_until; /* ms; 0 = no matter: happened, or entered
                                      * where nobody said when */
    /* the day on which it was found out, which counts before both; NULL: there
     * is none */
    const struct field *since_day;
    int64_t not_id;   /* leave that record out; 0 = none */
    struct str match; /* words to find, as text_words() made them; "" */
    enum list_sort sort;
    bool undue;                  /* only what has no due time */
    int64_t after_key, after_id; /* continue behind this row; 0, 0 = start */
    unsigned limit;
    const char *fields; /* names to read; NULL: the ledger's .list */
};

/* Rows of a list: records of ledger->size bytes in which only the header's
 * id, rev, org, state, no, due_at, created_at and the named fields are set.
 *	*n	out: rows, at most q->limit
 *	*more	out: there are more behind the last
 * In SORT_DUE_FIRST these are two walks, one after the other where a page holds
 * the end of the first: neither sorts, but the second passes over what is due.
 * Errors: ERR_STORE, ERR_BUSY (also: no memory). */
bool store_list(struct store *, const struct list_query *, struct arena *,
                void **recs, size_t *n, bool *more, struct err *) MUST_USE;
/* How many rows match, counted up to max. */
bool store_list_count(struct store *, const struct list_query *, int64_t max,
                      int64_t *n, struct err *) MUST_USE;
/* How many match in each school: fn(org, n). */
typedef void store_count_fn(int64_t org, int64_t n, void *arg);
bool store_list_orgs(struct store *, const struct list_query *,
                     store_count_fn *, void *arg, struct err *) MUST_USE;

/* What comes again: more than one record of a school alike in two fields, the
 * most frequent first. Walks what q names: not for an I/O thread. */
struct recurring {
    int64_t org, a, b, n;
};
typedef void store_recurring_fn(const struct recurring *, void *arg);
bool store_list_recurring(struct store *, const struct list_query *,
                          const struct field *a, const struct field *b,
                          store_recurring_fn *, void *arg,
                          struct err *) MUST_USE;

/* ---- what lived in a period ----------------------------------------------- */

/* fn once for each record of a ledger with a field closed_at that was there
 * since from_ms: entered since, open, or ended since; of one org all of them.
 * What lives longer than a while is walked: not for an I/O thread where org is
 * 0 (the whole tenant). */
struct alive_query {
    int64_t tenant;
    const struct ledger *ledger;
    int64_t org; /* 0 = all */
    int64_t from_ms;
    const char *fields; /* names to read beside the header's, as in lists */
};
bool store_alive(struct store *, const struct alive_query *, store_rec_fn *,
                 void *arg, struct err *) MUST_USE;
/* How many of the newest LIST_SCAN_MAX have each value of a field, the most
 * frequent first: fn(value, n). Not for an I/O thread. */
bool store_list_values(struct store *, const struct list_query *,
                       const struct field *, store_count_fn *fn, void *arg,
                       struct err *) MUST_USE;
/* The latest day of each record that a field names: fn(id, day). Walks an index
 * on (ref, day): not for an I/O thread. */
bool store_list_latest(struct store *, const struct list_query *,
                       const struct field *ref, const struct field *day,
                       store_count_fn *fn, void *arg, struct err *) MUST_USE;

/* Records in one of these states, not changed since, in which a personal field
 * is not empty, among the next EXPIRED_SLICE of the ledger.
 *	*after	in: behind which id they are, 0 = the first; out: the last one
 *		looked at, 0 = there are no more
 *	ids	out: room for EXPIRED_SLICE */
enum { EXPIRED_SLICE = 1000 };
struct expired_query {
    int64_t tenant;
    const struct ledger *ledger;
    uint64_t states;
    int64_t changed_before; /* ms */
};
bool store_list_expired(struct store *, const struct expired_query *,
                        int64_t *after, int64_t *ids, size_t *n,
                        struct err *) MUST_USE;

/* ---- search ------------------------------------------------------------ */

/* The words of a record as the index wants them: CJK in overlapping pairs,
 * everything else by word, folded (base/letters.h), each behind the mark of its
 * tenant and ledger. Letters and blanks alone: engines split at the blanks and
 * understand nothing else. */
void store_words(struct buf *, int64_t tenant, const struct ledger *,
                 const void *rec);
/* The words of what a person typed, all of which are to be found; "" when none
 * are left. Whatever was typed, no query with it is an error. */
void store_match(struct buf *, int64_t tenant, const struct ledger *,
                 struct str typed);
/* One hash over all words and the records they stand in, and how many there
 * are; for the writer. */
bool store_search_picture(struct store *, struct hash *, int64_t *n,
                          struct err *) MUST_USE;
/* Before and after a change; before NULL: it is new. */
bool store_search_put(struct store *, int64_t tenant, const struct ledger *,
                      const void *before, const void *after,
                      struct err *) MUST_USE;
/* An index that is made anew (migration 0035) is filled piece by piece, the
 * newest records of a ledger first. The next at most n records, in a job of the
 * writer; *more: there are others. Where records may be changed elsewhere, under
 * the tenant's lock: *tenant is whose they are, 0 = nothing is left to do.
 * Errors: ERR_STORE, ERR_FULL, ERR_BUSY. */
enum { SEARCH_SLICE = 500 };
bool store_search_next(struct store *, int64_t *tenant, struct err *) MUST_USE;
bool store_search_again(struct store *, int n, bool *more,
                        struct err *) MUST_USE;
/* Are there records of these that the index does not find yet? */
bool store_search_lacks(struct store *, int64_t tenant, const struct ledger *,
                        bool *yes, struct err *) MUST_USE;
/* The index finds forgotten words no more, yet keeps their bytes until its
 * pieces are merged: one small step of that (some milliseconds). begin: the
 * first; *more: there are others. */
bool store_search_tidy(struct store *, bool begin, bool *more,
                       struct err *) MUST_USE;

#endif
