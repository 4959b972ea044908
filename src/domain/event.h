#ifndef DOMAIN_EVENT_H
#define DOMAIN_EVENT_H

#include "base/arena.h"
#include "domain/ledger.h"

/*
 * An event is what changed in one record, as deterministic tag-value bytes:
 * (tag, length, bytes) in rising tags, both counts as shortest LEB128; whole
 * numbers as zigzag LEB128. It holds results, never rules to evaluate, and
 * old events decode for ever. Tags 1 to 9 are the event's own, 10 to 31 the
 * record's header, 32 and up the ledger's fields. Personal fields stand in a
 * part of their own that can be erased.
 */
enum { EVENT_VERSION = 1 };

struct event {
    int64_t ledger; /* tag */
    int64_t record;
    struct str verb;
    int64_t actor; /* person; 0 = the system */
    int64_t at_ms; /* server time */
    int64_t rev;   /* the record's, after the event */
    struct str comment;
    /* attachments that the change names: (id, SHA-256), 8 + 32 bytes each, so
     * that a file cannot be exchanged behind its id; "" = none */
    struct str files;
    /* what the rows of attachments say: (id, commitment), 8 + 32 bytes each;
     * "" = none. See service/attached.h. */
    struct str file_rows;
    /* earlier events out of which this one took words: (seq, SHA-256 of the
     * bytes that are left of it), 8 + 32 bytes each; "" = none */
    struct str retold;
};

enum { EVENT_FILE = 40, EVENT_RETOLD = 40 };

/* Append the bytes of a change to body, of its personal fields to part
 * (nothing when none changed). before == NULL: the record is new. */
void event_encode(const struct ledger *, const struct event *,
                  const void *before, const void *after, struct buf *body,
                  struct buf *part);

/* Whether people write what they like into that field, so that names may stand
 * in it. Not the name of what the directory holds: that is edited. */
bool event_is_free(const struct ledger *, const struct field *);

/* The bytes of an event with "…" where these words stand in free fields, texts
 * of child rows and the comment. *n: how often they stood there. ASCII letters are the
 * same, small or large. Errors: ERR_STORE, malformed. */
bool event_without(const struct ledger *, struct str body, struct str words,
                   struct buf *out, size_t *n, struct err *e) MUST_USE;

/* What a value of that free field becomes: the same for the record and for the
 * bytes of its events. Adds to *n. */
void event_text_without(const struct field *, struct str value,
                        struct str words, struct buf *out, size_t *n);

/* One field that an event states. */
struct event_field {
    const struct field *field;
    struct str bytes;
};

/* Read the event's own part. Errors: ERR_STORE, the bytes are no event. */
bool event_decode(struct str body, struct event *out, struct err *e) MUST_USE;

/* Call fn for each field stated in body or part bytes; stops when it is false.
 * Fields that this version does not know are passed over.
 * Errors: ERR_STORE, malformed; or what fn set. */
typedef bool event_field_fn(const struct field *, struct str bytes, void *arg,
                            struct err *e);
bool event_each(const struct ledger *, struct str bytes, event_field_fn *fn,
                void *arg, struct err *e) MUST_USE;

/* Put the value of a field into a record; strings stay views of bytes, but for
 * child rows: those are made in the arena from the record's and the bytes. */
bool event_value(const struct field *, struct str bytes, void *rec,
                 struct arena *, struct err *e) MUST_USE;

/* Bring a record from one event to the next; strings as above. */
bool event_apply(const struct ledger *, struct str bytes, void *rec,
                 struct arena *, struct err *e) MUST_USE;

#endif
