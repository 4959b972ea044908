#include "service/log_note.h"
#include "domain/event.h"
#include "store/tlog.h"

bool
log_note(struct tx *tx, int64_t tenant, const struct log_note *n, struct err *e)
{
    static const struct ledger own = { .name = "log", .tag = 0 };
    const struct rec nothing = { 0 };
    struct tlog *log = tx_log(tx, tenant, e);
    const struct event ev = { .verb = str_of(n->verb),
                              .at_ms = tx->now,
                              .comment = n->comment,
                              .files = STR(""),
                              .file_rows = n->file_rows,
                              .retold = STR("") };
    BUF(body, 64 * 1024);
    BUF(part, 16);
    int64_t seq;

    if (log == NULL)
        return false;
    event_encode(&own, &ev, NULL, &nothing, &body, &part);
    if (body.over)
        return err_set(e, ERR_BUSY, NULL, "The server is short of memory");
    return tlog_append(tx->st, log,
                       &(struct tlog_event){ .at_ms = tx->now,
                                             .verb = ev.verb,
                                             .body = buf_str(&body),
                                             .part = STR("") },
                       &seq, e);
}
