#ifndef SERVICE_MENTION_H
#define SERVICE_MENTION_H

#include "service/change.h"

/*
 * Where a person's name stands in words that people wrote: in fields, child
 * rows, the comments of steps, names of files, and in what records tell of
 * people, today or in the history. Read from the events, for the index knows
 * neither comments nor what has been changed.
 * Walks the whole log: not for an I/O thread. product.md N14.
 */
enum { MENTIONS_MAX = 500, MENTION_WORDS_MIN = 2 };

struct mention {
    const struct ledger *ledger;
    int64_t id;
    void *rec;
    const struct field *field[16]; /* in which they stand or stood */
    size_t n_fields;
    bool in_comment, in_file;
    bool in_free;     /* among the fields is one of free words, */
    bool in_rows;     /* one of child rows, */
    bool in_personal; /* one that is erased with all that it tells of people */
    bool may;         /* the reader may take them out */
};

/* Only records and fields that the reader may open; not the record `but`.
 * The newest first; *more: others stand behind MENTIONS_MAX.
 * Errors: ERR_INVALID, fewer than MENTION_WORDS_MIN characters; ERR_STORE,
 * ERR_BUSY. */
bool mention_find(struct store *, const struct actor *, struct str words,
                  int64_t but, struct arena *, struct mention **, size_t *n,
                  bool *more, struct err *) MUST_USE;

/* A job: put "…" wherever these words stand in free fields, texts of child rows
 * and comments of one record, in its row and in all its events, and rename its
 * files. Each such event keeps its commitment, so the tree verifies;
 * what is left of it is stated, as a hash, by the event of this step. Where the
 * words stand in personal fields too, the step "erase" follows.
 * Errors: as change_run(); ERR_CONFLICT, the words stand nowhere in it. */
struct mention_erase {
    struct change c; /* ledger, id, rev, comment in its input */
    struct str words;
};
bool mention_erase_job(struct tx *, void *mention_erase, struct err *) MUST_USE;

#endif
