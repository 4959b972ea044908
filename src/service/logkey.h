#ifndef SERVICE_LOGKEY_H
#define SERVICE_LOGKEY_H

#include "codec/note.h"
#include "service/writer.h"

/*
 * The key that signs checkpoints: the file log.key in the data folder, mode
 * 0600, never in the database and in no backup unless asked for. One key for
 * an installation; each tenant's log signs under its own name. The public
 * half stands in the setting "log_key".
 */

/* Make it, unless it is there. Errors: ERR_STORE; ERR_CONFLICT, there was one
 * and it is gone. arg is not used. */
bool logkey_make_job(struct tx *, void *arg, struct err *) MUST_USE;

struct logkey {
    struct note_signer signer;
    char text[1024]; /* what the name points into */
};
/* Errors: ERR_MISSING, there is none; ERR_STORE. */
bool logkey_load(const char *dir, struct logkey *, struct err *) MUST_USE;
/* Wipe it after use. */
void logkey_fini(struct logkey *);

/* The public key; its name is the installation's.
 * Errors: ERR_MISSING, no key was ever made. */
bool logkey_public(struct store *, struct arena *, struct note_key *,
                   struct err *) MUST_USE;
/* The name of a tenant's log: ORIGIN/CODE. */
struct str logkey_origin(struct arena *, const struct tenant *);

#endif
