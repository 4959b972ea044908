#ifndef SERVICE_LOG_NOTE_H
#define SERVICE_LOG_NOTE_H

#include "service/writer.h"

/* An event of a log about itself: of no ledger, of no record, by nobody.
 *	verb		permanent, like every verb
 *	comment		what happened
 *	file_rows	of attachments, as in struct event; or empty */
struct log_note {
    const char *verb;
    struct str comment, file_rows;
};

/* Append it to the tenant's log, in this transaction.
 * Errors: ERR_STORE; ERR_BUSY, it is too long or there is no memory. */
bool log_note(struct tx *, int64_t tenant, const struct log_note *,
              struct err *) MUST_USE;

#endif
