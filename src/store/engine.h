#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/kept.h"
#include "store/search_again.h"
#include "store/search_queue.h"
#include "store/stmt.h"

/*
 * What an engine (sqlite.c, postgres.c) and the rest of store/ offer each
 * other. A statement has one text for all engines; the few that cannot have
 * stand in the engine's own table.
 */
struct engine {
    /* The database of a data folder: its own file, or the one at that address;
     * .mode is set. dir NULL: a new one in memory, where there is such a thing. Errors: ERR_STORE, with what the operator can do. */
    bool (*open)(struct store *, const char *dir, const char *url,
                 struct err *);
    /* Also after an open that failed half-way. */
    void (*close)(struct store *);
    /* Many statements, in the engine's types. */
    bool (*script)(struct store *, const char *text, struct err *);

    /* A statement made ready once, for arguments of these kinds; NULL: *e says
     * why. */
    void *(*prepare)(struct store *, const struct stmt *, const struct arg *,
                     size_t, struct err *);
    void (*discard)(void *prepared);
    /* Of struct rows, as in stmt.h. */
    bool (*start)(struct rows *, const struct arg *, size_t, struct err *);
    bool (*next)(struct rows *, bool *more, struct err *);
    int64_t (*i64)(struct rows *, int col);
    struct str (*str)(struct rows *, int col);
    int64_t (*changed)(struct rows *);
    void (*end)(struct rows *);

    /* Before a transaction begins: is the database there? NULL: it is. */
    bool (*ready)(struct store *, struct err *);
    /* A connection's deadline has changed; NULL: it has none. */
    void (*agree)(struct store *);
    /* True: the database has taken the whole transaction back. */
    bool (*taken_back)(const struct store *);
    /* Neither may need memory, nor fail where it can be helped. */
    void (*rollback)(struct store *);
    bool (*undo)(struct store *); /* to the savepoint, which is gone then */

    bool (*copy_to)(struct store *, const char *path, struct err *);
    /* store_integrity(), "ok" or a damage each; store_types(), (table, column,
     * declared type) in the order of tables. NULL: a server that does so */
    const char *integrity, *types;
    const char *texts; /* (table or index, what is written of it); NULL:
                        * nothing is */
    bool reindex;      /* store_reindex() has work */
    /* store_log(), store_checkpoint(); NULL: it has no such log */
    enum store_log (*log)(const struct store *);
    bool (*checkpoint)(struct store *);
    /* store_search_tidy(); NULL: the database does so by itself */
    bool (*tidy_search)(struct store *, bool begin, bool *more, struct err *);

    /* Texts of their own, by enum stmt_id; NULL: none. */
    const char *const *instead;
    /* How a list finds words; see store/list.c. */
    struct {
        const char *join;        /* the records t of index s */
        const char *match, *end; /* around the words, blanks between them:
                                  * all are wanted */
        const char *id;          /* of the record, in the index */
        const char *each;        /* all words (term, record), in order */
        const char *sizes;       /* (record, how many words, as FTS5 writes it);
                                  * NULL: it does not count them */
        bool exact;              /* it forgets only what it was told, and must
                                  * be told nothing twice */
    } search;
    /* (table, column, type, place in the key or 0) of all that there is */
    const char *columns;
    const char *schema; /* store_schema(), a line a row */
    bool shared;        /* other programs may write to it beside this one */
};

extern const struct engine sqlite_engine, postgres_engine;

struct store {
    const struct engine *engine;
    void *link; /* the engine's own */
    enum store_mode mode;
    int fault_in; /* statements until an injected failure */
    int calls;
    bool inside;  /* a transaction was begun and not yet ended by us */
    int deadline; /* seconds; 0 = none */
    enum store_fate fate;
    struct roots *roots; /* made when first asked for */
    void *ready[STMT_SLOTS];
    struct kept_set kept;
    struct search_queue words;
    struct search_again again;
};

/* The text with each {type} in an engine's words: pairs of from and to, the
 * last has no from. An unknown one is a mistake of ours: abort. */
struct engine_type {
    const char *from, *to;
};
void engine_types(struct buf *, struct str text, const struct engine_type *);

/* Run a script of many statements, with {id} and the like in the engine's
 * words. Errors: ERR_STORE, ERR_FULL, ERR_BUSY. */
bool engine_script(struct store *, const char *text, struct err *) MUST_USE;

/* Run the migrations that have not run here, in the order of their numbers,
 * each in its own transaction; what ran is noted with its hash.
 * Errors: ERR_STORE, also when a newer program has been here, or when the text
 * of one that ran is another now. */
bool store_migrate(struct store *, struct err *) MUST_USE;

#endif
