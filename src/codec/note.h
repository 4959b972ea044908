#ifndef CODEC_NOTE_H
#define CODEC_NOTE_H

#include "base/err.h"
#include "codec/hash.h"

/*
 * Signed notes (c2sp.org/signed-note), Ed25519 only, and the checkpoints of a
 * transparency log (c2sp.org/tlog-checkpoint) that they carry.
 */
enum { NOTE_MAX = 64 * 1024, NOTE_SIGNATURES_MAX = 100, NOTE_NAME_MAX = 200 };

/* Who signed. */
struct note_key {
    struct str name; /* a view of what was parsed */
    uint32_t id;
    unsigned char pub[32];
};

struct note_signer {
    struct note_key key;
    unsigned char secret[64];
};

/* Non-empty UTF-8 without spaces and '+'. */
bool note_name_ok(struct str);

/* "name+hexid+base64(1, public key)". Errors: ERR_INVALID. */
bool vkey_parse(struct str, struct note_key *, struct err *) MUST_USE;
void vkey_format(struct buf *, const struct note_key *);

/* "PRIVATE+KEY+name+hexid+base64(1, seed)". Errors: ERR_INVALID. */
bool signer_parse(struct str, struct note_signer *, struct err *) MUST_USE;
void signer_format(struct buf *, const struct note_signer *);
/* A new key. */
void signer_make(struct note_signer *, struct str name);
/* The same key under another name. */
void note_key_name(struct note_key *, struct str name);

/* text ends in a newline. */
void note_sign(struct buf *out, const struct note_signer *, struct str text);
/* The note's text, when one of the keys has signed it and none of them badly;
 * signatures by others are passed over. *text is a view of note.
 * Errors: ERR_INVALID. */
bool note_open(struct str note, const struct note_key *, size_t n,
               struct str *text, struct err *) MUST_USE;

struct checkpoint {
    struct str origin;
    uint64_t size;
    struct hash root;
};

void checkpoint_format(struct buf *, const struct checkpoint *);
/* Extension lines are passed over. Errors: ERR_INVALID. */
bool checkpoint_parse(struct str text, struct checkpoint *,
                      struct err *) MUST_USE;
/* Opens the note, parses it, and wants the key's name as its origin. */
bool checkpoint_open(struct str note, const struct note_key *,
                     struct checkpoint *, struct err *) MUST_USE;

#endif
