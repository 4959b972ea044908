#ifndef SERVICE_RESTORE_H
#define SERVICE_RESTORE_H

#include "service/writer.h"

/*
 * A restored installation may be older than what its log has published, and a
 * log must never give two stories. So it can only be read until somebody
 * shows the newest known checkpoint to be within its log, and what every server
 * has signed beside checkpoints (log.head, see loghead.h), or until it goes on
 * under a new name that says where it left the old one.
 */

/* Mark it. arg is not used. */
bool restore_mark_job(struct tx *, void *arg, struct err *) MUST_USE;

struct restore_proof {
    const struct str *note; /* signed checkpoints, one for each district */
    size_t n;
};
/* arg: struct restore_proof. Takes the mark away.
 * Errors: ERR_INVALID, a note is no checkpoint of this installation;
 * ERR_CONFLICT, the log does not contain it, one is missing, a server's log.head
 * is missing or says that more was signed. */
bool restore_continue_job(struct tx *, void *arg, struct err *) MUST_USE;

/* arg: struct str, the new origin. Every log notes its head, name and key of
 * before; a new key is made where log.key is gone. Takes the mark away.
 * Errors: ERR_INVALID; ERR_CONFLICT, a log had that name once. */
bool restore_new_origin_job(struct tx *, void *arg, struct err *) MUST_USE;

#endif
