#ifndef SERVICE_CREDENTIAL_H
#define SERVICE_CREDENTIAL_H

#include "domain/credential.h"
#include "service/writer.h"

/*
 * Rows that hold secrets, and what the log says of them. Each event holds a
 * salted hash of all columns that such a row has (but the last use of a token),
 * so that `anlan verify` names a row that was put in, exchanged, given other
 * scopes or another owner behind the log's back.
 */

/* A row by its kind: links and passwords share one. *there: it exists.
 * Appends its columns, each with its length. Errors: ERR_STORE. */
bool credential_row(struct store *, int64_t tenant, enum credential_kind,
                    int64_t id, bool *there, struct buf *,
                    struct err *) MUST_USE;

/* 32 hex digits of salt, 64 of SHA-256(salt, row); row "" = there is none. */
struct str credential_print(struct arena *, const unsigned char salt[16],
                            struct str row);
/* True when the print is of that row. */
bool credential_is(struct arena *, struct str print, struct str row);

/* Inside a job, after the row was written: say so in the log.
 *	verb	CRED_MADE, CRED_ENDED, CRED_FOUND
 *	by	who did it; 0 = the system, or the command line
 * Errors: ERR_DENIED on a restored copy that does not go on; ERR_STORE. */
struct credential_note {
    int64_t tenant, by;
    const char *verb;
    enum credential_kind kind;
    int64_t id, person, until;
    struct str scopes;
};
bool credential_note(struct tx *, const struct credential_note *,
                     struct err *) MUST_USE;

/* Every such row of a tenant behind (kind, id), in their order: at most cap.
 * Those of passwords stand for links too. */
struct credential_at {
    int64_t kind, id, person, until;
    struct str scopes;
};
bool credential_each(struct store *, int64_t tenant, struct arena *,
                     struct credential_at after, struct credential_at *out,
                     size_t cap, size_t *n, struct err *) MUST_USE;

/* A job: rows of before there were such events get one each, some hundreds a
 * time, until *done. Goes on where it was interrupted; then nothing. */
struct credential_finding {
    bool done; /* out */
};
bool credential_find_job(struct tx *, void *, struct err *);
/* All of it, before anybody is served; not on a restored copy. */
bool credential_find_all(struct writer *, struct err *) MUST_USE;
/* A new installation has nothing to find. */
bool credential_none_to_find(struct tx *, struct err *) MUST_USE;
/* Did the job above come to its end here? Errors: ERR_STORE. */
bool credential_all_found(struct store *, bool *yes, struct err *) MUST_USE;

#endif
