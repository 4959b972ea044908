#ifndef SERVICE_PROOF_H
#define SERVICE_PROOF_H

#include "codec/tile.h"
#include "domain/event.h"
#include "service/actor.h"
#include "service/loghead.h"
#include "service/logkey.h"
#include "store/tlog_read.h"

/*
 * Proofs to take away: that the events of a record stand in the log, to be
 * checked without this installation. In each, "extra" is the entry's bytes;
 * where the reader may see every field that the event states, the salt and
 * the bytes of the event follow, so that what happened is proved as well and
 * not only that something did.
 */
struct prover {
    struct store *st;
    int64_t tenant, size;
    struct buf note; /* the head, freshly signed */
    struct tlog_reader *reader;
};

/* Sign the head as it stands in the store's snapshot, once log.head says that it
 * was. Errors: ERR_MISSING, there is no key; ERR_STORE, ERR_FULL, ERR_BUSY; those
 * of loghead_reach(). */
bool prover_init(struct prover *, struct store *, struct loghead *,
                 const struct tenant *, struct arena *, struct err *) MUST_USE;
void prover_fini(struct prover *);

/* One proof for each event of a record. Errors: ERR_STORE, ERR_BUSY. */
bool proof_of_record(struct prover *, const struct actor *,
                     const struct ledger *, const void *rec, struct buf *out,
                     struct err *) MUST_USE;

/* What a proof says, once it holds. */
struct proof_said {
    struct checkpoint head;
    int64_t tenant, seq, at_ms;
    bool opened;
    struct event event; /* when opened */
};

/* Check one proof against the log's public key; strings live in the arena.
 * Errors: ERR_INVALID says what does not hold. */
bool proof_check(struct str text, const struct note_key *, struct arena *,
                 struct proof_said *, struct err *) MUST_USE;

#endif
