#ifndef STORE_TLOG_H
#define STORE_TLOG_H

#include "codec/merkle.h"
#include "store/store.h"

/*
 * The transparency log of one tenant: every change is an event, every event a
 * leaf.  A leaf commits to the event's bytes through salts, so that a part
 * can be erased and the tree still verifies.
 *
 * Entry, 89 bytes: "\1", tenant, index, server time (8 bytes each, big-endian)
 * commitment of the common part, commitment of the personal parts (32 each;
 * zeros when there are none).  A blank entry commits to an empty part, so that
 * nobody can pass an event off as one.
 */
enum { TLOG_ENTRY = 89, TLOG_SALT = 32, TLOG_TILE = 256 };

struct tlog {
    int64_t tenant;
    int64_t last_ms; /* of the newest entry: the log's time never goes back */
    struct merkle_edge edge;
    struct hash open[TLOG_TILE]; /* leaves of the tile under way */
    bool dirty;                  /* grown since tlog_save() */
};

/* Salted commitment of some bytes. */
void tlog_commit(struct hash *out, struct str salt, struct str bytes);
void tlog_entry(unsigned char out[TLOG_ENTRY], int64_t tenant, int64_t seq,
                int64_t at_ms, const unsigned char commits[64]);

/* The leaf of that entry. */
void tlog_leaf(struct hash *out, int64_t tenant, int64_t seq, int64_t at_ms,
               const unsigned char commits[64]);

/* Start a tenant's log, empty. */
bool tlog_create(struct store *, int64_t tenant, struct err *) MUST_USE;
/* Read the right edge of a tenant's tree.
 * Errors: ERR_MISSING, no such tenant; ERR_STORE. */
bool tlog_load(struct store *, int64_t tenant, struct tlog *,
               struct err *) MUST_USE;

struct tlog_event {
    int64_t at_ms;
    int64_t ledger, record, rev, actor;
    struct str verb;
    struct str body; /* "" = a blank entry */
    struct str part; /* personal fields; "" = none */
    int64_t subject; /* whose: a record id */
};

/* Append inside the writer's transaction. The in-memory edge moves with it:
 * who rolls back puts a saved copy back. *seq: the entry's index. */
bool tlog_append(struct store *, struct tlog *, const struct tlog_event *,
                 int64_t *seq, struct err *) MUST_USE;
/* Write size, time and root; once a batch, before commit. */
bool tlog_save(struct store *, struct tlog *, struct err *) MUST_USE;

#endif
